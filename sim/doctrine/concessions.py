"""Concessions: how the dilemma of May 2023 could be played without force, and what each way costs.

Wait for dusk, leave vehicles and walk crews out, let the mayor work elsewhere, thin out special police, open an exit, replace
the police at the door, let a third party mediate, defer the entry, tell KFOR beforehand or not: each takes time and costs
face, precedent or freedom of movement, and each is felt by both communities. All sizes are assumptions with a range that
includes 0 (no study measures them).

Not modelled: concessions that are taken back; bargaining over a price.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import Problem
from sim.foundations.figures import Sourced, Span, Strict, refuse
from sim.vocabulary import OrderKind

CONCESSIONS = frozenset(
    {
        OrderKind.WALK_CREWS_OUT,
        OrderKind.THIN_OUT_SPECIAL_POLICE,
        OrderKind.REPLACE_POLICE_AT_DOOR,
        OrderKind.MOVE_MAYOR,
        OrderKind.OPEN_EXIT,
        OrderKind.MEDIATE,
        OrderKind.DEFER_ENTRY,
        OrderKind.TELL_KFOR_BEFOREHAND,
        OrderKind.WAIT,
    }
)
"""Orders that a row of ``concessions.yaml`` prices."""


class Concession(Sourced):
    """One way to ease the dilemma, and its price.

    Attributes
    ----------
    takes_min
        From the order until it is done.
    confidence_cost
        Share by which the other community's confidence in the forces falls.
    grievance_relief
        Share of their grievance that it lifts from the people at the site.
    precedent_cost
        Share by which people at the site think a consequence less certain.
    licence_cost, licence_gain
        By government: share of licence lost and won.
    movement_hours
        Hours of freedom of movement given up.
    """

    order: OrderKind
    takes_min: Span
    confidence_cost: Span
    grievance_relief: Span
    precedent_cost: Span
    licence_cost: dict[str, Span] = Field(default_factory=dict)
    licence_gain: dict[str, Span] = Field(default_factory=dict)
    movement_hours: Span


class Concessions(Strict):
    """``concessions.yaml``: every way to ease the dilemma, once."""

    name: str
    concessions: tuple[Concession, ...]

    def of(self, kind: OrderKind) -> Concession | None:
        """Return the price of an order; None where it is no concession."""
        return next((row for row in self.concessions if row.order is kind), None)


def load_concessions(path: Path, root: Path | None = None) -> Concessions:
    """Return the checked concessions in the YAML file at *path*; InputError with file, line and field otherwise."""
    document = read_document(path, root)
    concessions = validated(document, Concessions)
    refuse(concession_problems(document, concessions))
    return concessions


def concession_problems(document: Document, concessions: Concessions) -> list[Problem]:
    """Return rows that price no concession, or one a second time, and concessions without a price."""
    problems: list[Problem] = []
    seen: set[OrderKind] = set()
    for place, row in enumerate(concessions.concessions):
        at = ("concessions", place, "order")
        if row.order not in CONCESSIONS:
            problems.append(document.problem(at, f"{row.order} is no concession", f"known: {', '.join(sorted(CONCESSIONS))}"))
        elif row.order in seen:
            problems.append(document.problem(at, f"{row.order} stands twice", "keep one of the two"))
        seen.add(row.order)
    missing = sorted(CONCESSIONS - seen)
    if missing:
        problems.append(document.problem(("concessions",), f"have no price for {', '.join(missing)}", "add a row for each"))
    return problems
