"""The figures of robustness: differences from the lever ordered first, and what knowing each factor is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.comparison_words import shortened
from analysis.sweep_robustness import Robustness
from sim.api import ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, ROW, HEAD, FOOT = 7.2, 0.3, 0.62, 0.62
MOST_ROWS = 15
NAMED = 42
_HEADING: dict[str, Any] = {"fontsize": ink.TITLE_SIZE, "fontweight": "bold", "color": ink.TEXT, "va": "center"}


def apart(found: Robustness) -> Figure:
    """Draw how much more each lever loses on average than the one ordered first, with simultaneous intervals."""
    rows = sorted(found.apart, key=lambda item: item.mean)[:MOST_ROWS]
    drawn = [(item.lever, item.mean, item.low, item.high, item.low > 0.0) for item in rows]
    return _intervals(drawn, f"Loss beyond that of {found.best}", "standard deviations of single runs; right of 0: worse")


def knowing(found: Robustness) -> Figure:
    """Draw the value of knowing each factor before choosing."""
    rows = found.knowing[:MOST_ROWS]
    drawn = [(item.name, item.gain, item.low, item.high, item.worth) for item in rows]
    return _intervals(drawn, "Value of knowing one factor before choosing", "loss avoided, standard deviations of single runs")


def _intervals(rows: Sequence[tuple[str, float, float, float, bool]], heading: str, unit: str) -> Figure:
    height = HEAD + FOOT + ROW * len(rows)
    figure, (ax,) = ink.canvas(WIDTH, height, [[0.4, FOOT / height, 0.57, ROW * len(rows) / height]])
    ax.axvline(0.0, color=ink.TEXT, linewidth=0.9)
    for place, (_, value, low, high, out) in enumerate(rows):
        _interval(ax, place, value, low, high, out)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), [shortened(name, NAMED) for name, *_ in rows], fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="x", color=ink.FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(unit, fontsize=9.5)
    figure.text(0.008, 1 - 0.22 / height, shortened(heading, 70), **_HEADING)
    return figure


def _interval(ax: Axes, place: int, value: float, low: float, high: float, out: bool) -> None:
    ax.hlines(place, low, high, color=ink.BLUE if out else ink.GREY, linewidth=2.0)
    fill, edge = (ink.BLUE, ink.BLUE) if out else ("white", ink.GREY)
    ax.plot([value], [place], "o", markersize=6.5, markerfacecolor=fill, markeredgecolor=edge)
