"""Lever effects: what an option's lever moves, and the counter-effect that comes with it.

The levers are 0 as things are; then every parameter here is without effect, so that nothing of this page can have been tuned to
the patterns of 2023. Turned, each lever has an effect and a cost: explicit rules are learnt by those whom they bind and take
discretion away; joint patrols lend KFOR its partner's standing and put its soldiers where an ambush may be; who trains is away,
and more willing to push; more reports bring more false alarms and searches; a partner that is told may act alone; each use of a
freedom that governments gave costs some of their licence; arrests bring people out. Every counter-effect's range includes none.

Sources: the paper's options (1.2, 2.1, 2.2, 3.1, 3.2; search for arms) and the model's list of counter-effects. No study measures
one of these sizes here: all are assumptions. Not modelled: how a lever is learnt over months; fatigue of those who train.
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

LEVERS = ("joint_patrol_intensity", "training_effort", "live_fire_effort", "search_effort", "prosecution_effort")
"""Levers of this page; the others are dials of mandate and rules, and choices by name."""

CONCEPT = Concept(
    "lever_effects",
    (
        Parameter(
            "joint_patrol_intensity",
            "1",
            0,
            1,
            "lever: patrols of KFOR together with police: 0 as they are, 0.5 on every second patrol, 1 on every patrol",
        ),
        Parameter(
            "training_effort",
            "1",
            0,
            1,
            "lever: unit-days that KFOR gives to scenario training: 0 as it is, 0.5 half of the longest course, 1 all of it, just before",
        ),
        Parameter(
            "live_fire_effort",
            "1",
            0,
            1,
            "lever: unit-days that KFOR gives to live fire: 0 as it is, 0.5 half of a full course, 1 all of it",
        ),
        Parameter(
            "search_effort", "1", 0, 1, "lever: search for smuggled arms before they are used: 0 none, 0.5 now and then, 1 all the time"
        ),
        Parameter(
            "prosecution_effort",
            "1",
            0,
            1,
            "lever: work on identifying and arresting the violent afterwards: 0 as it is, 0.5 some more, 1 all that the law allows",
        ),
        Parameter("explicit_rules_felt", "share", 0, 1, "share of a change in the rules' explicitness that reaches those who act by them"),
        Parameter("freedom_felt", "share", 0, 1, "share of a change in political constraint that reaches those who decide"),
        Parameter(
            "below_trigger_share",
            "share",
            0,
            1,
            "share of the expected cost of violence that falls away below the smallest explicit trigger",
        ),
        Parameter("mandatory_trigger", "chance", 0, 1, "chance that a trigger which is reached must be acted on, at full explicitness"),
        Parameter("use_costs_licence", "share", 0, 0.5, "licence that each use of a means costs where governments have let go of it"),
        Parameter("use_gives_pretext", "share", 0, 1, "pretext that each such use gives against an armed group"),
        Parameter(
            "joint_patrol_common_picture",
            "share",
            0,
            1,
            "share of what the two do not see alike that full joint patrolling brings in common",
        ),
        Parameter(
            "joint_patrol_report_saving",
            "share",
            0,
            1,
            "share of a report's delay that full joint patrolling saves, residents' calls included",
        ),
        Parameter("joint_patrol_detection", "1", 0, 2, "factor on what joint patrols detect, as the scenario gives it, at full intensity"),
        Parameter(
            "joint_patrol_rub_off", "share", 0, 1, "share of the way by which KFOR's legitimacy moves to its partner's, at full intensity"
        ),
        Parameter(
            "joint_patrol_target", "chance", 0, 1, "chance that KFOR soldiers are with the patrol that is ambushed, at full intensity"
        ),
        Parameter("training_gain", "share", 0, 1, "share of the missing quality of training that full effort brings"),
        Parameter("training_presence_loss", "share", 0, 0.9, "share of KFOR's sections that are away for scenario training at full effort"),
        Parameter(
            "training_confidence", "share", 0, 1, "share of the patience before a push that confidence in training takes, at full effort"
        ),
        Parameter(
            "live_fire_gain", "share", 0, 1, "share of the missing quality in armed contact that full effort in live fire brings to KFOR"
        ),
        Parameter("live_fire_presence_loss", "share", 0, 0.9, "share of KFOR's sections that are away for live fire at full effort"),
        Parameter("false_alarm_search_cost", "share", 0, 0.5, "local grievance of a search after a false alarm, for assets twice as many"),
        Parameter(
            "acts_alone_chance", "chance", 0, 1, "chance that a partner who is told for the first time sends a unit at once and alone"
        ),
        Parameter(
            "prosecution_reach", "share", 0, 1, "share of the missing chances of identification and of arrest that full effort brings"
        ),
        Parameter(
            "prosecution_mobilises", "share", 0, 1, "weight of a later arrest against a detention in bringing people out, at full effort"
        ),
    ),
    "levers",
)

LEVER_OF: dict[str, str] = {
    "explicit_rules_felt": "rules_of_engagement.explicitness",
    "below_trigger_share": "rules_of_engagement.explicitness",
    "mandatory_trigger": "rules_of_engagement.explicitness",
    "freedom_felt": "mandate.political_constraint",
    "use_costs_licence": "mandate.political_constraint",
    "use_gives_pretext": "mandate.political_constraint",
    "joint_patrol_common_picture": "joint_patrol_intensity",
    "joint_patrol_report_saving": "joint_patrol_intensity",
    "joint_patrol_detection": "joint_patrol_intensity",
    "joint_patrol_rub_off": "joint_patrol_intensity",
    "joint_patrol_target": "joint_patrol_intensity",
    "training_gain": "training_effort",
    "training_presence_loss": "training_effort",
    "training_confidence": "training_effort",
    "live_fire_gain": "live_fire_effort",
    "live_fire_presence_loss": "live_fire_effort",
    "false_alarm_search_cost": "isr_effort",
    "acts_alone_chance": "intelligence.sharing",
    "prosecution_reach": "prosecution_effort",
    "prosecution_mobilises": "prosecution_effort",
}
"""Effect -> the lever without which it does nothing: one of this page, a dial, or a setting of what is shared and seen."""


@rule
def brought_nearer(level: float, turned: float, share: float) -> float:
    """Return a level in [0, 1] after a lever has brought in its share of what was missing."""
    return level + turned * share * (1.0 - level)


@rule
def left_after(turned: float, share: float) -> float:
    """Return what a lever leaves of something of which, fully turned, it takes *share*."""
    return 1.0 - turned * share


@rule
def rubbed_off(own: float, partner: float, turned: float, share: float) -> float:
    """Return legitimacy after some of the partner's standing, better or worse, has rubbed off."""
    return own + turned * share * (partner - own)


@rule
def raised_above(value: float, given: float) -> float:
    """Return how far a dial stands above what was given, 0 where it does not, 1 at its end."""
    return (value - given) / (1.0 - given) if value > given else 0.0


@rule
def lowered_below(value: float, given: float) -> float:
    """Return how far a dial stands below what was given, 0 where it does not, 1 at nothing."""
    return (given - value) / given if value < given else 0.0


@rule
def felt_change(given: float, value: float, share: float) -> float:
    """Return a dial as it is felt: moved from what was given by a share of the change, and exactly there for 1."""
    return value if share >= 1.0 else given + share * (value - given)


@rule
def unpunished_share(violent: float, trigger: float, turned: float, share: float) -> float:
    """Return the share of expected cost that people leave out of account: as long as fewer are violent than the known trigger."""
    return turned * share if violent < trigger else 0.0
