"""The clash: what is thrown, whom it hurts, whether the line holds; by hand, and with no effect at strength 0."""

from __future__ import annotations

import math

import pytest

from sim.adjudication.crowd_clash import (
    company_factor,
    giving_way_chance,
    ground_gained,
    injury_chance,
    outflanked,
    pressure_ratio,
    thrown_means,
)
from sim.vocabulary import Means


def test_what_is_thrown_is_a_device_then_an_incendiary_then_an_object():
    assert [thrown_means(share, 0.1, 0.05) for share in (0.0, 0.049, 0.05, 0.149, 0.151, 0.99)] == [
        Means.DEVICE,
        Means.DEVICE,
        Means.INCENDIARY,
        Means.INCENDIARY,
        Means.THROWN_OBJECT,
        Means.THROWN_OBJECT,
    ]
    assert {thrown_means(share / 100, 0.0, 0.0) for share in range(100)} == {Means.THROWN_OBJECT}


def test_kit_training_and_formation_each_lower_the_chance_that_a_hit_hurts():
    bare = injury_chance(0.2, 0.0, 1.0, 1.0, 1.0)
    assert bare == 0.2
    assert injury_chance(0.2, 0.4, 0.85, 0.7, 1.1) == pytest.approx(0.2 * 0.6 * 0.85 * 0.7 * 1.1)
    assert injury_chance(0.2, 1.0, 1.0, 1.0, 1.0) == 0.0
    assert injury_chance(0.0, 0.0, 1.0, 1.0, 5.0) == 0.0
    assert injury_chance(0.9, 0.0, 1.0, 1.0, 5.0) == 1.0


def test_pressure_is_weighted_people_over_those_who_stand_with_a_second_rank_in_part():
    assert pressure_ratio(10.0, 4.0, 0.5, 0.75, 8.0, 6.0, 0.5) == pytest.approx((5.0 + 3.0) / 11.0)
    assert pressure_ratio(10.0, 4.0, 0.0, 0.0, 8.0, 6.0, 0.5) == 0.0
    assert pressure_ratio(1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0) == 2.0


def test_a_second_rank_steadies_the_line_and_at_depth_support_0_it_does_nothing():
    assert pressure_ratio(10.0, 0.0, 1.0, 1.0, 8.0, 6.0, 0.5) < pressure_ratio(10.0, 0.0, 1.0, 1.0, 8.0, 0.0, 0.5)
    assert pressure_ratio(10.0, 0.0, 1.0, 1.0, 8.0, 6.0, 0.0) == pressure_ratio(10.0, 0.0, 1.0, 1.0, 8.0, 0.0, 0.0)


def test_a_section_is_outflanked_from_the_declared_number_of_steps_ahead_of_either_neighbour():
    assert not outflanked(2.0, 2.0, 3.0)
    assert outflanked(3.0, -1.0, 3.0)
    assert outflanked(0.0, 4.0, 3.0)


def test_a_line_rarely_gives_way_below_balance_and_at_half_the_rate_in_balance():
    assert giving_way_chance(1.0, 0.15, 0.4, 2.0) == pytest.approx(1.0 - math.exp(-0.4 * 0.5 * 2.0))
    assert giving_way_chance(0.2, 0.15, 0.4, 1.0) < 0.01
    assert giving_way_chance(5.0, 0.15, 0.4, 1.0) == pytest.approx(1.0 - math.exp(-0.4))
    assert giving_way_chance(50.0, 0.15, 0.0, 60.0) == 0.0


def test_a_push_into_empty_ground_goes_at_its_pace_and_people_in_the_way_slow_it():
    assert ground_gained(6.0, 5.0, 0.0, 60.0, 0.25) == pytest.approx(6.0 / 5.0 * 0.25)
    assert ground_gained(6.0, 5.0, 60.0, 60.0, 0.25) == pytest.approx(6.0 / 5.0 * 0.25 / math.e)
    assert ground_gained(0.0, 5.0, 0.0, 60.0, 10.0) == 0.0


def test_halving_the_step_composes_the_chance_that_a_line_gives_way():
    half = giving_way_chance(1.1, 0.15, 0.4, 0.125)
    assert 1.0 - (1.0 - half) ** 2 == pytest.approx(giving_way_chance(1.1, 0.15, 0.4, 0.25), rel=1e-12)


def test_people_attack_in_company_half_as_often_in_the_declared_number_and_at_0_alone_as_often():
    assert company_factor(4.0, 5.0) == pytest.approx(0.5)
    assert company_factor(0.0, 5.0) == pytest.approx(1.0 / 6.0)
    assert company_factor(0.0, 5.0) < company_factor(1.0, 5.0) < company_factor(500.0, 5.0) < 1.0
    assert {company_factor(others, 0.0) for others in (0.0, 3.0, 500.0)} == {1.0}
