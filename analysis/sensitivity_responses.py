"""What a sensitivity analysis looks at: one outcome of one lever, at every point, under every combination of rule forms, on every seed.

A *factor* is an uncertainty with a number or the form of a rule. Forms that stand in a column of the points were drawn with them;
forms that are crossed with the points make the second axis of the runs. A response may also be a paired difference between two
levers: what the answer hinges on, where it is the choice that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from analysis.paired import SIGN


@dataclass(frozen=True)
class Factor:
    """What is varied.

    Attributes
    ----------
    levels
        Of a rule form, in the order of their codes; none of a number.
    """

    name: str
    levels: tuple[str, ...] = ()

    @property
    def is_form(self) -> bool:
        """Whether it is the form of a rule and not a number."""
        return bool(self.levels)


@dataclass(frozen=True)
class Responses:
    """An outcome over a design.

    Attributes
    ----------
    factors, points
        Columns of the points, and their values: shape ``(points, factors)``; a form by its code.
    crossed
        Combinations of rule forms that every point was played under: name to form. One empty combination where none is crossed.
    runs
        Shape ``(points, combinations, seeds)``; nan where a run failed, is missing, or has no such outcome.
    better
        Which direction is good; of a difference, of the outcome.
    """

    outcome: str
    scenario: str
    lever: str
    against: str
    unit: str
    better: str
    factors: tuple[Factor, ...]
    points: np.ndarray
    crossed: tuple[Mapping[str, str], ...]
    runs: np.ndarray

    @property
    def seeds(self) -> int:
        """Runs of one point under one combination of forms."""
        return int(self.runs.shape[2])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of the points."""
        return tuple(item.name for item in self.factors)

    def crossed_factors(self) -> tuple[Factor, ...]:
        """Return the forms that are crossed with the points, each with its levels."""
        names = dict.fromkeys(name for combination in self.crossed for name in combination)
        return tuple(Factor(name, tuple(dict.fromkeys(row[name] for row in self.crossed))) for name in names)

    def over_forms(self) -> np.ndarray:
        """Return the runs of each point, all combinations of forms weighing alike: shape ``(points, seeds)``."""
        return mean_of(self.runs, 1)

    def means(self) -> np.ndarray:
        """Return the mean over seeds: shape ``(points, combinations)``."""
        return mean_of(self.runs, 2)

    def only(self, rows: np.ndarray) -> Responses:
        """Return the responses at some of the points."""
        return replace(self, points=self.points[rows], runs=self.runs[rows])

    def by_row(self) -> tuple[tuple[Factor, ...], np.ndarray, np.ndarray]:
        """Return factors, values and runs with crossed forms as columns: one row a point and combination, points outermost."""
        extra = self.crossed_factors()
        codes = np.array([[item.levels.index(row[item.name]) for item in extra] for row in self.crossed], dtype=float)
        count = len(self.crossed)
        values = np.hstack([np.repeat(self.points, count, axis=0), np.tile(codes.reshape(count, len(extra)), (len(self.points), 1))])
        return (*self.factors, *extra), values, self.runs.reshape(-1, self.seeds)


class Sweep(Protocol):
    """What is read of a sweep folder."""

    plan: Mapping[str, Any]
    names: Sequence[str]
    values: np.ndarray

    def runs(self, outcome: str, lever: str | None = None, scenario: str | None = None, forms: str | None = None) -> np.ndarray:
        """Return one outcome: points in rows, seeds in columns, nan where missing."""


def mean_of(values: np.ndarray, axis: int) -> np.ndarray:
    """Return means that leave out what is not a number; nan where nothing else is there."""
    known = np.isfinite(values)
    if known.all():
        return np.asarray(values.mean(axis=axis))
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def worse_by(runs: np.ndarray, base: np.ndarray, better: str) -> np.ndarray:
    """Return by how much the first is worse than the base, run by run; a neutral outcome is not turned."""
    return np.asarray((SIGN[better] or 1.0) * (runs - base))
