"""Orders of responders and governments in an operation, carried out: what each one changes, one small function a kind.

Police, KFOR, EULEX and KSF give their units duties; governments raise readiness, warn and reinforce. An order that finds no armed
group in play changes nothing and says so in the record. The armed leader's choices are ``engine/group_choices``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sim.deterrence.escalation import EscalationStep
from sim.doctrine.orders import Decision, Order
from sim.doctrine.seat_orders import Organisation
from sim.engine.group_choices import GROUP_CARRIED_OUT, Carried
from sim.engine.joint_patrols import ride_along
from sim.engine.lookout import hear_of, tell
from sim.engine.operation import AWAY, Duty, GroupStage, Operation
from sim.engine.reserves import free_units, journey_by_road, nearest_free_unit, send, units_at
from sim.engine.state import NEVER
from sim.engine.world import SiteInPlay, UnitPlace, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import OrderKind

PATROLS_SENT = 2
"""Units that answer the call at the roadblock (facts B11, B12: two, a few minutes apart)."""


def _organisation(world: World, order: Order) -> Organisation:
    return world.scenario.file.seats[order.seat].organisation


# --- responders ---------------------------------------------------------------------------------------------------------


def send_patrol(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """The nearest patrols answer the call."""
    organisation = _organisation(world, order)
    for _ in range(PATROLS_SENT):
        unit = nearest_free_unit(world, organisation, site)
        if unit is not None:
            operation.duties[unit.id] = Duty.PATROL
            send(world, unit, site)
    ride_along(world, operation, site)


def _give_duty(world: World, operation: Operation, site: SiteInPlay, order: Order, duty: Duty, *, special_only: bool = False) -> None:
    """Give a duty to the seat's own units at the site, and to those that come later."""
    organisation = _organisation(world, order)
    operation.default_duty[organisation] = duty
    for unit in units_at(world, organisation, site):
        if operation.duties.get(unit.id) is Duty.PATROL and operation.stage is GroupStage.IN_CONTACT:
            continue
        if special_only and unit.kind == "regular":
            continue
        operation.duties[unit.id] = duty


def encircle(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """Own units close roads and paths round the village."""
    _give_duty(world, operation, site, order, Duty.CORDON)


def advance(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """Special units clear the ground towards the compound; the others keep the cordon."""
    kept = operation.default_duty.get(_organisation(world, order), Duty.CORDON)
    _give_duty(world, operation, site, order, Duty.ASSAULT, special_only=True)
    operation.default_duty[_organisation(world, order)] = kept
    operation.fire_held = False
    operation.mark("advance", world.tick)


def hold_fire(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """The advance stops; units go back to the cordon."""
    operation.fire_held = True
    _give_duty(world, operation, site, order, Duty.CORDON)


def sweep(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """Own units search village, compound and woods."""
    _give_duty(world, operation, site, order, Duty.SWEEP)
    operation.mark("sweep", world.tick)


def close_crossings(world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """The crossings are closed to vehicles."""
    operation.crossings_closed = True
    operation.mark("crossings_closed", world.tick)


def negotiate_exit(world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """An exit can be talked about, where the account that the scenario follows says so; else nobody answers."""
    if operation.armed.exit_negotiated and operation.stage is GroupStage.HOLDING:
        operation.exit_open = True
        operation.news_tick = world.tick
        operation.mark("exit_offered", world.tick)
    else:
        operation.mark("exit_unanswered", world.tick)


def search_vehicles(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """Vehicles are searched: it may find the group's arms before it is in place; a search that finds nothing costs legitimacy."""
    early = operation.stage in (GroupStage.PREPARING, GroupStage.MOVING_IN, GroupStage.WAITING)
    share = draw(world.run_key, world.tick, name_key("search", order.seat), Purpose.SEARCH_FINDS)
    found = early and share < world.numbers["search_hit_chance"]
    world.record.add(world.tick, "search", site.name, seat=order.seat, found=found)
    if found:
        operation.signs += 1
        operation.news_tick = world.tick
        operation.mark("arms_found", world.tick)
        tell(world, _organisation(world, order), "infiltration", 0.0, "search", float(operation.fit()))
    else:
        operation.aggrieve(world.numbers["search_grievance"])


def offer_outer_cordon(world: World, _operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """KFOR offers to take the outer cordon; police hear of it."""
    hear_of(world, Organisation.KOSOVO_POLICE, "help_offered")


def accept_help(world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """Police accept: KFOR's units that come join the cordon."""
    operation.default_duty[Organisation.KFOR] = Duty.CORDON
    hear_of(world, Organisation.KFOR, "help_accepted")


def refuse_help(world: World, _operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """Police refuse."""
    hear_of(world, Organisation.KFOR, "help_refused")


def _send_away(world: World, operation: Operation, site: SiteInPlay, order: Order, duty: Duty) -> None:
    """Send the nearest free unit on a duty elsewhere than at the site."""
    unit = nearest_free_unit(world, _organisation(world, order), site)
    if unit is None:
        return
    share = draw(world.run_key, world.tick, name_key("away", unit.id), Purpose.AWAY_JOURNEY)
    minutes = unit.notice_to_move_min.at(share) + journey_by_road(world, unit.base, site.file.place).minutes_central
    operation.away[unit.id] = (duty, world.tick + world.clock.ticks_in(minutes))
    world.standing.units[unit.id] = UnitPlace(site=AWAY + duty)
    world.record.add(
        world.tick, "movement", site.name, unit=unit.id, what="sent", minutes=round(minutes, 2), base=unit.base, duty=str(duty)
    )


def surveil(world: World, operation: Operation, _site: SiteInPlay, order: Order) -> None:
    """The organisation's assets that are on call come on."""
    organisation = _organisation(world, order)
    for asset in operation.armed.intelligence.assets:
        if asset.on_call and asset.organisation is organisation:
            operation.assets_called.add(asset.id)
    operation.mark("surveillance", world.tick)


def evacuate_wounded(world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """Wounded of all sides can be brought out by air once a helicopter is there."""
    ready = min((unit.notice_to_move_min.central for unit in free_units(world, Organisation.KFOR)), default=60.0)
    operation.medevac_tick = min(operation.medevac_tick, world.tick + world.clock.ticks_in(ready))


def extract_patrol(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """The nearest unit drives in to bring out a patrol that is held under fire."""
    unit = nearest_free_unit(world, _organisation(world, order), site)
    if unit is not None and operation.stage is GroupStage.IN_CONTACT:
        operation.duties[unit.id] = Duty.PATROL
        send(world, unit, site)


def call_belgrade(_world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """The military channel is used: it lowers the rate of a build-up."""
    operation.channel = True


def warn_upward(world: World, _operation: Operation, site: SiteInPlay, _order: Order) -> None:
    """Superiors and capitals hear of it, and can send more."""
    for name, seat in world.scenario.file.seats.items():
        if seat.organisation is Organisation.GOVERNMENT and name in world.seats:
            world.memory(name, site.name).since["warned_upward"] = world.tick


def speak_publicly(_world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """What is being done is said in public: audiences that are not there learn of it in full."""
    operation.public = True


def monitor(world: World, operation: Operation, site: SiteInPlay, order: Order) -> None:
    """EULEX watches what police do, and goes in with them: what happens in a compound gives less pretext."""
    operation.monitored = True
    unit = nearest_free_unit(world, _organisation(world, order), site)
    if unit is not None:
        operation.duties[unit.id] = Duty.MONITOR
        send(world, unit, site)


# --- governments --------------------------------------------------------------------------------------------------------


def raise_army_readiness(world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """Readiness of the army beyond the boundary is raised."""
    operation.step = max(operation.step, EscalationStep.ARMY_READINESS)
    operation.mark("army_readiness", world.tick)


def lower_army_readiness(_world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """Readiness comes down to what the events themselves make of it."""
    if operation.step >= EscalationStep.ARMY_READINESS:
        operation.step = operation.floor()


def warn_third_party(world: World, operation: Operation, _site: SiteInPlay, _order: Order) -> None:
    """A third party warns in public against a build-up: every government hears of it."""
    operation.warned_tick = min(operation.warned_tick, world.tick)
    hear_of(world, Organisation.GOVERNMENT, "third_party_warned")


def order_reinforcement(world: World, operation: Operation, site: SiteInPlay, _order: Order) -> None:
    """Reinforcements are ordered; they come days later, after this run."""
    if operation.reinforcement_ordered_tick != NEVER:
        return
    operation.reinforcement_ordered_tick = world.tick
    low, high = world.numbers["reinforcement_days_low"], world.numbers["reinforcement_days_high"]
    days = low + (high - low) * draw(world.run_key, 0, name_key("reinforcement"), Purpose.REINFORCEMENT)
    world.record.add(world.tick, "reinforcement", site.name, arrives_after_days=round(max(days, 0.0), 2))


_OF_OTHERS: dict[OrderKind, Callable[[World, Operation, SiteInPlay, Order], None]] = {
    OrderKind.SEND_PATROL: send_patrol,
    OrderKind.ENCIRCLE: encircle,
    OrderKind.ADVANCE: advance,
    OrderKind.HOLD_FIRE: hold_fire,
    OrderKind.SWEEP: sweep,
    OrderKind.CLOSE_CROSSINGS: close_crossings,
    OrderKind.NEGOTIATE_EXIT: negotiate_exit,
    OrderKind.ACCEPT_HELP: accept_help,
    OrderKind.REFUSE_HELP: refuse_help,
    OrderKind.SEARCH_VEHICLES: search_vehicles,
    OrderKind.OFFER_OUTER_CORDON: offer_outer_cordon,
    OrderKind.WATCH_BOUNDARY: partial(_send_away, duty=Duty.BOUNDARY),
    OrderKind.SURVEIL: surveil,
    OrderKind.EVACUATE_WOUNDED: evacuate_wounded,
    OrderKind.EXTRACT_PATROL: extract_patrol,
    OrderKind.PROTECT_OTHER_SITES: partial(_send_away, duty=Duty.OTHER_SITES),
    OrderKind.CALL_BELGRADE: call_belgrade,
    OrderKind.WARN_UPWARD: warn_upward,
    OrderKind.SPEAK_PUBLICLY: speak_publicly,
    OrderKind.MONITOR: monitor,
    OrderKind.RAISE_ARMY_READINESS: raise_army_readiness,
    OrderKind.LOWER_ARMY_READINESS: lower_army_readiness,
    OrderKind.WARN_THIRD_PARTY: warn_third_party,
    OrderKind.ORDER_REINFORCEMENT: order_reinforcement,
}


def _by_others(act: Callable[[World, Operation, SiteInPlay, Order], None]) -> Carried:
    def carried_out(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:  # noqa: ARG001  # one form for all
        if world.operation is None:
            world.record.add(world.tick, "no_effect", order.site, seat=order.seat, order=str(order.kind), why="no armed group is in play")
            return
        act(world, world.operation, site, order)

    return carried_out


ARMED_CARRIED_OUT: dict[OrderKind, Carried] = {
    **GROUP_CARRIED_OUT,
    **{kind: _by_others(act) for kind, act in _OF_OTHERS.items()},
}
"""What carries out each kind of order that belongs to an operation."""
