"""Rows of incidents, written by kernels: what happened, with its factors, odds and draw."""

from __future__ import annotations

from sim.engine.state import Rows
from sim.foundations.arithmetic import sqrt
from sim.foundations.rule import rule
from sim.vocabulary import Conduct


@rule
def note(
    incidents: Rows,
    count: Rows,
    tick: int,
    kind: int,
    entity: int,
    other: int,
    cell: int,
    side: int,
    grade: int,
    means: int,
    first: float,
    second: float,
    third: float,
    odds: float,
    drawn: float,
) -> None:
    """Append one incident with its factors, odds and draw; a full table only counts on, which the caller reports."""
    row = count[0]
    count[0] = row + 1
    if row < incidents.shape[0]:
        incidents[row]["tick"] = tick
        incidents[row]["kind"] = kind
        incidents[row]["entity"] = entity
        incidents[row]["other"] = other
        incidents[row]["cell"] = cell
        incidents[row]["side"] = side
        incidents[row]["grade"] = grade
        incidents[row]["means"] = means
        incidents[row]["first"] = first
        incidents[row]["second"] = second
        incidents[row]["third"] = third
        incidents[row]["odds"] = odds
        incidents[row]["draw"] = drawn


@rule
def on_site(conduct: int) -> bool:
    """Return whether a person in this conduct stands on the site and acts."""
    absent = conduct == Conduct.ABSENT or conduct == Conduct.GONE
    return not (absent or conduct == Conduct.DETAINED or conduct == Conduct.INJURED)


@rule
def distance_m(one: int, other: int, columns: int, cell_m: float) -> float:
    """Return the distance between two cells in metres."""
    down = one // columns - other // columns
    across = one % columns - other % columns
    return cell_m * sqrt(float(down * down + across * across))
