"""Contact: throws, shots, batons, agents, detention. Loops that call the rules.

Activation order is declared for each: *simultaneous* kernels read who was where and fit as the tick began; *by order*
kernels go through sections in the order of their table, which is the scenario's and never changes.
"""

from __future__ import annotations

import numpy as np

from sim.adjudication.arrest import detention_chance
from sim.adjudication.casualties import grade_of_injury, share_for_means
from sim.adjudication.crowd_clash import company_factor, injury_chance, thrown_means
from sim.adjudication.dispersal import force_injury_chance
from sim.deterrence.learning import certainty_after
from sim.engine.incident_rows import distance_m, note, on_site
from sim.engine.state import Incident, Post, Rows, Seen
from sim.foundations.arithmetic import chance_within
from sim.foundations.chance import Purpose, entity_key, moment_key, uniform
from sim.foundations.columns import FIXED_POINT
from sim.foundations.rule import kernel, rule
from sim.vocabulary import Conduct, Grade, Means, Role, Side


@kernel
def under_way(sections: Rows, situation: Rows) -> tuple[bool, bool, bool]:
    """Return what forces are doing: pushes, agents in use, a line off its place."""
    pushing, using, off_line = False, False, False
    for s in range(sections.shape[0]):
        if sections[s]["on_site"]:
            pushing = pushing or sections[s]["pushing"] > 0
            using = using or sections[s]["uses_agents"] > 0
            off_line = off_line or (sections[s]["post"] == Post.LINE and sections[s]["rank"] != situation[0]["line_target"])
    return pushing, using, off_line


@kernel
def contact(
    people: Rows,
    sections: Rows,
    counts: Rows,
    agents: Rows,
    situation: Rows,
    p: Rows,
    run_key: int,
    columns: int,
    cell_m: float,
    minutes: float,
    incidents: Rows,
    count: Rows,
) -> None:
    """Throws and shots at forces, batons and agents on people (simultaneous: who is where and fit is as the tick began)."""
    q, tick = p[0], situation[0]["tick"]
    selectivity = situation[0]["push_selectivity"]
    injury = situation[0]["injury"]
    moment = moment_key(run_key, tick)
    hurt_before = np.zeros(sections.shape[0], dtype=np.int64)
    violent_before = np.zeros(people.shape[0], dtype=np.int64)
    for s in range(sections.shape[0]):
        hurt_before[s] = sections[s]["hurt"]
    for i in range(people.shape[0]):
        conduct = people[i]["conduct"]
        if not on_site(conduct):
            continue
        cell = people[i]["cell"]
        pushed = counts[Seen.PUSHING, cell] / FIXED_POINT
        if conduct != Conduct.VIOLENT and pushed <= 0.0 and agents[cell] <= 0.0:
            continue
        key = entity_key(moment, people[i]["id"])
        if conduct == Conduct.VIOLENT:
            violent_before[i] = 1
            company = company_factor(float(violent_beside(counts, cell, columns) - 1), q["company_half_persons"])
            throw_at(people, i, key, sections, hurt_before, q, company, injury, tick, columns, cell_m, minutes, incidents, count)
        resisting = conduct == Conduct.VIOLENT or conduct == Conduct.PRESSING
        if pushed > 0.0:
            odds = force_injury_chance(q["baton_injury_per_min"] * injury, pushed, resisting, q["resisting_factor"], selectivity, minutes)
            drawn = uniform(key, Purpose.FORCE_INJURY)
            if drawn < odds:
                grade = grade_of_injury(uniform(key, Purpose.FORCE_GRADE), q["baton_serious_share"], q["other_fatal_share"])
                base = q["baton_injury_per_min"]
                hurt_person(people, i, tick, grade, Means.BATON, base, pushed, selectivity, odds, drawn, counts, incidents, count)
        if agents[cell] > 0.0:
            reach = agents[cell]
            odds = force_injury_chance(q["agent_injury_per_min"] * injury, reach, resisting, 1.0, 0.0, minutes)
            drawn = uniform(key, Purpose.AGENT_INJURY)
            if drawn < odds:
                grade = grade_of_injury(uniform(key, Purpose.AGENT_GRADE), q["agent_serious_share"], q["other_fatal_share"])
                base = q["agent_injury_per_min"]
                hurt_person(people, i, tick, grade, Means.AGENT, base, reach, 0.0, odds, drawn, counts, incidents, count)
    for i in range(people.shape[0]):
        if violent_before[i]:
            key = entity_key(moment, people[i]["id"])
            shoot(people, i, key, sections, hurt_before, counts, q, tick, columns, cell_m, minutes, incidents, count)


@rule
def hurt_person(
    people: Rows,
    i: int,
    tick: int,
    grade: int,
    means: int,
    first: float,
    second: float,
    third: float,
    odds: float,
    drawn: float,
    counts: Rows,
    incidents: Rows,
    count: Rows,
) -> None:
    """Hurt a protester: recorded once, at the worst grade; the seriously hurt are out of the day."""
    if grade <= people[i]["grade"]:
        return
    people[i]["grade"] = grade
    people[i]["means"] = means
    cell = people[i]["cell"]
    counts[Seen.HURT_NOW, cell] += 1
    if grade >= Grade.SERIOUS:
        people[i]["conduct"] = Conduct.INJURED
    note(incidents, count, tick, Incident.HURT, people[i]["id"], 0, cell, Side.PROTESTERS, grade, means, first, second, third, odds, drawn)


@rule
def violent_beside(counts: Rows, cell: int, columns: int) -> int:
    """Return how many were violent in a cell and in those round it when people were last counted; at least the person himself."""
    rows, total = counts.shape[1] // columns, 0
    for row in range(max(cell // columns - 1, 0), min(cell // columns + 2, rows)):
        for column in range(max(cell % columns - 1, 0), min(cell % columns + 2, columns)):
            total += counts[Seen.VIOLENT, row * columns + column]
    return max(total, 1)


@rule
def exposed(sections: Rows, s: int) -> bool:
    """Return whether a section stands in the open: not inside the building, nor in an armoured vehicle."""
    post = sections[s]["post"]
    return sections[s]["on_site"] and post != Post.BUILDING and post != Post.VEHICLE


@rule
def section_in_reach(sections: Rows, cell: int, share: float, columns: int, cell_m: float, reach_m: float) -> int:
    """Return the section that *share* of [0, 1) picks among those in reach of a cell, or -1."""
    near = 0
    for s in range(sections.shape[0]):
        if exposed(sections, s) and distance_m(cell, sections[s]["cell"], columns, cell_m) <= reach_m:
            near += 1
    wanted = int(share * near)
    for s in range(sections.shape[0]):
        if exposed(sections, s) and distance_m(cell, sections[s]["cell"], columns, cell_m) <= reach_m:
            if wanted == 0:
                return s
            wanted -= 1
    return -1


@rule
def throw_at(
    people: Rows,
    i: int,
    key: int,
    sections: Rows,
    hurt_before: Rows,
    q: np.void,
    company: float,
    injury: float,
    tick: int,
    columns: int,
    cell_m: float,
    minutes: float,
    incidents: Rows,
    count: Rows,
) -> None:
    """One violent person may throw at a section in reach, the rather in company, and may hurt one of it who is not yet hurt."""
    if uniform(key, Purpose.THROW) >= min(q["throws_per_min"] * company * minutes, 1.0):  # throws recur: their mean number counts
        return
    cell = people[i]["cell"]
    s = section_in_reach(sections, cell, uniform(key, Purpose.THROW_TARGET), columns, cell_m, q["throwing_reach_m"])
    if s < 0:
        return
    means = thrown_means(uniform(key, Purpose.THROW_KIND), q["incendiary_share"], q["device_share"])
    base = share_for_means(means, q["object_injury_chance"], q["incendiary_injury_chance"], q["device_injury_chance"], 0.0, 0.0, 0.0)
    formed = q["close_formation_factor"] if sections[s]["post"] <= Post.SECOND_LINE else 1.0
    odds = injury_chance(base, sections[s]["protection"], sections[s]["training"], formed, injury)
    odds = odds * (1.0 - hurt_before[s] / sections[s]["strength"])
    drawn = uniform(key, Purpose.THROW_INJURY)
    if drawn < odds:
        serious = share_for_means(means, q["object_serious_share"], q["incendiary_serious_share"], q["device_serious_share"], 0.0, 0.0, 0.0)
        grade = grade_of_injury(uniform(key, Purpose.THROW_GRADE), serious, q["other_fatal_share"])
        protection, training = sections[s]["protection"], sections[s]["training"]
        hurt_section(sections, s, people[i]["id"], tick, grade, means, base, protection, training, odds, drawn, incidents, count)


@rule
def hurt_section(
    sections: Rows,
    s: int,
    by: int,
    tick: int,
    grade: int,
    means: int,
    first: float,
    second: float,
    third: float,
    odds: float,
    drawn: float,
    incidents: Rows,
    count: Rows,
) -> None:
    """Hurt one member of a section: the seriously hurt leave the line.

    Where one tick brings more hits than a section has unhurt people, the first in row order count: the one place where row
    order could tell, in a section that is nearly all hurt.
    """
    if sections[s]["hurt"] >= sections[s]["strength"]:
        return
    sections[s]["hurt"] += 1
    if grade >= Grade.SERIOUS:
        sections[s]["serious"] += 1
    side, cell = sections[s]["side"], sections[s]["cell"]
    note(incidents, count, tick, Incident.HURT, sections[s]["id"], by, cell, side, grade, means, first, second, third, odds, drawn)


@rule
def shoot(
    people: Rows,
    i: int,
    key: int,
    sections: Rows,
    hurt_before: Rows,
    counts: Rows,
    q: np.void,
    tick: int,
    columns: int,
    cell_m: float,
    minutes: float,
    incidents: Rows,
    count: Rows,
) -> None:
    """Rare gunfire from the hard core or a prepared group; it may hit a soldier, and may hit a protester."""
    role = people[i]["role"]
    if role != Role.HARD_CORE and role != Role.PREPARED:
        return
    odds = chance_within(q["gunfire_per_min"], minutes)
    drawn = uniform(key, Purpose.GUNFIRE)
    if drawn >= odds:
        return
    shooter, cell = people[i]["id"], people[i]["cell"]
    rate = q["gunfire_per_min"]
    note(incidents, count, tick, Incident.SHOT_FIRED, shooter, 0, cell, Side.PROTESTERS, 0, Means.GUNFIRE, rate, 0.0, 0.0, odds, drawn)
    grade = grade_of_injury(uniform(key, Purpose.GUNFIRE_GRADE), q["gunfire_serious_share"], q["gunfire_fatal_share"])
    aimed = uniform(key, Purpose.GUNFIRE_TARGET)
    hit = q["gunfire_hit_chance"]
    s = section_in_reach(sections, cell, aimed / hit, columns, cell_m, q["view_m"]) if aimed < hit else -1
    if s >= 0 and hurt_before[s] < sections[s]["strength"]:
        hurt_section(sections, s, shooter, tick, grade, Means.GUNFIRE, hit, 0.0, 1.0, hit, aimed, incidents, count)
    crowd_hit = q["gunfire_crowd_hit_chance"]
    stray = uniform(key, Purpose.GUNFIRE_CROWD)
    if stray < crowd_hit:
        struck, _ = picked(people, cell, key, True, columns, cell_m, q["view_m"])
        if struck >= 0:
            hurt_person(people, struck, tick, grade, Means.GUNFIRE, crowd_hit, 0.0, 0.0, crowd_hit, stray, counts, incidents, count)


@kernel
def detain(
    people: Rows,
    sections: Rows,
    situation: Rows,
    p: Rows,
    run_key: int,
    columns: int,
    cell_m: float,
    minutes: float,
    bound_ticks: int,
    counts: Rows,
    cluster_detained: Rows,
    incidents: Rows,
    count: Rows,
) -> None:
    """Each free detention team may take one violent person in reach (by order of the sections' table)."""
    q, tick = p[0], situation[0]["tick"]
    selectivity = situation[0]["detention_selectivity"]
    moment = moment_key(run_key, tick)
    for s in range(sections.shape[0]):
        team = sections[s]["on_site"] and sections[s]["post"] == Post.DETENTION_TEAM
        if not (team and sections[s]["detains"] and sections[s]["bound_until"] <= tick):
            continue
        key = entity_key(moment, sections[s]["id"])
        mistaken = uniform(key, Purpose.DETENTION_IDENTIFIED) < q["misidentified_chance"] * (1.0 - selectivity)
        chosen, in_reach = picked(people, sections[s]["cell"], key, mistaken, columns, cell_m, q["detention_reach_m"])
        if chosen < 0:
            continue
        odds = detention_chance(q["detentions_per_team_min"], minutes)
        drawn = uniform(key, Purpose.DETENTION_MADE)
        if drawn < odds:
            people[chosen]["conduct"] = Conduct.DETAINED
            people[chosen]["certainty"] = certainty_after(people[chosen]["certainty"], q["learning_rate"], 1.0, 1.0)
            cell = people[chosen]["cell"]
            counts[Seen.DETAINED_NOW, cell] += 1
            cluster_detained[people[chosen]["cluster"]] += 1
            sections[s]["bound_until"] = tick + bound_ticks
            rate = q["detentions_per_team_min"]
            person, by, side = people[chosen]["id"], sections[s]["id"], sections[s]["side"]
            note(incidents, count, tick, Incident.DETAINED, person, by, cell, side, 0, 0, rate, in_reach, selectivity, odds, drawn)


@rule
def picked(people: Rows, cell: int, key: int, anybody: bool, columns: int, cell_m: float, reach_m: float) -> tuple[int, int]:
    """Return a person by lot among those in reach, violent ones or anybody, and how many those are; -1 where nobody is."""
    chosen, in_reach, lowest = -1, 0, 2.0
    for i in range(people.shape[0]):
        conduct = people[i]["conduct"]
        wanted = conduct == Conduct.VIOLENT or (anybody and on_site(conduct))
        if wanted and distance_m(people[i]["cell"], cell, columns, cell_m) <= reach_m:
            in_reach += 1
            lot = uniform(entity_key(key, people[i]["id"]), Purpose.LOT)
            if lot < lowest:
                lowest = lot
                chosen = i
    return chosen, in_reach


@kernel
def use_agents(
    sections: Rows,
    counts: Rows,
    situation: Rows,
    p: Rows,
    run_key: int,
    columns: int,
    cell_m: float,
    door_steps: Rows,
    minutes: float,
    agents: Rows,
    incidents: Rows,
    count: Rows,
) -> bool:
    """Sections ordered to use agents do so where most people attack or press within reach; return whether any did (by order)."""
    q, tick, used = p[0], situation[0]["tick"], False
    moment, rate = moment_key(run_key, tick), q["agent_uses_per_min"]
    odds = chance_within(rate, minutes)
    for s in range(sections.shape[0]):
        if not (sections[s]["on_site"] and sections[s]["uses_agents"]):
            continue
        key = entity_key(moment, sections[s]["id"])
        drawn = uniform(key, Purpose.AGENT_USE)
        if drawn >= odds:
            continue
        chosen = aimed_at(counts, sections[s]["cell"], door_steps, columns, cell_m, q["agent_reach_m"])
        if chosen < 0 or uniform(key, Purpose.AGENT_MISFIRE) < q["agent_misfire_chance"]:
            continue
        used = True
        agents[chosen] = min(agents[chosen] + q["agent_use_concentration"], 1.0)
        name, side = sections[s]["id"], sections[s]["side"]
        note(incidents, count, tick, Incident.AGENT_USED, name, 0, chosen, side, 0, Means.AGENT, rate, 0.0, 0.0, odds, drawn)
    return used


@rule
def aimed_at(counts: Rows, cell: int, door_steps: Rows, columns: int, cell_m: float, reach_m: float) -> int:
    """Return the cell in reach, away from the door, in which most attack, press and stand (in this order of weight); -1 without one."""
    rows, window = counts.shape[1] // columns, int(reach_m / cell_m)
    chosen, most = -1, 0
    for row in range(max(cell // columns - window, 0), min(cell // columns + window + 1, rows)):
        for column in range(max(cell % columns - window, 0), min(cell % columns + window + 1, columns)):
            there = row * columns + column
            if counts[Seen.PRESENT, there] == 0 or door_steps[there] < door_steps[cell]:
                continue
            weight = counts[Seen.PRESENT, there] + 3 * counts[Seen.PRESSING, there] + 10 * counts[Seen.VIOLENT, there]
            if weight > most and distance_m(cell, there, columns, cell_m) <= reach_m:
                chosen, most = there, weight
    return chosen


@kernel
def drift_agents(
    agents: Rows, rows: int, columns: int, passable: Rows, share: float, wind_east: float, wind_south: float, kept: float, least: float
) -> bool:
    """Agents thin out and drift one cell downwind; return whether any are left (simultaneous: reads old, writes new)."""
    moved = np.zeros(agents.shape[0])
    east = (1 if wind_east > 0.0 else -1) if wind_east != 0.0 else 0
    south = (1 if wind_south > 0.0 else -1) if wind_south != 0.0 else 0
    for cell in range(agents.shape[0]):
        held = agents[cell] * kept
        if held < least:
            continue
        row, column = cell // columns + south, cell % columns + east
        inside = row >= 0 and row < rows and column >= 0 and column < columns
        leaves = held * share if inside and passable[row * columns + column] else 0.0
        if leaves > 0.0:
            moved[row * columns + column] += leaves
        moved[cell] += held - leaves
    left = False
    for cell in range(agents.shape[0]):
        if moved[cell] > 0.0 and agents[cell] * kept < least:  # what drifts in by small steps adds up
            moved[cell] += agents[cell] * kept
        agents[cell] = min(moved[cell], 1.0)
        left = left or agents[cell] > 0.0
    return left
