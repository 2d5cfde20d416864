"""Comparison: the same cases and luck for all options, kept whole, resumable, the same for any number of workers."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analysis import compare_found
from analysis.compare import AGAIN, ROUND, compare, runs_wanted
from analysis.compare_design import BLOCK, Design, design_of
from analysis.compare_question import Question, doctrine_settings, other_doctrine, outcomes_told
from analysis.compare_runs import Block, Workers
from analysis.compare_store import Store
from analysis.comparison import ALL, PANELS, OptionTold, OutcomeTold, as_json
from analysis.panels import panel_of
from analysis.robustness import presets
from sim.api import Case, InputError, Result, load

HURT = OutcomeTold("hurt", "persons", "less", True, "hurt")
TRUST = OutcomeTold("trust_change", "share", "more", True, "trust")
DAYS = OutcomeTold("force_days", "person-days", "less", False, "days")
SETTINGS = {"baseline": {}, "x": {"levers.x": "1"}, "placebo": {}, "broken": {"levers.broken": "1"}}


def played(case: Case) -> Result:
    """A run whose outcomes are known functions of case, luck and settings; *x* helps where theta_spiral is strong."""
    if "levers.broken" in case.settings and case.seed % 4 == 3:
        return Result(case, {}, failure="ValueError: broken")
    luck = float(np.random.default_rng(case.seed).normal())
    gain = (case.values["theta_spiral"] - 1.0) if "levers.x" in case.settings else 0.0
    stern = 2.0 if any(name.startswith("seat.kfor") for name in case.settings) else 0.0
    return Result(case, {"hurt": 10.0 + luck - 5.0 * gain + stern, "trust_change": luck / 10.0, "force_days": 5.0, "may_29/hurt": 1.0}, "d")


@pytest.fixture
def zvecan():
    return load("may_2023_zvecan")


@pytest.fixture
def question(zvecan, monkeypatch):
    """Four options of a toy engine over the cases of a real scenario."""
    monkeypatch.setattr("analysis.compare_runs.run_case", played)
    options = tuple(OptionTold(name, name, "baseline" if name == "baseline" else "rival", given) for name, given in SETTINGS.items())
    unseen = OptionTold("elsewhere", "elsewhere", "rival", {}, no_path="no armed group here")
    outcomes = (HURT, TRUST, DAYS)
    others = {"kfor_restrained": doctrine_settings(zvecan, "kfor_restrained")}
    return Question(zvecan, "may_2023_zvecan", design_of(zvecan), (*options, unseen), outcomes, others, presets(outcomes), 24, None)


def made(question: Question, folder, workers: int = 1, resume: bool = False, **more):
    store = Store(folder)
    store.begin(question.plan(), resume)
    return compare(question, store, Workers(workers), **more)


def test_cases_come_in_equal_parts_from_the_panels_with_two_seeds_each(zvecan):
    design = design_of(zvecan)
    pairs = design.pairs(64)
    assert [pair.case.panel for pair in pairs[:8]] == [*PANELS, *PANELS]
    assert all(panel_of(pair.case.values, design.strengths) == pair.case.panel for pair in pairs)
    assert len({pair.seed for pair in pairs}) == 64
    assert {pair.case.number: sum(other.case is pair.case for other in pairs) for pair in pairs} == dict.fromkeys(range(32), 2)


def test_a_longer_design_begins_with_a_shorter_one(zvecan):
    design = design_of(zvecan)
    assert design.pairs(300)[:10] == design.pairs(10)


def test_where_no_set_survives_cases_are_drawn_from_the_declared_ranges(zvecan):
    cases = Design(zvecan, (), "").cases(3 * BLOCK)
    column = [case.values["throws_per_min"] for case in cases]
    valued = zvecan.parameters.valued["throws_per_min"]
    assert all(valued.low <= value <= valued.high for value in column)
    assert len(set(column)) == len(column)


def test_a_panel_without_a_number_for_orchestration_has_a_leader_who_is_committed():
    pairs = design_of(load("banjska_2023")).pairs(ROUND)
    told = {pair.case.panel: dict(pair.case.settings) for pair in pairs}
    assert told == {"D": {}, "S": {}, "O": {"seat.armed_leader": "armed_leader_committed"}, "M": {}}


def test_levers_rest_and_their_effects_are_drawn(zvecan):
    told = design_of(zvecan).lever_effects
    assert told
    assert not {"training_effort", "search_effort"} & told.keys()


def test_the_second_doctrine_is_that_of_the_seats_at_sites_where_there_are_any(zvecan):
    assert doctrine_settings(zvecan, other_doctrine(zvecan)) == {"seat.kfor_zvecan": "kfor_restrained"}
    banjska = load("banjska_2023")
    assert doctrine_settings(banjska, other_doctrine(banjska)) == {"seat.kfor_commander": "kfor_on_own_authority"}


def test_every_option_is_played_on_the_same_cases_and_seeds(question, tmp_path):
    result = made(question, tmp_path / "a")
    assert sorted(result.rows) == list(range(24))
    assert all(set(row) - {AGAIN} == {"baseline", "x", "placebo", "broken"} for row in result.rows.values())
    assert sorted(result.by_doctrine["kfor_restrained"]) == [0, 1, 2, 3, 16, 17, 18, 19]
    assert runs_wanted(question) == result.runs


def test_what_must_not_differ_differs_by_exactly_nothing(question, tmp_path):
    checks = compare_found.placebo_checks(question, made(question, tmp_path / "a"))
    assert checks == {"the baseline played twice": 0.0, "placebo against the baseline": 0.0}


def test_a_comparison_says_where_an_option_helps_and_what_decides(question, tmp_path):
    question = replace(question, seeds=64)
    found = compare_found.found(question, made(question, tmp_path / "a"), "kforsim compare may_2023_zvecan")
    effects = found.effects["x"]["hurt"]
    assert effects["S"].single_high < 0.0 < effects["D"].single_low
    assert effects["S"].from_chance == pytest.approx(0.0, abs=1e-9)
    assert found.effects["placebo"]["hurt"][ALL].mean == 0.0
    assert ("x", "hurt", "theta_spiral") in {(item.option, item.outcome, item.parameter) for item in found.deciding}
    assert any({item.first, item.second} == {"baseline", "x"} for item in found.flips)
    assert set(found.by_doctrine) == {"the scenario's own", "kfor_restrained"}
    assert [item.no_path for item in found.options][-1] == "no armed group here"
    assert found.beats["hurt"]["x"]["baseline"] == found.effects["x"]["hurt"][ALL].chance_better


def test_a_failed_run_is_told_with_its_case_and_its_worst_case(question, tmp_path):
    found = compare_found.found(question, made(question, tmp_path / "a"), "")
    assert {(item["option"], item["message"]) for item in found.failures} == {("broken", "ValueError: broken")}
    assert [item["seed"] for item in found.failures] == [3, 7, 11, 15, 19, 23]
    assert found.failures[0]["worst_case"]["hurt"] > found.distributions["broken"]["hurt"].mean
    assert found.effects["broken"]["hurt"][ALL].pairs == 18


def test_a_comparison_is_plain_json(question, tmp_path):
    found = compare_found.found(question, made(question, tmp_path / "a"), "")
    assert json.loads(as_json(found))["seeds"] == 24


def test_a_comparison_goes_on_from_its_folder_and_ends_the_same(question, tmp_path):
    whole = made(question, tmp_path / "whole")
    calls = []
    left_off = made(question, tmp_path / "part", after_round=lambda _played: calls.append(1) or _interrupt(len(calls)))
    assert left_off.stopped == "interrupted"
    assert len(left_off.rows) == 8
    (tmp_path / "part" / "parts" / "00005.json").unlink()
    again = made(question, tmp_path / "part", resume=True)
    assert (again.rows, again.by_doctrine) == (whole.rows, whole.by_doctrine)


def _interrupt(rounds: int) -> None:
    if rounds == 2:
        raise KeyboardInterrupt


def test_a_folder_of_a_comparison_is_not_written_over_unasked(question, tmp_path):
    made(question, tmp_path / "a")
    with pytest.raises(InputError, match="holds a comparison already"):
        made(question, tmp_path / "a")


def test_a_folder_of_another_comparison_is_refused_with_what_differs(question, tmp_path):
    plan = question.plan()
    Store(tmp_path / "a").begin(plan, resume=False)
    other = {**plan, "options": {**plan["options"], "x": {"levers.x": "2"}}, "model": "another"}
    with pytest.raises(InputError, match=r"model was .* and is another; options differ in x"):
        Store(tmp_path / "a").begin(other, resume=True)


def test_a_folder_of_something_else_is_refused(question, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="is no folder of a comparison"):
        Store(tmp_path).begin(question.plan(), resume=True)


def test_without_time_nothing_half_done_is_kept(question, tmp_path):
    hurried = replace(question, budget_s=0.0)
    result = made(hurried, tmp_path / "a")
    assert (result.stopped, result.rows) == ("budget", {})
    assert not list((tmp_path / "a" / "parts").iterdir())


def test_a_settled_ranking_ends_the_rounds(question, tmp_path):
    same = replace(question, options=question.options[:1] + question.options[2:3], seeds=200)
    result = made(same, tmp_path / "a")
    assert (result.stopped, len(result.rows)) == ("settled", 32)


def test_any_number_of_workers_gives_the_same(zvecan):
    cases = tuple(Case("no_such_scenario", seed) for seed in range(5))
    blocks = [Block("a", cases[:3]), Block("b", cases[3:])]
    alone, together = Workers(1), Workers(2)
    found = [{block.key: results for block, results in workers.play(blocks)} for workers in (alone, together)]
    together.close()
    assert found[0] == found[1]
    assert all("no_such_scenario" in result.failure for results in found[0].values() for result in results)


def test_outcomes_are_told_as_the_scenario_shows_them(zvecan):
    told = {item.name: item for item in outcomes_told(zvecan)}
    assert told["serious_or_fatal"].primary
    assert "armed_attack" not in told


def test_an_input_that_is_not_known_comes_in_all_its_accounts_alike(zvecan):
    switches = {"stratum": SimpleNamespace(accounts=["low", "middle", "high"])}
    campaign = SimpleNamespace(parameters=zvecan.parameters, reads=zvecan.reads, file=SimpleNamespace(switches=switches))
    cases = Design(campaign, ({"theta_spiral": 1.0},), "").cases(24)
    told = [(case.panel, case.settings["switch.stratum"]) for case in cases]
    assert {pair: told.count(pair) for pair in told} == {(panel, account): 2 for panel in PANELS for account in ("low", "middle", "high")}
