"""Pictures: what each seat is shown. Late and wrong by declared amounts; a seat never sees the truth.

Phase 3 of the order of play.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.doctrine.seat_orders import RESPONDERS, Organisation
from sim.engine.armed_pictures import armed_facts
from sim.engine.joint_patrols import report_share
from sim.engine.people_kernels import LEAST_DRAW
from sim.engine.reserves import free_units, own_sections
from sim.engine.responders import request_waiting, support_coming
from sim.engine.world import SiteInPlay, World
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


def _origin(world: World, seat: str) -> str:
    file = world.scenario.file.seats[seat]
    if file.organisation in (Organisation.CROWD, Organisation.GOVERNMENT):
        return "spotters" if file.organisation is Organisation.CROWD else "reports"
    return "own posts" if file.site is not None else "reports from the sites"


def _estimate(truth: float, error: float, age_min: float, normal: float, origin: str) -> Estimate:
    value = round(reported_count(truth, error, normal))
    margin = 2.0 * error
    return Estimate(float(value), round(value / (1.0 + margin)), round(value * (1.0 + margin)), age_min, origin)


def _crowd_and_mood(world: World, seat: str, site: SiteInPlay) -> tuple[Estimate, Estimate, Estimate]:
    """Return estimates of crowd, violent and seated from the series as it was some minutes ago; later to seats off site."""
    away = 0.0 if world.scenario.file.seats[seat].site else world.numbers["upward_report_delay_min"]
    late = report_share(world.numbers, world.scenario.file.seats[seat].organisation)
    age = world.numbers["report_delay_min"] * late + away
    origin = _origin(world, seat)
    if not len(site.state.people):  # nobody comes who could be counted
        none = Estimate(0.0, 0, 0, age, origin)
        return none, none, none
    series = site.record.series
    rows_back = int(age / (world.psychology_ticks * world.clock.base_tick_min) + 0.5)
    row = series[max(len(series) - 1 - rows_back, 0)]
    of_count, of_mood = sensing_errors(world.run_key, world.tick, name_key("picture", seat, site.name))
    count_error, mood_error = world.numbers["crowd_count_error"], world.numbers["mood_count_error"]
    return (
        _estimate(float(row["present"]), count_error, age, of_count, origin),
        _estimate(float(row["violent"]), mood_error, age, of_mood, origin),
        _estimate(float(row["sitting"]), mood_error, age, of_mood, origin),
    )


def _line_pressed(world: World, site: SiteInPlay) -> bool:
    gave_ground = world.minutes_since(site.dealings.gave_ground_tick) <= PRESSED_FOR_MIN
    return int(site.record.series[-1]["pressing"]) >= PRESS_PERSONS or gave_ground


def stuck_vehicles(site: SiteInPlay) -> int:
    """Return how many vehicles are stuck now."""
    return int((site.state.vehicle_clear_ticks >= 0).sum()) if site.dealings.vehicles_stuck else 0


def _remember_mood(world: World, since: dict[str, int], crowd: Estimate, violent: Estimate) -> None:
    """Keep since when the seat thinks the site crowded, violent or calm again."""
    if crowd.value >= CROWD_PERSONS:
        since.setdefault("crowd_present", world.tick)
    if violent.value >= VIOLENCE_PERSONS:
        since.setdefault("violence", world.tick)
        since.pop("calm", None)
    elif "violence" in since:
        del since["violence"]
        since["calm"] = world.tick


def pictures_for(world: World, seat: str) -> Iterator[Picture]:
    """Give a seat's pictures now, one for each site that it commands, and keep what they teach its memory.

    Each is taken when it is asked for: what the seat has just sent to one site is no longer free for the next.
    """
    sites = [world.sites[name] for name in world.sites_of(seat)]
    moods = [_crowd_and_mood(world, seat, site) for site in sites]
    total = sum(violent.value for _, violent, _ in moods)
    for site, mood in zip(sites, moods, strict=True):
        yield _picture(world, seat, site, mood, total - mood[1].value if len(sites) > 1 else _told_of_others(world, site))


def _told_of_others(world: World, site: SiteInPlay) -> float:
    """Return what a site's own seat knows of violence elsewhere: nothing until word has come, then what is reported."""
    if not site.dealings.clash_elsewhere_heard:
        return 0.0
    return float(sum(other.dealings.violent for other in world.sites.values() if other is not site))


def _picture(world: World, seat: str, site: SiteInPlay, mood: tuple[Estimate, Estimate, Estimate], elsewhere: float) -> Picture:
    crowd, violent, seated = mood
    memory = world.memory(seat, site.name)
    _remember_mood(world, memory.since, crowd, violent)
    organisation = world.scenario.file.seats[seat].organisation
    if organisation in RESPONDERS:
        forces = _own_forces(world, str(organisation), site)
    else:
        forces = {"own_hurt": _hurt_in_its_name(world, seat, site)} if organisation is Organisation.GOVERNMENT else {}
    now, base_min = world.tick, world.clock.base_tick_min
    return Picture(
        seat=seat,
        day=world.day.name,
        site=site.name,
        minute_of_day=world.minute_of_day(),
        minutes_to_dusk=minutes_of_day(world.day.file.dusk.at) - world.minute_of_day(),
        crowd=crowd,
        violent=violent,
        seated=seated,
        vehicles_stuck=stuck_vehicles(site),
        line_pressed=_line_pressed(world, site),
        advance_m=float(site.record.series[-1]["advance_m"]),
        talks=site.dealings.talks,
        leads=len(site.lead.leads),
        violent_elsewhere=elsewhere,
        rain=bool(site.state.situation[0]["rain"]),
        minutes_since={name: (now - tick) * base_min for name, tick in memory.since.items()},
        denied={kind: (now - tick) * base_min for kind, tick in memory.denied.items()},
        **(forces | armed_facts(world, organisation)),
    )


def _hurt_in_its_name(world: World, seat: str, site: SiteInPlay) -> int:
    """Return how many are hurt, at a site, of those who act in a government's name: forces by section, a crowd by person."""
    government = world.scenario.file.seats[seat].government
    licensed = next(item.licenses for item in world.scenario.framework.command.governments if item.id == government)
    row = site.record.series[-1]
    hurt = sum(int(site.state.sections["hurt"][own_sections(site, str(item))].sum()) for item in licensed)
    return hurt + (int(row["protesters_hurt"]) if Organisation.CROWD in licensed else 0)


def _own_forces(world: World, organisation: str, site: SiteInPlay) -> dict[str, Any]:
    """Return what a responder's seat knows of its own people, of support and of the lead."""
    sections, own = site.state.sections, np.flatnonzero(own_sections(site, organisation))
    return {
        "own_fit": int(sections["strength"][own].sum() - sections["serious"][own].sum()) if len(own) else 0,
        "own_hurt": int(sections["hurt"][own].sum()) if len(own) else 0,
        "request_waiting": request_waiting(world, organisation, site),
        "support_coming": support_coming(world, organisation, site),
        "in_lead": organisation in site.lead.leads,
        "reserve_units": len(free_units(world, organisation)),
    }
