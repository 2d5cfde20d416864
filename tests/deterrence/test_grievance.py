"""Anger and agitation: hand-computed numbers, and directions with the strength of the spiral theory at which they hold."""

from __future__ import annotations

import math

import pytest

from sim.deterrence.grievance import agitation, anger_after, provocation_felt, push_provocation, share_while_rising


def test_agitation_is_grievance_so_far_as_the_force_lacks_legitimacy_plus_anger():
    assert agitation(0.6, 0.25, 0.1) == pytest.approx(0.55)
    assert agitation(0.6, 1.0, 0.0) == 0.0
    assert agitation(0.0, 0.0, 0.3) == 0.3


def test_a_provocation_is_felt_to_one_e_th_at_its_reach():
    assert provocation_felt(0.3, 0.0, 20.0) == 0.3
    assert provocation_felt(0.3, 20.0, 20.0) == pytest.approx(0.3 / math.e)


def test_anger_fades_to_the_share_kept_when_nothing_happens():
    assert anger_after(0.4, 0.9, 0.0, 0.0, 1.0, 0.02, 1.0) == pytest.approx(0.36)


def test_anger_rises_by_the_chance_that_theta_times_provocation_gives():
    expected = 0.2 * 0.9 + 0.8 * (1.0 - math.exp(-(1.5 * 0.3 + 0.02 * 0.5 * 2.0)))
    assert anger_after(0.2, 0.9, 0.3, 0.5, 1.5, 0.02, 2.0) == pytest.approx(expected)


def test_at_theta_spiral_1_a_provocation_angers():
    assert anger_after(0.2, 0.9, 0.3, 0.0, 1.0, 0.0, 1.0) > anger_after(0.2, 0.9, 0.0, 0.0, 1.0, 0.0, 1.0)


def test_at_theta_spiral_2_the_same_provocation_angers_more_than_at_1():
    assert anger_after(0.2, 0.9, 0.3, 0.0, 2.0, 0.0, 1.0) > anger_after(0.2, 0.9, 0.3, 0.0, 1.0, 0.0, 1.0)


@pytest.mark.parametrize("provocation", [0.01, 0.5, 100.0])
def test_at_theta_spiral_0_no_provocation_changes_anger(provocation):
    assert anger_after(0.2, 0.9, provocation, 0.3, 0.0, 0.02, 1.0) == anger_after(0.2, 0.9, 0.0, 0.3, 0.0, 0.02, 1.0)


def test_at_contagion_0_violence_in_view_changes_no_anger_and_above_0_it_angers():
    calm = anger_after(0.2, 0.9, 0.0, 0.0, 1.0, 0.02, 1.0)
    assert anger_after(0.2, 0.9, 0.0, 1.0, 1.0, 0.0, 1.0) == calm
    assert anger_after(0.2, 0.9, 0.0, 1.0, 1.0, 0.02, 1.0) > calm


@pytest.mark.parametrize("anger", [0.0, 0.5, 1.0])
def test_anger_never_leaves_0_to_1(anger):
    for provocation in (0.0, 0.1, 1e6):
        assert 0.0 <= anger_after(anger, 0.97, provocation, 1.0, 2.0, 1.0, 5.0) <= 1.0


def test_a_push_provokes_by_section_minutes_excess_seated_share_and_lack_of_selectivity():
    assert push_provocation(0.02, 2.0, 0.5, 0.25, 1.2, 3.0) == pytest.approx(0.02 * 3.0 * 1.2 * 1.5 * 0.75)


def test_a_push_into_seated_people_provokes_more_than_into_standing_ones_by_the_seated_factor():
    standing, seated = (push_provocation(0.02, 2.0, share, 0.0, 1.0, 1.0) for share in (0.0, 1.0))
    assert seated == pytest.approx(2.0 * standing)
    assert push_provocation(0.02, 1.0, 1.0, 0.0, 1.0, 1.0) == standing


def test_a_wholly_selective_push_provokes_nobody_and_one_without_size_neither():
    assert push_provocation(0.02, 2.0, 1.0, 1.0, 1.5, 1.0) == 0.0
    assert push_provocation(0.0, 2.0, 1.0, 0.0, 1.5, 1.0) == 0.0


def test_people_who_get_up_while_pushed_count_as_seated_for_as_long_however_the_minutes_are_cut():
    whole = share_while_rising(0.8, 1.5, 1.0)
    assert whole == pytest.approx(0.8 * (1.0 - math.exp(-1.5)) / 1.5)
    left = 0.8 * math.exp(-0.75)
    assert (share_while_rising(0.8, 1.5, 0.5) + share_while_rising(left, 1.5, 0.5)) / 2.0 == pytest.approx(whole)
    assert share_while_rising(0.8, 0.0, 1.0) == 0.8
