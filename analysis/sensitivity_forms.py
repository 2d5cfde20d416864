"""Forms of rules that every point was played under: how much of the variance is a choice of form and not of a number.

First order: the variance of the forms' means, over that of everything. Total: the mean over points (and other forms) of the variance
between the forms there, over the same. As every point has every form, both are plain averages; luck is left out by products of
different seeds. Forms weigh alike: nobody says how likely one is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.sensitivity_noise import beyond_noise, centred, crossed_products, jackknifed
from analysis.sensitivity_responses import Factor, Responses, mean_of


@dataclass(frozen=True)
class FormShare:
    """What one rule's form does.

    Attributes
    ----------
    means
        Mean of the outcome under each form, over all points and other forms.
    first, total
        Shares of the variance of the expected outcome over points and forms.
    """

    name: str
    means: Mapping[str, float]
    first: float
    first_half: float
    total: float
    total_half: float
    verdict: str


def form_shares(responses: Responses) -> list[FormShare]:
    """Return what each crossed form does, largest total first; nothing where none is crossed."""
    factors = responses.crossed_factors()
    if not factors or len(responses.crossed) < 2:
        return []
    even = centred(responses.runs)
    pairs = [_pairs(responses, item) for item in factors]

    def of(kept: np.ndarray) -> np.ndarray:
        part = even[kept]
        variance = float(np.nanmean(crossed_products(part, part)))
        shares = [(_first(part, responses, item), _total(part, places)) for item, places in zip(factors, pairs, strict=True)]
        return np.array(shares) / (variance if variance > 0.0 else np.inf)

    seen = of(np.arange(len(even)))
    half, _ = jackknifed(of, len(even))
    means = mean_of(mean_of(responses.runs, 2), 0)
    found = [
        FormShare(
            item.name,
            {level: float(np.nanmean([means[place] for place in _of_level(responses, item, level)])) for level in item.levels},
            float(seen[row, 0]),
            float(half[row, 0]),
            float(seen[row, 1]),
            float(half[row, 1]),
            _verdict(responses, pairs[row]),
        )
        for row, item in enumerate(factors)
    ]
    return sorted(found, key=lambda item: -item.total)


def _of_level(responses: Responses, item: Factor, level: str) -> list[int]:
    return [place for place, row in enumerate(responses.crossed) if row[item.name] == level]


def _first(part: np.ndarray, responses: Responses, item: Factor) -> float:
    """Return the variance of the means of an item's forms."""
    means = np.array([mean_of(mean_of(part[:, _of_level(responses, item, level)], 1), 0) for level in item.levels])
    off = means - means.mean(axis=0)
    return float(crossed_products(off, off).mean())


def _pairs(responses: Responses, item: Factor) -> list[tuple[int, int]]:
    """Return pairs of combinations that differ in an item's form alone."""
    rest = [{name: form for name, form in row.items() if name != item.name} for row in responses.crossed]
    count = len(rest)
    return [(one, two) for one in range(count) for two in range(one + 1, count) if rest[one] == rest[two]]


def _total(part: np.ndarray, pairs: list[tuple[int, int]]) -> float:
    """Return the mean variance between forms at one point, from the squared differences of pairs."""
    if not pairs:
        return 0.0
    levels = (1.0 + np.sqrt(1.0 + 8.0 * len(pairs) / _groups(pairs))) / 2.0
    gaps = np.stack([part[:, one] - part[:, two] for one, two in pairs], axis=1)
    return float(np.nanmean(crossed_products(gaps, gaps)) / 2.0 * (levels - 1.0) / levels)


def _groups(pairs: list[tuple[int, int]]) -> int:
    """Return how many sets of combinations are alike but for one form: each combination is the first of its set or follows one."""
    followers = {two for _, two in pairs}
    return len({one for one, _ in pairs} - followers)


def _verdict(responses: Responses, pairs: list[tuple[int, int]]) -> str:
    """Return whether a form's differences stand out from what turning their signs gives."""
    gaps = np.concatenate([responses.runs[:, one] - responses.runs[:, two] for one, two in pairs])[:, None, :]
    return beyond_noise(gaps, lambda means: mean_of(means * means, 0)).verdict(0)
