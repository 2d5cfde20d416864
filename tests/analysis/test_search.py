"""The search: what is tried, what is dropped early, what survives, and what is told of it."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from analysis.design import DUMMIES, space_of, triangular, varied
from analysis.expected import read_expected
from analysis.search import CONFIRM_SEEDS, FEW_SEEDS, SCREEN_SEEDS, find
from analysis.surviving_sets import as_text, read_surviving
from sim.api import InputError


def _find(toy, first=60, later=(40, 40), parents=None, **more):
    return find(toy.scenario, read_expected(toy.scenario), first, later, 7, parents, **more)


def test_the_first_design_is_densest_at_the_declared_value():
    shares = np.linspace(0.001, 0.999, 999)[:, None]
    points = triangular(shares, np.array([0.0]), np.array([2.0]), np.array([10.0]))
    assert points.min() >= 0
    assert points.max() <= 10
    histogram, edges = np.histogram(points, bins=10, range=(0, 10))
    assert edges[np.argmax(histogram)] in (1.0, 2.0)


def test_each_margin_of_the_first_wave_is_spread_evenly_over_its_distribution(toy):
    space = space_of(toy.scenario)
    rows = space.draw(200, np.random.default_rng(1))
    median = triangular(np.full((1, rows.shape[1]), 0.5), space.low, space.centre, space.high)
    assert ((rows <= median).sum(axis=0) == 100).all()
    assert rows.var(axis=0) == pytest.approx(space.prior_variance(), rel=0.03)


def test_only_numbers_with_a_range_are_varied(toy):
    assert list(varied(toy.scenario)) == ["alpha", "beta", "idle", "planned"]


def test_what_survives_lies_where_the_patterns_are_met(toy):
    sets = _find(toy).sets
    alphas = [sets.values(place)["alpha"] for place in range(len(sets.sets))]
    betas = [sets.values(place)["beta"] for place in range(len(sets.sets))]
    assert len(alphas) >= 10
    assert 0.3 < min(alphas) < max(alphas) < 0.75, "alpha makes the number of people hurt"
    assert 0.1 < min(betas) < max(betas) < 0.75, "beta makes the share"


def test_survivors_lie_inside_the_declared_ranges(toy):
    sets = _find(toy).sets
    for place in range(len(sets.sets)):
        for name, (low, high) in varied(toy.scenario).items():
            assert low <= sets.values(place)[name] <= high


def test_the_first_wave_is_played_in_full_and_the_later_ones_are_dropped_early(toy):
    toy.write("band: [12, 18]", "band: [4000000000, 5000000000]")
    found = _find(toy, first=30, later=(20,))
    assert Counter(case.seed for case in toy.played) == {SCREEN_SEEDS[0]: 30 + 20, SCREEN_SEEDS[1]: 30}
    assert len(found.screened.rows) == 30


def test_a_set_that_is_ruled_out_is_played_no_more(toy):
    found = _find(toy, later=())
    confirming = Counter(tuple(sorted(case.values.items())) for case in toy.played if case.seed in CONFIRM_SEEDS)
    assert set(confirming.values()) == {FEW_SEEDS, len(CONFIRM_SEEDS)}, "few seeds for the hopeless, all for the others"
    assert sum(case.seed == CONFIRM_SEEDS[-1] for case in toy.played) < found.sets.provenance["looked_at_again"]


def test_confirming_runs_are_given_all_that_single_statistics_ask_for(toy):
    _find(toy, later=())
    assert {case.values["planned"] for case in toy.played if case.seed in CONFIRM_SEEDS} == {0.0}
    assert len({case.values["planned"] for case in toy.played if case.seed in SCREEN_SEEDS}) > 1


def test_sets_round_the_declared_values_go_straight_to_the_confirming_seeds(toy):
    found = _find(toy, first=30, later=(), near=25)
    assert found.sets.provenance["drawn_near"] == 25
    assert sum(case.seed == SCREEN_SEEDS[0] for case in toy.played) == 30
    assert len({tuple(sorted(case.values.items())) for case in toy.played if case.seed == CONFIRM_SEEDS[0]}) >= 25


def test_no_seed_of_the_search_is_one_of_validation(toy):
    _find(toy)
    assert {case.seed for case in toy.played} == {*SCREEN_SEEDS, *CONFIRM_SEEDS}
    assert min(SCREEN_SEEDS) > 1000


def test_dummies_go_through_the_search_and_never_into_a_run(toy):
    sets = _find(toy).sets
    assert {len(row) for row in sets.dummies} == {DUMMIES}
    assert {tuple(case.values) for case in toy.played} == {("alpha", "beta", "idle", "planned")}


def test_screening_measures_every_emergent_statistic_of_plain_runs(toy):
    screened = _find(toy).screened
    assert [item.name for _, item in screened.statistics] == ["hurt", "share"]
    assert screened.values.shape == (60, 2)


def test_a_failed_run_leaves_the_table_of_what_was_screened(toy):
    toy.failing_seeds = {SCREEN_SEEDS[1]}
    found = _find(toy, later=())
    assert len(found.screened.rows) == 0
    assert found.sets.sets == ()


def test_provenance_tells_how_the_sets_were_found(toy):
    told = _find(toy).sets.provenance
    assert told["patterns"] == ["P1", "P2", "P3"]
    assert told["drawn"] == [60, 40, 40]
    assert told["survived"] <= told["looked_at_again"]
    assert told["earlier"] is None
    assert told["dummies_from_the_start"]


def test_the_same_design_seed_finds_the_same_sets(toy):
    assert _find(toy).sets == _find(toy).sets


def test_parents_are_looked_at_again_and_stand_in_the_provenance(toy):
    parents = _find(toy).sets
    toy.played.clear()
    children = _find(toy, first=5, later=(), parents=parents).sets
    assert children.provenance["earlier"] == parents.provenance
    assert children.provenance["dummies_from_the_start"]
    assert set(children.sets) & set(parents.sets)


def test_what_parents_did_not_vary_is_drawn_anew_and_the_loss_of_dummies_is_told(toy):
    parents = _find(toy).sets
    cut = [row[:2] for row in parents.sets]
    older = type(parents)(parents.provenance, parents.names[:2], tuple(cut))
    found = _find(toy, first=5, later=(), parents=older).sets
    assert len({row[2] for row in found.sets}) == len(found.sets)
    assert not found.provenance["dummies_from_the_start"]
    again = _find(toy, first=5, later=(), parents=found).sets
    assert not again.provenance["dummies_from_the_start"], "what was lost once stays lost"


def test_progress_and_workers_reach_the_runs(toy):
    counted = []
    _find(toy, first=5, later=(), workers=3, progress=counted.append)
    assert sum(counted) == len(toy.played)
    assert toy.workers == {3}


def test_sets_are_read_as_they_were_written(toy, tmp_path):
    sets = _find(toy).sets
    (tmp_path / "sets.json").write_text(as_text(sets), "utf-8")
    read = read_surviving(tmp_path / "sets.json")
    assert (read.names, read.sets, read.dummies) == (sets.names, sets.sets, sets.dummies)
    assert read.provenance == json.loads(json.dumps(sets.provenance))


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "no json", '{"provenance": {}, "parameters": ["a"], "sets": [[1, 2]]}', '{"provenance": {}, "parameters": [], "sets": 3}'],
)
def test_a_broken_table_of_sets_is_refused(tmp_path, text):
    (tmp_path / "sets.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"no table of parameter sets.*kforsim calibrate"):
        read_surviving(tmp_path / "sets.json")
