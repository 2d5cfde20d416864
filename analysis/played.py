"""Parameter sets played as patterns ask for it: each under every setting that a statistic names, on the same seeds.

The same seed under two settings is the same luck (draws are keyed by run, not by parameters), so that a rise is told from
pairs of runs and not from two samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

import numpy as np

from analysis.expected import Setting, Statistic
from sim.api import Case, Result, input_error, run_many

type Progress = Callable[[int], None]

NO_DAYS: Mapping[Setting, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True)
class Played:
    """Runs of one parameter set.

    Attributes
    ----------
    runs
        By setting: one result a seed, in the order of the seeds.
    """

    runs: Mapping[Setting, tuple[Result, ...]]

    def shows(self, statistic: Statistic) -> bool:
        """Tell whether every setting of a statistic has been played."""
        return all(setting in self.runs for setting in statistic.settings)

    def values(self, statistic: Statistic) -> np.ndarray:
        """Return a statistic's outcome in each run that did not fail; for ``rises_with`` the paired differences."""
        columns = [self.runs[setting] for setting in statistic.settings]
        rows = [row for row in zip(*columns, strict=True) if not any(result.failure for result in row)]
        found = np.array([[_outcome(result, statistic.outcome) for result in row] for row in rows], dtype=float)
        found = found.reshape(len(rows), len(columns))
        values: np.ndarray = found[:, 1] - found[:, 0] if len(columns) == 2 else found[:, 0]
        return values

    def failures(self) -> Iterator[Result]:
        """Give the runs that failed."""
        return (result for results in self.runs.values() for result in results if result.failure)

    def joined(self, other: Played) -> Played:
        """Return these runs followed by further ones of the same set."""
        settings = dict.fromkeys([*self.runs, *other.runs])
        return Played({setting: (*self.runs.get(setting, ()), *other.runs.get(setting, ())) for setting in settings})


def _outcome(result: Result, path: str) -> float:
    if path not in result.outcomes:
        raise input_error(result.case.scenario, f"its runs give no outcome '{path}'", "see expected.yaml and sim/engine/outcomes.py")
    return result.outcomes[path]


def play(
    scenario: str,
    sets: Sequence[Mapping[str, float]],
    settings: Sequence[Setting],
    seeds: Sequence[int],
    history: bool = False,
    days: Mapping[Setting, tuple[str, ...]] = NO_DAYS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Played]:
    """Return what each parameter set gives under each setting on each seed.

    Parameters
    ----------
    scenario
        Shipped name or folder.
    history
        Whether seats re-enact history instead of deciding by doctrine.
    days
        By setting: the only days to be played; all where it is not named or has none.
    """
    cases = [
        Case(scenario, seed, {**values, **dict(setting)}, history=history, days=days.get(setting, ()))
        for values in sets
        for setting in settings
        for seed in seeds
    ]
    results = iter(run_many(cases, workers, progress))
    return [Played({setting: tuple(islice(results, len(seeds))) for setting in settings}) for _ in sets]


def play_each(
    scenario: str,
    runs: Sequence[tuple[Mapping[str, float], int, Mapping[str, str]]],
    days: tuple[str, ...] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Played]:
    """Return single runs under the plain setting: each of a parameter set, a seed, and choices as a user types them."""
    cases = [Case(scenario, seed, dict(values), days=days, settings=dict(choices)) for values, seed, choices in runs]
    return [Played({(): (result,)}) for result in run_many(cases, workers, progress)]
