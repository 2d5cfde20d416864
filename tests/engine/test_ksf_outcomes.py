"""KSF who are hurt have a place of their own in the outcomes, and count among all sides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import quiet_model, zvecan

from sim.engine.between_days import end_day
from sim.engine.exchange_of_fire import hit_sections
from sim.engine.operation import Duty
from sim.engine.outcomes import NEED_KSF, OUTCOMES, outcomes_in_play, outcomes_of
from sim.engine.roadblock import rows_of
from sim.engine.world import UnitPlace
from sim.scenario.loader import load_scenario
from sim.vocabulary import Means


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("banjska_2023")


def night_with_ksf_hurt(scenario, hits):
    model = quiet_model(scenario, 3, hit_serious_share=1.0, hit_fatal_share=0.0)
    model.run_for(1)
    world = model.world
    site = world.sites[world.operation.site]
    unit = scenario.framework.command.units_of("ksf")[0]
    site.state.sections["on_site"][world.unit_rows[unit.id]] = 1
    world.standing.units[unit.id] = UnitPlace(site=site.name)
    world.operation.duties[unit.id] = Duty.CORDON
    rows = rows_of(world, world.operation, site, Duty.CORDON)
    hit_sections(world, world.operation, site, "to see", rows, hits, 1.0, Means.GUNFIRE)
    end_day(world, None)
    return outcomes_of(world)


def test_ksf_hurt_are_counted_as_such_and_among_all_sides(scenario):
    found = night_with_ksf_hurt(scenario, 3)
    assert found["ksf_hurt"] == 3.0
    assert (found["kfor_hurt"], found["police_hurt"]) == (0.0, 0.0)
    assert found["hurt"] == found["officers_hurt"] == found["soldiers_shot"] == 3.0
    assert found["serious_or_fatal"] == 3.0


def test_where_nobody_of_them_is_hurt_it_is_zero(scenario):
    assert night_with_ksf_hurt(scenario, 0)["ksf_hurt"] == 0.0


def test_hurt_by_side_add_up_to_all(scenario):
    found = night_with_ksf_hurt(scenario, 2)
    sides = ("kfor_hurt", "police_hurt", "ksf_hurt", "civilians_hurt")
    assert found["hurt"] == sum(found[name] for name in sides)


@pytest.mark.parametrize("name", ["banjska_2023", "may_2023_zvecan"])
def test_it_is_told_where_the_ksf_has_units_and_not_where_it_has_none(name):
    scenario = load_scenario(name) if name == "banjska_2023" else zvecan()
    told = {outcome.name for outcome in outcomes_in_play(scenario)}
    assert told >= NEED_KSF
    command = scenario.framework.command
    without = command.model_copy(update={"units": tuple(unit for unit in command.units if unit.organisation != "ksf")})
    alone = replace(scenario, framework=replace(scenario.framework, command=without))
    assert {outcome.name for outcome in outcomes_in_play(alone)} == told - NEED_KSF
    assert {outcome.name for outcome in OUTCOMES} >= NEED_KSF
