"""Outcomes: what a run is judged by. Each has one definition, a unit and a direction.

Every outcome is told for the whole run under its name, for a day as ``day/name`` and for a site on a day as
``day/site/name``; what belongs to all sites together (licence, confidence, queues) for the whole run only. Primary outcomes
are fixed before any run. What a scenario cannot show is said, never set to zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.adjudication.prosecution import Fate
from sim.deterrence.escalation import EscalationStep
from sim.doctrine.seat_orders import Organisation
from sim.engine import armed_outcomes as armed
from sim.engine import measures
from sim.engine.measures import CLASH_PERSONS, FINAL_DAYS, POLICE, RIOT_PERSONS, Scope, SiteDay, count
from sim.engine.world import World
from sim.scenario.campaign_files import Campaign
from sim.scenario.loader import Scenario
from sim.vocabulary import FighterPhase, Grade, Means, Side


@dataclass(frozen=True)
class Outcome:
    """A definition.

    Attributes
    ----------
    better
        ``less``, ``more`` or ``neutral``.
    measure
        From the site-days in question (in a campaign: from its last state) to a number.
    whole_run
        Whether it is told for the whole run only.
    """

    name: str
    unit: str
    better: str
    primary: bool
    meaning: str
    measure: Callable[[Any], float]
    whole_run: bool = False


def _primary(name: str, unit: str, better: str, meaning: str, measure: Callable[[Scope], float], *, whole_run: bool = False) -> Outcome:
    return Outcome(name, unit, better, True, meaning, measure, whole_run)


def _secondary(name: str, unit: str, better: str, meaning: str, measure: Callable[[Scope], float], *, whole_run: bool = False) -> Outcome:
    return Outcome(name, unit, better, False, meaning, measure, whole_run)


OUTCOMES: tuple[Outcome, ...] = (
    _primary(
        "serious_or_fatal",
        "persons",
        "less",
        "seriously hurt or killed, all sides, each counted once",
        lambda s: count(s, least=Grade.SERIOUS),
    ),
    _primary(
        "riot",
        "0 or 1",
        "less",
        "whether at any site on any day ten or more were hurt on all sides",
        lambda s: float(any(len(item.injuries) >= RIOT_PERSONS for item in s)),
    ),
    _primary(
        "protester_legitimacy_change", "share", "more", "mean change of KFOR's legitimacy among those who came", measures.legitimacy_change
    ),
    _primary(
        "majority_confidence_change",
        "share",
        "more",
        "change of the other community's confidence in KFOR",
        measures.confidence_change,
        whole_run=True,
    ),
    _primary(
        "licence_spent",
        "share",
        "less",
        "governments' licence spent by acting unasked, each ground once a day",
        measures.licence_spent,
        whole_run=True,
    ),
    _secondary("hurt", "persons", "less", "hurt on all sides, truth", count),
    _secondary("hurt_final_report", "persons", "less", "hurt on all sides as finally reported", lambda s: count(s, reported_by=FINAL_DAYS)),
    _secondary(
        "clash_3",
        "0 or 1",
        "less",
        "whether three or more were hurt at a site on a day, all sides",
        lambda s: float(any(len(item.injuries) >= CLASH_PERSONS for item in s)),
    ),
    _secondary("kfor_hurt", "persons", "less", "KFOR hurt, truth", lambda s: count(s, Side.KFOR)),
    _secondary("kfor_hurt_first_report", "persons", "less", "KFOR hurt as first reported", lambda s: count(s, Side.KFOR, reported_by=0.0)),
    _secondary(
        "kfor_hurt_next_day_report",
        "persons",
        "less",
        "KFOR hurt as reported a day later",
        lambda s: count(s, Side.KFOR, reported_by=1.0),
    ),
    _secondary(
        "kfor_hurt_final_report",
        "persons",
        "less",
        "KFOR hurt as finally reported",
        lambda s: count(s, Side.KFOR, reported_by=FINAL_DAYS),
    ),
    _secondary(
        "kfor_hurt_before_push",
        "persons",
        "less",
        "KFOR hurt before the first push at their site, finally reported",
        measures.hurt_before_push,
    ),
    _secondary("police_hurt", "persons", "less", "police hurt, truth", lambda s: count(s, *POLICE)),
    _secondary(
        "police_hurt_final_report",
        "persons",
        "less",
        "police hurt as finally reported",
        lambda s: count(s, *POLICE, reported_by=FINAL_DAYS),
    ),
    _secondary("ksf_hurt", "persons", "less", "KSF hurt, truth", lambda s: count(s, Side.KSF)),
    _secondary(
        "ksf_hurt_final_report", "persons", "less", "KSF hurt as finally reported", lambda s: count(s, Side.KSF, reported_by=FINAL_DAYS)
    ),
    _secondary("protesters_hurt", "persons", "less", "protesters hurt, truth", lambda s: count(s, Side.PROTESTERS)),
    _secondary(
        "protesters_hurt_final_report",
        "persons",
        "less",
        "protesters hurt as reported",
        lambda s: count(s, Side.PROTESTERS, reported_by=FINAL_DAYS),
    ),
    _secondary("killed", "persons", "less", "killed on all sides", lambda s: count(s, least=Grade.FATAL)),
    _secondary(
        "soldiers_shot",
        "persons",
        "less",
        "soldiers and police officers hurt by gunfire",
        lambda s: count(s, Side.KFOR, Side.KSF, *POLICE, where=lambda injury: injury.means is Means.GUNFIRE),
    ),
    _secondary("crowd_peak", "persons", "neutral", "most people present at one site at once", measures.crowd_peak),
    _secondary(
        "first_clash_h",
        "h",
        "more",
        "hours from the forced entry (or the day's start) until five were violent at once; to the day's end where never",
        measures.first_clash_h,
    ),
    _secondary(
        "violent_share_before_push",
        "share",
        "less",
        "largest ten-minute mean share of people present who were violent before the first push (of at least 50)",
        measures.violent_share_before_push,
    ),
    _secondary(
        "span_of_violence_min",
        "min",
        "less",
        "from the first to the last ten-minute slot with five or more violent people after the first push, at the worst site",
        measures.span_of_violence,
    ),
    _secondary(
        "ever_violent",
        "persons",
        "less",
        "people violent at any time of a day",
        lambda s: float(sum(int(item.site.state.people["was_violent"].sum()) for item in s)),
    ),
    _secondary("detained", "persons", "neutral", "people detained on the day", measures.detained),
    _secondary("handed_over", "persons", "neutral", "of these handed over with usable evidence", measures.handed_over),
    _secondary("charged", "persons", "neutral", "people charged in the end", lambda s: measures.fates(s, Fate.CHARGED)),
    _secondary("convicted", "persons", "neutral", "people convicted in the end", lambda s: measures.fates(s, Fate.CONVICTED)),
    _secondary(
        "violent_facing_consequence",
        "share",
        "neutral",
        "share of violent people detained that day or arrested within 30 days",
        measures.consequence_share,
    ),
    _secondary("vehicles_out", "0 or 1", "more", "whether no vehicle is stuck or left behind at the end", measures.vehicles_out),
    _secondary("line_held", "0 or 1", "more", "whether nobody broke through to a door", measures.line_held),
    _secondary(
        "hours_without_movement",
        "h",
        "less",
        "hours for which vehicles, barriers or concessions blocked movement at a site",
        measures.blocked_hours,
    ),
    _secondary(
        "minutes_without_lead", "min", "less", "minutes with nobody in the lead at a site", lambda s: measures.lead_minutes(s, "none")
    ),
    _secondary(
        "minutes_with_two_leads", "min", "less", "minutes with two or more in the lead at a site", lambda s: measures.lead_minutes(s, "two")
    ),
    _secondary("support_arrived", "units", "neutral", "units that came as support or reserve", measures.reserves_sent),
    _secondary(
        "force_days",
        "person-days",
        "less",
        "persons of all forces on site, summed over the run",
        lambda s: sum(item.site.dealings.force_minutes for item in s) / 1440.0,
    ),
    _secondary(
        "trust_spent",
        "share",
        "less",
        "partners' trust spent by acting unasked, each ground once a day",
        measures.trust_spent,
        whole_run=True,
    ),
    _secondary(
        "queue_hours",
        "h",
        "less",
        "hours for which requests waited on desks that were busy with others",
        lambda s: s[0].world.standing.queue_minutes / 60.0,
        whole_run=True,
    ),
)

ARMED_OUTCOMES: tuple[Outcome, ...] = (
    _primary("armed_attack", "0 or 1", "less", "whether an armed attack was made", armed.attacked, whole_run=True),
    _primary(
        "hours_at_step_4",
        "h",
        "less",
        "hours at escalation step 4 (army readiness) or above, in this run",
        lambda s: armed.hours_at_step(s, EscalationStep.ARMY_READINESS),
        whole_run=True,
    ),
    _primary("local_grievance_change", "share", "less", "change of the local community's grievance", armed.local_grievance, whole_run=True),
    _secondary(
        "hours_at_step_5",
        "h",
        "less",
        "hours at step 5 (build-up): exposure, not a chance of war",
        lambda s: armed.hours_at_step(s, EscalationStep.BUILD_UP),
        whole_run=True,
    ),
    _secondary(
        "fighters_committed", "persons", "less", "fighters who did not go back before the attack", armed.fighters_committed, whole_run=True
    ),
    _secondary("officers_killed", "persons", "less", "police, KFOR, EULEX and KSF killed", armed.officers_killed, whole_run=True),
    _secondary("officers_hurt", "persons", "less", "police, KFOR, EULEX and KSF hurt or killed", armed.officers_hurt, whole_run=True),
    _secondary(
        "attackers_killed", "persons", "neutral", "attackers killed", lambda s: armed.in_phase(s, FighterPhase.KILLED), whole_run=True
    ),
    _secondary("attackers_hurt", "persons", "neutral", "attackers wounded who lived", armed.attackers_hurt, whole_run=True),
    _secondary(
        "attackers_caught", "persons", "more", "attackers caught", lambda s: armed.in_phase(s, FighterPhase.CAPTURED), whole_run=True
    ),
    _secondary("attackers_escaped_share", "share", "less", "share of those committed who got away", armed.escaped_share, whole_run=True),
    _secondary("civilians_hurt", "persons", "less", "civilians hurt in armed contact", lambda s: count(s, Side.CIVILIANS), whole_run=True),
    _secondary("warning_h", "h", "more", "hours from the first report to police until first contact", armed.warning_time, whole_run=True),
    _secondary(
        "contact_after_seen_h",
        "h",
        "neutral",
        "hours from the roadblock being seen (reported to police, or met by a patrol) to first contact",
        armed.contact_after_seen,
        whole_run=True,
    ),
    _secondary(
        "encircled_h",
        "h",
        "less",
        "hours from first contact until roads round the village are closed; to the end where never",
        lambda s: armed.since_contact(s, "encircled"),
        whole_run=True,
    ),
    _secondary(
        "control_h",
        "h",
        "less",
        "hours from first contact until control is declared; to the end where never",
        lambda s: armed.since_contact(s, "control"),
        whole_run=True,
    ),
    _secondary("hours_held", "h", "less", "hours for which the compound was occupied", armed.hours_held, whole_run=True),
    _secondary("evacuation_min", "min", "less", "mean minutes from a wound to a hospital, responders", armed.evacuation, whole_run=True),
    _secondary(
        "arms_found",
        "0 or 1",
        "more",
        "whether a search found the group's arms before the attack",
        lambda s: armed.did(s, "arms_found"),
        whole_run=True,
    ),
    _secondary("mistaken_fire", "times", "less", "times that forces fired at each other by mistake", armed.mistaken_fire, whole_run=True),
)
"""Outcomes of a run with an armed group, beside all others."""

NOT_SHOWN = ("hours at escalation step 4 or above, chance of a challenge (given here), arms interdicted: no path here yet",)
"""Outcomes of the specification that this scenario cannot show."""


NEED_A_CROWD = frozenset(
    {
        "riot",
        "clash_3",
        "protester_legitimacy_change",
        "kfor_hurt_before_push",
        "protesters_hurt",
        "protesters_hurt_final_report",
        "crowd_peak",
        "first_clash_h",
        "violent_share_before_push",
        "span_of_violence_min",
        "ever_violent",
        "detained",
        "handed_over",
        "charged",
        "convicted",
        "violent_facing_consequence",
        "vehicles_out",
        "line_held",
        "hours_without_movement",
    }
)
"""Outcomes that mean nothing where no crowd comes."""


NEED_KSF = frozenset({"ksf_hurt", "ksf_hurt_final_report"})
"""Outcomes that mean nothing where the KSF has no unit."""


def outcomes_in_play(scenario: Scenario | Campaign) -> tuple[Outcome, ...]:
    """Return the outcomes that a scenario can show: those of crowds where one comes, of KSF where it may come, of an armed group's deeds.

    A campaign has its own.
    """
    if isinstance(scenario, Campaign):
        from sim.engine.campaign_outcomes import CAMPAIGN_OUTCOMES

        return CAMPAIGN_OUTCOMES
    crowds = any(day.file.crowds for day in scenario.days)
    common = OUTCOMES if crowds else tuple(outcome for outcome in OUTCOMES if outcome.name not in NEED_A_CROWD)
    if not scenario.framework.command.units_of(Organisation.KSF):
        common = tuple(outcome for outcome in common if outcome.name not in NEED_KSF)
    return (*common, *ARMED_OUTCOMES) if any(day.armed is not None for day in scenario.days) else common


def outcomes_of(world: World) -> dict[str, float]:
    """Return every outcome of a finished run: of the whole, of each day, of each site on each day."""
    site_days = measures.site_days_of(world)
    scopes: dict[str, list[SiteDay]] = {}
    for item in site_days:
        scopes.setdefault(f"{item.site.record.day}/", []).append(item)
        scopes[f"{item.site.record.day}/{item.site.name}/"] = [item]
    in_play = outcomes_in_play(world.scenario)
    found = {outcome.name: outcome.measure(site_days) for outcome in in_play}
    for path, scope in scopes.items():
        found |= {f"{path}{outcome.name}": outcome.measure(scope) for outcome in in_play if not outcome.whole_run}
    return found
