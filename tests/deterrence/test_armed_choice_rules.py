"""Armed choice: what options are worth by hand, what raises and lowers them, and how surely the best is taken."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.deterrence.armed_choice import (
    choice_weight,
    chosen,
    getting_away_worth,
    giving_up_worth,
    holding_out_worth,
    launch_worth,
    met_chance,
    reach,
)

SHARE = st.floats(0.0, 1.0)
STEPS = [step / 10 for step in range(11)]
DRAWS = [(step + 0.5) / 2000 for step in range(2000)]


def taken_shares(worths: tuple[float, ...], precision: float) -> list[float]:
    """Return the share of draws that take each option."""
    found = [chosen(worths, precision, draw) for draw in DRAWS]
    return [found.count(place) / len(DRAWS) for place in range(len(worths))]


def test_forces_at_the_balance_are_thought_to_reach_it_half():
    assert reach(150.0, 50.0, 3.0) == pytest.approx(0.5)
    assert reach(300.0, 50.0, 3.0) == pytest.approx(2.0 / 3.0)


def test_where_no_forces_are_near_nothing_is_reached_and_a_group_without_fighters_is_always_met():
    assert reach(0.0, 50.0, 3.0) == 0.0
    assert reach(0.0, 0.0, 3.0) == 1.0


def test_a_small_forward_force_alone_reaches_little():
    assert reach(10.0, 50.0, 3.0) < 0.07
    assert reach(2000.0, 50.0, 3.0) > 0.9


@given(st.floats(0.0, 2000.0), st.floats(0.0, 2000.0), st.floats(0.1, 90.0), st.floats(0.1, 20.0))
def test_more_forces_are_thought_to_reach_more_and_more_fighters_are_reached_less(some, others, fighters, balance):
    few, many = sorted((some, others))
    assert 0.0 <= reach(few, fighters, balance) <= reach(many, fighters, balance) < 1.0
    assert reach(many, 2.0 * fighters, balance) <= reach(many, fighters, balance)
    assert reach(many, fighters, 2.0 * balance) <= reach(many, fighters, balance)


def test_the_chance_of_being_met_is_resolve_times_reach_and_never_above_1():
    assert met_chance(0.6, 0.5, 1.0) == pytest.approx(0.3)
    assert met_chance(0.6, 0.5, 2.0) == pytest.approx(0.6)
    assert met_chance(1.0, 0.9, 2.0) == 1.0
    assert met_chance(1.0, 1.0, 0.0) == 0.0


@given(SHARE, SHARE, st.floats(0.0, 2.0))
def test_who_is_not_thought_resolved_or_not_thought_near_meets_nobody(resolve, reached, weight):
    assert met_chance(0.0, reached, weight) == met_chance(resolve, 0.0, weight) == 0.0
    assert 0.0 <= met_chance(resolve, reached, weight) <= 1.0


def test_an_attack_is_worth_its_gain_its_loss_and_its_cost_by_hand():
    assert launch_worth(0.3, 0.5, 0.8, 2.0, 0.1, 0.5) == pytest.approx(0.7 * 0.8 * 0.5 - 0.3 * 2.0 * 0.5 - 0.1)


def test_an_attack_that_is_surely_met_only_loses_and_one_that_is_surely_not_met_only_gains():
    assert launch_worth(1.0, 1.0, 1.0, 2.0, 0.1, 1.0) == pytest.approx(-2.1)
    assert launch_worth(0.0, 1.0, 1.0, 2.0, 0.1, 1.0) == pytest.approx(0.9)


def test_expected_denial_lowers_an_attacks_worth_and_licence_raises_it():
    falling = [launch_worth(met, 0.5, 1.0, 1.0, 0.05, 1.0) for met in STEPS]
    rising = [launch_worth(0.3, licence, 1.0, 1.0, 0.05, 1.0) for licence in STEPS]
    assert all(after < before for before, after in pairwise(falling))
    assert all(after > before for before, after in pairwise(rising))


def test_a_leader_who_does_not_mind_consequences_loses_the_gain_alone():
    assert launch_worth(0.4, 1.0, 1.0, 9.0, 0.0, 0.0) == pytest.approx(0.6)
    assert launch_worth(0.4, 1.0, 1.0, 9.0, 0.0, 2.0) == pytest.approx(0.6 - 7.2)


def test_giving_up_costs_a_licensed_leader_his_face_and_an_unlicensed_one_nothing():
    assert giving_up_worth(0.5, 0.4) == pytest.approx(-0.2)
    assert giving_up_worth(0.0, 0.4) == 0.0
    assert giving_up_worth(1.0, 0.0) == 0.0


def test_holding_out_by_hand_and_what_it_is_worth_shrinks_to_37_percent_in_the_leaders_patience():
    assert holding_out_worth(0.2, 0.0, 0.5, 8.0, 2.0, 0.5) == pytest.approx(0.8 * 0.5 - 0.2 * 2.0 * 0.5)
    assert holding_out_worth(0.0, 8.0, 0.5, 8.0, 2.0, 1.0) == pytest.approx(0.5 / math.e)


def test_holding_out_is_worth_less_with_every_hour_and_with_every_force_that_comes():
    by_hour = [holding_out_worth(0.2, hour, 0.5, 8.0, 2.0, 1.0) for hour in range(12)]
    by_force = [holding_out_worth(met, 2.0, 0.5, 8.0, 2.0, 1.0) for met in STEPS]
    for falling in (by_hour, by_force):
        assert all(after < before for before, after in pairwise(falling))


def test_getting_away_by_hand_and_between_freedom_and_capture():
    assert getting_away_worth(0.25, 0.5, 2.0, 0.5) == pytest.approx(0.75 * 0.5 - 0.25 * 2.0 * 0.5)
    assert getting_away_worth(0.0, 0.5, 2.0, 1.0) == 0.5
    assert getting_away_worth(1.0, 0.5, 2.0, 1.0) == -2.0
    falling = [getting_away_worth(stopped, 0.5, 2.0, 1.0) for stopped in STEPS]
    assert all(after < before for before, after in pairwise(falling))


def test_an_options_weight_is_1_for_the_best_and_falls_with_what_it_is_worse():
    assert choice_weight(0.7, 0.7, 12.0) == 1.0
    assert choice_weight(0.5, 0.7, 10.0) == pytest.approx(math.exp(-2.0))
    assert choice_weight(-9.0, 0.7, 0.0) == 1.0


def test_at_precision_0_the_choice_falls_by_lot():
    assert taken_shares((0.9, -3.0, 0.1), 0.0) == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=1e-3)


def test_options_are_taken_in_the_shares_of_a_logit_choice():
    weights = [math.exp(2.0 * worth) for worth in (0.5, 0.0, -1.0)]
    assert taken_shares((0.5, 0.0, -1.0), 2.0) == pytest.approx([weight / sum(weights) for weight in weights], abs=1e-3)


def test_as_the_precision_grows_the_best_option_is_taken_ever_more_often_and_at_last_always():
    shares = [taken_shares((0.0, 0.1, -0.2), precision)[1] for precision in (0.0, 1.0, 5.0, 20.0, 100.0, 1000.0)]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1] == 1.0


def test_an_option_that_is_worth_far_less_is_not_taken_even_by_the_lowest_draw():
    assert chosen((-10.0, 0.0), 1000.0, 0.0) == 1
    assert chosen((5.0, -10.0), 1000.0, 0.5) == 0


def test_the_highest_draw_takes_the_last_option_however_the_weights_round():
    assert chosen((-1.7, -2.8, -0.4), 1.0, 1.0 - 2.0**-53) == 2
    assert chosen((0.3,), 1.0, 1.0 - 2.0**-53) == 0


@given(st.lists(st.floats(-20.0, 5.0), min_size=1, max_size=5), st.floats(0.0, 1000.0), st.floats(0.0, 1.0, exclude_max=True))
def test_a_choice_is_always_one_of_the_options_and_more_worth_for_all_changes_none(worths, precision, share):
    place = chosen(tuple(worths), precision, share)
    assert 0 <= place < len(worths)
    shifted = chosen(tuple(worth + 4.0 for worth in worths), precision, share)
    assert shifted == place or precision * max(abs(worth) for worth in worths) > 1e-3  # else the sums differ by their rounding alone


@given(SHARE, SHARE)
def test_a_larger_draw_never_takes_an_earlier_option(one, other):
    low, high = sorted((min(one, 0.999), min(other, 0.999)))
    assert chosen((0.2, 0.0, 0.1), 5.0, low) <= chosen((0.2, 0.0, 0.1), 5.0, high)
