"""Armed contact: hand-computed numbers, what switches each factor off, and how cover, surprise, training and evacuation work."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.adjudication.armed_contact import broken, death_chance, grade_of_hit, hit_rate, surprise_factor
from sim.vocabulary import Grade

SHARE = st.floats(0.0, 1.0)
STEPS = [step / 10 for step in range(11)]
GRID = [(step + 0.5) / 10_000 for step in range(10_000)]


def shares_of_grades(fatal: float, serious: float, dies: float) -> dict[int, float]:
    """Return the share of draws that end in each grade."""
    found = [grade_of_hit(draw, fatal, serious, dies) for draw in GRID]
    return {grade: found.count(grade) / len(GRID) for grade in (Grade.LIGHT, Grade.SERIOUS, Grade.FATAL)}


def test_hits_a_minute_by_hand():
    assert hit_rate(10.0, 0.02, 0.5, 0.25, 4.0, 0.5, 0.2) == pytest.approx(10 * 0.02 * 0.5 * 0.75 * 4 * 0.5 * 0.8)


def test_with_cover_surprise_restraint_and_training_off_all_shooters_hit_at_their_own_rate():
    assert hit_rate(30.0, 0.1, 1.0, 0.0, 1.0, 0.0, 0.0) == pytest.approx(3.0)


@pytest.mark.parametrize("name", ["cover", "restraint", "spared"])
def test_cover_restraint_and_training_lower_the_rate_evenly_to_nothing(name):
    given_ = {"cover": 0.0, "restraint": 0.0, "spared": 0.0}
    rates = [hit_rate(10.0, 0.1, 0.5, surprise_factor=1.0, **(given_ | {name: share})) for share in STEPS]
    assert rates == pytest.approx([0.5 * (1.0 - share) for share in STEPS])
    assert rates[-1] == 0.0


@pytest.mark.parametrize(("shooters", "rate", "share"), [(0.0, 0.1, 1.0), (10.0, 0.0, 1.0), (10.0, 0.1, 0.0)])
def test_nobody_who_shoots_no_rate_and_no_time_of_fire_hit_nobody(shooters, rate, share):
    assert hit_rate(shooters, rate, share, 0.0, 50.0, 0.0, 0.0) == 0.0


@given(st.floats(0.0, 100.0), SHARE, SHARE, SHARE, st.floats(1.0, 100.0), SHARE, SHARE)
def test_a_rate_is_never_negative_and_never_above_what_all_shooters_reach_by_surprise(
    shooters, rate, share, cover, sudden, restraint, spared
):
    assert 0.0 <= hit_rate(shooters, rate, share, cover, sudden, restraint, spared) <= shooters * rate * sudden * (1.0 + 1e-12)


def test_an_ambush_surprises_for_its_minutes_and_then_no_more():
    factors = [surprise_factor(20.0, minute, 5.0, False, 0.5) for minute in (0.0, 4.99, 5.0, 60.0)]
    assert factors == [20.0, 20.0, 1.0, 1.0]


def test_a_patrol_that_was_warned_is_spared_its_share_of_the_extra_fire():
    assert surprise_factor(21.0, 0.0, 5.0, True, 0.25) == pytest.approx(16.0)
    assert surprise_factor(21.0, 0.0, 5.0, True, 1.0) == 1.0
    assert surprise_factor(21.0, 0.0, 5.0, True, 0.0) == surprise_factor(21.0, 0.0, 5.0, False, 1.0) == 21.0


def test_where_surprise_does_not_matter_or_does_not_last_the_factor_is_1():
    assert {surprise_factor(1.0, minute, 5.0, warned, 0.5) for minute in (0.0, 3.0, 9.0) for warned in (False, True)} == {1.0}
    assert surprise_factor(50.0, 0.0, 0.0, False, 0.0) == 1.0


@given(st.floats(1.0, 100.0), st.floats(0.0, 60.0), st.floats(0.0, 60.0), SHARE)
def test_a_warning_never_adds_to_an_ambush_and_never_turns_it_round(factor, minutes, lasts, saving):
    warned, unwarned = (surprise_factor(factor, minutes, lasts, known, saving) for known in (True, False))
    assert 1.0 - 1e-12 <= warned <= unwarned <= factor


def test_a_side_breaks_off_once_it_has_lost_more_than_its_share():
    assert [broken(lost, 10, 0.3) for lost in range(6)] == [False, False, False, False, True, True]


def test_a_side_with_a_share_of_1_never_breaks_off_and_one_with_0_does_at_its_first_loss():
    assert not any(broken(lost, 10, 1.0) for lost in range(31))  # nor where more came after its strength was taken
    assert [broken(lost, 10, 0.0) for lost in (0, 1)] == [False, True]


@given(st.integers(0, 60), st.integers(0, 60), SHARE)
def test_further_losses_never_bring_a_broken_side_back(lost, strength, share):
    assert broken(lost, strength, share) <= broken(lost + 1, strength, share)


def test_the_chance_to_die_before_a_hospital_by_hand():
    assert death_chance(60.0, 0.5) == pytest.approx(1.0 - math.exp(-0.5))
    assert death_chance(0.0, 2.0) == 0.0
    assert death_chance(600.0, 0.0) == 0.0


@given(st.floats(0.0, 1000.0), st.floats(0.0, 1000.0), st.floats(0.0, 2.0))
def test_who_lives_through_two_waits_has_lived_through_both(first, second, per_hour):
    lives = [1.0 - death_chance(minutes, per_hour) for minutes in (first, second, first + second)]
    assert lives[2] == pytest.approx(lives[0] * lives[1], abs=1e-12)
    assert 0.0 <= lives[2] <= min(lives[:2]) + 1e-12 <= 1.0 + 1e-12


def test_grades_come_in_the_shares_that_the_chances_give():
    found = shares_of_grades(0.2, 0.5, 0.25)
    assert found[Grade.FATAL] == pytest.approx(0.2 + 0.8 * 0.5 * 0.25, abs=2e-4)
    assert found[Grade.SERIOUS] == pytest.approx(0.8 * 0.5 * 0.75, abs=2e-4)
    assert found[Grade.LIGHT] == pytest.approx(0.8 * 0.5, abs=2e-4)


@pytest.mark.parametrize(
    ("fatal", "serious", "dies", "only"),
    [(1.0, 0.0, 0.0, Grade.FATAL), (0.0, 1.0, 1.0, Grade.FATAL), (0.0, 1.0, 0.0, Grade.SERIOUS), (0.0, 0.0, 1.0, Grade.LIGHT)],
)
def test_at_the_limits_every_hit_ends_alike(fatal, serious, dies, only):
    assert shares_of_grades(fatal, serious, dies)[only] == 1.0


def test_where_a_grade_has_no_chance_not_even_the_lowest_draw_falls_on_it():
    assert grade_of_hit(0.0, 0.0, 0.0, 1.0) == Grade.LIGHT
    assert grade_of_hit(0.0, 0.0, 1.0, 0.0) == Grade.SERIOUS


@given(st.floats(0.0, 1.0, exclude_max=True), SHARE, SHARE, SHARE, SHARE)
def test_a_later_hospital_never_makes_the_same_hit_lighter(draw, fatal, serious, dies, later):
    soon, late = sorted((dies, later))
    assert grade_of_hit(draw, fatal, serious, soon) <= grade_of_hit(draw, fatal, serious, late)


def test_evacuation_decides_over_the_serious_only():
    soon, late = shares_of_grades(0.1, 0.4, 0.0), shares_of_grades(0.1, 0.4, 1.0)
    assert soon[Grade.LIGHT] == late[Grade.LIGHT]
    assert late[Grade.SERIOUS] == 0.0
    assert late[Grade.FATAL] == pytest.approx(soon[Grade.FATAL] + soon[Grade.SERIOUS])
