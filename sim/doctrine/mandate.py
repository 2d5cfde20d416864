"""Mandate: what each force may do at all, whose leave it needs, and who could change that.

The paper's first recommendation is that KFOR's mandate be "reviewed and updated if necessary" (1.1). So every constraint is
a clause with the level that can change it and how long that takes: a Security Council resolution, an operation plan, a
national caveat, a delegation, a technical arrangement and an exchange of letters are changed by six different levels, and a
seat changes only what its level holds.

The order of responders (Kosovo Police, EULEX, KFOR) is a default, not a lock: for a safe and secure environment, freedom of
movement or self-defence the KFOR commander may act on his own assessment, as on 29 May 2023, at a cost in trust and licence.

Sources: facts 3.2, 3.3, 4 (UNSCR 1244, Military Technical Agreement, three responders, letters of 2013). Texts are restated
in our own words. Not modelled: legal dispute about a clause's meaning; status.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field

from sim.doctrine.seat_orders import RESPONDERS, Organisation
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import Problem
from sim.foundations.figures import Change, Dial, Sourced, Span, Strict, refuse, twice_problems, unknown_problem
from sim.vocabulary import Task

EVERYWHERE = "kosovo"
"""The area of a task that is not limited to a part of Kosovo."""


class ChangeLevel(StrEnum):
    """Who can change a clause."""

    SECURITY_COUNCIL = "security_council"
    NATO_COUNCIL = "nato_council"
    CAPITAL = "capital"
    KFOR_COMMANDER = "kfor_commander"
    TECHNICAL_ARRANGEMENT = "technical_arrangement"
    NATO_AND_PRISTINA = "nato_and_pristina"


class ResponderOrder(StrEnum):
    """Who comes first."""

    ON_REQUEST = "on_request"  # Kosovo Police, then EULEX, then KFOR, each asked by the one before
    CONCURRENT = "concurrent"  # all side by side; nobody needs to be asked
    KFOR_FIRST = "kfor_first"  # KFOR needs not be asked; the others act at its request


class Ground(StrEnum):
    """Why the KFOR commander may act before he is asked."""

    SAFE_AND_SECURE_ENVIRONMENT = "safe_and_secure_environment"
    FREEDOM_OF_MOVEMENT = "freedom_of_movement"
    SELF_DEFENCE = "self_defence"


class KsfAccess(StrEnum):
    """Whether KSF may be in the North."""

    NONE = "none"
    WITH_APPROVAL = "with_approval"  # of the KFOR commander, each time (the letters of 2013)
    BY_AGREEMENT = "by_agreement"  # a standing agreement names the tasks
    AUTONOMOUS = "autonomous"  # the paper's 4.2


class KsfTask(StrEnum):
    """What KSF is for, once it may be there."""

    TERRITORIAL = "territorial"
    RESERVE_FOR_KFOR = "reserve_for_kfor"
    PROTECTION_OF_MINORITY = "protection_of_minority"  # the paper's conclusion


class Clause(Sourced):
    """One constraint or power, restated, with the level that can change it."""

    id: str
    basis: str
    text: str = Field(min_length=10)
    changed_by: ChangeLevel
    change: Change


class TaskRow(Sourced):
    """Whether a force has a task in an area, and whose approval it takes."""

    task: Task
    force: Organisation
    clause: str
    area: str = EVERYWHERE
    allowed: bool
    approval_holder: str | None = None
    approval_min: Span | None = None


class Override(Sourced):
    """A ground on which KFOR acts unasked, what must be so, and what it costs.

    Attributes
    ----------
    crowd_at_least, violent_at_least, vehicles_stuck, under_attack
        What must be so; a field left out asks for nothing, and all that stand must hold.
    trust_cost, licence_cost
        Share of partners' trust and of governments' licence that one use takes (assumptions).
    """

    ground: Ground
    clause: str
    tasks: tuple[Task, ...]
    crowd_at_least: float | None = None
    violent_at_least: float | None = None
    vehicles_stuck: bool | None = None
    under_attack: bool | None = None
    trust_cost: Span
    licence_cost: Span

    def holds(self, crowd: float, violent: float, vehicles_stuck: int, under_attack: bool) -> bool:
        """Tell whether everything this ground asks for is so."""
        return (
            (self.crowd_at_least is None or crowd >= self.crowd_at_least)
            and (self.violent_at_least is None or violent >= self.violent_at_least)
            and (self.vehicles_stuck is None or (vehicles_stuck > 0) == self.vehicles_stuck)
            and (self.under_attack is None or under_attack == self.under_attack)
        )


class Responders(Sourced):
    """The order of responders, the tasks it governs, and the grounds that break it."""

    order: ResponderOrder
    clause: str
    tasks: tuple[Task, ...]
    overrides: tuple[Override, ...]

    def predecessor(self, force: Organisation) -> Organisation | None:
        """Return who must ask *force* before it acts; None when nobody need."""
        if self.order is ResponderOrder.CONCURRENT or force not in RESPONDERS:
            return None
        first = (Organisation.KFOR,) if self.order is ResponderOrder.KFOR_FIRST else ()
        line = (*first, *(item for item in RESPONDERS if item not in first))
        place = line.index(force)
        return line[place - 1] if place else None


class KsfRole(Sourced):
    """KSF's access to the North and its task there."""

    access: KsfAccess
    task: KsfTask
    clause: str
    approval_holder: str
    approval_min: Span
    tasks_by_role: dict[KsfTask, tuple[Task, ...]]


class PoliticalConstraint(Dial):
    """How tightly capitals and alliance hold the force.

    0: approvals come as fast as the staff works and delegations stand. 0.5: decisions are checked upward, as the paper
    describes May 2023. 1: every use of force is a decision of governments; delegations lapse.

    Attributes
    ----------
    delay_added
        What share a full constraint adds to every approval (1 doubles it).
    """

    delay_added: Span


class Mandate(Strict):
    """Clauses, tasks, order of responders and KSF access that hold in one scenario."""

    name: str
    clauses: tuple[Clause, ...]
    silence_clause: str = Field(description="clause that refuses a task which no row gives")
    tasks: tuple[TaskRow, ...]
    responders: Responders
    ksf: KsfRole
    political_constraint: PoliticalConstraint
    liaison_min: Span = Field(description="minutes for a request that crosses from one organisation to another")

    def clause(self, clause_id: str) -> Clause:
        """Return the clause *clause_id*; KeyError when there is none."""
        for item in self.clauses:
            if item.id == clause_id:
                return item
        raise KeyError(clause_id)

    def task_row(self, task: Task, force: Organisation, area: str) -> TaskRow | None:
        """Return the row for *task* of *force*, that of the *area* before the one that holds everywhere."""
        rows = [row for row in self.tasks if row.task is task and row.force is force]
        for wanted in (area, EVERYWHERE):
            for row in rows:
                if row.area == wanted:
                    return row
        return None

    def may_change(self, level: ChangeLevel | str, clause_id: str) -> bool:
        """Tell whether *level* can change the clause: a seat changes only what its own level holds."""
        return self.clause(clause_id).changed_by == level


def load_mandate(path: Path, root: Path | None = None) -> Mandate:
    """Return the checked mandate in the YAML file at *path*; InputError with file, line and field otherwise."""
    document = read_document(path, root)
    mandate = validated(document, Mandate)
    refuse(mandate_problems(document, mandate))
    return mandate


def mandate_problems(document: Document, mandate: Mandate) -> list[Problem]:
    """Return what the schema cannot see: clauses named but not written, ids and rows that stand twice."""
    known = [item.id for item in mandate.clauses]
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("silence_clause",), mandate.silence_clause),
        (("responders", "clause"), mandate.responders.clause),
        (("ksf", "clause"), mandate.ksf.clause),
        *((("tasks", place, "clause"), row.clause) for place, row in enumerate(mandate.tasks)),
        *((("responders", "overrides", place, "clause"), row.clause) for place, row in enumerate(mandate.responders.overrides)),
    ]
    problems = twice_problems(document, "clauses", known)
    for at, name in named:
        problems += unknown_problem(document, at, "clause", name, known)
    seen: set[tuple[Task, Organisation, str]] = set()
    for place, row in enumerate(mandate.tasks):
        key = (row.task, row.force, row.area)
        if key in seen:
            problems.append(document.problem(("tasks", place), f"{row.force} has two rows for {row.task} in {row.area}", "keep one"))
        seen.add(key)
        if (row.approval_holder is None) != (row.approval_min is None):
            at = ("tasks", place, "approval_holder")
            problems.append(document.problem(at, "an approval needs both a holder and its minutes", "add the other, or drop both"))
    return problems
