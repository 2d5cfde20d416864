"""Seeing: who is where, what each sees round him, how the day stands, how provocations spread over the ground.

All are *simultaneous*: they read what stands and write sums, so that row order never matters.
"""

from __future__ import annotations

import numpy as np

from sim.deterrence.grievance import provocation_felt, push_provocation, share_while_rising
from sim.engine.incident_rows import distance_m, on_site
from sim.engine.state import Post, Rows, Seen
from sim.foundations.columns import FIXED_POINT
from sim.foundations.rule import kernel
from sim.vocabulary import Conduct, Side

CONDUCTS = len(Conduct)


@kernel
def count_people(people: Rows, counts: Rows) -> int:
    """Count people in each cell by conduct; return how many are violent or press (simultaneous)."""
    active = 0
    for field in range(Seen.PRESENT, Seen.SEATED + 1):
        for cell in range(counts.shape[1]):
            counts[field, cell] = 0
    for i in range(people.shape[0]):
        conduct = people[i]["conduct"]
        if not on_site(conduct):
            continue
        cell = people[i]["cell"]
        counts[Seen.PRESENT, cell] += 1
        if conduct == Conduct.VIOLENT:
            counts[Seen.VIOLENT, cell] += 1
            active += 1
        elif conduct == Conduct.PRESSING:
            counts[Seen.PRESSING, cell] += 1
            active += 1
        elif conduct == Conduct.SITTING:
            counts[Seen.SEATED, cell] += 1
    return active


@kernel
def count_sections(sections: Rows, effects: Rows, tick: int, detaining: int, neighbours: Rows, counts: Rows) -> None:
    """Count forces in each cell, with what they threaten; ``effects`` is h by level (simultaneous)."""
    for field in range(Seen.KFOR, Seen.PUSHING + 1):
        for cell in range(counts.shape[1]):
            counts[field, cell] = 0
    for s in range(sections.shape[0]):
        if not sections[s]["on_site"]:
            continue
        cell = sections[s]["cell"]
        fit = sections[s]["strength"] - sections[s]["serious"]
        side = sections[s]["side"]
        field = Seen.KFOR if side == Side.KFOR else (Seen.EULEX if side == Side.EULEX else Seen.KP)  # KSF is Kosovo's, as police are
        counts[field, cell] += fit
        counts[Seen.SPECIAL, cell] += sections[s]["special"]
        team = sections[s]["post"] == Post.DETENTION_TEAM
        if detaining and team and sections[s]["detains"] and sections[s]["bound_until"] <= tick:
            counts[Seen.DETAINERS, cell] += fit
        counts[Seen.THREAT, cell] += int(effects[sections[s]["level"]] * FIXED_POINT)
        if sections[s]["pushing"] and sections[s]["hesitates_until"] <= tick:
            force = int(sections[s]["excess"] * FIXED_POINT)
            counts[Seen.PUSHING, cell] += force
            for k in range(neighbours.shape[1]):
                beside = neighbours[cell, k]
                if beside >= 0:
                    counts[Seen.PUSHING, beside] += force


@kernel
def look_around(counts: Rows, view: Rows, first: int, last: int, rows: int, columns: int, reach: int) -> None:
    """Sum counts of some fields over the square of so many cells round each cell: what is in view (simultaneous)."""
    across = np.zeros(rows * columns, dtype=np.int64)
    for field in range(first, last + 1):
        total = 0
        for cell in range(rows * columns):
            total += counts[field, cell]
        if total == 0:
            for cell in range(rows * columns):
                view[field, cell] = 0
            continue
        for row in range(rows):
            base = row * columns
            window = 0
            for column in range(min(reach, columns)):
                window += counts[field, base + column]
            for column in range(columns):
                if column + reach < columns:
                    window += counts[field, base + column + reach]
                if column - reach - 1 >= 0:
                    window -= counts[field, base + column - reach - 1]
                across[base + column] = window
        for column in range(columns):
            window = 0
            for row in range(min(reach, rows)):
                window += across[row * columns + column]
            for row in range(rows):
                if row + reach < rows:
                    window += across[(row + reach) * columns + column]
                if row - reach - 1 >= 0:
                    window -= across[(row - reach - 1) * columns + column]
                view[field, row * columns + column] = window


@kernel
def summarise(people: Rows, sections: Rows, cordon_steps: int, cell_m: float, line_formed: bool, row: Rows) -> None:
    """Write one row of the series: how many do what, means summed in fixed point, ground gained (simultaneous)."""
    by_conduct = np.zeros(CONDUCTS, dtype=np.int64)
    anger, fear, legitimacy, here, hurt, in_line, steps = 0, 0, 0, 0, 0, 0, 0
    for i in range(people.shape[0]):
        by_conduct[people[i]["conduct"]] += 1
        if people[i]["grade"] > 0:
            hurt += 1
        if people[i]["cell"] >= 0:
            here += 1
            anger += int(people[i]["anger"] * FIXED_POINT)
            fear += int(people[i]["fear"] * FIXED_POINT)
            legitimacy += int(people[i]["legitimacy_kfor"] * FIXED_POINT)
    if here > 0:
        row[0]["anger"] = anger / FIXED_POINT / here
        row[0]["fear"] = fear / FIXED_POINT / here
        row[0]["legitimacy_kfor"] = legitimacy / FIXED_POINT / here
    row[0]["assembling"] = by_conduct[Conduct.ASSEMBLING]
    row[0]["standing"] = by_conduct[Conduct.STANDING]
    row[0]["sitting"] = by_conduct[Conduct.SITTING]
    row[0]["pressing"] = by_conduct[Conduct.PRESSING]
    row[0]["violent"] = by_conduct[Conduct.VIOLENT]
    row[0]["fleeing"] = by_conduct[Conduct.FLEEING]
    row[0]["leaving"] = by_conduct[Conduct.LEAVING]
    row[0]["gone"] = by_conduct[Conduct.GONE]
    row[0]["detained"] = by_conduct[Conduct.DETAINED]
    row[0]["injured"] = by_conduct[Conduct.INJURED]
    away = by_conduct[Conduct.ABSENT] + by_conduct[Conduct.GONE] + by_conduct[Conduct.DETAINED] + by_conduct[Conduct.INJURED]
    row[0]["present"] = people.shape[0] - away
    row[0]["protesters_hurt"] = hurt
    for s in range(sections.shape[0]):
        if sections[s]["side"] == Side.KFOR:
            row[0]["kfor_hurt"] += sections[s]["hurt"]
        else:
            row[0]["police_hurt"] += sections[s]["hurt"]
        if sections[s]["on_site"]:
            row[0]["level"] = max(row[0]["level"], sections[s]["level"])
            if sections[s]["post"] == Post.LINE:
                in_line += 1
                steps += sections[s]["rank"] - cordon_steps
    if line_formed and in_line > 0:
        row[0]["advance_m"] = cell_m * steps / in_line


@kernel
def spread_provocations(
    event_cells: Rows, event_sizes: Rows, columns: int, rows: int, cell_m: float, reach_m: float, window: int, provocation: Rows
) -> None:
    """Add each provocation to the cells around it, fading with distance (by order of the events)."""
    for e in range(event_cells.shape[0]):
        centre = event_cells[e]
        for row in range(max(centre // columns - window, 0), min(centre // columns + window + 1, rows)):
            for column in range(max(centre % columns - window, 0), min(centre % columns + window + 1, columns)):
                cell = row * columns + column
                away = distance_m(centre, cell, columns, cell_m)
                provocation[cell] += provocation_felt(event_sizes[e], away, reach_m)


@kernel
def provoke_by_pushes(
    sections: Rows,
    counts: Rows,
    situation: Rows,
    neighbours: Rows,
    columns: int,
    rows: int,
    cell_m: float,
    window: int,
    p: Rows,
    minutes: float,
    provocation: Rows,
) -> None:
    """Each pushing section provokes those around it, more where people are seated, less where it is selective (by order)."""
    q = p[0]
    tick = situation[0]["tick"]
    for s in range(sections.shape[0]):
        if not (sections[s]["on_site"] and sections[s]["pushing"] and sections[s]["hesitates_until"] <= tick):
            continue
        centre = sections[s]["cell"]
        present, seated = counts[Seen.PRESENT, centre], counts[Seen.SEATED, centre]
        for k in range(neighbours.shape[1]):
            beside = neighbours[centre, k]
            if beside >= 0:
                present += counts[Seen.PRESENT, beside]
                seated += counts[Seen.SEATED, beside]
        if present == 0:
            continue
        share = share_while_rising(seated / present, q["getting_up_per_min"], minutes)
        size = push_provocation(
            q["push_provocation"], q["seated_push_factor"], share, situation[0]["push_selectivity"], sections[s]["excess"], minutes
        )
        for row in range(max(centre // columns - window, 0), min(centre // columns + window + 1, rows)):
            for column in range(max(centre % columns - window, 0), min(centre % columns + window + 1, columns)):
                cell = row * columns + column
                away = distance_m(centre, cell, columns, cell_m)
                provocation[cell] += provocation_felt(size, away, q["provocation_reach_m"])
