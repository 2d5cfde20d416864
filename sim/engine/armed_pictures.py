"""What a seat is shown of an operation: what it has been told, with its error; the armed leader, its own group and what it weighs."""

from __future__ import annotations

from typing import Any

from sim.doctrine.seat_orders import Organisation
from sim.engine.operation import GroupStage, Operation
from sim.engine.world import World


def armed_facts(world: World, organisation: Organisation) -> dict[str, Any]:
    """Return the picture's fields about an armed group for a seat of this organisation; none where there is no operation."""
    operation = world.operation
    if operation is None:
        return {}
    if organisation is Organisation.ARMED_GROUP:
        return {
            "stage": _stage(world, operation),
            "best": operation.best,
            "own_fit": operation.fit(),
        }
    estimate = operation.estimates.get(organisation)
    return {
        "armed": estimate[0] if estimate is not None else 0.0,
        "closed": operation.closed_roads,
        "step": int(operation.step),
    }


def _stage(world: World, operation: Operation) -> str:
    """Return what the group is doing; ``ready`` and ``due`` once the time to move off, and to block the road, has come."""
    if operation.stage is GroupStage.PREPARING and world.tick >= operation.leave_tick:
        return "ready"
    if operation.stage is GroupStage.WAITING and world.tick >= operation.block_tick:
        return "due"
    return str(operation.stage)
