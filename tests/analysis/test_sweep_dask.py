"""Sweeps on a Dask cluster of a scheduler and two workers that the test starts: the same table, also when a worker is killed. Toy runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sweep_toys import ToyPlan, children_of, in_this_process, play

from analysis.sweep import sweep
from analysis.sweep_dask import DaskMaker, Remote
from analysis.sweep_merge import merge
from analysis.sweep_parts import part_path, parts_of, read_part
from sim.api import WORKER_DIED, InputError

PLAN = ToyPlan()
ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ADDRESS = re.compile(r"Scheduler at:\s+(tcp://\S+)")
JOINED = "Registered to:"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed", "ignore::ResourceWarning")


def started(*arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"}
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=HERE, env=environment
    )


def line_with(process, pattern):
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"{process.args} ended before it said {pattern}")


@pytest.fixture
def cluster(tmp_path):
    """A scheduler, two workers, each with a nanny that starts it anew, and the address."""
    scheduler = started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter")
    processes = [scheduler]
    try:
        address = line_with(scheduler, ADDRESS)[1]
        for number in range(2):
            place = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path / f"worker{number}")]
            processes.append(started("distributed.cli.dask_worker", address, *place))
        for worker in processes[1:]:
            line_with(worker, JOINED)
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def is_worker(number):
    """Tell the worker from multiprocessing's own processes beside it."""
    return b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()


def on_cluster(folder, plan, address, model=""):
    maker = DaskMaker(folder, plan, address, Remote(model, play))
    return sweep(folder, plan, lambda numbers, _told: maker.made(numbers))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_cluster_gives_the_same_table_also_when_a_worker_dies_or_a_run_kills_it(tmp_path, cluster):
    address, workers = cluster
    alone = tmp_path / "alone"
    sweep(alone, PLAN, lambda numbers, _told: in_this_process(alone, numbers))
    digest = merge([alone], PLAN).digest

    assert on_cluster(tmp_path / "plain", PLAN, address).made == 60
    assert merge([tmp_path / "plain"], PLAN).digest == digest

    slow, folder, killed = replace(PLAN, pause_s=0.05), tmp_path / "killed_midway", []
    maker = DaskMaker(folder, slow, address, Remote("", play))

    def engine(numbers, _told):
        for made in maker.made(numbers):
            if not killed:
                killed.extend(filter(is_worker, children_of(workers[0].pid)))
                for number in killed:
                    os.kill(number, signal.SIGKILL)
            yield made

    assert sweep(folder, slow, engine).made == 60
    assert killed
    assert merge([folder], PLAN).digest == digest

    folder = tmp_path / "killing"
    swept = on_cluster(folder, replace(PLAN, kills="always", folder=str(tmp_path)), address)
    assert (swept.made, swept.failures) == (60, 2)
    rows = [row for number in range(parts_of(PLAN)) for row in read_part(part_path(folder, number), PLAN, number).to_pylist()]
    (row,) = [row for row in rows if row["failure"] == WORKER_DIED]
    assert (row["point"], row["lever"], row["seed"]) == (3, "other", 2)

    with pytest.raises(InputError, match="another version of the model"):
        on_cluster(tmp_path / "other_model", PLAN, address, model="of another time")


def test_a_scheduler_that_is_not_there_is_told_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.sweep_dask.CONNECT_S", 0.5)
    with pytest.raises(InputError, match=r"--scheduler tcp://127.0.0.1:9: cannot be reached .*dask scheduler"):
        on_cluster(tmp_path / "folder", PLAN, "tcp://127.0.0.1:9")
