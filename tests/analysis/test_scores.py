"""How statistics are held against a pattern: what is a hit, what is a miss, and what a miss says."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.expected import Statistic
from analysis.scores import score, with_discrepancy

RISE = {"kind": "rises_with", "band": (0, 1), "given": {"planned": 0}, "raised": {"planned": 0.5}}


def _score(*sets, log_sd=0.0, **fields):
    given = {"name": "x", "outcome": "detained", "kind": "count", "band": (2, 12), "nature": "emergent", "source": "s", "grade": "A"}
    return score("P1", Statistic(**{**given, **fields}), [np.array(values, dtype=float) for values in sets], log_sd)


def test_a_median_in_the_band_with_the_observed_value_in_the_interval_is_a_hit():
    found = _score([4, 5, 6], [5, 4, 6], observed=5, log_sd=0.2)
    assert found.hit
    assert found.low < 5 < found.high
    assert found.key == "P1 x"


def test_a_median_below_the_band_is_a_miss_that_says_by_what_factor():
    found = _score([1.0] * 9)
    assert not found.hit
    assert "2 times as large" in found.needed


def test_a_median_of_nothing_says_what_is_needed():
    assert "median 0, needs 2" in _score([0.0] * 9).needed


def test_a_median_above_the_band_is_a_miss():
    assert "fall to 12" in _score([30.0] * 9).needed


def test_an_observed_value_outside_the_interval_is_a_miss():
    assert "outside the interval" in _score([3, 3], [3, 3], observed=11).needed


def test_a_count_that_is_spread_too_wide_is_a_miss():
    assert "too wide" in _score([1.0] * 10, [5.0] * 11, [40.0] * 10, spread_ratio_at_most=6).needed


def test_a_count_whose_low_quantile_is_zero_is_infinitely_wide():
    assert "infinite" in _score([0.0] * 10, [5.0] * 11, [9.0] * 10, spread_ratio_at_most=6).needed


def test_a_spread_of_exactly_the_limit_is_a_hit():
    assert _score([2.0] * 10 + [5.0] * 11 + [12.0] * 10, spread_ratio_at_most=6).hit


@pytest.mark.parametrize(("kind", "share"), [("share_of_runs_at_zero", 0.75), ("share_of_runs_at_one", 0.25)])
def test_a_share_of_runs_counts_runs_over_all_sets(kind, share):
    found = _score([0, 0], [0, 1], kind=kind, band=(0.8, 1.0), log_sd=0.2)
    assert (found.low, found.median, found.high) == (share, share, share)
    assert not found.hit


def test_a_share_is_taken_as_it_is_and_a_time_is_off_by_the_discrepancy():
    shares, times = ([0.5] * 99 for _ in range(2))
    assert _score(shares, kind="share", band=(0, 1), log_sd=0.3).high == 0.5
    assert _score(times, kind="time", band=(0, 1), log_sd=0.3).high > 0.7


def test_a_rise_in_every_set_is_a_hit():
    found = _score([0, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 1], **RISE)
    assert found.hit
    assert found.median == pytest.approx((0.5 + 0.75 + 0.25) / 3)


def test_no_rise_at_all_is_a_miss():
    assert "not clear of 0" in _score([0] * 20, [0] * 20, **RISE).needed


def test_a_rise_that_chance_explains_is_a_miss():
    assert not _score([0, 1], [0, -1], [0, 1], [0, 0], **RISE).hit


def test_a_fall_is_a_miss():
    assert not _score([-1, -1, 0], [-1, 0, -1], **RISE).hit


def test_runs_of_one_set_are_no_independent_witnesses_of_a_rise():
    lucky = [1.0] * 1000
    assert not _score(lucky, [0.0] * 10, [0.0] * 10, **RISE).hit


def test_the_rise_of_a_single_set_is_judged_by_its_runs():
    assert _score([1, 0, 1, 1, 0, 1, 1, 1], **RISE).hit
    assert not _score([1], **RISE).hit


def test_discrepancy_widens_the_interval_and_keeps_the_median():
    values = np.full(1001, 50.0)
    spread = with_discrepancy(values, 0.3)
    assert np.median(spread) == pytest.approx(50, rel=1e-6)
    assert np.quantile(spread, 0.95) == pytest.approx(50 * np.exp(0.3 * 1.645), rel=0.02)
    assert np.array_equal(with_discrepancy(values, 0.0), values)
