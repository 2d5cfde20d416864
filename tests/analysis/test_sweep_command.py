"""``kforsim sweep`` and ``merge`` with real runs of a short morning: one digest, runs that open by themselves, refusals."""

from __future__ import annotations

import io
import json
import math
import shlex
import shutil
from contextlib import redirect_stdout

import pyarrow.parquet as pq
import pytest

from analysis.study_plan import Plan
from analysis.sweep_command import opened_here
from sim.api import InputError, load
from sim.cli.main import main
from sim.foundations.chance import run_key
from sim.scenario.loader import scenario_folder

MAY = "may_2023"
PART = """\
format: 2
name: morning
title: one morning
summary: for tests
part_of: may_2023
days: [may_29.yaml]
sites: [zvecan]
"""
STUDY = """\
format: 1
title: a morning's sweep
scenarios: [part]
levers: {options: [baseline, "1.2"], settings: {mandate.political_constraint: [0.2]}}
uncertainties: {crowd.following_per_min: {}, activation.threshold_mean: {low: 0.4, high: 0.7, distribution: uniform}}
rule_forms: {draw: all}
design: {kind: latin_hypercube, size: 3, seed: 1}
seeds: {first: 5, count: 3}
"""


@pytest.fixture
def kforsim(capsys):
    """Call the command line and return exit code, output and error output."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a copy of the scenario, a part of it that ends early, and a study of it."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copytree(scenario_folder(MAY), folder / MAY)
    day = folder / MAY / "may_29.yaml"
    text = day.read_text("utf-8")
    assert 'end: "2023-05-29 22:00"' in text
    day.write_text(text.replace('end: "2023-05-29 22:00"', 'end: "2023-05-29 10:30"'), "utf-8")
    (folder / "part").mkdir()
    (folder / "part" / "scenario.yaml").write_text(PART, "utf-8")
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(place, tmp_path_factory):
    """The study swept by two workers: the folder, and what was told."""
    folder = tmp_path_factory.mktemp("swept") / "whole"
    told = io.StringIO()
    with redirect_stdout(told), pytest.raises(SystemExit) as ended:
        main(["sweep", str(place / "study.yaml"), "--out", str(folder), "--workers", "2", "--json"])
    assert not ended.value.code
    return folder, json.loads(told.getvalue())


def test_a_sweep_plays_every_run_once_and_its_shards_merge_to_the_same_digest(place, made, kforsim, tmp_path):
    folder, told = made
    assert (told["made"], told["failures"], told["left"]) == (18, 0, 0)
    table = pq.read_table(folder / "results.parquet").to_pylist()
    assert [row["experiment"] for row in table] == [*range(18)]
    assert {row["lever"] for row in table} == {"mandate.political_constraint=0.2", "1.2, mandate.political_constraint=0.2"}
    assert len({row["digest"] for row in table if row["lever"] == "mandate.political_constraint=0.2"}) == 9

    shared = tmp_path / "shared"
    code, _, err = kforsim("sweep", place / "study.yaml", "--out", shared, "--workers", 1, "--shard", "2/2")
    assert code == 0
    assert f"kforsim merge {shared}" in err.replace("\n", "")
    code, _, err = kforsim("merge", shared)
    assert (code, "parts missing: 0" in err, "of shard 1/2" in err) == (1, True, True), err
    kforsim("sweep", place / "study.yaml", "--out", shared, "--workers", 1, "--shard", "1/2")
    code, out, _ = kforsim("merge", shared)
    assert code == 0
    assert f"digest {told['digest']}" in out


def test_going_on_with_a_whole_sweep_makes_no_run(place, made, kforsim):
    folder, told = made
    code, out, err = kforsim("sweep", place / "study.yaml", "--out", folder)
    assert code == 0
    assert "0 runs made; 18 were there" in err
    assert told["digest"] in out


def test_an_experiment_of_a_sweep_is_played_again_by_the_line_that_is_printed_and_opens_as_a_run(made, kforsim, tmp_path):
    folder, _ = made
    row = pq.read_table(folder / "results.parquet").slice(13, 1).to_pylist()[0]
    code, out, _ = kforsim("sweep", folder, "--experiment", 13, "--json")
    told = json.loads(out)
    assert (code, told["lever"], told["seed"]) == (0, row["lever"], row["seed"])
    first, *words = shlex.split(told["line"])
    assert first == "kforsim"
    _, out, _ = kforsim(*words, "--json")
    again = json.loads(out)
    assert again["digest"].startswith(row["digest"])
    kept = {name: value for name, value in told["outcomes"].items() if not math.isnan(value)}
    assert {name: again["outcomes"][name] for name in kept} == kept

    code, _, err = kforsim("sweep", folder, "--experiment", 13, "--out", tmp_path / "run")
    assert (code, "kforsim report" in err) == (0, True)
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["digest"] == again["digest"]


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(place, kforsim, tmp_path):
    code, out, err = kforsim("sweep", place / "study.yaml", "--out", tmp_path / "folder", "--dry-run")
    assert (code, out) == (0, "")
    assert "18 runs, about" in err
    assert not (tmp_path / "folder").exists()


def test_a_scenario_changed_since_is_refused_with_its_name_and_nothing_is_touched(place, made, kforsim, tmp_path):
    shutil.copytree(place, tmp_path / "changed")
    shutil.copytree(made[0], tmp_path / "folder")
    day = tmp_path / "changed" / MAY / "may_29.yaml"
    day.write_text(day.read_text("utf-8").replace("2023-05-29 10:30", "2023-05-29 10:40"), "utf-8")
    code, _, err = kforsim("sweep", tmp_path / "changed" / "study.yaml", "--out", tmp_path / "folder")
    assert code == 2
    assert "holds another sweep. Changed since: " in err
    assert "part under" in err
    assert (tmp_path / "folder" / "plan.json").read_bytes() == (made[0] / "plan.json").read_bytes()


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (("--shard", "5/4"), "is no share of the parts; for example 1/4 to 4/4"),
        (("--shard", "0/4"), "is no share of the parts"),
        (("--budget", "runs=3"), "comes to 18 runs"),
        (("--budget", "days=3"), "there is no budget of 'days'"),
        (("--engine", "dask"), "--engine dask and --scheduler go together"),
    ],
)
def test_what_cannot_be_is_refused_before_the_first_run(place, kforsim, tmp_path, more, complaint):
    code, _, err = kforsim("sweep", place / "study.yaml", "--out", tmp_path / "folder", *more)
    assert code == 2
    assert complaint in err.replace("\n", " ")
    assert not (tmp_path / "folder").exists()


def test_a_folder_in_the_place_of_a_study_and_a_number_that_is_not_there_are_refused(made, kforsim, tmp_path):
    code, _, err = kforsim("sweep", made[0])
    assert (code, "begins and goes on from its study's file" in err) == (2, True)
    code, _, err = kforsim("sweep", made[0], "--experiment", 18)
    assert (code, "experiments go from 0 to 17" in err) == (2, True)
    code, _, err = kforsim("merge", tmp_path)
    assert (code, "plan.json" in err) == (2, True)


def test_no_two_runs_share_a_stream_but_those_of_one_scenario_and_seed(made):
    plan = Plan.open(made[0])
    streams = {}
    for number in range(plan.total):
        case = plan.case(number)
        streams.setdefault(run_key(load(case.scenario).whole_name, case.seed), set()).add((case.scenario, case.seed))
    assert [len(sharing) for sharing in streams.values()] == [1, 1, 1]
    many = {run_key(name, seed) for name in ("may_2023", "banjska_2023") for seed in range(50_000)}
    assert len(many) == 100_000


def test_a_model_changed_while_the_sweep_runs_ends_it(made, monkeypatch):
    assert opened_here(made[0]).total == 18
    monkeypatch.setattr("sim.api.model_digest", lambda: "another")
    with pytest.raises(InputError, match="the model was changed while the sweep ran"):
        opened_here(made[0])
