"""Chance told apart from parameters: what differs between seeds of one point is luck, and luck averages into everything that is measured.

Products of *different* seeds have no luck in common, so that a variance made of them is that of the expected outcome alone. What an
index would be if the parameter did nothing but shake the dice is found by turning the signs of its effects at random, seed by seed:
a parameter stands out when it is further beyond its own noise than any parameter is in 95 % of such turnings (all parameters together).
Turning takes the luck of different pairs of runs for independent. Where one seed answers a parameter in its own way all over the space,
that answer counts as an effect unless there are seeds enough to average it out: a finding on two seeds is a finding about those two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.paired import LEVEL, student_quantile
from analysis.sensitivity_responses import mean_of

TURNINGS = 199
GROUPS = 20
"""Parts that are left out in turn for a standard error."""

STANDS_OUT, WITHIN_NOISE, NOTHING, NOT_JUDGED = "stands out", "within noise", "changed nothing", "not judged"

Statistic = Callable[[np.ndarray], np.ndarray]


def crossed_products(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the mean product over pairs of different seeds (last axis); the plain product where only one was asked for."""
    both = np.isfinite(one) & np.isfinite(other)
    first, second = np.where(both, one, 0.0), np.where(both, other, 0.0)
    count = both.sum(axis=-1)
    same, every = (first * second).sum(axis=-1), first.sum(axis=-1) * second.sum(axis=-1)
    if one.shape[-1] == 1:
        return np.where(count == 1, same, np.nan)
    return np.asarray(np.divide(every - same, count * (count - 1.0), out=np.full(every.shape, np.nan), where=count > 1))


def centred(runs: np.ndarray) -> np.ndarray:
    """Return runs less the mean of their seed over all points: a lucky seed is lucky everywhere, and says nothing of a parameter."""
    seeds = runs.reshape(-1, runs.shape[-1])
    return np.asarray(runs - mean_of(seeds, 0))


@dataclass(frozen=True)
class Shares:
    """Where the variance of single runs comes from.

    Attributes
    ----------
    parameters, chance
        Variance of the expected outcome between points (and forms), and between seeds of one point.
    chance_share
        Share of a single run's variance that is chance; nan with one seed a point.
    noise_in_means
        Share of the variance of points' means that is luck which did not average out; nan with one seed.
    """

    parameters: float
    chance: float
    chance_share: float
    noise_in_means: float


def shares(runs: np.ndarray) -> Shares:
    """Return the variance of single runs split into parameters and chance; runs have seeds on their last axis."""
    flat = runs.reshape(-1, runs.shape[-1])
    even = centred(flat)
    between = float(np.nanmean(crossed_products(even, even))) if np.isfinite(flat).any() else math.nan
    means = mean_of(even, 1)
    whole = float(np.nanvar(means)) if np.isfinite(means).any() else math.nan
    if runs.shape[-1] == 1:
        return Shares(whole, math.nan, math.nan, math.nan)
    within = _within(flat)
    between = max(between, 0.0)
    total = between + within
    return Shares(between, within, within / total if total > 0.0 else 0.0, max(1.0 - between / whole, 0.0) if whole > 0.0 else 0.0)


def _within(flat: np.ndarray) -> float:
    """Return the variance between seeds of one point, pooled."""
    known = np.isfinite(flat)
    spare = np.maximum(known.sum(axis=1) - 1, 0).sum()
    off = np.where(known, flat - mean_of(flat, 1)[:, None], 0.0)
    return float((off * off).sum() / spare) if spare else math.nan


def jackknifed(statistic: Callable[[np.ndarray], np.ndarray], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return half widths of 95 % intervals by leaving out each of up to twenty parts of the points, and the standard errors.

    Parameters
    ----------
    statistic
        From the rows that are kept to one number or more.
    """
    groups = min(GROUPS, count)
    if groups < 2:
        nothing = np.full(np.shape(statistic(np.arange(count))), np.nan)
        return nothing, nothing
    place = np.random.default_rng(count).permutation(count) % groups
    without = np.array([statistic(np.flatnonzero(place != group)) for group in range(groups)])
    off = without - without.mean(axis=0)
    error = np.sqrt((groups - 1.0) / groups * (off * off).sum(axis=0))
    return np.asarray(student_quantile(0.5 + LEVEL / 2.0, groups - 1) * error), np.asarray(error)


@dataclass(frozen=True)
class Beyond:
    """Which parameters stand out from noise.

    Attributes
    ----------
    stands_out
        Whether it is beyond what noise gives, at one false claim in twenty analyses.
    changed
        Whether it changed anything in any run at all.
    judged
        Whether noise could be told: with one seed a point, an effect that has no one direction cannot be told from luck.
    """

    stands_out: np.ndarray
    changed: np.ndarray
    judged: bool

    def verdict(self, place: int) -> str:
        """Return the verdict on one parameter."""
        if not self.changed[place]:
            return NOTHING
        if self.stands_out[place]:
            return STANDS_OUT
        return WITHIN_NOISE if self.judged else NOT_JUDGED


def beyond_noise(effects: np.ndarray, statistic: Statistic) -> Beyond:
    """Return which effects are beyond the largest that noise gives to any, each in units of its own noise.

    Two looks are taken, and counted as two: the statistic, and the size of the mean effect, which sees what always goes one way. With
    one seed only the second can be held against luck.

    Parameters
    ----------
    effects
        Shape ``(pairs, parameters, seeds)``: one change of one parameter on one seed.
    statistic
        From means over seeds, shape ``(pairs, parameters)``, to one number a parameter.
    """
    alone = effects.shape[2] == 1
    looks: tuple[Statistic, ...] = (_size_of_mean,) if alone else (statistic, _size_of_mean)
    seen, reference = _turned(effects, looks)
    changed = np.asarray((np.nan_to_num(effects) != 0.0).any(axis=(0, 2)))
    expected = reference.mean(axis=0)
    unit = np.where(expected > 0.0, expected, np.inf)
    largest = (reference / unit).max(axis=1, initial=0.0)
    beyond = (seen / unit > np.quantile(largest, LEVEL)).reshape(len(looks), -1).any(axis=0)
    return Beyond(np.asarray(changed & beyond), changed, not alone)


def _size_of_mean(means: np.ndarray) -> np.ndarray:
    return np.abs(mean_of(means, 0))


def luck(effects: np.ndarray) -> np.ndarray:
    """Return by parameter the variance that luck leaves in one effect, a mean over seeds; nan with one seed."""
    seeds = effects.shape[2]
    if seeds < 2:
        return np.full(effects.shape[1], np.nan)
    known = np.isfinite(effects)
    off = np.where(known, effects - mean_of(effects, 2)[:, :, None], 0.0)
    count = known.sum(axis=2)
    variance = np.divide((off * off).sum(axis=2), (count - 1.0) * count, out=np.full(count.shape, np.nan), where=count > 1)
    return mean_of(variance, 0)


def _turned(effects: np.ndarray, looks: tuple[Statistic, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return statistics of effects as seen, and under random signs, drawn seed by seed."""
    rng = np.random.default_rng(effects.shape[0])

    def told(turned: np.ndarray) -> np.ndarray:
        means = mean_of(turned, 2)
        return np.asarray(np.nan_to_num(np.concatenate([look(means) for look in looks])))

    seen = told(effects)
    signs = (2.0 * rng.integers(0, 2, (effects.shape[0], 1, effects.shape[2])) - 1.0 for _ in range(TURNINGS))
    return seen, np.array([told(effects * sign) for sign in signs])
