"""State: everything that changes in a run, as tables of rows. Nothing else in the model remembers anything.

Mesa agents hold identity and behaviour and read their row here; kernels update the rows. Sums over people are whole
numbers, so that row order never matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from sim.foundations.columns import Column, table

type Rows = np.ndarray
"""A structured array, one row an entity, or a plain array, one item a cell."""

NEVER = 2_000_000_000
"""A tick that does not come."""

BINS = 64
"""Bearings into which the ground before a held door is divided, for the line's local distance."""

PEOPLE = (
    Column("id", "u8", "1", "stable identity: hash of the cause of arrival and an ordinal"),
    Column("role", "i1", "Role", "what the person came for"),
    Column("conduct", "i1", "Conduct", "what the person is doing"),
    Column("cell", "i4", "cell", "where on the site plan; -1 off site"),
    Column("cluster", "i4", "1", "group of 3 to 6 people who came together"),
    Column("gate", "i4", "cell", "where the person arrives"),
    Column("arrival_tick", "i4", "tick", "when the person arrives"),
    Column("distance_cells", "f8", "cells", "distance from the line at which the person likes to stand"),
    Column("bearing", "f8", "share", "part of the front at which the person likes to stand, 0 one end to 1 the other"),
    Column("grievance", "f8", "share", "lasting grievance g"),
    Column("risk_aversion", "f8", "share", "aversion to risk r"),
    Column("threshold", "f8", "1", "threshold T of turning violent"),
    Column("certainty", "f8", "share", "perceived certainty of consequence c"),
    Column("legitimacy_kfor", "f8", "share", "legitimacy of KFOR"),
    Column("legitimacy_before", "f8", "share", "legitimacy of KFOR when the person came"),
    Column("legitimacy_kp", "f8", "share", "legitimacy of the Kosovo Police"),
    Column("legitimacy_eulex", "f8", "share", "legitimacy of EULEX"),
    Column("anger", "f8", "share", "anger of the moment x"),
    Column("fear", "f8", "share", "fear of the moment"),
    Column("spent", "f8", "share", "how far violence has tired the person"),
    Column("grade", "i1", "Grade", "how badly hurt"),
    Column("means", "i1", "Means", "by what"),
    Column("was_violent", "i1", "bool", "whether violent at any time"),
)

SECTIONS = (
    Column("id", "u8", "1", "stable identity: hash of the section's name"),
    Column("side", "i1", "Side", "which organisation"),
    Column("contingent", "i2", "1", "index of the contingent"),
    Column("post", "i1", "Post", "where in the formation"),
    Column("on_site", "i1", "bool", "whether it is at the site"),
    Column("special", "i1", "bool", "whether it is special police"),
    Column("cell", "i4", "cell", "where on the site plan"),
    Column("bearing", "f8", "share", "place along the line, 0 one end to 1 the other"),
    Column("rank", "i4", "cells", "steps from the door at which it stands"),
    Column("strength", "i4", "persons", "persons at the start"),
    Column("hurt", "i4", "persons", "persons hurt so far"),
    Column("serious", "i4", "persons", "of these seriously or worse, out of the line"),
    Column("protection", "f8", "share", "share of injuries that kit prevents"),
    Column("trained", "f8", "share", "trained performance when fresh"),
    Column("training", "f8", "1", "factor of training, less fatigue, on the chance of injury"),
    Column("excess", "f8", "1", "force used over force ordered, at least 1"),
    Column("arrived_tick", "i4", "tick", "since when it is on site"),
    Column("hesitates_until", "i4", "tick", "until when it hesitates to carry out a push"),
    Column("level", "i1", "Level", "level of force it shows or is announced with"),
    Column("pushing", "i1", "bool", "whether it pushes"),
    Column("uses_agents", "i1", "bool", "whether it uses agents"),
    Column("detains", "i1", "bool", "whether it may, and is equipped to, detain"),
    Column("bound_until", "i4", "tick", "until when a detention binds it"),
    Column("may_agents", "i1", "bool", "whether kit and caveats let it use agents"),
    Column("may_push", "i1", "bool", "whether kit and caveats let it push"),
    Column("given", "i4", "cells", "ground given, in steps, since it took the line"),
)


class Post(IntEnum):
    """Where a section stands."""

    LINE = 0
    SECOND_LINE = 1
    DOOR = 2
    BUILDING = 3
    VEHICLE = 4
    DETENTION_TEAM = 5  # follows the line


class Seen(IntEnum):
    """What is counted in each cell and summed over a person's view."""

    PRESENT = 0
    VIOLENT = 1
    PRESSING = 2
    SEATED = 3
    KFOR = 4
    KP = 5
    EULEX = 6
    SPECIAL = 7
    DETAINERS = 8
    THREAT = 9  # level effects of sections, in fixed point
    PUSHING = 10  # pushing sections next to the cell
    HURT_NOW = 11  # people hurt since the last psychology step
    DETAINED_NOW = 12  # people detained since then


INCIDENTS = (
    Column("tick", "i4", "tick", "when"),
    Column("kind", "i1", "Incident", "what"),
    Column("entity", "u8", "1", "to whom"),
    Column("other", "u8", "1", "by or against whom, where known"),
    Column("cell", "i4", "cell", "where"),
    Column("side", "i1", "Side", "whose person it happened to"),
    Column("grade", "i1", "Grade", "how bad"),
    Column("means", "i1", "Means", "by what"),
    Column("first", "f8", "1", "first factor: agitation; base chance; pressure ratio"),
    Column("second", "f8", "1", "second factor: net risk; protection; strength"),
    Column("third", "f8", "1", "third factor: threshold; training"),
    Column("odds", "f8", "chance", "the chance that the rule gave"),
    Column("draw", "f8", "1", "the draw it was held against"),
)


class Incident(IntEnum):
    """What happened, as the record tells it."""

    TURNED_VIOLENT = 0
    STOPPED = 1
    FLED = 2
    WENT_HOME = 3
    HURT = 4
    GAVE_GROUND = 5
    GAINED_GROUND = 6
    DETAINED = 7
    SHOT_FIRED = 8
    AGENT_USED = 9
    LINE_BROKE = 10
    OUTFLANKED = 11


FACTORS = {
    Incident.TURNED_VIOLENT: ("agitation", "net risk", "threshold"),
    Incident.STOPPED: ("agitation", "net risk", "threshold"),
    Incident.FLED: ("fear", "nerve", "rate a minute"),
    Incident.WENT_HOME: ("rate a minute", "", ""),
    Incident.HURT: ("base chance or rate", "protection or reach", "training or selectivity"),
    Incident.GAVE_GROUND: ("pressure ratio", "pressing", "violent at the line"),
    Incident.GAINED_GROUND: ("people ahead", "", ""),
    Incident.DETAINED: ("rate a minute", "in reach", "selectivity"),
    Incident.SHOT_FIRED: ("rate a minute", "", ""),
    Incident.AGENT_USED: ("uses a minute", "", ""),
    Incident.LINE_BROKE: ("pressure ratio", "pressing", "violent at the line"),
    Incident.OUTFLANKED: ("steps ahead of its neighbour", "flank factor", ""),
}
"""What the three factor columns of an incident hold, by kind."""

SITUATION = (
    Column("tick", "i8", "tick", "now"),
    Column("restraint", "f8", "share", "how far leaders hold people back, 0 to 1"),
    Column("aim", "i8", "Aim", "what leaders call for"),
    Column("going_home", "i8", "bool", "whether leaders send people home"),
    Column("dark", "i8", "bool", "whether it is past dusk"),
    Column("rain", "i8", "bool", "whether it rains"),
    Column("barriers", "i8", "bool", "whether barriers and wire stand before the line"),
    Column("exits_open", "i8", "bool", "whether people can leave"),
    Column("unpunished", "f8", "share", "share of the expected cost of violence left out of account below an explicit trigger"),
    Column("prepared_acting", "i8", "bool", "whether a prepared group acts"),
    Column("volatility", "f8", "1", "what differs from day to day in the crowd"),
    Column("injury", "f8", "1", "what differs from day to day in injuries"),
    Column("push_selectivity", "f8", "share", "whom a push hits: 0 everybody in reach, 1 identified violent persons"),
    Column("agents_selectivity", "f8", "share", "whom agents are meant for; they hit everybody in their cell"),
    Column("detention_selectivity", "f8", "share", "whom detention teams take"),
    Column("wind_east", "f8", "share", "direction in which agents drift, -1 to 1"),
    Column("wind_south", "f8", "share", "the same towards the south"),
    Column("line_target", "i8", "cells", "steps from the door to which the line is ordered"),
    Column("extracting", "i8", "bool", "whether stuck vehicles are being brought out"),
    Column("detaining", "i8", "bool", "whether detention teams are sent forward"),
    Column("line_held", "i8", "bool", "whether the line has never been broken through"),
)


class Aim(IntEnum):
    """What crowd leaders call for at present."""

    GATHER = 0
    STAND = 1
    SIT = 2
    PRESS = 3


SERIES = (
    Column("tick", "i4", "tick", "when"),
    *(Column(name, "i4", "persons", f"protesters {name}") for name in ("present", "assembling", "standing", "sitting", "pressing")),
    *(Column(name, "i4", "persons", f"protesters {name}") for name in ("violent", "fleeing", "leaving", "gone", "detained", "injured")),
    Column("anger", "f8", "share", "mean anger of those present"),
    Column("fear", "f8", "share", "mean fear of those present"),
    Column("legitimacy_kfor", "f8", "share", "mean legitimacy of KFOR among the protesters"),
    Column("kfor_hurt", "i4", "persons", "KFOR hurt so far (truth)"),
    Column("police_hurt", "i4", "persons", "police hurt so far (truth)"),
    Column("protesters_hurt", "i4", "persons", "protesters hurt so far (truth)"),
    Column("level", "i1", "Level", "highest level of force on site"),
    Column("advance_m", "f8", "m", "mean ground gained by the line"),
    Column("vehicles_stuck", "i4", "vehicles", "vehicles still blocked"),
    Column("leads", "i1", "organisations", "organisations in the lead"),
)


@dataclass
class Ground:
    """The site as kernels see it: static cell tables and the rings of line positions before the held door."""

    rows: int
    columns: int
    cell_m: float
    open: np.ndarray = field(repr=False)
    door_steps: np.ndarray = field(repr=False)
    exit_steps: np.ndarray = field(repr=False)
    bin: np.ndarray = field(repr=False)
    rings: np.ndarray = field(repr=False)
    ring_length: np.ndarray = field(repr=False)
    vehicles: np.ndarray = field(repr=False)
    neighbours: np.ndarray = field(repr=False)


@dataclass
class State:
    """All that changes.

    Attributes
    ----------
    people, sections
        One row a protester, one row a section of a force.
    situation
        One row: what holds for the whole site at this tick.
    counts, view
        ``(len(Seen), cells)``: what stands in each cell, and what is seen from it.
    agents, provocation
        ``(cells,)``: concentration of agents; provocation felt in this psychology step.
    cluster_provocation, cluster_detained
        ``(clusters,)``: provocation felt by one cluster alone; its members detained since the last psychology step.
    line_rank
        ``(BINS,)``: steps from the door at which the line stands, by bearing; 0 where there is none.
    vehicle_clear_ticks
        ``(vehicles,)``: how long each stuck vehicle has been free of people; -1 once it is out.
    incidents, incident_count
        What happened since it was last collected.
    """

    people: np.ndarray
    sections: np.ndarray
    situation: np.ndarray
    counts: np.ndarray
    view: np.ndarray
    agents: np.ndarray
    provocation: np.ndarray
    cluster_provocation: np.ndarray
    cluster_detained: np.ndarray
    line_rank: np.ndarray
    vehicle_clear_ticks: np.ndarray
    incidents: np.ndarray
    incident_count: np.ndarray


def empty_state(ground: Ground, people: int, sections: int, clusters: int) -> State:
    """Return a zeroed state for a site and so many people, sections and clusters."""
    cells = ground.rows * ground.columns
    return State(
        people=table(PEOPLE, people),
        sections=table(SECTIONS, sections),
        situation=table(SITUATION, 1),
        counts=np.zeros((len(Seen), cells), dtype=np.int64),
        view=np.zeros((len(Seen), cells), dtype=np.int64),
        agents=np.zeros(cells),
        provocation=np.zeros(cells),
        cluster_provocation=np.zeros(clusters),
        cluster_detained=np.zeros(clusters, dtype=np.int64),
        line_rank=np.zeros(BINS, dtype=np.int64),
        vehicle_clear_ticks=np.zeros(len(ground.vehicles), dtype=np.int64),
        incidents=table(INCIDENTS, 4 * people + 16 * sections + 64),
        incident_count=np.zeros(1, dtype=np.int64),
    )
