"""Transition: what KSF brings to the North, and what its presence costs.

The paper's long-term option is KSF in KFOR's place (4.2 to 4.4). Here: how fast it comes (air mobility), how it and the others tell
each other apart on one ground, and how each community takes it. Every effect's range includes 0; the minority's reaction is
unknown (facts 9.14). Not modelled: anti-armour (no path here); training over years (the campaign's matter).
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "transition",
    (
        Parameter(
            "ksf_air_mobility", "share", 0, 1, "share of KSF's journey that helicopters spare; 0 it goes by road, 1 it is there at once"
        ),
        Parameter("ksf_grievance", "share", 0, 1, "local grievance that KSF's coming adds, scaled by how unwelcome its access is"),
        Parameter("ksf_confidence", "share", 0, 1, "confidence of the other community that KSF's coming adds"),
        Parameter("ksf_pretext", "share", 0, 1, "pretext that KSF's coming gives, scaled by how unwelcome its access is"),
        Parameter("identification_min", "min", 0, 600, "minutes for which two forces on one ground cannot tell each other apart"),
        Parameter("misidentified_per_hour", "1/h", 0, 1, "rate at which two forces that cannot tell each other apart fire at each other"),
    ),
)

UNWELCOME = {"none": 0.0, "with_approval": 0.5, "by_agreement": 0.25, "autonomous": 1.0}
"""How unwelcome KSF's coming is by its access: an ordering; sizes are assumptions (by agreement 0-0.5, with approval 0.2-0.8)."""


@rule
def journey_by_air(minutes: float, mobility: float) -> float:
    """Return the minutes of a journey of which air mobility spares a share."""
    return minutes * (1.0 - mobility)


@rule
def mistaken_chance(per_hour: float, minutes: float, together_min: float, identification_min: float) -> float:
    """Return the chance that two forces fire at each other in so many minutes; none once they have had time to identify."""
    if together_min >= identification_min:
        return 0.0
    return 1.0 - exp(-per_hour * minutes / 60.0)
