"""Verdicts on claims: what each parameter set says, and what they say together. Reads numbers, runs nothing.

A set supports a claim when the 95 % interval of its paired difference lies wholly beyond the margin in the claim's direction, opposes
it when wholly beyond the margin in the other, and is indistinct else: *within* the margin, or too *wide* to say. A claim holds
where at least 80 % of the sets of every panel support it; opposite and no effect likewise; else it depends, on the parameter whose
one split tells supporting sets best from others. Where the patterns say nothing of that parameter the verdict is prior-driven.

A relative margin is a share of the other arm's mean, tested on the same pairs, without dividing. Differences of whole-number
outcomes get one pair of +1 and one of -1 beside those seen (after Bonett and Price 2012), so that a few equal pairs are no proof
of no difference. A share of sets is a share of a declared space, not a probability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.deciding import deciding
from analysis.paired import student_quantile
from analysis.panels import PANELS

type Says = Literal["supports", "opposes", "within", "wide"]
type Word = Literal["holds", "opposite", "no effect", "depends", "too few"]

LEVEL = 0.95
ENOUGH = 0.8
"""Share of the sets of every panel that must agree."""

SETS = 256
"""Parameter sets that the specification asks for."""

WIDE_AT_MOST = 0.2
"""Above this share of sets in a panel that cannot be told from the margin, a verdict is not settled."""

LEAST_SETS = 5
"""Sets in each panel below which no word is said."""


@dataclass(frozen=True)
class SetSays:
    """What one parameter set says of a claim: mean paired difference in the outcome's unit, its interval, and the reading."""

    number: int
    panel: str
    says: Says
    mean: float
    low: float
    high: float
    seeds: int
    base: float


@dataclass(frozen=True)
class Region:
    """The parameter that decides, where the claim is supported, and whether only its declared range speaks for its value."""

    parameter: str
    split: float
    supported_below: float
    supported_above: float
    opposed_below: float
    opposed_above: float
    prior_only: bool


@dataclass(frozen=True)
class Verdict:
    """What all sets say.

    Attributes
    ----------
    shares
        By panel: share of sets that support, oppose, lie within the margin, are too wide.
    region
        Only where it depends; None where no single parameter decides.
    unsettled
        Why the word may still change; empty where it is settled.
    """

    word: Word
    shares: Mapping[str, Mapping[str, float]]
    sets: Mapping[str, int]
    region: Region | None
    unsettled: tuple[str, ...]

    @property
    def prior_driven(self) -> bool:
        """Whether the word hinges on a parameter of which the patterns say nothing."""
        return self.region is not None and self.region.prior_only


def interval(values: np.ndarray, level: float, whole: bool) -> tuple[float, float]:
    """Return Student's interval of a mean, for whole numbers no narrower than with a pair of +1 and -1 beside; endless below two values."""
    mean = float(values.mean())
    if len(values) < 2:
        return -np.inf, np.inf
    half = _half(values, level)
    if whole:
        half = max(half, _half(np.append(values, [mean + 1.0, mean - 1.0]), level))
    return mean - half, mean + half


def _half(values: np.ndarray, level: float) -> float:
    return float(student_quantile(0.5 + level / 2.0, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))


def says(difference: np.ndarray, reach: np.ndarray, whole: bool) -> Says:
    """Return what pairs say of a claim.

    Parameters
    ----------
    difference
        One entry a seed: with less without, positive in the claim's direction.
    reach
        The margin, one entry a seed: a relative one moves with the other arm's outcome.
    whole
        Whether the outcome counts whole things.
    """
    beyond, short = interval(difference - reach, LEVEL, whole), interval(difference + reach, LEVEL, whole)
    if beyond[0] >= 0.0 and difference.mean() > 0.0:
        return "supports"
    if short[1] <= 0.0 and difference.mean() < 0.0:
        return "opposes"
    return "within" if beyond[1] <= 0.0 <= short[0] else "wide"


def says_not_worse(worse_by: Sequence[np.ndarray], reaches: Sequence[np.ndarray], whole: bool) -> Says:
    """Return what pairs say of "nowhere worse than the margin": intervals for all paths together (Bonferroni)."""
    level = 1.0 - (1.0 - LEVEL) / max(len(worse_by), 1)
    found = [interval(worse - reach, level, whole) for worse, reach in zip(worse_by, reaches, strict=True)]
    if any(low > 0.0 for low, _ in found):
        return "opposes"
    return "supports" if all(high <= 0.0 for _, high in found) else "wide"


def verdict(sets: Sequence[SetSays], values: Mapping[int, Mapping[str, float]], prior_only: Mapping[str, bool]) -> Verdict:
    """Return the verdict by the rule of the specification.

    Parameters
    ----------
    values
        Parameter values of each set by its number.
    prior_only
        By parameter: whether the patterns leave it as it was declared; one that is not named counts as such.
    """
    counts = {panel: sum(item.panel == panel for item in sets) for panel in PANELS}
    shares = {panel: _shares([item for item in sets if item.panel == panel]) for panel in PANELS}
    if min(counts.values()) < LEAST_SETS:
        few = f"{sum(counts.values())} sets, fewer than {LEAST_SETS} in some panel: no word is said"
        return Verdict("too few", shares, counts, None, (few,))
    word = _word(shares)
    region = _region(sets, values, prior_only) if word == "depends" else None
    return Verdict(word, shares, counts, region, tuple(_unsettled(shares, counts)))


def _shares(sets: Sequence[SetSays]) -> dict[str, float]:
    found = Counter(item.says for item in sets)
    return {name: found[name] / len(sets) if sets else 0.0 for name in ("supports", "opposes", "within", "wide")}


def _word(shares: Mapping[str, Mapping[str, float]]) -> Word:
    if all(item["supports"] >= ENOUGH for item in shares.values()):
        return "holds"
    if all(item["opposes"] >= ENOUGH for item in shares.values()):
        return "opposite"
    return "no effect" if all(item["within"] + item["wide"] >= ENOUGH for item in shares.values()) else "depends"


def _unsettled(shares: Mapping[str, Mapping[str, float]], counts: Mapping[str, int]) -> list[str]:
    found = []
    if sum(counts.values()) < SETS:
        found.append(f"{sum(counts.values())} sets of the {SETS} that are asked for")
    wide = {panel: item["wide"] for panel, item in shares.items() if item["wide"] > WIDE_AT_MOST}
    if wide:
        told = ", ".join(f"{panel} {share:.0%}" for panel, share in wide.items())
        found.append(f"sets whose interval is still too wide to tell from the margin: {told}; more seeds are needed")
    return found


def _region(sets: Sequence[SetSays], values: Mapping[int, Mapping[str, float]], prior_only: Mapping[str, bool]) -> Region | None:
    names = sorted(set.intersection(*(set(values[item.number]) for item in sets)))
    score = np.array([{"supports": 1.0, "opposes": -1.0}.get(item.says, 0.0) for item in sets])
    table = np.array([[values[item.number][name] for name in names] for item in sets], dtype=float).reshape(len(sets), len(names))
    found = deciding("", "", -score, names, table, prior_only)
    if found is None:
        return None
    below = table[:, names.index(found.parameter)] < found.split
    supported, opposed = ([float((score[side] == sign).mean()) for side in (below, ~below)] for sign in (1.0, -1.0))
    prior = prior_only.get(found.parameter, True)
    return Region(found.parameter, found.split, supported[0], supported[1], opposed[0], opposed[1], prior)
