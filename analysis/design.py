"""The design: the space of parameters that have a range, and which points of it are tried.

The first sets are a Latin hypercube whose margins are triangular, densest at the declared value; later ones lie between two
of the nearest so far, shaken in a fifth of the parameters. Beside the parameters each set carries *dummies*, numbers that no
rule reads: they are drawn, mixed and shaken like the rest, and show what the search does to a parameter that means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.surviving_sets import SurvivingSets
from sim.api import Scenario

DUMMIES = 100
"""Dummies carried through the search: enough to know the spread of what it does to them to a fourteenth."""

SHAKEN_SHARE = 0.2
"""Share of the parameters in which a later set differs from the line between its parents."""


@dataclass(frozen=True)
class Space:
    """What is varied: parameters with a range, then the dummies.

    Attributes
    ----------
    low, centre, high
        Ends and peak of each triangular margin, dummies included.
    """

    names: tuple[str, ...]
    low: np.ndarray
    centre: np.ndarray
    high: np.ndarray

    def values(self, row: np.ndarray) -> dict[str, float]:
        """Return a row's parameter values by name, without the dummies."""
        return dict(zip(self.names, map(float, row), strict=False))

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Return a Latin hypercube: shape ``(count, parameters and dummies)``."""
        columns = [rng.permutation(count) for _ in self.low]
        shares = (np.column_stack(columns) + rng.random((count, len(self.low)))) / max(count, 1)
        return triangular(shares, self.low, self.centre, self.high)

    def children(self, best: np.ndarray, count: int, shake: float, rng: np.random.Generator) -> np.ndarray:
        """Return sets between two of the best, a fifth of their values shaken by *shake* widths of the range."""
        mothers, others = best[rng.integers(len(best), size=count)], best[rng.integers(len(best), size=count)]
        between = mothers + (others - mothers) * rng.random((count, 1))
        noise = rng.normal(0, 1, between.shape) * shake * (self.high - self.low)
        shaken: np.ndarray = np.clip(between + noise * (rng.random(between.shape) < SHAKEN_SHARE), self.low, self.high)
        return shaken

    def round_the_declared(self, count: int, shake: float, rng: np.random.Generator) -> np.ndarray:
        """Return sets round the declared values, each value off by *shake* widths of its range (standard deviation)."""
        noise = rng.normal(0, 1, (count, len(self.low))) * shake * (self.high - self.low)
        inside: np.ndarray = np.clip(self.centre + noise, self.low, self.high)
        return inside

    def rows_of(self, sets: SurvivingSets, rng: np.random.Generator) -> np.ndarray:
        """Return earlier sets as rows: what they did not vary is drawn anew, values outside today's range are cut."""
        rows = self.draw(len(sets.sets), rng)
        for place, row in enumerate(rows):
            known = sets.values(place)
            row[: len(self.names)] = [known.get(name, fresh) for name, fresh in zip(self.names, row, strict=False)]
            if sets.dummies and len(sets.dummies[place]) == DUMMIES:
                row[len(self.names) :] = sets.dummies[place]
        inside: np.ndarray = np.clip(rows, self.low, self.high)
        return inside

    def prior_variance(self) -> np.ndarray:
        """Return the variance of each triangular margin (textbook formula), dummies included."""
        a, b, c = self.low, self.high, self.centre
        variance: np.ndarray = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0
        return variance


def space_of(scenario: Scenario) -> Space:
    """Return the space of a scenario's parameters that have a range, with the dummies."""
    ranges = varied(scenario)
    centre = [float(scenario.parameters.valued[name].value) for name in ranges]
    low, high = ([ends[place] for ends in ranges.values()] for place in (0, 1))
    return Space(
        tuple(ranges),
        np.array([*low, *[0.0] * DUMMIES]),
        np.array([*centre, *[0.5] * DUMMIES]),
        np.array([*high, *[1.0] * DUMMIES]),
    )


def varied(scenario: Scenario) -> Mapping[str, tuple[float, float]]:
    """Return every parameter that a scenario reads and that has a range, with its range."""
    return {
        name: (item.low, item.high)
        for name, item in scenario.parameters.valued.items()
        if scenario.reads(name) and item.low is not None and item.high is not None and item.high > item.low
    }


def triangular(shares: np.ndarray, low: np.ndarray, centre: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return points of triangular distributions that peak at *centre*, for uniform *shares* of shape ``(sets, parameters)``."""
    width = high - low
    peak = (centre - low) / width
    rising = low + width * np.sqrt(shares * peak)
    falling = high - width * np.sqrt((1.0 - shares) * (1.0 - peak))
    points: np.ndarray = np.where(shares < peak, rising, falling)
    return points
