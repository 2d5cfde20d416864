"""Overview: a checked scenario in a few figures, for whoever is about to play it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sim.doctrine.command import PostName
from sim.doctrine.seat_orders import NAMES
from sim.foundations.documents import read_document
from sim.scenario.loader import FRAMEWORK_FILES, Scenario

GRADES = ("A", "B", "C", "assumption")


def overview(scenario: Scenario) -> dict[str, Any]:
    """Return title, day, people, forces, seats, disputed switches and how well its figures are grounded."""
    file, clock = scenario.file, scenario.clock()
    return {
        "name": scenario.name,
        "title": file.title,
        "start": file.start.isoformat(sep=" ", timespec="minutes"),
        "end": file.end.isoformat(sep=" ", timespec="minutes"),
        "hours": round(clock.ticks * clock.base_tick_s / 3600.0, 2),
        "base_tick_s": file.base_tick_s,
        "place": file.site.place,
        "people": _people(scenario),
        "forces": _forces(scenario),
        "seats": {
            name: {"organisation": str(seat.organisation), "headquarters": seat.headquarters, "doctrine": seat.doctrine}
            for name, seat in file.seats.items()
        },
        "switches": {name: switch.value for name, switch in file.switches.items()},
        "grades": grades_of(scenario),
    }


def _people(scenario: Scenario) -> dict[str, float]:
    waves = scenario.file.crowd.arrivals
    totals = {end: sum(getattr(wave.persons, end) for wave in waves) for end in ("low", "central", "high")}
    return {"waves": len(waves), **totals, "only_on_order": sum(wave.persons.central for wave in waves if wave.on_order)}


def _forces(scenario: Scenario) -> dict[str, dict[str, int]]:
    """Return, by organisation, units and sections in all, and persons at the site and nearby."""
    forces: dict[str, dict[str, int]] = {}
    for unit in scenario.framework.command.units:
        force = forces.setdefault(NAMES[unit.organisation], {"units": 0, "sections": 0, "persons_on_site": 0, "persons_nearby": 0})
        force["units"] += 1
        force["sections"] += unit.sections
        force["persons_nearby" if unit.post is PostName.NEARBY else "persons_on_site"] += unit.strength
    return forces


def grades_of(scenario: Scenario) -> dict[str, int]:
    """Return how many sourced entries of the scenario's files and parameters have each grade, the best first."""
    files = [*(scenario.folder / name for name in ("scenario.yaml", *FRAMEWORK_FILES)), *scenario.doctrine_files.values()]
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
