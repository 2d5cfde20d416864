"""Operation: all that changes round an armed group in one run: its fighters, what closes round them, and who knows what.

One row a fighter; cells move, hide and escape together. Where the group is, how far the ground is closed, cleared and searched, and
what each organisation has been told stand here; units stand in ``World.standing`` as in every scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

import numpy as np

from sim.deterrence.escalation import EscalationStep
from sim.doctrine.seat_orders import Organisation
from sim.engine.state import NEVER
from sim.foundations.chance import Purpose, draw, mix, name_key
from sim.foundations.columns import Column, table
from sim.foundations.figures import minutes_on
from sim.scenario.armed_files import Armed
from sim.scenario.armed_schema import Way
from sim.vocabulary import FighterPhase, Grade, OrderKind

FIGHTERS = (
    Column("id", "u8", "1", "stable identity: hash of the group's name and an ordinal"),
    Column("cell", "i2", "1", "cell of the group that the fighter belongs to"),
    Column("phase", "i1", "FighterPhase", "what the fighter is doing"),
    Column("grade", "i1", "Grade", "how badly hurt"),
    Column("means", "i1", "Means", "by what"),
)

OUT_OF_PLAY = (FighterPhase.ESCAPED, FighterPhase.ABORTED, FighterPhase.CAPTURED, FighterPhase.KILLED)


class GroupStage(StrEnum):
    """What the group as a whole is doing."""

    PREPARING = "preparing"
    MOVING_IN = "moving_in"
    WAITING = "waiting"  # in place, the road not yet blocked
    BLOCKING = "blocking"
    IN_CONTACT = "in_contact"  # with a patrol at the roadblock
    HOLDING = "holding"  # in the compound
    BREAKING_OUT = "breaking_out"
    GONE = "gone"
    ABORTED = "aborted"


class Duty(StrEnum):
    """What a unit does in the operation."""

    PATROL = "patrol"  # answers the call at the roadblock
    STANDBY = "standby"
    CORDON = "cordon"
    ASSAULT = "assault"
    SWEEP = "sweep"
    BOUNDARY = "boundary"
    OTHER_SITES = "other_sites"
    MONITOR = "monitor"


AWAY = "@"
"""What stands before a duty as a unit's place when it does the duty elsewhere than at the site."""


@dataclass
class Report:
    """A report on its way to an organisation."""

    due_tick: int
    to: Organisation
    fact: str
    asset: str
    value: float
    happened_tick: int


@dataclass
class CellOut:
    """A cell on its way out: by which way, and when it reaches the cordon, then the boundary."""

    cell: int
    way: Way
    cordon_tick: int
    boundary_tick: int
    through_cordon: bool = False


@dataclass
class Bank:
    """Evidence about a force's resolve, as one audience has it: Beta(alpha, beta)."""

    alpha: float
    beta: float


@dataclass
class Operation:
    """The state of one operation.

    Attributes
    ----------
    due_tick
        When the stage that the group is in ends by itself (arrival, block).
    happened
        By name: the tick at which something first happened (block, contact, encircled, gone, control ...).
    closed_roads, closed_paths, cleared, swept
        Shares, 0 to 1.
    duties, default_duty
        By unit; by organisation, for its units that come later.
    away
        Units on a duty elsewhere than at the site, and the tick from which they do it.
    told
        By organisation: the tick at which it was told a fact.
    signs
        Signs of being discovered that the group has noticed.
    evidence
        By audience and force.
    hours_at
        Hours spent at each escalation step.
    past_block, block_cleared_min
        By unit that has met the roadblock: the tick from which it is past it; minutes of work spent on clearing it.
    """

    armed: Armed
    fighters: np.ndarray
    dusk_tick: int
    dawn_tick: int
    day_ticks: int
    leave_tick: int
    block_tick: int
    stage: GroupStage = GroupStage.PREPARING
    due_tick: int = NEVER
    happened: dict[str, int] = field(default_factory=dict)
    civilians: int = 0
    closed_roads: float = 0.0
    closed_paths: float = 0.0
    cleared: float = 0.0
    swept: float = 0.0
    duties: dict[str, Duty] = field(default_factory=dict)
    default_duty: dict[Organisation, Duty] = field(default_factory=dict)
    away: dict[str, tuple[Duty, int]] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    told: dict[Organisation, dict[str, int]] = field(default_factory=dict)
    estimates: dict[Organisation, tuple[float, int, str]] = field(default_factory=dict)
    detected: set[tuple[str, str]] = field(default_factory=set)
    assets_called: set[str] = field(default_factory=set)
    signs: int = 0
    cells_out: list[CellOut] = field(default_factory=list)
    weighed_tick: int = -NEVER
    news_tick: int = 0
    best: str = ""
    crossings_closed: bool = False
    exit_open: bool = False
    exit_agreed: bool = False
    medevac_tick: int = NEVER
    warned_tick: int = NEVER
    channel: bool = False
    monitored: bool = False
    public: bool = False
    fire_held: bool = False
    other_attack_tick: int = NEVER
    other_attacks: int = 0
    pretext_of_others: float = 0.0
    step: EscalationStep = EscalationStep.ROUTINE
    hours_at: dict[int, float] = field(default_factory=dict)
    reinforcement_ordered_tick: int = NEVER
    local_grievance: float = 0.0
    civilians_hurt: int = 0
    evacuation_minutes: list[float] = field(default_factory=list)
    evidence: dict[tuple[str, str], Bank] = field(default_factory=dict)
    together_since: int = NEVER
    armed_together: int = 1
    lost: dict[str, int] = field(default_factory=dict)
    strength_at: dict[str, int] = field(default_factory=dict)
    past_block: dict[str, int] = field(default_factory=dict)
    block_cleared_min: float = 0.0

    @property
    def road_closed(self) -> bool:
        """Whether the roadblock stands, held or left behind: no vehicle passes it."""
        return "block" in self.happened and "road_open" not in self.happened

    @property
    def closed_routes(self) -> tuple[str, ...]:
        """Routes that no vehicle can use now."""
        return self.armed.group.blocks if self.road_closed else ()

    @property
    def block_held(self) -> bool:
        """Whether the group is at its roadblock."""
        return self.stage in (GroupStage.BLOCKING, GroupStage.IN_CONTACT)

    @property
    def site(self) -> str:
        """The site in play round which it happens."""
        return self.armed.group.site

    def mark(self, name: str, tick: int) -> bool:
        """Keep when something first happened; tell whether this was the first time."""
        if name in self.happened:
            return False
        self.happened[name] = tick
        return True

    def in_phase(self, *phases: FighterPhase) -> np.ndarray:
        """Return which fighters are in one of these phases."""
        return np.asarray(_looked_up(phases)[self.fighters["phase"]])

    def in_play(self) -> np.ndarray:
        """Return which fighters are still in play: not away, caught or dead."""
        return np.asarray(~_looked_up(OUT_OF_PLAY)[self.fighters["phase"]])

    def fit(self, *phases: FighterPhase) -> int:
        """Return how many fighters in these phases (all in play where none is named) can still fight."""
        there = self.in_phase(*phases) if phases else self.in_play()
        return int((there & (self.fighters["grade"] < Grade.SERIOUS)).sum())

    def fit_rows(self, *phases: FighterPhase) -> np.ndarray:
        """Return the rows of the fighters in these phases who can still fight."""
        return np.flatnonzero(self.in_phase(*phases) & (self.fighters["grade"] < Grade.SERIOUS))

    def move(self, rows: np.ndarray, phase: FighterPhase) -> None:
        """Put fighters into a phase."""
        self.fighters["phase"][rows] = phase

    def cells(self, rows: np.ndarray) -> list[int]:
        """Return the cells that have anybody among these fighters."""
        return [int(cell) for cell in np.unique(self.fighters["cell"][rows])]

    def dark(self, tick: int) -> bool:
        """Tell whether it is dark: from dusk to dawn, every night."""
        return (tick - self.dusk_tick) % self.day_ticks < self.dawn_tick - self.dusk_tick

    def floor(self) -> EscalationStep:
        """Return the escalation step that the events themselves make, whatever governments do."""
        if "contact" in self.happened:
            return EscalationStep.ARMED_ATTACK
        return EscalationStep.BLOCKADE if "block" in self.happened else EscalationStep.ROUTINE

    def aggrieve(self, share: float) -> None:
        """Add to the local community's grievance, at most to 1."""
        self.local_grievance = min(self.local_grievance + share, 1.0)

    def knows(self, organisation: Organisation, fact: str) -> bool:
        """Tell whether an organisation has been told a fact."""
        return fact in self.told.get(organisation, {})

    def sections(self, *duties: Duty) -> Iterator[str]:
        """Give the units that do one of these duties."""
        return (unit for unit, duty in self.duties.items() if duty in duties)


@cache
def _looked_up(phases: tuple[FighterPhase, ...]) -> np.ndarray:
    """Return by phase whether it is among these."""
    among = np.zeros(len(FighterPhase), dtype=bool)
    among[list(phases)] = True
    return among


def start_operation(armed: Armed, run_key: int, midnight_tick: int, base_tick_min: float, cell_persons: int, prior: Bank) -> Operation:
    """Return the operation as the day begins: its times and numbers drawn once.

    Parameters
    ----------
    run_key
        Key of what is drawn about the episode: the run's, where no other draw was asked for.
    midnight_tick
        Tick of the midnight before the day, from which the file's clock times count.
    prior
        What every audience thinks of every force at first.
    """

    def tick(minute: float) -> int:
        return midnight_tick + round(minute / base_tick_min)

    def between(window: str) -> int:
        given = getattr(armed.group, window)
        share = draw(run_key, 0, name_key("armed group", window), Purpose.ARMED_TIME)
        low, high = minutes_on(given.earliest), minutes_on(given.latest)
        return tick(low + share * (high - low))

    fighters = table(FIGHTERS, armed.fighters)
    first = name_key("armed group", armed.group.site)
    fighters["id"] = [mix(first + ordinal) >> 1 for ordinal in range(armed.fighters)]
    fighters["cell"] = np.arange(armed.fighters) // cell_persons
    share = draw(run_key, 0, name_key("armed group", "civilians"), Purpose.CIVILIANS_PRESENT)
    audiences = [(audience, force) for audience in AUDIENCES for force in FORCES]
    return Operation(
        armed=armed,
        fighters=fighters,
        dusk_tick=tick(minutes_on(armed.group.light.dusk)),
        dawn_tick=tick(minutes_on(armed.group.light.dawn)),
        day_ticks=round(1440.0 / base_tick_min),
        leave_tick=between("leaves"),
        block_tick=between("blocks_road"),
        civilians=round(sum(position.civilians.at(share) for position in armed.group.positions.values())),
        evidence={pair: Bank(prior.alpha, prior.beta) for pair in audiences},
    )


AUDIENCES = ("armed_group", "belgrade", "local_serbs", "local_albanians")
"""Who has beliefs about forces of its own; what one learns spreads to the next of :data:`CLOSE`."""

CLOSE = {"armed_group": ("belgrade",), "belgrade": ("armed_group",), "local_serbs": (), "local_albanians": ()}
"""Audiences that are close to one another: a share of what one learns reaches the other."""

FORCES = (Organisation.KFOR, Organisation.KOSOVO_POLICE, Organisation.KSF)

OPEN_CHOICES: dict[GroupStage, tuple[OrderKind, ...]] = {
    GroupStage.PREPARING: (OrderKind.LAUNCH, OrderKind.SHRINK, OrderKind.DELAY, OrderKind.ABORT),
    GroupStage.WAITING: (OrderKind.LAUNCH, OrderKind.SHRINK, OrderKind.ABORT),
    GroupStage.BLOCKING: (OrderKind.AMBUSH, OrderKind.HOLD_OUT, OrderKind.OCCUPY, OrderKind.ABORT),
    GroupStage.IN_CONTACT: (OrderKind.OCCUPY, OrderKind.BREAK_OUT),
    GroupStage.HOLDING: (OrderKind.HOLD_OUT, OrderKind.BREAK_OUT, OrderKind.BARGAIN),
}
"""What the leader chooses between in each stage."""
