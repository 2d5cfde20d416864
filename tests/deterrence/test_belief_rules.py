"""Beliefs: what is learnt from an answer and from none, how it fades, and what excess does instead."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.deterrence.beliefs import evidence_after, intransigent, pays, resolve

COUNT = st.floats(0.1, 500.0)
SHARE = st.floats(0.0, 1.0)
STRENGTH = st.floats(0.0, 2.0)


def test_resolve_is_the_mean_of_what_was_answered():
    assert resolve(2.0, 2.0) == 0.5
    assert resolve(8.0, 2.0) == pytest.approx(0.8)
    assert resolve(2.0, 5.0) == pytest.approx(2.0 / 7.0)


@given(COUNT, COUNT, st.floats(0.01, 10.0), st.floats(0.01, 2.0))
def test_an_answer_raises_resolve_and_no_answer_lowers_it(alpha, beta, weight, strength):
    before = resolve(alpha, beta)
    assert 0.0 < before < 1.0
    assert resolve(evidence_after(alpha, weight, strength), beta) > before
    assert resolve(alpha, evidence_after(beta, weight, strength)) < before


@given(COUNT, st.floats(0.0, 10.0))
def test_with_no_strength_and_with_no_weight_nothing_is_learnt(count, weight):
    assert evidence_after(count, weight, 0.0) == count
    assert evidence_after(count, 0.0, 2.0) == count


def test_evidence_adds_its_weight_times_the_strength_of_learning():
    assert evidence_after(4.0, 2.0, 1.0) == 6.0
    assert evidence_after(4.0, 2.0, 0.5) == 5.0


def test_the_same_answer_moves_an_audience_the_less_the_more_it_has_seen():
    moved = [resolve(stock + 1.0, stock) - 0.5 for stock in (1.0, 2.0, 5.0, 50.0)]
    assert all(after < before for before, after in pairwise(moved))
    assert moved[-1] > 0.0


def test_a_challenge_is_worth_its_gain_its_loss_and_its_cost_by_hand():
    assert pays(0.25, 1.0, -2.0, 0.1) == pytest.approx(0.75 - 0.5 - 0.1)
    assert pays(0.0, 1.0, -2.0, 0.1) == pytest.approx(0.9)
    assert pays(1.0, 1.0, -2.0, 0.1) == pytest.approx(-2.1)


@given(SHARE, SHARE, st.floats(0.0, 2.0), st.floats(-10.0, 0.0), SHARE)
def test_a_challenge_that_is_met_more_surely_never_pays_more(one, other, gain, loss, cost):
    low, high = sorted((one, other))
    assert pays(high, gain, loss, cost) <= pays(low, gain, loss, cost) + 1e-12


def test_intransigence_rises_by_the_step_of_what_is_left():
    assert intransigent(0.0, 0.1, 1.0) == pytest.approx(0.1)
    assert intransigent(0.5, 0.1, 2.0) == pytest.approx(0.6)
    assert intransigent(1.0, 0.1, 2.0) == 1.0


@given(SHARE, SHARE)
def test_without_the_spiral_or_without_an_excess_nobody_becomes_intransigent(level, size):
    assert intransigent(level, size, 0.0) == level
    assert intransigent(level, 0.0, 2.0) == level


@given(SHARE, SHARE, STRENGTH)
def test_intransigence_never_falls_by_excess_and_stays_within_0_and_1(level, size, strength):
    """At every strength that can be set: at 2 an act of full size would else reach beyond 1."""
    assert level <= intransigent(level, size, strength) <= 1.0


def test_an_act_of_full_size_at_full_strength_ends_at_1():
    assert intransigent(0.0, 1.0, 2.0) == 1.0
