"""Dispersal, detention, casualties, movement: hand-computed numbers, and no effect at strength 0."""

from __future__ import annotations

import math

import pytest

from sim.adjudication.arrest import detention_chance
from sim.adjudication.casualties import grade_of_injury, in_report, share_for_means
from sim.adjudication.crowd_movement import place_score, whim_of
from sim.adjudication.dispersal import force_injury_chance
from sim.vocabulary import Grade, Means


def test_indiscriminate_force_hurts_who_gives_way_and_wholly_selective_force_does_not():
    assert force_injury_chance(0.012, 2.0, False, 3.0, 0.0, 0.25) == pytest.approx(1.0 - math.exp(-0.012 * 2.0 * 0.25))
    assert force_injury_chance(0.012, 2.0, False, 3.0, 1.0, 0.25) == 0.0


def test_who_resists_is_hurt_by_the_resisting_factor_whatever_the_selectivity():
    expected = pytest.approx(1.0 - math.exp(-0.012 * 2.0 * 3.0 * 0.25))
    assert force_injury_chance(0.012, 2.0, True, 3.0, 0.0, 0.25) == expected
    assert force_injury_chance(0.012, 2.0, True, 3.0, 1.0, 0.25) == expected


@pytest.mark.parametrize(("rate", "reach"), [(0.0, 5.0), (0.5, 0.0)])
def test_force_without_rate_or_reach_hurts_nobody(rate, reach):
    assert force_injury_chance(rate, reach, True, 10.0, 0.0, 60.0) == 0.0


def test_a_team_with_somebody_in_reach_takes_one_person_at_its_rate_and_at_rate_0_nobody():
    assert detention_chance(0.03, 2.0) == pytest.approx(1.0 - math.exp(-0.06))
    assert detention_chance(0.0, 60.0) == 0.0


@pytest.mark.parametrize("chance", [lambda t: detention_chance(0.03, t), lambda t: force_injury_chance(0.012, 2.0, True, 3.0, 0.2, t)])
def test_halving_the_step_composes_the_chances_of_consequence(chance):
    assert 1.0 - (1.0 - chance(0.5)) ** 2 == pytest.approx(chance(1.0), rel=1e-12)


def test_an_injury_is_fatal_then_serious_then_light():
    assert [grade_of_injury(share, 0.3, 0.1) for share in (0.0, 0.099, 0.1, 0.399, 0.4, 0.999)] == [
        Grade.FATAL,
        Grade.FATAL,
        Grade.SERIOUS,
        Grade.SERIOUS,
        Grade.LIGHT,
        Grade.LIGHT,
    ]
    assert {grade_of_injury(share / 100, 0.0, 0.0) for share in range(100)} == {Grade.LIGHT}


def test_each_means_has_its_own_share():
    shares = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert [share_for_means(means, *shares) for means in Means] == list(shares)


def test_a_report_counts_the_dead_always_and_the_seriously_hurt_more_surely_than_the_lightly():
    assert in_report(0.999, Grade.FATAL, 0.0, 0.0)
    assert in_report(0.5, Grade.SERIOUS, 0.25, 0.7)
    assert not in_report(0.5, Grade.LIGHT, 0.25, 0.7)
    assert not in_report(0.0, Grade.LIGHT, 0.0, 0.0)


def cell_score(**changes):
    calm = {"gap": 3.0, "liked": 3.0, "aside": 0.0, "spreading_weight": 5.0, "present": 0.0, "comfort": 15.0, "crowding_weight": 2.0}
    return place_score(**(calm | changes))


def test_a_cell_suits_a_person_the_less_the_further_from_his_place_and_the_fuller_it_is():
    assert cell_score() == 0.0
    assert cell_score(gap=5.0) == cell_score(gap=1.0) == 2.0
    assert cell_score(aside=0.2) == pytest.approx(1.0)
    assert cell_score(present=15.0) == 0.0
    assert cell_score(present=30.0) == 2.0


def test_at_weight_0_neither_crowding_nor_place_along_the_front_matters():
    assert cell_score(present=500.0, aside=0.9, crowding_weight=0.0, spreading_weight=0.0) == 0.0


def test_whims_are_different_for_each_neighbour_and_lie_in_0_to_1():
    whims = [whim_of(0.4, choice) for choice in range(8)]
    assert whims[0] == 0.4
    assert len(set(whims)) == 8
    assert all(0.0 <= whim < 1.0 for whim in whims)
