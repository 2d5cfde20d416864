"""Encirclement: the group's way in and out, fire at the roadblock and at the compound, ground closed, cleared and searched.

Phases 6, 8 and 9 of the order of play for an operation. A step in which nobody is in contact costs nothing.
"""

from __future__ import annotations

import numpy as np

from sim.adjudication.armed_contact import broken, hit_rate, surprise_factor
from sim.adjudication.interdiction import stop_chance, watched_share
from sim.adjudication.siege import cleared_in, closed_after, sections_for_paths
from sim.doctrine.lever_effects import brought_nearer
from sim.doctrine.seat_orders import RESPONDERS, Organisation
from sim.doctrine.transition import mistaken_chance
from sim.engine.exchange_of_fire import Fire, exchange, hit_fighters, hit_sections, stray
from sim.engine.lookout import hear_of
from sim.engine.operation import CellOut, Duty, GroupStage, Operation
from sim.engine.roadblock import play_roadblock, rows_of
from sim.engine.state import NEVER
from sim.engine.training_away import share_away
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import FighterPhase, Means, Side

IN_REACH_PER_FIGHTER = 2
"""Police within reach of each fighter at once; an assumption (1-4): ground lets no more come near."""

CELL_FIGHTS = 5.0
"""For how many times the length of a surprise a stopped cell fights on; an assumption (2-10): a quarter of an hour as declared."""


def fit_people(site: SiteInPlay, rows: np.ndarray) -> int:
    """Return how many people of these sections can still act."""
    sections = site.state.sections
    return int((sections["strength"][rows] - sections["serious"][rows]).sum())


def group_moves(world: World) -> None:
    """The group arrives, and its cells pass the cordon and the boundary, as their times come (once a minute)."""
    operation = world.operation
    if operation is None:
        return
    if operation.stage is GroupStage.MOVING_IN and world.tick >= operation.due_tick:
        operation.stage, operation.due_tick = GroupStage.WAITING, NEVER
        operation.move(operation.in_play(), FighterPhase.WAITING)
        operation.mark("in_place", world.tick)
    _patrol_reaches_block(world, operation)
    _civilians_come_out(world, operation)
    for cell in list(operation.cells_out):
        if _of_cell(operation, cell).any():
            _cell_goes_on(world, operation, cell)
        else:
            operation.cells_out.remove(cell)
    if operation.stage is GroupStage.BREAKING_OUT and not operation.in_play().any():
        operation.stage = GroupStage.GONE
        operation.mark("gone", world.tick)


def _patrol_reaches_block(world: World, operation: Operation) -> None:
    early = operation.stage in (GroupStage.MOVING_IN, GroupStage.WAITING)
    if not early and operation.stage is not GroupStage.BLOCKING:
        return
    if not any(world.standing.units[unit].site == operation.site for unit in operation.sections(Duty.PATROL)):
        return
    if early and operation.mark("patrol_before_block", world.tick):
        operation.signs += 1
    if not early:
        operation.mark("patrol_at_block", world.tick)


def _civilians_come_out(world: World, operation: Operation) -> None:
    """Civilians who were in the compound come out once the group has left it or been taken there."""
    held = "occupation" in operation.happened and operation.stage is not GroupStage.HOLDING
    if not held or operation.civilians <= 0 or not operation.mark("civilians_out", world.tick):
        return
    hours = world.minutes_since(operation.happened["occupation"]) / 60.0
    what = {"what": "come_out", "persons": operation.civilians, "hurt": operation.civilians_hurt, "held_h": round(hours, 3)}
    world.record.add(world.tick, "civilians", operation.site, **what)


def _cell_goes_on(world: World, operation: Operation, cell: CellOut) -> None:
    site, numbers = world.sites[operation.site], world.numbers
    if not cell.through_cordon and world.tick >= cell.cordon_tick:
        dark = operation.dark(world.tick)
        closed = operation.closed_roads if cell.way.mode == "vehicle" else operation.closed_paths
        closed *= numbers["dark_paths_factor"] if dark and cell.way.mode == "foot" else 1.0
        chance = 0.0 if operation.exit_agreed else stop_chance(closed, numbers["closed_way_stops"])
        cell.through_cordon = True
        if _stopped(world, operation, site, cell, "cordon", chance):
            return
    if world.tick >= cell.boundary_tick:
        watched = watched_share(_boundary_sections(world, operation), numbers["boundary_sections_needed"])
        stops = numbers["watched_boundary_stops"]
        chance = stop_chance(watched, stops)
        if cell.way.mode == "vehicle" and operation.crossings_closed:
            chance = max(chance, numbers["closed_way_stops"])
        if not _stopped(world, operation, site, cell, "boundary", chance):
            operation.move(_of_cell(operation, cell), FighterPhase.ESCAPED)
            operation.cells_out.remove(cell)
            world.record.add(world.tick, "cell", site.name, cell=cell.cell, what="escaped", way=cell.way.id, odds=round(1.0 - chance, 4))


def _boundary_sections(world: World, operation: Operation) -> float:
    """Return how many sections watch the boundary by now."""
    units = {unit.id: unit for unit in world.scenario.framework.command.units}
    watching = [units[name] for name, (duty, tick) in operation.away.items() if duty is Duty.BOUNDARY and tick <= world.tick]
    return float(sum(unit.sections * (1.0 - share_away(world.numbers, unit.organisation)) for unit in watching))


def _of_cell(operation: Operation, cell: CellOut) -> np.ndarray:
    return np.asarray(operation.in_play() & (operation.fighters["cell"] == cell.cell))


def _stopped(world: World, operation: Operation, site: SiteInPlay, cell: CellOut, where: str, chance: float) -> bool:
    """Tell whether a cell is stopped; it gives up, or fights and, where it wins, goes on."""
    entity = name_key("cell stopped", cell.cell, where)
    share = draw(world.run_key, 0, entity, Purpose.CELL_STOPPED)
    if share >= chance:
        if where == "cordon":
            _passes_cordon(world, site, cell, chance, share, fought=False)
        return False
    rows = np.flatnonzero(_of_cell(operation, cell))
    resists = draw(world.run_key, 0, entity, Purpose.CELL_RESISTS) < world.numbers["stopped_resists"]
    if resists and where == "cordon":
        _fight(world, operation, site, rows, f"cell {cell.cell}", world.numbers["ambush_surprise_min"] * CELL_FIGHTS)
        rows = np.array([row for row in rows if row in operation.fit_rows(FighterPhase.BREAKING_OUT)], dtype=np.int64)
        if len(rows) * 2 > world.numbers["cell_persons"]:
            _passes_cordon(world, site, cell, chance, share, fought=True)
            return False
    caught = _of_cell(operation, cell)
    operation.move(caught, FighterPhase.CAPTURED)
    operation.cells_out.remove(cell)
    world.record.add(
        world.tick,
        "cell",
        site.name,
        cell=cell.cell,
        what="caught",
        way=cell.way.id,
        where=where,
        odds=round(chance, 4),
        draw=round(share, 5),
    )
    return True


def _passes_cordon(world: World, site: SiteInPlay, cell: CellOut, chance: float, share: float, *, fought: bool) -> None:
    """Record that a cell is past the cordon: unseen, or because it won the fight with those who stopped it."""
    told = {"cell": cell.cell, "way": cell.way.id, "fought": fought, "odds": round(chance, 4), "draw": round(share, 5)}
    world.record.add(world.tick, "cordon_passed", site.name, **told)


def _fight(world: World, operation: Operation, site: SiteInPlay, rows: np.ndarray, name: str, minutes: float) -> None:
    """A stopped cell fights those of the cordon who stopped it: about as many as it has itself."""
    cordon = rows_of(world, operation, site, Duty.CORDON, Duty.ASSAULT)
    numbers = world.numbers
    police = min(fit_people(site, cordon), IN_REACH_PER_FIGHTER * len(rows)) if len(cordon) else 0
    base, spared = numbers["hits_per_min"], _spared(site, numbers)
    ours = hit_rate(1.0, base, numbers["fire_share"], 0.0, 1.0, 0.0, 0.0)
    theirs = hit_rate(1.0, base, numbers["fire_share"], numbers["police_cover"], 1.0, 0.0, spared)
    lost_police, lost_cell = exchange(
        world.run_key, world.tick, name, police, len(rows), Fire(ours), Fire(theirs, numbers["group_break_share"]), minutes
    )
    hit_fighters(world, operation, site, name, rows, lost_cell, ours)
    hit_sections(world, operation, site, name, cordon, lost_police, theirs, Means.GUNFIRE)


def _spared(site: SiteInPlay, numbers: dict[str, float]) -> float:
    """Return the share of hits that live-fire training spares those who have it in full."""
    sections = site.state.sections
    there = sections["trained"][sections["on_site"] == 1]
    effort, gain = numbers["live_fire_effort"], numbers["live_fire_gain"]
    if effort > 0.0:
        sides = sections["side"][sections["on_site"] == 1]
        pairs = zip(there, sides, strict=True)
        there = np.array([brought_nearer(float(level), effort if side == Side.KFOR else 0.0, gain) for level, side in pairs])
    return numbers["live_fire_saving"] * (float(there.mean()) if len(there) else 0.0)


def contact(world: World, minutes: float) -> None:
    """Fire is exchanged: at the roadblock with a patrol, at the compound with those who advance (phase 8)."""
    operation = world.operation
    if operation is None:
        return
    if operation.stage is GroupStage.IN_CONTACT:
        _at_roadblock(world, operation, world.sites[operation.site], minutes)
    elif operation.stage is GroupStage.HOLDING and not operation.fire_held:
        _at_compound(world, operation, world.sites[operation.site], minutes)


def _at_roadblock(world: World, operation: Operation, site: SiteInPlay, minutes: float) -> None:
    patrol = rows_of(world, operation, site, Duty.PATROL)
    if not len(patrol) or operation.lost.get("patrol_broke"):
        return
    numbers = world.numbers
    since = world.minutes_since(operation.happened["contact"])
    warned = operation.knows(Organisation.KOSOVO_POLICE, "infiltration") or operation.knows(Organisation.KOSOVO_POLICE, "warning")
    sudden = surprise_factor(numbers["ambush_factor"], since, numbers["ambush_surprise_min"], warned, numbers["wary_saving"])
    cover = 0.0 if sudden > 1.0 else numbers["police_cover"]
    spared = _spared(site, numbers)
    base, share = numbers["hits_per_min"], 1.0 if sudden > 1.0 else numbers["fire_share"]
    by_police = hit_rate(1.0, base, share, numbers["cover_in_position"], 1.0, 0.0, 0.0)
    by_group = hit_rate(1.0, base, share, cover, sudden, 0.0, spared)
    blockers = operation.fit_rows(FighterPhase.BLOCKING)
    firing = min(max(round(len(blockers) * numbers["patrol_in_contact_share"]), 1), len(blockers))
    people = fit_people(site, patrol)
    lost_police, lost_group = exchange(world.run_key, world.tick, "roadblock", people, firing, Fire(by_police), Fire(by_group), minutes)
    hit_fighters(world, operation, site, "roadblock", blockers, lost_group, by_police)
    hit_sections(world, operation, site, "roadblock", patrol, lost_police, by_group, Means.DEVICE if since < minutes else Means.GUNFIRE)
    strength = operation.strength_at.setdefault("patrol", people)
    operation.lost["patrol"] = operation.lost.get("patrol", 0) + lost_police
    if broken(operation.lost["patrol"], strength, numbers["police_break_share"]):
        operation.lost["patrol_broke"] = 1
        operation.mark("patrol_breaks_off", world.tick)
        operation.news_tick = world.tick


def _at_compound(world: World, operation: Operation, site: SiteInPlay, minutes: float) -> None:
    assault = rows_of(world, operation, site, Duty.ASSAULT, beyond=True)
    if not len(assault) or not _identified(world, operation, site):
        return
    numbers = world.numbers
    fighters = operation.fit_rows(FighterPhase.HOLDING)
    care = numbers["civilian_care"] if operation.civilians > 0 else 0.0
    base, share = numbers["hits_per_min"], numbers["fire_share"]
    by_police = hit_rate(1.0, base, share, numbers["cover_in_compound"], 1.0, care, 0.0)
    by_group = hit_rate(1.0, base, share, numbers["police_cover"], 1.0, 0.0, _spared(site, numbers))
    in_reach = min(fit_people(site, assault), IN_REACH_PER_FIGHTER * len(fighters))
    lost_police, lost_group = exchange(
        world.run_key, world.tick, "compound", in_reach, len(fighters), Fire(by_police), Fire(by_group), minutes
    )
    hit_fighters(world, operation, site, "compound", fighters, lost_group, by_police)
    hit_sections(world, operation, site, "compound", assault, lost_police, by_group, Means.GUNFIRE)
    stray(world, operation, site, lost_group + lost_police, operation.civilians)
    strength = operation.strength_at.setdefault("assault", in_reach)
    operation.lost["assault"] = operation.lost.get("assault", 0) + lost_police
    if broken(operation.lost["assault"], strength, numbers["police_break_share"]):
        operation.fire_held = True
        operation.mark("advance_breaks_off", world.tick)
        for unit in list(operation.sections(Duty.ASSAULT)):
            operation.duties[unit] = Duty.CORDON


def _identified(world: World, operation: Operation, site: SiteInPlay) -> bool:
    """Tell whether all forces on the ground have had time to tell each other apart; while they have not, nobody advances."""
    armed = {int(site.state.sections["side"][row]) for row in rows_of(world, operation, site, Duty.CORDON, Duty.ASSAULT)}
    if len(armed) < 2:
        return True
    if len(armed) > operation.armed_together:  # another force has joined: telling each other apart begins anew
        operation.armed_together, operation.together_since = len(armed), world.tick
    return world.minutes_since(operation.together_since) >= world.numbers["identification_min"]


def ground(world: World, minutes: float) -> None:
    """Roads and paths are closed, ground is cleared towards the compound, and searched once the group has left (once a minute)."""
    operation = world.operation
    if operation is None:
        return
    site, numbers = world.sites[operation.site], world.numbers
    play_roadblock(world, operation, site, minutes)
    cordon = float(len(rows_of(world, operation, site, Duty.CORDON, Duty.ASSAULT)))
    roads = numbers["roads_need_sections"]
    operation.closed_roads = closed_after(operation.closed_roads, cordon, roads, minutes, numbers["closing_min"])
    beyond = float(len(rows_of(world, operation, site, Duty.CORDON, Duty.ASSAULT, beyond=True))) if operation.road_closed else cordon
    spare = min(sections_for_paths(cordon, roads), beyond)
    operation.closed_paths = closed_after(operation.closed_paths, spare, numbers["paths_need_sections"], minutes, numbers["closing_min"])
    if operation.closed_roads >= numbers["encircled_share"] and "contact" in operation.happened and operation.mark("encircled", world.tick):
        for organisation in RESPONDERS:
            hear_of(world, organisation, "encircled")
        operation.news_tick = world.tick
    if operation.stage is GroupStage.HOLDING and not operation.fire_held and _identified(world, operation, site):
        _clear(world, operation, site, minutes)
    if operation.stage in (GroupStage.BREAKING_OUT, GroupStage.GONE):
        _search(world, operation, site, minutes)
    _mistaken_fire(world, operation, site, minutes)


def _clear(world: World, operation: Operation, site: SiteInPlay, minutes: float) -> None:
    sections = float(len(rows_of(world, operation, site, Duty.ASSAULT, beyond=True)))
    if not sections:
        return
    numbers = world.numbers
    spared = operation.civilians > 0 or operation.armed.group.positions["compound"].protected
    operation.cleared += cleared_in(
        sections, minutes, numbers["clearing_section_hours"], numbers["civilian_care"] if spared else 0.0, numbers["care_slows"]
    )
    if operation.cleared >= 1.0:
        operation.move(operation.in_play(), FighterPhase.CAPTURED)
        operation.stage = GroupStage.GONE
        operation.mark("compound_taken", world.tick)
        operation.mark("gone", world.tick)
        for organisation in RESPONDERS:
            hear_of(world, organisation, "compound_taken")


def _search(world: World, operation: Operation, site: SiteInPlay, minutes: float) -> None:
    """Search goes on while cells are still on their way; control is declared once all the ground has been searched."""
    sections = float(len(rows_of(world, operation, site, Duty.SWEEP, beyond=True)))
    operation.swept += cleared_in(sections, minutes, world.numbers["sweep_section_hours"], 0.0, 0.0)
    if operation.swept >= 1.0 and operation.mark("control", world.tick):
        after = world.minutes_since(operation.happened.get("contact", world.tick))
        world.record.add(world.tick, "control", operation.site, after_contact_min=round(after, 2), cells_out=len(operation.cells_out))
        for organisation in RESPONDERS:
            hear_of(world, organisation, "control_declared")


def _mistaken_fire(world: World, operation: Operation, site: SiteInPlay, minutes: float) -> None:
    """Forces that cannot yet tell each other apart may fire at each other."""
    if operation.together_since == NEVER:
        return
    together = world.minutes_since(operation.together_since)
    chance = mistaken_chance(world.numbers["misidentified_per_hour"], minutes, together, world.numbers["identification_min"])
    if chance <= 0.0:
        return
    share = draw(world.run_key, world.tick, name_key("mistaken"), Purpose.MISTAKEN_FIRE)
    if share < chance:
        rows = rows_of(world, operation, site, Duty.CORDON, Duty.ASSAULT)
        hit_sections(world, operation, site, "mistaken", rows, 1, chance, Means.GUNFIRE)
        world.record.add(world.tick, "mistaken_fire", site.name, odds=round(chance, 6), draw=round(share, 6))
