"""Problems: what the files of a scenario, each good in itself, get wrong together. Any of them refuses the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.doctrine.command import Unit
from sim.doctrine.framework import Framework
from sim.doctrine.seat_orders import NAMES, RESPONDERS, Organisation
from sim.foundations.documents import Document, Path_, read_document
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.figures import minutes_of_day, twice_problems, unknown_problem
from sim.foundations.parameter import Choice, ParameterSet, complaint
from sim.geography.site_plan import SitePlan
from sim.geography.theatre import Theatre
from sim.scenario.schema import DayFile, ScenarioFile, SeatFile
from sim.seats.doctrine_table import DoctrineTable
from sim.vocabulary import Ground

MOST_SECTIONS = 2_000
"""Sections that one scenario may hold."""

PREPARED_GROUP = "prepared_group"
"""Who orders for a prepared group in the record; no seat may be called so."""

ON_SITE = (Organisation.KFOR, Organisation.KOSOVO_POLICE, Organisation.EULEX)
"""Organisations whose units can stand at a site; KSF's wait at their bases."""


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


def planned_times(day: DayFile) -> Iterator[tuple[Path_, str]]:
    """Give where each clock time of a day's plan stands, and the time: events, waves, arrivals of forces."""
    for place, event in enumerate(day.events):
        yield ("events", place, "at"), event.at
    for place, deployment in enumerate(day.deployments):
        yield ("deployments", place, "arrives"), deployment.arrives
    for site, crowd in day.crowds.items():
        for place, wave in enumerate(crowd.arrivals):
            if wave.begins is not None:
                yield ("crowds", site, "arrivals", place, "begins"), wave.begins


def day_problems(
    document: Document,
    day: DayFile,
    file: ScenarioFile,
    framework: Framework,
    tables: Mapping[str, DoctrineTable | None],
    known: Mapping[str, Path],
) -> Iterator[Problem]:
    """Give what is wrong with one day: its times, sites, crowds, deployments, doctrines and history."""
    yield from _time_problems(document, day)
    yield from _day_site_problems(document, day, file)
    yield from _crowd_problems(document, day)
    yield from _deployment_problems(document, day, framework)
    for name, doctrine in day.doctrines.items():
        at = ("doctrines", name)
        if name not in file.seats:
            yield document.problem(at, f"there is no seat '{name}'", nearest(name, file.seats))
        else:
            yield from _doctrine_problems(document, at, file.seats[name], doctrine, tables, known)
    for name in day.history:
        if name not in file.seats:
            yield document.problem(("history", name), f"there is no seat '{name}'", nearest(name, file.seats))


def _time_problems(document: Document, day: DayFile) -> Iterator[Problem]:
    """Give planned events and waves that lie before the run: they would all happen in its first minute."""
    start = day.start.strftime("%H:%M")
    for at, time in planned_times(day):
        if at[0] != "deployments" and minutes_of_day(time) < minutes_of_day(start):
            yield document.problem(at, f"{time} lies before the day's run, which begins at {start}", "move it, or begin earlier")
    for place, spell in enumerate(day.rain):
        if minutes_of_day(spell.ends) <= minutes_of_day(spell.begins):
            yield document.problem(("rain", place, "ends"), f"{spell.ends} is not after begins, {spell.begins}", "exchange the two")


def _day_site_problems(document: Document, day: DayFile, file: ScenarioFile) -> Iterator[Problem]:
    """Give sites that the scenario has not or that have no crowd on this day, and crowds without a lead."""
    for site in day.crowds:
        yield from unknown_problem(document, ("crowds", site), "site", site, file.sites)
        if site not in day.lead:
            yield document.problem(("lead",), f"does not say who leads at {site}", f"add '{site}:'")
    named: list[tuple[Path_, str]] = [(("lead", site), site) for site in day.lead]
    named += [(("deployments", place, "site"), item.site) for place, item in enumerate(day.deployments)]
    named += [(("events", place, "site"), item.site) for place, item in enumerate(day.events)]
    for at, site in named:
        yield from unknown_problem(document, at, "site in play (with a crowd on this day)", site, day.crowds)


def _crowd_problems(document: Document, day: DayFile) -> Iterator[Problem]:
    """Give waves and events that share an id, homes that there are not, and prepared groups whose time runs backwards."""
    yield from twice_problems(document, "events", [event.id for event in day.events])
    seen: set[str] = set()
    for site, crowd in day.crowds.items():
        for place, wave in enumerate(crowd.arrivals):
            if wave.id in seen:
                at = ("crowds", site, "arrivals", place, "id")
                yield document.problem(at, f"'{wave.id}' stands twice", "give each wave of the day its own id")
            seen.add(wave.id)
        group = crowd.prepared_group
        if minutes_of_day(group.acts_until) < minutes_of_day(group.acts_from):
            at = ("crowds", site, "prepared_group", "acts_until")
            yield document.problem(at, f"{group.acts_until} is before acts_from, {group.acts_from}", "exchange the two")


def _deployment_problems(document: Document, day: DayFile, framework: Framework) -> Iterator[Problem]:
    """Give units that there are not, that stand twice, or that cannot stand at a site."""
    units = {unit.id: unit for unit in framework.command.units}
    seen: set[str] = set()
    for place, item in enumerate(day.deployments):
        at = ("deployments", place, "unit")
        yield from unknown_problem(document, at, "unit", item.unit, units)
        if item.unit in seen:
            yield document.problem(at, f"'{item.unit}' is deployed twice on this day", "one unit stands at one site")
        seen.add(item.unit)
        if item.unit in units and units[item.unit].organisation not in ON_SITE:
            yield document.problem(at, f"units of {NAMES[units[item.unit].organisation]} cannot stand at a site", "leave it at its base")


def site_problems(document: Document, file: ScenarioFile, theatre: Theatre) -> Iterator[Problem]:
    """Give what is wrong with the places of the sites."""
    for name, site in file.sites.items():
        yield from unknown_problem(document, ("sites", name, "place"), "place", site.place, theatre.places)


def plan_problems(document: Document, file: ScenarioFile, plans: Mapping[str, SitePlan | None]) -> Iterator[Problem]:
    """Give what each plan lacks for its site: its door, and ground for the outer cordon."""
    for name, site in file.sites.items():
        plan = plans[name]
        if plan is None:
            continue
        yield from unknown_problem(document, ("sites", name, "door"), "mark of the plan", site.door, plan.marks)
        doors = plan.ground == Ground.DOOR
        if not doors.any():
            yield document.problem(("sites", name, "plan"), "the plan has no door ('D'), and a run needs one to defend", "draw one")
            continue
        farthest = int(plan.distances(doors)[plan.open_cells()].max())
        if site.cordon_steps > farthest:
            what = f"the plan's farthest ground is {farthest} steps from the door"
            yield document.problem(("sites", name, "cordon_steps"), what, f"give {farthest} or less")


def seat_problems(
    document: Document,
    file: ScenarioFile,
    framework: Framework,
    tables: Mapping[str, DoctrineTable | None],
    known: Mapping[str, Path],
) -> Iterator[Problem]:
    """Give what is wrong with the seats' names, sites, headquarters, governments and doctrines."""
    governments = [item.id for item in framework.command.governments]
    for name, seat in file.seats.items():
        if name == PREPARED_GROUP:
            yield document.problem(("seats", name), "is the name under which a prepared group acts", "call the seat otherwise")
        if seat.site is not None:
            yield from unknown_problem(document, ("seats", name, "site"), "site", seat.site, file.sites)
        if seat.organisation is Organisation.GOVERNMENT:
            yield from unknown_problem(document, ("seats", name, "government"), "government", seat.government, governments)
        elif seat.government:
            at = ("seats", name, "government")
            yield document.problem(at, f"a seat of {NAMES[seat.organisation]} stands for no government", "remove the line")
        yield from _headquarters_problems(document, name, seat, framework)
        yield from _doctrine_problems(document, ("seats", name, "doctrine"), seat, seat.doctrine, tables, known)


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


def _doctrine_problems(
    document: Document,
    at: Path_,
    seat: SeatFile,
    doctrine: str,
    tables: Mapping[str, DoctrineTable | None],
    known: Mapping[str, Path],
) -> Iterator[Problem]:
    """Give a doctrine that there is not, or that is one of another organisation."""
    table = tables.get(doctrine)
    if doctrine not in known:
        yield document.problem(at, f"there is no doctrine '{doctrine}'", nearest(doctrine, known))
    elif table is not None and table.seat is not seat.organisation:
        what = f"'{doctrine}' is a doctrine for {NAMES[table.seat]}, and the seat is of {NAMES[seat.organisation]}"
        yield document.problem(at, what, "name another table, or mend the organisation")


def unit_problems(folder: Path, root: Path, file: ScenarioFile, framework: Framework, theatre: Theatre) -> list[Problem]:
    """Return units without a place, reserves that cannot reach a site, and more sections than can be played."""
    found: list[tuple[Path_, str, str]] = []
    places = {site.place for site in file.sites.values()} & set(theatre.places)
    for number, unit in enumerate(framework.command.units):
        at = ("units", number)
        if unit.base not in theatre.places:
            found.append(((*at, "base"), f"there is no place '{unit.base}'", nearest(unit.base, theatre.places)))
        elif unit.reserve:
            found += [((*at, "base"), what, remedy) for place in sorted(places) for what, remedy in _way(unit, place, theatre)]
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
