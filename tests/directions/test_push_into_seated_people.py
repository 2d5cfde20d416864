"""Direction: a push into seated people raises anger, and violence after it (the sequence of 29 May 2023, facts Z1-Z4)."""

from __future__ import annotations

import numpy as np
from directions.town_square import CROWD, HUNGARIANS, ITALIANS, SPECIAL_POLICE, Paired, paired, square

from sim.vocabulary import Conduct, OrderKind

SEEDS = range(10)
ALONE = {"contagion_per_min": 0.0, "special_police_provocation": 0.0, "blocked_exit_anger": 0.0, "own_hurt_provocation": 0.0}
AWAY = (Conduct.ABSENT, Conduct.GONE, Conduct.DETAINED, Conduct.INJURED)
STRONG = {"threshold_mean": 0.9, "push_provocation": 0.03, "seated_push_factor": 2.0}


def pushed_or_not(seed, push, **values):
    """Return a square twenty minutes after a seated crowd was pushed (or was not), and the tick of the push."""
    day = square(seed, units=(HUNGARIANS, ITALIANS, SPECIAL_POLICE), **{**ALONE, **STRONG, **values}).play(5)
    day.people["anger"] = 0.1
    day.order(OrderKind.SIT_DOWN, CROWD).play(30)
    assert (day.people["conduct"] == Conduct.SITTING).sum() > 0.5 * len(day.people)
    now = day.world.tick
    if push:
        day.order(OrderKind.PUSH)
    return day.play(20), now


def angrier(one, other):
    """Return by how much people who are there in both squares are angrier in one than in the other, on average."""
    there = ~np.isin(one.people["conduct"], AWAY) & ~np.isin(other.people["conduct"], AWAY)
    assert there.sum() > 50
    return float((one.people["anger"] - other.people["anger"])[there].mean())


def effects_of_a_push(seeds, **values):
    """Return the paired change of mean anger, and of how many turn violent."""
    anger, violent = [], []
    for seed in seeds:
        (pushed, now), (left, _) = (pushed_or_not(seed, push, **values) for push in (True, False))
        anger.append(angrier(pushed, left))
        violent.append(len(pushed.turned_violent(now)) - len(left.turned_violent(now)))
    return paired(anger.__getitem__, range(len(anger))), paired(violent.__getitem__, range(len(violent)))


def test_at_theta_spiral_1_a_push_into_seated_people_raises_anger_and_violence():
    anger, violent = effects_of_a_push(SEEDS, theta_spiral=1)
    assert anger.told("anger").rises
    assert violent.told("turned violent").rises


def test_at_theta_spiral_0_a_push_into_seated_people_raises_no_anger():
    anger, _ = effects_of_a_push(SEEDS, theta_spiral=0)
    assert anger.is_nothing


def seated_factor_changes(seed, theta):
    (doubled, _), (single, _) = (pushed_or_not(seed, True, theta_spiral=theta, seated_push_factor=factor) for factor in (2.0, 1.0))
    return angrier(doubled, single)


def test_at_seated_push_factor_2_a_push_angers_seated_people_more_than_at_1_and_at_theta_spiral_0_no_more():
    more: Paired = paired(lambda seed: seated_factor_changes(seed, theta=1), SEEDS).told("anger for being seated")
    assert more.rises
    assert paired(lambda seed: seated_factor_changes(seed, theta=0), SEEDS).is_nothing
