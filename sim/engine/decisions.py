"""Decisions and permissions: seats give orders on their pictures; mandate, rules and approvals let them pass, wait or fail.

Phases 4 and 5 of the order of play. Every order is recorded with the reason its seat gave, and every permission with the
clause that decided. A seat that commands several sites gets one picture of each.
"""

from __future__ import annotations

from functools import partial

from sim.doctrine.orders import Decision, Order
from sim.doctrine.permissions import override_used, permit
from sim.doctrine.seat_orders import AUTHORITY_OF, TASK_OF, Organisation
from sim.doctrine.situation import PermissionContext
from sim.engine.explicit_rules import demanded, pay_for_use
from sim.engine.governments import constraint_on, spend_licence
from sim.engine.headquarters import queued_minutes
from sim.engine.orders_carried_out import CARRIED_OUT
from sim.engine.pictures import VIOLENCE_PERSONS, pictures_for
from sim.engine.reserves import own_sections
from sim.engine.responders import claim_lead, requested
from sim.engine.setup import SIDES
from sim.engine.world import Pending, SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.seats.picture import Picture
from sim.vocabulary import OrderKind, Side, Task, Verdict

ATTACKED_FOR_MIN = 5.0
"""Minutes for which a force whose people were hurt counts as under attack."""

TAKES_BACK = {
    OrderKind.HALT_PUSH: {OrderKind.PUSH},
    OrderKind.STOP_AGENTS: {OrderKind.USE_AGENTS},
    OrderKind.RECALL_DETENTION_TEAMS: {OrderKind.SEND_DETENTION_TEAMS},
    OrderKind.WITHDRAW: {OrderKind.PUSH, OrderKind.USE_AGENTS, OrderKind.SEND_DETENTION_TEAMS},
}
"""Orders that, once carried out, take back the same seat's orders that still wait for approval."""


GOVERNMENTS_EVERY = 6
"""Governments decide at every sixth decision: each half hour at a base tick of 15 s."""


def decide_and_permit(world: World) -> None:
    """Each seat in the scenario's order sees its pictures and gives orders; each order meets its permission at once."""
    world.standing.decisions += 1
    governments_too = world.standing.decisions % GOVERNMENTS_EVERY == 1
    for name, seat in world.seats.items():
        if world.scenario.file.seats[name].organisation is Organisation.GOVERNMENT and not governments_too:
            continue
        for picture in pictures_for(world, name):
            world.record.add(world.tick, "picture", picture.site, seat=name, **_shown(picture))
            for order in seat.decide(picture):
                admit(world, order, picture)
            site = world.sites[picture.site]
            for order in demanded(world, name, site, partial(_context, world, picture=picture, site=site)):
                admit(world, order, picture)


def _shown(picture: Picture) -> dict[str, object]:
    """Return what the record keeps of a picture."""
    return {
        "crowd": picture.crowd.as_data(),
        "violent": picture.violent.as_data(),
        "seated": picture.seated.value,
        "vehicles_stuck": picture.vehicles_stuck,
        "line_pressed": picture.line_pressed,
        "own_hurt": picture.own_hurt,
        "talks": picture.talks,
        "reserve_units": picture.reserve_units,
        "violent_elsewhere": picture.violent_elsewhere,
    }


def _context(world: World, order: Order, picture: Picture, site: SiteInPlay) -> PermissionContext:
    seat = world.scenario.file.seats[order.seat]
    side = SIDES.get(str(seat.organisation))
    rows = site.state.sections[own_sections(site, str(seat.organisation))]
    contingents = world.scenario.framework.command.contingents
    present = sorted({int(place) for place in rows["contingent"] if place >= 0})
    memory = world.memory(order.seat, site.name)
    entity = name_key("permission", order.seat, site.name, order.kind)
    return PermissionContext(
        organisation=seat.organisation,
        headquarters=seat.headquarters,
        government=seat.government,
        minutes_since={name: world.minutes_since(tick) for name, tick in memory.since.items()},
        crowd=picture.crowd.value,
        violent=picture.violent.value,
        vehicles_stuck=picture.vehicles_stuck,
        line_pressed=picture.line_pressed,
        under_attack=_under_attack(world, site, side, picture),
        requested=requested(site, world, str(seat.organisation)),
        granted=frozenset(memory.granted),
        contingents=tuple(contingents[place].id for place in present),
        hurt_by_contingent={contingents[place].id: int(rows["hurt"][rows["contingent"] == place].sum()) for place in present},
        political_constraint=constraint_on(world, seat.organisation, site),
        delay_share=draw(world.run_key, world.tick, entity, Purpose.AUTHORITY_DELAY),
    )


def _under_attack(world: World, site: SiteInPlay, side: Side | None, picture: Picture) -> bool:
    """Return whether several violent people attack the seat's own: some were hurt just now, or the line is pressed."""
    if side is None or picture.violent.value < VIOLENCE_PERSONS:
        return False
    hurt_tick = site.dealings.hurt_tick.get(side)
    hurt_now = hurt_tick is not None and world.minutes_since(hurt_tick) <= ATTACKED_FOR_MIN
    return hurt_now or picture.line_pressed


def admit(world: World, order: Order, picture: Picture) -> None:
    """Record an order, judge it, and carry it out, hold it for approval, or tell the seat why not."""
    site = world.sites[order.site]
    memory = world.memory(order.seat, order.site)
    context = _context(world, order, picture, site)
    decision = permit(order, context, world.framework)
    waiting_min = queued_minutes(world, decision) if decision.verdict is Verdict.DELAYED else 0.0
    world.record.add(
        world.tick, "order", order.site, seat=order.seat, order=str(order.kind), selectivity=order.selectivity, because=order.because
    )
    world.record.add(
        world.tick,
        "permission",
        order.site,
        seat=order.seat,
        order=str(order.kind),
        verdict=str(decision.verdict),
        clause=decision.clause,
        delay_min=round(decision.delay_min + waiting_min, 3),
        queued_min=round(waiting_min, 3),
        reasons=list(decision.reasons),
        excluded=[list(pair) for pair in decision.excluded],
    )
    if decision.verdict is Verdict.REFUSED:
        memory.denied[order.kind] = world.tick
        return
    memory.since[order.kind] = world.tick
    memory.denied.pop(order.kind, None)
    _play_red_cards(world, site, decision)
    claims = _book_costs(world, order, context)
    pay_for_use(world, order, Organisation(context.organisation))
    if decision.verdict is Verdict.DELAYED:
        due = world.tick + world.clock.ticks_in(decision.delay_min + waiting_min)
        world.standing.pending.append(Pending(due, order, decision, claims))
        return
    carry_out(world, order, decision, claims=claims)


def _play_red_cards(world: World, site: SiteInPlay, decision: Decision) -> None:
    """A capital's officer keeps his contingent out of an order: recorded once for each caveat and site."""
    for contingent, caveat in decision.excluded:
        if (card := f"{site.name}/{caveat}") not in world.standing.red_cards:
            world.standing.red_cards.add(card)
            world.record.add(world.tick, "red_card", site.name, contingent=contingent, caveat=caveat)


def _book_costs(world: World, order: Order, context: PermissionContext) -> bool:
    """Acting unasked costs partners' trust and governments' licence, each ground once a day; return whether it claims the lead.

    A force that supports may stand where it stands; one that disperses a crowd unasked claims the lead.
    """
    ground = override_used(order, context, world.framework)
    if ground is None:
        return False
    claims = TASK_OF[order.kind] is Task.DISPERSE or context.organisation not in world.sites[order.site].lead.supporting
    booked = (world.day.name, str(ground.ground))
    if booked in world.standing.overrides:
        return claims
    trust, licence = (cost.at(context.delay_share) for cost in (ground.trust_cost, ground.licence_cost))
    world.standing.overrides[booked] = (trust, licence)
    spend_licence(world, Organisation(context.organisation), licence)
    world.record.add(
        world.tick, "cost", order.site, seat=order.seat, ground=str(ground.ground), trust=round(trust, 4), licence=round(licence, 4)
    )
    return claims


def carry_out(world: World, order: Order, decision: Decision, *, claims: bool = False) -> None:
    """Let an order take effect at its site and record it; one that *claims* the lead does so now."""
    if claims:
        claim_lead(world, world.sites[order.site], str(world.scenario.file.seats[order.seat].organisation))
    CARRIED_OUT[order.kind](world, world.sites[order.site], order, decision)
    for item in list(world.standing.pending):
        same_seat = (item.order.seat, item.order.site) == (order.seat, order.site)
        if same_seat and item.order.kind in TAKES_BACK.get(order.kind, ()):
            world.standing.pending.remove(item)
            world.record.add(world.tick, "taken_back", order.site, seat=order.seat, order=str(item.order.kind), by=str(order.kind))
    world.record.add(world.tick, "effect", order.site, seat=order.seat, order=str(order.kind), clause=decision.clause)


def carry_out_due(world: World) -> None:
    """Orders whose approval has come take effect, and their authority stays released to the seat."""
    due = [item for item in world.standing.pending if item.due_tick <= world.tick]
    for item in due:
        world.standing.pending.remove(item)
        authority = AUTHORITY_OF.get(item.order.kind)
        if authority is not None:
            world.memory(item.order.seat, item.order.site).granted.add(authority)
        carry_out(world, item.order, item.decision, claims=item.claims)


def prepared_group_decides(world: World, site: SiteInPlay) -> None:
    """A prepared group's leader acts on his own time, whatever the force does (orchestration theory)."""
    if world.tick != site.dealings.prepared_tick:
        return
    order = Order("prepared_group", OrderKind.PREPARED_GROUP_ACTS, 0.0, "its leader's own time, fixed beforehand", site.name)
    world.record.add(world.tick, "order", site.name, seat=order.seat, order=str(order.kind), selectivity=0.0, because=order.because)
    carry_out(world, order, Decision(Verdict.GRANTED, "SEAT-CROWD"))
