"""Licence and mobilisation: hand-computed numbers, directions, and no effect where their size is 0."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from sim.deterrence.licence import constraint_felt, licence_after, licensed_turnout
from sim.deterrence.mobilisation import faded, turnout_factor

SHARES = (0.0, 0.2, 0.5, 0.9, 1.0)


def test_a_want_of_licence_adds_to_political_constraint_and_plenty_takes_from_it():
    assert constraint_felt(0.5, 0.1, 0.5, 0.0, 0.2) == pytest.approx(0.7)
    assert constraint_felt(0.5, 0.9, 0.5, 0.0, 0.2) == pytest.approx(0.3)
    assert constraint_felt(0.5, 0.5, 2.0, 0.0, 0.2) == 0.5


def test_constraint_stays_within_0_and_1_and_at_weight_0_licence_is_not_felt():
    assert constraint_felt(0.9, 0.0, 2.0, 0.0, 0.2) == 1.0
    assert constraint_felt(0.1, 1.0, 2.0, 0.0, 0.2) == 0.0
    assert {constraint_felt(0.4, licence, 0.0, 0.0, 0.2) for licence in SHARES} == {0.4}


def test_pressing_for_action_loosens_constraint_and_urging_restraint_tightens_it():
    assert constraint_felt(0.5, 0.5, 0.5, 0.8, 0.5) == pytest.approx(0.1)
    assert constraint_felt(0.5, 0.5, 0.5, -0.8, 0.5) == pytest.approx(0.9)


def test_pressing_of_no_weight_changes_nothing():
    assert {constraint_felt(0.5, 0.5, 0.5, pressed, 0.0) for pressed in (-1.0, 0.0, 1.0)} == {0.5}


def test_licence_is_spent_and_won_within_0_and_1():
    assert licence_after(0.5, -0.2) == pytest.approx(0.3)
    assert licence_after(0.5, 0.2) == pytest.approx(0.7)
    assert licence_after(0.1, -0.5) == 0.0
    assert licence_after(0.9, 0.5) == 1.0


def test_licence_above_one_half_adds_to_a_crowds_turnout_below_it_takes_away_and_at_weight_0_neither():
    assert licensed_turnout(0.9, 0.5) == pytest.approx(1.2)
    assert licensed_turnout(0.1, 0.5) == pytest.approx(0.8)
    assert licensed_turnout(0.0, 1.0) == pytest.approx(0.5)
    assert {licensed_turnout(licence, 0.0) for licence in SHARES} == {1.0}


def test_evidence_fades_to_one_e_th_in_its_days_and_not_at_once():
    assert faded(40.0, 7.0, 7.0) == pytest.approx(40.0 / math.e)
    assert faded(40.0, 0.0, 7.0) == 40.0
    assert faded(0.0, 3.0, 7.0) == 0.0


def test_turnout_rises_with_people_hurt_and_detained_and_levels_off():
    assert turnout_factor(40.0, 0.8, 40.0, 0.0, 0.2, 10.0) == pytest.approx(1.0 + 0.8 * (1.0 - 1.0 / math.e))
    assert turnout_factor(0.0, 0.8, 40.0, 10.0, 0.2, 10.0) == pytest.approx(1.0 + 0.2 * (1.0 - 1.0 / math.e))
    assert turnout_factor(1e6, 0.8, 40.0, 1e6, 0.2, 10.0) == pytest.approx(2.0)
    rising = [turnout_factor(hurt, 0.8, 40.0, 0.0, 0.2, 10.0) for hurt in (0.0, 10.0, 20.0, 30.0)]
    gains = [after - before for before, after in pairwise(rising)]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > 0.0


def test_where_nothing_happened_or_the_sizes_are_0_turnout_is_that_of_any_day():
    assert turnout_factor(0.0, 0.8, 40.0, 0.0, 0.2, 10.0) == 1.0
    assert turnout_factor(500.0, 0.0, 40.0, 50.0, 0.0, 10.0) == 1.0
