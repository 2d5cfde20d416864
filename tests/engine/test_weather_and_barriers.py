"""Rain and dusk send people home, barriers take pressure off the line; each with no effect where its size is 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import (
    CROWD,
    KFOR,
    TICK_MIN,
    count,
    entries,
    may_29,
    next_tick,
    order,
    play_until,
    psychology_minutes,
    put_before_line,
    quiet_model,
    zvecan_with,
)

from sim.engine.phases import collect, meet, psychology
from sim.engine.pictures import pictures_for
from sim.engine.state import Incident
from sim.scenario.schema import RainSpell
from sim.vocabulary import Conduct, OrderKind

STAYING = {"fatigue_departing_per_min": 0.0, "onset_per_min": 0.0, "leaving_per_min": 0.0}


def gone_home(column, **values):
    """Return how many of 200 people set off for home in four minutes with this flag of the situation up."""
    world, site = zvecan_with(**STAYING, **values)
    rows = put_before_line(world, site, Conduct.STANDING)
    site.state.situation[column] = 1
    for _ in range(4):
        next_tick(world)
        count(world, site)
        psychology(world, site, psychology_minutes())
    return int((site.state.people["conduct"][rows] == Conduct.LEAVING).sum())


@pytest.mark.parametrize(
    ("column", "rate"), [("rain", "rain_departing_per_min"), ("dark", "dusk_departing_per_min"), ("going_home", "departing_per_min")]
)
def test_rain_dusk_and_leaders_each_send_people_home_at_their_rate_and_at_rate_0_nobody(column, rate):
    counts = [gone_home(column, **{rate: value}) for value in (0.0, 0.05, 0.5)]
    assert counts[0] == 0
    assert 0 < counts[1] < counts[2]
    assert counts[2] > 100


@pytest.mark.parametrize(("column", "other"), [("rain", "dusk_departing_per_min"), ("dark", "rain_departing_per_min")])
def test_in_rain_nobody_goes_for_the_dark_and_in_the_dark_nobody_for_the_rain(column, other):
    own = "rain_departing_per_min" if column == "rain" else "dusk_departing_per_min"
    assert gone_home(column, **{own: 0.0, other: 1.0}) == 0


def in_the_afternoon():
    """Return 29 May with a spell of rain from 15:00 to 16:00."""
    spell = RainSpell(begins="15:00", ends="16:00", source="for a test", grade="assumption")
    days = tuple(replace(day, file=day.file.model_copy(update={"rain": (spell,)})) for day in may_29().days)
    return replace(may_29(), days=days)


def test_rain_and_dusk_come_at_their_times_at_every_site_and_seats_see_the_rain():
    model = quiet_model(in_the_afternoon())
    world = model.world
    start = world.day.file.start
    seen = []
    for hour, minute in ((14, 59), (15, 1), (15, 59), (16, 1), (20, 9), (20, 11)):
        play_until(model, world.clock.tick_at(start.replace(hour=hour, minute=minute)))
        flags = {tuple(int(site.state.situation[0][name]) for name in ("rain", "dark")) for site in world.sites.values()}
        assert len(flags) == 1
        seen.append(flags.pop())
        assert {picture.rain for picture in pictures_for(world, KFOR)} == {bool(seen[-1][0])}
    assert seen == [(0, 0), (1, 0), (1, 0), (0, 0), (0, 0), (0, 1)]
    assert [entry["what"] for entry in entries(world, "event") if entry["site"] == ""] == ["rain_begins", "rain_ends", "dusk"]


def line_under_pressure(relief, *, barriers):
    """Return ground given and the state of the line after people have pressed against it for five minutes."""
    world, site = zvecan_with(press_weight=5.0, line_giving_per_min=5.0, line_width=0.05, barrier_relief=relief)
    if barriers:
        order(world, OrderKind.PUT_UP_BARRIERS)
    put_before_line(world, site, Conduct.PRESSING, 300)
    for _ in range(20):
        next_tick(world)
        count(world, site)
        meet(world, site, TICK_MIN)
        collect(world, site)
    incidents = site.record.incidents
    given = int(np.isin(incidents["kind"], (Incident.GAVE_GROUND, Incident.LINE_BROKE)).sum())
    return given, site.state.sections.tobytes(), incidents.tobytes()


def test_barriers_that_take_all_pressure_make_the_line_hold_and_such_as_take_half_help():
    bare, half, whole = (line_under_pressure(relief, barriers=True)[0] for relief in (0.0, 0.9, 1.0))
    assert bare > half > whole == 0


def test_barriers_at_relief_0_change_nothing_and_relief_without_barriers_neither():
    without = line_under_pressure(0.0, barriers=False)
    assert without[0] > 0
    assert line_under_pressure(0.0, barriers=True) == without
    assert line_under_pressure(1.0, barriers=False) == without


def test_barriers_are_seen_and_stop_movement_from_then_on():
    world, site = zvecan_with()
    assert site.dealings.barrier_tick == -1
    order(world, OrderKind.PUT_UP_BARRIERS)
    begun = world.tick
    assert site.dealings.barrier_tick == begun
    assert "barriers_up" in world.memory(CROWD, "zvecan").since
    world.tick += 40
    order(world, OrderKind.PUT_UP_BARRIERS)
    assert site.dealings.barrier_tick == begun
