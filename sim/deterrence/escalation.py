"""Escalation: steps between the parties, up and down, from what happened on the ground and what governments do about it.

Steps: 0 routine, 1 blockade, 2 clash with ten or more hurt, 3 fatality or armed attack, 4 army readiness raised, 5 build-up and
third-party warning, 6 cross-boundary force. Steps 1 to 3 follow from events; 4 is a government's order, 5 a hazard that pretext
and casualties raise and a third party's warning lowers; 6 is never played: it is told as exposure, hours at step 5. All
hazards are prior-only assumptions: one build-up and draw-down (facts 2.4) is not a base rate.
"""

from __future__ import annotations

from enum import IntEnum

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule


class EscalationStep(IntEnum):
    """How far it has gone between the parties."""

    ROUTINE = 0
    BLOCKADE = 1
    CLASH = 2
    ARMED_ATTACK = 3
    ARMY_READINESS = 4
    BUILD_UP = 5


CONCEPT = Concept(
    "escalation",
    (
        Parameter("build_up_per_hour", "1/h", 0, 1, "rate at which raised readiness turns into a build-up at full pretext"),
        Parameter("pretext_of_casualty", "share", 0, 1, "pretext that each person killed on the side a government stands behind adds"),
        Parameter("pretext_of_civilian", "share", 0, 1, "pretext that each civilian hurt adds"),
        Parameter("warning_lowers", "share", 0, 1, "share by which a third party's warning lowers that rate; 0 not at all, 1 to nothing"),
        Parameter("channel_lowers", "share", 0, 1, "share by which talks over the military channel lower it; 0 not at all"),
        Parameter(
            "monitor_lowers", "share", 0, 1, "share by which independent monitoring lowers the pretext that a compound gives; 0 not at all"
        ),
        Parameter("calming_per_hour", "1/h", 0, 1, "rate at which readiness and build-up come down once nothing new happens"),
        Parameter("reinforcement_days_low", "days", 0, 30, "fewest days until reinforcements arrive after their order"),
        Parameter("reinforcement_days_high", "days", 0, 30, "most days until reinforcements arrive after their order"),
    ),
)


@rule
def pretext(killed: int, civilians: int, compound: float, others: float, of_casualty: float, of_civilian: float) -> float:
    """Return pretext in [0, 1]: killed on the side a government stands behind, civilians hurt, fighting in a compound, others."""
    return min(killed * of_casualty + civilians * of_civilian + compound + others, 1.0)


@rule
def build_up_chance(
    per_hour: float, minutes: float, given: float, warned: bool, lowers: float, channel: bool, channel_lowers: float
) -> float:
    """Return the chance that readiness turns into a build-up in so many minutes: 1 - exp(-rate), lowered by warning and channel."""
    kept = (1.0 - lowers if warned else 1.0) * (1.0 - channel_lowers if channel else 1.0)
    return 1.0 - exp(-per_hour * given * kept * minutes / 60.0)


@rule
def calming_chance(per_hour: float, minutes: float, given: float) -> float:
    """Return the chance of one step down in so many minutes: the less pretext, the more likely."""
    return 1.0 - exp(-per_hour * (1.0 - given) * minutes / 60.0)
