"""The armed leader's choices carried out: how its group moves off, blocks, ambushes, occupies, bargains and breaks out.

One small function a choice. A choice that is not open to the group at that moment changes nothing and says so in the record.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.deterrence.escalation import EscalationStep
from sim.doctrine.orders import Decision, Order
from sim.doctrine.seat_orders import Organisation
from sim.engine.armed_leader import open_choices
from sim.engine.lookout import tell
from sim.engine.operation import CellOut, Duty, GroupStage, Operation
from sim.engine.roadblock import close_road
from sim.engine.state import NEVER
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.geography.theatre import Journey
from sim.scenario.armed_schema import Way
from sim.vocabulary import FighterPhase, OrderKind

type Carried = Callable[[World, SiteInPlay, Order, Decision], None]

NIGHT_MIN = 1440.0

TO_THE_CORDON = 0.1
"""Share of the way out after which a cell meets the cordon; an assumption (0.05-0.2): about a kilometre of some fourteen."""


def launch(world: World, operation: Operation, _order: Order) -> None:
    """The group moves off; in place, it blocks the road."""
    if operation.stage is GroupStage.PREPARING:
        operation.stage = GroupStage.MOVING_IN
        operation.move(operation.in_play(), FighterPhase.MOVING_IN)
        operation.due_tick = world.tick + world.clock.ticks_in(journey_in_min(world, operation))
        operation.mark("moved_off", world.tick)
    elif operation.stage is GroupStage.WAITING:
        operation.stage, operation.due_tick = GroupStage.BLOCKING, NEVER
        _take_positions(world, operation)
        close_road(world, operation)
        operation.step = max(operation.step, EscalationStep.BLOCKADE)


def journey_in_min(world: World, operation: Operation) -> float:
    """Return the minutes of the group's way in, between the low and the high time of its journey."""
    armed = operation.armed
    journey = world.scenario.theatre.travel(armed.start, armed.group.positions["compound"].place, armed.mode)
    return _paced(journey, draw(world.run_key, 0, name_key("way in"), Purpose.ARMED_JOURNEY))


def _paced(journey: Journey, share: float) -> float:
    return journey.minutes_low + share * (journey.minutes_high - journey.minutes_low)


def _take_positions(world: World, operation: Operation) -> None:
    """Cells take the roadblock and the ground round it; the others stay near the compound."""
    cells = operation.cells(operation.in_play())
    at_block = cells[: max(round(len(cells) * world.numbers["share_at_block"]), 1)]
    rows = operation.in_play()
    blocking = rows & np.isin(operation.fighters["cell"], at_block)
    operation.move(blocking, FighterPhase.BLOCKING)
    operation.move(rows & ~blocking, FighterPhase.WAITING)


def shrink(world: World, operation: Operation, order: Order) -> None:
    """Half of the cells go back; the others go on."""
    cells = operation.cells(operation.in_play())
    back = cells[(len(cells) + 1) // 2 :]
    operation.move(operation.in_play() & np.isin(operation.fighters["cell"], back), FighterPhase.ABORTED)
    launch(world, operation, order)


def delay(world: World, operation: Operation, _order: Order) -> None:
    """The group waits for another night."""
    operation.leave_tick += world.clock.ticks_in(NIGHT_MIN)
    operation.block_tick += world.clock.ticks_in(NIGHT_MIN)
    operation.mark("delayed", world.tick)


def abort(world: World, operation: Operation, _order: Order) -> None:
    """The group gives up and goes back."""
    operation.stage = GroupStage.ABORTED
    operation.move(operation.in_play(), FighterPhase.ABORTED)
    operation.mark("aborted", world.tick)


def ambush(world: World, operation: Operation, _order: Order) -> None:
    """Fire is opened on the patrol at the roadblock."""
    operation.stage = GroupStage.IN_CONTACT
    operation.mark("contact", world.tick)
    operation.step = max(operation.step, EscalationStep.ARMED_ATTACK)
    tell(world, Organisation.KOSOVO_POLICE, "attack", world.numbers["word_of_attack_min"], "patrol", float(operation.fit()))
    if operation.armed.other_positions > 0:
        _other_attack(world, operation)


def _other_attack(world: World, operation: Operation) -> None:
    """Fix whether and when another of the positions that are said to be prepared is used as well."""
    entity = name_key("other attack")
    if draw(world.run_key, 0, entity, Purpose.OTHER_ATTACK) < world.numbers["second_attack_chance"]:
        operation.other_attack_tick = world.tick + world.clock.ticks_in(world.numbers["contact_lasts_min"])


def occupy(world: World, operation: Operation, _order: Order) -> None:
    """The group draws back into the compound and holds it."""
    operation.stage = GroupStage.HOLDING
    operation.move(operation.in_play(), FighterPhase.HOLDING)
    operation.mark("occupation", world.tick)
    operation.mark("relieved", world.tick)
    organisations = {unit.id: unit.organisation for unit in world.scenario.framework.command.units}
    for unit in list(operation.sections(Duty.PATROL)):
        operation.duties[unit] = operation.default_duty.get(organisations[unit], Duty.STANDBY)
    tell(world, Organisation.KOSOVO_POLICE, "occupation", world.numbers["word_of_occupation_min"], "people inside", float(operation.fit()))


def hold_out(_world: World, _operation: Operation, _order: Order) -> None:
    """The group stays where it is."""


def bargain(world: World, operation: Operation, order: Order) -> None:
    """The group asks for an exit; where it is granted it goes without being stopped at the cordon."""
    granted = draw(world.run_key, 0, name_key("exit"), Purpose.EXIT_ACCEPTED) < world.numbers["exit_accepted_chance"]
    operation.mark("exit_granted" if granted else "exit_refused", world.tick)
    operation.exit_agreed = granted
    operation.exit_open = False
    if granted:
        break_out(world, operation, order)


def break_out(world: World, operation: Operation, _order: Order) -> None:
    """Each cell takes a way out: by vehicle where there is one and the road seems open, else on foot."""
    operation.stage = GroupStage.BREAKING_OUT
    operation.mark("breakout", world.tick)
    operation.mark("relieved", world.tick)
    ways = operation.armed.group.ways_out
    by_mode = {mode: [way for way in ways if way.mode == mode] for mode in ("vehicle", "foot")}
    for cell in operation.cells(operation.in_play()):
        entity = name_key("cell out", cell)
        share = draw(world.run_key, 0, entity, Purpose.CELL_WAY)
        driving = (
            bool(by_mode["vehicle"])
            and share < world.numbers["vehicle_share"]
            and operation.closed_roads < world.numbers["encircled_share"]
        )
        chosen = by_mode["vehicle" if driving else "foot"] or list(ways)
        way = chosen[int(draw(world.run_key, 0, entity, Purpose.CELL_CHOOSES_WAY) * len(chosen))]
        operation.cells_out.append(_on_its_way(world, operation, cell, way, entity))
    operation.move(operation.in_play(), FighterPhase.BREAKING_OUT)


def _on_its_way(world: World, operation: Operation, cell: int, way: Way, entity: int) -> CellOut:
    compound = operation.armed.group.positions["compound"].place
    journey = world.scenario.theatre.travel(compound, way.to, way.mode)
    minutes = _paced(journey, draw(world.run_key, 0, entity, Purpose.CELL_PACE))
    first_leg = minutes * TO_THE_CORDON
    at = world.clock.ticks_in
    return CellOut(cell, way, world.tick + at(first_leg), world.tick + at(minutes))


_OF_GROUP: dict[OrderKind, Callable[[World, Operation, Order], None]] = {
    OrderKind.LAUNCH: launch,
    OrderKind.SHRINK: shrink,
    OrderKind.DELAY: delay,
    OrderKind.ABORT: abort,
    OrderKind.AMBUSH: ambush,
    OrderKind.OCCUPY: occupy,
    OrderKind.HOLD_OUT: hold_out,
    OrderKind.BARGAIN: bargain,
    OrderKind.BREAK_OUT: break_out,
}


def _by_group(act: Callable[[World, Operation, Order], None]) -> Carried:
    def carried_out(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:  # noqa: ARG001  # one form for all
        if world.operation is None or order.kind not in _still_open(world):
            world.record.add(world.tick, "no_effect", order.site, seat=order.seat, order=str(order.kind), why="not open to the group now")
            return
        act(world, world.operation, order)

    return carried_out


def _still_open(world: World) -> tuple[OrderKind, ...]:
    return open_choices(world, world.operation) if world.operation is not None else ()


GROUP_CARRIED_OUT: dict[OrderKind, Carried] = {kind: _by_group(act) for kind, act in _OF_GROUP.items()}
"""What carries out each of the leader's choices."""
