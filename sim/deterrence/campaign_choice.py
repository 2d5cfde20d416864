"""Campaign choice: what leaders of crowds and of an armed group weigh from week to week, and how what they learnt fades.

A challenge is worth (1 - rho) gain - rho loss - cost, as in :mod:`sim.deterrence.beliefs`; standing down is worth s = s0 - delta U,
U the intransigence of one's own side. rho is the chance that some force answers: each by its own resolve, as the audience sees
it, times how far it is thought to reach the local balance in time. A seizure needs preparation of at least 1, more for more
people. Covert sabotage is a draw of its own, and takes up a share of what denial removes from the open choices. Nothing here is
identified by any pattern: every size is an assumption, and the leader's worth of peace is an input that sets the baseline.

Source: model 5.8, 5.11; the paper's credibility. Not modelled: rivalry among leaders; how arms come in; sabotage's own harm.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp, power
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "campaign",
    (
        Parameter("belief_half_life_days", "days", 1, 10_000, "days in which what was learnt beyond the prior halves"),
        Parameter("grievance_half_life_days", "days", 1, 10_000, "days in which grievance, trust and certainty go half way back"),
        Parameter("trigger_half_life_days", "days", 1, 365, "days in which the heat of one event halves"),
        Parameter("evidence_of_blockade", "1", 0, 10, "weight of a blockade as evidence of resolve"),
        Parameter("evidence_of_riot", "1", 0, 10, "weight of a riot as evidence of resolve"),
        Parameter("evidence_of_probe", "1", 0, 10, "weight of an armed probe as evidence of resolve"),
        Parameter("answer_by_consequence", "share", 0, 1, "what makes an answer: 0 the aim was denied, 1 people faced a consequence"),
        Parameter("consequence_that_counts", "share", 0.01, 1, "share of violent people facing a consequence that is a full answer"),
        Parameter("prep_at_start", "1", 0, 0.9, "Prep0: how far the armed group was prepared on 26 May 2023; 1 it can seize a place"),
        Parameter("prep_a_week", "1", 0, 1, "preparation that a fully licensed group adds in a week"),
        Parameter("prep_a_fighter", "1", 0, 0.1, "preparation that each fighter beyond thirty needs more"),
        Parameter("prep_for_probe", "1", 0, 1, "preparation that an armed probe needs"),
        Parameter("prep_found_share", "share", 0, 1, "share of the preparation that one successful search takes away"),
        Parameter("prep_lost_in_attack", "share", 0, 1, "share of the preparation that an attack uses up or loses"),
        Parameter("leader_peace_worth", "1", -2, 3, "s0: what standing down is worth to the armed leader; an input, set by stratum"),
        Parameter("intransigence_weight", "1", 0, 2, "delta: how far intransigence lowers the worth of standing down"),
        Parameter("grievance_backing", "1", 0, 2, "how far local grievance above its start adds to an attack's worth"),
        Parameter("probe_worth", "1", 0, 1, "what an unmet armed probe is worth, in full successes"),
        Parameter("probe_loss", "1", 0, 5, "what an armed probe that is met costs, in full successes"),
        Parameter("scale_worth", "1", 0, 2, "power of numbers in an attack's worth and price: 0 none, 1 in proportion"),
        Parameter("probe_fighters", "persons", 1, 100, "people in an armed probe"),
        Parameter("protest_worth", "1", 0, 2, "what a protest is worth to a crowd's leaders at full grievance"),
        Parameter("protest_cost", "1", 0, 1, "what a protest costs them"),
        Parameter("obstruct_worth", "1", 0, 2, "what a blockade that is let stand is worth to them at full grievance"),
        Parameter("obstruct_cost", "1", 0, 1, "what a blockade costs them"),
        Parameter("riot_worth", "1", 0, 2, "what a riot that is not met is worth to them at full grievance"),
        Parameter("riot_cost", "1", 0, 1, "what a riot costs them"),
        Parameter("crowd_loss", "1", 0, 5, "what being met costs them; half of it in a blockade"),
        Parameter("crowd_peace_worth", "1", 0, 1, "what a quiet week is worth to them"),
        Parameter("crowd_choice_precision", "1", 0, 1000, "how surely they take the better option; 0 by lot, 1-20 usual"),
        Parameter("standing_heat", "share", 0, 1, "share of grievance that is felt in a week in which nothing happened"),
        Parameter("crowd_balance", "1", 0.1, 20, "forces to one person of the hard core at which a crowd's leaders expect to fail"),
        Parameter("crowd_hard_core", "persons", 1, 1000, "hard core that a riot's leaders count on"),
        Parameter("sabotage_a_week", "chance", 0, 1, "chance of an act of sabotage in a week, apart from displacement"),
        Parameter("displacement", "share", 0, 1, "psi: share of the open propensity removed by denial that turns to sabotage"),
        Parameter("grievance_of_entry", "share", 0, 1, "grievance that a forced entry adds"),
        Parameter("grievance_of_hurt", "share", 0, 0.1, "grievance that each person hurt on one's own side adds"),
        Parameter("hurt_for_one_excess", "persons", 1, 500, "people hurt on one's own side that are felt as one excessive act"),
        Parameter("certainty_seen_tie", "1", 0, 1, "weight of what befell others in the community's perceived certainty"),
    ),
)

SMALLEST_SEIZURE = 30.0
"""Fighters that preparation of 1 stands for: the smallest account (facts B1, B2)."""

USUAL_SEIZURE = 50.0
"""Fighters whose full success is worth 1."""


@rule
def faded(evidence: float, prior: float, days: float, half_life_days: float) -> float:
    """Return a level after so many days: what lies beyond its resting value halves with each half-life."""
    return prior + (evidence - prior) * exp(-0.6931471805599453 * days / half_life_days)


@rule
def some_force_answers(met: float, met_chance: float, reached: float) -> float:
    """Return the chance that at least one of three forces answers, each on its own: 1 less the product of failures."""
    return 1.0 - (1.0 - met) * (1.0 - met_chance) * (1.0 - reached)


@rule
def worth_of_peace(base: float, weight: float, level: float) -> float:
    """Return what standing down is worth: s = s0 - delta U."""
    return base - weight * level


@rule
def heat(grievance: float, share: float, level: float) -> float:
    """Return how far grievance moves people this week: a standing share of it, all of it when something has just happened."""
    return grievance * (share + (1.0 - share) * level)


@rule
def seizure_worth(fighters: float, exponent: float, grievance: float, weight: float) -> float:
    """Return what a full success of so many people is worth, fifty being 1, more where the community is more aggrieved."""
    return power(max(fighters, 1.0) / USUAL_SEIZURE, exponent) * max(1.0 + weight * grievance, 0.0)


@rule
def preparation_needed(fighters: float, size: float) -> float:
    """Return the preparation that a seizure by so many needs: 1 up to thirty, more for each beyond."""
    return 1.0 + size * max(fighters - SMALLEST_SEIZURE, 0.0)


@rule
def preparation_after(level: float, size: float, licence: float, lost: float) -> float:
    """Return the preparation after a week: the licensed accrual added, the share found taken away."""
    return (level + size * licence) * (1.0 - lost)


@rule
def sabotage_chance(base: float, share: float, lost: float) -> float:
    """Return the chance of sabotage in a week: its own, and psi times the open propensity that denial removed."""
    return min(base + share * lost, 1.0)


@rule
def answered_share(stopped: float, share: float, needed: float, weight: float) -> float:
    """Return how far a challenge was answered: by denying its aim, by consequence for those who took part, or by both.

    *stopped* is how far its aim was denied; *weight* 0 counts that alone, 1 consequence alone; *needed* is the share facing a
    consequence that is a full answer.
    """
    return (1.0 - weight) * stopped + weight * min(share / needed, 1.0)
