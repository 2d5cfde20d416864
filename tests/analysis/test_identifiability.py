"""What is identified: a planted dependence is found, noise is not, and too little is not judged."""

from __future__ import annotations

import json

import numpy as np
import pytest

from analysis.design import DUMMIES, Space
from analysis.expected import Statistic
from analysis.identifiability import ASKED, LEAST_SCREENED, LEAST_SURVIVORS, contraction, identifiability, rank_correlations, ranked
from analysis.identifiability_page import as_data, as_page
from analysis.search import Found, Screened
from analysis.surviving_sets import SurvivingSets

NAMES = ("theta_spiral", "theta_deterrence", "planned", "idle", "rigid")


def _statistic(name, given=None):
    return Statistic(name=name, outcome="hurt", kind="count", band=(0, 1), nature="emergent", given=given or {}, source="s", grade="A")


def _found(screened=300, survivors=60, noise=0.5, seed=3, ridge=True):
    """Spiral makes one of two things that P1 measures; P2 measures noise, given *planned*.

    Survivors are narrow in spiral and in *rigid*, and deterrence is tied to spiral.
    """
    rng, count = np.random.default_rng(seed), len(NAMES) + DUMMIES
    rows = rng.random((screened, count))
    spiral = rows[:, 0] + noise * rng.normal(size=screened)
    values = np.column_stack([spiral, rng.normal(size=screened), rng.normal(size=screened), np.full(screened, 7.0)])
    kept = rng.random((survivors, count))
    kept[:, 0] = 0.5 + 0.1 * (kept[:, 0] - 0.5)
    if ridge:
        kept[:, 1] = np.clip(1 - (kept[:, 0] - 0.45) * 10, 0, 1)
    kept[:, 4] = 0.5 + 0.1 * (kept[:, 4] - 0.5)
    space = Space(NAMES, np.zeros(count), np.full(count, 0.5), np.ones(count))
    told = {"model": "m", "dummies_from_the_start": True}
    sets = SurvivingSets(told, NAMES, tuple(map(tuple, kept[:, : len(NAMES)])), tuple(map(tuple, kept[:, len(NAMES) :])))
    given = {"planned": 0.0}
    statistics = (
        ("P1", _statistic("hurt")),
        ("P1", _statistic("hours")),
        ("P2", _statistic("quiet", given)),
        ("P2", _statistic("still", given)),
    )
    return Found(space, sets, Screened(rows, statistics, values))


def _row(table, name):
    return next(row for row in table.rows if row.parameter == name)


@pytest.fixture(scope="module")
def table():
    return identifiability(_found())


def test_ranks_of_ties_are_their_mean_and_rank_correlation_is_spearmans():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    left, right = rng.integers(0, 4, (50, 3)).astype(float), rng.normal(size=(50, 2))
    ours = rank_correlations(left, right)
    theirs = [[spearmanr(left[:, i], right[:, j]).statistic for j in range(2)] for i in range(3)]
    assert ours == pytest.approx(np.array(theirs))


def test_a_column_that_does_not_vary_has_no_correlation():
    assert (ranked(np.full((10, 1), 3.0)) == 0).all()


def test_contraction_is_one_minus_the_ratio_of_variances():
    survivors = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 1.0]])
    assert contraction(survivors, np.array([8.0, 5.0])) == pytest.approx([0.5, 1.0])
    assert contraction(survivors, np.array([2.0, 5.0]))[0] == pytest.approx(-1.0), "survivors wider than the range's shape: told as it is"


def test_a_planted_dependence_is_found(table):
    link = _row(table, "theta_spiral").links["P1"]
    assert link.informs
    assert link.rho > 0.4
    assert link.statistic == "hurt"
    assert _row(table, "theta_spiral").verdict == "informed"


def test_what_nothing_depends_on_is_called_prior_only(table):
    row = _row(table, "idle")
    assert row.verdict == "prior-only"
    assert not any(link and link.informs for link in row.links.values())


def test_contraction_without_a_link_is_weak(table):
    assert _row(table, "rigid").contraction > 0.9
    assert _row(table, "rigid").verdict == "weakly"


def test_a_link_without_contraction_is_weak():
    found = _found()
    wide = tuple((place / len(found.sets.sets), *row[1:]) for place, row in enumerate(found.sets.sets))
    sets = SurvivingSets(found.sets.provenance, NAMES, wide, found.sets.dummies)
    assert _row(identifiability(Found(found.space, sets, found.screened)), "theta_spiral").verdict == "weakly"


def test_a_pattern_says_nothing_of_a_parameter_that_it_sets_itself(table):
    assert _row(table, "planned").links["P2"] is None
    assert _row(table, "planned").links["P1"] is not None


def test_pure_noise_informs_nothing_in_most_searches():
    informed = 0
    for seed in range(20):
        rows = identifiability(_found(noise=1e9, survivors=0, seed=seed)).rows
        informed += any(link and link.informs for row in rows for link in row.links.values())
    assert informed <= 4, "wrong once in twenty, over all pairs together"


def test_contraction_that_the_search_brings_about_by_itself_does_not_count():
    """Survivors as alike as brothers are narrow in every parameter, and in the dummies too."""
    found = _found(survivors=60, ridge=False)
    narrow = np.array([[*row, *dummies] for row, dummies in zip(found.sets.sets, found.sets.dummies, strict=True)]) * 0.2 + 0.4
    count = len(NAMES)
    sets = SurvivingSets(found.sets.provenance, NAMES, tuple(map(tuple, narrow[:, :count])), tuple(map(tuple, narrow[:, count:])))
    row = _row(identifiability(Found(found.space, sets, found.screened)), "idle")
    assert row.contraction > 0.3
    assert row.verdict == "prior-only"


def test_a_planted_ridge_is_found_and_shown_with_what_was_expected(table):
    ridge = table.ridges[0]
    assert ridge.pair == ("theta_deterrence", "theta_spiral")
    assert ridge.is_ridge
    assert ridge.rho < -0.9
    assert ridge.asked


def test_families_among_the_survivors_are_no_ridge():
    """Survivors of two families differ in everything at once, dummies included: that ties no two parameters."""
    found = _found(ridge=False)
    rng, count = np.random.default_rng(9), len(NAMES)
    rows = rng.random((60, count + DUMMIES))
    rows[::2] = 0.05 * rows[::2] + rng.random(rows.shape[1])
    sets = SurvivingSets(found.sets.provenance, NAMES, tuple(map(tuple, rows[:, :count])), tuple(map(tuple, rows[:, count:])))
    table = identifiability(Found(found.space, sets, found.screened))
    assert not any(ridge.is_ridge for ridge in table.ridges)
    assert table.ridge_bar > identifiability(_found(ridge=False)).ridge_bar + 0.2


def test_pure_noise_is_no_ridge_and_no_contraction_in_most_searches():
    ridges, contracted = 0, 0
    for seed in range(20):
        rng, count = np.random.default_rng(seed), 60 + DUMMIES
        names, kept = tuple(f"p{place}" for place in range(60)), rng.random((50, count)) * 0.7
        space = Space(names, np.zeros(count), np.full(count, 0.5), np.ones(count))
        sets = SurvivingSets({}, names, tuple(map(tuple, kept[:, :60])), tuple(map(tuple, kept[:, 60:])))
        table = identifiability(Found(space, sets, _found(screened=1).screened))
        ridges += any(ridge.is_ridge for ridge in table.ridges)
        contracted += any(row.verdict == "weakly" for row in table.rows)
    assert ridges <= 4, "wrong once in twenty, over all pairs together"
    assert contracted <= 4, "wrong once in twenty, over all parameters together"


def test_the_two_strengths_are_shown_together_even_where_nothing_ties_them():
    table = identifiability(_found(ridge=False))
    assert [(ridge.pair, ridge.is_ridge) for ridge in table.ridges] == [(("theta_deterrence", "theta_spiral"), False)]


def test_a_pair_whose_parameters_are_not_varied_is_left_out(table):
    assert len(ASKED) > 1
    assert sum(bool(ridge.asked) for ridge in table.ridges) == 1


def test_too_few_unselected_sets_are_not_judged():
    table = identifiability(_found(screened=LEAST_SCREENED - 1))
    assert table.link_bar is None
    assert _row(table, "theta_spiral").links == {"P1": None, "P2": None}
    assert _row(table, "idle").verdict == "not judged"
    assert _row(table, "theta_spiral").verdict == "weakly", "contraction alone is still seen"


def test_too_few_survivors_are_not_judged():
    table = identifiability(_found(survivors=LEAST_SURVIVORS - 1))
    assert (table.contraction_bar, table.ridge_bar, table.ridges) == (None, None, ())
    assert _row(table, "idle").contraction is None
    assert _row(table, "idle").verdict == "not judged"


def test_the_page_gives_every_parameter_its_verdict_and_every_n(table):
    page = as_page(table, _found().sets, "A toy")
    assert page.startswith("# What informs which parameter: A toy\n")
    assert "300 unselected sets; 60 survivors" in page
    lines = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `") and " x " not in line}
    assert {name: lines[name].rsplit("|", 2)[1].strip() for name in NAMES} == {row.parameter: row.verdict for row in table.rows}
    assert "**+0." in lines["theta_spiral"]
    assert "| `theta_deterrence` x `theta_spiral` |" in page
    assert "| yes |" in page


def test_the_page_says_what_could_not_be_judged():
    found = _found(screened=10, survivors=3)
    page = as_page(identifiability(found), found.sets, "A toy")
    assert "correlations are not judged" in page
    assert "contraction and ridges are not judged" in page


def test_the_page_says_when_the_search_had_no_dummies_from_the_start(table):
    sets = SurvivingSets({"dummies_from_the_start": False}, NAMES, (), ())
    assert "understated" in as_page(table, sets, "A toy")


def test_the_data_hold_what_the_page_shows_and_no_raw_table(table):
    data = json.loads(as_data(table, _found().sets))
    assert data["unselected_sets"] == 300
    assert data["survivors"] == 60
    spiral = data["parameters"][0]
    assert spiral["links"]["P1"][1:] == ["hurt", True]
    assert spiral["verdict"] == "informed"
    assert data["ridges"][0][:2] == ["theta_deterrence", "theta_spiral"]
    assert len(as_data(table, _found().sets)) < 4000
