"""Campaign response: what governments and headquarters do from week to week, each because of what happened before.

Pristina enters, defers or eases; Belgrade licenses, restrains or raises its army's readiness; the Quint presses, the EU takes
measures; NATO orders a reserve or reinforces. Each is a rule of the state with a declared size, so that what answered an event in
history is not played where the event did not come about. A blockade ends by bargain, the more surely the longer it has stood.

Source: facts 1.1, 1.3, 2.4, 6.2 for what was done and when; sizes are assumptions. Not modelled: governments' own bargaining,
public opinion, elections after April 2023.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "campaign_response",
    (
        Parameter("weeks_to_office", "weeks", 0, 52, "weeks from the elections until the mayors can take office"),
        Parameter("entry_worth", "1", -2, 2, "what entering the buildings is worth to Pristina"),
        Parameter("advice_weight", "1", 0, 2, "how far advice against it, and measures taken, lower that worth"),
        Parameter("easing_face", "1", 0, 2, "face that a first cut of the police costs Pristina; each further one as much again"),
        Parameter("pristina_precision", "1", 0, 1000, "how surely Pristina takes the better option; 0 by lot, 1-20 usual"),
        Parameter("easing_step", "share", 0, 1, "share of the police at the buildings that one easing takes away"),
        Parameter("standing_police_heat", "share", 0, 1, "heat that special police in the buildings keep up"),
        Parameter("measures_pressure", "1", 0, 2, "how far measures in force press Pristina, beside advice"),
        Parameter("measures_after_days", "days", 0, 365, "days from a clash after a forced entry until measures come into force"),
        Parameter("reserve_trigger_hurt", "persons", 1, 1000, "soldiers hurt in an episode from which on NATO orders its reserve"),
        Parameter("reserve_persons", "persons", 0, 5000, "people in that reserve"),
        Parameter("reserve_stays_days", "days", 1, 2000, "days for which the reserve stays"),
        Parameter("decision_days", "days", 0, 60, "days from an armed attack until NATO's council decides"),
        Parameter("reinforcement_persons", "persons", 0, 5000, "people by whom KFOR is reinforced after an armed attack"),
        Parameter("kfor_persons", "persons", 0, 50_000, "KFOR's strength before"),
        Parameter("surge_share", "share", 0, 1, "share of KFOR that can be moved to the North"),
        Parameter("presence_before", "share", 0, 1, "share of those who are near enough to be there in time"),
        Parameter("presence_after_factor", "1", 1, 20, "factor on that share once an armed attack has been answered by reinforcement"),
        Parameter("pretext_half_life_days", "days", 1, 365, "days in which a pretext halves"),
        Parameter("pretext_of_entry", "share", 0, 1, "pretext that a forced entry gives"),
        Parameter("pretext_of_own_hurt", "share", 0, 0.1, "pretext that each person hurt on the side a government stands behind gives"),
        Parameter("readiness_trigger", "share", 0, 1, "pretext from which on Belgrade raises its army's readiness"),
        Parameter("warning_after_days", "days", 0, 60, "days at step 5 until a third party warns in public"),
        Parameter("licence_half_life_days", "days", 1, 10_000, "days in which a government's licence goes half way back"),
        Parameter("licence_to_group", "share", 0, 1, "licence of the armed group before: 0 forbidden, 0.5 tolerated, 1 directed"),
        Parameter("licence_of_own_hurt", "share", 0, 0.1, "licence that each person hurt on its own side adds to it"),
        Parameter("licence_withdrawn", "share", 0, 1, "share of it that is withdrawn after an attack that was met in public"),
        Parameter("bargain_rise", "1/day2", 0, 1, "by how much the daily chance of a bargain rises with each day of a blockade"),
        Parameter("mediation_factor", "1", 1, 10, "factor on it once mediators press"),
        Parameter("blockade_violence", "chance", 0, 1, "chance that a blockade which nobody touches turns into a riot"),
        Parameter("removal_a_day", "chance", 0, 1, "chance that a force removes a blockade on a day; 0 it waits for a bargain"),
        Parameter("removal_fatal", "chance", 0, 1, "chance that a removal by force kills somebody"),
        Parameter("later_riot_hurt", "persons", 0, 1000, "mean number hurt in a riot that is not played out"),
        Parameter("later_riot_serious", "share", 0, 1, "share of them hurt seriously"),
        Parameter(
            "later_answer", "chance", 0, 1, "chance that a force which reaches the balance answers a challenge that is not played out"
        ),
        Parameter("probe_hurt", "persons", 0, 100, "mean number hurt in an armed probe"),
        Parameter("probe_serious", "share", 0, 1, "share of them hurt seriously, or killed"),
    ),
)


@rule
def bargain_chance(per_hour: float, days: float, factor: float) -> float:
    """Return a day's chance that a blockade ends by bargain: a hazard that rises with each day, times what mediation adds."""
    return 1.0 - exp(-per_hour * days * factor)


@rule
def entry_is_worth(worth: float, pressed: float, weight: float) -> float:
    """Return what entering is worth to Pristina: its own wish, less the weight of advice and measures against it."""
    return worth - weight * pressed


@rule
def easing_is_worth(weight: float, pressed: float, loss: float, others: float) -> float:
    """Return what a cut of the police is worth: the weight of measures lifted, less the face of this and earlier cuts."""
    return weight * pressed - loss * (1.0 + others)


@rule
def people_in_time(forces: float, share: float, others: float, whim: float) -> float:
    """Return how many are there in time: of those who can be moved North, and of those added, the share that is near."""
    return (forces * share + others) * whim
