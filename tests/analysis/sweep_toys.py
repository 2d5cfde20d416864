"""A toy plan whose runs are arithmetic, for the real sweep: it can be slow, fail, or kill the process that plays it.

As a program (``python sweep_toys.py FOLDER ...``) it sweeps its plan, so that a test can kill it.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.sweep import sweep
from analysis.sweep_folder import Shard
from analysis.sweep_parts import keep_whole
from analysis.sweep_runner import PartMaker, made_here
from sim.api import Case, InputError, Result

LEVERS = ("baseline", "other")
PAUSE = "TOY_PAUSE_S"
"""How long a run lasts: of the process that plays it, not of the plan."""


@dataclass(frozen=True)
class Experiment:
    number: int
    scenario: str
    lever: str
    forms: str
    point: int
    seed: int


@dataclass(frozen=True)
class ToyPlan:
    """Points outermost, then levers, then seeds."""

    points: int = 6
    seeds: int = 5
    part_size: int = 7
    pause_s: float = 0.0
    model: str = "m1"
    folder: str = ""
    kills: str = ""  # never, once or always: what the run of point 3, lever "other", seed 2 does to its worker

    outcomes = ("harm", "share")

    @property
    def total(self):
        return self.points * len(LEVERS) * self.seeds

    @property
    def digest(self):
        told = {**asdict(self), "pause_s": 0.0, "folder": "", "kills": ""}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]

    def experiment(self, number):
        point, rest = divmod(number, len(LEVERS) * self.seeds)
        lever, seed = divmod(rest, self.seeds)
        return Experiment(number, "toy", LEVERS[lever], "", point, seed)

    def case(self, number):
        who = self.experiment(number)
        settings = {"lever": who.lever, "pause": f"{self.pause_s}", "folder": self.folder, "kills": self.kills}
        return Case("toy", who.seed, {"x": who.point / 8.0}, settings=settings)

    def save(self, folder):
        keep_whole(folder / "plan.json", json.dumps({**asdict(self), "digest": self.digest}).encode())
        numbers = range(self.points)
        pq.write_table(pa.table({"point": [*numbers], "x": [number / 8.0 for number in numbers]}), folder / "points.parquet")


def opened(folder):
    told = json.loads((folder / "plan.json").read_text("utf-8"))
    told.pop("digest")
    return replace(ToyPlan(**told), pause_s=float(os.environ.get(PAUSE, "0")))


def children_of(process):
    """Return the processes that a process started, from whichever thread."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(text) for path in lists for text in path.read_text().split()]


def play(case: Case) -> Result:
    """Harm by arithmetic, with a NaN and a failure among the runs."""
    x, lever = case.values["x"], LEVERS.index(case.settings["lever"])
    time.sleep(float(case.settings["pause"]))
    if (x, lever, case.seed) == (3 / 8, 1, 2) and case.settings["kills"]:
        kill_self(case.settings["kills"], Path(case.settings["folder"]))
    if (x, lever, case.seed) == (1 / 8, 0, 1):
        return Result(case, {}, failure="ValueError: this one fails")
    harm = float(np.sqrt(x) + 0.1 * lever) * (1 + case.seed)
    digest = hashlib.sha256(f"{x} {lever} {case.seed}".encode()).hexdigest()
    return Result(case, {"harm": harm, "share": np.nan if case.seed == 3 else x}, digest)


def kill_self(how, folder):
    mark = folder / "killed"
    if how == "always" or not mark.exists():
        mark.write_text("once")
        os.kill(os.getpid(), signal.SIGKILL)


def in_this_process(folder, numbers, told=None):
    """An engine without workers."""
    maker = PartMaker(folder, opened, play)
    for number in numbers:
        yield maker(number, frozenset(), lambda _item: None)


def by_workers(folder, workers, numbers, told):
    """The real engine with toy runs."""
    yield from made_here(PartMaker(folder, opened, play), numbers, workers, told)


def main(folder: str, pause_s: str, workers: str, shard: str) -> int:
    """Sweep, as ``kforsim sweep`` does; say ``part N`` when one is there."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell without a terminal lets it be ignored
    path, (number, of) = Path(folder), map(int, shard.split("/"))
    os.environ[PAUSE] = pause_s
    plan = ToyPlan()

    def engine(numbers, told):
        for made in by_workers(path, int(workers), numbers, told):
            print(f"part {made.number}", flush=True)
            yield made

    try:
        swept = sweep(path, plan, engine, Shard(number, of), found=lambda _there: print("begun", flush=True))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 130 if swept.interrupted else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
