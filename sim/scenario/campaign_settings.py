"""Settings of a campaign: its own, and those that are handed on to the scenarios that play its episodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.parameter import Choice, complaint
from sim.scenario.campaign_files import Campaign, Dated
from sim.scenario.campaign_schema import day_of
from sim.scenario.loader import Scenario
from sim.scenario.parameters import shipped_parameters, spoken_names

UNTIL, SINCE, SWITCH = "campaign.until", "from.", "switch."

type Configure = Callable[[Scenario, Mapping[str, str]], Scenario]


def configured_campaign(campaign: Campaign, settings: Mapping[str, str], configure: Configure) -> Campaign:
    """Return the campaign with settings made as typed, and kept in it; InputError with every complaint.

    Parameters
    ----------
    configure
        How a scenario is configured; settings that the campaign does not know are handed on to the scenarios of its episodes.
    """
    problems: list[Problem] = []
    together = {**campaign.settings, **settings}
    since = {name.removeprefix(SINCE): _since(name, text, together, problems) for name, text in together.items() if name.startswith(SINCE)}
    for name, text in settings.items():
        if not name.startswith(SINCE):
            campaign = _with_one(campaign, name, text, since.get(name), problems, configure)
    for name in (name for name in since if SINCE + name in settings and name not in settings and name in campaign.settings):
        campaign = _with_one(_without(campaign, name), name, campaign.settings[name], since[name], problems, configure)
    if problems:
        raise InputError(problems)
    for scenario in campaign.episodes.values():
        configure(
            scenario,
            {name: text for name, text in campaign.handed_on_by(campaign.until).items() if known_to(scenario, name, text, configure)},
        )
    return replace(campaign, settings=together)


def known_to(scenario: Scenario, name: str, text: str, configure: Configure) -> bool:
    """Tell whether a scenario takes a setting by itself."""
    try:
        configure(scenario, {name: text})
    except InputError:
        return False
    return True


def _since(name: str, text: str, together: Mapping[str, str], problems: list[Problem]) -> date | None:
    what = name.removeprefix(SINCE)
    if what not in together or what.startswith((SWITCH, SINCE)) or what == UNTIL:
        given = [item for item in together if not item.startswith((SINCE, SWITCH)) and item != UNTIL]
        remedy = "switches and the end hold for the whole campaign" if what in together else nearest(what, given)
        problems.append(Problem(f"--set {name}", "dates a setting that is not made, or cannot be dated", remedy))
    try:
        return day_of(text)
    except ValueError as error:
        problems.append(Problem(f"--set {name}", str(error), "for example from.campaign.removal_a_day=2023-07-15"))
        return None


def _without(campaign: Campaign, name: str) -> Campaign:
    """Return the campaign without a setting that is to be dated: a parameter has its own value again."""
    handed = {item: text for item, text in campaign.handed_on.items() if item != name}
    declared = spoken_names().get(name)
    if declared is None:
        return replace(campaign, handed_on=handed)
    shipped = {declared.name: shipped_parameters().valued[declared.name].value}
    return replace(campaign, parameters=campaign.parameters.with_values(shipped))


def _with_one(campaign: Campaign, name: str, text: str, since: date | None, problems: list[Problem], configure: Configure) -> Campaign:
    if name == UNTIL:
        return _with_end(campaign, text, problems)
    if name.startswith(SWITCH):
        return _with_switch(campaign, name, text, since, problems, configure)
    declared = spoken_names().get(name)
    if declared is None:
        return _handed_on(campaign, name, text, since, problems, configure)
    value = text.upper() if isinstance(declared, Choice) else _number(text)
    if what := complaint(declared, value):
        problems.append(Problem(f"--set {name}", what))
        return campaign
    if since is not None and isinstance(value, float):
        return replace(campaign, dated=(*campaign.dated, Dated(since, declared.name, value)))
    return campaign.with_parameters(campaign.parameters.with_values({declared.name: value}))


def _with_switch(campaign: Campaign, name: str, text: str, since: date | None, problems: list[Problem], configure: Configure) -> Campaign:
    """Set a switch of the campaign, or hand one on; how many fighters come is the armed leader's choice and nobody else's."""
    switch = name.removeprefix(SWITCH)
    if switch in campaign.file.scales.values():
        problems.append(
            Problem(f"--set {name}", "in a campaign the armed leader chooses it", f"run {campaign.file.armed_seizure} to set it")
        )
        return campaign
    if switch not in campaign.file.switches:
        return _handed_on(campaign, name, text, since, problems, configure)
    accounts = campaign.file.switches[switch].accounts
    if text not in accounts:
        problems.append(Problem(f"--set {name}", f"'{text}' is none of its accounts", nearest(text, accounts)))
        return campaign
    return campaign.with_choice(switch, text)


def _with_end(campaign: Campaign, text: str, problems: list[Problem]) -> Campaign:
    try:
        end = day_of(text)
    except ValueError as error:
        problems.append(Problem(f"--set {UNTIL}", str(error)))
        return campaign
    if not campaign.file.start < end <= campaign.file.latest_until:
        what = f"{end} lies outside {campaign.file.start} to {campaign.file.latest_until}"
        problems.append(Problem(f"--set {UNTIL}", what, "name a day within"))
        return campaign
    return replace(campaign, until=end)


def _handed_on(campaign: Campaign, name: str, text: str, since: date | None, problems: list[Problem], configure: Configure) -> Campaign:
    """Hand a setting on to the episodes' scenarios; a complaint where none of them takes it."""
    complaints: list[Problem] = []
    for scenario in campaign.episodes.values():
        try:
            configure(scenario, {name: text})
        except InputError as error:
            complaints += error.problems
        else:
            if since is not None:
                return replace(campaign, dated=(*campaign.dated, Dated(since, name, text)))
            return replace(campaign, handed_on={**campaign.handed_on, name: text})
    switches = [SWITCH + item for item in campaign.file.switches]
    near = nearest(name, [*spoken_names(), *switches, UNTIL])
    problems.append(complaints[0] if not near.startswith("did you mean") else Problem(f"--set {name}", complaints[0].what, near))
    return campaign


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
