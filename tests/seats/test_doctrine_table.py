"""Doctrine tables: rows are read as written, refusals are respected, and the shipped doctrines are what they say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from sim.foundations.errors import InputError
from sim.seats.doctrine_table import Conditions, DoctrineSeat, load_doctrine
from sim.seats.picture import Estimate, Picture
from sim.vocabulary import OrderKind

DOCTRINES = Path(__file__).parents[2] / "scenarios" / "doctrine"


def about(number: float) -> Estimate:
    return Estimate(number, number, number, 0.0, "line")


def picture(clock: str = "10:00", **changes: object) -> Picture:
    hours, minutes = clock.split(":")
    calm = Picture(
        seat="seat",
        minute_of_day=60.0 * int(hours) + int(minutes),
        minutes_to_dusk=600.0,
        crowd=about(0),
        violent=about(0),
        seated=about(0),
        vehicles_stuck=0,
        line_pressed=False,
        own_fit=300,
        own_hurt=0,
        advance_m=0.0,
        talks="none",
    )
    numbers = {name: about(float(value)) for name, value in changes.items() if name in ("crowd", "violent", "seated")}
    return replace(calm, **{**changes, **numbers})


def seat(name: str) -> DoctrineSeat:
    return DoctrineSeat(load_doctrine(DOCTRINES / f"{name}.yaml"))


def kinds(name: str, seen: Picture) -> list[str]:
    return [str(order.kind) for order in seat(name).decide(seen)]


# conditions


@pytest.mark.parametrize(
    ("when", "yes", "no"),
    [
        ({"time_from": "10:00"}, {"clock": "10:00"}, {"clock": "09:59"}),
        ({"time_until": "10:00"}, {"clock": "09:59"}, {"clock": "10:00"}),
        ({"crowd_at_least": 50}, {"crowd": 50}, {"crowd": 49}),
        ({"crowd_at_most": 50}, {"crowd": 50}, {"crowd": 51}),
        ({"violent_at_least": 5}, {"violent": 5}, {"violent": 4}),
        ({"violent_at_most": 5}, {"violent": 5}, {"violent": 6}),
        ({"violent_share_at_least": 0.1}, {"crowd": 100, "violent": 10}, {"crowd": 101, "violent": 10}),
        ({"seated_share_at_least": 0.5}, {"crowd": 100, "seated": 50}, {"crowd": 100, "seated": 49}),
        ({"vehicles_stuck": True}, {"vehicles_stuck": 1}, {"vehicles_stuck": 0}),
        ({"vehicles_stuck": False}, {"vehicles_stuck": 0}, {"vehicles_stuck": 3}),
        ({"line_pressed": True}, {"line_pressed": True}, {"line_pressed": False}),
        ({"own_hurt_at_least": 1}, {"own_hurt": 1}, {"own_hurt": 0}),
        ({"own_fit_at_least": 10}, {"own_fit": 10}, {"own_fit": 9}),
        ({"advance_m_at_least": 30}, {"advance_m": 30.0}, {"advance_m": 29.0}),
        ({"talks": "open"}, {"talks": "open"}, {"talks": "none"}),
        ({"request_waiting": True}, {"request_waiting": True}, {"request_waiting": False}),
        ({"support_coming": False}, {"support_coming": False}, {"support_coming": True}),
        ({"in_lead": True}, {"in_lead": True}, {"in_lead": False}),
        ({"leads_at_least": 2}, {"leads": 2}, {"leads": 1}),
        ({"leads_at_most": 0}, {"leads": 0}, {"leads": 1}),
        ({"reserve_at_least": 2}, {"reserve_units": 2}, {"reserve_units": 1}),
        ({"violent_elsewhere_at_least": 20}, {"violent_elsewhere": 20.0}, {"violent_elsewhere": 19.0}),
        ({"rain": True}, {"rain": True}, {"rain": False}),
        ({"rain": False}, {"rain": False}, {"rain": True}),
        ({"dusk_within_min": 0}, {"minutes_to_dusk": -1.0}, {"minutes_to_dusk": 1.0}),
        ({"minutes_since": {"calm": 30}}, {"minutes_since": {"calm": 30.0}}, {"minutes_since": {"calm": 29.0}}),
        ({"minutes_since": {"calm": 0}}, {"minutes_since": {"calm": 0.0}}, {}),
        ({"not_since": {"push": 30}}, {"minutes_since": {"push": 31.0}}, {"minutes_since": {"push": 29.0}}),
        ({"not_since": {"push": 30}}, {}, {"minutes_since": {"push": 0.0}}),
        ({"never": ("push",)}, {}, {"minutes_since": {"push": 900.0}}),
        ({"ever": ("push",)}, {"minutes_since": {"push": 900.0}}, {}),
        ({"ever": ("push",)}, {"minutes_since": {"push": 9.0}}, {"denied": {"push": 9.0}}),
        ({"newer": ("push_seen",)}, {"minutes_since": {"push_seen": 5.0}}, {}),
        ({"newer": ("calm",)}, {"minutes_since": {"calm": 5.0, "wait": 6.0}}, {"minutes_since": {"calm": 5.0, "wait": 5.0}}),
    ],
)
def test_each_condition_holds_and_fails_where_it_should(when: dict[str, object], yes: dict[str, object], no: dict[str, object]) -> None:
    conditions = Conditions.model_validate(when)
    assert conditions.hold(picture(**yes), OrderKind.WAIT)
    assert not conditions.hold(picture(**no), OrderKind.WAIT)


def test_all_conditions_must_hold() -> None:
    both = Conditions(crowd_at_least=50, talks="none")
    assert both.hold(picture(crowd=60), OrderKind.WAIT)
    assert not both.hold(picture(crowd=60, talks="open"), OrderKind.WAIT)


# reading a table


TABLE = """
doctrine: trial
seat: kfor
source: a test
grade: assumption
rows:
  - {name: first talk, when: {crowd_at_least: 10}, order: open_talks, selectivity: 0.9, because: b, source: s, grade: assumption}
  - {name: second talk, when: {}, order: open_talks, because: b, source: s, grade: assumption}
  - {name: warn often, when: {}, order: warn_by_loudspeaker, repeat_after_min: 10, because: b, source: s, grade: assumption}
  - {name: push once, when: {}, order: push, because: b, source: s, grade: assumption}
"""


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    path = tmp_path / "trial.yaml"
    path.write_text(TABLE, "utf-8")
    return path


def test_the_topmost_row_of_a_kind_wins_and_signs(trial: Path) -> None:
    orders = DoctrineSeat(load_doctrine(trial), "kfor_zvecan").decide(picture(crowd=20))
    assert (orders[0].kind, orders[0].selectivity) == (OrderKind.OPEN_TALKS, 0.9)
    assert {order.seat for order in orders} == {"kfor_zvecan"}
    assert orders[0].because == "trial: first talk"
    assert DoctrineSeat(load_doctrine(trial)).decide(picture(crowd=5))[0].because == "trial: second talk"


def test_an_order_is_given_at_the_site_of_the_picture(trial: Path) -> None:
    commander = DoctrineSeat(load_doctrine(trial), "kfor_commander")
    for site in ("zvecan", "leposavic"):
        assert {order.site for order in commander.decide(picture(site=site))} == {site}


def test_a_row_that_leaves_selectivity_open_takes_the_rules_default(trial: Path) -> None:
    orders = DoctrineSeat(load_doctrine(trial), default_selectivity={OrderKind.PUSH: 0.2}).decide(picture())
    assert {order.kind: order.selectivity for order in orders}[OrderKind.PUSH] == 0.2


def test_once_is_once_and_repeat_waits(trial: Path) -> None:
    def given(**since: float) -> set[str]:
        return {str(order.kind) for order in DoctrineSeat(load_doctrine(trial)).decide(picture(minutes_since=since))}

    assert given() == {"open_talks", "warn_by_loudspeaker", "push"}
    assert given(push=500.0, open_talks=500.0, warn_by_loudspeaker=9.0) == set()
    assert given(push=500.0, open_talks=500.0, warn_by_loudspeaker=10.0) == {"warn_by_loudspeaker"}


def test_a_refused_order_is_tried_again_only_later(trial: Path) -> None:
    done = {"open_talks": 50.0, "warn_by_loudspeaker": 5.0}
    refused = picture(minutes_since=done, denied={"push": 29.0})
    assert not DoctrineSeat(load_doctrine(trial)).decide(refused)
    later = picture(minutes_since=done, denied={"push": 30.0})
    assert [order.kind for order in DoctrineSeat(load_doctrine(trial)).decide(later)] == [OrderKind.PUSH]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("order: push", "order: pushh", 10, "Input should be"),
        ("order: push,", "order: sit_down,", 10, "a seat of kfor cannot order sit_down"),
        ("crowd_at_least: 10", "crowd_atleast: 10", 7, "did you mean 'crowd_at_least'?"),
        ("crowd_at_least: 10", "ever: [pushed]", 7, "'pushed' is no event and no order of this seat; did you mean 'push'?"),
        ("crowd_at_least: 10", "minutes_since: {clam: 5}", 7, "did you mean 'calm'?"),
        ("crowd_at_least: 10", 'time_from: "9:00"', 7, "is not a time of day"),
        ("selectivity: 0.9", "selectivity: 1.9", 7, "less than or equal to 1"),
        ("seat: kfor", "seat: kfer", 3, "Input should be"),
        ("name: push once", "name: warn often", 10, "'warn often' stands twice"),
        ("grade: assumption\nrows", "grade: D\nrows", 5, "Input should be"),
    ],
)
def test_a_bad_table_is_named_by_file_line_and_field(trial: Path, old: str, new: str, line: int, words: str) -> None:
    text = trial.read_text("utf-8")
    assert old in text
    trial.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_doctrine(trial, trial.parent)
    told = str(caught.value)
    assert words in told
    assert told.startswith(f"trial.yaml:{line}:")


# what ships


def test_every_shipped_doctrine_loads_under_its_file_name() -> None:
    paths = sorted(DOCTRINES.glob("*.yaml"))
    assert len(paths) >= 3
    for path in paths:
        assert load_doctrine(path).doctrine == path.stem


def test_counterbalancing_detains_nobody_and_pushes_for_two_reasons() -> None:
    rows = load_doctrine(DOCTRINES / "kfor_counterbalancing.yaml").rows
    assert OrderKind.SEND_DETENTION_TEAMS not in {row.order for row in rows}
    assert all(row.when.vehicles_stuck or row.when.line_pressed for row in rows if row.order is OrderKind.PUSH)


def test_counterbalancing_plays_the_sequence_it_describes() -> None:
    """A day of hand-made pictures: crowd from 08:00, vehicles stuck from 09:00, out at 17:00, calm from 18:30."""
    table = seat("kfor_counterbalancing")
    given: dict[str, float] = {}
    log: list[tuple[float, str]] = []
    for minute in range(6 * 60, 21 * 60, 5):
        since = {name: minute - at for name, at in given.items()}
        if minute >= 17 * 60:
            since["vehicles_out"] = float(minute - 17 * 60)
        seen = picture(
            f"{minute // 60:02d}:{minute % 60:02d}",
            crowd=0 if minute < 480 else 500,
            violent=60 if 16.75 * 60 <= minute < 18.5 * 60 else 0,
            vehicles_stuck=3 if 540 <= minute < 1020 else 0,
            talks="open" if "open_talks" in given else "none",
            advance_m=15.0 if minute >= 1005 else 0.0,
            minutes_since=since,
        )
        for order in table.decide(seen):
            given[str(order.kind)] = minute
            log.append((minute / 60, str(order.kind)))
    first = {}
    for hour, kind in log:
        first.setdefault(kind, hour)
    assert list(first) == [
        "take_cordon",
        "open_talks",
        "give_ultimatum",
        "warn_by_loudspeaker",
        "push",
        "extract_vehicles",
        "use_agents",
        "halt_push",
        "stop_agents",
    ]
    assert first["give_ultimatum"] - first["open_talks"] >= 3.0
    assert 2.0 <= first["push"] - first["give_ultimatum"] <= 3.0
    warnings = [hour for hour, kind in log if kind == "warn_by_loudspeaker" and hour < first["push"]]
    assert len(warnings) >= 3
    assert all(later - earlier >= 10 / 60 - 1e-9 for earlier, later in pairwise(warnings))
    assert [kind for _, kind in log].count("take_cordon") == 2
    assert max(hour for hour, kind in log if kind == "take_cordon") > first["halt_push"]


def test_counterbalancing_leaves_a_calm_crowd_alone() -> None:
    long_talks = {"take_cordon": 600.0, "open_talks": 500.0}
    assert kinds("kfor_counterbalancing", picture(crowd=800, talks="open", minutes_since=long_talks)) == []


def test_a_refused_push_frees_no_vehicles() -> None:
    since = {"take_cordon": 600.0, "open_talks": 500.0, "give_ultimatum": 200.0, "warn_by_loudspeaker": 5.0, "push": 5.0}
    stuck = picture(crowd=500, vehicles_stuck=3, talks="open", advance_m=20.0, minutes_since=since)
    assert kinds("kfor_counterbalancing", stuck) == ["extract_vehicles"]
    since.pop("push")
    assert kinds("kfor_counterbalancing", replace(stuck, minutes_since=since, denied={"push": 0.0})) == []


def test_a_bargaining_crowd_sits_down_when_warned_and_calls_for_more_when_threatened() -> None:
    start = {"gather": 300.0}
    assert kinds("crowd_bargaining", picture()) == ["gather"]
    assert kinds("crowd_bargaining", picture(talks="offered", minutes_since=start)) == ["accept_talks"]
    threatened = picture(talks="open", minutes_since={**start, "ultimatum_heard": 2.0})
    assert kinds("crowd_bargaining", threatened) == ["call_for_more", "sit_down"]
    warned = picture(talks="open", minutes_since={**start, "call_for_more": 150.0, "ultimatum_heard": 160.0, "warning_heard": 1.0})
    assert kinds("crowd_bargaining", warned) == ["sit_down"]


def test_after_a_push_leaders_can_only_call_or_send_home() -> None:
    since = {"gather": 600.0, "ultimatum_heard": 200.0, "warning_heard": 1.0, "push_seen": 1.0, "call_for_more": 190.0}
    assert kinds("crowd_bargaining", picture(crowd=800, minutes_since=since)) == ["call_for_more"]
    dark = picture(crowd=300, minutes_to_dusk=-5.0, minutes_since={**since, "call_for_more": 0.5})
    assert kinds("crowd_bargaining", dark) == ["go_home"]


def test_police_hold_building_and_door_and_detain_by_name() -> None:
    held = {"hold_building": 100.0}
    assert kinds("kosovo_police_hold_building", picture()) == ["hold_building"]
    assert kinds("kosovo_police_hold_building", picture(minutes_since={**held, "staff_at_door": 1.0})) == ["hold_door_with_agents"]
    riot = picture(violent=40, minutes_since={**held, "push_seen": 15.0, "violence": 12.0})
    orders = seat("kosovo_police_hold_building").decide(riot)
    assert [(str(order.kind), order.selectivity) for order in orders] == [("send_detention_teams", 1.0)]
    calm = picture(minutes_since={**held, "push_seen": 90.0, "send_detention_teams": 60.0, "calm": 20.0})
    assert kinds("kosovo_police_hold_building", calm) == ["recall_detention_teams"]


def test_police_detain_nobody_while_the_line_stands() -> None:
    assert kinds("kosovo_police_hold_building", picture(violent=40, minutes_since={"hold_building": 9.0, "violence": 60.0})) == []


def test_a_seat_gives_the_same_orders_on_the_same_picture() -> None:
    seen = picture(crowd=500, vehicles_stuck=3, violent=30, minutes_since={"open_talks": 500.0})
    for path in DOCTRINES.glob("*.yaml"):
        one = DoctrineSeat(load_doctrine(path))
        assert one.decide(seen) == one.decide(seen) == DoctrineSeat(load_doctrine(path)).decide(seen)
