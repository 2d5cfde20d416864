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

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

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
    violent_share_at_least, seated_share_at_least
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
    rain: bool | None = None
    dusk_within_min: float | None = None
    minutes_since: dict[str, float] = Field(default_factory=dict)
    not_since: dict[str, float] = Field(default_factory=dict)
    never: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()

    def hold(self, picture: Picture, order: OrderKind) -> bool:
        """Tell whether all conditions hold in *picture* for a row that gives *order*."""
        holds = self._clock_holds(picture) and self._numbers_hold(picture) and self._others_hold(picture)
        return holds and self._past_holds(picture.minutes_since, order)

    def _clock_holds(self, picture: Picture) -> bool:
        now = picture.minute_of_day
        return (
            (self.time_from is None or now >= minutes_of_day(self.time_from))
            and (self.time_until is None or now < minutes_of_day(self.time_until))
            and (self.dusk_within_min is None or picture.minutes_to_dusk <= self.dusk_within_min)
        )

    def _numbers_hold(self, picture: Picture) -> bool:
        crowd, violent = picture.crowd.value, picture.violent.value
        share = 1.0 / max(crowd, 1.0)
        return (
            _within(crowd, self.crowd_at_least, self.crowd_at_most)
            and _within(violent, self.violent_at_least, self.violent_at_most)
            and _within(violent * share, self.violent_share_at_least)
            and _within(picture.seated.value * share, self.seated_share_at_least)
            and _within(picture.own_hurt, self.own_hurt_at_least)
            and _within(picture.own_fit, self.own_fit_at_least)
            and _within(picture.advance_m, self.advance_m_at_least)
            and _is(picture.vehicles_stuck > 0, self.vehicles_stuck)
            and _is(picture.line_pressed, self.line_pressed)
            and (self.talks is None or picture.talks == self.talks)
        )

    def _others_hold(self, picture: Picture) -> bool:
        return (
            _is(picture.request_waiting, self.request_waiting)
            and _is(picture.support_coming, self.support_coming)
            and _is(picture.in_lead, self.in_lead)
            and _is(picture.rain, self.rain)
            and _within(picture.leads, self.leads_at_least, self.leads_at_most)
            and _within(picture.reserve_units, self.reserve_at_least)
            and _within(picture.violent_elsewhere, self.violent_elsewhere_at_least)
        )

    def _past_holds(self, past: Mapping[str, float], order: OrderKind) -> bool:
        own = past.get(order)
        return (
            all(name in past and past[name] >= minutes for name, minutes in self.minutes_since.items())
            and all(name not in past or past[name] >= minutes for name, minutes in self.not_since.items())
            and not any(name in past for name in self.never)
            and all(name in past for name in self.ever)
            and all(name in past and (own is None or past[name] < own) for name in self.newer)
        )


def _is(fact: bool, wanted: bool | None) -> bool:
    return wanted is None or fact == wanted


def _within(number: float, least: float | None, most: float | None = None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


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
    """

    def __init__(self, table: DoctrineTable, name: str = "", default_selectivity: Mapping[OrderKind, float] = NO_DEFAULTS) -> None:
        self.table = table
        self.name = name or str(table.seat)
        self._selectivity = dict(default_selectivity)

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders of all rows that hold in *picture*, the top row first, one of each kind."""
        orders: dict[OrderKind, Order] = {}
        for row in self.table.rows:
            if row.order in orders or not row.due(picture, self.table.retry_after_min):
                continue
            if row.when.hold(picture, row.order):
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
