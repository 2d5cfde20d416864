"""People at the start: traits and arrival of each person, by keyed draws on stable ids (simultaneous)."""

from __future__ import annotations

import numpy as np

from sim.engine.state import Rows
from sim.foundations.chance import Purpose, entity_key, moment_key, normal_quantile, uniform
from sim.foundations.rule import kernel, rule
from sim.vocabulary import Role

LEAST_DRAW = 1e-12
"""Draws are kept above this where their normal quantile is taken."""


@rule
def normal(key: int, purpose: int) -> float:
    """Return a standard normal number from one draw."""
    return normal_quantile(max(uniform(key, purpose), LEAST_DRAW))


@rule
def share_about(mean: float, spread: float, number: float) -> float:
    """Return a share in [0, 1] so many standard deviations from its mean."""
    return min(max(mean + spread * number, 0.0), 1.0)


@rule
def role_of(share: float, q: np.void, prepared: float) -> int:
    """Return the role that a uniform *share* picks; a prepared group takes the place of ordinary participants."""
    share -= q["hard_core_share"]
    if share < 0.0:
        return Role.HARD_CORE.value
    share -= q["organiser_share"]
    if share < 0.0:
        return Role.ORGANISER.value
    share -= q["bystander_share"]
    if share < 0.0:
        return Role.BYSTANDER.value
    return Role.PREPARED.value if share < prepared else Role.PARTICIPANT.value


@rule
def threshold_of(role: int, number: float, q: np.void) -> float:
    """Return a person's threshold: about the mean, lower for the hard core, higher for bystanders."""
    threshold = q["threshold_mean"] + q["threshold_spread"] * number
    if role == Role.HARD_CORE:
        return threshold - q["hard_core_threshold_drop"]
    return threshold + q["bystander_threshold_rise"] if role == Role.BYSTANDER else threshold


@rule
def distance_of(role: int, share: float, q: np.void, cell_m: float) -> float:
    """Return how many cells from the line a person likes to stand: the hard core in front, bystanders at the back."""
    back = share * q["crowd_depth_m"]
    if role == Role.HARD_CORE:
        back = 0.0
    elif role == Role.BYSTANDER:
        back += q["bystander_distance_m"]
    return 1.0 + (q["front_distance_m"] + back) / cell_m


@kernel
def give_traits(people: Rows, gates: Rows, p: Rows, run_key: int, prepared: float, cell_m: float) -> None:
    """Give each person role, gate, traits and a liked distance."""
    q = p[0]
    moment = moment_key(run_key, 0)
    for i in range(people.shape[0]):
        key = entity_key(moment, people[i]["id"])
        role = role_of(uniform(key, Purpose.ROLE), q, prepared)
        people[i]["role"] = role
        people[i]["gate"] = gates[int(uniform(key, Purpose.ARRIVAL_GATE) * gates.shape[0])]
        people[i]["grievance"] = share_about(q["grievance_mean"], q["grievance_spread"], normal(key, Purpose.TRAIT_GRIEVANCE))
        averse = normal(key, Purpose.TRAIT_RISK_AVERSION)
        people[i]["risk_aversion"] = share_about(q["risk_aversion_mean"], q["risk_aversion_spread"], averse)
        people[i]["certainty"] = share_about(q["certainty_mean"], q["certainty_spread"], normal(key, Purpose.TRAIT_CERTAINTY))
        people[i]["threshold"] = threshold_of(role, normal(key, Purpose.TRAIT_THRESHOLD), q)
        trust = normal(key, Purpose.TRAIT_LEGITIMACY)
        people[i]["legitimacy_kfor"] = share_about(q["kfor_legitimacy_mean"], q["legitimacy_spread"], trust)
        people[i]["legitimacy_before"] = people[i]["legitimacy_kfor"]
        people[i]["legitimacy_kp"] = share_about(q["kp_legitimacy_mean"], q["legitimacy_spread"], trust)
        people[i]["legitimacy_eulex"] = share_about(q["eulex_legitimacy_mean"], q["legitimacy_spread"], trust)
        people[i]["bearing"] = uniform(key, Purpose.BEARING)
        people[i]["distance_cells"] = distance_of(role, uniform(key, Purpose.DISTANCE), q, cell_m)


@kernel
def draw_arrivals(people: Rows, run_key: int, first_tick: float, spread_ticks: float) -> None:
    """Spread the arrivals of a wave evenly over its time, from its first tick on."""
    moment = moment_key(run_key, 0)
    for i in range(people.shape[0]):
        share = uniform(entity_key(moment, people[i]["id"]), Purpose.ARRIVAL)
        people[i]["arrival_tick"] = int(first_tick + share * spread_ticks)
