"""The world: one run's sites, seats' memories and dealings, which the phases read and write.

A run plays its days one after the other. On each day the sites in play stand side by side under one clock, one chain of
command and one finite reserve; between days people remember (``engine/between_days``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sim.doctrine.framework import Framework, felt_framework
from sim.doctrine.hand_over import HandOver, Lead
from sim.doctrine.orders import Decision, Order
from sim.doctrine.rules_changed import RulesChanged, rules_changed
from sim.engine.operation import Bank, Operation, start_operation
from sim.engine.record import Record, SiteRecord
from sim.engine.setup import Wave, start_site, units_in_play
from sim.engine.state import Ground, State
from sim.foundations.chance import Purpose, draw, name_key, run_key
from sim.foundations.clock import Clock
from sim.foundations.figures import minutes_of_day
from sim.geography.site_plan import SitePlan
from sim.scenario.episode_inputs import inputs_key
from sim.scenario.loader import Day, Scenario
from sim.scenario.schema import Site
from sim.seats.seat import Seat
from sim.vocabulary import Authority, Role, Side

LEVEL_EFFECTS = tuple(
    f"level_effect_{name}" for name in ("presence", "cordon", "ultimatum", "push", "agents", "detention", "restricted_area", "firearms")
)
"""Parameters that hold h(level), from presence upwards; an absent force has none."""

EVERYWHERE = ""
"""The site of an order or memory that concerns none in particular."""


@dataclass
class Pending:
    """An order that waits for its approval; *claims* says whether it claims the lead once it takes effect."""

    due_tick: int
    order: Order
    decision: Decision
    claims: bool = False


@dataclass
class SeatMemory:
    """What a seat remembers of one site, kept in the state so that replays and branches find it: ticks by order or event."""

    since: dict[str, int] = field(default_factory=dict)
    denied: dict[str, int] = field(default_factory=dict)
    granted: set[Authority] = field(default_factory=set)


@dataclass
class Dealings:
    """What is under way at one site: talks, provocations of this minute, a push, a prepared group.

    Attributes
    ----------
    talks
        ``none``, ``offered``, ``open`` or ``refused``.
    provocations
        (cell, size) of this psychology step, in canonical order.
    vehicles_stuck
        Whether vehicles have got stuck yet.
    prepared_tick
        When a prepared group acts.
    clash_tick
        When enough people had been hurt for word of it to spread; -1 before.
    push_tick, entry_tick
        When the first push, the forced entry began; -1 while there was none.
    set_off
        Ids of waves that have been set off by an order or an event.
    barrier_tick
        When barriers were put up; -1 while there are none.
    movement_hours
        Hours of freedom of movement given up by concessions.
    conceded
        Concessions ordered so far.
    abandoned
        Vehicles left behind by their crews.
    """

    talks: str = "none"
    provocations: list[tuple[int, float]] = field(default_factory=list)
    vehicles_stuck: bool = False
    prepared_tick: int = -1
    prepared_until: int = -1
    push_tick: int = -1
    entry_tick: int = -1
    barrier_tick: int = -1
    line_formed: bool = False
    someone_detained: bool = False
    violent: int = 0
    active: int = 0
    clouds: bool = False
    force_minutes: float = 0.0
    hurt_tick: dict[Side, int] = field(default_factory=dict)
    hurt: int = 0
    clash_tick: int = -1
    clash_elsewhere_heard: bool = False
    present: int = 0
    gave_ground_tick: int = -1_000_000
    set_off: set[str] = field(default_factory=set)
    lead_minutes: dict[str, float] = field(default_factory=lambda: {"one": 0.0, "none": 0.0, "two": 0.0})
    movement_hours: float = 0.0
    conceded: set[str] = field(default_factory=set)
    abandoned: int = 0


@dataclass
class SiteInPlay:
    """One site on one day."""

    name: str
    file: Site
    plan: SitePlan
    ground: Ground
    state: State
    waves: list[Wave]
    dealings: Dealings
    lead: Lead
    record: SiteRecord
    assigned_post: np.ndarray
    stay_away: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype="u8"))
    forces_seen: tuple[object, ...] = ()
    forces_viewed: tuple[object, ...] = (None,)
    _rows: dict[int, int] | None = None

    def row_of(self, entity: int) -> int:
        """Return the row of a person by stable id."""
        if self._rows is None:
            self._rows = {int(name): row for row, name in enumerate(self.state.people["id"])}
        return self._rows[entity]


@dataclass
class UnitPlace:
    """Where a unit is: at a site, on its way to one or back (until a due tick), or at its base."""

    site: str = ""
    bound_for: str = ""
    due_tick: int = -1

    @property
    def free(self) -> bool:
        """Whether it waits at its base."""
        return not self.site and not self.bound_for and self.due_tick < 0


@dataclass
class Standing:
    """What is common to all sites: approvals under way, hand-overs, licence, confidence.

    Attributes
    ----------
    pending
        Orders that wait for approval.
    memory
        By seat and site.
    busy_until
        Tick until which each headquarters works on what it has been asked before.
    decisions, requests
        Decisions of the seats so far today; hand-overs begun so far, for their numbers.
    overrides
        Trust and licence spent by acting unasked: by day, organisation and ground, once each.
    licence
        By government: how much is done in its name, 0 to 1.
    pressing
        By organisation and site: how hard a government last pressed (above 0) or urged restraint (below 0).
    confidence
        The other community's confidence in the forces.
    ksf_seen
        Sites at which KSF has come between a crowd and a building.
    """

    pending: list[Pending] = field(default_factory=list)
    memory: dict[tuple[str, str], SeatMemory] = field(default_factory=dict)
    busy_until: dict[str, int] = field(default_factory=dict)
    queue_minutes: float = 0.0
    overrides: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    decisions: int = 0
    requests: int = 0
    hand_overs: list[HandOver] = field(default_factory=list)
    answers: dict[int, Literal["accepted", "refused"]] = field(default_factory=dict)
    units: dict[str, UnitPlace] = field(default_factory=dict)
    licence: dict[str, float] = field(default_factory=dict)
    pressing: dict[tuple[str, str], float] = field(default_factory=dict)
    confidence: float = 0.0
    red_cards: set[str] = field(default_factory=set)
    ksf_seen: set[str] = field(default_factory=set)


@dataclass
class World:
    """Everything of one run.

    Attributes
    ----------
    sites
        Sites in play today.
    played, cases
        Sites of the days that are over, by day and site, and what became of people there.
    remembered
        What people took with them from earlier days (``engine/between_days``).
    framework, rules_changed
        Mandate, rules and command as those who act by them feel them, and how far they stand off what the files state.
    operation
        What goes on round an armed group today, if there is one.
    midnight_min
        Minutes from tick 0 to the midnight before today.
    """

    scenario: Scenario
    seed: int
    clock: Clock
    run_key: int
    parameters: np.ndarray
    numbers: dict[str, float]
    level_effects: np.ndarray
    seats: Mapping[str, Seat]
    unit_rows: Mapping[str, slice]
    standing: Standing
    record: Record
    day: Day
    framework: Framework
    rules_changed: RulesChanged
    end_tick: int = 0
    sites: dict[str, SiteInPlay] = field(default_factory=dict)
    psychology_ticks: int = 4
    tick: int = 0
    calendar: dict[int, list[Callable[[], None]]] = field(default_factory=dict)
    played: dict[tuple[str, str], SiteInPlay] = field(default_factory=dict)
    cases: dict[tuple[str, str], Any] = field(default_factory=dict)
    remembered: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=[("id", "u8")]))
    operation: Operation | None = None
    midnight_min: float = 0.0

    def minute_of_day(self) -> float:
        """Return local time in minutes after the midnight before today; a day that runs past midnight counts on."""
        return self.tick * self.clock.base_tick_min - self.midnight_min

    def minutes_since(self, tick: int) -> float:
        """Return minutes from *tick* to now."""
        return (self.tick - tick) * self.clock.base_tick_min

    def memory(self, seat: str, site: str) -> SeatMemory:
        """Return what a seat remembers of a site."""
        return self.standing.memory.setdefault((seat, site), SeatMemory())

    def sites_of(self, seat: str) -> tuple[str, ...]:
        """Return the sites in play that a seat commands: its own, or all."""
        own = self.scenario.file.seats[seat].site
        return tuple(site for site in self.sites if own is None or own == site)

    def day_key(self) -> int:
        """Return the key of draws that are made once a day."""
        return name_key("day", self.run_key, self.day.name)


def new_world(scenario: Scenario, seed: int, seats: Mapping[str, Seat]) -> World:
    """Return the world before its first day (``begin_day`` makes the sites)."""
    values = scenario.parameters
    numbers = {name: float(item.value) for name, item in values.valued.items() if not isinstance(item.value, str)}
    governments = scenario.framework.command.governments
    standing = Standing(
        licence={item.id: item.licence.value for item in governments},
        confidence=numbers["majority_confidence"],
    )
    framework = felt_framework(scenario.framework, numbers["explicit_rules_felt"], numbers["freedom_felt"])
    return World(
        scenario=scenario,
        seed=seed,
        clock=scenario.clock(),
        run_key=run_key(scenario.whole_name, seed),
        parameters=values.record(),
        numbers=numbers,
        level_effects=np.array([0.0, *(numbers[name] for name in LEVEL_EFFECTS)]),
        seats=seats,
        unit_rows=_unit_rows(scenario),
        standing=standing,
        record=Record(),
        day=scenario.days[0],
        framework=framework,
        rules_changed=rules_changed(framework),
    )


def _unit_rows(scenario: Scenario) -> dict[str, slice]:
    """Return which rows of every site's table of sections each unit has."""
    rows, first = {}, 0
    for unit in units_in_play(scenario):
        rows[unit.id] = slice(first, first + unit.sections)
        first += unit.sections
    return rows


def begin_day(world: World, day: Day, mobilised: Mapping[str, float]) -> None:
    """Set the clock to a day's start and its sites up; seats forget the day before, but for what it taught them all.

    Parameters
    ----------
    mobilised
        By site: factor on the turnout from what happened before.
    """
    world.day = day
    world.tick = world.clock.tick_at(day.file.start)
    world.end_tick = world.clock.tick_at(day.file.end)
    world.midnight_min = 1440.0 * (day.file.start.date() - world.scenario.origin.date()).days
    standing = world.standing
    standing.pending.clear()
    standing.memory.clear()
    standing.busy_until.clear()
    standing.hand_overs.clear()
    standing.answers.clear()
    standing.pressing.clear()
    standing.decisions = 0
    standing.units = {unit.id: UnitPlace() for unit in units_in_play(world.scenario)}
    world.sites = {site: _site_in_play(world, day, site, mobilised.get(site, 1.0)) for site in day.sites}
    world.operation = _operation(world, day)


def _operation(world: World, day: Day) -> Operation | None:
    """Return what begins round an armed group on a day; None where there is none."""
    if day.armed is None:
        return None
    numbers = world.numbers
    mean, stock = numbers["resolve_prior_mean"], numbers["resolve_prior_stock"]
    prior = Bank(mean * stock, (1.0 - mean) * stock)
    midnight = world.clock.ticks_in(world.midnight_min)
    key = inputs_key(world.scenario, world.run_key)
    return start_operation(day.armed, key, midnight, world.clock.base_tick_min, round(numbers["cell_persons"]), prior)


def _site_in_play(world: World, day: Day, site: str, mobilised: float) -> SiteInPlay:
    scenario = world.scenario
    ground, state, waves = start_site(scenario, day, site, world.run_key, mobilised)
    lead = day.file.lead[site]
    found = SiteInPlay(
        name=site,
        file=scenario.file.sites[site],
        plan=scenario.plans[site],
        ground=ground,
        state=state,
        waves=waves,
        dealings=Dealings(),
        lead=Lead(leads={lead.lead}, supporting=set(lead.supporting)),
        record=world.record.at(day.name, site),
        assigned_post=state.sections["post"].copy(),
    )
    _fix_prepared_time(world, found)
    return found


def _fix_prepared_time(world: World, site: SiteInPlay) -> None:
    """A prepared group's leader fixes his time beforehand; where there is no such group nothing is due."""
    if not (site.state.people["role"] == Role.PREPARED).any():
        return
    group = world.day.file.crowds[site.name].prepared_group
    earliest, latest = minutes_of_day(group.acts_from), minutes_of_day(group.acts_until)
    share = draw(world.day_key(), 0, name_key("prepared group", site.name), Purpose.PREPARED_TIME)
    minute = earliest + share * (latest - earliest) - world.minute_of_day()
    site.dealings.prepared_tick = world.tick + world.clock.ticks_in(max(minute, 0.0))
