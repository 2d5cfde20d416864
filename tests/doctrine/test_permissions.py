"""Every verdict with its clause, and posture, authority and selectivity as three separate things."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.doctrine.framework import Framework, load_framework
from sim.doctrine.mandate import KsfAccess, ResponderOrder
from sim.doctrine.orders import Order
from sim.doctrine.permissions import PermissionContext, override_used, permit
from sim.doctrine.rules_of_engagement import Status
from sim.doctrine.seat_orders import AUTHORITY_OF, POSTURE_OF, RESPONDERS, SEAT_ORDERS, TASK_OF
from sim.vocabulary import Authority, OrderKind, Verdict

ZVECAN = Path(__file__).parents[2] / "scenarios" / "may_2023_zvecan"
WARNED = {"open_talks": 400.0, "give_ultimatum": 170.0, "warn_by_loudspeaker": 5.0}
ALL = ("hungary", "italy", "moldova", "poland")


@pytest.fixture(scope="module")
def zvecan() -> Framework:
    return load_framework(ZVECAN)


def kfor(**changes: object) -> PermissionContext:
    return replace(PermissionContext("kfor", "kfor_zvecan", crowd=500, contingents=ALL), **changes)


def police(**changes: object) -> PermissionContext:
    return replace(PermissionContext("kosovo_police", "kp_zvecan", crowd=500), **changes)


def order(kind: OrderKind, selectivity: float = 0.0) -> Order:
    return Order("seat", kind, selectivity)


def with_rules(framework: Framework, **changes: object) -> Framework:
    return replace(framework, rules=framework.rules.model_copy(update=changes))


def with_mandate(framework: Framework, **changes: object) -> Framework:
    return replace(framework, mandate=framework.mandate.model_copy(update=changes))


def with_row(framework: Framework, row_id: str, **changes: object) -> Framework:
    rows = (row.model_copy(update=changes) if row.id == row_id else row for row in framework.rules.authorities)
    return with_rules(framework, authorities=tuple(rows))


def with_caveats(framework: Framework, *bars: tuple[str, bool], kind: OrderKind = OrderKind.PUSH) -> Framework:
    model = framework.rules.caveats[0]
    caveats = tuple(
        model.model_copy(
            update={"id": f"C-{name}", "contingent": name, "order": kind, "authority": None, "active": True, "binds_self_defence": binds}
        )
        for name, binds in bars
    )
    return with_rules(framework, caveats=caveats)


# seats


def test_a_crowd_cannot_push_with_shields(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.PUSH), PermissionContext("crowd"), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "SEAT-CROWD")
    assert "a seat of crowd cannot order 'push'" in decision.reasons[0]


def test_crowds_and_governments_pass_with_what_their_seats_can_order(zvecan: Framework) -> None:
    assert permit(order(OrderKind.SIT_DOWN), PermissionContext("crowd"), zvecan).verdict is Verdict.GRANTED
    assert permit(order(OrderKind.OPEN_TALKS), PermissionContext("government"), zvecan).verdict is Verdict.GRANTED


def test_talking_and_easing_need_nobody(zvecan: Framework) -> None:
    for kind in SEAT_ORDERS[RESPONDERS[0]] - TASK_OF.keys():
        for force in RESPONDERS:
            decision = permit(order(kind), PermissionContext(force), zvecan)
            assert decision.verdict is Verdict.GRANTED, (kind, force)


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
    assert "only when eulex asks" in decision.reasons[0]


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


# authorities


def test_push_is_refused_by_name_of_what_is_missing(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.PUSH), kfor(vehicles_stuck=3, minutes_since={"give_ultimatum": 100.0}), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "ROE-PUSH")
    assert decision.reasons[0] == "push only after a warning: no loudspeaker warning has been given"


def test_a_stale_warning_is_no_warning(zvecan: Framework) -> None:
    old = {"give_ultimatum": 300.0, "warn_by_loudspeaker": 90.0}
    decision = permit(order(OrderKind.PUSH), kfor(vehicles_stuck=3, minutes_since=old), zvecan)
    assert decision.reasons[0] == "push only within 60 minutes of a warning: the last was given 90 minutes ago"


def test_agents_need_an_attack_by_many(zvecan: Framework) -> None:
    moment = kfor(requested=True, violent=12, minutes_since=WARNED)
    decision = permit(order(OrderKind.USE_AGENTS), moment, zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "ROE-AGENTS")
    assert "use_agents only against 20 violent persons or more: 12 are reported".replace("_", " ") in decision.reasons


def test_a_retained_authority_is_asked_for_up_the_chain(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.PUSH), kfor(vehicles_stuck=3, minutes_since=WARNED), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.DELAYED, "ROE-PUSH")
    assert decision.reasons[0] == "'shields and batons' is retained by the KFOR commander, who must be asked"
    assert 10 < decision.delay_min < 90


def test_an_authority_released_before_is_not_asked_for_again(zvecan: Framework) -> None:
    moment = kfor(vehicles_stuck=3, minutes_since=WARNED, granted=frozenset({Authority.SHIELDS_AND_BATONS}))
    assert permit(order(OrderKind.PUSH), moment, zvecan).verdict is Verdict.GRANTED


def test_the_holder_himself_asks_nobody(zvecan: Framework) -> None:
    moment = kfor(headquarters="kfor_commander", vehicles_stuck=3, minutes_since=WARNED)
    decision = permit(order(OrderKind.PUSH), moment, zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.GRANTED, "ROE-PUSH")


def test_a_withheld_authority_is_refused_however_clear_the_case(zvecan: Framework) -> None:
    closed = with_row(zvecan, "ROE-DETENTION", status=Status.WITHHELD)
    moment = kfor(violent=200, under_attack=True)
    decision = permit(order(OrderKind.SEND_DETENTION_TEAMS), moment, closed)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "ROE-DETENTION")
    assert "withheld" in decision.reasons[0] and "nato council" in decision.reasons[1]


def test_an_order_that_no_row_opens_is_refused(zvecan: Framework) -> None:
    bare = with_rules(zvecan, authorities=())
    assert permit(order(OrderKind.HOLD_DOOR_WITH_AGENTS), police(), bare).clause == "ROE-SILENCE"


def test_police_detain_on_their_own_authority(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.SEND_DETENTION_TEAMS), police(violent=30), zvecan)
    assert (decision.verdict, decision.clause, decision.delay_min) == (Verdict.GRANTED, "ROE-KP-DETENTION", 0.0)


# explicitness and political constraint


def push_delay(framework: Framework, explicitness: float, constraint: float, share: float) -> float:
    dial = framework.rules.explicitness.model_copy(update={"value": explicitness})
    moment = kfor(vehicles_stuck=3, minutes_since=WARNED, political_constraint=constraint, delay_share=share)
    return permit(order(OrderKind.PUSH), moment, with_rules(framework, explicitness=dial)).delay_min


def test_explicit_rules_shorten_delays_and_narrow_their_spread(zvecan: Framework) -> None:
    vague = [push_delay(zvecan, 0.0, 0.5, share) for share in (0.1, 0.5, 0.9)]
    clearer = [push_delay(zvecan, 0.6, 0.5, share) for share in (0.1, 0.5, 0.9)]
    assert clearer[1] < vague[1]
    assert (clearer[2] - clearer[0]) / clearer[1] < (vague[2] - vague[0]) / vague[1]


def test_explicit_enough_rules_delegate_beforehand(zvecan: Framework) -> None:
    assert push_delay(zvecan, 0.7, 0.5, 0.5) == 0.0


def test_political_constraint_lengthens_and_takes_delegations_back(zvecan: Framework) -> None:
    assert push_delay(zvecan, 0.3, 0.0, 0.5) < push_delay(zvecan, 0.3, 0.5, 0.5) < push_delay(zvecan, 0.3, 1.0, 0.5)
    moment = kfor(vehicles_stuck=3)
    assert permit(order(OrderKind.EXTRACT_VEHICLES), moment, zvecan).verdict is Verdict.GRANTED
    held = permit(order(OrderKind.EXTRACT_VEHICLES), replace(moment, political_constraint=1.0), zvecan)
    assert (held.verdict, held.clause) == (Verdict.DELAYED, "ROE-VEHICLES")


# caveats


def test_a_caveat_keeps_one_contingent_out_and_the_rest_act(zvecan: Framework) -> None:
    decision = permit(
        order(OrderKind.PUSH),
        kfor(vehicles_stuck=3, minutes_since=WARNED, headquarters="kfor_commander"),
        with_caveats(zvecan, ("moldova", False)),
    )
    assert (decision.verdict, decision.excluded) == (Verdict.GRANTED, (("moldova", "C-moldova"),))
    assert "a caveat keeps moldova out of 'push'" in decision.reasons


def test_an_order_that_caveats_leave_to_nobody_is_refused(zvecan: Framework) -> None:
    decision = permit(
        order(OrderKind.PUSH),
        kfor(vehicles_stuck=3, minutes_since=WARNED),
        with_caveats(zvecan, *((name, False) for name in ALL)),
    )
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "C-hungary")


def test_shipped_caveats_are_switched_off(zvecan: Framework) -> None:
    assert zvecan.rules.caveats and not any(caveat.active for caveat in zvecan.rules.caveats)


# self-defence


@pytest.mark.parametrize("kind", [OrderKind.PUSH, OrderKind.USE_AGENTS])
def test_people_under_attack_wait_for_nobody(zvecan: Framework, kind: OrderKind) -> None:
    closed = with_rules(zvecan, authorities=())
    bound = with_mandate(closed, tasks=())
    decision = permit(order(kind), kfor(under_attack=True, political_constraint=1.0), bound)
    assert (decision.verdict, decision.clause, decision.delay_min) == (Verdict.GRANTED, "ROE-SELF-DEFENCE", 0.0)


def test_self_defence_detains_nobody(zvecan: Framework) -> None:
    decision = permit(order(OrderKind.SEND_DETENTION_TEAMS), kfor(under_attack=True, violent=50), zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.DELAYED, "ROE-DETENTION")


def test_caveats_yield_to_self_defence_unless_the_means_are_missing(zvecan: Framework) -> None:
    barred = with_caveats(zvecan, ("moldova", True), ("italy", False))
    decision = permit(order(OrderKind.PUSH), kfor(under_attack=True), barred)
    assert (decision.verdict, decision.excluded) == (Verdict.GRANTED, (("moldova", "C-moldova"),))


def test_without_means_there_is_no_self_defence_by_that_means(zvecan: Framework) -> None:
    barred = with_caveats(zvecan, *((name, True) for name in ALL))
    assert permit(order(OrderKind.PUSH), kfor(under_attack=True), barred).verdict is Verdict.REFUSED


def test_contingents_differ_in_how_early_they_read_hostile_intent(zvecan: Framework) -> None:
    moment = kfor(line_pressed=True, violent=25.0)
    decision = permit(order(OrderKind.PUSH), moment, zvecan)
    assert (decision.verdict, decision.clause) == (Verdict.GRANTED, "ROE-SELF-DEFENCE")
    assert decision.excluded == (("moldova", "ROE-SELF-DEFENCE"),)
    one_reading = zvecan.rules.explicitness.model_copy(update={"value": 1.0})
    assert permit(order(OrderKind.PUSH), moment, with_rules(zvecan, explicitness=one_reading)).excluded == ()


# three separate things


def test_selectivity_never_changes_a_verdict(zvecan: Framework) -> None:
    moments = (kfor(), kfor(vehicles_stuck=3, minutes_since=WARNED), kfor(under_attack=True, violent=40))
    for kind in OrderKind:
        for moment in moments:
            assert permit(order(kind, 0.0), moment, zvecan) == permit(order(kind, 1.0), moment, zvecan)


def test_closing_every_authority_leaves_every_posture_but_the_push_open(zvecan: Framework) -> None:
    closed = with_rules(zvecan, authorities=())
    for kind, posture in POSTURE_OF.items():
        verdict = permit(order(kind), kfor(requested=True, vehicles_stuck=3, minutes_since=WARNED), closed).verdict
        assert (verdict is Verdict.GRANTED) == (kind not in AUTHORITY_OF), posture


def test_closing_one_authority_leaves_the_others(zvecan: Framework) -> None:
    closed = with_row(zvecan, "ROE-AGENTS", status=Status.WITHHELD)
    moment = kfor(vehicles_stuck=3, minutes_since=WARNED)
    for kind in AUTHORITY_OF:
        same = permit(order(kind), moment, zvecan) == permit(order(kind), moment, closed)
        assert same == (kind is not OrderKind.USE_AGENTS)


def test_the_same_order_in_the_same_moment_gets_the_same_decision(zvecan: Framework) -> None:
    again = load_framework(ZVECAN)
    for kind in OrderKind:
        for moment in (kfor(), police(violent=30), kfor(vehicles_stuck=3, minutes_since=WARNED, delay_share=0.123)):
            assert permit(order(kind), moment, zvecan) == permit(order(kind), moment, again)


def test_every_verdict_names_a_clause_and_a_reason(zvecan: Framework) -> None:
    for force in ("kfor", "kosovo_police", "eulex", "ksf", "crowd", "government"):
        for kind in OrderKind:
            decision = permit(order(kind), PermissionContext(force, contingents=ALL), zvecan)
            assert decision.clause and decision.reasons
            assert (decision.delay_min > 0) == (decision.verdict is Verdict.DELAYED)
