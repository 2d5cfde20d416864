"""Due events: what was fixed beforehand or has been set off happens (phase 1 of the order of play).

Planned events, forces that arrive by plan, rain, dusk; approvals that have come; units on their way; waves of people that
something sets off; a prepared group's own time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from sim.engine.crowd_kernels import arrive
from sim.engine.decisions import carry_out_due, prepared_group_decides
from sim.engine.ksf_in_town import waits_for_leave_min
from sim.engine.news import hear, set_off_by
from sim.engine.reserves import arrivals_due, arrive_at, go_back
from sim.engine.state import Post
from sim.engine.world import EVERYWHERE, SiteInPlay, UnitPlace, World
from sim.foundations.figures import minutes_of_day
from sim.scenario.schema import Deployment, PlannedEvent, RainSpell


def due_events(world: World) -> None:
    """Phase 1: planned events, forces and people that arrive, dusk, rain, approvals that come, a prepared group's own time."""
    for site in world.sites.values():
        site.state.situation[0]["tick"] = world.tick
    for happen in world.calendar.get(world.tick, ()):
        happen()
    arrivals_due(world)
    if world.standing.pending:
        carry_out_due(world)
    for site in world.sites.values():
        prepared_group_decides(world, site)
        if site.dealings.prepared_until >= 0:
            site.state.situation[0]["prepared_acting"] = world.tick < site.dealings.prepared_until
        if world.tick % world.psychology_ticks == 0:
            arrive(site.state.people, world.tick)


def calendar_of(world: World) -> dict[int, list[Callable[[], None]]]:
    """Return what is fixed for the world's day, by tick; what is past when the day begins comes at once."""
    calendar: dict[int, list[Callable[[], None]]] = defaultdict(list)
    day = world.day.file

    def due(clock_time: str, happen: Callable[[], None], later_min: float = 0.0) -> None:
        minutes = minutes_of_day(clock_time) + later_min - world.minute_of_day()
        calendar[world.tick + world.clock.ticks_in(max(minutes, 0.0))].append(happen)

    organisations = {unit.id: unit.organisation for unit in world.framework.command.units}
    for deployment in day.deployments:
        leave_min = waits_for_leave_min(world, organisations[deployment.unit])
        if leave_min is None:
            continue
        world.standing.units[deployment.unit] = UnitPlace(bound_for=deployment.site)
        due(deployment.arrives, partial(_force_arrives, world, deployment), leave_min)
        if deployment.leaves is not None:
            due(deployment.leaves, partial(_force_leaves, world, deployment))
    for event in day.events:
        due(event.at, partial(_event_happens, world, event))
    for spell in day.rain:
        due(spell.begins, partial(_rain, world, spell, falling=True))
        due(spell.ends, partial(_rain, world, spell, falling=False))
    due(day.dusk.at, partial(_dusk, world))
    return calendar


def _force_arrives(world: World, deployment: Deployment) -> None:
    arrive_at(world, deployment.unit, deployment.site, deployment.source)


def _force_leaves(world: World, deployment: Deployment) -> None:
    if world.standing.units[deployment.unit].site == deployment.site:
        go_back(world, deployment.unit, world.sites[deployment.site])


def _event_happens(world: World, event: PlannedEvent) -> None:
    site = world.sites[event.site]
    _EVENTS[event.kind](world, site)
    world.record.add(world.tick, "event", event.site, event=event.id, what=event.kind, note=event.note, source=event.source)


def _dusk(world: World) -> None:
    for site in world.sites.values():
        site.state.situation[0]["dark"] = 1
    world.record.add(world.tick, "event", EVERYWHERE, event="dusk", what="dusk", note="", source=world.day.file.dusk.source)


def _rain(world: World, spell: RainSpell, *, falling: bool) -> None:
    for site in world.sites.values():
        site.state.situation[0]["rain"] = int(falling)
    what = "rain_begins" if falling else "rain_ends"
    world.record.add(world.tick, "event", EVERYWHERE, event=what, what=what, note="", source=spell.source)


def _staff_at_door(world: World, site: SiteInPlay) -> None:
    hear(world, "staff_at_door", site.name)


def _vehicles_stuck(world: World, site: SiteInPlay) -> None:
    site.dealings.vehicles_stuck = True
    site.state.sections["on_site"][(site.state.sections["post"] == Post.VEHICLE)] = 1


def _rumour(world: World, site: SiteInPlay) -> None:
    centre = site.plan.marks.get("crowd_centre")
    cell = centre[0] * site.ground.columns + centre[1] if centre else int(site.ground.rings[1, 0])
    site.dealings.provocations.append((cell, world.numbers["rumour_provocation"]))


def _sirens(world: World, site: SiteInPlay) -> None:
    hear(world, "sirens", site.name)
    set_off_by(world, site, "sirens")


_EVENTS: dict[str, Callable[[World, SiteInPlay], None]] = {
    "staff_at_door": _staff_at_door,
    "vehicles_stuck": _vehicles_stuck,
    "rumour": _rumour,
    "sirens": _sirens,
}
