"""Beliefs: what each audience thinks of each force's resolve, learnt from what was answered and what was not.

Resolve of a force, as one audience sees it, is Beta(alpha, beta). A challenge that is answered adds to alpha, one that is not
adds to beta, and so does backing down. Excess raises intransigence instead. Beliefs are private: an audience learns from what
it sees, and others' beliefs spread narrowly.

The paper: credibility of KFOR's deterrence. Exact limits (weight 1, no decay, cost 0): payoffs 0 for standing down, 1 for a
challenge that is not met and -2 for one that is make it pay below a resolve of 1/3; from Beta(2, 2), (4, 1) and (8, 2) that is
reached at the 3rd, 8th and 15th unanswered challenge. All sizes are prior-only assumptions (no pattern identifies them). Not
modelled: how evidence fades between episodes (the campaign's matter).
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "beliefs",
    (
        Parameter(
            "omega_deterrence", "1", 0, 2, "strength omega_D of what a challenge that was answered or not teaches about resolve; 0 nothing"
        ),
        Parameter("omega_spiral", "1", 0, 2, "strength omega_S of excess on grievance and intransigence; 0 none"),
        Parameter("resolve_prior_mean", "share", 0.01, 0.99, "resolve that audiences first credit a force with: 0 none, 1 certain answer"),
        Parameter(
            "resolve_prior_stock", "1", 0.1, 100, "how much evidence that first belief is worth, in answered or unanswered challenges"
        ),
        Parameter("evidence_of_armed_attack", "1", 0, 10, "weight of an armed attack as evidence"),
        Parameter(
            "belief_spread", "share", 0, 1, "share of what one audience learns that audiences close to it learn too; 0 beliefs stay private"
        ),
        Parameter("intransigence_step", "share", 0, 1, "share by which one excessive act raises intransigence of those it hit"),
    ),
)


@rule
def resolve(alpha: float, beta: float) -> float:
    """Return the mean of Beta(alpha, beta): the chance an audience gives to an answer."""
    return alpha / (alpha + beta)


@rule
def evidence_after(count: float, weight: float, strength: float) -> float:
    """Return a count of evidence after one more challenge of that weight, times the strength of learning (0: nothing learnt)."""
    return count + strength * weight


@rule
def pays(met_chance: float, gain: float, loss: float, cost: float) -> float:
    """Return the value of a challenge: (1 - rho) gain + rho loss - cost, rho the chance that it is met."""
    return (1.0 - met_chance) * gain + met_chance * loss - cost


@rule
def intransigent(level: float, size: float, strength: float) -> float:
    """Return intransigence in [0, 1] after an excessive act of that size: U + omega_S eps (1 - U)."""
    return min(level + strength * size * (1.0 - level), 1.0)
