"""Prosecution: what becomes of a person detained or arrested: charged, convicted, or released.

Sources: about 10 arrested by May 2024, most released, 4 charged, 2 of them acquitted (facts R1); dozens arrested or charged
in 2024 and 2025 (facts R2). Few cases, so wide ranges. Not modelled: appeal, length of proceedings, sentences.
"""

from __future__ import annotations

from enum import IntEnum

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule


class Fate(IntEnum):
    """How far the chain of consequences went for one person."""

    NONE = 0
    DETAINED = 1  # on the day, and let go without usable evidence
    HANDED_OVER = 2  # with evidence, and released
    ARRESTED_LATER = 3  # identified afterwards, and released
    CHARGED = 4  # and acquitted
    CONVICTED = 5


CONCEPT = Concept(
    "prosecution",
    (
        Parameter("charged_chance", "chance", 0, 1, "chance that a person handed over with evidence, or arrested later, is charged"),
        Parameter("charged_wrongly_factor", "1", 0, 1, "by how much that chance falls for a person who was not violent"),
        Parameter("convicted_chance", "chance", 0, 1, "chance that a person who was violent and is charged is convicted"),
        Parameter("arrest_window_days", "days", 1, 365, "days within which a later arrest falls, evenly"),
    ),
)


@rule
def charge_chance(chance: float, wrongly_factor: float, violent: bool) -> float:
    """Return the chance of a charge: lower for a person who was not violent."""
    return chance if violent else chance * wrongly_factor


@rule
def fate_of(detained: bool, evidence: bool, arrested: bool, charged: bool, convicted: bool) -> int:
    """Return how far the chain went; nothing follows from a detention without evidence unless an arrest comes later."""
    if not ((detained and evidence) or arrested):
        return Fate.DETAINED.value if detained else Fate.NONE.value
    if charged:
        return Fate.CONVICTED.value if convicted else Fate.CHARGED.value
    return Fate.HANDED_OVER.value if detained and evidence else Fate.ARRESTED_LATER.value
