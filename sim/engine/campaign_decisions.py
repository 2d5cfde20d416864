"""Who decides in a week of a campaign, and why not otherwise: the armed leader, the crowd's leaders, and Pristina.

Each weighs its options from what it believes, and takes one by a logit choice with a declared precision and one draw. The
ledger keeps options, worths, odds, the draw, and for each option not taken the one thing without which it would have been worth more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.deterrence.armed_choice import choice_weight, chosen, launch_worth, met_chance, reach
from sim.deterrence.beliefs import pays, resolve
from sim.deterrence.campaign_choice import heat, preparation_needed, seizure_worth, some_force_answers, worth_of_peace
from sim.deterrence.campaign_response import easing_is_worth, entry_is_worth, people_in_time
from sim.doctrine.campaign_transition import ACCESS_COUNTS, grown, kept_at_the_front, ksf_in_time
from sim.doctrine.seat_orders import Organisation
from sim.engine.campaign_state import CampaignState, Transition, transition_at_first
from sim.engine.operation import FORCES, Bank
from sim.foundations.chance import Purpose, draw, name_key

STAND_DOWN, PROTEST, OBSTRUCT, RIOT, PROBE = "stand_down", "protest", "obstruct", "riot", "armed_probe"
ENTER, DEFER, HOLD, EASE = "enter", "defer", "hold", "ease"
SEIZURE = "seizure_"

type Forces = Mapping[Organisation, float]


@dataclass(frozen=True)
class View:
    """What a leader goes by: how each force's resolve looks to it, who could be there in time, licence, grievance, peace's worth."""

    resolve: Mapping[Organisation, float]
    forces: Forces
    licence: float
    grievance: float
    intransigence: float
    denial: float
    consequence: float


REMOVED: Mapping[str, Callable[[View], View]] = {
    "expected denial": lambda view: replace(view, denial=0.0),
    "expected consequence": lambda view: replace(view, consequence=0.0),
    "want of licence": lambda view: replace(view, licence=1.0),
    "want of grievance": lambda view: replace(view, grievance=1.0),
}
"""Reasons against an option, and what a view would be without each."""


def forces_in_time(state: CampaignState) -> dict[Organisation, float]:
    """Return how many of each force could be there in time this week."""
    numbers, now = state.numbers, state.transition
    effort = numbers["ksf_training_effort"]
    here = [item for item in state.coming if item.week <= state.week < item.until]
    near = numbers["presence_before"] * (numbers["presence_after_factor"] if any(item.presence for item in here) else 1.0)
    kept = kept_at_the_front(now.handed_over, effort * numbers["trainers_away"])
    added = sum(item.people for item in here)
    kfor = people_in_time(numbers["kfor_persons"], numbers["surge_share"], added, min(near, 1.0)) * kept
    share = ACCESS_COUNTS[ksf_access(state)] * now.together
    ksf = ksf_in_time(numbers["ksf_persons_north"], now.quality, now.mobility, share, effort * numbers["training_away"])
    return {Organisation.KFOR: kfor, Organisation.KOSOVO_POLICE: numbers["expected_responders"], Organisation.KSF: ksf}


def ksf_access(state: CampaignState) -> str:
    """Return KSF's access to the North this week: the mandate's, or what is set."""
    handed = state.campaign.handed_on_by(state.day)
    return handed.get("mandate.ksf_access", str(state.campaign.seizure.framework.mandate.ksf.access))


def answers(view: View, against: float, balance: float) -> float:
    """Return the chance that some force answers so many people, as the leader sees it."""
    each = [met_chance(view.resolve[force], reach(view.forces[force], against, balance), view.denial) for force in FORCES]
    return some_force_answers(each[0], each[1], each[2])


def seen_by(state: CampaignState, audience: str, licence: float) -> View:
    """Return what an audience goes by this week."""
    serbs = state.communities["local_serbs"]
    return View(
        resolve={force: _resolve(state.beliefs[(audience, force)]) for force in FORCES},
        forces=forces_in_time(state),
        licence=licence,
        grievance=max(serbs.grievance - state.rest["local_serbs"].grievance, 0.0),
        intransigence=serbs.intransigence,
        denial=state.numbers["denial_weight"],
        consequence=state.numbers["consequence_weight"],
    )


def _resolve(bank: Bank) -> float:
    return resolve(bank.alpha, bank.beta)


def leader_worths(state: CampaignState, view: View) -> dict[str, float]:
    """Return what each option that is open this week is worth to the armed leader."""
    numbers = state.numbers
    worths = {STAND_DOWN: worth_of_peace(numbers["leader_peace_worth"], numbers["intransigence_weight"], view.intransigence)}
    balance = numbers["balance_needed"]
    if state.prepared >= numbers["prep_for_probe"]:
        met = answers(view, numbers["probe_fighters"], balance)
        worths[PROBE] = launch_worth(
            met, view.licence, numbers["probe_worth"], numbers["probe_loss"], numbers["launch_cost"], view.consequence
        )
    for scale in state.campaign.file.scales:
        fighters = float(scale)
        if state.prepared >= preparation_needed(fighters, numbers["prep_a_fighter"]):
            size = seizure_worth(fighters, numbers["scale_worth"], 0.0, 0.0)
            gain = seizure_worth(fighters, numbers["scale_worth"], view.grievance, numbers["grievance_backing"])
            met = answers(view, fighters, balance)
            loss, cost = size * numbers["launch_loss"], size * numbers["launch_cost"]
            worths[SEIZURE + scale] = launch_worth(met, view.licence, gain, loss, cost, view.consequence)
    return worths


def crowd_worths(state: CampaignState, view: View) -> dict[str, float]:
    """Return what each option is worth to the crowd's leaders this week."""
    numbers = state.numbers
    serbs = state.communities["local_serbs"]
    unwelcome = numbers["ksf_presence_heat"] * (1.0 - numbers["ksf_acceptance"]) if view.forces[Organisation.KSF] > 0.0 else 0.0
    access = ACCESS_COUNTS[ksf_access(state)]
    level = max(state.heat, numbers["standing_police_heat"] * state.police, unwelcome * access)
    moved = heat(serbs.grievance, numbers["standing_heat"], level)
    met = answers(view, numbers["crowd_hard_core"], numbers["crowd_balance"])
    loss = -numbers["crowd_loss"] * view.consequence
    return {
        STAND_DOWN: worth_of_peace(numbers["crowd_peace_worth"], numbers["intransigence_weight"], view.intransigence),
        PROTEST: numbers["protest_worth"] * moved - numbers["protest_cost"],
        OBSTRUCT: pays(met, numbers["obstruct_worth"] * moved, 0.5 * loss, numbers["obstruct_cost"]),
        RIOT: pays(met, numbers["riot_worth"] * moved, loss, numbers["riot_cost"]),
    }


def odds_of(worths: Mapping[str, float], precision: float) -> dict[str, float]:
    """Return the chance with which each option is taken."""
    best = max(worths.values())
    weights = {name: choice_weight(worth, best, precision) for name, worth in worths.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def open_propensity(state: CampaignState, view: View) -> float:
    """Return the chance that the armed leader does not stand down this week."""
    return 1.0 - odds_of(leader_worths(state, view), state.numbers["choice_precision"])[STAND_DOWN]


def at_first(state: CampaignState, view: View) -> View:
    """Return a view with the resolve and the forces of the first week: what denial is measured against."""
    start = state.campaign.parameters_on(state.campaign.file.start)
    first = replace(state, week=0, coming=[], numbers=start, transition=transition_at_first(start))
    return replace(view, resolve=dict.fromkeys(FORCES, _resolve(state.prior())), forces=forces_in_time(first))


def transition_goes_on(state: CampaignState) -> None:
    """A week of transition: KSF grows by what is in force, and KFOR hands over as it is scheduled."""
    numbers, now = state.numbers, state.transition
    effort = numbers["ksf_training_effort"]
    state.transition = Transition(
        quality=grown(now.quality, numbers["ksf_quality_a_year"] * (1.0 + numbers["ksf_trained_faster"] * effort), 7.0),
        mobility=grown(now.mobility, numbers["ksf_mobility_a_year"] * numbers["ksf_equipment_effort"], 7.0),
        together=grown(now.together, numbers["ksf_partnership_a_year"] * numbers["ksf_partnership_effort"], 7.0),
        handed_over=min(now.handed_over + numbers["kfor_hands_over_a_year"] * 7.0 / 365.0, 1.0),
    )


def leader_decides(state: CampaignState) -> str:
    """The armed leader decides whether, when (this week) and at what scale."""
    view = seen_by(state, "armed_group", state.licence["armed_group"])
    return _decided(state, "armed_leader", view, leader_worths, state.numbers["choice_precision"], _leader_draw(state))


def crowd_decides(state: CampaignState) -> str:
    """The crowd's leaders decide what this week brings."""
    view = seen_by(state, "local_serbs", state.licence["belgrade"])
    return _decided(state, "crowd_leaders", view, crowd_worths, state.numbers["crowd_choice_precision"], _crowd_draw(state))


def pristina_decides(state: CampaignState) -> str:
    """Pristina decides to enter or defer while its mayors wait, and to hold or ease once its police are in the buildings."""
    numbers = state.numbers
    pressed = state.advised + (numbers["measures_pressure"] if state.measures else 0.0)
    if "entry" not in state.happened:
        if state.week < numbers["weeks_to_office"] or _told_to_defer(state):
            return DEFER
        worths = {ENTER: entry_is_worth(numbers["entry_worth"], pressed, numbers["advice_weight"]), DEFER: 0.0}
    elif state.police > 0.0:
        worths = {EASE: easing_is_worth(numbers["advice_weight"], pressed, numbers["easing_face"], float(state.cuts)), HOLD: 0.0}
    else:
        return HOLD
    share = draw(state.run_key, state.week, name_key("pristina"), Purpose.CAMPAIGN_PRISTINA)
    return _entered(state, "pristina", worths, numbers["pristina_precision"], share, {"pressed": pressed}, {})


def _told_to_defer(state: CampaignState) -> bool:
    """Tell whether Pristina's seat plays a doctrine that never orders an entry."""
    handed = state.campaign.handed_on_by(state.day)
    return handed.get("seat.pristina") in state.campaign.file.deferring_doctrines


def _leader_draw(state: CampaignState) -> float:
    return draw(state.run_key, state.week, name_key("armed leader"), Purpose.CAMPAIGN_LEADER)


def _crowd_draw(state: CampaignState) -> float:
    return draw(state.run_key, state.week, name_key("crowd leaders"), Purpose.CAMPAIGN_CROWD)


def _decided(
    state: CampaignState,
    who: str,
    view: View,
    worths_of: Callable[[CampaignState, View], dict[str, float]],
    precision: float,
    share: float,
) -> str:
    worths = worths_of(state, view)
    names = list(worths)
    taken = names[chosen(tuple(worths.values()), precision, share)]
    reasons = {}
    for name in names:
        if name != taken:
            lifts = {reason: worths_of(state, without(view))[name] for reason, without in REMOVED.items()}
            best = max(lifts, key=lambda reason: lifts[reason])
            enough = lifts[best] > worths[taken]
            reasons[name] = "the lot fell otherwise" if worths[name] >= worths[taken] else (best if enough else "no single reason")
    beliefs = {f"resolve of {force}": round(value, 4) for force, value in view.resolve.items()}
    return _entered(state, who, worths, precision, share, beliefs | {"licence": view.licence, "prepared": state.prepared}, reasons)


def _entered(
    state: CampaignState,
    who: str,
    worths: Mapping[str, float],
    precision: float,
    share: float,
    beliefs: Mapping[str, float],
    reasons: Mapping[str, str],
) -> str:
    names = list(worths)
    taken = names[chosen(tuple(worths.values()), precision, share)]
    state.add(
        "decision",
        who=who,
        choice=taken,
        worths={name: round(worth, 5) for name, worth in worths.items()},
        odds={name: round(chance, 5) for name, chance in odds_of(worths, precision).items()},
        draw=round(share, 5),
        beliefs={name: round(value, 5) for name, value in beliefs.items()},
        not_taken=dict(reasons),
    )
    return taken
