"""Ink: the report's colours, marks and axes, and how a figure becomes SVG and PNG with the same bytes every time.

Colours are those of Okabe and Ito (2008), told apart by colour-blind readers; shapes and words always say the same again.
"""

from __future__ import annotations

import io
import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from sim.reports.evidence import Evidence, RunEvidence
from sim.vocabulary import Conduct, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#6B7280"
TEXT, FAINT = "#1F2937", "#D1D5DB"

SIDE_INK = {
    Side.KFOR: BLUE,
    Side.KOSOVO_POLICE: "#00684B",
    Side.EULEX: "#7A5200",
    Side.PROTESTERS: VERMILLION,
    Side.KSF: "#5B21B6",
    Side.ARMED_GROUP: "#111827",
    Side.CIVILIANS: PURPLE,
}
"""Darker than Okabe and Ito's green and orange where white digits stand on them."""

SIDE_DASH = {
    Side.KFOR: "-",
    Side.KOSOVO_POLICE: "--",
    Side.EULEX: ":",
    Side.PROTESTERS: "-.",
    Side.KSF: (0, (1, 1, 5, 1)),
    Side.ARMED_GROUP: (0, (7, 2)),
    Side.CIVILIANS: (0, (2, 4)),
}
"""The line of each side where colour alone would tell them apart, in the order in which legends name them."""

SIDE_MARK = {
    Side.KFOR: "s",
    Side.KOSOVO_POLICE: "D",
    Side.EULEX: "o",
    Side.PROTESTERS: "v",
    Side.KSF: "^",
    Side.ARMED_GROUP: "X",
    Side.CIVILIANS: "P",
}
"""The shape of each side's points."""

CONDUCT_INK = {
    Conduct.ASSEMBLING: GREY,
    Conduct.STANDING: "#4B5563",
    Conduct.SITTING: SKY,
    Conduct.PRESSING: ORANGE,
    Conduct.VIOLENT: VERMILLION,
    Conduct.FLEEING: PURPLE,
    Conduct.LEAVING: PURPLE,
    Conduct.DETAINED: BLACK,
    Conduct.INJURED: BLACK,
}

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kforsim",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 10.5,
    "axes.edgecolor": GREY,
    "axes.labelcolor": TEXT,
    "text.color": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "hatch.linewidth": 0.6,
}

TITLE_SIZE = 12.0
WIDTH, HEIGHT = 7.4, 3.5
"""Inches of a plain chart."""


def sheet(width_in: float, height_in: float, rows: int = 1, heights: list[float] | None = None) -> tuple[Figure, list[Axes]]:
    """Return an empty figure with axes below each other that share their time axis."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        grid = figure.subplots(rows, 1, sharex=True, squeeze=False, height_ratios=heights)
    axes = [row[0] for row in grid]
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(axis="y", color=FAINT, linewidth=0.7)
        ax.set_axisbelow(True)
    return figure, axes


def canvas(width_in: float, height_in: float, boxes: list[list[float]]) -> tuple[Figure, list[Axes]]:
    """Return an empty figure with axes at given places (left, bottom, width, height as shares): quick where there are many."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width_in, height_in))
        axes = [figure.add_axes((box[0], box[1], box[2], box[3])) for box in boxes]
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
    return figure, axes


def clock_span(run: RunEvidence) -> tuple[float, float]:
    """Return the earliest start and the latest end of a day, as hours after midnight: one clock for all days."""
    starts = [item.clock_hours(item.start_tick) for item in run.site_days]
    return min(starts), max(item.clock_hours(item.end_tick) for item in run.site_days)


def clock_axis(ax: Axes, run: RunEvidence, room_h: float = 0.0, labels: bool = True, step_h: int = 2) -> None:
    """Give an axes local times, the same on every day, with some room at the end for words."""
    first, last = clock_span(run)
    places = [hour for hour in range(int(first), int(last) + 1) if hour >= first and not hour % step_h]
    ax.set_xticks(places, [f"{hour % 24:02d}:00" if labels else "" for hour in places])
    ax.set_xlim(first, last + room_h)


def title(ax: Axes, text: str, unit: str = "") -> None:
    """Head an axes at its left edge: what is shown, and in what unit."""
    ax.set_title(text + (f" ({unit})" if unit else ""), loc="left", fontsize=TITLE_SIZE, fontweight="bold", color=TEXT)


def legend_below(ax: Axes, columns: int = 3, down: float = 0.12) -> None:
    """Put the legend below an axes."""
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -down), ncols=columns, frameon=False, fontsize=9.5, handlelength=1.8)


def time_axis(ax: Axes, evidence: Evidence) -> None:
    """Give an axes local times below it, every hour, two, four or eight."""
    hours = float(evidence.in_hours(evidence.end_tick))
    step = next(step for step in (0.25, 0.5, 1, 2, 4, 8) if hours / step <= 9 or step == 8)
    start = evidence.day.file.start
    first = -((start.hour + start.minute / 60) % step) % step
    places = []
    while first <= hours + 1e-9:
        places.append(first)
        first += step
    per_hour = 60.0 / evidence.clock.base_tick_min
    ax.set_xticks(places, [evidence.label(evidence.start_tick + round(place * per_hour)) for place in places])
    ax.set_xlim(0, hours)


def dated_axis(ax: Axes, evidence: Evidence, step_h: int = 2) -> None:
    """Give an axes local times every so many hours, and the date at each midnight and at the start: for a day past midnight."""
    hours = float(evidence.in_hours(evidence.end_tick))
    step = step_h if hours <= 40 else 2 * step_h
    start = evidence.day.file.start
    first = datetime.combine(start.date(), time(start.hour - start.hour % step))
    moments = [first + timedelta(hours=step * number) for number in range(int(hours // step) + 2)]
    inside = [moment for moment in moments if 0.0 <= (moment - start).total_seconds() / 3600.0 <= hours + 1e-9]
    places = [(moment - start).total_seconds() / 3600.0 for moment in inside]
    dated = {number for number, moment in enumerate(inside) if number == 0 or moment.hour == 0}
    words = [f"{m:%H:%M}\n{m.day} {m:%b}" if number in dated else f"{m:%H:%M}" for number, m in enumerate(inside)]
    ax.set_xticks(places, words)
    ax.set_xlim(0, hours)


def turns(hours: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of a step line at which it changes, with its ends: the same line, written in a tenth of the room."""
    kept = np.flatnonzero(np.diff(values, prepend=values[:1] - 1))
    kept = np.union1d(kept, [len(values) - 1])
    return hours[kept], values[kept]


def thinned(rows: int, most: int = 330) -> slice:
    """Return which of so many points to draw so that at most *most* are left."""
    return slice(None, None, -(-rows // most))


def mark_pushes(ax: Axes, evidence: Evidence, words: bool = True) -> None:
    """Shade the time of every push, and name the first."""
    spans = evidence.push_spans
    for since, until in spans:
        ax.axvspan(evidence.in_hours(since), evidence.in_hours(until), color=ORANGE, alpha=0.25, linewidth=0)
        ax.axvline(evidence.in_hours(since), color="#8A5A00", linewidth=1.4, linestyle=(0, (4, 2)))
    if spans and words:
        ax.annotate(
            "push",
            (float(evidence.in_hours(spans[0][0])), 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(-3, -2),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=9.5,
            color="#6B4500",
            fontweight="bold",
        )


def svg_of(figure: Figure) -> bytes:
    """Return a figure as SVG, lines to a tenth of a point; the same figure gives the same bytes."""
    drawn = _saved(figure, "svg", {"metadata": {"Date": None, "Creator": None}})
    drawn = _LINE.sub(lambda found: _DECIMALS.sub(rb"\1", found[0]).replace(b" \n", b"\n"), drawn)
    for number, name in enumerate(dict.fromkeys(_NAMES.findall(drawn))):  # matplotlib hashes last digits that layout may move
        drawn = drawn.replace(name, b"id%d" % number)
    return drawn


def png_of(figure: Figure) -> bytes:
    """Return a figure as PNG at 150 dots an inch, as it was laid out the first time."""
    figure.set_layout_engine("none")
    return _saved(figure, "png", {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}})


_LINE = re.compile(rb'\s(?:d|x|y)="[^"]*"')
_DECIMALS = re.compile(rb"(\d\.\d)\d+")
_NAMES = re.compile(rb'\sid="([a-z][0-9a-f]{10})"')


def _saved(figure: Figure, kind: str, options: dict[str, Any]) -> bytes:
    import matplotlib as mpl

    buffer = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=kind, dpi=150, facecolor="white", **options)
    return buffer.getvalue()


def data_uri(svg: bytes) -> str:
    """Return SVG as an address that needs no file and no network."""
    return "data:image/svg+xml," + quote(" ".join(svg.decode("utf-8").split()), safe=" =:/;,()+*!?@$-._~")
