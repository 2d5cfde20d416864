"""After the event: what becomes of those who were violent or detained, told person by person at the end of a day.

Each link of the chain is a keyed draw on the person, so that a policy changes only the cases that it touches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.adjudication.prosecution import Fate, charge_chance, fate_of
from sim.doctrine.lever_effects import brought_nearer
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw
from sim.vocabulary import Conduct


@dataclass(frozen=True)
class Cases:
    """Who faces a consequence.

    Attributes
    ----------
    rows
        Rows of the people's table: everybody who was violent or detained.
    fates
        How far the chain went for each.
    arrest_days
        Days after the event at which a later arrest comes; infinite where none does.
    """

    rows: np.ndarray
    fates: np.ndarray
    arrest_days: np.ndarray

    def count(self, least: Fate) -> int:
        """Return for how many the chain went at least so far."""
        return int((self.fates >= least).sum())


def cases_of(world: World, site: SiteInPlay) -> Cases:
    """Return the cases that a day at a site leaves."""
    people = site.state.people
    rows = np.flatnonzero((people["was_violent"] == 1) | (people["conduct"] == Conduct.DETAINED))
    told = [_case(world, people[row]) for row in rows]
    fates = np.array([fate for fate, _ in told], dtype=np.int8)
    return Cases(rows, fates, np.array([days for _, days in told], dtype=float))


def _case(world: World, person: np.void) -> tuple[int, float]:
    numbers, name, tick = world.numbers, int(person["id"]), world.end_tick
    violent, detained = bool(person["was_violent"]), person["conduct"] == Conduct.DETAINED
    evidence = detained and draw(world.run_key, tick, name, Purpose.DETENTION_HANDED_OVER) < numbers["handed_over_chance"]
    effort, reach = numbers["prosecution_effort"], numbers["prosecution_reach"]
    identifies = brought_nearer(numbers["later_identified_chance"], effort, reach)
    arrests = brought_nearer(numbers["later_arrested_chance"], effort, reach)
    identified = violent and draw(world.run_key, tick, name, Purpose.LATER_IDENTIFIED) < identifies
    arrested = identified and not evidence and draw(world.run_key, tick, name, Purpose.LATER_ARRESTED) < arrests
    chance = charge_chance(numbers["charged_chance"], numbers["charged_wrongly_factor"], violent)
    charged = draw(world.run_key, tick, name, Purpose.CHARGED) < chance
    convicted = violent and draw(world.run_key, tick, name, Purpose.CONVICTED) < numbers["convicted_chance"]
    days = draw(world.run_key, tick, name, Purpose.ARREST_DAY) * numbers["arrest_window_days"] if arrested else np.inf
    return fate_of(detained, evidence, arrested, charged, convicted), float(days)
