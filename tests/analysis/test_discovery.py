"""Scenario discovery finds planted conditions, keeps what the other half bears out, and finds nothing in luck."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from analysis.discovery import Discovery, discover
from analysis.discovery_box import Box, peeled, whole
from analysis.discovery_fails import Bound, Worse, fails_of
from analysis.sensitivity_responses import Factor, Responses
from sim.api import InputError

NUMBERS = tuple(Factor(f"x{place}") for place in range(8))


def responses(points: np.ndarray, runs: np.ndarray, factors: tuple[Factor, ...] = NUMBERS, against: str = "") -> Responses:
    return Responses("harm", "toy", "1.2", against, "persons", "less", factors, points, ({},), runs.reshape(len(points), 1, -1))


def planted(count: int = 1200, blur: float = 0.1) -> Discovery:
    """Fails where x1 is above 0.6 and x3 below 0.5, and now and then for no reason."""
    rng = np.random.default_rng(1)
    points = rng.random((count, 8))
    fails = (points[:, 1] > 0.6) & (points[:, 3] < 0.5)
    harm = np.where(fails ^ (rng.random(count) < blur), 30.0, 10.0)
    return discover(responses(points, harm), Bound("harm", ">", 20.0))


def test_a_planted_box_is_found_with_its_limits_and_borne_out_by_the_other_half():
    found = planted()
    first = found.boxes[0]
    limits = {item.name: (item.low, item.high) for item in first.restrictions}
    assert set(limits) == {"x1", "x3"}
    assert limits["x1"][0] == pytest.approx(0.6, abs=0.06)
    assert limits["x3"][1] == pytest.approx(0.5, abs=0.06)
    assert first.confirmed
    assert first.held_density > 0.8
    assert all(item.quasi_p < 1e-3 for item in first.restrictions)


def test_a_small_tree_finds_the_same_planted_box():
    found = planted()
    assert {item.name for item in found.tree[0].restrictions} == {"x1", "x3"}
    assert found.tree_accuracy > 0.8


def test_in_pure_luck_no_condition_is_confirmed():
    confirmed = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        found = discover(responses(rng.random((400, 8)), rng.normal(size=400)), Bound("harm", ">", 0.5))
        confirmed += any(rule.confirmed for rule in found.boxes)
    assert confirmed <= 1


def test_a_planted_form_of_a_rule_is_found_as_a_condition():
    rng = np.random.default_rng(2)
    factors = (Factor("x0"), Factor("arrest.form", ("RAW", "FLOOR", "NEAREST")))
    points = np.column_stack([rng.random(600), rng.integers(0, 3, 600)])
    harm = np.where((points[:, 1] == 1) & (points[:, 0] > 0.5), 30.0, 10.0)
    found = discover(responses(points, harm, factors), Bound("harm", ">", 20.0))
    told = {item.name: item for item in found.boxes[0].restrictions}
    assert told["arrest.form"].forms == ("FLOOR",)
    assert "arrest.form is FLOOR" in found.boxes[0].words
    assert {item.name for item in found.tree[0].restrictions} == {"x0", "arrest.form"}


def test_two_planted_boxes_are_found_one_after_the_other():
    rng = np.random.default_rng(4)
    points = rng.random((2400, 8))
    fails = ((points[:, 0] > 0.7) & (points[:, 1] > 0.6)) | ((points[:, 2] < 0.25) & (points[:, 3] < 0.5))
    found = discover(responses(points, np.where(fails, 30.0, 10.0)), Bound("harm", ">", 20.0))
    named = [{item.name for item in rule.restrictions} for rule in found.boxes if rule.confirmed]
    assert {"x0", "x1"} in named
    assert {"x2", "x3"} in named


def test_a_lever_that_is_worse_above_a_number_is_found_also_by_the_one_split():
    rng = np.random.default_rng(3)
    points = rng.random((400, 8))
    gap = np.where(points[:, 2] > 0.7, 5.0, -5.0)[:, None] + rng.normal(size=(400, 4))
    found = discover(responses(points, gap, against="baseline"), Worse("harm", "1.2", "baseline"))
    assert [item.name for item in found.boxes[0].restrictions] == ["x2"]
    assert found.single is not None
    assert found.single.parameter == "x2"
    assert found.single.split == pytest.approx(0.7, abs=0.03)


def test_too_few_failures_are_said_and_nothing_is_looked_for():
    rng = np.random.default_rng(5)
    found = discover(responses(rng.random((200, 8)), np.arange(200.0)), Bound("harm", ">", 195.5))
    assert not found.found
    assert "4 of 200 points fail" in found.why_not


def test_peeling_never_leaves_the_box_before_and_never_loses_density():
    rng = np.random.default_rng(6)
    values = rng.random((500, 4))
    fails = values[:, 0] + 0.3 * rng.normal(size=500) > 0.8
    path = peeled(values, fails, NUMBERS[:4])
    assert all(after.density >= before.density for before, after in pairwise(path))
    for before, after in pairwise(path):
        assert not (after.box.holds(values) & ~before.box.holds(values)).any()


def test_a_box_without_a_column_holds_more():
    values = np.random.default_rng(7).random((100, 3))
    box = whole(3).limited(0, 0.2, 0.6, None).limited(2, -np.inf, 0.5, None)
    assert isinstance(box, Box)
    assert box.restricted() == (0, 2)
    assert box.without(2).holds(values).sum() > box.holds(values).sum()


@pytest.mark.parametrize("text", ["harm > 20", "harm>=20", " harm <= 2e1 "])
def test_bounds_are_read_however_they_are_spaced(text):
    assert isinstance(fails_of(text, ["harm"], ["baseline"]), Bound)


def test_a_comparison_of_levers_is_read_with_levers_of_several_words():
    told = fails_of("1.2, roe.explicitness=0.8 worse than baseline on harm", ["harm"], ["baseline", "1.2, roe.explicitness=0.8"])
    assert told == Worse("harm", "1.2, roe.explicitness=0.8", "baseline")


@pytest.mark.parametrize("text", ["harm", "harm > ", "harm = 3", "1.2 worse than baseline", "harm > nan"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(InputError):
        fails_of(text, ["harm"], ["baseline", "1.2"])
