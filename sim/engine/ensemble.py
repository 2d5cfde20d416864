"""Ensembles: many runs of many cases over all cores, rebuilt when a worker dies, in the order asked for.

Workers are spawned processes that live long (a kernel is loaded once), take some runs at a time and return outcomes only.
A run that fails is returned as a failure with its inputs; it never stops the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context, parent_process
from threading import Thread

from sim.engine.campaign import play_campaign
from sim.engine.run import historical_seats, play
from sim.scenario.campaign_files import Campaign, load_campaign
from sim.scenario.campaign_settings import configured_campaign
from sim.scenario.loader import Scenario, load_scenario
from sim.scenario.settings import configured
from sim.scenario.shipped import campaign_folder

RUNS_A_TASK = 8
TRIES = 3


@dataclass(frozen=True)
class Case:
    """One run to be made.

    Attributes
    ----------
    scenario
        Shipped name or folder.
    values
        Parameter values that differ from the scenario's.
    history
        Whether seats re-enact history instead of deciding by doctrine.
    days
        The days to be played; all where empty.
    settings
        Dials and parameters as a user types them (``roe.explicitness``), laid over the values.
    """

    scenario: str
    seed: int
    values: Mapping[str, float | str] = field(default_factory=dict)
    history: bool = False
    days: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What one run gave: outcomes and digest, or what went wrong."""

    case: Case
    outcomes: Mapping[str, float]
    digest: str = ""
    failure: str = ""


@cache
def _scenario(name: str) -> Scenario:
    return load_scenario(name)


@cache
def _campaign(name: str) -> Campaign:
    return load_campaign(name)


def run_case(case: Case) -> Result:
    """Make one run; a failure is returned, not raised."""
    try:
        if campaign_folder(case.scenario) is not None:
            return _run_campaign(case)
        scenario = _scenario(case.scenario)
        scenario = scenario.with_parameters(scenario.parameters.with_values(case.values))
        scenario = configured(scenario, case.settings) if case.settings else scenario
        scenario = scenario.on_days(case.days) if case.days else scenario
        finished = play(scenario, case.seed, historical_seats(scenario) if case.history else None)
    except Exception as error:  # a failed run is a record with its inputs
        return Result(case, {}, failure=f"{type(error).__name__}: {error}")
    return Result(case, finished.outcomes, finished.digest)


def _run_campaign(case: Case) -> Result:
    campaign = _campaign(case.scenario)
    campaign = campaign.with_parameters(campaign.parameters.with_values(case.values))
    campaign = configured_campaign(campaign, case.settings, configured) if case.settings else campaign
    finished = play_campaign(campaign.on_days(case.days) if case.days else campaign, case.seed)
    return Result(case, finished.outcomes, finished.digest)


def _run_some(cases: Sequence[Case]) -> list[Result]:
    return [run_case(case) for case in cases]


def run_many(cases: Sequence[Case], workers: int | None = None, progress: Callable[[int], None] | None = None) -> list[Result]:
    """Return the results of *cases* in their order, whatever the number of workers.

    Parameters
    ----------
    workers
        Processes; all cores by default, 1 runs in this process.
    progress
        Called with the number of runs just finished.
    """
    if (workers or os.cpu_count() or 1) == 1:
        results = []
        for case in cases:
            results.append(run_case(case))
            if progress:
                progress(1)
        return results
    tasks = [range(first, min(first + RUNS_A_TASK, len(cases))) for first in range(0, len(cases), RUNS_A_TASK)]
    done: dict[int, list[Result]] = {}
    tries = 0
    while len(done) < len(tasks):
        open_tasks = [number for number in range(len(tasks)) if number not in done]
        before = len(done)
        for number, found in _in_pool(cases, tasks, open_tasks, workers):
            done[number] = found
            if progress:
                progress(len(found))
        tries = tries + 1 if len(done) == before else 0
        if tries >= TRIES:
            lost = [number for number in range(len(tasks)) if number not in done]
            for number in lost:
                done[number] = [Result(cases[place], {}, failure="the worker process died") for place in tasks[number]]
    return [result for number in range(len(tasks)) for result in done[number]]


def end_with_parent() -> None:
    """Let a worker end when the process that started it dies, however it dies."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _in_pool(
    cases: Sequence[Case], tasks: Sequence[range], numbers: Sequence[int], workers: int | None
) -> Iterator[tuple[int, list[Result]]]:
    """Give finished tasks as they come, until all are done or a worker dies."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        running: dict[Future[list[Result]], int] = {
            pool.submit(_run_some, [cases[place] for place in tasks[number]]): number for number in numbers
        }
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        except BrokenProcessPool:
            return
