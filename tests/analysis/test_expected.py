"""How statistics are held against a pattern: what is a hit, what is a miss, and what a miss says."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.expected import Statistic, read_expected, score, with_discrepancy
from analysis.surviving_sets import misfit, triangular
from sim.api import InputError, load


def _statistic(**fields) -> Statistic:
    given = {"name": "x", "outcome": "detained", "kind": "count", "band": (2, 12), "nature": "emergent", "source": "s", "grade": "A"}
    return Statistic(**{**given, **fields})


def test_a_median_in_the_band_with_the_observed_value_in_the_interval_is_a_hit():
    found = score(_statistic(observed=5), [4, 5, 6, 5, 4, 6], 0.2)
    assert found.hit
    assert found.low < 5 < found.high


def test_a_median_below_the_band_is_a_miss_that_says_by_what_factor():
    found = score(_statistic(), [1.0] * 9, 0.0)
    assert not found.hit
    assert "2 times as large" in found.needed


def test_a_median_above_the_band_is_a_miss():
    assert "fall to 12" in score(_statistic(), [30.0] * 9, 0.0).needed


def test_an_observed_value_outside_the_interval_is_a_miss():
    assert "outside the interval" in score(_statistic(observed=11), [3, 3, 3, 3], 0.0).needed


def test_a_count_that_is_spread_too_wide_is_a_miss():
    runs = [1.0] * 10 + [5.0] * 11 + [40.0] * 10
    assert "too wide" in score(_statistic(spread_ratio_at_most=6), runs, 0.0).needed


def test_a_count_whose_low_quantile_is_zero_is_infinitely_wide():
    runs = [0.0] * 10 + [5.0] * 11 + [9.0] * 10
    assert "infinite" in score(_statistic(spread_ratio_at_most=6), runs, 0.0).needed


def test_a_share_of_runs_counts_runs():
    found = score(_statistic(kind="share_of_runs_at_zero", band=(0.8, 1.0)), [0, 0, 0, 1], 0.2)
    assert found.median == 0.75
    assert not found.hit


def test_discrepancy_widens_the_interval_and_keeps_the_median():
    values = np.full(1001, 50.0)
    spread = with_discrepancy(values, 0.3)
    assert np.median(spread) == pytest.approx(50, rel=1e-6)
    assert np.quantile(spread, 0.95) == pytest.approx(50 * np.exp(0.3 * 1.645), rel=0.02)
    assert np.array_equal(with_discrepancy(values, 0.0), values)


def test_misfit_is_zero_inside_the_band_and_grows_outside():
    statistic = _statistic()
    assert misfit(statistic, [2, 7, 12]) == 0
    assert 0 < misfit(statistic, [20]) < misfit(statistic, [40])


def test_the_first_design_is_densest_at_the_declared_value():
    shares = np.linspace(0.001, 0.999, 999)[:, None]
    points = triangular(shares, np.array([0.0]), np.array([2.0]), np.array([10.0]))
    assert points.min() >= 0
    assert points.max() <= 10
    histogram, edges = np.histogram(points, bins=10, range=(0, 10))
    assert edges[np.argmax(histogram)] in (1.0, 2.0)


def test_the_shipped_pattern_reads_and_names_known_outcomes():
    expected = read_expected(load("may_2023_zvecan").folder)
    assert expected.pattern == "P2"
    assert {statistic.nature for statistic in expected.statistics} == {"emergent"}


def test_an_unknown_outcome_is_refused_with_its_line(tmp_path):
    text = (load("may_2023_zvecan").folder / "expected.yaml").read_text(encoding="utf-8")
    (tmp_path / "expected.yaml").write_text(text.replace("outcome: detained", "outcome: detaned"), encoding="utf-8")
    with pytest.raises(InputError, match=r"expected.yaml:\d+:statistics.*did you mean 'detained'"):
        read_expected(tmp_path)


def test_a_scenario_without_patterns_says_so(tmp_path):
    with pytest.raises(InputError, match="no expected patterns"):
        read_expected(tmp_path)
