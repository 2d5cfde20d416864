"""The figures of a sensitivity analysis: effects against noise, indices with intervals, screening bars, and boxes of failure.

What stands out is filled; what is within noise is hollow: shapes and words say it without colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.comparison_words import outcome_label, shortened
from analysis.discovery import Discovery, Restriction, Rule
from analysis.sensitivity import Sensitivity
from analysis.sensitivity_noise import STANDS_OUT
from sim.api import ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, NARROW = 10.6, 5.4
ROW, HEAD, FOOT = 0.3, 0.62, 0.62
MOST_ROWS = 15
"""Factors drawn; the table has all."""

NAMED = 40
LABELLED = 8
MOST_PAIRS = 3
_HEADING: dict[str, Any] = {"fontsize": ink.TITLE_SIZE, "fontweight": "bold", "color": ink.TEXT, "va": "center"}


def effects(item: Sensitivity) -> Figure:
    """Draw mu* with intervals and what noise alone would give, and mu* against sigma."""
    rows = item.effects[:MOST_ROWS]
    figure, (bars, plane) = _two(rows, 0.36, 0.25, f"Elementary effects, {item.outcome.unit} over a factor's whole range")
    _bars(bars, [(row.name, row.mu_star, row.half, row.by_noise, row.verdict == STANDS_OUT) for row in rows])
    bars.set_xlabel("mu*: mean size of an effect (upright line: what luck alone gives)", fontsize=9.5)
    most = max((row.mu_star for row in rows), default=0.0) * 1.15 or 1.0
    plane.plot([0.0, most], [0.0, most], color=ink.FAINT, linewidth=1.0)
    for row in item.effects:
        _point(plane, row.mu_star, row.sigma, row.verdict == STANDS_OUT)
    plane.set_xlim(0.0, most)
    for row in [row for row in rows if row.verdict == STANDS_OUT][:LABELLED]:
        _name(plane, row.name.rpartition(".")[2], row.mu_star, row.sigma)
    plane.set_ylim(bottom=0.0)
    plane.set_xlabel("mu*", fontsize=9.5)
    plane.set_ylabel("sigma: how much the effect changes", fontsize=9.5)
    return figure


def indices(item: Sensitivity) -> Figure:
    """Draw first and total indices with their intervals."""
    rows = item.indices[:MOST_ROWS]
    figure, (first, total) = _two(rows, 0.33, 0.33, "Shares of the variance of the expected outcome")
    _bars(first, [(row.name, row.first, row.first_half, math.nan, row.verdict == STANDS_OUT) for row in rows])
    _bars(total, [("", row.total, row.total_half, math.nan, row.verdict == STANDS_OUT) for row in rows])
    first.set_xlabel("first: by itself", fontsize=9.5)
    total.set_xlabel("total: with all its interactions", fontsize=9.5)
    for ax in (first, total):
        ax.set_xlim(min(0.0, ax.get_xlim()[0]), max(1.0, ax.get_xlim()[1]))
    return figure


def screened(item: Sensitivity) -> Figure:
    """Draw what each factor explains alone and what a forest finds, with what shuffling gives."""
    told = item.screening
    rows = told.factors[:MOST_ROWS] if told else ()
    figure, (alone, together) = _two(rows, 0.33, 0.33, "Screening: what each factor explains")
    _bars(alone, [(row.name, row.share, row.half, math.nan, row.alone) for row in rows])
    _bars(together, [("", row.importance, math.nan, math.nan, row.together) for row in rows])
    for ax, bar in ((alone, rows[0].by_chance if rows else 0.0), (together, rows[0].bar if rows else 0.0)):
        ax.axvline(bar, color=ink.TEXT, linewidth=1.2, linestyle=(0, (4, 2)))
    alone.set_xlabel("alone: share of the variance", fontsize=9.5)
    together.set_xlabel("together: share of a forest's importance", fontsize=9.5)
    return figure


def forms(item: Sensitivity) -> Figure:
    """Draw the shares of crossed forms of rules."""
    rows = item.forms[:MOST_ROWS]
    figure, (first, total) = _two(rows, 0.33, 0.33, "Forms of rules: shares of the variance over points and forms")
    _bars(first, [(row.name, row.first, row.first_half, math.nan, row.verdict == STANDS_OUT) for row in rows])
    _bars(total, [("", row.total, row.total_half, math.nan, row.verdict == STANDS_OUT) for row in rows])
    first.set_xlabel("first: by itself", fontsize=9.5)
    total.set_xlabel("total: with all its interactions", fontsize=9.5)
    return figure


def _two(rows: Sequence[Any], left: float, right: float, heading: str) -> tuple[Figure, list[Axes]]:
    """Return two axes side by side with room for names at the left."""
    tall = max(ROW * len(rows), 2.4 if left > right else 0.3)
    height = HEAD + FOOT + tall
    boxes = [[0.27, FOOT / height, left, tall / height], [0.98 - right, FOOT / height, right, tall / height]]
    figure, axes = ink.canvas(WIDTH, height, boxes)
    figure.text(0.006, 1 - 0.22 / height, heading, **_HEADING)
    return figure, axes


def _bars(ax: Axes, rows: Sequence[tuple[str, float, float, float, bool]]) -> None:
    """Draw rows of name, value, half width, value by noise and whether it stands out."""
    for place, (_, value, half, noise, out) in enumerate(rows):
        ax.barh(place, value, height=0.62, color=ink.BLUE if out else "white", edgecolor=ink.BLUE if out else ink.GREY, linewidth=1.0)
        if math.isfinite(half):
            ax.hlines(place, value - half, value + half, color=ink.TEXT, linewidth=1.4)
        if math.isfinite(noise):
            ax.vlines(noise, place - 0.42, place + 0.42, color=ink.VERMILLION, linewidth=2.0)
    ax.axvline(0.0, color=ink.TEXT, linewidth=0.9)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    named = any(name for name, *_ in rows)
    ax.set_yticks(range(len(rows)) if named else [], [shortened(name, NAMED) for name, *_ in rows] if named else [], fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="x", color=ink.FAINT, linewidth=0.6)
    ax.set_axisbelow(True)


def _point(ax: Axes, x: float, y: float, out: bool) -> None:
    ax.plot([x], [y], "o", markersize=5.5, markerfacecolor=ink.BLUE if out else "white", markeredgecolor=ink.BLUE if out else ink.GREY)


def _name(ax: Axes, name: str, x: float, y: float) -> None:
    if math.isfinite(x) and math.isfinite(y):
        right = x > 0.6 * ax.get_xlim()[1]
        ax.annotate(name, (x, y), (-5 if right else 5, 3), textcoords="offset points", ha="right" if right else "left", fontsize=8.5)


def boxes(item: Discovery) -> Figure | None:
    """Draw the points on the factors that the first box restricts, two at a time, failing ones apart, with the box."""
    rule = item.boxes[0] if item.boxes else None
    if rule is None:
        return None
    names = [row.name for row in sorted(rule.restrictions, key=lambda row: row.quasi_p)]
    pairs = [tuple(pair) for pair in combinations(names, min(2, len(names)))][:MOST_PAIRS]
    count = len(pairs)
    sides = [[(place + 0.16) / count, 0.17, 0.79 / count, 0.68] for place in range(count)]
    figure, axes = ink.canvas(max(NARROW, 3.6 * count), 3.7, sides)
    for ax, pair in zip(axes, pairs, strict=True):
        _projection(ax, item, rule, pair)
    outcome = item.fails_when if " than " in item.fails_when else _spoken(item.fails_when)
    figure.text(0.008, 0.95, shortened(f"Fails: {outcome}", 30 + 46 * count), **_HEADING)
    return figure


def _spoken(condition: str) -> str:
    name, _, rest = condition.partition(" ")
    return f"{outcome_label(name)} {rest}"


def _projection(ax: Axes, item: Discovery, rule: Rule, pair: Sequence[str]) -> None:
    known = [factor.name for factor in item.factors]
    columns = [known.index(name) for name in pair]
    spots = [_spread(item, column) for column in columns]
    across = spots[1] if len(spots) > 1 else np.linspace(0.0, 1.0, len(item.fails))
    marks: dict[str, Any] = {"clip_on": False, "linestyle": "none"}
    ax.plot(
        spots[0][~item.fails], across[~item.fails], marker="o", markersize=3.2, markerfacecolor="white", markeredgecolor=ink.GREY, **marks
    )
    ax.plot(spots[0][item.fails], across[item.fails], marker="v", markersize=4.2, color=ink.VERMILLION, **marks)
    told = {row.name: row for row in rule.restrictions}
    _frame(ax, *(_ends(item, column, told[name], spot) for name, column, spot in zip(pair, columns, spots, strict=True)))
    for name, column, axis in zip(pair, columns, (ax.xaxis, ax.yaxis), strict=False):
        axis.set_label_text(shortened(name, NAMED), fontsize=9)
        if item.factors[column].is_form:
            axis.set_ticks(range(len(item.factors[column].levels)), [*item.factors[column].levels])
    if len(pair) < 2:
        ax.set_yticks([])
    ax.tick_params(labelsize=8.5)


def _spread(item: Discovery, column: int) -> np.ndarray:
    """Return a factor's values; forms are spread a little so that their points can be seen."""
    values = item.values[:, column]
    if not item.factors[column].is_form:
        return np.asarray(values)
    return np.asarray(values + np.random.default_rng(column).uniform(-0.25, 0.25, len(values)))


def _ends(item: Discovery, column: int, told: Restriction, spot: np.ndarray) -> tuple[float, float]:
    """Return from where to where a box reaches on an axis."""
    if told.forms:
        codes = [item.factors[column].levels.index(form) for form in told.forms]
        return min(codes) - 0.4, max(codes) + 0.4
    room = 0.02 * float(np.ptp(spot))
    return max(told.low, float(spot.min()) - room), min(told.high, float(spot.max()) + room)


def _frame(ax: Axes, across: tuple[float, float], up: tuple[float, float] = (-0.02, 1.02)) -> None:
    from matplotlib.patches import Rectangle

    corner, width, height = (across[0], up[0]), across[1] - across[0], up[1] - up[0]
    ax.add_patch(Rectangle(corner, width, height, facecolor=ink.BLUE, alpha=0.10, linewidth=0))
    ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=ink.BLUE, linewidth=2.0, clip_on=False))


def path(item: Discovery) -> Figure | None:
    """Draw coverage against density along the path of boxes: what is gained in the one is lost in the other."""
    if len(item.path) < 2:
        return None
    figure, (ax,) = ink.canvas(NARROW, 3.7, [[0.13, 0.17, 0.83, 0.68]])
    coverage, density, _, restricted = zip(*item.path, strict=True)
    ax.plot(coverage, density, color=ink.FAINT, linewidth=1.2)
    for many in sorted(set(restricted)):
        here = [place for place, count in enumerate(restricted) if count == many]
        ax.plot(
            [coverage[place] for place in here],
            [density[place] for place in here],
            "o",
            markersize=3.5 + 1.2 * many,
            color=ink.BLUE,
            alpha=0.6,
        )
    if item.boxes:
        ax.plot([item.boxes[0].coverage], [item.boxes[0].density], marker="D", markersize=9, color=ink.VERMILLION, linestyle="none")
        ax.plot(
            [item.boxes[0].held_coverage],
            [item.boxes[0].held_density],
            marker="D",
            markersize=9,
            markerfacecolor="white",
            markeredgecolor=ink.VERMILLION,
            markeredgewidth=1.6,
            linestyle="none",
        )
    ax.set_xlim(0.0, 1.04)
    ax.set_ylim(0.0, 1.04)
    ax.grid(color=ink.FAINT, linewidth=0.6)
    ax.set_xlabel("coverage: share of all failures that the box holds", fontsize=9.5)
    ax.set_ylabel("density: share of its points that fail", fontsize=9.5)
    figure.text(0.01, 0.95, "The path of boxes", **_HEADING)
    return figure
