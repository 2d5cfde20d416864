"""Transition: how fast KSF comes, how long forces cannot tell each other apart, and that each effect may be none."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.doctrine import transition
from sim.doctrine.mandate import KsfAccess
from sim.doctrine.transition import UNWELCOME, journey_by_air, mistaken_chance
from sim.foundations.documents import read_document

VALUES = Path(__file__).parents[2] / "scenarios" / "parameters" / "transition.yaml"
MINUTES = st.floats(0.0, 600.0)


def test_every_effect_may_be_none():
    given_ = read_document(VALUES).value["parameters"]
    assert {item.name for item in transition.CONCEPT} == set(given_)
    assert {name for name, row in given_.items() if row["low"] != 0} == set()


def test_every_kind_of_access_has_its_unwelcomeness_and_the_less_it_asks_the_more_unwelcome_it_is():
    assert set(UNWELCOME) == {str(access) for access in KsfAccess}
    ordered = [UNWELCOME[name] for name in ("none", "by_agreement", "with_approval", "autonomous")]
    assert all(before < after for before, after in pairwise(ordered))
    assert (ordered[0], ordered[-1]) == (0.0, 1.0)


def test_helicopters_spare_their_share_of_the_journey():
    assert journey_by_air(120.0, 0.25) == pytest.approx(90.0)
    assert journey_by_air(120.0, 0.0) == 120.0
    assert journey_by_air(120.0, 1.0) == 0.0


def test_forces_that_cannot_tell_each_other_apart_fire_at_each_other_by_the_hour():
    assert mistaken_chance(0.5, 60.0, 0.0, 45.0) == pytest.approx(1.0 - math.exp(-0.5))
    assert mistaken_chance(0.5, 30.0, 44.9, 45.0) == pytest.approx(1.0 - math.exp(-0.25))


def test_once_they_have_had_time_to_identify_and_where_they_need_none_nobody_is_mistaken():
    assert mistaken_chance(1.0, 60.0, 45.0, 45.0) == 0.0
    assert mistaken_chance(1.0, 60.0, 0.0, 0.0) == 0.0
    assert mistaken_chance(0.0, 600.0, 0.0, 45.0) == 0.0


@given(st.floats(0.0, 1.0), MINUTES, MINUTES, MINUTES)
def test_longer_together_never_makes_mistakes_likelier(per_hour, minutes, one, other):
    soon, late = sorted((one, other))
    assert 0.0 <= mistaken_chance(per_hour, minutes, late, 45.0) <= mistaken_chance(per_hour, minutes, soon, 45.0) <= 1.0
