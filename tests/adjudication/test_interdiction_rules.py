"""Interdiction: who is stopped on a way that is closed or watched; a way that nobody watches stops nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.adjudication.interdiction import stop_chance, watched_share

SHARE = st.floats(0.0, 1.0)


def test_a_way_stops_as_it_is_closed():
    assert stop_chance(0.5, 0.8) == pytest.approx(0.4)
    assert stop_chance(1.0, 0.8) == 0.8
    assert stop_chance(1.0, 1.0) == 1.0


def test_an_open_way_stops_nobody_and_no_way_does_where_closing_has_no_effect():
    assert stop_chance(0.0, 1.0) == 0.0
    assert stop_chance(1.0, 0.0) == 0.0


@given(st.floats(-2.0, 3.0), SHARE)
def test_the_chance_stays_between_0_and_that_of_a_way_wholly_closed(closed, stops):
    assert 0.0 <= stop_chance(closed, stops) <= stops


@given(SHARE, SHARE, SHARE)
def test_the_more_of_a_way_is_closed_the_more_are_stopped(some, others, stops):
    less, more = sorted((some, others))
    assert stop_chance(less, stops) <= stop_chance(more, stops)


def test_the_boundary_is_watched_by_the_share_of_sections_there_of_those_it_needs():
    assert [watched_share(sections, 20.0) for sections in (0.0, 5.0, 20.0, 60.0)] == [0.0, 0.25, 1.0, 1.0]


@given(st.floats(0.0, 300.0), st.floats(0.0, 300.0), st.floats(1.0, 200.0))
def test_more_sections_never_watch_less_of_the_boundary(some, others, needed):
    few, many = sorted((some, others))
    assert 0.0 <= watched_share(few, needed) <= watched_share(many, needed) <= 1.0
