"""Ensembles: one worker, two workers and a worker that is killed give the same results in the same order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time

import pytest

from sim.engine.ensemble import RUNS_A_TASK, Case, run_case, run_many

SHORT = "may_2023_zvecan"
CASES = [Case(SHORT, seed, {"crowd_turnout_low": 0.2, "crowd_turnout_high": 1.0}, history=bool(seed % 2)) for seed in range(2 * RUNS_A_TASK + 3)]


@pytest.fixture(scope="module")
def alone():
    return run_many(CASES, workers=1)


def test_two_workers_give_the_same_as_one_in_the_order_asked_for(alone):
    done = []
    assert run_many(CASES, workers=2, progress=done.append) == alone
    assert sum(done) == len(CASES)
    assert [result.case for result in alone] == CASES
    assert not any(result.failure for result in alone)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_worker_costs_no_result_and_changes_none(alone):
    killed = []

    def kill_one() -> None:
        give_up = time.monotonic() + 60.0
        while not killed and time.monotonic() < give_up:
            time.sleep(0.05)
            if finished.is_set():
                children = multiprocessing.active_children()
                if children:
                    os.kill(children[0].pid, signal.SIGKILL)
                    killed.append(children[0].pid)

    finished, killer = threading.Event(), threading.Thread(target=kill_one)
    killer.start()
    results = run_many(CASES, workers=2, progress=lambda _: finished.set())
    killer.join()
    assert killed
    assert results == alone


def test_a_run_that_fails_is_a_record_with_its_inputs_and_stops_no_other(alone):
    wrong = Case("no_such_scenario", 1)
    found = run_many([wrong, CASES[0]], workers=1)
    assert found[0].case == wrong
    assert "no_such_scenario" in found[0].failure
    assert found[0].outcomes == {}
    assert found[1] == alone[0]


def test_a_policy_keeps_the_runs_draws():
    """The run key comes from scenario and seed alone: a parameter that nothing reads that day changes no bit."""
    base, other = run_case(Case(SHORT, 3)), run_case(Case(SHORT, 3, {"level_effect_firearms": 0.2}))
    assert base.digest == other.digest
