"""What holds at every minute of every day, whatever the parameters: people are conserved, shares are shares, ground is ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine import turn
from sim.engine.outcomes import outcomes_of
from sim.engine.run import new_model
from sim.engine.state import Incident
from sim.foundations.parameter import Choice
from sim.scenario.loader import load_scenario
from sim.vocabulary import Conduct, Grade

DAYS = 15
LARGEST_TURNOUT = 1.0
SHARES = ("grievance", "risk_aversion", "certainty", "legitimacy_kfor", "legitimacy_kp", "legitimacy_eulex", "anger", "fear")
HERE = ("assembling", "standing", "sitting", "pressing", "violent", "fleeing", "leaving")
OVER = [Conduct.GONE, Conduct.DETAINED, Conduct.INJURED]


def drawn_scenario(number):
    """Return Zvečan with every parameter anywhere in the range in which the truth may lie, and any rule form."""
    scenario, random = load_scenario("may_2023_zvecan"), np.random.default_rng(number)
    index, values = scenario.parameters.index(), {}
    for name, valued in scenario.parameters.valued.items():
        if isinstance(index[name], Choice):
            values[name] = str(random.choice(list(index[name].forms.__members__)))
        elif valued.low is not None:
            values[name] = float(random.uniform(valued.low, valued.high))
    values |= {"crowd_turnout_low": 0.3, "crowd_turnout_high": LARGEST_TURNOUT}
    return scenario.with_parameters(scenario.parameters.with_values(values))


class Watched:
    """A day, played with a look at everything at every minute, and at every walk."""

    def __init__(self, number, monkeypatch):
        self.model, self.broken = new_model(drawn_scenario(number), number), []
        self.world = self.model.world
        self.over = np.zeros(len(self.world.state.people), dtype=bool)
        self.cells_over = np.full(len(self.over), -1)
        steps = tuple(replace(step, play=self.walk(step.play)) if step.name == "movement" else step for step in turn.ORDER_OF_PLAY)
        with monkeypatch.context() as patch:
            patch.setattr(turn, "ORDER_OF_PLAY", steps)
            while self.world.tick < self.world.clock.ticks:
                self.model.step()
                if self.world.tick % turn.PSYCHOLOGY == 1:
                    self.look()
        self.outcomes = outcomes_of(self.world)

    def need(self, holds, what):
        if not holds:
            self.broken.append(f"{what} at tick {self.world.tick}")

    def outside(self):
        state, ground = self.world.state, self.world.ground
        cells = state.people["cell"]
        out = ground.door_steps[cells] > state.line_rank[ground.bin[cells]]
        return out & (cells >= 0)

    def walk(self, play):
        def walk_and_look(world, minutes):
            before, acting = self.outside(), np.isin(world.state.people["conduct"], [*OVER, Conduct.ABSENT], invert=True)
            play(world, minutes)
            gone = world.state.people["cell"] < 0
            self.need((self.outside() | gone)[before & acting].all(), "somebody passed the line inwards")

        return walk_and_look

    def look(self):
        state, world = self.world.state, self.world
        people, sections, row = state.people, state.sections, world.record.series[-1]
        here = np.isin(people["conduct"], [*OVER, Conduct.ABSENT], invert=True)
        self.need(sum(row[name] for name in HERE) == row["present"], "people present are not counted once each")
        absent = len(people) - int(sum(row[name] for name in ("present", "gone", "detained", "injured")))
        self.need(absent == (people["conduct"] == Conduct.ABSENT).sum(), "people are lost or made")
        self.need((world.ground.open[people["cell"][here]] == 1).all(), "somebody stands on a closed cell")
        for name in SHARES:
            self.need(bool(((people[name] >= 0.0) & (people[name] <= 1.0)).all()), f"{name} leaves 0 to 1")
        self.need(bool(((state.agents >= 0.0) & (state.agents <= 1.0)).all()), "concentration leaves 0 to 1")
        for table in (people, sections, state.situation, world.record.series):
            floats = [name for name in table.dtype.names if table.dtype[name].kind == "f"]
            self.need(all(np.isfinite(table[name]).all() for name in floats), "a number is not finite")
        self.need(bool((sections["serious"] <= sections["hurt"]).all()), "more seriously hurt than hurt")
        self.need(bool((people["grade"][people["conduct"] == Conduct.INJURED] >= Grade.SERIOUS).all()), "injured without a serious injury")
        self.stays_over(people)

    def stays_over(self, people):
        """Whose day is over does nothing further."""
        over = np.isin(people["conduct"], OVER)
        self.need(bool(over[self.over].all()), "somebody came back")
        self.need(bool((people["cell"][self.over] == self.cells_over[self.over]).all()), "somebody moved whose day is over")
        self.over, self.cells_over = over, people["cell"].copy()


@pytest.fixture(params=range(DAYS))
def day(request, monkeypatch):
    return Watched(request.param, monkeypatch)


def test_a_day_with_drawn_parameters_breaks_no_invariant(day):
    assert day.broken[:5] == []
    _incidents_follow_their_odds(day.world)
    _nobody_acts_after_his_day_is_over(day.world)
    assert all(np.isfinite(value) for value in day.outcomes.values())
    assert 0.0 <= day.outcomes["violent_facing_consequence"] <= 1.0
    assert 0.0 <= day.world.dealings.confidence <= 1.0


def _incidents_follow_their_odds(world):
    incidents = world.record.incidents
    assert ((incidents["odds"] >= 0.0) & (incidents["odds"] <= 1.0)).all()
    assert ((incidents["draw"] >= 0.0) & (incidents["draw"] < 1.0)).all()
    assert (incidents["draw"] < incidents["odds"]).all()
    assert (np.diff(incidents["tick"]) >= 0).all()


def _nobody_acts_after_his_day_is_over(world):
    incidents = world.record.incidents
    ends = incidents[
        (incidents["kind"] == Incident.DETAINED) | ((incidents["kind"] == Incident.HURT) & (incidents["grade"] >= Grade.SERIOUS))
    ]
    ids = world.state.people["id"]
    last = dict.fromkeys(ids.tolist(), world.clock.ticks) | dict(zip(ends["entity"].tolist(), ends["tick"].tolist(), strict=True))
    for name in ("entity", "other"):
        rows = incidents[np.isin(incidents[name], ids)]
        assert all(tick <= last[person] for person, tick in zip(rows[name].tolist(), rows["tick"].tolist(), strict=True))
