"""Direction: depth steadies a line: with a second line behind it, a line gives less ground (Posadas & Teknomo 2016, peers B11)."""

from __future__ import annotations

from directions.town_square import CROWD, HUNGARIANS, SECOND_COMPANY, gathered, paired

from sim.vocabulary import OrderKind

SEEDS = range(12)
PRESSED = {"onset_per_min": 0.0, "following_per_min": 0.5, "press_weight": 0.8}
"""Everybody presses, nobody throws."""


def ground_given(seed, second_line, **values):
    """Return the steps that a line of ten sections gives in half an hour before 200 people who press."""
    units = (HUNGARIANS, SECOND_COMPANY) if second_line else (HUNGARIANS,)
    return gathered(seed, 200, units, **{**PRESSED, **values}).order(OrderKind.PRESS, CROWD).play(30).ground_given()


def depth_changes(seed, **values):
    return ground_given(seed, True, **values) - ground_given(seed, False, **values)


def test_at_depth_support_05_a_second_line_lowers_the_ground_given():
    assert paired(lambda seed: depth_changes(seed, depth_support=0.5), SEEDS).told("steps given").falls


def test_at_depth_support_0_a_second_line_changes_no_ground_given():
    assert paired(lambda seed: depth_changes(seed, depth_support=0.0), SEEDS).is_nothing
    assert ground_given(SEEDS[0], False, depth_support=0.0) > 0
