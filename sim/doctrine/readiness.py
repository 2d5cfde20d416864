"""Readiness: training, kit and fatigue, and what they change in contact.

The paper's second recommendation: scenario-based training like the protests of May 2023 (2.1) and live fire (2.2). KFOR
trains crowd control already, so training is a *quality*, not on or off (facts 0, E1-E3). Scenario training lowers the chance
of injury in a contact, hesitation and excess force; it decays over months and fatigue wears it down within the day. Live
fire acts on armed contact only, which no scenario has yet; it has no parameter until a rule reads one.

Sources: direction from facts 0 and the model's counter-effects; every size is an assumption (facts 9.13, 9.18). What
more training costs (sections away, less patience) is ``doctrine/lever_effects``.
"""

from __future__ import annotations

from sim.foundations.arithmetic import power
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "readiness",
    (
        Parameter(
            "training_quality",
            "1",
            0,
            1,
            "quality of scenario training when fresh: 0 individual drill only, 0.5 regular three-responder drills without a "
            "resisting crowd, 1 frequent rehearsal against a crowd that behaves like that of May 2023",
        ),
        Parameter(
            "kit_quality",
            "1",
            0,
            1,
            "share of the issued protection that is worn and fits: 0 none, 0.5 half, 1 all of it",
        ),
        Parameter("fatigue_per_hour", "1/h", 0, 1, "share of full fatigue that an hour on the line adds"),
        Parameter("fatigue_training_loss", "share", 0, 1, "share of trained performance that full fatigue takes"),
        Parameter("months_since_training", "months", 0, 60, "time since the last scenario training"),
        Parameter("training_half_life_months", "months", 0.5, 120, "months in which half of the trained quality is lost"),
        Parameter("training_injury_saving", "share", 0, 1, "share of injuries that training of quality 1 prevents"),
        Parameter("untrained_hesitation_min", "min", 0, 60, "hesitation of an untrained unit before it carries out a push"),
        Parameter("untrained_excess", "1", 0, 5, "how much more force than ordered an untrained unit uses: 0 none, 1 as much again"),
    ),
)


@rule
def trained_now(quality: float, months: float, half_life_months: float) -> float:
    """Return what is left of training after *months*: half is lost in each half-life."""
    return quality * power(0.5, months / half_life_months)


@rule
def fatigue_after(hours: float, per_hour: float) -> float:
    """Return fatigue in [0, 1] after *hours* on the line."""
    return min(max(hours * per_hour, 0.0), 1.0)


@rule
def performance(trained: float, fatigue: float, loss: float) -> float:
    """Return trained performance in [0, 1]: tired people fall back on less of what they have learnt."""
    return trained * (1.0 - loss * fatigue)


@rule
def protected_share(protection: float, kit_quality: float) -> float:
    """Return the share of injuries that kit prevents: what is issued, as far as it is worn and fits."""
    return protection * kit_quality


@rule
def injury_factor(protection: float, training: float, saving: float) -> float:
    """Return the factor in [0, 1] on the chance of injury in a contact; with *protection* 0, that of training alone."""
    return (1.0 - protection) * (1.0 - saving * training)


@rule
def hesitation_min(training: float, untrained_min: float) -> float:
    """Return minutes between an order that takes effect and a unit that acts on it."""
    return untrained_min * (1.0 - training)


@rule
def excess_force_factor(training: float, untrained_excess: float) -> float:
    """Return force used over force ordered, at least 1: untrained people strike more, and more widely."""
    return 1.0 + untrained_excess * (1.0 - training)
