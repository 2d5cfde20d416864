"""The world: one run's ground, state and dealings, which the phases read and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.doctrine.orders import Decision, Order
from sim.engine.record import Record
from sim.engine.setup import Wave, start, units_in_play
from sim.engine.state import Ground, State
from sim.foundations.chance import Purpose, draw, name_key
from sim.foundations.clock import Clock
from sim.foundations.figures import minutes_of_day
from sim.scenario.loader import Scenario
from sim.seats.seat import Seat
from sim.vocabulary import Authority, Role, Side

LEVEL_EFFECTS = tuple(
    f"level_effect_{name}" for name in ("presence", "cordon", "ultimatum", "push", "agents", "detention", "restricted_area", "firearms")
)
"""Parameters that hold h(level), from presence upwards; an absent force has none."""


@dataclass
class Pending:
    """An order that waits for its approval."""

    due_tick: int
    order: Order
    decision: Decision


@dataclass
class SeatMemory:
    """What a seat remembers, kept in the state so that replays and branches find it: ticks by order kind or event name."""

    since: dict[str, int] = field(default_factory=dict)
    denied: dict[str, int] = field(default_factory=dict)
    granted: set[Authority] = field(default_factory=set)


@dataclass
class Dealings:
    """What is under way between people: talks, pending approvals, memories, provocations of this minute.

    Attributes
    ----------
    talks
        ``none``, ``offered``, ``open`` or ``refused``.
    pending
        Orders that wait for approval.
    memory
        By seat.
    provocations
        (cell, size) of this psychology step, in canonical order.
    vehicles_stuck
        Whether vehicles have got stuck yet.
    prepared_tick
        When a prepared group acts.
    push_tick
        When the first push began; -1 while there was none.
    """

    talks: str = "none"
    pending: list[Pending] = field(default_factory=list)
    memory: dict[str, SeatMemory] = field(default_factory=dict)
    provocations: list[tuple[int, float]] = field(default_factory=list)
    vehicles_stuck: bool = False
    prepared_tick: int = -1
    prepared_until: int = -1
    push_tick: int = -1
    line_formed: bool = False
    someone_detained: bool = False
    violent: int = 0
    active: int = 0
    clouds: bool = False
    force_minutes: float = 0.0
    overrides: dict[str, tuple[float, float]] = field(default_factory=dict)
    hurt_tick: dict[Side, int] = field(default_factory=dict)
    gave_ground_tick: int = -1_000_000
    confidence: float = 0.0


@dataclass
class World:
    """Everything of one run."""

    scenario: Scenario
    seed: int
    clock: Clock
    ground: Ground
    state: State
    waves: list[Wave]
    run_key: int
    parameters: np.ndarray
    numbers: dict[str, float]
    seats: Mapping[str, Seat]
    assigned_post: np.ndarray
    unit_rows: Mapping[str, slice]
    dealings: Dealings
    record: Record
    psychology_ticks: int = 4
    tick: int = 0
    calendar: dict[int, list[Callable[[World], None]]] = field(default_factory=dict)
    level_effects: np.ndarray = field(default_factory=lambda: np.zeros(0))
    forces_seen: tuple[object, ...] = ()
    forces_viewed: tuple[object, ...] = (None,)
    _rows: dict[int, int] | None = None

    def minute_of_day(self) -> float:
        """Return local time in minutes after midnight of the first day."""
        begun = self.clock.start
        return begun.hour * 60.0 + begun.minute + self.tick * self.clock.base_tick_min

    def row_of(self, entity: int) -> int:
        """Return the row of a person by stable id."""
        if self._rows is None:
            self._rows = {int(name): row for row, name in enumerate(self.state.people["id"])}
        return self._rows[entity]

    def minutes_since(self, tick: int) -> float:
        """Return minutes from *tick* to now."""
        return (self.tick - tick) * self.clock.base_tick_min


def new_world(scenario: Scenario, seed: int, seats: Mapping[str, Seat]) -> World:
    """Return the world at the start of a run."""
    ground, state, waves, key = start(scenario, seed)
    values = scenario.parameters
    numbers = {name: float(item.value) for name, item in values.valued.items() if not isinstance(item.value, str)}
    world = World(
        scenario=scenario,
        seed=seed,
        clock=scenario.clock(),
        ground=ground,
        state=state,
        waves=waves,
        run_key=key,
        parameters=values.record(),
        numbers=numbers,
        seats=seats,
        assigned_post=state.sections["post"].copy(),
        unit_rows=_unit_rows(scenario),
        dealings=Dealings(memory={name: SeatMemory() for name in seats}, confidence=numbers["majority_confidence"]),
        record=Record(),
    )
    world.level_effects = np.array([0.0, *(numbers[name] for name in LEVEL_EFFECTS)])
    _fix_prepared_time(world)
    return world


def _unit_rows(scenario: Scenario) -> dict[str, slice]:
    """Return which rows of the sections' table each unit has."""
    rows, first = {}, 0
    for unit in units_in_play(scenario):
        rows[unit.id] = slice(first, first + unit.sections)
        first += unit.sections
    return rows


def _fix_prepared_time(world: World) -> None:
    """A prepared group's leader fixes his time beforehand; where there is no such group nothing is due."""
    if not (world.state.people["role"] == Role.PREPARED).any():
        return
    group = world.scenario.file.crowd.prepared_group
    earliest, latest = minutes_of_day(group.acts_from), minutes_of_day(group.acts_until)
    share = draw(int(world.run_key), 0, name_key("prepared group"), Purpose.PREPARED_TIME)
    minute = earliest + share * (latest - earliest) - world.minute_of_day()
    world.dealings.prepared_tick = world.clock.ticks_in(max(minute, 0.0))
