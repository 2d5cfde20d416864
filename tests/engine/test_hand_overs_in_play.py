"""Hand-overs in play: who is asked, who comes, who stands at the door, and who leads meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import (
    COMMANDER,
    EULEX,
    KFOR,
    POLICE,
    ask_leave,
    entries,
    may_29,
    on_site,
    order,
    play_minutes,
    police_ask,
    quiet_model,
)

from sim.doctrine.hand_over import Stage
from sim.doctrine.orders import Decision
from sim.doctrine.seat_orders import Organisation
from sim.engine import decisions
from sim.engine.pictures import pictures_for
from sim.engine.state import Post
from sim.vocabulary import OrderKind, Side, Verdict

SURE = {"wrong_desk_chance": 0.0, "unclear_request_chance": 0.0, "no_common_picture_chance": 0.0, "left_early_chance": 0.0}
UNIT = "eulex_police_unit"


@pytest.fixture
def model():
    found = quiet_model(may_29(), **SURE)
    play_minutes(found, 5)
    return found


@pytest.fixture
def site(model):
    return model.world.sites["zvecan"]


def stages(world, number=1):
    return [entry["stage"] for entry in entries(world, "hand_over", hand_over=number)]


def waiting(world, seat, site):
    return next(picture.request_waiting for picture in pictures_for(world, seat) if picture.site == site)


def until_heard(model):
    """Play until EULEX has heard the request of the police at Zvečan; return the minutes that it took."""
    order(model.world, OrderKind.REQUEST_SUPPORT, POLICE)
    begun = model.world.tick
    assert not waiting(model.world, EULEX, "zvecan")
    while not waiting(model.world, EULEX, "zvecan"):
        assert model.world.minutes_since(begun) < 200.0
        model.step()
    return model.world.minutes_since(begun)


def test_a_request_of_the_police_is_heard_by_eulexs_seat_after_the_time_it_takes_to_cross(model):
    minutes = until_heard(model)
    span, numbers = model.world.scenario.framework.mandate.liaison_min, model.world.numbers
    faster = 1.0 - numbers["shared_procedures_minutes_saved"] * numbers["shared_procedures_quality"]
    assert span.low * faster <= minutes <= span.high * faster + 1.0
    assert not waiting(model.world, EULEX, "leposavic")
    assert not waiting(model.world, COMMANDER, "zvecan")


def test_a_request_that_nobody_answers_waits_for_the_seat_and_brings_nobody(model, site):
    until_heard(model)
    play_minutes(model, 8 * 60)
    assert waiting(model.world, EULEX, "zvecan")
    assert not on_site(site, model.world, UNIT)["on_site"].any()


def test_a_request_accepted_brings_the_unit_which_supports_and_leaves_the_lead_where_it_was(model, site):
    until_heard(model)
    order(model.world, OrderKind.ACCEPT_REQUEST, EULEX)
    begun = model.world.tick
    unit = next(item for item in model.world.scenario.framework.command.units if item.id == UNIT)
    while not on_site(site, model.world, UNIT)["on_site"].any():
        assert model.world.minutes_since(begun) < 300.0
        model.step()
    journey = model.world.scenario.theatre.travel(unit.base, "zvecan")
    assert model.world.minutes_since(begun) >= unit.notice_to_move_min.low + journey.minutes_low
    play_minutes(model, 120)
    assert stages(model.world)[-1] == Stage.HOLDING
    assert site.lead.supporting >= {Organisation.EULEX}
    assert site.lead.leads == {Organisation.KOSOVO_POLICE}
    assert "support_arrived" in model.world.memory(EULEX, "zvecan").since
    assert not model.world.sites["leposavic"].state.sections["on_site"][model.world.unit_rows[UNIT]].any()


def test_support_on_its_way_is_seen_by_who_asked_for_it_and_by_who_sends_it(model):
    until_heard(model)
    order(model.world, OrderKind.ACCEPT_REQUEST, EULEX)
    play_minutes(model, 2)
    assert [picture.support_coming for picture in pictures_for(model.world, POLICE)] == [True]
    for seat, coming in ((EULEX, {"zvecan"}), (COMMANDER, set())):
        assert {picture.site for picture in pictures_for(model.world, seat) if picture.support_coming} == coming


def test_a_request_refused_is_heard_by_who_asked_there_alone_and_the_next_responder_is_asked_next(model):
    world = model.world
    until_heard(model)
    order(world, OrderKind.REFUSE_REQUEST, EULEX)
    play_minutes(model, 2)
    assert stages(world)[-1] == Stage.FAILED
    assert "request_refused" in world.memory(POLICE, "zvecan").since
    assert "request_refused" not in world.memory("kp_leposavic", "leposavic").since
    assert "request_refused" not in world.memory(KFOR, "zvecan").since
    order(world, OrderKind.REQUEST_SUPPORT, POLICE)
    assert [entry["asked"] for entry in entries(world, "hand_over", hand_over=2)] == ["kfor"]


def test_a_unit_that_goes_to_one_site_cannot_answer_another(model):
    world = model.world
    for site, police in (("zvecan", POLICE), ("leposavic", "kp_leposavic")):
        order(world, OrderKind.REQUEST_SUPPORT, police, site=site)
    play_minutes(model, 200)
    for site in ("zvecan", "leposavic"):
        order(world, OrderKind.ACCEPT_REQUEST, EULEX, site=site)
    play_minutes(model, 5)
    assert stages(world, 1)[-1] in (Stage.NOTICE_TO_MOVE, Stage.EN_ROUTE)
    assert entries(world, "hand_over", hand_over=2)[-1]["failure"] == "no_force_left"
    assert "request_refused" in world.memory("kp_leposavic", "leposavic").since


@pytest.mark.parametrize("kind", [OrderKind.TAKE_CORDON, OrderKind.PUSH])
def test_kfor_that_acts_unasked_makes_two_leads_until_the_two_have_co_ordinated(model, site, monkeypatch, kind):
    if kind is OrderKind.PUSH:
        site.dealings.vehicles_stuck = True
        monkeypatch.setattr(decisions, "permit", lambda *_: Decision(Verdict.GRANTED, "FORCED"))
    else:
        site.lead.supporting.clear()
    assert site.lead.leads == {Organisation.KOSOVO_POLICE}
    ask_leave(model.world, kind)
    assert site.lead.leads == {Organisation.KOSOVO_POLICE, Organisation.KFOR}
    play_minutes(model, 2)
    assert site.dealings.lead_minutes["two"] > 0.0
    play_minutes(model, 5 * 60)
    assert site.lead.leads == {Organisation.KFOR}
    assert Organisation.KOSOVO_POLICE in site.lead.supporting
    assert model.world.sites["leposavic"].lead.leads == {Organisation.KOSOVO_POLICE}
    told = entries(model.world, "hand_over", asked="kfor")
    assert len({entry["hand_over"] for entry in told}) == 1
    assert told[-1]["leads"] == ["kfor"]


def test_a_force_that_supports_takes_no_lead_by_a_cordon(model, site):
    assert Organisation.KFOR in site.lead.supporting
    ask_leave(model.world, OrderKind.TAKE_CORDON)
    play_minutes(model, 30)
    assert site.lead.leads == {Organisation.KOSOVO_POLICE}


def test_an_order_that_waits_for_approval_claims_the_lead_only_when_it_takes_effect(model, site, monkeypatch):
    site.dealings.vehicles_stuck = True
    monkeypatch.setattr(decisions, "permit", lambda *_: Decision(Verdict.DELAYED, "X", 20.0))
    ask_leave(model.world, OrderKind.PUSH)
    play_minutes(model, 19)
    assert site.lead.leads == {Organisation.KOSOVO_POLICE}
    play_minutes(model, 2)
    assert site.lead.leads == {Organisation.KOSOVO_POLICE, Organisation.KFOR}


def test_who_acts_unasked_pays_trust_and_licence_once_a_day_and_who_was_asked_nothing(model, site):
    other = quiet_model(may_29(), **SURE)
    play_minutes(other, 5)
    police_ask(other.world, other.world.sites["zvecan"], Organisation.KFOR, Stage.RECEIVED)
    for played in (model, other):
        for _ in range(2):
            assert ask_leave(played.world, OrderKind.TAKE_CORDON)["verdict"] == "granted"
    assert len(entries(model.world, "cost")) == 1
    assert entries(other.world, "cost") == []
    assert model.world.standing.licence["quint_nato"] <= other.world.standing.licence["quint_nato"]
    assert other.world.sites["zvecan"].lead.leads == {Organisation.KOSOVO_POLICE}


def test_a_request_opens_kfors_permission_only_at_its_own_site_and_only_once_it_has_been_understood(model, site):
    request = police_ask(model.world, site, Organisation.KFOR)
    clauses = [ask_leave(model.world, OrderKind.TAKE_CORDON)["clause"]]
    request.stage = Stage.RECEIVED
    clauses.append(ask_leave(model.world, OrderKind.TAKE_CORDON)["clause"])
    clauses.append(ask_leave(model.world, OrderKind.TAKE_CORDON, "kfor_leposavic", site="leposavic")["clause"])
    responders = model.world.scenario.framework.mandate.responders
    unasked = responders.overrides[0].clause
    assert clauses == [unasked, responders.clause, unasked]


def test_a_force_that_withdraws_leaves_the_site_without_a_lead(model, site):
    order(model.world, OrderKind.WITHDRAW, POLICE)
    assert site.lead.leads == set()
    before = dict(site.dealings.lead_minutes)
    play_minutes(model, 60)
    assert site.dealings.lead_minutes["none"] - before["none"] == pytest.approx(60.0)
    assert site.dealings.lead_minutes["one"] == before["one"]


def test_minutes_of_lead_add_up_to_the_time_played_whatever_happens_to_the_lead(model, site):
    site.lead.supporting.clear()
    ask_leave(model.world, OrderKind.TAKE_CORDON)
    play_minutes(model, 5 * 60)
    order(model.world, OrderKind.WITHDRAW, POLICE)
    order(model.world, OrderKind.WITHDRAW, KFOR)
    play_minutes(model, 25)
    minutes = site.dealings.lead_minutes
    assert all(part > 0.0 for part in minutes.values())
    assert sum(minutes.values()) == pytest.approx(330.0)


def test_a_force_that_has_left_the_site_is_given_no_lead_there(model, site):
    site.lead.supporting.clear()
    ask_leave(model.world, OrderKind.TAKE_CORDON)
    play_minutes(model, 1)
    order(model.world, OrderKind.WITHDRAW, KFOR)
    play_minutes(model, 5 * 60)
    assert site.lead.leads == {Organisation.KOSOVO_POLICE}


def test_kfor_at_the_door_takes_the_places_of_the_police_and_those_inside_stay(model, site):
    world, sections = model.world, site.state.sections
    police = (sections["side"] == Side.KOSOVO_POLICE) & (sections["on_site"] == 1)
    at_door = police & (sections["post"] == Post.DOOR)
    needed = int(at_door.sum())
    order(world, OrderKind.REPLACE_POLICE_AT_DOOR)
    assert sections["on_site"][at_door].all()
    play_minutes(model, 9 * 60)
    assert not sections["on_site"][at_door].any()
    assert sections["on_site"][police & ~at_door].all()
    door = (sections["post"] == Post.DOOR) & (sections["on_site"] == 1)
    assert int(door.sum()) == needed > 0
    assert set(sections["side"][door].tolist()) == {Side.KFOR}
    assert set(sections["cell"][door].tolist()) == {site.plan.cell_of(site.file.door)}
    assert site.lead.leads == {Organisation.KFOR}
    assert "concession_made" in world.memory("crowd_zvecan", "zvecan").since


def test_who_took_the_door_keeps_it_when_the_cordon_is_taken_again(model, site):
    order(model.world, OrderKind.REPLACE_POLICE_AT_DOOR)
    play_minutes(model, 9 * 60)
    door = np.flatnonzero((site.state.sections["post"] == Post.DOOR) & (site.state.sections["on_site"] == 1))
    order(model.world, OrderKind.TAKE_CORDON)
    assert set(site.state.sections["post"][door].tolist()) == {Post.DOOR}


def test_the_lead_goes_back_only_after_the_relieved_force_has_rested_and_the_unit_goes_home(model, site):
    world = model.world
    police_ask(world, site, Organisation.EULEX, Stage.RECEIVED, with_lead=True)
    order(world, OrderKind.ACCEPT_REQUEST, EULEX)
    while site.lead.leads != {Organisation.EULEX}:
        assert world.tick < world.end_tick - 1
        model.step()
    order(world, OrderKind.HAND_BACK, EULEX)
    play_minutes(model, 5)
    assert site.lead.leads == {Organisation.EULEX}
    play_minutes(model, world.numbers["regenerating_min"] + 1.0)
    order(world, OrderKind.HAND_BACK, EULEX)
    play_minutes(model, 3 * 60)
    assert site.lead.leads == {Organisation.KOSOVO_POLICE}
    assert not on_site(site, world, UNIT)["on_site"].any()
    assert world.standing.units[UNIT].site == ""
