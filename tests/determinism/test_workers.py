"""Ensembles: one worker, two workers and a worker that is killed give the same results in the same order."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading

import pytest

from sim.engine.ensemble import RUNS_A_TASK, Case, run_case, run_many
from sim.scenario.loader import scenario_folder

MAY, ZVECAN = "may_2023", "may_2023_zvecan"
MORNINGS = {"may_26.yaml": ("2023-05-26 20:00", "2023-05-26 13:00"), "may_29.yaml": ("2023-05-29 22:00", "2023-05-29 10:30")}
PART = """format: 2
name: mornings
title: two mornings
summary: for tests
part_of: may_2023
days: [may_26.yaml, may_29.yaml]
sites: [zvecan, leposavic]
"""
RUNS = 2 * RUNS_A_TASK + 3


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Return more runs than two tasks hold, of two mornings at two sites; every other one re-enacts history."""
    folder = tmp_path_factory.mktemp("mornings")
    shutil.copytree(scenario_folder(MAY), folder / MAY)
    for name, (end, noon) in MORNINGS.items():
        file = folder / MAY / name
        text = file.read_text("utf-8")
        assert end in text
        file.write_text(text.replace(end, noon), "utf-8")
    folder = folder / "part"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(PART, "utf-8")
    lively = {"threshold_mean": 0.6, "onset_per_min": 1.0}
    return [Case(str(folder), seed, lively, history=bool(seed % 2)) for seed in range(RUNS)]


@pytest.fixture(scope="module")
def alone(cases):
    return run_many(cases, workers=1)


def test_two_workers_give_the_same_as_one_in_the_order_asked_for(cases, alone):
    done = []
    assert run_many(cases, workers=2, progress=done.append) == alone
    assert sum(done) == len(cases)
    assert [result.case for result in alone] == cases
    assert not any(result.failure for result in alone)
    assert len({result.digest for result in alone}) == len(cases)
    assert max(result.outcomes["hurt"] for result in alone) > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_worker_costs_no_result_and_changes_none(cases, alone):
    killed, begun = [], threading.Event()

    def kill_one() -> None:
        if begun.wait(120.0):
            for child in multiprocessing.active_children()[:1]:
                os.kill(child.pid, signal.SIGKILL)
                killed.append(child.pid)

    killer = threading.Thread(target=kill_one)
    killer.start()
    results = run_many(cases, workers=2, progress=lambda _: begun.set())
    killer.join()
    assert killed
    assert results == alone


def test_a_run_that_fails_is_a_record_with_its_inputs_and_stops_no_other(cases, alone):
    wrong = Case("no_such_scenario", 1)
    found = run_many([wrong, cases[0]], workers=1)
    assert found[0].case == wrong
    assert "no_such_scenario" in found[0].failure
    assert found[0].outcomes == {}
    assert found[1] == alone[0]


def test_a_policy_keeps_the_runs_draws():
    """The run key comes from scenario and seed alone: a parameter that nothing reads that day changes no bit."""
    base, other = run_case(Case(ZVECAN, 3)), run_case(Case(ZVECAN, 3, {"level_effect_firearms": 0.2}))
    assert base.digest == other.digest
