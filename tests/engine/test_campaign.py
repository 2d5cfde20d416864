"""A campaign in its weeks: determinism, causes before answers, links that can be frozen, settings with a first day."""

from __future__ import annotations

import pytest
from campaign_weeks import MAY, QUIET, campaign, entries, given_episodes, played_weeks, with_settings

from sim.engine.campaign import CAMPAIGN_ORDER, play_campaign
from sim.engine.campaign_outcomes import CAMPAIGN_OUTCOMES
from sim.engine.campaign_strata import chance_of_launch, ledgers
from sim.engine.ensemble import Case, run_case
from sim.engine.outcomes import outcomes_in_play
from sim.foundations.errors import InputError
from sim.scenario.settings import configured

EAGER = {"campaign__leader_peace_worth": "-1"}
"""A leader to whom standing down is worth so little that it acts as soon as it can."""


def test_two_runs_of_one_seed_are_one_record(monkeypatch):
    given_episodes(monkeypatch)
    first, second = (play_campaign(campaign(), 5) for _ in range(2))
    assert first.digest == second.digest
    assert first.outcomes == second.outcomes
    assert play_campaign(campaign(), 6).digest != first.digest


def test_every_response_names_a_cause_that_happened_before(monkeypatch):
    given_episodes(monkeypatch)
    for finished in played_weeks(with_settings(**EAGER)):
        for entry in entries(finished, "response"):
            assert entry["cause"] < entry["number"]


def test_without_an_entry_nothing_answers_one(monkeypatch):
    asked = given_episodes(monkeypatch)
    for finished in played_weeks(with_settings(campaign_response__entry_worth="-2", campaign__leader_peace_worth="3")):
        assert finished.outcomes["entries"] == 0
        told = {entry["response"] for entry in entries(finished, "response")}
        assert told.isdisjoint({"quint_criticises", "reserve_ordered", "measures_in_force", "police_cut", "reinforcement_ordered"})
    assert asked == []


def test_a_doctrine_that_defers_makes_no_entry(monkeypatch):
    given_episodes(monkeypatch)
    assert all(run.outcomes["entries"] == 0 for run in played_weeks(with_settings(seat__pristina="pristina_deferring")))


def test_an_entry_in_which_nobody_is_hurt_brings_no_reserve_and_no_measures(monkeypatch):
    given_episodes(monkeypatch, may=QUIET)
    calm = with_settings(campaign__leader_peace_worth="3", campaign__riot_worth="0")
    for finished in played_weeks(calm):
        told = {entry["response"] for entry in entries(finished, "response")}
        assert "reserve_ordered" not in told
        assert "quint_criticises" in told or finished.outcomes["entries"] == 0


def test_without_an_armed_attack_nato_does_not_reinforce(monkeypatch):
    given_episodes(monkeypatch)
    for finished in played_weeks(with_settings(campaign__leader_peace_worth="3")):
        assert finished.outcomes["attempt"] == 0
        assert finished.outcomes["reinforced"] == 0


def test_an_attack_that_turned_back_is_called_off_and_no_attempt(monkeypatch):
    given_episodes(monkeypatch, turned_back=True)
    finished = play_campaign(with_settings(**EAGER, campaign__probe_loss="5"), 1)
    assert finished.outcomes["called_off"] > 0
    assert finished.outcomes["attempts"] == sum(kind == "probe" for _, kind, _ in finished.state.tally.attempts)


def test_a_seizure_waits_for_its_preparation(monkeypatch):
    given_episodes(monkeypatch)
    for finished in played_weeks(with_settings(**EAGER)):
        for entry in entries(finished, "decision"):
            if entry["who"] == "armed_leader" and any(name.startswith("seizure") for name in entry["worths"]):
                assert entry["beliefs"]["prepared"] >= 1.0


def test_what_may_leaves_is_what_september_is_given(monkeypatch):
    asked = given_episodes(monkeypatch, may={**MAY, "violent_facing_consequence": 0.0, "line_held": 0.0, "vehicles_out": 0.0})
    finished = play_campaign(with_settings(**EAGER, campaign__probe_loss="5"), 2)
    seizures = [(values, switches) for name, values, switches in asked if name == "banjska_2023"]
    assert finished.outcomes["attempt"] == 1
    values, switches = seizures[0]
    assert values["resolve_prior_mean"] < campaign().parameters.number("resolve_prior_mean")
    assert switches["switch.fighters"] in ("30", "50", "90")


@pytest.mark.parametrize(
    ("links", "beliefs", "grievance"), [("all", 1, 1), ("beliefs_only", 1, 0), ("grievance_only", 0, 1), ("none", 0, 0)]
)
def test_links_freeze_the_other_channel(monkeypatch, links, beliefs, grievance):
    given_episodes(monkeypatch, may={**MAY, "line_held": 0.0, "vehicles_out": 0.0})
    state = play_campaign(with_settings(switch__links=links, campaign__leader_peace_worth="3"), 3).state
    week = next(entry for entry in state.record.entries if entry["kind"] == "week" and entry["tick"] == state.happened_week["entry"])
    prior = campaign().parameters.number("resolve_prior_mean")
    assert (abs(week["resolve"]["armed_group/kfor"] - prior) > 1e-3) == bool(beliefs)
    assert (week["communities"]["local_serbs"]["intransigence"] > 0.0) == bool(grievance)


def test_a_setting_with_a_first_day_does_nothing_before_it(monkeypatch):
    given_episodes(monkeypatch)
    dated = configured(campaign(), {"campaign_response.presence_before": "0.25", "from.campaign_response.presence_before": "2023-07-15"})
    plain, changed = (play_campaign(which, 4).state.record.entries for which in (campaign(), dated))

    def near(record, tick):
        return next(entry["in_time"]["kfor"] for entry in record if entry["kind"] == "week" and entry["tick"] == tick)

    assert near(plain, 11) == near(changed, 11)
    assert near(plain, 12) < near(changed, 12)


def test_settings_of_the_episodes_are_handed_on_from_their_day():
    dated = configured(campaign(), {"roe.explicitness": "0.8", "from.roe.explicitness": "2023-07-15"})
    assert dated.handed_on_by(dated.file.start) == {}
    assert dated.handed_on_by(dated.until) == {"roe.explicitness": "0.8"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("switch.stratum", "middel", "middle"),
        ("switch.fighters", "90", "armed leader chooses"),
        ("campaign.until", "2030-01-01", "lies outside"),
        ("campaign.until", "soon", "no date"),
        ("campaign.displacment", "0.5", "campaign.displacement"),
        ("from.campaign.displacement", "2023-07-01", "not made"),
        ("campaign.displacement", "3", "outside 0 to 1"),
    ],
)
def test_wrong_settings_are_refused_with_what_to_do(name, value, said):
    with pytest.raises(InputError, match=said):
        configured(campaign(), {name: value})


def test_a_campaign_runs_as_a_case_among_others(monkeypatch):
    given_episodes(monkeypatch)
    result = run_case(Case("campaign_2023", 3, {"omega_deterrence": 0.0}, settings={"switch.stratum": "high"}))
    assert result.failure == ""
    assert set(result.outcomes) == {outcome.name for outcome in outcomes_in_play(campaign())}


def test_an_episode_is_shared_by_options_that_do_not_touch_it():
    from sim.engine import campaign_episodes

    def entries_kept():
        return [key for key in campaign_episodes._kept if key[1] == "may_2023"]

    play_campaign(campaign(), 11)
    kept = entries_kept()
    later = configured(campaign(), {"campaign.displacement": "0.9", "from.campaign.displacement": "2023-10-01"})
    assert play_campaign(later, 11).outcomes["hurt"] >= 0.0
    assert entries_kept() == kept


def test_a_longer_campaign_begins_as_the_shorter_one(monkeypatch):
    given_episodes(monkeypatch)
    short, longer = (play_campaign(which, 7) for which in (campaign(), with_settings(campaign__until="2024-12-31")))
    assert longer.state.record.entries[: len(short.state.record.entries)] == short.state.record.entries


def test_no_outcome_and_no_step_is_named_twice():
    assert len({outcome.name for outcome in CAMPAIGN_OUTCOMES}) == len(CAMPAIGN_OUTCOMES)
    assert len({step.name for step in CAMPAIGN_ORDER}) == len(CAMPAIGN_ORDER)


def test_declared_strata_lie_in_their_bands():
    assert campaign().strata.found.seeds >= 50
    for stratum in campaign().strata.strata.values():
        assert stratum.low <= stratum.chance <= stratum.high


def test_the_declared_strata_still_hold_on_a_few_seeds_within_wide_bands():
    runs, precision = ledgers(campaign(), range(1, 9)), campaign().parameters.number("choice_precision")
    chances = {name: chance_of_launch(runs, found.leader_peace_worth, precision) for name, found in campaign().strata.strata.items()}
    assert chances["low"] <= chances["middle"] <= chances["high"]
    assert chances["low"] <= 0.65
    assert chances["high"] >= 0.35


def test_the_ledger_of_an_idle_leader_tells_whether_another_would_have_launched(monkeypatch):
    given_episodes(monkeypatch)
    precision = campaign().parameters.number("choice_precision")
    for seed in range(1, 13):
        finished = play_campaign(with_settings(campaign__leader_peace_worth="0.1"), seed)
        launched = any(entry["who"] == "armed_leader" and entry["choice"] != "stand_down" for entry in entries(finished, "decision"))
        assert chance_of_launch(ledgers(campaign(), [seed]), 0.1, precision) == float(launched)


def test_of_the_stratum_that_is_chosen_the_leader_is_given_the_worth():
    for name, stratum in campaign().strata.strata.items():
        chosen = configured(campaign(), {"switch.stratum": name})
        assert chosen.parameters.number("leader_peace_worth") == stratum.leader_peace_worth
        assert not chosen.reads("leader_peace_worth")
