"""``kforsim run``: what it prints and keeps, and that settings of both kinds reach the run and its record."""

from __future__ import annotations

import json

import numpy as np
import pytest
from copies import PART, WHOLE

from sim.cli.run import FRAME_TICKS
from sim.cli.show import SITE_DAY_COLUMNS, print_site_days
from sim.engine.outcomes import OUTCOMES
from sim.scenario.dials import CONSTRAINT, EXPLICITNESS

SITES = ("zvecan", "leposavic", "zubin_potok", "north_mitrovica")

pytestmark = pytest.mark.usefixtures("parsed_once")


def test_json_gives_outcomes_and_digest(kforsim, short):
    code, out, _ = kforsim("run", short, "--seed", "5", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["scenario"], told["days"], told["seed"]) == (WHOLE, ["may_29"], 5)
    assert told["digest"] == json.loads(kforsim("run", short, "--seed", "5", "--json")[1])["digest"]


def test_json_gives_outcomes_of_the_run_of_each_day_and_of_each_site(kforsim, scenario_copy):
    copy = scenario_copy.only("may_26", "may_31").until("may_26", "09:30").until("may_31", "08:30")
    outcomes = json.loads(kforsim("run", copy.folder, "--json")[1])["outcomes"]
    for scope in ("", "may_26/", "may_31/", "may_26/zvecan/", "may_31/zubin_potok/"):
        assert f"{scope}kfor_hurt" in outcomes
    assert "licence_spent" in outcomes
    assert "may_26/licence_spent" not in outcomes


def test_people_get_a_table_and_the_next_step(kforsim, short, tmp_path):
    code, out, err = kforsim("run", short, "--out", tmp_path / "a" / "run")
    assert code == 0
    assert f"record in {tmp_path / 'a' / 'run'}; next: kforsim report" in out
    assert "seed 1, automatic seats\n" in err
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "day site KFOR hurt police hurt protesters hurt detained crowd peak two leads, min"
    assert [line.split()[:2] for line in lines[1:5]] == [["may_29", site] for site in SITES]
    assert lines[5].startswith("whole run ")
    assert lines[6] == ""
    assert lines[7] == "whole run value unit better"
    assert {outcome.name for outcome in OUTCOMES} <= {line.split()[0] for line in lines[8:] if line}


def test_the_lines_of_the_table_are_the_outcomes(capsys):
    names = [name for _, name in SITE_DAY_COLUMNS]
    scopes = ["d1/here/", "d1/there/", ""]
    outcomes = {f"{scope}{name}": 100.0 * row + column for row, scope in enumerate(scopes) for column, name in enumerate(names)}
    print_site_days(outcomes, [("d1", "here"), ("d1", "there")])
    _, first, second, whole = capsys.readouterr().out.splitlines()
    assert first.split() == ["d1", "here", *(f"{column}" for column in range(6))]
    assert second.split() == ["d1", "there", *(f"{100 + column}" for column in range(6))]
    assert whole.split() == ["whole", "run", *(f"{200 + column}" for column in range(6))]


def test_only_the_named_days_are_played(kforsim, scenario_copy, tmp_path):
    copy = scenario_copy.until("may_26", "09:30").until("may_31", "08:30")
    code, out, err = kforsim("run", copy.folder, "--day", "may_31", "--day", "may_26", "--day", "may_26", "--out", tmp_path / "run")
    assert code == 0
    assert ", automatic seats, may_26, may_31 only\n" in err
    assert {line.split()[0] for line in out.splitlines()[1:7]} == {"may_26", "may_31"}
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert manifest["days"] == ["may_26", "may_31"]
    assert kforsim("replay", tmp_path / "run")[0] == 0


def test_a_quiet_morning_is_the_same_in_the_part_and_in_the_whole_day(kforsim, scenario_copy, part_copy, tmp_path):
    """Sites share headquarters, reserve and news; while nothing has happened anywhere, none of these makes a difference."""
    scenario_copy.until("may_29", "08:30").folder.rename(tmp_path / WHOLE)
    runs = ((tmp_path / WHOLE, "--day", "may_29"), (part_copy.folder,))
    every, part = (json.loads(kforsim("run", *run, "--seats", "history", "--json")[1])["outcomes"] for run in runs)
    same = {name: value for name, value in part.items() if name.startswith("may_29/zvecan/")}
    assert same["may_29/zvecan/crowd_peak"] > 0
    assert same == {name: every[name] for name in same}


def test_frames_are_kept_of_each_site_on_each_day_where_a_record_is(kept_days):
    with np.load(kept_days / "tables.npz") as tables:
        for facts in json.loads((kept_days / "manifest.json").read_text("utf-8"))["site_days"]:
            scope = f"{facts['day']}/{facts['site']}"
            ticks = tables[f"{scope}/frame_ticks"]
            assert np.array_equal(np.unique(np.diff(ticks)), [FRAME_TICKS])
            assert tables[f"{scope}/frame_cells"].shape == (len(ticks), facts["persons"])


def test_a_run_folder_is_whole(kforsim, short, tmp_path):
    kforsim("run", short, "--out", tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"manifest.json", "scenario", "orders.jsonl", "record.jsonl", "incidents.csv", "tables.npz"}
    assert {path.name for path in tmp_path.iterdir()} == {"run", "copy"}


def test_the_run_folder_of_a_part_holds_its_whole_beside_it(kept_run):
    names = {path.name for path in kept_run.iterdir()}
    assert names == {"manifest.json", "scenario", WHOLE, "orders.jsonl", "record.jsonl", "incidents.csv", "tables.npz"}
    assert "part_of: may_2023" in (kept_run / "scenario" / "scenario.yaml").read_text("utf-8")
    assert (kept_run / WHOLE / "may_29.yaml").is_file()


def test_an_empty_folder_is_taken(kforsim, short, tmp_path):
    (tmp_path / "run").mkdir()
    assert kforsim("run", short, "--out", tmp_path / "run")[0] == 0
    assert (tmp_path / "run" / "manifest.json").is_file()


def test_the_current_folder_is_taken_when_it_is_empty(kforsim, short, tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    assert kforsim("run", short, "--out", ".")[0] == 0
    assert (tmp_path / "run" / "manifest.json").is_file()


def test_dials_stand_in_the_record_with_their_pedigree(kept_run):
    manifest = json.loads((kept_run / "manifest.json").read_text("utf-8"))
    assert manifest["settings"] == {"roe.explicitness": "0.8"}
    assert manifest["dials"][EXPLICITNESS]["value"] == 0.8
    assert manifest["dials"][EXPLICITNESS]["grade"] == "assumption"
    assert manifest["dials"][CONSTRAINT]["value"] == 0.5


def test_a_dial_changes_what_an_approval_takes(kforsim, kept_run, tmp_path):
    kforsim("run", PART, "--seed", "3", "--seats", "history", "--out", tmp_path / "run")
    waits = [_waits(folder) for folder in (tmp_path / "run", kept_run)]
    assert waits[0] > 0.0
    assert waits[1] < waits[0]


def _waits(folder) -> float:
    entries = [json.loads(line) for line in (folder / "record.jsonl").read_text("utf-8").splitlines()]
    return max(entry["delay_min"] for entry in entries if entry["kind"] == "permission" and entry["order"] == "push")


def test_both_kinds_of_setting_are_taken_together(kforsim, short, tmp_path):
    settings = ("--set", "rules_of_engagement.explicitness=1", "--set", "mandate.political_constraint = 0.2", "--set", "crowd.view_m=40")
    assert kforsim("run", short, *settings, "--out", tmp_path / "run")[0] == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert manifest["dials"][EXPLICITNESS]["value"] == 1.0
    assert manifest["dials"][CONSTRAINT]["value"] == 0.2
    assert manifest["parameters"]["view_m"]["value"] == 40.0


def test_history_is_played_on_demand(kforsim, short, tmp_path):
    assert kforsim("run", short, "--seats", "history", "--out", tmp_path / "run")[0] == 0
    orders = (tmp_path / "run" / "orders.jsonl").read_text("utf-8")
    assert "history 06:10" in orders


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        (["roe.explicitnes=0.8"], ["--set roe.explicitnes", "no such parameter and no such dial", "did you mean 'roe.explicitness'?"]),
        (["mandate.constraint=0.8"], ["did you mean 'mandate.political_constraint'?"]),
        (["crowd.view=40"], ["did you mean 'crowd.view_m'?"]),
        (["roe.explicitness=1.5"], ["rules_of_engagement.explicitness = 1.5 lies outside 0 to 1"]),
        (["roe.explicitness=-0.1"], ["lies outside 0 to 1"]),
        (["roe.explicitness=nan"], ["must be a finite number"]),
        (["mandate.political_constraint=inf"], ["must be a finite number"]),
        (["roe.explicitness=high"], ["must be a number from 0 to 1, not 'high'"]),
        (["crowd.view_m=1e308"], ["lies outside 5 to 100 m"]),
        (["crowd.view_m=nan"], ["must be a finite number"]),
        (["crowd.view_m=far"], ["must be a number (m), not 'far'"]),
        (["perceived_cost.ratio_form=rounded"], ["is no form of ratio_form; forms: RAW, FLOOR, NEAREST"]),
        (["roe.explicitness"], ["is not of the form concept.parameter=value"]),
        (["=0.8"], ["is not of the form"]),
        (["roe.explicitness="], ["is not of the form"]),
        (["roe.explicitness=0.1", "roe.explicitness=0.2"], ["is set twice"]),
        (["roe.explicitness=0.1", "rules_of_engagement.explicitness=0.2"], ["which is set already"]),
        (["roe.explicitness=7", "crowd.view_m=nan"], ["lies outside 0 to 1", "must be a finite number"]),
    ],
)
def test_a_wrong_setting_is_refused(refused, tmp_path, settings, parts):
    pairs = [item for setting in settings for item in ("--set", setting)]
    complaints = refused("run", PART, *pairs, "--out", tmp_path / "run")
    for part in ("--set", *parts):
        assert part in complaints
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("seed", ["-1", str(2**63), str(10**40)])
def test_an_impossible_seed_is_refused(refused, short, tmp_path, seed):
    complaints = refused("run", short, "--seed", seed, "--out", tmp_path / "run")
    assert f"--seed: {seed} lies outside 0 to" in complaints
    assert not (tmp_path / "run").exists()
