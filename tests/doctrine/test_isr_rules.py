"""ISR: what a look covers, what several sensors miss, and what sharing lets out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.doctrine.isr import coverage_in, leaks, random_search, seen_in
from sim.foundations.documents import read_document

SHARE = st.floats(0.0, 1.0)
COVERAGE = st.floats(0.0, 20.0)
VALUES = Path(__file__).parents[2] / "scenarios" / "parameters" / "isr.yaml"


def test_effects_that_no_study_measures_may_be_none():
    given_ = read_document(VALUES).value["parameters"]
    for name in ("isr_false_alarms_per_day", "leak_chance"):
        assert given_[name]["low"] == 0
    for name in ("isr_dark_factor", "isr_rain_factor"):
        assert given_[name]["high"] == 1


def test_no_coverage_finds_nothing_and_more_finds_more_but_never_surely():
    chances = [random_search(coverage / 2.0) for coverage in range(11)]
    assert chances[0] == 0.0
    assert all(before < after < 1.0 for before, after in pairwise(chances))


@given(COVERAGE, COVERAGE)
def test_two_searches_find_what_one_of_both_coverages_finds_and_less_than_the_sum(one, other):
    together = random_search(one + other)
    assert 1.0 - together == pytest.approx((1.0 - random_search(one)) * (1.0 - random_search(other)), abs=1e-12)
    assert together <= min(random_search(one) + random_search(other), 1.0) + 1e-12


def test_coverage_by_hand():
    assert coverage_in(2.0, 5.0, 1.0, 0.5) == pytest.approx(2.0 * 5.0 / 60.0 * 0.5)
    assert coverage_in(2.0, 60.0, 3.0, 1.0) == pytest.approx(6.0)


@pytest.mark.parametrize("nothing", [{"per_hour": 0.0}, {"minutes": 0.0}, {"effort": 0.0}, {"seen": 0.0}])
def test_without_rate_time_effort_or_sight_nothing_is_covered(nothing):
    look = {"per_hour": 2.0, "minutes": 5.0, "effort": 1.0, "seen": 1.0}
    assert coverage_in(**look) > 0.0
    assert coverage_in(**(look | nothing)) == 0.0


def test_darkness_and_rain_leave_their_factors_and_together_both():
    assert seen_in(False, False, 0.5, 0.7) == 1.0
    assert seen_in(True, False, 0.5, 0.7) == 0.5
    assert seen_in(False, True, 0.5, 0.7) == 0.7
    assert seen_in(True, True, 0.5, 0.7) == pytest.approx(0.35)


def test_where_darkness_and_rain_do_not_matter_as_much_is_seen_as_in_the_light():
    assert {seen_in(dark, rain, 1.0, 1.0) for dark in (False, True) for rain in (False, True)} == {1.0}


def test_each_partner_may_let_a_report_out():
    assert leaks(0.2, 1) == pytest.approx(0.2)
    assert leaks(0.2, 2) == pytest.approx(0.36)


def test_what_nobody_is_told_never_leaks_and_partners_who_keep_it_let_nothing_out():
    assert leaks(1.0, 0) == 0.0
    assert leaks(0.0, 5) == 0.0
    assert leaks(1.0, 1) == 1.0


@given(SHARE, st.integers(0, 6))
def test_what_more_people_know_leaks_the_more(chance, partners):
    assert 0.0 <= leaks(chance, partners) <= leaks(chance, partners + 1) <= 1.0
