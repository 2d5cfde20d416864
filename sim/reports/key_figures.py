"""Key figures: outcomes in their order, and what is known of the days themselves beside them.

Every number is the run's own outcome. Facts of history come from the scenario's files with their sources, never from here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sim.engine.outcomes import ARMED_OUTCOMES, NOT_SHOWN, Outcome, outcomes_in_play
from sim.foundations.documents import read_document
from sim.foundations.errors import InputError
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.words import order_words, outcome_words, spoken

BETTER = {"less": "less is better", "more": "more is better", "neutral": "neither more nor less is better"}

IN_TABLE = (
    *("crowd_peak", "hurt", "serious_or_fatal", "kfor_hurt_final_report", "police_hurt_final_report", "protesters_hurt_final_report"),
    *("detained", "minutes_with_two_leads", "minutes_without_lead", "support_arrived", "line_held"),
)
"""Outcomes of the table that sets the sites side by side."""


@dataclass(frozen=True)
class Observed:
    """What is known of one outcome on the day itself."""

    words: str
    source: str
    grade: str


def outcome_rows(run: RunEvidence, observed: Mapping[str, Observed], path: str = "") -> list[dict[str, Any]]:
    """Return outcomes that the run kept, primary ones first, each with what is known of the day where that is given.

    Parameters
    ----------
    path
        ``day/site`` for a site-day; empty for the whole run.
    """
    kept = run.manifest["outcomes"]
    before = f"{path}/" if path else ""
    there = [outcome for outcome in outcomes_in_play(run.run.scenario) if before + outcome.name in kept]
    ordered = sorted(there, key=lambda outcome: not outcome.primary)
    alone = run.alone.key if run.alone is not None and not path else path
    return [_outcome_row(outcome, before + outcome.name, kept, _known(observed, alone, outcome.name)) for outcome in ordered]


def _known(observed: Mapping[str, Observed], path: str, name: str) -> Observed | None:
    """Return what is known of a site-day, or else of the whole day, then said to be of all its sites."""
    if f"{path}/{name}" in observed:
        return observed[f"{path}/{name}"]
    whole = observed.get(f"{path.partition('/')[0]}/{name}")
    return Observed(f"{whole.words} at all sites together", whole.source, whole.grade) if whole else observed.get(name)


def _outcome_row(outcome: Outcome, path: str, kept: Mapping[str, float], observed: Observed | None) -> dict[str, Any]:
    return {
        "name": path,
        "words": spoken(outcome.name.removesuffix("_min")),
        "meaning": outcome.meaning,
        "value": kept[path],
        "shown": outcome_words(outcome, kept[path]),
        "unit": "" if outcome.unit in ("0 or 1", "share", "min", "h") else outcome.unit,
        "better": BETTER[outcome.better],
        "primary": outcome.primary,
        "observed": observed,
    }


def side_by_side(run: RunEvidence, observed: Mapping[str, Observed]) -> dict[str, Any]:
    """Return the table that sets the sites side by side: one row a site-day, one a day where it has several sites, the run."""
    known = {outcome.name: outcome for outcome in outcomes_in_play(run.run.scenario)}
    columns = [known[name] for name in IN_TABLE if name in run.manifest["outcomes"]]
    rows = []
    for day, items in run.days:
        rows += [_table_row(run, columns, observed, f"{item.key}/", item.date, item.place, f"{item.prefix}day") for item in items]
        if len(items) > 1:
            rows.append(_table_row(run, columns, observed, f"{day.name}/", items[0].date, "all sites", ""))
    rows.append(_table_row(run, columns, observed, "", "all days", "all sites", ""))
    heads = [(spoken(outcome.name.removesuffix("_min")), outcome.meaning) for outcome in columns]
    return {"heads": heads, "rows": rows}


def _table_row(
    run: RunEvidence, columns: list[Outcome], observed: Mapping[str, Observed], before: str, date: str, place: str, anchor: str
) -> dict[str, Any]:
    kept = run.manifest["outcomes"]
    cells = [
        {
            "path": before + outcome.name,
            "value": kept[before + outcome.name],
            "shown": outcome_words(outcome, kept[before + outcome.name]),
            "observed": observed.get(before + outcome.name),
        }
        for outcome in columns
    ]
    return {"date": date, "place": place, "anchor": anchor, "cells": cells, "total": not anchor}


ARMED_NOT_SHOWN = (
    "force across the boundary (escalation step 6), which is never played and told as hours at step 5 only; what becomes of those who "
    "are caught, and who sent the group; arms by kind and number; whether an armed attack comes at all where the scenario gives it",
)
"""What a run with an armed group cannot show, in place of :data:`NOT_SHOWN`, part of which such a run does show."""


def not_shown(outcomes: Collection[str]) -> list[str]:
    """Return what the specification asks for and a run with these outcomes cannot show."""
    return list(ARMED_NOT_SHOWN if any(outcome.name in outcomes for outcome in ARMED_OUTCOMES) else NOT_SHOWN)


def observed_outcomes(run: RunEvidence) -> dict[str, Observed]:
    """Return what is known of the days by path of outcome, from ``expected.yaml`` of the whole; nothing where it is absent."""
    path = run.run.scenario.whole / "expected.yaml"
    if not path.is_file():
        return {}
    try:
        value = read_document(path, path.parent).value
    except InputError:
        return {}
    return {str(item["outcome"]): _observed(item) for item in _items(value) if "observed" in item}


def _items(value: Any) -> list[Mapping[str, Any]]:
    """Return every mapping with an ``outcome`` field, wherever it stands in the file."""
    if isinstance(value, Mapping):
        inner = [found for part in value.values() for found in _items(part)]
        return [value, *inner] if "outcome" in value else inner
    return [found for part in value for found in _items(part)] if isinstance(value, list) else []


def _observed(item: Mapping[str, Any]) -> Observed:
    return Observed(_range_words(item["observed"]), str(item.get("source", "")), str(item.get("grade", "")))


def _range_words(value: Any) -> str:
    if isinstance(value, Mapping) and {"low", "high"} <= value.keys():
        return f"{value['low']} to {value['high']}"
    if isinstance(value, list) and len(value) == 2:
        return f"{value[0]} to {value[1]}"
    return str(value["value"]) if isinstance(value, Mapping) and "value" in value else str(value)


def compared_with_history(evidence: Evidence) -> list[dict[str, str]]:
    """Return, by seat and order, when it was first given on the day (from the script, with source) and in this run."""
    rows = []
    for seat, lines in evidence.day.file.history.items():
        seen = set()
        for line in lines:
            if line.order in seen or not _here(evidence, seat, line.site):
                continue
            seen.add(line.order)
            deed = next((deed for deed in evidence.deeds if deed.seat == seat and deed.order == line.order), None)
            rows.append(
                {
                    "seat": evidence.seat(seat),
                    "order": order_words(line.order),
                    "then": str(line.at),
                    "now": _given(evidence, deed.tick, deed.effect_tick) if deed else "never ordered",
                    "source": line.source,
                    "grade": str(line.grade),
                }
            )
    return rows


def _here(evidence: Evidence, seat: str, site: str | None) -> bool:
    """Tell whether a line of history concerns this site: its own, that of its seat, or all of them."""
    return (site or evidence.run.scenario.file.seats[seat].site or evidence.site) == evidence.site


def _given(evidence: Evidence, tick: int, effect_tick: int) -> str:
    ordered = evidence.label(tick)
    if effect_tick < 0:
        return f"{ordered} (no effect)"
    return ordered if effect_tick == tick else f"{ordered}, in effect {evidence.label(effect_tick)}"
