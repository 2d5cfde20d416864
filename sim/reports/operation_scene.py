"""The scene of an operation at one moment: where the group is, which units are where or on the road, and how far ground is closed.

A scene is a list of plain signs at points of a diagram. The page's slider and the still pictures draw the same scenes, so that they
cannot disagree. Directions are right, distances are not; no point is meant to be found on the ground.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.operation import Duty, GroupStage
from sim.reports.ink import SIDE_INK, TEXT
from sim.reports.operation_escape import cell_ends
from sim.reports.operation_evidence import PHASE_WORDS, STAGE_WORDS, OperationEvidence
from sim.reports.operation_layout import OperationLayout, Point
from sim.reports.operation_story import STEP_WORDS
from sim.reports.theatre_layout import HEIGHT
from sim.reports.theatre_map import FORCE_INK, FORCE_MARKS
from sim.reports.whereabouts import Leg, on_the_road, reserves_at
from sim.reports.words import FORCES, percent
from sim.vocabulary import Side

type Sign = tuple[Any, ...]
"""("words", x, y, text, ink, size, bold, anchor), ("group", x, y), ("unit", x, y, ink, towards), ("ring", x, y, r, share, ink),
("barrier", x1, y1, x2, y2)."""

GROUP_INK = SIDE_INK[Side.ARMED_GROUP]
SOFT = "#4B5563"
ROAD_RING, PATH_RING = 46.0, 56.0
"""Radius of the rings that fill as roads and paths are closed."""

LINE = 17.0
"""Room of one line of words."""

NEAR_PX = 50.0
"""Units on the road that are nearer to each other than this share one sign."""


def words_at(at: Point, text: str, ink: str = TEXT, size: int = 14, bold: bool = False, anchor: str = "middle") -> Sign:
    """Return words as a sign."""
    return ("words", round(at[0], 1), round(at[1], 1), text, ink, size, bold, anchor)


def scene(op: OperationEvidence, layout: OperationLayout, tick: int) -> list[Sign]:
    """Return everything that moves or changes at a tick."""
    row = op.at(tick)
    return [
        *_rings(layout, row),
        *_barrier(layout, row),
        *_forces(op, layout, row),
        *_units(op, layout, tick),
        *_group(op, layout, row, tick),
    ]


def _rings(layout: OperationLayout, row: dict[str, Any]) -> list[Sign]:
    x, y = layout.points[layout.compound]
    return [
        ("ring", x, y, ROAD_RING, round(float(row["closed_roads"]), 2), SIDE_INK[Side.KFOR]),
        ("ring", x, y, PATH_RING, round(float(row["closed_paths"]), 2), SIDE_INK[Side.PROTESTERS]),
        words_at((x, y + PATH_RING + 37), f"closed: roads {percent(row['closed_roads'])}, paths {percent(row['closed_paths'])}", size=13),
    ]


def _barrier(layout: OperationLayout, row: dict[str, Any]) -> list[Sign]:
    if row["stage"] not in (GroupStage.BLOCKING, GroupStage.IN_CONTACT):
        return []
    x, y = layout.points[layout.block]
    ahead = layout.along((layout.block, layout.compound), 0.5)
    far = math.hypot(ahead[0] - x, ahead[1] - y) or 1.0
    east, south = (ahead[0] - x) / far, (ahead[1] - y) / far
    bars = []
    for side in (-15.0, 15.0):
        middle = (x + side * east, y + side * south)
        ends = [round(part, 1) for sign in (-1, 1) for part in (middle[0] - 15.0 * sign * south, middle[1] + 15.0 * sign * east)]
        bars.append(("barrier", *ends))
    return bars


def _forces(op: OperationEvidence, layout: OperationLayout, row: dict[str, Any]) -> list[Sign]:
    """Forces on site beside the site's place, duties elsewhere at the boundary, reserves at their bases."""
    x, y = layout.points[layout.site]
    there = [(name, row["on_site"][name]) for name in FORCES if row["on_site"].get(name)]
    signs = [
        words_at((x, y + 46 + LINE * place), f"{FORCE_MARKS[name]} {FORCES[name]} {many}", FORCE_INK[name], bold=True)
        for place, (name, many) in enumerate(there)
    ]
    tick = int(row["tick"])
    away = [leg for leg in op.legs if leg.doing == "away" and leg.since <= tick < leg.until]
    edge = layout.points[_boundary(layout)]
    for number, (name, many) in enumerate(_sums([leg for leg in away if leg.site == Duty.BOUNDARY]).items()):
        at = (edge[0], edge[1] - 16 - LINE * number)
        signs.append(words_at(at, f"{FORCE_MARKS[name]} {FORCES[name]} {many} watching", FORCE_INK[name], bold=True))
    for number, (name, many) in enumerate(_sums([leg for leg in away if leg.site == Duty.OTHER_SITES]).items()):
        text = f"{FORCE_MARKS[name]} {FORCES[name]} {many} guarding other sites"
        signs.append(words_at((18.0, HEIGHT - 24 - LINE * number), text, FORCE_INK[name], bold=True, anchor="start"))
    for base in layout.bases:
        waiting = reserves_at(op.run, op.legs, base, tick)
        for number, name in enumerate(name for name in FORCES if name in waiting):
            at = (layout.points[base][0], layout.points[base][1] + 42 + LINE * number)
            signs.append(words_at(at, f"{FORCE_MARKS[name]} {FORCES[name]} {waiting[name]} in reserve", FORCE_INK[name], 13, True))
    return signs


def _boundary(layout: OperationLayout) -> str:
    return next((way[-1] for way in layout.ways_out.values()), layout.compound)


def _units(op: OperationEvidence, layout: OperationLayout, tick: int) -> list[Sign]:
    """Units that wait for their notice or are on the road; those near each other share one sign."""
    clusters: list[tuple[Point, list[Leg]]] = []
    for leg, share in on_the_road([leg for leg in op.legs if leg.doing != "away"], tick):
        if leg.unit.base not in layout.to_site:
            continue
        gone = 0.0 if leg.doing == "notice" else share if leg.doing == "out" else 1.0 - share
        at = layout.along(layout.to_site[leg.unit.base], gone)
        near = next((legs for point, legs in clusters if np.hypot(point[0] - at[0], point[1] - at[1]) < NEAR_PX), None)
        if near is None:
            clusters.append((at, [leg]))
        else:
            near.append(leg)
    signs: list[Sign] = []
    for (x, y), legs in clusters:
        signs.append(
            ("unit", round(x, 1), round(y, 1), FORCE_INK[str(legs[0].unit.organisation)], "back" if legs[0].doing == "back" else "out")
        )
        for number, (name, many) in enumerate(_sums(legs).items()):
            at = (x + 13, y + 5 - LINE * number)
            signs.append(words_at(at, f"{FORCES[name]} {many}", FORCE_INK[name], 13, True, "start"))
    return signs


def _sums(legs: list[Leg]) -> dict[str, int]:
    found: dict[str, int] = {}
    for leg in legs:
        name = str(leg.unit.organisation)
        found[name] = found.get(name, 0) + leg.persons
    return found


def _group(op: OperationEvidence, layout: OperationLayout, row: dict[str, Any], tick: int) -> list[Sign]:
    """The group's fighters where they are: at the start, on the way, at the block, in the compound, on their ways out."""
    many, compound = row["fighters"], layout.points[layout.compound]
    signs: list[Sign] = []
    start = layout.points[layout.way_in[0]]
    if many.get("preparing"):
        signs += _mark(start, f"{many['preparing']} fighters")
    if many.get("moving_in"):
        arrive = min((op.happened[name] for name in ("in_place", "block", "aborted") if name in op.happened), default=op.item.end_tick)
        since = op.happened["moved_off"]
        at = layout.along(layout.way_in, (tick - since) / max(arrive - since, 1))
        signs += [*_mark(at, ""), words_at((at[0] + 15, at[1] + 5), f"{many['moving_in']} moving in", GROUP_INK, bold=True, anchor="start")]
    if many.get("blocking"):
        signs += _mark(layout.points[layout.block], f"{many['blocking']} at the roadblock")
    if many.get("waiting"):
        way = layout.along((layout.block, layout.compound), 0.5 if many.get("blocking") else 1.0)
        signs += _mark(way, f"{many['waiting']} waiting")
    if many.get("holding"):
        signs += _mark(compound, "")
    signs += _on_ways_out(op, layout, row, tick)
    here = [f"{many[name]} {PHASE_WORDS[name]}" for name in ("holding", "captured", "killed") if many.get(name)]
    signs += [
        words_at((compound[0], compound[1] + PATH_RING + 55 + LINE * place), text, GROUP_INK, bold=True) for place, text in enumerate(here)
    ]
    gone = [(name, many[name]) for name in ("escaped", "aborted") if many.get(name)]
    for name, count in gone:
        place = layout.way_in[0] if name == "aborted" else _boundary(layout)
        signs.append(words_at((layout.points[place][0], layout.points[place][1] + 40), f"{count} {PHASE_WORDS[name]}", GROUP_INK, 13, True))
    return signs


def _mark(at: Point, text: str) -> list[Sign]:
    sign: Sign = ("group", round(at[0], 1), round(at[1], 1))
    return [sign, words_at((at[0], at[1] - 20), text, GROUP_INK, bold=True)] if text else [sign]


def _on_ways_out(op: OperationEvidence, layout: OperationLayout, row: dict[str, Any], tick: int) -> list[Sign]:
    """Cells on their ways by the share of their time gone; those that have not ended when the run ends are drawn half-way."""
    out = int(row["fighters"].get("breaking_out", 0))
    if not out or "breakout" not in op.happened:
        return []
    since = op.happened["breakout"]
    signs: list[Sign] = []
    coming = [end for end in cell_ends(op) if end.tick > tick]
    for end in coming:
        share = (tick - since) / max(end.tick - since, 1) * (0.1 if end.caught and end.where == "cordon" else 1.0)
        at = layout.along(layout.ways_out[end.way], share)
        signs.append(("group", round(at[0], 1), round(at[1], 1)))
    first = layout.along(next(iter(layout.ways_out.values())), 0.5)
    words = f"{out} on the way out" + ("" if coming else ", not yet over the boundary")
    return [*signs, words_at((first[0], first[1] - 20), words, GROUP_INK, bold=True)]


def now_words(op: OperationEvidence, tick: int) -> list[tuple[str, str]]:
    """Return the moment as a table: what, and how it is."""
    row = op.at(tick)
    roads = [f"{leg.unit.name} ({leg.persons})" for leg, _ in on_the_road([leg for leg in op.legs if leg.doing in ("out", "notice")], tick)]
    return [
        ("Light", "dark" if row["dark"] else "daylight"),
        ("The group", STAGE_WORDS[GroupStage(row["stage"])]),
        ("Fighters", op.fighters_words(row)),
        ("Forces on site", ", ".join(f"{FORCES[name]} {row['on_site'][name]}" for name in FORCES if row["on_site"].get(name)) or "nobody"),
        ("Roads, paths closed", f"{percent(row['closed_roads'])}, {percent(row['closed_paths'])}"),
        ("Ground cleared, searched", f"{percent(min(row['cleared'], 1.0))}, {percent(min(row['swept'], 1.0))}"),
        ("Escalation", f"step {row['step']}, {_step(row)}"),
        ("On the road", "; ".join(roads) if roads else "no unit"),
    ]


def _step(row: dict[str, Any]) -> str:
    return next(words for step, words in STEP_WORDS.items() if int(step) == int(row["step"]))


def moments_of(op: OperationEvidence) -> list[tuple[int, str]]:
    """Return the moments worth a still picture, by rule: the turning points, the middle of the ways in and out."""
    happened = op.happened
    chosen: dict[int, str] = {}

    def take(tick: float, words: str) -> None:
        at = int(op.from_on(int(tick))["tick"])
        chosen[at] = f"{chosen[at]}, {words}" if at in chosen else words

    if "moved_off" in happened:
        arrived = min((happened[name] for name in ("in_place", "block", "aborted") if name in happened), default=int(op.ticks[-1]))
        take((happened["moved_off"] + arrived) / 2, "the group is on its way in")
    known = ("contact", "the patrol is fired at"), ("occupation", "the compound is occupied"), ("encircled", "the roads are closed")
    later = (
        ("advance", "police advance"),
        ("breakout", "the group breaks out"),
        ("control", "control is declared"),
        ("aborted", "the group gives up"),
    )
    for name, words in (*known, *later):
        if name in happened:
            take(happened[name], words)
    escaped = [end.tick for end in cell_ends(op) if not end.caught]
    if escaped and "breakout" in happened:
        take((happened["breakout"] + escaped[0]) / 2, "cells are on their way out")
    return sorted(chosen.items())


def moment_words(op: OperationEvidence, tick: int, title: str) -> str:
    """Return a still in words."""
    told = "; ".join(f"{name}: {words}" for name, words in now_words(op, tick) if words not in ("no unit", "nobody"))
    return f"{op.when(tick)}, {title}. {told}. Schematic."
