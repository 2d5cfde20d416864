"""The shipped doctrine tables of police, EULEX, crowds and governments: what they order on pictures made by hand."""

from __future__ import annotations

from itertools import product

import pytest
from test_doctrine_files import TABLES, clock, first, orders_of, play
from test_doctrine_table import kinds, picture, seat

from sim.seats.doctrine_table import DoctrineSeat
from sim.seats.picture import Picture

# Kosovo Police and EULEX


def entry_day(name: str, **told: float) -> list[tuple[int, str]]:
    """Play the morning of an entry that is ordered at 10:00, before an empty square."""
    return play(
        seat(name),
        9,
        14,
        lambda now, since: picture(clock(now), minutes_since=since | ({"entry_ordered": now - 600.0} if now >= 600 else {}) | told),
    )


def test_the_forced_entry_waits_for_its_order_surrounds_enters_and_holds() -> None:
    assert entry_day("kosovo_police_forced_entry") == [(600, "take_cordon"), (610, "enter_building"), (615, "hold_building")]
    assert entry_day("kosovo_police_forced_entry", entry_deferred=5.0) == []
    assert kinds("kosovo_police_forced_entry", picture(crowd=500, violent=50, line_pressed=True)) == []


def test_the_forced_entry_answers_pressure_with_agents_after_a_warning_and_asks_nobody() -> None:
    held = {"entry_ordered": 120.0, "take_cordon": 110.0, "enter_building": 100.0, "hold_building": 90.0}
    pressed = {"crowd": 200, "line_pressed": True}
    assert kinds("kosovo_police_forced_entry", picture(**pressed, minutes_since=held)) == ["warn_by_loudspeaker"]
    warned = {**held, "warn_by_loudspeaker": 5.0}
    assert kinds("kosovo_police_forced_entry", picture(**pressed, minutes_since=warned)) == ["use_agents"]
    broken = picture(**pressed, violent=20, own_hurt=3, minutes_since=warned)
    assert kinds("kosovo_police_forced_entry", broken) == ["use_agents", "push"]
    assert kinds("kosovo_police_forced_entry", picture(crowd=60, violent=5, minutes_since=held)) == ["warn_by_loudspeaker"]
    assert {"request_support", "tell_kfor_beforehand"}.isdisjoint(orders_of("kosovo_police_forced_entry"))


def test_the_consulted_entry_tells_kfor_an_hour_before_and_thins_out_afterwards() -> None:
    log = entry_day("kosovo_police_consulted_entry")
    assert [kind for _, kind in log] == [
        "tell_kfor_beforehand",
        "take_cordon",
        "enter_building",
        "hold_building",
        "thin_out_special_police",
    ]
    told, entered, thinned = (first(log, kind) for kind in ("tell_kfor_beforehand", "enter_building", "thin_out_special_police"))
    assert (entered - told, thinned - entered) == (60, 60)
    asked = {"entry_ordered": 200.0, "tell_kfor_beforehand": 200.0, "take_cordon": 150.0, "enter_building": 20.0, "hold_building": 19.0}
    assert kinds("kosovo_police_consulted_entry", picture(minutes_since={**asked, "restraint_urged": 5.0})) == ["thin_out_special_police"]


def test_police_first_take_building_and_cordon_detain_by_name_and_ask_eulex_late() -> None:
    assert kinds("kosovo_police_first", picture()) == ["hold_building", "take_cordon"]
    held = {"hold_building": 300.0, "take_cordon": 300.0, "open_talks": 200.0, "violence": 10.0}
    orders = seat("kosovo_police_first").decide(picture(crowd=500, violent=10, talks="open", minutes_since=held))
    assert {str(order.kind): order.selectivity for order in orders} == {"warn_by_loudspeaker": 0.0, "send_detention_teams": 1.0}
    hard = {"crowd": 500, "violent": 40, "minutes_since": held}
    given = [
        kinds("kosovo_police_first", picture(**hard, own_hurt=hurt, support_coming=coming))
        for hurt, coming in ((5, False), (4, False), (5, True))
    ]
    assert ["request_support" in orders for orders in given] == [True, False, False]


@pytest.mark.parametrize("name", ["kosovo_police_forced_entry", "kosovo_police_consulted_entry"])
def test_police_who_are_to_enter_do_nothing_without_an_order_or_after_a_deferral(name: str) -> None:
    riot = {"crowd": 500, "violent": 100, "line_pressed": True, "own_hurt": 9}
    assert kinds(name, picture(**riot)) == []
    deferred = {"entry_ordered": 200.0, "entry_deferred": 100.0, "tell_kfor_beforehand": 190.0, "take_cordon": 130.0}
    assert "enter_building" not in kinds(name, picture(minutes_since=deferred))
    deferred.pop("entry_deferred")
    assert "enter_building" in kinds(name, picture(minutes_since=deferred))


def test_nobody_asks_again_while_support_is_coming() -> None:
    asking = [name for name in TABLES if "request_support" in orders_of(name)]
    inside = {
        "attack_reported": 60.0,
        "entry_ordered": 200.0,
        "tell_kfor_beforehand": 200.0,
        "enter_building": 140.0,
        "accept_request": 100.0,
    }
    hard = {"crowd": 500, "violent": 100, "line_pressed": True, "own_hurt": 9, "own_fit": 95, "minutes_since": inside}
    assert [name for name in asking if "request_support" not in kinds(name, picture(**hard))] == []
    assert [name for name in asking if "request_support" in kinds(name, picture(**hard, support_coming=True))] == []


def test_nobody_offers_back_what_he_was_not_asked_for_or_while_it_goes_on() -> None:
    back = [name for name in TABLES if any(row.order == "hand_back" and "accept_request" in row.when.ever for row in TABLES[name].rows)]
    assert {"eulex_on_request", "eulex_reluctant", "kfor_commander_reserve", "kfor_stands_by"} == set(back)
    for name in back:
        assert "hand_back" in kinds(name, picture(minutes_since={"accept_request": 300.0, "calm": 120.0}))
        assert "hand_back" not in kinds(name, picture(minutes_since={"calm": 120.0}))
        assert "hand_back" not in kinds(name, picture(violent=50, own_fit=0, minutes_since={"accept_request": 300.0}))


def test_police_who_enter_after_consultation_ask_for_support_when_hard_pressed() -> None:
    inside = {"entry_ordered": 200.0, "tell_kfor_beforehand": 200.0, "take_cordon": 150.0, "enter_building": 140.0}
    given = [
        kinds("kosovo_police_consulted_entry", picture(violent=v, own_hurt=h, minutes_since=inside)) for v, h in ((30, 3), (29, 3), (30, 2))
    ]
    assert ["request_support" in orders for orders in given] == [True, False, False]


def test_police_first_keep_staff_from_the_door_as_those_who_only_hold_the_building() -> None:
    held = {"hold_building": 300.0, "take_cordon": 300.0}
    for name in ("kosovo_police_first", "kosovo_police_hold_building"):
        assert kinds(name, picture(minutes_since={**held, "staff_at_door": 1.0})) == ["hold_door_with_agents"]
        assert kinds(name, picture(minutes_since={**held, "staff_at_door": 20.0, "hold_door_with_agents": 15.0})) == ["hold_building"]
    pushed = {**held, "warn_by_loudspeaker": 20.0, "push": 5.0}
    free = picture(vehicles_stuck=3, advance_m=5.0, line_pressed=True, minutes_since=pushed)
    assert kinds("kosovo_police_first", free) == ["extract_vehicles"]


def test_police_who_hold_the_building_ask_for_support_only_when_many_strike_and_several_are_hurt() -> None:
    held = {"hold_building": 300.0}
    given = [
        kinds("kosovo_police_hold_building", picture(violent=v, own_hurt=h, minutes_since=held)) for v, h in ((50, 5), (49, 5), (200, 4))
    ]
    assert ["request_support" in orders for orders in given] == [True, False, False]


@pytest.mark.parametrize("name", ["eulex_on_request", "eulex_reluctant"])
@pytest.mark.parametrize("since", [{}, {"calm": 20.0}])
@pytest.mark.parametrize("violent", [0, 4, 5, 14, 15, 300])
def test_eulex_answers_every_request_once_and_only_requests(name: str, since: dict[str, float], violent: int) -> None:
    answers = {"accept_request", "refuse_request"}
    assert len(answers & set(kinds(name, picture(violent=violent, request_waiting=True, minutes_since=since)))) == 1
    assert answers.isdisjoint(kinds(name, picture(violent=violent, minutes_since=since)))


def test_eulex_comes_when_asked_unless_it_is_over_and_a_reluctant_one_unless_it_burns() -> None:
    def answer(name: str, violent: int, **since: float) -> str:
        return kinds(name, picture(violent=violent, request_waiting=True, minutes_since=since))[0]

    assert answer("eulex_on_request", 200) == answer("eulex_on_request", 0) == "accept_request"
    assert answer("eulex_on_request", 0, calm=10.0) == "refuse_request"
    assert answer("eulex_reluctant", 200) == "refuse_request"
    assert answer("eulex_reluctant", 10) == "accept_request"


def test_eulex_mediates_where_talks_are_refused_and_acts_only_where_it_stands() -> None:
    for name in ("eulex_on_request", "eulex_reluctant"):
        assert kinds(name, picture(crowd=400, talks="refused", own_fit=0)) == ["mediate"]
        assert kinds(name, picture(crowd=400, violent=100, own_fit=0, minutes_since={"accept_request": 5.0})) == []
        assert "take_cordon" in kinds(name, picture(crowd=400, own_fit=100, minutes_since={"accept_request": 5.0}))
        assert "send_detention_teams" not in orders_of(name)


def test_eulex_asks_kfor_when_it_is_too_weak_itself_and_goes_when_it_is_calm() -> None:
    there = {"own_fit": 95, "minutes_since": {"accept_request": 90.0, "take_cordon": 60.0, "warn_by_loudspeaker": 5.0, "use_agents": 5.0}}
    assert kinds("eulex_on_request", picture(**there, violent=40, own_hurt=5)) == ["request_support"]
    assert kinds("eulex_on_request", picture(**there, violent=40, own_hurt=4)) == []
    assert kinds("eulex_reluctant", picture(**there, violent=15)) == ["request_support"]
    calm = {"accept_request": 300.0, "take_cordon": 280.0, "calm": 20.0}
    assert kinds("eulex_reluctant", picture(minutes_since=calm)) == ["hand_back"]
    assert kinds("eulex_on_request", picture(minutes_since=calm)) == []
    assert kinds("eulex_on_request", picture(minutes_since={**calm, "calm": 60.0})) == ["hand_back"]


# crowds


@pytest.mark.parametrize("name", [name for name in TABLES if name.startswith("crowd_")])
def test_every_crowd_gathers_first_and_goes_home_after_dark_when_it_is_not_violent(name: str) -> None:
    assert kinds(name, picture()) == ["gather"]
    given = [
        kinds(name, picture(crowd=90, violent=v, minutes_to_dusk=d, minutes_since={"gather": 500.0}))
        for v, d in ((5, 0.0), (6, 0.0), (5, 1.0))
    ]
    assert ["go_home" in orders for orders in given] == [True, False, False]


def test_the_bargaining_crowd_goes_home_after_a_concession_unless_it_is_violent_or_was_just_pushed() -> None:
    def given(violent: int = 0, **since: float) -> list[str]:
        return kinds("crowd_bargaining", picture(crowd=400, violent=violent, talks="open", minutes_since={"gather": 400.0, **since}))

    assert given(concession_made=30.0) == ["go_home"]
    assert given() == given(concession_made=20.0) == given(6, concession_made=30.0) == []
    assert "go_home" not in given(concession_made=30.0, push_seen=59.0, call_for_more=10.0)
    assert given(concession_made=60.0, go_home=20.0) == []
    assert given(concession_made=60.0, go_home=90.0) == ["go_home"]


def test_the_bargaining_crowd_calls_for_more_at_detentions_and_leaves_early_in_rain() -> None:
    gathered = {"gather": 400.0, "crowd_present": 300.0}
    assert kinds("crowd_bargaining", picture(crowd=400, minutes_since={**gathered, "detentions_seen": 3.0})) == ["call_for_more"]
    wet = {"crowd": 400, "rain": True, "minutes_since": gathered}
    assert kinds("crowd_bargaining", picture(**wet, minutes_to_dusk=240.0)) == ["go_home"]
    assert kinds("crowd_bargaining", picture(**wet, minutes_to_dusk=241.0)) == []
    assert kinds("crowd_bargaining", picture(**wet, minutes_to_dusk=240.0, violent=6)) == []


def test_the_bargaining_crowd_sits_at_an_ultimatum_stands_up_when_nothing_follows_and_presses_after_a_refusal() -> None:
    gathered = {"gather": 400.0}
    assert kinds("crowd_bargaining", picture(crowd=400, minutes_since={**gathered, "ultimatum_heard": 1.0})) == [
        "call_for_more",
        "sit_down",
    ]
    sat = {**gathered, "sit_down": 60.0, "warning_heard": 60.0}
    assert kinds("crowd_bargaining", picture(crowd=400, minutes_since=sat)) == ["stand"]
    assert kinds("crowd_bargaining", picture(crowd=300, talks="refused", minutes_since=gathered)) == ["press"]
    assert kinds("crowd_bargaining", picture(crowd=299, talks="refused", minutes_since=gathered)) == []


def test_without_concession_detention_or_rain_the_bargaining_crowd_plays_29_may_as_it_did_without_those_rows() -> None:
    def seen(now: int, since: dict[str, float]) -> Picture:
        heard = {"ultimatum_heard": 645, "warning_heard": 790, "push_seen": 810, "calm": 900, "crowd_present": 430}
        past = since | {event: float(now - at) for event, at in heard.items() if now >= at}
        talks = "none" if now < 440 or now >= 810 else ("open" if "accept_talks" in since else "offered")
        return picture(
            clock(now), crowd=600, violent=60 if 810 <= now < 900 else 0, talks=talks, minutes_since=past, minutes_to_dusk=1210.0 - now
        )

    table = TABLES["crowd_bargaining"]
    named = ("go home when something is conceded", "call for more when people are detained", "go home early in the rain")
    shorter = table.model_copy(update={"rows": tuple(row for row in table.rows if row.name not in named)})
    assert len(shorter.rows) == len(table.rows) - 3
    log = play(DoctrineSeat(table), 7, 22, seen)
    assert log == play(DoctrineSeat(shorter), 7, 22, seen)
    assert {"sit_down", "call_for_more", "accept_talks", "go_home"} <= {kind for _, kind in log}


def test_a_crowd_against_an_entry_presses_after_it_stands_off_from_gas_and_comes_back() -> None:
    def given(**since: float) -> list[str]:
        return kinds("crowd_against_entry", picture(crowd=200, minutes_since={"gather": 200.0, **since}))

    assert given() == []
    assert given(entry_made=5.0) == ["call_for_more", "press"]
    pressed = {"entry_made": 120.0, "call_for_more": 110.0, "press": 70.0}
    assert given(**pressed, agents_seen=1.0) == ["stand"]
    assert given(**pressed, agents_seen=60.0, stand=59.0) == []
    assert given(**{**pressed, "press": 150.0}, agents_seen=90.0, stand=89.0) == ["press"]
    assert kinds("crowd_against_entry", picture(crowd=200, minutes_to_dusk=180.0, minutes_since={"gather": 500.0, "calm": 90.0})) == [
        "go_home"
    ]


def test_a_prepared_group_acts_when_the_push_comes_or_at_its_own_time_and_once() -> None:
    gathered = {"gather": 400.0}
    assert "prepared_group_acts" in kinds("crowd_prepared", picture(crowd=400, minutes_since={**gathered, "push_seen": 1.0}))
    assert "prepared_group_acts" in kinds("crowd_prepared", picture(crowd=400, minutes_to_dusk=180.0, minutes_since=gathered))
    assert "prepared_group_acts" not in kinds("crowd_prepared", picture(crowd=400, minutes_to_dusk=181.0, minutes_since=gathered))
    acted = {**gathered, "push_seen": 90.0, "prepared_group_acts": 90.0, "call_for_more": 80.0}
    assert kinds("crowd_prepared", picture(crowd=400, minutes_to_dusk=100.0, minutes_since=acted)) == []
    assert [name for name in TABLES if "prepared_group_acts" in orders_of(name)] == ["crowd_prepared"]


def test_a_prepared_crowd_answers_threats_as_one_that_bargains() -> None:
    answers = {
        "ultimatum_heard": "call_for_more",
        "warning_heard": "sit_down",
        "push_seen": "call_for_more",
        "detentions_seen": "call_for_more",
    }
    for event, answer in answers.items():
        for name in ("crowd_prepared", "crowd_bargaining"):
            assert answer in kinds(name, picture(crowd=400, talks="open", minutes_since={"gather": 400.0, event: 1.0}))


def test_a_prepared_crowd_talks_early_and_refuses_late_and_never_says_both() -> None:
    gathered = {"gather": 100.0}
    assert kinds("crowd_prepared", picture(talks="offered", minutes_since=gathered)) == ["accept_talks"]
    assert kinds("crowd_prepared", picture(talks="open", minutes_to_dusk=300.0, minutes_since=gathered)) == ["refuse_talks"]
    again = {**gathered, "refuse_talks": 30.0}
    assert kinds("crowd_prepared", picture(talks="offered", minutes_since=again)) == ["refuse_talks"]
    for talks, refused, dusk in product(("none", "offered", "open", "refused"), (None, 10.0, 60.0), (600.0, 200.0)):
        since = gathered | ({} if refused is None else {"refuse_talks": refused})
        given = kinds("crowd_prepared", picture(talks=talks, minutes_to_dusk=dusk, minutes_since=since))
        assert not {"accept_talks", "refuse_talks"} <= set(given)


def test_a_crowd_without_leaders_neither_bargains_nor_sits_nor_calls() -> None:
    leaders = {"accept_talks", "refuse_talks", "sit_down", "stand", "call_for_more", "prepared_group_acts"}
    assert leaders.isdisjoint(orders_of("crowd_spontaneous"))
    there = {"gather": 300.0, "crowd_present": 60.0}
    assert kinds("crowd_spontaneous", picture(crowd=300, minutes_since=there)) == ["press"]
    assert kinds("crowd_spontaneous", picture(crowd=299, minutes_since=there)) == []
    assert kinds("crowd_spontaneous", picture(crowd=100, minutes_to_dusk=0.0, minutes_since=there)) == ["go_home"]
    assert kinds("crowd_spontaneous", picture(crowd=100, rain=True, minutes_since=there)) == ["go_home"]


# governments


@pytest.mark.parametrize(
    ("time", "since", "orders"),
    [
        ("10:19", {}, []),
        ("10:20", {}, ["order_entry"]),
        ("11:00", {"restraint_urged": 30.0}, ["order_entry"]),
        ("11:00", {"order_entry": 40.0}, []),
        ("11:00", {"entry_made": 5.0}, []),
        ("12:00", {}, []),
    ],
)
def test_pristina_orders_the_entry_once_in_the_morning_whatever_it_is_urged(time: str, since: dict[str, float], orders: list[str]) -> None:
    assert kinds("pristina_orders_entry", picture(time, minutes_since=since)) == orders


def test_only_one_table_orders_the_entry_and_beside_it_is_the_government_of_other_days() -> None:
    assert [name for name in TABLES if "order_entry" in orders_of(name)] == ["pristina_orders_entry"]
    assert kinds("pristina_deferring", picture("09:00")) == ["defer_entry"]
    usual, that_day = TABLES["pristina_government"].rows, TABLES["pristina_orders_entry"].rows
    assert [(row.when, row.order) for row in usual] == [(row.when, row.order) for row in that_day[1:]]


def test_pristina_does_not_yield_at_once_and_moves_the_mayor_late_and_after_a_clash_elsewhere_only() -> None:
    assert kinds("pristina_government", picture(minutes_since={"restraint_urged": 599.0, "clash_elsewhere": 60.0})) == []
    assert kinds("pristina_government", picture(minutes_since={"restraint_urged": 600.0})) == ["urge_restraint"]
    late = {"restraint_urged": 720.0, "urge_restraint": 100.0}
    assert kinds("pristina_government", picture(minutes_since=late)) == []
    assert kinds("pristina_government", picture(minutes_since={**late, "clash_elsewhere": 300.0})) == ["move_mayor"]


def test_a_pristina_that_defers_restrains_its_police_at_once_and_moves_the_mayor_soon() -> None:
    deferred = {"defer_entry": 60.0}
    assert kinds("pristina_deferring", picture(minutes_since={**deferred, "violence": 1.0})) == ["urge_restraint"]
    assert kinds("pristina_deferring", picture(minutes_since={**deferred, "restraint_urged": 1.0})) == ["urge_restraint"]
    assert kinds("pristina_deferring", picture(minutes_since={**deferred, "clash_elsewhere": 1.0})) == ["move_mayor"]
    assert kinds("pristina_deferring", picture(violent=6, minutes_since={**deferred, "clash_elsewhere": 1.0})) == []


def test_belgrade_presses_while_people_are_hurt_and_urges_restraint_when_it_is_calm() -> None:
    assert kinds("belgrade_government", picture(violent=30, own_hurt=1)) == ["press_for_action"]
    assert kinds("belgrade_government", picture(violent=30)) == kinds("belgrade_government", picture(own_hurt=9)) == []
    assert kinds("belgrade_government", picture(minutes_since={"push_seen": 5.0})) == ["press_for_action"]
    assert kinds("belgrade_government", picture(minutes_since={"calm": 60.0})) == ["urge_restraint"]


def test_the_quint_urges_restraint_anew_for_each_cause_and_mediates_once_when_it_is_over() -> None:
    assert kinds("quint_nato_governments", picture(minutes_since={"entry_made": 5.0})) == ["urge_restraint"]
    assert kinds("quint_nato_governments", picture(minutes_since={"entry_made": 60.0, "urge_restraint": 50.0})) == []
    assert kinds("quint_nato_governments", picture(minutes_since={"push_seen": 5.0, "urge_restraint": 50.0})) == ["urge_restraint"]
    assert kinds("quint_nato_governments", picture(minutes_since={"calm": 120.0})) == ["mediate"]
    assert kinds("quint_nato_governments", picture(minutes_since={"calm": 400.0, "mediate": 280.0})) == []
    assert kinds("quint_nato_governments", picture(violent=50, own_hurt=10)) == ["give_licence"]
