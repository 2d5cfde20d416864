"""A part of a scenario plays the very day that the whole plays: same people, same day, and only what crosses days or sites differs."""

from __future__ import annotations

import numpy as np
import pytest

from sim.doctrine.orders import Order
from sim.engine.between_days import LASTING
from sim.engine.run import new_model
from sim.engine.turn import PSYCHOLOGY
from sim.scenario.loader import load_scenario
from sim.seats.picture import Picture

SEED = 7
UNTOLD = {"clash_news_persons": 100.0}
"""No word of a clash crosses from site to site."""


class SilentSeat:
    def __init__(self, name: str) -> None:
        self.name = name

    def decide(self, picture: Picture) -> list[Order]:
        return []


def nobody_decides(scenario, **values):
    scenario = scenario.with_parameters(scenario.parameters.with_values(values))
    return new_model(scenario, SEED, {name: SilentSeat(name) for name in scenario.file.seats})


def at_zvecan_on_29_may(model):
    """Play up to 29 May and return Zvečan as it stands that morning."""
    while model.world.day.name != "may_29":
        model.step()
    return model.world.sites["zvecan"]


@pytest.fixture(scope="module")
def whole():
    return load_scenario("may_2023")


def test_a_part_begins_its_day_with_the_same_people_forces_and_weather_as_the_wholes_day_alone(zvecan, whole):
    alone, beside = (at_zvecan_on_29_may(nobody_decides(part)) for part in (zvecan, whole.on_days(("may_29",))))
    assert len(alone.state.people) > 100
    for table in ("people", "sections", "situation"):
        assert getattr(alone.state, table).tobytes() == getattr(beside.state, table).tobytes()
    assert alone.dealings.prepared_tick == beside.dealings.prepared_tick


def test_where_nobody_decides_and_no_word_spreads_a_site_plays_alone_as_beside_others(zvecan, whole):
    lively = UNTOLD | {"threshold_mean": 0.5, "onset_per_min": 0.5}
    found = []
    for part in (zvecan, whole.on_days(("may_29",))):
        model = nobody_decides(part, **lively)
        for _ in range(6 * 60 * PSYCHOLOGY):
            model.step()
        found.append(model.world.sites["zvecan"])
    alone, beside = found
    assert len(alone.record.incidents) > 100
    assert alone.record.incidents.tobytes() == beside.record.incidents.tobytes()
    assert alone.record.series.tobytes() == beside.record.series.tobytes()
    assert alone.state.people.tobytes() == beside.state.people.tobytes()


def test_after_an_earlier_day_the_same_people_come_with_the_same_traits_but_for_what_they_learnt(zvecan, whole):
    alone = at_zvecan_on_29_may(nobody_decides(zvecan))
    model = nobody_decides(whole.on_days(("may_26", "may_29")), threshold_mean=0.5, onset_per_min=0.5)
    after = at_zvecan_on_29_may(model)
    remembered = model.world.remembered
    compared = 0
    for wave, other in zip(alone.waves, after.waves, strict=True):
        shared = min(wave.end_row - wave.first_row, other.end_row - other.first_row)
        rows = alone.state.people[wave.first_row : wave.first_row + shared]
        others = after.state.people[other.first_row : other.first_row + shared]
        assert rows["id"].tolist() == others["id"].tolist()
        for name in ("risk_aversion", "bearing", "gate", "distance_cells"):
            assert rows[name].tolist() == others[name].tolist()
        fresh = ~np.isin(others["id"], remembered["id"])
        for name in LASTING:
            assert rows[name][fresh].tolist() == others[name][fresh].tolist()
        compared += shared
    assert compared > 100
    assert np.isin(after.state.people["id"], remembered["id"]).any()


def test_a_part_of_the_days_keeps_the_wholes_calendar(zvecan, whole):
    assert zvecan.clock().start == whole.clock().start
    assert zvecan.clock().tick_at(zvecan.days[0].file.start) == whole.clock().tick_at(whole.days[1].file.start)
