"""Approvals in play: busy desks make others wait, spent licence slows every answer, losses play red cards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import (
    KFOR,
    POLICE,
    ask_leave,
    entries,
    may_29,
    order,
    play_minutes,
    play_until,
    police_ask,
    quiet_model,
    silent,
    with_values,
)

from sim.doctrine.hand_over import Stage
from sim.doctrine.orders import Decision
from sim.doctrine.seat_orders import Organisation
from sim.engine.governments import constraint_on
from sim.engine.headquarters import queued_minutes
from sim.engine.run import new_model
from sim.engine.state import Post
from sim.vocabulary import OrderKind, Verdict

LEPOSAVIC = "kfor_leposavic"


def warned(scenario, **values):
    """Return a model in which KFOR may ask for leave to push at Zvečan and Leposavić: asked to come, pressed, and people warned."""
    model = new_model(with_values(scenario, **values), 5, silent(scenario))
    play_minutes(model, 5)
    for name in ("zvecan", "leposavic"):
        site = model.world.sites[name]
        police_ask(model.world, site, Organisation.KFOR, Stage.RECEIVED)
        order(model.world, OrderKind.TAKE_CORDON, f"kfor_{name}", site=name)
        site.dealings.gave_ground_tick = model.world.tick
        model.world.memory(f"kfor_{name}", name).since[OrderKind.WARN_BY_LOUDSPEAKER] = model.world.tick
    return model


def leave_to_push(world, site="zvecan"):
    return ask_leave(world, OrderKind.PUSH, f"kfor_{site}", site=site)


def through(*steps):
    return Decision(Verdict.DELAYED, "X", sum(minutes for _, minutes in steps), steps=steps)


@pytest.fixture
def world():
    model = quiet_model(may_29())
    play_minutes(model, 5)
    return model.world


def test_a_request_waits_while_its_desk_works_on_the_one_before(world):
    assert queued_minutes(world, through(("rc_east", 10.0))) == 0.0
    assert queued_minutes(world, through(("rc_east", 4.0))) == pytest.approx(10.0)
    assert queued_minutes(world, through(("rc_east", 4.0))) == pytest.approx(14.0)
    assert world.standing.queue_minutes == pytest.approx(24.0)


def test_a_request_to_another_desk_and_one_to_a_desk_that_is_free_again_do_not_wait(world):
    queued_minutes(world, through(("rc_east", 10.0)))
    assert queued_minutes(world, through(("rc_west", 10.0))) == 0.0
    world.tick += world.clock.ticks_in(10.0)
    assert queued_minutes(world, through(("rc_east", 10.0))) == 0.0
    assert world.standing.queue_minutes == 0.0


def test_a_request_waits_only_for_what_is_left_when_it_reaches_the_desk(world):
    queued_minutes(world, through(("kfor_commander", 10.0)))
    assert queued_minutes(world, through(("rc_east", 6.0), ("kfor_commander", 5.0))) == pytest.approx(4.0)


def test_a_second_site_that_asks_the_same_headquarters_gets_its_answer_later():
    alone = leave_to_push(warned(may_29()).world, "leposavic")
    world = warned(may_29()).world
    first, second = leave_to_push(world), leave_to_push(world, "leposavic")
    assert [told["verdict"] for told in (alone, first, second)] == ["delayed"] * 3
    assert (alone["queued_min"], first["queued_min"]) == (0.0, 0.0)
    assert second["queued_min"] > 0.0
    assert second["delay_min"] == pytest.approx(alone["delay_min"] + second["queued_min"], abs=0.002)
    due = {item.order.site: item.due_tick for item in world.standing.pending}
    assert due["leposavic"] == world.tick + world.clock.ticks_in(alone["delay_min"] + second["queued_min"])


def test_the_second_push_begins_when_its_own_approval_has_come():
    model = warned(may_29())
    world = model.world
    leave_to_push(world)
    leave_to_push(world, "leposavic")
    due = {item.order.site: item.due_tick for item in world.standing.pending}
    for site, tick in due.items():
        play_until(model, tick)
        assert world.sites[site].dealings.push_tick == -1
        model.step()
        assert world.sites[site].dealings.push_tick == tick


def delay_at(licence, **values):
    world = warned(may_29(), **values).world
    world.standing.licence["quint_nato"] = licence
    return leave_to_push(world)["delay_min"]


def test_the_less_licence_is_left_the_longer_approvals_take():
    plenty, half, none = (delay_at(licence, licence_weight=1.0) for licence in (1.0, 0.5, 0.0))
    assert 0.0 < plenty < half < none


def test_at_licence_weight_0_licence_changes_no_delay():
    assert delay_at(1.0, licence_weight=0.0) == delay_at(0.0, licence_weight=0.0) == delay_at(0.5, licence_weight=1.0)


def test_the_licence_of_others_governments_is_not_felt(world):
    own = constraint_on(world, Organisation.KFOR, next(iter(world.sites.values())))
    for government in ("pristina", "belgrade"):
        world.standing.licence[government] = 0.0
    assert constraint_on(world, Organisation.KFOR, next(iter(world.sites.values()))) == own
    assert constraint_on(world, Organisation.KOSOVO_POLICE, next(iter(world.sites.values()))) > own
    world.standing.licence["quint_nato"] = 0.0
    assert constraint_on(world, Organisation.KFOR, next(iter(world.sites.values()))) > own


def test_acting_unasked_spends_licence_and_a_government_gives_it_back_one_step_at_a_time_whatever_the_number_of_sites(world):
    before = world.standing.licence["quint_nato"]
    ask_leave(world, OrderKind.TAKE_CORDON)
    cost = entries(world, "cost")[0]["licence"]
    assert world.standing.licence["quint_nato"] == pytest.approx(before - cost, abs=1e-4)
    spent = world.standing.licence["quint_nato"]
    ask_leave(world, OrderKind.GIVE_LICENCE, "quint_nato")
    assert world.standing.licence["quint_nato"] == pytest.approx(min(spent + world.numbers["licence_step"], 1.0))
    ask_leave(world, OrderKind.GIVE_LICENCE, "quint_nato", site="leposavic")
    assert world.standing.licence["quint_nato"] == pytest.approx(min(spent + world.numbers["licence_step"], 1.0))


def test_a_government_that_urges_restraint_is_heard_by_the_seats_it_addresses_at_that_site(world):
    order(world, OrderKind.URGE_RESTRAINT, "quint_nato")
    heard = {seat for seat in world.seats if "restraint_urged" in world.memory(seat, "zvecan").since}
    assert {KFOR, "kfor_commander", POLICE} <= heard
    assert not heard & {"crowd_zvecan", "eulex", "quint_nato", LEPOSAVIC}
    assert not any("restraint_urged" in world.memory(seat, "leposavic").since for seat in world.seats)


def with_red_card(hurt):
    """Return 29 May with a caveat that keeps the Hungarians out of a push once so many of them have been hurt."""
    scenario = may_29()
    rules = scenario.framework.rules
    card = rules.caveats[1].model_copy(update={"id": "CARD", "contingent": "hungary", "order": OrderKind.PUSH, "active_after_hurt": hurt})
    rules = rules.model_copy(update={"caveats": (card,)})
    return replace(scenario, framework=replace(scenario.framework, rules=rules))


def pushing(model, lost):
    """Let some Hungarians be hurt, ask for a push, and return which contingents push, and the red cards played."""
    world, site = model.world, model.world.sites["zvecan"]
    contingents = [item.id for item in world.scenario.framework.command.contingents]
    hungarians = np.flatnonzero((site.state.sections["contingent"] == contingents.index("hungary")) & (site.state.sections["on_site"] == 1))
    site.state.sections["hurt"][hungarians[0]] = lost
    leave_to_push(world)
    play_until(model, world.standing.pending[0].due_tick + 1)
    push = site.state.sections[(site.state.sections["pushing"] == 1) & (site.state.sections["post"] == Post.LINE)]
    return {contingents[place] for place in push["contingent"].tolist()}, entries(world, "red_card")


def test_a_red_card_played_after_losses_keeps_its_contingent_out_and_no_other():
    push, cards = pushing(warned(with_red_card(3)), 3)
    assert push == {"italy"}
    assert [(card["contingent"], card["caveat"], card["site"]) for card in cards] == [("hungary", "CARD", "zvecan")]


def test_before_such_losses_no_red_card_is_played():
    push, cards = pushing(warned(with_red_card(3)), 2)
    assert push == {"italy", "hungary"}
    assert cards == []


def test_losses_at_one_site_play_no_red_card_at_another():
    world = warned(with_red_card(1)).world
    world.sites["leposavic"].state.sections["hurt"] = 5
    leave_to_push(world)
    assert entries(world, "red_card") == []
