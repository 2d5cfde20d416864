"""Fear, learning and legitimacy: hand-computed numbers, and no effect where their size is 0."""

from __future__ import annotations

import math

import pytest

from sim.deterrence.fear import cornered_anger, fear_after, leaving_chance
from sim.deterrence.learning import certainty_after
from sim.deterrence.legitimacy import confidence_after, legitimacy_after


def test_fear_fades_when_nothing_is_seen_and_rises_towards_one_with_what_is():
    assert fear_after(0.4, 0.9, 0.0) == pytest.approx(0.36)
    assert fear_after(0.4, 0.9, 0.5) == pytest.approx(0.36 + 0.6 * (1.0 - math.exp(-0.5)))
    assert fear_after(0.4, 1.0, 1e9) == 1.0


def test_nobody_flees_up_to_his_nerve_and_beyond_it_the_more_afraid_the_sooner():
    assert leaving_chance(0.45, 0.45, 1.0, 10.0) == 0.0
    assert leaving_chance(0.65, 0.45, 0.3, 2.0) == pytest.approx(1.0 - math.exp(-0.3 * 0.2 * 2.0))
    assert leaving_chance(0.9, 0.45, 0.3, 2.0) > leaving_chance(0.65, 0.45, 0.3, 2.0)
    assert leaving_chance(1.0, 0.0, 0.0, 60.0) == 0.0


def test_halving_the_step_composes_the_chance_of_fleeing():
    whole, half = leaving_chance(0.8, 0.3, 0.3, 1.0), leaving_chance(0.8, 0.3, 0.3, 0.5)
    assert 1.0 - (1.0 - half) ** 2 == pytest.approx(whole, rel=1e-12)


def test_without_a_way_out_fear_turns_into_anger_and_at_blocked_exit_anger_0_it_does_not():
    assert cornered_anger(0.2, 0.5, 0.0, 10.0) == 0.2
    assert 0.2 < cornered_anger(0.2, 0.5, 0.02, 1.0) <= 1.0
    assert cornered_anger(0.2, 0.0, 0.02, 1.0) == 0.2
    assert 0.99 < cornered_anger(0.9, 1.0, 1.0, 60.0) <= 1.0


def test_certainty_moves_towards_what_was_seen_by_rate_and_closeness():
    assert certainty_after(0.2, 0.4, 0.5, 1.0) == pytest.approx(0.2 + 0.4 * 0.5 * 0.8)
    assert certainty_after(0.2, 0.4, 0.5, 0.0) == pytest.approx(0.16)
    assert certainty_after(0.2, 1.0, 1.0, 1.0) == pytest.approx(1.0)


def test_one_learns_more_from_a_friends_detention_than_from_a_strangers_and_at_rate_0_nothing():
    friend, stranger = (certainty_after(0.2, 0.4, tie, 1.0) for tie in (0.4, 0.02))
    assert friend > stranger > 0.2
    assert certainty_after(0.2, 0.0, 1.0, 1.0) == 0.2


def test_force_felt_costs_legitimacy_in_proportion_and_never_takes_it_below_0():
    assert legitimacy_after(0.4, 0.5, 0.05) == pytest.approx(0.4 * 0.975)
    assert legitimacy_after(0.4, 1e6, 1.0) == 0.0
    assert legitimacy_after(0.4, 5.0, 0.0) == 0.4
    assert legitimacy_after(0.4, 0.0, 1.0) == 0.4


def test_hours_of_disorder_cost_the_other_communitys_confidence_and_at_0_nothing():
    assert confidence_after(0.75, 2.0, 0.03) == pytest.approx(0.75 * 0.94)
    assert confidence_after(0.75, 100.0, 0.1) == 0.0
    assert confidence_after(0.75, 5.0, 0.0) == 0.75
