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

ONE_DAY = range(9)
"""Runs of Zvečan on 29 May."""
WEEK = range(9, 11)
"""Runs of all three days at all sites."""
LARGEST_TURNOUT = 1.0
SHARES = (
    "grievance",
    "risk_aversion",
    "certainty",
    "legitimacy_kfor",
    "legitimacy_kp",
    "legitimacy_eulex",
    "anger",
    "fear",
    "spent",
    "bearing",
)
HERE = ("assembling", "standing", "sitting", "pressing", "violent", "fleeing", "leaving")
OVER = [Conduct.GONE, Conduct.DETAINED, Conduct.INJURED]


def drawn_scenario(number):
    """Return a scenario with every parameter anywhere in the range in which the truth may lie, and any rule form."""
    name = "may_2023" if number in WEEK else "may_2023_zvecan"
    scenario, random = load_scenario(name), np.random.default_rng(number)
    index, values = scenario.parameters.index(), {}
    for name, valued in scenario.parameters.valued.items():
        if isinstance(index[name], Choice):
            values[name] = str(random.choice(list(index[name].forms.__members__)))
        elif valued.low is not None:
            values[name] = float(random.uniform(valued.low, valued.high))
    values |= {"crowd_turnout_low": 0.3, "crowd_turnout_high": LARGEST_TURNOUT}
    return scenario.with_parameters(scenario.parameters.with_values(values))


class Watched:
    """A run, played with a look at everything at every minute, and at every walk."""

    def __init__(self, number, monkeypatch):
        self.model, self.broken, self.over = new_model(drawn_scenario(number), number), [], {}
        self.world = self.model.world
        steps = tuple(replace(step, play=self.walk(step.play)) if step.name == "movement" else step for step in turn.ORDER_OF_PLAY)
        with monkeypatch.context() as patch:
            patch.setattr(turn, "ORDER_OF_PLAY", steps)
            while not self.model.over:
                self.model.step()
                if self.world.tick % turn.PSYCHOLOGY == 1:
                    self.look()
        self.outcomes = outcomes_of(self.world)

    def need(self, holds, what):
        if not holds:
            self.broken.append(f"{what} at tick {self.world.tick}")

    def walk(self, play):
        def walk_and_look(world, minutes):
            before = {name: outside(site) & acting(site) for name, site in world.sites.items()}
            play(world, minutes)
            for name, site in world.sites.items():
                gone = site.state.people["cell"] < 0
                self.need((outside(site) | gone)[before[name]].all(), f"somebody passed the line inwards at {name}")

        return walk_and_look

    def look(self):
        for site in self.world.sites.values():
            self.look_at(site)
            self.stays_over(site)
        self.each_in_one_place()

    def look_at(self, site):
        state = site.state
        people, sections, row = state.people, state.sections, site.record.series[-1]
        self.need(sum(row[name] for name in HERE) == row["present"], "people present are not counted once each")
        absent = len(people) - int(sum(row[name] for name in ("present", "gone", "detained", "injured")))
        self.need(absent == (people["conduct"] == Conduct.ABSENT).sum(), "people are lost or made")
        self.need((site.ground.open[people["cell"][acting(site)]] == 1).all(), "somebody stands on a closed cell")
        for name in SHARES:
            self.need(bool(((people[name] >= 0.0) & (people[name] <= 1.0)).all()), f"{name} leaves 0 to 1")
        self.need(bool(((state.agents >= 0.0) & (state.agents <= 1.0)).all()), "concentration leaves 0 to 1")
        for table in (people, sections, state.situation, site.record.series):
            floats = [name for name in table.dtype.names if table.dtype[name].kind == "f"]
            self.need(all(np.isfinite(table[name]).all() for name in floats), "a number is not finite")
        self.need(bool((sections["serious"] <= sections["hurt"]).all()), "more seriously hurt than hurt")
        self.need(bool((sections["hurt"] <= sections["strength"]).all()), "more hurt than there are")
        self.need(bool((people["grade"][people["conduct"] == Conduct.INJURED] >= Grade.SERIOUS).all()), "injured without a serious injury")

    def stays_over(self, site):
        """Whose day is over does nothing further."""
        people, key = site.state.people, (self.world.day.name, site.name)
        over = np.isin(people["conduct"], OVER)
        if key in self.over:
            before, cells = self.over[key]
            self.need(bool(over[before].all()), "somebody came back")
            self.need(bool((people["cell"][before] == cells[before]).all()), "somebody moved whose day is over")
        self.over[key] = (over, people["cell"].copy())

    def each_in_one_place(self):
        """A unit stands at one site at most, and where it is said to be; nobody is at two sites."""
        world, ids = self.world, [site.state.people["id"] for site in self.world.sites.values()]
        self.need(len(np.unique(np.concatenate(ids))) == sum(len(part) for part in ids), "somebody is at two sites")
        for unit, rows in world.unit_rows.items():
            at = [name for name, site in world.sites.items() if site.state.sections["on_site"][rows].any()]
            self.need(at == [] or at == [world.standing.units[unit].site], f"{unit} is at {at}")
        self.need(0.0 <= world.standing.confidence <= 1.0, "confidence leaves 0 to 1")
        self.need(all(0.0 <= licence <= 1.0 for licence in world.standing.licence.values()), "licence leaves 0 to 1")


def acting(site):
    """Return whose day at the site has begun and is not over."""
    return np.isin(site.state.people["conduct"], [*OVER, Conduct.ABSENT], invert=True)


def outside(site):
    """Return who stands before the line."""
    state, ground = site.state, site.ground
    cells = state.people["cell"]
    return (ground.door_steps[cells] > state.line_rank[ground.bin[cells]]) & (cells >= 0)


@pytest.mark.parametrize("number", [*ONE_DAY, *WEEK])
def test_a_run_with_drawn_parameters_breaks_no_invariant(number, monkeypatch):
    run = Watched(number, monkeypatch)
    assert run.broken[:5] == []
    assert len(run.world.played) == sum(len(day.sites) for day in run.world.scenario.days) == (10 if number in WEEK else 1)
    for (day, _), site in run.world.played.items():
        _incidents_follow_their_odds(site.record.incidents)
        _nobody_acts_after_his_day_is_over(site)
        _minutes_of_lead_add_up(run.world, day, site)
    assert all(np.isfinite(value) for value in run.outcomes.values())
    assert 0.0 <= run.outcomes["violent_facing_consequence"] <= 1.0


def _incidents_follow_their_odds(incidents):
    assert ((incidents["odds"] >= 0.0) & (incidents["odds"] <= 1.0)).all()
    assert ((incidents["draw"] >= 0.0) & (incidents["draw"] < 1.0)).all()
    assert (incidents["draw"] < incidents["odds"]).all()
    assert (np.diff(incidents["tick"]) >= 0).all()


def _nobody_acts_after_his_day_is_over(site):
    incidents = site.record.incidents
    ends = incidents[
        (incidents["kind"] == Incident.DETAINED) | ((incidents["kind"] == Incident.HURT) & (incidents["grade"] >= Grade.SERIOUS))
    ]
    ids = site.state.people["id"]
    last = dict(zip(ends["entity"].tolist(), ends["tick"].tolist(), strict=True))
    for name in ("entity", "other"):
        rows = incidents[np.isin(incidents[name], ids)]
        assert all(tick <= last.get(person, tick) for person, tick in zip(rows[name].tolist(), rows["tick"].tolist(), strict=True))


def _minutes_of_lead_add_up(world, day, site):
    file = next(item.file for item in world.scenario.days if item.name == day)
    assert sum(site.dealings.lead_minutes.values()) == pytest.approx((file.end - file.start).total_seconds() / 60.0)
