"""Remarks: what a checked scenario can be played with, but hardly means. Nothing here refuses anything.

Of a part only what it plays is remarked upon, at the place where it stands in the whole's files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.doctrine.orders import Order
from sim.doctrine.permissions import permit
from sim.doctrine.rules_of_engagement import Purpose, Status
from sim.doctrine.seat_orders import NAMES, RESPONDERS, Organisation
from sim.doctrine.situation import PermissionContext
from sim.foundations.documents import Document, Path_, read_document, validated
from sim.foundations.errors import Problem
from sim.foundations.figures import minutes_of_day, minutes_on, spoken
from sim.scenario.loader import Day, Scenario
from sim.scenario.named_files import framework_folder
from sim.scenario.schema import Arrival, DayFile, SeatFile
from sim.seats.scripted_history import ScriptLine
from sim.vocabulary import OrderKind, Verdict

MANY = 1e9
"""Persons reported where a line of history is judged: no trigger asks for more."""

SET_OFF_BY: Mapping[str, OrderKind] = {
    "entry": OrderKind.ENTER_BUILDING,
    "push": OrderKind.PUSH,
    "detentions": OrderKind.SEND_DETENTION_TEAMS,
}
"""Causes that set off a wave and come of an order."""

SENDS_RESERVES = frozenset({OrderKind.SEND_RESERVE, OrderKind.ACCEPT_REQUEST})
"""Orders by which an organisation's reserve gets to a site."""


@dataclass(frozen=True)
class _DayRead:
    """A day as it is played, its file as it was written, and the file's lines."""

    day: Day
    file: DayFile
    document: Document

    @property
    def minutes(self) -> tuple[float, float]:
        """First and last minute of the day's run."""
        first = minutes_of_day(self.file.start.strftime("%H:%M"))
        last = first + (self.file.end - self.file.start).total_seconds() / 60.0
        return first, last


@dataclass(frozen=True)
class _Read:
    """A scenario with the lines of its files."""

    scenario: Scenario
    document: Document
    days: tuple[_DayRead, ...]

    def seats_at(self, site: str) -> dict[str, SeatFile]:
        """Return the seats that command at a site: its own, and those above the sites."""
        return {name: seat for name, seat in self.scenario.file.seats.items() if seat.site in (None, site)}

    def orders_at(self, read: _DayRead, site: str, seats: Mapping[str, SeatFile]) -> set[OrderKind]:
        """Return what doctrines and history of these seats order at a site on a day."""
        return {kind for name in seats for kind in (*self.by_doctrine(read, name), *_by_history(read, name, site))}

    def by_doctrine(self, read: _DayRead, seat: str) -> set[OrderKind]:
        """Return what a seat's doctrine of the day orders at all."""
        return {row.order for row in read.day.doctrines[seat].rows}


def _by_history(read: _DayRead, seat: str, site: str) -> set[OrderKind]:
    return {line.order for line in read.file.history.get(seat, ()) if line.site in (None, site)}


def remarks_on(scenario: Scenario) -> list[Problem]:
    """Return everything that deserves a second look: about the scenario's seats and sites, its forces, then day by day."""
    read = _Read(scenario, _document(scenario, "scenario.yaml"), tuple(_days_read(scenario)))
    found = [*_idle_sites(read), *_unused_authorities(read), *_reserves_nobody_sends(read), *_same_name_other_people(read)]
    for day in read.days:
        found += [*_late(day), *_elsewhere(read, day), *_waves_that_never_come(read, day), *_vehicles_nobody_drew(read, day)]
        found += _refused_history(read, day)
    return found


def _document(scenario: Scenario, name: str) -> Document:
    folder = framework_folder(scenario.whole, scenario.file) if name == "command.yaml" else scenario.whole
    return read_document(folder / name, folder.parent)


def _days_read(scenario: Scenario) -> Iterator[_DayRead]:
    for day, name in zip(scenario.days, scenario.file.days, strict=True):
        document = _document(scenario, name)
        yield _DayRead(day, validated(document, DayFile), document)


# --- the theatre --------------------------------------------------------------------------------------------------------


def _idle_sites(read: _Read) -> Iterator[Problem]:
    """Give sites that are never in play, and crowds that nobody leads."""
    for site in read.scenario.file.sites:
        at = ("sites", site)
        if not any(site in day.day.sites for day in read.days):
            yield read.document.problem(at, f"{site} is in play on none of the days", "give it a crowd on one of them, or remove it")
        elif any(site in day.file.crowds for day in read.days) and not any(
            seat.organisation is Organisation.CROWD for seat in read.seats_at(site).values()
        ):
            yield read.document.problem(at, "no seat leads the crowd here", "people come, and nobody calls, sits down or talks for them")


def _unused_authorities(read: _Read) -> Iterator[Problem]:
    """Give doctrines that never use a means that the rules delegate to their force at a site: it changes nothing there."""
    framework, told = read.scenario.framework, set()
    explicitness, constraint = framework.rules.explicitness.value, framework.mandate.political_constraint.value
    for day, site, force, seats in _forces_deployed(read):
        used = {kind for name in seats for kind in read.by_doctrine(day, name)}
        own = next((name for name, seat in seats.items() if seat.site == site), next(iter(seats)))
        doctrine = day.day.doctrines[own].doctrine
        for row in framework.rules.authorities:
            delegated = row.force is force and row.effective_status(explicitness, constraint) is Status.DELEGATED
            if delegated and row.orders and not used & set(row.orders) and (doctrine, row.id) not in told:
                told.add((doctrine, row.id))
                orders = " or ".join(spoken(kind) for kind in row.orders)
                what = f"'{doctrine}' never orders '{orders}', which {row.id} delegates to {NAMES[force]}"
                yield _at_doctrine(read, day, own, what, "without a row that uses it the authority changes nothing")


def _forces_deployed(read: _Read) -> Iterator[tuple[_DayRead, str, Organisation, dict[str, SeatFile]]]:
    """Give each force that has units and seats at a site on a day, with those seats."""
    units = {unit.id: unit.organisation for unit in read.scenario.framework.command.units}
    for day in read.days:
        for site in day.day.sites:
            there = {units[item.unit] for item in day.day.file.deployments if item.site == site}
            for force in RESPONDERS:
                seats = {name: seat for name, seat in read.seats_at(site).items() if seat.organisation is force}
                if seats and force in there:
                    yield day, site, force, seats


def _at_doctrine(read: _Read, day: _DayRead, seat: str, what: str, remedy: str) -> Problem:
    """Return a remark at the place where a seat's doctrine of the day is named: the day's file, or the scenario's."""
    if seat in day.file.doctrines:
        return day.document.problem(("doctrines", seat), what, remedy)
    return read.document.problem(("seats", seat, "doctrine"), what, remedy)


def _reserves_nobody_sends(read: _Read) -> Iterator[Problem]:
    """Give reserve units that no seat of their own organisation ever sends, on any day on which they wait."""
    document: Document | None = None
    for place, unit in enumerate(read.scenario.framework.command.units):
        if not unit.reserve or (read.scenario.borrows_framework and unit not in read.scenario.own_units):
            continue
        waits = [day for day in read.days if unit.id not in {item.unit for item in day.file.deployments}]
        seats = {name: seat for name, seat in read.scenario.file.seats.items() if seat.organisation is unit.organisation}
        ordered = {kind for day in waits for site in day.day.sites for kind in read.orders_at(day, site, seats)}
        if waits and not ordered & SENDS_RESERVES:
            document = document or _document(read.scenario, "command.yaml")
            days = ", ".join(day.day.name for day in waits)
            whose = f"seat of {NAMES[unit.organisation]}" if seats else f"seat there is: none is of {NAMES[unit.organisation]}"
            what = f"'{unit.id}' waits in reserve on {days}, and is sent by no {whose}"
            yield document.problem(("units", place, "reserve"), what, "a doctrine sends it by send_reserve or accept_request")


def _same_name_other_people(read: _Read) -> Iterator[Problem]:
    """Give waves of one name that bring people of different homes on different days: they are other people."""
    first: dict[str, tuple[str, str]] = {}
    for day in read.days:
        for at, site, wave in _waves(day):
            home = wave.home or site
            name, known = first.setdefault(wave.id, (day.day.name, home))
            if home != known:
                what = f"'{wave.id}' are people of {known} on {name} and of {home} here: others, although the name is the same"
                yield day.document.problem((*at, "id"), what, f"give the wave its own id, or say home: {known}")


# --- a day --------------------------------------------------------------------------------------------------------------


def _waves(read: _DayRead) -> Iterator[tuple[Path_, str, Arrival]]:
    """Give each wave at the sites in play, with its place in the file."""
    for site in read.day.sites:
        for place, wave in enumerate(read.file.crowds[site].arrivals if site in read.file.crowds else ()):
            yield ("crowds", site, "arrivals", place), site, wave


def _times(read: _DayRead) -> Iterator[tuple[Path_, str, bool]]:
    """Give each clock time of what is played: its place, the time, and whether it comes at once where it is too early."""
    for place, event in enumerate(read.file.events):
        if event.site in read.day.sites:
            yield ("events", place, "at"), event.at, False
    for place, item in enumerate(read.file.deployments):
        if item.site in read.day.sites:
            yield ("deployments", place, "arrives"), item.arrives, True
    for at, _, wave in _waves(read):
        if wave.begins is not None:
            yield (*at, "begins"), wave.begins, False
    for site in read.file.crowds:
        yield ("crowds", site, "prepared_group", "acts_from"), read.file.crowds[site].prepared_group.acts_from, True
    for place, spell in enumerate(read.file.rain):
        yield ("rain", place, "begins"), spell.begins, True
    for name in read.day.doctrines:
        for place, line in enumerate(read.file.history.get(name, ())):
            yield ("history", name, place, "at"), line.at, False


def _late(read: _DayRead) -> Iterator[Problem]:
    """Give what comes after the day's last minute, and lines of history before its first."""
    first, last = read.minutes
    for at, time, comes_at_once in _times(read):
        minute = minutes_on(time)
        if minute >= last or (minute < first and not comes_at_once):
            run = f"the day's run, {read.file.start:%H:%M} to {read.file.end:%H:%M}"
            yield read.document.problem(at, f"{time} lies outside {run}, and never comes", "move it, or lengthen the run")


def _elsewhere(read: _Read, day: _DayRead) -> Iterator[Problem]:
    """Give history and doctrines of seats, and lines of history, at sites that are not in play on the day."""
    remedy = "give the site a crowd on this day, or remove it"
    for field, named in (("history", day.file.history), ("doctrines", day.file.doctrines)):
        for name in named:
            site = read.scenario.file.seats[name].site if name in read.scenario.file.seats else None
            if site is not None and site not in day.day.sites:
                what = f"{site}, where this seat commands, is not in play on this day: nothing of it comes"
                yield day.document.problem((field, name), what, remedy)
    for name in day.day.doctrines:
        for place, line in enumerate(day.file.history.get(name, ())):
            if line.site is not None and line.site not in day.file.sites:
                what = f"{line.site} is not in play on this day: the order is never given"
                yield day.document.problem(("history", name, place, "site"), what, remedy)


def _waves_that_never_come(read: _Read, day: _DayRead) -> Iterator[Problem]:
    """Give waves that wait for an order that nobody gives at their site, or for an event that does not happen there."""
    for at, site, wave in _waves(day):
        if wave.on_order is not None and wave.on_order not in read.orders_at(day, site, read.seats_at(site)):
            what = f"waits for {wave.on_order}, which no doctrine and no history orders at {site} on this day"
            yield day.document.problem((*at, "on_order"), what, "the wave comes only if a person orders it")
        elif wave.on_event is not None and (what := _missing_event(read, day, site, wave.on_event)):
            yield day.document.problem((*at, "on_event"), f"waits for '{spoken(wave.on_event)}', {what}", "without it the wave never comes")


def _missing_event(read: _Read, day: _DayRead, site: str, cause: str) -> str:
    """Return why a cause that sets off waves cannot come at a site; empty where it can."""
    if cause == "clash_elsewhere":
        return "" if len(day.day.sites) > 1 else "and no other site is in play on this day"
    if cause == "sirens":
        planned = any(event.kind == "sirens" and event.site == site for event in day.file.events)
        return "" if planned else f"and no sirens are planned at {site} on this day"
    kind = SET_OFF_BY[cause]
    ordered = kind in read.orders_at(day, site, read.seats_at(site))
    return "" if ordered else f"and no doctrine and no history orders {kind} at {site} on this day"


def _vehicles_nobody_drew(read: _Read, day: _DayRead) -> Iterator[Problem]:
    drawn = {site for site in day.day.sites if any(mark.startswith("kp_vehicle") for mark in read.scenario.plans[site].marks)}
    for place, event in enumerate(day.file.events):
        if event.kind == "vehicles_stuck" and event.site in day.day.sites and event.site not in drawn:
            what = f"the plan of {event.site} marks no vehicle"
            yield day.document.problem(("events", place), what, "mark cells kp_vehicle_1, kp_vehicle_2 ...")


# --- history that the rules would refuse --------------------------------------------------------------------------------


def _refused_history(read: _Read, day: _DayRead) -> Iterator[Problem]:
    for name in day.day.doctrines:
        seat = read.scenario.file.seats[name]
        for place, line in enumerate(day.file.history.get(name, ())):
            sites = [site for site in day.day.sites if site == (seat.site or site) == (line.site or site)]
            if reason := next(filter(None, (_refusal(read, day, name, line, site) for site in sites)), ""):
                what = f"the rules would refuse '{spoken(line.order)}': {reason}"
                yield day.document.problem(("history", name, place), what, "whatever the crowd does; mend the line or the rules")


def _before(lines: Sequence[ScriptLine], line: ScriptLine, site: str) -> Mapping[str, float]:
    """Return how many minutes before *line* the script last gave each kind of order there, at the same minute included."""
    now = minutes_on(line.at)
    there = (other for other in lines if other.site in (None, site))
    earlier = sorted((minutes_on(other.at), str(other.order)) for other in there if minutes_on(other.at) <= now)
    return {order: now - minute for minute, order in earlier}


def _asked(day: _DayRead, name: str, line: ScriptLine, site: str) -> bool:
    """Tell whether another seat's history has asked for support at the site by then."""
    others = (lines for other, lines in day.file.history.items() if other != name and other in day.day.doctrines)
    return any(OrderKind.REQUEST_SUPPORT in _before(lines, line, site) for lines in others)


def _refusal(read: _Read, day: _DayRead, name: str, line: ScriptLine, site: str) -> str:
    """Return why a line is refused even where everything is reported that its rules may ask for; empty where it is not.

    Attack counts as reported only for means that are given against an attack alone: in self-defence all is granted.
    """
    framework, seat = read.scenario.framework, read.scenario.file.seats[name]
    rows = framework.rules.rows_for(line.order, seat.organisation)
    attack = bool(rows) and all(row.trigger.only_for == (Purpose.ATTACK,) for row in rows)
    context = PermissionContext(
        seat.organisation,
        seat.headquarters,
        seat.government,
        _before(day.file.history[name], line, site),
        MANY,
        MANY,
        vehicles_stuck=1,
        line_pressed=True,
        under_attack=attack,
        requested=_asked(day, name, line, site),
    )
    decision = permit(Order(name, line.order), context, framework)
    if decision.verdict is Verdict.REFUSED:
        return decision.reasons[0]
    return _all_barred(read.scenario, day, seat, line.order, site, attacked=attack) if seat.organisation in RESPONDERS else ""


def _all_barred(scenario: Scenario, day: _DayRead, seat: SeatFile, kind: OrderKind, site: str, *, attacked: bool) -> str:
    there = {item.unit for item in day.day.file.deployments if item.site == site}
    units = [unit for unit in scenario.framework.command.units_of(seat.organisation) if unit.id in there]
    nations = {unit.contingent for unit in units if unit.contingent is not None}
    out = scenario.framework.rules.barred(kind, sorted(nations), attacked=attacked)
    return f"caveats keep every contingent at {site} out of it" if nations and len(out) == len(nations) else ""
