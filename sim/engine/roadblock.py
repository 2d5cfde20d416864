"""Roadblock: the armed group's block closes its road; vehicles meet it and are held there, or go round, until it has been cleared.

The block stands from the moment at which the road is blocked. While the group is at it nobody clears it; once it has been left,
whoever of the responders is there does, which takes its time. A unit that comes is held on the near side: it can man roads, but
not what lies beyond (footpaths, the compound, the search), unless another road leads there, at the cost of its length.

Source: lorries across the bridge at the entrance of the village (facts B10, B13). Not modelled: going round on foot; the group's
own vehicles, which move their own block; wounded who have to be brought out past it.
"""

from __future__ import annotations

import numpy as np

from sim.engine.operation import Duty, Operation
from sim.engine.state import NEVER
from sim.engine.world import SiteInPlay, World
from sim.foundations.errors import InputError

NOBODY = np.zeros(0, dtype=np.int64)


def close_road(world: World, operation: Operation) -> None:
    """The group blocks the road."""
    if operation.mark("block", world.tick):
        world.record.add(world.tick, "roadblock", operation.site, what="closed", routes=list(operation.closed_routes))


def rows_of(world: World, operation: Operation, site: SiteInPlay, *duties: Duty, beyond: bool = False) -> np.ndarray:
    """Return which rows of the site's sections are there and do one of these duties.

    Parameters
    ----------
    beyond
        Only those that are past the roadblock.
    """
    names = operation.sections(*duties)
    units = [world.unit_rows[unit] for unit in names if not (beyond and is_held(world, operation, unit))]
    if not units:
        return NOBODY
    there = site.state.sections["on_site"]
    return np.array([row for unit in units for row in range(unit.start, unit.stop) if there[row]], dtype=np.int64)


def is_held(world: World, operation: Operation, unit: str) -> bool:
    """Tell whether a unit at the site is held at the roadblock now."""
    return operation.road_closed and world.tick < operation.past_block.get(unit, NEVER)


def play_roadblock(world: World, operation: Operation, site: SiteInPlay, minutes: float) -> None:
    """Units that come are held, and the block is cleared once nobody holds it (once a minute)."""
    if not operation.road_closed:
        return
    for unit, place in world.standing.units.items():
        if place.site == operation.site and unit not in operation.past_block:
            _meets_block(world, operation, site, unit)
    if operation.block_held or not (site.state.sections["on_site"] == 1).any():
        return
    needed = world.numbers["roadblock_clearing_min"]
    operation.block_cleared_min += minutes
    if operation.block_cleared_min >= needed and operation.mark("road_open", world.tick):
        held = [unit for unit, tick in operation.past_block.items() if tick > world.tick]
        world.record.add(world.tick, "roadblock", operation.site, what="cleared", units=held, minutes=round(needed, 2))


def _meets_block(world: World, operation: Operation, site: SiteInPlay, unit: str) -> None:
    """Hold a unit that has come to the block, or send it round by another road."""
    round_min = minutes_round(world, operation, site)
    operation.past_block[unit] = NEVER if round_min is None else world.tick + world.clock.ticks_in(round_min)
    told = {"what": "held"} if round_min is None else {"what": "goes_round", "minutes": round(round_min, 2)}
    world.record.add(world.tick, "roadblock", operation.site, unit=unit, **told)


def minutes_round(world: World, operation: Operation, site: SiteInPlay) -> float | None:
    """Return the minutes by another road from the site to the compound; None where there is none."""
    compound = operation.armed.group.positions["compound"].place
    try:
        return world.scenario.theatre.travel(site.file.place, compound, closed=operation.closed_routes).minutes_central
    except InputError:
        return None
