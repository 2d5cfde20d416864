"""Reserves: one finite pool for all sites; what is sent to one is missing at another, takes its time, and is free again late."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import (
    COMMANDER,
    KFOR,
    entries,
    may_29,
    on_site,
    order,
    play_minutes,
    play_until,
    put_before_line,
    quiet_model,
    silent,
    with_values,
)

from sim.engine.reserves import free_units, notice_and_travel_min, send
from sim.engine.run import new_model
from sim.engine.state import Post
from sim.scenario.shipped import shipped_doctrines
from sim.seats.doctrine_table import DoctrineSeat, load_doctrine
from sim.vocabulary import Conduct, OrderKind

COMPANY, PLATOON = "ktrbn_second_company", "msu_platoon"
STEADY = {
    "onset_per_min": 0.0,
    "stopping_per_min": 0.0,
    "leaving_per_min": 0.0,
    "throws_per_min": 0.0,
    "gunfire_per_min": 0.0,
    "line_giving_per_min": 0.0,
    "mood_count_error": 0.0,
    "planned_chance": 0.0,
}
"""Who is violent stays so, and nobody is hurt."""


@pytest.fixture
def model():
    found = quiet_model(may_29())
    play_minutes(found, 5)
    order(found.world, OrderKind.TAKE_CORDON)
    return found


def company_sent(model):
    """Set the reserve company off to Zvečan; return the minutes that it needs."""
    world = model.world
    send(world, next(unit for unit in free_units(world, "kfor") if unit.id == COMPANY), world.sites["zvecan"])
    return entries(world, "movement", what="sent", unit=COMPANY)[0]["minutes"]


def sent(world, site):
    """Return the units sent to a site, in order."""
    return [entry["unit"] for entry in entries(world, "movement", what="sent", site=site)]


def test_units_sent_to_one_site_leave_none_for_another_and_the_order_has_no_effect_there(model):
    world = model.world
    pool = len(free_units(world, "kfor"))
    assert pool == 2
    for _ in range(pool):
        order(world, OrderKind.SEND_RESERVE, COMMANDER, site="zvecan")
    order(world, OrderKind.SEND_RESERVE, COMMANDER, site="leposavic")
    assert sorted(sent(world, "zvecan")) == [COMPANY, PLATOON]
    assert sent(world, "leposavic") == []
    assert len(entries(world, "movement", what="no_reserve_left", site="leposavic")) == 1
    play_minutes(model, 6 * 60)
    assert on_site(world.sites["zvecan"], world, COMPANY)["on_site"].all()
    for unit in (COMPANY, PLATOON):
        assert not on_site(world.sites["leposavic"], world, unit)["on_site"].any()


@pytest.mark.parametrize("site", ["zvecan", "leposavic", "north_mitrovica"])
def test_the_free_unit_that_would_be_there_first_goes_and_only_the_organisations_own(model, site):
    world = model.world
    minutes = {unit.id: notice_and_travel_min(world, unit, world.sites[site], 0.5, 0.5) for unit in free_units(world, "kfor")}
    order(world, OrderKind.SEND_RESERVE, COMMANDER, site=site)
    order(world, OrderKind.SEND_RESERVE, f"kp_{site}", site=site)
    assert sent(world, site) == [min(minutes, key=minutes.get), "kp_special_reserve"]
    assert len(set(minutes.values())) == 2


def test_a_unit_arrives_after_notice_and_journey_within_their_spans(model):
    world, begun = model.world, model.world.tick
    minutes = company_sent(model)
    unit = next(item for item in world.scenario.framework.command.units if item.id == COMPANY)
    journey = world.scenario.theatre.travel(unit.base, "zvecan")
    notice = unit.notice_to_move_min
    assert notice.low + journey.minutes_low <= minutes <= notice.high + journey.minutes_high
    due = begun + world.clock.ticks_in(minutes)
    play_until(model, due)
    assert not on_site(world.sites["zvecan"], world, COMPANY)["on_site"].any()
    model.step()
    assert on_site(world.sites["zvecan"], world, COMPANY)["on_site"].all()
    arrival = entries(world, "event", what="support_arrives", event=COMPANY)
    assert [(entry["tick"], entry["site"]) for entry in arrival] == [(due, "zvecan")]
    assert "support_arrived" in world.memory(KFOR, "zvecan").since
    assert "support_arrived" not in world.memory("kp_zvecan", "zvecan").since


def test_a_unit_that_arrives_joins_the_line_which_spreads_evenly_over_all_of_it(model):
    world = model.world
    site = world.sites["zvecan"]
    in_line = (site.state.sections["on_site"] == 1) & (site.state.sections["post"] == Post.LINE)
    before = int(in_line.sum())
    company_sent(model)
    play_minutes(model, 4 * 60)
    sections = site.state.sections
    line = sections[(sections["on_site"] == 1) & (sections["post"] == Post.LINE)]
    assert len(line) == before + 10
    assert np.sort(line["bearing"]) == pytest.approx((np.arange(len(line)) + 0.5) / len(line))
    assert set(on_site(site, world, COMPANY)["rank"].tolist()) == {site.file.cordon_steps}
    rings = {int(site.ground.rings[site.file.cordon_steps, place]) for place in range(site.ground.ring_length[site.file.cordon_steps])}
    assert set(on_site(site, world, COMPANY)["cell"].tolist()) <= rings


def test_a_police_unit_joins_the_second_line_ready_to_detain(model):
    world = model.world
    for _ in range(2):
        order(world, OrderKind.SEND_RESERVE, COMMANDER)
    play_minutes(model, 5 * 60)
    platoon = on_site(world.sites["zvecan"], world, PLATOON)
    assert platoon["on_site"].all()
    assert set(platoon["post"].tolist()) == {Post.SECOND_LINE}
    assert platoon["detains"].all()


def test_a_unit_sent_back_is_free_only_after_its_journey(model):
    world = model.world
    company_sent(model)
    play_minutes(model, 5 * 60)
    assert on_site(world.sites["zvecan"], world, COMPANY)["on_site"].all()
    begun = world.tick
    order(world, OrderKind.RECALL_RESERVE, COMMANDER)
    assert not on_site(world.sites["zvecan"], world, COMPANY)["on_site"].any()
    minutes = entries(world, "movement", what="recalled", unit=COMPANY)[0]["minutes"]
    assert minutes > 0.0
    play_until(model, begun + world.clock.ticks_in(minutes))
    assert COMPANY not in [unit.id for unit in free_units(world, "kfor")]
    model.step()
    assert COMPANY in [unit.id for unit in free_units(world, "kfor")]


def test_a_unit_takes_its_losses_along_to_the_next_site(model):
    world = model.world
    company_sent(model)
    play_minutes(model, 5 * 60)
    lost = on_site(world.sites["zvecan"], world, COMPANY)
    lost["hurt"], lost["serious"] = 3, 2
    order(world, OrderKind.RECALL_RESERVE, COMMANDER)
    play_minutes(model, 60)
    send(world, next(unit for unit in free_units(world, "kfor") if unit.id == COMPANY), world.sites["leposavic"])
    play_minutes(model, 5 * 60)
    there = on_site(world.sites["leposavic"], world, COMPANY)
    assert there["on_site"].all()
    assert (there["strength"] - there["serious"]).tolist() == [8] * 10


def test_units_deployed_for_the_day_are_no_reserve_and_stay_when_it_is_recalled(model):
    world = model.world
    before = world.sites["zvecan"].state.sections["on_site"].copy()
    order(world, OrderKind.RECALL_RESERVE, COMMANDER)
    assert (world.sites["zvecan"].state.sections["on_site"] == before).all()
    assert entries(world, "movement") == []


def after_two_crowds(doctrine):
    """Return the world in which violence begins at Zvečan, and two hours later at Leposavić, the commander by this doctrine."""
    scenario = with_values(may_29(), **STEADY)
    table = load_doctrine(shipped_doctrines()[doctrine])
    model = new_model(scenario, 5, silent(scenario) | {COMMANDER: DoctrineSeat(table, COMMANDER)})
    for site in ("zvecan", "leposavic"):
        play_minutes(model, 5)
        order(model.world, OrderKind.TAKE_CORDON, f"kfor_{site}", site=site)
        put_before_line(model.world, model.world.sites[site], Conduct.VIOLENT, 60)
        play_minutes(model, 115)
    return model


@pytest.mark.parametrize(("doctrine", "at_zvecan"), [("kfor_commander_massing", 2), ("kfor_commander_reserve", 1)])
def test_who_masses_at_the_first_site_has_nothing_left_and_who_holds_one_back_has_it_still(doctrine, at_zvecan):
    model = after_two_crowds(doctrine)
    world = model.world
    assert len(sent(world, "zvecan")) == at_zvecan
    assert sent(world, "leposavic") == []
    assert len(free_units(world, "kfor")) == 2 - at_zvecan
    calmed = world.sites["zvecan"].state.people
    calmed["conduct"][calmed["conduct"] == Conduct.VIOLENT] = Conduct.STANDING
    play_until(model, world.clock.tick_at(world.day.file.start.replace(hour=20)))
    assert (len(sent(world, "leposavic")) > 0) == (at_zvecan == 1)
