"""Pictures: what each seat is shown. Late and wrong by declared amounts; a seat never sees the truth.

Phase 3 of the order of play.
"""

from __future__ import annotations

import numpy as np

from sim.doctrine.figures import minutes_of_day
from sim.engine.setup import SIDES
from sim.engine.state import Post
from sim.engine.world import World
from sim.foundations.chance import Purpose, draw, name_key, normal_quantile
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


def _estimate(world: World, seat: str, what: str, truth: float, error: float, age_min: float, purpose_key: float) -> Estimate:
    normal = normal_quantile(min(max(purpose_key, 1e-9), 1.0 - 1e-9))
    value = round(reported_count(truth, error, normal))
    margin = 2.0 * error
    origin = "own line" if seat.startswith("kfor") else ("own posts" if seat == "kosovo_police" else "spotters")
    return Estimate(float(value), round(value / (1.0 + margin)), round(value * (1.0 + margin)), age_min, origin)


def _crowd_and_mood(world: World, seat: str) -> tuple[Estimate, Estimate, Estimate]:
    """Return estimates of crowd, violent and seated from the series as it was some minutes ago."""
    age = world.numbers["report_delay_min"]
    series = world.record.series
    row = series[max(len(series) - 1 - int(age + 0.5), 0)]
    present, violent, seated = row["present"], row["violent"], row["sitting"]
    entity = name_key("picture", seat)
    count_draw = draw(int(world.run_key), world.tick, entity, Purpose.SENSING)
    mood_draw = draw(int(world.run_key), world.tick, entity, Purpose.SENSING_MOOD)
    count_error, mood_error = world.numbers["crowd_count_error"], world.numbers["mood_count_error"]
    return (
        _estimate(world, seat, "crowd", float(present), count_error, age, count_draw),
        _estimate(world, seat, "violent", float(violent), mood_error, age, mood_draw),
        _estimate(world, seat, "seated", float(seated), mood_error, age, mood_draw),
    )


def _line_pressed(world: World) -> bool:
    return int(world.record.series[-1]["pressing"]) >= PRESS_PERSONS or world.minutes_since(world.dealings.gave_ground_tick) <= PRESSED_FOR_MIN


def advance_m(world: World) -> float:
    """Return the mean ground the line has gained over where a cordon stands, in metres."""
    sections = world.state.sections
    in_line = sections["on_site"].astype(bool) & (sections["post"] == Post.LINE)
    if not in_line.any() or not world.dealings.line_formed:
        return 0.0
    return float(sections["rank"][in_line].mean() - world.scenario.file.site.cordon_steps) * world.ground.cell_m


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
        denied=dict(memory.denied),
    )
