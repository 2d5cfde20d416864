"""Overview: a checked scenario in a few figures, for whoever is about to play it: days, sites, people, forces, seats, grounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sim.doctrine.command import Unit
from sim.doctrine.seat_orders import NAMES, RESPONDERS
from sim.foundations.documents import read_document
from sim.scenario.loader import Day, Scenario
from sim.scenario.named_files import doctrines_named
from sim.scenario.schema import Arrival

GRADES = ("A", "B", "C", "assumption")


def overview(scenario: Scenario) -> dict[str, Any]:
    """Return title, days with their sites, people and forces, seats, disputed switches and how well its figures are grounded."""
    file = scenario.file
    return {
        "name": scenario.name,
        "title": file.title,
        "part_of": scenario.whole_name if scenario.whole != scenario.folder else "",
        "base_tick_s": file.base_tick_s,
        "days": [_day(scenario, day) for day in scenario.days],
        "seats": {name: _seat(scenario, name) for name in file.seats},
        "switches": {name: switch.value for name, switch in file.switches.items()},
        "grades": grades_of(scenario),
    }


def _day(scenario: Scenario, day: Day) -> dict[str, Any]:
    file, units = day.file, scenario.framework.command.units
    deployed = {item.unit for item in file.deployments}
    at = {site: {item.unit for item in file.deployments if item.site == site} for site in day.sites}
    return {
        "name": day.name,
        "title": file.title,
        "start": file.start.isoformat(sep=" ", timespec="minutes"),
        "end": file.end.isoformat(sep=" ", timespec="minutes"),
        "hours": round((file.end - file.start).total_seconds() / 3600.0, 2),
        "dusk": file.dusk.at,
        "rain": [[spell.begins, spell.ends] for spell in file.rain],
        "sites": {
            site: {
                "place": scenario.file.sites[site].place,
                "lead": NAMES[file.lead[site].lead],
                "supporting": [NAMES[item] for item in file.lead[site].supporting],
                "people": _people(file.crowds[site].arrivals if site in file.crowds else ()),
                "forces": _forces(unit for unit in units if unit.id in at[site]),
            }
            for site in day.sites
        },
        "armed_group": _armed(day),
        "reserve": _forces(unit for unit in units if unit.reserve and unit.id not in deployed),
    }


def _people(waves: Sequence[Arrival]) -> dict[str, float]:
    """Return how many come on a day like any other: in all, and of these only when something sets them off."""
    totals = {end: sum(getattr(wave.persons, end) for wave in waves) for end in ("low", "central", "high")}
    called = sum(wave.persons.central for wave in waves if wave.begins is None)
    return {"waves": len(waves), **totals, "only_when_set_off": called}


def _armed(day: Day) -> dict[str, Any] | None:
    """Return what the scenario says of the day's armed group, by the accounts that its switches follow; None without one."""
    armed = day.armed
    if armed is None:
        return None
    return {
        "fighters": armed.fighters,
        "way_in": "on foot" if armed.on_foot else "by vehicle",
        "exit_negotiated": armed.exit_negotiated,
        "other_positions": armed.other_positions,
        "attack_given": armed.group.attack_given,
        "sharing": str(armed.intelligence.sharing),
        "assets": [asset.id for asset in armed.intelligence.assets],
    }


def _forces(units: Iterable[Unit]) -> dict[str, dict[str, int]]:
    """Return units, sections and persons by organisation, in the order of responders."""
    found = list(units)
    return {
        NAMES[force]: {"units": len(own), "sections": sum(unit.sections for unit in own), "persons": sum(unit.strength for unit in own)}
        for force in RESPONDERS
        if (own := [unit for unit in found if unit.organisation is force])
    }


def _seat(scenario: Scenario, name: str) -> dict[str, Any]:
    """Return whom a seat stands for, where it commands, and what it plays: as a rule, and on days with a doctrine of their own."""
    seat = scenario.file.seats[name]
    named = {day.name: doctrines_named(day.file, scenario.file)[name] for day in scenario.days}
    own = {day.name: named[day.name] for day in scenario.days if name in day.file.doctrines or named[day.name] != seat.doctrine}
    return {
        "organisation": str(seat.organisation),
        "headquarters": seat.headquarters,
        "government": seat.government,
        "site": seat.site or "",
        "doctrine": seat.doctrine,
        "doctrine_on": own,
    }


def grades_of(scenario: Scenario) -> dict[str, int]:
    """Return how many sourced entries of the files that are played, and parameters, have each grade, the best first."""
    played = {name for day in scenario.days for name in doctrines_named(day.file, scenario.file).values()}
    files = [*scenario.files(), *(path for name, path in scenario.doctrine_files.items() if name in played)]
    found = Counter(grade for path in files for grade in _grades_in(read_document(path).value))
    found.update(valued.grade for valued in scenario.parameters.valued.values())
    return {grade: found[grade] for grade in GRADES}


def _grades_in(value: Any) -> Iterator[str]:
    """Give the grade of every sourced entry in a parsed file, wherever it stands."""
    if isinstance(value, dict):
        if isinstance(value.get("grade"), str):
            yield value["grade"]
        value = list(value.values())
    for child in value if isinstance(value, list) else ():
        yield from _grades_in(child)
