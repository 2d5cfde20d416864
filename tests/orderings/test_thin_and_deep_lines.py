"""Ordering: a thin line suffices for a calm crowd, a deep one that is keen to approach holds a volatile one (Lee 2018, peers B11).

Held apart is the measure, as in the source: how far the line stands behind its ordered place, on average over half an hour.
What a push costs in violence is another matter, and the spiral theory's (``tests/directions``).
"""

from __future__ import annotations

import numpy as np
from directions.town_square import CROWD, HUNGARIANS, SECOND_COMPANY, gathered, paired

from sim.vocabulary import OrderKind

SEEDS = range(12)
PERSONS = 300
THIN, DEEP = (HUNGARIANS,), (HUNGARIANS, SECOND_COMPANY)
AVERAGE: dict[str, float] = {}
VOLATILE = {"press_weight": 1.2, "violent_press_weight": 1.5, "following_per_min": 0.3, "threshold_mean": 0.8}
"""The most that a person may press by the declared ranges, nearly all following at once, and easily roused."""
LITTLE = 0.1
"""A line that loses at most so much of what it loses to a volatile crowd suffices."""


def ground_lost(seed, units, crowd, *, press=True, keen=False):
    """Return by how many steps the line stands behind its place, on average over sections and half an hour."""
    day = gathered(seed, PERSONS, units, **crowd)
    place = day.site.file.cordon_steps
    if press:
        day.order(OrderKind.PRESS, CROWD)
    if keen:
        day.order(OrderKind.PUSH)
    lost = [np.maximum(place - day.play(1).site.state.sections["rank"][day.line()], 0).mean() for _ in range(30)]
    return float(np.mean(lost))


def test_a_thin_line_loses_nothing_to_people_who_stand_and_little_to_people_of_middling_temper_who_press():
    assert all(ground_lost(seed, THIN, AVERAGE, press=False) == 0.0 for seed in SEEDS)
    beyond = paired(lambda seed: LITTLE * ground_lost(seed, THIN, VOLATILE) - ground_lost(seed, THIN, AVERAGE), SEEDS)
    assert beyond.told("a tenth of the steps lost to a volatile crowd, less those lost to an average one").rises


def test_a_deep_line_that_is_keen_to_approach_loses_less_ground_to_a_volatile_crowd_than_a_thin_one_that_waits():
    spared = paired(lambda seed: ground_lost(seed, DEEP, VOLATILE, keen=True) - ground_lost(seed, THIN, VOLATILE), SEEDS)
    assert spared.told("steps lost, deep and keen less thin").falls


def test_depth_spares_more_ground_before_a_volatile_crowd_than_before_an_average_one():
    def spared(seed, crowd):
        return ground_lost(seed, THIN, crowd) - ground_lost(seed, DEEP, crowd)

    assert paired(lambda seed: spared(seed, VOLATILE) - spared(seed, AVERAGE), SEEDS).told("steps spared by depth").rises
