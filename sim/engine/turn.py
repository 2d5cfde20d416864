"""The order of play: who goes when, how often, and why in this order. One list; the model's step runs it.

Periods are in base ticks, fixed, and never depend on state; a site where nobody is, is skipped, not stepped longer. Sites
take each step in the scenario's order; none reads what another writes in the same step, but for the common standing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sim.engine import phases
from sim.engine.armed_leader import weigh
from sim.engine.consequences import escalate
from sim.engine.decisions import decide_and_permit
from sim.engine.due_events import due_events
from sim.engine.encirclement import contact as exchange_fire
from sim.engine.encirclement import ground, group_moves
from sim.engine.lookout import deliver, watch
from sim.engine.news import spread_word
from sim.engine.responders import count_lead, hand_overs_go_on
from sim.engine.world import SiteInPlay, World

CONTACT, MOVEMENT, PSYCHOLOGY, DECISION = 1, 2, 4, 20
"""Base ticks between two steps of each process."""


@dataclass(frozen=True)
class Step:
    """One line of the order of play.

    Attributes
    ----------
    numbers
        Phases of the specification that it covers.
    period
        Base ticks between two steps.
    """

    numbers: str
    name: str
    period: int
    play: Callable[[World, float], None]
    reason: str


def _once(phase: Callable[[World], None]) -> Callable[[World, float], None]:
    return lambda world, _minutes: phase(world)


def _each_site(phase: Callable[[World, SiteInPlay, float], None]) -> Callable[[World, float], None]:
    def played(world: World, minutes: float) -> None:
        for site in world.sites.values():
            phase(world, site, minutes)

    return played


def _without_time(phase: Callable[[World, SiteInPlay], None]) -> Callable[[World, float], None]:
    return _each_site(lambda world, site, _minutes: phase(world, site))


def _lead_and_news(world: World, minutes: float) -> None:
    for site in world.sites.values():
        count_lead(site, minutes)
    spread_word(world)


ORDER_OF_PLAY: tuple[Step, ...] = (
    Step("1", "due events", CONTACT, _once(due_events), "what was fixed beforehand happens before anybody reacts to it"),
    Step("2", "sensing", PSYCHOLOGY, _without_time(phases.sense), "pictures are taken of each site as it stands, before it moves"),
    Step("2", "assets look out", DECISION, watch, "who detects an armed group, and how sure, before anybody decides"),
    Step("2-3", "reports arrive", PSYCHOLOGY, _once(deliver), "what partners are told, late and with leaks, is what their seats know"),
    Step("4", "the armed leader weighs", DECISION, _once(weigh), "the ledger of why an attack is made or not, from its own picture"),
    Step(
        "3-5",
        "pictures, decisions, permissions",
        DECISION,
        _once(decide_and_permit),
        "an order needs a picture, an effect a permission",
    ),
    Step("6", "hand-overs", PSYCHOLOGY, _once(hand_overs_go_on), "who is asked, sent and relieved is settled before forces are met"),
    Step("6", "the armed group moves", PSYCHOLOGY, _once(group_moves), "cells arrive, pass cordon and boundary, or are stopped"),
    Step("6", "movement", MOVEMENT, _each_site(phases.move), "people walk before they meet"),
    Step("7", "crowd psychology", PSYCHOLOGY, _each_site(phases.psychology), "who turns violent does so on what he has seen, and can act"),
    Step("8", "contact", CONTACT, _each_site(phases.meet), "throws, lines, agents and detentions, on positions just taken"),
    Step("8", "exchange of fire", CONTACT, exchange_fire, "armed contact, as a race of hits that does not depend on the step"),
    Step("6-8", "ground is closed and searched", PSYCHOLOGY, ground, "roads, paths, clearing and search, by who is there"),
    Step("9", "fatigue", DECISION, _without_time(phases.wear_down), "after the contact that tires"),
    Step(
        "9-11",
        "casualties, provocation, record",
        PSYCHOLOGY,
        _without_time(phases.collect),
        "what happened is put in order and can be seen next step",
    ),
    Step("10", "lead and news", PSYCHOLOGY, _lead_and_news, "word spreads of what has been recorded"),
    Step("10", "escalation", DECISION, escalate, "what the parties make of it, once it has happened"),
)


class _Laid:
    """An order of play laid out by tick: which steps are due at each, until the pattern begins anew."""

    def __init__(self, order: tuple[Step, ...]) -> None:
        self.order = order
        self.ticks = math.lcm(*(step.period for step in order))
        self.due = [tuple((step.play, step.period) for step in order if tick % step.period == 0) for tick in range(self.ticks)]


_laid = _Laid(ORDER_OF_PLAY)


def _due_now(tick: int) -> tuple[tuple[Callable[[World, float], None], int], ...]:
    """Return the steps that are due at a tick, in order."""
    global _laid  # noqa: PLW0603  # laid out again only where a test has put another order in its place
    if _laid.order is not ORDER_OF_PLAY:
        _laid = _Laid(ORDER_OF_PLAY)
    return _laid.due[tick % _laid.ticks]


def play_tick(world: World) -> None:
    """Play one base tick: each step whose period has come, in order."""
    base_min = world.clock.base_tick_min
    for play, period in _due_now(world.tick):
        play(world, period * base_min)
    world.tick += 1
