"""What speaks against a parameter set, and how far off it is."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.expected import read_expected
from analysis.played import play
from analysis.ruling_out import allowance, distance, misfit, ruled_out
from sim.api import InputError

SEEDS = range(1, 21)


@pytest.fixture
def statistics(toy):
    return {item.name: item for _, item in read_expected(toy.scenario).emergent}


def _played(toy, **values):
    return play("toy", [values], read_expected(toy.scenario).settings(), SEEDS)[0]


def test_misfit_is_zero_inside_the_band_and_grows_outside(statistics):
    assert misfit(statistics["hurt"], np.array([12.0, 15, 18])) == 0
    assert 0 < misfit(statistics["hurt"], np.array([25.0])) < misfit(statistics["hurt"], np.array([50.0]))
    assert 0 < misfit(statistics["hurt"], np.array([9.0])) < misfit(statistics["hurt"], np.array([3.0]))


def test_misfit_of_a_share_is_in_widths_of_the_band(statistics):
    assert misfit(statistics["share"], np.array([1.0])) == pytest.approx(1.0)


def test_a_rise_fits_unless_it_is_a_fall(statistics):
    assert misfit(statistics["rises"], np.array([0.0, 1, 0])) == 0
    assert misfit(statistics["rises"], np.array([0.0, -1, -1, 0])) == pytest.approx(0.5)


def test_chance_is_allowed_for_in_shares_of_runs_and_less_of_it_in_more_runs(statistics):
    few, many = np.array([1.0] * 5 + [0.0] * 5), np.array([1.0] * 500 + [0.0] * 500)
    assert allowance(statistics["quiet"], few, 0.2) == pytest.approx((0.15 * 0.85 / 10) ** 0.5 / 0.15)
    assert allowance(statistics["quiet"], many, 0.2) < allowance(statistics["quiet"], few, 0.2)


def test_sampling_is_allowed_for_beside_discrepancy_and_less_of_it_in_more_runs(statistics):
    alike, few, many = np.array([15.0] * 8), np.array([5.0, 45.0] * 4), np.array([5.0, 45.0] * 400)
    assert allowance(statistics["hurt"], alike, 0.2) == pytest.approx(0.2)
    assert 0.2 < allowance(statistics["hurt"], many, 0.2) < allowance(statistics["hurt"], few, 0.2)


def test_a_set_that_fits_is_not_ruled_out(toy):
    expected = read_expected(toy.scenario)
    assert not ruled_out(expected, _played(toy, alpha=0.5, beta=0.4))
    assert distance(expected, _played(toy, alpha=0.5, beta=0.4)) == 0


@pytest.mark.parametrize("values", [{"alpha": 0.95}, {"alpha": 0.1}, {"beta": 0.9}])
def test_one_statistic_is_enough_to_rule_a_set_out(toy, values):
    expected = read_expected(toy.scenario)
    assert ruled_out(expected, _played(toy, **values))
    assert distance(expected, _played(toy, **values)) > 0


def test_leeway_spares_what_is_a_little_off(toy):
    expected, played = read_expected(toy.scenario), _played(toy, beta=0.7)
    assert ruled_out(expected, played, leeway=0.5)
    assert not ruled_out(expected, played, leeway=6)


def test_imposed_statistics_rule_nothing_out(toy):
    toy.write("band: [3, 5]", "band: [90, 99]")
    assert not ruled_out(read_expected(toy.scenario), _played(toy))


def test_what_was_not_played_rules_nothing_out(toy):
    expected = read_expected(toy.scenario)
    plain = play("toy", [{}], [()], SEEDS)[0]
    assert not plain.shows(expected.patterns[1].statistics[0])
    assert not ruled_out(expected, plain)


def test_a_failed_run_rules_a_set_out(toy):
    toy.failing_seeds = {3}
    expected = read_expected(toy.scenario)
    assert ruled_out(expected, _played(toy))
    assert distance(expected, _played(toy)) == float("inf")


def test_a_rise_is_told_from_pairs_on_the_same_seed_and_a_failed_run_drops_its_pair(toy):
    toy.failing_seeds = {3, 4}
    statistic = read_expected(toy.scenario).patterns[1].statistics[1]
    rise = _played(toy).values(statistic)
    assert len(rise) == len(SEEDS) - 2
    assert set(rise) <= {0.0, 1.0}, "with the same luck more prepared groups can only add a clash"
    assert rise.sum() > 0


def test_an_outcome_that_runs_do_not_give_is_named(toy):
    statistic = read_expected(toy.scenario).patterns[0].statistics[0].model_copy(update={"outcome": "may_1/north/hurt"})
    with pytest.raises(InputError, match="give no outcome 'may_1/north/hurt'"):
        _played(toy).values(statistic)
