"""What an episode is handed on by its campaign: a policy as a setting, a drawn value as a number and no more."""

from __future__ import annotations

from datetime import date

import pytest
from campaign_weeks import campaign, with_settings

from sim.engine import campaign_episodes
from sim.engine.campaign_episodes import played, seizure_values, typed_parameters
from sim.engine.campaign_state import new_campaign_state
from sim.engine.run import new_model
from sim.engine.searches import more_assets
from sim.scenario.settings import configured

ISR, FIRST_DAY = "isr.isr_effort", date(2023, 9, 1)


def week_of(which, day=date(2023, 9, 24)):
    state = new_campaign_state(which, 3)
    state.week = (day - which.file.start).days // 7
    return state


def episode_of(which, patch, day=date(2023, 9, 24)):
    """Return the world of the seizure as the campaign has it played in a week, at its beginning."""
    worlds = []

    def begun(scenario, seed):
        worlds.append(new_model(scenario, seed).world)
        raise StopIteration

    patch.setattr(campaign_episodes, "play", begun)
    patch.setattr(campaign_episodes, "_kept", {})
    state = week_of(which, day)
    with pytest.raises(StopIteration):
        played(state, which.seizure, seizure_values(state, 100.0), {}, {}, 0)
    return worlds[0]


def test_more_surveillance_set_in_a_campaign_is_a_policy_in_its_episode(monkeypatch):
    world = episode_of(with_settings(isr__isr_effort="2"), monkeypatch)
    assert world.numbers["isr_effort"] == 2.0
    assert more_assets(world) == 1.0


def test_a_drawn_value_is_none(monkeypatch):
    drawn = campaign().with_parameters(campaign().parameters.with_values({"isr_effort": 2.0}))
    world = episode_of(drawn, monkeypatch)
    assert world.numbers["isr_effort"] == 2.0
    assert more_assets(world) == 0.0


@pytest.mark.parametrize(("day", "effort", "more"), [(date(2023, 8, 1), 1.5, 0.0), (date(2023, 9, 24), 2.0, 1.0)])
def test_one_with_a_first_day_is_a_policy_from_then_on_and_the_drawn_value_before(monkeypatch, day, effort, more):
    drawn = campaign().with_parameters(campaign().parameters.with_values({"isr_effort": 1.5}))
    dated = configured(drawn, {ISR: "2", f"from.{ISR}": FIRST_DAY.isoformat()})
    world = episode_of(dated, monkeypatch, day)
    assert (world.numbers["isr_effort"], more_assets(world)) == (effort, more)


def test_what_the_campaign_alone_reads_is_not_handed_on():
    which = with_settings(campaign__displacement="0.5", isr__isr_effort="2")
    state = week_of(which)
    assert typed_parameters(which, state.day, seizure_values(state, 100.0)) == {ISR: "2.0"}


def test_the_campaigns_state_stands_above_what_was_typed():
    which = with_settings(armed_choice__expected_responders="10")
    state = week_of(which)
    values = seizure_values(state, 80.0)
    assert values["expected_responders"] == 80.0
    assert set(typed_parameters(which, state.day, values).values()) <= {"80.0"}


def test_false_alarms_of_more_assets_aggrieve_in_a_campaigns_seizure_and_not_where_the_cost_is_cut():
    """State: grievance after the seizure. Chain cut: a search for nothing costs nothing."""

    def grievance(**settings):
        which = with_settings(isr__isr_effort="2", isr__isr_false_alarms_per_day="10", **settings)
        state = week_of(which)
        return played(state, which.seizure, seizure_values(state, 100.0), {}, {}, 0).outcomes["local_grievance_change"]

    assert grievance() > grievance(lever_effects__false_alarm_search_cost="0")
