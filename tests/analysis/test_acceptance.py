"""The shipped calibrations, on the engine itself: sets survive, all theories stay live, and what hit before still does."""

from __future__ import annotations

import json
from functools import cache

import pytest

from analysis.design import varied
from analysis.expected import read_expected
from analysis.surviving_sets import FILE, read_surviving
from analysis.validate import KEPT, SEEDS, SETS, kept_hits, validate
from sim.api import Case, load, run_many

SHIPPED = ("may_2023", "may_2023_zvecan", "banjska_2023")
WHOLE = ("may_2023", "banjska_2023")


@cache
def sets_of(name):
    return read_surviving(load(name).whole / FILE)


def kept_of(name):
    return json.loads((load(name).folder / KEPT).read_text("utf-8"))


@pytest.mark.parametrize("name", WHOLE)
def test_fifty_sets_survive(name):
    assert len(sets_of(name).sets) >= SETS, "the specification asks for fifty surviving parameter sets"


@pytest.mark.parametrize("name", WHOLE)
def test_surviving_sets_lie_inside_the_declared_ranges(name):
    ranges, sets = varied(load(name)), sets_of(name)
    assert set(sets.names) == set(ranges), "parameters have come or gone since the search: kforsim calibrate"
    for place in range(len(sets.sets)):
        for parameter, value in sets.values(place).items():
            low, high = ranges[parameter]
            assert low - 1e-5 * abs(low) <= value <= high + 1e-5 * abs(high), (place, parameter, value)


@pytest.mark.parametrize(
    ("name", "strengths"), [("may_2023", ("theta_deterrence", "theta_spiral")), ("banjska_2023", ("denial_weight", "consequence_weight"))]
)
def test_the_strength_of_each_theory_stays_open_among_the_survivors(name, strengths):
    values = [sets_of(name).values(place) for place in range(len(sets_of(name).sets))]
    for strength in strengths:
        assert min(value[strength] for value in values) < 0.9 < 1.1 < max(value[strength] for value in values), strength


def test_a_prepared_group_stays_possible_among_the_survivors():
    sets = sets_of("may_2023")
    assert max(sets.values(place)["planned_chance"] for place in range(len(sets.sets))) > 0.15


@pytest.mark.parametrize("name", SHIPPED)
def test_the_kept_validation_is_of_every_pattern_and_of_fifty_surviving_sets(name):
    scenario, kept = load(name), kept_of(name)
    assert kept["sets"] == min(len(sets_of(name).sets), SETS)
    assert kept["failed_runs"] == 0
    scored = {pattern["id"]: [(item["name"], tuple(item["band"])) for item in pattern["statistics"]] for pattern in kept["patterns"]}
    assert scored == {pattern.id: [(item.name, item.band) for item in pattern.statistics] for pattern in read_expected(scenario).patterns}
    assert sorted(kept["hits"] + kept["misses"]) == sorted(f"{pattern} {item.name}" for pattern, item in read_expected(scenario).emergent)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_kept_validation_is_of_twenty_seeds_a_set(name):
    assert kept_of(name)["seeds"] >= SEEDS


@pytest.mark.parametrize("name", SHIPPED)
def test_the_kept_validation_is_what_this_model_gives(name):
    """A change of results shows in the first runs already; then: kforsim validate --keep, and say so in the changelog."""
    scenario, kept = load(name), kept_of(name)["first_runs"]
    first = sets_of(name).values(0)
    results = run_many([Case(str(scenario.folder), 0, {**first, **run["given"]}) for run in kept], workers=1)
    found = [{path: result.outcomes.get(path) for path in run["outcomes"]} for run, result in zip(kept, results, strict=True)]
    assert found == [run["outcomes"] for run in kept]


def test_a_worse_model_loses_a_hit():
    """What is kept can be lost: a crowd that is roused by next to nothing is violent long before the push."""
    broken = validate("may_2023_zvecan", sets=2, seeds=3, history_seeds=0, workers=1, changed={"threshold_mean": 0.4})
    assert set(kept_hits(load("may_2023_zvecan").folder)) - set(broken.hits)
