"""Seats, mandate, responders and KSF: who may act at all, and the clause that says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moments import WARNED, government, kfor, order, police, with_mandate

from sim.doctrine.framework import Framework
from sim.doctrine.mandate import KsfAccess, ResponderOrder
from sim.doctrine.permissions import KSF_ENTERS, PermissionContext, override_used, permit
from sim.doctrine.seat_orders import RESPONDERS, SEAT_ORDERS, TASK_OF
from sim.vocabulary import OrderKind, Verdict

# seats


def test_a_crowd_cannot_push_with_shields(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.PUSH), PermissionContext("crowd"), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "SEAT-CROWD")
    assert "a seat of the crowd cannot order 'push'" in decision.reasons[0]


def test_crowds_and_governments_pass_with_what_their_seats_can_order(zvecan: Framework) -> None:
    assert permit(order(OrderKind.SIT_DOWN), PermissionContext("crowd"), zvecan).verdict is Verdict.GRANTED
    decision = permit(order(OrderKind.URGE_RESTRAINT), government("quint_nato"), zvecan)
    assert (decision.verdict, decision.delay_min) == (Verdict.GRANTED, 0.0)
    assert permit(order(OrderKind.OPEN_TALKS), government("quint_nato"), zvecan).clause == "SEAT-GOVERNMENT"


def test_a_government_orders_what_the_scenario_lists_for_it_and_nothing_else(zvecan: Framework) -> None:
    for item in zvecan.command.governments:
        for kind in OrderKind:
            decision = permit(order(kind), government(item.id), zvecan)
            assert (decision.verdict is Verdict.GRANTED) == (kind in item.orders), (item.id, kind)
    refused = permit(order(OrderKind.ORDER_ENTRY), government("belgrade"), zvecan)
    assert refused.reasons == ("Government of Serbia cannot order 'order entry'",)


def test_only_the_police_enter_a_building_and_only_they_thin_out_or_tell_kfor_beforehand(zvecan: Framework) -> None:
    for kind in (OrderKind.ENTER_BUILDING, OrderKind.THIN_OUT_SPECIAL_POLICE, OrderKind.TELL_KFOR_BEFOREHAND):
        for force in (*RESPONDERS, "crowd", "government"):
            verdict = permit(order(kind), PermissionContext(force), zvecan).verdict
            assert (verdict is Verdict.GRANTED) == (force == "kosovo_police"), (kind, force)


def test_talking_and_easing_need_nobody(zvecan: Framework) -> None:
    for force in RESPONDERS:
        for kind in SEAT_ORDERS[force] - TASK_OF.keys() - (set(KSF_ENTERS) if force == "ksf" else set()):
            decision = permit(order(kind), PermissionContext(force), zvecan)
            assert (decision.verdict, decision.delay_min) == (Verdict.GRANTED, 0.0), (kind, force)


@pytest.mark.parametrize("kind", [OrderKind.REQUEST_SUPPORT, OrderKind.ACCEPT_REQUEST, OrderKind.SEND_RESERVE, OrderKind.RECALL_RESERVE])
def test_to_ask_and_to_answer_is_nobodys_leave(zvecan: Framework, kind: OrderKind) -> None:
    for force in RESPONDERS:
        enters = force == "ksf" and kind in KSF_ENTERS
        assert permit(order(kind), PermissionContext(force), zvecan).clause == ("M-2013" if enters else f"SEAT-{force.upper()}")
    assert permit(order(kind), PermissionContext("crowd"), zvecan).verdict is Verdict.REFUSED


def test_ksf_comes_to_the_north_only_as_its_access_lets_it(zvecan: Framework) -> None:
    found = {}
    for access in KsfAccess:
        mandate = zvecan.mandate.model_copy(update={"ksf": zvecan.mandate.ksf.model_copy(update={"access": access})})
        for kind in KSF_ENTERS:
            decision = permit(order(kind), PermissionContext("ksf"), replace(zvecan, mandate=mandate))
            found.setdefault(access, set()).add(decision.verdict)
    assert found == {
        KsfAccess.NONE: {Verdict.REFUSED},
        KsfAccess.WITH_APPROVAL: {Verdict.DELAYED},
        KsfAccess.BY_AGREEMENT: {Verdict.GRANTED},
        KsfAccess.AUTONOMOUS: {Verdict.GRANTED},
    }


# mandate


def test_a_task_no_row_gives_is_refused_under_the_clause_on_silence(zvecan: Framework) -> None:
    rows = tuple(row for row in zvecan.mandate.tasks if row.task != "separate")
    decision = permit(order(OrderKind.TAKE_CORDON), kfor(), with_mandate(zvecan, tasks=rows))
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "M-SILENCE")
    assert "nato council can change clause M-SILENCE, in 14 to 365 days" in decision.reasons


def test_a_task_that_is_forbidden_is_refused_under_its_own_clause(zvecan: Framework) -> None:
    rows = tuple(row.model_copy(update={"allowed": row.task != "disperse"}) for row in zvecan.mandate.tasks)
    decision = permit(order(OrderKind.PUSH), kfor(vehicles_stuck=3, minutes_since=WARNED), with_mandate(zvecan, tasks=rows))
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "M-PLAN")


def test_a_task_that_needs_approval_waits_for_it(zvecan: Framework) -> None:
    span = zvecan.mandate.liaison_min
    rows = tuple(
        row.model_copy(update={"approval_holder": "jfc_naples", "approval_min": span}) if row.task == "separate" else row
        for row in zvecan.mandate.tasks
    )
    decision = permit(order(OrderKind.TAKE_CORDON), kfor(), with_mandate(zvecan, tasks=rows))
    assert (decision.verdict, decision.clause) == (Verdict.DELAYED, "M-1244")
    assert decision.delay_min > 100
    assert "needs the approval of Joint Force Command Naples" in decision.reasons[0]


@pytest.mark.parametrize("kind", [OrderKind.HOLD_BUILDING, OrderKind.REPLACE_POLICE_AT_DOOR])
def test_kfor_takes_a_building_or_a_door_only_when_its_commander_says_so(zvecan: Framework, kind: OrderKind) -> None:
    decision = permit(order(kind), kfor(), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.DELAYED, "M-PROPERTY")
    assert decision.steps[-1][0] == "kfor_commander"
    assert "needs the approval of the KFOR commander" in decision.reasons[0]
    assert permit(order(kind), kfor(headquarters="kfor_commander"), zvecan).verdict is Verdict.GRANTED


def test_police_hold_and_enter_buildings_on_their_own_word(zvecan: Framework) -> None:
    for kind in (OrderKind.HOLD_BUILDING, OrderKind.ENTER_BUILDING):
        decision = permit(order(kind), police(), zvecan)
        assert (decision.verdict, decision.clause, decision.delay_min) == (Verdict.GRANTED, "M-POLICE", 0.0)


def test_barriers_keep_sides_apart_and_need_what_a_cordon_needs(zvecan: Framework) -> None:
    for moment in (kfor(), kfor(requested=True), police()):
        cordon, barriers = (permit(order(kind), moment, zvecan) for kind in (OrderKind.TAKE_CORDON, OrderKind.PUT_UP_BARRIERS))
        assert (barriers.verdict, barriers.clause) == (cordon.verdict, cordon.clause)


# responders


def test_the_order_of_responders_is_a_default_not_a_lock(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.TAKE_CORDON), kfor(), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.GRANTED, "M-UNASKED")
    assert "acts unasked for safe and secure environment" in decision.reasons[0]
    used = override_used(order(OrderKind.TAKE_CORDON), kfor(), zvecan)
    assert used is not None and used.trust_cost.central > 0


def test_acting_on_request_costs_nothing(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.TAKE_CORDON), kfor(requested=True), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.GRANTED, "M-RESPONDERS")
    assert override_used(order(OrderKind.TAKE_CORDON), kfor(requested=True), zvecan) is None


def test_kfor_does_not_disperse_unasked_without_a_ground(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.PUSH), kfor(line_pressed=True, minutes_since=WARNED), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "M-RESPONDERS")
    assert "only when EULEX asks" in decision.reasons[0]


def test_eulex_waits_for_the_police_and_has_no_ground_of_its_own(zvecan: Framework) -> None:
    moment = PermissionContext("eulex", "eulex_fpu", vehicles_stuck=3, violent=50, minutes_since=WARNED)
    assert permit(order(OrderKind.PUSH), moment, zvecan).clause == "M-RESPONDERS"
    asked = permit(order(OrderKind.PUSH), replace(moment, requested=True), zvecan)
    assert (asked.verdict, asked.clause) == (Verdict.DELAYED, "ROE-EULEX-PUSH")


@pytest.mark.parametrize("way", [ResponderOrder.CONCURRENT, ResponderOrder.KFOR_FIRST])
def test_kfor_needs_no_request_where_it_is_first_or_all_act(zvecan: Framework, way: ResponderOrder) -> None:
    other = with_mandate(zvecan, responders=zvecan.mandate.responders.model_copy(update={"order": way}))
    assert permit(order(OrderKind.TAKE_CORDON), kfor(), other).clause == "M-1244"


def test_with_kfor_first_the_police_act_at_its_request(zvecan: Framework) -> None:
    first = zvecan.mandate.responders.model_copy(update={"order": ResponderOrder.KFOR_FIRST})
    decision = permit(order(OrderKind.TAKE_CORDON), police(), with_mandate(zvecan, responders=first))
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "M-RESPONDERS")


# KSF


def ksf(framework: Framework, **changes: object) -> Framework:
    return with_mandate(framework, ksf=framework.mandate.ksf.model_copy(update=changes))


@pytest.mark.parametrize(
    ("access", "task", "verdict"),
    [
        ("none", "protection_of_minority", Verdict.REFUSED),
        ("with_approval", "protection_of_minority", Verdict.DELAYED),
        ("with_approval", "territorial", Verdict.REFUSED),
        ("by_agreement", "protection_of_minority", Verdict.GRANTED),
        ("autonomous", "protection_of_minority", Verdict.GRANTED),
    ],
)
def test_ksf_in_the_north(zvecan: Framework, access: str, task: str, verdict: Verdict) -> None:
    decision = permit(order(OrderKind.HOLD_BUILDING), PermissionContext("ksf"), ksf(zvecan, access=KsfAccess(access), task=task))
    assert (decision.verdict, decision.clause) == (verdict, "M-2013")
    assert (decision.delay_min > 0) == (verdict is Verdict.DELAYED)


def test_autonomous_ksf_waits_for_no_request_and_others_do(zvecan: Framework) -> None:
    moment = PermissionContext("ksf")
    alone = ksf(zvecan, access=KsfAccess.AUTONOMOUS, task="reserve_for_kfor")
    assert permit(order(OrderKind.TAKE_CORDON), moment, alone).verdict is Verdict.GRANTED
    agreed = ksf(zvecan, access=KsfAccess.BY_AGREEMENT, task="reserve_for_kfor")
    assert permit(order(OrderKind.TAKE_CORDON), moment, agreed).clause == "M-RESPONDERS"
