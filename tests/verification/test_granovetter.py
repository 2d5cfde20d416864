"""Granovetter's two crowds come out of the project's contagion rule, in the limit that its page declares."""

from __future__ import annotations

import math

import pytest

from sim.foundations.errors import InputError
from sim.verification.granovetter import EVERY_THRESHOLD, ONE_REPLACED, anger_threshold, riot

CONTAGIONS = pytest.mark.parametrize("contagion", [1e-6, 1e-4, 1e-3, 4e-3])


@CONTAGIONS
def test_one_person_for_each_threshold_ends_with_everybody(contagion):
    assert riot(EVERY_THRESHOLD, contagion) == list(range(101))


@CONTAGIONS
def test_with_the_one_replaced_by_a_two_it_ends_with_the_instigator_alone(contagion):
    assert riot(ONE_REPLACED, contagion) == [0, 1]


@CONTAGIONS
@pytest.mark.parametrize("missing", [2, 10, 50, 99])
def test_a_gap_in_the_thresholds_stops_the_crowd_there(missing, contagion):
    assert riot([*range(missing), *range(missing + 1, 101)], contagion)[-1] == missing


def test_the_two_crowds_differ_in_one_person():
    assert sorted(EVERY_THRESHOLD) == list(range(100))
    assert [pair for pair in zip(EVERY_THRESHOLD, ONE_REPLACED, strict=True) if pair[0] != pair[1]] == [(1, 2)]


def test_without_an_instigator_nothing_happens():
    assert riot(range(1, 101)) == [0]


def test_thresholds_lie_half_a_person_below():
    assert anger_threshold(0, 100, 0.001) < 0 < anger_threshold(1, 100, 0.001)
    assert math.isclose(anger_threshold(50, 100, 0.001), 1 - math.exp(-0.001 * 0.495), rel_tol=1e-12)


def test_beyond_the_limit_the_last_people_are_not_reached():
    assert riot(EVERY_THRESHOLD, 0.01)[-1] < 100


@pytest.mark.parametrize("contagion", [0.0, -1.0, math.nan, math.inf])
def test_contagion_must_be_positive(contagion):
    with pytest.raises(InputError, match="contagion_per_min"):
        riot(EVERY_THRESHOLD, contagion)


def test_a_crowd_has_somebody_in_it():
    with pytest.raises(InputError, match="waits_for"):
        riot([])
