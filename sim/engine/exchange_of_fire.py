"""Exchange of fire: two sides in contact, hit by hit, as a race of exponential times; and who is hit, how badly.

Part of phase 8 for an operation. Within a step the next hit is drawn after the last one until the step is over, so that the law
does not depend on the length of the step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.adjudication.armed_contact import broken, death_chance, grade_of_hit
from sim.engine.incident_rows import note
from sim.engine.operation import Operation
from sim.engine.state import INCIDENTS, Incident
from sim.engine.world import SiteInPlay, World
from sim.foundations.arithmetic import log
from sim.foundations.chance import Purpose, draw, mix, name_key
from sim.foundations.columns import table
from sim.vocabulary import FighterPhase, Grade, Means, Side

UNDER_FIRE_MIN = 30.0
"""Minutes that a wounded person waits longer while the place is under fire; an assumption (10-90)."""

BY_AIR_MIN = 20.0
"""Minutes from a wound to a hospital once a helicopter stands by; an assumption (10-40)."""


@dataclass(frozen=True)
class Fire:
    """What one side fires at the other: hits a minute by one shooter, after cover, surprise and restraint.

    Attributes
    ----------
    break_share
        Share of its people hit at which the side itself breaks off (1: never).
    """

    hits_per_min: float
    break_share: float = 1.0


def exchange(key: int, tick: int, name: str, first: int, second: int, by_first: Fire, by_second: Fire, minutes: float) -> tuple[int, int]:
    """Return how many of each side are hit in so many minutes of contact.

    The next hit is the first side's with chance a rate_a / (a rate_a + b rate_b); each hit takes one of the other side out. It
    ends when a side has nobody left or breaks off. With no breaking this is the stochastic square law.

    Parameters
    ----------
    first, second
        Fit people of each side.
    by_first, by_second
        What each fires.
    """
    entity = name_key("fire", name)
    lost_first = lost_second = 0
    left_min, hit = minutes, 0
    while lost_first < first and lost_second < second:
        if broken(lost_first, first, by_first.break_share) or broken(lost_second, second, by_second.break_share):
            break
        rate_first = (first - lost_first) * by_first.hits_per_min
        total = rate_first + (second - lost_second) * by_second.hits_per_min
        if total <= 0.0:
            break
        each = mix(entity + hit)
        left_min += log(1.0 - draw(key, tick, each, Purpose.FIRE_TIME)) / total
        if left_min < 0.0:
            break
        if draw(key, tick, each, Purpose.FIRE_SIDE) * total < rate_first:
            lost_second += 1
        else:
            lost_first += 1
        hit += 1
    return lost_first, lost_second


def hit_fighters(world: World, operation: Operation, site: SiteInPlay, where: str, rows: np.ndarray, hits: int, rate: float) -> None:
    """Let so many of these fighters be hit: killed, or out of the fight, or lightly hurt and still in it."""
    able = [int(row) for row in rows if operation.fighters["grade"][row] < Grade.SERIOUS]
    for number in range(min(hits, len(able))):
        entity = mix(name_key("fighter hit", where, world.tick) + number)
        row = able.pop(_which(world, entity, len(able)))
        grade = _grade(world, entity, world.numbers["unevacuated_death_per_hour"], _fighters_wait_min(world))
        operation.fighters["grade"][row] = max(grade, int(operation.fighters["grade"][row]))
        operation.fighters["means"][row] = Means.GUNFIRE
        if grade == Grade.FATAL:
            operation.fighters["phase"][row] = FighterPhase.KILLED
        _record_hit(world, site, int(operation.fighters["id"][row]), number, Side.ARMED_GROUP, grade, rate)


def _fighters_wait_min(world: World) -> float:
    """Return how long a wounded fighter waits for a hospital: nobody comes for him before the group is away."""
    return world.numbers["fighters_wait_h"] * 60.0


def hit_sections(
    world: World, operation: Operation, site: SiteInPlay, where: str, rows: np.ndarray, hits: int, rate: float, means: Means
) -> int:
    """Let so many of these sections' people be hit; return how many were killed."""
    sections, killed = site.state.sections, 0
    for number in range(hits):
        fit = [int(row) for row in rows for _ in range(int(sections["strength"][row] - sections["serious"][row]))]
        if not fit:
            break
        entity = mix(name_key("section hit", where, world.tick) + number)
        row = fit[_which(world, entity, len(fit))]
        wait = evacuation_min(world, operation)
        grade = _grade(world, entity, world.numbers["unevacuated_death_per_hour"], wait)
        sections["hurt"][row] += 1
        sections["serious"][row] += grade >= Grade.SERIOUS
        killed += grade == Grade.FATAL
        operation.evacuation_minutes.append(wait)
        side = Side(int(sections["side"][row]))
        site.dealings.hurt_tick[side] = world.tick
        _record_hit(world, site, int(sections["id"][row]), number, side, grade, rate, means)
    return killed


def _which(world: World, entity: int, count: int) -> int:
    """Return which of so many is hit."""
    return int(draw(world.run_key, world.tick, entity, Purpose.FIRE_TARGET) * count)


def evacuation_min(world: World, operation: Operation) -> float:
    """Return the minutes from a wound at the site to a hospital now: by road, or by air once that has been offered."""
    theatre, group = world.scenario.theatre, operation.armed.group
    road = theatre.travel(group.positions["block"].place, group.hospital).minutes_central
    under_fire = UNDER_FIRE_MIN if operation.happened.get("contact", -1) >= 0 and "relieved" not in operation.happened else 0.0
    if world.tick >= operation.medevac_tick:
        return min(road, BY_AIR_MIN)
    return road + under_fire


def _grade(world: World, entity: int, per_hour: float, wait_min: float) -> int:
    numbers = world.numbers
    share = draw(world.run_key, world.tick, entity, Purpose.FIRE_GRADE)
    return grade_of_hit(share, numbers["hit_fatal_share"], numbers["hit_serious_share"], death_chance(wait_min, per_hour))


def _record_hit(
    world: World, site: SiteInPlay, entity: int, number: int, side: Side, grade: int, rate: float, means: Means = Means.GUNFIRE
) -> None:
    rows, found = table(INCIDENTS, 1), np.zeros(1, dtype=np.int64)
    note(rows, found, world.tick, Incident.HURT, entity, number, -1, side, grade, means, rate, 0.0, 0.0, 0.0, 0.0)
    site.record.add_incidents(rows)
    site.dealings.hurt += 1


def stray(world: World, operation: Operation, site: SiteInPlay, hits: int, inside: int) -> None:
    """Let hits stray among civilians who are where fire is exchanged."""
    for number in range(hits if inside > 0 else 0):
        entity = mix(name_key("stray", world.tick) + number)
        if draw(world.run_key, world.tick, entity, Purpose.STRAY_HIT) < world.numbers["stray_share"]:
            grade = _grade(world, entity, world.numbers["unevacuated_death_per_hour"], evacuation_min(world, operation))
            operation.civilians_hurt += 1
            _record_hit(world, site, entity, number, Side.CIVILIANS, grade, world.numbers["stray_share"])
