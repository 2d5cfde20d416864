"""The campaign's rules against their closed forms."""

from __future__ import annotations

import math

import pytest
from campaign_weeks import campaign

from sim.deterrence.armed_choice import chosen, met_chance, reach
from sim.deterrence.beliefs import evidence_after, pays, resolve
from sim.deterrence.campaign_choice import (
    answered_share,
    faded,
    preparation_after,
    preparation_needed,
    sabotage_chance,
    some_force_answers,
    worth_of_peace,
)
from sim.deterrence.campaign_response import bargain_chance
from sim.doctrine.campaign_transition import grown, kept_at_the_front, response_gap
from sim.engine.campaign_decisions import odds_of
from sim.engine.campaign_learning import fade
from sim.engine.campaign_state import new_campaign_state


def test_half_of_what_was_learnt_is_left_after_a_half_life():
    assert faded(10.0, 2.0, 240.0, 240.0) == pytest.approx(6.0)
    assert faded(10.0, 2.0, 0.0, 240.0) == 10.0


def test_weeks_of_fading_add_up_to_one_long_one():
    level = 9.0
    for _ in range(10):
        level = faded(level, 3.0, 7.0, 100.0)
    assert level == pytest.approx(faded(9.0, 3.0, 70.0, 100.0))


@pytest.mark.parametrize(("prior", "challenges"), [((2.0, 2.0), 3), ((4.0, 1.0), 8), ((8.0, 2.0), 15)])
def test_without_fading_and_cost_the_first_paying_challenge_is_the_one_of_the_exact_law(prior, challenges):
    alpha, beta = prior
    made = 0
    while True:
        met = some_force_answers(met_chance(resolve(alpha, beta), 1.0, 1.0), 0.0, 0.0)
        worths = (worth_of_peace(0.0, 0.0, 1.0), pays(met, 1.0, -2.0, 0.0))
        if chosen(worths, 1000.0, 0.5) == 1:
            break
        made += 1
        beta = evidence_after(faded(beta, prior[1], 7.0, 1e9), 1.0, 1.0)
    assert made == challenges


def test_forces_that_answer_each_on_their_own_fail_together_by_the_product():
    assert some_force_answers(0.3, 0.5, 0.2) == pytest.approx(1.0 - 0.7 * 0.5 * 0.8)
    assert some_force_answers(0.0, 0.0, 0.0) == 0.0


def test_the_chance_that_a_blockade_still_stands_is_a_rayleigh_law_in_days():
    standing = math.prod(1.0 - bargain_chance(0.02, float(day), 1.0) for day in range(1, 11))
    assert standing == pytest.approx(math.exp(-0.02 * 10 * 11 / 2))


def test_with_no_displacement_denial_moves_no_sabotage():
    assert sabotage_chance(0.02, 0.0, 0.9) == 0.02
    assert sabotage_chance(0.02, 1.0, 0.5) == pytest.approx(0.52)


def test_preparation_grows_by_licence_and_loses_the_share_found():
    assert preparation_after(0.5, 0.1, 0.0, 0.0) == 0.5
    assert preparation_after(0.5, 0.1, 1.0, 0.5) == pytest.approx(0.3)
    assert preparation_needed(30.0, 0.01) == 1.0
    assert preparation_needed(90.0, 0.01) == pytest.approx(1.6)


def test_an_answer_is_denial_or_consequence_by_the_declared_weight():
    assert answered_share(1.0, 0.0, 0.3, 0.0) == 1.0
    assert answered_share(1.0, 0.0, 0.3, 1.0) == 0.0
    assert answered_share(0.0, 0.6, 0.3, 1.0) == 1.0


def test_odds_are_logit_and_add_to_one():
    odds = odds_of({"a": 0.1, "b": 0.3}, 10.0)
    assert sum(odds.values()) == pytest.approx(1.0)
    assert odds["b"] / odds["a"] == pytest.approx(math.exp(2.0))


def test_a_balance_that_is_reached_by_nobody_denies_nothing():
    assert met_chance(0.9, reach(0.0, 50.0, 3.0), 1.0) == 0.0


def test_a_transition_grows_towards_one_and_hands_over_what_it_says():
    assert grown(0.3, 0.0, 365.0) == 0.3
    assert grown(0.3, 1.0, 365.0) == 1.0
    assert kept_at_the_front(0.25, 0.0) == 0.75
    assert response_gap(450.0, 450.0) == 0.0


def test_a_state_at_rest_stays_as_it_is_when_time_passes():
    state = new_campaign_state(campaign(), 1)
    before = {name: vars(item).copy() for name, item in state.communities.items()}
    banks = {pair: (bank.alpha, bank.beta) for pair, bank in state.beliefs.items()}
    fade(state)
    assert {name: vars(item) for name, item in state.communities.items()} == before
    assert {pair: (bank.alpha, bank.beta) for pair, bank in state.beliefs.items()} == banks
