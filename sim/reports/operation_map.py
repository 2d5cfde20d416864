"""The map of an operation over time: data for the page's slider, and still pictures of the turning points.

Both draw the scenes of ``operation_scene``. In the page's data a sign that repeats from one moment to the next stands once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.reports.ink import FAINT, GREY, TEXT, canvas
from sim.reports.operation_evidence import OperationEvidence
from sim.reports.operation_layout import OperationLayout
from sim.reports.operation_scene import GROUP_INK, PATH_RING, SOFT, Sign, now_words, scene
from sim.reports.operation_timeline import NIGHT
from sim.reports.theatre_layout import HEIGHT, WIDTH
from sim.reports.words import place_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PATH_INK = "#9CA3AF"
"""Schematic footpaths; roads are paler and wider."""

POINTS_PER_PX = 0.72
"""Matplotlib points to a pixel of the diagram at 100 px an inch."""


def packed_operation(op: OperationEvidence, layout: OperationLayout) -> dict[str, Any]:
    """Return everything that the page's map of an operation draws."""
    scenes = [scene(op, layout, int(tick)) for tick in op.ticks]
    tables = [tuple(words for _, words in now_words(op, int(tick))) for tick in op.ticks]
    signs = list(dict.fromkeys(sign for each in scenes for sign in each))
    place = {sign: number for number, sign in enumerate(signs)}
    told = list(dict.fromkeys(words for table in tables for words in table))
    spot = {words: number for number, words in enumerate(told)}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "night": NIGHT,
        "groupInk": GROUP_INK,
        "ground": ground(op, layout),
        "heads": [name for name, _ in now_words(op, int(op.ticks[0]))],
        "clocks": [op.when(int(tick)) for tick in op.ticks],
        "dark": [int(row["dark"]) for row in op.rows],
        "signs": [list(sign) for sign in signs],
        "scenes": [[place[sign] for sign in each] for each in scenes],
        "told": told,
        "tables": [[spot[words] for words in table] for table in tables],
    }


def ground(op: OperationEvidence, layout: OperationLayout) -> dict[str, Any]:
    """Return what never changes: roads, schematic paths, places with their names."""
    return {
        "roads": [[*layout.points[one], *layout.points[other]] for one, other in layout.roads],
        "paths": [[*layout.points[one], *layout.points[other]] for one, other in layout.paths],
        "places": [
            {
                "name": label(op, place),
                "at": list(layout.points[place]),
                "main": place in (layout.block, layout.compound),
                "down": PATH_RING + 19 if place == layout.compound else 25,
            }
            for place in layout.labelled
        ],
    }


def label(op: OperationEvidence, place: str) -> str:
    """Return a place's name on the map."""
    found = op.run.run.scenario.theatre.places[place]
    inner = found.name.partition(" (")[2].rstrip(")")
    words = inner if inner and found.name.startswith("Camp ") else place_words(found).removeprefix("the ").removeprefix("schematic ")
    return words[:1].upper() + words[1:]


def first_frame(op: OperationEvidence) -> int:
    """Return the moment at which the slider stands first: the first contact, or the middle of the day."""
    tick = op.happened.get("contact")
    return len(op.ticks) // 2 if tick is None else int((op.ticks < tick).sum())


def operation_still(op: OperationEvidence, layout: OperationLayout, tick: int, title: str) -> Figure:
    """Draw one moment of the operation."""
    figure, (ax,) = canvas(WIDTH / 100, HEIGHT / 100, [[0.0, 0.0, 1.0, 1.0]])
    ax.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0), xticks=[], yticks=[])
    ax.axis("off")
    dark = bool(op.at(tick)["dark"])
    if dark:
        ax.axhspan(0, HEIGHT, color=NIGHT, linewidth=0, zorder=0)
    _draw_ground(ax, ground(op, layout))
    for sign in scene(op, layout, tick):
        _draw_sign(ax, sign)
    ax.text(16, 30, f"{op.when(tick)} · {title}", fontsize=13, fontweight="bold", color=TEXT, zorder=9)
    ax.text(16, 52, "dark" if dark else "daylight", fontsize=10.5, color=TEXT, zorder=9)
    ax.text(WIDTH - 14, HEIGHT - 14, "schematic, not to scale", ha="right", fontsize=9.5, color=TEXT, zorder=9)
    return figure


def _draw_ground(ax: Axes, found: dict[str, Any]) -> None:
    for x1, y1, x2, y2 in found["roads"]:
        ax.plot([x1, x2], [y1, y2], color=FAINT, linewidth=4, zorder=1, solid_capstyle="round")
    for x1, y1, x2, y2 in found["paths"]:
        ax.plot([x1, x2], [y1, y2], color=PATH_INK, linewidth=1.8, zorder=1, linestyle=(0, (3, 2)))
    for place in found["places"]:
        x, y = place["at"]
        ax.plot([x], [y], "s", color=GREY, markersize=7, zorder=2)
        size, ink, weight = (11, TEXT, "bold") if place["main"] else (9.5, SOFT, "normal")
        ax.text(
            x, y + place["down"], place["name"], ha="center", fontsize=size, color=ink, zorder=8, fontweight=weight, path_effects=_rim()
        )


_ALIGN = {"start": "left", "middle": "center", "end": "right"}


def _draw_sign(ax: Axes, sign: Sign) -> None:
    from matplotlib.patches import Arc, Circle

    match sign:
        case ("words", x, y, text, ink, size, bold, anchor):
            weight = "bold" if bold else "normal"
            ax.text(
                x, y, text, color=ink, fontsize=size * POINTS_PER_PX, fontweight=weight, ha=_ALIGN[anchor], zorder=8, path_effects=_rim()
            )
        case ("group", x, y):
            ax.plot([x], [y], "X", color=GROUP_INK, markersize=13, markeredgecolor="white", markeredgewidth=1.2, zorder=7)
        case ("unit", x, y, ink, towards):
            ax.plot([x], [y], ">" if towards == "out" else "<", color=ink, markersize=12, markeredgecolor="white", zorder=6)
        case ("ring", x, y, radius, share, ink):
            ax.add_patch(Circle((x, y), radius, facecolor="none", edgecolor="#C5CAD3", linewidth=1.0, zorder=3))
            if share > 0.0:
                end = min(360.0 * share, 359.9)
                ax.add_patch(Arc((x, y), 2 * radius, 2 * radius, theta1=-90, theta2=-90 + end, color=ink, linewidth=5, zorder=4))
        case ("barrier", x1, y1, x2, y2):
            ax.plot([x1, x2], [y1, y2], color="#B45309", linewidth=4, zorder=5, solid_capstyle="round")


def _rim() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground="white")]
