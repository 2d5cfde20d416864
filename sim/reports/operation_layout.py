"""Layout of an operation's map: a diagram round the place that is blocked, near ground drawn wide and far ground narrow.

A place stands in its direction from the roadblock, at a distance that grows with the logarithm of the true one; then places are
pulled apart until their words fit. Only what this run uses is drawn. Schematic: no road is surveyed and no path is real.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from sim.geography.theatre import PlaceKind, Theatre
from sim.reports.operation_evidence import OperationEvidence
from sim.reports.theatre_layout import HEIGHT, WIDTH, part_from, point_along, way_between

type Point = tuple[float, float]

NEAR_KM = 1.0
"""Distance below which the diagram is all but true to scale."""

MARGINS = (125.0, 110.0, 120.0, 95.0)
"""Left, top, right and bottom: room for words."""

BETWEEN_MAIN, BETWEEN_MAIN_AND_OTHER, BETWEEN_OTHERS = (300.0, 215.0), (215.0, 165.0), (200.0, 110.0)
"""Room that two places are given, across and down: two positions of the group; one and another place; two other places."""

ROUNDS = 500


@dataclass(frozen=True)
class OperationLayout:
    """Where each place is drawn, the roads and footpaths that are drawn, and the ways that are used."""

    points: dict[str, Point]
    roads: tuple[tuple[str, str], ...]
    paths: tuple[tuple[str, str], ...]
    bases: tuple[str, ...]
    to_site: dict[str, tuple[str, ...]]
    way_in: tuple[str, ...]
    ways_out: dict[str, tuple[str, ...]]
    site: str
    block: str
    compound: str
    labelled: tuple[str, ...]

    def along(self, way: tuple[str, ...], share: float) -> Point:
        """Return the point at a share of a way."""
        return point_along([self.points[place] for place in way], min(max(share, 0.0), 1.0))


def operation_layout(op: OperationEvidence) -> OperationLayout:
    """Return the diagram: positions of the group, its ways in and out, the bases of units that moved or stood in reserve."""
    scenario, group = op.run.run.scenario, op.armed.group
    theatre = scenario.theatre
    block, compound = group.positions["block"].place, group.positions["compound"].place
    site = scenario.file.sites[op.item.site].place
    moved = {leg.unit.base for leg in op.legs if leg.doing in ("out", "notice", "back")}
    bases = tuple(dict.fromkeys(unit.base for unit in scenario.framework.command.units if unit.reserve or unit.base in moved))
    to_site = {base: way for base in bases if (way := way_between(theatre, base, site)) is not None}
    start = op.armed.start
    way_in = way_between(theatre, start, compound, "foot" if op.armed.on_foot else "vehicle") or (start, compound)
    ways_out = {way.id: way_between(theatre, compound, way.to, way.mode) or (compound, way.to) for way in group.ways_out}
    inner = way_between(theatre, block, compound) or (block, compound)
    steps = [step for way in (*to_site.values(), way_in, *ways_out.values(), inner) for step in pairwise(way)]
    edges = list(dict.fromkeys((min(step), max(step)) for step in steps))
    on_foot = {(min(route.between), max(route.between)) for route in theatre.routes.values() if not route.serves("vehicle")}
    places = list(dict.fromkeys([block, compound, site, *bases, *(place for step in edges for place in step)]))
    ends = {start, *(way[-1] for way in ways_out.values())}
    labelled = tuple(place for place in places if place in {block, compound, *bases, *ends} or _landmark(theatre, place))
    points = _spread(_seen_from(theatre, places, block), {block, compound, *_feet(op, way_in, ways_out)}, labelled)
    return OperationLayout(
        points=points,
        roads=tuple(step for step in edges if step not in on_foot),
        paths=tuple(step for step in edges if step in on_foot),
        bases=bases,
        to_site=to_site,
        way_in=way_in,
        ways_out=ways_out,
        site=site,
        block=block,
        compound=compound,
        labelled=labelled,
    )


def _feet(op: OperationEvidence, way_in: tuple[str, ...], ways_out: dict[str, tuple[str, ...]]) -> set[str]:
    """Return the ends of ways on foot: fighters are drawn on these, so that they need room."""
    ends = {ways_out[way.id][-1] for way in op.armed.group.ways_out if way.mode == "foot"}
    return ends | ({way_in[0]} if op.armed.on_foot else set())


def _landmark(theatre: Theatre, place: str) -> bool:
    return theatre.places[place].kind in (PlaceKind.MUNICIPALITY_SEAT, PlaceKind.CROSSING, PlaceKind.OUTSIDE)


def _seen_from(theatre: Theatre, places: Collection[str], centre: str) -> dict[str, Point]:
    """Return places in the drawing's box, each in its direction from the centre; east to the right, north up."""
    middle = theatre.places[centre]
    narrow = math.cos(math.radians(middle.latitude))
    drawn: dict[str, Point] = {}
    for name in places:
        east = (theatre.places[name].longitude - middle.longitude) * narrow * 111.2
        south = (middle.latitude - theatre.places[name].latitude) * 111.2
        far = math.hypot(east, south)
        factor = math.log1p(far / NEAR_KM) / far if far > 0.0 else 0.0
        drawn[name] = (east * factor, south * factor)
    low = [min(point[axis] for point in drawn.values()) for axis in (0, 1)]
    span = [max(max(point[axis] for point in drawn.values()) - low[axis], 1e-6) for axis in (0, 1)]
    room = (WIDTH - MARGINS[0] - MARGINS[2], HEIGHT - MARGINS[1] - MARGINS[3])
    return {
        name: (MARGINS[0] + (x - low[0]) / span[0] * room[0], MARGINS[1] + (y - low[1]) / span[1] * room[1])
        for name, (x, y) in drawn.items()
    }


def _spread(points: dict[str, Point], main: set[str], labelled: Collection[str]) -> dict[str, Point]:
    """Push labelled places apart, step by step, until words fit between them; a bend in a road needs no room."""
    names = [name for name in points if name in labelled]
    moved = {name: list(point) for name, point in points.items()}
    for _ in range(ROUNDS):
        for number, one in enumerate(names):
            for other in names[number + 1 :]:
                many = (one in main) + (other in main)
                room = (BETWEEN_OTHERS, BETWEEN_MAIN_AND_OTHER, BETWEEN_MAIN)[many]
                part_from(moved[one], moved[other], room)
        for name in names:
            moved[name][0] = min(max(moved[name][0], MARGINS[0]), WIDTH - MARGINS[2])
            moved[name][1] = min(max(moved[name][1], MARGINS[1]), HEIGHT - MARGINS[3])
    return {name: (round(x, 1), round(y, 1)) for name, (x, y) in moved.items()}
