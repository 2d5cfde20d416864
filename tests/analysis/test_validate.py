"""Validation of several patterns: what is played, how misses are told, what is kept."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from click.testing import CliRunner

from analysis.naive_forecasts import FixedShare
from analysis.surviving_sets import SurvivingSets, as_text
from analysis.validate import as_data, keep, kept_hits, validate
from analysis.validate_command import command
from sim.api import InputError, model_digest


@pytest.fixture(autouse=True)
def people(monkeypatch):
    """So many people of each side at the toy's sites, and a share of them: a toy has no units, and May none of its outcomes."""
    share = FixedShare({"kfor_hurt_final_report": 0.05, "police_hurt_final_report": 0.05, "protesters_hurt_final_report": 0.02}, 0.5)
    monkeypatch.setattr("analysis.naive_forecasts.fixed_share", lambda: share)
    monkeypatch.setattr("analysis.naive_forecasts.people_at", lambda _scenario, _path: {"kfor": 100.0, "police": 50.0, "crowd": 400.0})


@pytest.fixture
def sets(toy):
    """Five sets that meet the patterns, beside the whole scenario."""
    rows = tuple((0.48 + 0.01 * place, 0.4) for place in range(5))
    made = SurvivingSets({"model": model_digest()}, ("alpha", "beta"), rows)
    (toy.folder / "surviving_sets.json").write_text(as_text(made), "utf-8")
    return made


def _command(*arguments):
    return CliRunner().invoke(command, list(arguments), standalone_mode=False, catch_exceptions=False)


def test_every_pattern_is_scored_on_the_surviving_sets(toy, sets):
    found = validate("toy", sets=5, seeds=30)
    assert [item.key for item in found.scores] == ["P1 hurt", "P1 hours", "P2 quiet", "P2 rises", "P3 share"]
    assert found.hits == ["P1 hurt", "P2 quiet", "P2 rises", "P3 share"]
    assert found.misses == []


def test_a_miss_is_told_with_its_pattern_and_what_is_needed(toy, sets):
    toy.write("band: [0.2, 0.6]", "band: [0.5, 0.6]")
    found = validate("toy", sets=5, seeds=10)
    assert [(item.key, "times as large" in item.needed) for item in found.misses] == [("P3 share", True)]


def test_an_imposed_statistic_is_shown_and_neither_hit_nor_miss(toy, sets):
    toy.write("band: [3, 5]", "band: [90, 99]")
    found = validate("toy", sets=2, seeds=10)
    assert not next(item for item in found.scores if item.key == "P1 hours").hit
    assert "P1 hours" not in [*found.hits, *(item.key for item in found.misses)]


def test_what_a_statistic_is_given_is_played_beside_the_sets_as_they_are(toy, sets):
    validate("toy", sets=2, seeds=3, history_seeds=1)
    settings = [case.values.get("planned") for case in toy.played]
    assert {value: settings.count(value) for value in set(settings)} == {None: 8, 0: 8, 0.5: 8}
    assert sum(case.history for case in toy.played) == 6


def test_changed_values_replace_those_of_every_set_but_not_what_a_statistic_is_given(toy, sets):
    found = validate("toy", sets=2, seeds=20, changed={"alpha": 1.0, "planned": 0.4})
    assert [item.key for item in found.misses if item.pattern == "P1"] == ["P1 hurt"]
    assert "P2 quiet" in found.hits
    assert {case.values["planned"] for case in toy.played} == {0.4, 0, 0.5}


def test_one_pattern_plays_only_what_it_asks_for(toy, sets):
    found = validate("toy", sets=2, seeds=3, history_seeds=0, pattern="P2")
    assert {case.values["planned"] for case in toy.played} == {0, 0.5}
    assert {item.pattern for item in found.scores} == {"P2"}


def test_a_part_is_scored_on_what_its_runs_show_with_the_sets_of_the_whole(toy_part, sets):
    found = validate("toy_north", sets=5, seeds=20)
    assert [item.key for item in found.scores] == ["P1 hurt", "P1 hours"]
    assert {case.values.get("planned") for case in toy_part.played} == {None}
    assert {case.scenario for case in toy_part.played} == {str(toy_part.scenario.folder)}
    assert keep(found).parent == toy_part.scenario.folder


def test_failed_runs_are_told_and_left_out(toy, sets):
    toy.failing_seeds = {2}
    found = validate("toy", sets=2, seeds=5, history_seeds=0)
    assert len(found.failures) == 2 * 3
    assert len(found.scores) == 5


def test_when_every_run_failed_the_reason_is_told(toy, sets):
    toy.failing_seeds = set(range(5))
    with pytest.raises(InputError, match=r"every run failed.*ValueError: broken"):
        validate("toy", sets=2, seeds=5)


def test_without_surviving_sets_the_remedy_is_named(toy):
    (toy.folder / "surviving_sets.json").write_text(as_text(SurvivingSets({}, ("alpha",), ())), "utf-8")
    with pytest.raises(InputError, match="kforsim calibrate"):
        validate("toy")


def test_what_is_kept_says_hits_by_pattern_and_what_the_first_runs_gave(toy, sets):
    found = validate("toy", sets=5, seeds=30)
    kept = json.loads(keep(found).read_text("utf-8"))
    assert kept == json.loads(json.dumps(as_data(found)))
    assert kept_hits(toy.folder) == found.hits
    assert [pattern["id"] for pattern in kept["patterns"]] == ["P1", "P2", "P3"]
    assert [(run["given"], sorted(run["outcomes"])) for run in kept["first_runs"]] == [
        ({}, ["may_1/hurt", "may_1/north/hours", "may_2/north/share"]),
        ({"planned": 0.0}, ["may_1/south/clash"]),
        ({"planned": 0.5}, ["may_1/south/clash"]),
    ]
    assert all(item["history_median"] is not None for pattern in kept["patterns"] for item in pattern["statistics"])


def test_nothing_kept_means_no_hits_to_lose(toy):
    assert kept_hits(toy.folder) == []


def test_the_command_groups_statistics_by_pattern_and_exits_1_on_a_miss(toy, sets):
    toy.write("band: [0.2, 0.6]", "band: [0.5, 0.6]")
    result = _command("toy", "--seeds", "20")
    assert result.return_value == 1
    places = [result.output.find(text) for text in ("P1: the first day", "hurt", "P2: the quiet site", "P3: the second day", "MISS")]
    assert -1 not in places
    assert places == sorted(places)
    assert "miss: share: median" in result.output
    assert "3 of 4 emergent statistics hit" in result.output
    assert "only 5 parameter sets survive" in result.output


def test_the_command_exits_0_when_all_hit(toy, sets):
    assert _command("toy", "--seeds", "30").return_value == 0


def test_one_pattern_can_be_shown_but_not_kept_alone(toy, sets):
    import click

    result = _command("toy", "--pattern", "P3", "--seeds", "5", "--json")
    assert [pattern["id"] for pattern in json.loads(result.output)["patterns"]] == ["P3"]
    assert isinstance(_command_error("toy", "--pattern", "P3", "--keep"), click.UsageError)
    assert not (toy.folder / "validated.json").exists()


def _command_error(*arguments):
    return CliRunner().invoke(command, list(arguments), standalone_mode=False).exception


def test_the_command_keeps_all_patterns(toy, sets):
    _command("toy", "--seeds", "5", "--keep")
    assert [pattern["id"] for pattern in json.loads((toy.folder / "validated.json").read_text("utf-8"))["patterns"]] == ["P1", "P2", "P3"]


def test_settings_other_than_the_plain_one_see_fewer_seeds(toy, sets, monkeypatch):
    monkeypatch.setattr("analysis.validate.FURTHER_SEEDS", 2)
    validate("toy", sets=1, seeds=6, history_seeds=0)
    seen = Counter(case.values.get("planned") for case in toy.played)
    assert sorted(seen.values()) == [2, 2, 6]


def test_naive_forecasters_and_the_parts_of_the_spread_are_told_beside_the_patterns(toy, sets):
    found = validate("toy", sets=5, seeds=20, history_seeds=0, naive=40, parts=True)
    assert [item.key for item in found.forecasts] == ["P1 hurt"]
    assert found.forecasts[0].prior.crps > found.forecasts[0].model.crps, "sets near the truth tell it better than the declared ranges"
    told = {item.key: item for item in found.parts}
    assert set(told) == {"P1 hurt", "P1 hours", "P3 share"}
    assert told["P1 hours"].chance > 0.95
    assert told["P1 hours"].inputs == 0.0, "the toy has no episode inputs"
    assert {case.settings.get("episode.draw") for case in toy.played if case.settings} == {str(1_000_000 + place) for place in range(6)}


def test_where_a_naive_forecaster_is_better_the_command_says_so(toy, sets):
    rows = tuple((0.9, 0.4) for _ in range(5))
    (toy.folder / "surviving_sets.json").write_text(as_text(SurvivingSets({}, ("alpha", "beta"), rows)), "utf-8")
    output = _command("toy", "--seeds", "20").output
    assert "worse than a naive forecaster: P1 hurt: a fixed injury share and its own prior did better" in " ".join(output.split())
    assert "0 of 1 scored statistics told no worse" in output


def test_several_scenarios_are_told_one_after_the_other(toy, sets):
    told = json.loads(_command("toy", "toy", "--seeds", "3", "--json").output)
    assert [item["scenario"] for item in told["scenarios"]] == ["toy", "toy"]


def test_what_was_used_for_tuning_is_told_apart(toy, sets):
    patterns = as_data(validate("toy", sets=2, seeds=3))["patterns"]
    used = {item["name"]: item["used_for_tuning"] for pattern in patterns for item in pattern["statistics"]}
    assert used == {"hurt": True, "hours": False, "quiet": True, "rises": False, "share": True}
