"""Legitimacy: how each community's trust in each force moves with what that force does and fails to do.

Force felt by people it was not aimed at costs legitimacy among them; disorder that the force does not end costs legitimacy
in the other community. Both are shown; neither is added to the other.

Source: indiscriminate force unites a crowd and costs standing, selective force much less (Stott; peers C2). Sizes are
assumptions. Not modelled: recovery over months (campaign).
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "legitimacy",
    (
        Parameter(
            "kfor_legitimacy_mean", "share", 0, 1, "mean legitimacy of KFOR among the protesters: 0 occupier, 0.5 tolerated, 1 trusted"
        ),
        Parameter("kp_legitimacy_mean", "share", 0, 1, "mean legitimacy of the Kosovo Police among the protesters"),
        Parameter("eulex_legitimacy_mean", "share", 0, 1, "mean legitimacy of EULEX among the protesters"),
        Parameter("legitimacy_spread", "share", 0, 0.5, "standard deviation of legitimacy among people"),
        Parameter("legitimacy_lost_to_force", "share", 0, 1, "share of legitimacy lost per unit of provocation felt from a force"),
        Parameter("majority_confidence", "share", 0, 1, "confidence of the other (Albanian) community in KFOR before the day"),
        Parameter("confidence_lost_to_disorder", "share", 0, 1, "share of that confidence lost per hour of violence by five or more"),
    ),
)


@rule
def legitimacy_after(legitimacy: float, provocation: float, lost_to_force: float) -> float:
    """Return legitimacy after force was felt: it shrinks in proportion to the provocation, never below 0."""
    return legitimacy * (1.0 - min(lost_to_force * provocation, 1.0))


@rule
def confidence_after(confidence: float, disorder_hours: float, lost_per_hour: float) -> float:
    """Return the other community's confidence after hours of disorder that the force did not end, never below 0."""
    return confidence * (1.0 - min(lost_per_hour * disorder_hours, 1.0))
