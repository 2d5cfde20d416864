"""Consequences of an operation beyond the ground: escalation between the parties, and what each audience learns of resolve.

Phase 10 of the order of play. Beliefs are learnt once, when the operation is over or the run ends: a force that acted has
answered, one that did not has not; excess makes intransigent instead.
"""

from __future__ import annotations

import numpy as np

from sim.deterrence.beliefs import evidence_after, intransigent
from sim.deterrence.escalation import EscalationStep, build_up_chance, calming_chance, pretext
from sim.doctrine.seat_orders import Organisation
from sim.doctrine.transition import UNWELCOME
from sim.engine.lookout import hear_of
from sim.engine.operation import AUDIENCES, AWAY, CLOSE, FORCES, Duty, Operation
from sim.engine.reserves import free_units
from sim.engine.setup import SIDES
from sim.engine.world import UnitPlace, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import FighterPhase, Side

NEAR = ("armed_group", "local_serbs")
"""Audiences that see for themselves what a force does."""

SEEN_FROM_AFAR = 0.5
"""Share of it that the others learn of while nobody says it in public; an assumption (0-1)."""


def escalate(world: World, minutes: float) -> None:
    """Steps go up and down from pretext, warning and channel; hours at each are counted."""
    operation = world.operation
    if operation is None:
        return
    _other_attack(world, operation)
    if "ksf_on_site" not in operation.happened and _ksf_is_there(world, operation):
        ksf_comes(world)
    given = pretext_now(world, operation)
    before = operation.step
    decided = operation.step >= EscalationStep.ARMY_READINESS
    share = draw(world.run_key, world.tick, name_key("build-up"), Purpose.BUILD_UP) if decided else 0.0
    numbers = world.numbers
    if operation.step is EscalationStep.ARMY_READINESS:
        warned = world.tick >= operation.warned_tick
        up = build_up_chance(
            numbers["build_up_per_hour"], minutes, given, warned, numbers["warning_lowers"], operation.channel, numbers["channel_lowers"]
        )
        down = calming_chance(numbers["calming_per_hour"], minutes, given)
        if share < up:
            operation.step = EscalationStep.BUILD_UP
        elif share >= 1.0 - down:
            operation.step = operation.floor()
    elif operation.step is EscalationStep.BUILD_UP and share < calming_chance(numbers["calming_per_hour"], minutes, given):
        operation.step = EscalationStep.ARMY_READINESS
    operation.hours_at[int(operation.step)] = operation.hours_at.get(int(operation.step), 0.0) + minutes / 60.0
    if operation.step != before:
        world.record.add(
            world.tick,
            "escalation",
            operation.site,
            step=int(operation.step),
            before=int(before),
            pretext=round(given, 4),
            draw=round(share, 5),
        )
        if operation.step >= EscalationStep.BUILD_UP:
            hear_of(world, Organisation.GOVERNMENT, "build_up")
    _picture_row(world, operation, given)


def pretext_now(world: World, operation: Operation) -> float:
    """Return the pretext that what has happened so far gives."""
    numbers = world.numbers
    killed = int((operation.fighters["phase"] == FighterPhase.KILLED).sum())
    inside = "advance" in operation.happened and operation.armed.group.positions["compound"].protected
    compound = numbers["compound_pretext"] if inside and operation.cleared > 0.0 else 0.0
    compound *= 1.0 - (numbers["monitor_lowers"] if operation.monitored else 0.0)
    return pretext(
        killed,
        operation.civilians_hurt,
        compound,
        operation.pretext_of_others,
        numbers["pretext_of_casualty"],
        numbers["pretext_of_civilian"],
    )


def _other_attack(world: World, operation: Operation) -> None:
    """Another position is used: it is met where somebody protects other sites; else half of the free police are bound there."""
    if operation.other_attacks or world.tick < operation.other_attack_tick:
        return
    operation.other_attacks = 1
    guarded = any(duty is Duty.OTHER_SITES and tick <= world.tick for duty, tick in operation.away.values())
    bound = free_units(world, Organisation.KOSOVO_POLICE)
    for unit in [] if guarded else bound[: (len(bound) + 1) // 2]:
        operation.away[unit.id] = (Duty.OTHER_SITES, world.tick)
        world.standing.units[unit.id] = UnitPlace(site=AWAY + Duty.OTHER_SITES)
    world.record.add(world.tick, "other_attack", operation.site, guarded=guarded, bound=0 if guarded else (len(bound) + 1) // 2)


def _ksf_is_there(world: World, operation: Operation) -> bool:
    sections = world.sites[operation.site].state.sections
    return bool(((sections["side"] == Side.KSF) & (sections["on_site"] == 1)).any())


def ksf_comes(world: World) -> None:
    """KSF's coming is felt by both communities and as a pretext, by how unwelcome its access is."""
    operation = world.operation
    if operation is None or not operation.mark("ksf_on_site", world.tick):
        return
    unwelcome = UNWELCOME[str(world.scenario.framework.mandate.ksf.access)]
    numbers = world.numbers
    operation.aggrieve(numbers["ksf_grievance"] * unwelcome)
    operation.pretext_of_others += numbers["ksf_pretext"] * unwelcome
    world.standing.confidence = min(world.standing.confidence + numbers["ksf_confidence"], 1.0)


def learn(world: World) -> None:
    """Let every audience learn from what each force did: answered, unanswered, backed down (an exit was granted), excessive."""
    operation = world.operation
    if operation is None or "contact" not in operation.happened:
        return
    numbers = world.numbers
    weight, strength = numbers["evidence_of_armed_attack"], numbers["omega_deterrence"]
    for force in FORCES:
        answered = _acted(world, operation, force) and not operation.exit_agreed
        expected = force is not Organisation.KSF or answered
        for audience in AUDIENCES if expected else ():
            seen = 1.0 if operation.public or audience in NEAR else SEEN_FROM_AFAR
            _learn_one(operation, audience, force, answered, weight * seen, strength)
            for other in CLOSE[audience]:
                _learn_one(operation, other, force, answered, weight * seen * numbers["belief_spread"], strength)
    for _ in range(operation.civilians_hurt):
        operation.local_grievance = intransigent(operation.local_grievance, numbers["intransigence_step"], numbers["omega_spiral"])
    for (audience, of), bank in operation.evidence.items():
        world.record.add(
            world.tick, "belief", operation.site, audience=audience, force=str(of), alpha=round(bank.alpha, 4), beta=round(bank.beta, 4)
        )


def _learn_one(operation: Operation, audience: str, force: str, answered: bool, weight: float, strength: float) -> None:
    bank = operation.evidence[(audience, force)]
    if answered:
        bank.alpha = evidence_after(bank.alpha, weight, strength)
    else:
        bank.beta = evidence_after(bank.beta, weight, strength)


def _acted(world: World, operation: Operation, force: Organisation) -> bool:
    """Tell whether a force answered: its people stood in the cordon, advanced, watched the boundary or were hit."""
    units = {unit.id for unit in world.scenario.framework.command.units_of(force)}
    did = (Duty.CORDON, Duty.ASSAULT, Duty.SWEEP, Duty.PATROL)
    on_site = any(
        name in units and duty in did and world.standing.units[name].site == operation.site for name, duty in operation.duties.items()
    )
    away = any(name in units for name in operation.away)
    return on_site or away


def _picture_row(world: World, operation: Operation, given: float) -> None:
    """Keep how the operation stands, for the report: one row a decision."""
    sections = world.sites[operation.site].state.sections
    there = np.flatnonzero(sections["on_site"] == 1)
    fit = np.bincount(sections["side"][there], sections["strength"][there] - sections["serious"][there], len(Side))
    in_phase = np.bincount(operation.fighters["phase"], minlength=len(FighterPhase))
    world.record.add(
        world.tick,
        "operation",
        operation.site,
        stage=str(operation.stage),
        fighters={phase.name.lower(): int(in_phase[phase]) for phase in FighterPhase if in_phase[phase]},
        on_site={str(force): int(fit[side]) for force, side in SIDES.items()},
        duties={name: str(duty) for name, duty in operation.duties.items()},
        closed_roads=round(operation.closed_roads, 4),
        closed_paths=round(operation.closed_paths, 4),
        cleared=round(operation.cleared, 4),
        swept=round(operation.swept, 4),
        step=int(operation.step),
        pretext=round(given, 4),
        dark=operation.dark(world.tick),
    )
