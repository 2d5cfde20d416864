"""The shipped doctrine tables, the files and KFOR's: each gives the orders it says it gives, on pictures made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from test_doctrine_table import DOCTRINES, kinds, picture, seat

from sim.doctrine.concessions import CONCESSIONS
from sim.doctrine.seat_orders import SEAT_ORDERS
from sim.seats.doctrine_table import EVENTS, DoctrineRow, DoctrineSeat, load_doctrine
from sim.seats.picture import Picture
from sim.vocabulary import OrderKind

TABLES = {path.stem: load_doctrine(path) for path in sorted(DOCTRINES.glob("*.yaml"))}
WITHOUT_RANGES = {"kfor_counterbalancing", "kosovo_police_hold_building", "crowd_bargaining"}
"""Tables whose rows were written before ranges stood in the source; the guide says which range they have."""

RANGE = re.compile(r"\(\D*[\d:.]+-[\d:.]+\)")
GUIDE = (DOCTRINES / "README.md").read_text("utf-8")


def orders_of(name: str) -> set[str]:
    return {str(row.order) for row in TABLES[name].rows}


def play(player: DoctrineSeat, from_hour: int, until_hour: int, seen: Callable[[int, dict[str, float]], Picture]) -> list[tuple[int, str]]:
    """Play a day in steps of five minutes; *seen* makes the picture from the minute and the seat's memory."""
    given: dict[str, float] = {}
    log: list[tuple[int, str]] = []
    for minute in range(60 * from_hour, 60 * until_hour, 5):
        for order in player.decide(seen(minute, {name: minute - at for name, at in given.items()})):
            given[str(order.kind)] = minute
            log.append((minute, str(order.kind)))
    return log


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def first(log: list[tuple[int, str]], kind: str) -> int:
    return next(minute for minute, given in log if given == kind)


# the files


@pytest.mark.parametrize("name", TABLES)
def test_a_table_orders_what_its_seat_can_order_and_gives_reasons(name: str) -> None:
    table = TABLES[name]
    assert table.doctrine == name
    assert table.summary
    assert {row.order for row in table.rows} <= SEAT_ORDERS[table.seat]
    assert all(row.because.strip() and row.source.strip() for row in table.rows)


def _numbers(row: DoctrineRow) -> list[object]:
    texts_and_flags = (str, bool, tuple, dict, type(None))
    plain = [value for value in row.when.__dict__.values() if not isinstance(value, texts_and_flags)]
    return [value for value in (*plain, *row.when.minutes_since.values(), *row.when.not_since.values()) if value]


@pytest.mark.parametrize("name", sorted(set(TABLES) - WITHOUT_RANGES))
def test_a_number_in_a_row_stands_with_its_range(name: str) -> None:
    bare = [row.name for row in TABLES[name].rows if _numbers(row) and not RANGE.search(row.source)]
    assert bare == []


def test_the_guide_lists_every_table_with_its_seat_and_no_other() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (\w+)", GUIDE, re.MULTILINE))
    assert listed == {name: str(table.seat) for name, table in TABLES.items()}


def test_the_guide_names_every_event() -> None:
    assert sorted(event for event in EVENTS if f"`{event}`" not in GUIDE) == []


def test_every_way_to_ease_the_dilemma_and_every_step_of_a_hand_over_is_in_some_table() -> None:
    used = {row.order for table in TABLES.values() for row in table.rows}
    hand_over = {OrderKind.REQUEST_SUPPORT, OrderKind.ACCEPT_REQUEST, OrderKind.REFUSE_REQUEST, OrderKind.HAND_BACK}
    reserve = {OrderKind.SEND_RESERVE, OrderKind.RECALL_RESERVE}
    assert sorted((CONCESSIONS | hand_over | reserve) - used) == []


# what holds for every force


DONE_LONG_AGO = """take_cordon hold_building put_up_barriers open_exit give_ultimatum accept_request support_arrived send_reserve
entry_ordered tell_kfor_beforehand enter_building thin_out_special_police walk_crews_out crowd_present violence"""

IN_PLACE = dict.fromkeys(DONE_LONG_AGO.split(), 300.0)
"""Memory of a force that is where it should be and has used no force yet."""

WARNED = {**IN_PLACE, "warn_by_loudspeaker": 5.0}

AGENTS_FROM = {
    "kfor_counterbalancing": (20, False),
    "kfor_behind_barriers": (40, False),
    "kfor_assertive_selective": (20, True),
    "kfor_assertive_indiscriminate": (5, False),
    "kfor_restrained": (40, True),
    "kosovo_police_forced_entry": (15, False),
    "kosovo_police_consulted_entry": (20, False),
    "kosovo_police_first": (20, False),
    "kosovo_police_without_special_units": (20, False),
    "kfor_counterbalancing_detaining": (20, False),
    "kfor_counterbalancing_showing_force": (20, False),
    "kfor_counterbalancing_detaining_showing_force": (20, False),
    "eulex_on_request": (20, False),
}
"""Violent persons from which a doctrine uses agents, and whether only while the line is pressed."""


def tables_with(order: str) -> list[str]:
    return [name for name in TABLES if order in orders_of(name)]


def test_agents_are_in_these_tables_and_no_other() -> None:
    assert set(tables_with("use_agents")) == set(AGENTS_FROM)


@pytest.mark.parametrize("name", AGENTS_FROM)
def test_agents_follow_a_warning_answer_so_many_violent_and_stop_when_it_calms(name: str) -> None:
    violent, pressed = AGENTS_FROM[name]
    attack = {"crowd": 90, "line_pressed": pressed, "own_fit": 95}
    assert "use_agents" not in kinds(name, picture(**attack, violent=violent, minutes_since=IN_PLACE))
    assert "use_agents" in kinds(name, picture(**attack, violent=violent, minutes_since=WARNED))
    assert "use_agents" not in kinds(name, picture(**attack, violent=violent - 1, minutes_since=WARNED))
    assert "use_agents" not in kinds(name, picture(crowd=90, violent=violent, own_fit=95, minutes_since=WARNED)) or not pressed
    used = {**WARNED, "use_agents": 20.0}
    assert "stop_agents" in kinds(name, picture(minutes_since=used))
    assert "stop_agents" not in kinds(name, picture(minutes_since={**used, "stop_agents": 10.0}))
    assert "stop_agents" not in kinds(name, picture(**attack, violent=violent, minutes_since=used))


@pytest.mark.parametrize("name", tables_with("warn_by_loudspeaker"))
def test_those_who_strike_at_a_pressed_line_are_warned_again_and_again(name: str) -> None:
    strike = {"crowd": 60, "violent": 5, "line_pressed": True, "own_fit": 95}
    given = [
        kinds(name, picture(**strike, minutes_since=IN_PLACE | last))
        for last in ({}, {"warn_by_loudspeaker": 5.0}, {"warn_by_loudspeaker": 15.0})
    ]
    assert ["warn_by_loudspeaker" in orders for orders in given] == [True, False, True]


@pytest.mark.parametrize("name", tables_with("push"))
def test_a_push_follows_a_warning_is_halted_when_nobody_presses_and_the_line_goes_back(name: str) -> None:
    breach = {"crowd": 400, "violent": 250, "line_pressed": True, "own_hurt": 9}
    assert "push" not in kinds(name, picture(**breach, minutes_since=IN_PLACE))
    assert "push" in kinds(name, picture(**breach, minutes_since=WARNED))
    pushed = {**WARNED, "push": 20.0}
    assert "halt_push" not in kinds(name, picture(**breach, minutes_since=pushed))
    assert "halt_push" in kinds(name, picture(minutes_since=pushed))
    assert "take_cordon" not in kinds(name, picture(minutes_since=pushed))
    assert "take_cordon" in kinds(name, picture(minutes_since={**pushed, "halt_push": 5.0}))


@pytest.mark.parametrize("name", tables_with("send_detention_teams"))
def test_teams_hit_identified_persons_only_and_come_back_when_it_calms(name: str) -> None:
    assert {row.selectivity for row in TABLES[name].rows if row.order is OrderKind.SEND_DETENTION_TEAMS} == {1.0}
    sent = {**IN_PLACE, "send_detention_teams": 60.0}
    assert "recall_detention_teams" in kinds(name, picture(minutes_since={**sent, "calm": 15.0}))
    assert "recall_detention_teams" not in kinds(name, picture(minutes_since=sent))


@pytest.mark.parametrize("name", tables_with("open_talks"))
def test_talks_are_offered_to_a_crowd_that_is_not_violent_and_by_kfor_again_after_a_refusal(name: str) -> None:
    given = [kinds(name, picture(crowd=c, violent=v, minutes_since=IN_PLACE)) for c, v in ((50, 10), (49, 0), (50, 11))]
    assert ["open_talks" in orders for orders in given] == [True, False, False]
    refused = picture(crowd=50, talks="refused", minutes_since={**IN_PLACE, "open_talks": 120.0})
    assert ("open_talks" in kinds(name, refused)) is name.startswith("kfor")


@pytest.mark.parametrize("name", ["kfor_counterbalancing", "kfor_assertive_selective", "kfor_assertive_indiscriminate", "kfor_restrained"])
def test_kfor_on_the_spot_stands_between_from_the_first_moment(name: str) -> None:
    assert kinds(name, picture()) == ["take_cordon"]


# KFOR on the spot


LONG_AGO = {"take_cordon": 600.0, "open_talks": 500.0, "give_ultimatum": 300.0, "warn_by_loudspeaker": 20.0, "open_exit": 500.0}


def situations() -> list[Picture]:
    """Return what a day can look like, from an empty square to a breach, early and late, with and without words before."""
    many = product(
        (0, 60, 400), (0, 8, 30, 250), (0, 350), (False, True), (0, 3), ("none", "open", "refused"), ({}, LONG_AGO), (500.0, -5.0)
    )
    return [
        picture(crowd=c, violent=v, seated=s, line_pressed=p, vehicles_stuck=n, talks=t, minutes_since=m, minutes_to_dusk=d)
        for c, v, s, p, n, t, m, d in many
        if v + s <= c
    ]


@pytest.mark.parametrize(
    ("name", "ever_pushes", "ever_detains"),
    [
        ("kfor_restrained", False, False),
        ("kfor_stands_by", False, False),
        ("kfor_counterbalancing", True, False),
        ("kfor_behind_barriers", True, False),
        ("kfor_assertive_selective", True, True),
        ("kfor_assertive_indiscriminate", True, False),
    ],
)
def test_whatever_kfor_sees_its_doctrine_says_whether_it_may_push_or_detain(name: str, ever_pushes: bool, ever_detains: bool) -> None:
    given = {str(order.kind) for seen in situations() for order in seat(name).decide(seen)}
    assert ("push" in given, "send_detention_teams" in given) == (ever_pushes, ever_detains)


def test_assertive_selective_pushes_into_no_seated_crowd() -> None:
    pushed = [seen for seen in situations() if "push" in kinds("kfor_assertive_selective", seen)]
    assert pushed
    assert max(seen.seated.value / seen.crowd.value for seen in pushed) < 0.5
    extraction = picture(crowd=500, seated=450, vehicles_stuck=3, minutes_since=LONG_AGO)
    assert "push" not in kinds("kfor_assertive_selective", extraction)
    assert "push" in kinds("kfor_counterbalancing", extraction)
    assert "push" in kinds("kfor_assertive_indiscriminate", extraction)


def test_assertive_selective_detains_the_identified_few_early() -> None:
    orders = seat("kfor_assertive_selective").decide(picture(crowd=500, seated=450, violent=5, minutes_since={"take_cordon": 60.0}))
    assert {str(order.kind): order.selectivity for order in orders if order.kind is OrderKind.SEND_DETENTION_TEAMS} == {
        "send_detention_teams": 1.0
    }
    assert {"warn_by_loudspeaker", "open_exit"} <= {str(order.kind) for order in orders}
    assert "warn_by_loudspeaker" in kinds("kfor_assertive_selective", picture(crowd=500, line_pressed=True))


def test_assertive_selective_asks_for_the_reserve_once_it_is_needed_and_not_while_it_comes() -> None:
    asked = [
        kinds("kfor_assertive_selective", picture(crowd=500, violent=v, support_coming=c))
        for v, c in ((14, False), (15, False), (15, True))
    ]
    assert ["request_support" in given for given in asked] == [False, True, False]


def test_assertive_indiscriminate_pushes_everybody_within_the_hour() -> None:
    log = play(
        seat("kfor_assertive_indiscriminate"), 8, 10, lambda now, since: picture(clock(now), crowd=500, seated=400, minutes_since=since)
    )
    assert first(log, "push") - first(log, "give_ultimatum") == 30
    assert first(log, "give_ultimatum") < first(log, "warn_by_loudspeaker") < first(log, "push")
    assert "open_talks" not in orders_of("kfor_assertive_indiscriminate")
    assert {row.selectivity for row in TABLES["kfor_assertive_indiscriminate"].rows if row.order in ("push", "use_agents")} == {0.0}


def test_assertive_indiscriminate_adds_agents_to_its_push_and_stops_only_at_an_empty_square() -> None:
    pushed = {**WARNED, "push": 10.0}
    stuck = picture(crowd=50, vehicles_stuck=3, advance_m=5.0, minutes_since=pushed)
    assert kinds("kfor_assertive_indiscriminate", stuck) == ["use_agents", "extract_vehicles"]
    acting = {**pushed, "use_agents": 5.0}
    assert kinds("kfor_assertive_indiscriminate", picture(crowd=50, minutes_since=acting)) == []
    assert kinds("kfor_assertive_indiscriminate", picture(crowd=49, minutes_since=acting)) == ["halt_push", "stop_agents"]


def test_barriers_come_before_anybody_is_there_and_only_in_their_own_table() -> None:
    assert kinds("kfor_behind_barriers", picture()) == ["put_up_barriers", "take_cordon"]
    assert [name for name in TABLES if "put_up_barriers" in orders_of(name)] == ["kfor_behind_barriers"]


def test_behind_barriers_kfor_pushes_only_against_a_breach_by_many() -> None:
    warned = {"put_up_barriers": 600.0, "take_cordon": 600.0, "open_talks": 500.0, "warn_by_loudspeaker": 5.0}
    seen = [(60, True), (59, True), (60, False)]
    given = [kinds("kfor_behind_barriers", picture(crowd=3000, violent=v, line_pressed=p, minutes_since=warned)) for v, p in seen]
    assert ["push" in orders for orders in given] == [True, False, False]
    stuck = picture(crowd=500, vehicles_stuck=3, talks="open", minutes_since={**warned, "give_ultimatum": 300.0})
    assert kinds("kfor_behind_barriers", stuck) == []


def test_restrained_kfor_gives_up_vehicles_then_asks_a_third_party_then_takes_the_door_and_waits() -> None:
    def seen(now: int, since: dict[str, float]) -> Picture:
        stuck = 0 if "walk_crews_out" in since else 3
        return picture(clock(now), crowd=500, vehicles_stuck=stuck, talks="open" if "open_talks" in since else "none", minutes_since=since)

    log = play(seat("kfor_restrained"), 8, 16, seen)
    talks, walked, mediated = (first(log, kind) for kind in ("open_talks", "walk_crews_out", "mediate"))
    assert (walked - talks, mediated - talks) == (120, 180)
    assert first(log, "replace_police_at_door") == first(log, "wait") == mediated + 60
    assert "open_exit" in {kind for _, kind in log}


def test_restrained_kfor_concedes_nothing_to_violence_or_to_a_few() -> None:
    late = {"take_cordon": 400.0, "open_exit": 400.0, "open_talks": 300.0, "warn_by_loudspeaker": 1.0}
    for since in (late, {**late, "mediate": 90.0}):
        for few in ({"crowd": 400, "violent": 11}, {"crowd": 49}):
            assert kinds("kfor_restrained", picture(**few, talks="open", minutes_since=since)) == []


def test_restrained_kfor_sends_nobody_on_foot_through_violence_and_gives_the_door_back_when_people_have_gone() -> None:
    talked = {"take_cordon": 300.0, "open_talks": 200.0}
    assert "walk_crews_out" not in kinds("kfor_restrained", picture(crowd=500, violent=11, vehicles_stuck=3, minutes_since=talked))
    assert kinds("kfor_restrained", picture(crowd=40, talks="refused", minutes_since={"take_cordon": 300.0})) == ["mediate"]
    took = {"take_cordon": 600.0, "replace_police_at_door": 180.0}
    assert kinds("kfor_restrained", picture(crowd=20, in_lead=True, minutes_since=took)) == ["hand_back"]
    assert kinds("kfor_restrained", picture(crowd=20, in_lead=False, minutes_since=took)) == []


def test_kfor_standing_by_does_nothing_until_it_is_told_or_asked() -> None:
    riot = {"crowd": 800, "violent": 200, "line_pressed": True, "reserve_units": 2}
    told, came = {"kfor_told": 2.0}, {"kfor_told": 60.0, "send_reserve": 60.0, "support_arrived": 1.0}
    assert kinds("kfor_stands_by", picture(**riot)) == []
    assert kinds("kfor_stands_by", picture(**riot, request_waiting=True)) == ["accept_request"]
    assert kinds("kfor_stands_by", picture(reserve_units=1, minutes_since=told)) == ["send_reserve"]
    assert kinds("kfor_stands_by", picture(reserve_units=1, minutes_since=told, support_coming=True)) == []
    assert kinds("kfor_stands_by", picture(**riot, minutes_since=came)) == ["take_cordon", "warn_by_loudspeaker"]
    helped = {"accept_request": 400.0, "support_arrived": 300.0, "take_cordon": 300.0, "calm": 120.0}
    assert kinds("kfor_stands_by", picture(minutes_since=helped)) == ["hand_back"]


# the KFOR commander


@pytest.mark.parametrize(
    ("units", "dusk_min", "coming", "sent"),
    [(2, 500.0, False, True), (1, 500.0, False, False), (1, 120.0, False, True), (0, 120.0, False, False), (2, 500.0, True, False)],
)
def test_the_commander_keeps_one_unit_back_until_late(units: int, dusk_min: float, coming: bool, sent: bool) -> None:
    burns = picture(crowd=500, violent=40, reserve_units=units, minutes_to_dusk=dusk_min, support_coming=coming)
    assert ("send_reserve" in kinds("kfor_commander_reserve", burns)) is sent


def test_the_commander_sends_where_it_burns_is_pressed_or_is_announced_and_nowhere_else() -> None:
    seen = [
        {"violent": 20},
        {"violent": 5, "line_pressed": True},
        {"minutes_since": {"kfor_told": 5.0}},
        {"violent": 19},
        {"line_pressed": True},
    ]
    given = [kinds("kfor_commander_reserve", picture(crowd=400, reserve_units=3, **changes)) for changes in seen]
    assert [orders == ["send_reserve"] for orders in given] == [True, True, True, False, False]


def test_the_commander_calls_units_home_when_it_is_calm_and_sooner_when_it_burns_elsewhere() -> None:
    def given(calm: float, elsewhere: float, **since: float) -> list[str]:
        memory = {"send_reserve": 300.0, "calm": calm, **since}
        return kinds("kfor_commander_reserve", picture(crowd=200, violent_elsewhere=elsewhere, minutes_since=memory))

    assert given(30.0, 20.0) == given(120.0, 0.0) == ["recall_reserve"]
    assert given(30.0, 0.0) == given(29.0, 20.0) == given(120.0, 0.0, recall_reserve=10.0) == []
    waited = [
        kinds("kfor_commander_reserve", picture(crowd=c, minutes_since={"send_reserve": m}))
        for c, m in ((50, 180.0), (51, 180.0), (50, 179.0))
    ]
    assert waited == [["recall_reserve"], [], []]


def test_the_commander_accepts_every_request_and_offers_the_lead_back_after_calm() -> None:
    for name in ("kfor_commander_reserve", "kfor_commander_massing"):
        assert "accept_request" in kinds(name, picture(request_waiting=True))
    helped = {"accept_request": 400.0, "calm": 120.0}
    assert kinds("kfor_commander_reserve", picture(minutes_since=helped)) == ["hand_back"]
    assert kinds("kfor_commander_reserve", picture(minutes_since={**helped, "calm": 100.0})) == []
    assert kinds("kfor_commander_reserve", picture(minutes_since={"calm": 120.0})) == []


def units_sent(name: str) -> dict[str, int]:
    """Play four reserve units, one site pressed from 10:00 and another attacked from 12:00; return units sent to each."""
    memory: dict[str, dict[str, int]] = {"first": {}, "second": {}}
    sent = {"first": 0, "second": 0}
    for minute in range(600, 840, 5):
        for site, given in memory.items():
            begun = minute >= (600 if site == "first" else 720)
            since = {kind: float(minute - at) for kind, at in given.items()}
            violent, units = 40 if begun else 0, 4 - sum(sent.values())
            seen = picture(
                clock(minute), crowd=400, violent=violent, line_pressed=begun, reserve_units=units, minutes_since=since, site=site
            )
            for order in seat(name).decide(seen):
                given[str(order.kind)] = minute
                sent[site] += order.kind is OrderKind.SEND_RESERVE
    return sent


def test_massing_leaves_nothing_for_a_second_site_and_a_reserve_always_leaves_one_unit() -> None:
    begun = [{"line_pressed": True}, {"violent": 10}, {"minutes_since": {"send_reserve": 5.0}}, {"violent": 9}]
    given = [kinds("kfor_commander_massing", picture(reserve_units=1, **changes)) for changes in begun]
    assert given == [["send_reserve"], ["send_reserve"], ["send_reserve"], []]
    assert units_sent("kfor_commander_massing") == {"first": 4, "second": 0}
    assert sum(units_sent("kfor_commander_reserve").values()) == 3
