"""One integer tick for the whole run, and nothing lost between ticks and local time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sim.foundations.clock import Clock

DAY = Clock(start=datetime(2023, 5, 29, 6), end=datetime(2023, 5, 29, 20), base_tick_s=15.0)


def test_a_run_of_fourteen_hours_has_four_ticks_a_minute():
    assert DAY.ticks == 14 * 60 * 4
    assert DAY.base_tick_min == 0.25


def test_halving_the_tick_doubles_their_number_and_moves_no_moment():
    finer = Clock(DAY.start, DAY.end, 7.5)
    assert finer.ticks == 2 * DAY.ticks
    assert finer.time(2 * 123) == DAY.time(123)


def test_a_part_of_a_tick_at_the_end_is_not_played():
    clock = Clock(DAY.start, DAY.start + timedelta(seconds=44), 15.0)
    assert clock.ticks == 2


def test_every_tick_finds_its_own_time_again():
    assert all(DAY.tick_at(DAY.time(tick)) == tick for tick in range(DAY.ticks + 1))


def test_a_moment_between_two_ticks_waits_for_the_later_one():
    assert DAY.tick_at(datetime(2023, 5, 29, 6, 0, 15)) == 1
    assert DAY.tick_at(datetime(2023, 5, 29, 6, 0, 16)) == 2
    assert DAY.tick_at(datetime(2023, 5, 29, 6, 0, 15, 1)) == 2


def test_a_moment_before_the_start_has_a_negative_tick():
    assert DAY.tick_at(datetime(2023, 5, 29, 5, 59)) == -4


@pytest.mark.parametrize(("minutes", "ticks"), [(0.0, 0), (0.001, 1), (0.25, 1), (0.26, 2), (1.0, 4), (180.0, 720)])
def test_minutes_are_covered_by_whole_ticks(minutes, ticks):
    assert DAY.ticks_in(minutes) == ticks


def test_labels_read_as_local_time_also_past_midnight():
    assert DAY.label(0) == "06:00"
    assert DAY.label(DAY.ticks) == "20:00"
    assert DAY.label(18 * 240) == "00:00"
    assert DAY.time(18 * 240) == datetime(2023, 5, 30)
