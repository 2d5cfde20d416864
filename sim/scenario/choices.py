"""Choices in a scenario beside its numbers: accounts of disputed facts, doctrines, who looks out, mandate and rules, where units stand.

Typed as ``switch.fighters=90``, ``seat.kfor_commander=kfor_on_own_authority``, ``doctrine.kfor=kfor_restrained`` (every seat of
that organisation at a site, but for one that is chosen by name), ``intelligence.sharing=with_police_and_ksf``,
``intelligence.joint_patrols=on``; those of mandate and rules stand in ``framework_settings``, of units in ``deployments``. The files
are never edited: a choice is a named delta on them, and stands in the run's record with the other settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sim.foundations.errors import InputError, nearest
from sim.scenario.armed_files import accounts_followed
from sim.scenario.armed_schema import IntelligenceFile
from sim.scenario.checked_scenario import EPISODE_DRAW, Day, Scenario, doctrine_files_of
from sim.scenario.deployments import DEPLOYMENT, deployment_complaint, deployment_names, with_deployment
from sim.scenario.episode_inputs import INPUT, choices_of, input_complaint, is_input, with_input
from sim.scenario.framework_settings import framework_complaint, framework_names, is_framework_setting, with_framework_setting
from sim.seats.doctrine_table import DoctrineTable, load_doctrine
from sim.vocabulary import Sharing

SWITCH, SEAT, DOCTRINE, INTELLIGENCE = "switch.", "seat.", "doctrine.", "intelligence."
DEPLOYED = {"on": True, "off": False}


def is_choice(spoken: str) -> bool:
    """Tell whether a setting is a choice by name, and no number."""
    return spoken.startswith((SWITCH, SEAT, DOCTRINE, INTELLIGENCE, DEPLOYMENT)) or is_framework_setting(spoken) or is_input(spoken)


def choice_names(scenario: Scenario) -> Iterator[str]:
    """Give every choice that can be made in a scenario, as it is typed."""
    yield from (SWITCH + name for name in scenario.file.switches)
    yield from (SEAT + name for name in scenario.file.seats)
    yield from dict.fromkeys(DOCTRINE + seat.organisation for seat in scenario.file.seats.values() if seat.site is not None)
    found = _intelligence(scenario)
    yield from (INTELLIGENCE + name for name in (("sharing", *(asset.id for asset in found.assets)) if found is not None else ()))
    yield from framework_names(scenario.framework)
    yield from deployment_names(scenario)
    yield from (INPUT + name for name in scenario.inputs)


def _intelligence(scenario: Scenario) -> IntelligenceFile | None:
    return next((day.armed.intelligence for day in scenario.days if day.armed is not None), None)


def choice_complaint(scenario: Scenario, spoken: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a choice, and what to do; two empty strings where it is good."""
    if is_framework_setting(spoken):
        return framework_complaint(scenario.framework, spoken, text)
    if spoken.startswith(DEPLOYMENT) or is_input(spoken):
        return (deployment_complaint if spoken.startswith(DEPLOYMENT) else input_complaint)(scenario, spoken, text)
    known = list(choice_names(scenario))
    if spoken not in known:
        return "there is no such switch, seat or asset in this scenario", nearest(spoken, known)
    if spoken.startswith((SEAT, DOCTRINE)):
        seat = spoken.removeprefix(SEAT)
        return _table_complaint(scenario, scenario.file.seats[seat].organisation if seat != spoken else spoken.removeprefix(DOCTRINE), text)
    if spoken.startswith(SWITCH):
        accounts = scenario.file.switches[spoken.removeprefix(SWITCH)].accounts
        return ("", "") if text in accounts else (f"'{text}' is none of its accounts", nearest(text, accounts))
    allowed = tuple(Sharing) if spoken == f"{INTELLIGENCE}sharing" else tuple(DEPLOYED)
    return ("", "") if text in allowed else (f"'{text}' is none of: {', '.join(allowed)}", nearest(text, allowed))


def _table_complaint(scenario: Scenario, organisation: str, text: str) -> tuple[str, str]:
    files = doctrine_files_of(scenario.whole)
    if text not in files:
        return f"there is no doctrine '{text}'", nearest(text, files)
    try:
        table = load_doctrine(files[text])
    except InputError as error:
        return str(error.problems[0]), ""
    return ("", "") if table.seat == organisation else (f"'{text}' is for a seat of {table.seat}", "name one of its own kind")


def with_choice(scenario: Scenario, spoken: str, text: str) -> Scenario:
    """Return the scenario with one choice made (checked before by :func:`choice_complaint`)."""
    if spoken.startswith(SWITCH):
        return _with_switch(scenario, spoken.removeprefix(SWITCH), text)
    if spoken.startswith(INTELLIGENCE):
        return _with_intelligence(scenario, spoken.removeprefix(INTELLIGENCE), text)
    if is_framework_setting(spoken):
        return replace(scenario, framework=with_framework_setting(scenario.framework, spoken, text))
    if spoken.startswith(DEPLOYMENT):
        return with_deployment(scenario, spoken, text)
    if is_input(spoken):
        return _with_input(scenario, spoken, text)
    path = doctrine_files_of(scenario.whole)[text]
    table = load_doctrine(path)
    seats = [spoken.removeprefix(SEAT)] if spoken.startswith(SEAT) else _seats_at_sites(scenario, spoken.removeprefix(DOCTRINE))
    tables: dict[str, DoctrineTable] = dict.fromkeys(seats, table)
    days = tuple(replace(day, doctrines={**day.doctrines, **tables}) for day in scenario.days)
    return replace(scenario, days=days, doctrine_files={**scenario.doctrine_files, text: path})


def _with_input(scenario: Scenario, spoken: str, text: str) -> Scenario:
    """Return the scenario with an episode input's fields and choices as it has them; which draw is taken, the settings say."""
    if spoken == EPISODE_DRAW:
        return scenario
    name = spoken.removeprefix(INPUT)
    scenario = with_input(scenario, name, text)
    for target in choices_of(scenario.inputs[name]):
        scenario = with_choice(scenario, target, text)
    return scenario


def with_choices(scenario: Scenario, choices: Mapping[str, str]) -> Scenario:
    """Return the scenario with choices made: those of whole organisations first, so that a seat chosen by name keeps its own."""
    for spoken in sorted(choices, key=lambda name: not name.startswith(DOCTRINE)):
        scenario = with_choice(scenario, spoken, choices[spoken])
    return scenario


def _seats_at_sites(scenario: Scenario, organisation: str) -> list[str]:
    """Return the seats of an organisation that have a site, but for those whose doctrine has been chosen by name."""
    seats = scenario.file.seats.items()
    return [name for name, seat in seats if seat.organisation == organisation and seat.site and SEAT + name not in scenario.settings]


def _with_switch(scenario: Scenario, name: str, value: str) -> Scenario:
    switches = {**scenario.file.switches, name: scenario.file.switches[name].model_copy(update={"value": value})}
    file = scenario.file.model_copy(update={"switches": switches})

    def followed(day: Day) -> Day:
        return replace(day, armed=replace(day.armed, **accounts_followed(day.armed.group, file))) if day.armed is not None else day

    return replace(scenario, file=file, days=tuple(followed(day) for day in scenario.days))


def _with_intelligence(scenario: Scenario, name: str, value: str) -> Scenario:
    def changed(day: Day) -> Day:
        if day.armed is None:
            return day
        found = day.armed.intelligence
        if name == "sharing":
            update: dict[str, object] = {"sharing": Sharing(value)}
        else:
            assets = found.assets
            update = {"assets": tuple(a.model_copy(update={"deployed": DEPLOYED[value]}) if a.id == name else a for a in assets)}
        given = day.armed.sharing_given or found.sharing
        return replace(day, armed=replace(day.armed, intelligence=found.model_copy(update=update), sharing_given=given))

    return replace(scenario, days=tuple(changed(day) for day in scenario.days))
