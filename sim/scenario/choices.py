"""Choices in a scenario beside its numbers: which account of a disputed fact is followed, and which doctrine a seat plays, who looks out.

Typed as ``switch.fighters=90``, ``seat.kfor_commander=kfor_on_own_authority``, ``intelligence.sharing=with_police_and_ksf`` and
``intelligence.joint_patrols=on``. The files are never edited: a choice is a named
delta on them, and stands in the run's record with the other settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sim.foundations.errors import InputError, nearest
from sim.scenario.armed_files import accounts_followed
from sim.scenario.armed_schema import IntelligenceFile
from sim.scenario.loader import Day, Scenario, doctrine_files_of
from sim.seats.doctrine_table import load_doctrine
from sim.vocabulary import Sharing

SWITCH, SEAT, INTELLIGENCE = "switch.", "seat.", "intelligence."
DEPLOYED = {"on": True, "off": False}


def is_choice(spoken: str) -> bool:
    """Tell whether a setting names a switch, a seat's doctrine, or something of intelligence."""
    return spoken.startswith((SWITCH, SEAT, INTELLIGENCE))


def choice_names(scenario: Scenario) -> Iterator[str]:
    """Give every choice that can be made in a scenario, as it is typed."""
    yield from (SWITCH + name for name in scenario.file.switches)
    yield from (SEAT + name for name in scenario.file.seats)
    found = _intelligence(scenario)
    yield from (INTELLIGENCE + name for name in (("sharing", *(asset.id for asset in found.assets)) if found is not None else ()))


def _intelligence(scenario: Scenario) -> IntelligenceFile | None:
    return next((day.armed.intelligence for day in scenario.days if day.armed is not None), None)


def choice_complaint(scenario: Scenario, spoken: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a choice, and what to do; two empty strings where it is good."""
    known = list(choice_names(scenario))
    if spoken not in known:
        return "there is no such switch, seat or asset in this scenario", nearest(spoken, known)
    if spoken.startswith(INTELLIGENCE):
        allowed = tuple(Sharing) if spoken == f"{INTELLIGENCE}sharing" else tuple(DEPLOYED)
        return ("", "") if text in allowed else (f"'{text}' is none of: {', '.join(allowed)}", nearest(text, allowed))
    if spoken.startswith(SWITCH):
        accounts = scenario.file.switches[spoken.removeprefix(SWITCH)].accounts
        return ("", "") if text in accounts else (f"'{text}' is none of its accounts", nearest(text, accounts))
    organisation = scenario.file.seats[spoken.removeprefix(SEAT)].organisation
    files = doctrine_files_of(scenario.whole)
    if text not in files:
        return f"there is no doctrine '{text}'", nearest(text, files)
    try:
        table = load_doctrine(files[text])
    except InputError as error:
        return str(error.problems[0]), ""
    return ("", "") if table.seat is organisation else (f"'{text}' is for a seat of {table.seat}", "name one of its own kind")


def with_choice(scenario: Scenario, spoken: str, text: str) -> Scenario:
    """Return the scenario with one choice made (checked before by :func:`choice_complaint`)."""
    if spoken.startswith(SWITCH):
        return _with_switch(scenario, spoken.removeprefix(SWITCH), text)
    if spoken.startswith(INTELLIGENCE):
        return _with_intelligence(scenario, spoken.removeprefix(INTELLIGENCE), text)
    seat, path = spoken.removeprefix(SEAT), doctrine_files_of(scenario.whole)[text]
    table = load_doctrine(path)
    days = tuple(replace(day, doctrines={**day.doctrines, seat: table}) for day in scenario.days)
    return replace(scenario, days=days, doctrine_files={**scenario.doctrine_files, text: path})


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
        return replace(day, armed=replace(day.armed, intelligence=found.model_copy(update=update)))

    return replace(scenario, days=tuple(changed(day) for day in scenario.days))
