"""Walking: each person takes some steps towards where he likes to be; nobody passes the line inwards.

*Simultaneous*: people read the crowd as the step began.
"""

from __future__ import annotations

import math

import numpy as np

from sim.adjudication.crowd_movement import place_score, whim_of
from sim.engine.incident_rows import on_site
from sim.engine.state import BINS, Rows, Seen
from sim.foundations.chance import Purpose, entity_key, moment_key, uniform
from sim.foundations.rule import kernel, rule
from sim.vocabulary import Conduct

MIDDLE = 0.5
"""The middle of a bearing bin."""


@kernel
def walk(
    people: Rows,
    passable: Rows,
    door_steps: Rows,
    exit_steps: Rows,
    bins: Rows,
    neighbours: Rows,
    counts: Rows,
    line_rank: Rows,
    situation: Rows,
    p: Rows,
    run_key: int,
    cell_m: float,
    minutes: float,
) -> None:
    """Each person takes some steps towards where he likes to be, reading the crowd as the step began (simultaneous)."""
    q = p[0]
    moment = moment_key(run_key, situation[0]["tick"])
    for i in range(people.shape[0]):
        conduct = people[i]["conduct"]
        if not on_site(conduct):
            continue
        cell = people[i]["cell"]
        going = conduct == Conduct.LEAVING or conduct == Conduct.FLEEING
        gap = door_steps[cell] - line_rank[bins[cell]]
        liked, bearing = liked_distance(people[i], conduct, q), people[i]["bearing"]
        near = in_place(gap, liked, aside(bins[cell], bearing), q)
        packed = counts[Seen.PRESENT, cell] > q["comfort_persons"]
        if not going and gap > 0 and (conduct == Conduct.SITTING or (near and not packed)):
            if conduct == Conduct.ASSEMBLING:
                people[i]["conduct"] = Conduct.STANDING
            continue
        key = entity_key(moment, people[i]["id"])
        pace = q["fleeing_pace_m_per_min"] if conduct == Conduct.FLEEING else q["crowd_pace_m_per_min"]
        reach = pace * minutes / cell_m
        steps = int(reach)
        if uniform(key, Purpose.STEP_ACROSS) < reach - math.floor(reach):
            steps += 1
        choice = uniform(key, Purpose.STEP_CHOICE)
        for step in range(steps):
            if going and exit_steps[cell] == 0:
                break
            whim = whim_of(choice, step)
            better = next_cell(cell, going, liked, bearing, passable, door_steps, exit_steps, bins, neighbours, counts, line_rank, q, whim)
            if better == cell:
                if conduct == Conduct.ASSEMBLING:
                    people[i]["conduct"] = Conduct.STANDING
                break
            cell = better
        people[i]["cell"] = cell
        if going and exit_steps[cell] == 0:
            people[i]["conduct"] = Conduct.GONE
            people[i]["cell"] = -1


@rule
def aside(bearing_bin: int, bearing: float) -> float:
    """Return how far along the front a cell lies from where a person likes to stand, as a share of the front."""
    return abs((bearing_bin + MIDDLE) / BINS - bearing)


@rule
def in_place(gap: float, liked: float, off: float, q: np.void) -> bool:
    """Return whether a person stands near enough to where he likes to be to stay."""
    return abs(gap - liked) <= q["settling_gain"] and off * q["spreading_weight"] <= q["settling_gain"]


@rule
def liked_distance(person: np.void, conduct: int, q: np.void) -> float:
    """Return how many steps from the line this person wants to stand."""
    if conduct == Conduct.PRESSING:
        return q["press_distance_cells"]
    if conduct == Conduct.VIOLENT:
        return q["throw_distance_cells"]
    return person["distance_cells"]


@rule
def next_cell(
    cell: int,
    going: bool,
    liked: float,
    bearing: float,
    passable: Rows,
    door_steps: Rows,
    exit_steps: Rows,
    bins: Rows,
    neighbours: Rows,
    counts: Rows,
    line_rank: Rows,
    q: np.void,
    choice: float,
) -> int:
    """Return the best cell one step away, or the same cell; nobody passes the line inwards, who is behind it goes out."""
    gap = door_steps[cell] - line_rank[bins[cell]]
    inside = gap <= 0
    best = cell
    if going or inside:
        lowest = float(exit_steps[cell])
    else:
        here = counts[Seen.PRESENT, cell]
        off = aside(bins[cell], bearing)
        lowest = score_of(gap, liked, off, here, q) - (q["settling_gain"] if in_place(gap, liked, off, q) else 0.0)
    for k in range(neighbours.shape[1]):
        beside = neighbours[cell, k]
        if beside < 0 or not passable[beside]:
            continue
        gap = door_steps[beside] - line_rank[bins[beside]]
        if gap <= 0 and not inside:
            continue
        score = q["whim_weight"] * whim_of(choice, k)
        if going or inside:
            score += exit_steps[beside]
        else:
            score += score_of(gap, liked, aside(bins[beside], bearing), counts[Seen.PRESENT, beside], q)
        if score < lowest:
            lowest = score
            best = beside
    return best


@rule
def score_of(gap: float, liked: float, off: float, present: int, q: np.void) -> float:
    """Return how badly a cell suits a person (the rule of movement, with its parameters)."""
    return place_score(gap, liked, off, q["spreading_weight"], present, q["comfort_persons"], q["crowding_weight"])
