"""Sensing: how wrong and how late a seat's estimates are.

Source: press and official counts of the same crowd differed by a factor of two and more (facts 1.2); sizes are assumptions.
Not modelled here: sensors with coverage (a later rung), deception.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "sensing",
    (
        Parameter("crowd_count_error", "1", 0, 1, "standard deviation of the log of a reported crowd size"),
        Parameter("mood_count_error", "1", 0, 1, "the same for counts of violent or seated people"),
        Parameter("report_delay_min", "min", 0, 60, "age of what the on-scene picture shows"),
    ),
)


@rule
def reported_count(truth: float, error: float, normal: float) -> float:
    """Return a reported count: the truth times a log-normal error, for a standard normal number."""
    return truth * exp(error * normal)
