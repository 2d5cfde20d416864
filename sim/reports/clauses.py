"""Clauses: what the clause that decided an order says, and the doctrine's row that an order came from, from the scenario's files."""

from __future__ import annotations

from typing import Any

from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence
from sim.reports.words import minutes_words, order_words, sentence, spoken

_PLAIN = {
    "time_from": "from {}",
    "time_until": "until {}",
    "crowd_at_least": "at least {:g} people reported",
    "crowd_at_most": "at most {:g} people reported",
    "violent_at_least": "at least {:g} violent reported",
    "violent_at_most": "at most {:g} violent reported",
    "violent_share_at_least": "at least {:.0%} of the crowd violent",
    "seated_share_at_least": "at least {:.0%} of the crowd sitting",
    "own_hurt_at_least": "at least {} of its own hurt",
    "own_fit_at_least": "at least {} of its own fit",
    "advance_m_at_least": "the line at least {:g} m forward",
    "talks": "talks: {}",
    "dusk_within_min": "dusk within {:g} minutes",
}
_YES_NO = {"vehicles_stuck": ("vehicles stuck", "no vehicle stuck"), "line_pressed": ("the line pressed", "the line not pressed")}
_PAST = {"never": "never yet", "ever": "some time after", "newer": "new since the last such order:"}


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


def changed_by(evidence: Evidence, clause: str) -> str:
    """Return who can change a clause, in words; empty where the scenario's files do not say."""
    framework = evidence.run.scenario.framework
    levels = {item.id: item.changed_by for item in framework.mandate.clauses}
    levels |= {row.id: row.changed_by for row in framework.rules.authorities}
    return spoken(str(levels[clause])) if clause in levels else ""


def doctrine_words(evidence: Evidence, deed: Deed) -> str:
    """Return the conditions under which the seat's doctrine gives this order; empty where no table did."""
    table = evidence.day.doctrines.get(deed.seat)
    name, _, row_name = deed.because.partition(": ")
    if table is None or name != table.doctrine:
        return ""
    row = next((row for row in table.rows if row.name == row_name), None)
    if row is None:
        return ""
    conditions = row.when.model_dump(exclude_unset=True, exclude_none=True)
    reason = sentence(str(getattr(row, "because", "")))
    told = [words for name, value in conditions.items() for words in _condition_words(name, value)]
    return f"{reason} The table's condition: {', '.join(told)}." if told else f"{reason} The table asks for no condition."


def _condition_words(name: str, value: Any) -> list[str]:
    if name in _PLAIN:
        return [_PLAIN[name].format(value)]
    if name in _YES_NO:
        return [_YES_NO[name][0 if value else 1]]
    if name == "minutes_since":
        return [_since_words(order_words(key), float(part)) for key, part in value.items()]
    if name == "not_since":
        return [f"no '{order_words(key)}' in the last {minutes_words(float(part))}" for key, part in value.items()]
    told = ", ".join(f"'{order_words(key)}'" for key in value) if isinstance(value, list | tuple) else str(value)
    return [f"{_PAST.get(name, name.replace('_', ' '))} {told}"]


def _since_words(what: str, minutes: float) -> str:
    return f"after '{what}'" if minutes < 1.0 else f"at least {minutes_words(minutes)} after '{what}'"
