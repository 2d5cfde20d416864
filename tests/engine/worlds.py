"""Worlds at a chosen moment, for tests of what one step of the order of play does."""

from __future__ import annotations

from functools import cache

import numpy as np

from sim.doctrine.orders import Decision, Order
from sim.engine.decisions import carry_out
from sim.engine.phases import sense
from sim.engine.run import new_model
from sim.engine.state import Seen
from sim.engine.turn import CONTACT, PSYCHOLOGY
from sim.engine.world import World
from sim.scenario.loader import Scenario, load_scenario
from sim.vocabulary import Conduct, OrderKind, Verdict

GRANTED = Decision(Verdict.GRANTED, "FORCED")
KFOR, POLICE, CROWD = "kfor_on_scene", "kosovo_police", "crowd_leadership"


@cache
def zvecan() -> Scenario:
    return load_scenario("may_2023_zvecan")


def world_with(**values: float | str) -> World:
    """Return the world of 29 May at its first minute, forces on site and line formed, with some parameter values."""
    scenario = zvecan().with_parameters(zvecan().parameters.with_values(values))
    model = new_model(scenario, 5)
    model.run_for(1)
    world: World = model.world
    order(world, OrderKind.TAKE_CORDON)
    return world


def order(world: World, kind: OrderKind, seat: str = KFOR, *, selectivity: float = 0.0, decision: Decision = GRANTED) -> None:
    """Let an order take effect, whatever mandate and rules would say."""
    carry_out(world, Order(seat, kind, selectivity), decision)


def put_before_line(world: World, conduct: Conduct, persons: int = 200) -> np.ndarray:
    """Put people on the cells one to three steps before the line, all doing the same; return their rows."""
    ground, people = world.ground, world.state.people
    ahead = ground.door_steps - world.state.line_rank[ground.bin]
    near = np.flatnonzero((ground.open == 1) & (ahead >= 1) & (ahead <= 3))
    rows = np.arange(persons)
    people["cell"][rows] = near[rows * 11 % len(near)]
    people["conduct"][rows] = conduct
    count(world)
    return rows


def count(world: World) -> None:
    """Count who is where, as the steps before contact do."""
    sense(world)
    world.dealings.active = int(world.state.counts[Seen.VIOLENT].sum() + world.state.counts[Seen.PRESSING].sum())


def contact_minutes() -> float:
    return CONTACT * zvecan().clock().base_tick_min


def psychology_minutes() -> float:
    return PSYCHOLOGY * zvecan().clock().base_tick_min


def next_tick(world: World) -> None:
    """Let one base tick pass with nothing else happening."""
    world.tick += 1
    world.state.situation["tick"] = world.tick


def tables(world: World) -> dict[str, bytes]:
    """Return the bytes of everything that changes but counts."""
    state = world.state
    names = ("people", "sections", "situation", "agents", "line_rank", "vehicle_clear_ticks", "incident_count", "cluster_provocation")
    return {name: getattr(state, name).tobytes() for name in names}
