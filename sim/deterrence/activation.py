"""Activation: how a person turns violent, and stops.

A person whose agitation less expected cost exceeds his threshold turns violent at a rate that grows with the margin; he
stops when it falls below, with some hysteresis. Epstein's rule is the limit of zero width, endless rate, no hysteresis.

Violence tires: being spent adds to the threshold for a while (weight 0 in Epstein's limit).

Source: Epstein (2002) for the margin; rates so that the result does not depend on the time step. Not modelled: planning
by the person himself; a prepared group acts on its leader's order instead.
"""

from __future__ import annotations

from sim.foundations.arithmetic import chance_within, logistic
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "activation",
    (
        Parameter("onset_per_min", "1/min", 0, 10, "rate of turning violent far beyond the threshold (lambda0)"),
        Parameter("stopping_per_min", "1/min", 0, 10, "rate of stopping far below the threshold (mu0)"),
        Parameter("activation_width", "1", 0, 1, "how gradually the margin acts (w); 0 is a step"),
        Parameter("activation_hysteresis", "1", 0, 1, "how far below the threshold a violent person must fall to stop"),
        Parameter("threshold_mean", "1", 0, 2, "mean threshold of a participant (T)"),
        Parameter("threshold_spread", "1", 0, 1, "standard deviation of thresholds: crowds differ widely, drilled units little"),
        Parameter("hard_core_threshold_drop", "1", 0, 1, "how much lower the hard core's threshold is"),
        Parameter("bystander_threshold_rise", "1", 0, 2, "how much higher a bystander's threshold is"),
        Parameter("leader_restraint", "1", 0, 1, "how much leaders who bargain or call for calm add to every threshold"),
        Parameter("tiring_min", "min", 1, 240, "minutes of violence after which a person is spent to about two thirds"),
        Parameter("resting_min", "min", 1, 600, "minutes in which a spent person recovers to about a third"),
        Parameter("spent_weight", "1", 0, 2, "how much being wholly spent adds to a person's threshold; 0 violence never tires"),
        Parameter("seated_restraint", "1", 0, 1, "how much sitting down together adds to a person's threshold"),
    ),
)


@rule
def spent_after(spent: float, violent: bool, tiring_kept: float, resting_kept: float) -> float:
    """Return how spent a person is, 0 to 1: violence tires, rest restores; riots flare, level off and dissolve (facts L5)."""
    return 1.0 - (1.0 - spent) * tiring_kept if violent else spent * resting_kept


@rule
def above_threshold(margin: float, width: float) -> float:
    """Return sigma(margin / width) in [0, 1]; a step at 0 for width 0."""
    if width <= 0.0:
        return 1.0 if margin > 0.0 else 0.0
    return logistic(margin / width)


@rule
def onset_chance(agitation: float, net_risk: float, threshold: float, width: float, rate_per_min: float, minutes: float) -> float:
    """Return the chance that a calm person turns violent within *minutes*: 1 - exp(-lambda0 dt sigma((A - N - T) / w))."""
    pull = above_threshold(agitation - net_risk - threshold, width)
    return chance_within(rate_per_min * pull, minutes) if pull > 0.0 else 0.0


@rule
def stopping_chance(
    agitation: float, net_risk: float, threshold: float, hysteresis: float, width: float, rate_per_min: float, minutes: float
) -> float:
    """Return the chance that a violent person stops within *minutes*: 1 - exp(-mu0 dt sigma(-(A - N - T + hyst) / w))."""
    margin = agitation - net_risk - threshold + hysteresis
    pull = (1.0 if margin <= 0.0 else 0.0) if width <= 0.0 else logistic(-margin / width)
    return chance_within(rate_per_min * pull, minutes) if pull > 0.0 else 0.0
