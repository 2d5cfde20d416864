"""Paired differences: cases are the unit, panels weigh alike, intervals hold what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t as student

from analysis.paired import LEVEL, Layout, all_at_once, beats, chance_better, effect, estimate, split, student_quantile, tail_mean


def layout(cases: int, seeds: int = 2, panels: int = 4) -> Layout:
    """Cases in turn over panels, with so many seeds each."""
    case = np.repeat(np.arange(cases), seeds)
    return Layout(case, case % panels)


def drawn(rng, plan: Layout, between: float, within: float, mean: float = 0.0) -> np.ndarray:
    cases = rng.normal(mean, between, plan.case.max() + 1)
    return cases[plan.case] + rng.normal(0.0, within, len(plan.case))


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 10, 31, 100, 399])
@pytest.mark.parametrize("share", [0.6, 0.9, 0.975, 0.9995, 0.99999])
def test_student_quantiles_agree_with_the_published_ones(freedom, share):
    assert student_quantile(share, freedom) == pytest.approx(student.ppf(share, freedom), rel=1e-6)


def test_levels_of_a_family_multiply_to_the_whole():
    assert all_at_once(1) == LEVEL
    assert all_at_once(40) ** 40 == pytest.approx(LEVEL)


def test_seeds_of_one_case_are_no_independent_witnesses():
    plan = layout(8)
    same_in_a_case = np.repeat(np.arange(8.0), 2)
    assert estimate(same_in_a_case, plan).error == pytest.approx(estimate(np.arange(8.0), layout(8, seeds=1)).error)


def test_panels_weigh_alike_however_many_runs_each_has():
    plan = Layout(np.array([0, 1, 2, 3]), np.array([0, 0, 0, 1]))
    assert estimate(np.array([1.0, 1.0, 1.0, 5.0]), plan).mean == 3.0


def test_single_intervals_cover_the_mean_at_their_level():
    rng, plan = np.random.default_rng(1), layout(16)
    held = 0
    for _ in range(1000):
        base = drawn(rng, plan, 2.0, 1.0)
        found = effect(base, base + drawn(rng, plan, 1.0, 1.0, 0.5), plan, "less", all_at_once(1))
        held += found.single_low <= 0.5 <= found.single_high
    assert held / 1000 == pytest.approx(0.95, abs=0.025)


def test_intervals_of_a_family_hold_together():
    rng, plan, family = np.random.default_rng(2), layout(24), 30
    level, held = all_at_once(30), 0
    for _ in range(200):
        base = drawn(rng, plan, 1.0, 1.0)
        shared = drawn(rng, plan, 0.7, 0.7)
        found = [effect(base, base + shared + drawn(rng, plan, 0.7, 0.7), plan, "less", level) for _ in range(family)]
        held += all(item.low <= 0.0 <= item.high for item in found)
    assert held / 200 >= 0.93


def test_an_option_against_itself_differs_by_exactly_nothing():
    plan = layout(12)
    base = drawn(np.random.default_rng(3), plan, 1.0, 1.0)
    found = effect(base, base.copy(), plan, "less", all_at_once(10))
    assert (found.mean, found.low, found.high, found.from_chance, found.from_uncertainty) == (0.0,) * 5
    assert (found.chance_better, found.cases_better, found.cases_worse) == (0.5, 0.0, 0.0)


def test_a_yes_or_no_that_never_differed_is_not_proved_never_to_differ():
    plan = layout(20)
    nothing = np.zeros(len(plan.case))
    found = effect(nothing, nothing, plan, "less", LEVEL, binary=True)
    assert found.high == pytest.approx(1.0 - 0.025 ** (1 / 20))
    assert found.low == -found.high


def test_a_yes_that_never_failed_in_two_cases_is_not_told_apart():
    plan = layout(2)
    found = effect(np.ones(4), np.zeros(4), plan, "less", LEVEL, binary=True)
    assert (found.mean, found.high > 0.0) == (-1.0, True)
    many = effect(np.ones(80), np.zeros(80), layout(40), "less", LEVEL, binary=True)
    assert many.high < 0.0


def test_better_follows_the_outcomes_direction():
    plan = layout(8)
    base, more = np.zeros(16), np.ones(16)
    assert effect(base, more, plan, "less", LEVEL).chance_better == 0.0
    assert effect(base, more, plan, "more", LEVEL).chance_better == 1.0
    assert math.isnan(effect(base, more, plan, "neutral", LEVEL).chance_better)


def test_ties_count_half():
    assert chance_better(np.array([-1.0, 0.0, 0.0, 1.0])) == 0.5
    assert math.isnan(chance_better(np.zeros(0)))


def test_chance_and_uncertainty_are_told_apart():
    plan = layout(4000, seeds=2, panels=1)
    chance, uncertainty = split(drawn(np.random.default_rng(4), plan, 2.0, 3.0), plan)
    assert chance == pytest.approx(3.0, rel=0.1)
    assert uncertainty == pytest.approx(2.0, rel=0.1)


def test_without_a_second_seed_the_two_cannot_be_told_apart():
    plan = layout(8, seeds=1)
    assert all(map(math.isnan, split(np.arange(8.0), plan)))


def test_shared_luck_narrows_the_interval():
    rng, plan = np.random.default_rng(5), layout(40)
    luck = drawn(rng, plan, 0.0, 5.0)
    found = effect(luck, luck + drawn(rng, plan, 0.5, 0.5, -1.0), plan, "less", LEVEL)
    assert found.unpaired_half > 3.0 * (found.single_high - found.single_low) / 2.0


def test_failed_runs_leave_their_pairs_out():
    plan = layout(4)
    base, other = np.zeros(8), np.ones(8)
    other[3], base[0] = np.nan, np.nan
    found = effect(base, other, plan, "less", LEVEL)
    assert (found.pairs, found.mean) == (6, 1.0)
    assert effect(base, np.full(8, np.nan), plan, "less", LEVEL).pairs == 0


def test_the_tail_is_the_mean_of_the_worst_tenth():
    runs = np.arange(20.0)
    assert tail_mean(runs, "less") == 18.5
    assert tail_mean(runs, "more") == 0.5
    assert math.isnan(tail_mean(runs, "neutral"))


def test_chances_of_beating_each_other_add_up_to_one():
    rng = np.random.default_rng(6)
    table = beats([rng.normal(size=50) for _ in range(4)])
    assert np.allclose(table + table.T, 1.0)
    assert np.allclose(np.diag(table), 0.5)
