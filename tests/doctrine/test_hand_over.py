"""Hand-over: each step takes its time, each failure costs what it should, and the lead goes there and back. One tick is a minute."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.doctrine import hand_over
from sim.doctrine.hand_over import Failure, HandOver, HandOverSituation, Lead, Stage, lead_state
from sim.doctrine.seat_orders import Organisation
from sim.foundations.documents import read_document

VALUES = Path(__file__).parents[2] / "scenarios" / "parameters" / "hand_over.yaml"
KP, KFOR, EULEX = Organisation.KOSOVO_POLICE, Organisation.KFOR, Organisation.EULEX

NUMBERS = {"request_decision_min": 10.0, "co_ordination_min": 16.0, "relief_in_place_min": 20.0, "regenerating_min": 120.0}
NUMBERS |= {"hand_back_min": 24.0, "no_common_picture_factor": 2.0, "relief_under_attack_factor": 3.0}
NUMBERS |= dict.fromkeys(("wrong_desk_chance", "unclear_request_chance", "no_common_picture_chance", "left_early_chance"), 0.2)
NUMBERS |= {"shared_procedures_quality": 0.0, "shared_procedures_minutes_saved": 0.25, "shared_procedures_failures_saved": 0.5}
WELL = HandOverSituation(
    numbers=NUMBERS,
    ticks_in=math.ceil,
    draw=lambda failure: 0.99,
    liaison_min=8.0,
    notice_min=lambda unit: 30.0,
    travel_min=lambda unit: 25.0,
    choose_unit=lambda: "hungarian_company",
    common_picture_quality=0.0,
)
ARRIVAL = 8 + 10 + 30 + 25
TRANSFER = ARRIVAL + 16 + 20
RESTED = TRANSFER + 120


def failing(*failures: Failure, **changes) -> HandOverSituation:
    """Return a situation in which just these failures happen, whatever their chance above 0."""
    return replace(WELL, draw=lambda failure: 0.0 if failure in failures else 0.99, **changes)


def with_numbers(**numbers: float) -> HandOverSituation:
    return replace(WELL, numbers=NUMBERS | numbers)


def request(situation: HandOverSituation = WELL, with_lead: bool = True) -> HandOver:
    asked = HandOver(1, "zvecan_town_hall", KP, KFOR, "hold the square", by_tick=ARRIVAL, with_lead=with_lead)
    hand_over.ask(asked, 0, situation)
    return asked


def police_lead(*supporting: Organisation) -> Lead:
    return Lead({KP}, set(supporting))


def carry(case: HandOver, lead: Lead, ticks: range, situation: HandOverSituation = WELL) -> dict[int, str]:
    """Advance tick by tick and return how many lead after each."""
    states = {}
    for tick in ticks:
        hand_over.advance(case, tick, situation, lead)
        states[tick] = lead_state(lead)
    return states


def there_and_back(case: HandOver, lead: Lead, situation: HandOverSituation = WELL) -> None:
    """Carry a hand-over to where it holds, and back from tick 400 on."""
    carry(case, lead, range(RESTED + 5), situation)
    assert case.stage is Stage.HOLDING
    assert hand_over.hand_back(case, 400)
    assert case.due_tick == 400
    carry(case, lead, range(400, 500), situation)
    assert case.stage is Stage.ENDED


def begins(case: HandOver) -> list[tuple[int, Stage]]:
    return [(step.tick, step.stage) for step in case.history if step.failure is None]


def test_effects_that_nobody_has_measured_may_be_none():
    given = read_document(VALUES).value["parameters"]
    assert set(NUMBERS) <= set(given) == {item.name for item in hand_over.CONCEPT}
    assert all(given[name]["low"] == 0 for name in given if name.endswith(("_chance", "_saved")))
    assert all(given[name]["low"] == 1 for name in given if name.endswith("_factor"))


def test_the_ten_steps_come_in_order_and_each_takes_its_time():
    case = request()
    there_and_back(case, police_lead())
    there = zip((0, 8, 18, 18, 48, ARRIVAL, ARRIVAL + 16, TRANSFER, TRANSFER, RESTED), hand_over.FORWARD, strict=True)
    back = zip((400, 416, 436, 436, 460), hand_over.BACK[1:], strict=True)
    assert begins(case) == [*there, *back]
    assert "-".join(dict.fromkeys(stage for _, stage in begins(case))) == (
        "requested-received-decided-notice_to_move-en_route-on_site_co_ordination-relief_in_place-lead_transferred-regenerating-"
        "holding-handed_back-ended"
    )
    assert case.failures == []


def test_the_predecessor_owns_the_relief_and_the_successor_the_march():
    case = request()
    there_and_back(case, police_lead())
    of_police = [step.stage for step in case.history if step.owner is KP]
    assert of_police[:3] == [Stage.REQUESTED, Stage.RELIEF_IN_PLACE, Stage.REGENERATING]
    assert of_police[3:] == [Stage.ON_SITE_CO_ORDINATION, Stage.LEAD_TRANSFERRED, Stage.ENDED]
    assert {step.owner for step in case.history} == {KP, KFOR}
    assert set(hand_over.OWNER_OF) == set(Stage)


def test_advance_returns_what_is_new_and_nothing_twice():
    case, lead = request(), police_lead()
    told = [step for tick in range(0, RESTED, 7) for step in hand_over.advance(case, tick, WELL, lead)]
    assert len(told) > 5 and [case.history[0], *told] == case.history


def test_the_lead_passes_at_the_transfer_and_the_asker_then_supports_and_rests():
    case, lead = request(), police_lead()
    carry(case, lead, range(TRANSFER))
    assert (lead.leads, lead.supporting, lead.regenerating) == ({KP}, set(), set())
    carry(case, lead, range(TRANSFER, RESTED))
    assert (lead.leads, lead.supporting, lead.regenerating) == ({KFOR}, {KP}, {KP})
    carry(case, lead, range(RESTED, RESTED + 1))
    assert (lead.leads, lead.supporting, lead.regenerating) == ({KFOR}, {KP}, set())


@pytest.mark.parametrize("failure", [Failure.WRONG_DESK, Failure.UNCLEAR_REQUEST])
def test_a_request_that_goes_astray_is_asked_once_more_and_costs_the_liaison_time(failure):
    situation = failing(failure)
    case = request(situation)
    carry(case, police_lead(), range(TRANSFER + 20), situation)
    assert {(16, Stage.RECEIVED), (TRANSFER + 8, Stage.LEAD_TRANSFERRED)} <= set(begins(case))
    assert case.failures == [failure, Failure.LATE]


@pytest.mark.parametrize("astray", [(Failure.WRONG_DESK, Failure.UNCLEAR_REQUEST), (Failure.UNCLEAR_REQUEST,)])
def test_desk_and_words_are_each_drawn_until_wrong_once_and_no_more(astray):
    drawn = []
    situation = replace(WELL, draw=lambda failure: drawn.append(failure) or (0.0 if failure in astray else 0.99))
    case = request(situation)
    carry(case, police_lead(), range(30), situation)
    assert drawn == [Failure.WRONG_DESK, Failure.UNCLEAR_REQUEST]
    assert case.failures == list(astray)
    assert begins(case)[1] == (8 + 8 * len(astray), Stage.RECEIVED)


@pytest.mark.parametrize(("with_lead", "failure"), [(True, Failure.REFUSED_LEAD), (False, Failure.REFUSED_SUPPORT)])
def test_a_refusal_ends_it_and_leaves_the_asker_in_the_lead(with_lead, failure):
    case, lead = request(with_lead=with_lead), police_lead(KFOR)
    states = carry(case, lead, range(300), replace(WELL, decision="refused", seat_decides=True))
    assert (case.stage, case.failures) == (Stage.FAILED, [failure])
    assert (lead.leads, lead.supporting) == ({KP}, {KFOR})
    assert set(states.values()) == {"one"}


def test_a_seat_is_waited_for_and_its_answer_counts_when_given():
    waiting = replace(WELL, seat_decides=True)
    case, lead = request(waiting), police_lead()
    carry(case, lead, range(500), waiting)
    assert (case.stage, case.due_tick) == (Stage.RECEIVED, 8)
    hand_over.advance(case, 500, replace(waiting, decision="accepted"), lead)
    assert (case.stage, case.due_tick) == (Stage.NOTICE_TO_MOVE, 530)


def test_a_refusal_counts_at_once_where_no_seat_is_waited_for():
    case, lead = request(), police_lead()
    carry(case, lead, range(10))
    hand_over.advance(case, 10, replace(WELL, decision="refused"), lead)
    assert (case.stage, case.due_tick) == (Stage.FAILED, 18)


def test_no_free_unit_ends_it_as_failed():
    case, lead = request(), police_lead()
    carry(case, lead, range(300), replace(WELL, choose_unit=lambda: ""))
    assert (case.stage, case.failures, case.due_tick) == (Stage.FAILED, [Failure.NO_FORCE_LEFT], 18)
    assert lead.leads == {KP}


def test_a_unit_that_was_named_goes_and_no_other_is_chosen():
    case = request()
    case.unit = "alpini"
    carry(case, police_lead(), range(48), replace(WELL, notice_min={"alpini": 5.0}.__getitem__, choose_unit=lambda: "other"))
    assert (case.unit, case.due_tick) == ("alpini", 18 + 5 + 25)


def test_a_force_that_comes_after_the_time_asked_for_is_late_and_goes_on():
    in_time, late = request(), request()
    late.by_tick = ARRIVAL - 1
    for case in (in_time, late):
        carry(case, police_lead(), range(RESTED + 1))
        assert case.stage is Stage.HOLDING
    assert (in_time.failures, late.failures) == ([], [Failure.LATE])


def test_without_a_common_picture_co_ordination_is_longer_and_two_lead_during_the_relief():
    situation = failing(Failure.NO_COMMON_PICTURE)
    case, lead = request(situation), police_lead()
    states = carry(case, lead, range(RESTED), situation)
    relief = range(ARRIVAL + 2 * 16, ARRIVAL + 2 * 16 + 20)
    assert states == {tick: "two" if tick in relief else "one" for tick in range(RESTED)}
    assert lead.leads == {KFOR}


def test_a_fully_shared_picture_leaves_no_room_for_two_leads():
    situation = failing(Failure.NO_COMMON_PICTURE, common_picture_quality=1.0)
    assert set(carry(request(situation), police_lead(), range(RESTED), situation).values()) == {"one"}
    half = replace(WELL, common_picture_quality=0.5)
    assert hand_over.chance_of(Failure.NO_COMMON_PICTURE, half) == pytest.approx(0.1)
    assert hand_over.chance_of(Failure.LEFT_EARLY, half) == pytest.approx(0.2)


def test_a_predecessor_that_leaves_early_leaves_nobody_in_the_lead_until_the_transfer():
    situation = failing(Failure.LEFT_EARLY)
    case, lead = request(situation), police_lead()
    states = carry(case, lead, range(RESTED), situation)
    assert [tick for tick, state in states.items() if state == "none"] == list(range(ARRIVAL + 16, TRANSFER))
    assert case.failures == [Failure.LEFT_EARLY]
    assert (lead.leads, lead.supporting) == ({KFOR}, set())


def test_a_predecessor_seen_to_be_gone_while_the_other_is_on_the_way_leaves_nobody_in_the_lead():
    case, lead = request(), police_lead()
    carry(case, lead, range(50))
    states = carry(case, lead, range(50, RESTED), replace(WELL, predecessor_present=False))
    assert [tick for tick, state in states.items() if state == "none"] == list(range(50, TRANSFER))
    assert case.failures == [Failure.LEFT_EARLY]


def test_who_leaves_after_the_transfer_or_after_a_refusal_has_not_left_early():
    gone = replace(WELL, predecessor_present=False)
    case, lead = request(), police_lead()
    carry(case, lead, range(TRANSFER + 1))
    carry(case, lead, range(TRANSFER + 1, RESTED), gone)
    assert (case.failures, lead.leads) == ([], {KFOR})
    refused, lead = request(), police_lead()
    carry(refused, lead, range(20), replace(WELL, decision="refused"))
    carry(refused, lead, range(20, 30), gone)
    assert (refused.failures, lead.leads) == ([Failure.REFUSED_LEAD], {KP})


def test_a_relief_under_attack_takes_longer():
    case = request()
    carry(case, police_lead(), range(RESTED), replace(WELL, calm=False))
    assert (ARRIVAL + 16 + 3 * 20, Stage.LEAD_TRANSFERRED) in begins(case)


def test_shared_procedures_of_1_shorten_desk_work_and_co_ordination_but_neither_march_nor_rest():
    shared = with_numbers(shared_procedures_quality=1.0)
    case = request(shared)
    there_and_back(case, police_lead(), shared)
    arrival, transfer = 6 + 8 + 30 + 25, 6 + 8 + 30 + 25 + 12 + 15
    assert {(6, Stage.RECEIVED), (14, Stage.DECIDED), (arrival, Stage.ON_SITE_CO_ORDINATION)} <= set(begins(case))
    assert {(transfer, Stage.LEAD_TRANSFERRED), (transfer + 120, Stage.HOLDING), (400 + 12 + 15 + 18, Stage.ENDED)} <= set(begins(case))


@pytest.mark.parametrize("failure", [Failure.WRONG_DESK, Failure.UNCLEAR_REQUEST, Failure.NO_COMMON_PICTURE, Failure.LEFT_EARLY])
def test_shared_procedures_lower_the_chance_of_each_failure_and_those_of_0_change_nothing(failure):
    assert hand_over.chance_of(failure, WELL) == pytest.approx(0.2)
    assert hand_over.chance_of(failure, with_numbers(shared_procedures_quality=0.5)) == pytest.approx(0.15)
    assert hand_over.chance_of(failure, with_numbers(shared_procedures_quality=1.0)) == pytest.approx(0.1)


@pytest.mark.parametrize("supporting", [(), (KFOR,), (EULEX,)])
@pytest.mark.parametrize("with_lead", [True, False])
def test_a_hand_back_ends_where_it_began(with_lead, supporting):
    lead = police_lead(*supporting)
    there_and_back(request(with_lead=with_lead), lead)
    assert lead == police_lead(*supporting)


def test_on_the_way_back_too_two_may_lead_or_nobody():
    for failure, state in ((Failure.NO_COMMON_PICTURE, "two"), (Failure.LEFT_EARLY, "none")):
        case, lead = request(), police_lead()
        assert set(carry(case, lead, range(400)).values()) == {"one"}
        hand_over.hand_back(case, 400)
        states = carry(case, lead, range(400, 500), failing(failure))
        assert set(states.values()) == {"one", state}
        assert list(states.values()).count(state) == 20
        assert lead.leads == {KP}


def test_nothing_is_handed_back_before_the_relieved_force_has_rested():
    case, lead = request(), police_lead()
    for tick in range(RESTED):
        hand_over.advance(case, tick, WELL, lead)
        assert not hand_over.hand_back(case, tick)
    hand_over.advance(case, RESTED, WELL, lead)
    assert hand_over.hand_back(case, RESTED)
    assert not hand_over.hand_back(case, RESTED)


def test_support_without_lead_never_changes_the_lead():
    everything = failing(*(failure for failure in Failure if failure is not Failure.LATE), predecessor_present=False)
    for situation in (WELL, everything):
        case, lead = request(situation, with_lead=False), police_lead()
        for tick in range(600):
            hand_over.advance(case, tick, situation, lead)
            assert (lead.leads, lead.regenerating) == ({KP}, set())
            assert lead.supporting == ({KFOR} if case.stage is Stage.HOLDING or (case.back and not case.over) else set())
            if tick == 500:
                assert hand_over.hand_back(case, tick)
        assert case.stage is Stage.ENDED
        assert {stage for _, stage in begins(case)}.isdisjoint(hand_over.ONLY_WITH_LEAD)


def test_a_force_that_acts_unasked_makes_two_leads_until_it_is_co_ordinated():
    for with_lead, leads in ((True, {KFOR}), (False, {KP})):
        case, lead = request(with_lead=with_lead), police_lead(KFOR)
        hand_over.claim(lead, KFOR)
        assert (lead_state(lead), lead.supporting) == ("two", set())
        carry(case, lead, range(RESTED))
        assert (lead_state(lead), lead.leads) == ("one", leads)
        there_and_back(case, lead)
        assert lead == police_lead(KFOR)


def test_a_force_that_is_on_the_spot_already_begins_with_co_ordination():
    case, lead = HandOver(2, "zvecan_town_hall", KP, KFOR, "acted unasked", 50, with_lead=True, stage=Stage.EN_ROUTE), police_lead()
    hand_over.claim(lead, KFOR)
    states = carry(case, lead, range(50, 200))
    assert [tick for tick, state in states.items() if state == "two"] == list(range(50, 50 + 16 + 20))
    assert (case.failures, lead.leads) == ([], {KFOR})


def test_the_only_lead_is_not_lost_by_its_own_support():
    lead = Lead({KFOR})
    carry(request(with_lead=False), lead, range(RESTED))
    assert (lead.leads, lead.supporting) == ({KFOR}, set())


def test_a_site_has_one_lead_none_or_two():
    lead = Lead()
    assert lead_state(lead) == "none"
    for count, organisation in enumerate((KP, EULEX, KFOR), start=1):
        hand_over.claim(lead, organisation)
        assert lead_state(lead) == ("one" if count == 1 else "two")
    hand_over.release(lead, KP)
    hand_over.support(lead, EULEX)
    assert (lead_state(lead), lead.leads, lead.supporting) == ("one", {KFOR}, {EULEX})


def test_it_can_be_called_off_until_the_force_has_come():
    for tick in range(ARRIVAL + 1):
        case, lead = request(), police_lead()
        carry(case, lead, range(tick + 1))
        assert hand_over.call_off(case, tick) is (tick < ARRIVAL)
        assert (case.stage is Stage.FAILED) is (tick < ARRIVAL)
        states = carry(case, lead, range(tick + 1, RESTED))
        assert set(states.values()) == {"one"}
        assert lead.leads == ({KP} if tick < ARRIVAL else {KFOR})


SHARES, MINUTES = st.floats(0, 1), st.floats(0, 60)


@st.composite
def troubled(draw) -> HandOverSituation:
    numbers = {name: draw(MINUTES if name.endswith("_min") else SHARES) for name in NUMBERS}
    numbers |= {name: 1.0 + 3.0 * numbers[name] for name in numbers if name.endswith("_factor")}
    draws = {failure: draw(st.floats(0, 1, exclude_max=True)) for failure in Failure}
    notice, travel, unit = draw(MINUTES), draw(MINUTES), draw(st.sampled_from(["", "company", "company"]))
    seat_decides = draw(st.booleans())
    return HandOverSituation(
        numbers=numbers,
        ticks_in=math.ceil,
        draw=draws.__getitem__,
        liaison_min=draw(MINUTES),
        notice_min=lambda unit: notice,
        travel_min=lambda unit: travel,
        choose_unit=lambda: unit,
        common_picture_quality=draw(SHARES),
        decision=draw(st.sampled_from(["accepted", "refused", "accepted"])) if seat_decides else "",
        seat_decides=seat_decides,
        predecessor_present=draw(st.booleans()),
        calm=draw(st.booleans()),
    )


@given(troubled(), st.booleans(), st.integers(1, 9), st.integers(0, 300))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_time_and_steps_never_run_backwards_and_it_comes_to_an_end(situation, with_lead, period, wish):
    case, lead = request(situation, with_lead), police_lead()
    due, place, sent_back = case.due_tick, 0, False
    for tick in range(0, 1200, period):
        if tick >= wish and hand_over.hand_back(case, tick):
            assert not sent_back
            due, place, sent_back = case.due_tick, 0, True
        assert all(step.tick == tick for step in hand_over.advance(case, tick, situation, lead))
        assert case.due_tick >= due
        way = (*(hand_over.BACK if sent_back else hand_over.FORWARD), Stage.FAILED)
        assert way.index(case.stage) >= place
        due, place = case.due_tick, way.index(case.stage)
        assert not lead.leads & lead.supporting
        if with_lead and situation.predecessor_present and Failure.LEFT_EARLY not in case.failures:
            assert lead_state(lead) != "none"
    assert case.over
    assert case.failures == [step.failure for step in case.history if step.failure]
    if case.stage is Stage.ENDED:
        assert KP in lead.leads and not lead.regenerating
