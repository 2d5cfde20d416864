"""Transition over time: KFOR hands the front over as the Kosovo Security Force grows into it, and may leave a gap meanwhile.

KSF counts in the North as far as its people are trained, equipped and interoperable, as far as it may come (access), and as far as
it is accepted. KFOR's share at the front falls from the start of a transition on. While people train others, neither the
trainers nor the trained are at the front, so capability may dip before it improves. All of it is prior-only: no pattern informs
a size, and acceptance is an input.

Source: model 5.10; facts K2, K7, K14-K18 for access, plans and strength. Not modelled: anti-armour (no armour comes), how an
alliance decides on partnership and membership plan beyond their pace.
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "campaign_transition",
    (
        Parameter("kfor_hands_over_a_year", "share", 0, 2, "lever: share of KFOR's place at the front handed over a year; at rest 0"),
        Parameter("ksf_training_effort", "share", 0, 1, "lever: 0 as planned, 1 all that KFOR can train; at rest 0"),
        Parameter("ksf_equipment_effort", "share", 0, 1, "lever: 0 as planned, 1 all that is offered; at rest 0"),
        Parameter("ksf_partnership_effort", "share", 0, 1, "lever: 0 as it stands, 1 partnership and membership plan pursued; at rest 0"),
        Parameter("ksf_persons_north", "persons", 0, 3000, "KSF that could be moved to the North at once"),
        Parameter("ksf_quality_at_start", "share", 0, 1, "training of KSF for such tasks in 2023: 0 none, 1 as KFOR"),
        Parameter("ksf_quality_a_year", "1/year", 0, 1, "share of what is missing that a year as planned adds"),
        Parameter("ksf_trained_faster", "1", 0, 10, "by how many times the full training effort quickens that"),
        Parameter("ksf_mobility_at_start", "share", 0, 1, "share of KSF that can be there in time"),
        Parameter("ksf_mobility_a_year", "1/year", 0, 1, "what a year of the full equipment effort adds to it"),
        Parameter("ksf_partnership_a_year", "1/year", 0, 1, "what a year of the full partnership effort adds to working with KFOR"),
        Parameter("ksf_interoperable_at_start", "share", 0, 1, "how well KSF works with KFOR in 2023: 0 not, 1 as one force"),
        Parameter(
            "ksf_acceptance", "share", 0, 1, "acceptance of KSF in the North among local Serbs and in Belgrade, an input: 0 none, 1 full"
        ),
        Parameter("training_away", "share", 0, 1, "share of KSF away from duty at the full training effort"),
        Parameter("trainers_away", "share", 0, 1, "share of KFOR's front away as trainers at the full training effort"),
        Parameter("ksf_presence_heat", "share", 0, 1, "heat that unaccepted KSF presence in the North keeps up"),
        Parameter("responders_needed", "persons", 1, 5000, "people that must be there in time for an armed seizure and one more site"),
    ),
)

ACCESS_COUNTS = {"none": 0.0, "with_approval": 0.3, "by_agreement": 0.8, "autonomous": 1.0}
"""How far KSF's access lets it be there in time: an ordering; sizes are assumptions (with approval 0-0.6, by agreement 0.6-1)."""


@rule
def grown(level: float, rate: float, days: float) -> float:
    """Return a share in [0, 1] after so many days: each year adds *rate* of what is missing, in simple proportion."""
    return min(level + (1.0 - level) * min(rate * days / 365.0, 1.0), 1.0)


@rule
def ksf_in_time(forces: float, quality: float, mobility: float, share: float, lost: float) -> float:
    """Return KSF people who count in time: those who can come, as far as trained, mobile and let in, less those away."""
    return forces * quality * mobility * share * (1.0 - lost)


@rule
def kept_at_the_front(share: float, lost: float) -> float:
    """Return the share of KFOR's place at the front that is left once a share was handed over, trainers taken off."""
    return (1.0 - share) * (1.0 - lost)


@rule
def response_gap(forces: float, needed: float) -> float:
    """Return the share of the people needed in time who are not there; 0 where there are enough."""
    return max(1.0 - forces / needed, 0.0)
