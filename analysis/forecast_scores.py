"""Forecast scores: how good a forecast was once the outcome is known, by two proper scores. Less is better.

The *interval score* of a central 90 % interval is its width, and for an outcome outside it 20 times the distance by which it
was missed. The *continuous ranked probability score* (CRPS) is the mean distance between forecast and outcome, less half the
mean distance between two draws of the forecast. Both are proper: nobody scores better by telling something else than what he
believes. Counts and times are scored as the logarithm of one more than they are, so that being off by half weighs alike for
few and for many; shares as they are.

Sources: Gneiting & Raftery (2007) for both scores; scoring counts on a logarithmic scale: Bosse et al. (2023).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.expected import Statistic
from analysis.scores import with_discrepancy

LEVEL = 0.9
"""The central interval that is scored."""

ON_LOG = ("count", "time")
SCORED = (*ON_LOG, "share")
"""Kinds of statistic that have one value a run, which an observed value can be held against."""


@dataclass(frozen=True)
class ForecastScore:
    """Both scores of one forecast, with the interval (in the outcome's own unit)."""

    low: float
    median: float
    high: float
    interval: float
    crps: float

    @property
    def holds(self) -> tuple[float, float]:
        """The ends of the central interval."""
        return self.low, self.high


def interval_score(low: float, high: float, observed: float, level: float = LEVEL) -> float:
    """Return the interval score: the width, and a fine of 2 / (1 - level) for each unit outside."""
    fine = 2.0 / (1.0 - level)
    return (high - low) + fine * max(low - observed, 0.0) + fine * max(observed - high, 0.0)


def crps(draws: np.ndarray, observed: float) -> float:
    """Return the continuous ranked probability score of a forecast that is given by its draws."""
    rising = np.sort(np.asarray(draws, dtype=float))
    count = len(rising)
    if not count:
        return float("nan")
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0  # sum of all distances between two draws, each pair once
    between = float((weights * rising).sum()) / (count * count)
    return float(np.abs(rising - observed).mean()) - between


def can_be_scored(statistic: Statistic) -> bool:
    """Tell whether a statistic has a documented value and one value a run to hold against it."""
    return statistic.observed is not None and statistic.kind in SCORED


def scaled(statistic: Statistic, values: np.ndarray) -> np.ndarray:
    """Return values on the scale on which they are scored."""
    result: np.ndarray = np.log1p(np.maximum(values, 0.0)) if statistic.kind in ON_LOG else np.asarray(values, dtype=float)
    return result


def predicted(statistic: Statistic, runs: np.ndarray, log_sd: float) -> np.ndarray:
    """Return what the model forecasts: its runs, counts and times off by the discrepancy."""
    return with_discrepancy(runs, log_sd) if statistic.kind in ON_LOG else runs


def forecast_score(statistic: Statistic, draws: np.ndarray) -> ForecastScore:
    """Return both scores of a forecast's draws against the statistic's observed value."""
    if statistic.observed is None:
        raise ValueError(f"'{statistic.name}' has no observed value")
    low, median, high = (float(value) for value in np.quantile(draws, ((1.0 - LEVEL) / 2.0, 0.5, (1.0 + LEVEL) / 2.0)))
    ends = scaled(statistic, np.array([low, high, statistic.observed]))
    observed = float(ends[2])
    return ForecastScore(
        low, median, high, interval_score(float(ends[0]), float(ends[1]), observed), crps(scaled(statistic, draws), observed)
    )
