"""Forecast scores, naive forecasters and the parts of a spread: known answers, and what each must not reward."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.expected import Statistic
from analysis.forecast_scores import can_be_scored, crps, forecast_score, interval_score, scaled
from analysis.naive_forecasts import FixedShare, Forecasts, fitted, fixed_share, people_at
from analysis.spread_parts import components, parts_of
from sim.api import load, normal_quantile

PEOPLE = {"kfor": 300.0, "police": 100.0, "crowd": 1000.0}


def _statistic(**fields) -> Statistic:
    given = {"name": "x", "outcome": "may_29/kfor_hurt_final_report", "kind": "count", "band": (0, 99), "observed": 30}
    return Statistic(**{**given, "nature": "emergent", "source": "s", "grade": "A", **fields})


def test_a_forecast_of_one_number_scores_its_distance():
    assert crps(np.full(50, 3.0), 5.0) == pytest.approx(2.0)
    assert crps(np.full(50, 5.0), 5.0) == pytest.approx(0.0)


def test_the_crps_of_a_normal_forecast_is_the_textbooks():
    """At the mean of a standard normal forecast: (sqrt 2 - 1) / sqrt pi."""
    draws = np.array([normal_quantile((place + 0.5) / 4000) for place in range(4000)])
    assert crps(draws, 0.0) == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi), abs=1e-3)


def test_the_crps_of_a_coin_is_a_quarter_and_of_certainty_that_errs_one():
    assert crps(np.array([0.0, 1.0]), 1.0) == pytest.approx(0.25)
    assert crps(np.array([0.0, 0.0]), 1.0) == pytest.approx(1.0)


def test_an_interval_that_holds_the_outcome_scores_its_width_and_one_that_does_not_is_fined_twentyfold():
    assert interval_score(2.0, 5.0, 4.0) == pytest.approx(3.0)
    assert interval_score(2.0, 5.0, 6.0) == pytest.approx(3.0 + 20.0)
    assert interval_score(2.0, 5.0, 1.5) == pytest.approx(3.0 + 10.0)


def test_who_tells_what_he_believes_scores_best_on_the_average():
    truth = np.array([normal_quantile((place + 0.5) / 500) for place in range(500)])
    honest, bold, timid = (float(np.mean([crps(spread * truth, y) for y in truth])) for spread in (1.0, 0.3, 3.0))
    assert honest < bold
    assert honest < timid


def test_counts_are_scored_on_the_logarithm_and_shares_as_they_are():
    counts, shares = _statistic(), _statistic(kind="share", observed=0.5, band=(0, 1))
    assert scaled(counts, np.array([0.0, math.e - 1])).tolist() == pytest.approx([0.0, 1.0])
    assert scaled(shares, np.array([0.2, 0.7])).tolist() == [0.2, 0.7]
    few = forecast_score(_statistic(observed=9), np.full(10, 4.0))
    many = forecast_score(_statistic(observed=99), np.full(10, 49.0))
    assert few.crps == pytest.approx(many.crps)


def test_only_what_is_documented_and_has_one_value_a_run_can_be_scored():
    assert can_be_scored(_statistic())
    assert not can_be_scored(_statistic(observed=None))
    assert not can_be_scored(_statistic(kind="share_of_runs_at_zero", band=(0, 1), observed=1))


def test_a_fixed_share_is_what_was_hurt_over_who_was_there():
    found = fitted([("d1/kfor_hurt_final_report", 30.0, PEOPLE), ("d2/kfor_hurt_final_report", 0.0, PEOPLE)])
    assert found.middle("kfor_hurt_final_report", PEOPLE) == pytest.approx(15.0)
    assert found.middle("kfor_hurt", {**PEOPLE, "kfor": 100.0}) == pytest.approx(5.0)
    assert found.middle("crowd_peak", PEOPLE) is None
    assert found.log_sd > 0.5


def test_a_fixed_share_that_was_never_off_is_sure_of_itself_and_its_draws_stand_round_the_middle():
    sure = fitted([("d/kfor_hurt_final_report", 30.0, PEOPLE)])
    assert sure.log_sd == 0.0
    draws = FixedShare(sure.shares, 0.5).draws("kfor_hurt_final_report", PEOPLE)
    assert np.median(draws) == pytest.approx(30.0)
    assert draws.min() >= 0.0


def test_hurt_on_all_sides_is_the_sum_of_the_sides():
    share = FixedShare({"kfor_hurt_final_report": 0.1, "police_hurt_final_report": 0.05, "protesters_hurt_final_report": 0.01}, 0.4)
    assert share.middle("hurt", PEOPLE) == pytest.approx(30 + 5 + 10)


def test_the_shipped_fixed_share_knows_may_alone_and_its_people_are_those_of_the_day_files():
    may = load("may_2023")
    there = people_at(may, "may_29/kfor_hurt_final_report")
    assert there["kfor"] == pytest.approx(480)  # 280 at Zvecan, 100, 60 and 40 at the others
    assert people_at(may, "may_29/zvecan/kfor_hurt")["kfor"] == pytest.approx(280)
    assert fixed_share().middle("kfor_hurt_final_report", there) == pytest.approx(93)
    assert fixed_share().log_sd > 0.3, "the quiet day of 31 May counts too"


def test_a_model_is_called_worse_where_it_is_worse_and_alike_within_a_twentieth():
    good, near, bad = (forecast_score(_statistic(), np.full(9, value)) for value in (29.0, 29.02, 3.0))
    assert Forecasts("P1", _statistic(), bad, good, None).worse_than == ("a fixed injury share",)
    assert Forecasts("P1", _statistic(), good, bad, bad).worse_than == ()
    assert Forecasts("P1", _statistic(), good, near, None).against(near) == "alike"
    assert Forecasts("P1", _statistic(), good, None, None).against(None) == "none"


def _crossed(sets: int, draws: int, seeds: int, *spreads: float) -> np.ndarray:
    rng = np.random.default_rng(7)
    parts = [rng.normal(0, spread, size) for spread, size in zip(spreads, (sets, draws, seeds), strict=False)]
    table = parts[0][:, None, None] + parts[1][None, :, None] + parts[2][None, None, :]
    return table + (rng.normal(0, spreads[3], table.shape) if len(spreads) > 3 else 0.0)


def test_three_effects_that_add_up_are_told_apart_to_the_bit():
    table = _crossed(8, 6, 4, 1.0, 2.0, 0.5)
    sets, draws, seeds, together = components(table)
    assert sets == pytest.approx(table.mean(axis=(1, 2)).var(ddof=1))
    assert draws == pytest.approx(table.mean(axis=(0, 2)).var(ddof=1))
    assert seeds == pytest.approx(table.mean(axis=(0, 1)).var(ddof=1))
    assert together == pytest.approx(0.0, abs=1e-12)


def test_what_no_factor_explains_is_together_and_makes_no_factor_large():
    sets, draws, seeds, together = components(_crossed(30, 30, 30, 0.0, 0.0, 0.0, 1.0))
    assert together == pytest.approx(1.0, abs=0.05)
    assert max(sets, draws, seeds) < 0.01


def test_shares_of_the_spread_add_up_and_nothing_is_shared_where_nothing_varies():
    told = parts_of("P1", _statistic(), _crossed(8, 6, 4, 1.0, 2.0, 0.5, 0.3))
    assert told.inputs + told.parameters + told.chance + told.together == pytest.approx(1.0)
    assert told.inputs > told.parameters > 0.0
    still = parts_of("P1", _statistic(), np.zeros((3, 3, 3)))
    assert (still.inputs, still.parameters, still.chance, still.together, still.spread) == (0, 0, 0, 0, 0)
