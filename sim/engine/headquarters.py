"""Headquarters: requests for approval queue on the desks that they pass.

Each headquarters works on one request at a time, the first come first: a second site that asks while the first is being
decided waits. Not modelled: priorities; a desk that gives up on old requests.
"""

from __future__ import annotations

from sim.doctrine.orders import Decision
from sim.engine.world import World


def queued_minutes(world: World, decision: Decision) -> float:
    """Return the minutes for which a request waits on busy desks along its way, and book its own work there."""
    now = float(world.tick)
    waited = 0.0
    for desk, minutes in decision.steps:
        free = world.standing.busy_until.get(desk, 0)
        waiting = max(free - now, 0.0)
        waited += waiting
        now += waiting + minutes / world.clock.base_tick_min
        world.standing.busy_until[desk] = int(now)
    minutes_waited = waited * world.clock.base_tick_min
    world.standing.queue_minutes += minutes_waited
    return minutes_waited
