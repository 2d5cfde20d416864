"""Remarks: what a checked scenario can be played with, but hardly means. Nothing here refuses anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.doctrine.orders import Order
from sim.doctrine.permissions import permit
from sim.doctrine.rules_of_engagement import Purpose, Status
from sim.doctrine.seat_orders import NAMES, RESPONDERS
from sim.doctrine.situation import PermissionContext
from sim.foundations.documents import Document, read_document
from sim.foundations.errors import Problem
from sim.foundations.figures import minutes_of_day, spoken
from sim.scenario.loader import Scenario
from sim.scenario.problems import planned_times
from sim.scenario.schema import SeatFile
from sim.seats.scripted_history import ScriptLine
from sim.vocabulary import OrderKind, Verdict

MANY = 1e9
"""Persons reported where a line of history is judged: no trigger asks for more."""


@dataclass(frozen=True)
class _Read:
    """A scenario with the lines of its file."""

    scenario: Scenario
    document: Document


def remarks_on(scenario: Scenario) -> list[Problem]:
    """Return everything that deserves a second look, in the order of the file."""
    read = _Read(scenario, read_document(scenario.folder / "scenario.yaml", scenario.folder.parent))
    return [*_late(read), *_waves_nobody_calls(read), *_vehicles_nobody_drew(read), *_unused_authorities(read), *_refused_history(read)]


def _late(read: _Read) -> Iterator[Problem]:
    """Give events, waves and lines of history that come after the run's last minute, or lines before its first."""
    file = read.scenario.file
    first = minutes_of_day(file.start.strftime("%H:%M"))
    last = first + (file.end - file.start).total_seconds() / 60.0
    times = [*planned_times(file)]
    for name, seat in file.seats.items():
        times += [(("seats", name, "history", place, "at"), line.at) for place, line in enumerate(seat.history)]
    for at, time in times:
        if not first <= minutes_of_day(time) <= last:
            yield read.document.problem(at, f"{time} lies outside the run and never comes", "move it or lengthen the run")


def _waves_nobody_calls(read: _Read) -> Iterator[Problem]:
    seats, doctrines = read.scenario.file.seats.values(), read.scenario.doctrines.values()
    given = {row.order for table in doctrines for row in table.rows} | {line.order for seat in seats for line in seat.history}
    for place, wave in enumerate(read.scenario.file.crowd.arrivals):
        if wave.on_order is not None and wave.on_order not in given:
            what = f"waits for {wave.on_order}, which no doctrine and no history of this scenario orders"
            yield read.document.problem(("crowd", "arrivals", place, "on_order"), what, "the wave comes only if a person orders it")


def _vehicles_nobody_drew(read: _Read) -> Iterator[Problem]:
    drawn = any(mark.startswith("kp_vehicle") for mark in read.scenario.plan.marks)
    for place, event in enumerate(read.scenario.file.events):
        if event.kind == "vehicles_stuck" and not drawn:
            yield read.document.problem(("events", place), "the plan marks no vehicle", "mark cells kp_vehicle_1, kp_vehicle_2 ...")


def _unused_authorities(read: _Read) -> Iterator[Problem]:
    """Give seats whose doctrine never uses a means that the rules delegate to it: it changes nothing in their hands."""
    framework = read.scenario.framework
    explicitness, constraint = framework.rules.explicitness.value, framework.mandate.political_constraint.value
    for name, seat in read.scenario.file.seats.items():
        used = {row.order for row in read.scenario.doctrines[name].rows}
        for row in framework.rules.authorities:
            delegated = row.force is seat.organisation and row.effective_status(explicitness, constraint) is Status.DELEGATED
            if delegated and row.orders and not used & set(row.orders):
                orders = " or ".join(spoken(kind) for kind in row.orders)
                what = f"'{seat.doctrine}' never orders '{orders}', which {row.id} delegates to {NAMES[seat.organisation]}"
                yield read.document.problem(("seats", name, "doctrine"), what, "without a row that uses it the authority changes nothing")


def _refused_history(read: _Read) -> Iterator[Problem]:
    for name, seat in read.scenario.file.seats.items():
        for place, line in enumerate(seat.history):
            if reason := _refusal(read.scenario, name, seat, line, _before(seat, line)):
                what = f"the rules would refuse '{spoken(line.order)}': {reason}"
                yield read.document.problem(("seats", name, "history", place), what, "whatever the crowd does; mend the line or the rules")


def _before(seat: SeatFile, line: ScriptLine) -> Mapping[str, float]:
    """Return how many minutes before *line* the seat's script last gave each kind of order, at the same minute included."""
    now = minutes_of_day(line.at)
    earlier = sorted((minutes_of_day(other.at), str(other.order)) for other in seat.history if minutes_of_day(other.at) <= now)
    return {order: now - minute for minute, order in earlier}


def _refusal(scenario: Scenario, name: str, seat: SeatFile, line: ScriptLine, since: Mapping[str, float]) -> str:
    """Return why a line is refused even where everything is reported that its rules may ask for; empty where it is not.

    Attack counts as reported only for means that are given against an attack alone: in self-defence all is granted.
    """
    framework = scenario.framework
    rows = framework.rules.rows_for(line.order, seat.organisation)
    attack = bool(rows) and all(row.trigger.only_for == (Purpose.ATTACK,) for row in rows)
    context = PermissionContext(
        seat.organisation, seat.headquarters, since, MANY, MANY, vehicles_stuck=1, line_pressed=True, under_attack=attack
    )
    decision = permit(Order(name, line.order), context, framework)
    if decision.verdict is Verdict.REFUSED:
        return decision.reasons[0]
    return _all_barred(scenario, seat, line.order, attack) if seat.organisation in RESPONDERS else ""


def _all_barred(scenario: Scenario, seat: SeatFile, kind: OrderKind, attack: bool) -> str:
    units = scenario.framework.command.units_of(seat.organisation)
    nations = {unit.contingent for unit in units if unit.contingent is not None}
    out = scenario.framework.rules.barred(kind, sorted(nations), attacked=attack)
    return "caveats keep every contingent out of it" if nations and len(out) == len(nations) else ""
