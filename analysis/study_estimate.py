"""What a study takes: runs, time and disk, from a few runs that are made first, and whether its budget bears it.

Time is that of one core for one run after another, from the slowest that the trials allow for: each scenario's mean. Other points may play
longer than those tried. Disk is an upper bound, before compression: parts and merged table together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.api import InputError, Problem, input_error, run_case

if TYPE_CHECKING:
    from analysis.study_plan import Plan

TRIALS = 3
"""Runs of each scenario that are timed, after one that is not: the first compiles."""

NUMBER_BYTES, LABELS_BYTES = 8, 80
"""Bytes of an outcome, and of all that says which run it is: labels, digest and counters."""

COPIES = 2
"""Parts, and the table that they are merged into."""

RUNS, HOURS, GIGABYTES = "runs", "hours", "gigabytes"


@dataclass(frozen=True)
class Estimate:
    """What a plan takes.

    Attributes
    ----------
    seconds
        Of one core.
    bytes
        On disk, at most.
    by_scenario
        Seconds of a run.
    failed
        What went wrong in trial runs that failed.
    """

    runs: int
    seconds: float
    bytes: int
    by_scenario: Mapping[str, float]
    failed: tuple[str, ...] = ()

    def hours(self, workers: int) -> float:
        """Return how long it takes on so many cores, if each is as fast as the one of the trials."""
        return self.seconds / 3600.0 / max(workers, 1)

    def told(self, workers: int) -> str:
        """Return it in one line."""
        each = ", ".join(f"{label} {seconds:.2g} s" for label, seconds in self.by_scenario.items())
        cores = "1 core" if workers == 1 else f"{workers} cores"
        lasts = _duration(self.hours(workers) * 3600.0)
        return f"{self.runs:,} runs, about {lasts} on {cores} ({each} a run), at most {_size(self.bytes)} on disk"


def estimate_of(plan: Plan, trials: int = TRIALS) -> Estimate:
    """Return what a plan takes; InputError where every trial run of a scenario fails."""
    by_scenario: dict[str, float] = {}
    failed: list[str] = []
    for place, label in enumerate(plan.scenarios):
        seconds = []
        for number in _spread_over(plan, place, trials):
            began = time.perf_counter()
            result = run_case(plan.case(number))
            if result.failure:
                failed.append(f"experiment {number}: {result.failure}")
            else:
                seconds.append(time.perf_counter() - began)
        if not seconds:
            remedy = "a study whose first runs all fail is not begun; 'kforsim check' may say more"
            raise input_error(f"scenario {label}", f"no trial run succeeded: {failed[-1]}", remedy)
        timed = seconds[1:] or seconds
        by_scenario[label] = sum(timed) / len(timed)
    each = plan.total // len(plan.scenarios)
    return Estimate(plan.total, sum(each * seconds for seconds in by_scenario.values()), bytes_of(plan), by_scenario, tuple(failed))


def _spread_over(plan: Plan, scenario: int, trials: int) -> Iterator[int]:
    """Give experiments of a scenario, far apart in points, forms and levers; the first is played to compile and not timed."""
    inner = plan.seeds * len(plan.scenarios)
    blocks = plan.total // inner
    for trial in range(trials + 1):
        block = min(blocks - 1, blocks * trial // max(trials, 1))
        yield block * inner + scenario * plan.seeds + trial % plan.seeds


def bytes_of(plan: Plan) -> int:
    """Return the disk that a plan takes at most: results as parts and merged, and the points."""
    rows = plan.total * (NUMBER_BYTES * len(plan.outcomes) + LABELS_BYTES) * COPIES
    return rows + plan.points.size * NUMBER_BYTES


def refuse_over_budget(estimate: Estimate, budget: Mapping[str, float | None], workers: int) -> None:
    """Refuse a study that takes more than its budget allows; InputError with all that is exceeded."""
    taken = {RUNS: float(estimate.runs), HOURS: estimate.hours(workers), GIGABYTES: estimate.bytes / 1e9}
    shown = {
        RUNS: f"{estimate.runs:,} runs",
        HOURS: f"{taken[HOURS]:.3g} hours on {workers} cores",
        GIGABYTES: f"{taken[GIGABYTES]:.3g} gigabytes",
    }
    problems = [
        Problem(
            f"budget {name}",
            f"the study takes {shown[name]}, and its budget is {most:,g}",
            "take fewer points, levers or seeds, or raise the budget",
        )
        for name, most in budget.items()
        if most is not None and taken[name] > most
    ]
    if problems:
        raise InputError(problems)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(count / 1e6, 0.1):.1f} MB"
