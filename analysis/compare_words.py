"""A comparison told on the command line: where the order changes, the ranking with what each option does, how sure it is, what failed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.comparison import ALL, Comparison, Ranking
from analysis.comparison_verdict import flips_told, headline, labels_of
from analysis.comparison_words import (
    MARKS,
    STOPPED_WORDS,
    Standing,
    effect_of,
    effect_scale,
    outcome_label,
    percent,
    primary_of,
    shortened,
    standing,
)

FLIPS_SHOWN = 6
NAME_WIDTH = 44


def told(found: Comparison, shown: int) -> str:
    """Return a comparison in plain lines, the first *shown* options and the baseline in full."""
    return "\n".join([*_flips(found), "", *_ranking(found, shown), "", *_reading(found), *_checks(found)])


def _flips(found: Comparison) -> Iterator[str]:
    yield headline(found)
    flips = flips_told(found)
    yield from (f"  {line}" for line in flips[:FLIPS_SHOWN])
    if len(flips) > FLIPS_SHOWN:
        yield f"  and {len(flips) - FLIPS_SHOWN} more changes of order"


def _plain(found: Comparison) -> Ranking | None:
    return next((item for item in found.rankings if item.panel == ALL), None)


def _ranking(found: Comparison, shown: int) -> Iterator[str]:
    ranking, primary = _plain(found), primary_of(found)
    if ranking is None:
        yield "no ranking: some option failed on every run"
        return
    labels = labels_of(found)
    yield f"Paired differences from the baseline, options by {ranking.rule} with {ranking.weights} weights:"
    widths = [max(len(outcome_label(item.name)), 12) for item in primary]
    yield " " * (NAME_WIDTH + 8) + "  ".join(outcome_label(item.name).rjust(width) for item, width in zip(primary, widths, strict=True))
    yield " " * (NAME_WIDTH + 8) + "  ".join(_unit(found, place).rjust(width) for place, width in enumerate(widths))
    for place, option in enumerate(ranking.order):
        if place < shown or effect_of(found, option, primary[0].name) is None or option == found.options[0].id:
            cells = "  ".join(_cell(found, option, column).rjust(width) for column, width in enumerate(widths))
            yield f"{place + 1:4d}. {shortened(labels[option], NAME_WIDTH):<{NAME_WIDTH}}  {cells}"
    if len(ranking.order) > shown:
        yield f"      {len(ranking.order)} options in all; the rest stands in comparison.json and on the page"


def _unit(found: Comparison, place: int) -> str:
    return effect_scale(found, primary_of(found)[place]).unit


def _cell(found: Comparison, option: str, place: int) -> str:
    outcome = primary_of(found)[place]
    effect = effect_of(found, option, outcome.name)
    seen = standing(effect, outcome.better)
    return f"{effect_scale(found, outcome).signed(effect.mean if effect else math.nan)} {MARKS[seen]}"


def _reading(found: Comparison) -> Iterator[str]:
    better, worse, unclear = (MARKS[seen] for seen in (Standing.BETTER, Standing.WORSE, Standing.UNCLEAR))
    yield f"{better} better, {worse} worse (95 % for all at once), {unclear} not told apart, {MARKS[Standing.SAME]} never differs"
    ranking = _plain(found)
    chance = math.nan if ranking is None else ranking.correct_chance
    sure = "" if math.isnan(chance) else f"; the first is the best in {percent(chance)} of resamples"
    size = f"{found.seeds} paired runs of each option in {found.cases} cases, {found.runs} runs in {found.seconds:.0f} s"
    yield f"{size}: {STOPPED_WORDS.get(found.stopped, found.stopped)}{sure}."
    without = [item.id for item in found.options if item.no_path]
    if without:
        yield f"No path here: {', '.join(without)}."


def _checks(found: Comparison) -> Iterator[str]:
    for name, gap in found.placebo.items():
        exact = "exactly 0" if gap == 0.0 else "not checked" if math.isnan(gap) else f"{gap:g}: the comparison cannot be trusted"
        yield f"Check, {name}: {exact}."
    if found.failures:
        first = found.failures[0]
        which = f"option {first['option']}, case {first['case']}, seed {first['seed']}"
        yield f"{len(found.failures)} failed runs; the first: {which}: {first['message']}"
    yield f"The same again: {found.line}"
