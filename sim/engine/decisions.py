"""Decisions and permissions: seats give orders on their pictures; mandate, rules and approvals let them pass, wait or fail.

Phases 4 and 5 of the order of play. Every order is recorded with the reason its seat gave, and every permission with the
clause that decided.
"""

from __future__ import annotations

from dataclasses import asdict

from sim.doctrine.orders import Decision, Order
from sim.doctrine.permissions import override_used, permit
from sim.doctrine.seat_orders import AUTHORITY_OF
from sim.doctrine.situation import PermissionContext
from sim.engine.orders_carried_out import CARRIED_OUT
from sim.engine.pictures import VIOLENCE_PERSONS, picture_for
from sim.engine.setup import SIDES
from sim.engine.world import Pending, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.seats.picture import Picture
from sim.vocabulary import OrderKind, Side, Verdict

ATTACKED_FOR_MIN = 5.0
"""Minutes for which a force whose people were hurt counts as under attack."""

TAKES_BACK = {
    OrderKind.HALT_PUSH: {OrderKind.PUSH},
    OrderKind.STOP_AGENTS: {OrderKind.USE_AGENTS},
    OrderKind.RECALL_DETENTION_TEAMS: {OrderKind.SEND_DETENTION_TEAMS},
    OrderKind.WITHDRAW: {OrderKind.PUSH, OrderKind.USE_AGENTS, OrderKind.SEND_DETENTION_TEAMS},
}
"""Orders that, once carried out, take back the same seat's orders that still wait for approval."""


def decide_and_permit(world: World) -> None:
    """Each seat in the scenario's order sees its picture and gives orders; each order meets its permission at once."""
    for name, seat in world.seats.items():
        picture = picture_for(world, name)
        world.record.add(world.tick, "picture", seat=name, **_shown(picture))
        for order in seat.decide(picture):
            admit(world, order, picture)


def _shown(picture: Picture) -> dict[str, object]:
    """Return what the record keeps of a picture."""
    return {
        "crowd": asdict(picture.crowd),
        "violent": asdict(picture.violent),
        "seated": picture.seated.value,
        "vehicles_stuck": picture.vehicles_stuck,
        "line_pressed": picture.line_pressed,
        "own_hurt": picture.own_hurt,
        "talks": picture.talks,
    }


def _context(world: World, order: Order, picture: Picture) -> PermissionContext:
    seat = world.scenario.file.seats[order.seat]
    side = SIDES.get(str(seat.organisation))
    sections = world.state.sections
    rows = sections[sections["on_site"].astype(bool) & (sections["side"] == (-1 if side is None else side))]
    contingents = world.scenario.framework.command.contingents
    present = sorted({int(place) for place in rows["contingent"] if place >= 0})
    entity = name_key("permission", order.seat, order.kind)
    return PermissionContext(
        organisation=seat.organisation,
        headquarters=seat.headquarters,
        minutes_since={name: world.minutes_since(tick) for name, tick in world.dealings.memory[order.seat].since.items()},
        crowd=picture.crowd.value,
        violent=picture.violent.value,
        vehicles_stuck=picture.vehicles_stuck,
        line_pressed=picture.line_pressed,
        under_attack=_under_attack(world, side, picture),
        granted=frozenset(world.dealings.memory[order.seat].granted),
        contingents=tuple(contingents[place].id for place in present),
        delay_share=draw(int(world.run_key), world.tick, entity, Purpose.AUTHORITY_DELAY),
    )


def _under_attack(world: World, side: Side | None, picture: Picture) -> bool:
    """Return whether several violent people attack the seat's own: some were hurt just now, or the line is pressed."""
    if side is None or picture.violent.value < VIOLENCE_PERSONS:
        return False
    hurt_tick = world.dealings.hurt_tick.get(side)
    hurt_now = hurt_tick is not None and world.minutes_since(hurt_tick) <= ATTACKED_FOR_MIN
    return hurt_now or picture.line_pressed


def admit(world: World, order: Order, picture: Picture) -> None:
    """Record an order, judge it, and carry it out, hold it for approval, or tell the seat why not."""
    memory = world.dealings.memory[order.seat]
    context = _context(world, order, picture)
    decision = permit(order, context, world.scenario.framework)
    world.record.add(world.tick, "order", seat=order.seat, order=str(order.kind), selectivity=order.selectivity, because=order.because)
    world.record.add(
        world.tick,
        "permission",
        seat=order.seat,
        order=str(order.kind),
        verdict=str(decision.verdict),
        clause=decision.clause,
        delay_min=round(decision.delay_min, 3),
        reasons=list(decision.reasons),
        excluded=[list(pair) for pair in decision.excluded],
    )
    if decision.verdict is Verdict.REFUSED:
        memory.denied[order.kind] = world.tick
        return
    memory.since[order.kind] = world.tick
    memory.denied.pop(order.kind, None)
    _book_costs(world, order, context)
    if decision.verdict is Verdict.DELAYED:
        due = world.tick + world.clock.ticks_in(decision.delay_min)
        world.dealings.pending.append(Pending(due, order, decision))
        return
    carry_out(world, order, decision)


def _book_costs(world: World, order: Order, context: PermissionContext) -> None:
    """Acting unasked costs partners' trust and governments' licence; each ground is booked once a day."""
    ground = override_used(order, context, world.scenario.framework)
    if ground is None or ground.ground in world.dealings.overrides:
        return
    trust, licence = (cost.at(context.delay_share) for cost in (ground.trust_cost, ground.licence_cost))
    world.dealings.overrides[ground.ground] = (trust, licence)
    world.record.add(world.tick, "cost", seat=order.seat, ground=str(ground.ground), trust=round(trust, 4), licence=round(licence, 4))


def carry_out(world: World, order: Order, decision: Decision) -> None:
    """Let an order take effect and record it."""
    CARRIED_OUT[order.kind](world, order, decision)
    for item in list(world.dealings.pending):
        if item.order.seat == order.seat and item.order.kind in TAKES_BACK.get(order.kind, ()):
            world.dealings.pending.remove(item)
            world.record.add(world.tick, "taken_back", seat=order.seat, order=str(item.order.kind), by=str(order.kind))
    world.record.add(world.tick, "effect", seat=order.seat, order=str(order.kind), clause=decision.clause)


def carry_out_due(world: World) -> None:
    """Orders whose approval has come take effect, and their authority stays released to the seat."""
    due = [item for item in world.dealings.pending if item.due_tick <= world.tick]
    for item in due:
        world.dealings.pending.remove(item)
        authority = AUTHORITY_OF.get(item.order.kind)
        if authority is not None:
            world.dealings.memory[item.order.seat].granted.add(authority)
        carry_out(world, item.order, item.decision)


def prepared_group_decides(world: World) -> None:
    """A prepared group's leader acts on his own time, whatever the force does (orchestration theory)."""
    if world.tick != world.dealings.prepared_tick:
        return
    order = Order("prepared_group", OrderKind.PREPARED_GROUP_ACTS, 0.0, "its leader's own time, fixed beforehand")
    world.record.add(world.tick, "order", seat=order.seat, order=str(order.kind), selectivity=0.0, because=order.because)
    carry_out(world, order, Decision(Verdict.GRANTED, "SEAT-CROWD"))
