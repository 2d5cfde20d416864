"""Doctrine table: an automatic seat's behaviour as rows of "when this is so, order that".

A row says under which conditions of the *picture* (estimates, never the truth) its order is given, how selectively, and how
often. Rows are read from the top; every row whose conditions hold gives its order, at most one of each kind a decision. A
table restates a doctrine and is never edited after results are seen: posture, authority, selectivity and patience stand in
its rows, and an authority that no row uses changes nothing.

A seat keeps no memory: what it did stands in the picture's ``minutes_since``. An order kind that stands in ``denied`` was
refused; it counts as not done, and is tried again after ``retry_after_min``.

Source of the idea: OpenFisca and Axelrod, one behaviour a file; paper 3 for counterbalancing. Not modelled: learning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from sim.doctrine.orders import Order
from sim.doctrine.seat_orders import SEAT_ORDERS, Organisation
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import Problem, nearest
from sim.foundations.figures import ClockTime, Sourced, Strict, minutes_of_day, refuse
from sim.seats.picture import Picture
from sim.vocabulary import OrderKind

EVENTS = frozenset(
    {
        "agents_seen",
        "attack_reported",
        "breakout_reported",
        "build_up",
        "compound_taken",
        "control_declared",
        "encircled",
        "false_alarm_reported",
        "help_accepted",
        "help_offered",
        "help_refused",
        "infiltration_reported",
        "occupation_reported",
        "roadblock_reported",
        "third_party_warned",
        "warned_upward",
        "warning_reported",
        "barriers_up",
        "calm",
        "clash_elsewhere",
        "concession_made",
        "crowd_present",
        "detentions_seen",
        "entry_deferred",
        "entry_made",
        "entry_ordered",
        "kfor_told",
        "pressed",
        "push_seen",
        "request_refused",
        "restraint_urged",
        "sirens",
        "staff_at_door",
        "support_arrived",
        "talks_offered",
        "ultimatum_heard",
        "vehicles_out",
        "violence",
        "warning_heard",
    }
)
"""Names of events that a picture can hold, beside the kinds of order that the seat gave."""

NO_DEFAULTS: Mapping[OrderKind, float] = MappingProxyType({})


class Conditions(Strict):
    """What must be so in the picture; a field left out asks for nothing, and all that stand must hold.

    Attributes
    ----------
    time_from, time_until
        Local time; from inclusive, until exclusive.
    crowd_at_least, crowd_at_most, violent_at_least, violent_at_most
        Estimated persons.
    violent_share_at_least, seated_share_at_least, seated_share_at_most
        Of the estimated crowd.
    vehicles_stuck, line_pressed
        Whether it is so.
    own_hurt_at_least, own_fit_at_least
        Own persons.
    advance_m_at_least
        Ground gained by the own line.
    talks
        State of the talks.
    request_waiting
        Whether the responder before this one has asked for support at the site and no answer has been given.
    support_coming
        Whether support that this seat asked for, or reserve that it sent, is on its way to the site.
    in_lead, leads_at_most, leads_at_least
        Whether the own organisation leads at the site; how many organisations do.
    reserve_at_least
        Own units that are free to be sent.
    violent_elsewhere_at_least
        Estimated violent persons at the other sites of the day.
    armed_at_least
        Armed men reported.
    ratio_at_least
        Own people fit at the site to each armed man reported (0 while none are).
    closed_at_least
        Share of the ways out that is thought closed.
    step_at_least
        Escalation step between the parties.
    stage, best
        Of an armed leader's own group: what it is doing, and what it finds best now.
    rain
        Whether it rains.
    dusk_within_min
        Dusk is at most so far away, or past.
    minutes_since
        By name: it happened, at least so many minutes ago.
    not_since
        By name: it has not happened in the last so many minutes, or never.
    never, ever
        Names of what must never have happened, or must have happened.
    newer
        Names of what must have happened after this seat last gave the row's order (or it never gave it).
    """

    time_from: ClockTime | None = None
    time_until: ClockTime | None = None
    crowd_at_least: float | None = Field(default=None, ge=0)
    crowd_at_most: float | None = Field(default=None, ge=0)
    violent_at_least: float | None = Field(default=None, ge=0)
    violent_at_most: float | None = Field(default=None, ge=0)
    violent_share_at_least: float | None = Field(default=None, ge=0, le=1)
    seated_share_at_least: float | None = Field(default=None, ge=0, le=1)
    seated_share_at_most: float | None = Field(default=None, ge=0, le=1)
    vehicles_stuck: bool | None = None
    line_pressed: bool | None = None
    own_hurt_at_least: int | None = Field(default=None, ge=0)
    own_fit_at_least: int | None = Field(default=None, ge=0)
    advance_m_at_least: float | None = None
    talks: Literal["none", "offered", "open", "refused"] | None = None
    request_waiting: bool | None = None
    support_coming: bool | None = None
    in_lead: bool | None = None
    leads_at_least: int | None = Field(default=None, ge=0)
    leads_at_most: int | None = Field(default=None, ge=0)
    reserve_at_least: int | None = Field(default=None, ge=0)
    violent_elsewhere_at_least: float | None = Field(default=None, ge=0)
    armed_at_least: float | None = Field(default=None, ge=0)
    ratio_at_least: float | None = Field(default=None, ge=0)
    closed_at_least: float | None = Field(default=None, ge=0, le=1)
    step_at_least: int | None = Field(default=None, ge=0, le=6)
    stage: str | None = None
    best: OrderKind | None = None
    rain: bool | None = None
    dusk_within_min: float | None = None
    minutes_since: dict[str, float] = Field(default_factory=dict)
    not_since: dict[str, float] = Field(default_factory=dict)
    never: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()

    def hold(self, picture: Picture, order: OrderKind) -> bool:
        """Tell whether all conditions hold in *picture* for a row that gives *order*."""
        return all(test(picture) for test in self.tests(order))

    def tests(self, order: OrderKind, patience: float = 1.0) -> tuple[Test, ...]:
        """Return one test of a picture for each condition that stands, for a row that gives *order*; *patience* shortens its waits."""
        bounds = [(LEAST, self._given(LEAST)), (MOST, self._given(MOST)), (FACTS, self._given(FACTS))]
        found: list[Test] = [_bounded(table[name], name, wanted) for table, given in bounds for name, wanted in given.items()]
        if self.time_from is not None:
            found.append(partial(_from, minutes_of_day(self.time_from)))
        if self.time_until is not None:
            found.append(partial(_until, minutes_of_day(self.time_until)))
        found += [partial(_long_ago, name, minutes * patience) for name, minutes in self.minutes_since.items()]
        found += [partial(_not_lately, name, minutes) for name, minutes in self.not_since.items()]
        found += [partial(_never, name) for name in self.never]
        found += [partial(_ever, name) for name in self.ever]
        found += [partial(_newer, name, order) for name in self.newer]
        return tuple(found)

    def _given(self, table: Mapping[str, Callable[[Picture], Any]]) -> dict[str, Any]:
        return {name: getattr(self, name) for name in table if getattr(self, name) is not None}


type Test = Callable[[Picture], bool]

LEAST: Mapping[str, Callable[[Picture], float]] = MappingProxyType(
    {
        "crowd_at_least": lambda p: p.crowd.value,
        "violent_at_least": lambda p: p.violent.value,
        "violent_share_at_least": lambda p: p.violent.value / max(p.crowd.value, 1.0),
        "seated_share_at_least": lambda p: p.seated.value / max(p.crowd.value, 1.0),
        "own_hurt_at_least": lambda p: p.own_hurt,
        "own_fit_at_least": lambda p: p.own_fit,
        "advance_m_at_least": lambda p: p.advance_m,
        "leads_at_least": lambda p: p.leads,
        "reserve_at_least": lambda p: p.reserve_units,
        "violent_elsewhere_at_least": lambda p: p.violent_elsewhere,
        "armed_at_least": lambda p: p.armed,
        "ratio_at_least": lambda p: p.own_fit / p.armed if p.armed > 0.0 else 0.0,
        "closed_at_least": lambda p: p.closed,
        "step_at_least": lambda p: p.step,
    }
)
"""Conditions that ask for so much or more, and what they read."""

MOST: Mapping[str, Callable[[Picture], float]] = MappingProxyType(
    {
        "crowd_at_most": lambda p: p.crowd.value,
        "violent_at_most": lambda p: p.violent.value,
        "seated_share_at_most": lambda p: p.seated.value / max(p.crowd.value, 1.0),
        "leads_at_most": lambda p: p.leads,
        "dusk_within_min": lambda p: p.minutes_to_dusk,
    }
)
"""Conditions that ask for so much or less."""

FACTS: Mapping[str, Callable[[Picture], object]] = MappingProxyType(
    {
        "vehicles_stuck": lambda p: p.vehicles_stuck > 0,
        "line_pressed": lambda p: p.line_pressed,
        "request_waiting": lambda p: p.request_waiting,
        "support_coming": lambda p: p.support_coming,
        "in_lead": lambda p: p.in_lead,
        "rain": lambda p: p.rain,
        "stage": lambda p: p.stage,
        "best": lambda p: p.best,
        "talks": lambda p: p.talks,
    }
)
"""Conditions that ask for just this."""


def _bounded(read: Callable[[Picture], Any], name: str, wanted: Any) -> Test:
    if name in LEAST:
        return lambda picture: bool(read(picture) >= wanted)
    if name in MOST:
        return lambda picture: bool(read(picture) <= wanted)
    return lambda picture: bool(read(picture) == wanted)


def _from(minute: float, picture: Picture) -> bool:
    return picture.minute_of_day % 1440.0 >= minute


def _until(minute: float, picture: Picture) -> bool:
    return picture.minute_of_day % 1440.0 < minute


def _long_ago(name: str, minutes: float, picture: Picture) -> bool:
    return picture.minutes_since.get(name, -1.0) >= minutes


def _not_lately(name: str, minutes: float, picture: Picture) -> bool:
    return picture.minutes_since.get(name, minutes) >= minutes


def _never(name: str, picture: Picture) -> bool:
    return name not in picture.minutes_since


def _ever(name: str, picture: Picture) -> bool:
    return name in picture.minutes_since


def _newer(name: str, order: OrderKind, picture: Picture) -> bool:
    past = picture.minutes_since
    return name in past and (order not in past or past[name] < past[order])


class DoctrineRow(Sourced):
    """When its conditions hold, the order is given.

    Attributes
    ----------
    selectivity
        Whom the order hits, 0 everybody in reach to 1 identified violent persons only; absent: the rules' default.
    repeat_after_min
        Minutes after which it is given again while the conditions hold; absent: once (with ``newer``: once for each time
        that these things happen).
    because
        The doctrine's reason, in a clause.
    """

    name: str = Field(min_length=3)
    when: Conditions
    order: OrderKind
    selectivity: float | None = Field(default=None, ge=0, le=1)
    repeat_after_min: float | None = Field(default=None, gt=0)
    because: str

    def due(self, picture: Picture, retry_after_min: float) -> bool:
        """Tell whether the row's order may be given again, as to time: once, repeated, or retried after a refusal."""
        if self.order in picture.denied:
            return picture.denied[self.order] >= retry_after_min
        since = picture.minutes_since.get(self.order)
        if since is None or self.when.newer:
            return since is None or self.repeat_after_min is None or since >= self.repeat_after_min
        return self.repeat_after_min is not None and since >= self.repeat_after_min


class DoctrineTable(Sourced):
    """One doctrine for one kind of seat."""

    doctrine: str = Field(min_length=3)
    seat: Organisation
    summary: str = ""
    retry_after_min: float = Field(default=30.0, gt=0)
    rows: tuple[DoctrineRow, ...] = Field(min_length=1)


HURRIED = (OrderKind.GIVE_ULTIMATUM, OrderKind.PUSH)
"""Orders that a seat which is sure of itself gives sooner."""


class DoctrineSeat:
    """A seat that plays a doctrine table.

    Parameters
    ----------
    table
        The doctrine.
    name
        Name of the seat; the table's organisation when empty.
    default_selectivity
        By kind of order, where a row leaves it open (see ``RulesOfEngagement.selectivity_defaults``).
    patience
        Share of the table's waits before an ultimatum and a push that the seat keeps to.
    """

    def __init__(
        self,
        table: DoctrineTable,
        name: str = "",
        default_selectivity: Mapping[OrderKind, float] = NO_DEFAULTS,
        patience: float = 1.0,
    ) -> None:
        self.table = table
        self.name = name or str(table.seat)
        self._selectivity = dict(default_selectivity)
        self._rows = [(row, row.when.tests(row.order, patience if row.order in HURRIED else 1.0)) for row in table.rows]

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders of all rows that hold in *picture*, the top row first, one of each kind."""
        orders: dict[OrderKind, Order] = {}
        for row, tests in self._rows:
            if row.order in orders or not row.due(picture, self.table.retry_after_min):
                continue
            for test in tests:
                if not test(picture):
                    break
            else:
                whom = self._selectivity.get(row.order, 0.0) if row.selectivity is None else row.selectivity
                orders[row.order] = Order(self.name, row.order, whom, f"{self.table.doctrine}: {row.name}", picture.site)
        return list(orders.values())


def load_doctrine(path: Path, root: Path | None = None) -> DoctrineTable:
    """Return the checked doctrine table in the YAML file at *path*; InputError with file, line and field otherwise."""
    document = read_document(path, root)
    table = validated(document, DoctrineTable)
    refuse(_table_problems(document, table))
    return table


def _table_problems(document: Document, table: DoctrineTable) -> list[Problem]:
    allowed = SEAT_ORDERS[table.seat]
    names = EVENTS | {str(kind) for kind in allowed}
    problems: list[Problem] = []
    seen: set[str] = set()
    for place, row in enumerate(table.rows):
        if row.name in seen:
            problems.append(document.problem(("rows", place, "name"), f"'{row.name}' stands twice", "give each row its name"))
        seen.add(row.name)
        if row.order not in allowed:
            what = f"a seat of {table.seat} cannot order {row.order}"
            problems.append(document.problem(("rows", place, "order"), what, nearest(row.order, allowed)))
        for field in ("minutes_since", "not_since", "never", "ever", "newer"):
            for name in getattr(row.when, field):
                if name not in names:
                    at = ("rows", place, "when", field)
                    problems.append(document.problem(at, f"'{name}' is no event and no order of this seat", nearest(name, names)))
    return problems
