"""Key figures: outcomes in their order, who was hurt as truth and reports have it, and what is known of the day itself.

Every number is the run's own outcome. Facts of history come from the scenario's files with their sources, never from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.engine.outcomes import NOT_SHOWN, OUTCOMES, Injury, Outcome, injuries_of
from sim.engine.world import new_world
from sim.foundations.documents import read_document
from sim.foundations.errors import InputError
from sim.reports.evidence import Evidence
from sim.reports.words import SIDES, order_words, outcome_words, spoken
from sim.vocabulary import Grade, Side

REPORTS = (("truth", ""), ("first report", "in_first"), ("final report", "in_final"))
GRADES = (Grade.LIGHT, Grade.SERIOUS, Grade.FATAL)
BETTER = {"less": "less is better", "more": "more is better", "neutral": "neither more nor less is better"}


@dataclass(frozen=True)
class Observed:
    """What is known of one outcome on the day itself."""

    words: str
    source: str
    grade: str


def injuries(evidence: Evidence) -> list[Injury]:
    """Return everybody hurt in the run, with what each report counted: the outcomes' own definition, on the kept record."""
    world = new_world(evidence.run.scenario, int(evidence.manifest["seed"]), {})
    world.record.add_incidents(evidence.run.tables["incidents"])
    world.state.people = evidence.people
    return injuries_of(world)


def hurt_rows(evidence: Evidence, found: list[Injury]) -> list[dict[str, Any]]:
    """Return, for each side and grade, how many were hurt in truth, in the first report and in the final one."""
    there = {Side.KFOR, Side.PROTESTERS, *(Side(int(side)) for side in evidence.sections["side"]), *(item.side for item in found)}
    rows = []
    for side in sorted(there):
        for grade in GRADES:
            counts = [_counted(found, side, grade, report) for _, report in REPORTS]
            rows.append({"side": SIDES[side], "grade": grade.name.lower(), "counts": counts, "total": False})
        counts = [_counted(found, side, None, report) for _, report in REPORTS]
        rows.append({"side": SIDES[side], "grade": "all grades", "counts": counts, "total": True})
    return rows


def _counted(found: list[Injury], side: Side, grade: Grade | None, report: str) -> int:
    return sum(
        1 for item in found if item.side is side and (grade is None or item.grade is grade) and (not report or getattr(item, report))
    )


def agrees(evidence: Evidence, found: list[Injury]) -> bool:
    """Return whether the injuries counted now are those of the run's outcomes; another version may count differently."""
    outcomes = evidence.manifest["outcomes"]
    held = {"kfor_hurt": Side.KFOR, "protesters_hurt": Side.PROTESTERS}
    return all(_counted(found, side, None, "") == outcomes[name] for name, side in held.items() if name in outcomes)


def outcome_rows(evidence: Evidence, observed: Mapping[str, Observed]) -> list[dict[str, Any]]:
    """Return every outcome that the run kept, primary ones first, each with what is known of the day where that is given."""
    kept = evidence.manifest["outcomes"]
    ordered = sorted((outcome for outcome in OUTCOMES if outcome.name in kept), key=lambda outcome: not outcome.primary)
    return [_outcome_row(outcome, kept[outcome.name], observed.get(outcome.name)) for outcome in ordered]


def _outcome_row(outcome: Outcome, value: float, observed: Observed | None) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "words": spoken(outcome.name.removesuffix("_min")),
        "meaning": outcome.meaning,
        "value": value,
        "shown": outcome_words(outcome, value),
        "unit": "" if outcome.unit in ("0 or 1", "share", "min", "h") else outcome.unit,
        "better": BETTER[outcome.better],
        "primary": outcome.primary,
        "observed": observed,
    }


def not_shown() -> list[str]:
    """Return what the specification asks for and this scenario cannot show."""
    return list(NOT_SHOWN)


def observed_outcomes(evidence: Evidence) -> dict[str, Observed]:
    """Return what is known of the day by outcome, from ``expected.yaml`` among the scenario's files; nothing where it is absent."""
    path = evidence.run.scenario.folder / "expected.yaml"
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
    """Return, for each order of the scenario's sourced history, when it was given on the day and in this run."""
    rows = []
    for seat, file in evidence.run.scenario.file.seats.items():
        seen = set()
        for line in file.history:
            if line.order in seen:
                continue
            seen.add(line.order)
            deed = next((deed for deed in evidence.deeds if deed.seat == seat and deed.order == line.order), None)
            rows.append(
                {
                    "seat": spoken(seat),
                    "order": order_words(line.order),
                    "then": str(line.at),
                    "now": _given(evidence, deed.tick, deed.effect_tick) if deed else "never ordered",
                    "source": line.source,
                    "grade": str(line.grade),
                }
            )
    return rows


def _given(evidence: Evidence, tick: int, effect_tick: int) -> str:
    ordered = evidence.label(tick)
    if effect_tick < 0:
        return f"{ordered} (no effect)"
    return ordered if effect_tick == tick else f"{ordered}, in effect {evidence.label(effect_tick)}"
