"""Outcomes of a campaign: each with one definition, a unit and a direction; told for the whole campaign only.

An attempt is an armed probe, or an armed seizure whose group blocked the road; a seizure that turned back before is called off.
Weeks of what never happened count to the end of the campaign, so that "later" and "never" point the same way.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.deterrence.beliefs import resolve
from sim.doctrine.seat_orders import Organisation
from sim.engine.campaign_state import CampaignState
from sim.engine.outcomes import Outcome

type Measure = Callable[[CampaignState], float]

REPEAT_AFTER_WEEKS = 2
"""Weeks after an attempt from which on a further challenge counts as a repeat."""

GAP_QUARTERS = tuple(f"{year}Q{quarter}" for year in (2023, 2024, 2025, 2026) for quarter in (1, 2, 3, 4))[1:]
"""Quarters for which a response gap is told; 0 for one that is not played."""


def _hours_from(least: int) -> Measure:
    return lambda state: sum(hours for step, hours in state.tally.hours_at.items() if step >= least)


def _attempt(state: CampaignState) -> float:
    return float(bool(state.tally.attempts))


def _attempt_week(state: CampaignState) -> float:
    return float(state.tally.attempts[0][0]) if state.tally.attempts else float(state.campaign.weeks)


def _scale(state: CampaignState) -> float:
    return float(max((people for _, _, people in state.tally.attempts), default=0))


def _challenge(state: CampaignState) -> float:
    return float(state.tally.riot_weeks > 0 or bool(state.tally.attempts))


def _repeat(state: CampaignState) -> float:
    """Return 1 where after a first attempt a riot or a further attempt came, some weeks on; 0 where there was no first."""
    if not state.tally.attempts:
        return 0.0
    since = state.tally.attempts[0][0] + REPEAT_AFTER_WEEKS
    riots = [entry for entry in state.record.entries if entry.get("event") == "riot" and entry["tick"] >= since]
    return float(bool(riots) or any(week >= since for week, _, _ in state.tally.attempts))


def _trust_change(name: str) -> Measure:
    return lambda state: state.communities[name].trust - state.rest[name].trust


def _grievance_change(name: str) -> Measure:
    return lambda state: state.communities[name].grievance - state.rest[name].grievance


def _resolve(audience: str, force: Organisation) -> Measure:
    def measure(state: CampaignState) -> float:
        bank = state.beliefs[(audience, force)]
        return resolve(bank.alpha, bank.beta)

    return measure


def _untouched_days(state: CampaignState) -> float:
    days = [item.days for item in state.tally.blockades if not item.removed and not item.standing]
    return sum(days) / len(days) if days else 0.0


def _gap(quarter: str) -> Measure:
    return lambda state: _mean(state.tally.gaps.get(quarter, []))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _answered(kind: str) -> Measure:
    return lambda state: float(kind in state.tally.responses)


def _told(name: str, unit: str, better: str, meaning: str, measure: Measure, primary: bool = False) -> Outcome:
    return Outcome(name, unit, better, primary, meaning, measure, whole_run=True)


CAMPAIGN_OUTCOMES: tuple[Outcome, ...] = (
    _told("serious_or_fatal", "persons", "less", "hurt seriously or killed, all sides, all episodes", lambda s: s.tally.serious, True),
    _told("attempt", "0 or 1", "less", "whether an armed probe or more was made", _attempt, True),
    _told("overt_challenge", "0 or 1", "less", "whether there was a riot or more", _challenge, True),
    _told("hours_at_step_4", "h", "less", "hours at escalation step 4 (army readiness) or above", _hours_from(4), True),
    _told(
        "protester_legitimacy_change",
        "share",
        "more",
        "change of KFOR's legitimacy among local Serbs at the end",
        _trust_change("local_serbs"),
        True,
    ),
    _told(
        "majority_confidence_change",
        "share",
        "more",
        "change of local Albanians' confidence in KFOR at the end",
        _trust_change("local_albanians"),
        True,
    ),
    _told("licence_spent", "share", "less", "governments' licence spent by acting unasked", lambda s: s.tally.licence_spent, True),
    _told("attempt_week", "weeks", "more", "weeks until the first attempt; to the end where there was none", _attempt_week),
    _told("fighters_attempted", "persons", "less", "people in the largest attempt; 0 where there was none", _scale),
    _told("attempts", "times", "less", "armed probes and seizures", lambda s: float(len(s.tally.attempts))),
    _told("called_off", "times", "neutral", "seizures that turned back before the road was blocked", lambda s: float(s.tally.called_off)),
    _told("repeat", "0 or 1", "less", "whether a riot or an attempt followed a first attempt, two weeks on or later", _repeat),
    _told("sabotage", "times", "less", "acts of sabotage: where denied challenges may go", lambda s: float(s.tally.sabotage)),
    _told("hurt", "persons", "less", "hurt on all sides, all episodes", lambda s: s.tally.hurt),
    _told("killed", "persons", "less", "killed on all sides in episodes and blockades", lambda s: s.tally.killed),
    _told("riot_weeks", "weeks", "less", "weeks with a riot", lambda s: float(s.tally.riot_weeks)),
    _told("protest_weeks", "weeks", "neutral", "weeks with a protest and no more", lambda s: float(s.tally.protest_weeks)),
    _told("entries", "times", "neutral", "forced entries", lambda s: float(s.tally.entries)),
    _told("blockades", "times", "less", "blockades put up", lambda s: float(len(s.tally.blockades))),
    _told("blockade_days", "days", "less", "mean days of blockades that ended untouched; 0 where there was none", _untouched_days),
    _told(
        "blockade_deaths",
        "persons",
        "less",
        "killed in blockades that nobody removed",
        lambda s: sum(b.killed for b in s.tally.blockades if not b.removed),
    ),
    _told("hours_at_step_5", "h", "less", "hours at step 5 (build-up): exposure, not a chance of war", _hours_from(5)),
    _told("reserve_ordered", "0 or 1", "neutral", "whether NATO ordered its reserve", _answered("reserve_ordered")),
    _told("reinforced", "0 or 1", "neutral", "whether NATO reinforced KFOR", _answered("reinforcement_ordered")),
    _told("measures", "0 or 1", "neutral", "whether measures against Pristina came into force", _answered("measures_in_force")),
    _told("police_cuts", "times", "neutral", "cuts of the special police at the buildings", lambda s: float(s.cuts)),
    _told("arms_finds", "times", "more", "searches that found arms", lambda s: float(s.tally.finds)),
    _told("local_grievance_change", "share", "less", "change of local Serbs' grievance at the end", _grievance_change("local_serbs")),
    _told("intransigence", "share", "less", "local Serbs' intransigence at the end", lambda s: s.communities["local_serbs"].intransigence),
    _told(
        "resolve_of_kfor_seen_by_group",
        "share",
        "more",
        "KFOR's resolve as the armed group sees it at the end",
        _resolve("armed_group", Organisation.KFOR),
    ),
    _told("resolve_of_kfor_seen_by_serbs", "share", "neutral", "as local Serbs see it", _resolve("local_serbs", Organisation.KFOR)),
    _told(
        "resolve_of_kfor_seen_by_albanians", "share", "more", "as local Albanians see it", _resolve("local_albanians", Organisation.KFOR)
    ),
    _told(
        "resolve_of_police_seen_by_group",
        "share",
        "more",
        "the police's resolve as the armed group sees it",
        _resolve("armed_group", Organisation.KOSOVO_POLICE),
    ),
    _told("force_days", "person-days", "less", "KFOR people at the front in time, times days", lambda s: s.tally.force_days),
    _told(
        "response_gap",
        "share",
        "less",
        "mean share of the people needed in time who are not there",
        lambda s: _mean([g for gaps in s.tally.gaps.values() for g in gaps]),
    ),
    _told(
        "worst_response_gap",
        "share",
        "less",
        "that share in the worst quarter",
        lambda s: max((_mean(gaps) for gaps in s.tally.gaps.values()), default=0.0),
    ),
    *(
        _told(f"response_gap_{quarter}", "share", "less", f"that share in {quarter}; 0 where it is not played", _gap(quarter))
        for quarter in GAP_QUARTERS
    ),
)
"""What a campaign is judged by; primary outcomes are fixed before any run."""


def outcomes_of_campaign(state: CampaignState) -> dict[str, float]:
    """Return every outcome of a finished campaign."""
    return {outcome.name: float(outcome.measure(state)) for outcome in CAMPAIGN_OUTCOMES}
