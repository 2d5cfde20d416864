"""Reserves: units that wait at their bases, are sent to a site, travel, arrive, and go back.

One finite pool for all sites: a unit that is on its way to one site cannot answer another. Journeys take the theatre's roads;
notice and travel lie between their low and high times by keyed draws.

Source: surge of about a sixth of the force in July 2011 and no reserve left (facts 3.1); travel times facts 5.3 (grade C).
Not modelled: units moved from one site straight to another without going back first; convoys held up on the road.
"""

from __future__ import annotations

import numpy as np

from sim.doctrine.command import Unit
from sim.doctrine.seat_orders import Organisation
from sim.doctrine.transition import journey_by_air
from sim.engine.ksf_in_town import felt_in_town
from sim.engine.line_kernels import redraw_line
from sim.engine.operation import Duty
from sim.engine.setup import SIDES, spread_along_line
from sim.engine.state import Post
from sim.engine.training_away import away_today, share_away
from sim.engine.world import SiteInPlay, UnitPlace, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.foundations.errors import InputError
from sim.geography.theatre import Journey
from sim.vocabulary import Level


def free_units(world: World, organisation: str) -> list[Unit]:
    """Return an organisation's reserve units that wait at their bases, in the order of the scenario's file."""
    units = world.scenario.framework.command.units_of(organisation)
    return [unit for unit in units if unit.reserve and world.standing.units[unit.id].free]


def nearest_free_unit(world: World, organisation: str, site: SiteInPlay) -> Unit | None:
    """Return the free reserve unit with the shortest journey to a site (in file order among equals); None without one."""
    free = free_units(world, organisation)
    return min(free, key=lambda unit: notice_and_travel_min(world, unit, site, 0.5, 0.5)) if free else None


def notice_and_travel_min(world: World, unit: Unit, site: SiteInPlay, notice_share: float, travel_share: float) -> float:
    """Return the minutes from the order to move until the unit is at the site."""
    return unit.notice_to_move_min.at(notice_share) + travel_min(world, unit, site, travel_share)


def travel_min(world: World, unit: Unit, site: SiteInPlay, share: float) -> float:
    """Return the minutes of a unit's journey from its base: between the roads' low and high times."""
    journey = journey_by_road(world, unit.base, site.file.place)
    minutes = journey.minutes_low + share * (journey.minutes_high - journey.minutes_low)
    return journey_by_air(minutes, world.numbers["ksf_air_mobility"]) if unit.organisation is Organisation.KSF else minutes


def journey_by_road(world: World, start: str, to: str) -> Journey:
    """Return the journey as the roads are now: round a roadblock where another road leads there, else up to it."""
    closed = world.operation.closed_routes if world.operation is not None else ()
    try:
        return world.scenario.theatre.travel(start, to, closed=closed)
    except InputError:
        if not closed:
            raise
        return world.scenario.theatre.travel(start, to)


def send(world: World, unit: Unit, site: SiteInPlay) -> None:
    """Set a unit in motion: it arrives after notice and journey."""
    entity = name_key("journey", unit.id, site.name)
    notice_share = draw(world.run_key, world.tick, entity, Purpose.NOTICE_TO_MOVE)
    travel_share = draw(world.run_key, world.tick, entity, Purpose.JOURNEY)
    minutes = notice_and_travel_min(world, unit, site, notice_share, travel_share)
    world.standing.units[unit.id] = UnitPlace(bound_for=site.name, due_tick=world.tick + world.clock.ticks_in(minutes))
    world.record.add(world.tick, "movement", site.name, unit=unit.id, what="sent", minutes=round(minutes, 2), base=unit.base)


def arrivals_due(world: World) -> None:
    """Units whose journey is over arrive, at their site or back at their base."""
    now = world.tick
    due = [(name, place) for name, place in world.standing.units.items() if 0 <= place.due_tick <= now]
    for name, place in due:
        if place.bound_for:
            arrive_at(world, name, place.bound_for, "model")
        else:
            world.standing.units[name] = UnitPlace()


def arrive_at(world: World, unit: str, site_name: str, source: str) -> None:
    """Put a unit on its site: its sections take their posts, and the line closes up round those that join it."""
    site = world.sites[site_name]
    world.standing.units[unit] = UnitPlace(site=site_name)
    rows = site.state.sections[world.unit_rows[unit]]
    rows["on_site"] = 1
    rows["arrived_tick"] = world.tick
    found = next(item for item in world.scenario.framework.command.units if item.id == unit)
    away = _away_for_training(world, found, rows)
    lost = sum(other.state.sections["serious"][world.unit_rows[unit]] for other in world.sites.values() if other is not site)
    rows["strength"] = found.persons_per_section - lost
    joins_late = source == "model"
    if joins_late or away:
        _close_up(site)
    elif site.dealings.line_formed:
        redraw_line(site.state.sections, site.ground.rings, site.ground.ring_length, site.state.line_rank)
    _take_up_duty(world, found, site)
    felt_in_town(world, found.organisation, site)
    what = "support_arrives" if joins_late else "force_arrives"
    world.record.add(world.tick, "event", site_name, event=unit, what=what, note=found.name, source=source)
    if joins_late:
        for seat in world.seats:
            if site_name in world.sites_of(seat) and world.scenario.file.seats[seat].organisation is found.organisation:
                world.memory(seat, site_name).since["support_arrived"] = world.tick


def _away_for_training(world: World, unit: Unit, rows: np.ndarray) -> bool:
    """Leave out the sections of a unit that train elsewhere today; tell whether any does."""
    share = share_away(world.numbers, unit.organisation)
    if share <= 0.0:
        return False
    away = away_today(rows, world.day_key(), share)
    rows["on_site"][away] = 0
    return bool(away.any())


def _take_up_duty(world: World, unit: Unit, site: SiteInPlay) -> None:
    """Where there is an operation, a unit that comes takes up the duty that its organisation's units have by then."""
    operation = world.operation
    if operation is not None and operation.site == site.name and unit.id not in operation.duties:
        operation.duties[unit.id] = operation.default_duty.get(unit.organisation, Duty.STANDBY)


def go_back(world: World, unit: str, site: SiteInPlay) -> None:
    """Take a unit off its site; it is free again once it is back at its base."""
    rows = site.state.sections[world.unit_rows[unit]]
    rows["on_site"] = 0
    rows["pushing"] = 0
    rows["uses_agents"] = 0
    found = next(item for item in world.scenario.framework.command.units if item.id == unit)
    minutes = travel_min(world, found, site, 0.5)
    world.standing.units[unit] = UnitPlace(due_tick=world.tick + world.clock.ticks_in(minutes))
    _close_up(site)
    world.record.add(world.tick, "movement", site.name, unit=unit, what="recalled", minutes=round(minutes, 2), base=found.base)


def units_at(world: World, organisation: str, site: SiteInPlay) -> list[Unit]:
    """Return an organisation's units that are at a site."""
    units = world.scenario.framework.command.units_of(organisation)
    return [unit for unit in units if unit.id in world.standing.units and world.standing.units[unit.id].site == site.name]


def _close_up(site: SiteInPlay) -> None:
    """Spread the line evenly over who is there, each newcomer at the line's present place, and redraw it."""
    state = site.state
    in_line = (state.sections["on_site"] == 1) & (state.sections["post"] == Post.LINE)
    if in_line.any():
        late = in_line & (state.sections["level"] == Level.PRESENCE)
        state.sections["rank"][late] = int(np.median(state.sections["rank"][in_line]))
    spread_along_line(state.sections, in_line)
    if site.dealings.line_formed:
        redraw_line(state.sections, site.ground.rings, site.ground.ring_length, state.line_rank)


def own_sections(site: SiteInPlay, organisation: str) -> np.ndarray:
    """Return which sections on site belong to an organisation (none for a crowd or a government)."""
    side = SIDES.get(organisation)
    sections = site.state.sections
    return np.asarray((sections["on_site"] == 1) & (sections["side"] == (-1 if side is None else side)))
