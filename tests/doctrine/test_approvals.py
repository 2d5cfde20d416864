"""Approvals: a request climbs desk by desk, each works once, and every desk's minutes are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moments import WARNED, kfor, order, with_mandate, with_rules

from sim.doctrine.approvals import LIAISON, approval_steps, route, spread_share
from sim.doctrine.framework import Framework
from sim.doctrine.permissions import permit
from sim.doctrine.rules_of_engagement import Status
from sim.foundations.figures import Span
from sim.vocabulary import OrderKind, Verdict

TEN, FORTY = (Span(low=minutes, central=minutes, high=minutes) for minutes in (10.0, 40.0))


@pytest.fixture
def plain(zvecan: Framework) -> Framework:
    """The framework with both dials at 0: minutes are the desks' own."""
    rules, mandate = zvecan.rules, zvecan.mandate
    vague = with_rules(zvecan, explicitness=rules.explicitness.model_copy(update={"value": 0.0}))
    return with_mandate(vague, political_constraint=mandate.political_constraint.model_copy(update={"value": 0.0}))


def delay_of(framework: Framework, headquarters: str) -> float:
    return framework.command.headquarters_of(headquarters).working_delay_min.at(0.5)


def test_a_request_climbs_the_own_chain_and_the_holder_deliberates(plain: Framework) -> None:
    steps = approval_steps([("kfor_commander", TEN)], kfor(), plain)
    assert steps == (("rc_east", delay_of(plain, "rc_east")), ("kfor_commander", delay_of(plain, "kfor_commander") + 10.0))


def test_nobody_works_where_nobody_is_asked(plain: Framework) -> None:
    assert approval_steps([], kfor(), plain) == ()
    assert approval_steps([("kfor_commander", TEN)], kfor(headquarters="kfor_commander"), plain) == ()
    assert approval_steps([("kfor_zvecan", TEN)], kfor(headquarters="jfc_naples"), plain) == ()


def test_a_desk_on_two_routes_works_once_and_a_holder_of_two_approvals_deliberates_on_the_longest(plain: Framework) -> None:
    steps = dict(approval_steps([("kfor_commander", TEN), ("jfc_naples", FORTY), ("kfor_commander", FORTY)], kfor(), plain))
    assert list(steps) == ["rc_east", "kfor_commander", "jfc_naples"]
    assert steps["kfor_commander"] == pytest.approx(delay_of(plain, "kfor_commander") + 40.0)
    assert steps["jfc_naples"] == pytest.approx(delay_of(plain, "jfc_naples") + 40.0)


def test_a_request_to_another_organisation_goes_through_liaison(plain: Framework) -> None:
    steps = approval_steps([("kp_regional_north", TEN)], kfor(), plain)
    assert [desk for desk, _ in steps] == [
        LIAISON,
        "rc_east",
        "kfor_commander",
        "jfc_naples",
        "saceur",
        "nato_council",
        "kp_regional_north",
    ]
    assert dict(steps)[LIAISON] == plain.mandate.liaison_min.at(0.5)
    assert LIAISON not in dict(approval_steps([("nato_council", TEN)], kfor(), plain))


def test_every_headquarters_finds_a_way_to_every_other(zvecan: Framework) -> None:
    known = [item.id for item in zvecan.command.headquarters]
    for asking in known:
        for holder in known:
            steps, abroad = route(asking, holder, zvecan.command)
            below = zvecan.command.commands(asking, holder)
            assert (steps == ()) == below, (asking, holder)
            if not below:
                assert steps[-1] == holder
                assert len(set(steps)) == len(steps)
                same = zvecan.command.headquarters_of(asking).organisation is zvecan.command.headquarters_of(holder).organisation
                assert abroad is not same


def test_constraint_lengthens_each_desk_and_explicit_rules_shorten_each(zvecan: Framework) -> None:
    def minutes(constraint: float, explicitness: float) -> tuple[float, ...]:
        dial = zvecan.rules.explicitness.model_copy(update={"value": explicitness})
        moment = kfor(political_constraint=constraint)
        return tuple(taken for _, taken in approval_steps([("jfc_naples", TEN)], moment, with_rules(zvecan, explicitness=dial)))

    added, saved = zvecan.mandate.political_constraint.delay_added.central, zvecan.rules.explicitness.delay_saved.central
    free, tight, clear = minutes(0.0, 0.0), minutes(1.0, 0.0), minutes(0.0, 1.0)
    assert tight == pytest.approx([taken * (1.0 + added) for taken in free])
    assert clear == pytest.approx([taken * (1.0 - saved) for taken in free])


def test_full_explicitness_leaves_no_spread() -> None:
    assert [spread_share(share, 1.0) for share in (0.0, 0.3, 1.0)] == [0.5, 0.5, 0.5]
    assert [spread_share(share, 0.0) for share in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]


def test_a_decision_tells_its_desks_and_their_minutes_are_its_delay(zvecan: Framework) -> None:
    seen = set()
    for headquarters in ("kfor_zvecan", "kfor_commander"):
        for kind in OrderKind:
            decision = permit(order(kind), kfor(headquarters=headquarters, requested=True, vehicles_stuck=3, minutes_since=WARNED), zvecan)
            seen.add(decision.verdict)
            assert decision.delay_min == pytest.approx(sum(minutes for _, minutes in decision.steps))
            assert bool(decision.steps) == (decision.verdict is Verdict.DELAYED)
            assert all(minutes > 0.0 for _, minutes in decision.steps)
    assert seen == set(Verdict)


def test_task_and_means_are_asked_for_in_one_request(plain: Framework) -> None:
    rows = tuple(
        row.model_copy(update={"approval_holder": "jfc_naples", "approval_min": FORTY}) if row.task == "disperse" else row
        for row in plain.mandate.tasks
    )
    both = with_mandate(plain, tasks=rows)
    moment = kfor(vehicles_stuck=3, minutes_since=WARNED)
    alone, together = (permit(order(OrderKind.PUSH), moment, framework) for framework in (plain, both))
    assert [desk for desk, _ in alone.steps] == ["rc_east", "kfor_commander"]
    assert [desk for desk, _ in together.steps] == ["rc_east", "kfor_commander", "jfc_naples"]
    assert dict(together.steps)["kfor_commander"] == dict(alone.steps)["kfor_commander"]


def test_spent_licence_takes_delegations_back(zvecan: Framework) -> None:
    """Governments' licence reaches a decision as the constraint that the moment brings with it."""
    (row,) = (row for row in zvecan.rules.authorities if row.id == "ROE-VEHICLES")
    assert row.lapses_above_constraint is not None
    for constraint, status in ((row.lapses_above_constraint, Status.DELEGATED), (row.lapses_above_constraint + 0.01, Status.RETAINED)):
        assert row.effective_status(0.0, constraint) is status
        decision = permit(order(OrderKind.EXTRACT_VEHICLES), kfor(vehicles_stuck=1, political_constraint=constraint), zvecan)
        assert (decision.verdict is Verdict.DELAYED) == (status is Status.RETAINED)


def test_a_seat_that_is_no_headquarters_asks_across(zvecan: Framework) -> None:
    moment = replace(kfor(vehicles_stuck=3, minutes_since=WARNED), headquarters="")
    decision = permit(order(OrderKind.PUSH), moment, zvecan)
    assert [desk for desk, _ in decision.steps] == [LIAISON, "kfor_commander"]
