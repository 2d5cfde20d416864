"""A campaign: weeks that follow one another, in one declared order of play, from the first day to the last.

A week is the unit: leaders decide once in it, and what it leaves is what the next one begins with. The days of May and the night of
September are played out tick by tick inside their week. A run is fixed by the campaign, its settings and the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.doctrine.campaign_transition import response_gap
from sim.engine import campaign_events as events
from sim.engine import campaign_responses as responses
from sim.engine.campaign_decisions import (
    EASE,
    ENTER,
    OBSTRUCT,
    PROBE,
    PROTEST,
    RIOT,
    SEIZURE,
    crowd_decides,
    forces_in_time,
    leader_decides,
    pristina_decides,
    transition_goes_on,
)
from sim.engine.campaign_learning import fade, learn_of_resolve
from sim.engine.campaign_outcomes import outcomes_of_campaign
from sim.engine.campaign_state import CampaignState, new_campaign_state
from sim.engine.run import LARGEST_SEED
from sim.foundations.errors import input_error
from sim.scenario.campaign_files import Campaign


@dataclass(frozen=True)
class FinishedCampaign:
    """What a campaign's run leaves: its last state with the record, outcomes, and a digest that identical runs share."""

    state: CampaignState
    outcomes: dict[str, float]
    digest: str


@dataclass(frozen=True)
class CampaignStep:
    """One step of a week."""

    name: str
    why_here: str
    play: Callable[[CampaignState], None]


def _calendar(state: CampaignState) -> None:
    campaign = state.campaign
    state.numbers = campaign.parameters_on(state.day)
    for item in campaign.file.exogenous:
        if (item.date - campaign.file.start).days // 7 == state.week:
            state.add("exogenous", event=item.event, text=item.text)
    for dated in campaign.dated:
        if (dated.since - campaign.file.start).days // 7 == state.week:
            state.add("in_force", setting=dated.name, value=str(dated.value))
    transition_goes_on(state)
    responses.arrive(state)


def _pristina(state: CampaignState) -> None:
    choice = pristina_decides(state)
    if choice == ENTER:
        events.forced_entry(state)
    elif choice == EASE:
        responses.ease(state)


def _crowds(state: CampaignState) -> None:
    if state.happened_week.get("entry") == state.week:
        return
    choice = crowd_decides(state)
    if choice == PROTEST:
        state.tally.protest_weeks += 1
    elif choice == OBSTRUCT:
        events.begin_blockade(state)
    elif choice == RIOT:
        events.later_riot(state, state.add("event", event="crowd_gathers"), "street")


def _armed_group(state: CampaignState) -> None:
    if state.day < state.campaign.file.prepared_from.date:
        return
    events.prepare(state)
    choice = leader_decides(state)
    if choice == PROBE:
        events.armed_probe(state)
    elif choice.startswith(SEIZURE):
        events.armed_seizure(state, choice)
    events.sabotage(state)


def _week_ends(state: CampaignState) -> None:
    forces = forces_in_time(state)
    total = sum(forces.values())
    gap = response_gap(total, state.numbers["responders_needed"])
    quarter = f"{state.day.year}Q{(state.day.month - 1) // 3 + 1}"
    state.tally.gaps.setdefault(quarter, []).append(gap)
    state.tally.force_days += 7.0 * next(iter(forces.values()))
    communities = {
        name: {part: round(value, 4) for part, value in vars(community).items()} for name, community in state.communities.items()
    }
    state.add(
        "week",
        in_time={str(force): round(people, 1) for force, people in forces.items()},
        response_gap=round(gap, 4),
        prepared=round(state.prepared, 4),
        police=round(state.police, 4),
        heat=round(state.heat, 4),
        pretext=round(state.pretext, 4),
        step=int(state.step),
        licence={name: round(value, 4) for name, value in state.licence.items()},
        communities=communities,
        resolve={f"{who}/{of}": round(bank.alpha / (bank.alpha + bank.beta), 4) for (who, of), bank in state.beliefs.items()},
    )


CAMPAIGN_ORDER: tuple[CampaignStep, ...] = (
    CampaignStep("calendar", "what was fixed beforehand, or ordered earlier, is there before anybody decides", _calendar),
    CampaignStep("fading", "leaders go by what is left of what they learnt, not by what it was", fade),
    CampaignStep("Pristina", "an entry is what crowds of this week answer", _pristina),
    CampaignStep("crowds", "they answer what stands in front of them; in the week of an entry its days are played out instead", _crowds),
    CampaignStep("blockades", "what was put up this week stands from this week on", events.run_blockade),
    CampaignStep("armed group", "its leader has seen the week's crowds, and acts on its own timing", _armed_group),
    CampaignStep("responses", "governments answer what has happened, never what has not", responses.respond),
    CampaignStep("escalation", "day by day, after what governments ordered", responses.escalate),
    CampaignStep("learning", "whether a challenge was answered can be said only when the week is over", learn_of_resolve),
    CampaignStep("record", "the week is entered as it ended", _week_ends),
)
"""The order of play of a week, with the reason for each place."""


def play_campaign(campaign: Campaign, seed: int) -> FinishedCampaign:
    """Play a campaign to its end and return what it leaves; InputError for an impossible seed."""
    if not 0 <= seed <= LARGEST_SEED:
        raise input_error("--seed", f"{seed} lies outside 0 to {LARGEST_SEED}", "give a whole number from 0 up")
    state = new_campaign_state(campaign, seed)
    for week in range(campaign.weeks):
        state.week = week
        for step in CAMPAIGN_ORDER:
            step.play(state)
    return FinishedCampaign(state, outcomes_of_campaign(state), state.record.digest())
