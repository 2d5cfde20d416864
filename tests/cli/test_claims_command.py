"""``kforsim claims``: lists, refuses, runs and goes on."""

from __future__ import annotations

import json

import pytest

from analysis import claim_runs
from sim.api import Result
from sim.cli.main import main


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["claims", *arguments])
    return int(stopped.value.code or 0)


@pytest.fixture
def made_up_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_many(cases, workers=None, progress=None):
        names = ("serious_or_fatal", "kfor_hurt", "police_hurt", "protesters_hurt", "riot")
        return [Result(case, {name: float(case.seed % 3) for name in names}) for case in cases]

    monkeypatch.setattr(claim_runs, "run_many", run_many)


def test_the_list_names_every_claim_with_its_place_in_the_paper(capsys):
    assert call("--list") == 0
    shown = capsys.readouterr().out
    assert "C2    Arrests" in shown
    assert "paper 5" in shown


def test_an_unknown_claim_is_refused_with_the_nearest(capsys):
    assert call("C33", "--list") == 2
    assert "did you mean 'C3" in capsys.readouterr().err


@pytest.mark.parametrize("budget", ["soon", "0min", "10"])
def test_a_budget_that_is_no_span_of_time_is_refused(capsys, budget: str):
    assert call("C2", "--budget", budget) == 2
    assert "10min" in capsys.readouterr().err


def test_resume_without_a_folder_is_refused(capsys):
    assert call("C2", "--resume") == 2
    assert "--out" in capsys.readouterr().err


def test_a_study_leaves_a_page_data_and_the_line_that_goes_on(made_up_runs, capsys, tmp_path):
    folder = tmp_path / "study"
    assert call("C2", "--sets", "4", "--seeds", "2", "--out", str(folder)) == 0
    assert "C2" in capsys.readouterr().out
    assert "--resume" in (folder / "index.html").read_text("utf-8")
    assert (folder / "claims.md").is_file()
    assert json.loads((folder / "claims.json").read_text("utf-8"))["claims"][0]["claim"]["id"] == "C2"
    assert call("C2", "--sets", "4", "--seeds", "2", "--out", str(folder)) == 2
    assert "add --resume" in capsys.readouterr().err
    assert call("C2", "--sets", "4", "--seeds", "2", "--out", str(folder), "--resume") == 0


def test_the_findings_are_printed_for_programs(made_up_runs, capsys):
    assert call("C2", "--sets", "4", "--seeds", "2", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["claims"][0]["decided_by"]["path"] == "serious_or_fatal"
