"""Sweeps whose workers, or whose own process, are killed or meet one another: nothing is lost, done twice or mixed. Toy runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sweep_toys
from sweep_toys import ToyPlan, by_workers, children_of, in_this_process

from analysis.sweep import sweep
from analysis.sweep_folder import Shard
from analysis.sweep_merge import merge
from analysis.sweep_parts import part_path, parts_of, read_part
from sim.api import WORKER_DIED

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
PLAN = ToyPlan()
ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def digest(tmp_path_factory):
    """Digest of the plan's table, played in this process."""
    folder = tmp_path_factory.mktemp("alone") / "folder"
    sweep(folder, PLAN, lambda numbers, _told: in_this_process(folder, numbers))
    return merge([folder], PLAN).digest


@pytest.fixture
def started(tmp_path):
    """Start sweeps of the toy plan as processes of their own; end what is left of them."""
    processes = []

    def start(folder, pause_s=0.0, workers=2, shard="1/1"):
        process = subprocess.Popen(
            [sys.executable, sweep_toys.__file__, str(folder), f"{pause_s}", f"{workers}", shard],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def heard(process, word, times=1):
    """Wait until a process has said a word so many times."""
    for line in process.stdout:
        times -= line.startswith(word)
        if not times:
            return
    raise AssertionError(process.stderr.read())


def alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers_gives_the_same_digest_and_tells_how_far_it_is(tmp_path, digest, workers):
    folder, told = tmp_path / "folder", []
    swept = sweep(folder, PLAN, partial(by_workers, folder, workers), progress=told.append)
    assert (swept.made, swept.failures, swept.left) == (60, 1, 0)
    assert told[-1] == 60
    assert merge([folder], PLAN).digest == digest


def test_a_run_that_kills_its_worker_once_is_played_again_and_changes_nothing(tmp_path, digest):
    folder = tmp_path / "folder"
    swept = sweep(folder, replace(PLAN, kills="once", folder=str(tmp_path)), partial(by_workers, folder, 2))
    assert (tmp_path / "killed").exists()
    assert (swept.made, swept.failures) == (60, 1)
    assert merge([folder], PLAN).digest == digest


def test_a_run_that_kills_every_worker_is_a_failure_and_takes_no_other_with_it(tmp_path, digest):
    folder = tmp_path / "folder"
    swept = sweep(folder, replace(PLAN, kills="always", folder=str(tmp_path)), partial(by_workers, folder, 2))
    assert (swept.made, swept.failures) == (60, 2)
    rows = [row for number in range(parts_of(PLAN)) for row in read_part(part_path(folder, number), PLAN, number).to_pylist()]
    (row,) = [row for row in rows if row["failure"] == WORKER_DIED]
    assert (row["point"], row["lever"], row["seed"]) == (3, "other", 2)


def test_a_sweep_killed_in_its_midst_leaves_no_workers_and_goes_on_with_other_workers_to_the_same_digest(tmp_path, digest, started):
    folder = tmp_path / "folder"
    process = started(folder, pause_s=0.05, workers=2)
    heard(process, "part", times=2)
    workers = children_of(process.pid)
    assert len(workers) >= 2
    process.kill()
    process.wait()
    limit = time.monotonic() + PATIENCE_S
    while any(map(alive, workers)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(map(alive, workers))
    there = [number for number in range(parts_of(PLAN)) if part_path(folder, number).exists()]
    assert len(there) in range(2, parts_of(PLAN))
    swept = sweep(folder, PLAN, partial(by_workers, folder, 1))
    assert swept.before + swept.made == 60
    assert swept.anew == ()
    assert merge([folder], PLAN).digest == digest


def test_ctrl_c_ends_a_sweep_with_its_own_exit_code_and_keeps_what_is_done(tmp_path, digest, started):
    folder = tmp_path / "folder"
    process = started(folder, pause_s=0.05, workers=1)
    heard(process, "part")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert sweep(folder, PLAN, lambda numbers, _told: in_this_process(folder, numbers)).before >= 7
    assert merge([folder], PLAN).digest == digest


def test_two_sweeps_in_one_folder_are_refused_and_two_shards_are_not(tmp_path, digest, started):
    folder = tmp_path / "folder"
    first = started(folder, pause_s=60.0, workers=1, shard="1/2")
    heard(first, "begun")
    for shard in ("1/2", "1/1", "2/3"):
        other = started(folder, shard=shard)
        _, errors = other.communicate(timeout=PATIENCE_S)
        assert other.returncode == 2
        assert f"process {first.pid} (shard 1/2, since" in errors
    second = started(folder, workers=1, shard="2/2")
    second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0
    first.kill()
    first.wait()
    swept = sweep(folder, PLAN, lambda numbers, _told: in_this_process(folder, numbers), Shard(1, 2))
    assert swept.left == 0
    assert merge([folder], PLAN).digest == digest
