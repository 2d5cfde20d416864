"""Mobilisation: how clashes and detentions of the days before bring more people, and how it spreads between places.

Violent protests usually follow other protests within the prior week (facts L2; Zvečan three days after 26 May); riots spread
between places like contagion (facts L4). Evidence of each earlier day fades; people hurt elsewhere count in part.
Sizes are assumptions. Not modelled: fatigue of a long campaign of protest; harvest, work and weekdays.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "mobilisation",
    (
        Parameter("mobilised_by_hurt", "1", 0, 5, "turnout that people hurt on the days before add at most, against a day like any other"),
        Parameter("hurt_half_persons", "persons", 1, 500, "people hurt at which about two thirds of that are reached"),
        Parameter("mobilised_by_detentions", "1", 0, 5, "turnout that detentions of the days before add at most"),
        Parameter("detained_half_persons", "persons", 1, 200, "people detained at which about two thirds of that are reached"),
        Parameter("mobilisation_fading_days", "days", 0.5, 60, "days in which the evidence of a day fades to about a third"),
        Parameter("spread_between_places", "share", 0, 1, "how far what happened at another site counts like the own: 0 not, 1 fully"),
        Parameter("clash_news_persons", "persons", 1, 100, "people hurt at one site at which word of it spreads to the others"),
        Parameter("news_delay_min", "min", 0, 240, "minutes until such word has reached the others"),
        Parameter("upward_report_delay_min", "min", 0, 240, "further minutes by which reports to seats off site are older"),
    ),
)


@rule
def faded(evidence: float, days: float, fading_days: float) -> float:
    """Return what is left of evidence (people hurt or detained) after so many days."""
    return evidence * exp(-days / fading_days)


@rule
def turnout_factor(hurt: float, hurt_most: float, hurt_half: float, detained: float, detained_most: float, detained_half: float) -> float:
    """Return the factor on turnout, at least 1: rising with faded evidence, and levelling off."""
    return 1.0 + hurt_most * (1.0 - exp(-hurt / hurt_half)) + detained_most * (1.0 - exp(-detained / detained_half))
