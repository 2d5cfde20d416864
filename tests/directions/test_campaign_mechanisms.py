"""What moves what in a campaign's state. No test says what an option does to an outcome."""

from __future__ import annotations

import pytest
from campaign_weeks import MAY, campaign, given_episodes, with_settings

from sim.doctrine.seat_orders import Organisation
from sim.engine.campaign import play_campaign
from sim.engine.campaign_decisions import at_first, forces_in_time, leader_worths, open_propensity, seen_by
from sim.engine.campaign_events import prepare
from sim.engine.campaign_learning import Felt, feel, learn_of_resolve
from sim.engine.campaign_state import Challenge, new_campaign_state

KFOR = Organisation.KFOR


def _state(**settings: str):
    return new_campaign_state(with_settings(**settings) if settings else campaign(), 1)


def _resolve(state, audience="armed_group"):
    bank = state.beliefs[(audience, KFOR)]
    return bank.alpha / (bank.alpha + bank.beta)


def _challenged(answered: float, **settings: str) -> float:
    state = _state(**settings)
    state.challenges.append(Challenge("riot", 1.0, {KFOR: answered}, 0))
    learn_of_resolve(state)
    return _resolve(state)


def test_a_challenge_that_is_answered_raises_resolve_and_one_that_is_not_lowers_it():
    assert _challenged(0.0) < _resolve(_state()) < _challenged(1.0)


def test_without_learning_strength_nothing_is_learnt():
    assert _challenged(0.0, beliefs__omega_deterrence="0") == _resolve(_state())


def test_those_far_away_learn_less_than_those_near():
    state = _state()
    first = _resolve(state)
    state.challenges.append(Challenge("riot", 1.0, {KFOR: 0.0}, 0))
    learn_of_resolve(state)
    assert first - _resolve(state, "local_serbs") > first - _resolve(state, "local_albanians") > 0.0


def test_people_hurt_raise_grievance_and_intransigence_by_the_spiral_alone():
    state, without = _state(), _state(beliefs__omega_spiral="0")
    for which in (state, without):
        feel(which, "local_serbs", Felt(grievance=0.1, hurt=40.0))
    assert state.communities["local_serbs"].grievance > state.rest["local_serbs"].grievance
    assert state.communities["local_serbs"].intransigence > 0.0
    assert without.communities["local_serbs"] == without.rest["local_serbs"]


def test_intransigence_lowers_the_worth_of_standing_down_and_nothing_else():
    state = _state()
    state.prepared = 2.0
    before = leader_worths(state, seen_by(state, "armed_group", 0.5))
    state.communities["local_serbs"].intransigence = 0.5
    after = leader_worths(state, seen_by(state, "armed_group", 0.5))
    assert after["stand_down"] < before["stand_down"]
    assert {name: worth for name, worth in after.items() if name != "stand_down"} == {
        name: worth for name, worth in before.items() if name != "stand_down"
    }


def test_more_forces_in_time_and_more_resolve_make_a_seizure_worth_less():
    state, massed = _state(), _state(campaign_response__presence_before="0.25")
    for which in (state, massed):
        which.prepared = 2.0
    assert (
        leader_worths(massed, seen_by(massed, "armed_group", 0.5))["seizure_50"]
        < leader_worths(state, seen_by(state, "armed_group", 0.5))["seizure_50"]
    )


def test_denial_since_the_first_week_is_what_displaces():
    state = _state()
    state.prepared = 2.0
    view = seen_by(state, "armed_group", 0.5)
    assert open_propensity(state, at_first(state, view)) == pytest.approx(open_propensity(state, view))
    state.beliefs[("armed_group", KFOR)].alpha += 20.0
    view = seen_by(state, "armed_group", 0.5)
    assert open_propensity(state, at_first(state, view)) > open_propensity(state, view)


def test_without_licence_preparation_stands_still():
    state = _state()
    state.licence["armed_group"] = 0.0
    before = state.prepared
    prepare(state)
    assert state.prepared == before


def test_a_search_that_never_hits_takes_no_preparation_and_one_that_always_does_takes_a_share():
    misses = _state(lever_effects__search_effort="1", interdiction__search_hit_chance="0")
    finds = _state(lever_effects__search_effort="1", interdiction__search_hit_chance="1")
    plain = _state()
    for which in (misses, finds, plain):
        prepare(which)
    assert misses.prepared == plain.prepared > finds.prepared
    assert finds.communities["local_serbs"].grievance > plain.communities["local_serbs"].grievance


def test_handing_over_the_front_takes_kfor_away_and_training_brings_ksf(monkeypatch):
    given_episodes(monkeypatch, may=MAY)
    settings = {"campaign__leader_peace_worth": "3", "mandate__ksf_access": "autonomous"}
    plain = play_campaign(with_settings(**settings), 1).state
    handed = play_campaign(with_settings(**settings, campaign_transition__kfor_hands_over_a_year="0.5"), 1).state
    trained = play_campaign(with_settings(**settings, campaign_transition__ksf_training_effort="1"), 1).state
    assert forces_in_time(handed)[KFOR] < forces_in_time(plain)[KFOR]
    assert trained.transition.quality > plain.transition.quality
    assert forces_in_time(trained)[KFOR] < forces_in_time(plain)[KFOR]


def test_ksf_that_may_not_come_counts_for_nothing():
    state = _state(mandate__ksf_access="none")
    assert forces_in_time(state)[Organisation.KSF] == 0.0
