"""The map of the site: every frame packed for the page's scrubber, and still maps of the moments that mattered.

Positions are known to a 5 m cell; inside it each person keeps one place, given by the stable id, so that dots do not
dance. Sections of a force that share a cell are drawn as one mark with their number.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.pictures import CROWD_PERSONS
from sim.reports.evidence import Evidence, Frames
from sim.reports.ink import BLACK, CONDUCT_INK, SIDE_INK, STYLE, TEXT
from sim.reports.words import CONDUCTS, SIDES, persons
from sim.vocabulary import Conduct, Ground, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OFF_SITE = 65535
AGENT_STEPS = 1000
"""Concentration of agents is packed in thousandths, 1 and more as 1000."""

GROUND_INK = {
    Ground.STREET: "#F3F4F6",
    Ground.SQUARE: "#EFE7D6",
    Ground.WALL: "#6B7280",
    Ground.BUILDING: "#C7CDD6",
    Ground.DOOR: "#8A5A00",
    Ground.VEHICLE: "#111827",
    Ground.EXIT: "#B7E4D0",
}

MARKS = {
    Conduct.ASSEMBLING: ("o", False, 9),
    Conduct.STANDING: ("o", True, 9),
    Conduct.SITTING: ("s", True, 9),
    Conduct.PRESSING: ("^", True, 20),
    Conduct.VIOLENT: ("X", True, 34),
    Conduct.FLEEING: ("v", False, 18),
    Conduct.LEAVING: ("D", False, 9),
    Conduct.DETAINED: ("s", False, 26),
    Conduct.INJURED: ("P", True, 30),
}
"""Shape, filled or not, and size of a person's mark in a still; the page's script draws the same shapes."""

DRAWN_ORDER = tuple(MARKS)
SIDE_SHAPES = {Side.KFOR: "s", Side.KOSOVO_POLICE: "D", Side.EULEX: "h"}


@dataclass(frozen=True)
class Moment:
    """A frame worth a still map, and why it was chosen."""

    frame: int
    titles: tuple[str, ...]


def jitter(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each person's place in a cell, 0 to 255 across and down, from the stable id alone."""
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(56)).astype(np.uint8), ((mixed >> np.uint64(40)) & np.uint64(255)).astype(np.uint8)


def _packed(values: np.ndarray, code: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=code).tobytes()).decode("ascii")


def _clouds(frames: Frames) -> np.ndarray:
    """Return (frame, cell, thousandths) of every cell with agents in it."""
    frame, cell = np.nonzero(frames.agents >= 1.0 / AGENT_STEPS)
    thick = np.minimum(np.rint(frames.agents[frame, cell] * AGENT_STEPS), AGENT_STEPS)
    return np.column_stack([frame, cell, thick]).astype(np.uint16)


def packed_site(evidence: Evidence, frames: Frames) -> dict[str, Any]:
    """Return everything that the page's scrubber draws: ground, frames and words, as base64 of little-endian arrays."""
    plan = evidence.plan
    across, down = jitter(evidence.people["id"])
    rows, columns = plan.ground.shape
    seen = evidence.sections_seen
    section_cells = frames.section_cells[:, seen]
    return {
        "rows": int(rows),
        "columns": int(columns),
        "cell_m": float(plan.cell_m),
        "ground": _packed(plan.ground, "u1"),
        "groundInk": [GROUND_INK[kind] for kind in Ground],
        "people": len(evidence.people),
        "sections": len(seen),
        "clocks": [evidence.label(int(tick)) for tick in frames.ticks],
        "cells": _packed(np.where(frames.cells < 0, OFF_SITE, frames.cells), "<u2"),
        "conducts": _packed(frames.conducts, "u1"),
        "across": _packed(across, "u1"),
        "down": _packed(down, "u1"),
        "sectionCells": _packed(np.where(section_cells < 0, OFF_SITE, section_cells), "<u2"),
        "sectionLevels": _packed(frames.section_levels[:, seen], "u1"),
        "sectionSides": [int(side) for side in evidence.sections["side"][seen]],
        "clouds": _packed(_clouds(frames), "<u2"),
        "vehicles": vehicles(evidence, frames),
        "order": [int(kind) for kind in DRAWN_ORDER],
        "conductInk": {int(kind): ink for kind, ink in CONDUCT_INK.items()},
        "sideInk": {int(side): ink for side, ink in SIDE_INK.items()},
    }


def vehicles(evidence: Evidence, frames: Frames) -> list[dict[str, Any]]:
    """Return each stuck vehicle's cells and the first frame at which it is out (the number of frames where it never is)."""
    plan = evidence.plan
    out = {event["event"]: frames.at_or_after(event["tick"]) for event in evidence.events if event["what"] == "vehicle_out"}
    found = []
    for place, mark in enumerate(sorted(mark for mark in plan.marks if mark.startswith("kp_vehicle")), start=1):
        row, column = plan.marks[mark]
        end = column
        while end < plan.ground.shape[1] and plan.ground[row, end] == Ground.VEHICLE:
            end += 1
        cells = [row * int(plan.ground.shape[1]) + there for there in range(column, end)]
        found.append({"cells": cells, "out": out.get(f"vehicle_{place}_out", len(frames.ticks))})
    return found


def legend(evidence: Evidence) -> dict[str, list[dict[str, Any]]]:
    """Return the words beside the map: each conduct and each side that was on site, with its colour."""
    sides = [side for side in SIDE_SHAPES if (evidence.sections["side"][evidence.sections_seen] == side).any()]
    return {
        "conducts": [{"code": int(kind), "words": CONDUCTS[kind], "ink": CONDUCT_INK[kind]} for kind in DRAWN_ORDER],
        "sides": [{"code": int(side), "words": SIDES[side], "ink": SIDE_INK[side]} for side in sides],
        "ground": [
            {"words": words, "ink": GROUND_INK[kind]}
            for kind, words in (
                (Ground.STREET, "street"),
                (Ground.SQUARE, "square"),
                (Ground.BUILDING, "building"),
                (Ground.WALL, "wall or barrier"),
                (Ground.DOOR, "door"),
                (Ground.VEHICLE, "vehicle"),
                (Ground.EXIT, "way in and out"),
            )
            if (evidence.plan.ground == kind).any()
        ],
    }


def moments(evidence: Evidence, frames: Frames) -> list[Moment]:
    """Return the frames worth a still, by rule from the record, in order of time; two reasons for one frame are joined."""
    chosen: dict[int, list[str]] = {}
    for frame, words in _candidates(evidence, frames):
        chosen.setdefault(frame, []).append(words)
    return [Moment(frame, tuple(words)) for frame, words in sorted(chosen.items())]


def _candidates(evidence: Evidence, frames: Frames) -> list[tuple[int, str]]:
    series, found = evidence.series, []
    crowded = np.flatnonzero(series["present"] >= CROWD_PERSONS)
    if len(crowded):
        found.append((frames.at_or_after(int(series["tick"][crowded[0]])), f"first crowd ({CROWD_PERSONS:.0f} people)"))
    if evidence.push_tick >= 0:
        found.append((frames.at_or_before(evidence.push_tick), "before the first push"))
        later = evidence.push_tick + evidence.clock.ticks_in(5.0)
        found.append((frames.at_or_after(later), "five minutes after the push"))
    elif series["present"].max() > 0:
        found.append((_nearest(frames, int(series["tick"][series["present"].argmax()])), "largest crowd"))
    if series["violent"].max() > 0:
        found.append((_nearest(frames, int(series["tick"][series["violent"].argmax()])), "peak of violence"))
    out = [event["tick"] for event in evidence.events if event["what"] == "vehicle_out"]
    if out and series["vehicles_stuck"][-1] == 0:
        found.append((frames.at_or_after(out[-1]), "vehicles out"))
    return [*found, (len(frames.ticks) - 1, "end of the day")]


def _nearest(frames: Frames, tick: int) -> int:
    return int(np.abs(frames.ticks.astype(np.int64) - tick).argmin())


def counts_at(frames: Frames, frame: int) -> dict[Conduct, int]:
    """Return how many people did what in a frame, of the conducts that the map draws."""
    counts = np.bincount(frames.conducts[frame], minlength=len(Conduct))
    return {kind: int(counts[kind]) for kind in DRAWN_ORDER}


def counts_words(frames: Frames, frame: int) -> str:
    """Return a frame's counts in a sentence: the caption of a still, and what a screen reader is told."""
    counts = {kind: count for kind, count in counts_at(frames, frame).items() if count}
    if not counts:
        return "Nobody on site."
    return persons(sum(counts.values())) + " shown: " + ", ".join(f"{count} {CONDUCTS[kind]}" for kind, count in counts.items()) + "."


def still(evidence: Evidence, frames: Frames, moment: Moment) -> Figure:
    """Draw one frame as a map."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows, columns = evidence.plan.ground.shape
    width = 7.4
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, width * rows / columns + 0.45), layout="constrained")
        ax = figure.subplots()
        _draw_ground(ax, evidence)
        _draw_gone_vehicles(ax, evidence, frames, moment.frame)
        _draw_clouds(ax, frames.agents[moment.frame].reshape(rows, columns))
        _draw_people(ax, evidence, frames, moment.frame)
        _draw_sections(ax, evidence, frames, moment.frame)
        clock = evidence.label(int(frames.ticks[moment.frame]))
        ax.set_title(f"{clock} · {', '.join(moment.titles)}", loc="left", fontsize=12, fontweight="bold", color=TEXT)
    ax.set(xlim=(0, columns), ylim=(rows, 0), aspect="equal", xticks=[], yticks=[])
    return figure


def blocks(plan: np.ndarray, kind: Ground) -> list[tuple[int, int, int, int]]:
    """Return (left, top, width, height) of rectangles that together are all cells of one ground: equal rows joined."""
    open_blocks: dict[tuple[int, int], int] = {}
    found = []
    for row in range(len(plan) + 1):
        here = np.concatenate([[False], plan[row] == kind, [False]]) if row < len(plan) else np.zeros(2, dtype=bool)
        edges = np.flatnonzero(np.diff(here.astype(np.int8))).reshape(-1, 2)
        stretches = {(int(begin), int(end)) for begin, end in edges}
        for begin, end in sorted(open_blocks.keys() - stretches):
            top = open_blocks.pop((begin, end))
            found.append((begin, top, end - begin, row - top))
        for stretch in stretches:
            open_blocks.setdefault(stretch, row)
    return found


def _draw_ground(ax: Axes, evidence: Evidence) -> None:
    from matplotlib.collections import PolyCollection

    plan = evidence.plan
    for kind in Ground:
        corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in blocks(plan.ground, kind)]
        if corners:
            ax.add_collection(PolyCollection(corners, facecolor=GROUND_INK[kind], edgecolor=GROUND_INK[kind], linewidth=0.8))
    metres = 50.0
    x, y = plan.ground.shape[1] - 1.5 - metres / plan.cell_m, plan.ground.shape[0] - 1.5
    ax.plot([x, x + metres / plan.cell_m], [y, y], color=BLACK, linewidth=2)
    ax.text(x + metres / plan.cell_m / 2, y - 0.4, f"{metres:.0f} m · schematic", ha="center", va="bottom", fontsize=8.5, color=BLACK)


def _draw_gone_vehicles(ax: Axes, evidence: Evidence, frames: Frames, frame: int) -> None:
    from matplotlib.patches import Rectangle

    columns = evidence.plan.ground.shape[1]
    for vehicle in vehicles(evidence, frames):
        if vehicle["out"] <= frame:
            left, top = vehicle["cells"][0] % columns, vehicle["cells"][0] // columns
            place = Rectangle((left, top), len(vehicle["cells"]), 1, zorder=2, linestyle="--", linewidth=1.0)
            place.set(facecolor=GROUND_INK[Ground.SQUARE], edgecolor=GROUND_INK[Ground.VEHICLE])
            ax.add_patch(place)


def _draw_clouds(ax: Axes, agents: np.ndarray) -> None:
    rows, columns = np.nonzero(agents >= 1.0 / AGENT_STEPS)
    if len(rows):
        thick = np.clip(agents[rows, columns], 0.0, 1.0)
        ax.scatter(
            columns + 0.5, rows + 0.5, s=150, marker="s", c="#F0E442", alpha=0.35 + 0.5 * thick, edgecolors="#8A7A00", linewidths=0.5
        )


def _draw_people(ax: Axes, evidence: Evidence, frames: Frames, frame: int) -> None:
    columns = evidence.plan.ground.shape[1]
    across, down = jitter(evidence.people["id"])
    cells, conducts = frames.cells[frame], frames.conducts[frame]
    for kind, (shape, filled, size) in MARKS.items():
        rows = (cells >= 0) & (conducts == kind)
        if rows.any():
            x = cells[rows] % columns + 0.08 + 0.84 * across[rows] / 255.0
            y = cells[rows] // columns + 0.08 + 0.84 * down[rows] / 255.0
            ink = CONDUCT_INK[kind]
            edge = "white" if filled and size >= 20 else ink
            ax.scatter(x, y, s=size, marker=shape, facecolors=ink if filled else "none", edgecolors=edge, linewidths=0.5 if filled else 0.9)


def grouped_sections(evidence: Evidence, frames: Frames, frame: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Return, by cell and side, how many sections stand there and the highest level of force they show."""
    groups: dict[tuple[int, int], tuple[int, int]] = {}
    rows = zip(frames.section_cells[frame], evidence.sections["side"], frames.section_levels[frame], strict=True)
    for cell, side, level in rows:
        if cell >= 0:
            many, highest = groups.get((int(cell), int(side)), (0, 0))
            groups[int(cell), int(side)] = (many + 1, max(highest, int(level)))
    return groups


def beside_free(cell: int, columns: int, taken: set[int]) -> tuple[int, int]:
    """Return the step to the first neighbour where no section stands, right before below, left and above: room for a number."""
    steps = ((1, 0), (0, 1), (-1, 0), (0, -1))
    return next((step for step in steps if cell + step[0] + step[1] * columns not in taken), steps[0])


def _draw_sections(ax: Axes, evidence: Evidence, frames: Frames, frame: int) -> None:
    columns = evidence.plan.ground.shape[1]
    groups = grouped_sections(evidence, frames, frame)
    for (cell, code), (many, level) in groups.items():
        side = Side(code)
        x, y = cell % columns + 0.5, cell // columns + 0.5
        ax.scatter([x], [y], s=105, marker=SIDE_SHAPES.get(side, "s"), c=SIDE_INK[side], edgecolors="white", linewidths=0.8, zorder=5)
        ax.text(x, y, str(level), ha="center", va="center", fontsize=7, fontweight="bold", color="white", zorder=6)
        if many > 1:
            right, down = beside_free(cell, columns, {place for place, _ in groups})
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.4}
            ax.text(x + right, y + down, f"×{many}", ha="center", va="center", fontsize=7, color=TEXT, zorder=7, bbox=box)
