"""Escalation: pretext by hand and within its bounds, and the chances of a step up and of a step down."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.deterrence.escalation import EscalationStep, build_up_chance, calming_chance, pretext

SHARE = st.floats(0.0, 1.0)
STEPS = [step / 10 for step in range(11)]
MINUTES = st.floats(0.0, 3000.0)


def build_up(given_: float, *, minutes: float = 60.0, warned: bool = False, channel: bool = False) -> float:
    return build_up_chance(0.5, minutes, given_, warned, 0.6, channel, 0.25)


def test_the_steps_go_up_from_routine_to_a_build_up_and_no_further():
    assert [step.name for step in sorted(EscalationStep)] == ["ROUTINE", "BLOCKADE", "CLASH", "ARMED_ATTACK", "ARMY_READINESS", "BUILD_UP"]
    assert [int(step) for step in EscalationStep] == [0, 1, 2, 3, 4, 5]


def test_pretext_by_hand():
    assert pretext(2, 1, 0.2, 0.1, 0.15, 0.05) == pytest.approx(0.3 + 0.05 + 0.2 + 0.1)
    assert pretext(0, 0, 0.0, 0.0, 1.0, 1.0) == 0.0
    assert pretext(90, 10, 1.0, 1.0, 1.0, 1.0) == 1.0


@given(st.integers(0, 50), st.integers(0, 50), SHARE, SHARE, SHARE, SHARE)
def test_pretext_stays_within_0_and_1_and_nothing_that_happens_lowers_it(killed, civilians, compound, others, casualty, civilian):
    before = pretext(killed, civilians, compound, others, casualty, civilian)
    assert 0.0 <= before <= 1.0
    assert pretext(killed + 1, civilians, compound, others, casualty, civilian) >= before
    assert pretext(killed, civilians + 1, compound, others, casualty, civilian) >= before


def test_pretext_of_no_size_is_none():
    assert pretext(50, 50, 0.0, 0.0, 0.0, 0.0) == 0.0


def test_the_chance_of_a_build_up_by_hand():
    assert build_up(1.0) == pytest.approx(1.0 - math.exp(-0.5))
    assert build_up(0.4, minutes=30.0) == pytest.approx(1.0 - math.exp(-0.5 * 0.4 * 0.5))


def test_without_pretext_rate_or_time_nothing_builds_up():
    assert build_up(0.0) == build_up(1.0, minutes=0.0) == build_up_chance(0.0, 60.0, 1.0, False, 0.0, False, 0.0) == 0.0


def test_a_warning_and_the_channel_lower_the_rate_each_by_its_share_and_together_by_both():
    rate = -math.log(1.0 - build_up(0.8))
    assert -math.log(1.0 - build_up(0.8, warned=True)) == pytest.approx(0.4 * rate)
    assert -math.log(1.0 - build_up(0.8, channel=True)) == pytest.approx(0.75 * rate)
    assert -math.log(1.0 - build_up(0.8, warned=True, channel=True)) == pytest.approx(0.4 * 0.75 * rate)


def test_a_warning_may_do_nothing_and_may_do_everything():
    assert build_up_chance(0.5, 60.0, 1.0, True, 0.0, True, 0.0) == build_up(1.0)
    assert build_up_chance(0.5, 60.0, 1.0, True, 1.0, False, 0.0) == 0.0
    assert build_up_chance(0.5, 60.0, 1.0, False, 1.0, False, 1.0) == build_up(1.0)


def test_the_more_pretext_the_likelier_a_build_up_and_the_less_likely_a_step_down():
    up = [build_up(given_) for given_ in STEPS]
    down = [calming_chance(0.5, 60.0, given_) for given_ in STEPS]
    assert all(after > before for before, after in pairwise(up))
    assert all(after < before for before, after in pairwise(down))


def test_calming_by_hand_and_none_at_full_pretext():
    assert calming_chance(0.5, 60.0, 0.0) == pytest.approx(1.0 - math.exp(-0.5))
    assert calming_chance(0.5, 60.0, 1.0) == 0.0
    assert calming_chance(0.0, 60.0, 0.0) == 0.0


@given(MINUTES, MINUTES, SHARE)
def test_neither_chance_depends_on_how_the_time_is_cut_into_steps(first, second, given_):
    for chance in (lambda minutes: build_up(given_, minutes=minutes), lambda minutes: calming_chance(0.3, minutes, given_)):
        stays = [1.0 - chance(minutes) for minutes in (first, second, first + second)]
        assert stays[2] == pytest.approx(stays[0] * stays[1], abs=1e-12)
        assert 0.0 <= stays[2] <= 1.0
