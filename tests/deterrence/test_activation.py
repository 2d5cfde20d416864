"""Activation: onset and stopping, their limits at zero width, and that chances compose over time."""

from __future__ import annotations

import math

import pytest

from sim.deterrence.activation import above_threshold, onset_chance, spent_after, stopping_chance

RATES = (0.05, 0.3, 5.0)


def test_the_onset_chance_is_that_of_the_printed_formula():
    pull = 1.0 / (1.0 + math.exp(-(0.9 - 0.1 - 0.7) / 0.05))
    assert onset_chance(0.9, 0.1, 0.7, 0.05, 0.3, 2.0) == pytest.approx(1.0 - math.exp(-0.3 * 2.0 * pull))


def test_the_stopping_chance_is_that_of_the_printed_formula():
    pull = 1.0 / (1.0 + math.exp((0.5 - 0.1 - 0.7 + 0.1) / 0.05))
    assert stopping_chance(0.5, 0.1, 0.7, 0.1, 0.05, 0.15, 2.0) == pytest.approx(1.0 - math.exp(-0.15 * 2.0 * pull))


def test_at_width_0_a_person_turns_only_above_his_threshold_and_stops_only_at_or_below_it():
    assert above_threshold(0.0, 0.0) == 0.0
    assert above_threshold(1e-12, 0.0) == 1.0
    assert onset_chance(0.7, 0.0, 0.7, 0.0, 5.0, 1.0) == 0.0
    assert onset_chance(0.71, 0.0, 0.7, 0.0, math.inf, 1.0) == 1.0
    assert stopping_chance(0.71, 0.0, 0.7, 0.0, 0.0, math.inf, 1.0) == 0.0
    assert stopping_chance(0.7, 0.0, 0.7, 0.0, 0.0, math.inf, 1.0) == 1.0


@pytest.mark.parametrize("margin", [-0.4, -0.02, 0.03, 0.5])
def test_a_narrow_width_approaches_the_step(margin):
    assert above_threshold(margin, 1e-5) == pytest.approx(above_threshold(margin, 0.0), abs=1e-9)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("agitation", [0.2, 0.7, 1.4])
def test_halving_the_step_composes_the_chances_of_onset_and_stopping(rate, agitation):
    for chance in (
        lambda minutes: onset_chance(agitation, 0.1, 0.6, 0.05, rate, minutes),
        lambda minutes: stopping_chance(agitation, 0.1, 0.6, 0.1, 0.05, rate, minutes),
    ):
        assert 1.0 - (1.0 - chance(0.5)) ** 2 == pytest.approx(chance(1.0), rel=1e-12, abs=1e-15)


def test_more_agitation_makes_onset_likelier_and_stopping_rarer_and_net_risk_the_reverse():
    assert onset_chance(0.8, 0.1, 0.7, 0.05, 0.3, 1.0) > onset_chance(0.7, 0.1, 0.7, 0.05, 0.3, 1.0)
    assert onset_chance(0.8, 0.2, 0.7, 0.05, 0.3, 1.0) < onset_chance(0.8, 0.1, 0.7, 0.05, 0.3, 1.0)
    assert stopping_chance(0.8, 0.1, 0.7, 0.1, 0.05, 0.3, 1.0) < stopping_chance(0.7, 0.1, 0.7, 0.1, 0.05, 0.3, 1.0)
    assert stopping_chance(0.8, 0.2, 0.7, 0.1, 0.05, 0.3, 1.0) > stopping_chance(0.8, 0.1, 0.7, 0.1, 0.05, 0.3, 1.0)


def test_hysteresis_keeps_a_violent_person_violent_and_at_0_stopping_mirrors_onset():
    assert stopping_chance(0.7, 0.0, 0.7, 0.2, 0.05, 0.3, 1.0) < stopping_chance(0.7, 0.0, 0.7, 0.0, 0.05, 0.3, 1.0)
    assert stopping_chance(0.6, 0.0, 0.7, 0.0, 0.05, 0.3, 1.0) == pytest.approx(onset_chance(0.8, 0.0, 0.7, 0.05, 0.3, 1.0))


def test_at_rate_0_nobody_turns_and_nobody_stops():
    assert onset_chance(5.0, 0.0, 0.5, 0.05, 0.0, 60.0) == 0.0
    assert stopping_chance(-5.0, 0.0, 0.5, 0.0, 0.05, 0.0, 60.0) == 0.0


def kept(minutes, constant):
    return math.exp(-minutes / constant)


def test_violence_tires_towards_wholly_spent_and_rest_restores():
    assert spent_after(0.0, True, kept(30.0, 30.0), 0.9) == pytest.approx(1.0 - 1.0 / math.e)
    assert spent_after(0.4, True, 0.9, 0.5) == pytest.approx(1.0 - 0.6 * 0.9)
    assert spent_after(0.4, False, 0.9, kept(60.0, 60.0)) == pytest.approx(0.4 / math.e)
    assert spent_after(0.0, False, 0.9, 0.5) == 0.0
    assert spent_after(1.0, True, 0.0, 0.5) == 1.0


@pytest.mark.parametrize("violent", [True, False])
@pytest.mark.parametrize("spent", [0.0, 0.3, 1.0])
def test_halving_the_step_changes_nothing_of_how_violence_tires_and_rest_restores(violent, spent):
    whole = spent_after(spent, violent, kept(1.0, 30.0), kept(1.0, 180.0))
    half = spent_after(spent, violent, kept(0.5, 30.0), kept(0.5, 180.0))
    assert spent_after(half, violent, kept(0.5, 30.0), kept(0.5, 180.0)) == pytest.approx(whole, rel=1e-12, abs=1e-15)
