"""The clash: what is thrown at a force, whom it hits, and whether the shield line holds.

Thrown objects, incendiaries, devices and rare gunfire are categories with a rate, a reach and a chance of injury; kit,
formation and training lower it. A line holds, bends, breaks or gains ground by the balance of those who press and those
who stand.

Sources: kinds of injury of 29 May 2023 (facts N3, H1-H5); ranks steady a line (Posadas & Teknomo 2016, peers B11). All
rates are assumptions with ranges. Not modelled: how any of it is made or used.
"""

from __future__ import annotations

from sim.foundations.arithmetic import chance_within, exp, logistic
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule
from sim.vocabulary import Means

CONCEPT = Concept(
    "crowd_clash",
    (
        Parameter("throws_per_min", "1/min", 0, 5, "throws of one violent person in reach of a force"),
        Parameter(
            "company_half_persons", "persons", 0, 20, "violent people close by with whom one acts half as often as in a mass; 0: no matter"
        ),
        Parameter("throwing_reach_m", "m", 5, 60, "distance over which objects reach a force"),
        Parameter("incendiary_share", "share", 0, 0.2, "share of throws that are incendiary"),
        Parameter("device_share", "share", 0, 0.2, "share of throws that are explosive or stun devices"),
        Parameter("object_injury_chance", "chance", 0, 0.5, "chance that a thrown object hurts an unprotected, untrained person"),
        Parameter("incendiary_injury_chance", "chance", 0, 1, "the same for an incendiary"),
        Parameter("device_injury_chance", "chance", 0, 1, "the same for a device"),
        Parameter("gunfire_per_min", "1/min", 0, 0.05, "chance rate that one violent hard-core or prepared person fires a shot"),
        Parameter("gunfire_hit_chance", "chance", 0, 1, "chance that such a shot hurts a soldier or police officer"),
        Parameter("gunfire_crowd_hit_chance", "chance", 0, 1, "chance that a shot, by whomever, hurts a protester (disputed who fired)"),
        Parameter("close_formation_factor", "1", 0.1, 1, "chance of injury in closed ranks behind shields, against loose order"),
        Parameter("press_weight", "persons", 0, 5, "how many standing soldiers one pressing person balances"),
        Parameter("violent_press_weight", "persons", 0, 5, "the same for a violent person at the line"),
        Parameter("depth_support", "1", 0, 2, "how much a second rank adds to the first rank's hold"),
        Parameter("line_width", "1", 0.02, 1, "how gradually a line gives way as pressure passes its strength"),
        Parameter("barrier_relief", "share", 0, 1, "share of the pressure on a line that barriers and wire before it take"),
        Parameter("line_giving_per_min", "1/min", 0, 5, "rate at which an overpowered line gives a step"),
        Parameter("flank_steps", "cells", 1, 10, "steps ahead of its neighbour from which a section is outflanked"),
        Parameter("flank_factor", "1", 1, 5, "how much heavier pressure weighs on an outflanked section"),
        Parameter("push_m_per_min", "m/min", 0, 60, "pace of a push into empty ground"),
        Parameter("push_slowing_persons", "persons", 1, 100, "people in a 5 m cell that slow a push to 1/e"),
    ),
)


@rule
def thrown_means(share: float, incendiary_share: float, device_share: float) -> int:
    """Return what was thrown, for a uniform *share*: device, incendiary, or else an object."""
    if share < device_share:
        return Means.DEVICE.value
    if share < device_share + incendiary_share:
        return Means.INCENDIARY.value
    return Means.THROWN_OBJECT.value


@rule
def injury_chance(base_chance: float, protection: float, training_factor: float, formation_factor: float, episode_factor: float) -> float:
    """Return the chance that a hit hurts: the unprotected chance, lowered by kit, training and formation; at most 1.

    Parameters
    ----------
    base_chance
        For an unprotected, untrained person in loose order.
    protection
        Share of injuries that kit prevents, in [0, 1].
    training_factor, formation_factor, episode_factor
        Multipliers; the last is what differs from day to day.
    """
    return min(base_chance * (1.0 - protection) * training_factor * formation_factor * episode_factor, 1.0)


@rule
def pressure_ratio(
    pressing: float, violent: float, press_weight: float, violent_weight: float, fit: float, rear_fit: float, depth_support: float
) -> float:
    """Return the pressure on a section against its strength; 1 is balance, no one standing counts as half a person."""
    strength = max(fit + depth_support * rear_fit, 0.5)
    return (pressing * press_weight + violent * violent_weight) / strength


@rule
def outflanked(ahead_of_left: float, ahead_of_right: float, flank_steps: float) -> bool:
    """Return whether a section stands so far ahead of a neighbour in the line that people can get round it."""
    return max(ahead_of_left, ahead_of_right) >= flank_steps


@rule
def giving_way_chance(ratio: float, width: float, rate_per_min: float, minutes: float) -> float:
    """Return the chance that a section gives a step within *minutes*: rare below balance, at the full rate far above."""
    return chance_within(rate_per_min * logistic((ratio - 1.0) / width), minutes)


@rule
def ground_gained(pace_m_per_min: float, cell_m: float, people_ahead: float, slowing_persons: float, minutes: float) -> float:
    """Return the mean number of cells that a pushing section gains in *minutes*: its pace, slowed by people in the way."""
    return pace_m_per_min / cell_m * exp(-people_ahead / slowing_persons) * minutes


@rule
def company_factor(others: float, half_persons: float) -> float:
    """Return the factor in (0, 1] on a violent person's acts: people attack in company and seldom alone (facts L1)."""
    return (1.0 + others) / (1.0 + others + half_persons)
