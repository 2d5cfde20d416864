"""Orders: what a seat commands, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.vocabulary import OrderKind, Verdict


@dataclass(frozen=True)
class Order:
    """One command of one seat.

    Attributes
    ----------
    seat
        Who orders.
    kind
        What is ordered.
    selectivity
        Whom it hits, in [0, 1]: 0 everybody in reach, 1 identified violent persons only.
    because
        The seat's own reason: the name of the doctrine row, the script's line, or a person's words.
    site
        Where: the site of the picture on which it was given.
    """

    seat: str
    kind: OrderKind
    selectivity: float = 0.0
    because: str = ""
    site: str = ""


@dataclass(frozen=True)
class Decision:
    """What mandate, rules and approvals made of an order.

    Attributes
    ----------
    verdict
        Granted, delayed or refused.
    clause
        Id of the clause that decided.
    delay_min
        Minutes until the order takes effect; 0 when granted at once or refused.
    reasons
        Sentences for the record, the deciding one first.
    steps
        Desks that work on the approval in turn, with the minutes of each; empty when nobody is asked.
    excluded
        Contingents that a caveat keeps out of a granted or delayed order, with the clause id each.
    """

    verdict: Verdict
    clause: str
    delay_min: float = 0.0
    reasons: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, float], ...] = ()
