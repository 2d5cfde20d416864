"""Screening on any sample of the space, without a model of the response: what each factor explains alone, and what a forest finds together.

*Alone*: points are put in bins by a factor (a form: by its level), and the variance of the bins' means is held against the whole, less
what bins of luck would give; nothing is assumed of the shape. A factor stands out when its share is larger than the largest of all
factors in 95 % of shufflings of the points. *Together*: importance in a forest of regression trees, which sees interactions, held
against shuffled copies of every factor that grow with it. This is screening and no variance decomposition: it says what to look at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.paired import LEVEL
from analysis.sensitivity_noise import TURNINGS, jackknifed, shares
from analysis.sensitivity_responses import Factor, Responses, mean_of

MOST_BINS, LEAST_IN_BIN = 10, 10
LEAST_POINTS = 40
"""With fewer points nothing is screened."""

TREES, LEAF, COPIES, TRIED = 100, 5, 4, 0.34
MOST_GROWN = 2000
"""Points that a forest is grown on at most: more would take minutes and hardly change which factors it finds."""


@dataclass(frozen=True)
class Screened:
    """What screening says of one factor.

    Attributes
    ----------
    share, half
        Share of the variance of the expected outcome that the factor explains alone, and half the width of its 95 % interval.
    by_chance
        The share, bins of luck already taken off, that only one in twenty shufflings of all factors exceeds.
    rank
        Rank correlation with the outcome: which way it goes; nan for a form.
    importance, bar
        Share of what a forest explains, and the largest of its shuffled copies.
    """

    name: str
    share: float
    half: float
    by_chance: float
    rank: float
    importance: float
    bar: float
    alone: bool
    together: bool
    is_form: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether either look finds it."""
        return self.alone or self.together


@dataclass(frozen=True)
class Screening:
    """All factors, and what the forest explains of points that it had not seen (out of bag)."""

    factors: tuple[Screened, ...]
    explained: float


def screening(responses: Responses) -> Screening:
    """Return the screening of all factors of the points, the most telling first; crossed forms are averaged over, and told apart."""
    factors, runs = responses.factors, responses.over_forms()
    means = mean_of(runs, 1)
    kept = np.isfinite(means)
    values, means = responses.points[kept], means[kept]
    bins = _bins(factors, values)
    variance = shares(responses.runs[kept]).parameters
    seen = _alone(bins, means, variance)
    half, _ = jackknifed(lambda rows: _alone(bins[rows], means[rows], variance), len(means))
    bar = _shuffled_bar(bins, means, variance)
    importance, copies, explained = _together(values, means)
    told = [
        Screened(
            item.name,
            float(seen[place]),
            float(half[place]),
            bar,
            math.nan if item.is_form else _rank(values[:, place], means),
            float(importance[place]),
            copies,
            bool(seen[place] > bar),
            bool(importance[place] > copies),
            item.is_form,
        )
        for place, item in enumerate(factors)
    ]
    return Screening(tuple(sorted(told, key=lambda item: (not item.stands_out, -max(item.share, item.importance)))), explained)


def _bins(factors: tuple[Factor, ...], values: np.ndarray) -> np.ndarray:
    """Return each row's bin by factor: equal counts of a number (values that are alike stay together), levels of a form."""
    count = int(np.clip(len(values) // LEAST_IN_BIN, 2, MOST_BINS))
    found = np.zeros(values.shape, dtype=int)
    for place, item in enumerate(factors):
        if item.is_form:
            found[:, place] = values[:, place].astype(int)
        else:
            edges = np.unique(np.quantile(values[:, place], np.linspace(0.0, 1.0, count + 1)[1:-1]))
            found[:, place] = np.searchsorted(edges, values[:, place], side="right")
    return found


def _alone(bins: np.ndarray, means: np.ndarray, variance: float) -> np.ndarray:
    """Return each factor's share: variance between bins, less what bins of luck would give (Kelley's correction)."""
    if not variance > 0.0:
        return np.zeros(bins.shape[1])
    off = means - means.mean()
    whole, rows = float(off @ off), len(off)
    found = []
    for column in bins.T:
        sizes = np.bincount(column)
        sums = np.bincount(column, off)
        used = sizes > 0
        between = float((sums[used] ** 2 / sizes[used]).sum())
        spare = max(rows - int(used.sum()), 1)
        found.append((between - (used.sum() - 1) * (whole - between) / spare) / rows)
    return np.array(found) / variance


def _shuffled_bar(bins: np.ndarray, means: np.ndarray, variance: float) -> float:
    """Return what the largest share of all factors exceeds in one of twenty shufflings of the points."""
    rng = np.random.default_rng(len(means))
    largest = [_alone(bins, rng.permutation(means), variance).max(initial=0.0) for _ in range(TURNINGS)]
    return float(np.quantile(largest, LEVEL))


def _together(values: np.ndarray, means: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return importance by factor, the largest that any shuffled copy has, and what is explained of points left out."""
    from analysis.extras import needed

    if np.ptp(means) == 0.0:
        return np.zeros(values.shape[1]), 0.0, 0.0
    ensemble: Any = needed("sklearn.ensemble", "analysis")
    rng = np.random.default_rng(values.shape[0])
    grown = np.sort(rng.permutation(len(means))[:MOST_GROWN])
    values, means = values[grown], means[grown]
    importance, largest, explained = [], [], []
    for seed in range(COPIES):
        copies = rng.permuted(values, axis=0)
        settings = {"min_samples_leaf": LEAF, "max_features": TRIED, "bootstrap": True, "oob_score": True, "random_state": seed}
        forest = ensemble.ExtraTreesRegressor(TREES, **settings)
        forest.fit(np.hstack([values, copies]), means)
        importance.append(forest.feature_importances_[: values.shape[1]])
        largest.append(float(forest.feature_importances_[values.shape[1] :].max(initial=0.0)))
        explained.append(float(forest.oob_score_))
    return np.mean(importance, axis=0), max(largest), float(np.mean(explained))


def _rank(column: np.ndarray, means: np.ndarray) -> float:
    """Return Spearman's rank correlation, ties at their mean rank."""
    from analysis.extras import needed

    if np.ptp(column) == 0.0 or np.ptp(means) == 0.0:
        return math.nan
    stats: Any = needed("scipy.stats", "analysis")
    return float(stats.spearmanr(column, means).statistic)
