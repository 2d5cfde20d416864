"""Concessions carried out: the dilemma of May 2023 played without force, and what each way changes.

Prices stand in the scenario's ``concessions.yaml`` (``doctrine/concessions``); they fall due when the concession is done,
each kind once a site and day. Not modelled: a concession that is half done; one that the crowd does not believe.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from sim.deterrence.legitimacy import confidence_after
from sim.doctrine.concessions import Concession
from sim.doctrine.orders import Order
from sim.doctrine.seat_orders import Organisation
from sim.engine.governments import change_licence
from sim.engine.news import hear
from sim.engine.responders import replace_police_at_door
from sim.engine.state import Post
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import OrderKind

UNSEEN = frozenset({OrderKind.OPEN_EXIT, OrderKind.WAIT, OrderKind.TELL_KFOR_BEFOREHAND})
"""Concessions that a crowd does not take for one: nothing it asked for is given."""


def concede(world: World, site: SiteInPlay, order: Order) -> None:
    """Set a concession going: it is done, and paid for, after its time; a second order of the kind changes nothing."""
    if order.kind in site.dealings.conceded:
        return
    site.dealings.conceded.add(order.kind)
    price = world.scenario.concessions.of(order.kind)
    share = draw(world.run_key, world.tick, name_key("concession", order.kind, site.name), Purpose.CONCESSION)
    minutes = price.takes_min.at(share) if price else 0.0
    due = world.tick + world.clock.ticks_in(minutes)
    done = partial(_done, world, site, order, price, share)
    if due <= world.tick:
        done()
    else:
        world.calendar.setdefault(due, []).append(done)


def _done(world: World, site: SiteInPlay, order: Order, price: Concession | None, share: float) -> None:
    _EFFECTS[order.kind](world, site, order)
    if price is not None:
        _pay(world, site, order, price, share)


def _pay(world: World, site: SiteInPlay, order: Order, price: Concession, share: float) -> None:
    """Book what a concession costs and brings: both communities feel it."""
    people = site.state.people
    confidence, relief = price.confidence_cost.at(share), price.grievance_relief.at(share)
    precedent, hours = price.precedent_cost.at(share), price.movement_hours.at(share)
    world.standing.confidence = confidence_after(world.standing.confidence, 1.0, confidence)
    people["grievance"] *= 1.0 - relief
    people["certainty"] *= 1.0 - precedent
    site.dealings.movement_hours += hours
    licence = {name: -cost.at(share) for name, cost in price.licence_cost.items()}
    for name, gain in price.licence_gain.items():
        licence[name] = licence.get(name, 0.0) + gain.at(share)
    for name, change in licence.items():
        change_licence(world, name, change)
    world.record.add(
        world.tick,
        "concession",
        site.name,
        seat=order.seat,
        order=str(order.kind),
        confidence_cost=round(confidence, 4),
        grievance_relief=round(relief, 4),
        precedent_cost=round(precedent, 4),
        movement_hours=round(hours, 4),
        licence={name: round(change, 4) for name, change in licence.items()},
    )
    if relief > 0.0 and order.kind not in UNSEEN:
        hear(world, "concession_made", site.name, but=order.seat)


def _walk_crews_out(world: World, site: SiteInPlay, order: Order) -> None:
    """Crews leave their vehicles under escort; the vehicles stay behind."""
    sections, clear = site.state.sections, site.state.vehicle_clear_ticks
    if not site.dealings.vehicles_stuck:
        return
    site.dealings.abandoned += int((clear >= 0).sum())
    clear[clear >= 0] = -1
    sections["on_site"][sections["post"] == Post.VEHICLE] = 0
    hear(world, "vehicles_out", site.name)


def _thin_out_special_police(world: World, site: SiteInPlay, order: Order) -> None:
    """Every second section of special police leaves the site."""
    sections = site.state.sections
    special = np.flatnonzero((sections["special"] == 1) & (sections["on_site"] == 1) & (sections["post"] != Post.VEHICLE))
    sections["on_site"][special[::2]] = 0


def _open_exit(world: World, site: SiteInPlay, order: Order) -> None:
    """Ways out are opened."""
    site.state.situation[0]["exits_open"] = 1


def _mediate(world: World, site: SiteInPlay, order: Order) -> None:
    """A third party brings the sides to talk again."""
    if site.dealings.talks != "open":
        site.dealings.talks = "offered"
    hear(world, "talks_offered", site.name, but=order.seat)


def _defer_entry(world: World, site: SiteInPlay, order: Order) -> None:
    """The entry is put off."""
    hear(world, "entry_deferred", site.name, but=order.seat)


def _tell_kfor(world: World, site: SiteInPlay, order: Order) -> None:
    """KFOR's seats learn of the entry before it is made."""
    for name, seat in world.scenario.file.seats.items():
        if seat.organisation is Organisation.KFOR and name in world.seats and site.name in world.sites_of(name):
            world.memory(name, site.name).since["kfor_told"] = world.tick


def _nothing_else(world: World, site: SiteInPlay, order: Order) -> None:
    """The price is all."""


_EFFECTS: dict[OrderKind, Callable[[World, SiteInPlay, Order], None]] = {
    OrderKind.WALK_CREWS_OUT: _walk_crews_out,
    OrderKind.THIN_OUT_SPECIAL_POLICE: _thin_out_special_police,
    OrderKind.REPLACE_POLICE_AT_DOOR: replace_police_at_door,
    OrderKind.OPEN_EXIT: _open_exit,
    OrderKind.MEDIATE: _mediate,
    OrderKind.DEFER_ENTRY: _defer_entry,
    OrderKind.TELL_KFOR_BEFOREHAND: _tell_kfor,
    OrderKind.MOVE_MAYOR: _nothing_else,
    OrderKind.WAIT: _nothing_else,
}
