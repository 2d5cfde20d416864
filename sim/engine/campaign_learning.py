"""What a week teaches: audiences learn of resolve from challenges, communities are aggrieved, and all of it fades with time.

Two channels, each of which can be frozen (``switch.links``): *beliefs* (evidence about resolve), and *grievance* (grievance,
intransigence, trust in KFOR, perceived certainty). Frozen, a channel stays as it was before the first week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.deterrence.beliefs import evidence_after, intransigent
from sim.deterrence.campaign_choice import faded
from sim.deterrence.learning import certainty_after
from sim.doctrine.seat_orders import Organisation
from sim.engine.campaign_state import CampaignState
from sim.engine.consequences import NEAR, SEEN_FROM_AFAR
from sim.engine.operation import AUDIENCES, CLOSE

WEEK_DAYS = 7.0


@dataclass(frozen=True)
class Felt:
    """What an event did to a community: grievance, people hurt, change of trust, and a consequence seen (None: none to see)."""

    grievance: float = 0.0
    hurt: float = 0.0
    trust: float = 0.0
    consequence: float | None = None


def fade(state: CampaignState) -> None:
    """A week passes over what was learnt, felt, licensed and heated up."""
    numbers = state.numbers
    prior = state.prior()
    for bank in state.beliefs.values():
        bank.alpha = faded(bank.alpha, prior.alpha, WEEK_DAYS, numbers["belief_half_life_days"])
        bank.beta = faded(bank.beta, prior.beta, WEEK_DAYS, numbers["belief_half_life_days"])
    for name, community in state.communities.items():
        for part in ("grievance", "trust", "certainty", "intransigence"):
            rest = getattr(state.rest[name], part)
            setattr(community, part, faded(getattr(community, part), rest, WEEK_DAYS, numbers["grievance_half_life_days"]))
    for name, rest in state.licence_rest.items():
        state.licence[name] = faded(state.licence[name], rest, WEEK_DAYS, numbers["licence_half_life_days"])
    state.heat = faded(state.heat, 0.0, WEEK_DAYS, numbers["trigger_half_life_days"])


def feel(state: CampaignState, name: str, felt: Felt) -> None:
    """A community takes in what befell it; nothing where that channel is frozen."""
    if not state.grievance_linked:
        return
    numbers, community = state.numbers, state.communities[name]
    strength = numbers["omega_spiral"]
    added = felt.grievance + numbers["grievance_of_hurt"] * felt.hurt
    community.grievance = _share(community.grievance + strength * added)
    community.trust = _share(community.trust + felt.trust)
    size = min(numbers["intransigence_step"] * felt.hurt / numbers["hurt_for_one_excess"], 1.0)
    community.intransigence = intransigent(community.intransigence, size, min(strength, 1.0 / size if size > 0.0 else 1.0))
    if felt.consequence is not None:
        community.certainty = certainty_after(
            community.certainty, numbers["learning_rate"], numbers["certainty_seen_tie"], felt.consequence
        )


def learn_of_resolve(state: CampaignState) -> None:
    """Every audience learns from this week's challenges how far each force answered; nothing where that channel is frozen."""
    for challenge in state.challenges if state.beliefs_linked else ():
        for force, share in challenge.answered.items():
            for audience in AUDIENCES:
                weight = challenge.weight * (1.0 if audience in NEAR else SEEN_FROM_AFAR)
                _learn(state, audience, force, share, weight)
                for other in CLOSE[audience]:
                    _learn(state, other, force, share, weight * state.numbers["belief_spread"])
        state.add("learnt", of=challenge.kind, cause=challenge.entry, answered={str(k): round(v, 4) for k, v in challenge.answered.items()})
    state.challenges.clear()


def take_over(state: CampaignState, learnt: Mapping[tuple[str, Organisation], tuple[float, float]]) -> None:
    """Audiences take over what an episode that was played out taught them; nothing where that channel is frozen."""
    if state.beliefs_linked:
        for pair, (for_it, against) in learnt.items():
            state.beliefs[pair].alpha += for_it
            state.beliefs[pair].beta += against


def _learn(state: CampaignState, audience: str, force: Organisation, share: float, weight: float) -> None:
    bank, strength = state.beliefs[(audience, force)], state.numbers["omega_deterrence"]
    bank.alpha = evidence_after(bank.alpha, weight * share, strength)
    bank.beta = evidence_after(bank.beta, weight * (1.0 - share), strength)


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
