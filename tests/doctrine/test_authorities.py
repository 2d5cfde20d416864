"""Authorities, caveats and self-defence; posture, authority and selectivity as three separate things."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moments import ALL, MAY, WARNED, kfor, order, police, with_caveats, with_mandate, with_row, with_rules

from sim.doctrine.framework import Framework, load_framework
from sim.doctrine.permissions import PermissionContext, permit
from sim.doctrine.rules_of_engagement import Status
from sim.doctrine.seat_orders import AUTHORITY_OF, POSTURE_OF
from sim.vocabulary import Authority, OrderKind, Verdict

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


def with_red_card(framework: Framework, nation: str, after_hurt: int, *, binds_self_defence: bool = False) -> Framework:
    """Return the framework with a caveat that a nation's officer plays once so many of its people are hurt at a site."""
    caveats = with_caveats(framework, (nation, binds_self_defence)).rules.caveats
    return with_rules(
        framework, caveats=tuple(item.model_copy(update={"active": False, "active_after_hurt": after_hurt}) for item in caveats)
    )


def test_a_red_card_is_played_once_so_many_of_the_contingent_are_hurt(zvecan: Framework) -> None:
    framework, moment = with_red_card(zvecan, "moldova", 3), kfor(vehicles_stuck=3, minutes_since=WARNED, headquarters="kfor_commander")
    for hurt, out in (({}, ()), ({"moldova": 2}, ()), ({"italy": 30}, ()), ({"moldova": 3}, ("moldova",)), ({"moldova": 9}, ("moldova",))):
        decision = permit(order(OrderKind.PUSH), replace(moment, hurt_by_contingent=hurt), framework)
        assert decision.verdict is Verdict.GRANTED
        assert tuple(name for name, _ in decision.excluded) == out, hurt


def test_red_cards_of_all_leave_nobody_to_carry_an_order_out(zvecan: Framework) -> None:
    framework = with_red_card(zvecan, "moldova", 1)
    alone = kfor(vehicles_stuck=3, minutes_since=WARNED, contingents=("moldova",), hurt_by_contingent={"moldova": 1})
    decision = permit(order(OrderKind.PUSH), alone, framework)
    assert (decision.verdict, decision.clause) == (Verdict.REFUSED, "C-moldova")


def test_a_red_card_keeps_nobody_from_defending_himself(zvecan: Framework) -> None:
    moment = kfor(under_attack=True, hurt_by_contingent={"moldova": 9})
    assert permit(order(OrderKind.PUSH), moment, with_red_card(zvecan, "moldova", 1)).excluded == ()
    assert permit(order(OrderKind.PUSH), moment, with_red_card(zvecan, "moldova", 1, binds_self_defence=True)).excluded == ()


def test_a_caveat_that_holds_from_the_start_needs_no_losses(zvecan: Framework) -> None:
    (caveat,) = with_caveats(zvecan, ("moldova", False)).rules.caveats
    assert caveat.in_force(0)
    waiting = caveat.model_copy(update={"active": False, "active_after_hurt": 5})
    assert [waiting.in_force(hurt) for hurt in (0, 4, 5)] == [False, False, True]
    assert not caveat.model_copy(update={"active": False}).in_force(1000)


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
        moment = kfor(requested=True, vehicles_stuck=3, minutes_since=WARNED)
        open_before, after = (permit(order(kind), moment, framework).verdict for framework in (zvecan, closed))
        assert open_before is not Verdict.REFUSED, posture
        assert (after is open_before) == (kind not in AUTHORITY_OF), posture
        assert (after is Verdict.REFUSED) == (kind in AUTHORITY_OF), posture


def test_closing_one_authority_leaves_the_others(zvecan: Framework) -> None:
    closed = with_row(zvecan, "ROE-AGENTS", status=Status.WITHHELD)
    moment = kfor(vehicles_stuck=3, minutes_since=WARNED)
    for kind in AUTHORITY_OF:
        same = permit(order(kind), moment, zvecan) == permit(order(kind), moment, closed)
        assert same == (kind is not OrderKind.USE_AGENTS)


def test_the_same_order_in_the_same_moment_gets_the_same_decision(zvecan: Framework) -> None:
    again = load_framework(MAY)
    for kind in OrderKind:
        for moment in (kfor(), police(violent=30), kfor(vehicles_stuck=3, minutes_since=WARNED, delay_share=0.123)):
            assert permit(order(kind), moment, zvecan) == permit(order(kind), moment, again)


def test_every_verdict_names_a_clause_and_a_reason(zvecan: Framework) -> None:
    for force in ("kfor", "kosovo_police", "eulex", "ksf", "crowd", "government"):
        for kind in OrderKind:
            decision = permit(order(kind), PermissionContext(force, contingents=ALL), zvecan)
            assert decision.clause and decision.reasons
            assert (decision.delay_min > 0) == (decision.verdict is Verdict.DELAYED)
