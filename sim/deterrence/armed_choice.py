"""Armed choice: what an armed group's leader weighs, from its own picture, before it acts and while it holds out.

A challenge that is met with chance rho is worth (1 - rho) gain + rho loss - cost; rho is the resolve that the leader credits
the other side with, times how far that side is thought to reach the local balance in time (a small forward force alone is no
tripwire: what counts is the balance). Standing down is worth what giving up costs. The choice is logit with a precision;
as the precision grows it becomes the best option. The sizes of gains and losses set the scale (a full success is worth 1);
they are assumptions and prior-only. Sources: model and paper on credibility; Huth 1988 on the local balance (L8), tripwires (L9).
Not modelled: rivalry inside the group; moral scruple beyond its cost.
"""

from __future__ import annotations

from sim.deterrence.beliefs import pays
from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "armed_choice",
    (
        Parameter("choice_precision", "1", 0, 1000, "how surely the leader takes the better option; 0 by lot, 1-20 usual"),
        Parameter("leader_weighs_every_min", "min", 5, 1440, "minutes between two weighings while nothing new has happened"),
        Parameter("balance_needed", "1", 0.1, 20, "forces to one fighter at which the leader expects to fail"),
        Parameter(
            "expected_responders",
            "persons",
            0,
            2000,
            "people that the leader expects to face in time beyond those near, once it is discovered",
        ),
        Parameter("denial_weight", "1", 0, 2, "strength of expected denial in the leader's weighing; 0 he does not mind it"),
        Parameter("consequence_weight", "1", 0, 2, "strength of expected consequence in the leader's weighing; 0 he does not mind it"),
        Parameter("launch_loss", "1", 0, 10, "what an attack that is met costs the leader, in full successes"),
        Parameter("launch_cost", "1", 0, 1, "what an attack costs the leader in any case, in full successes"),
        Parameter("backing_down_cost", "1", 0, 1, "what giving up costs a fully licensed leader, in full successes"),
        Parameter("delay_worth", "share", 0, 1, "share of an attack's worth that is left a night later"),
        Parameter("shrink_worth", "share", 0, 1, "share of an attack's worth that half the group brings"),
        Parameter(
            "surprise_noticed", "share", 0, 1, "how far the leader believes itself discovered by one sign of it; 0 not at all, 1 wholly"
        ),
        Parameter("ambush_worth", "1", 0, 1, "what a sprung ambush is worth, in full successes"),
        Parameter("holding_worth", "1", 0, 1, "what holding out is worth at first, in full successes"),
        Parameter("holding_patience_h", "h", 0.1, 100, "hours after which holding out is worth 37 % of that"),
        Parameter(
            "compound_strength", "1", 1, 10, "by how much more forces the leader expects to be needed against a compound with people inside"
        ),
        Parameter("freedom_worth", "1", 0, 2, "what getting away is worth, in full successes"),
        Parameter("capture_loss", "1", 0, 10, "what being caught or killed costs, in full successes"),
        Parameter("bargain_trust", "share", 0, 1, "chance that the leader gives to an exit that was agreed; 0 it is a trap, 1 safe"),
    ),
)


@rule
def reach(forces: float, fighters: float, balance: float) -> float:
    """Return how far forces are thought to reach the local balance: x / (1 + x), x = forces over balance x fighters."""
    if fighters <= 0.0:
        return 1.0
    ratio = forces / (balance * fighters)
    return ratio / (1.0 + ratio)


@rule
def met_chance(resolve: float, reached: float, weight: float) -> float:
    """Return the expected chance of being met, in [0, 1]: resolve times reach, times the weight of denial."""
    return min(resolve * reached * weight, 1.0)


@rule
def launch_worth(met: float, licence: float, worth: float, loss: float, cost: float, consequence_weight: float) -> float:
    """Return what an attack is worth: its gain grows with the licence to make it, its loss with the weight of consequence."""
    return pays(met, worth * licence, -loss * consequence_weight, cost)


@rule
def giving_up_worth(licence: float, backing_down: float) -> float:
    """Return what standing down is worth: nothing, less the face that a licensed leader loses."""
    return -backing_down * licence


@rule
def holding_out_worth(met: float, hours: float, worth: float, patience_h: float, loss: float, consequence_weight: float) -> float:
    """Return what holding out longer is worth: attention fades with the hours, the chance to be overcome grows."""
    return pays(met, worth * exp(-hours / patience_h), -loss * consequence_weight, 0.0)


@rule
def getting_away_worth(stopped: float, freedom: float, loss: float, consequence_weight: float) -> float:
    """Return what trying to get away is worth, given the expected chance of being stopped."""
    return pays(stopped, freedom, -loss * consequence_weight, 0.0)


@rule
def choice_weight(worth: float, best: float, precision: float) -> float:
    """Return an option's logit weight against the best one's (1)."""
    return exp(precision * (worth - best))


def chosen(worths: tuple[float, ...], precision: float, share: float) -> int:
    """Return which option a logit choice takes for a uniform draw *share* in [0, 1)."""
    best = max(worths)
    weights = [choice_weight(worth, best, precision) for worth in worths]
    left = share * sum(weights)
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0.0:
            return place
    return len(worths) - 1
