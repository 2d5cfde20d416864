"""ABC-SMC on a model whose truth is known: recovery, coverage, the trap of days taken for alike, determinism."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pytest

from analysis.abc_smc import Observed, Prior, Sizes, infer
from analysis.calibration_checks import effective, narrowed, quantiles, rank_of, ranks

PRIOR = Prior(("rate", "slope", "idle"), np.array([0.0, -1.0, 0.0]), np.array([1.0, 0.0, 0.5]), np.array([3.0, 2.0, 1.0]))
SIZES = Sizes(particles=60, first=300, later=150, runs=900)
EVENTS, NOISE, BETWEEN_EVENTS = 3, 0.2, 0.5
REPLICATIONS = 60


def simulator(seed: int, between_events: float):
    """Three events of two statistics: *rate* raises all, *slope* tells events apart, *idle* does nothing."""

    def simulate(values, first):
        rng = np.random.default_rng((seed, 7, first))
        columns = []
        for event in range(EVENTS):
            own = rng.normal(size=len(values)) * between_events
            shared = [values[:, 0] + reach * values[:, 1] + own for reach in (0.5 * (event - 1), -0.5)]
            columns += [column + rng.normal(size=len(values)) * NOISE for column in shared]
        return np.column_stack(columns)

    return simulate


def observed(found, discrepancy=0.0):
    names = tuple(f"s{place}" for place in range(2 * EVENTS))
    return Observed(names, found, found, np.full(2 * EVENTS, discrepancy), tuple(f"event {place // 2}" for place in range(2 * EVENTS)))


def replicated(between_events, discrepancy=0.0, runs=900):
    """Return, over truths drawn from the prior: whether 90 % intervals hold them, where they rank, how far intervals contract."""
    held, places, contractions = [], [], []
    for replication in range(REPLICATIONS):
        rng = np.random.default_rng((99, replication))
        truth = PRIOR.values(rng.normal(size=(1, 3)))
        seen = observed(simulator(1000 + replication, BETWEEN_EVENTS)(truth, 0)[0], discrepancy)
        sampled = infer(PRIOR, simulator(replication, between_events), seen, replace(SIZES, runs=runs), replication)
        values, weights = sampled.values, sampled.weights
        ends = [quantiles(column, weights) for column in values.T]
        held.append([low <= value <= high for (low, _, high), value in zip(ends, truth[0], strict=True)])
        places.append([rank_of(value, column, weights, rng.random()) for column, value in zip(values.T, truth[0], strict=True)])
        contractions.append([item.contraction for item in narrowed(sampled)])
    return np.mean(held, axis=0), np.array(places), np.mean(contractions, axis=0)


def binomial(count, chance, tail=0.0025):
    """Return between which numbers a binomial stays but for this chance at either end."""
    shares = [comb(count, hits) * chance**hits * (1 - chance) ** (count - hits) for hits in range(count + 1)]
    inside = [hits for hits in range(count + 1) if sum(shares[: hits + 1]) > tail and sum(shares[hits:]) > tail]
    return inside[0], inside[-1]


@pytest.fixture(scope="module")
def right():
    """The model that made the truths: events differ in it as they do in them."""
    return replicated(BETWEEN_EVENTS)


def test_intervals_hold_nine_truths_in_ten_within_what_chance_allows(right):
    fewest, most = binomial(REPLICATIONS, 0.9)
    counts = right[0] * REPLICATIONS
    assert ((fewest <= counts) & (counts <= most)).all(), "three parameters, each within 99.5 % of a binomial"


def test_known_parameters_are_recovered_and_an_idle_one_is_left_alone(right):
    rate, slope, idle = right[2]
    assert rate > 0.6
    assert slope > 0.35
    assert abs(idle) < 0.15


def test_truths_rank_evenly_among_the_particles_of_the_whole_sampler(right):
    assert not any(item.fails for item in ranks(PRIOR.names, right[1]))


def test_events_taken_for_alike_make_intervals_that_miss_the_truth(right):
    held, places, _ = replicated(0.0)
    assert held[0] < 0.8 < right[0][0]
    assert any(item.fails for item in ranks(PRIOR.names, places)), "and ranks of known truths say so"


def test_a_discrepancy_as_large_as_what_was_left_out_mends_the_intervals():
    held, _, contractions = replicated(0.0, discrepancy=BETWEEN_EVENTS, runs=600)
    assert held[0] >= 0.75
    assert held[1] >= 0.8
    assert abs(contractions[2]) < 0.15


def _sampled(seed=3, sizes=SIZES, simulate=None):
    return infer(PRIOR, simulate or simulator(1, BETWEEN_EVENTS), observed(np.full(6, 1.2)), sizes, seed)


def test_the_same_seed_gives_the_same_particles_and_another_does_not():
    assert np.array_equal(_sampled().values, _sampled().values)
    assert np.array_equal(_sampled().weights, _sampled().weights)
    assert not np.array_equal(_sampled().values, _sampled(4).values)


def test_the_tolerance_only_falls_and_the_budget_is_kept():
    sampled = _sampled()
    tolerances = [item.tolerance for item in sampled.generations]
    assert tolerances == sorted(tolerances, reverse=True)
    assert tolerances[-1] < tolerances[0]
    assert sum(item.runs for item in sampled.generations) == len(sampled.pool.scores) <= SIZES.runs


def test_the_budget_is_kept_where_it_is_no_whole_number_of_generations():
    assert len(_sampled(sizes=replace(SIZES, runs=500)).pool.scores) == 500


def test_weights_add_up_and_none_exceeds_what_the_first_generation_bounds():
    sampled = _sampled()
    assert sampled.weights.sum() == pytest.approx(1.0)
    assert np.exp(sampled.pool.log_weights).max() <= len(sampled.pool.scores) / sampled.pool.first + 1e-9
    assert 0.2 * len(sampled.rows) < effective(sampled.weights) <= len(sampled.rows)


def test_weighted_by_the_balance_heuristic_the_whole_pool_is_the_prior_again():
    pool = _sampled().pool
    weights = np.exp(pool.log_weights)
    weights /= weights.sum()
    assert weights @ pool.scores == pytest.approx(np.zeros(3), abs=0.2)
    assert weights @ pool.scores**2 == pytest.approx(np.ones(3), abs=0.3)


def test_failed_runs_are_counted_and_never_become_particles():
    def failing(values, first):
        found = simulator(1, BETWEEN_EVENTS)(values, first)
        found[::4] = np.nan
        return found

    sampled = _sampled(simulate=failing)
    assert np.isfinite(sampled.pool.statistics[sampled.rows]).all()
    assert sum(item.failed for item in sampled.generations) == pytest.approx(len(sampled.pool.scores) / 4, abs=3)


def test_where_nearly_all_runs_fail_the_sampling_stops_and_says_so():
    sampled = _sampled(simulate=lambda values, _first: np.full((len(values), 6), np.nan))
    assert sampled.stopped == "too many runs failed"
    assert len(sampled.rows) == 0


def test_a_statistic_that_does_not_vary_is_left_out_of_the_distance():
    def stuck(values, first):
        return np.where(np.arange(6) == 2, 50.0, simulator(1, BETWEEN_EVENTS)(values, first))

    assert _sampled(simulate=stuck).generations[-1].tolerance < 2.0


def test_an_observation_between_two_ends_counts_as_off_only_beyond_them():
    pool = _sampled().pool
    wide = Observed(("s",) * 6, np.full(6, -50.0), np.full(6, 50.0), np.zeros(6), ("e",) * 6)
    assert pool.distances(wide).max() == 0.0


def test_the_first_generation_is_shown_before_anything_is_inferred():
    shown = []
    infer(PRIOR, simulator(1, 0.5), observed(np.ones(6)), SIZES, 1, shown.append)
    assert [len(pool.scores) for pool in shown] == [SIZES.first]


def test_normal_scores_give_back_the_declared_margins():
    rng = np.random.default_rng(1)
    values = PRIOR.values(rng.normal(size=(20_000, 3)))
    assert (values >= PRIOR.low).all()
    assert (values <= PRIOR.high).all()
    assert values.var(axis=0) == pytest.approx(PRIOR.variance(), rel=0.04)


@pytest.mark.parametrize("sizes", [Sizes(100, 150, 50, 400), Sizes(100, 200, 50, 150)])
def test_sizes_that_cannot_serve_are_refused(sizes):
    assert sizes.complaint()


def test_a_discrepancy_is_a_factor_on_counts_and_leaves_none_at_none():
    counts = np.array([0.0, 10.0])
    seen_ = Observed(("a", "b"), np.zeros(2), np.zeros(2), np.full(2, 0.2), ("e", "e"), np.array([True, True]))
    noisy = np.exp(seen_.with_discrepancy(np.log(counts + 0.5)[None], np.array([[3.0, 1.0]]))) - 0.5
    assert noisy[0] == pytest.approx([0.0, 10.0 * np.exp(0.2)])
