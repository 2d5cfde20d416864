"""Responses: what governments and headquarters do because of what happened, each entered with the event that caused it.

None is dated. NATO orders its reserve after soldiers were hurt, and reinforces after an armed attack; the Quint criticises an entry,
and measures follow a clash; Belgrade raises its army's readiness on a pretext, and withdraws its licence after an attack met in
public; a third party warns of a build-up. Escalation goes up and down day by day by the declared hazards.
"""

from __future__ import annotations

import math

from sim.deterrence.campaign_choice import faded
from sim.deterrence.escalation import EscalationStep, build_up_chance, calming_chance
from sim.deterrence.licence import licence_after
from sim.engine.campaign_state import CampaignState, Coming
from sim.foundations.chance import Purpose, draw, name_key

DAY_MIN = 1440.0
FOR_GOOD = 10_000
"""Weeks beyond the end of any campaign."""


def respond(state: CampaignState) -> None:
    """Governments and headquarters answer this week's events and what has been going on."""
    _quint_criticises(state)
    _nato_orders_reserve(state)
    _measures(state)
    _nato_reinforces(state)
    _belgrade_withdraws(state)
    _belgrade_raises_readiness(state)


def ease(state: CampaignState) -> None:
    """Pristina cuts its police at the buildings by a step, as was pressed for."""
    cause = state.happened["measures"] if state.measures else state.happened["entry"]
    state.police = max(state.police - state.numbers["easing_step"], 0.0)
    state.cuts += 1
    state.respond("police_cut", cause, police=round(state.police, 4))


def escalate(state: CampaignState) -> None:
    """Steps go up and down day by day; hours at each are counted; a third party may warn."""
    for day in range(7):
        state.pretext = faded(state.pretext, 0.0, 1.0, state.numbers["pretext_half_life_days"])
        _one_day(state, 7 * state.week + day)
        step = int(max(state.step, _floor(state)))
        state.tally.hours_at[step] = state.tally.hours_at.get(step, 0.0) + 24.0


def arrive(state: CampaignState) -> None:
    """People under order arrive, or leave again."""
    for item in state.coming:
        if item.week == state.week:
            state.respond("arrival", item.cause, people=round(item.people))
        elif item.until == state.week:
            state.respond("departure", item.cause, people=round(item.people))


def _quint_criticises(state: CampaignState) -> None:
    if "entry" in state.happened and state.mark("criticised", state.happened["entry"]):
        state.respond("quint_criticises", state.happened["entry"])


def _nato_orders_reserve(state: CampaignState) -> None:
    cause = state.happened.get("soldiers_hurt")
    if cause is None or not state.mark("reserve", cause):
        return
    numbers = state.numbers
    week = state.week + math.ceil(_days_until_arrival(state, "reserve") / 7.0)
    until = week + math.ceil(numbers["reserve_stays_days"] / 7.0)
    order = state.respond("reserve_ordered", cause, people=round(numbers["reserve_persons"]))
    state.coming.append(Coming(numbers["reserve_persons"], week, until, order))


def _measures(state: CampaignState) -> None:
    if "clash" not in state.happened or "entry" not in state.happened or state.measures:
        return
    waited = 7.0 * (state.week - state.happened_week["clash"])
    if waited >= state.numbers["measures_after_days"] and state.police > 0.5:
        state.measures = True
        state.mark("measures", state.respond("measures_in_force", state.happened["clash"]))


def _nato_reinforces(state: CampaignState) -> None:
    cause = state.happened.get("armed_attack")
    if cause is None or not state.mark("reinforcement", cause):
        return
    numbers = state.numbers
    days = numbers["decision_days"] + _days_until_arrival(state, "reinforcement")
    order = state.respond("reinforcement_ordered", cause, people=round(numbers["reinforcement_persons"]))
    week = state.week + math.ceil(days / 7.0)
    state.coming.append(Coming(numbers["reinforcement_persons"], week, FOR_GOOD, order, presence=True))


def _days_until_arrival(state: CampaignState, what: str) -> float:
    low, high = state.numbers["reinforcement_days_low"], state.numbers["reinforcement_days_high"]
    share = draw(state.run_key, state.week, name_key(what), Purpose.CAMPAIGN_ARRIVAL)
    return low + share * max(high - low, 0.0)


def _belgrade_withdraws(state: CampaignState) -> None:
    cause = state.happened.get("armed_attack")
    if cause is None or not state.mark("licence_withdrawn", cause):
        return
    taken = state.numbers["licence_withdrawn"] * state.licence["armed_group"]
    state.licence["armed_group"] = licence_after(state.licence["armed_group"], -taken)
    state.licence_rest["armed_group"] = state.licence["armed_group"]
    state.respond("licence_withdrawn", cause, licence=round(state.licence["armed_group"], 4))


def _belgrade_raises_readiness(state: CampaignState) -> None:
    """Army readiness goes up where what happened this week gives pretext enough."""
    new = [entry for entry in state.record.entries if entry["tick"] == state.week and entry["kind"] in ("event", "episode")]
    if state.step < EscalationStep.ARMY_READINESS and new and state.pretext >= state.numbers["readiness_trigger"]:
        state.step = EscalationStep.ARMY_READINESS
        state.step_cause = int(new[-1]["number"])
        state.respond("army_readiness", state.step_cause, pretext=round(state.pretext, 4))


def _floor(state: CampaignState) -> EscalationStep:
    """Return the step that this week's events make by themselves."""
    kinds = [entry for entry in state.record.entries if entry["tick"] == state.week]
    if any(entry["number"] == state.happened.get("armed_attack") for entry in kinds) or _killed(kinds):
        return EscalationStep.ARMED_ATTACK
    if any(entry.get("event") in ("riot", "forced_entry") for entry in kinds):
        return EscalationStep.CLASH
    return EscalationStep.BLOCKADE if state.blockade is not None else EscalationStep.ROUTINE


def _killed(entries: list[dict[str, object]]) -> bool:
    return any(isinstance(told := entry.get("outcomes"), dict) and told.get("killed", 0.0) > 0.0 for entry in entries)


def _one_day(state: CampaignState, tick: int) -> None:
    numbers = state.numbers
    share = draw(state.run_key, tick, name_key("campaign build-up"), Purpose.CAMPAIGN_BUILD_UP)
    down = calming_chance(numbers["calming_per_hour"], DAY_MIN, state.pretext)
    if state.step is EscalationStep.ARMY_READINESS:
        up = build_up_chance(
            numbers["build_up_per_hour"], DAY_MIN, state.pretext, state.warned, numbers["warning_lowers"], False, numbers["channel_lowers"]
        )
        if share < up:
            state.step = EscalationStep.BUILD_UP
            state.respond("build_up", state.step_cause, pretext=round(state.pretext, 4), draw=round(share, 5))
        elif share >= 1.0 - down:
            state.step = EscalationStep.ROUTINE
            state.respond("readiness_lowered", state.step_cause, draw=round(share, 5))
    elif state.step is EscalationStep.BUILD_UP:
        state.days_at_build_up += 1
        if not state.warned and state.days_at_build_up >= numbers["warning_after_days"]:
            state.warned = True
            state.respond("third_party_warning", state.step_cause, days=state.days_at_build_up)
        kept = down + (1.0 - down) * (numbers["warning_lowers"] if state.warned else 0.0)
        if share < kept:
            state.step = EscalationStep.ARMY_READINESS
            state.respond("build_up_lowered", state.step_cause, draw=round(share, 5))
