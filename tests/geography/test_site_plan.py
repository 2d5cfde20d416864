"""A site plan reads as drawn, refuses what cannot be played, and measures distances as people walk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.foundations.errors import InputError
from sim.geography.site_plan import SitePlan, read_plan
from sim.vocabulary import Ground

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MAY = SCENARIOS / "may_2023"
ZVECAN = MAY / "zvecan_town_hall.yaml"
SITES = (ZVECAN, *(MAY / f"{name}.yaml" for name in ("leposavic_town_hall", "zubin_potok_town_hall", "north_mitrovica_square")))
TEMPLATES = ("street", "square", "bridge", "gate", "barricade", "field")
SHIPPED = [*SITES, *(SCENARIOS / "geography" / "templates" / f"{name}.yaml" for name in TEMPLATES)]

HEAD = """\
name: Small
schematic: true
note: made up
source: nobody
grade: assumption
cell_m: 5
rows: |
"""
ROWS = ("BDDB", "ssV.", "ss#.", "...E")


def write(folder: Path, rows: tuple[str, ...] = ROWS, marks: str = "", head: str = HEAD) -> Path:
    path = folder / "plan.yaml"
    path.write_text(head + "".join(f"  {row}\n" for row in rows) + marks, encoding="utf-8")
    return path


def complaints(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_plan(path, path.parent)
    return str(refused.value)


def at(plan: SitePlan, *cells: tuple[int, int]) -> np.ndarray:
    targets = np.zeros(plan.ground.shape, dtype=bool)
    for cell in cells:
        targets[cell] = True
    return targets


def metres(plan: SitePlan, one: np.ndarray, other: np.ndarray) -> float:
    return float(np.hypot(*(one.mean(axis=0) - other.mean(axis=0))) * plan.cell_m)


def test_letters_become_ground(tmp_path):
    plan = read_plan(write(tmp_path, marks="marks:\n  gate: [3, 3]\n"))
    expected = [[3, 4, 4, 3], [1, 1, 5, 0], [1, 1, 2, 0], [0, 0, 0, 6]]
    assert plan.ground.dtype == np.int8
    assert plan.ground.tolist() == expected
    assert plan.marks["gate"] == (3, 3)
    assert plan.cell_of("gate") == 15
    assert plan.cell_m == 5
    assert "schematic" in plan.source


def test_only_street_square_and_exit_can_be_stood_on(tmp_path):
    plan = read_plan(write(tmp_path))
    assert plan.open_cells().tolist() == [[False] * 4, [True, True, False, True], [True, True, False, True], [True] * 4]
    assert plan.cells_of(Ground.DOOR).tolist() == [1, 2]
    assert plan.cells_of(Ground.VEHICLE).tolist() == [6]
    assert plan.cells_of(Ground.EXIT).dtype == np.int64


def test_the_ground_cannot_be_overwritten(tmp_path):
    plan = read_plan(write(tmp_path))
    with pytest.raises(ValueError, match="read-only"):
        plan.ground[0, 0] = 0
    with pytest.raises(TypeError):
        plan.marks["new"] = (0, 0)  # type: ignore[index]


def test_distances_go_round_walls_and_do_not_cut_their_corners(tmp_path):
    plan = read_plan(write(tmp_path))
    steps = plan.distances(at(plan, (3, 3)))
    assert steps.dtype == np.int32
    # (2, 1) touches (3, 2) over the corner of the wall at (2, 2): two steps down and along, not one across
    assert steps.tolist() == [[-1, -1, -1, -1], [4, 4, -1, 2], [3, 3, -1, 1], [3, 2, 1, 0]]


def test_distances_without_diagonals_count_every_side_step(tmp_path):
    plan = read_plan(write(tmp_path))
    assert plan.distances(at(plan, (3, 3)), diagonal=False).tolist() == [
        [-1, -1, -1, -1],
        [5, 4, -1, 2],
        [4, 3, -1, 1],
        [3, 2, 1, 0],
    ]


def test_diagonal_steps_are_taken_on_open_ground(tmp_path):
    plan = read_plan(write(tmp_path, ("ssss", "ssss", "sssE"), head=HEAD.replace("cell_m: 5", "needs_door: false")))
    assert plan.distances(at(plan, (2, 3))).tolist() == [[3, 2, 2, 2], [3, 2, 1, 1], [3, 2, 1, 0]]


def test_a_closed_target_is_reached_from_beside_it_but_not_walked_through(tmp_path):
    rows = ("ssBss", "ssDss", "ssBsE", "ss.ss")
    plan = read_plan(write(tmp_path, rows))
    steps = plan.distances(plan.ground == Ground.DOOR)
    assert steps[1].tolist() == [2, 1, 0, 1, 2]
    assert steps[0, 1] == 2  # not 1: a diagonal past the door's jamb would cut it
    assert steps[0, 2] == -1
    across = plan.distances(at(plan, (1, 1)))
    assert across[1, 3] == 6  # down, along the bottom row, up again; never through the door


def test_no_target_means_nothing_is_reached(tmp_path):
    plan = read_plan(write(tmp_path))
    assert (plan.distances(at(plan)) == -1).all()
    with pytest.raises(ValueError, match="shape"):
        plan.distances(np.zeros((2, 2), dtype=bool))


@pytest.mark.parametrize(
    ("rows", "line", "complaint"),
    [
        (("BDDB", "ssV", "ss#.", "...E"), 9, "row 1 has 3 cells, row 0 has 4"),
        (("BDDB", "ssV.", "ss?.", "...E"), 10, "unknown letter '?' in column 2"),
        (("BDDB", "ssV.", "ss#.", "...."), 7, "has no exit"),
        (("BBBB", "ssV.", "ss#.", "...E"), 7, "has no door"),
        (("BDDB", "..V.", "..#.", "...E"), 7, "has no square"),
        (("BDDB", "ssV.", "ss##", "..BE"), 11, "the exit in row 3, column 3 cannot be reached"),
        (("DBBB", "#sV.", "ss#.", "...E"), 8, "no door can be reached"),
        (("D" + "s" * 199 + "E",), 7, "at most 200 by 200"),
        (("DsE", *["sss"] * 200), 7, "at most 200 by 200"),
    ],
)
def test_a_plan_that_cannot_be_played_is_refused_with_its_line(tmp_path, rows, line, complaint):
    text = complaints(write(tmp_path, rows))
    assert any(part.startswith(f"plan.yaml:{line}:rows: ") and complaint in part for part in text.splitlines()), text


def test_a_plan_of_the_largest_size_is_read(tmp_path):
    plan = read_plan(write(tmp_path, ("D" + "s" * 198 + "E", *["s" * 200] * 199)))
    assert plan.ground.shape == (200, 200)


def test_a_diagonal_gap_between_walls_is_no_way_to_an_exit(tmp_path):
    assert "cannot be reached" in complaints(write(tmp_path, ("Dss", "ss#", "s#E")))


@pytest.mark.parametrize(
    ("mark", "complaint"),
    [
        ("[4, 0]", "is outside the plan"),
        ("[0, -1]", "is outside the plan"),
        ("[2, 2]", "is in a wall"),
        ("[0, 0]", "is in a building"),
    ],
)
def test_a_mark_must_lie_where_somebody_could_be(tmp_path, mark, complaint):
    text = complaints(write(tmp_path, marks=f"marks:\n  here: {mark}\n"))
    assert text.startswith("plan.yaml:13:marks.here: ")
    assert complaint in text


def test_marks_on_doors_and_vehicles_are_allowed_and_unknown_ones_are_named(tmp_path):
    plan = read_plan(write(tmp_path, marks="marks:\n  door: [0, 1]\n  vehicle: [1, 2]\n"))
    with pytest.raises(InputError, match="did you mean 'vehicle'"):
        plan.cell_of("vehicel")


def test_a_plan_must_admit_to_being_schematic(tmp_path):
    assert "plan.yaml:2:schematic" in complaints(write(tmp_path, head=HEAD.replace("true", "false")))


def test_a_place_that_needs_no_door_may_have_none(tmp_path):
    head = HEAD.replace("cell_m: 5", "needs_door: false")
    assert not read_plan(write(tmp_path, ("ss.", "s.E"), head=head)).cells_of(Ground.DOOR).size


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_plans_are_read_say_schematic_and_have_no_cut_off_ground(path):
    plan = read_plan(path)
    steps = plan.distances(plan.ground == Ground.SQUARE)
    assert (steps[plan.open_cells()] >= 0).all()
    assert "SCHEMATIC" in path.read_text(encoding="utf-8")
    assert plan.cell_m == 5
    assert {"line_centre", "crowd_centre"} <= set(plan.marks)
    for name, cell in plan.marks.items():
        if name.startswith("exit"):
            assert plan.ground[cell] == Ground.EXIT, name


@pytest.mark.parametrize("path", SHIPPED[len(SITES) :], ids=lambda path: path.stem)
def test_templates_are_small(path):
    assert read_plan(path).ground.shape == (20, 30)


def test_zvecan_has_the_size_and_parts_that_the_events_need():
    plan = read_plan(ZVECAN)
    assert plan.ground.shape == (36, 56)
    square = np.argwhere((plan.ground == Ground.SQUARE) | (plan.ground == Ground.VEHICLE))
    assert ((np.ptp(square, axis=0) + 1) * 5).tolist() == [60, 90]
    door = np.argwhere(plan.ground == Ground.DOOR)
    before = plan.ground[door[0, 0] + 1 : door[0, 0] + 3, door[:, 1].min() - 2 : door[:, 1].max() + 3]
    assert (before == Ground.SQUARE).all(), "10 m before the door stay free for a cordon"


def test_zvecan_vehicles_stand_25_to_40_m_from_the_door_with_the_crowd_round_them():
    plan = read_plan(ZVECAN)
    door = np.argwhere(plan.ground == Ground.DOOR)
    found = 0
    for name in ("kp_vehicle_1", "kp_vehicle_2", "kp_vehicle_3"):
        row, column = plan.marks[name]
        vehicle = np.array([[row, column], [row, column + 1]])
        assert (plan.ground[row, column : column + 2] == Ground.VEHICLE).all()
        assert 25 <= metres(plan, vehicle, door) <= 40
        around = plan.open_cells()[row - 1 : row + 2, column - 1 : column + 3]
        assert around.sum() >= 9, "people can stand round the vehicle"
        found += 2
    assert found == (plan.ground == Ground.VEHICLE).sum()


def test_zvecan_has_three_ways_out_and_side_streets_off_the_square():
    plan = read_plan(ZVECAN)
    exits = np.argwhere(plan.ground == Ground.EXIT)
    sides = {
        "west": (exits[:, 1] == 0).any(),
        "east": (exits[:, 1] == 55).any(),
        "south": (exits[:, 0] == 35).any(),
    }
    assert all(sides.values())
    assert {"exit_west", "exit_east", "exit_south"} <= set(plan.marks)
    for name in ("side_street_west", "side_street_east", "side_street_south"):
        assert plan.ground[plan.marks[name]] == Ground.STREET
    to_exit = plan.distances(plan.ground == Ground.EXIT)
    assert to_exit[plan.marks["crowd_centre"]] * plan.cell_m == pytest.approx(135, abs=40)


def test_zvecan_line_stands_between_door_and_vehicles_and_30_m_further_after_the_push():
    plan = read_plan(ZVECAN)
    line, after = plan.marks["line_centre"], plan.marks["after_push_centre"]
    assert plan.marks["door"][0] < plan.marks["inner_cordon"][0] < line[0] < plan.marks["kp_vehicle_1"][0] < after[0]
    assert (after[0] - line[0]) * plan.cell_m == 30
