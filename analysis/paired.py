"""Paired differences: one option against the baseline on the same parameter sets and seeds, with intervals for all at once.

The *case* (a parameter set with its theory strengths) is the unit: seeds within a case are chance, and are averaged before cases
are compared. Panels are strata of equal weight; while they are small, the spread is taken over all cases together. Intervals are
Student's, over case means; those that hold for a whole family of differences at once have their level by Šidák's rule, which is
right or too wide whatever the correlation. For an outcome of 0 or 1 on which all cases agree, the interval reaches as far as cases
that do not agree may be, by the exact binomial limit for none in so many, and as far as they could move the mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.comparison import Effect

LEVEL = 0.95
MOST_FREEDOM = 400
"""Above this many degrees of freedom Student's quantile is that of this many (0.1 % from the normal one)."""

LEAST_A_PANEL = 10
"""Cases that each panel has before its own spread is used: with fewer, four guessed spreads widen an interval more than they sharpen it."""

WORST_SHARE = 0.1
SIGN: Mapping[str, float] = {"less": 1.0, "more": -1.0, "neutral": 0.0}
"""What an outcome's direction makes of a difference: positive is worse."""


NAN = math.nan
NOTHING = Effect(NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, pairs=0)
"""What is known of an option of which no run is left."""


@dataclass(frozen=True)
class Layout:
    """Which case and which panel each paired run belongs to.

    Attributes
    ----------
    case, panel
        One entry a paired run; panels by place in the list of panels.
    """

    case: np.ndarray
    panel: np.ndarray

    def only(self, kept: np.ndarray) -> Layout:
        """Return the layout of some of the runs."""
        return Layout(self.case[kept], self.panel[kept])

    def groups(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the cases' numbers and each run's place among them."""
        found: tuple[np.ndarray, np.ndarray] = np.unique(self.case, return_inverse=True)
        return found

    def means(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of each case, in order of case number."""
        _, place = self.groups()
        means: np.ndarray = np.bincount(place, values) / np.bincount(place)
        return means

    def strata(self) -> np.ndarray:
        """Return the panel of each case, in order of case number."""
        _, first = np.unique(self.case, return_index=True)
        panels: np.ndarray = self.panel[first]
        return panels

    def within(self, values: np.ndarray) -> float:
        """Return the variance between seeds of one case, pooled over cases; nan where no case has two seeds."""
        _, place = self.groups()
        sizes = np.bincount(place)
        spare = int((sizes - 1).sum())
        if not spare:
            return math.nan
        off = values - (np.bincount(place, values) / sizes)[place]
        return float((off * off).sum() / spare)


@dataclass(frozen=True)
class Estimate:
    """A mean over cases with its standard error and degrees of freedom."""

    mean: float
    error: float
    freedom: int
    cases: int

    def half(self, level: float) -> float:
        """Return the half width of the interval at a level; nan where it cannot be told."""
        return math.nan if self.freedom < 1 else student_quantile(0.5 + level / 2.0, self.freedom) * self.error


@cache
def student_quantile(share: float, freedom: int) -> float:
    """Return the quantile of Student's distribution, *share* above a half (finite sums: Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    freedom = min(freedom, MOST_FREEDOM)
    terms = _coefficients(freedom)
    low, high = 0.0, math.pi / 2.0
    for _ in range(70):
        angle = (low + high) / 2.0
        low, high = (angle, high) if _two_sided(angle, freedom, terms) < 2.0 * share - 1.0 else (low, angle)
    return math.sqrt(freedom) * math.tan(low)


def _coefficients(freedom: int) -> np.ndarray:
    """Return the coefficients of the sum in powers of cos squared."""
    count = (freedom - 1) // 2 if freedom % 2 else freedom // 2
    steps = np.arange(1, count)
    ratios = 2.0 * steps / (2.0 * steps + 1.0) if freedom % 2 else (2.0 * steps - 1.0) / (2.0 * steps)
    terms: np.ndarray = np.cumprod(np.concatenate([np.ones(min(count, 1)), ratios]))
    return terms


def _two_sided(angle: float, freedom: int, terms: np.ndarray) -> float:
    """Return the chance of lying within the angle's tangent (times the root of the degrees of freedom) of 0."""
    powers = math.cos(angle) ** (2.0 * np.arange(len(terms)))
    total = float((terms * powers).sum())
    if freedom % 2:
        return float(2.0 / math.pi * (angle + math.sin(angle) * math.cos(angle) * total))
    return float(math.sin(angle) * total)


def all_at_once(family: int) -> float:
    """Return the level of each of *family* intervals that makes all of them hold together at 95 % (Šidák)."""
    return float(LEVEL ** (1.0 / max(family, 1)))


def estimate(values: np.ndarray, layout: Layout) -> Estimate:
    """Return the mean over cases, panels weighing alike, with its standard error; small panels are taken together, which is cautious."""
    means, strata = layout.means(values), layout.strata()
    groups = [means[strata == panel] for panel in np.unique(strata)]
    mean = float(np.mean([group.mean() for group in groups]))
    if min(map(len, groups)) >= LEAST_A_PANEL:
        parts = np.array([group.var(ddof=1) / len(group) for group in groups])
        spread = np.array([len(group) - 1 for group in groups])
        total = float(parts.sum())
        freedom = int(total * total / float((parts * parts / spread).sum())) if total > 0.0 else int(spread.sum())
        return Estimate(mean, math.sqrt(total) / len(groups), freedom, len(means))
    freedom = len(means) - 1
    error = float(means.std(ddof=1)) / math.sqrt(len(means)) if freedom else math.nan
    return Estimate(mean, error, freedom, len(means))


def effect(base: np.ndarray, other: np.ndarray, layout: Layout, better: str, level: float, binary: bool = False) -> Effect:
    """Return the effect of an option on an outcome: paired differences of runs, joined by case.

    Parameters
    ----------
    base, other
        The outcome under the baseline and under the option, one entry a paired run; nan where a run failed.
    level
        Level of an interval that is one of a family, by :func:`all_at_once`.
    binary
        Whether the outcome is 0 or 1.
    """
    kept = ~(np.isnan(base) | np.isnan(other))
    base, other, layout = base[kept], other[kept], layout.only(kept)
    if not len(base):
        return NOTHING
    difference = other - base
    found = estimate(difference, layout)
    halves = [_half(found, width, binary) for width in (level, LEVEL)]
    sign = SIGN[better]
    means = layout.means(difference)
    chance, between = split(difference, layout)
    return Effect(
        mean=found.mean,
        low=found.mean - halves[0],
        high=found.mean + halves[0],
        single_low=found.mean - halves[1],
        single_high=found.mean + halves[1],
        chance_better=chance_better(sign * difference) if sign else math.nan,
        cases_better=float((sign * means < 0.0).mean()) if sign else math.nan,
        cases_worse=float((sign * means > 0.0).mean()) if sign else math.nan,
        from_chance=chance,
        from_uncertainty=between,
        unpaired_half=_unpaired_half(base, other, layout, found),
        pairs=len(base),
    )


def _half(found: Estimate, level: float, binary: bool) -> float:
    """Return the half width; of an outcome of 0 or 1 on which all cases agree, as far as cases that do not may be and could move it."""
    if binary and found.error == 0.0:
        unseen = float(1.0 - ((1.0 - level) / 2.0) ** (1.0 / found.cases))
        return unseen * (1.0 + abs(found.mean))
    return found.half(level)


def chance_better(worse_by: np.ndarray) -> float:
    """Return the share of paired runs that are better (differences below 0), ties counted half; nan without runs."""
    return float((worse_by < 0.0).mean() + 0.5 * (worse_by == 0.0).mean()) if len(worse_by) else math.nan


def split(difference: np.ndarray, layout: Layout) -> tuple[float, float]:
    """Return the spread of paired differences between seeds of one case, and between cases (one-way variance components)."""
    within, means = layout.within(difference), layout.means(difference)
    if len(means) < 2 or math.isnan(within):
        return math.sqrt(within), math.nan
    _, place = layout.groups()
    seeds = float((1.0 / np.bincount(place)).mean())
    return math.sqrt(within), math.sqrt(max(float(means.var(ddof=1)) - within * seeds, 0.0))


def _unpaired_half(base: np.ndarray, other: np.ndarray, layout: Layout, found: Estimate) -> float:
    """Return the half width with independent seeds: the same cases, chance of both sides added instead of shared."""
    extra = layout.within(base) + layout.within(other) - layout.within(other - base)
    if math.isnan(extra) or found.freedom < 1:
        return math.nan
    _, place = layout.groups()
    seeds = float((1.0 / np.bincount(place)).mean())
    error = math.sqrt(max(found.error**2 + extra * seeds / found.cases, 0.0))
    return student_quantile(0.5 + LEVEL / 2.0, found.freedom) * error


def tail_mean(values: np.ndarray, better: str) -> float:
    """Return the mean of the worst tenth of runs; nan for a neutral outcome."""
    if not SIGN[better] or not len(values):
        return math.nan
    worst_first = np.sort(values)[:: -1 if better == "less" else 1]
    return float(worst_first[: max(1, math.ceil(WORST_SHARE * len(values)))].mean())


def beats(losses: Sequence[np.ndarray]) -> np.ndarray:
    """Return the chance that the first of two beats the second on the same run, ties counted half: options in rows and columns."""
    table = np.array(losses)
    return np.array([[_chance(first, second) for second in table] for first in table])


def _chance(first: np.ndarray, second: np.ndarray) -> float:
    kept = ~(np.isnan(first) | np.isnan(second))
    return chance_better((first - second)[kept])
