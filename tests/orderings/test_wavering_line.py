"""Ordering: a confrontation line wavers, and fights are local (Lemos et al., peers B9).

A model in which a line goes back and forth as one, or in which violence is spread evenly along it, is rejected. The measure
of both is the variance of counts over their mean, which is 1 where each count falls by lot. Who stands at a line is not
spread by lot either: the second test says that violence comes in places, not that it is more local than the crowd.
"""

from __future__ import annotations

import numpy as np
import pytest
from directions.town_square import CROWD, HUNGARIANS, ITALIANS, SPECIAL_POLICE, gathered, paired

from sim.engine.state import BINS, Incident
from sim.vocabulary import Conduct, OrderKind

SEEDS = range(12)
UNITS = (HUNGARIANS, ITALIANS, SPECIAL_POLICE)
STRETCHES = 8
"""Stretches of the front, equally long."""
AT_THE_LINE = 4
"""Cells from the line within which people count as at the line (20 m)."""
FEWEST = 5
"""Violent people below which a moment is left out."""


def unevenness(counts):
    """Return the variance of counts over their mean, against what a lot gives."""
    counts = np.asarray(counts, dtype=float)
    return float(counts.var() / counts.mean() / (1.0 - 1.0 / len(counts)))


def pressed(seed):
    """Return a square after 300 people have pressed for forty minutes."""
    return gathered(seed, 300, UNITS).order(OrderKind.PRESS, CROWD).play(40)


def test_sections_of_a_pressed_line_differ_in_ground_given_by_more_than_luck_and_every_line_gives_and_regains():
    days = [pressed(seed) for seed in SEEDS]
    given = [day.site.state.sections["given"][day.line()] for day in days]
    assert all(steps.sum() > 0 for steps in given)
    assert all(len(day.incidents(Incident.GAINED_GROUND)) > 0 for day in days)
    assert paired(lambda seed: unevenness(given[seed]) - 1.0, SEEDS).told("unevenness of ground given, beyond luck").rises


def at_the_line(day):
    """Return the rows of people who stand near the line, before it, and the stretch of the front that each is on."""
    people, ground = day.people, day.site.ground
    there = np.flatnonzero(people["cell"] >= 0)
    cells = people["cell"][there]
    gap = ground.door_steps[cells] - day.site.state.line_rank[ground.bin[cells]]
    near = (gap >= 1) & (gap <= AT_THE_LINE)
    return there[near], ground.bin[cells[near]] * STRETCHES // BINS


def violence_in_places(seed):
    """Return the mean unevenness of violence along the line at three moments of a push into 300 people."""
    day = gathered(seed, 300, UNITS, threshold_mean=0.8).order(OrderKind.PUSH)
    found = []
    for _ in range(3):
        rows, stretch = at_the_line(day.play(10))
        violent = np.bincount(stretch[day.people["conduct"][rows] == Conduct.VIOLENT], minlength=STRETCHES)
        if violent.sum() >= FEWEST:
            found.append(unevenness(violent))
    assert found
    return float(np.mean(found))


def test_violent_people_at_the_line_cluster_rather_than_spread_evenly():
    assert paired(lambda seed: violence_in_places(seed) - 1.0, SEEDS).told("unevenness of violence, beyond luck").rises


def friends_beside(day, random):
    """Return how many violent people of his own cluster a violent person has, less what a lot among his role gives."""
    people = day.people
    violent = people["was_violent"] == 1
    drawn = violent.copy()
    for role in np.unique(people["role"]):
        rows = np.flatnonzero(people["role"] == role)
        drawn[rows] = violent[random.permutation(rows)]

    def mates(who):
        sizes = np.bincount(people["cluster"][who], minlength=int(people["cluster"].max()) + 1)
        return float((sizes[people["cluster"][who]] - 1).mean())

    return mates(violent) - mates(drawn)


@pytest.mark.xfail(
    strict=True,
    reason="violence does not come in the clusters of 3 to 6 who came together (facts L1; model 5.5): a cluster shares the anger over "
    "a detained member and nothing else, and its people stand apart. Needed: clusters that stand together and take after their own",
)
def test_violence_comes_in_clusters_of_people_who_came_together():
    def beyond_luck(seed):
        day = gathered(seed, 300, UNITS, threshold_mean=0.8).order(OrderKind.PUSH).play(30)
        return friends_beside(day, np.random.default_rng(seed))

    assert paired(beyond_luck, SEEDS).told("violent people of one's own cluster, beyond luck").rises
