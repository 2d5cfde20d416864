"""Governments press, and lend or withdraw their licence; forces that act in their name feel it as political constraint.

Licence is how much a government lets a force do in its name. Acting unasked and making or refusing concessions spend or win
it; what is left loosens or tightens every further approval: spent licence is felt as delay.

Source: the paper's political constraints; calls for de-escalation 26-30 May (facts Z11, Z12, Z14). Sizes are assumptions.
Not modelled: governments' own bargaining; public opinion.
"""

from __future__ import annotations

from sim.deterrence.licence import constraint_felt, licence_after
from sim.doctrine.command import Government
from sim.doctrine.orders import Order
from sim.doctrine.seat_orders import Organisation
from sim.engine.news import hear
from sim.engine.world import SiteInPlay, World
from sim.vocabulary import OrderKind

HEARD_AS = {OrderKind.PRESS_FOR_ACTION: "pressed", OrderKind.URGE_RESTRAINT: "restraint_urged"}


def constraint_on(world: World, organisation: Organisation, site: SiteInPlay) -> float:
    """Return the political constraint that an organisation feels at a site: the mandate's, moved by licence and by pressing."""
    mandate = world.framework.mandate.political_constraint.value
    licences = [world.standing.licence[item.id] for item in _licensing(world, organisation)]
    licence = sum(licences) / len(licences) if licences else 0.5
    pressed = world.standing.pressing.get((organisation, site.name), 0.0)
    return constraint_felt(mandate, licence, world.numbers["licence_weight"], pressed, world.numbers["pressing_weight"])


def spend_licence(world: World, organisation: Organisation, amount: float) -> None:
    """Take licence from every government in whose name an organisation acts."""
    for item in _licensing(world, organisation):
        change_licence(world, item.id, -amount)


def change_licence(world: World, government: str, change: float) -> None:
    """Move a government's licence, within 0 and 1; one that the scenario has not is passed over."""
    if government in world.standing.licence:
        world.standing.licence[government] = licence_after(world.standing.licence[government], change)


def press(world: World, site: SiteInPlay, order: Order) -> None:
    """Seats at the site that the government addresses hear that it presses, or urges restraint, and feel how hard."""
    government = world.scenario.file.seats[order.seat].government
    pressing = next(item for item in world.scenario.framework.command.governments if item.id == government)
    addressed = pressing.addresses
    hard = pressing.pressure.value if order.kind is OrderKind.PRESS_FOR_ACTION else -pressing.pressure.value
    for organisation in addressed:
        world.standing.pressing[(organisation, site.name)] = hard
    for name, seat in world.scenario.file.seats.items():
        if seat.organisation in addressed and name != order.seat and name in world.seats and site.name in world.sites_of(name):
            world.memory(name, site.name).since[HEARD_AS[order.kind]] = world.tick


def license_more(world: World, site: SiteInPlay, order: Order) -> None:
    """A government gives licence, or withdraws some: one step at a time, whatever the number of sites it was asked for."""
    seat = world.scenario.file.seats[order.seat]
    others = [world.memory(order.seat, name).since.get(order.kind, -1) for name in world.sites if name != site.name]
    if world.tick in others:
        return
    step = world.numbers["licence_step"]
    change_licence(world, seat.government, step if order.kind is OrderKind.GIVE_LICENCE else -step)
    licence = round(world.standing.licence[seat.government], 4)
    world.record.add(world.tick, "licence", site.name, government=seat.government, licence=licence)


def order_entry(world: World, site: SiteInPlay, order: Order) -> None:
    """A government orders the police into the building."""
    hear(world, "entry_ordered", site.name, but=order.seat)


def _licensing(world: World, organisation: Organisation) -> list[Government]:
    return [item for item in world.scenario.framework.command.governments if organisation in item.licenses]
