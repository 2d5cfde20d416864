"""Clauses: what the clause that decided an order says, and the doctrine's row that an order came from, from the scenario's files."""

from __future__ import annotations

from typing import Any

from sim.reports.evidence import Deed, Evidence
from sim.reports.words import minutes_words, order_words, sentence, spoken


def clause_words(evidence: Evidence, clause: str) -> str:
    """Return what a clause says, its source and grade; empty where the scenario's files do not name it."""
    framework = evidence.run.scenario.framework
    for item in framework.mandate.clauses:
        if item.id == clause:
            return f"({sentence(item.text)} {item.basis}; source: {item.source}; grade {item.grade})"
    for row in framework.rules.authorities:
        if row.id == clause:
            holder = next((hq.name for hq in framework.command.headquarters if hq.id == row.holder), row.holder)
            changed = spoken(str(row.changed_by))
            return f"(Held by {holder}; {row.status}; changed by: {changed}; source: {row.source}; grade {row.grade})"
    return ""


def doctrine_words(evidence: Evidence, deed: Deed) -> str:
    """Return the conditions under which the seat's doctrine gives this order; empty where no table did."""
    table = evidence.run.scenario.doctrines.get(deed.seat)
    name, _, row_name = deed.because.partition(": ")
    if table is None or name != table.doctrine:
        return ""
    row = next((row for row in table.rows if row.name == row_name), None)
    if row is None:
        return ""
    conditions = row.when.model_dump(exclude_unset=True, exclude_none=True)
    reason = sentence(str(getattr(row, "because", "")))
    when = f" It holds when: {_conditions_words(conditions)}." if conditions else " It always holds."
    return f"{reason}{when}"


def _conditions_words(conditions: dict[str, Any]) -> str:
    return "; ".join(_condition_words(name, value) for name, value in conditions.items())


def _condition_words(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"not {words}"
    if isinstance(value, dict):
        inner = ", ".join(f"{order_words(str(key))} {minutes_words(float(part))}" for key, part in value.items() if isinstance(part, int | float))
        return f"{words}: {inner}"
    if isinstance(value, list | tuple):
        return f"{words}: {', '.join(order_words(str(part)) for part in value)}"
    return f"{words} {value:g}" if isinstance(value, int | float) else f"{words} {order_words(str(value))}"
