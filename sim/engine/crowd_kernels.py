"""Minds: how anger and fear move, who turns violent, stops, leaves, or follows the leaders' call.

*Simultaneous*: each person reads what stood at the start of the step and writes his own row.
"""

from __future__ import annotations

import numpy as np

from sim.deterrence.activation import onset_chance, spent_after, stopping_chance
from sim.deterrence.fear import cornered_anger, fear_after, leaving_chance
from sim.deterrence.grievance import agitation, anger_after
from sim.deterrence.learning import certainty_after
from sim.deterrence.legitimacy import legitimacy_after
from sim.deterrence.perceived_cost import certainty_in_form, net_risk, ratio_in_form, saturating
from sim.engine.incident_rows import note, on_site
from sim.engine.state import Aim, Incident, Rows, Seen
from sim.foundations.arithmetic import chance_within, exp
from sim.foundations.chance import Purpose, entity_key, moment_key, uniform
from sim.foundations.columns import FIXED_POINT
from sim.foundations.rule import kernel, rule
from sim.vocabulary import Conduct, Role, Side

type Happening = tuple[int, float, float, float, float, float]

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
def change_minds(
    people: Rows,
    view: Rows,
    counts: Rows,
    agents: Rows,
    provocation: Rows,
    cluster_provocation: Rows,
    cluster_detained: Rows,
    situation: Rows,
    p: Rows,
    run_key: int,
    minutes: float,
    incidents: Rows,
    count: Rows,
) -> None:
    """Anger, fear, certainty and legitimacy move; people turn violent, stop, follow leaders, flee or go home."""
    q, moment, tick = p[0], moment_key(run_key, situation[0]["tick"]), situation[0]["tick"]
    anger_kept, fear_kept = exp(-minutes / q["anger_fading_min"]), exp(-minutes / q["fear_fading_min"])
    tiring_kept, resting_kept = exp(-minutes / q["tiring_min"]), exp(-minutes / q["resting_min"])
    theta, contagion = q["theta_spiral"] * q["spiral_unit"], q["contagion_per_min"] * situation[0]["volatility"]
    departing, acting = departing_per_min(situation, q), situation[0]["prepared_acting"]
    departing_odds, follow_odds = chance_within(departing, minutes), chance_within(q["following_per_min"], minutes)
    rise_odds = chance_within(q["getting_up_per_min"], minutes)
    for i in range(people.shape[0]):
        conduct = people[i]["conduct"]
        if not on_site(conduct):
            continue
        cell, cluster = people[i]["cell"], people[i]["cluster"]
        key = entity_key(moment, people[i]["id"])
        present, violent = max(view[Seen.PRESENT, cell], 1), float(view[Seen.VIOLENT, cell])
        anger_before = people[i]["anger"]
        felt = provocation[cell] + cluster_provocation[cluster] + q["special_police_provocation"] * view[Seen.SPECIAL, cell] * minutes
        felt *= situation[0]["volatility"]
        people[i]["anger"] = anger_after(anger_before, anger_kept, felt, violent / present, theta, contagion, minutes)
        pushed = counts[Seen.PUSHING, cell] / FIXED_POINT
        hurt, detained = counts[Seen.HURT_NOW, cell], view[Seen.DETAINED_NOW, cell]
        people[i]["fear"] = fear_after(people[i]["fear"], fear_kept, frightening(pushed, agents[cell], hurt, detained, q, minutes))
        if not situation[0]["exits_open"]:
            people[i]["anger"] = cornered_anger(people[i]["anger"], people[i]["fear"], q["blocked_exit_anger"], minutes)
        if cluster_detained[cluster] > 0 or detained > 0:
            tie = q["cluster_tie"] if cluster_detained[cluster] > 0 else q["stranger_tie"]
            people[i]["certainty"] = certainty_after(people[i]["certainty"], q["learning_rate"], tie, 1.0)
        forced = provocation[cell] if pushed > 0.0 or agents[cell] > 0.0 else 0.0
        lost, police = q["legitimacy_lost_to_force"], view[Seen.KP, cell]
        legitimacy = faced_legitimacy(people[i], view[Seen.KFOR, cell], police, view[Seen.EULEX, cell], forced, lost)
        agitated = agitation(people[i]["grievance"], legitimacy, (anger_before + people[i]["anger"]) / 2.0)
        responders, threat = float(view[Seen.DETAINERS, cell]), view[Seen.THREAT, cell] / FIXED_POINT
        reckoned = 1.0 - situation[0]["unpunished"]
        risk = expected_cost(people[i]["risk_aversion"], people[i]["certainty"], responders, threat, violent, q) * reckoned
        people[i]["spent"] = spent_after(people[i]["spent"], conduct == Conduct.VIOLENT, tiring_kept, resting_kept)
        threshold = held_threshold(people[i]["threshold"], conduct, situation[0]["restraint"], people[i]["spent"], q)
        kind, first, second, third, odds, drawn = turning(key, conduct, people[i]["role"], agitated, risk, threshold, acting, q, minutes)
        if kind < 0:
            kind, first, second, third, odds, drawn = going(key, conduct, people[i], departing, departing_odds, q, minutes)
        if kind >= 0:
            people[i]["conduct"] = CONDUCT_AFTER[kind]
            people[i]["was_violent"] = people[i]["was_violent"] or kind == Incident.TURNED_VIOLENT
            note(incidents, count, tick, kind, people[i]["id"], 0, cell, Side.PROTESTERS, 0, 0, first, second, third, odds, drawn)
        else:
            people[i]["conduct"] = following(key, conduct, people[i]["role"], situation[0]["aim"], pushed > 0.0, follow_odds, rise_odds)


@rule
def frightening(pushed: float, agent: float, hurt: int, detained: int, q: np.void, minutes: float) -> float:
    """Return what a person has seen that frightens: force and agents where he stands, people hurt there, detentions in view."""
    seen = (q["fear_of_force"] * pushed + q["fear_of_agents"] * agent) * minutes
    return seen + (q["fear_of_injury_seen"] * hurt + q["fear_of_detention_seen"] * detained)


@rule
def faced_legitimacy(person: np.void, kfor: int, kp: int, eulex: int, forced: float, lost: float) -> float:
    """Return the legitimacy, to this person, of the force that faces him: the one with most people in view.

    Force that reaches him (*forced*, as provocation felt) costs that force a part of it.
    """
    if kp > kfor and kp >= eulex:
        person["legitimacy_kp"] = legitimacy_after(person["legitimacy_kp"], forced, lost)
        return person["legitimacy_kp"]
    if eulex > kfor:
        person["legitimacy_eulex"] = legitimacy_after(person["legitimacy_eulex"], forced, lost)
        return person["legitimacy_eulex"]
    person["legitimacy_kfor"] = legitimacy_after(person["legitimacy_kfor"], forced, lost)
    return person["legitimacy_kfor"]


@rule
def expected_cost(risk_aversion: float, certainty: float, responders: float, threat: float, violent: float, q: np.void) -> float:
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
def held_threshold(threshold: float, conduct: int, restraint: float, spent: float, q: np.void) -> float:
    """Return a person's threshold now: raised by leaders who hold people back, by sitting together, and by being spent."""
    held = threshold + q["leader_restraint"] * restraint + q["spent_weight"] * spent
    return held + q["seated_restraint"] if conduct == Conduct.SITTING else held


@rule
def turning(
    key: int, conduct: int, role: int, agitated: float, risk: float, threshold: float, prepared_acting: int, q: np.void, minutes: float
) -> Happening:
    """Return whether a person turns violent or stops, with factors, odds and draw; -1 for neither.

    A prepared group acts and stops on its leader's order; everybody else by the activation rule.
    """
    if conduct == Conduct.LEAVING or conduct == Conduct.FLEEING:
        return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
    violent = conduct == Conduct.VIOLENT
    if role == Role.PREPARED:
        if violent == (prepared_acting > 0):
            return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
        kind = Incident.STOPPED.value if violent else Incident.TURNED_VIOLENT.value
        return kind, agitated, risk, BY_ORDER, 1.0, 0.0
    width = q["activation_width"]
    if violent:
        odds = stopping_chance(agitated, risk, threshold, q["activation_hysteresis"], width, q["stopping_per_min"], minutes)
        drawn = uniform(key, Purpose.STOPPING)
        return Incident.STOPPED.value if drawn < odds else NOTHING, agitated, risk, threshold, odds, drawn
    odds = onset_chance(agitated, risk, threshold, width, q["onset_per_min"], minutes)
    drawn = uniform(key, Purpose.ONSET)
    return Incident.TURNED_VIOLENT.value if drawn < odds else NOTHING, agitated, risk, threshold, odds, drawn


@rule
def departing_per_min(situation: Rows, q: np.void) -> float:
    """Return the rate at which people go home now: tired, told to, or because it is dark or rains."""
    rate = q["fatigue_departing_per_min"]
    if situation[0]["going_home"]:
        rate += q["departing_per_min"]
    if situation[0]["dark"]:
        rate += q["dusk_departing_per_min"]
    if situation[0]["rain"]:
        rate += q["rain_departing_per_min"]
    return rate


@rule
def going(key: int, conduct: int, person: np.void, departing: float, departing_odds: float, q: np.void, minutes: float) -> Happening:
    """Return whether a person flees from fear or walks home, with factors, odds and draw; -1 for neither."""
    if conduct == Conduct.LEAVING or conduct == Conduct.FLEEING:
        return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
    nerve = q["fear_threshold"] + (q["hard_core_nerve"] if person["role"] == Role.HARD_CORE else 0.0)
    odds = leaving_chance(person["fear"], nerve, q["leaving_per_min"], minutes)
    if odds > 0.0:
        drawn = uniform(key, Purpose.DISPERSAL)
        if drawn < odds:
            return Incident.FLED.value, person["fear"], nerve, q["leaving_per_min"], odds, drawn
    if conduct == Conduct.VIOLENT:
        return NOTHING, 0.0, 0.0, 0.0, 0.0, 0.0
    drawn = uniform(key, Purpose.DEPARTURE)
    return Incident.WENT_HOME.value if drawn < departing_odds else NOTHING, departing, 0.0, 0.0, departing_odds, drawn


@rule
def following(key: int, conduct: int, role: int, aim: int, pushed_up: bool, follow_odds: float, rise_odds: float) -> int:
    """Return a person's conduct after the leaders' call to sit, stand or press; people under a push get up."""
    if conduct == Conduct.SITTING and pushed_up:
        return Conduct.STANDING.value if uniform(key, Purpose.GETS_UP) < rise_odds else conduct
    if conduct != Conduct.STANDING and conduct != Conduct.SITTING and conduct != Conduct.PRESSING:
        return conduct
    wanted = Conduct.SITTING.value if aim == Aim.SIT else (Conduct.PRESSING.value if aim == Aim.PRESS else Conduct.STANDING.value)
    watching = role == Role.BYSTANDER and wanted != Conduct.STANDING
    if conduct == wanted or watching or uniform(key, Purpose.FOLLOWS_LEADER) >= follow_odds:
        return conduct
    return wanted


@kernel
def arrive(people: Rows, tick: int) -> None:
    """People whose time has come appear at their gate (simultaneous)."""
    for i in range(people.shape[0]):
        if people[i]["conduct"] == Conduct.ABSENT and people[i]["arrival_tick"] <= tick:
            people[i]["conduct"] = Conduct.ASSEMBLING
            people[i]["cell"] = people[i]["gate"]
