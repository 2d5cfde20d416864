"""Cause: one turning point, told as what happened, when, and why as far as the record tells."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cause:
    """One turning point.

    Attributes
    ----------
    lead
        What happened, in a sentence.
    points
        Causes, one sentence or two each.
    header, rows
        A small table of factors, where there is one.
    """

    title: str
    time: str
    lead: str
    points: list[str] = field(default_factory=list)
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
