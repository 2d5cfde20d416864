"""Readiness: better trained people are hurt less, hesitate less and use less force than the untrained."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.doctrine import readiness
from sim.foundations.documents import read_document
from sim.foundations.parameter import complaint

VALUES = Path(__file__).parents[2] / "scenarios" / "parameters" / "readiness.yaml"


def test_the_file_pairs_with_what_is_declared() -> None:
    given = read_document(VALUES).value
    assert given["concept"] == readiness.CONCEPT.name
    assert set(given["parameters"]) == {item.name for item in readiness.CONCEPT}
    for item in readiness.CONCEPT:
        row = given["parameters"][item.name]
        assert row["source"] and row["grade"] in ("A", "B", "C", "assumption")
        assert row["low"] <= row["value"] <= row["high"]
        for number in (row["value"], row["low"], row["high"]):
            assert complaint(item, number) == ""


def test_effects_that_no_study_measures_may_be_none() -> None:
    given = read_document(VALUES).value["parameters"]
    for name in ("training_injury_saving", "fatigue_training_loss", "untrained_excess"):
        assert given[name]["low"] == 0


def test_training_lowers_injury_hesitation_and_excess() -> None:
    shares = [step / 10 for step in range(11)]
    for falling in (
        [readiness.injury_factor(0.5, share, 0.3) for share in shares],
        [readiness.hesitation_min(share, 3.0) for share in shares],
        [readiness.excess_force_factor(share, 0.5) for share in shares],
    ):
        assert falling == sorted(falling, reverse=True)
    assert readiness.excess_force_factor(1.0, 0.5) == 1.0
    assert readiness.injury_factor(0.0, 0.0, 0.3) == 1.0


def test_protection_and_training_multiply() -> None:
    both = readiness.injury_factor(0.4, 0.5, 0.3)
    assert both == pytest.approx(readiness.injury_factor(0.4, 0.0, 0.3) * readiness.injury_factor(0.0, 0.5, 0.3))
    assert readiness.protected_share(0.5, 0.8) == pytest.approx(0.4)


def test_half_of_training_is_lost_in_a_half_life() -> None:
    assert readiness.trained_now(0.8, 12.0, 12.0) == pytest.approx(0.4)
    assert readiness.trained_now(0.8, 0.0, 12.0) == 0.8


def test_fatigue_wears_training_down_and_stops_at_full() -> None:
    assert readiness.fatigue_after(100.0, 0.05) == 1.0
    assert readiness.performance(0.6, 1.0, 0.5) == pytest.approx(0.3)
    assert readiness.performance(0.6, 0.0, 0.5) == 0.6
