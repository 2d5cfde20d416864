"""The tables of a comparison's page: scorecard, ranks, tails, doctrines, costs, and what says whether to trust the numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from analysis.comparison import ALL, PANELS, Comparison, Effect, OutcomeTold, Ranking
from analysis.comparison_verdict import labels_of, ranking_of, reference, rules_of, shorts_of, weights_of
from analysis.comparison_words import (
    GROUPS,
    KIND_WORDS,
    MARKS,
    PANEL_WORDS,
    Scale,
    Standing,
    baseline_of,
    cost_words,
    direction_words,
    effect_of,
    effect_scale,
    group_of,
    level_scale,
    option_label,
    outcome_label,
    percent,
    primary_of,
    ran,
    scale_of,
    spoken,
    standing,
    value_words,
)

CARD_COLUMNS = 12
"""How many outcomes stand in the scorecard before the secondary ones go into tables of their own."""

DUELLISTS = 6

BAR_WIDTH = 76.0
"""Units of the small interval in a cell of the scorecard."""


@dataclass(frozen=True)
class Column:
    """An outcome at the head of a scorecard's column."""

    name: str
    label: str
    group: str
    unit: str
    direction: str
    meaning: str
    primary: bool
    baseline: str
    baseline_unit: str


@dataclass(frozen=True)
class Cell:
    """A paired difference in a scorecard: mark, words, size, interval, and the interval drawn (left, width, point)."""

    standing: str
    mark: str
    size: str
    interval: str
    bar: tuple[float, float, float] | None


def card(found: Comparison, outcomes: list[OutcomeTold]) -> dict[str, Any]:
    """Return a scorecard of some outcomes: columns by group, rows by kind of option."""
    groups = [title for title, _ in GROUPS]
    ordered = sorted(outcomes, key=lambda item: (groups.index(group_of(item.name)), not item.primary))
    columns = [_column(found, item) for item in ordered]
    spans: list[list[Any]] = []
    for column in columns:
        if spans and spans[-1][0] == column.group:
            spans[-1][1] += 1
        else:
            spans.append([column.group, 1])
    limits = {item.name: _limit(found, item) for item in ordered}
    rows: dict[str, list[dict[str, Any]]] = {}
    for option in ran(found):
        if option.id != baseline_of(found):
            cells = [_cell(effect_of(found, option.id, item.name), item, effect_scale(found, item), limits[item.name]) for item in ordered]
            rows.setdefault(KIND_WORDS.get(option.kind, option.kind), []).append(
                {"label": option_label(option), "id": option.id, "cells": cells}
            )
    return {"columns": columns, "spans": spans, "kinds": rows}


def cards(found: Comparison) -> dict[str, Any]:
    """Return the scorecard: all outcomes where they are few; else primary ones, harm, trust and force-days, and the rest apart."""
    main = (
        list(found.outcomes) if len(found.outcomes) <= CARD_COLUMNS else [item for item in found.outcomes if item.primary or _headed(item)]
    )
    rest = [item for item in found.outcomes if item not in main]
    groups = [title for title, _ in GROUPS]
    rest.sort(key=lambda item: groups.index(group_of(item.name)))
    return {"main": card(found, main), "apart": [card(found, list(told)) for told in batched(rest, CARD_COLUMNS)]}


def _headed(item: OutcomeTold) -> bool:
    """Whether a secondary outcome belongs in the scorecard: harm by side, trust, force-days, sabotage in place of an attempt."""
    by_side = {f"{side}_hurt" for side in ("kfor", "police", "ksf", "protesters", "civilians")}
    return item.name in {*by_side, "killed", "officers_killed", "trust_spent"} or item.name.startswith(("force_days", "sabotage"))


def _column(found: Comparison, item: OutcomeTold) -> Column:
    told = found.distributions.get(baseline_of(found), {}).get(item.name)
    level = level_scale(found, item)
    unit, direction = effect_scale(found, item).unit, direction_words(item.better)
    baseline = level.plain(told.mean) if told else "–"
    return Column(
        item.name, outcome_label(item.name), group_of(item.name), unit, direction, item.meaning, item.primary, baseline, level.unit
    )


def _limit(found: Comparison, item: OutcomeTold) -> float:
    """Return how far a cell's bar reaches: the widest interval of all options that are no controls."""
    told = [effect_of(found, option.id, item.name) for option in ran(found) if option.kind != "control"]
    return max((max(abs(effect.low), abs(effect.high)) for effect in told if effect and not math.isnan(effect.low)), default=0.0)


def _cell(effect: Effect | None, item: OutcomeTold, scale: Scale, limit: float) -> Cell:
    seen = standing(effect, item.better)
    if effect is None or seen is Standing.UNSEEN:
        return Cell(seen.value, MARKS[seen], "", "", None)
    if seen is Standing.SAME and effect.low == effect.high:
        return Cell(seen.value, MARKS[seen], "0", "", None)
    interval = f"{scale.signed(effect.low)} to {scale.signed(effect.high)}" if not math.isnan(effect.low) else "no interval yet"
    return Cell(seen.value, MARKS[seen], scale.signed(effect.mean), interval, _bar(effect, limit))


def _bar(effect: Effect, limit: float) -> tuple[float, float, float] | None:
    if not limit or math.isnan(effect.low):
        return None
    low, high, mean = (BAR_WIDTH / 2 * (1 + max(-1.0, min(1.0, value / limit))) for value in (effect.low, effect.high, effect.mean))
    return round(low, 1), round(max(high - low, 1.0), 1), round(mean, 1)


def rank_table(found: Comparison, columns: list[tuple[str, Ranking]]) -> dict[str, Any]:
    """Return the ranks of all options in some rankings, with how far each moved against the reference."""
    base = reference(found)
    order = base.order if base is not None else ()
    labels = labels_of(found)
    rows = []
    for place, option in enumerate(order, 1):
        cells = []
        for _, ranking in columns:
            rank = ranking.order.index(option) + 1 if option in ranking.order else None
            cells.append({"rank": rank, "moved": place - rank if rank else 0})
        rows.append({"label": labels.get(option, option), "cells": cells})
    return {
        "heads": [head for head, _ in columns],
        "rows": rows,
        "correct": [percent(ranking.correct_chance) for _, ranking in columns],
        "swapped": [swapped_pairs(order, ranking.order) for _, ranking in columns],
        "pairs": len(order) * (len(order) - 1) // 2,
    }


def swapped_pairs(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """Return how many pairs stand in another order in the second ranking."""
    places = {option: place for place, option in enumerate(second)}
    known = [places[option] for option in first if option in places]
    return sum(known[i] > known[j] for i in range(len(known)) for j in range(i + 1, len(known)))


def ranks_by_rule(found: Comparison) -> list[dict[str, Any]]:
    """Return a table of ranks for each rule, panels side by side, under the reference's weights."""
    base = reference(found)
    return [] if base is None else [{"title": rule, **_over_panels(found, rule, base.weights)} for rule in rules_of(found)]


def ranks_by_weights(found: Comparison) -> list[dict[str, Any]]:
    """Return a table of ranks for each set of weights, panels side by side, by the reference's rule."""
    base = reference(found)
    return [] if base is None else [{"title": weights, **_over_panels(found, base.rule, weights)} for weights in weights_of(found)]


def _over_panels(found: Comparison, rule: str, weights: str) -> dict[str, Any]:
    told = [(panel, ranking_of(found, panel, rule, weights)) for panel in (ALL, *PANELS)]
    return rank_table(found, [(panel, ranking) for panel, ranking in told if ranking is not None])


def side_by_side(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return several tables of ranks as one with a head over each."""
    if not tables:
        return {}
    return {
        "heads": [(table["title"], table["heads"]) for table in tables],
        "rows": [
            {"label": rows[0]["label"], "cells": [row["cells"] for row in rows]}
            for rows in zip(*(table["rows"] for table in tables), strict=True)
        ],
        "correct": [table["correct"] for table in tables],
        "swapped": [table["swapped"] for table in tables],
        "pairs": tables[0]["pairs"],
    }


def tails(found: Comparison) -> list[dict[str, Any]]:
    """Return for each primary outcome how every option does in its worst tenth of runs, the option with the mildest tail first."""
    made = []
    for item in primary_of(found):
        told = [(option, found.distributions.get(option.id, {}).get(item.name)) for option in ran(found)]
        sign = 1.0 if item.better == "less" else -1.0
        known = sorted(((option, row) for option, row in told if row is not None), key=lambda pair: sign * pair[1].tail)
        scale = scale_of(item, [value for _, row in known for value in (row.mean, row.tail)])
        rows = [
            {
                "label": option_label(option),
                "baseline": option.id == baseline_of(found),
                "mean": scale.plain(row.mean),
                "middle": f"{scale.plain(row.quantiles[1])} to {scale.plain(row.quantiles[5])}",
                "tail": scale.plain(row.tail),
                "worst": scale.plain(row.quantiles[-1] if item.better == "less" else row.quantiles[0]),
            }
            for option, row in known
        ]
        made.append({"label": outcome_label(item.name), "unit": scale.unit, "direction": direction_words(item.better), "rows": rows})
    return made


def doctrines(found: Comparison) -> dict[str, Any]:
    """Return each option's differences on primary outcomes under each doctrine side by side, and where the sign turns."""
    names = list(found.by_doctrine)
    outcomes = primary_of(found)
    rows: list[dict[str, Any]] = []
    for option in (item for item in ran(found) if item.id != baseline_of(found)):
        cells: list[dict[str, Any]] = []
        for item in outcomes:
            told = [found.by_doctrine[name].get(option.id, {}).get(item.name) for name in names]
            seen = [_cell(effect, item, effect_scale(found, item), 0.0) for effect in told]
            words = {cell.standing for cell in seen}
            cells.append({"cells": seen, "turns": {Standing.BETTER.value, Standing.WORSE.value} <= words})
        if any(cell.standing != Standing.UNSEEN for group in cells for cell in group["cells"]):
            rows.append({"label": option_label(option), "cells": cells})
    turns = sum(group["turns"] for row in rows for group in row["cells"])
    return {
        "names": names,
        "outcomes": [(outcome_label(item.name), effect_scale(found, item).unit) for item in outcomes],
        "rows": rows,
        "turns": turns,
    }


def costs(found: Comparison) -> dict[str, Any]:
    """Return the costs of every option in currencies that are not added, and who must accept it."""
    keys = list(dict.fromkeys(key for item in found.options for key in item.cost))
    rows = [
        {"label": option_label(item), "costs": [cost_words(item.cost.get(key)) for key in keys], "accepted": "; ".join(item.accepted_by)}
        for item in found.options
        if item.kind not in ("baseline", "control")
    ]
    return {"keys": [spoken(key) for key in keys], "rows": rows}


def numbers(found: Comparison) -> list[dict[str, Any]]:
    """Return every difference over all cases with its intervals, its split into chance and uncertainty, and its shares of cases."""
    made = []
    for item in primary_of(found):
        scale, rows = effect_scale(found, item), []
        for option in ran(found):
            effect = effect_of(found, option.id, item.name)
            if effect is not None and option.id != baseline_of(found):
                rows.append({"label": option_label(option), **_numbers(effect, item, scale)})
        made.append({"label": outcome_label(item.name), "unit": scale.unit, "direction": direction_words(item.better), "rows": rows})
    return made


def _numbers(effect: Effect, item: OutcomeTold, scale: Scale) -> dict[str, str]:
    half = (effect.single_high - effect.single_low) / 2
    gain = f"{effect.unpaired_half / half:.1f} times" if half > 0 else "–"
    seen = standing(effect, item.better)
    return {
        "standing": f"{MARKS[seen]} {seen}",
        "mean": scale.signed(effect.mean),
        "together": f"{scale.signed(effect.low)} to {scale.signed(effect.high)}",
        "single": f"{scale.signed(effect.single_low)} to {scale.signed(effect.single_high)}",
        "chance_better": percent(effect.chance_better),
        "cases": f"{percent(effect.cases_better)} / {percent(effect.cases_worse)}",
        "from_chance": scale.plain(effect.from_chance),
        "from_uncertainty": scale.plain(effect.from_uncertainty),
        "gain": gain,
        "pairs": f"{effect.pairs:,}",
    }


def summary_of(found: Comparison, item: OutcomeTold) -> str:
    """Return how many options are better, worse, or not told apart on one outcome."""
    seen = [standing(effect_of(found, option.id, item.name), item.better) for option in ran(found) if option.id != baseline_of(found)]
    counts = ((told, seen.count(told)) for told in Standing)
    return ", ".join(f"{number} {told}" for told, number in counts if number)


def head_to_head(found: Comparison, leading: list[str]) -> list[dict[str, Any]]:
    """Return in how many paired runs each leading option beats each other one and the baseline, a table for each measure."""
    shorts = shorts_of(found)
    ids = [
        option
        for option in dict.fromkeys([*leading[:DUELLISTS], baseline_of(found)])
        if all(option in told for told in found.beats.values())
    ]
    outcomes = {item.name for item in found.outcomes}
    return [
        {
            "title": outcome_label(name) if name in outcomes else name,
            "heads": [shorts.get(option, option) for option in ids],
            "rows": [(shorts.get(one, one), [None if one == other else _duel(told, one, other) for other in ids]) for one in ids],
        }
        for name, told in found.beats.items()
        if len(ids) > 1
    ]


def _duel(told: Mapping[str, Mapping[str, float]], one: str, other: str) -> tuple[str, str]:
    """Return a share of paired runs in words, and whether it speaks for the option, against it, or for neither."""
    share = told[one].get(other, math.nan)
    return percent(share), "wins" if share > 0.5 else "loses" if share < 0.5 else "even"


def any_rows(rows: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """Return mappings as a table: a column for each key that any of them has."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return {"keys": [spoken(key) for key in keys], "rows": [[value_words(row.get(key)) for key in keys] for row in rows]}


def panel_heads() -> list[tuple[str, str]]:
    """Return the columns of panels: letter and name."""
    return [(panel if panel != ALL else "All", PANEL_WORDS[panel]) for panel in (ALL, *PANELS)]
