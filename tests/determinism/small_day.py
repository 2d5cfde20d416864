"""Two short days at two sites, some 250 people and then some 150, forced so that every rule and every kernel is called;

a short armed night with a dozen fighters, forced so that every rule of the armed group's is called; and the weeks of some
campaigns whose episodes are given.

    python small_day.py

Prints one line of JSON: whether kernels ran interpreted, digests, kinds of incident, and the functions that were called (as
far as Python sees them). Warnings are errors, so that overflow of a scalar shows.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from parts import part_of_may
from pytest import MonkeyPatch

from sim.doctrine.orders import Decision, Order
from sim.engine.decisions import carry_out
from sim.engine.model import TheatreModel
from sim.engine.operation import Operation
from sim.engine.outcomes import outcomes_of
from sim.engine.run import new_model
from sim.engine.state import Incident, Post
from sim.engine.world import SiteInPlay, UnitPlace, World
from sim.foundations.rule import INTERPRETED
from sim.scenario.loader import Day, Scenario, load_scenario
from sim.scenario.settings import configured
from sim.vocabulary import Conduct, FighterPhase, OrderKind, Role, Verdict

sys.path.append(str(Path(__file__).parents[1]))
from campaign_weeks import given_episodes, played_weeks, with_settings  # one folder up

SIM = str(Path(sys.modules["sim"].__file__ or "").parent)
DAYS = {"may_29": 60, "may_31": 24}
"""Days played, with their length in base ticks."""
PERSONS = {("may_29", "zvecan"): 70, ("may_29", "leposavic"): 14, ("may_31", "zvecan"): 20, ("may_31", "leposavic"): 10}
"""People of each wave."""
SEED = 11
LIVELY: dict[str, float | str] = {
    "crowd_turnout_low": 1.0,
    "crowd_turnout_high": 1.0,
    "planned_chance": 0.5,
    "prepared_share": 0.2,
    "prepared_action_min": 5.0,
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
    "handed_over_chance": 0.5,
    "later_identified_chance": 0.5,
    "later_arrested_chance": 0.9,
    "charged_chance": 0.7,
    "line_giving_per_min": 4.0,
    "press_weight": 5.0,
    "violent_press_weight": 5.0,
    "push_m_per_min": 40.0,
    "push_slowing_persons": 100.0,
    "untrained_hesitation_min": 1.0,
    "flank_steps": 1.0,
    "clash_news_persons": 3.0,
    "news_delay_min": 1.0,
}
KFOR, POLICE, CROWD = "kfor_zvecan", "kp_zvecan", "crowd_zvecan"
ORDERS: Mapping[tuple[str, int], list[tuple[str, OrderKind]]] = {
    ("may_29", 0): [
        (KFOR, OrderKind.TAKE_CORDON),
        (POLICE, OrderKind.HOLD_BUILDING),
        (CROWD, OrderKind.PRESS),
        ("kfor_leposavic", OrderKind.TAKE_CORDON),
        ("quint_nato", OrderKind.GIVE_LICENCE),
    ],
    ("may_29", 4): [(KFOR, OrderKind.PUSH), (POLICE, OrderKind.SEND_DETENTION_TEAMS)],
    ("may_29", 8): [("kfor_leposavic", OrderKind.PUSH), ("kfor_commander", OrderKind.SEND_RESERVE)],
    ("may_29", 12): [(KFOR, OrderKind.USE_AGENTS), (CROWD, OrderKind.CALL_FOR_MORE)],
    ("may_29", 24): [(POLICE, OrderKind.HOLD_DOOR_WITH_AGENTS), (CROWD, OrderKind.SIT_DOWN), (POLICE, OrderKind.REQUEST_SUPPORT)],
    ("may_29", 32): [(KFOR, OrderKind.HALT_PUSH), (KFOR, OrderKind.STOP_AGENTS)],
    ("may_29", 40): [(CROWD, OrderKind.PRESS), (POLICE, OrderKind.RECALL_DETENTION_TEAMS)],
    ("may_29", 48): [(CROWD, OrderKind.GO_HOME)],
    ("may_31", 0): [(KFOR, OrderKind.TAKE_CORDON), (KFOR, OrderKind.PUT_UP_BARRIERS), (CROWD, OrderKind.PRESS)],
    ("may_31", 8): [(POLICE, OrderKind.THIN_OUT_SPECIAL_POLICE), ("quint_nato", OrderKind.MEDIATE)],
}

FIGHTERS, NIGHT_TICKS = 12, 140
NIGHT_LIVELY: dict[str, float] = {
    "cell_persons": 3,
    "leader_weighs_every_min": 5.0,
    "share_at_block": 0.5,
    "patrol_looks_min": 0,
    "word_of_attack_min": 0,
    "police_tell_min": 0,
    "share_delay_police_min": 0,
    "leak_chance": 1.0,
    "isr_effort": 10.0,
    "isr_false_alarms_per_day": 10.0,
    "estimate_error": 0.2,
    "hits_per_min": 0.1,
    "fire_share": 1.0,
    "ambush_surprise_min": 1.0,
    "police_cover": 0.5,
    "cover_in_compound": 0.2,
    "civilian_care": 0.1,
    "police_break_share": 1.0,
    "hit_fatal_share": 0.3,
    "unevacuated_death_per_hour": 1.0,
    "stray_share": 0.5,
    "omega_spiral": 1.0,
    "roads_need_sections": 2.0,
    "paths_need_sections": 20.0,
    "closing_min": 1.0,
    "roadblock_clearing_min": 1.0,
    "clearing_section_hours": 50.0,
    "sweep_section_hours": 0.1,
    "closed_way_stops": 0.9,
    "boundary_sections_needed": 2.0,
    "stopped_resists": 0.5,
    "watched_boundary_stops": 0.3,
    "build_up_per_hour": 1.0,
    "pretext_of_casualty": 0.5,
    "ksf_air_mobility": 0.5,
    "identification_min": 2.0,
    "misidentified_per_hour": 1.0,
}
BOUNDARY_KFOR, BANJSKA_POLICE, KSF, LEADER = "kfor_commander", "kp_banjska", "ksf_commander", "armed_leader"
NIGHT_ORDERS: Mapping[int, list[tuple[str, OrderKind]]] = {
    1: [
        (LEADER, OrderKind.LAUNCH),
        (BOUNDARY_KFOR, OrderKind.SURVEIL),
        (BOUNDARY_KFOR, OrderKind.WATCH_BOUNDARY),
        (BANJSKA_POLICE, OrderKind.SEARCH_VEHICLES),
        (BANJSKA_POLICE, OrderKind.SEND_PATROL),
    ],
    28: [(LEADER, OrderKind.LAUNCH)],
    44: [(LEADER, OrderKind.AMBUSH), ("belgrade", OrderKind.RAISE_ARMY_READINESS)],
    50: [
        (BANJSKA_POLICE, OrderKind.ENCIRCLE),
        (KSF, OrderKind.ENCIRCLE),
        (KSF, OrderKind.SEND_RESERVE),
        *[(BANJSKA_POLICE, OrderKind.SEND_RESERVE)] * 4,
    ],
    62: [(LEADER, OrderKind.OCCUPY)],
    64: [(BANJSKA_POLICE, OrderKind.ADVANCE), ("quint_nato", OrderKind.WARN_THIRD_PARTY), (BOUNDARY_KFOR, OrderKind.CALL_BELGRADE)],
    104: [(LEADER, OrderKind.BREAK_OUT)],
    110: [(BANJSKA_POLICE, OrderKind.SWEEP)],
}
LEVERS_BY_DAY = {
    "roe.explicitness": "0.9",
    "mandate.political_constraint": "0.1",
    "lever_effects.joint_patrol_intensity": "1",
    "lever_effects.training_effort": "0.5",
    "lever_effects.prosecution_effort": "1",
}
LEVERS_BY_NIGHT = {
    "isr.isr_effort": "2",
    "intelligence.sharing": "with_police_and_ksf",
    "lever_effects.joint_patrol_intensity": "1",
    "lever_effects.live_fire_effort": "0.5",
    "lever_effects.search_effort": "1",
}
"""Levers that are turned, so that the rules of what they move are called."""

HURRY = (36, 54)
"""Ticks at which all units on their way arrive."""


def small_scenario() -> Scenario:
    """Return two short days at two sites with small waves, and a line one step from the door, which can break."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = part_of_may(Path(folder), tuple(DAYS), ("zvecan", "leposavic"))
    sites = {name: site.model_copy(update={"cordon_steps": 1}) for name, site in scenario.file.sites.items()}
    days = tuple(_short(day) for day in scenario.days)
    file = scenario.file.model_copy(update={"sites": sites})
    ready = replace(scenario, file=file, days=days).with_parameters(scenario.parameters.with_values(LIVELY))
    return configured(ready, LEVERS_BY_DAY)


def _short(day: Day) -> Day:
    crowds = {}
    for site, crowd in day.file.crowds.items():
        persons = PERSONS[(day.name, site)]
        size = {"low": persons - 5.0, "central": persons, "high": persons + 5.0}
        waves = tuple(wave.model_copy(update={"persons": wave.persons.model_copy(update=size)}) for wave in crowd.arrivals)
        crowds[site] = crowd.model_copy(update={"arrivals": waves})
    end = day.file.start + timedelta(seconds=15.0 * DAYS[day.name])
    return replace(day, file=day.file.model_copy(update={"crowds": crowds, "end": end}))


def at_the_line(site: SiteInPlay, tick: int) -> None:
    """Put two thirds of the people before the line, in every conduct of people who stay; a prepared group acts soon."""
    people, ground = site.state.people, site.ground
    near = np.flatnonzero((ground.open == 1) & (ground.door_steps >= 2) & (ground.door_steps <= 8))
    order = np.argsort(people["id"])
    conducts = (Conduct.STANDING, Conduct.VIOLENT, Conduct.PRESSING, Conduct.SITTING, Conduct.VIOLENT)
    for place, row in enumerate(order[: 2 * len(order) // 3]):
        people["cell"][row] = near[place * 7 % len(near)]
        people["conduct"][row] = conducts[place % len(conducts)]
    people["role"][order[:12]] = Role.PREPARED
    site.dealings.prepared_tick = tick + 6
    site.state.sections["on_site"][site.state.sections["post"] == Post.SECOND_LINE] = 1


def play_small(model: TheatreModel) -> World:
    """Play both days with their forced orders and return the world."""
    world = model.world
    begun = ""
    while not model.over:
        if world.day.name != begun:
            begun, first = world.day.name, world.tick
            for site in world.sites.values():
                at_the_line(site, world.tick)
        for seat, kind in ORDERS.get((world.day.name, world.tick - first), ()):
            carry_out(world, Order(seat, kind, 0.3, "forced", world.sites_of(seat)[0]), Decision(Verdict.GRANTED, "FORCED"))
        if (world.day.name, world.tick - first) == ("may_29", 30):
            for site in world.sites.values():
                site.state.situation["exits_open"] = 0
                site.dealings.provocations.append((int(site.ground.rings[3, 0]), 0.2))
        model.step()
    return world


def night_scenario() -> Scenario:
    """Return the first half hour of the night at Banjska with a dozen fighters and lively rates."""
    scenario = load_scenario("banjska_2023")
    day = scenario.days[0]
    assert day.armed is not None
    end = day.file.start + timedelta(seconds=15.0 * NIGHT_TICKS)
    night = replace(day, file=day.file.model_copy(update={"end": end}), armed=replace(day.armed, fighters=FIGHTERS))
    ready = replace(scenario, days=(night,)).with_parameters(scenario.parameters.with_values(NIGHT_LIVELY))
    return configured(ready, LEVERS_BY_NIGHT)


def play_night(model: TheatreModel) -> World:
    """Play the armed night with its forced orders, nobody else deciding, and return the world."""
    world = model.world
    operation = world.operation
    assert operation is not None
    first = operation.leave_tick = world.tick
    while not model.over:
        after = world.tick - first
        for seat, kind in NIGHT_ORDERS.get(after, ()):
            carry_out(world, Order(seat, kind, 0.0, "forced", operation.site), Decision(Verdict.GRANTED, "FORCED"))
        _hasten(world, operation, after)
        model.step()
    return world


def _hasten(world: World, operation: Operation, after: int) -> None:
    """Let what would take hours take minutes: the way in, units on their way, cells on their way out."""
    if after == 1:
        operation.due_tick = world.tick + 22
        operation.away = {unit: (duty, world.tick) for unit, (duty, _) in operation.away.items()}
    if after in HURRY:
        for unit, place in world.standing.units.items():
            if place.bound_for:
                world.standing.units[unit] = UnitPlace(bound_for=place.bound_for, due_tick=world.tick)
    if after == 104:
        for number, cell in enumerate(operation.cells_out):
            cell.cordon_tick, cell.boundary_tick = world.tick + 2 * number, world.tick + 8 + 4 * number


def night_told(world: World) -> dict[str, object]:
    """Return what the armed night left: digests, what happened, and how its fighters ended."""
    operation = world.operation
    assert operation is not None
    return digests(world) | {
        "fighters": hashlib.sha256(operation.fighters.tobytes()).hexdigest(),
        "phases": sorted({FighterPhase(phase).name for phase in operation.fighters["phase"].tolist()}),
        "happened": operation.happened,
        "entries": sorted({str(entry["kind"]) for entry in world.record.entries}),
        "outcomes": outcomes_of(world),
    }


def play_weeks() -> list[str]:
    """Return the digests of campaigns whose episodes are given: the stratum in which an attempt is likely."""
    with MonkeyPatch.context() as patch:
        given_episodes(patch)
        return [finished.digest for finished in played_weeks(with_settings(switch__stratum="high"), range(1, 9))]


def digests(world: World) -> dict[str, str]:
    """Return digests of record, people and sections; tables in canonical order of their ids."""
    found = {"record": world.record.digest()}
    for name in ("people", "sections"):
        digest = hashlib.sha256()
        for site in world.played.values():
            rows = getattr(site.state, name)
            digest.update(rows[np.argsort(rows["id"])].tobytes())
        found[name] = digest.hexdigest()
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
    world = play_small(new_model(small_scenario(), SEED))
    outcomes = outcomes_of(world)
    kinds = {Incident(kind).name for site in world.played.values() for kind in site.record.incidents["kind"].tolist()}
    persons = {f"{day}/{site}": len(played.state.people) for (day, site), played in world.played.items()}
    night = night_told(play_night(new_model(night_scenario(), SEED, {})))
    weeks = play_weeks()
    told = {
        "interpreted": INTERPRETED,
        "weeks": weeks,
        "persons": persons,
        "kinds": sorted(kinds),
        "night": night,
        "called": sorted(called),
    }
    print(json.dumps(told | digests(world) | {"outcomes": outcomes}))


if __name__ == "__main__":
    main()
