"""Deeds: each order joined to the permission it met and to what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sim.foundations.clock import Clock


@dataclass
class Deed:
    """One order, the permission it met, and when it took effect.

    Attributes
    ----------
    verdict, clause, delay_min, queued_min, reasons, excluded
        The permission, with the part of its minutes for which it waited on busy desks; empty verdict for an order that needs
        none (a prepared group's).
    effect_tick
        When it took effect; -1 where it never did.
    taken_back
        The later order of the same seat that took it back while it waited; empty where none did.
    """

    tick: int
    site: str
    seat: str
    order: str
    because: str
    selectivity: float
    verdict: str = ""
    clause: str = ""
    delay_min: float = 0.0
    queued_min: float = 0.0
    reasons: list[str] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)
    effect_tick: int = -1
    taken_back: str = ""

    @property
    def waits(self) -> bool:
        """Whether it could still take effect."""
        return self.effect_tick < 0 and self.verdict != "refused" and not self.taken_back


def joined(entries: Iterable[dict[str, Any]], clock: Clock) -> list[Deed]:
    """Return every order with its permission and its effect, in the order in which they were given."""
    deeds: list[Deed] = []
    for entry in entries:
        if entry["kind"] == "order":
            deeds.append(Deed(entry["tick"], entry["site"], entry["seat"], entry["order"], entry["because"], entry["selectivity"]))
        elif entry["kind"] == "permission":
            _take_permission(deeds, entry)
        elif entry["kind"] == "effect":
            _take_effect(deeds, entry, clock)
        elif entry["kind"] == "taken_back":
            _take_back(deeds, entry)
    return deeds


def _same(deed: Deed, entry: dict[str, Any]) -> bool:
    return (deed.site, deed.seat, deed.order) == (entry["site"], entry["seat"], entry["order"])


def _take_permission(deeds: list[Deed], entry: dict[str, Any]) -> None:
    for deed in reversed(deeds):
        if _same(deed, entry) and not deed.verdict:
            deed.verdict, deed.clause, deed.delay_min = entry["verdict"], entry["clause"], entry["delay_min"]
            deed.queued_min, deed.reasons, deed.excluded = entry["queued_min"], entry["reasons"], entry["excluded"]
            return


def _take_effect(deeds: list[Deed], entry: dict[str, Any], clock: Clock) -> None:
    """Give an effect to the oldest order of that kind that waits for one and whose approval is due."""
    for deed in deeds:
        due = deed.tick + clock.ticks_in(deed.delay_min)
        if deed.waits and _same(deed, entry) and due <= entry["tick"]:
            deed.effect_tick = entry["tick"]
            deed.clause = deed.clause or entry["clause"]
            return


def _take_back(deeds: list[Deed], entry: dict[str, Any]) -> None:
    """Mark the oldest order of that kind that waits as taken back."""
    for deed in deeds:
        if deed.waits and _same(deed, entry):
            deed.taken_back = entry["by"]
            return
