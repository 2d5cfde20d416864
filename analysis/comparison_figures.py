"""The figures of a comparison: paired differences by panel, with intervals and the split of chance and uncertainty; distributions.

Better is an upward triangle and worse a downward one, filled; what is not told apart is an open circle: shapes say it without colour.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.comparison import ALL, PANELS, Comparison, Distribution, Effect, OptionTold, OutcomeTold
from analysis.comparison_words import (
    PANEL_WORDS,
    Scale,
    Standing,
    baseline_of,
    direction_words,
    effect_of,
    effect_scale,
    level_scale,
    option_label,
    outcome_label,
    percent,
    ran,
    shortened,
    standing,
)
from sim.api import ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHAPE = {
    Standing.BETTER: ("^", ink.BLUE, ink.BLUE),
    Standing.WORSE: ("v", ink.VERMILLION, ink.VERMILLION),
    Standing.HIGHER: ("D", ink.TEXT, ink.TEXT),
    Standing.LOWER: ("D", ink.TEXT, ink.TEXT),
    Standing.UNCLEAR: ("o", "white", ink.GREY),
    Standing.SAME: ("|", ink.GREY, ink.GREY),
}
"""Marker, fill and edge."""

FOREST_WIDTH, HALF_WIDTH = 12.2, 6.1
ROW, HEAD, FOOT = 0.27, 0.72, 0.62
"""Inches of a row of a figure, of what stands above the rows, and below."""

NAMED = 46
"""Letters of an option's name in a figure."""


def forest(found: Comparison, outcome: OutcomeTold) -> Figure:
    """Draw every option's paired difference over all cases and in each panel, and which part of it is chance."""
    options = [item for item in ran(found) if item.id != baseline_of(found)]
    height = HEAD + FOOT + ROW * len(options)
    bottom, tall = FOOT / height, ROW * len(options) / height
    lefts = (0.27, 0.482, 0.584, 0.686, 0.788)
    widths = (0.2, 0.094, 0.094, 0.094, 0.094)
    boxes = [[left, bottom, width, tall] for left, width in zip(lefts, widths, strict=True)] + [[0.898, bottom, 0.045, tall]]
    figure, axes = ink.canvas(FOREST_WIDTH, height, boxes)
    scale = effect_scale(found, outcome)
    for ax, panel in zip(axes, (ALL, *PANELS), strict=False):
        _differences(ax, found, outcome, options, panel, scale)
    axes[0].set_yticks(range(len(options)), [shortened(option_label(item), NAMED) for item in options], fontsize=9.5)
    _split(axes[-1], found, outcome, options)
    figure.text(
        0.004, 1 - 0.2 / height, f"{outcome_label(outcome.name).capitalize()}: difference from the baseline, {scale.unit}", **_HEADING
    )
    figure.text(0.004, 1 - 0.42 / height, f"{direction_words(outcome.better)}", fontsize=9.5, color=ink.GREY)
    return figure


_HEADING: dict[str, Any] = {"fontsize": ink.TITLE_SIZE, "fontweight": "bold", "color": ink.TEXT, "va": "center"}


def _differences(ax: Axes, found: Comparison, outcome: OutcomeTold, options: list[OptionTold], panel: str, scale: Scale) -> None:
    """Draw one column: thin line the interval of all differences together, thick line that of this difference alone."""
    limit = _reach(found, outcome, options)
    ax.axvline(0, color=ink.TEXT, linewidth=0.9)
    _stripe(ax, len(options))
    rows: dict[Standing, list[tuple[int, Effect]]] = {}
    for row, option in enumerate(options):
        effect = effect_of(found, option.id, outcome.name, panel)
        if effect is not None and abs(effect.mean) > limit:
            _beyond(ax, row, effect.mean, limit, SHAPE[standing(effect, outcome.better)][2], scale)
        elif effect is not None and not math.isnan(effect.mean):
            rows.setdefault(standing(effect, outcome.better), []).append((row, effect))
    for seen, told in rows.items():
        _marks(ax, seen, told, limit)
    ax.set_xlim(-limit, limit)
    ax.set_ylim(len(options) - 0.5, -0.5)
    ticks = [-limit / 1.5, 0.0, limit / 1.5] if panel == ALL else [0.0]
    ax.set_xticks(ticks, [scale.signed(tick) for tick in ticks], fontsize=9)
    ax.set_yticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines[["left"]].set_visible(False)
    name = "all cases" if panel == ALL else f"{panel} {PANEL_WORDS[panel]}"
    ax.set_title(name, fontsize=9.5, fontweight="bold", color=ink.TEXT, pad=4)


def _reach(found: Comparison, outcome: OutcomeTold, options: list[OptionTold]) -> float:
    """Return how far the axis goes: controls and the widest panels may run off it, and are then marked by an arrow."""
    told = [effect_of(found, item.id, outcome.name, panel) for item in options if item.kind != "control" for panel in (ALL, *PANELS)]
    ends = sorted(max(abs(item.low), abs(item.high)) for item in told if item is not None and not math.isnan(item.low))
    known = [abs(item.mean) for item in told if item is not None and not math.isnan(item.mean)]
    widest = ends[int(0.95 * (len(ends) - 1))] if ends else 0.0
    return 1.08 * max(widest, *known, 0.0) or 1.0


def _stripe(ax: Axes, rows: int) -> None:
    """Shade every other row, so that an eye finds its way to the name."""
    ax.barh(range(1, rows, 2), 2.0, height=1.0, left=-0.5, color="#F3F4F6", linewidth=0, transform=ax.get_yaxis_transform(), zorder=0)


def _beyond(ax: Axes, row: int, mean: float, limit: float, colour: str, scale: Scale) -> None:
    """Mark a difference that lies beyond the axis by an arrow and its number."""
    right = mean > 0
    ax.plot([math.copysign(0.95 * limit, mean)], [row], marker=">" if right else "<", color=colour, markersize=6, clip_on=False)
    place = math.copysign(0.86 * limit, mean)
    ax.text(place, row, scale.signed(mean), ha="right" if right else "left", va="center", fontsize=8.5, color=colour)


def _marks(ax: Axes, seen: Standing, told: list[tuple[int, Effect]], limit: float) -> None:
    """Draw the differences of one standing: both intervals, and the mean in the standing's shape."""
    marker, fill, edge = SHAPE[seen]
    for ends, width in (("", 1.1), ("single_", 3.2)):
        spans = [(row, getattr(item, f"{ends}low"), getattr(item, f"{ends}high")) for row, item in told]
        known = [(row, max(low, -limit), min(high, limit)) for row, low, high in spans if not math.isnan(low)]
        rows, lows, highs = zip(*known, strict=True) if known else ((), (), ())
        ax.hlines(rows, lows, highs, color=edge, linewidth=width)
    means, size = [item.mean for _, item in told], 9.0 if seen is Standing.SAME else 6.5
    (marks,) = ax.plot(means, [row for row, _ in told], marker=marker, markersize=size, linestyle="none", zorder=3)
    marks.set(markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=2.4 if seen is Standing.SAME else 1.0)


def _split(ax: Axes, found: Comparison, outcome: OutcomeTold, options: list[OptionTold]) -> None:
    """Draw which share of a difference's variance lies between cases (filled) and which between seeds of one case (hatched)."""
    known = []
    for row, option in enumerate(options):
        effect = effect_of(found, option.id, outcome.name)
        total = effect.from_chance**2 + effect.from_uncertainty**2 if effect is not None else 0.0
        if effect is not None and total > 0:
            known.append((row, effect.from_uncertainty**2 / total))
        words = percent(effect.cases_better) if effect is not None and outcome.better != "neutral" else ""
        ax.text(2.15, row, words, ha="right", va="center", fontsize=9)
    rows, shares = [row for row, _ in known], [share for _, share in known]
    ax.barh(rows, shares, color=ink.GREY, height=0.62, linewidth=0)
    rest = [1.0 - share for share in shares]
    ax.barh(rows, rest, left=shares, color="white", edgecolor=ink.GREY, hatch="////", height=0.62, linewidth=0.6)
    ax.set_xlim(0, 1)
    ax.set_ylim(len(options) - 0.5, -0.5)
    ax.set_xticks([0, 1], ["0", "1"], fontsize=9)
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_title("split", fontsize=9.5, fontweight="bold", color=ink.TEXT, pad=4)
    ax.annotate(
        "better in", (2.15, 1.0), (0, 4), xycoords="axes fraction", textcoords="offset points", ha="right", fontsize=9.5, fontweight="bold"
    )


FOREST_CAPTION = (
    "Each row is one option against the baseline on the same cases and the same luck. Triangle up: better; triangle down: worse; "
    "open circle: not told apart; short upright bar: no difference in any pair of runs. Thin line: 95 % interval of all differences of the "
    "comparison together; thick line: of this one alone. An arrow with a number lies beyond the axis. Panels are on the same axis. "
    "Split: share of the variance that lies between cases (grey, uncertainty) and between seeds of one case (hatched, chance). "
    "Better in: share of cases in which the option is better."
)


def spread(found: Comparison, outcome: OutcomeTold) -> Figure:
    """Draw all runs of every option: their histogram, middle nine tenths, median, and mean of the worst tenth."""
    told = [(item, found.distributions.get(item.id, {}).get(outcome.name)) for item in ran(found)]
    known = [(item, row) for item, row in told if row is not None]
    height = HEAD + FOOT + ROW * len(known)
    figure, (ax,) = ink.canvas(HALF_WIDTH, height, [[0.46, FOOT / height, 0.51, ROW * len(known) / height]])
    scale = level_scale(found, outcome)
    _stripe(ax, len(known))
    for row, (item, told_here) in enumerate(known):
        if outcome.unit == "0 or 1":
            ax.barh(row, told_here.mean, color=ink.SKY, edgecolor=ink.BLUE, height=0.6, linewidth=0.6)
        else:
            _heap(ax, row, told_here)
        if item.id == baseline_of(found):
            ax.axvline(told_here.mean, color=ink.TEXT, linewidth=0.9, linestyle=(0, (4, 2)))
    ax.set_xlim(*_span([row for _, row in known], outcome))
    ax.set_ylim(len(known) - 0.5, -0.5)
    ax.set_yticks(range(len(known)), [shortened(option_label(item), NAMED - 6) for item, _ in known], fontsize=8.5)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(_locator())
    ax.xaxis.set_major_formatter(lambda value, _: f"{value * scale.factor:,.4g}".replace("-", "−"))
    figure.text(0.008, 1 - 0.2 / height, f"{outcome_label(outcome.name).capitalize()}, {scale.unit}", **_HEADING)
    figure.text(0.008, 1 - 0.42 / height, direction_words(outcome.better), fontsize=9.5, color=ink.GREY)
    return figure


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5)


def _heap(ax: Axes, row: int, told: Distribution) -> None:
    """Draw one option's histogram as a low heap on its row, with median, middle nine tenths and tail."""
    most = max(told.counts, default=0)
    if most and len(told.edges) == len(told.counts) + 1:
        heights = [row + 0.42 - 0.8 * count / most for count in told.counts]
        ax.stairs(heights, told.edges, baseline=row + 0.42, fill=True, color=ink.SKY, linewidth=0)
    low, median, high = told.quantiles[1], told.quantiles[3], told.quantiles[5]
    ax.plot([low, high], [row + 0.42, row + 0.42], color=ink.BLUE, linewidth=1.6, solid_capstyle="butt")
    ax.plot([median], [row + 0.3], marker="|", color=ink.TEXT, markersize=9, markeredgewidth=1.6)
    if not math.isnan(told.tail):
        ax.plot([told.tail], [row + 0.3], marker="D", color=ink.VERMILLION, markersize=4, linestyle="none")


def _span(told: list[Distribution], outcome: OutcomeTold) -> tuple[float, float]:
    if outcome.unit == "0 or 1":
        return 0.0, 1.0
    low = min((item.quantiles[0] for item in told), default=0.0)
    high = max((item.quantiles[-1] for item in told), default=1.0)
    room = 0.02 * (high - low) or 0.5
    return low - room, high + room


SPREAD_CAPTION = (
    "All runs of each option over cases and seeds. Heap: histogram; blue line: middle nine tenths; upright line: median; red diamond: "
    "mean of the worst tenth of runs. Dashed: the baseline's mean. Where a run answers yes or no, the bar is the number of runs in 100."
)


def _number(value: float | None) -> bool:
    return value is not None and not math.isnan(value)


def settling(found: Comparison) -> Figure | None:
    """Draw how each measure of convergence changed as runs were added; nothing where fewer than two rounds were told."""
    if len(found.convergence) < 2:
        return None
    first, *rest = found.convergence[0]
    points = {key: [(row[first], row[key]) for row in found.convergence if _number(row.get(key))] for key in rest if key != "settled"}
    measured = [key for key, told in points.items() if told]
    if not measured:
        return None
    count = len(measured)
    room = 1.0 / count
    boxes = [[room * place + 0.25 * room, 0.24, 0.68 * room, 0.58] for place in range(count)]
    figure, axes = ink.canvas(min(FOREST_WIDTH, 3.05 * count), 2.3, boxes)
    for ax, key in zip(axes, measured, strict=True):
        ax.plot([x for x, _ in points[key]], [y for _, y in points[key]], marker="o", color=ink.BLUE, markersize=4, linewidth=1.4)
        ax.grid(axis="y", color=ink.FAINT, linewidth=0.7)
        ax.set_ylim(bottom=min(0.0, *(y for _, y in points[key])))
        ax.xaxis.set_major_locator(_locator())
        ax.set_xlabel(first.replace("_", " "), fontsize=9)
        ax.tick_params(labelsize=9)
        ax.set_title(key.replace("_", " "), loc="left", fontsize=9.5, fontweight="bold", color=ink.TEXT)
    return figure
