"""Variance-based indices: the share of an outcome's variance that a factor explains alone, and with all its interactions (Sobol').

From a design of two samples A and B and, for each factor, A with that factor's column of B (Saltelli and others 2010). First order: their
estimator; total order: Jansen's. Luck is left out of both: products are taken over different seeds, so that indices are those of the
expected outcome, and what chance alone contributes is told apart. With one seed a point they are the plain estimators.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.sensitivity_noise import beyond_noise, centred, crossed_products, jackknifed, luck
from analysis.sensitivity_responses import Factor, Responses, mean_of


@dataclass(frozen=True)
class Index:
    """The indices of one factor, shares of the variance of the expected outcome.

    Attributes
    ----------
    first_half, total_half
        Half widths of 95 % intervals.
    by_noise
        What luck would add to the total index, were it not taken out; nan with one seed.
    verdict
        Whether the total effect stands out from noise.
    """

    name: str
    first: float
    first_half: float
    total: float
    total_half: float
    by_noise: float
    verdict: str
    is_form: bool = False


def block_size(rows: int, base: int) -> int | None:
    """Return the rows of a block of the design; none where they do not divide."""
    return rows // base if base and not rows % base else None


def indices(responses: Responses, base: int) -> list[Index]:
    """Return the indices of all factors of the points, largest total first.

    Parameters
    ----------
    base
        Blocks of the design: each is A, A with each factor's column of B in turn, (B with each of A's,) and B.
    """
    step, factors = len(responses.points) // base, len(responses.factors)
    blocks = centred_over_ends(responses.runs.reshape(base, step, *responses.runs.shape[1:]))
    one, other, mixed = blocks[:, 0], blocks[:, -1], blocks[:, 1 : 1 + factors]

    def of(kept: np.ndarray) -> np.ndarray:
        return np.array(_indices(one[kept], other[kept], mixed[kept]))

    first, total = of(np.arange(base))
    (first_half, total_half), _ = jackknifed(of, base)
    effects = np.moveaxis(mixed - one[:, None], 2, 1).reshape(-1, factors, responses.seeds)
    beyond = beyond_noise(effects, lambda means: mean_of(means * means, 0))
    noise = luck(effects) / max(2.0 * _variance(one, other), np.finfo(float).tiny)
    table = np.array([first, first_half, total, total_half, noise]).T
    found = [_index(item, table[place], beyond.verdict(place)) for place, item in enumerate(responses.factors)]
    return sorted(found, key=lambda item: -item.total)


def _index(item: Factor, row: np.ndarray, verdict: str) -> Index:
    first, first_half, total, total_half, by_noise = map(float, row)
    return Index(item.name, first, first_half, total, total_half, by_noise, verdict, item.is_form)


def centred_over_ends(blocks: np.ndarray) -> np.ndarray:
    """Return runs less each seed's mean over A and B, the points that are a sample of the space."""
    ends = blocks[:, [0, -1]]
    return np.asarray(blocks - mean_of(ends.reshape(-1, blocks.shape[-1]), 0))


def _variance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the variance of the expected outcome over both samples and all combinations of forms."""
    both = centred(np.concatenate([one, other]))
    return float(np.nanmean(crossed_products(both, both)))


def _indices(one: np.ndarray, other: np.ndarray, mixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first and total indices; samples have shape (blocks, forms, seeds), and mixed one axis more for factors."""
    variance = _variance(one, other)
    if not variance > 0.0:
        nothing = np.zeros(mixed.shape[1])
        return nothing, nothing
    plain, ends, turned_in = mean_of(one, 1), mean_of(other, 1), mean_of(mixed, 2)
    first = mean_of(crossed_products(np.broadcast_to(ends[:, None], turned_in.shape), turned_in - plain[:, None]), 0)
    changes = mixed - one[:, None]
    total = mean_of(crossed_products(changes, changes), 0).mean(axis=1) / 2.0
    return first / variance, total / variance
