"""Scores: simulated statistics held against an expected pattern.

A statistic is *hit* when the simulated median lies in the band, the observed value (where one is documented) lies inside
the central 90 % predictive interval, and a count's 95 % quantile is at most so many times its 5 % quantile. A rise is hit
when its 90 % interval over parameter sets lies above the band's lower end. Otherwise it is a miss, and says what would be
needed. Discrepancy is a log-normal factor on counts and times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.expected import Statistic
from sim.api import exp, normal_quantile


@dataclass(frozen=True)
class Score:
    """A statistic held against runs.

    Attributes
    ----------
    pattern
        Id of the statistic's pattern.
    low, median, high
        5 %, 50 % and 95 % quantiles of the predictive distribution. For a share of runs: the share, three times. For a
        rise: its mean over parameter sets, between the ends of the mean's 90 % interval.
    needed
        For a miss: what fell short, in words; empty for a hit.
    """

    pattern: str
    statistic: Statistic
    low: float
    median: float
    high: float
    needed: str

    @property
    def key(self) -> str:
        """Pattern and name: what tells it from every other statistic."""
        return f"{self.pattern} {self.statistic.name}"

    @property
    def hit(self) -> bool:
        """Whether the statistic is hit."""
        return not self.needed


def with_discrepancy(values: np.ndarray, log_sd: float) -> np.ndarray:
    """Return values times log-normal factors spread evenly over their distribution, in a fixed shuffled order."""
    count = len(values)
    order = np.argsort((np.arange(count) * 0.6180339887498949) % 1.0, kind="stable")
    factors = np.array([exp(log_sd * normal_quantile((place + 0.5) / count)) for place in range(count)])
    spread: np.ndarray = values * factors[order]
    return spread


def share_of_runs(statistic: Statistic, runs: np.ndarray) -> float:
    """Return in what share of the runs an outcome is 0, or 1, as the statistic's kind says."""
    return float((runs == (0.0 if statistic.kind == "share_of_runs_at_zero" else 1.0)).mean())


def score(pattern: str, statistic: Statistic, by_set: Sequence[np.ndarray], log_sd: float) -> Score:
    """Return how one statistic fares over all runs of all surviving parameter sets.

    Parameters
    ----------
    by_set
        For each parameter set the statistic's values, one a run (or a pair of runs).
    """
    runs = np.concatenate(by_set)
    if statistic.kind.startswith("share_of_runs"):
        low = median = high = share_of_runs(statistic, runs)
    elif statistic.kind == "rises_with":
        low, median, high = _mean_rise(by_set)
    else:
        predicted = runs if statistic.kind == "share" else with_discrepancy(runs, log_sd)
        low, median, high = (float(value) for value in np.quantile(predicted, (0.05, 0.5, 0.95)))
    return Score(pattern, statistic, low, median, high, _needed(statistic, low, median, high))


def _mean_rise(by_set: Sequence[np.ndarray]) -> tuple[float, float, float]:
    """Return the mean paired difference between the ends of its 90 % interval; runs of one set are no independent witnesses."""
    means = np.array([values.mean() for values in by_set if len(values)])
    units = means if len(means) > 1 else np.concatenate(by_set)
    middle = float(units.mean())
    spread = float(units.std(ddof=1) / len(units) ** 0.5) if len(units) > 1 else float("inf")
    half = normal_quantile(0.95) * spread
    return middle - half, middle, middle + half


def _needed(statistic: Statistic, low: float, median: float, high: float) -> str:
    """Return what keeps a statistic from being hit, or an empty string."""
    least, most = statistic.band
    if statistic.kind == "rises_with" and low <= least:
        return f"rise {median:.3g} is not clear of {least:g} (90 % interval {low:.3g} to {high:.3g})"
    if median < least:
        return f"median {median:.3g} would have to be {least / median:.3g} times as large" if median else f"median 0, needs {least:g}"
    if median > most:
        return f"median {median:.3g} would have to fall to {most:g}"
    observed = statistic.observed
    if observed is not None and not low <= observed <= high:
        return f"observed {observed:g} lies outside the interval {low:.3g} to {high:.3g}"
    ratio = statistic.spread_ratio_at_most
    if ratio is not None and high > ratio * low:
        spread = f"{high / low:.2g}" if low else "infinite"
        return f"too wide: q95/q05 is {spread}, at most {ratio:g}; less spread between days or between parameter sets is needed"
    return ""
