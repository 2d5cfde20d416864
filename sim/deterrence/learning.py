"""Learning: perceived certainty of consequence moves with what happens to oneself and to close ties.

One's own case counts in full, close ties less, strangers hardly. Detention seen the same day and consequence known weeks
later are separate: certainty learnt in the episode moves only with detentions seen.

Source: Lochner (2007, peers C1): young offenders learn from their own arrest and hardly from strangers'. Not modelled:
media reports of arrests.
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "learning",
    (
        Parameter("learning_rate", "1", 0, 1, "eta: share of the surprise taken over from one's own case"),
        Parameter("cluster_tie", "1", 0, 1, "weight of a case in one's own cluster of 3 to 6, against one's own"),
        Parameter("stranger_tie", "1", 0, 0.2, "weight of a stranger's case in view"),
        Parameter("certainty_mean", "share", 0, 1, "mean perceived certainty of consequence before the day"),
        Parameter("certainty_spread", "share", 0, 0.5, "standard deviation of perceived certainty"),
    ),
)


@rule
def certainty_after(certainty: float, rate: float, tie: float, outcome: float) -> float:
    """Return c + eta tie (outcome - c): certainty moves towards the outcome seen (1 detained, 0 unpunished) by closeness."""
    return certainty + rate * tie * (outcome - certainty)
