"""Checks of a posterior: contraction, ranks of known truths (a wrong sampler must fail), events left out, the prior predictive."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.abc_smc import Observed, Prior, Sizes, infer
from analysis.calibration_checks import (
    Narrowed,
    chi_square_chance,
    effective,
    leave_one_out,
    narrowed,
    quantiles,
    rank_of,
    ranks,
    simulation_based,
    units,
    wilson,
)
from analysis.prior_predictive import prior_predictive

PRIOR = Prior(("size", "idle"), np.array([0.0, 0.0]), np.array([1.0, 0.5]), np.array([2.0, 1.0]))
SIZES = Sizes(particles=50, first=400, later=150, runs=700)
EVENTS = ("first", "first", "second")


def simulate(values, first):
    rng = np.random.default_rng((5, first))
    return values[:, :1] * np.array([1.0, 2.0, 1.0]) + rng.normal(size=(len(values), 3)) * 0.15


def seen(*values):
    return Observed(("a", "b", "c"), np.array(values), np.array(values), np.zeros(3), EVENTS)


@pytest.fixture(scope="module")
def sampled():
    return infer(PRIOR, simulate, seen(1.2, 2.4, 1.2), SIZES, 1)


def _places(narrower, count=400, particles=99):
    """Ranks where truth and particles come from one normal, the particles *narrower* than they should be."""
    rng = np.random.default_rng(3)
    equal = np.ones(particles)
    return np.array([[rank_of(rng.normal(), rng.normal(size=particles) * narrower, equal, rng.random())] for _ in range(count)])


def test_ranks_of_a_right_sampler_are_even():
    found = ranks(("a",), _places(1.0))[0]
    assert not found.fails
    assert found.covered[0] <= 0.9 <= found.covered[2]


@pytest.mark.parametrize(("narrower", "fault"), [(0.6, "too narrow"), (1.6, "too wide")])
def test_ranks_of_a_sampler_that_is_too_sure_or_too_unsure_say_which(narrower, fault):
    found = ranks(("a",), _places(narrower))[0]
    assert found.fault == fault
    assert found.misleads == (fault == "too narrow"), "too wide is on the safe side"


def test_ranks_of_a_sampler_that_is_off_to_one_side_fail():
    found = ranks(("a",), np.clip(_places(1.0) + 0.15, 0, 1))[0]
    assert (found.fault, found.misleads) == ("off to one side", True)


def test_a_right_sampler_seldom_fails():
    rng = np.random.default_rng(4)
    fails = [ranks(("a",), rng.random((200, 1)))[0].fails for _ in range(300)]
    assert sum(fails) <= 9


def test_runs_of_the_prior_taken_for_truth_pass_where_the_inference_is_right():
    def noisy(values, first):
        return simulate(values, first) + np.random.default_rng((6, first)).normal(size=(len(values), 3)) * 0.6

    found = simulation_based(infer(PRIOR, noisy, seen(1.2, 2.4, 1.2), SIZES, 1), 1)
    assert [item.name for item in found] == ["size", "idle"]
    assert found[0].truths == 400
    assert not any(item.fails for item in found)
    assert all(item.covered[0] <= 0.9 <= item.covered[2] for item in found)


def test_where_few_runs_tell_much_known_truths_say_that_intervals_are_too_wide(sampled):
    size, idle = simulation_based(sampled, 1)
    assert size.fault == "too wide"
    assert not idle.fails


def test_an_inference_from_particles_that_are_too_narrow_is_found_out(sampled):
    """Particles drawn in towards the middle, as a sampler would give them that forgets part of the noise."""
    pool, rng = sampled.pool, np.random.default_rng(8)
    good, spread, places = np.arange(pool.first), pool.spread, []
    for truth in range(200):
        away = (((pool.statistics[good] - pool.statistics[truth]) / spread) ** 2).sum(axis=1)
        near = np.argsort(np.where(good == truth, np.inf, away), kind="stable")[:30]
        values = pool.scores[near, 0]
        places.append([rank_of(pool.scores[truth, 0], values.mean() + 0.4 * (values - values.mean()), np.ones(30), rng.random())])
    assert ranks(("size",), np.array(places))[0].fails


def test_contraction_tells_what_is_informed_from_what_is_not(sampled):
    size, idle = narrowed(sampled)
    assert size.verdict == "informed"
    assert size.posterior[0] < 1.2 < size.posterior[2]
    assert idle.verdict == "prior"
    assert abs(idle.contraction) < 0.4


def test_few_effective_particles_are_not_judged(sampled):
    few = replace(sampled, weights=np.where(np.arange(len(sampled.rows)) < 3, 1 / 3, 1e-12))
    assert {item.verdict for item in narrowed(few)} == {"not judged"}


@pytest.mark.parametrize(
    ("contraction", "error", "verdict"),
    [(0.5, 0.1, "informed"), (0.4, 0.1, "weakly informed"), (0.29, 0.0, "weakly informed"), (0.1, 0.1, "prior")],
)
def test_a_parameter_is_informed_only_where_it_contracts_by_three_tenths_clear_of_chance(contraction, error, verdict):
    assert Narrowed("a", (0, 1, 2), (0, 1, 2), contraction, error, True).verdict == verdict


def test_each_event_is_left_out_and_predicted_from_the_others(sampled):
    found = leave_one_out(sampled)
    assert [(item.event, item.statistic) for item in found] == [("first", "a"), ("first", "b"), ("second", "c")]
    assert all(item.inside for item in found)


def test_an_event_that_the_others_contradict_is_missed_when_it_is_left_out():
    found = leave_one_out(infer(PRIOR, simulate, seen(0.6, 1.2, 1.8), SIZES, 1))
    assert not found[-1].inside


def test_of_one_event_alone_single_statistics_are_left_out():
    one = replace(seen(1.0, 2.0, 1.0), events=("only",) * 3)
    assert list(units(one)) == ["a", "b", "c"]


def test_what_no_run_of_the_prior_comes_near_is_a_warning():
    found = prior_predictive(infer(PRIOR, simulate, seen(1.0, 9.0, 1.0), SIZES, 1).pool, seen(1.0, 9.0, 1.0))
    assert [item.outside for item in found] == [False, True, False]
    assert "outside 1 to 99 %" in found[1].warning
    assert found[0].warning == ""


def test_an_interval_is_outside_only_where_all_of_it_is():
    wide = replace(seen(1.0, 2.0, 1.0), low=np.array([1.9, 50.0, -5.0]), high=np.array([9.0, 60.0, 0.2]))
    pool = infer(PRIOR, simulate, seen(1.0, 2.0, 1.0), SIZES, 1).pool
    assert [item.outside for item in prior_predictive(pool, wide)] == [False, True, False]


def test_quantiles_of_few_values_are_placed_so_that_intervals_are_not_too_narrow():
    rng, hits = np.random.default_rng(6), 0
    for _ in range(2000):
        low, _, high = quantiles(rng.normal(size=20), np.ones(20))
        hits += low <= rng.normal() <= high
    assert hits / 2000 == pytest.approx(0.9, abs=0.02)


def test_unequal_weights_tell_as_much_as_fewer_equal_ones():
    assert effective(np.ones(10)) == pytest.approx(10)
    assert effective(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)
    assert quantiles(np.array([1.0, 2.0, 3.0]), np.array([1e-9, 1.0, 1e-9]), (0.5,))[0] == pytest.approx(2.0)


@pytest.mark.parametrize(("found", "freedom", "chance"), [(9.236, 5, 0.10), (16.919, 9, 0.05), (21.666, 9, 0.01)])
def test_the_chance_of_a_chi_square_is_the_table_s(found, freedom, chance):
    assert chi_square_chance(found, freedom) == pytest.approx(chance, rel=0.03)


def test_an_interval_of_a_share_stays_between_0_and_1():
    assert wilson(1.0, 20)[1] == 1.0
    assert wilson(0.5, 0) == (0.0, 1.0)
    assert wilson(0.9, 100)[0] == pytest.approx(0.8256, abs=1e-3)
