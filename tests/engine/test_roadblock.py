"""A roadblock closes its road: who comes is held until it has been cleared, or goes round where another road leads there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import GRANTED, entries, quiet_model

from sim.doctrine.orders import Order
from sim.engine.decisions import carry_out
from sim.engine.encirclement import ground
from sim.engine.group_choices import occupy
from sim.engine.operation import Duty, GroupStage
from sim.engine.reserves import journey_by_road
from sim.engine.roadblock import close_road, minutes_round, play_roadblock, rows_of
from sim.engine.world import UnitPlace
from sim.geography.theatre import Theatre
from sim.scenario.loader import load_scenario
from sim.vocabulary import OrderKind

UNIT, BLOCKED = "kp_special_north", "banjska_bridge_to_village"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("banjska_2023")


@pytest.fixture
def blocked(scenario):
    """The group at its roadblock, and nobody else there."""
    return at_the_block(scenario)


def at_the_block(scenario, **values):
    model = quiet_model(scenario, 3, **values)
    model.run_for(1)
    world, operation = model.world, model.world.operation
    operation.stage = GroupStage.BLOCKING
    close_road(world, operation)
    for unit in world.standing.units:
        world.standing.units[unit] = UnitPlace()
    world.sites[operation.site].state.sections["on_site"] = 0
    return world


def comes(world, unit=UNIT, duty=Duty.CORDON):
    site = world.sites[world.operation.site]
    site.state.sections["on_site"][world.unit_rows[unit]] = 1
    world.standing.units[unit] = UnitPlace(site=site.name)
    world.operation.duties[unit] = duty


def pass_time(world, minutes):
    for _ in range(minutes):
        world.tick += 4
        play_roadblock(world, world.operation, world.sites[world.operation.site], 1.0)


def there(world, *, beyond):
    return len(rows_of(world, world.operation, world.sites[world.operation.site], Duty.CORDON, beyond=beyond))


def said(world):
    return [(entry["what"], entry.get("unit", entry.get("units"))) for entry in entries(world, "roadblock")]


def test_a_unit_that_comes_is_held_and_the_record_says_so(blocked):
    comes(blocked)
    pass_time(blocked, 5)
    assert (there(blocked, beyond=False) > 0, there(blocked, beyond=True)) == (True, 0)
    assert said(blocked) == [("closed", None), ("held", UNIT)]


def test_a_roadblock_that_is_held_is_not_cleared(blocked):
    comes(blocked)
    pass_time(blocked, 300)
    assert blocked.operation.road_closed


def test_one_that_was_left_is_cleared_by_who_is_there_in_its_time(blocked):
    comes(blocked)
    blocked.operation.stage = GroupStage.HOLDING
    needed = int(blocked.numbers["roadblock_clearing_min"])
    pass_time(blocked, needed - 1)
    assert blocked.operation.road_closed
    pass_time(blocked, 1)
    assert not blocked.operation.road_closed
    assert there(blocked, beyond=True) == there(blocked, beyond=False) > 0
    assert said(blocked)[-1] == ("cleared", [UNIT])


def test_one_that_was_left_stays_where_nobody_is_there_to_clear_it(blocked):
    blocked.operation.stage = GroupStage.HOLDING
    pass_time(blocked, 300)
    assert blocked.operation.road_closed


def test_a_clearing_that_takes_no_time_is_over_at_once(scenario):
    world = at_the_block(scenario, roadblock_clearing_min=0.0)
    comes(world)
    world.operation.stage = GroupStage.HOLDING
    pass_time(world, 1)
    assert not world.operation.road_closed


def test_held_units_close_no_path_and_search_nothing(blocked):
    operation = blocked.operation
    for unit in blocked.scenario.framework.command.units_of("kosovo_police"):
        comes(blocked, unit.id)
    operation.stage = GroupStage.HOLDING
    ground(blocked, 1.0)
    assert operation.closed_roads > 0.0
    assert operation.closed_paths == 0.0
    operation.mark("road_open", blocked.tick)
    ground(blocked, 1.0)
    assert operation.closed_paths > 0.0


def test_an_advance_waits_for_the_road(blocked):
    comes(blocked, duty=Duty.ASSAULT)
    operation = blocked.operation
    operation.stage = GroupStage.HOLDING
    ground(blocked, 1.0)
    assert operation.cleared == 0.0
    operation.mark("road_open", blocked.tick)
    ground(blocked, 1.0)
    assert operation.cleared > 0.0


def test_where_another_road_leads_there_a_unit_goes_round_at_its_cost(scenario):
    road = scenario.theatre.routes[BLOCKED]
    longer = {
        "id": "another_road",
        "road_km": scenario.theatre.minutes(BLOCKED).model_copy(update={"low": 9.0, "central": 9.0, "high": 9.0}),
    }
    longer["clear_minutes"] = longer["road_km"].model_copy(update={"low": 20.0, "central": 20.0, "high": 20.0})
    theatre = replace_routes(scenario.theatre, road.model_copy(update=longer))
    world = at_the_block(replace(scenario, theatre=theatre))
    comes(world)
    pass_time(world, 1)
    minutes = minutes_round(world, world.operation, world.sites[world.operation.site])
    assert minutes > 20.0
    pass_time(world, int(minutes) - 1)
    assert there(world, beyond=True) == 0
    pass_time(world, 2)
    assert there(world, beyond=True) == there(world, beyond=False) > 0
    assert world.operation.road_closed


def replace_routes(theatre, route):
    return Theatre(theatre.places, {**theatre.routes, route.id: route}, theatre.municipalities, theatre.walking)


def test_a_journey_over_the_blocked_road_takes_another_one_or_ends_at_the_block(scenario, blocked):
    direct = scenario.theatre.travel("zvecan", "banjska")
    assert journey_by_road(blocked, "zvecan", "banjska") == direct
    road = scenario.theatre.routes[BLOCKED]
    beside = road.model_copy(update={"id": "another_road", "clear_minutes": road.clear_minutes.model_copy(update={"central": 1.7})})
    theatre = replace_routes(scenario.theatre, beside)
    world = at_the_block(replace(scenario, theatre=theatre))
    assert BLOCKED in theatre.travel("zvecan", "banjska").routes
    assert "another_road" in journey_by_road(world, "zvecan", "banjska").routes
    world.operation.mark("road_open", world.tick)
    assert BLOCKED in journey_by_road(world, "zvecan", "banjska").routes


def test_a_journey_that_does_not_use_the_road_takes_as_long_as_before(scenario, blocked):
    assert journey_by_road(blocked, "zvecan", "banjska_bridge") == scenario.theatre.travel("zvecan", "banjska_bridge")


def test_a_group_that_draws_back_leaves_the_block_standing(blocked):
    occupy(blocked, blocked.operation, Order("armed_leader", OrderKind.OCCUPY, 0.0, "to see", blocked.operation.site))
    assert blocked.operation.stage is GroupStage.HOLDING
    assert blocked.operation.road_closed
    assert not blocked.operation.block_held


def test_launch_at_the_place_closes_the_road_once(scenario):
    model = quiet_model(scenario, 3)
    model.run_for(1)
    world = model.world
    world.operation.stage = GroupStage.WAITING
    carry_out(world, Order("armed_leader", OrderKind.LAUNCH, 0.0, "to see", world.operation.site), GRANTED)
    assert world.operation.closed_routes == (BLOCKED,)
    assert said(world) == [("closed", None)]
