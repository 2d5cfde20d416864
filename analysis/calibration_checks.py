"""Checks of a posterior: how far the data narrow each parameter, and whether the inference is right where the truth is known.

*Contraction* is 1 - variance after / variance before. *Simulation-based calibration* takes runs of the first generation for
the truth in turn, infers from what they show, and asks where the truth ranks among the particles: the ranks must be even
(chi-square), and central 90 % intervals must hold nine truths in ten. *Leaving one event out* infers from the other events and
predicts the one left out.

All three read runs that were made already. What they hold for the inference as it is made from the pool: the same distance,
spread and share of nearest runs, without the later generations, which need runs of their own for each truth. The tests put the
whole sampler to known truths with a model that is cheap enough. Where few runs tell much, their nearest are not near: ranks
then crowd in the middle, and intervals are too wide.

Source: Talts et al. 2018 (simulation-based calibration); Prangle et al. 2014 (coverage of ABC); Wilson and Hilferty 1931
(chi-square as a cube of a normal).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.abc_smc import Observed, Sampled
from analysis.identifiability import LEAST_CONTRACTION, LEAST_SURVIVORS

LEVEL = 0.9
"""Central intervals."""

FAILS = 0.01
"""A check of all parameters together fails by chance once in a hundred times."""

BINS, LEAST_A_BIN = 10, 5
"""Bins of ranks, and truths a bin at the least."""

FEWEST = 20
"""Nearest runs of which a truth is inferred, at the least."""

MOST_TRUTHS = 400
"""Truths that are looked at, at the most."""

OFF = 2.58
"""Standard errors of the mean rank beyond which uneven ranks lie off to one side."""

EVEN_VARIANCE = 1.0 / 12.0
"""Variance of even ranks."""

type Fault = Literal["none", "too wide", "too narrow", "off to one side"]

SURE = 1.645
"""Standard errors that contraction has to be clear of its limit by: nineteen times in twenty."""


@dataclass(frozen=True)
class Narrowed:
    """What the data say of one parameter.

    Attributes
    ----------
    prior, posterior
        5 %, 50 % and 95 % quantiles before and after.
    contraction, error
        1 - variance after / variance before, and its standard error from the effective number of particles.
    """

    name: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    contraction: float
    error: float
    judged: bool

    @property
    def verdict(self) -> str:
        """Informed: narrowed by the specification's limit, clear of chance; weakly: narrowed at all; else prior."""
        if not self.judged:
            return "not judged"
        sure = self.contraction - SURE * self.error
        return "informed" if sure >= LEAST_CONTRACTION else "weakly informed" if sure > 0 else "prior"


@dataclass(frozen=True)
class Ranks:
    """Where truths rank among their particles, for one parameter.

    Attributes
    ----------
    chi_square, chance
        Unevenness of the ranks, and how often chance alone makes as much.
    covered
        Share of truths in their central 90 % interval, between the ends of its own 95 % interval.
    fault
        What uneven ranks say of the intervals: in the middle, too wide; at the ends, too narrow; else off to one side.
    """

    name: str
    truths: int
    chi_square: float
    chance: float
    covered: tuple[float, float, float]
    fault: Fault

    @property
    def fails(self) -> bool:
        """Whether the ranks are uneven beyond chance."""
        return self.fault != "none"

    @property
    def misleads(self) -> bool:
        """Whether intervals are wrong on the unsafe side: narrow, or off. Too wide only hides what is known."""
        return self.fault not in ("none", "too wide")


@dataclass(frozen=True)
class LeftOut:
    """One statistic of an event that was left out, as the others predict it.

    Attributes
    ----------
    quantiles
        5 %, 50 % and 95 % of the prediction, in the statistic's scale.
    inside
        Whether what was observed lies in that interval.
    """

    event: str
    statistic: str
    quantiles: tuple[float, float, float]
    effective: float
    inside: bool


def effective(weights: np.ndarray) -> float:
    """Return how many equally weighted particles tell as much."""
    return float(weights.sum() ** 2 / (weights * weights).sum()) if len(weights) else 0.0


def quantiles(values: np.ndarray, weights: np.ndarray, shares: tuple[float, ...] = (0.05, 0.5, 0.95)) -> tuple[float, ...]:
    """Return quantiles of weighted values, so placed that an interval of few particles is not too narrow (i / (n + 1))."""
    order = np.argsort(values, kind="stable")
    weight = weights[order] / weights.sum()
    factor = (count := effective(weights)) / (count + 1.0)
    places = (np.cumsum(weight) - weight / 2.0) * factor + (1.0 - factor) / 2.0
    return tuple(float(value) for value in np.interp(shares, places, values[order]))


def rank_of(truth: float, values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return where a truth ranks among weighted particles, in 0 to 1: even where the particles are right."""
    factor = (count := effective(weights)) / (count + 1.0)
    below = float(weights[values < truth].sum() / weights.sum())
    return below * factor + share * (1.0 - factor)


def narrowed(sampled: Sampled) -> tuple[Narrowed, ...]:
    """Return what the data say of each parameter."""
    values, weights, before = sampled.values, sampled.weights, sampled.prior.variance()
    count = effective(weights)
    after = weights @ (values - weights @ values) ** 2 * (count / max(count - 1.0, 1e-9))
    ends = sampled.prior.values(np.array([[-1.644853627], [0.0], [1.644853627]]) * np.ones(len(before)))
    rows = []
    for place, name in enumerate(sampled.prior.names):
        shrunk = float(1.0 - after[place] / before[place])
        error = (1.0 - shrunk) * math.sqrt(2.0 / max(count - 1.0, 1.0))
        low, middle, high = quantiles(values[:, place], weights)
        prior = (float(ends[0, place]), float(ends[1, place]), float(ends[2, place]))
        rows.append(Narrowed(name, prior, (low, middle, high), shrunk, error, count >= LEAST_SURVIVORS))
    return tuple(rows)


def ranks(names: tuple[str, ...], places: np.ndarray) -> tuple[Ranks, ...]:
    """Return the checks of ranks in 0 to 1, one row a truth and one column a parameter."""
    return tuple(_ranks(name, column, FAILS / len(names)) for name, column in zip(names, places.T, strict=True))


def _ranks(name: str, places: np.ndarray, fails_below: float) -> Ranks:
    count = len(places)
    bins = max(2, min(BINS, count // LEAST_A_BIN))
    found = np.bincount(np.minimum((places * bins).astype(int), bins - 1), minlength=bins)
    unevenness = float(((found - count / bins) ** 2 / max(count / bins, 1e-9)).sum())
    chance = chi_square_chance(unevenness, bins - 1)
    half = (1.0 - LEVEL) / 2.0
    share = float(((places >= half) & (places <= 1.0 - half)).mean()) if count else math.nan
    low, high = wilson(share, count)
    return Ranks(name, count, unevenness, chance, (low, share, high), _fault(places) if chance < fails_below else "none")


def _fault(places: np.ndarray) -> Fault:
    if abs(float(places.mean()) - 0.5) > OFF * math.sqrt(EVEN_VARIANCE / len(places)):
        return "off to one side"
    return "too wide" if float(((places - 0.5) ** 2).mean()) < EVEN_VARIANCE else "too narrow"


def chi_square_chance(found: float, freedom: int) -> float:
    """Return how often chance makes a chi-square as large (Wilson and Hilferty)."""
    spread = 2.0 / (9.0 * freedom)
    normal = ((found / freedom) ** (1.0 / 3.0) - (1.0 - spread)) / math.sqrt(spread)
    return 0.5 * math.erfc(normal / math.sqrt(2.0))


def wilson(share: float, count: int, normal: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share of so many."""
    if not count:
        return 0.0, 1.0
    square = normal * normal
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = normal / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def simulation_based(sampled: Sampled, seed: int) -> tuple[Ranks, ...]:
    """Return where runs of the first generation rank when each is taken for the truth and inferred from the others."""
    pool, rng = sampled.pool, np.random.default_rng((seed, 2**31))
    good = np.flatnonzero(np.isfinite(pool.statistics[: pool.first]).all(axis=1))
    truths = good[:MOST_TRUTHS]
    count = min(max(FEWEST, round(len(good) * len(sampled.rows) / max(len(pool.scores), 1))), len(good) - 1)
    used, spread = pool.spread > 0, np.where(pool.spread > 0, pool.spread, 1.0)
    shares, places = rng.random((len(truths), len(spread))), rng.random((len(truths), pool.scores.shape[1]))
    for row, truth in enumerate(truths):
        seen = sampled.observed.of(pool.statistics[truth], shares[row])
        others = good[good != truth]
        found = pool.statistics[others]
        outside = np.maximum(np.maximum(seen.low - found, found - seen.high), 0.0)[:, used] / spread[used]
        near = others[np.argsort((outside * outside).sum(axis=1), kind="stable")[:count]]
        equal = np.ones(len(near))
        for column, value in enumerate(pool.scores[truth]):
            places[row, column] = rank_of(value, pool.scores[near, column], equal, places[row, column])
    return ranks(sampled.prior.names, places)


def units(observed: Observed) -> dict[str, np.ndarray]:
    """Return what can be left out, as marks over statistics: events, or single statistics where there is one event alone."""
    if len(set(observed.events)) > 1:
        return {event: np.array([item == event for item in observed.events]) for event in dict.fromkeys(observed.events)}
    return {name: np.array([item == name for item in observed.names]) for name in observed.names}


def leave_one_out(sampled: Sampled) -> tuple[LeftOut, ...]:
    """Return how each event is predicted by particles that were chosen and weighted by the other events alone."""
    rows = []
    for unit, marks in units(sampled.observed).items():
        if marks.all():
            continue
        near, weights, _ = sampled.pool.nearest(sampled.observed.without(marks), sampled.sizes.particles)
        rows += predicted(sampled, unit, near, weights, marks)
    return tuple(rows)


def predicted(sampled: Sampled, unit: str, near: np.ndarray, weights: np.ndarray, marks: np.ndarray) -> list[LeftOut]:
    """Return the marked statistics as some particles predict them."""
    observed, rows = sampled.observed, []
    for place in np.flatnonzero(marks):
        low, middle, high = quantiles(sampled.pool.statistics[near, place], weights)
        inside = bool(low <= observed.high[place] and observed.low[place] <= high)
        rows.append(LeftOut(unit, observed.names[place], (low, middle, high), effective(weights), inside))
    return rows
