"""The timeline of an operation: stages, fighters by what they do, forces on site, and how far the ground was closed and searched.

All panels share one clock; hours of darkness are shaded, and the numbers at the top are those of the story's sentences.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.operation import GroupStage
from sim.engine.setup import SIDES
from sim.reports.ink import BLACK, BLUE, GREY, PURPLE, SIDE_DASH, SIDE_INK, SKY, TEXT, VERMILLION, dated_axis, sheet, title, turns
from sim.reports.operation_evidence import PHASE_WORDS, STAGE_WORDS, OperationEvidence
from sim.reports.operation_story import Told
from sim.reports.words import FORCES, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NIGHT = "#DDE1EA"
"""Ground of the hours of darkness."""

STAGE_INK = {
    GroupStage.PREPARING: "#FFFFFF",
    GroupStage.MOVING_IN: "#E5E7EB",
    GroupStage.WAITING: "#C5CAD3",
    GroupStage.BLOCKING: "#F2C36B",
    GroupStage.IN_CONTACT: VERMILLION,
    GroupStage.HOLDING: "#9CC9E8",
    GroupStage.BREAKING_OUT: "#D9A3C2",
    GroupStage.GONE: "#FFFFFF",
    GroupStage.ABORTED: "#FFFFFF",
}
STAGE_HATCH = {GroupStage.MOVING_IN: "//", GroupStage.BREAKING_OUT: "\\\\", GroupStage.BLOCKING: ".."}

PHASE_STACK = (
    ("killed", BLACK, ""),
    ("captured", "#6B7280", ""),
    ("holding", "#9CC9E8", ""),
    ("blocking", "#F2C36B", ".."),
    ("waiting", "#C5CAD3", ""),
    ("breaking_out", "#D9A3C2", "\\\\"),
    ("escaped", PURPLE, ""),
    ("moving_in", "#E5E7EB", "//"),
    ("preparing", "#FFFFFF", ""),
    ("aborted", "#EEF0F3", ""),
)
"""Phase, colour and hatch of the stack, from the bottom up."""

SHARES = (
    ("closed_roads", "roads closed", BLUE, "-"),
    ("closed_paths", "paths closed", VERMILLION, "--"),
    ("cleared", "ground before the compound cleared", "#7A5200", "-."),
    ("swept", "ground searched", GREY, ":"),
)


def operation_timeline(op: OperationEvidence, story: list[Told]) -> Figure:
    """Draw the operation on one clock."""
    panels: list[tuple[float, Callable[[Axes, OperationEvidence], None]]]
    panels = [(0.8, partial(_draw_stages, story=story)), (2.0, _draw_fighters), (2.0, _draw_forces)]
    panels += [(1.8, _draw_shares)] if any(row[name] for row in op.rows for name, *_ in SHARES) else []
    heights = [height for height, _ in panels]
    figure, axes = sheet(12.5, 1.42 * sum(heights), rows=len(panels), heights=heights)
    for ax, (_, draw) in zip(axes, panels, strict=True):
        _shade_nights(ax, op)
        draw(ax, op)
        ax.tick_params(labelbottom=ax is axes[-1])
    dated_axis(axes[-1], op.item)
    return figure


def _shade_nights(ax: Axes, op: OperationEvidence) -> None:
    for first, last in dark_spans(op):
        ax.axvspan(op.hours(first), op.hours(last), color=NIGHT, linewidth=0, zorder=0)


def dark_spans(op: OperationEvidence) -> list[tuple[int, int]]:
    """Return from when to when it was dark, as ticks."""
    found: list[tuple[int, int]] = []
    since = -1
    for row in op.rows:
        if row["dark"] and since < 0:
            since = int(row["tick"])
        elif not row["dark"] and since >= 0:
            found.append((since, int(row["tick"])))
            since = -1
    return [*found, (since, op.item.end_tick)] if since >= 0 else found


def stage_spans(op: OperationEvidence) -> list[tuple[GroupStage, int, int]]:
    """Return each stage of the group with its first tick and the first tick of the next one."""
    found: list[tuple[GroupStage, int, int]] = []
    for row in op.rows:
        stage, tick = GroupStage(row["stage"]), int(row["tick"])
        if found and found[-1][0] is stage:
            continue
        if found:
            found[-1] = (found[-1][0], found[-1][1], tick)
        found.append((stage, tick, op.item.end_tick))
    return found


def _draw_stages(ax: Axes, op: OperationEvidence, story: list[Told]) -> None:
    ax.set(ylim=(0, 2.3), yticks=[])
    ax.grid(visible=False)
    total = float(op.hours(op.item.end_tick))
    for stage, first, last in stage_spans(op):
        start, end = float(op.hours(first)), float(op.hours(last))
        ax.barh(
            0.5,
            end - start,
            left=start,
            height=0.9,
            color=STAGE_INK[stage],
            hatch=STAGE_HATCH.get(stage, ""),
            edgecolor=TEXT,
            linewidth=0.6,
        )
        words = STAGE_WORDS[stage]
        if (end - start) / total * 12.2 > 0.085 * len(words) + 0.1:
            box = {"facecolor": STAGE_INK[stage], "edgecolor": "none", "pad": 1.0} if stage in STAGE_HATCH else None
            ax.text((start + end) / 2, 0.47, words, ha="center", va="center", fontsize=9, color=TEXT, bbox=box)
    for told, level in zip(story, _levels([float(op.hours(told.tick)) for told in story], total), strict=True):
        at = float(op.hours(told.tick))
        ax.plot([at, at], [0.95, 1.12 + 0.42 * level], color=GREY, linewidth=0.8, zorder=1)
        ax.text(at, 1.2 + 0.42 * level, str(told.number), ha="center", va="center", fontsize=8.5, color=TEXT, bbox=_DISC, zorder=4 + level)
    title(ax, "What the group was doing", "numbers: sentences of the story; grey: dark")


_DISC = {"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": "#6B7280", "linewidth": 0.8}


def _levels(places: list[float], total: float, room: float = 0.024) -> list[int]:
    """Return on which of three heights each number stands so that neighbours do not cover each other."""
    last, found = [-1e9, -1e9, -1e9], list[int]()
    for place in places:
        free = [level for level in range(3) if place - last[level] >= room * total]
        level = free[0] if free else min(range(3), key=lambda level: last[level])
        last[level] = max(place, last[level])
        found.append(level)
    return found


def _draw_fighters(ax: Axes, op: OperationEvidence) -> None:
    hours = op.hours(op.ticks)
    edges = np.append(hours, float(op.hours(op.item.end_tick)))
    below = np.zeros(len(op.rows))
    for phase, ink, hatch in PHASE_STACK:
        many = np.array([row["fighters"].get(phase, 0) for row in op.rows], dtype=float)
        if not many.any():
            continue
        top = below + many
        low, high = (np.append(values, values[-1]) for values in (below, top))
        words = PHASE_WORDS[phase]
        ax.fill_between(edges, low, high, step="post", facecolor=ink, hatch=hatch, edgecolor=TEXT, linewidth=0.4, label=words, zorder=2)
        below = top
    ax.set_ylim(0, max(float(below.max(initial=0.0)) * 1.05, 1.0))
    title(ax, "Fighters by what they do", "persons")
    handles, names = ax.get_legend_handles_labels()
    order = {words: number for number, words in enumerate(PHASE_WORDS.values())}
    pairs = sorted(zip(handles, names, strict=True), key=lambda pair: order[pair[1]])
    ax.legend(
        [handle for handle, _ in pairs],
        [name for _, name in pairs],
        loc="upper left",
        bbox_to_anchor=(1.0, 1.03),
        frameon=False,
        fontsize=9,
    )


def _draw_forces(ax: Axes, op: OperationEvidence) -> None:
    most = 0.0
    for force, side in SIDES.items():
        many = np.array([row["on_site"].get(str(force), 0) for row in op.rows], dtype=float)
        if many.any():
            at, values = turns(np.asarray(op.hours(op.ticks), dtype=float), many)
            words = f"{FORCES[str(force)]}, at most {many.max():.0f}"
            ax.step(at, values, where="post", color=SIDE_INK[side], linestyle=SIDE_DASH[side], linewidth=2.2, label=words)
            most = max(most, float(many.max()))
    ax.set_ylim(0, max(most * 1.08, 5.0))
    title(ax, "Forces on site, fit to act", "persons")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.03), frameon=False, fontsize=9, handlelength=2.6)


def _draw_shares(ax: Axes, op: OperationEvidence) -> None:
    for name, words, ink, dash in SHARES:
        values = np.minimum([float(row[name]) for row in op.rows], 1.0)
        if not values.any():
            continue
        at, steps = turns(np.asarray(op.hours(op.ticks), dtype=float), values)
        ax.step(at, steps, where="post", color=ink, linestyle=dash, linewidth=2.2, label=words)
    least = op.run.number("encircled_share")
    ax.axhline(least, color=SKY, linewidth=1.0, linestyle=(0, (1, 2)))
    ax.text(float(op.hours(op.item.end_tick)), least, "encircled from here ", ha="right", va="top", fontsize=8.5, color="#4B5563")
    ax.set_ylim(0, 1.04)
    ax.set_yticks([0, 0.5, 1.0], ["0 %", "50 %", "100 %"])
    title(ax, "Ground closed, cleared and searched", "share; paths are for walkers")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.03), frameon=False, fontsize=9, handlelength=2.6)


def timeline_words(op: OperationEvidence) -> str:
    """Return the timeline in words."""
    most = {str(force): max(int(row["on_site"].get(str(force), 0)) for row in op.rows) for force in SIDES}
    told = [f"{FORCES[name]} {many}" for name, many in most.items() if many]
    roads, paths = (max(float(row[name]) for row in op.rows) for name in ("closed_roads", "closed_paths"))
    return (
        f"One clock for all panels. At most on site: {', '.join(told) or 'nobody'}. Roads were closed up to {percent(roads)}, "
        f"paths for walkers up to {percent(paths)}. At the end: {op.fighters_words(op.rows[-1])}."
    )
