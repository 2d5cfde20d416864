"""Problems: what the files of a scenario, each good in itself, get wrong together. Any of them refuses the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.doctrine.command import PostName, Unit
from sim.doctrine.framework import Framework
from sim.doctrine.seat_orders import NAMES, RESPONDERS, Organisation
from sim.foundations.documents import Document, Path_, read_document
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.figures import minutes_of_day, twice_problems
from sim.foundations.parameter import Choice, ParameterSet, complaint
from sim.geography.site_plan import SitePlan
from sim.geography.theatre import Theatre
from sim.scenario.schema import ScenarioFile, SeatFile
from sim.seats.doctrine_table import DoctrineTable
from sim.vocabulary import Ground

MOST_SECTIONS = 2_000
"""Sections that one scenario may hold."""

PREPARED_GROUP = "prepared_group"
"""Who orders for a prepared group in the record; no seat may be called so."""

ON_SITE = (Organisation.KFOR, Organisation.KOSOVO_POLICE, Organisation.EULEX)
"""Organisations whose units can stand at a site; KSF's can only wait nearby."""


def parameter_problems(document: Document, file: ScenarioFile, parameters: ParameterSet) -> Iterator[Problem]:
    """Give what is wrong with the parameters that the scenario sets."""
    index = parameters.index()
    for name, given in file.parameters.items():
        at = ("parameters", name)
        if name not in index:
            yield document.problem(at, "unknown parameter", nearest(name, index))
            continue
        value = str(given.value).upper() if isinstance(index[name], Choice) else given.value
        if what := complaint(index[name], value):
            yield document.problem((*at, "value"), what)


def planned_times(file: ScenarioFile) -> Iterator[tuple[Path_, str]]:
    """Give where the clock time of each planned event and wave stands, and the time."""
    for place, event in enumerate(file.events):
        yield ("events", place, "at"), event.at
    for place, wave in enumerate(file.crowd.arrivals):
        if wave.begins is not None:
            yield ("crowd", "arrivals", place, "begins"), wave.begins


def time_problems(document: Document, file: ScenarioFile) -> Iterator[Problem]:
    """Give planned events and waves that lie before the run: they would all happen in its first minute."""
    start = file.start.strftime("%H:%M")
    for at, time in planned_times(file):
        if minutes_of_day(time) < minutes_of_day(start):
            yield document.problem(at, f"{time} lies before the run, which begins at {start}", "move it, or begin earlier")


def crowd_problems(document: Document, file: ScenarioFile) -> Iterator[Problem]:
    """Give waves and events that share an id: people are drawn by the id of their wave."""
    yield from twice_problems(document, "events", [event.id for event in file.events])
    seen: set[str] = set()
    for place, wave in enumerate(file.crowd.arrivals):
        if wave.id in seen:
            yield document.problem(("crowd", "arrivals", place, "id"), f"'{wave.id}' stands twice", "give each its own id")
        seen.add(wave.id)
    group = file.crowd.prepared_group
    if minutes_of_day(group.acts_until) < minutes_of_day(group.acts_from):
        at = ("crowd", "prepared_group", "acts_until")
        yield document.problem(at, f"{group.acts_until} is before acts_from, {group.acts_from}", "exchange the two")


def site_problems(document: Document, file: ScenarioFile, theatre: Theatre) -> Iterator[Problem]:
    """Give what is wrong with the place of the site."""
    if file.site.place not in theatre.places:
        yield document.problem(("site", "place"), f"there is no place '{file.site.place}'", nearest(file.site.place, theatre.places))


def plan_problems(document: Document, file: ScenarioFile, plan: SitePlan) -> Iterator[Problem]:
    """Give what the plan lacks for this scenario: its door, and ground for the outer cordon."""
    if file.site.door not in plan.marks:
        yield document.problem(("site", "door"), f"the plan has no mark '{file.site.door}'", nearest(file.site.door, plan.marks))
    doors = plan.ground == Ground.DOOR
    if not doors.any():
        yield document.problem(("site", "plan"), "the plan has no door ('D'), and a run needs one to defend", "draw one")
        return
    farthest = int(plan.distances(doors)[plan.open_cells()].max())
    if file.site.cordon_steps > farthest:
        what = f"the plan's farthest ground is {farthest} steps from the door"
        yield document.problem(("site", "cordon_steps"), what, f"give {farthest} or less")


def seat_problems(document: Document, file: ScenarioFile, framework: Framework) -> Iterator[Problem]:
    """Give what is wrong with the seats' names and headquarters."""
    for name, seat in file.seats.items():
        if name == PREPARED_GROUP:
            yield document.problem(("seats", name), "is the name under which a prepared group acts", "call the seat otherwise")
        yield from _headquarters_problems(document, name, seat, framework)


def _headquarters_problems(document: Document, name: str, seat: SeatFile, framework: Framework) -> Iterator[Problem]:
    at = ("seats", name, "headquarters")
    known = {item.id: item.organisation for item in framework.command.headquarters}
    own = [item for item, organisation in known.items() if organisation is seat.organisation]
    if not seat.headquarters:
        if seat.organisation in RESPONDERS:
            yield document.problem(at, f"is missing: a seat of {NAMES[seat.organisation]} stands for a headquarters", nearest("", own))
    elif seat.headquarters not in known:
        yield document.problem(at, f"there is no headquarters '{seat.headquarters}'", nearest(seat.headquarters, own or known))
    elif seat.headquarters not in own:
        owner = NAMES[known[seat.headquarters]]
        what = f"'{seat.headquarters}' belongs to {owner}, and the seat is of {NAMES[seat.organisation]}"
        yield document.problem(at, what, nearest(seat.headquarters, own) if own else "remove the line: this seat stands for none")


def doctrine_problems(
    document: Document, file: ScenarioFile, tables: Mapping[str, DoctrineTable | None], known: Mapping[str, Path]
) -> Iterator[Problem]:
    """Give seats whose doctrine there is not, or is that of another organisation."""
    for name, seat in file.seats.items():
        at, table = ("seats", name, "doctrine"), tables.get(seat.doctrine)
        if seat.doctrine not in known:
            yield document.problem(at, f"there is no doctrine '{seat.doctrine}'", nearest(seat.doctrine, known))
        elif table is not None and table.seat is not seat.organisation:
            what = f"'{seat.doctrine}' is a doctrine for {NAMES[table.seat]}, and the seat is of {NAMES[seat.organisation]}"
            yield document.problem(at, what, "name another table, or mend the organisation")


def unit_problems(folder: Path, root: Path, file: ScenarioFile, framework: Framework, theatre: Theatre) -> list[Problem]:
    """Return units without a place, that cannot reach the site or stand there, and more sections than can be played."""
    found: list[tuple[Path_, str, str]] = []
    for number, unit in enumerate(framework.command.units):
        at = ("units", number)
        if unit.base not in theatre.places:
            found.append(((*at, "base"), f"there is no place '{unit.base}'", nearest(unit.base, theatre.places)))
        elif file.site.place in theatre.places:
            found += [((*at, "base"), what, remedy) for what, remedy in _way(unit, file.site.place, theatre)]
        if unit.organisation not in ON_SITE and unit.post is not PostName.NEARBY:
            found.append(((*at, "post"), f"units of {NAMES[unit.organisation]} cannot stand at a site", "post it nearby"))
    sections = sum(unit.sections for unit in framework.command.units)
    if sections > MOST_SECTIONS:
        found.append((("units",), f"hold {sections} sections; at most {MOST_SECTIONS} can be played", "leave some out"))
    if not found:
        return []
    document = read_document(folder / "command.yaml", root)
    return [document.problem(*item) for item in found]


def _way(unit: Unit, place: str, theatre: Theatre) -> Iterator[tuple[str, str]]:
    try:
        theatre.travel(unit.base, place)
    except InputError as error:
        for problem in error.problems:
            yield f"cannot reach {place}: {problem.what}", problem.remedy
