"""News: who hears of what, and which people it brings to a site.

Seats at a site hear at once what is said and done there. Word of people hurt at one site reaches the other sites' crowds and
forces after a delay, and can set people there in motion: mobilisation spreads between places.

Source: riots spread between places like contagion (facts L4); sirens and messages brought crowds on 26 May (facts Z7, Z8).
Not modelled: false news, but for a planned rumour; media.
"""

from __future__ import annotations

import numpy as np

from sim.engine.setup import set_off
from sim.engine.state import NEVER
from sim.engine.world import SiteInPlay, World
from sim.vocabulary import OrderKind


def hear(world: World, name: str, site: str, *, but: str = "") -> None:
    """Let every seat that commands at the site learn that something was said or done there, but for who did it."""
    for seat in world.seats:
        if seat != but and site in world.sites_of(seat):
            world.memory(seat, site).since[name] = world.tick


def set_off_by(world: World, site: SiteInPlay, cause: str | OrderKind) -> None:
    """Let the waves of a site that wait for this call or cause set off now."""
    for wave in site.waves:
        waits = cause in (wave.arrival.on_event, wave.arrival.on_order)
        if waits and wave.arrival.id not in site.dealings.set_off:
            site.dealings.set_off.add(wave.arrival.id)
            rows = site.state.people[wave.first_row : wave.end_row]
            set_off(world.scenario, world.day, rows, wave, world.run_key, world.minute_of_day())
            rows["arrival_tick"][np.isin(rows["id"], site.stay_away)] = NEVER
            world.record.add(world.tick, "event", site.name, event=wave.arrival.id, what="people_set_off", note=str(cause), source="model")


def spread_word(world: World) -> None:
    """Word of enough people hurt at one site reaches every other site once, after a delay (phase 10)."""
    delay = world.clock.ticks_in(world.numbers["news_delay_min"])
    for site in world.sites.values():
        elsewhere = [other for other in world.sites.values() if other is not site]
        told = any(0 <= other.dealings.clash_tick <= world.tick - delay for other in elsewhere)
        if told and not site.dealings.clash_elsewhere_heard:
            site.dealings.clash_elsewhere_heard = True
            hear(world, "clash_elsewhere", site.name)
            set_off_by(world, site, "clash_elsewhere")
