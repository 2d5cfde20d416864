"""The theatre holds every cited place, and its edges add up to every cited road."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.foundations.errors import InputError
from sim.geography.theatre import PlaceKind, RouteKind, Span, Theatre, great_circle_km, load_theatre

SHIPPED = Path(__file__).parents[2] / "scenarios" / "geography"

# from, to, straight km, road km, minutes on the clear road: the cited table (facts 5.3)
ROADS = [
    ("ibar_bridge", "zvecan", 3, (4, 4), (5, 8)),
    ("ibar_bridge", "banjska", 11.5, (15, 17), (20, 25)),
    ("zvecan", "banjska", 8.6, (11, 15), (15, 25)),
    ("ibar_bridge", "zubin_potok", 15, (20, 23), (25, 35)),
    ("ibar_bridge", "leposavic", 24, (31, 35), (35, 50)),
    ("leposavic", "jarinje", 14, (18, 21), (20, 30)),
    ("jarinje", "raska", 13, (16, 19), (20, 25)),
    ("zubin_potok", "brnjak", 9, (12, 20), (20, 30)),
    ("novo_selo", "zvecan", 10, (13, 15), (15, 25)),
    ("novo_selo", "banjska", 19, (24, 28), (30, 45)),
    ("novo_selo", "leposavic", 30, (39, 45), (45, 65)),
    ("novo_selo", "zubin_potok", 21, (28, 32), (35, 50)),
    ("bondsteel", "zvecan", 69, (90, 104), (80, 120)),
    ("film_city", "zvecan", 37, (48, 56), (50, 75)),
    ("villaggio_italia", "zvecan", 53, (69, 80), (75, 110)),
]

# id: latitude, longitude, kind (facts 5.2)
PLACES = {
    "zvecan": (42.909, 20.839, PlaceKind.MUNICIPALITY_SEAT),
    "leposavic": (43.098, 20.801, PlaceKind.MUNICIPALITY_SEAT),
    "zubin_potok": (42.917, 20.683, PlaceKind.MUNICIPALITY_SEAT),
    "north_mitrovica": (42.892, 20.869, PlaceKind.MUNICIPALITY_SEAT),
    "ibar_bridge": (42.891, 20.866, PlaceKind.BRIDGE),
    "banjska": (42.973, 20.781, PlaceKind.VILLAGE),
    "banjska_monastery": (42.972, 20.783, PlaceKind.MONASTERY),
    "jarinje": (43.208, 20.717, PlaceKind.CROSSING),
    "brnjak": (42.934, 20.571, PlaceKind.CROSSING),
    "bondsteel": (42.366, 21.248, PlaceKind.BASE),
    "novo_selo": (42.84, 20.92, PlaceKind.BASE),
    "film_city": (42.68, 21.17, PlaceKind.HEADQUARTERS),
    "villaggio_italia": (42.63, 20.31, PlaceKind.BASE),
    "raska": (43.29, 20.61, PlaceKind.OUTSIDE),
}

SMALL_PLACES = """\
note: made up
municipalities:
  - id: here
    name: Here
    name_sq: Këtu
    name_sr: Ovde
    seat: a
    census_2024: {persons: 1, source: x, grade: C}
    older_estimate: {persons: 2, source: x, grade: C}
    registered_voters: {persons: 1, source: x, grade: C}
    votes_april_2023: {persons: 1, source: x, grade: A}
places:
  - {id: a, name: A, name_sq: A, name_sr: A, kind: village, municipality: here, latitude: 42.90, longitude: 20.8, source: x, grade: C}
  - {id: b, name: B, name_sq: B, name_sr: B, kind: village, municipality: here, latitude: 42.91, longitude: 20.8, source: x, grade: C}
  - {id: c, name: C, kind: footpath_point, municipality: null, latitude: 42.92, longitude: 20.8, source: x, grade: C}
"""
SMALL_ROUTES = """\
note: made up
walking_km_h: {road: {low: 4, high: 5}, footpath: {low: 2, high: 4}, source: x, grade: assumption}
routes:
  - {id: a_b, between: [a, b], kind: road, road_km: 2, clear_minutes: {low: 2, high: 4}, source: x, grade: C}
  - {id: b_c, between: [b, c], kind: footpath, road_km: 2, source: x, grade: C}
"""


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return load_theatre(SHIPPED)


def small(folder: Path, places: str = SMALL_PLACES, routes: str = SMALL_ROUTES) -> Theatre:
    (folder / "places.yaml").write_text(places, encoding="utf-8")
    (folder / "routes.yaml").write_text(routes, encoding="utf-8")
    return load_theatre(folder, folder)


def changed_line(old: str, new: str) -> int:
    return next(number for number, (one, other) in enumerate(zip(old.splitlines(), new.splitlines(), strict=True), 1) if one != other)


def assert_complains(refused: InputError, where: str, complaint: str) -> None:
    found = [str(problem) for problem in refused.problems]
    assert any(text.startswith(f"{where}:") and complaint in text for text in found), found


@pytest.mark.parametrize(("start", "to", "straight", "km", "minutes"), ROADS)
def test_every_cited_road_is_reproduced_inside_its_band(theatre, start, to, straight, km, minutes):
    for way in (theatre.travel(start, to), theatre.travel(to, start)):
        legs = [theatre.routes[route].road_km for route in way.routes]
        assert km[0] - 1e-9 <= sum(leg.low for leg in legs) <= way.km <= sum(leg.high for leg in legs) <= km[1] + 1e-9
        assert minutes[0] - 1e-9 <= way.minutes_low <= way.minutes_central <= way.minutes_high <= minutes[1] + 1e-9
    assert great_circle_km(theatre.places[start], theatre.places[to]) == pytest.approx(straight, abs=0.6)


@pytest.mark.parametrize("place", PLACES)
def test_every_cited_place_stands_at_its_coordinates(theatre, place):
    found = theatre.places[place]
    assert (found.latitude, found.longitude, found.kind) == PLACES[place]


def test_names_stand_in_both_languages_and_every_point_has_a_source(theatre):
    for place in theatre.places.values():
        assert place.source
        if place.kind not in (PlaceKind.JUNCTION, PlaceKind.FOOTPATH_POINT):
            assert place.name_sq
            assert place.name_sr
    assert (theatre.places["zvecan"].name_sq, theatre.places["zvecan"].name_sr) == ("Zveçan", "Zvečan")


def test_municipalities_carry_both_population_estimates(theatre):
    towns = theatre.municipalities.values()
    assert sum(town.census_2024.persons for town in towns) == 23_657
    assert sum(town.older_estimate.persons for town in towns) == 79_910
    assert sum(town.votes_april_2023.persons for town in towns) == 1_567
    turnout = {"north_mitrovica": 4.62, "zvecan": 2.92, "leposavic": 1.06, "zubin_potok": 5.78}
    for name, percent in turnout.items():
        town = theatre.municipalities[name]
        assert 100 * town.votes_april_2023.persons / town.registered_voters.persons == pytest.approx(percent, abs=0.01)
        assert (town.votes_april_2023.grade, town.census_2024.grade, town.older_estimate.grade) == ("A", "C", "C")


def test_schematic_footpaths_say_so_and_are_assumptions(theatre):
    paths = [route for route in theatre.routes.values() if route.kind is RouteKind.FOOTPATH and route.id != "main_bridge_on_foot"]
    assert len(paths) >= 5
    assert all(path.grade == "assumption" and "Schematic" in path.note for path in paths)
    points = [place for place in theatre.places.values() if place.kind is PlaceKind.FOOTPATH_POINT]
    assert all(point.grade == "assumption" and "Schematic" in point.name for point in points)


def test_the_walk_from_the_monastery_to_the_boundary_has_the_cited_length(theatre):
    walk = theatre.travel("banjska_monastery", "boundary_beyond_banjska", "foot")
    assert walk.km == pytest.approx(14, abs=1)
    assert walk.minutes_central > 3 * 60


def test_no_vehicle_crosses_the_main_bridge_or_takes_a_footpath(theatre):
    assert "main_bridge_on_foot" in theatre.travel("south_mitrovica", "ibar_bridge", "foot").routes
    assert "vehicle_bridges_of_mitrovica" in theatre.travel("south_mitrovica", "ibar_bridge").routes
    with pytest.raises(InputError, match="only footpaths lead there: schematic_path_beyond_banjska; go on foot"):
        theatre.travel("banjska", "boundary_beyond_banjska")
    with pytest.raises(InputError, match="footpath"):
        theatre.minutes("main_bridge_on_foot", "vehicle")


def test_a_closed_road_sends_the_journey_round_or_ends_it(theatre):
    direct = theatre.travel("novo_selo", "zubin_potok")
    round_about = theatre.travel("novo_selo", "zubin_potok", closed={"south_mitrovica_to_zubin_potok"})
    assert "south_mitrovica_to_zubin_potok" in direct.routes
    assert "south_mitrovica_to_zubin_potok" not in round_about.routes
    assert round_about.minutes_central > direct.minutes_central
    with pytest.raises(InputError, match="closed: banjska_junction_to_bridge; open one"):
        theatre.travel("zvecan", "banjska", closed=["banjska_junction_to_bridge"])
    assert "schematic_path_zvecan" in theatre.travel("zvecan", "banjska", "foot", ["banjska_junction_to_bridge"]).routes


def test_every_place_can_be_reached_on_foot(theatre):
    for place in theatre.places:
        assert math.isfinite(theatre.travel("zvecan", place, "foot").minutes_high)


def test_a_journey_to_where_one_is_takes_nothing(theatre):
    stay = theatre.travel("zvecan", "zvecan")
    assert (stay.minutes_high, stay.km, stay.places, stay.routes) == (0.0, 0.0, ("zvecan",), ())


def test_unknown_names_meet_the_nearest_one(theatre):
    with pytest.raises(InputError, match="unknown place 'zvecn'; did you mean 'zvecan'"):
        theatre.travel("zvecn", "raska")
    with pytest.raises(InputError, match="did you mean 'jarinje_to_raska'"):
        theatre.travel("zvecan", "raska", closed=["jarinje_raska"])


def test_walking_pairs_the_shortest_way_with_the_fastest_walker(tmp_path):
    routes = SMALL_ROUTES.replace("footpath, road_km: 2", "footpath, road_km: {low: 2, high: 4}")
    loaded = small(tmp_path, routes=routes)
    assert loaded.minutes("b_c", "foot") == Span(low=30, central=60, high=120)
    assert loaded.minutes("a_b", "foot") == Span(low=24, central=120 / 4.5, high=30)
    assert loaded.minutes("a_b") == Span(low=2, central=3, high=4)
    slow = small(tmp_path, routes=routes.replace("footpath, road_km", "footpath, walking_km_h: 1, road_km"))
    assert slow.minutes("b_c", "foot") == Span(low=120, central=180, high=240)


def test_of_two_routes_between_the_same_places_the_quicker_is_taken(tmp_path):
    extra = "  - {id: short_cut, between: [b, a], kind: footpath, road_km: 1.2, walking_km_h: 6, source: x, grade: C}\n"
    loaded = small(tmp_path, routes=SMALL_ROUTES + extra)
    assert loaded.travel("a", "b", "foot").routes == ("short_cut",)
    assert loaded.travel("a", "b").routes == ("a_b",)


def test_two_quick_legs_beat_one_slow_road(tmp_path):
    slow = "  - {id: a_c, between: [a, c], kind: road, road_km: 3, clear_minutes: 20, source: x, grade: C}\n"
    quick = "  - {id: b_c_road, between: [b, c], kind: road, road_km: 2, clear_minutes: 4, source: x, grade: C}\n"
    way = small(tmp_path, routes=SMALL_ROUTES + slow + quick).travel("a", "c")
    assert way.places == ("a", "b", "c")
    assert (way.minutes_low, way.minutes_central, way.minutes_high, way.km) == (6, 7, 8, 4)


def test_a_route_closed_in_the_file_is_named(tmp_path):
    loaded = small(tmp_path, routes=SMALL_ROUTES.replace("kind: road,", "kind: road, open: false,"))
    with pytest.raises(InputError, match="closed: a_b"):
        loaded.travel("a", "b")


def test_a_missing_route_is_told_apart_from_a_closed_one(tmp_path):
    routes = "\n".join(line for line in SMALL_ROUTES.splitlines() if "b_c" not in line)
    with pytest.raises(InputError, match="no open route joins the two"):
        small(tmp_path, routes=routes).travel("a", "c", "foot")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("latitude: 42.91", "latitude: -42.91", "greater than or equal to 41.8"),
        ("latitude: 42.91", "latitude: .nan", "not a finite number"),
        ("latitude: 42.91, longitude: 20.8", "latitude: 20.8, longitude: 42.91", "greater than or equal to 41.8"),
        ("id: b, name: B", "id: a, name: B", "'a' stands twice (first on line 13)"),
        ("name_sq: B,", "", "name_sq and name_sr"),
        ("sr: B, kind: village, municipality: here", "sr: B, kind: village, municipality: her", "municipality 'her'; did you mean 'here'"),
        ("seat: a", "seat: elsewhere", "unknown place 'elsewhere'"),
        ("persons: 2,", "persons: -2,", "greater than or equal to 0"),
        ("id: b, name: B", "id: b, nam: B", "unknown key; did you mean 'name'"),
    ],
)
def test_a_bad_place_is_refused_with_its_line(tmp_path, old, new, complaint):
    places = SMALL_PLACES.replace(old, new)
    assert places != SMALL_PLACES
    with pytest.raises(InputError) as refused:
        small(tmp_path, places=places)
    assert_complains(refused.value, f"places.yaml:{changed_line(SMALL_PLACES, places)}", complaint)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("between: [b, c]", "between: [b, cc]", "unknown place 'cc'; did you mean 'c'"),
        ("between: [b, c]", "between: [b, b]", "to itself"),
        ("id: b_c", "id: a_b", "'a_b' stands twice (first on line 4)"),
        ("road_km: 2, source", "road_km: -2, source", "greater than or equal to 0"),
        ("road_km: 2, source", "road_km: .nan, source", "not a finite number"),
        ("road_km: 2, source", "road_km: 0.4, source", "shorter than the straight line (1.1 km)"),
        ("road_km: 2, source", "road_km: {low: 3, high: 2}, source", "low <= central <= high"),
        ("road_km: 2, source", "road_km: 2, clear_minutes: 3, source", "a footpath has none"),
        ("clear_minutes: {low: 2, high: 4}, ", "", "a road needs clear_minutes"),
        ("clear_minutes: {low: 2, high: 4}", "clear_minutes: {low: 0.5, high: 1}", "needs 160 km/h"),
        ("kind: footpath", "kind: path", "'road' or 'footpath'"),
        ("footpath: {low: 2, high: 4}", "footpath: {low: 0, high: 4}", "greater than 0"),
    ],
)
def test_a_bad_route_is_refused_with_its_line(tmp_path, old, new, complaint):
    routes = SMALL_ROUTES.replace(old, new)
    assert routes != SMALL_ROUTES
    with pytest.raises(InputError) as refused:
        small(tmp_path, routes=routes)
    assert_complains(refused.value, f"routes.yaml:{changed_line(SMALL_ROUTES, routes)}", complaint)


def test_two_roads_between_the_same_places_are_refused(tmp_path):
    extra = "  - {id: b_a, between: [b, a], kind: road, road_km: 2, clear_minutes: 4, source: x, grade: C}\n"
    with pytest.raises(InputError, match=r"routes.yaml:6:routes.2.between: joins the same two places as road 'a_b'"):
        small(tmp_path, routes=SMALL_ROUTES + extra)


def test_all_complaints_come_at_once(tmp_path):
    places = SMALL_PLACES.replace("seat: a", "seat: elsewhere")
    routes = SMALL_ROUTES.replace("between: [b, c]", "between: [b, cc]")
    with pytest.raises(InputError) as refused:
        small(tmp_path, places, routes)
    assert len(refused.value.problems) == 2
