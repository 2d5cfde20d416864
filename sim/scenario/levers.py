"""Levers: what an option can turn, what each is at its anchors, which state it moves, and what cuts its chain.

A lever is a setting. Its chain is lever - state - rule - outcome: where *cut* holds, the state may still move and nothing follows
from it, effect and counter-effect alike, so that an option compared with the baseline under the same cut differs by nothing.
What has no number that cuts it (a clause, a doctrine) is cut by a doctrine that never uses what the clause gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.doctrine.framework import Framework
from sim.doctrine.lever_effects import LEVERS as NUMBERS
from sim.foundations.parameter import ParameterSet


@dataclass(frozen=True)
class Lever:
    """One lever.

    Attributes
    ----------
    anchors
        What it is at 0, 0.5 and 1; for a choice by name, what its values are.
    moves
        The state that it moves.
    counter
        Its counter-effect, and the parameter of its size.
    cut
        Settings under which nothing follows from it.
    """

    name: str
    anchors: tuple[str, ...]
    moves: str
    counter: str
    cut: Mapping[str, str] = field(default_factory=dict)


KFOR_BLIND = {
    f"intelligence.{asset}": "off"
    for asset in ("kfor_boundary_patrols", "kfor_on_the_mitrovica_road", "kfor_human_sources", "kfor_helicopter", "joint_patrols")
}
"""Settings under which none of KFOR's assets sees anything."""

KSF_AT_HOME = {"seat.ksf_commander": "ksf_stays_home"}
"""Settings under which KSF uses no access."""


def _numbers(*names: str) -> dict[str, str]:
    return {f"lever_effects.{name}": "0" for name in names}


LEVERS: tuple[Lever, ...] = (
    Lever(
        "roe.explicitness",
        ("every use is asked for", "common cases are settled", "every foreseeable trigger is written down, drilled and delegated"),
        "minutes of approvals, their spread, and which means are delegated",
        "people act just below the smallest trigger (below_trigger_share); a trigger that is reached binds (mandatory_trigger)",
        _numbers("explicit_rules_felt"),
    ),
    Lever(
        "mandate.political_constraint",
        ("approvals as fast as the staff works", "decisions are checked upward", "every use of force is a decision of governments"),
        "minutes of approvals, and which delegations stand",
        "each use costs licence and gives pretext (use_costs_licence, use_gives_pretext)",
        _numbers("freedom_felt"),
    ),
    Lever(
        "rules.delegation.FORCE.AUTHORITY",
        ("retained: its holder is asked", "delegated: the commander on the spot decides"),
        "who releases a means",
        "each use costs licence and gives pretext (use_costs_licence, use_gives_pretext)",
        {"doctrine.kfor": "kfor_restrained"},
    ),
    Lever(
        "mandate.responder_order",
        ("on_request", "concurrent", "kfor_first"),
        "who must ask whom before a task that the order governs",
        "none modelled: partners' trust is told and felt by nobody",
        {f"mandate.task.{force}.{task}": "refused" for force in ("kfor", "eulex") for task in ("separate", "disperse")},
    ),
    Lever(
        "mandate.ksf_access",
        ("none", "with_approval", "by_agreement", "autonomous"),
        "whether KSF may be in the North, and how unwelcome its coming is",
        "local grievance and pretext by how unwelcome it is (ksf_grievance, ksf_pretext)",
        KSF_AT_HOME,
    ),
    Lever(
        "mandate.ksf_task",
        ("territorial", "reserve_for_kfor", "protection_of_minority"),
        "which tasks KSF has in the North",
        "as that of its access",
        KSF_AT_HOME,
    ),
    Lever("mandate.task.FORCE.TASK", ("refused", "allowed"), "tasks of the mandate", "none of its own; its use has"),
    Lever("mandate.approval.FORCE.TASK", ("none", "HEADQUARTERS"), "whose approval a task takes", "none of its own"),
    Lever("doctrine.ORGANISATION", ("a table of scenarios/doctrine",), "what seats order, and when", "whatever its orders set off"),
    Lever(
        "deployment.UNIT",
        ("none", "SITE@HH:MM"),
        "who stands where, and from when",
        "whoever stands at a site cannot be sent",
    ),
    Lever(
        "lever_effects.joint_patrol_intensity",
        ("patrols as they are", "every second patrol is joint", "every patrol is joint"),
        "the common picture of hand-overs, how soon reports come, what joint patrols detect, KFOR's legitimacy, who is with a patrol",
        "the partner's standing rubs off (joint_patrol_rub_off); soldiers are where an ambush may be (joint_patrol_target)",
        _numbers(
            "joint_patrol_common_picture",
            "joint_patrol_report_saving",
            "joint_patrol_detection",
            "joint_patrol_rub_off",
            "joint_patrol_target",
        ),
    ),
    Lever(
        "lever_effects.training_effort",
        ("drills as they are", "half of the longest course", "the whole of it, just before"),
        "quality and recency of KFOR's training: injuries, hesitation and excess in contact",
        "sections away (training_presence_loss); shorter patience before a push (training_confidence)",
        _numbers("training_gain", "training_presence_loss", "training_confidence"),
    ),
    Lever(
        "lever_effects.live_fire_effort",
        ("as it is", "half of a full course", "all of it"),
        "KFOR's quality in armed contact, through live_fire_saving only",
        "sections away (live_fire_presence_loss)",
        _numbers("live_fire_gain", "live_fire_presence_loss"),
    ),
    Lever(
        "isr.isr_effort",
        ("blind", "half of the scenario's assets", "as the scenario's assets are given; 2 twice as many"),
        "chance that KFOR's assets detect what is there",
        "more false alarms, and searches after them that cost legitimacy (false_alarm_search_cost)",
        KFOR_BLIND,
    ),
    Lever(
        "intelligence.sharing",
        ("kfor_only", "with_police", "with_police_and_ksf"),
        "who is told what KFOR sees, and how late",
        "leaks (leak_chance); a partner who is told for the first time may act alone (acts_alone_chance)",
        {**KFOR_BLIND, "isr.source_warning_chance": "0", "isr.leak_chance": "0", **_numbers("acts_alone_chance")},
    ),
    Lever(
        "lever_effects.search_effort",
        ("none", "now and then", "all the time"),
        "arms found before the night, and so what surprise the group counts on",
        "grievance of searches that find nothing (search_grievance)",
        {"interdiction.search_hit_chance": "0", "interdiction.search_grievance": "0"},
    ),
    Lever(
        "lever_effects.prosecution_effort",
        ("as it is", "some more", "all that the law allows"),
        "chances that a violent person is identified and arrested afterwards, and certainty learnt from it on later days",
        "arrests bring people out (prosecution_mobilises)",
        _numbers("prosecution_reach", "prosecution_mobilises"),
    ),
)
"""Every lever of the options. Names in capitals stand for what the scenario has."""


def turned(lever: str, framework: Framework, parameters: ParameterSet, settings: Mapping[str, str]) -> bool:
    """Tell whether a lever has been turned: a number off its rest, a dial or rule off its file's value, a setting made."""
    rules, mandate = framework.rules, framework.mandate
    given_rules, given_mandate = framework.as_given.rules, framework.as_given.mandate
    if lever == "rules_of_engagement.explicitness":
        return rules.explicitness.value != given_rules.explicitness.value
    if lever == "mandate.political_constraint":
        moved = mandate.political_constraint.value != given_mandate.political_constraint.value
        return moved or rules.authorities != given_rules.authorities
    return parameters.number(lever) > 0.0 if lever in NUMBERS else any(name.endswith(lever) for name in settings)
