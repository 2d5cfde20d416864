"""Epstein's grid: the tables, the turns people take on it, and the values at which the project's rules become Epstein's.

:mod:`sim.verification.epstein` says what is played, from which source, and what is not modelled. Everything here is
loops over rows: who decides, and by how much, is in :mod:`sim.deterrence`.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from sim.deterrence.activation import onset_chance, stopping_chance
from sim.deterrence.grievance import agitation
from sim.deterrence.perceived_cost import certainty_in_form, net_risk, ratio_in_form, saturating
from sim.foundations.chance import Purpose, draw, entity_key, moment_key, uniform
from sim.foundations.columns import Column
from sim.foundations.rule import kernel, rule

MOVE_TRIES = 24
"""Draws of a cell in view before the empty ones are listed; either way each empty cell is equally likely."""


class Holds(IntEnum):
    """What stands on a cell."""

    NOTHING = 0
    QUIET = 1
    ACTIVE = 2
    JAILED = 3
    POLICE = 4


PEOPLE = (
    Column("id", "i8", "1", "citizens: the cell they began on; police: number of cells + rank in order of posting"),
    Column("cell", "i4", "1", "cell stood on; -1 for police not posted"),
    Column("jail_steps", "i4", "steps", "rest of the jail term"),
    Column("hardship", "f8", "share", "grievance before legitimacy, uniform"),
    Column("risk_aversion", "f8", "share", "weight of the expected cost, uniform"),
)
CELLS = (
    Column("holds", "i4", "1", "what stands here (Holds)"),
    Column("person", "i4", "row", "who stands here; -1 for nobody"),
    Column("police_seen", "i4", "persons", "police within a citizen's view of this cell"),
    Column("actives_seen", "i4", "persons", "actives within a citizen's view of this cell"),
)
HISTORY = (
    Column("actives", "i4", "persons", "citizens in active rebellion at the end of the step"),
    Column("jailed", "i4", "persons", "citizens under arrest"),
    Column("quiet", "i4", "persons", "citizens neither active nor jailed"),
    Column("police", "i4", "persons", "police posted"),
)
ORDER = (
    Column("draw", "f8", "share", "by row: this step's draw"),
    Column("row", "i4", "row", "by place: who acts"),
    Column("start", "i4", "place", "by bucket: first place"),
)
PLAN = (
    Column("legitimacy", "f8", "share", "legitimacy in this step"),
    Column("police", "i4", "persons", "police to be posted in this step; -1 leaves them as they are"),
)

LIMIT = {
    "anger": 0.0,
    "theta": 1.0,
    "certainty": 1.0,
    "turning_point": 0.0,
    "sharpness": 1.0,
    "detention_severity": 1.0,
    "force": 0.0,
    "force_severity": 0.0,
    "width": 0.0,
    "hysteresis": 0.0,
    "onset_rate": math.inf,
    "stopping_rate": math.inf,
    "minutes": 1.0,
    "self_count": 1.0,
}
"""The values at which the project's rules become Epstein's; ``self_count`` is the citizen himself among the actives."""

TERMS = np.dtype(
    [("run_key", "u8"), ("max_jail_term", "i4"), ("movement", "i4"), ("ratio_form", "i4"), ("certainty_form", "i4")]
    + [(name, "f8") for name in ("threshold", "steepness", *LIMIT)]
)


@rule
def turning_chance(
    active: bool, hardship: float, risk_aversion: float, police: float, actives: float, legitimacy: float, terms: np.void
) -> float:
    """Return the chance that a citizen changes from quiet to active or back, given who is in view."""
    ratio = ratio_in_form(police, actives + terms["self_count"], terms["ratio_form"])
    certainty = certainty_in_form(terms["certainty"], terms["turning_point"], terms["sharpness"], terms["certainty_form"])
    detention = saturating(terms["steepness"], ratio)
    force, severity = terms["force"], terms["force_severity"]
    risk = net_risk(terms["theta"], risk_aversion, certainty, detention, terms["detention_severity"], force, severity)
    pull = agitation(hardship, legitimacy, terms["anger"])
    threshold, width, minutes = terms["threshold"], terms["width"], terms["minutes"]
    if active:
        return stopping_chance(pull, risk, threshold, terms["hysteresis"], width, terms["stopping_rate"], minutes)
    return onset_chance(pull, risk, threshold, width, terms["onset_rate"], minutes)


@rule
def chosen(share: float, count: int) -> int:
    """Return which of *count* things, from 0, a draw chooses; the largest draw, 1 - 2**-53, still falls below *count*."""
    return int(share * count)


@rule
def place_draw(run: int, step: int, entity: int) -> float:
    """Return the draw that places: what a cell begins with (step 0), or where police posted later appear."""
    return draw(run, step, entity, Purpose.EPSTEIN_PLACE)


@kernel
def draw_places(shares: np.ndarray, settings: np.ndarray) -> None:
    """Fill one placing draw a cell."""
    for cell in range(shares.shape[0]):
        shares[cell] = place_draw(settings[0]["run_key"], 0, cell)


@kernel
def endow(people: np.ndarray, settings: np.ndarray) -> None:
    """Draw each person's hardship and risk aversion."""
    for row in range(people.shape[0]):
        person = people[row]
        own = entity_key(moment_key(settings[0]["run_key"], 0), person["id"])
        person["hardship"] = uniform(own, Purpose.EPSTEIN_HARDSHIP)
        person["risk_aversion"] = uniform(own, Purpose.EPSTEIN_RISK_AVERSION)


@kernel
def spread(seen: np.ndarray, view: np.ndarray, cell: int, change: int) -> None:
    """Add *change* to what is seen from every cell that has *cell* in view (views are symmetric)."""
    for place in range(view.shape[1]):
        seen[view[cell, place]] += change


@kernel
def put(row: int, cell: int, holds: int, people: np.ndarray, cells: np.ndarray) -> None:
    """Move a person to *cell* (-1: off the grid), leaving the old cell empty."""
    old = people["cell"][row]
    if old >= 0:
        cells["holds"][old] = Holds.NOTHING
        cells["person"][old] = -1
    people["cell"][row] = cell
    if cell >= 0:
        cells["holds"][cell] = holds
        cells["person"][cell] = row


@kernel
def free_cell(own: int, cell: int, cells: np.ndarray, view: np.ndarray) -> int:
    """Return a random empty cell in view of *cell*, or *cell* itself if there is none."""
    free = 0
    for attempt in range(MOVE_TRIES + 1):
        share = uniform(entity_key(own, attempt), Purpose.EPSTEIN_MOVE)
        if attempt < MOVE_TRIES:
            target = view[cell, chosen(share, view.shape[1])]
            if cells["holds"][target] == Holds.NOTHING:
                return int(target)
        else:
            free = in_view(cell, Holds.NOTHING, -1, cells, view)
            if free > 0:
                return in_view(cell, Holds.NOTHING, chosen(share, free), cells, view)
    return cell


@kernel
def in_view(cell: int, holds: int, pick: int, cells: np.ndarray, view: np.ndarray) -> int:
    """Return the *pick*-th cell in view that holds *holds*, or for a negative *pick* how many there are."""
    found = 0
    for place in range(view.shape[1]):
        target = view[cell, place]
        if cells["holds"][target] == holds:
            if found == pick:
                return int(target)
            found += 1
    return found


@kernel
def citizen_acts(
    row: int, own: int, legitimacy: float, people: np.ndarray, cells: np.ndarray, view: np.ndarray, settings: np.ndarray
) -> None:
    """Serve a step of jail, or decide and move."""
    person, terms = people[row], settings[0]
    if person["jail_steps"] > 0:
        person["jail_steps"] -= 1
        return
    cell = person["cell"]
    here = cells[cell]
    was_active = here["holds"] == Holds.ACTIVE
    chance = turning_chance(
        was_active, person["hardship"], person["risk_aversion"], here["police_seen"], here["actives_seen"], legitimacy, terms
    )
    active = was_active != (uniform(own, Purpose.EPSTEIN_ONSET) < chance)
    target = free_cell(own, cell, cells, view) if terms["movement"] else cell
    put(row, target, Holds.ACTIVE if active else Holds.QUIET, people, cells)
    if was_active and not (active and target == cell):
        spread(cells["actives_seen"], view, cell, -1)
    if active and not (was_active and target == cell):
        spread(cells["actives_seen"], view, target, 1)


@kernel
def police_acts(
    row: int, own: int, people: np.ndarray, cells: np.ndarray, view: np.ndarray, citizen_view: np.ndarray, settings: np.ndarray
) -> None:
    """Arrest one active in view, if there is any, and move."""
    terms, cell = settings[0], people["cell"][row]
    actives = in_view(cell, Holds.ACTIVE, -1, cells, view)
    target = free_cell(own, cell, cells, view) if terms["movement"] else cell
    if actives > 0:
        arrested = in_view(cell, Holds.ACTIVE, chosen(uniform(own, Purpose.EPSTEIN_ARREST), actives), cells, view)
        term = chosen(uniform(own, Purpose.EPSTEIN_JAIL), terms["max_jail_term"] + 1)
        people["jail_steps"][cells["person"][arrested]] = term
        cells["holds"][arrested] = Holds.JAILED
        spread(cells["actives_seen"], citizen_view, arrested, -1)
    if target != cell:
        put(row, target, Holds.POLICE, people, cells)
        spread(cells["police_seen"], citizen_view, cell, -1)
        spread(cells["police_seen"], citizen_view, target, 1)


@kernel
def draw_order(moment: int, people: np.ndarray, order: np.ndarray) -> None:
    """Sort everybody by this step's draw, ties by id: a bucket for each person, then insertion."""
    count = people.shape[0]
    draws, rows, starts, ids = order["draw"], order["row"], order["start"], people["id"]
    for bucket in range(count + 1):
        starts[bucket] = 0
    for row in range(count):
        draws[row] = uniform(entity_key(moment, ids[row]), Purpose.EPSTEIN_ORDER)
        starts[chosen(draws[row], count) + 1] += 1
    for bucket in range(count):
        starts[bucket + 1] += starts[bucket]
    for row in range(count):
        bucket = chosen(draws[row], count)
        rows[starts[bucket]] = row
        starts[bucket] += 1
    for place in range(1, count):
        row, gap = rows[place], place
        while gap > 0 and comes_before(draws[row], ids[row], draws[rows[gap - 1]], ids[rows[gap - 1]]):
            rows[gap] = rows[gap - 1]
            gap -= 1
        rows[gap] = row


@rule
def comes_before(draw_a: float, id_a: int, draw_b: float, id_b: int) -> bool:
    """Tell whether *a* acts before *b*."""
    return draw_a < draw_b or (draw_a == draw_b and id_a < id_b)


@kernel
def post_police(
    step: int, wanted: int, people: np.ndarray, cells: np.ndarray, view: np.ndarray, order: np.ndarray, settings: np.ndarray
) -> None:
    """Withdraw police whose rank is not *wanted*, and post the others on random empty cells while there are any."""
    total = cells.shape[0]
    for place in range(people.shape[0]):
        row = order["row"][place]
        rank, cell = people["id"][row] - total, people["cell"][row]
        if rank >= wanted and cell >= 0:
            put(row, -1, Holds.NOTHING, people, cells)
            spread(cells["police_seen"], view, cell, -1)
        elif 0 <= rank < wanted and cell < 0:
            target = empty_cell(place_draw(settings[0]["run_key"], step, people["id"][row]), cells)
            if target >= 0:
                put(row, target, Holds.POLICE, people, cells)
                spread(cells["police_seen"], view, target, 1)


@kernel
def empty_cell(share: float, cells: np.ndarray) -> int:
    """Return the empty cell at *share* of all empty cells, or -1 if there is none."""
    holds, free = cells["holds"], 0
    for cell in range(cells.shape[0]):
        free += holds[cell] == Holds.NOTHING
    pick = chosen(share, free)
    for cell in range(cells.shape[0]):
        if holds[cell] == Holds.NOTHING:
            if pick == 0:
                return cell
            pick -= 1
    return -1


@kernel
def tally(step: int, cells: np.ndarray, history: np.ndarray) -> None:
    """Count the grid at the end of a step."""
    actives, jailed, quiet, police = 0, 0, 0, 0
    holds = cells["holds"]
    for cell in range(cells.shape[0]):
        actives += holds[cell] == Holds.ACTIVE
        jailed += holds[cell] == Holds.JAILED
        quiet += holds[cell] == Holds.QUIET
        police += holds[cell] == Holds.POLICE
    history["actives"][step] = actives
    history["jailed"][step] = jailed
    history["quiet"][step] = quiet
    history["police"][step] = police


@kernel
def play(
    people: np.ndarray,
    cells: np.ndarray,
    citizen_view: np.ndarray,
    police_view: np.ndarray,
    order: np.ndarray,
    plan: np.ndarray,
    history: np.ndarray,
    settings: np.ndarray,
) -> None:
    """Play every step: order drawn, police posted as planned, then everybody acts in turn."""
    tally(0, cells, history)
    for step in range(1, history.shape[0]):
        moment = moment_key(settings[0]["run_key"], step)
        draw_order(moment, people, order)
        if plan["police"][step] >= 0:
            post_police(step, plan["police"][step], people, cells, citizen_view, order, settings)
        for place in range(people.shape[0]):
            row = order["row"][place]
            if people["cell"][row] >= 0:
                own = entity_key(moment, people["id"][row])
                if cells["holds"][people["cell"][row]] == Holds.POLICE:
                    police_acts(row, own, people, cells, police_view, citizen_view, settings)
                else:
                    citizen_acts(row, own, plan["legitimacy"][step], people, cells, citizen_view, settings)
        tally(step, cells, history)
