"""Licence: how much governments let a force do in their name, and how its want is felt as political constraint.

The paper names political constraints among the reasons for KFOR's restraint in May 2023. Every size is an assumption.
Not modelled: how licence grows back over months (the campaign's matter).
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "licence",
    (
        Parameter("licence_weight", "1", 0, 2, "how far a want of licence (below 0.5) adds to political constraint; 0 not at all"),
        Parameter(
            "pressing_weight", "1", 0, 1, "how far pressing for action loosens political constraint, and urging restraint tightens it"
        ),
        Parameter("licence_step", "share", 0, 0.5, "licence that a government gives or withdraws in one step"),
        Parameter("licence_mobilises", "1", 0, 1, "how far a government's licence to a crowd (above 0.5) adds to its turnout"),
    ),
)


@rule
def constraint_felt(constraint: float, licence: float, weight: float, pressed: float, pressing_weight: float) -> float:
    """Return political constraint in [0, 1]: the mandate's, more where licence is below one half or restraint is urged.

    *pressed* is how hard a government presses for action (above 0) or urges restraint (below 0), -1 to 1.
    """
    return min(max(constraint + weight * (0.5 - licence) - pressing_weight * pressed, 0.0), 1.0)


@rule
def licence_after(licence: float, change: float) -> float:
    """Return licence in [0, 1] after it was spent (below 0) or won (above 0)."""
    return min(max(licence + change, 0.0), 1.0)


@rule
def licensed_turnout(licence: float, weight: float) -> float:
    """Return the factor on a crowd's turnout, at least 0: 1 at a licence of one half."""
    return max(1.0 + weight * (licence - 0.5), 0.0)
