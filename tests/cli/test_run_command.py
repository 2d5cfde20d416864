"""``kforsim run``: what it prints and keeps, and that settings of both kinds reach the run and its record."""

from __future__ import annotations

import json

import pytest

from sim.scenario.dials import CONSTRAINT, EXPLICITNESS

SHORT = ('end: "2023-05-29 22:00"', 'end: "2023-05-29 08:00"')


pytestmark = pytest.mark.usefixtures("parsed_once")


@pytest.fixture
def short(scenario_copy):
    """The shipped scenario, two hours of it."""
    return scenario_copy.edit("scenario.yaml", *SHORT).folder


def test_json_gives_outcomes_and_digest(kforsim, short):
    code, out, _ = kforsim("run", short, "--seed", "5", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["scenario"], told["seed"]) == ("may_2023_zvecan", 5)
    assert "kfor_hurt" in told["outcomes"]
    assert told["digest"] == json.loads(kforsim("run", short, "--seed", "5", "--json")[1])["digest"]


def test_people_get_a_table_and_the_next_step(kforsim, short, tmp_path):
    code, out, err = kforsim("run", short, "--out", tmp_path / "a" / "run")
    assert code == 0
    assert "kfor_hurt" in out
    assert f"record in {tmp_path / 'a' / 'run'}; next: kforsim report" in out
    assert "seed 1, automatic seats" in err


def test_a_run_folder_is_whole(kforsim, short, tmp_path):
    kforsim("run", short, "--out", tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"manifest.json", "scenario", "orders.jsonl", "record.jsonl", "incidents.csv", "tables.npz"}
    assert {path.name for path in tmp_path.iterdir()} == {"run", "copy"}


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
    kforsim("run", "may_2023_zvecan", "--seed", "3", "--out", tmp_path / "run")
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
    complaints = refused("run", "may_2023_zvecan", *pairs, "--out", tmp_path / "run")
    for part in ("--set", *parts):
        assert part in complaints
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("seed", ["-1", str(2**63), str(10**40)])
def test_an_impossible_seed_is_refused(refused, short, tmp_path, seed):
    complaints = refused("run", short, "--seed", seed, "--out", tmp_path / "run")
    assert f"--seed: {seed} lies outside 0 to" in complaints
    assert not (tmp_path / "run").exists()
