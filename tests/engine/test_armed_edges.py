"""Edges of an operation: who is out of the fight does not fight, shares stay shares, a second night is dark, nobody searches unseen."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import GRANTED, quiet_model

from sim.adjudication.siege import cleared_in
from sim.deterrence.escalation import EscalationStep
from sim.doctrine.orders import Order
from sim.engine.decisions import carry_out
from sim.engine.encirclement import contact
from sim.engine.exchange_of_fire import hit_fighters
from sim.engine.operation import Duty, GroupStage
from sim.engine.pictures import pictures_for
from sim.engine.run import automatic_seats
from sim.engine.world import UnitPlace
from sim.scenario.loader import load_scenario
from sim.scenario.shipped import shipped_doctrines
from sim.seats.doctrine_table import load_doctrine
from sim.vocabulary import FighterPhase, Grade, OrderKind


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("banjska_2023")


def order(world, kind, seat):
    carry_out(world, Order(seat, kind, 0.0, "to see", world.operation.site), GRANTED)


def there(world, unit, duty):
    site = world.sites[world.operation.site]
    site.state.sections["on_site"][world.unit_rows[unit]] = 1
    world.standing.units[unit] = UnitPlace(site=site.name)
    world.operation.duties[unit] = duty
    return site.state.sections[world.unit_rows[unit]]


LIVE = {"hits_per_min": 1.0, "fire_share": 1.0, "police_cover": 0.0, "cover_in_compound": 0.0, "cover_in_position": 0.0}


def test_a_seriously_wounded_fighter_does_not_fire(scenario):
    model = quiet_model(scenario, 3, **LIVE)
    model.run_for(1)
    world, op = model.world, model.world.operation
    rows = there(world, "kp_special_north", Duty.ASSAULT)
    op.stage = GroupStage.HOLDING
    op.fighters["phase"] = FighterPhase.HOLDING
    op.fighters["grade"] = Grade.SERIOUS
    assert op.fit() == 0
    contact(world, 5.0)
    assert rows["hurt"].sum() == 0


def test_at_the_roadblock_dead_and_wounded_do_not_fire(scenario):
    model = quiet_model(scenario, 3, **(LIVE | {"cover_in_position": 1.0}))
    model.run_for(1)
    world, op = model.world, model.world.operation
    rows = there(world, "kp_patrol_zvecan_first", Duty.PATROL)
    op.stage = GroupStage.IN_CONTACT
    op.mark("contact", world.tick)
    op.fighters["phase"] = FighterPhase.KILLED
    op.fighters["grade"] = Grade.FATAL
    contact(world, 5.0)
    assert rows["hurt"].sum() == 0


def test_it_is_dark_in_the_second_night_too(scenario):
    op = quiet_model(scenario, 3).world.operation
    assert op.dark(240 * 23)
    assert not op.dark(240 * (24 + 12))
    assert op.dark(240 * (24 + 23))


def test_control_is_not_declared_where_nobody_searches(scenario):
    model = quiet_model(scenario, 3, sweep_section_hours=0.0)
    model.run_for(1)
    op = model.world.operation
    op.stage = GroupStage.BREAKING_OUT
    model.run_for(8)
    assert "control" not in op.happened


def test_a_share_cleared_is_a_share():
    assert cleared_in(0.0, 1.0, 0.0, 0.0, 0.0) == 0.0
    assert cleared_in(100.0, 600.0, 1.0, 0.0, 0.0) <= 1.0


def test_two_cells_hit_in_one_tick_do_not_share_their_draws(scenario):
    same = 0
    for seed in range(12):
        model = quiet_model(scenario, seed, hit_fatal_share=0.5, unevacuated_death_per_hour=0.0)
        world, op = model.world, model.world.operation
        site = world.sites[op.site]
        for rows in (np.arange(0, 5), np.arange(5, 10)):
            hit_fighters(world, op, site, f"cell {rows[0]}", rows, 3, 0.1)
        same += op.fighters["grade"][:5].tolist() == op.fighters["grade"][5:10].tolist()
    assert same < 6, same


def test_a_kfor_unit_that_extracts_a_patrol_does_not_join_the_polices_cordon(scenario):
    model = quiet_model(scenario, 3)
    model.run_for(1)
    world, op = model.world, model.world.operation
    op.stage = GroupStage.IN_CONTACT
    op.mark("contact", world.tick)
    order(world, OrderKind.ENCIRCLE, "kp_banjska")
    order(world, OrderKind.EXTRACT_PATROL, "kfor_commander")
    (unit,) = op.sections(Duty.PATROL)
    order(world, OrderKind.OCCUPY, "armed_leader")
    assert op.duties[unit] is not Duty.CORDON, unit


def test_readiness_that_comes_down_leaves_the_step_of_what_happened(scenario):
    model = quiet_model(scenario, 3)
    model.run_for(1)
    world, op = model.world, model.world.operation
    order(world, OrderKind.RAISE_ARMY_READINESS, "belgrade")
    order(world, OrderKind.LOWER_ARMY_READINESS, "belgrade")
    assert op.step is EscalationStep.ROUTINE


def test_local_grievance_stays_a_share(scenario):
    model = quiet_model(scenario, 3, search_grievance=0.5, search_hit_chance=0.0)
    model.run_for(1)
    for _ in range(3):
        order(model.world, OrderKind.SEARCH_VEHICLES, "kp_banjska")
    assert model.world.operation.local_grievance <= 1.0


def belgrade_after(scenario, minutes, seed=3):
    """What Belgrade's own table orders so long after a third party has warned, with readiness raised a day ago."""
    model = quiet_model(scenario, seed)
    model.run_for(1)
    world = model.world
    order(world, OrderKind.WARN_THIRD_PARTY, "quint_nato")
    memory = world.memory("belgrade", world.operation.site).since
    memory["third_party_warned"] -= world.clock.ticks_in(minutes)
    memory[OrderKind.RAISE_ARMY_READINESS] = world.tick - world.clock.ticks_in(1440.0)
    (picture,) = pictures_for(world, "belgrade")
    return [given.kind for given in automatic_seats(scenario)["belgrade"].decide(picture)]


def test_belgrade_lowers_readiness_half_a_day_after_a_third_party_has_warned(scenario):
    assert OrderKind.LOWER_ARMY_READINESS not in belgrade_after(scenario, 700.0)
    assert OrderKind.LOWER_ARMY_READINESS in belgrade_after(scenario, 720.0)


def test_without_a_warning_readiness_is_not_lowered(scenario):
    model = quiet_model(scenario, 3)
    model.run_for(1)
    world = model.world
    world.memory("belgrade", world.operation.site).since[OrderKind.RAISE_ARMY_READINESS] = world.tick - world.clock.ticks_in(1440.0)
    (picture,) = pictures_for(world, "belgrade")
    assert automatic_seats(scenario)["belgrade"].decide(picture) == []


@pytest.mark.parametrize("government", ["belgrade", "pristina", "quint_nato"])
def test_every_order_that_a_government_may_give_about_readiness_stands_in_some_table(scenario, government):
    allowed = next(item.orders for item in scenario.framework.command.governments if item.id == government)
    about = {OrderKind.RAISE_ARMY_READINESS, OrderKind.LOWER_ARMY_READINESS, OrderKind.WARN_THIRD_PARTY, OrderKind.ORDER_REINFORCEMENT}
    used = {row.order for path in shipped_doctrines().values() for row in load_doctrine(path).rows}
    assert about & set(allowed) <= used
