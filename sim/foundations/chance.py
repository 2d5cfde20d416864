"""Chance: one draw for each (run, entity, tick, purpose), by counter, never by order.

A draw is a hash of the run's key, the base tick, the entity's stable id and the purpose of the question. So a policy that
changes one decision changes only what that decision touches: everything else keeps its draws (common random numbers), and
row order, worker count and machine never matter. The run key comes from the scenario's name and the seed, never from the
policy.

Source of the mixer: the finaliser published as splitmix64 (Steele, Lea & Flood 2014); folding each part in by a full mix
keeps the streams of different runs from being shifted copies of one another.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

from sim.foundations.arithmetic import log, sqrt
from sim.foundations.rule import rule, word

_STEP = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_ENTITY = 0xD1342543DE82EF95
_UNIT = 1.0 / 9007199254740992.0


class Purpose(IntEnum):
    """What a draw decides. Each member has one call site, which a test checks."""

    EPISODE_EFFECT = 1
    TRAIT_GRIEVANCE = 2
    TRAIT_RISK_AVERSION = 3
    TRAIT_CERTAINTY = 4
    TRAIT_THRESHOLD = 5
    TRAIT_LEGITIMACY = 6
    ROLE = 7
    ARRIVAL = 8
    ARRIVAL_GATE = 9
    WAVE_SIZE = 10
    ONSET = 11
    STOPPING = 12
    DISPERSAL = 13
    DEPARTURE = 14
    STEP_ACROSS = 15
    STEP_CHOICE = 16
    THROW = 19
    THROW_KIND = 20
    THROW_TARGET = 21
    THROW_INJURY = 22
    THROW_GRADE = 23
    FORCE_INJURY = 25
    FORCE_GRADE = 26
    AGENT_INJURY = 27
    AGENT_GRADE = 28
    GUNFIRE = 29
    GUNFIRE_TARGET = 30
    GUNFIRE_GRADE = 31
    LINE_HOLDS = 32
    DETENTION_IDENTIFIED = 33
    DETENTION_MADE = 34
    DETENTION_HANDED_OVER = 35
    LATER_IDENTIFIED = 36
    LATER_ARRESTED = 37
    REPORTED = 38
    CLUSTER_SIZE = 39
    SENSING = 40
    SENSING_MOOD = 41
    AUTHORITY_DELAY = 42
    AGENT_MISFIRE = 45
    FOLLOWS_LEADER = 46
    PLANNED = 47
    PREPARED_TIME = 48
    TURNOUT = 49
    GUNFIRE_CROWD = 51
    AGENT_USE = 52
    GROUND_GAINED = 53
    DISTANCE = 54
    LOT = 55
    BEARING = 56
    NOTICE_TO_MOVE = 70
    JOURNEY = 71
    HAND_OVER = 72
    CONCESSION = 73
    DAYS_BEFORE = 74
    CHARGED = 75
    CONVICTED = 76
    ARREST_DAY = 77
    REPORT_LAG = 78
    ARMED_TIME = 80
    CIVILIANS_PRESENT = 81
    ARMED_CHOICE = 82
    DETECTION = 83
    REPORT_LATENCY = 84
    LEAK = 85
    FALSE_ALARM = 86
    ARMED_ESTIMATE = 87
    FIRE_TIME = 88
    FIRE_SIDE = 89
    FIRE_TARGET = 90
    FIRE_GRADE = 91
    STRAY_HIT = 92
    CELL_WAY = 93
    CELL_PACE = 94
    CELL_STOPPED = 95
    CELL_RESISTS = 96
    BUILD_UP = 97
    REINFORCEMENT = 98
    OTHER_ATTACK = 99
    SEARCH_FINDS = 100
    SOURCE_WARNS = 101
    MISTAKEN_FIRE = 102
    EXIT_ACCEPTED = 103
    ARMED_JOURNEY = 104
    ARMED_CHOICE_COUNT = 105
    AWAY_JOURNEY = 106
    CELL_CHOOSES_WAY = 108
    EPSTEIN_HARDSHIP = 60
    EPSTEIN_RISK_AVERSION = 61
    EPSTEIN_PLACE = 62
    EPSTEIN_ORDER = 63
    EPSTEIN_MOVE = 64
    EPSTEIN_ARREST = 65
    EPSTEIN_JAIL = 66
    EPSTEIN_ONSET = 67
    CAMPAIGN_LEADER = 120
    CAMPAIGN_CROWD = 121
    CAMPAIGN_PRISTINA = 122
    CAMPAIGN_SABOTAGE = 123
    CAMPAIGN_SEARCH = 124
    CAMPAIGN_BARGAIN = 125
    CAMPAIGN_HURT = 126
    CAMPAIGN_ANSWERED = 127
    CAMPAIGN_BUILD_UP = 128
    CAMPAIGN_ARRIVAL = 129
    CAMPAIGN_REMOVAL = 130
    CAMPAIGN_BLOCKADE_VIOLENCE = 131
    CAMPAIGN_REMOVAL_KILLS = 132
    TRIGGER_BINDS = 140
    SECTION_TRAINS = 141
    SEARCHED_BEFORE = 142
    ACTS_ALONE = 143
    JOINT_PATROL = 144
    GETS_UP = 145
    EPISODE_INPUT = 150


@rule
def mix(number: int) -> int:
    """Return a 64-bit word in which every bit of *number* has moved every other."""
    mixed = word(word(number) + word(_STEP))
    mixed = word((mixed ^ (mixed >> word(30))) * word(_FIRST))
    mixed = word((mixed ^ (mixed >> word(27))) * word(_SECOND))
    return mixed ^ (mixed >> word(31))


@rule
def moment_key(run_key: int, tick: int) -> int:
    """Return the key shared by all draws of one base tick; hoist it out of loops over entities."""
    return mix(word(run_key) ^ mix(word(tick)))


@rule
def entity_key(moment: int, entity: int) -> int:
    """Return the key shared by all draws that concern one entity at one moment."""
    return mix(word(moment) ^ word(word(entity) * word(_ENTITY)))


@rule
def uniform(key: int, purpose: int) -> float:
    """Return the uniform number in [0, 1) that answers *purpose* for the entity whose key this is."""
    return float(mix(word(key) + word(word(purpose) * word(_STEP))) >> word(11)) * _UNIT


@rule
def draw(run_key: int, tick: int, entity: int, purpose: int) -> float:
    """Return the one uniform number in [0, 1) for (run, tick, entity, purpose)."""
    return uniform(entity_key(moment_key(run_key, tick), entity), purpose)


@rule
def normal_quantile(share: float) -> float:
    """Return the standard normal quantile of *share* in (0, 1), within 1.2e-9 relative error.

    Source: rational approximation with the coefficients published by Acklam (2003).
    """
    if share < 0.02425:
        tail = sqrt(-2.0 * log(share))
        above = 1.0
    elif share > 0.97575:
        tail = sqrt(-2.0 * log(1.0 - share))
        above = -1.0
    else:
        offset = share - 0.5
        square = offset * offset
        top = -3.969683028665376e1 * square + 2.209460984245205e2
        top = ((top * square - 2.759285104469687e2) * square + 1.383577518672690e2) * square
        top = (top - 3.066479806614716e1) * square + 2.506628277459239
        low = -5.447609879822406e1 * square + 1.615858368580409e2
        low = ((low * square - 1.556989798598866e2) * square + 6.680131188771972e1) * square
        low = (low - 1.328068155288572e1) * square + 1.0
        return top * offset / low
    top = -7.784894002430293e-3 * tail - 3.223964580411365e-1
    top = ((top * tail - 2.400758277161838) * tail - 2.549732539343734) * tail
    top = (top + 4.374664141464968) * tail + 2.938163982698783
    low = ((7.784695709041462e-3 * tail + 3.224671290700398e-1) * tail + 2.445134137142996) * tail
    low = (low + 3.754408661907416) * tail + 1.0
    return above * top / low


def name_key(*parts: object) -> int:
    """Return a stable 63-bit id for a name made of *parts* (an entity, an event, a scenario and a seed).

    63 bits, so that every id is an ``int64`` to a compiled kernel and fits an ``i8`` column.
    """
    text = "\x1f".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little") >> 1


def run_key(scenario: str, seed: int) -> int:
    """Return the key of a run. It depends on the scenario's name and the seed alone: a policy keeps its draws."""
    return name_key("run", scenario, seed)
