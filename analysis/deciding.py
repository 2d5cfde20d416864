"""What would change the answer: the parameter whose one split best separates cases in which an option does better from the others.

A tree of one split over all parameters of the cases, held against what the best split gives when cases are shuffled: with some two
hundred parameters a good-looking split is found in pure chance, so only one that beats 99 % of the shufflings' best is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.comparison import Deciding

SHUFFLINGS = 199
BAR = 0.01
LEAST_SIDE = 0.1
"""Share of the cases that each side of a split has at least."""

LEAST_CASES = 20


def deciding(
    option: str,
    outcome: str,
    worse_by: np.ndarray,
    names: Sequence[str],
    values: np.ndarray,
    prior_only: Mapping[str, bool],
) -> Deciding | None:
    """Return the parameter that decides whether an option is better; None where none does beyond chance.

    Parameters
    ----------
    worse_by
        By case: mean difference from the baseline, positive is worse.
    values
        Shape ``(cases, parameters)``.
    prior_only
        By parameter: whether only its declared range speaks for its value.
    """
    if len(worse_by) < LEAST_CASES or not len(names) or np.ptp(worse_by) == 0.0:
        return None
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    splittable = _splittable(ranked)
    gains = _gains(worse_by[order], splittable)
    best = float(gains.max())
    if best <= 0.0:
        return None
    rng = np.random.default_rng(len(worse_by))
    shuffled = (rng.permutation(worse_by) for _ in range(SHUFFLINGS))
    beaten = sum(_gains(other[order], splittable).max() >= best for other in shuffled)
    if (1 + beaten) / (1 + SHUFFLINGS) > BAR:
        return None
    row, column = map(int, np.unravel_index(int(gains.argmax()), gains.shape))
    split = float((ranked[row, column] + ranked[row + 1, column]) / 2.0)
    below = values[:, column] < split
    shares = [_share_better(worse_by[side]) for side in (below, ~below)]
    return Deciding(
        option=option,
        outcome=outcome,
        parameter=names[column],
        better_below=bool(worse_by[below].mean() < worse_by[~below].mean()),
        split=split,
        share_below=shares[0],
        share_above=shares[1],
        prior_only=prior_only.get(names[column], True),
    )


def _share_better(worse_by: np.ndarray) -> float:
    """Return the share of cases in which the option is better, cases without a difference counted half."""
    return float((worse_by < 0.0).mean() + 0.5 * (worse_by == 0.0).mean())


def _splittable(ranked: np.ndarray) -> np.ndarray:
    """Return where a split may fall: between different values, with enough cases on both sides."""
    cases = len(ranked)
    least = max(2, int(np.ceil(LEAST_SIDE * cases)))
    sides = np.arange(1, cases)
    enough = (sides >= least) & (sides <= cases - least)
    allowed: np.ndarray = (np.diff(ranked, axis=0) > 0.0) & enough[:, None]
    return allowed


def _gains(sorted_worse: np.ndarray, splittable: np.ndarray) -> np.ndarray:
    """Return how much of the sum of squares each split takes away."""
    cases = len(sorted_worse)
    left = np.arange(1, cases)[:, None]
    sums = np.cumsum(sorted_worse, axis=0)
    total = sums[-1]
    off = sums[:-1] - left / cases * total
    gains: np.ndarray = np.where(splittable, off * off * cases / (left * (cases - left)), 0.0)
    return gains
