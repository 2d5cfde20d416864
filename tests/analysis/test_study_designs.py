"""Designs cover the space as their names promise, stay inside their margins, and are the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.study_design import (
    largest_correlation,
    nearly_orthogonal,
    points_of,
    quality_of,
    shares_of,
    spread,
    values_at,
    wrong_with,
)
from analysis.study_file import Design
from analysis.study_uncertainties import Uncertainty

KINDS = ("grid", "latin_hypercube", "sobol", "nearly_orthogonal", "morris", "saltelli")


def uncertainty(low=0.0, declared=0.5, high=1.0, distribution="triangular"):
    return Uncertainty("concept.x", "x", "1", low, declared, high, distribution, "assumption")


@pytest.mark.parametrize("kind", KINDS)
def test_a_design_has_as_many_points_as_it_says_and_they_are_shares(kind):
    design = Design(kind=kind, size=8)
    shares = shares_of(design, 3, (2,))
    assert len(shares) == points_of(design, 3, (2,))
    assert shares.shape[1] == 4
    assert shares.min() >= 0.0 and shares.max() <= 1.0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "grid"])
def test_the_same_seed_gives_the_same_design_and_another_seed_another(kind):
    one, same, other = (shares_of(Design(kind=kind, size=8, seed=seed), 5) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("kind", ["latin_hypercube", "nearly_orthogonal"])
def test_each_column_of_a_latin_hypercube_has_one_point_in_each_of_as_many_strata(kind):
    shares = shares_of(Design(kind=kind, size=40), 6)
    for column in shares.T:
        assert sorted(np.floor(column * 40).astype(int)) == list(range(40))


def test_a_longer_sobol_design_begins_with_the_shorter():
    short, long = (shares_of(Design(kind="sobol", size=size, seed=3), 7) for size in (16, 64))
    assert np.array_equal(short, long[:16])


def test_a_nearly_orthogonal_design_correlates_much_less_than_a_plain_latin_hypercube():
    plain = shares_of(Design(kind="latin_hypercube", size=100), 20)
    assert largest_correlation(nearly_orthogonal(20, 100, 1))[0] < largest_correlation(plain)[0] / 5


def test_each_step_of_a_morris_trajectory_changes_one_uncertainty():
    shares = shares_of(Design(kind="morris", size=6), 4).reshape(6, 5, 4)
    assert ((np.diff(shares, axis=1) != 0.0).sum(axis=2) == 1).all()
    assert ((np.diff(shares, axis=1) != 0.0).sum(axis=1) == 1).all()


def test_saltellis_blocks_take_one_column_at_a_time_from_the_second_matrix():
    blocks = shares_of(Design(kind="saltelli", size=8), 3).reshape(8, 5, 3)
    first, second = blocks[:, 0], blocks[:, -1]
    for column in range(3):
        expected = first.copy()
        expected[:, column] = second[:, column]
        assert np.array_equal(blocks[:, 1 + column], expected)


def test_a_grid_has_every_combination_and_both_ends():
    numbers = [uncertainty(2.0, 3.0, 6.0), uncertainty(0.0, 0.1, 1.0, "uniform")]
    points = values_at(shares_of(Design(kind="grid", size=3), 2, (2,)), numbers, (2,), grid=True)
    assert sorted(map(tuple, points)) == [(x, y, form) for x in (2.0, 4.0, 6.0) for y in (0.0, 0.5, 1.0) for form in (0.0, 1.0)]


def test_drawn_forms_come_equally_often():
    points = values_at(shares_of(Design(kind="latin_hypercube", size=60), 1, (3,)), [uncertainty()], (3,))
    assert [int((points[:, 1] == form).sum()) for form in range(3)] == [20, 20, 20]


@settings(max_examples=60, deadline=None)
@given(
    ends=st.tuples(*[st.floats(1e-3, 1e3)] * 3).map(sorted).filter(lambda ends: ends[2] - ends[0] > 1e-6),
    distribution=st.sampled_from(["triangular", "uniform", "log_uniform"]),
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 1000),
)
def test_no_value_of_any_design_lies_outside_its_margin(ends, distribution, kind, seed):
    low, declared, high = ends
    points = values_at(
        shares_of(Design(kind=kind, size=4, seed=seed), 1), [uncertainty(low, declared, high, distribution)], (), kind == "grid"
    )
    assert np.isfinite(points).all()
    assert low <= points.min() and points.max() <= high


def test_margins_are_spread_as_their_names_say():
    shares = (np.arange(20_000) + 0.5) / 20_000
    triangular = spread(shares, uncertainty(0.0, 1.0, 4.0))
    assert triangular.mean() == pytest.approx(5.0 / 3.0, abs=1e-3)
    assert (triangular < 1.0).mean() == pytest.approx(0.25, abs=1e-3)
    uniform = spread(shares, uncertainty(0.0, 1.0, 4.0, "uniform"))
    assert (uniform.mean(), uniform.var()) == (pytest.approx(2.0, abs=1e-3), pytest.approx(16.0 / 12.0, abs=1e-3))
    assert np.median(spread(shares, uncertainty(0.01, 0.5, 1.0, "log_uniform"))) == pytest.approx(0.1, rel=1e-3)


def test_random_points_are_no_more_even_than_chance_and_a_sobol_sequence_is():
    design = Design(kind="latin_hypercube", size=64)
    random = [quality_of(design, np.random.default_rng(seed).random((64, 4))).against_chance for seed in range(30)]
    assert np.mean(random) == pytest.approx(1.0, abs=0.25)
    sobol = Design(kind="sobol", size=64)
    assert quality_of(sobol, shares_of(sobol, 4)).against_chance < 0.3


@pytest.mark.parametrize(
    ("kind", "size", "width", "said"),
    [
        ("sobol", 100, 3, "sobol needs a power of 2, not 100; write 64 or 128"),
        ("saltelli", 96, 3, "saltelli needs a power of 2, not 96; write 64 or 128"),
        ("nearly_orthogonal", 20, 20, "20 points of 20 uncertainties cannot be nearly orthogonal; take at least 22"),
        ("morris", 1, 3, "morris needs at least 2, not 1"),
        ("grid", 2, 178, "comes to 10^53 points of 178 uncertainties"),
        ("latin_hypercube", None, 3, "is missing; say how many points"),
    ],
)
def test_a_design_that_cannot_be_drawn_is_refused_with_a_remedy(kind, size, width, said):
    field, what, remedy = wrong_with(Design(kind=kind, size=size), width)
    assert field == "size"
    assert f"{what}; {remedy}".startswith(said)


@pytest.mark.parametrize("kind", KINDS)
def test_a_design_that_can_be_drawn_is_not_refused(kind):
    assert wrong_with(Design(kind=kind, size=16), 3, (2,)) == ("", "", "")
