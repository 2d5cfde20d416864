"""Phases: what happens at one site in each step of the order of play (the list itself is ``engine/turn.py``).

Each phase reads and writes one site; loops over people and cells are kernels. A site where nobody is, is skipped.
"""

from __future__ import annotations

import numpy as np

from sim.deterrence.legitimacy import confidence_after
from sim.engine.contact_kernels import contact, detain, drift_agents, under_way, use_agents
from sim.engine.crowd_kernels import change_minds
from sim.engine.explicit_rules import unpunished
from sim.engine.line_kernels import hold_or_push, tire
from sim.engine.news import hear, set_off_by
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
from sim.engine.world import SiteInPlay, World
from sim.foundations.arithmetic import exp
from sim.vocabulary import Side

LEAST_CONCENTRATION = 0.01
"""Concentration of agents below which a cell counts as clear."""

PROVOCATION_REACHES = 3.0
"""A provocation is followed out to so many of its own reaches (5 % of its size)."""


NOTICED = np.zeros(len(Incident), dtype=bool)
NOTICED[[Incident.GAVE_GROUND, Incident.HURT, Incident.AGENT_USED, Incident.DETAINED]] = True
"""Incidents that people or seats notice at once; the others are only recorded."""


def sense(world: World, site: SiteInPlay) -> None:
    """Phase 2: count who is where and add a row to the series that pictures are taken from."""
    state = site.state
    if len(state.people):
        count_people(state.people, state.counts)
    if state.situation[0]["detaining"]:
        _follow_line(site)
    row = site.record.next_series_row()
    on_site = int(state.sections["strength"][state.sections["on_site"] == 1].sum())
    site.dealings.force_minutes += on_site * world.psychology_ticks * world.clock.base_tick_min
    formed = site.dealings.line_formed
    summarise(state.people, state.sections, site.file.cordon_steps, site.ground.cell_m, formed, row)
    site.dealings.present = int(row[0]["present"])
    row["tick"] = world.tick
    row["leads"] = len(site.lead.leads)
    row["vehicles_stuck"] = stuck_vehicles(site)


def wear_down(world: World, site: SiteInPlay) -> None:
    """Phase 9: hours on the line wear training down."""
    tire(site.state.sections, world.parameters, world.tick, world.clock.base_tick_min)


def _count_forces(world: World, site: SiteInPlay) -> bool:
    """Count forces by cell where any section has changed since the last count; return whether one has."""
    state = site.state
    detaining = int(state.situation[0]["detaining"])
    free = int((state.sections["bound_until"] <= world.tick).sum()) if detaining else 0
    seen = (state.sections.tobytes(), detaining, free)
    if seen == site.forces_seen:
        return False
    site.forces_seen = seen
    count_sections(state.sections, world.level_effects, world.tick, detaining, site.ground.neighbours, state.counts)
    return True


def move(world: World, site: SiteInPlay, minutes: float) -> None:
    """Phase 6: people walk; nobody passes the line inwards."""
    if not site.dealings.present:
        return
    state, ground = site.state, site.ground
    site.dealings.active = count_people(state.people, state.counts)
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


def psychology(world: World, site: SiteInPlay, minutes: float) -> None:
    """Phase 7: provocations spread, people look around, anger and fear move, people act on them."""
    if not site.dealings.present:
        site.dealings.provocations.clear()
        return
    state, ground, numbers = site.state, site.ground, world.numbers
    _restrain(site)
    state.situation[0]["unpunished"] = unpunished(world, site)
    reach_cells = int(numbers["view_m"] / ground.cell_m)
    look_around(state.counts, state.view, Seen.PRESENT.value, Seen.VIOLENT.value, ground.rows, ground.columns, reach_cells)
    if site.dealings.someone_detained or state.view[Seen.DETAINED_NOW].any():
        look_around(state.counts, state.view, Seen.DETAINED_NOW.value, Seen.DETAINED_NOW.value, ground.rows, ground.columns, reach_cells)
    _count_forces(world, site)
    if site.forces_seen is not site.forces_viewed:
        look_around(state.counts, state.view, Seen.KFOR.value, Seen.THREAT.value, ground.rows, ground.columns, reach_cells)
        site.forces_viewed = site.forces_seen
    reach = numbers["provocation_reach_m"]
    window = int(PROVOCATION_REACHES * reach / ground.cell_m) + 1
    state.provocation[:] = 0.0
    if site.dealings.provocations:
        cells = np.array([cell for cell, _ in site.dealings.provocations], dtype=np.int64)
        sizes = np.array([size for _, size in site.dealings.provocations])
        spread_provocations(cells, sizes, ground.columns, ground.rows, ground.cell_m, reach, window, state.provocation)
        site.dealings.provocations.clear()
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
    site.dealings.someone_detained = False
    _lose_confidence(world, site, minutes)


def _restrain(site: SiteInPlay) -> None:
    """Leaders hold people back while they talk or have them sit, until a push or violence ends that."""
    state = site.state
    violent = int(state.counts[Seen.VIOLENT].sum())
    calling = site.dealings.talks == "open" or state.situation[0]["aim"] == Aim.SIT
    pushed = bool(state.sections["pushing"].any())
    site.dealings.violent = violent
    state.situation[0]["restraint"] = 1.0 if calling and not pushed and violent < VIOLENCE_PERSONS else 0.0


def _lose_confidence(world: World, site: SiteInPlay, minutes: float) -> None:
    if site.dealings.violent >= VIOLENCE_PERSONS:
        lost = world.numbers["confidence_lost_to_disorder"]
        world.standing.confidence = confidence_after(world.standing.confidence, minutes / 60.0, lost)


def meet(world: World, site: SiteInPlay, minutes: float) -> None:
    """Phase 8: contact. Skipped where no crowd comes today, or nobody is violent, presses, pushes, uses agents or may detain."""
    if not len(site.state.people):
        return
    state, ground, sections = site.state, site.ground, site.state.sections
    detaining = bool(state.situation[0]["detaining"])
    pushing, using, off_line = under_way(sections, state.situation)
    moving = pushing or using or (off_line and site.dealings.line_formed)
    if not (site.dealings.active or moving or site.dealings.clouds):
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
    if site.dealings.line_formed:
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
    _agents(world, site, minutes, using)
    if moving:
        _count_forces(world, site)


def _agents(world: World, site: SiteInPlay, minutes: float, using: bool) -> None:
    state, ground = site.state, site.ground
    if site.dealings.clouds:
        _drift(world, site, minutes)
    if using:
        site.dealings.clouds |= use_agents(
            state.sections,
            state.counts,
            state.situation,
            world.parameters,
            world.run_key,
            ground.columns,
            ground.cell_m,
            ground.door_steps,
            minutes,
            state.agents,
            state.incidents,
            state.incident_count,
        )


def _drift(world: World, site: SiteInPlay, minutes: float) -> None:
    state, ground, situation = site.state, site.ground, site.state.situation[0]
    kept = exp(-minutes / world.numbers["agent_fading_min"])
    share = 1.0 - exp(-world.numbers["agent_drift_per_min"] * minutes)
    east, south = float(situation["wind_east"]), float(situation["wind_south"])
    site.dealings.clouds = drift_agents(
        state.agents, ground.rows, ground.columns, ground.open, share, east, south, kept, LEAST_CONCENTRATION
    )


def _follow_line(site: SiteInPlay) -> None:
    """Detention teams keep up with the line, each behind its own part of it."""
    sections = site.state.sections
    teams = np.flatnonzero((sections["post"] == Post.DETENTION_TEAM) & (sections["on_site"] == 1))
    line = np.flatnonzero((sections["post"] == Post.LINE) & (sections["on_site"] == 1))
    for place, team in enumerate(teams):
        if len(line):
            sections["cell"][team] = sections["cell"][line[(2 * place + 1) * len(line) // (2 * len(teams))]]


def collect(world: World, site: SiteInPlay) -> None:
    """Phases 9 and 11: incidents are put in order and recorded, what people saw of them provokes; vehicles come out."""
    state, numbers = site.state, world.numbers
    found = int(state.incident_count[0])
    if found > len(state.incidents):
        raise RuntimeError(f"{found} incidents in one step, room for {len(state.incidents)}")
    if found:
        rows = site.record.add_incidents(state.incidents[:found])
        for incident in rows[NOTICED[rows["kind"]]]:
            _provoke_by(world, site, incident)
        state.incident_count[0] = 0
    if state.situation[0]["extracting"] and site.dealings.vehicles_stuck:
        _extract(world, site, numbers["extraction_min"])


def _provoke_by(world: World, site: SiteInPlay, incident: np.void) -> None:
    numbers, kind = world.numbers, incident["kind"]
    if kind == Incident.HURT:
        _count_hurt(world, site)
    if kind == Incident.GAVE_GROUND:
        site.dealings.gave_ground_tick = int(incident["tick"])
    elif kind == Incident.HURT and incident["side"] != Side.PROTESTERS:
        site.dealings.hurt_tick[Side(int(incident["side"]))] = int(incident["tick"])
    elif kind == Incident.HURT:
        site.dealings.provocations.append((int(incident["cell"]), numbers["own_hurt_provocation"]))
    elif kind == Incident.AGENT_USED:
        meant_for_all = 1.0 - float(site.state.situation[0]["agents_selectivity"])
        site.dealings.provocations.append((int(incident["cell"]), numbers["agents_provocation"] * meant_for_all))
    elif kind == Incident.DETAINED:
        site.dealings.someone_detained = True
        set_off_by(world, site, "detentions")
        row = site.row_of(int(incident["entity"]))
        cluster = int(site.state.people[row]["cluster"])
        site.state.cluster_provocation[cluster] += numbers["own_detained_provocation"]
        if incident["third"] < 1.0:
            spread = numbers["own_detained_provocation"] * (1.0 - float(incident["third"]))
            site.dealings.provocations.append((int(incident["cell"]), spread))


def _count_hurt(world: World, site: SiteInPlay) -> None:
    site.dealings.hurt += 1
    if site.dealings.clash_tick < 0 and site.dealings.hurt >= world.numbers["clash_news_persons"]:
        site.dealings.clash_tick = world.tick


def _extract(world: World, site: SiteInPlay, needed_min: float) -> None:
    """A stuck vehicle that stands behind the line with nobody round it for long enough is brought out."""
    state, ground = site.state, site.ground
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
            event = f"vehicle_{place + 1}_out"
            world.record.add(world.tick, "event", site.name, event=event, what="vehicle_out", note="", source="model")
            if not stuck_vehicles(site):
                hear(world, "vehicles_out", site.name)
