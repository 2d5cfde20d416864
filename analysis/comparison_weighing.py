"""What the page's script needs to order options by a reader's own weights, with no server.

Each mean difference is divided by the spread of all runs of all options, as in the rankings, and turned so that less is better.
Where the comparison does not tell the spread it is read off the histograms, to about a bin's width.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from analysis.comparison import ALL, PANELS, Comparison, Distribution, OutcomeTold
from analysis.comparison_words import baseline_of, effect_of, option_label, outcome_label, primary_of, ran

DIGITS = 5


def weighing(found: Comparison) -> dict[str, Any]:
    """Return harms by option, panel and outcome in spreads, those of the worst tenth of runs, and the presets."""
    outcomes = [item for item in primary_of(found) if item.better != "neutral"]
    scales = found.space.get("scales", {})
    units = {item.name: scales.get(item.name) or spread(found, item) for item in outcomes}
    options = []
    for option in ran(found):
        harm = {panel: [_harm(found, option.id, item, panel, units[item.name]) for item in outcomes] for panel in (ALL, *PANELS)}
        tail = [_tail_harm(found, option.id, item, units[item.name]) for item in outcomes]
        if all(value is not None for value in harm[ALL]):
            options.append({"id": option.id, "label": option_label(option), "harm": harm, "tail": tail})
    return {
        "outcomes": [outcome_label(item.name) for item in outcomes],
        "options": options,
        "presets": {name: [given.get(item.name, 0.0) for item in outcomes] for name, given in found.weights.items()},
        "panels": list(PANELS),
        "baseline": baseline_of(found),
    }


def spread(found: Comparison, item: OutcomeTold) -> float:
    """Return the standard deviation of an outcome over all runs of all options; 1 where none differs."""
    heaps = [heap for told in found.distributions.values() if item.name in told for heap in _heaps(told[item.name], item.unit)]
    weight = sum(share for _, share in heaps) or 1.0
    mean = sum(value * share for value, share in heaps) / weight
    return math.sqrt(sum((value - mean) ** 2 * share for value, share in heaps) / weight) or 1.0


def _heaps(told: Distribution, unit: str) -> list[tuple[float, float]]:
    """Return values with their shares of one option's runs: middles of bins; exact where a run answers yes or no."""
    if unit == "0 or 1":
        return [(0.0, 1.0 - told.mean), (1.0, told.mean)]
    runs = sum(told.counts) or 1
    return [((low + high) / 2, count / runs) for (low, high), count in zip(pairwise(told.edges), told.counts, strict=True)]


def _harm(found: Comparison, option: str, item: OutcomeTold, panel: str, unit: float) -> float | None:
    """Return how much worse an option is on average than the baseline, in spreads."""
    if option == baseline_of(found):
        return 0.0
    effect = effect_of(found, option, item.name, panel)
    return None if effect is None or math.isnan(effect.mean) else _turned(effect.mean, item, unit)


def _tail_harm(found: Comparison, option: str, item: OutcomeTold, unit: float) -> float | None:
    """Return how much worse the worst tenth of an option's runs is than the baseline's, in spreads."""
    told = found.distributions.get(option, {}).get(item.name)
    base = found.distributions.get(baseline_of(found), {}).get(item.name)
    if told is None or base is None or math.isnan(told.tail) or math.isnan(base.tail):
        return None
    return _turned(told.tail - base.tail, item, unit)


def _turned(difference: float, item: OutcomeTold, unit: float) -> float:
    return round((-1.0 if item.better == "more" else 1.0) * difference / unit, DIGITS)
