"""The site plan: the ground of one town hall, bridge or barricade as a grid of 5 m cells.

What the crowd can do depends on where it can stand and which way it can go: the paper's events of May 2023 turned on a
door, a square before it, vehicles stuck in the crowd, and side streets into which the fight moved [Z1, Z2, Z22].
A plan is drawn as text, one letter a cell, so that a reader sees it in the file.

*Source*: each plan says its own. Every plan is schematic: drawn to be plausible in size, surveyed by nobody.

Not modelled: height, windows, parapets, doors that open, ground that slows, anything smaller than a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.vocabulary import Ground

LARGEST_SIDE = 200  # cells: 1 km
LETTERS: Mapping[str, Ground] = MappingProxyType(
    {
        ".": Ground.STREET,
        "s": Ground.SQUARE,
        "#": Ground.WALL,
        "B": Ground.BUILDING,
        "D": Ground.DOOR,
        "V": Ground.VEHICLE,
        "E": Ground.EXIT,
    }
)
OPEN_GROUND = (Ground.STREET, Ground.SQUARE, Ground.EXIT)
_STRAIGHT = ((-1, 0), (1, 0), (0, -1), (0, 1))
_DIAGONAL = ((-1, -1), (-1, 1), (1, -1), (1, 1))

type Cells = NDArray[np.bool_]


class _PlanFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    schematic: Literal[True]
    note: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    grade: Literal["A", "B", "C", "assumption"]
    cell_m: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)] = 5.0
    north_is: Literal["up", "right", "down", "left", "not_stated"] = "not_stated"
    needs_door: bool = True
    rows: Annotated[str, Field(min_length=1)]
    marks: dict[str, tuple[int, int]] = Field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class SitePlan:
    """The ground of a site.

    Attributes
    ----------
    name
        What the plan shows.
    ground
        :class:`~sim.vocabulary.Ground` of each cell, int8, shape (rows, columns), read-only; row 0 is the top.
    cell_m
        Side of a cell in metres.
    marks
        Named cells as (row, column), counted from 0 at the top left.
    source
        Where the plan comes from and how far to trust it.
    north_is
        Which side of the drawing is north, where the drawing says so.
    """

    name: str
    ground: NDArray[np.int8]
    cell_m: float
    marks: Mapping[str, tuple[int, int]]
    source: str
    north_is: str = field(default="not_stated")

    def open_cells(self) -> Cells:
        """Return which cells people may stand on: street, square and exit; doors, vehicles, walls, buildings are closed."""
        return np.isin(self.ground, OPEN_GROUND)

    def cells_of(self, ground: Ground) -> NDArray[np.int64]:
        """Return the flat indices (row x columns + column) of all cells of one ground, rising."""
        return np.flatnonzero(self.ground == ground).astype(np.int64)

    def cell_of(self, mark: str) -> int:
        """Return the flat index of a mark; InputError with the nearest name for an unknown one."""
        if mark not in self.marks:
            raise input_error(self.name, f"has no mark '{mark}'", nearest(mark, self.marks))
        row, column = self.marks[mark]
        return row * int(self.ground.shape[1]) + column

    def keeping(self, mark: str) -> SitePlan:
        """Return the plan with a door at a mark, where it has none: what a crowd wants to reach and a line keeps it from."""
        if mark not in self.marks or (self.ground == Ground.DOOR).any():
            return self
        ground = self.ground.copy()
        ground[self.marks[mark]] = Ground.DOOR
        ground.flags.writeable = False
        return replace(self, ground=ground)

    def distances(self, targets: Cells, diagonal: bool = True) -> NDArray[np.int32]:
        """Return the fewest steps from each cell to the nearest target, walking over open cells.

        A target may itself be closed (a door, a vehicle): it is reached from beside it and never walked through. A
        diagonal step needs both cells it passes between to be open, so that nobody cuts the corner of a wall.

        Parameters
        ----------
        targets
            Which cells are targets; shape of the plan.
        diagonal
            Whether diagonal steps count (eight neighbours) or not (four).

        Returns
        -------
        array
            Steps, int32, shape of the plan; 0 on targets, -1 where no target can be reached.
        """
        goal = np.asarray(targets, dtype=np.bool_)
        if goal.shape != self.ground.shape:
            raise ValueError(f"targets have shape {goal.shape}, the plan {self.ground.shape}")
        walkable = self.open_cells()
        steps = np.where(goal, 0, -1).astype(np.int32)
        front, step = goal, 0
        while front.any():
            step += 1
            front = _beside(front, walkable, diagonal) & walkable & (steps < 0)
            steps[front] = step
        return steps


def _shifted(cells: Cells, down: int, right: int) -> Cells:
    """Return, for each cell, the value of the neighbour that lies *down* and *right* of it; False beyond the edge."""
    rows, columns = cells.shape
    framed = np.zeros((rows + 2, columns + 2), dtype=np.bool_)
    framed[1:-1, 1:-1] = cells
    return framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]


def _beside(front: Cells, walkable: Cells, diagonal: bool) -> Cells:
    """Return the cells one step from the front, corners of closed cells not cut."""
    reached = np.zeros_like(front)
    for down, right in _STRAIGHT:
        reached |= _shifted(front, down, right)
    for down, right in _DIAGONAL if diagonal else ():
        reached |= _shifted(front, down, right) & _shifted(walkable, down, 0) & _shifted(walkable, 0, right)
    return reached


def read_plan(path: Path, root: Path | None = None) -> SitePlan:
    """Return the site plan in a YAML file; complaints cite it relative to *root*.

    Raises
    ------
    InputError
        With file and line: ragged rows, unknown letters, more than 200 cells a side, no square, no exit, no door where
        ``needs_door`` is true, an exit or a door that cannot be reached from the square, a mark outside or in a wall.
    """
    document = read_document(path, root)
    drawn = validated(document, _PlanFile)
    rows = drawn.rows.removesuffix("\n").split("\n")
    _refuse(_problems_of_rows(document, rows))
    ground = np.array([[LETTERS[letter] for letter in row] for row in rows], dtype=np.int8)
    ground.flags.writeable = False
    marks = MappingProxyType(dict(drawn.marks))
    source = f"{drawn.source} (grade {drawn.grade}; schematic)"
    plan = SitePlan(drawn.name, ground, drawn.cell_m, marks, source, drawn.north_is)
    _refuse([*_problems_of_ground(document, plan, drawn.needs_door), *_problems_of_marks(document, plan)])
    return plan


def _refuse(problems: Iterator[Problem] | list[Problem]) -> None:
    found = list(problems)
    if found:
        raise InputError(found)


def _row_at(document: Document, row: int) -> str:
    """Return ``file:line:rows`` of one drawn row: the block begins on the line after its key."""
    return f"{document.path}:{document.lines[('rows',)] + 1 + row}:rows"


def _problems_of_rows(document: Document, rows: list[str]) -> Iterator[Problem]:
    width = len(rows[0])
    if max(len(rows), width) > LARGEST_SIDE:
        size = f"is {len(rows)} rows by {width} columns; at most {LARGEST_SIDE} by {LARGEST_SIDE} cells"
        yield document.problem(("rows",), size, "draw a smaller part, or larger cells")
        return
    for number, row in enumerate(rows):
        if len(row) != width:
            what = f"row {number} has {len(row)} cells, row 0 has {width}"
            yield Problem(_row_at(document, number), what, "make all rows equally long")
        unknown = sorted(set(row) - set(LETTERS))
        if unknown:
            what = f"row {number} has the unknown letter {unknown[0]!r} in column {row.index(unknown[0])}"
            yield Problem(_row_at(document, number), what, f"known: {' '.join(LETTERS)}")


def _problems_of_ground(document: Document, plan: SitePlan, needs_door: bool) -> Iterator[Problem]:
    square = plan.ground == Ground.SQUARE
    if not square.any():
        yield document.problem(("rows",), "has no square ('s')", "draw where the crowd assembles")
    if not (plan.ground == Ground.EXIT).any():
        yield document.problem(("rows",), "has no exit ('E')", "draw where people arrive and leave")
    if needs_door and not (plan.ground == Ground.DOOR).any():
        yield document.problem(("rows",), "has no door ('D')", "draw one, or say needs_door: false")
    if square.any():
        yield from _unreached(document, plan, square)


def _unreached(document: Document, plan: SitePlan, square: Cells) -> Iterator[Problem]:
    """Complain of exits cut off from the square, and of a door that no open cell within reach adjoins."""
    within = plan.distances(square) >= 0
    for row, column in np.argwhere((plan.ground == Ground.EXIT) & ~within):
        what = f"the exit in row {row}, column {column} cannot be reached from the square"
        yield Problem(_row_at(document, int(row)), what, "draw a way to it")
    door = plan.ground == Ground.DOOR
    if door.any() and not (_beside(within, within, diagonal=False) & door).any():
        row = int(np.argwhere(door)[0][0])
        yield Problem(_row_at(document, row), "no door can be reached from the square", "draw open ground before it")


def _problems_of_marks(document: Document, plan: SitePlan) -> Iterator[Problem]:
    rows, columns = plan.ground.shape
    for name, (row, column) in plan.marks.items():
        if not (0 <= row < rows and 0 <= column < columns):
            what = f"[{row}, {column}] is outside the plan ({rows} rows, {columns} columns, counted from 0)"
            yield document.problem(("marks", name), what, "give [row, column] inside it")
        elif plan.ground[row, column] in (Ground.WALL, Ground.BUILDING):
            what = f"[{row}, {column}] is in a {Ground(int(plan.ground[row, column])).name.lower()}"
            yield document.problem(("marks", name), what, "move it to open ground, a door or a vehicle")
