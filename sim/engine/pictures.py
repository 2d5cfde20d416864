"""Pictures: what each seat is shown. Late and wrong by declared amounts; a seat never sees the truth.

Phase 3 of the order of play.
"""

from __future__ import annotations

import numpy as np

from sim.engine.people_kernels import LEAST_DRAW
from sim.engine.setup import SIDES
from sim.engine.world import World
from sim.foundations.chance import Purpose, entity_key, moment_key, name_key, normal_quantile, uniform
from sim.foundations.figures import minutes_of_day
from sim.foundations.rule import kernel
from sim.seats.picture import Estimate, Picture
from sim.seats.sensing import reported_count

VIOLENCE_PERSONS = 5.0
"""Violent persons from which a site counts as violent, to a seat and in pattern P2."""

CROWD_PERSONS = 50.0
"""People from which a seat speaks of a crowd."""

PRESS_PERSONS = 5
"""People pressing from which a seat speaks of a pressed line."""

PRESSED_FOR_MIN = 5.0
"""Minutes for which a line that gave ground still counts as pressed."""


@kernel
def sensing_errors(run_key: int, tick: int, entity: int) -> tuple[float, float]:
    """Return two standard normal numbers for one seat now: for counts of people, and for counts of moods."""
    key = entity_key(moment_key(run_key, tick), entity)
    of_count = normal_quantile(max(uniform(key, Purpose.SENSING), LEAST_DRAW))
    return of_count, normal_quantile(max(uniform(key, Purpose.SENSING_MOOD), LEAST_DRAW))


def _estimate(seat: str, truth: float, error: float, age_min: float, normal: float) -> Estimate:
    value = round(reported_count(truth, error, normal))
    margin = 2.0 * error
    origin = "own line" if seat.startswith("kfor") else ("own posts" if seat == "kosovo_police" else "spotters")
    return Estimate(float(value), round(value / (1.0 + margin)), round(value * (1.0 + margin)), age_min, origin)


def _crowd_and_mood(world: World, seat: str) -> tuple[Estimate, Estimate, Estimate]:
    """Return estimates of crowd, violent and seated from the series as it was some minutes ago."""
    age = world.numbers["report_delay_min"]
    series = world.record.series
    rows_back = int(age / (world.psychology_ticks * world.clock.base_tick_min) + 0.5)
    row = series[max(len(series) - 1 - rows_back, 0)]
    present, violent, seated = row["present"], row["violent"], row["sitting"]
    of_count, of_mood = sensing_errors(world.run_key, world.tick, name_key("picture", seat))
    count_error, mood_error = world.numbers["crowd_count_error"], world.numbers["mood_count_error"]
    return (
        _estimate(seat, float(present), count_error, age, of_count),
        _estimate(seat, float(violent), mood_error, age, of_mood),
        _estimate(seat, float(seated), mood_error, age, of_mood),
    )


def _line_pressed(world: World) -> bool:
    return (
        int(world.record.series[-1]["pressing"]) >= PRESS_PERSONS or world.minutes_since(world.dealings.gave_ground_tick) <= PRESSED_FOR_MIN
    )


def stuck_vehicles(world: World) -> int:
    """Return how many vehicles are stuck now."""
    return int((world.state.vehicle_clear_ticks >= 0).sum()) if world.dealings.vehicles_stuck else 0


def _remember_mood(world: World, seat: str, crowd: Estimate, violent: Estimate) -> None:
    """Keep since when the seat thinks the site crowded, violent or calm again."""
    since = world.dealings.memory[seat].since
    if crowd.value >= CROWD_PERSONS:
        since.setdefault("crowd_present", world.tick)
    if violent.value >= VIOLENCE_PERSONS:
        since.setdefault("violence", world.tick)
        since.pop("calm", None)
    elif "violence" in since:
        del since["violence"]
        since["calm"] = world.tick


def picture_for(world: World, seat: str) -> Picture:
    """Return the picture of one seat now, and keep what it teaches the seat's memory."""
    crowd, violent, seated = _crowd_and_mood(world, seat)
    _remember_mood(world, seat, crowd, violent)
    memory = world.dealings.memory[seat]
    side = SIDES.get(str(world.scenario.file.seats[seat].organisation))
    sections = world.state.sections
    own = sections["on_site"].astype(bool) & (sections["side"] == (-1 if side is None else side))
    return Picture(
        seat=seat,
        minute_of_day=world.minute_of_day(),
        minutes_to_dusk=minutes_of_day(world.scenario.file.dusk.at) - world.minute_of_day(),
        crowd=crowd,
        violent=violent,
        seated=seated,
        vehicles_stuck=stuck_vehicles(world),
        line_pressed=_line_pressed(world),
        own_fit=int(np.where(own, sections["strength"] - sections["serious"], 0).sum()),
        own_hurt=int(sections["hurt"][own].sum()),
        advance_m=float(world.record.series[-1]["advance_m"]),
        talks=world.dealings.talks,
        minutes_since={name: world.minutes_since(tick) for name, tick in memory.since.items()},
        denied={kind: world.minutes_since(tick) for kind, tick in memory.denied.items()},
    )
