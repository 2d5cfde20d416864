"""The line: each section gives ground, holds or gains it; the line's place by bearing; hours that tire.

*By order* of the sections' table, which is the scenario's and never changes.
"""

from __future__ import annotations

from sim.adjudication.crowd_clash import giving_way_chance, ground_gained, outflanked, pressure_ratio
from sim.doctrine.readiness import fatigue_after, injury_factor, performance
from sim.engine.incident_rows import note
from sim.engine.state import BINS, Incident, Post, Rows, Seen
from sim.foundations.arithmetic import whole_number
from sim.foundations.chance import Purpose, entity_key, moment_key, uniform
from sim.foundations.rule import kernel, rule

MINUTES_PER_HOUR = 60.0


@kernel
def hold_or_push(
    sections: Rows,
    counts: Rows,
    situation: Rows,
    p: Rows,
    run_key: int,
    rings: Rows,
    ring_length: Rows,
    neighbours: Rows,
    cell_m: float,
    minutes: float,
    line_rank: Rows,
    incidents: Rows,
    count: Rows,
) -> None:
    """Each section of the line gives ground, holds or gains it (by order); then the line's place by bearing is redrawn."""
    q, tick, target = p[0], situation[0]["tick"], situation[0]["line_target"]
    moment = moment_key(run_key, tick)
    rear_fit, moved = second_rank(sections), False
    for s in range(sections.shape[0]):
        if not sections[s]["on_site"] or sections[s]["post"] != Post.LINE:
            continue
        key = entity_key(moment, sections[s]["id"])
        cell, rank = sections[s]["cell"], sections[s]["rank"]
        pressing, violent, ahead = before_line(counts, neighbours, cell)
        fit = sections[s]["strength"] - sections[s]["serious"]
        ratio = pressure_ratio(pressing, violent, q["press_weight"], q["violent_press_weight"], fit, rear_fit, q["depth_support"])
        ratio = ratio * (1.0 - q["barrier_relief"] * situation[0]["barriers"])
        left, right = ahead_of_neighbours(sections, s)
        flanked = outflanked(left, right, q["flank_steps"]) and pressing + violent > 0
        if flanked:
            ratio = ratio * q["flank_factor"]
        giving = giving_way_chance(ratio, q["line_width"], q["line_giving_per_min"], minutes) if pressing + violent > 0 else 0.0
        drawn = uniform(key, Purpose.LINE_HOLDS)
        side, name = sections[s]["side"], sections[s]["id"]
        if drawn < giving:
            kind = Incident.GAVE_GROUND if rank > 1 else Incident.LINE_BROKE
            if rank > 1:
                sections[s]["rank"] = rank - 1
                sections[s]["given"] += 1
                moved = True
            else:
                situation[0]["line_held"] = 0
            note(incidents, count, tick, kind, name, 0, cell, side, 0, 0, ratio, pressing, violent, giving, drawn)
            if flanked:
                by, factor = max(left, right), q["flank_factor"]
                note(incidents, count, tick, Incident.OUTFLANKED, name, 0, cell, side, 0, 0, by, factor, 0.0, giving, drawn)
        elif rank > target or (rank < target and ((sections[s]["pushing"] and sections[s]["hesitates_until"] <= tick) or ahead == 0)):
            back = rank > target
            pace, in_the_way = (q["crowd_pace_m_per_min"], 0.0) if back else (q["push_m_per_min"], float(ahead))
            gaining = ground_gained(pace, cell_m, in_the_way, q["push_slowing_persons"], minutes)
            drawn = uniform(key, Purpose.GROUND_GAINED)
            cells = min(whole_number(gaining, drawn), abs(rank - target))
            if cells > 0:
                sections[s]["rank"] = rank - cells if back else rank + cells
                moved = True
                if not back:
                    note(incidents, count, tick, Incident.GAINED_GROUND, name, 0, cell, side, 0, 0, ahead, 0.0, 0.0, gaining, drawn)
    if moved:
        place_line(sections, rings, ring_length, line_rank)


@rule
def second_rank(sections: Rows) -> float:
    """Return how many fit people of the second line stand behind each section of the line, on average."""
    in_line, fit = 0, 0
    for s in range(sections.shape[0]):
        if sections[s]["on_site"] and sections[s]["post"] == Post.SECOND_LINE:
            fit += sections[s]["strength"] - sections[s]["serious"]
        if sections[s]["on_site"] and sections[s]["post"] == Post.LINE:
            in_line += 1
    return fit / max(in_line, 1)


@rule
def before_line(counts: Rows, neighbours: Rows, cell: int) -> tuple[int, int, int]:
    """Return how many press and how many are violent at a section and beside it, and how many people stand beside it."""
    pressing, violent, ahead = counts[Seen.PRESSING, cell], counts[Seen.VIOLENT, cell], 0
    for k in range(neighbours.shape[1]):
        beside = neighbours[cell, k]
        if beside >= 0:
            pressing += counts[Seen.PRESSING, beside]
            violent += counts[Seen.VIOLENT, beside]
            ahead += counts[Seen.PRESENT, beside]
    return pressing, violent, ahead


@rule
def ahead_of_neighbours(sections: Rows, s: int) -> tuple[float, float]:
    """Return how many steps a section stands ahead of its left and its right neighbour in the line; 0 at an end."""
    left, right = 0.0, 0.0
    for other in range(s - 1, -1, -1):
        if sections[other]["on_site"] and sections[other]["post"] == Post.LINE:
            left = float(sections[s]["rank"] - sections[other]["rank"])
            break
    for other in range(s + 1, sections.shape[0]):
        if sections[other]["on_site"] and sections[other]["post"] == Post.LINE:
            right = float(sections[s]["rank"] - sections[other]["rank"])
            break
    return left, right


@rule
def place_line(sections: Rows, rings: Rows, ring_length: Rows, line_rank: Rows) -> None:
    """Put each section of the line on its ring and bearing, and note by bearing how far out the nearest section stands."""
    for b in range(BINS):
        line_rank[b] = 0
        nearest = 2.0
        for s in range(sections.shape[0]):
            if sections[s]["on_site"] and sections[s]["post"] == Post.LINE:
                apart = abs(sections[s]["bearing"] - (b + 0.5) / BINS)
                if apart < nearest:
                    nearest = apart
                    line_rank[b] = sections[s]["rank"]
    for s in range(sections.shape[0]):
        if sections[s]["on_site"] and sections[s]["post"] == Post.LINE:
            rank = min(sections[s]["rank"], rings.shape[0] - 1)
            sections[s]["cell"] = rings[rank, int(sections[s]["bearing"] * ring_length[rank])]


@kernel
def redraw_line(sections: Rows, rings: Rows, ring_length: Rows, line_rank: Rows) -> None:
    """Redraw the line without anybody moving (after an order)."""
    place_line(sections, rings, ring_length, line_rank)


@kernel
def tire(sections: Rows, p: Rows, tick: int, minutes_per_tick: float) -> None:
    """Training wears off with hours on site: each section's factor on the chance of injury (simultaneous)."""
    q = p[0]
    for s in range(sections.shape[0]):
        if sections[s]["on_site"]:
            hours = (tick - sections[s]["arrived_tick"]) * minutes_per_tick / MINUTES_PER_HOUR
            left = performance(sections[s]["trained"], fatigue_after(hours, q["fatigue_per_hour"]), q["fatigue_training_loss"])
            sections[s]["training"] = injury_factor(0.0, left, q["training_injury_saving"])
