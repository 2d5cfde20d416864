"""Permissions: what mandate, rules of engagement and chain of command make of an order.

An order is tested in one visible sequence (:data:`TESTS`): may this seat give it at all; does the mandate give the task; is
KSF where it may be; has the responder before asked; is the authority withheld, retained or delegated, and its trigger met;
which contingents does a caveat keep out. Retained authorities are asked for up the chain, which takes time; political
constraint lengthens that time and explicit rules shorten it and narrow its spread. Self-defence waits for nobody.

Every verdict names the clause that decided and says why in plain sentences. Pure: the same order, context and framework
give the same decision; the only chance is the caller's ``delay_share``. Selectivity never changes a verdict.

The paper: KFOR acts under "political constraints" and needs "more explicit rules of engagement". Sources: facts 3.2-3.4.
Not modelled: a holder who says no (he is slow or fast); requests lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.doctrine.approvals import approval_steps, constraint_in
from sim.doctrine.framework import Framework
from sim.doctrine.mandate import KsfAccess, Override
from sim.doctrine.orders import Decision, Order
from sim.doctrine.rules_of_engagement import AuthorityRow, Status
from sim.doctrine.seat_orders import AUTHORITY_OF, NAMES, RESPONDERS, SEAT_ORDERS, TASK_OF, Organisation
from sim.doctrine.self_defence import barred_words, early_readers, in_self_defence, on_hostile_intent
from sim.doctrine.situation import PermissionContext, missing
from sim.foundations.figures import Span, spoken
from sim.vocabulary import OrderKind, Task, Verdict

__all__ = ["PermissionContext", "override_used", "permit"]


@dataclass(frozen=True)
class _Approval:
    """Leave to be had from a headquarters."""

    holder: str
    deliberation: Span
    clause: str
    reason: str


@dataclass(frozen=True)
class _Finding:
    """What one test found. A refusal ends the matter; the rest adds up."""

    clause: str = ""
    reasons: tuple[str, ...] = ()
    refused: bool = False
    approvals: tuple[_Approval, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()


_NOTHING = _Finding()


def _refusal(clause: str, *reasons: str) -> _Finding:
    return _Finding(clause, reasons, refused=True)


def permit(order: Order, context: PermissionContext, framework: Framework) -> Decision:
    """Return what becomes of *order*: granted, delayed or refused, by which clause and why.

    Parameters
    ----------
    order
        What the seat commands.
    context
        The moment, and whose seat it is.
    framework
        Mandate, rules of engagement and command structure of the scenario.

    Returns
    -------
    Decision
        ``delay_min`` is positive only for a delayed order; ``excluded`` lists the contingents that stay out.
    """
    seat = _seat_may_order(order, context, framework)
    if seat.refused:
        return Decision(Verdict.REFUSED, seat.clause, reasons=seat.reasons)
    if context.organisation not in RESPONDERS:
        return Decision(Verdict.GRANTED, seat.clause, reasons=seat.reasons)
    if context.under_attack and order.kind in framework.rules.self_defence.orders:
        return in_self_defence(order, context, framework)
    decision = _by_the_book(order, context, framework, seat)
    readers = early_readers(order, context, framework)
    if decision.verdict is not Verdict.GRANTED and readers:
        return on_hostile_intent(readers, context, framework)
    return decision


def _by_the_book(order: Order, context: PermissionContext, framework: Framework, seat: _Finding) -> Decision:
    """Return the decision of the tests in their order, self-defence apart."""
    findings = [seat]
    for test in TESTS:
        finding = test(order, context, framework)
        if finding.refused:
            earlier = tuple(reason for item in findings[1:] for reason in item.reasons)
            return Decision(Verdict.REFUSED, finding.clause, reasons=finding.reasons + earlier)
        findings.append(finding)
    return _released(findings, context, framework)


def _released(findings: list[_Finding], context: PermissionContext, framework: Framework) -> Decision:
    """Return the grant, at once or after the approvals that it needs."""
    approvals = [item for finding in findings for item in finding.approvals]
    excluded = tuple(pair for finding in findings for pair in finding.excluded)
    telling = [finding for finding in findings[1:] if finding.reasons] or ([] if approvals else findings[:1])
    reasons = tuple(reason for finding in reversed(telling) for reason in finding.reasons)
    steps = approval_steps([(item.holder, item.deliberation) for item in approvals], context, framework)
    delay_min = sum(minutes for _, minutes in steps)
    if delay_min <= 0.0:
        clause = next(finding.clause for finding in reversed(findings) if finding.clause)
        return Decision(Verdict.GRANTED, clause, reasons=reasons, excluded=excluded)
    asked = max(approvals, key=lambda item: item.deliberation.central)
    told = tuple(dict.fromkeys(item.reason for item in (asked, *approvals)))
    return Decision(Verdict.DELAYED, asked.clause, delay_min, told + reasons, excluded, steps)


# --- the tests ----------------------------------------------------------------------------------------------------------


def _seat_may_order(order: Order, context: PermissionContext, framework: Framework) -> _Finding:
    """Test whether this kind of seat can give this kind of order at all."""
    organisation = Organisation(context.organisation)
    clause = f"SEAT-{organisation.upper()}"
    if order.kind not in SEAT_ORDERS[organisation]:
        return _refusal(clause, f"a seat of {NAMES[organisation]} cannot order '{spoken(order.kind)}'")
    government = next((item for item in framework.command.governments if item.id == context.government), None)
    if government is not None and order.kind not in government.orders:
        return _refusal(clause, f"{government.name} cannot order '{spoken(order.kind)}'")
    return _Finding(clause, (f"a seat of {NAMES[organisation]} orders '{spoken(order.kind)}' on its own, with nobody's leave",))


def _mandate_gives_task(order: Order, context: PermissionContext, framework: Framework) -> _Finding:
    """Test whether the mandate gives this force the task in this area, and whose approval that takes."""
    task = TASK_OF.get(order.kind)
    if task is None:
        return _NOTHING
    mandate, force = framework.mandate, Organisation(context.organisation)
    if force is Organisation.KSF:
        return _ksf_has_task(task, framework)
    row = mandate.task_row(task, force, context.area)
    if row is None or not row.allowed:
        clause = mandate.silence_clause if row is None else row.clause
        what = f"the mandate gives {NAMES[force]} no task '{spoken(task)}' in {spoken(context.area)}"
        return _refusal(clause, what, _who_can_change(clause, framework))
    reason = f"the mandate gives {NAMES[force]} the task '{spoken(task)}'"
    if row.approval_holder is None or row.approval_min is None or _already_released(order.kind, context):
        return _Finding(row.clause, (reason,))
    asked = f"the task '{spoken(task)}' needs the approval of {_name(row.approval_holder, framework)}"
    return _Finding(row.clause, (reason,), approvals=(_Approval(row.approval_holder, row.approval_min, row.clause, asked),))


def _ksf_has_task(task: Task, framework: Framework) -> _Finding:
    """Test whether the task is among those that KSF is in the North for."""
    ksf = framework.mandate.ksf
    if task in ksf.tasks_by_role.get(ksf.task, ()):
        return _Finding(ksf.clause, (f"KSF's task '{spoken(ksf.task)}' covers '{spoken(task)}'",))
    what = f"KSF's task '{spoken(ksf.task)}' does not cover '{spoken(task)}'"
    return _refusal(ksf.clause, what, _who_can_change(ksf.clause, framework))


def _ksf_may_be_there(order: Order, context: PermissionContext, framework: Framework) -> _Finding:
    """Test whether KSF may act in the North: never, with the commander's approval, by agreement, or on its own."""
    if context.organisation != Organisation.KSF or not (order.kind in TASK_OF or order.kind in KSF_ENTERS):
        return _NOTHING
    ksf = framework.mandate.ksf
    if ksf.access is KsfAccess.NONE:
        return _refusal(ksf.clause, "KSF has no access to the North", _who_can_change(ksf.clause, framework))
    if ksf.access is not KsfAccess.WITH_APPROVAL or _already_released(order.kind, context):
        return _Finding(ksf.clause, (f"KSF may be in the North: {spoken(ksf.access)}",))
    asked = f"KSF in the North needs the approval of {_name(ksf.approval_holder, framework)}"
    return _Finding(ksf.clause, approvals=(_Approval(ksf.approval_holder, ksf.approval_min, ksf.clause, asked),))


def _responder_before_has_asked(order: Order, context: PermissionContext, framework: Framework) -> _Finding:
    """Test the order of responders: a default that the KFOR commander may break on stated grounds, at a cost."""
    responders, force = framework.mandate.responders, Organisation(context.organisation)
    before = responders.predecessor(force)
    autonomous = force is Organisation.KSF and framework.mandate.ksf.access is KsfAccess.AUTONOMOUS
    if before is None or autonomous or TASK_OF.get(order.kind) not in responders.tasks:
        return _NOTHING
    if context.requested:
        return _Finding(responders.clause, (f"{NAMES[before]} has asked {NAMES[force]} to act",))
    override = override_used(order, context, framework)
    if override is None:
        what = f"{NAMES[force]} acts in this only when {NAMES[before]} asks, and it has not asked"
        return _refusal(responders.clause, what, _who_can_change(responders.clause, framework))
    cost = f"costs {override.trust_cost.central:g} of trust and {override.licence_cost.central:g} of licence"
    return _Finding(override.clause, (f"{NAMES[force]} acts unasked for {spoken(override.ground)}, which {cost}",))


def _authority_is_open(order: Order, context: PermissionContext, framework: Framework) -> _Finding:
    """Test whether a permitted means is withheld, waits for its trigger, must be asked for, or is delegated."""
    force = Organisation(context.organisation)
    if order.kind not in AUTHORITY_OF:
        return _NOTHING
    rules = framework.rules
    rows = rules.rows_for(order.kind, force)
    if not rows:
        return _refusal(rules.silence_clause, f"no rule gives {NAMES[force]} the means to '{spoken(order.kind)}'")
    usable = [row for row in rows if row.status is not Status.WITHHELD]
    if not usable:
        withheld = f"'{spoken(rows[0].authority)}' is withheld from {NAMES[force]}"
        return _refusal(rows[0].id, withheld, f"only the {spoken(rows[0].changed_by)} can release it")
    unmet = [(row, missing(row.trigger, context)) for row in usable]
    ready = [row for row, lacks in unmet if not lacks]
    if not ready:
        row, lacks = min(unmet, key=lambda pair: len(pair[1]))
        return _refusal(row.id, *(f"{spoken(order.kind)} {lack}" for lack in lacks))
    return _delegated_or_asked(ready, order.kind, context, framework)


def _delegated_or_asked(rows: list[AuthorityRow], kind: OrderKind, context: PermissionContext, framework: Framework) -> _Finding:
    """Return the first row that is in the seat's own hand, else the first with its approval."""
    for row in rows:
        own = _in_own_hand(row, context, framework)
        if own:
            return _Finding(row.id, (f"'{spoken(row.authority)}' {own}",))
    row = rows[0]
    if _already_released(kind, context):
        return _Finding(row.id, (f"'{spoken(row.authority)}' has already been released",))
    asked = f"'{spoken(row.authority)}' is retained by {_name(row.holder, framework)}, who must be asked"
    return _Finding(row.id, approvals=(_Approval(row.holder, row.delay_min, row.id, asked),))


def _in_own_hand(row: AuthorityRow, context: PermissionContext, framework: Framework) -> str:
    """Return why the seat may use the row without asking, or an empty string."""
    status = row.effective_status(framework.rules.explicitness.value, constraint_in(context, framework))
    if status is Status.DELEGATED:
        return "is delegated to the commander on the spot"
    known = {item.id for item in framework.command.headquarters}
    if context.headquarters in known and framework.command.commands(context.headquarters, row.holder):
        return "is held by the seat itself"
    return ""


def _caveats_allow(order: Order, context: PermissionContext, framework: Framework) -> _Finding:
    """Test which contingents a caveat keeps out; an order that would leave none is refused."""
    out = framework.rules.barred(order.kind, context.contingents, attacked=False, hurt=context.hurt_by_contingent)
    if not out:
        return _NOTHING
    told = tuple(barred_words(name, order.kind) for name, _ in out)
    if len(out) == len(set(context.contingents)):
        return _refusal(out[0][1], f"caveats keep every contingent on site out of '{spoken(order.kind)}'", *told)
    return _Finding(reasons=told, excluded=out)


KSF_ENTERS = (OrderKind.SEND_RESERVE, OrderKind.SURVEIL)
"""Orders that bring KSF, or its drones, to the North without carrying out a task."""

TESTS: tuple[Callable[[Order, PermissionContext, Framework], _Finding], ...] = (
    _ksf_may_be_there,
    _mandate_gives_task,
    _responder_before_has_asked,
    _authority_is_open,
    _caveats_allow,
)
"""The tests of an order after that of the seat, in the order in which they are made."""


# --- what others ask ----------------------------------------------------------------------------------------------------


def override_used(order: Order, context: PermissionContext, framework: Framework) -> Override | None:
    """Return the ground on which KFOR carries out *order* unasked, with its cost in trust and licence; None without one."""
    responders, task = framework.mandate.responders, TASK_OF.get(order.kind)
    force = Organisation(context.organisation)
    if force is not Organisation.KFOR or context.requested or responders.predecessor(force) is None or task not in responders.tasks:
        return None
    for ground in responders.overrides:
        if task in ground.tasks and ground.holds(context.crowd, context.violent, context.vehicles_stuck, context.under_attack):
            return ground
    return None


def _already_released(kind: OrderKind, context: PermissionContext) -> bool:
    """Tell whether the means this kind of order uses has been released to the seat before."""
    needed = AUTHORITY_OF.get(kind)
    return needed is not None and needed in context.granted


def _name(headquarters: str, framework: Framework) -> str:
    return framework.command.headquarters_of(headquarters).name


def _who_can_change(clause_id: str, framework: Framework) -> str:
    """Return who could change the clause, and in how many days."""
    clause = framework.mandate.clause(clause_id)
    days = clause.change.days
    return f"{spoken(clause.changed_by)} can change clause {clause_id}, in {days.low:g} to {days.high:g} days"
