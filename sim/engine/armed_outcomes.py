"""Measures of an operation: times, casualties, who got away, how far it went between the parties, and why.

Times are hours; what never happened counts to the end of the run, so that "later" and "never" point the same way.
"""

from __future__ import annotations

from sim.deterrence.escalation import EscalationStep
from sim.doctrine.seat_orders import Organisation
from sim.engine.measures import Scope, count
from sim.engine.operation import Operation
from sim.vocabulary import FighterPhase, Grade, Side

OFFICERS = (Side.KOSOVO_POLICE, Side.EULEX, Side.KFOR, Side.KSF)


def _operation(scope: Scope) -> Operation:
    operation = scope[0].world.operation
    if operation is None:
        raise LookupError("no armed group is in play")
    return operation


def _hours(scope: Scope, first: int | None, then: int | None) -> float:
    """Return hours between two ticks; to the end of the run where the second never came, 0 where the first never did."""
    world = scope[0].world
    if first is None:
        return 0.0
    until = world.end_tick if then is None else then
    return max(until - first, 0) * world.clock.base_tick_min / 60.0


def attacked(scope: Scope) -> float:
    """Return 1 where an armed attack was made, else 0."""
    return float("contact" in _operation(scope).happened)


def fighters_committed(scope: Scope) -> float:
    """Return how many fighters the group committed: those who did not go back before the attack."""
    operation = _operation(scope)
    return float((operation.fighters["phase"] != FighterPhase.ABORTED).sum()) if "block" in operation.happened else 0.0


def since_contact(scope: Scope, name: str) -> float:
    """Return hours from first contact until something first happened."""
    happened = _operation(scope).happened
    return _hours(scope, happened.get("contact"), happened.get(name))


def contact_after_seen(scope: Scope) -> float:
    """Return hours from the roadblock being seen (reported to police, or met by a patrol) to first contact."""
    operation = _operation(scope)
    seen = [operation.told.get(Organisation.KOSOVO_POLICE, {}).get("roadblock"), operation.happened.get("patrol_at_block")]
    return _hours(scope, min((tick for tick in seen if tick is not None), default=None), operation.happened.get("contact"))


def warning_time(scope: Scope) -> float:
    """Return hours between the first report of any kind to police and first contact: what was left of surprise."""
    operation = _operation(scope)
    told = [
        tick
        for fact, tick in operation.told.get(Organisation.KOSOVO_POLICE, {}).items()
        if fact in ("warning", "infiltration", "roadblock")
    ]
    contact = operation.happened.get("contact")
    return _hours(scope, min(told), contact) if told and contact is not None and min(told) < contact else 0.0


def officers_killed(scope: Scope) -> float:
    """Return police, KFOR, EULEX and KSF killed."""
    return count(scope, *OFFICERS, least=Grade.FATAL)


def officers_hurt(scope: Scope) -> float:
    """Return police, KFOR, EULEX and KSF hurt or killed."""
    return count(scope, *OFFICERS)


def in_phase(scope: Scope, phase: FighterPhase) -> float:
    """Return how many fighters ended so."""
    return float((_operation(scope).fighters["phase"] == phase).sum())


def attackers_hurt(scope: Scope) -> float:
    """Return attackers wounded who lived."""
    grades = _operation(scope).fighters["grade"]
    return float(((grades > Grade.UNHURT) & (grades < Grade.FATAL)).sum())


def escaped_share(scope: Scope) -> float:
    """Return the share of those committed who got away; 0 where none were."""
    committed = fighters_committed(scope)
    return in_phase(scope, FighterPhase.ESCAPED) / committed if committed else 0.0


def hours_held(scope: Scope) -> float:
    """Return hours for which the compound was occupied."""
    happened = _operation(scope).happened
    ends = [happened[name] for name in ("breakout", "compound_taken") if name in happened]
    return _hours(scope, happened.get("occupation"), min(ends) if ends else None)


def hours_at_step(scope: Scope, least: EscalationStep) -> float:
    """Return hours at that escalation step or above."""
    return float(sum(hours for step, hours in _operation(scope).hours_at.items() if step >= least))


def evacuation(scope: Scope) -> float:
    """Return mean minutes from a wound to a hospital, responders; 0 where nobody was hurt."""
    minutes = _operation(scope).evacuation_minutes
    return sum(minutes) / len(minutes) if minutes else 0.0


def local_grievance(scope: Scope) -> float:
    """Return the change of the local community's grievance."""
    return _operation(scope).local_grievance


def did(scope: Scope, name: str) -> float:
    """Return 1 where something happened, else 0."""
    return float(name in _operation(scope).happened)


def mistaken_fire(scope: Scope) -> float:
    """Return how often forces fired at each other by mistake."""
    return float(sum(entry["kind"] == "mistaken_fire" for entry in scope[0].world.record.entries))
