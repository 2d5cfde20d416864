"""Phases: what happens in each step of the order of play (the list itself is ``engine/turn.py``).

Each phase reads and writes the world; loops over people and cells are kernels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

import numpy as np

from sim.deterrence.legitimacy import confidence_after
from sim.doctrine.command import PostName, Unit
from sim.engine.contact_kernels import contact, detain, drift_agents, under_way, use_agents
from sim.engine.crowd_kernels import arrive, change_minds
from sim.engine.decisions import carry_out_due, prepared_group_decides
from sim.engine.line_kernels import hold_or_push, tire
from sim.engine.pictures import VIOLENCE_PERSONS, stuck_vehicles
from sim.engine.seeing_kernels import (
    count_people,
    count_sections,
    look_around,
    provoke_by_pushes,
    spread_provocations,
    summarise,
)
from sim.engine.state import Aim, Incident, Post, Seen
from sim.engine.walking_kernels import walk
from sim.engine.world import World
from sim.foundations.arithmetic import exp
from sim.foundations.figures import minutes_of_day
from sim.scenario.schema import PlannedEvent
from sim.vocabulary import Side

LEAST_CONCENTRATION = 0.01
"""Concentration of agents below which a cell counts as clear."""

PROVOCATION_REACHES = 3.0
"""A provocation is followed out to so many of its own reaches (5 % of its size)."""


NOTICED = (Incident.GAVE_GROUND, Incident.HURT, Incident.AGENT_USED, Incident.DETAINED)
"""Incidents that people or seats notice at once; the others are only recorded."""


def due_events(world: World) -> None:
    """Phase 1: planned events, forces that arrive, dusk, approvals that come, a prepared group's own time."""
    situation = world.state.situation[0]
    situation["tick"] = world.tick
    for happen in world.calendar.get(world.tick, ()):
        happen(world)
    if world.dealings.pending:
        carry_out_due(world)
    prepared_group_decides(world)
    situation["prepared_acting"] = world.tick < world.dealings.prepared_until
    if world.tick % world.psychology_ticks == 0:
        arrive(world.state.people, world.tick)


def calendar_of(world: World) -> dict[int, list[Callable[[World], None]]]:
    """Return what is fixed beforehand, by tick: planned events, arrivals of forces, dusk; what is past comes at once."""
    calendar: dict[int, list[Callable[[World], None]]] = defaultdict(list)

    def due(clock_time: str, happen: Callable[[World], None]) -> None:
        minutes = minutes_of_day(clock_time) - world.minute_of_day()
        calendar[world.clock.ticks_in(max(minutes, 0.0))].append(happen)

    for unit in world.scenario.framework.command.units:
        if unit.id in world.unit_rows and unit.arrives is not None and unit.post is not PostName.NEARBY:
            due(unit.arrives, partial(_force_arrives, unit=unit))
    for event in world.scenario.file.events:
        due(event.at, partial(_event_happens, event=event))
    due(world.scenario.file.dusk.at, _dusk)
    return calendar


def _force_arrives(world: World, unit: Unit) -> None:
    rows = world.state.sections[world.unit_rows[unit.id]]
    rows["on_site"] = 1
    rows["arrived_tick"] = world.tick
    world.record.add(world.tick, "event", event=unit.id, what="force_arrives", note=unit.name, source=unit.source)


def _event_happens(world: World, event: PlannedEvent) -> None:
    _EVENTS[event.kind](world)
    world.record.add(world.tick, "event", event=event.id, what=event.kind, note=event.note, source=event.source)


def _dusk(world: World) -> None:
    world.state.situation[0]["dark"] = 1
    world.record.add(world.tick, "event", event="dusk", what="dusk", note="", source=world.scenario.file.dusk.source)


def _staff_at_door(world: World) -> None:
    for memory in world.dealings.memory.values():
        memory.since["staff_at_door"] = world.tick


def _vehicles_stuck(world: World) -> None:
    world.dealings.vehicles_stuck = True
    world.state.sections["on_site"][world.state.sections["post"] == Post.VEHICLE] = 1


def _rumour(world: World) -> None:
    centre = world.scenario.plan.marks.get("crowd_centre")
    cell = centre[0] * world.ground.columns + centre[1] if centre else int(world.ground.rings[1, 0])
    world.dealings.provocations.append((cell, world.numbers["rumour_provocation"]))


_EVENTS = {"staff_at_door": _staff_at_door, "vehicles_stuck": _vehicles_stuck, "rumour": _rumour}


def sense(world: World) -> None:
    """Phase 2: count who is where and add a row to the series that pictures are taken from."""
    state = world.state
    count_people(state.people, state.counts)
    if state.situation[0]["detaining"]:
        _follow_line(world)
    row = world.record.next_series_row()
    on_site = int(state.sections["strength"][state.sections["on_site"] == 1].sum())
    world.dealings.force_minutes += on_site * world.psychology_ticks * world.clock.base_tick_min
    formed = world.dealings.line_formed
    summarise(state.people, state.sections, world.scenario.file.site.cordon_steps, world.ground.cell_m, formed, row)
    row["tick"] = world.tick
    row["vehicles_stuck"] = stuck_vehicles(world)


def wear_down(world: World) -> None:
    """Phase 9: hours on the line wear training down."""
    tire(world.state.sections, world.parameters, world.tick, world.clock.base_tick_min)


def _count_forces(world: World) -> bool:
    """Count forces by cell where any section has changed since the last count; return whether one has."""
    state = world.state
    detaining = int(state.situation[0]["detaining"])
    free = int((state.sections["bound_until"] <= world.tick).sum()) if detaining else 0
    seen = (state.sections.tobytes(), detaining, free)
    if seen == world.forces_seen:
        return False
    world.forces_seen = seen
    count_sections(state.sections, world.level_effects, world.tick, detaining, world.ground.neighbours, state.counts)
    return True


def move(world: World, minutes: float) -> None:
    """Phase 6: people walk; nobody passes the line inwards."""
    state, ground = world.state, world.ground
    world.dealings.active = count_people(state.people, state.counts)
    walk(
        state.people,
        ground.open,
        ground.door_steps,
        ground.exit_steps,
        ground.bin,
        ground.neighbours,
        state.counts,
        state.line_rank,
        state.situation,
        world.parameters,
        world.run_key,
        ground.cell_m,
        minutes,
    )


def psychology(world: World, minutes: float) -> None:
    """Phase 7: provocations spread, people look around, anger and fear move, people act on them."""
    state, ground, numbers = world.state, world.ground, world.numbers
    _restrain(world)
    reach_cells = int(numbers["view_m"] / ground.cell_m)
    look_around(state.counts, state.view, Seen.PRESENT.value, Seen.VIOLENT.value, ground.rows, ground.columns, reach_cells)
    if world.dealings.someone_detained or state.view[Seen.DETAINED_NOW].any():
        look_around(state.counts, state.view, Seen.DETAINED_NOW.value, Seen.DETAINED_NOW.value, ground.rows, ground.columns, reach_cells)
    _count_forces(world)
    if world.forces_seen is not world.forces_viewed:
        look_around(state.counts, state.view, Seen.KFOR.value, Seen.THREAT.value, ground.rows, ground.columns, reach_cells)
        world.forces_viewed = world.forces_seen
    reach = numbers["provocation_reach_m"]
    window = int(PROVOCATION_REACHES * reach / ground.cell_m) + 1
    state.provocation[:] = 0.0
    if world.dealings.provocations:
        cells = np.array([cell for cell, _ in world.dealings.provocations], dtype=np.int64)
        sizes = np.array([size for _, size in world.dealings.provocations])
        spread_provocations(cells, sizes, ground.columns, ground.rows, ground.cell_m, reach, window, state.provocation)
        world.dealings.provocations.clear()
    if state.sections["pushing"].any():
        provoke_by_pushes(
            state.sections,
            state.counts,
            state.situation,
            ground.neighbours,
            ground.columns,
            ground.rows,
            ground.cell_m,
            window,
            world.parameters,
            minutes,
            state.provocation,
        )
    change_minds(
        state.people,
        state.view,
        state.counts,
        state.agents,
        state.provocation,
        state.cluster_provocation,
        state.cluster_detained,
        state.situation,
        world.parameters,
        world.run_key,
        minutes,
        state.incidents,
        state.incident_count,
    )
    state.counts[Seen.HURT_NOW] = 0
    state.counts[Seen.DETAINED_NOW] = 0
    state.cluster_provocation[:] = 0.0
    state.cluster_detained[:] = 0
    world.dealings.someone_detained = False
    _lose_confidence(world, minutes)


def _restrain(world: World) -> None:
    """Leaders hold people back while they talk or have them sit, until a push or violence ends that."""
    state = world.state
    violent = int(state.counts[Seen.VIOLENT].sum())
    calling = world.dealings.talks == "open" or state.situation[0]["aim"] == Aim.SIT
    pushed = bool(state.sections["pushing"].any())
    world.dealings.violent = violent
    state.situation[0]["restraint"] = 1.0 if calling and not pushed and violent < VIOLENCE_PERSONS else 0.0


def _lose_confidence(world: World, minutes: float) -> None:
    if world.dealings.violent >= VIOLENCE_PERSONS:
        lost = world.numbers["confidence_lost_to_disorder"]
        world.dealings.confidence = confidence_after(world.dealings.confidence, minutes / 60.0, lost)


def meet(world: World, minutes: float) -> None:
    """Phase 8: contact. Skipped where nobody is violent, presses, pushes, uses agents or may detain."""
    state, ground = world.state, world.ground
    sections = state.sections
    detaining = bool(state.situation[0]["detaining"])
    pushing, using, off_line = under_way(sections, state.situation)
    moving = pushing or using or (off_line and world.dealings.line_formed)
    if not (world.dealings.active or moving or world.dealings.clouds):
        return
    if detaining:
        bound = world.clock.ticks_in(world.numbers["detention_binds_min"])
        detain(
            state.people,
            sections,
            state.situation,
            world.parameters,
            world.run_key,
            ground.columns,
            ground.cell_m,
            minutes,
            bound,
            state.counts,
            state.cluster_detained,
            state.incidents,
            state.incident_count,
        )
    contact(
        state.people,
        sections,
        state.counts,
        state.agents,
        state.situation,
        world.parameters,
        world.run_key,
        ground.columns,
        ground.cell_m,
        minutes,
        state.incidents,
        state.incident_count,
    )
    if world.dealings.line_formed:
        hold_or_push(
            sections,
            state.counts,
            state.situation,
            world.parameters,
            world.run_key,
            ground.rings,
            ground.ring_length,
            ground.neighbours,
            ground.cell_m,
            minutes,
            state.line_rank,
            state.incidents,
            state.incident_count,
        )
    _agents(world, minutes, using)
    if moving:
        _count_forces(world)


def _agents(world: World, minutes: float, using: bool) -> None:
    state, ground = world.state, world.ground
    if world.dealings.clouds:
        _drift(world, minutes)
    if using:
        world.dealings.clouds |= use_agents(
            state.sections,
            state.counts,
            state.situation,
            world.parameters,
            world.run_key,
            ground.neighbours,
            ground.door_steps,
            minutes,
            state.agents,
            state.incidents,
            state.incident_count,
        )


def _drift(world: World, minutes: float) -> None:
    state, ground, situation = world.state, world.ground, world.state.situation[0]
    kept = exp(-minutes / world.numbers["agent_fading_min"])
    share = 1.0 - exp(-world.numbers["agent_drift_per_min"] * minutes)
    east, south = float(situation["wind_east"]), float(situation["wind_south"])
    world.dealings.clouds = drift_agents(
        state.agents, ground.rows, ground.columns, ground.open, share, east, south, kept, LEAST_CONCENTRATION
    )


def _follow_line(world: World) -> None:
    """Detention teams keep up with the line, each behind its own part of it."""
    sections = world.state.sections
    teams = np.flatnonzero((sections["post"] == Post.DETENTION_TEAM) & (sections["on_site"] == 1))
    line = np.flatnonzero((sections["post"] == Post.LINE) & (sections["on_site"] == 1))
    for place, team in enumerate(teams):
        if len(line):
            sections["cell"][team] = sections["cell"][line[(2 * place + 1) * len(line) // (2 * len(teams))]]


def collect(world: World) -> None:
    """Phases 9 and 11: incidents are put in order and recorded, and what people saw of them provokes; vehicles come out."""
    state, numbers = world.state, world.numbers
    found = int(state.incident_count[0])
    if found > len(state.incidents):
        raise RuntimeError(f"{found} incidents in one step, room for {len(state.incidents)}")
    if found:
        rows = world.record.add_incidents(state.incidents[:found])
        for incident in rows[np.isin(rows["kind"], NOTICED)]:
            _provoke_by(world, incident)
        state.incident_count[0] = 0
    if state.situation[0]["extracting"] and world.dealings.vehicles_stuck:
        _extract(world, numbers["extraction_min"])


def _provoke_by(world: World, incident: np.void) -> None:
    numbers, kind = world.numbers, incident["kind"]
    if kind == Incident.GAVE_GROUND:
        world.dealings.gave_ground_tick = int(incident["tick"])
    elif kind == Incident.HURT and incident["side"] != Side.PROTESTERS:
        world.dealings.hurt_tick[Side(int(incident["side"]))] = int(incident["tick"])
    elif kind == Incident.HURT:
        world.dealings.provocations.append((int(incident["cell"]), numbers["own_hurt_provocation"]))
    elif kind == Incident.AGENT_USED:
        meant_for_all = 1.0 - float(world.state.situation[0]["agents_selectivity"])
        world.dealings.provocations.append((int(incident["cell"]), numbers["agents_provocation"] * meant_for_all))
    elif kind == Incident.DETAINED:
        world.dealings.someone_detained = True
        row = world.row_of(int(incident["entity"]))
        cluster = int(world.state.people[row]["cluster"])
        world.state.cluster_provocation[cluster] += numbers["own_detained_provocation"]
        if incident["third"] < 1.0:
            spread = numbers["own_detained_provocation"] * (1.0 - float(incident["third"]))
            world.dealings.provocations.append((int(incident["cell"]), spread))


def _extract(world: World, needed_min: float) -> None:
    """A stuck vehicle that stands behind the line with nobody round it for long enough is brought out."""
    state, ground = world.state, world.ground
    for place, cell in enumerate(ground.vehicles):
        if state.vehicle_clear_ticks[place] < 0:
            continue
        behind = state.line_rank[ground.bin[cell]] > ground.door_steps[cell]
        around = [beside for beside in ground.neighbours[cell] if beside >= 0]
        people = int(state.counts[Seen.PRESENT, around].sum())
        state.vehicle_clear_ticks[place] = state.vehicle_clear_ticks[place] + world.psychology_ticks if behind and not people else 0
        if state.vehicle_clear_ticks[place] >= world.clock.ticks_in(needed_min):
            state.vehicle_clear_ticks[place] = -1
            crew = (state.sections["post"] == Post.VEHICLE) & (state.sections["cell"] == cell)
            state.sections["on_site"][crew] = 0
            world.record.add(world.tick, "event", event=f"vehicle_{place + 1}_out", what="vehicle_out", note="", source="model")
            if not stuck_vehicles(world):
                for memory in world.dealings.memory.values():
                    memory.since["vehicles_out"] = world.tick
