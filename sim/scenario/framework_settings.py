"""Settings of mandate and rules of engagement: the order of responders, KSF's access and task, tasks, approvals, delegations.

The paper asks that KFOR's mandate be reviewed (1.1), that its rules be more explicit (1.2) and that KSF come to the North
without leave (4.2). Each of these is a named delta on the scenario's framework:

    mandate.responder_order=concurrent              mandate.ksf_access=autonomous
    mandate.ksf_task=protection_of_minority         mandate.task.kfor.search_premises=allowed
    mandate.approval.kfor.search_vehicles=none      rules.delegation.kfor.detention=delegated

A new authority changes nothing unless the doctrine of a seat uses it. Who could change a clause, and in how long, stands in
the mandate; a setting says only what would then hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sim.doctrine.framework import Framework
from sim.doctrine.mandate import KsfAccess, KsfTask, Mandate, ResponderOrder, TaskRow
from sim.doctrine.rules_of_engagement import AuthorityRow, Status
from sim.doctrine.seat_orders import RESPONDERS, Organisation
from sim.foundations.errors import nearest
from sim.foundations.figures import Span
from sim.vocabulary import Task

RESPONDER_ORDER, KSF_ACCESS, KSF_TASK = "mandate.responder_order", "mandate.ksf_access", "mandate.ksf_task"
TASK, APPROVAL, DELEGATION = "mandate.task.", "mandate.approval.", "rules.delegation."

ALLOWED = {"allowed": True, "refused": False}
NOBODY = "none"
"""Value of an approval that nobody need give."""

OWN = "set by an option or a user"
"""Source of what a setting adds."""

POLICED = tuple(force for force in RESPONDERS if force is not Organisation.KSF)
"""Forces whose tasks stand in rows of the mandate; KSF's stand by its role."""


def is_framework_setting(spoken: str) -> bool:
    """Tell whether a setting names something of mandate or rules other than a dial."""
    return spoken in (RESPONDER_ORDER, KSF_ACCESS, KSF_TASK) or spoken.startswith((TASK, APPROVAL, DELEGATION))


def framework_names(framework: Framework) -> Iterator[str]:
    """Give every such setting of a framework, as it is typed."""
    yield from (RESPONDER_ORDER, KSF_ACCESS, KSF_TASK)
    yield from (f"{TASK}{force}.{task}" for force in RESPONDERS for task in Task)
    yield from dict.fromkeys(f"{APPROVAL}{row.force}.{row.task}" for row in framework.mandate.tasks)
    yield from dict.fromkeys(f"{DELEGATION}{row.force}.{row.authority}" for row in framework.rules.authorities)


def framework_complaint(framework: Framework, spoken: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a setting, and what to do; two empty strings where it is good."""
    known = list(framework_names(framework))
    if spoken not in known:
        return "there is no such clause in this scenario's mandate or rules", nearest(spoken, known)
    allowed = _allowed(framework, spoken)
    return ("", "") if text in allowed else (f"'{text}' is none of: {', '.join(allowed)}", nearest(text, allowed))


def _allowed(framework: Framework, spoken: str) -> tuple[str, ...]:
    choices: Mapping[str, tuple[str, ...]] = {
        RESPONDER_ORDER: tuple(ResponderOrder),
        KSF_ACCESS: tuple(KsfAccess),
        KSF_TASK: tuple(KsfTask),
        TASK: tuple(ALLOWED),
        APPROVAL: (NOBODY, *(item.id for item in framework.command.headquarters)),
        DELEGATION: (str(Status.DELEGATED), str(Status.RETAINED)),
    }
    return next(values for name, values in choices.items() if spoken.startswith(name))


def with_framework_setting(framework: Framework, spoken: str, text: str) -> Framework:
    """Return the framework with one thing set (checked before by :func:`framework_complaint`)."""
    mandate = framework.mandate
    if spoken == RESPONDER_ORDER:
        responders = mandate.responders.model_copy(update={"order": ResponderOrder(text)})
        return framework.changed(mandate=mandate.model_copy(update={"responders": responders}))
    if spoken in (KSF_ACCESS, KSF_TASK):
        changed = {"access": KsfAccess(text)} if spoken == KSF_ACCESS else {"task": KsfTask(text)}
        return framework.changed(mandate=mandate.model_copy(update={"ksf": mandate.ksf.model_copy(update=changed)}))
    _, kind, force, named = spoken.split(".")
    acts: Mapping[str, Callable[[Framework, Organisation, str, str], Framework]]
    acts = {"task": _with_task, "approval": _with_approval, "delegation": _with_delegation}
    return acts[kind](framework, Organisation(force), named, text)


def _with_task(framework: Framework, force: Organisation, named: str, text: str) -> Framework:
    """A force has a task, or has it not, in every area; a task that no row gave stands under the force's first clause."""
    mandate, task, allowed = framework.mandate, Task(named), ALLOWED[text]
    if force is Organisation.KSF:
        return framework.changed(mandate=_with_ksf_task(mandate, task, allowed))
    rows = [row.model_copy(update={"allowed": allowed}) if (row.force, row.task) == (force, task) else row for row in mandate.tasks]
    if allowed and not any((row.force, row.task) == (force, task) for row in rows):
        clause = next((row.clause for row in rows if row.force is force), mandate.silence_clause)
        rows.append(TaskRow(task=task, force=force, clause=clause, allowed=True, source=OWN, grade="assumption"))
    return framework.changed(mandate=mandate.model_copy(update={"tasks": tuple(rows)}))


def _with_ksf_task(mandate: Mandate, task: Task, allowed: bool) -> Mandate:
    """KSF has a task in whatever role it is there, or in none."""
    roles = {}
    for role, tasks in mandate.ksf.tasks_by_role.items():
        others = tuple(item for item in tasks if item is not task)
        roles[role] = (*others, task) if allowed else others
    return mandate.model_copy(update={"ksf": mandate.ksf.model_copy(update={"tasks_by_role": roles})})


def _with_approval(framework: Framework, force: Organisation, named: str, text: str) -> Framework:
    """A task needs nobody's approval, or that of a headquarters; its minutes are the row's own, or else what that desk takes."""
    mandate, task = framework.mandate, Task(named)
    given = framework.as_given.mandate

    def changed(row: TaskRow) -> TaskRow:
        if (row.force, row.task) != (force, task):
            return row
        if text == NOBODY:
            return row.model_copy(update={"approval_holder": None, "approval_min": None})
        before = given.task_row(task, force, row.area)
        return row.model_copy(update={"approval_holder": text, "approval_min": _minutes(framework, before, text)})

    return framework.changed(mandate=mandate.model_copy(update={"tasks": tuple(changed(row) for row in mandate.tasks)}))


def _minutes(framework: Framework, before: TaskRow | None, holder: str) -> Span:
    """Return how long a holder deliberates: as the mandate says of the task, else as long as that desk works on anything."""
    if before is not None and before.approval_min is not None:
        return before.approval_min
    return framework.command.headquarters_of(holder).working_delay_min


def _with_delegation(framework: Framework, force: Organisation, named: str, text: str) -> Framework:
    """A means is delegated to the commander on the spot, or its holder must be asked however explicit the rules are."""

    def changed(row: AuthorityRow) -> AuthorityRow:
        if (row.force, str(row.authority)) != (force, named):
            return row
        update: dict[str, object] = {"status": Status(text)}
        return row.model_copy(update=update if text == Status.DELEGATED else {**update, "delegated_from_explicitness": None})

    rules = framework.rules
    return framework.changed(rules=rules.model_copy(update={"authorities": tuple(changed(row) for row in rules.authorities)}))
