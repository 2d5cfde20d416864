"""Crowd kernels: who is where, what each sees, how anger and fear move, who turns violent, stops, leaves, walks.

All are *simultaneous*: they read what stood at the start of the step, so that row order never matters.
"""

from __future__ import annotations

import math

import numpy as np

from sim.adjudication.crowd_movement import place_score, whim_of
from sim.deterrence.activation import onset_chance, stopping_chance
from sim.deterrence.fear import fear_after, leaving_chance
from sim.deterrence.grievance import agitation, anger_after, provocation_felt, push_provocation
from sim.deterrence.learning import certainty_after
from sim.deterrence.legitimacy import legitimacy_after
from sim.deterrence.perceived_cost import certainty_in_form, net_risk, ratio_in_form, saturating
from sim.engine.incident_rows import distance_m, note, on_site
from sim.engine.state import Aim, Incident, Post, Seen
from sim.foundations.arithmetic import chance_within, exp
from sim.foundations.chance import Purpose, entity_key, moment_key, uniform
from sim.foundations.columns import FIXED_POINT
from sim.foundations.rule import kernel, rule
from sim.vocabulary import Conduct, Role, Side

CONDUCTS = len(Conduct)

NOTHING = -1
"""No incident."""

BY_ORDER = -1.0
"""Stands in the record for the threshold of a person who acts on an order."""

CONDUCT_AFTER = np.zeros(len(Incident), dtype=np.int64)
"""What a person does after each incident of the mind."""
CONDUCT_AFTER[Incident.TURNED_VIOLENT] = Conduct.VIOLENT
CONDUCT_AFTER[Incident.STOPPED] = Conduct.STANDING
CONDUCT_AFTER[Incident.FLED] = Conduct.FLEEING
CONDUCT_AFTER[Incident.WENT_HOME] = Conduct.LEAVING


@kernel
def count_people(people, counts):
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
def count_sections(sections, effects, tick, detaining, neighbours, counts):
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
        field = Seen.KFOR if side == Side.KFOR else (Seen.KP if side == Side.KOSOVO_POLICE else Seen.EULEX)
        counts[field, cell] += fit
        counts[Seen.SPECIAL, cell] += sections[s]["special"]
        if detaining and sections[s]["detains"] and sections[s]["bound_until"] <= tick:
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
def summarise(people, sections, cordon_steps, cell_m, line_formed, row):
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
def look_around(counts, view, first, last, rows, columns, reach):
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
def spread_provocations(event_cells, event_sizes, columns, rows, cell_m, reach_m, window, provocation):
    """Add each provocation to the cells around it, fading with distance (by order of the events)."""
    for e in range(event_cells.shape[0]):
        centre = event_cells[e]
        for row in range(max(centre // columns - window, 0), min(centre // columns + window + 1, rows)):
            for column in range(max(centre % columns - window, 0), min(centre % columns + window + 1, columns)):
                cell = row * columns + column
                away = distance_m(centre, cell, columns, cell_m)
                provocation[cell] += provocation_felt(event_sizes[e], away, reach_m)


@kernel
def provoke_by_pushes(sections, counts, situation, neighbours, columns, rows, cell_m, window, p, minutes, provocation):
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
        share = seated / present
        size = push_provocation(
            q["push_provocation"], q["seated_push_factor"], share, situation[0]["push_selectivity"], sections[s]["excess"], minutes
        )
        for row in range(max(centre // columns - window, 0), min(centre // columns + window + 1, rows)):
            for column in range(max(centre % columns - window, 0), min(centre % columns + window + 1, columns)):
                cell = row * columns + column
                away = distance_m(centre, cell, columns, cell_m)
                provocation[cell] += provocation_felt(size, away, q["provocation_reach_m"])


@kernel
def change_minds(
    people, view, counts, agents, provocation, cluster_provocation, cluster_detained, situation, p, run_key, minutes, incidents, count
):
    """Anger, fear, certainty and legitimacy move; people turn violent, stop, follow leaders, flee or go home."""
    q = p[0]
    tick = situation[0]["tick"]
    moment = moment_key(run_key, tick)
    anger_kept = exp(-minutes / q["anger_fading_min"])
    fear_kept = exp(-minutes / q["fear_fading_min"])
    theta = q["theta_spiral"] * q["spiral_unit"]
    contagion = q["contagion_per_min"] * situation[0]["volatility"]
    departing = departing_per_min(situation, q)
    departing_odds = chance_within(departing, minutes)
    follow_odds = chance_within(q["following_per_min"], minutes)
    for i in range(people.shape[0]):
        conduct = people[i]["conduct"]
        if not on_site(conduct):
            continue
        cell, cluster = people[i]["cell"], people[i]["cluster"]
        key = entity_key(moment, people[i]["id"])
        present = max(view[Seen.PRESENT, cell], 1)
        violent = float(view[Seen.VIOLENT, cell])
        felt = provocation[cell] + cluster_provocation[cluster]
        felt += q["special_police_provocation"] * view[Seen.SPECIAL, cell] * minutes
        people[i]["anger"] = anger_after(
            people[i]["anger"], anger_kept, felt * situation[0]["volatility"], violent / present, theta, contagion, minutes
        )
        pushed = counts[Seen.PUSHING, cell] / FIXED_POINT
        seen = (q["fear_of_force"] * pushed + q["fear_of_agents"] * agents[cell]) * minutes
        seen += q["fear_of_injury_seen"] * counts[Seen.HURT_NOW, cell] + q["fear_of_detention_seen"] * view[Seen.DETAINED_NOW, cell]
        people[i]["fear"] = fear_after(people[i]["fear"], fear_kept, seen)
        if not situation[0]["exits_open"]:
            turned = people[i]["fear"] * q["blocked_exit_anger"] * minutes
            people[i]["anger"] = min(people[i]["anger"] + turned, 1.0)
        if cluster_detained[cluster] > 0 or view[Seen.DETAINED_NOW, cell] > 0:
            tie = q["cluster_tie"] if cluster_detained[cluster] > 0 else q["stranger_tie"]
            people[i]["certainty"] = certainty_after(people[i]["certainty"], q["learning_rate"], tie, 1.0)
        kfor, kp, eulex = view[Seen.KFOR, cell], view[Seen.KP, cell], view[Seen.EULEX, cell]
        legitimacy = faced_legitimacy(people[i], kfor, kp, eulex)
        forced = provocation[cell] if counts[Seen.PUSHING, cell] > 0 or agents[cell] > 0.0 else 0.0
        people[i]["legitimacy_kfor"] = legitimacy_after(people[i]["legitimacy_kfor"], forced, q["legitimacy_lost_to_force"])
        agitated = agitation(people[i]["grievance"], legitimacy, people[i]["anger"])
        responders, threat = float(view[Seen.DETAINERS, cell]), view[Seen.THREAT, cell] / FIXED_POINT
        risk = expected_cost(people[i]["risk_aversion"], people[i]["certainty"], responders, threat, violent, q)
        threshold = held_threshold(people[i]["threshold"], conduct, situation[0]["restraint"], q)
        acting = situation[0]["prepared_acting"]
        kind, first, second, third, odds, drawn = turning(key, conduct, people[i]["role"], agitated, risk, threshold, acting, q, minutes)
        if kind < 0:
            kind, first, second, third, odds, drawn = going(
                key, conduct, people[i]["role"], people[i]["fear"], departing, departing_odds, q, minutes
            )
        if kind >= 0:
            people[i]["conduct"] = CONDUCT_AFTER[kind]
            people[i]["was_violent"] = people[i]["was_violent"] or kind == Incident.TURNED_VIOLENT
            name = people[i]["id"]
            note(incidents, count, tick, kind, name, 0, cell, Side.PROTESTERS, 0, 0, first, second, third, odds, drawn)
        else:
            pushed_up = counts[Seen.PUSHING, cell] > 0
            people[i]["conduct"] = following(key, conduct, people[i]["role"], situation[0]["aim"], pushed_up, follow_odds)


@rule
def faced_legitimacy(person, kfor, kp, eulex):
    """Return the legitimacy, to this person, of the force that faces him: the one with most people in view."""
    if kp > kfor and kp >= eulex:
        return person["legitimacy_kp"]
    return person["legitimacy_eulex"] if eulex > kfor else person["legitimacy_kfor"]


@rule
def expected_cost(risk_aversion, certainty, responders, threat, violent, q):
    """Return net risk N of turning violent here, from responders able to detain and from force levels in view."""
    if responders <= 0.0 and threat <= 0.0:
        return 0.0
    ratio = ratio_in_form(responders, violent, q["ratio_form"])
    known = certainty_in_form(certainty, q["certainty_turning_point"], q["certainty_sharpness"], q["certainty_form"])
    detention = saturating(q["detention_steepness"], ratio)
    force = saturating(q["force_steepness"], threat / max(violent, 1.0))
    theta = q["theta_deterrence"] * q["deterrence_unit"]
    return net_risk(theta, risk_aversion, known, detention, q["detention_severity"], force, q["force_severity"])


@rule
def held_threshold(threshold, conduct, restraint, q):
    """Return a person's threshold now: raised by leaders who hold people back, and by sitting together."""
    held = threshold + q["leader_restraint"] * restraint
    return held + q["seated_restraint"] if conduct == Conduct.SITTING else held


@rule
def turning(key, conduct, role, agitated, risk, threshold, prepared_acting, q, minutes):
    """Return whether a person turns violent or stops, with factors, odds and draw; -1 for neither.

    A prepared group acts and stops on its leader's order; everybody else by the activation rule.
    """
    violent = conduct == Conduct.VIOLENT
    if role == Role.PREPARED:
        if violent == (prepared_acting > 0):
            return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
        kind = Incident.STOPPED.value if violent else Incident.TURNED_VIOLENT.value
        return kind, agitated, risk, BY_ORDER, 1.0, 0.0
    if conduct == Conduct.LEAVING or conduct == Conduct.FLEEING:
        return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
    width = q["activation_width"]
    if violent:
        odds = stopping_chance(agitated, risk, threshold, q["activation_hysteresis"], width, q["stopping_per_min"], minutes)
        drawn = uniform(key, Purpose.STOPPING)
        return Incident.STOPPED.value if drawn < odds else NOTHING, agitated, risk, threshold, odds, drawn
    odds = onset_chance(agitated, risk, threshold, width, q["onset_per_min"], minutes)
    drawn = uniform(key, Purpose.ONSET)
    return Incident.TURNED_VIOLENT.value if drawn < odds else NOTHING, agitated, risk, threshold, odds, drawn


@rule
def departing_per_min(situation, q):
    """Return the rate at which people go home now: tired, told to, or because it is dark."""
    rate = q["fatigue_departing_per_min"]
    if situation[0]["going_home"]:
        rate += q["departing_per_min"]
    if situation[0]["dark"]:
        rate += q["dusk_departing_per_min"]
    return rate


@rule
def going(key, conduct, role, fear, departing, departing_odds, q, minutes):
    """Return whether a person flees from fear or walks home, with factors, odds and draw; -1 for neither."""
    if conduct == Conduct.LEAVING or conduct == Conduct.FLEEING:
        return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
    nerve = q["fear_threshold"] + (q["hard_core_nerve"] if role == Role.HARD_CORE else 0.0)
    odds = leaving_chance(fear, nerve, q["leaving_per_min"], minutes)
    if odds > 0.0:
        drawn = uniform(key, Purpose.DISPERSAL)
        if drawn < odds:
            return Incident.FLED.value, fear, nerve, q["leaving_per_min"], odds, drawn
    if conduct == Conduct.VIOLENT:
        return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
    drawn = uniform(key, Purpose.DEPARTURE)
    return Incident.WENT_HOME.value if drawn < departing_odds else NOTHING, departing, 0.0, 0.0, departing_odds, drawn


@rule
def following(key, conduct, role, aim, pushed_up, follow_odds):
    """Return a person's conduct after the leaders' call to sit, stand or press; people under a push get up."""
    if conduct == Conduct.SITTING and pushed_up:
        return Conduct.STANDING.value
    if conduct != Conduct.STANDING and conduct != Conduct.SITTING and conduct != Conduct.PRESSING:
        return conduct
    wanted = Conduct.SITTING.value if aim == Aim.SIT else (Conduct.PRESSING.value if aim == Aim.PRESS else Conduct.STANDING.value)
    watching = role == Role.BYSTANDER and wanted != Conduct.STANDING
    if conduct == wanted or watching or uniform(key, Purpose.FOLLOWS_LEADER) >= follow_odds:
        return conduct
    return wanted


@kernel
def arrive(people, tick):
    """People whose time has come appear at their gate (simultaneous)."""
    for i in range(people.shape[0]):
        if people[i]["conduct"] == Conduct.ABSENT and people[i]["arrival_tick"] <= tick:
            people[i]["conduct"] = Conduct.ASSEMBLING
            people[i]["cell"] = people[i]["gate"]


@rule
def liked_distance(people, i, conduct, q):
    """Return how many steps from the line this person wants to stand."""
    if conduct == Conduct.PRESSING:
        return q["press_distance_cells"]
    if conduct == Conduct.VIOLENT:
        return q["throw_distance_cells"]
    return people[i]["distance_cells"]


@kernel
def walk(people, passable, door_steps, exit_steps, bins, neighbours, counts, line_rank, situation, p, run_key, cell_m, minutes):
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
        liked = liked_distance(people, i, conduct, q)
        packed = counts[Seen.PRESENT, cell] > q["comfort_persons"]
        if not going and gap > 0 and (conduct == Conduct.SITTING or (abs(gap - liked) <= q["settling_gain"] and not packed)):
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
            better = next_cell(
                cell, going, liked, passable, door_steps, exit_steps, bins, neighbours, counts, line_rank, q, whim_of(choice, step)
            )
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
def next_cell(cell, going, liked, passable, door_steps, exit_steps, bins, neighbours, counts, line_rank, q, choice):
    """Return the best cell one step away, or the same cell; nobody passes the line inwards."""
    gap = door_steps[cell] - line_rank[bins[cell]]
    inside = gap <= 0
    comfort, weight = q["comfort_persons"], q["crowding_weight"]
    whim_weight = q["whim_weight"]
    best = cell
    if going and not inside:
        lowest = float(exit_steps[cell])
    elif inside:
        lowest = math.inf
    else:
        settled = q["settling_gain"] if abs(gap - liked) <= 1.0 else 0.0
        lowest = place_score(gap, liked, counts[Seen.PRESENT, cell], comfort, weight, 0.0, 0.0) - settled
    for k in range(neighbours.shape[1]):
        beside = neighbours[cell, k]
        if beside < 0 or not passable[beside]:
            continue
        gap = door_steps[beside] - line_rank[bins[beside]]
        if gap <= 0 and not (inside and door_steps[beside] > door_steps[cell]):
            continue
        if going and not inside:
            score = exit_steps[beside] + whim_weight * whim_of(choice, k)
        else:
            score = place_score(gap, liked, counts[Seen.PRESENT, beside], comfort, weight, whim_of(choice, k), whim_weight)
        if score < lowest:
            lowest = score
            best = beside
    return best
