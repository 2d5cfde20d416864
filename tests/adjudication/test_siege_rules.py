"""Siege: how roads and paths are closed, and how long ground takes to clear, by hand, at their limits and in their directions."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.adjudication.siege import cleared_in, closed_after, sections_for_paths

SHARE = st.floats(0.0, 1.0)
SECTIONS = st.floats(0.0, 100.0)
MINUTES = st.floats(0.0, 600.0)


def test_what_is_still_open_shrinks_to_37_percent_in_the_closing_time():
    assert closed_after(0.0, 4.0, 4.0, 75.0, 75.0) == pytest.approx(1.0 - 1.0 / math.e)
    assert 1.0 - closed_after(0.5, 4.0, 4.0, 75.0, 75.0) == pytest.approx(0.5 / math.e)


def test_too_few_people_close_their_share_and_no_more_however_long_they_stand():
    assert closed_after(0.0, 1.0, 4.0, 1e6, 75.0) == pytest.approx(0.25)
    assert closed_after(0.0, 100.0, 4.0, 1e6, 75.0) == pytest.approx(1.0)


def test_where_nobody_is_nothing_is_closed_and_in_no_time_nothing_changes():
    assert closed_after(0.0, 0.0, 4.0, 60.0, 75.0) == 0.0
    assert closed_after(0.3, 4.0, 4.0, 0.0, 75.0) == pytest.approx(0.3)


def test_once_the_people_have_gone_what_was_closed_is_open_again():
    assert closed_after(1.0, 0.0, 4.0, 1e6, 75.0) == pytest.approx(0.0)


@given(SHARE, SECTIONS, st.floats(0.5, 1000.0), MINUTES, st.floats(1.0, 600.0))
def test_what_is_closed_lies_between_what_was_and_what_the_people_there_can_close(closed, sections, needed, minutes, closing_min):
    after, able = closed_after(closed, sections, needed, minutes, closing_min), min(sections / needed, 1.0)
    assert min(closed, able) - 1e-12 <= after <= max(closed, able) + 1e-12
    if closed <= able:
        assert after <= able + 1e-12


@given(SHARE, SECTIONS, SECTIONS, MINUTES)
def test_more_people_never_close_less(closed, some, others, minutes):
    few, many = sorted((some, others))
    assert closed_after(closed, few, 40.0, minutes, 75.0) <= closed_after(closed, many, 40.0, minutes, 75.0) + 1e-12


@given(SHARE, MINUTES, MINUTES)
def test_closing_for_two_spans_is_closing_for_both_together(closed, first, second):
    """As long as the people there can close more than is closed; so the length of a step does not matter."""
    closed *= 0.5
    in_two = closed_after(closed_after(closed, 2.0, 4.0, first, 75.0), 2.0, 4.0, second, 75.0)
    assert in_two == pytest.approx(closed_after(closed, 2.0, 4.0, first + second, 75.0), abs=1e-12)


def test_roads_are_manned_first_and_footpaths_by_who_is_left():
    assert [sections_for_paths(sections, 4.0) for sections in (0.0, 3.0, 4.0, 9.0)] == [0.0, 0.0, 0.0, 5.0]


def test_ground_is_cleared_in_its_section_hours():
    assert cleared_in(6.0, 60.0, 60.0, 0.0, 3.0) == pytest.approx(0.1)
    assert cleared_in(6.0, 600.0, 60.0, 0.0, 3.0) == pytest.approx(1.0)
    assert cleared_in(12.0, 300.0, 60.0, 0.0, 3.0) == pytest.approx(1.0)


def test_care_for_civilians_slows_clearing_by_as_much_as_it_is_said_to():
    quick = cleared_in(6.0, 60.0, 60.0, 0.0, 1.0)
    assert cleared_in(6.0, 60.0, 60.0, 1.0, 1.0) == pytest.approx(quick / 2.0)
    assert cleared_in(6.0, 60.0, 60.0, 0.5, 2.0) == pytest.approx(quick / 2.0)
    assert cleared_in(6.0, 60.0, 60.0, 1.0, 0.0) == quick
    slowed = [cleared_in(6.0, 60.0, 60.0, care / 10.0, 3.0) for care in range(11)]
    assert all(after < before for before, after in pairwise(slowed))


def test_ground_that_needs_no_time_is_cleared_at_once_and_nobody_clears_none():
    assert cleared_in(3.0, 1.0, 0.0, 1.0, 20.0) == 1.0
    assert cleared_in(0.0, 600.0, 60.0, 0.0, 1.0) == 0.0
    assert cleared_in(6.0, 0.0, 60.0, 0.0, 1.0) == 0.0


@given(SECTIONS, MINUTES, MINUTES, st.floats(0.1, 1000.0), SHARE, st.floats(0.0, 20.0))
def test_clearing_for_two_spans_clears_what_both_clear(sections, first, second, hours, care, slows):
    parts = sum(cleared_in(sections, minutes, hours, care, slows) for minutes in (first, second))
    assert min(parts, 1.0) == pytest.approx(cleared_in(sections, first + second, hours, care, slows))
    assert parts >= 0.0
