"""A quarter of an hour with about 200 people, forced so that every rule and every kernel is called.

    python small_day.py

Prints one line of JSON: whether kernels ran interpreted, digests, kinds of incident, and the functions that were called (as
far as Python sees them). Warnings are errors, so that overflow of a scalar shows.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.doctrine.orders import Decision, Order
from sim.engine.decisions import carry_out
from sim.engine.model import TheatreModel
from sim.engine.outcomes import outcomes_of
from sim.engine.run import new_model
from sim.engine.state import Incident, Post
from sim.engine.world import World
from sim.foundations.rule import INTERPRETED
from sim.scenario.loader import Scenario, load_scenario
from sim.vocabulary import Conduct, OrderKind, Role, Verdict

SIM = str(Path(sys.modules["sim"].__file__ or "").parent)
TICKS = 60
SEED = 11
LIVELY = {
    "crowd_turnout_low": 1.0,
    "crowd_turnout_high": 1.0,
    "planned_chance": 0.5,
    "prepared_share": 0.2,
    "gunfire_per_min": 0.05,
    "throws_per_min": 3.0,
    "object_injury_chance": 0.5,
    "device_share": 0.2,
    "incendiary_share": 0.2,
    "onset_per_min": 4.0,
    "stopping_per_min": 2.0,
    "threshold_mean": 0.5,
    "threshold_spread": 0.3,
    "departing_per_min": 0.3,
    "leaving_per_min": 4.0,
    "fear_of_force": 0.5,
    "fear_threshold": 0.2,
    "baton_injury_per_min": 0.3,
    "agent_injury_per_min": 0.3,
    "agent_uses_per_min": 4.0,
    "detentions_per_team_min": 0.8,
    "misidentified_chance": 0.5,
    "detention_binds_min": 1.0,
    "line_giving_per_min": 4.0,
    "press_weight": 5.0,
    "violent_press_weight": 5.0,
    "push_m_per_min": 40.0,
    "push_slowing_persons": 100.0,
    "untrained_hesitation_min": 1.0,
    "flank_steps": 1.0,
}
ORDERS = {
    0: [("kfor_on_scene", OrderKind.TAKE_CORDON), ("kosovo_police", OrderKind.HOLD_BUILDING), ("crowd_leadership", OrderKind.PRESS)],
    4: [("kfor_on_scene", OrderKind.PUSH), ("kosovo_police", OrderKind.SEND_DETENTION_TEAMS)],
    12: [("kfor_on_scene", OrderKind.USE_AGENTS), ("crowd_leadership", OrderKind.CALL_FOR_MORE)],
    24: [("kosovo_police", OrderKind.HOLD_DOOR_WITH_AGENTS), ("crowd_leadership", OrderKind.SIT_DOWN)],
    32: [("kfor_on_scene", OrderKind.HALT_PUSH), ("kfor_on_scene", OrderKind.STOP_AGENTS)],
    40: [("crowd_leadership", OrderKind.PRESS), ("kosovo_police", OrderKind.RECALL_DETENTION_TEAMS)],
    48: [("crowd_leadership", OrderKind.GO_HOME)],
}


def small_scenario() -> Scenario:
    """Return Zvečan with waves of some 70 people each, and a line one step from the door, which can break."""
    scenario = load_scenario("may_2023_zvecan")
    arrivals = tuple(
        wave.model_copy(update={"persons": wave.persons.model_copy(update={"low": 65.0, "central": 70.0, "high": 75.0})})
        for wave in scenario.file.crowd.arrivals
    )
    crowd, site = scenario.file.crowd.model_copy(update={"arrivals": arrivals}), scenario.file.site.model_copy(update={"cordon_steps": 1})
    file = scenario.file.model_copy(update={"crowd": crowd, "site": site})
    return replace(scenario, file=file).with_parameters(scenario.parameters.with_values(LIVELY))


def at_the_line(model: TheatreModel) -> None:
    """Put two thirds of the people before the line, in every conduct of people who stay."""
    world = model.world
    people, ground = world.state.people, world.ground
    near = np.flatnonzero((ground.open == 1) & (ground.door_steps >= 2) & (ground.door_steps <= 8))
    order = np.argsort(people["id"])
    conducts = (Conduct.STANDING, Conduct.VIOLENT, Conduct.PRESSING, Conduct.SITTING, Conduct.VIOLENT)
    for place, row in enumerate(order[: 2 * len(order) // 3]):
        people["cell"][row] = near[place * 7 % len(near)]
        people["conduct"][row] = conducts[place % len(conducts)]
    people["role"][order[:12]] = Role.PREPARED
    world.dealings.prepared_tick = 6
    world.state.sections["on_site"][world.state.sections["post"] == Post.SECOND_LINE] = 1


def quarter_hour(model: TheatreModel) -> World:
    """Play the quarter of an hour with its forced orders and return the world."""
    world = model.world
    world.numbers["prepared_action_min"] = 5.0
    while world.tick < TICKS:
        for seat, kind in ORDERS.get(world.tick, ()):
            carry_out(world, Order(seat, kind, 0.3), Decision(Verdict.GRANTED, "FORCED"))
        if world.tick == TICKS // 2:
            world.state.situation["exits_open"] = 0
            world.dealings.provocations.append((int(world.ground.rings[3, 0]), 0.2))
        model.step()
    return world


def digests(world: World) -> dict[str, str]:
    """Return digests of record, people and sections; tables in canonical order of their ids."""
    found = {"record": world.record.digest()}
    for name in ("people", "sections"):
        rows = getattr(world.state, name)
        found[name] = hashlib.sha256(rows[np.argsort(rows["id"])].tobytes()).hexdigest()
    return found


def watch_calls(called: set[str]) -> None:
    """Note every function of the simulator that Python calls from here on."""
    tool = sys.monitoring.COVERAGE_ID
    sys.monitoring.use_tool_id(tool, "calls")

    def note(code: object, _offset: int) -> object:
        if code.co_filename.startswith(SIM):  # type: ignore[attr-defined]  # a code object
            called.add(f"{Path(code.co_filename).relative_to(SIM).as_posix()}:{code.co_qualname}")  # type: ignore[attr-defined]
        return sys.monitoring.DISABLE

    sys.monitoring.register_callback(tool, sys.monitoring.events.PY_START, note)
    sys.monitoring.set_events(tool, sys.monitoring.events.PY_START)


def main() -> None:
    called: set[str] = set()
    watch_calls(called)
    model = new_model(small_scenario(), SEED)
    at_the_line(model)
    world = quarter_hour(model)
    kinds = sorted(Incident(kind).name for kind in set(world.record.incidents["kind"].tolist()))
    found = digests(world) | {"outcomes": outcomes_of(world)}
    told = {"interpreted": INTERPRETED, "persons": len(world.state.people), "kinds": kinds, "called": sorted(called)}
    print(json.dumps(told | found))


if __name__ == "__main__":
    main()
