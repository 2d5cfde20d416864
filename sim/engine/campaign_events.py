"""What happens in a week: a forced entry with its days of May, a riot, a blockade, a search, an armed probe, an armed seizure, sabotage.

A forced entry and an armed seizure are played out in full (:mod:`sim.engine.campaign_episodes`). A later riot and an armed probe are
adjudicated in one step, which is a reduction and is marked so in the record: people hurt by an exponential law about a declared
mean, an answer by each force with a declared chance times how far it reaches the local balance. A blockade is walked day by day.
"""

from __future__ import annotations

import math

from sim.deterrence.armed_choice import reach
from sim.deterrence.campaign_choice import answered_share, preparation_after, sabotage_chance
from sim.deterrence.campaign_response import bargain_chance
from sim.deterrence.licence import licence_after
from sim.doctrine.seat_orders import Organisation
from sim.engine.campaign_decisions import SEIZURE, at_first, forces_in_time, open_propensity, seen_by
from sim.engine.campaign_episodes import entry_values, played, seizure_values
from sim.engine.campaign_learning import Felt, feel, take_over
from sim.engine.campaign_state import Blockade, CampaignState, Challenge
from sim.foundations.arithmetic import log
from sim.foundations.chance import Purpose, draw, name_key

RIOT_HURT = 10.0
"""People hurt from which on a clash is a riot: step 2 of the escalation."""

ANSWERING = (Organisation.KFOR, Organisation.KOSOVO_POLICE)
"""Forces of which an answer is expected."""


def forced_entry(state: CampaignState) -> None:
    """Pristina enters: the days of May are played out, and what came of them is taken over."""
    entry = state.add("event", event="forced_entry")
    state.mark("entry", entry)
    state.tally.entries += 1
    episode = played(state, state.campaign.entry, entry_values(state), {}, _licence(state, {}), 0)
    told = dict(episode.outcomes)
    clash = state.add("episode", scenario=state.campaign.entry.name, cause=entry, digest=episode.digest, outcomes=_told(told))
    _count(state, told["hurt"], told["serious_or_fatal"], told["killed"])
    state.heat, state.police = 1.0, 1.0
    numbers = state.numbers
    own = told["protesters_hurt"]
    pretext = numbers["pretext_of_entry"] + numbers["pretext_of_own_hurt"] * own + numbers["pretext_of_casualty"] * told["killed"]
    state.pretext = min(state.pretext + pretext, 1.0)
    spent = told["licence_spent"]
    state.tally.licence_spent += spent
    state.licence["quint_nato"] = licence_after(state.licence["quint_nato"], -spent)
    state.licence["armed_group"] = licence_after(state.licence["armed_group"], numbers["licence_of_own_hurt"] * own)
    consequence = told["violent_facing_consequence"]
    feel(state, "local_serbs", Felt(numbers["grievance_of_entry"], own, told["protester_legitimacy_change"], consequence))
    own_forces = told["police_hurt"] + told.get("ksf_hurt", 0.0)
    feel(state, "local_albanians", Felt(0.0, own_forces, told["majority_confidence_change"]))
    if told["riot"] > 0.0:
        state.mark("clash", clash)
        state.tally.riot_weeks += 1
        state.happened["soldiers_hurt" if told["kfor_hurt"] >= numbers["reserve_trigger_hurt"] else "few_soldiers_hurt"] = clash
        denied = 0.5 * (told["line_held"] + told["vehicles_out"])
        share = answered_share(denied, consequence, numbers["consequence_that_counts"], numbers["answer_by_consequence"])
        state.challenges.append(Challenge("riot", numbers["evidence_of_riot"], dict.fromkeys(ANSWERING, share), clash))


def later_riot(state: CampaignState, cause: int, where: str) -> None:
    """A riot that is not played out: people hurt by an exponential law, an answer by each force that reaches the balance."""
    numbers = state.numbers
    hurt = _exponential(state, where, numbers["later_riot_hurt"])
    entry = state.add("event", event="riot", reduced=True, cause=cause, hurt=hurt)
    _count(state, hurt, numbers["later_riot_serious"] * hurt, 0.0)
    state.tally.riot_weeks += 1
    state.heat = 1.0
    answered = _answers(state, where, numbers["crowd_hard_core"], numbers["crowd_balance"])
    own = 0.5 * hurt
    state.pretext = min(state.pretext + numbers["pretext_of_own_hurt"] * own, 1.0)
    feel(state, "local_serbs", Felt(hurt=own))
    feel(state, "local_albanians", Felt(hurt=hurt - own))
    if hurt >= RIOT_HURT:
        state.mark("clash", entry)
    state.challenges.append(Challenge("riot", numbers["evidence_of_riot"], answered, entry))


def begin_blockade(state: CampaignState) -> None:
    """A blockade is put up; while it stands no second one is."""
    if state.blockade is None:
        entry = state.add("event", event="blockade")
        state.blockade = Blockade(state.week, cause=entry)
        state.tally.blockades.append(state.blockade)


def run_blockade(state: CampaignState) -> None:
    """A blockade stands day by day until it ends by bargain or is removed; violence may come of it untouched."""
    blockade = state.blockade
    if blockade is None:
        return
    numbers = state.numbers
    factor = numbers["mediation_factor"] if blockade.days >= 1 else 1.0
    for day in range(7):
        blockade.days += 1
        tick = 7 * state.week + day
        if draw(state.run_key, tick, name_key("removal"), Purpose.CAMPAIGN_REMOVAL) < numbers["removal_a_day"]:
            _removed(state, blockade, tick)
            return
        chance = bargain_chance(numbers["bargain_rise"], float(blockade.days), factor)
        if draw(state.run_key, tick, name_key("bargain"), Purpose.CAMPAIGN_BARGAIN) < chance:
            _ended(state, blockade, "bargain", 0.0)
            return
    share = draw(state.run_key, blockade.began_week, name_key("blockade"), Purpose.CAMPAIGN_BLOCKADE_VIOLENCE)
    if share < numbers["blockade_violence"] and blockade.began_week == state.week:
        later_riot(state, blockade.cause, "blockade")


def _removed(state: CampaignState, blockade: Blockade, tick: int) -> None:
    """A force clears a blockade: it may cost a life, and those who stood there are hurt as in a riot."""
    share = draw(state.run_key, tick, name_key("removal kills"), Purpose.CAMPAIGN_REMOVAL_KILLS)
    blockade.removed = True
    if share < state.numbers["removal_fatal"]:
        blockade.killed += 1.0
        _count(state, 1.0, 1.0, 1.0)
        state.pretext = min(state.pretext + state.numbers["pretext_of_casualty"], 1.0)
    later_riot(state, blockade.cause, "removal")
    _ended(state, blockade, "removed by force", 1.0)


def _ended(state: CampaignState, blockade: Blockade, how: str, answered: float) -> None:
    entry = state.add("event", event="blockade_ends", how=how, cause=blockade.cause, days=blockade.days)
    weight = state.numbers["evidence_of_blockade"]
    state.challenges.append(Challenge("blockade", weight, dict.fromkeys(ANSWERING, answered), entry))
    blockade.standing = False
    state.blockade = None


def prepare(state: CampaignState) -> None:
    """The armed group prepares as far as it is licensed; a search, where there is one, may find a part of it."""
    numbers = state.numbers
    effort = numbers.get("search_effort", 0.0)
    found = 0.0
    if effort > 0.0:
        state.tally.searches += 1
        share = draw(state.run_key, state.week, name_key("search"), Purpose.CAMPAIGN_SEARCH)
        feel(state, "local_serbs", Felt(grievance=numbers["search_grievance"] * effort))
        if share < numbers["search_hit_chance"] * effort and state.prepared > 0.0:
            found = numbers["prep_found_share"]
            state.tally.finds += 1
            state.add("event", event="arms_found", draw=round(share, 5), share=found)
    state.prepared = preparation_after(state.prepared, numbers["prep_a_week"], state.licence["armed_group"], found)


def armed_probe(state: CampaignState) -> None:
    """An armed probe, not played out: a few are hurt, and each force that reaches the balance may answer."""
    numbers = state.numbers
    hurt = _exponential(state, "probe", numbers["probe_hurt"])
    entry = state.add("event", event="armed_probe", reduced=True, hurt=hurt)
    state.tally.attempts.append((state.week, "probe", round(numbers["probe_fighters"])))
    state.mark("attempt", entry)
    state.mark("armed_attack", entry)
    _count(state, hurt, numbers["probe_serious"] * hurt, 0.0)
    state.prepared = max(state.prepared - numbers["prep_for_probe"], 0.0)
    answered = _answers(state, "probe", numbers["probe_fighters"], numbers["balance_needed"])
    state.challenges.append(Challenge("armed_probe", numbers["evidence_of_probe"], answered, entry))


def armed_seizure(state: CampaignState, choice: str) -> None:
    """An armed seizure is played out; where the group turns back before the road is blocked there was no attempt."""
    scale = choice.removeprefix(SEIZURE)
    earlier = sum(kind == "seizure" for _, kind, _ in state.tally.attempts) + state.tally.called_off
    start = sum(forces_in_time_at_first(state).values())
    expected = state.numbers["expected_responders"] + sum(forces_in_time(state).values()) - start
    values = seizure_values(state, max(expected, 0.0))
    own = {"belgrade": state.licence["armed_group"]}
    switches = {f"switch.{state.campaign.file.scales[scale]}": scale}
    episode = played(state, state.campaign.seizure, values, switches, _licence(state, own, state.campaign.seizure.name), earlier)
    told = dict(episode.outcomes)
    entry = state.add("episode", scenario=state.campaign.seizure.name, fighters=int(scale), digest=episode.digest, outcomes=_told(told))
    _count(state, told["hurt"], told["serious_or_fatal"], told["killed"])
    if "block" not in episode.happened:
        state.tally.called_off += 1
        return
    state.tally.attempts.append((state.week, "seizure", int(scale)))
    state.mark("attempt", entry)
    state.prepared *= 1.0 - state.numbers["prep_lost_in_attack"]
    if "contact" in episode.happened:
        state.mark("armed_attack", entry)
    take_over(state, episode.learnt)
    killed = told["attackers_killed"]
    state.pretext = min(state.pretext + state.numbers["pretext_of_casualty"] * killed, 1.0)
    spent = told["licence_spent"]
    state.tally.licence_spent += spent
    state.licence["quint_nato"] = licence_after(state.licence["quint_nato"], -spent)
    feel(state, "local_serbs", Felt(grievance=told["local_grievance_change"], hurt=told["civilians_hurt"]))
    feel(state, "local_albanians", Felt(hurt=told["officers_hurt"], trust=told["majority_confidence_change"]))


def sabotage(state: CampaignState) -> None:
    """Covert sabotage, a draw of its own: its usual chance, and a share of the open propensity that denial has removed."""
    view = seen_by(state, "armed_group", state.licence["armed_group"])
    removed = max(open_propensity(state, at_first(state, view)) - open_propensity(state, view), 0.0)
    chance = sabotage_chance(state.numbers["sabotage_a_week"], state.numbers["displacement"], removed)
    share = draw(state.run_key, state.week, name_key("sabotage"), Purpose.CAMPAIGN_SABOTAGE)
    if share < chance:
        state.tally.sabotage += 1
        state.add("event", event="sabotage", chance=round(chance, 5), removed_by_denial=round(removed, 5), draw=round(share, 5))


def forces_in_time_at_first(state: CampaignState) -> dict[Organisation, float]:
    """Return how many of each force could be there in time in the first week: what the seizure's scenario takes for granted."""
    return dict(at_first(state, seen_by(state, "armed_group", 1.0)).forces)


def _answers(state: CampaignState, where: str, against: float, balance: float) -> dict[Organisation, float]:
    """Return who answered a challenge that is not played out: 1 or 0 each, drawn."""
    forces = forces_in_time(state)
    chance = {force: state.numbers["later_answer"] * reach(forces[force], against, balance) for force in ANSWERING}
    return {force: float(_answer_draw(state, where, force) < chance[force]) for force in ANSWERING}


def _answer_draw(state: CampaignState, where: str, force: Organisation) -> float:
    return draw(state.run_key, 7 * state.week, name_key(where, force), Purpose.CAMPAIGN_ANSWERED)


def _exponential(state: CampaignState, where: str, mean: float) -> float:
    share = draw(state.run_key, state.week, name_key(where), Purpose.CAMPAIGN_HURT)
    return float(math.floor(-mean * log(1.0 - share)))


def _licence(state: CampaignState, own: dict[str, float], scenario: str = "") -> dict[str, float]:
    """Return governments' licence as an episode is given it: the scenario's own, moved as far as the campaign's has moved."""
    known = state.campaign.episodes[scenario or state.campaign.entry.name].framework.command.governments
    moved = {item.id: state.licence[item.id] - state.licence_rest[item.id] for item in known if item.id in state.licence}
    changed = {item.id: licence_after(item.licence.value, moved[item.id]) for item in known if abs(moved.get(item.id, 0.0)) > 1e-9}
    return changed | own


def _count(state: CampaignState, hurt: float, serious: float, killed: float) -> None:
    state.tally.hurt += hurt
    state.tally.serious += serious
    state.tally.killed += killed


def _told(outcomes: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in outcomes.items()}
