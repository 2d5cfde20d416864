"""Expected patterns: ``expected.yaml`` of a scenario, and how simulated statistics are held against it.

A statistic is *hit* when the simulated median lies in the band, the observed value (where one is documented) lies inside
the central 90 % predictive interval, and a count's 95 % quantile is at most so many times its 5 % quantile. Otherwise it
is a miss, and is printed as one with what would be needed. Discrepancy is a log-normal factor on counts and minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sim.api import OUTCOMES, exp, input_error, nearest, normal_quantile, read_document, validated

type Kind = Literal["count", "share", "time", "share_of_runs_at_zero", "share_of_runs_at_one"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Discrepancy(_Strict):
    """How far the model may be off beside chance and parameters, as a standard deviation of the logarithm."""

    log_sd: float = Field(ge=0, le=2)
    source: str
    grade: str


class Statistic(_Strict):
    """One statistic of a pattern."""

    name: str
    outcome: str
    kind: Kind
    band: tuple[float, float]
    observed: float | None = None
    spread_ratio_at_most: float | None = None
    nature: Literal["emergent", "imposed"]
    source: str
    grade: Literal["A", "B", "C", "assumption"]


class Expected(_Strict):
    """``expected.yaml``."""

    format: Literal[1]
    pattern: str
    title: str
    discrepancy: Discrepancy
    statistics: tuple[Statistic, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Score:
    """A statistic held against runs.

    Attributes
    ----------
    low, median, high
        5 %, 50 % and 95 % quantiles of the predictive distribution (for a share of runs: the share, three times).
    needed
        For a miss: what fell short, in words; empty for a hit.
    """

    statistic: Statistic
    low: float
    median: float
    high: float
    needed: str

    @property
    def hit(self) -> bool:
        """Whether the statistic is hit."""
        return not self.needed


def read_expected(folder: Path) -> Expected:
    """Return the checked ``expected.yaml`` of a scenario's folder; InputError with every complaint."""
    path = folder / "expected.yaml"
    if not path.is_file():
        raise input_error(path, "the scenario has no expected patterns", "add an expected.yaml; see scenarios/may_2023_zvecan")
    document = read_document(path, folder.parent)
    expected = validated(document, Expected)
    known = [outcome.name for outcome in OUTCOMES]
    for place, statistic in enumerate(expected.statistics):
        if statistic.outcome not in known:
            where = document.where(("statistics", place, "outcome"))
            raise input_error(where, f"there is no outcome '{statistic.outcome}'", nearest(statistic.outcome, known))
    return expected


def with_discrepancy(values: np.ndarray, log_sd: float) -> np.ndarray:
    """Return values times log-normal factors spread evenly over their distribution, in a fixed shuffled order."""
    count = len(values)
    order = np.argsort((np.arange(count) * 0.6180339887498949) % 1.0, kind="stable")
    factors = np.array([exp(log_sd * normal_quantile((place + 0.5) / count)) for place in range(count)])
    spread: np.ndarray = values * factors[order]
    return spread


def score(statistic: Statistic, values: Sequence[float], log_sd: float) -> Score:
    """Return how one statistic fares over all runs of all surviving parameter sets."""
    runs = np.asarray(values, dtype=float)
    if statistic.kind in ("share_of_runs_at_zero", "share_of_runs_at_one"):
        share = float((runs == (0.0 if statistic.kind.endswith("zero") else 1.0)).mean())
        low, median, high = share, share, share
    else:
        predicted = runs if statistic.kind == "share" else with_discrepancy(runs, log_sd)
        low, median, high = (float(value) for value in np.quantile(predicted, (0.05, 0.5, 0.95)))
    return Score(statistic, low, median, high, _needed(statistic, low, median, high))


def _needed(statistic: Statistic, low: float, median: float, high: float) -> str:
    """Return what keeps a statistic from being hit, or an empty string."""
    least, most = statistic.band
    if median < least:
        return f"median {median:.3g} would have to be {least / median:.2g} times as large" if median else f"median 0, needs {least:g}"
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
