"""Scripted history and recorded orders: each order once, at its time, with no memory in the seat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from sim.doctrine.orders import Order
from sim.seats.picture import Estimate, Picture
from sim.seats.recorded import RecordedSeat, moment
from sim.seats.scripted_history import ScriptedSeat, ScriptLine
from sim.seats.seat import DailySeat
from sim.vocabulary import OrderKind

NOBODY = Estimate(0.0, 0.0, 0.0, 0.0, "line")
EMPTY = Picture("kfor", 0.0, 0.0, NOBODY, NOBODY, NOBODY, 0, False, 0, 0, 0.0, "none")


def line(at: str, order: str, **more: object) -> ScriptLine:
    return ScriptLine.model_validate({"at": at, "order": order, "source": "Z1", "grade": "A", **more})


def at(minute: float) -> Picture:
    return replace(EMPTY, minute_of_day=minute)


@pytest.mark.parametrize("offset", [0.0, 1.0, 2.5, 4.75])
def test_every_line_is_given_once_whatever_the_phase_of_the_decisions(offset: float) -> None:
    lines = [line("17:00", "push", selectivity=0.3), line("14:00", "give_ultimatum"), line("16:50", "warn_by_loudspeaker")]
    seat = ScriptedSeat("kfor", lines, 5.0, {OrderKind.PUSH: 0.9})
    given = [order for step in range(288) for order in seat.decide(at(offset + 5.0 * step))]
    assert [str(order.kind) for order in given] == ["give_ultimatum", "warn_by_loudspeaker", "push"]
    assert given[-1] == Order("kfor", OrderKind.PUSH, 0.3, "history 17:00 [Z1]")


def test_a_line_belongs_to_the_first_decision_at_or_after_its_time() -> None:
    seat = ScriptedSeat("kfor", [line("10:00", "push")], 5.0)
    assert [bool(seat.decide(at(minute))) for minute in (595.0, 600.0, 605.0)] == [False, True, False]
    assert [bool(seat.decide(at(minute))) for minute in (599.0, 604.0, 609.0)] == [False, True, False]


def test_a_line_that_leaves_selectivity_open_takes_the_default() -> None:
    seat = ScriptedSeat("kfor", [line("10:00", "push")], 5.0, {OrderKind.PUSH: 0.2})
    assert seat.decide(at(600.0))[0].selectivity == 0.2


def test_a_script_line_is_checked() -> None:
    for wrong in ({"at": "72:00"}, {"order": "shove"}, {"grade": "E"}, {"source": ""}, {"aat": "10:00"}):
        with pytest.raises(ValidationError):
            ScriptLine.model_validate({"at": "10:00", "order": "push", "source": "Z1", "grade": "A", **wrong})


def at_site(minute: float, site: str, day: str = "may_29") -> Picture:
    return replace(EMPTY, minute_of_day=minute, site=site, day=day)


def test_a_line_without_a_site_is_given_at_all_sites_that_the_seat_commands() -> None:
    seat = ScriptedSeat("commander", [line("10:00", "send_reserve"), line("10:00", "recall_reserve", site="leposavic")], 5.0)
    given = {site: [(str(order.kind), order.site) for order in seat.decide(at_site(600.0, site))] for site in ("zvecan", "leposavic")}
    assert given == {
        "zvecan": [("send_reserve", "zvecan")],
        "leposavic": [("send_reserve", "leposavic"), ("recall_reserve", "leposavic")],
    }


def test_a_recorded_seat_gives_back_what_was_logged_and_nothing_else() -> None:
    logged = [Order("kfor", OrderKind.PUSH, 0.25, "a person's words", "zvecan"), Order("kfor", OrderKind.EXTRACT_VEHICLES, site="zvecan")]
    seat = RecordedSeat("kfor", {moment("may_29", "zvecan", 1020.0 + 1e-9): logged})
    assert seat.decide(at_site(1020.0, "zvecan")) == logged
    assert seat.decide(at_site(1020.0, "zvecan")) == logged
    for other in (at_site(1025.0, "zvecan"), at_site(1020.0, "leposavic"), at_site(1020.0, "zvecan", "may_31")):
        assert seat.decide(other) == []


def test_a_daily_seat_plays_each_day_the_seat_of_that_day() -> None:
    by_day = {"may_29": ScriptedSeat("kfor", [line("10:00", "push")], 5.0), "may_31": ScriptedSeat("kfor", [line("10:00", "wait")], 5.0)}
    seat = DailySeat(by_day)
    assert seat.name == "kfor"
    given = {day: [str(order.kind) for order in seat.decide(at_site(600.0, "zvecan", day))] for day in by_day}
    assert given == {"may_29": ["push"], "may_31": ["wait"]}
    with pytest.raises(KeyError):
        seat.decide(at_site(600.0, "zvecan", "may_30"))
