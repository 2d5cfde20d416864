"""Lever effects: at rest every rule returns what it was given, to the last bit; turned, each moves no further than its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.doctrine import lever_effects as rules
from sim.foundations.documents import read_document
from sim.foundations.parameter import complaint

VALUES = read_document(Path(__file__).parents[2] / "scenarios" / "parameters" / "lever_effects.yaml").value["parameters"]
COUNTER_EFFECTS = (
    "below_trigger_share",
    "mandatory_trigger",
    "use_costs_licence",
    "use_gives_pretext",
    "joint_patrol_rub_off",
    "joint_patrol_target",
    "training_presence_loss",
    "training_confidence",
    "live_fire_presence_loss",
    "false_alarm_search_cost",
    "acts_alone_chance",
    "prosecution_mobilises",
)
SHARES = [step / 10 for step in range(11)]


def test_every_value_lies_in_its_range_and_says_where_it_comes_from() -> None:
    assert set(VALUES) == {item.name for item in rules.CONCEPT}
    for item in rules.CONCEPT:
        row = VALUES[item.name]
        assert row["source"]
        assert row["low"] <= row["value"] <= row["high"]
        assert [complaint(item, row[end]) for end in ("low", "value", "high")] == ["", "", ""]


def test_levers_rest_at_nothing_and_have_no_range() -> None:
    assert all((VALUES[name]["value"], VALUES[name]["low"], VALUES[name]["high"]) == (0, 0, 0) for name in rules.LEVERS)


def test_every_counter_effect_may_be_none() -> None:
    assert all(VALUES[name]["low"] == 0 for name in COUNTER_EFFECTS)


def test_every_effect_names_the_lever_that_it_belongs_to() -> None:
    assert set(rules.LEVER_OF) | set(rules.LEVERS) == set(VALUES)


@pytest.mark.parametrize("level", [0.0, 0.1, 1 / 3, 0.7, 1.0])
def test_a_lever_at_rest_changes_no_bit(level: float) -> None:
    for share in SHARES:
        assert rules.brought_nearer(level, 0.0, share) == level
        assert rules.rubbed_off(level, 0.9, 0.0, share) == level
        assert level * rules.left_after(0.0, share) == level
        assert rules.unpunished_share(0.0, 5.0, 0.0, share) == 0.0
        assert rules.felt_change(level, level, share) == level


def test_a_level_comes_nearer_to_its_best_and_never_passes_it() -> None:
    for share in SHARES:
        found = [rules.brought_nearer(0.4, turned, share) for turned in SHARES]
        assert found == sorted(found)
        assert 0.4 <= found[-1] <= 1.0
    assert rules.brought_nearer(0.4, 1.0, 1.0) == 1.0


def test_standing_rubs_off_for_better_or_for_worse() -> None:
    assert rules.rubbed_off(0.5, 0.1, 1.0, 0.5) == pytest.approx(0.3)
    assert rules.rubbed_off(0.5, 0.9, 1.0, 0.5) == pytest.approx(0.7)
    assert rules.rubbed_off(0.5, 0.5, 1.0, 1.0) == 0.5


def test_a_dial_counts_as_raised_or_lowered_from_what_was_given() -> None:
    assert rules.raised_above(0.3, 0.3) == rules.lowered_below(0.5, 0.5) == 0.0
    assert rules.raised_above(0.2, 0.3) == rules.lowered_below(0.6, 0.5) == 0.0
    assert rules.raised_above(1.0, 0.3) == rules.lowered_below(0.0, 0.5) == 1.0
    assert rules.raised_above(0.65, 0.3) == pytest.approx(0.5)


def test_a_change_that_nobody_feels_is_no_change_and_one_that_all_feel_is_exact() -> None:
    assert rules.felt_change(0.3, 0.8, 0.0) == 0.3
    assert rules.felt_change(0.3, 0.8, 1.0) == 0.8
    assert rules.felt_change(0.3, 0.8, 0.5) == pytest.approx(0.55)


def test_cost_falls_away_only_below_the_trigger() -> None:
    assert rules.unpunished_share(4.0, 5.0, 1.0, 0.3) == 0.3
    assert rules.unpunished_share(5.0, 5.0, 1.0, 0.3) == 0.0
