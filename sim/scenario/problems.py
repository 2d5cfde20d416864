"""Problems: what the files of a scenario, each good in itself, get wrong together. Any of them refuses the scenario.

What a day's own file gets wrong stands in ``day_problems``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.doctrine.command import Unit
from sim.doctrine.concessions import Concessions
from sim.doctrine.framework import Framework
from sim.doctrine.seat_orders import NAMES, RESPONDERS, SEAT_ORDERS, Organisation
from sim.foundations.documents import Document, Path_, read_document
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.figures import unknown_problem
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

ON_SITE = RESPONDERS
"""Organisations whose units can stand at a site."""

type Finding = tuple[Path_, str, str]
"""Where in a file, what is wrong, what to do."""


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


def site_problems(document: Document, file: ScenarioFile, theatre: Theatre) -> Iterator[Problem]:
    """Give what is wrong with the places of the sites."""
    for name, site in file.sites.items():
        yield from unknown_problem(document, ("sites", name, "place"), "place", site.place, theatre.places)


def community_problems(days: Mapping[str, tuple[Document, DayFile]], file: ScenarioFile) -> Iterator[Problem]:
    """Give crowds of a community that the scenario does not describe, where it describes any."""
    for document, day in days.values() if file.communities else ():
        for site, crowd in day.crowds.items():
            yield from unknown_problem(document, ("crowds", site, "community"), "community", crowd.community, file.communities)


def plan_problems(document: Document, file: ScenarioFile, plans: Mapping[str, SitePlan | None]) -> Iterator[Problem]:
    """Give what each plan lacks for its site: the mark of its door, and ground for the outer cordon."""
    for name, site in file.sites.items():
        plan, at = plans[name], ("sites", name)
        if plan is None:
            continue
        if site.door not in plan.marks:
            yield document.problem((*at, "door"), f"the plan has no mark '{site.door}'", nearest(site.door, plan.marks))
        doors = plan.ground == Ground.DOOR
        if not doors.any():
            continue  # the mark that the site names would be one
        farthest = int(plan.distances(doors)[plan.open_cells()].max())
        if site.cordon_steps > farthest:
            what = f"the plan's farthest ground is {farthest} steps from the door"
            yield document.problem((*at, "cordon_steps"), what, f"give {farthest} or less")


def seat_problems(
    document: Document,
    file: ScenarioFile,
    framework: Framework,
    tables: Mapping[str, DoctrineTable | None],
    known: Mapping[str, Path],
) -> Iterator[Problem]:
    """Give what is wrong with the seats' names, sites, headquarters, governments and doctrines."""
    for name, seat in file.seats.items():
        if name == PREPARED_GROUP:
            yield document.problem(("seats", name), "is the name under which a prepared group acts", "call the seat otherwise")
        if seat.site is not None:
            yield from unknown_problem(document, ("seats", name, "site"), "site", seat.site, file.sites)
        yield from _government_problems(document, name, seat, framework)
        yield from _headquarters_problems(document, name, seat, framework)
        yield from doctrine_problems(document, ("seats", name, "doctrine"), seat, seat.doctrine, framework, tables, known)


def _government_problems(document: Document, name: str, seat: SeatFile, framework: Framework) -> Iterator[Problem]:
    at, governments = ("seats", name, "government"), [item.id for item in framework.command.governments]
    if seat.organisation is not Organisation.GOVERNMENT:
        if seat.government:
            yield document.problem(at, f"a seat of {NAMES[seat.organisation]} stands for no government", "remove the line")
    elif not seat.government:
        yield document.problem(at, "is missing: a seat of a government says which one it stands for", nearest("", governments))
    else:
        yield from unknown_problem(document, at, "government", seat.government, governments)


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
    document: Document,
    at: Path_,
    seat: SeatFile,
    doctrine: str,
    framework: Framework,
    tables: Mapping[str, DoctrineTable | None],
    known: Mapping[str, Path],
) -> Iterator[Problem]:
    """Give a doctrine that there is not, that is one of another organisation, or that orders what its government cannot."""
    table = tables.get(doctrine)
    if doctrine not in known:
        yield document.problem(at, f"there is no doctrine '{doctrine}'", nearest(doctrine, known))
    elif table is not None and table.seat is not seat.organisation:
        what = f"'{doctrine}' is a doctrine for {NAMES[table.seat]}, and the seat is of {NAMES[seat.organisation]}"
        yield document.problem(at, what, "name another table, or mend the organisation")
    elif table is not None and table.seat is Organisation.GOVERNMENT:
        government = next((item for item in framework.command.governments if item.id == seat.government), None)
        beyond = sorted({str(row.order) for row in table.rows if government is not None and row.order not in government.orders})
        if government is not None and beyond:
            what = f"'{doctrine}' orders {', '.join(beyond)}, which command.yaml does not list for {government.name}"
            yield document.problem(at, what, "add it to the government's orders there, or name another table")


def command_problems(folder: Path, root: Path, file: ScenarioFile, framework: Framework, theatre: Theatre) -> list[Problem]:
    """Return units that have no place or no road to a site, too many sections, and governments' orders that are none."""
    found = [*_unit_findings(file, framework, theatre), *_order_findings(framework)]
    if not found:
        return []
    document = read_document(folder / "command.yaml", root)
    return [document.problem(*item) for item in found]


def _unit_findings(file: ScenarioFile, framework: Framework, theatre: Theatre) -> Iterator[Finding]:
    places = sorted({site.place for site in file.sites.values()} & set(theatre.places))
    for number, unit in enumerate(framework.command.units):
        at = ("units", number, "base")
        if unit.base not in theatre.places:
            yield at, f"there is no place '{unit.base}'", nearest(unit.base, theatre.places)
        elif unit.organisation in ON_SITE and (cut_off := [place for place in places if not _reaches(unit, place, theatre)]):
            what = f"no road leads from {unit.base} to {', '.join(cut_off)}, so '{unit.id}' cannot be sent there"
            yield at, what, "give it a base on a road"
    sections = sum(unit.sections for unit in framework.command.units)
    if sections > MOST_SECTIONS:
        yield ("units",), f"hold {sections} sections; at most {MOST_SECTIONS} can be played", "leave some out"


def _reaches(unit: Unit, place: str, theatre: Theatre) -> bool:
    """Tell whether a road leads from the unit's base to a place: it is sent, relieved and recalled by road."""
    try:
        theatre.travel(unit.base, place)
    except InputError:
        return False
    return True


def _order_findings(framework: Framework) -> Iterator[Finding]:
    allowed = SEAT_ORDERS[Organisation.GOVERNMENT]
    for number, government in enumerate(framework.command.governments):
        for place, kind in enumerate(government.orders):
            if kind not in allowed:
                yield ("governments", number, "orders", place), f"no government orders {kind}", f"known: {', '.join(sorted(allowed))}"


def concession_problems(path: Path, root: Path, concessions: Concessions, framework: Framework) -> list[Problem]:
    """Return prices in the licence of governments that there are not."""
    known = [item.id for item in framework.command.governments]
    named = [
        (("concessions", place, field, name), name)
        for place, row in enumerate(concessions.concessions)
        for field in ("licence_cost", "licence_gain")
        for name in getattr(row, field)
    ]
    if all(name in known for _, name in named):
        return []
    document = read_document(path, root)
    return [problem for at, name in named for problem in unknown_problem(document, at, "government", name, known)]
