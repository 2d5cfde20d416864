"""Direction: at Leposavić on 29 May, where nobody pushed, a clash is rare unless one is planned (pattern P3).

Twenty days are played twice, once at ``planned_chance`` 0 and once at 0.5: the first in which the draw of 0.5 gives a
prepared group, because every other day is the same at both. What twenty days can tell: where none has a clash, its chance is
at most 0.14 at 95 % (one-sided, exact binomial); where three have one, at most 0.34. Five days that differ all one way do so
by luck once in 32. Many parameter sets and seeds: `kforsim validate`.
"""

from __future__ import annotations

from itertools import count, islice
from math import comb

import pytest

from sim.engine.run import new_model, play
from sim.scenario.loader import load_scenario
from sim.vocabulary import Role

DAYS = 20
LIKELY = 0.5
"""The highest chance of a prepared group that the theory allows."""
MOST = 0.15
"""Pattern P3: chance of three or more hurt, nothing being planned."""
LEAST_DIFFERING = 5

PART = """\
format: 2
name: leposavic_alone
title: Leposavić, 29 May 2023
summary: for tests
part_of: may_2023
days: [may_29.yaml]
sites: [leposavic]
"""


@pytest.fixture(scope="module")
def leposavic(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leposavic")
    (folder / "scenario.yaml").write_text(PART, "utf-8")
    return load_scenario(folder)


def with_chance(scenario, chance):
    return scenario.with_parameters(scenario.parameters.with_values({"planned_chance": chance}))


def has_group(scenario, seed):
    """Tell whether a prepared group is hidden in the crowd on this day."""
    people = new_model(with_chance(scenario, LIKELY), seed).world.sites["leposavic"].state.people
    return bool((people["role"] == Role.PREPARED).any())


@pytest.fixture(scope="module")
def days(leposavic):
    """Return by chance of a prepared group: whether three or more were hurt and whether KFOR pushed, day by day."""
    seeds = list(islice((seed for seed in count() if has_group(leposavic, seed)), DAYS))
    found = {}
    for chance in (0.0, LIKELY):
        played = [play(with_chance(leposavic, chance), seed) for seed in seeds]
        pushes = [day.world.played["may_29", "leposavic"].dealings.push_tick >= 0 for day in played]
        found[chance] = list(zip([day.outcomes["clash_3"] == 1.0 for day in played], pushes, strict=True))
    return found


def highest_chance(clashes, among, doubt=0.05):
    """Return the largest chance at which so few clashes are not yet too few (one-sided, exact binomial, by bisection)."""
    low, high = clashes / among, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        as_few = sum(comb(among, few) * middle**few * (1.0 - middle) ** (among - few) for few in range(clashes + 1))
        low, high = (middle, high) if as_few > doubt else (low, middle)
    return high


def test_at_planned_chance_0_and_without_a_push_a_clash_at_leposavic_is_rare(days):
    unpushed = [clash for clash, pushed in days[0.0] if not pushed]
    clashes, among = sum(unpushed), len(unpushed)
    print(f"\n{clashes} clashes in {among} days without a push: the chance is at most {highest_chance(clashes, among):.2f}")
    assert among >= 0.75 * DAYS
    assert clashes <= MOST * among


def test_clashes_at_leposavic_rise_from_planned_chance_0_to_05(days):
    pairs = [(planned, unplanned) for (unplanned, _), (planned, _) in zip(days[0.0], days[LIKELY], strict=True)]
    more, fewer = pairs.count((True, False)), pairs.count((False, True))
    print(f"\n{more} days clash only where it was planned, {fewer} only where it was not")
    assert more >= LEAST_DIFFERING
    assert fewer == 0


def test_the_bound_on_a_chance_is_the_textbooks():
    assert highest_chance(0, 20) == pytest.approx(1 - 0.05 ** (1 / 20))
    assert highest_chance(3, 20) == pytest.approx(0.3437, abs=1e-4)
