"""Perceived cost: hand-computed numbers, and directions with the strength of the deterrence theory at which they hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.deterrence.perceived_cost import certainty_in_form, net_risk, ratio_in_form, saturating
from sim.engine.crowd_kernels import expected_cost
from sim.scenario.parameters import shipped_parameters
from sim.vocabulary import CertaintyForm, RatioForm

IDENTITY, HINGE, LOGISTIC = CertaintyForm.IDENTITY, CertaintyForm.HINGE, CertaintyForm.LOGISTIC


def parameters(**changes):
    return shipped_parameters().with_values(changes).record()[0]


def test_net_risk_is_theta_r_times_what_detention_and_force_cost():
    assert net_risk(2.0, 0.5, 0.4, 0.9, 0.6, 0.3, 0.2) == pytest.approx(2.0 * 0.5 * (0.4 * 0.6 * 0.9 + 0.2 * 0.3))


@pytest.mark.parametrize("responders", [0.0, 8.0, 500.0])
@pytest.mark.parametrize("threat", [0.0, 0.5, 20.0])
def test_at_theta_deterrence_0_responders_and_force_change_no_cost(responders, threat):
    assert expected_cost(0.7, 0.9, responders, threat, 12.0, parameters(theta_deterrence=0)) == 0.0


def test_at_theta_deterrence_1_responders_who_may_detain_raise_the_cost_and_at_2_twice_as_much():
    once = expected_cost(0.7, 0.9, 8.0, 0.0, 12.0, parameters(theta_deterrence=1))
    assert once > 0.0
    assert expected_cost(0.7, 0.9, 8.0, 0.0, 12.0, parameters(theta_deterrence=2)) == pytest.approx(2.0 * once)


def test_at_theta_deterrence_1_more_violent_people_lower_the_cost_to_each():
    costs = [expected_cost(0.7, 0.9, 8.0, 1.0, violent, parameters(theta_deterrence=1)) for violent in (1.0, 10.0, 100.0)]
    assert costs[0] > costs[1] > costs[2] > 0.0


def test_at_theta_deterrence_2_a_cordon_that_nobody_may_act_from_costs_nothing():
    q = parameters(theta_deterrence=2)
    cordon = 22 * q["level_effect_cordon"]
    assert cordon == 0.0
    assert expected_cost(1.0, 1.0, 0.0, cordon, 1.0, q) == 0.0


def test_a_person_without_aversion_to_risk_expects_no_cost():
    assert expected_cost(0.0, 1.0, 100.0, 10.0, 1.0, parameters(theta_deterrence=2)) == 0.0


@pytest.mark.parametrize("certainty", [0.0, 0.15, 0.3])
def test_the_hinge_is_nothing_up_to_its_turning_point(certainty):
    assert certainty_in_form(certainty, 0.3, 15.0, HINGE) == 0.0


def test_the_hinge_rises_evenly_from_its_turning_point_to_one():
    assert certainty_in_form(0.65, 0.3, 15.0, HINGE) == pytest.approx(0.5)
    assert certainty_in_form(1.0, 0.3, 15.0, HINGE) == pytest.approx(1.0)


def test_the_identity_is_certainty_itself_and_the_hinge_at_0_is_the_identity():
    assert certainty_in_form(0.37, 0.3, 15.0, IDENTITY) == 0.37
    assert certainty_in_form(0.37, 0.0, 15.0, HINGE) == 0.37


def test_the_logistic_form_is_one_half_at_its_turning_point():
    assert certainty_in_form(0.3, 0.3, 15.0, LOGISTIC) == 0.5
    assert certainty_in_form(0.4, 0.3, 15.0, LOGISTIC) == pytest.approx(1.0 / (1.0 + math.exp(-1.5)))


@pytest.mark.parametrize(
    ("responders", "violent"), [(responders, violent) for responders in range(0, 60, 7) for violent in (0, 1, 2, 4, 9)]
)
def test_the_ratio_rounds_as_python_does(responders, violent):
    ratio = responders / max(violent, 1)
    assert ratio_in_form(float(responders), float(violent), RatioForm.RAW) == ratio
    assert ratio_in_form(float(responders), float(violent), RatioForm.FLOOR) == math.floor(ratio)
    assert ratio_in_form(float(responders), float(violent), RatioForm.NEAREST) == round(ratio)


def test_halves_round_to_the_even_neighbour_like_python():
    halves = [(1, 2), (3, 2), (5, 2), (7, 2), (9, 2)]
    found = [ratio_in_form(float(top), float(low), RatioForm.NEAREST) for top, low in halves]
    assert found == [0, 2, 2, 4, 4] == [round(top / low) for top, low in halves]


def test_epsteins_certainty_is_nine_tenths_at_one_responder_for_one_active():
    assert saturating(2.3, 1.0) == pytest.approx(0.9, abs=0.001)
    assert saturating(2.3, 0.0) == 0.0
    assert saturating(0.0, 5.0) == 0.0


def test_saturation_stays_in_0_to_1():
    assert all(0.0 <= saturating(k, ratio) <= 1.0 for k in np.linspace(0, 10, 9) for ratio in (-1.0, 0.0, 0.1, 50.0, 1e9))
