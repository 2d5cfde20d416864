"""Reported orderings of a night with an armed group: what the model says of findings on warning, numbers, boundaries and beliefs.

As for crowds, these are effects of the levers under test: they are printed, and never used to tune the model or to reject a
variant of it.
"""

from __future__ import annotations

from analysis.orderings import MAY, Arm, Asked, Contrast, Measure, Ordering
from sim.api import Scenario, configured


def _set(**settings: str) -> Arm:
    name = settings.pop("arm")
    typed = {key.replace("__", "."): value for key, value in settings.items()}

    def change(scenario: Scenario) -> Scenario:
        return configured(scenario, typed) if typed else scenario

    return Arm(name, change)


AS_IT_WAS = _set(arm="as it was")
TOLD_AT_ONCE = _set(arm="police told at once of what KFOR sees", isr__share_delay_police_min="0")
TWICE_THE_EYES = _set(arm="KFOR's assets detect twice as much", isr__isr_effort="2")
NOT_SHARED = _set(arm="KFOR keeps to itself what it sees", intelligence__sharing="kfor_only")
SHARED = _set(arm="KFOR shares with police and KSF", intelligence__sharing="with_police_and_ksf")
JOINT = _set(arm="joint patrols", intelligence__joint_patrols="on")
BOUNDARY = _set(arm="KFOR watches the boundary on its own authority", seat__kfor_commander="kfor_on_own_authority")
COMMITTED = _set(arm="a leader who acts as was fixed beforehand", seat__armed_leader="armed_leader_committed")
FEARED = _set(arm="a leader who credits forces with more resolve (0.9)", beliefs__resolve_prior_mean="0.9")
NOT_FEARED = _set(arm="a leader who credits forces with less resolve (0.3)", beliefs__resolve_prior_mean="0.3")

WARNING = Measure("hours of warning before first contact", lambda run: run.outcomes["warning_h"])
ESCAPED = Measure("share of attackers that got away", lambda run: run.outcomes["attackers_escaped_share"])
SERIOUS = Measure("seriously hurt or killed on all sides", lambda run: run.outcomes["serious_or_fatal"])
ENCIRCLED = Measure("hours until encircled", lambda run: run.outcomes["encircled_h"])
HELD = Measure("hours held", lambda run: run.outcomes["hours_held"])
ATTACKED = Measure("armed attack made", lambda run: run.outcomes["armed_attack"])

ORDERINGS = (
    Ordering(
        "A shorter delay of information does more than more of it.",
        "a model of burglary with delayed information, arXiv 2605.17709 (peers B11), known at second hand",
        (
            Contrast(TOLD_AT_ONCE, AS_IT_WAS, (WARNING, ENCIRCLED, SERIOUS)),
            Contrast(TWICE_THE_EYES, AS_IT_WAS, (WARNING, ENCIRCLED, SERIOUS)),
        ),
        "Both change only who knows when; the way in is one evening, so that there is little to see.",
    ),
    Ordering(
        "Sharing helps the force that must act first.",
        "the paper's 3.2; no study measures it (facts 9.13)",
        (
            Contrast(NOT_SHARED, AS_IT_WAS, (WARNING, SERIOUS)),
            Contrast(SHARED, AS_IT_WAS, (WARNING, SERIOUS)),
            Contrast(JOINT, AS_IT_WAS, (WARNING, SERIOUS)),
        ),
        "What is shared may leak: the leader then counts on less surprise.",
    ),
    Ordering(
        "A small forward force alone is no tripwire; what counts is the local balance.",
        "The Truth About Tripwires, TNSR 2021 (facts L9); Huth 1988 (facts L8)",
        (Contrast(BOUNDARY, AS_IT_WAS, (ESCAPED, SERIOUS, HELD)),),
        "Only the way out is asked: in this replay the attack is given, so that what presence would have prevented has no path here.",
    ),
    Ordering(
        "Expected consequence deters.",
        "Loughran et al. 2012 (facts L6): little below a perceived risk of 0.3-0.4, stronger above",
        (Contrast(FEARED, NOT_FEARED, (ATTACKED, HELD, SERIOUS)), Contrast(COMMITTED, AS_IT_WAS, (ATTACKED, HELD, SERIOUS))),
        "The attack is given unless a sign of discovery is seen: beliefs act on how long the group holds, hardly on whether it comes.",
    ),
    Ordering(
        "What a group suffers moves it elsewhere as well as deterring it.",
        "hostile acts shifted to sabotage after October 2023 (facts 6.3), grade C for causality",
        (),
        "No path here: displacement belongs to the campaign.",
    ),
)

BANJSKA = Asked((), ORDERINGS, "the night and day of the armed group")


def asked_of(scenario: Scenario) -> Asked:
    """Return what is asked of a scenario: of one with an armed group this page's orderings, of others those of crowds."""
    return BANJSKA if any(day.armed is not None for day in scenario.days) else MAY
