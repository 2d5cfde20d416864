"""Casualties: how badly, and how many of them a report counts.

Injuries are light, serious or fatal, by means. Reports grow: the first counts serious injuries more surely than light ones,
the final one nearly all. For 29 May 2023 KFOR's count went 25, 30, 93 (facts N1-N3).

Not modelled: treatment, long-term harm.
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule
from sim.vocabulary import Grade, Means

CONCEPT = Concept(
    "casualties",
    (
        Parameter("object_serious_share", "share", 0, 1, "share of injuries by thrown objects that are serious"),
        Parameter("incendiary_serious_share", "share", 0, 1, "share of injuries by incendiaries that are serious"),
        Parameter("device_serious_share", "share", 0, 1, "share of injuries by devices that are serious"),
        Parameter("gunfire_serious_share", "share", 0, 1, "share of gunshot injuries that are serious"),
        Parameter("baton_serious_share", "share", 0, 1, "share of injuries by batons that are serious"),
        Parameter("agent_serious_share", "share", 0, 1, "share of injuries by agents that are serious"),
        Parameter("gunfire_fatal_share", "share", 0, 1, "share of gunshot injuries that are fatal"),
        Parameter("other_fatal_share", "share", 0, 0.1, "share of all other injuries that are fatal"),
        Parameter("first_report_light_chance", "chance", 0, 1, "q_light: chance that a light injury is in a force's first report"),
        Parameter("first_report_serious_chance", "chance", 0, 1, "q_serious: chance that a serious one is; more than q_light"),
        Parameter("report_growth_days", "days", 1, 120, "days in which about two thirds of what the first report missed have been added"),
        Parameter("final_report_chance", "chance", 0.85, 1, "r: chance that an injury is in a force's final report"),
        Parameter("crowd_report_chance", "chance", 0.3, 1, "chance that a protester's injury is ever reported"),
    ),
)


@rule
def grade_of_injury(share: float, serious_share: float, fatal_share: float) -> int:
    """Return how bad an injury is, for a uniform *share*: fatal below the fatal share, then serious, else light."""
    if share < fatal_share:
        return Grade.FATAL.value
    return Grade.SERIOUS.value if share < fatal_share + serious_share else Grade.LIGHT.value


@rule
def share_for_means(means: int, thrown: float, incendiary: float, device: float, gunfire: float, baton: float, agent: float) -> float:
    """Return the one of six shares that belongs to *means*."""
    if means == Means.THROWN_OBJECT:
        return thrown
    if means == Means.INCENDIARY:
        return incendiary
    if means == Means.DEVICE:
        return device
    if means == Means.GUNFIRE:
        return gunfire
    return baton if means == Means.BATON else agent


@rule
def in_report(draw: float, grade: int, light_chance: float, serious_chance: float) -> bool:
    """Return whether an injury is counted, for a uniform *draw*; the dead are always counted."""
    if grade == Grade.FATAL:
        return True
    return draw < (serious_chance if grade == Grade.SERIOUS else light_chance)
