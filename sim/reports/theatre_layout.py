"""Layout of the theatre's map: places and roads as a diagram, in the directions of their coordinates and not to scale.

Only what this run uses is drawn: its sites, the bases of the units that took part or stood in reserve, and the roads of their
journeys. Far places are drawn nearer than they are, near ones are pulled apart until words fit between them. Schematic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.foundations.errors import InputError
from sim.geography.theatre import Mode, PlaceKind, Theatre
from sim.reports.evidence import RunEvidence

WIDTH, HEIGHT = 980.0, 700.0
MARGINS = (110.0, 120.0, 130.0, 95.0)
"""Left, top, right and bottom: room for the words round a site."""

BETWEEN_SITES, BETWEEN_OTHERS = (240.0, 190.0), (195.0, 132.0)
"""Room that two places are given, across and down: two sites; any other two."""

ROUNDS = 400
NEARER = 0.35
"""How much of the distance beyond the farthest site is drawn."""


@dataclass(frozen=True)
class Layout:
    """Where each place is drawn, which roads are drawn, and the places passed on each journey from a base to a site."""

    points: dict[str, tuple[float, float]]
    roads: tuple[tuple[str, str], ...]
    journeys: dict[tuple[str, str], tuple[str, ...]]
    sites: dict[str, str]
    bases: tuple[str, ...]

    def along(self, base: str, site: str, share: float) -> tuple[float, float]:
        """Return the point at a share of the way from a base to a site, by the lengths of the diagram."""
        return point_along([self.points[place] for place in self.journeys[base, site]], share)


def point_along(way: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """Return the point at a share of a way, by the lengths of its parts."""
    lengths = [math.dist(one, other) for one, other in pairwise(way)]
    left = share * sum(lengths)
    for (one, other), length in zip(pairwise(way), lengths, strict=True):
        if left <= length and length > 0.0:
            part = left / length
            return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])
        left -= length
    return way[-1]


def layout_of(run: RunEvidence) -> Layout:
    """Return the diagram of a run's theatre."""
    scenario = run.run.scenario
    sites = {name: site.place for name, site in scenario.file.sites.items()}
    deployed = {item.unit for day in scenario.days for item in day.file.deployments}
    moved = {entry["unit"] for entry in run.entries_of("movement", "hand_over")} | {entry["event"] for entry in run.entries_of("event")}
    units = [unit for unit in scenario.framework.command.units if unit.reserve or (unit.id in moved and unit.id not in deployed)]
    bases = tuple(dict.fromkeys(unit.base for unit in units))
    journeys = {
        (base, site): way
        for base in bases
        for site, place in sites.items()
        if (way := way_between(scenario.theatre, base, place)) is not None
    }
    roads = dict.fromkeys(tuple(sorted(step)) for way in journeys.values() for step in pairwise(way))
    places = dict.fromkeys([*sites.values(), *bases, *(place for road in roads for place in road)])
    points = _spread(_projected(scenario.theatre, places, sites.values()), set(sites.values()), scenario.theatre)
    return Layout(points, tuple((one, other) for one, other in roads), journeys, sites, bases)


def way_between(theatre: Theatre, start: str, to: str, mode: Mode = "vehicle") -> tuple[str, ...] | None:
    """Return the places passed on the quickest way, or None where there is none for that mode."""
    try:
        return theatre.travel(start, to, mode).places
    except InputError:
        return None


def _projected(theatre: Theatre, places: Iterable[str], sites: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return places in the drawing's box: east to the right, north up, far ones nearer than they are."""
    seats = [theatre.places[place] for place in sites]
    north = sum(place.latitude for place in seats) / len(seats)
    east = sum(place.longitude for place in seats) / len(seats)
    narrow = math.cos(math.radians(north))
    flat = {
        name: ((theatre.places[name].longitude - east) * narrow * 111.2, (north - theatre.places[name].latitude) * 111.2) for name in places
    }
    reach = max((math.hypot(*flat[place.id]) for place in seats), default=1.0) or 1.0
    drawn = {name: _nearer(point, reach) for name, point in flat.items()}
    low = [min(point[axis] for point in drawn.values()) for axis in (0, 1)]
    span = [max(max(point[axis] for point in drawn.values()) - low[axis], 1e-6) for axis in (0, 1)]
    room = (WIDTH - MARGINS[0] - MARGINS[2], HEIGHT - MARGINS[1] - MARGINS[3])
    return {
        name: (MARGINS[0] + (x - low[0]) / span[0] * room[0], MARGINS[1] + (y - low[1]) / span[1] * room[1])
        for name, (x, y) in drawn.items()
    }


def _nearer(point: tuple[float, float], reach: float) -> tuple[float, float]:
    far = math.hypot(*point)
    factor = 1.0 if far <= reach else (reach + NEARER * (far - reach)) / far
    return point[0] * factor, point[1] * factor


def _spread(points: dict[str, tuple[float, float]], sites: set[str], theatre: Theatre) -> dict[str, tuple[float, float]]:
    """Push places apart, step by step, until words fit between them; a bend in a road needs no room."""
    names = [name for name in points if theatre.places[name].kind is not PlaceKind.JUNCTION]
    moved = {name: list(point) for name, point in points.items()}
    for _ in range(ROUNDS):
        for number, one in enumerate(names):
            for other in names[number + 1 :]:
                part_from(moved[one], moved[other], BETWEEN_SITES if one in sites and other in sites else BETWEEN_OTHERS)
        for name in names:
            moved[name][0] = min(max(moved[name][0], MARGINS[0]), WIDTH - MARGINS[2])
            moved[name][1] = min(max(moved[name][1], MARGINS[1]), HEIGHT - MARGINS[3])
    return {name: (round(x, 1), round(y, 1)) for name, (x, y) in moved.items()}


def part_from(one: list[float], other: list[float], room: tuple[float, float]) -> None:
    """Move two points away from each other by a tenth of what is missing, along the line between them."""
    across, down = (other[0] - one[0]) / room[0], (other[1] - one[1]) / room[1]
    apart = math.hypot(across, down)
    if apart >= 1.0:
        return
    across, down = (across / apart, down / apart) if apart > 1e-9 else (0.6, 0.8)
    step = 0.05 * (1.0 - apart)
    for axis, part in ((0, across), (1, down)):
        one[axis] -= step * part * room[axis]
        other[axis] += step * part * room[axis]
