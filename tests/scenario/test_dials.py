"""Dials: turned by name, kept in the scenario and in its digest, and felt by approvals."""

from __future__ import annotations

import pytest

from sim.foundations.errors import InputError
from sim.scenario.dials import CONSTRAINT, EXPLICITNESS, SPOKEN, dials_of, with_dials
from sim.scenario.digest import effective_digest
from sim.scenario.loader import Scenario, load_scenario
from sim.scenario.settings import configured, parse_settings


@pytest.fixture(scope="module")
def zvecan() -> Scenario:
    return load_scenario("may_2023_zvecan")


def test_a_dial_turns_and_keeps_its_pedigree(zvecan):
    turned = with_dials(zvecan.framework, {EXPLICITNESS: 0.9})
    before, after = dials_of(zvecan.framework)[EXPLICITNESS], dials_of(turned)[EXPLICITNESS]
    assert (before.value, after.value) == (0.3, 0.9)
    assert after.source == before.source
    assert dials_of(turned)[CONSTRAINT] == dials_of(zvecan.framework)[CONSTRAINT]
    assert turned.rules.explicitness.delay_saved == zvecan.framework.rules.explicitness.delay_saved


@pytest.mark.parametrize("spoken", SPOKEN)
def test_every_spoken_name_turns_its_dial(zvecan, spoken):
    changed = configured(zvecan, {spoken: "0.65"})
    assert dials_of(changed.framework)[SPOKEN[spoken]].value == 0.65
    assert changed.settings == {spoken: "0.65"}


def test_a_dial_may_leave_the_range_in_which_the_truth_may_lie(zvecan):
    assert dials_of(configured(zvecan, {"roe.explicitness": "1"}).framework)[EXPLICITNESS].value == 1.0


def test_settings_add_up_and_the_original_stays(zvecan):
    one = configured(zvecan, {"roe.explicitness": "0.8"})
    two = configured(one, {"crowd.view_m": "40"})
    assert two.settings == {"roe.explicitness": "0.8", "crowd.view_m": "40"}
    assert dials_of(two.framework)[EXPLICITNESS].value == 0.8
    assert two.parameters.number("view_m") == 40.0
    assert zvecan.settings == {}
    assert dials_of(zvecan.framework)[EXPLICITNESS].value == 0.3


def test_forms_are_set_in_any_case(zvecan):
    assert configured(zvecan, {"perceived_cost.ratio_form": "floor"}).parameters.valued["ratio_form"].value == "FLOOR"


def test_the_effective_digest_follows_dials_and_parameters(zvecan):
    same = configured(zvecan, {"roe.explicitness": "0.3"})
    digests = {
        effective_digest(configured(zvecan, settings))
        for settings in ({}, {"roe.explicitness": "0.8"}, {"mandate.political_constraint": "0.8"}, {"crowd.view_m": "41"})
    }
    assert len(digests) == 4
    assert effective_digest(same) == effective_digest(zvecan)


def test_the_effective_digest_follows_the_files_that_shape_a_run_and_no_others(scenario_copy):
    before = effective_digest(load_scenario(scenario_copy.folder))
    scenario_copy.write("expected.yaml", "other: patterns").write("notes.yaml", "mine")
    assert effective_digest(load_scenario(scenario_copy.folder)) == before
    for file in ("zvecan_town_hall.yaml", "may_31.yaml", "concessions.yaml", "command.yaml"):
        scenario_copy.write(file, "# read again\n" + scenario_copy.text(file))
        after = effective_digest(load_scenario(scenario_copy.folder))
        assert after != before, file
        before = after


def test_a_part_keeps_its_settings_on_some_of_its_days(zvecan):
    changed = configured(zvecan, {"roe.explicitness": "0.65", "crowd.view_m": "40"}).on_days(("may_29",))
    assert dials_of(changed.framework)[EXPLICITNESS].value == 0.65
    assert changed.parameters.number("view_m") == 40.0


def test_all_complaints_about_settings_come_at_once(zvecan):
    with pytest.raises(InputError) as caught:
        configured(zvecan, {"roe.explicitness": "2", "crowd.view_m": "nan", "nothing": "1"})
    assert len(caught.value.problems) == 3


def test_pairs_are_split_at_the_first_equals_sign():
    assert parse_settings((" a.b = 1 ", "c.d=x=y")) == {"a.b": "1", "c.d": "x=y"}
