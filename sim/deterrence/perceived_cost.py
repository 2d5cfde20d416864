"""Perceived cost: the deterrence side of the model (violence that meets no consequence invites more).

A person weighs the consequence thought certain to follow (detention by responders in view who are authorised *and*
equipped to detain) and the level of force in view or announced. Presence alone deters by nothing: a cordon that nobody may
act from has level effect about 0.

Sources: Epstein (2002) for the form and for the risk aversion; the threshold of perceived certainty after Loughran et al.
(facts L6). The paper's claim is the strength ``theta_deterrence``. Not modelled: severity of sentences as known facts.
"""

from __future__ import annotations

import math

from sim.foundations.arithmetic import exp, logistic
from sim.foundations.parameter import Choice, Concept, Parameter
from sim.foundations.rule import rule
from sim.vocabulary import CertaintyForm, RatioForm

CONCEPT = Concept(
    "perceived_cost",
    (
        Parameter("theta_deterrence", "1", 0, 2, "strength of the deterrence theory within an episode: 0 off, 1 reference, 2 double"),
        Parameter("deterrence_unit", "1", 0, 20, "scale of net risk at theta_deterrence = 1 in the reference case"),
        Parameter("detention_severity", "1", 0, 2, "perceived severity of being detained (J)"),
        Parameter("force_severity", "1", 0, 2, "perceived severity of force short of detention (S)"),
        Parameter("detention_steepness", "1", 0, 10, "k_a: how fast certainty grows with responders per violent person"),
        Parameter("force_steepness", "1", 0, 10, "k_h: how fast the threat grows with force level per violent person"),
        Parameter("certainty_turning_point", "share", 0, 0.5, "c*: certainty below which detention hardly deters"),
        Parameter("certainty_sharpness", "1", 1, 100, "steepness of the logistic form at c*"),
        Choice("ratio_form", RatioForm, "how responders per violent person enters: raw, floor or nearest"),
        Choice("certainty_form", CertaintyForm, "how perceived certainty turns into deterrence"),
        Parameter("level_effect_presence", "1", 0, 1, "h(presence): perceived threat of a unit that is merely there"),
        Parameter("level_effect_cordon", "1", 0, 1, "h(cordon): about 0, so that presence alone does not deter"),
        Parameter("level_effect_ultimatum", "1", 0, 1, "h(dialogue and ultimatum): threat of what is announced"),
        Parameter("level_effect_push", "1", 0, 1, "h(push)"),
        Parameter("level_effect_agents", "1", 0, 1, "h(agents)"),
        Parameter("level_effect_detention", "1", 0, 1, "h(detention teams)"),
        Parameter("level_effect_restricted_area", "1", 0, 1, "h(restricted area)"),
        Parameter("level_effect_firearms", "1", 0, 1, "h(defensive firearms)"),
    ),
)


@rule
def ratio_in_form(responders: float, violent: float, form: int) -> float:
    """Return responders per violent person (at least one) as printed, rounded down, or rounded to the nearest whole."""
    ratio = responders / max(violent, 1.0)
    if form == RatioForm.FLOOR:
        return math.floor(ratio)
    if form == RatioForm.NEAREST:
        below = math.floor(ratio)
        rest = ratio - below
        odd = below - 2.0 * math.floor(below / 2.0) == 1.0
        return below + 1.0 if rest > 0.5 or (rest == 0.5 and odd) else below
    return ratio


@rule
def certainty_in_form(certainty: float, turning_point: float, sharpness: float, form: int) -> float:
    """Return phi(c): certainty itself, a hinge that starts at c*, or a logistic step at c*; in [0, 1] for c in [0, 1]."""
    if form == CertaintyForm.HINGE:
        return max(certainty - turning_point, 0.0) / (1.0 - turning_point)
    if form == CertaintyForm.LOGISTIC:
        return logistic(sharpness * (certainty - turning_point))
    return certainty


@rule
def saturating(steepness: float, ratio: float) -> float:
    """Return 1 - exp(-k ratio), in [0, 1]."""
    if ratio <= 0.0:
        return 0.0
    return 1.0 - exp(-steepness * ratio)


@rule
def net_risk(
    theta: float, risk_aversion: float, certainty: float, detention: float, detention_severity: float, force: float, force_severity: float
) -> float:
    """Return N = theta_D r [phi(c) J P_a + S P_h]: the cost a person expects of turning violent.

    Parameters
    ----------
    theta
        Strength of deterrence, times its unit.
    certainty
        phi(c), perceived certainty in its declared form.
    detention, force
        P_a and P_h in [0, 1]: how thick on the ground detaining responders and announced force are.
    """
    return theta * risk_aversion * (certainty * detention_severity * detention + force_severity * force)
