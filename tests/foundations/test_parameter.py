"""Declared numbers keep their bounds, their pedigree and their place in the kernels' row."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
import pytest

from sim.foundations.columns import Column, table
from sim.foundations.parameter import Choice, Concept, Parameter, ParameterSet, Valued, complaint, record_type


class Form(IntEnum):
    PLAIN = 3
    BENT = 5


PATIENCE = Parameter("patience_min", "min", 0.0, 600.0, "how long talks last")
SHARE = Parameter("hard_core_share", "share", 0.0, 1.0, "share of the crowd ready for violence")
FORM = Choice("certainty_form", Form, "how certainty deters")
TALKS = Concept("talks", (PATIENCE,))
CROWD = Concept("crowd", (FORM, SHARE))


@pytest.fixture
def parameters() -> ParameterSet:
    valued = {
        "patience_min": Valued(180.0, 60.0, 240.0, "facts 2.1", "B"),
        "hard_core_share": Valued(0.1, 0.02, 0.25, "reasoned", "assumption"),
        "certainty_form": Valued("BENT", None, None, "facts 7", "C"),
    }
    return ParameterSet((TALKS, CROWD), valued)


def test_a_concept_lists_its_declarations_in_their_order():
    assert list(CROWD) == [FORM, SHARE]


def test_the_kernels_row_has_one_field_a_parameter_and_forms_as_their_numbers(parameters):
    row = parameters.record()
    assert row.shape == (1,)
    assert row.dtype == np.dtype([("patience_min", "f8"), ("certainty_form", "i8"), ("hard_core_share", "f8")])
    assert row.dtype == record_type(parameters.concepts)
    assert row["patience_min"][0] == 180.0
    assert row["certainty_form"][0] == Form.BENT
    assert row["hard_core_share"][0] == 0.1


def test_a_delta_is_a_new_set_and_leaves_the_old_one_alone(parameters):
    changed = parameters.with_values({"hard_core_share": 0.2, "certainty_form": "PLAIN"})
    assert changed.number("hard_core_share") == 0.2
    assert changed.record()["certainty_form"][0] == Form.PLAIN
    assert parameters.number("hard_core_share") == 0.1
    assert parameters.record()["certainty_form"][0] == Form.BENT


def test_a_delta_keeps_range_source_and_grade(parameters):
    changed = parameters.with_values({"patience_min": 90.0}).valued["patience_min"]
    assert changed == Valued(90.0, 60.0, 240.0, "facts 2.1", "B")


def test_a_name_nobody_declared_is_a_key_error(parameters):
    with pytest.raises(KeyError):
        parameters.declaration("patiense_min")
    with pytest.raises(KeyError):
        parameters.with_values({"patiense_min": 1.0})


def test_a_declaration_is_found_by_its_name(parameters):
    assert parameters.declaration("patience_min") is PATIENCE
    assert set(parameters.index()) == {"patience_min", "hard_core_share", "certainty_form"}


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5, 0, 1])
def test_values_within_bounds_bring_no_complaint(value):
    assert complaint(SHARE, value) == ""


@pytest.mark.parametrize("value", [-0.001, 1.0000001, 7, -1])
def test_a_value_outside_its_bounds_is_refused_with_both_bounds_and_the_unit(value):
    said = complaint(SHARE, value)
    assert "hard_core_share" in said
    assert "0 to 1 share" in said
    assert f"{value}" in said


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_refused(value):
    assert "finite" in complaint(PATIENCE, value)


@pytest.mark.parametrize("value", [True, False, "0.5", None, [0.5], {"value": 0.5}])
def test_a_value_that_is_no_number_is_refused(value):
    assert "must be a number (share)" in complaint(SHARE, value)


@pytest.mark.parametrize("value", ["plain", "OTHER", 3, None, ["PLAIN"], {"PLAIN": 1}])
def test_a_form_nobody_wrote_is_refused_and_the_written_ones_are_named(value):
    said = complaint(FORM, value)
    assert "certainty_form" in said
    assert "PLAIN, BENT" in said


def test_a_written_form_brings_no_complaint():
    assert complaint(FORM, "PLAIN") == ""


def test_a_table_has_a_zeroed_field_a_column():
    rows = table([Column("fear", "f8", "1", "wish to leave"), Column("role", "i1", "1", "what for")], 3)
    assert rows.shape == (3,)
    assert rows.dtype == np.dtype([("fear", "f8"), ("role", "i1")])
    assert not rows["fear"].any()
    assert not rows["role"].any()
