"""Contact kernels: throws, shots, batons, agents, the shield line, detention. Loops that call the rules.

Activation order is declared for each: *simultaneous* kernels read who was where and fit as the tick began; *by order*
kernels go through sections in the order of their table, which is the scenario's and never changes.
"""

from __future__ import annotations

import numpy as np

from sim.adjudication.arrest import detention_chance
from sim.adjudication.casualties import grade_of_injury, share_for_means
from sim.adjudication.crowd_clash import (
    giving_way_chance,
    ground_gained_chance,
    injury_chance,
    outflanked,
    pressure_ratio,
    thrown_means,
)
from sim.adjudication.dispersal import force_injury_chance
from sim.doctrine.readiness import fatigue_after, injury_factor, performance
from sim.engine.incident_rows import distance_m, note, on_site
from sim.engine.state import BINS, Incident, Post, Seen
from sim.foundations.arithmetic import chance_within
from sim.foundations.chance import Purpose, entity_key, moment_key, uniform
from sim.foundations.columns import FIXED_POINT
from sim.foundations.rule import kernel, rule
from sim.vocabulary import Conduct, Grade, Means, Role, Side

MINUTES_PER_HOUR = 60.0


@kernel
def under_way(sections, situation):
    """Return what forces are doing: pushes, agents in use, a line off its place."""
    pushing, using, off_line = False, False, False
    for s in range(sections.shape[0]):
        if sections[s]["on_site"]:
            pushing = pushing or sections[s]["pushing"] > 0
            using = using or sections[s]["uses_agents"] > 0
            off_line = off_line or (sections[s]["post"] == Post.LINE and sections[s]["rank"] != situation[0]["line_target"])
    return pushing, using, off_line


@kernel
def contact(people, sections, counts, agents, situation, p, run_key, columns, cell_m, minutes, incidents, count):
    """Throws and shots at forces, batons and agents on people (simultaneous: who is where and fit is as the tick began)."""
    q = p[0]
    tick = situation[0]["tick"]
    selectivity = situation[0]["push_selectivity"]
    injury = situation[0]["injury"]
    moment = moment_key(run_key, tick)
    hurt_before = np.zeros(sections.shape[0], dtype=np.int64)
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
            throw_at(people, i, key, sections, hurt_before, q, injury, tick, columns, cell_m, minutes, incidents, count)
            shoot(people, i, key, sections, hurt_before, counts, q, tick, columns, cell_m, minutes, incidents, count)
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


@rule
def hurt_person(people, i, tick, grade, means, first, second, third, odds, drawn, counts, incidents, count):
    """Hurt a protester: recorded once, at the worst grade; the seriously hurt are out of the day."""
    worse = grade > people[i]["grade"]
    if not worse:
        return
    people[i]["grade"] = grade
    people[i]["means"] = means
    cell = people[i]["cell"]
    counts[Seen.HURT_NOW, cell] += 1
    if grade >= Grade.SERIOUS:
        people[i]["conduct"] = Conduct.INJURED
    note(
        incidents, count, tick, Incident.HURT, people[i]["id"], 0, cell, Side.PROTESTERS, grade, means, first, second, third, odds, drawn
    )


@rule
def exposed(sections, s):
    """Return whether a section stands in the open: not inside the building, nor in an armoured vehicle."""
    post = sections[s]["post"]
    return sections[s]["on_site"] and post != Post.BUILDING and post != Post.VEHICLE


@rule
def section_in_reach(sections, cell, share, columns, cell_m, reach_m):
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
def throw_at(people, i, key, sections, hurt_before, q, injury, tick, columns, cell_m, minutes, incidents, count):
    """One violent person may throw at a section in reach, and may hurt one of it who is not yet hurt."""
    if uniform(key, Purpose.THROW) >= chance_within(q["throws_per_min"], minutes):
        return
    cell = people[i]["cell"]
    s = section_in_reach(sections, cell, uniform(key, Purpose.THROW_TARGET), columns, cell_m, q["throwing_reach_m"])
    if s < 0:
        return
    means = thrown_means(uniform(key, Purpose.THROW_KIND), q["incendiary_share"], q["device_share"])
    base = share_for_means(
        means, q["object_injury_chance"], q["incendiary_injury_chance"], q["device_injury_chance"], 0.0, 0.0, 0.0
    )
    formed = q["close_formation_factor"] if sections[s]["post"] <= Post.SECOND_LINE else 1.0
    odds = injury_chance(base, sections[s]["protection"], sections[s]["training"], formed, injury)
    odds = odds * (1.0 - hurt_before[s] / sections[s]["strength"])
    drawn = uniform(key, Purpose.THROW_INJURY)
    if drawn < odds:
        serious = share_for_means(
            means, q["object_serious_share"], q["incendiary_serious_share"], q["device_serious_share"], 0.0, 0.0, 0.0
        )
        grade = grade_of_injury(uniform(key, Purpose.THROW_GRADE), serious, q["other_fatal_share"])
        protection, training = sections[s]["protection"], sections[s]["training"]
        hurt_section(sections, s, people[i]["id"], tick, grade, means, base, protection, training, odds, drawn, incidents, count)


@rule
def hurt_section(sections, s, by, tick, grade, means, first, second, third, odds, drawn, incidents, count):
    """Hurt one member of a section: the seriously hurt leave the line."""
    sections[s]["hurt"] += 1
    if grade >= Grade.SERIOUS:
        sections[s]["serious"] += 1
    side, cell = sections[s]["side"], sections[s]["cell"]
    note(incidents, count, tick, Incident.HURT, sections[s]["id"], by, cell, side, grade, means, first, second, third, odds, drawn)


@rule
def shoot(people, i, key, sections, hurt_before, counts, q, tick, columns, cell_m, minutes, incidents, count):
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
        hurt_person(people, i, tick, grade, Means.GUNFIRE, crowd_hit, 0.0, 0.0, crowd_hit, stray, counts, incidents, count)


@kernel
def hold_or_push(sections, counts, situation, p, run_key, rings, ring_length, neighbours, cell_m, minutes, line_rank, incidents, count):
    """Each section of the line gives ground, holds or gains it (by order); then the line's place by bearing is redrawn."""
    q = p[0]
    tick = situation[0]["tick"]
    target = situation[0]["line_target"]
    moment = moment_key(run_key, tick)
    in_line, rear_fit, moved = 0, 0, False
    for s in range(sections.shape[0]):
        if sections[s]["on_site"] and sections[s]["post"] == Post.SECOND_LINE:
            rear_fit += sections[s]["strength"] - sections[s]["serious"]
        if sections[s]["on_site"] and sections[s]["post"] == Post.LINE:
            in_line += 1
    for s in range(sections.shape[0]):
        if not sections[s]["on_site"] or sections[s]["post"] != Post.LINE:
            continue
        key = entity_key(moment, sections[s]["id"])
        cell, rank = sections[s]["cell"], sections[s]["rank"]
        pressing, violent, ahead = counts[Seen.PRESSING, cell], counts[Seen.VIOLENT, cell], 0
        for k in range(neighbours.shape[1]):
            beside = neighbours[cell, k]
            if beside >= 0:
                pressing += counts[Seen.PRESSING, beside]
                violent += counts[Seen.VIOLENT, beside]
                ahead += counts[Seen.PRESENT, beside]
        fit = sections[s]["strength"] - sections[s]["serious"]
        ratio = pressure_ratio(
            pressing, violent, q["press_weight"], q["violent_press_weight"], fit, rear_fit / max(in_line, 1), q["depth_support"]
        )
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
                ahead_by = max(left, right)
                note(incidents, count, tick, Incident.OUTFLANKED, name, 0, cell, side, 0, 0, ahead_by, q["flank_factor"], 0.0, giving, drawn)
        elif rank < target and ((sections[s]["pushing"] and sections[s]["hesitates_until"] <= tick) or ahead == 0):
            gaining = ground_gained_chance(q["push_m_per_min"], cell_m, float(ahead), q["push_slowing_persons"], minutes)
            drawn = uniform(key, Purpose.GROUND_GAINED)
            if drawn < gaining:
                sections[s]["rank"] = rank + 1
                moved = True
                pace = q["push_m_per_min"]
                note(incidents, count, tick, Incident.GAINED_GROUND, name, 0, cell, side, 0, 0, ahead, pace, 0.0, gaining, drawn)
        elif rank > target:
            sections[s]["rank"] = rank - 1
            moved = True
    if moved:
        place_line(sections, rings, ring_length, line_rank)


@rule
def ahead_of_neighbours(sections, s):
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


@kernel
def tire(sections, p, tick, minutes_per_tick):
    """Training wears off with hours on site: each section's factor on the chance of injury (simultaneous)."""
    q = p[0]
    for s in range(sections.shape[0]):
        if sections[s]["on_site"]:
            hours = (tick - sections[s]["arrived_tick"]) * minutes_per_tick / MINUTES_PER_HOUR
            left = performance(sections[s]["trained"], fatigue_after(hours, q["fatigue_per_hour"]), q["fatigue_training_loss"])
            sections[s]["training"] = injury_factor(0.0, left, q["training_injury_saving"])


@rule
def place_line(sections, rings, ring_length, line_rank):
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
def redraw_line(sections, rings, ring_length, line_rank):
    """Redraw the line without anybody moving (after an order)."""
    place_line(sections, rings, ring_length, line_rank)


@kernel
def detain(people, sections, situation, p, run_key, columns, cell_m, minutes, bound_ticks, counts, cluster_detained, incidents, count):
    """Each free detention team may take one violent person in reach (by order of the sections' table)."""
    q = p[0]
    tick = situation[0]["tick"]
    selectivity = situation[0]["detention_selectivity"]
    moment = moment_key(run_key, tick)
    for s in range(sections.shape[0]):
        able = sections[s]["on_site"] and sections[s]["detains"] and sections[s]["bound_until"] <= tick
        if not able:
            continue
        key = entity_key(moment, sections[s]["id"])
        mistaken = uniform(key, Purpose.DETENTION_IDENTIFIED) < q["misidentified_chance"] * (1.0 - selectivity)
        chosen, in_reach, lowest = -1, 0, 2.0
        for i in range(people.shape[0]):
            conduct = people[i]["conduct"]
            wanted = conduct == Conduct.VIOLENT or (mistaken and on_site(conduct))
            if wanted and distance_m(people[i]["cell"], sections[s]["cell"], columns, cell_m) <= q["detention_reach_m"]:
                in_reach += 1
                lot = uniform(entity_key(key, people[i]["id"]), Purpose.DETENTION_LOT)
                if lot < lowest:
                    lowest = lot
                    chosen = i
        if chosen < 0:
            continue
        odds = detention_chance(q["detentions_per_team_min"], 1.0, 1.0, minutes)
        drawn = uniform(key, Purpose.DETENTION_MADE)
        if drawn < odds:
            people[chosen]["conduct"] = Conduct.DETAINED
            cell = people[chosen]["cell"]
            counts[Seen.DETAINED_NOW, cell] += 1
            cluster_detained[people[chosen]["cluster"]] += 1
            sections[s]["bound_until"] = tick + bound_ticks
            person, team = people[chosen]["id"], sections[s]["id"]
            note(
                incidents, count, tick, Incident.DETAINED, person, team, cell, sections[s]["side"], 0, 0, 1.0, in_reach, selectivity, odds, drawn
            )


@kernel
def use_agents(sections, counts, situation, p, run_key, neighbours, door_steps, minutes, agents, incidents, count):
    """Sections ordered to use agents do so into the cell before them where people stand; return whether any did (by order)."""
    used = False
    q = p[0]
    tick = situation[0]["tick"]
    moment = moment_key(run_key, tick)
    odds = chance_within(q["agent_uses_per_min"], minutes)
    for s in range(sections.shape[0]):
        if not (sections[s]["on_site"] and sections[s]["uses_agents"]):
            continue
        key = entity_key(moment, sections[s]["id"])
        drawn = uniform(key, Purpose.AGENT_USE)
        if drawn >= odds:
            continue
        cell = sections[s]["cell"]
        chosen, most = -1, 0
        for k in range(neighbours.shape[1]):
            beside = neighbours[cell, k]
            if beside < 0 or door_steps[beside] < door_steps[cell]:
                continue
            crowd = counts[Seen.PRESENT, beside] + counts[Seen.VIOLENT, beside] + counts[Seen.PRESSING, beside]
            if crowd > most:
                chosen, most = beside, crowd
        if chosen < 0 or uniform(key, Purpose.AGENT_MISFIRE) < q["agent_misfire_chance"]:
            continue
        used = True
        agents[chosen] = min(agents[chosen] + q["agent_use_concentration"], 1.0)
        rate = q["agent_uses_per_min"]
        note(
            incidents, count, tick, Incident.AGENT_USED, sections[s]["id"], 0, chosen, sections[s]["side"], 0, Means.AGENT, rate, 0.0, 0.0,
            odds, drawn,
        )
    return used


@kernel
def drift_agents(agents, rows, columns, passable, share, wind_east, wind_south, kept, least):
    """Agents thin out and drift one cell downwind; return whether any are left (simultaneous: reads old, writes new)."""
    moved = np.zeros(agents.shape[0])
    east = (1 if wind_east > 0.0 else -1) if wind_east != 0.0 else 0
    south = (1 if wind_south > 0.0 else -1) if wind_south != 0.0 else 0
    for cell in range(agents.shape[0]):
        held = agents[cell] * kept
        if held < least:
            continue
        row, column = cell // columns + south, cell % columns + east
        downwind = row * columns + column
        inside = row >= 0 and row < rows and column >= 0 and column < columns
        if inside and passable[downwind]:
            moved[downwind] += held * share
            moved[cell] += held * (1.0 - share)
        else:
            moved[cell] += held
    left = False
    for cell in range(agents.shape[0]):
        agents[cell] = min(moved[cell], 1.0)
        left = left or agents[cell] > 0.0
    return left
