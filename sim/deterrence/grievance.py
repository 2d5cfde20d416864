"""Anger and agitation: the spiral side of the model (force that creates the violence it meets).

A person's agitation is lasting grievance, so far as the force faced is not thought legitimate, plus anger of the moment.
Anger fades, rises with provocations seen near by, and spreads from violence in view.

Sources: agitation after Epstein (2002); the sequence of 29 May 2023, in which the heavy violence followed a push into a
seated crowd (facts Z1-Z4); contagion as a hazard after work on riot spread (facts L4). Not modelled: online mobilisation,
alcohol, family ties.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "grievance",
    (
        Parameter("theta_spiral", "1", 0, 2, "strength of the spiral theory within an episode: 0 off, 1 reference, 2 double"),
        Parameter("spiral_unit", "1", 0, 20, "scale that makes theta_spiral = 1 move the reference case as theta_deterrence = 1"),
        Parameter("anger_fading_min", "min", 1, 600, "time in which anger falls to 1/e without new provocation (tau_x)"),
        Parameter("provocation_reach_m", "m", 2, 200, "distance at which a provocation is felt 1/e as strongly (rho)"),
        Parameter("contagion_per_min", "1/min", 0, 1, "rate at which a wholly violent surrounding would anger (kappa)"),
        Parameter("own_hurt_provocation", "1", 0, 2, "size of seeing one of one's own people hurt"),
        Parameter("own_detained_provocation", "1", 0, 2, "size of seeing one of one's own people detained"),
        Parameter("push_provocation", "1", 0, 2, "size of a push, per pushing section and minute, into standing people"),
        Parameter("seated_push_factor", "1", 1, 5, "how much more a push into seated people provokes than into standing ones"),
        Parameter("agents_provocation", "1", 0, 2, "size of gas or stun devices, per use"),
        Parameter("special_police_provocation", "1", 0, 0.2, "size of special police in view, per section and minute"),
        Parameter("forced_entry_provocation", "1", 0, 2, "size of force used at the door against municipal staff"),
        Parameter("rumour_provocation", "1", 0, 2, "size of a rumour of people hurt"),
        Parameter("blocked_exit_anger", "1", 0, 1, "share of fear that turns into anger each minute where no way out is open"),
    ),
)


@rule
def agitation(grievance: float, legitimacy: float, anger: float) -> float:
    """Return A = g (1 - L) + x: grievance counts so far as the force faced lacks legitimacy; anger adds to it.

    Parameters
    ----------
    grievance, legitimacy, anger
        Shares in [0, 1]; legitimacy is that of the force faced.
    """
    return grievance * (1.0 - legitimacy) + anger


@rule
def provocation_felt(size: float, distance_m: float, reach_m: float) -> float:
    """Return how strongly a provocation of *size* is felt at a distance: s exp(-d / rho)."""
    return size * exp(-distance_m / reach_m)


@rule
def share_while_rising(seated_share: float, getting_up_per_min: float, minutes: float) -> float:
    """Return the mean share of people still seated over *minutes* in which those pushed get up at a rate."""
    risen = getting_up_per_min * minutes
    return seated_share * (1.0 - exp(-risen)) / risen if risen > 0.0 else seated_share


@rule
def push_provocation(size: float, seated_factor: float, seated_share: float, selectivity: float, excess: float, minutes: float) -> float:
    """Return how much one pushing section provokes in *minutes*: more seated people, more; the more selective, the less.

    Parameters
    ----------
    size
        Per section and minute, into standing people, at selectivity 0.
    seated_share, selectivity
        Shares in [0, 1].
    excess
        Force used over force ordered, at least 1.
    """
    return size * minutes * excess * (1.0 + (seated_factor - 1.0) * seated_share) * (1.0 - selectivity)


@rule
def anger_after(
    anger: float, kept: float, provocation: float, violent_share: float, theta: float, contagion_per_min: float, minutes: float
) -> float:
    """Return anger after *minutes*: it fades, and provocation and violence in view raise it towards 1.

    x <- x k + (1 - x)(1 - exp(-theta_S sum s exp(-d/rho) - kappa v dt)), with k = exp(-dt / tau_x).

    Parameters
    ----------
    anger
        Before, in [0, 1].
    kept
        Share of anger left after *minutes* of fading.
    provocation
        Sum of provocations felt in these minutes.
    violent_share
        Share of violent people in view, in [0, 1].
    """
    hazard = theta * provocation + contagion_per_min * violent_share * minutes
    if hazard <= 0.0:
        return anger * kept
    rise = 1.0 - exp(-hazard)
    return anger * kept + (1.0 - anger) * rise
