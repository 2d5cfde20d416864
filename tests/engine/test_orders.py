"""Orders: every kind is carried out, every order meets a permission, and what is refused changes nothing."""

from __future__ import annotations

import pytest
from worlds import CROWD, KFOR, POLICE, order, tables, zvecan, zvecan_with

from sim.doctrine.orders import Decision, Order
from sim.engine import decisions
from sim.engine.due_events import due_events
from sim.engine.orders_carried_out import CARRIED_OUT
from sim.engine.pictures import pictures_for
from sim.engine.run import play
from sim.engine.world import Pending
from sim.vocabulary import Authority, OrderKind, Verdict


@pytest.fixture(scope="module")
def day():
    return play(zvecan(), 1)


@pytest.fixture
def world():
    found, _ = zvecan_with()
    decisions.decide_and_permit(found)
    return found


@pytest.fixture
def site(world):
    return world.sites["zvecan"]


def picture(world, seat):
    """Return what the seat is shown of Zvečan now."""
    return next(shown for shown in pictures_for(world, seat) if shown.site == "zvecan")


def given(seat, kind, selectivity=0.0):
    return Order(seat, kind, selectivity, "to see", "zvecan")


def contingent_rows(world, site, name):
    contingents = [item.id for item in world.scenario.framework.command.contingents]
    return site.state.sections["contingent"] == contingents.index(name)


def test_every_kind_of_order_has_something_that_carries_it_out():
    assert set(CARRIED_OUT) == set(OrderKind)


def test_a_contingent_that_a_caveat_keeps_out_does_not_take_part(world, site):
    for kind, column in ((OrderKind.PUSH, "pushing"), (OrderKind.USE_AGENTS, "uses_agents")):
        order(world, kind, decision=Decision(Verdict.GRANTED, "X", excluded=(("italy", "C-italy"),)))
        taking_part = site.state.sections[column] == 1
        assert taking_part[contingent_rows(world, site, "hungary")].any()
        assert not taking_part[contingent_rows(world, site, "italy")].any()


def test_an_order_moves_the_seats_own_force_alone(world, site):
    police = site.state.sections["side"] == 1
    before = site.state.sections[police].tobytes()
    for kind in (OrderKind.PUSH, OrderKind.USE_AGENTS, OrderKind.HALT_PUSH, OrderKind.WITHDRAW):
        order(world, kind)
    assert site.state.sections[police].tobytes() == before


@pytest.mark.parametrize(
    ("taking_back", "pending"),
    [
        (OrderKind.HALT_PUSH, OrderKind.PUSH),
        (OrderKind.STOP_AGENTS, OrderKind.USE_AGENTS),
        (OrderKind.WITHDRAW, OrderKind.PUSH),
    ],
)
def test_an_order_that_ends_something_takes_back_what_still_waits_for_approval(world, taking_back, pending):
    decision = Decision(Verdict.DELAYED, "X", 30.0)
    world.standing.pending = [Pending(900_000, given(seat, pending), decision) for seat in (KFOR, POLICE)]
    order(world, taking_back)
    assert [item.order.seat for item in world.standing.pending] == [POLICE]
    taken = [entry for entry in world.record.entries if entry["kind"] == "taken_back"]
    assert [(entry["seat"], entry["order"], entry["by"]) for entry in taken] == [(KFOR, str(pending), str(taking_back))]


def test_a_refused_order_leaves_the_state_untouched_and_is_recorded_with_its_clause(world, site):
    before, entries = tables(site), len(world.record.entries)
    decisions.admit(world, given(KFOR, OrderKind.PUSH, 0.2), picture(world, KFOR))
    assert tables(site) == before
    assert world.standing.pending == []
    assert site.dealings.push_tick == -1
    told, judged = world.record.entries[entries:]
    assert (told["kind"], told["order"], told["because"]) == ("order", "push", "to see")
    assert (judged["kind"], judged["verdict"]) == ("permission", "refused")
    assert judged["clause"]
    assert judged["reasons"]
    assert world.memory(KFOR, "zvecan").denied.keys() == {OrderKind.PUSH}


def test_a_seat_of_the_crowd_cannot_order_a_push(world, site):
    decisions.admit(world, given(CROWD, OrderKind.PUSH), picture(world, CROWD))
    assert world.record.entries[-1]["verdict"] == "refused"
    assert not site.state.sections["pushing"].any()


def test_a_delayed_order_takes_effect_at_its_due_tick_and_leaves_its_authority_released(world, site, monkeypatch):
    monkeypatch.setattr(decisions, "permit", lambda *_: Decision(Verdict.DELAYED, "R-1", 2.6, ("asked",)))
    decisions.admit(world, given(KFOR, OrderKind.USE_AGENTS, 0.4), picture(world, KFOR))
    due = world.tick + 11
    assert [item.due_tick for item in world.standing.pending] == [due]
    while world.tick < due:
        assert not site.state.sections["uses_agents"].any()
        world.tick += 1
        due_events(world)
    assert world.tick == due
    assert site.state.sections["uses_agents"].any()
    assert site.state.situation[0]["agents_selectivity"] == 0.4
    assert world.memory(KFOR, "zvecan").granted == {Authority.AGENTS}
    assert [(entry["kind"], entry["tick"]) for entry in world.record.entries][-1] == ("effect", due)


def test_every_order_of_a_day_is_followed_by_its_permission_with_a_clause(day):
    entries = day.world.record.entries
    orders = [entry for entry in entries if entry["kind"] == "order" and entry["seat"] in day.world.seats]
    assert len(orders) > 10
    for entry in orders:
        judged = entries[entry["number"] + 1]
        assert (judged["kind"], judged["seat"], judged["order"], judged["tick"]) == (
            "permission",
            entry["seat"],
            entry["order"],
            entry["tick"],
        )
        assert judged["clause"]
        assert judged["verdict"] in set(Verdict)


def test_every_order_let_pass_on_a_day_has_its_effect_or_is_taken_back_or_still_waits(day):
    entries = day.world.record.entries
    passed = [entry for entry in entries if entry["kind"] == "permission" and entry["verdict"] != "refused"]
    ends = [entry for entry in entries if entry["kind"] in ("effect", "taken_back") and entry["seat"] in day.world.seats]
    assert len(passed) == len(ends) + len(day.world.standing.pending)


def test_entries_are_numbered_in_the_order_of_time(day):
    entries = day.world.record.entries
    assert [entry["number"] for entry in entries] == list(range(len(entries)))
    assert [entry["tick"] for entry in entries] == sorted(entry["tick"] for entry in entries)


def test_a_push_goes_beyond_the_stuck_vehicles_and_a_halt_keeps_the_ground(world, site):
    site.dealings.vehicles_stuck = True
    order(world, OrderKind.PUSH, selectivity=0.3)
    target = int(site.state.situation[0]["line_target"])
    assert target > site.ground.door_steps[site.ground.vehicles].max()
    assert site.dealings.push_tick == world.tick
    order(world, OrderKind.HALT_PUSH)
    assert not site.state.sections["pushing"].any()
    assert site.state.situation[0]["line_target"] <= target


def test_a_call_for_more_sets_a_waiting_wave_off_once(world, site):
    wave = next(wave for wave in site.waves if wave.arrival.on_order is OrderKind.CALL_FOR_MORE)
    rows = site.state.people[wave.first_row : wave.end_row]
    assert rows["arrival_tick"].min() > world.end_tick
    order(world, OrderKind.CALL_FOR_MORE, CROWD)
    called = rows["arrival_tick"].copy()
    assert world.tick <= called.min() < called.max() <= world.end_tick
    world.tick += 400
    order(world, OrderKind.CALL_FOR_MORE, CROWD)
    assert (rows["arrival_tick"] == called).all()


def test_talks_open_only_where_they_were_offered(world, site):
    order(world, OrderKind.ACCEPT_TALKS, CROWD)
    assert site.dealings.talks == "none"
    order(world, OrderKind.OPEN_TALKS)
    assert site.dealings.talks == "offered"
    order(world, OrderKind.ACCEPT_TALKS, CROWD)
    assert site.dealings.talks == "open"
