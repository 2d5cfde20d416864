"""What it would be worth to know a parameter before choosing: how much less is lost when the choice may follow it.

The expected value of partial perfect information (Strong, Oakley and Brennan 2014): for each parameter, the lever that does best at its
value, against the lever that does best over all. Both choices are learnt on some of the points and paid for on others, so that luck
in the choosing is not counted as value: a useless parameter is worth nothing or a little less, never more. It is a lower bound, as what
is learnt is a smooth curve; and a value in a declared space, where points count alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.paired import LEVEL, all_at_once, student_quantile
from analysis.sensitivity_responses import Factor

FOLDS = 5
DEGREE = 3
LEAST_POINTS = 60
"""With fewer points the value of knowing is not told."""


@dataclass(frozen=True)
class Value:
    """The value of knowing one factor, in units of loss.

    Attributes
    ----------
    low, high
        95 % interval of all factors together.
    changes
        Share of points at which another lever would be chosen than without knowing.
    """

    name: str
    gain: float
    low: float
    high: float
    changes: float

    @property
    def worth(self) -> bool:
        """Whether it is told apart from nothing."""
        return self.low > 0.0


def values_of_knowing(losses: np.ndarray, factors: Sequence[Factor], values: np.ndarray, groups: np.ndarray) -> list[Value]:
    """Return the value of knowing each factor, largest first.

    Parameters
    ----------
    losses
        Shape ``(levers, rows)``: means over seeds.
    groups
        By row, the point it belongs to: rows of one point are learnt from or paid for together.
    """
    if len(np.unique(groups)) < LEAST_POINTS or len(losses) < 2:
        return []
    folds = _folds(groups)
    level = all_at_once(len(factors))
    found = [_value(item, losses, _curves(item, values[:, place]), folds, groups, level) for place, item in enumerate(factors)]
    return sorted(found, key=lambda item: -item.gain)


def value_of_all(runs: np.ndarray) -> tuple[float, float]:
    """Return the value of knowing everything but the luck, and half its 95 % interval.

    Parameters
    ----------
    runs
        Losses, shape ``(levers, rows, seeds)``. The best lever of a row is chosen on half of its seeds and paid for on the other.
    """
    seeds = runs.shape[2]
    if seeds < 2:
        return math.nan, math.nan
    parts = [runs[:, :, ::2].mean(axis=2), runs[:, :, 1::2].mean(axis=2)]
    gains = np.mean([_gain_of(parts[one], parts[1 - one]) for one in (0, 1)], axis=0)
    return float(gains.mean()), _half(gains, LEVEL)


def _gain_of(learnt: np.ndarray, paid: np.ndarray) -> np.ndarray:
    rows = np.arange(paid.shape[1])
    return np.asarray(paid[int(learnt.mean(axis=1).argmin())] - paid[learnt.argmin(axis=0), rows])


def _folds(groups: np.ndarray) -> np.ndarray:
    names, place = np.unique(groups, return_inverse=True)
    return np.asarray((np.random.default_rng(len(names)).permutation(len(names)) % FOLDS)[place])


def _curves(item: Factor, column: np.ndarray) -> np.ndarray:
    """Return what a loss may follow: the first polynomials in the rank of a number, or a level each of a form."""
    if item.is_form:
        return np.asarray((column[:, None] == np.arange(len(item.levels))).astype(float))
    _, place, sizes = np.unique(column, return_inverse=True, return_counts=True)
    middle = (np.cumsum(sizes) - sizes / 2.0)[place] / len(column)
    return np.asarray(np.polynomial.legendre.legvander(2.0 * middle - 1.0, min(DEGREE, len(sizes) - 1)))


def _value(item: Factor, losses: np.ndarray, curves: np.ndarray, folds: np.ndarray, groups: np.ndarray, level: float) -> Value:
    gains, changed = np.zeros(losses.shape[1]), np.zeros(losses.shape[1], bool)
    for fold in range(FOLDS):
        learnt, paid = folds != fold, folds == fold
        best = int(losses[:, learnt].mean(axis=1).argmin())
        fitted, *_ = np.linalg.lstsq(curves[learnt], (losses[:, learnt] - losses[best, learnt]).T, rcond=None)
        choice = (curves[paid] @ fitted).argmin(axis=1)
        gains[paid] = losses[best, paid] - losses[choice, np.flatnonzero(paid)]
        changed[paid] = choice != best
    by_point = np.bincount(np.unique(groups, return_inverse=True)[1], gains) / np.bincount(np.unique(groups, return_inverse=True)[1])
    mean, half = float(by_point.mean()), _half(by_point, level)
    return Value(item.name, mean, mean - half, mean + half, float(changed.mean()))


def _half(gains: np.ndarray, level: float) -> float:
    if len(gains) < 2:
        return math.nan
    return float(student_quantile(0.5 + level / 2.0, len(gains) - 1) * gains.std(ddof=1) / math.sqrt(len(gains)))
