"""The theatre: the places of the four municipalities and their approaches, and the roads and footpaths between them.

The paper plays in northern Kosovo: four town halls, the Ibar bridge, Banjska and its monastery, the two crossings on the
northern roads, and the bases from which the Kosovo Force (KFOR) comes. A journey takes the quickest open way; what is
closed (a roadblock, a barricade, a bridge) lengthens it or ends it, so that massing at one place can fail at another.

*Source*: coordinates and distances as cited place by place in ``scenarios/geography`` (keys such as "P8"). Road lengths are
straight lines times 1.3-1.5, times assume 40-60 km/h on a clear valley road: grade C throughout, and schematic.

Not modelled: municipal boundaries, relief, weather, traffic, convoys' spacing, the width or surface of a road.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.foundations.figures import Span, Strict

EARTH_KM = 6371.0
FASTEST_KM_H = 90.0  # a clear-road time that needs more is a slip of the pen
SOUTH, NORTH, WEST, EAST = 41.8, 43.6, 19.9, 21.9  # Kosovo and its approaches: catches swapped or mistyped coordinates

type Evidence = Literal["A", "B", "C", "assumption"]
type Mode = Literal["vehicle", "foot"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class PlaceKind(StrEnum):
    """What a place is."""

    MUNICIPALITY_SEAT = "municipality_seat"
    VILLAGE = "village"
    BRIDGE = "bridge"
    MONASTERY = "monastery"
    CROSSING = "crossing"
    BASE = "base"
    HEADQUARTERS = "headquarters"
    OUTSIDE = "outside"  # beyond the four municipalities
    JUNCTION = "junction"  # where roads part
    FOOTPATH_POINT = "footpath_point"  # schematic: no real path is meant


class RouteKind(StrEnum):
    """Who can use a route: a road serves vehicles and walkers, a footpath walkers only."""

    ROAD = "road"
    FOOTPATH = "footpath"


def _positive(span: Span) -> Span:
    if span.low <= 0:
        raise ValueError("every value must be greater than 0")
    return span


type PositiveSpan = Annotated[Span, AfterValidator(_positive)]


class Count(Strict):
    """A number of persons (or votes) with where it comes from."""

    persons: Annotated[int, Field(ge=0)]
    source: Text
    grade: Evidence
    note: str = ""


class Municipality(Strict):
    """One of the four municipalities: two rival population estimates and the vote of 23 April 2023."""

    id: Identifier
    name: Text
    name_sq: Text
    name_sr: Text
    seat: Identifier
    census_2024: Count
    older_estimate: Count
    registered_voters: Count
    votes_april_2023: Count


class Place(Strict):
    """A node of the theatre. ``name_sq`` and ``name_sr`` are the Albanian and the Serbian (Latin) forms."""

    id: Identifier
    name: Text
    name_sq: str | None = None
    name_sr: str | None = None
    kind: PlaceKind
    municipality: Identifier | None
    latitude: Annotated[float, Field(ge=SOUTH, le=NORTH)]
    longitude: Annotated[float, Field(ge=WEST, le=EAST)]
    source: Text
    grade: Evidence
    note: str = ""

    @model_validator(mode="after")
    def _named_in_both_languages(self) -> Self:
        nameless = self.kind in (PlaceKind.JUNCTION, PlaceKind.FOOTPATH_POINT)
        if not nameless and not (self.name_sq and self.name_sr):
            raise ValueError("needs name_sq and name_sr: the Albanian and the Serbian form")
        return self


class Route(Strict):
    """An edge of the theatre: its length, and for a road the minutes a vehicle takes when nothing is in the way."""

    id: Identifier
    between: tuple[Identifier, Identifier]
    kind: RouteKind
    road_km: PositiveSpan
    clear_minutes: PositiveSpan | None = None
    walking_km_h: PositiveSpan | None = None  # where walkers go slower or faster than elsewhere
    watched: bool = False
    open: bool = True
    source: Text
    grade: Evidence
    note: str = ""

    @property
    def vehicle_km_h(self) -> float | None:
        """Speed of a vehicle on the clear road (central values); None on a footpath."""
        return None if self.clear_minutes is None else 60 * self.road_km.central / self.clear_minutes.central

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.between[0] == self.between[1]:
            raise ValueError("leads from a place to itself")
        if (self.kind is RouteKind.ROAD) != (self.clear_minutes is not None):
            raise ValueError("a road needs clear_minutes, a footpath has none (walking_km_h sets its time)")
        if self.vehicle_km_h is not None and self.vehicle_km_h > FASTEST_KM_H:
            raise ValueError(f"needs {self.vehicle_km_h:.0f} km/h; check road_km and clear_minutes")
        return self

    def serves(self, mode: Mode) -> bool:
        """Return whether one can use the route in this way when it is open."""
        return mode == "foot" or self.kind is RouteKind.ROAD


class Walking(Strict):
    """How fast people walk, in km/h, on a road and on a footpath."""

    road: PositiveSpan
    footpath: PositiveSpan
    source: Text
    grade: Evidence
    note: str = ""


class _PlacesFile(Strict):
    note: Text
    municipalities: tuple[Municipality, ...]
    places: tuple[Place, ...]


class _RoutesFile(Strict):
    note: Text
    walking_km_h: Walking
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Journey:
    """The quickest way between two places.

    Attributes
    ----------
    minutes_low, minutes_central, minutes_high
        Sums of the legs' times: all legs at their best, at their central value, at their worst.
    km
        Sum of the legs' central lengths.
    places
        Ids of the places passed, first and last included.
    routes
        Ids of the routes used, in order; one fewer than ``places``.
    """

    minutes_low: float
    minutes_central: float
    minutes_high: float
    km: float
    places: tuple[str, ...]
    routes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Theatre:
    """Places, routes and municipalities by id, and how fast people walk. Journeys once found are kept: the map does not change."""

    places: Mapping[str, Place]
    routes: Mapping[str, Route]
    municipalities: Mapping[str, Municipality]
    walking: Walking

    def minutes(self, route: str, mode: Mode = "vehicle") -> Span:
        """Return the minutes along one route, open or not.

        A vehicle takes the clear-road time; a walker takes length over walking speed, on roads as on footpaths, where the
        low time pairs the shortest length with the fastest walker and the high time the longest with the slowest.
        InputError for an unknown route, or a vehicle on a footpath.
        """
        edge = _known(self.routes, route, "route")
        if not edge.serves(mode):
            raise input_error(route, "is a footpath; vehicles cannot use it", "go on foot")
        if mode == "vehicle" and edge.clear_minutes is not None:
            return edge.clear_minutes
        general = self.walking.road if edge.kind is RouteKind.ROAD else self.walking.footpath
        pace, km = edge.walking_km_h or general, edge.road_km
        return Span(low=60 * km.low / pace.high, central=60 * km.central / pace.central, high=60 * km.high / pace.low)

    def travel(self, start: str, to: str, mode: Mode = "vehicle", closed: Collection[str] = ()) -> Journey:
        """Return the quickest journey by central minutes over open routes that serve the mode.

        Parameters
        ----------
        start, to
            Ids of places.
        mode
            ``vehicle`` uses roads; ``foot`` uses roads and footpaths.
        closed
            Ids of routes closed on top of those the file closes (roadblocks of the moment).

        Raises
        ------
        InputError
            An unknown place or route (with the nearest name), or no way: names the closed or missing routes.
        """
        return self._travel(start, to, mode, frozenset(closed))

    @lru_cache(maxsize=4096)  # noqa: B019  # few maps are ever loaded, and they are kept
    def _travel(self, start: str, to: str, mode: Mode, closed: frozenset[str]) -> Journey:
        import networkx as nx

        for place in (start, to):
            _known(self.places, place, "place")
        for route in sorted(closed):
            _known(self.routes, route, "route")
        graph = self._graph(mode, closed)
        try:
            way = nx.dijkstra_path(graph, start, to, weight="central")
        except nx.NetworkXNoPath:
            sides = (nx.node_connected_component(graph, start), nx.node_connected_component(graph, to))
            raise self._no_way(start, to, mode, closed, sides) from None
        return self._journey(way, [graph.edges[step]["route"] for step in pairwise(way)], mode)

    def _graph(self, mode: Mode, closed: Collection[str]) -> Any:
        import networkx as nx

        graph: Any = nx.Graph()
        graph.add_nodes_from(self.places)
        for route in self.routes.values():
            if not route.open or route.id in closed or not route.serves(mode):
                continue
            central = self.minutes(route.id, mode).central
            beside = graph.get_edge_data(*route.between)
            if beside is None or central < beside["central"]:
                graph.add_edge(*route.between, central=central, route=route.id)
        return graph

    def _journey(self, way: list[str], routes: list[str], mode: Mode) -> Journey:
        spans = [self.minutes(route, mode) for route in routes]
        return Journey(
            minutes_low=math.fsum(span.low for span in spans),
            minutes_central=math.fsum(span.central for span in spans),
            minutes_high=math.fsum(span.high for span in spans),
            km=math.fsum(self.routes[route].road_km.central for route in routes),
            places=tuple(way),
            routes=tuple(routes),
        )

    def _no_way(self, start: str, to: str, mode: Mode, closed: Collection[str], sides: tuple[set[str], set[str]]) -> InputError:
        where = "journey by vehicle" if mode == "vehicle" else "journey on foot"
        what = f"there is no way from {start} to {to}"
        out, into = (self._leaving(side) for side in sides)
        shut = [route.id for route in out if route.serves(mode) and (not route.open or route.id in closed)]
        if shut:
            return input_error(where, f"{what}: closed: {', '.join(shut)}", "open one of them, or start elsewhere")
        paths = [route.id for route in into if not route.serves(mode)]
        if paths:
            return input_error(where, f"{what}: only footpaths lead there: {', '.join(paths)}", "go on foot")
        return input_error(where, f"{what}: no open route joins the two", "a route is missing or closed in routes.yaml")

    def _leaving(self, side: set[str]) -> list[Route]:
        """Return the routes with one end in *side* and the other outside it, whatever their kind and state."""
        return [route for route in self.routes.values() if (route.between[0] in side) != (route.between[1] in side)]


def great_circle_km(one: Place, other: Place) -> float:
    """Return the straight-line distance over the ground (haversine formula), for checks and maps; no rule uses it."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def load_theatre(folder: Path, root: Path | None = None) -> Theatre:
    """Return the theatre of ``places.yaml`` and ``routes.yaml`` in *folder*.

    Raises
    ------
    InputError
        Every complaint with file and line (relative to *root*): unknown keys, values out of bounds, ids that stand twice,
        ids that name nothing, two routes of one kind between the same places, a route shorter than the straight line.
    """
    places_file = read_document(folder / "places.yaml", root)
    routes_file = read_document(folder / "routes.yaml", root)
    ground, ways = validated(places_file, _PlacesFile), validated(routes_file, _RoutesFile)
    problems = [*_problems_of_places(places_file, ground), *_problems_of_routes(routes_file, ground, ways)]
    if problems:
        raise InputError(problems)
    return Theatre(
        places={place.id: place for place in ground.places},
        routes={route.id: route for route in ways.routes},
        municipalities={municipality.id: municipality for municipality in ground.municipalities},
        walking=ways.walking_km_h,
    )


def _problems_of_places(document: Document, ground: _PlacesFile) -> Iterator[Problem]:
    yield from _repeated(document, "municipalities", [municipality.id for municipality in ground.municipalities])
    yield from _repeated(document, "places", [place.id for place in ground.places])
    known_places = {place.id for place in ground.places}
    known_municipalities = {municipality.id for municipality in ground.municipalities}
    for row, municipality in enumerate(ground.municipalities):
        at = ("municipalities", row, "seat")
        yield from _dangling(document, at, municipality.seat, known_places, "place")
    for row, place in enumerate(ground.places):
        if place.municipality is not None:
            at = ("places", row, "municipality")
            yield from _dangling(document, at, place.municipality, known_municipalities, "municipality")


def _problems_of_routes(document: Document, ground: _PlacesFile, ways: _RoutesFile) -> Iterator[Problem]:
    yield from _repeated(document, "routes", [route.id for route in ways.routes])
    places = {place.id: place for place in ground.places}
    first: dict[tuple[RouteKind, frozenset[str]], str] = {}
    for row, route in enumerate(ways.routes):
        yield from _problems_of_route(document, row, route, places)
        twin = first.setdefault((route.kind, frozenset(route.between)), route.id)
        if twin != route.id:
            what = f"joins the same two places as {route.kind.value} '{twin}'"
            yield document.problem(("routes", row, "between"), what, "keep one of the two")


def _problems_of_route(document: Document, row: int, route: Route, places: Mapping[str, Place]) -> Iterator[Problem]:
    at = ("routes", row)
    missing = [
        problem for end, place in enumerate(route.between) for problem in _dangling(document, (*at, "between", end), place, places, "place")
    ]
    yield from missing
    if missing or route.between[0] == route.between[1]:
        return
    straight = great_circle_km(*(places[place] for place in route.between))
    if route.road_km.low < straight * 0.99:  # coordinates are rounded to 0.001 degree
        what = f"{route.road_km.low:g} km is shorter than the straight line ({straight:.1f} km)"
        yield document.problem((*at, "road_km"), what, "check the length and the coordinates")


def _repeated(document: Document, section: str, ids: Iterable[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row, name in enumerate(ids):
        if name in first:
            line = document.lines[(section, first[name], "id")]
            yield document.problem((section, row, "id"), f"'{name}' stands twice (first on line {line})", "keep one of the two")
        first.setdefault(name, row)


def _dangling(document: Document, at: tuple[str | int, ...], name: str, known: Collection[str], word: str) -> Iterator[Problem]:
    if name not in known:
        yield document.problem(at, f"unknown {word} '{name}'", nearest(name, known))


def _known[T](table: Mapping[str, T], name: str, word: str) -> T:
    if name not in table:
        raise input_error(word, f"unknown {word} '{name}'", nearest(name, table))
    return table[name]
