"""What a sweep costs beyond its runs, against Mesa's ``batch_run`` driving the same model, on this machine.

    python -m benchmarks.sweep --runs 40
    python -m benchmarks.sweep --runs 10000 --scenario may_2023

The same runs (scenario and seeds, at the declared values) are made by the sweep, by ``mesa.batch_run``, which steps
:class:`~sim.engine.model.TheatreModel` with as many processes, and some of them one after another in one process, before and after
the sweep: single-run compute. The first run of every process is not counted: it loads or compiles. *Efficiency* is compute by workers
times the sweep's wall time; it also counts what the machine loses when all cores work, so *dispatch* is told apart: the share of a
worker's time, from its first run to its last, in which it plays none. Wall time; on a busy machine only dispatch means much.

Not measured: a cluster; the disk of another machine.
"""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean
from time import monotonic, perf_counter
from typing import Any

import click

from analysis.sweep import sweep
from analysis.sweep_parts import keep_whole, part_path, parts_of, read_part
from analysis.sweep_runner import Made, PartMaker, made_here
from sim.api import Case, Result, outcomes_in_play, run_case
from sim.engine.model import TheatreModel
from sim.engine.outcomes import outcomes_of
from sim.engine.run import automatic_seats
from sim.scenario.loader import load_scenario

FEW = 100
"""Runs whose cost is held against that of all."""

SEEN = ("worker", "begun", "ended")


@dataclass(frozen=True)
class Experiment:
    """A seed of the plan."""

    number: int
    scenario: str
    lever: str
    forms: str
    point: int
    seed: int


@dataclass(frozen=True)
class SeedsPlan:
    """A plan of seeds alone, as a study without uncertainties has it."""

    scenario: str
    total: int
    outcomes: tuple[str, ...]

    @property
    def part_size(self) -> int:
        """Return about a thousandth of the runs, as a study's plan does."""
        return max(2, min(1000, self.total // 1000))

    @property
    def digest(self) -> str:
        """Return what tells this plan from others."""
        return f"{self.scenario} {self.total}"

    def experiment(self, number: int) -> Experiment:
        """Return a seed as an experiment."""
        return Experiment(number, self.scenario, "baseline", "declared", 0, number)

    def case(self, number: int) -> Case:
        """Return its run."""
        return Case(self.scenario, number)

    def save(self, folder: Path) -> None:
        """Write the plan."""
        keep_whole(folder / "plan.json", json.dumps(asdict(self) | {"digest": self.digest}).encode())


def opened(folder: Path) -> SeedsPlan:
    told = json.loads((folder / "plan.json").read_text("utf-8"))
    return SeedsPlan(told["scenario"], told["total"], tuple(told["outcomes"]))


class SteppedToTheEnd(TheatreModel):
    """The model as ``batch_run`` wants it: made from keywords, told when to stop, its outcomes collected once."""

    def __init__(self, name: str, seed: int = 0) -> None:
        import mesa

        scenario = _loaded(name)
        super().__init__(scenario, seed, automatic_seats(scenario))
        self.running = True
        self.datacollector = mesa.DataCollector(
            model_reporters={"outcomes": lambda model: outcomes_of(model.world), "ended": lambda _model: monotonic()}
        )

    def step(self) -> None:
        """Play one base tick; at the last, collect."""
        super().step()
        if self.over:
            self.running = False
            self.datacollector.collect(self)


LOADED: dict[str, Any] = {}


def _loaded(name: str) -> Any:
    if name not in LOADED:
        LOADED[name] = load_scenario(name)
    return LOADED[name]


def compute_s(scenario: str, seeds: Iterable[int]) -> list[float]:
    """Return the seconds of each run, one after another."""
    spent = []
    for seed in seeds:
        begun = perf_counter()
        result = run_case(Case(scenario, seed))
        spent.append(perf_counter() - begun)
        if result.failure:
            raise RuntimeError(result.failure)
    return spent


def timed(case: Case) -> Result:
    """Make a run; its outcomes say as well who made it, from when to when."""
    begun = monotonic()
    result = run_case(case)
    return replace(result, outcomes={**result.outcomes, "worker": os.getpid(), "begun": begun, "ended": monotonic()})


def megabytes(process: int | str) -> float:
    """Return the memory of a process; 0 where the system does not say."""
    try:
        text = Path(f"/proc/{process}/status").read_text("utf-8")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024.0 for line in text.splitlines() if line.startswith("VmRSS")), 0.0)


@dataclass(frozen=True)
class Swept:
    """What was seen of a sweep: who made each run and from when to when, and memory of parent and workers by runs done."""

    runs: list[tuple[int, float, float]]
    memory: list[tuple[int, float]]

    @property
    def dispatch(self) -> float:
        """Share of the workers' time, from first run to last, in which they play none."""
        spans = playing = 0.0
        for worker in {worker for worker, _, _ in self.runs}:
            own = sorted((begun, ended) for who, begun, ended in self.runs if who == worker)
            spans += own[-1][1] - own[0][1]
            playing += sum(ended - begun for begun, ended in own[1:])
        return 1.0 - playing / spans if spans else 0.0

    def a_run_s(self, workers: int, runs: int | None = None) -> float:
        """Return wall seconds of one of the first so many runs, or of all, from the end of each worker's first."""
        return apart_s([ended for _, _, ended in self.runs], workers, runs)

    def memory_at(self, runs: int) -> float:
        """Return megabytes when so many runs were done."""
        return next((held for done, held in self.memory if done >= runs), self.memory[-1][1])


def apart_s(ended: Iterable[float], workers: int, runs: int | None = None) -> float:
    """Return the seconds between the ends of two runs, the first of each worker not counted."""
    counted = sorted(ended)[workers - 1 : runs]
    return (counted[-1] - counted[0]) / (len(counted) - 1)


def swept(scenario: str, runs: int, workers: int) -> Swept:
    """Sweep the runs."""
    memory: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "sweep"
        plan = SeedsPlan(scenario, runs, (*(item.name for item in outcomes_in_play(_loaded(scenario))), *SEEN))

        def engine(numbers: Iterable[int], told: Any) -> Iterator[Made]:
            done = 0
            for made in made_here(PartMaker(folder, opened, timed), numbers, workers, told):
                done += made.runs
                memory.append((done, held()))
                yield made

        sweep(folder, plan, engine)
        parts = [read_part(part_path(folder, number), plan, number) for number in range(parts_of(plan))]
    rows = [row for part in parts for row in zip(*(part.column(name).to_pylist() for name in SEEN), strict=True)]
    return Swept(rows, memory)


def held() -> float:
    """Return megabytes of this process and those that it started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return sum(map(megabytes, ["self", *(children.read_text("utf-8").split() if children.exists() else [])]))


def batch_run_s(scenario: str, runs: int, workers: int) -> float:
    """Return wall seconds of a run by Mesa's batch_run, from the end of each process's first; RuntimeError where outcomes differ."""
    import mesa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = mesa.batch_run(
            SteppedToTheEnd,
            {"name": scenario},
            number_processes=workers,
            max_steps=10**9,
            display_progress=False,
            rng=[*range(runs)],
        )
    ours = run_case(Case(scenario, 0)).outcomes
    (theirs,) = [row["outcomes"] for row in rows if row["seed"] == 0]
    if repr(sorted(theirs.items())) != repr(sorted(ours.items())):
        raise RuntimeError("batch_run gives other outcomes than the sweep")
    return apart_s([row["ended"] for row in rows], workers)


def measured(scenario: str, runs: int, workers: int, with_mesa: bool) -> dict[str, float]:
    """Return rates and their ratios."""
    some = min(runs, FEW)
    compute_s(scenario, [0])
    before = compute_s(scenario, range(some // 2))
    found = swept(scenario, runs, workers)
    alone, each = fmean(before + compute_s(scenario, range(some // 2, some))), found.a_run_s(workers)
    told = {
        "runs": runs,
        "workers": workers,
        "a second, alone": 1.0 / alone,
        "a second, sweep": 1.0 / each,
        "efficiency": alone / (workers * each),
        "dispatch": found.dispatch,
        "cost of a run, all to the first hundred": each / found.a_run_s(workers, some),
        "memory when the first hundred are done, MB": found.memory_at(some),
        "memory at the end, MB": found.memory[-1][1],
    }
    if with_mesa:
        by_mesa = batch_run_s(scenario, runs, workers)
        told |= {"a second, batch_run": 1.0 / by_mesa, "sweep to batch_run": by_mesa / each}
    return told


@click.command()
@click.option("--runs", default=40, show_default=True, help="Runs made each way.")
@click.option("--scenario", default="may_2023", show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--mesa/--no-mesa", "with_mesa", default=True, show_default=True, help="Also by batch_run.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def main(runs: int, scenario: str, workers: int, with_mesa: bool, as_json: bool) -> None:
    """Print rates, efficiency, dispatch, growth of cost and of memory."""
    if runs < 4 * workers:
        raise click.UsageError(f"{runs} runs are too few for {workers} workers; take {4 * workers} or more")
    found = measured(scenario, runs, workers, with_mesa)
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:<48}{value:>12.4g}")


if __name__ == "__main__":
    main()
