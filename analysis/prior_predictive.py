"""Prior predictive check: where what was observed falls among runs of the prior, before anything is inferred.

A statistic that almost no run of the prior reaches cannot be explained by these parameters: what is inferred from it is drawn
to an edge. It is a warning, and is told first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.abc_smc import Observed, Pool

LEAST_SHARE = 0.01
"""An observed value with fewer runs than this share on one side of it is a warning."""

LEAST_RUNS = 100
"""Runs below which the outermost one in a hundred cannot be told."""


@dataclass(frozen=True)
class PriorPredictive:
    """One statistic before anything is inferred.

    Attributes
    ----------
    quantiles
        1 %, 5 %, 50 %, 95 % and 99 % of the prior's runs, in the statistic's scale, discrepancy in them.
    below
        Share of runs below what was observed (ties count half; of an interval, below its upper and above its lower end).
    varies
        Whether runs differ at all; what does not vary tells nothing and is left out of distances.
    """

    event: str
    statistic: str
    quantiles: tuple[float, ...]
    below: float
    varies: bool
    runs: int

    @property
    def warning(self) -> str:
        """What is in doubt, in a sentence; nothing where nothing is."""
        if not self.varies:
            return f"{self.event}, {self.statistic} does not vary over the prior, and tells nothing."
        told = (
            f"{self.event}, {self.statistic}: what was observed lies outside 1 to 99 % of the prior's runs. These parameters hardly "
            "explain it; what is inferred from it leans on an edge."
        )
        return told if self.outside else ""

    @property
    def outside(self) -> bool:
        """Whether what was observed lies outside 1 to 99 % of the prior's runs."""
        return not LEAST_SHARE <= self.below <= 1.0 - LEAST_SHARE


def prior_predictive(pool: Pool, observed: Observed) -> tuple[PriorPredictive, ...]:
    """Return where each observation falls among the first generation, which is drawn from the prior; nothing where all of it failed."""
    rows = pool.statistics[: pool.first]
    good = rows[np.isfinite(rows).all(axis=1)]
    if not len(good):
        return ()
    found = []
    for place, (event, name) in enumerate(zip(observed.events, observed.names, strict=True)):
        column = good[:, place]
        found.append(
            PriorPredictive(
                event,
                name,
                tuple(float(value) for value in np.quantile(column, (0.01, 0.05, 0.5, 0.95, 0.99))),
                _below(column, float(observed.low[place]), float(observed.high[place])),
                bool(pool.spread[place] > 0),
                len(good),
            )
        )
    return tuple(found)


def _below(column: np.ndarray, low: float, high: float) -> float:
    """Return the share below an observation; of an interval the share nearest to a half among its points."""
    shares = [float((column < end).mean() + 0.5 * (column == end).mean()) for end in (low, high)]
    return float(np.clip(0.5, shares[0], shares[1]))
