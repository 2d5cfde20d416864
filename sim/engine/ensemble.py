"""Ensembles: many runs of many cases over all cores, in the order asked for; a worker that dies is replaced.

Workers live long (a kernel is loaded once), take some runs at a time and return outcomes only. A run that fails is returned
as a failure with its inputs; it never stops the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from sim.engine.campaign import play_campaign
from sim.engine.run import historical_seats, play
from sim.engine.workers import WORKER_DIED, At, Workers
from sim.scenario.campaign_files import Campaign, load_campaign
from sim.scenario.campaign_settings import configured_campaign
from sim.scenario.loader import Scenario, load_scenario
from sim.scenario.settings import configured
from sim.scenario.shipped import campaign_folder

RUNS_A_TASK = 8
AS_SET = 8
"""Scenarios with values and settings in them that a process keeps."""


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


@lru_cache(maxsize=AS_SET)
def _as_set(
    name: str, values: tuple[tuple[str, float | str], ...], settings: tuple[tuple[str, str], ...], days: tuple[str, ...]
) -> Scenario:
    """Return a scenario as a case has it: seeds of one point come one after another, and setting it takes a twentieth of a run."""
    scenario = _scenario(name)
    scenario = scenario.with_parameters(scenario.parameters.with_values(dict(values)))
    scenario = configured(scenario, dict(settings)) if settings else scenario
    return scenario.on_days(days) if days else scenario


@cache
def _campaign(name: str) -> Campaign:
    return load_campaign(name)


def run_case(case: Case) -> Result:
    """Make one run; a failure is returned, not raised."""
    try:
        if campaign_folder(case.scenario) is not None:
            return _run_campaign(case)
        scenario = _as_set(case.scenario, tuple(case.values.items()), tuple(case.settings.items()), case.days)
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


def _run_some(task: tuple[int, Sequence[Case]], lost: frozenset[int], at: At) -> list[Result]:
    """Make some runs one after the other, but for those at which workers died."""
    results = []
    for place, case in enumerate(task[1]):
        if place in lost:
            results.append(Result(case, {}, failure=WORKER_DIED))
            continue
        at(place)
        results.append(run_case(case))
    return results


def run_many(cases: Sequence[Case], workers: int | None = None, progress: Callable[[int], None] | None = None) -> list[Result]:
    """Return the results of *cases* in their order, whatever the number of workers.

    Parameters
    ----------
    workers
        Processes; all cores by default, 1 runs in this process.
    progress
        Called with the number of runs just finished.
    """
    told = progress or (lambda _count: None)
    if (workers or os.cpu_count() or 1) == 1:
        results = []
        for case in cases:
            results.append(run_case(case))
            told(1)
        return results
    tasks = ((first, cases[first : first + RUNS_A_TASK]) for first in range(0, len(cases), RUNS_A_TASK))
    done: dict[int, list[Result]] = {}
    for (first, _), found in Workers(_run_some, workers).through(tasks):
        done[first] = found
        told(len(found))
    return [result for first in sorted(done) for result in done[first]]
