"""Concessions: each takes its time, changes what it says, and is paid for by both communities, once a site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import CROWD, KFOR, POLICE, entries, may_29, order, play_minutes, quiet_model

from sim.doctrine.concessions import CONCESSIONS
from sim.doctrine.seat_orders import SEAT_ORDERS
from sim.engine.state import Post
from sim.foundations.figures import Span
from sim.vocabulary import OrderKind

BY = {
    OrderKind.WALK_CREWS_OUT: POLICE,
    OrderKind.THIN_OUT_SPECIAL_POLICE: POLICE,
    OrderKind.REPLACE_POLICE_AT_DOOR: KFOR,
    OrderKind.MOVE_MAYOR: "pristina",
    OrderKind.OPEN_EXIT: KFOR,
    OrderKind.MEDIATE: "quint_nato",
    OrderKind.DEFER_ENTRY: "pristina",
    OrderKind.TELL_KFOR_BEFOREHAND: POLICE,
    OrderKind.WAIT: CROWD,
}
"""Who orders each kind."""
KINDS = sorted(CONCESSIONS)
NOTHING = Span(low=0.0, central=0.0, high=0.0)
AT_ONCE = {"takes_min": NOTHING}
FREE = dict.fromkeys(("confidence_cost", "grievance_relief", "precedent_cost", "movement_hours"), NOTHING) | {
    "licence_cost": {},
    "licence_gain": {},
}
DEAR = {
    "confidence_cost": Span(low=0.2, central=0.2, high=0.2),
    "grievance_relief": Span(low=0.4, central=0.4, high=0.4),
    "precedent_cost": Span(low=0.3, central=0.3, high=0.3),
    "movement_hours": Span(low=6.0, central=6.0, high=6.0),
    "licence_cost": {"pristina": Span(low=0.1, central=0.1, high=0.1)},
    "licence_gain": {"pristina": Span(low=0.05, central=0.05, high=0.05), "quint_nato": Span(low=0.2, central=0.2, high=0.2)},
}


def priced(**price):
    """Return 29 May with other prices of every concession, five minutes after its beginning."""
    scenario = may_29()
    rows = tuple(row.model_copy(update=price) for row in scenario.concessions.concessions)
    scenario = replace(scenario, concessions=scenario.concessions.model_copy(update={"concessions": rows}))
    model = quiet_model(scenario)
    play_minutes(model, 5)
    return model


def concede(model, kind, site="zvecan"):
    order(model.world, kind, BY[kind].replace("zvecan", site), site=site)


def done(world, kind, site="zvecan"):
    return entries(world, "concession", order=str(kind), site=site)


def test_every_concession_has_somebody_who_can_order_it():
    seats = may_29().file.seats
    assert set(BY) == CONCESSIONS
    assert all(kind in SEAT_ORDERS[seats[seat].organisation] for kind, seat in BY.items())


@pytest.mark.parametrize("kind", KINDS)
def test_a_concession_is_done_and_paid_for_after_its_time(kind):
    model = quiet_model(may_29())
    play_minutes(model, 5)
    begun, span = model.world.tick, model.world.scenario.concessions.of(kind).takes_min
    concede(model, kind)
    assert bool(done(model.world, kind)) == (span.high == 0.0)
    play_minutes(model, span.high + 1.0)
    told = done(model.world, kind)
    assert len(told) == 1
    minutes = (told[0]["tick"] - begun) * model.world.clock.base_tick_min
    assert span.low <= minutes <= span.high + 0.25


@pytest.mark.parametrize("kind", KINDS)
def test_both_communities_pay_and_licence_is_lost_and_won(kind):
    model = priced(**AT_ONCE, **DEAR)
    world, site = model.world, model.world.sites["zvecan"]
    people = site.state.people.copy()
    confidence, licence = world.standing.confidence, dict(world.standing.licence)
    concede(model, kind)
    assert world.standing.confidence == pytest.approx(confidence * 0.8)
    assert site.state.people["grievance"] == pytest.approx(people["grievance"] * 0.6)
    assert site.state.people["certainty"] == pytest.approx(people["certainty"] * 0.7)
    assert site.dealings.movement_hours == 6.0
    assert world.standing.licence["pristina"] == pytest.approx(licence["pristina"] - 0.05)
    assert world.standing.licence["quint_nato"] == pytest.approx(licence["quint_nato"] + 0.2)
    assert world.standing.licence["belgrade"] == licence["belgrade"]
    far = world.sites["leposavic"]
    assert far.dealings.movement_hours == 0.0
    assert far.state.people["grievance"].max() > site.state.people["grievance"].max()


@pytest.mark.parametrize("kind", KINDS)
def test_at_no_cost_and_no_relief_a_concession_changes_nobodys_mind(kind):
    model = priced(**AT_ONCE, **FREE)
    world, site = model.world, model.world.sites["zvecan"]
    people, confidence, licence = site.state.people.tobytes(), world.standing.confidence, dict(world.standing.licence)
    concede(model, kind)
    assert len(done(world, kind)) == 1
    assert site.state.people.tobytes() == people
    assert (world.standing.confidence, world.standing.licence, site.dealings.movement_hours) == (confidence, licence, 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_order_of_the_kind_changes_nothing_there_but_another_site_can_have_it(kind):
    model = priced(**AT_ONCE, **DEAR)
    concede(model, kind)
    confidence, grievance = model.world.standing.confidence, model.world.sites["zvecan"].state.people["grievance"].copy()
    concede(model, kind)
    assert len(done(model.world, kind)) == 1
    assert model.world.standing.confidence == confidence
    assert (model.world.sites["zvecan"].state.people["grievance"] == grievance).all()
    concede(model, kind, "leposavic")
    assert len(done(model.world, kind, "leposavic")) == 1
    assert model.world.standing.confidence < confidence


def test_relief_is_heard_as_a_concession_by_all_at_the_site_but_who_made_it_and_none_is_heard_without():
    for price, heard in ((DEAR, True), (FREE, False)):
        model = priced(**AT_ONCE, **price)
        concede(model, OrderKind.MOVE_MAYOR)
        world = model.world
        assert ("concession_made" in world.memory(CROWD, "zvecan").since) == heard
        assert "concession_made" not in world.memory("pristina", "zvecan").since
        assert "concession_made" not in world.memory("crowd_leposavic", "leposavic").since


@pytest.mark.parametrize("kind", [OrderKind.OPEN_EXIT, OrderKind.WAIT, OrderKind.TELL_KFOR_BEFOREHAND])
def test_what_gives_the_crowd_nothing_it_asked_for_is_not_heard_as_a_concession(kind):
    model = priced(**AT_ONCE, **DEAR)
    concede(model, kind)
    assert not any("concession_made" in memory.since for memory in model.world.standing.memory.values())


@pytest.fixture
def model():
    return priced(**AT_ONCE, **FREE)


def test_crews_who_walk_out_leave_their_vehicles_behind(model):
    site = model.world.sites["zvecan"]
    crews = site.state.sections["post"] == Post.VEHICLE
    site.dealings.vehicles_stuck = True
    site.state.sections["on_site"][crews] = 1
    vehicles = int((site.state.vehicle_clear_ticks >= 0).sum())
    concede(model, OrderKind.WALK_CREWS_OUT)
    assert vehicles == 3
    assert site.dealings.abandoned == vehicles
    assert not site.state.sections["on_site"][crews].any()
    assert (site.state.vehicle_clear_ticks == -1).all()
    assert "vehicles_out" in model.world.memory(KFOR, "zvecan").since


def test_where_no_vehicle_is_stuck_no_crew_walks_out(model):
    concede(model, OrderKind.WALK_CREWS_OUT)
    assert model.world.sites["zvecan"].dealings.abandoned == 0
    assert "vehicles_out" not in model.world.memory(KFOR, "zvecan").since


def test_every_second_section_of_special_police_leaves_and_nobody_else(model):
    sections = model.world.sites["zvecan"].state.sections
    special = (sections["special"] == 1) & (sections["on_site"] == 1) & (sections["post"] != Post.VEHICLE)
    before = sections["on_site"].copy()
    concede(model, OrderKind.THIN_OUT_SPECIAL_POLICE)
    left = np.flatnonzero(before != sections["on_site"])
    assert left.tolist() == np.flatnonzero(special)[::2].tolist()
    assert len(left) >= 1


def test_ways_out_are_opened(model):
    site = model.world.sites["zvecan"]
    site.state.situation[0]["exits_open"] = 0
    concede(model, OrderKind.OPEN_EXIT)
    assert site.state.situation[0]["exits_open"] == 1


@pytest.mark.parametrize(("before", "after"), [("none", "offered"), ("refused", "offered"), ("open", "open")])
def test_a_mediator_has_talks_offered_again_and_leaves_open_ones_open(model, before, after):
    site = model.world.sites["zvecan"]
    site.dealings.talks = before
    concede(model, OrderKind.MEDIATE)
    assert site.dealings.talks == after
    assert "talks_offered" in model.world.memory(CROWD, "zvecan").since


def test_an_entry_put_off_is_heard_by_the_police_at_that_site(model):
    concede(model, OrderKind.DEFER_ENTRY)
    assert "entry_deferred" in model.world.memory(POLICE, "zvecan").since
    assert "entry_deferred" not in model.world.memory("kp_leposavic", "leposavic").since


def test_only_kfor_is_told_beforehand_on_the_spot_and_above(model):
    concede(model, OrderKind.TELL_KFOR_BEFOREHAND)
    told = {seat for seat in model.world.seats for site in model.world.sites if "kfor_told" in model.world.memory(seat, site).since}
    assert told == {KFOR, "kfor_commander"}


@pytest.mark.parametrize("kind", [OrderKind.MOVE_MAYOR, OrderKind.WAIT])
def test_some_concessions_are_their_price_and_nothing_else(model, kind):
    site = model.world.sites["zvecan"]
    before = [getattr(site.state, name).tobytes() for name in ("people", "sections", "situation")]
    concede(model, kind)
    assert [getattr(site.state, name).tobytes() for name in ("people", "sections", "situation")] == before
