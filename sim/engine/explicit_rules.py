"""Explicit rules and freedom of action, and what comes with them: triggers are learnt, triggers bind, and each use is noticed.

Nothing here acts while mandate and rules are as their files state them. Explicitness above that is known to the crowd too: as
long as fewer are violent than the smallest trigger asks for, people leave part of the expected cost out of account. A trigger
that has been reached may bind the commander, whose doctrine would have waited: by one draw for each rule, site and day. Where
governments have let go of a means (less political constraint, a delegation), each use of it costs their licence.

Not modelled: that people know triggers other than of numbers; that a commander is punished for not acting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.doctrine.lever_effects import unpunished_share
from sim.doctrine.orders import Order
from sim.doctrine.rules_of_engagement import AuthorityRow, Status, Trigger
from sim.doctrine.seat_orders import AUTHORITY_OF, Organisation
from sim.doctrine.situation import PermissionContext, missing
from sim.engine.governments import spend_licence
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import OrderKind


def unpunished(world: World, site: SiteInPlay) -> float:
    """Return the share of expected cost that people at a site leave out of account now."""
    changed = world.rules_changed
    share = world.numbers["below_trigger_share"]
    return unpunished_share(float(site.dealings.violent), changed.smallest_trigger, changed.raised, share)


type ContextOf = Callable[[Order], PermissionContext]


def demanded(world: World, seat: str, site: SiteInPlay, context_of: ContextOf) -> Iterator[Order]:
    """Give the orders that explicit rules demand of a seat whose doctrine has not given them: each once, when its trigger is reached."""
    file = world.scenario.file.seats[seat]
    if world.rules_changed.raised <= 0.0 or file.site is None:
        return
    for row in world.framework.rules.authorities:
        if row.force is file.organisation and row.status is not Status.WITHHELD and _of_violence(row.trigger) and _binds(world, seat, row):
            yield from _of_row(world, seat, site, row, context_of)


def _of_violence(trigger: Trigger) -> bool:
    """Tell whether a trigger is one that a situation reaches, and not merely a form to be kept."""
    return trigger.violent_at_least is not None or bool(trigger.only_for)


def _binds(world: World, seat: str, row: AuthorityRow) -> bool:
    """Tell whether a rule binds this seat today."""
    share = draw(world.day_key(), 0, name_key("binding", seat, row.id), Purpose.TRIGGER_BINDS)
    return share < world.rules_changed.raised * world.numbers["mandatory_trigger"]


def _of_row(world: World, seat: str, site: SiteInPlay, row: AuthorityRow, context_of: ContextOf) -> Iterator[Order]:
    memory = world.memory(seat, site.name)
    for kind in row.orders:
        order = Order(seat, kind, row.selectivity, f"rules: {row.id} binds once its trigger is reached", site.name)
        if kind not in memory.since and kind not in memory.denied and not missing(row.trigger, context_of(order)):
            yield order


def pay_for_use(world: World, order: Order, organisation: Organisation) -> None:
    """Book what the use of a means costs where governments have let go of it: licence, and pretext; each means once a site and day."""
    weight = _let_go(world, order.kind, organisation)
    booked = (world.day.name, f"use of {order.kind} at {order.site}")
    if weight <= 0.0 or booked in world.standing.overrides:
        return
    licence = world.numbers["use_costs_licence"] * weight
    world.standing.overrides[booked] = (0.0, licence)
    spend_licence(world, organisation, licence)
    if world.operation is not None:
        world.operation.pretext_of_others += world.numbers["use_gives_pretext"] * weight
    world.record.add(world.tick, "cost", order.site, seat=order.seat, ground="freedom_of_action", trust=0.0, licence=round(licence, 4))


def _let_go(world: World, kind: OrderKind, organisation: Organisation) -> float:
    """Return how far governments have let go of the means that an order uses, 0 to 1."""
    changed = world.rules_changed
    if AUTHORITY_OF.get(kind) is None:
        return 0.0
    freed = any(row.id in changed.delegated for row in world.framework.rules.rows_for(kind, organisation))
    return 1.0 if freed else changed.eased
