"""Searches and deeds that reports set off: a search before the night, searches after false alarms, a partner who acts alone.

Each belongs to a lever of an option, and does nothing while that rests: the search for smuggled arms (``search_effort``), more
assets (``isr.isr_effort`` above 1, as a setting), wider sharing (``intelligence.sharing`` beyond what its file says). A search
that finds arms tells the group that it has been discovered; one that finds nothing is felt by those who were searched.

Not modelled: where arms lie; who is searched. The campaign plays the search over months by the same numbers.
"""

from __future__ import annotations

from sim.doctrine.seat_orders import Organisation
from sim.engine.operation import Duty, Operation
from sim.engine.reserves import nearest_free_unit, send
from sim.engine.world import World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import Sharing

ISR_EFFORT = "isr_effort"
WIDTH = {Sharing.KFOR_ONLY: 0, Sharing.WITH_POLICE: 1, Sharing.WITH_POLICE_AND_KSF: 2}
"""How many partners are told."""

NEW_PARTNER = {Organisation.KOSOVO_POLICE: 1, Organisation.KSF: 2}
"""From which width of sharing a partner is told."""


def searched_before(world: World, operation: Operation) -> bool:
    """Search for arms before the night: tell whether any were found; one that finds nothing aggrieves, by its effort."""
    numbers = world.numbers
    effort = numbers["search_effort"]
    if effort <= 0.0:
        return False
    odds = effort * numbers["search_hit_chance"]
    share = draw(world.run_key, 0, name_key("search before the night"), Purpose.SEARCHED_BEFORE)
    found = share < odds
    what = {"odds": round(odds, 5), "draw": round(share, 5), "found": found}
    world.record.add(world.tick, "search_before", operation.site, **what)
    if found:
        operation.signs += 1
        operation.news_tick = world.tick
        operation.mark("arms_found", world.tick)
    else:
        operation.aggrieve(numbers["search_grievance"] * effort)
    return found


def more_assets(world: World) -> float:
    """Return by how much a policy has raised what KFOR's assets see: 0 none, 1 twice as much. A drawn value is no policy."""
    typed = any(name.endswith(f".{ISR_EFFORT}") for name in world.scenario.settings)
    return max(world.numbers[ISR_EFFORT] - 1.0, 0.0) if typed else 0.0


def search_after_false_alarm(world: World, operation: Operation) -> None:
    """Somebody is searched for nothing: the local community is aggrieved, the more assets there are to be wrong."""
    more = more_assets(world)
    if more > 0.0:
        operation.aggrieve(world.numbers["false_alarm_search_cost"] * more)
        world.record.add(world.tick, "search_after_false_alarm", operation.site, more=round(more, 4))


def acts_alone(world: World, operation: Operation, partner: Organisation) -> None:
    """A partner who is told only since sharing was widened may send a unit at once, unasked and alone."""
    intelligence, given = operation.armed.intelligence, operation.armed.sharing_given
    widened = given is not None and WIDTH[given] < NEW_PARTNER.get(partner, 0) <= WIDTH[intelligence.sharing]
    if not widened or not operation.mark(f"told_first_{partner}", world.tick):
        return
    share = draw(world.run_key, 0, name_key("acts alone", partner), Purpose.ACTS_ALONE)
    if share >= world.numbers["acts_alone_chance"]:
        return
    site = world.sites[operation.site]
    unit = nearest_free_unit(world, partner, site)
    if unit is None:
        return
    if partner is Organisation.KOSOVO_POLICE:
        operation.duties[unit.id] = Duty.PATROL
    send(world, unit, site)
    world.record.add(world.tick, "acts_alone", operation.site, organisation=str(partner), unit=unit.id, draw=round(share, 5))
