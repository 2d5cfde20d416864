"""Charts: the crowd's mood and conduct, the force shown, who was hurt, ground and standing, and what KFOR knew.

Each function returns a figure drawn from the series that the run kept; pushes are shaded, uses of agents are triangles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.state import Incident
from sim.reports.evidence import Evidence
from sim.reports.ink import (
    BLACK,
    BLUE,
    GREEN,
    HEIGHT,
    ORANGE,
    PURPLE,
    SIDE_INK,
    SKY,
    TEXT,
    VERMILLION,
    WIDTH,
    legend_below,
    mark_pushes,
    sheet,
    thinned,
    time_axis,
    title,
    turns,
)
from sim.reports.knowledge import pictures_of
from sim.reports.words import LEVELS
from sim.vocabulary import Level, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STACK = (
    ("violent", "violent", VERMILLION, ""),
    ("pressing", "pressing on the line", ORANGE, "////"),
    ("fleeing", "fleeing", PURPLE, ".."),
    ("leaving", "walking home", "#E9C6DA", ""),
    ("sitting", "sitting", SKY, ""),
    ("standing", "standing", "#9CA3AF", ""),
    ("assembling", "walking in", "#E5E7EB", "\\\\"),
)
"""Column of the series, words, colour and hatch, from the bottom up."""


def _day(evidence: Evidence) -> tuple[Figure, Axes]:
    figure, (ax,) = sheet(WIDTH, HEIGHT)
    time_axis(ax, evidence)
    mark_pushes(ax, evidence)
    agents = evidence.incidents_of(Incident.AGENT_USED)
    if len(agents):
        hours = evidence.in_hours(np.unique(agents["tick"]))
        line = ax.plot(hours, np.zeros(len(hours)), "^", color=BLACK, markersize=6, transform=ax.get_xaxis_transform(), clip_on=False)
        line[0].set_label("gas or stun device used")
    return figure, ax


def mood(evidence: Evidence) -> Figure:
    """Draw mean anger and fear of those present."""
    figure, ax = _day(evidence)
    ax.plot(evidence.hours, evidence.series["anger"], color=VERMILLION, linewidth=2, label="anger")
    ax.plot(evidence.hours, evidence.series["fear"], color=BLUE, linewidth=2, linestyle="--", label="fear")
    highest = max(float(evidence.series["anger"].max()), float(evidence.series["fear"].max()))
    ax.set_ylim(0, max(highest * 1.15, 0.1))
    title(ax, "Mood of the crowd", "mean, 0 none to 1 extreme")
    legend_below(ax)
    return figure


def conduct(evidence: Evidence) -> Figure:
    """Draw what the people present were doing, stacked."""
    figure, ax = _day(evidence)
    ax.grid(visible=False)
    told = [row for row in STACK if row[0] in (evidence.series.dtype.names or ())]
    some = thinned(len(evidence.hours), 160)
    layers = ax.stackplot(evidence.hours[some], *(evidence.series[name][some] for name, *_ in told), linewidth=0)
    for layer, (_, words, colour, hatch) in zip(layers, told, strict=True):
        layer.set(facecolor=colour, label=words, hatch=hatch or None, edgecolor="white" if colour != "#E5E7EB" else "#9CA3AF")
    ax.set_ylim(0, max(float(evidence.series["present"].max()) * 1.1, 10))
    title(ax, "What the crowd was doing", "people present")
    legend_below(ax)
    return figure


def force(evidence: Evidence) -> Figure:
    """Draw the highest level of force that stood on site."""
    figure, ax = _day(evidence)
    hours, level = turns(evidence.hours, evidence.series["level"])
    ax.step(hours, level, where="post", color=BLUE, linewidth=2)
    ax.fill_between(hours, level, step="post", color=BLUE, alpha=0.15, linewidth=0)
    ax.set_yticks(range(len(Level)), [f"{int(step)} {LEVELS[step]}" for step in Level], fontsize=9)
    ax.set_ylim(0, len(Level) - 0.7)
    title(ax, "Highest level of force on site")
    if len(evidence.incidents_of(Incident.AGENT_USED)):
        legend_below(ax)
    return figure


def injuries(evidence: Evidence) -> Figure:
    """Draw how many had been hurt by then, by side."""
    figure, ax = _day(evidence)
    lines = (
        ("kfor_hurt", "KFOR", Side.KFOR, "-"),
        ("police_hurt", "police", Side.KOSOVO_POLICE, "--"),
        ("protesters_hurt", "protesters", Side.PROTESTERS, "-."),
    )
    for name, words, side, dash in lines:
        counts = evidence.series[name]
        ax.step(
            *turns(evidence.hours, counts),
            where="post",
            color=SIDE_INK[side],
            linewidth=2,
            linestyle=dash,
            label=f"{words} ({int(counts[-1])} by the end)",
        )
    ax.set_ylim(0, max(max(float(evidence.series[name].max()) for name, *_ in lines) * 1.1, 5))
    from matplotlib.ticker import MaxNLocator

    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    title(ax, "People hurt so far", "truth, all grades")
    legend_below(ax)
    return figure


def ground(evidence: Evidence) -> Figure:
    """Draw how far the line stood before (or behind) where the cordon first stood."""
    figure, ax = _day(evidence)
    advance = evidence.series["advance_m"]
    ax.plot(evidence.hours, advance, color=BLUE, linewidth=2)
    some = thinned(len(advance))
    ax.fill_between(evidence.hours[some], advance[some], color=BLUE, alpha=0.15, linewidth=0)
    ax.axhline(0, color=TEXT, linewidth=0.8)
    ax.set_ylim(min(float(advance.min()) * 1.15, -2), max(float(advance.max()) * 1.15, 5))
    title(ax, "Ground gained by the line", "metres from the first cordon, mean")
    if len(evidence.incidents_of(Incident.AGENT_USED)):
        legend_below(ax)
    return figure


def legitimacy(evidence: Evidence) -> Figure:
    """Draw the standing of KFOR among the protesters present."""
    figure, ax = _day(evidence)
    here = evidence.series["present"] > 0
    values = np.where(here, evidence.series["legitimacy_kfor"], np.nan)
    ax.plot(evidence.hours, values, color=GREEN, linewidth=2)
    ax.set_ylim(0, 1)
    title(ax, "Legitimacy of KFOR among protesters present", "mean, 0 to 1")
    if len(evidence.incidents_of(Incident.AGENT_USED)):
        legend_below(ax)
    return figure


def knowledge(evidence: Evidence, seat: str, seat_words: str) -> Figure:
    """Draw what a seat was told of crowd and violence against the truth."""
    figure, axes = sheet(WIDTH * 1.5, 5.4, rows=2)
    shown = pictures_of(evidence, seat)
    hours = evidence.in_hours(np.array([entry["tick"] for entry in shown], dtype=np.int64))
    for ax, what, column, heading in zip(
        axes, ("crowd", "violent"), ("present", "violent"), ("People present", "Violent people"), strict=True
    ):
        truth = evidence.series[column]
        ax.fill_between(
            hours,
            [e[what]["low"] for e in shown],
            [e[what]["high"] for e in shown],
            color=SKY,
            alpha=0.35,
            linewidth=0,
            label="margin of the report",
        )
        ax.plot(hours, [e[what]["value"] for e in shown], "o", color=BLUE, markersize=3.2, label=f"as reported to {seat_words}")
        ax.plot(evidence.hours, truth, color=BLACK, linewidth=1.8, label="truth")
        mark_pushes(ax, evidence)
        top = max([float(truth.max()), *(float(e[what]["high"]) for e in shown)])
        ax.set_ylim(0, max(top * 1.08, 5))
        title(ax, heading)
    time_axis(axes[1], evidence)
    legend_below(axes[1])
    return figure


def _mood_caption(evidence: Evidence) -> str:
    series = evidence.series
    peak = evidence.label(int(series["tick"][series["anger"].argmax()]))
    return f"Anger was highest at {peak} (mean {series['anger'].max():.2f}); fear reached {series['fear'].max():.2f}."


def _conduct_caption(evidence: Evidence) -> str:
    most = {name: int(evidence.series[name].max()) for name in ("present", "sitting", "violent")}
    return f"At most {most['present']} people were present, {most['sitting']} sitting, {most['violent']} violent."


def _force_caption(evidence: Evidence) -> str:
    return f"The highest level reached was {LEVELS[Level(int(evidence.series['level'].max()))]}. The scale is for display, not doctrine."


def _injuries_caption(evidence: Evidence) -> str:
    kfor, police, protesters = (int(evidence.series[name][-1]) for name in ("kfor_hurt", "police_hurt", "protesters_hurt"))
    return f"By the end {kfor} KFOR, {police} police and {protesters} protesters were hurt."


def _ground_caption(evidence: Evidence) -> str:
    advance = evidence.series["advance_m"]
    low, high, last = float(advance.min()), float(advance.max()), float(advance[-1])
    if low == high == 0.0:
        return "The line never moved from where its cordon first stood."
    return f"The line stood between {low:.0f} and {high:.0f} m from where its cordon first stood, and at {last:.0f} m in the end."


def _legitimacy_caption(evidence: Evidence) -> str:
    values = evidence.series["legitimacy_kfor"][evidence.series["present"] > 0]
    if not len(values):
        return "Nobody was present, so there is nothing to show."
    return f"From {values[0]:.2f} when people first came to {values[-1]:.2f} at the end, among those then present."


CHARTS: tuple[tuple[str, Callable[[Evidence], Figure], Callable[[Evidence], str]], ...] = (
    ("conduct", conduct, _conduct_caption),
    ("mood", mood, _mood_caption),
    ("force", force, _force_caption),
    ("injuries", injuries, _injuries_caption),
    ("ground", ground, _ground_caption),
    ("legitimacy", legitimacy, _legitimacy_caption),
)
"""File name, figure and caption of each chart, in the order of the page."""
