"""Boxes in which an option fails: the patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010).

A box begins as the whole space and is peeled: each step cuts off a twentieth of its points at one end of one number, or one form of one
rule, whichever gains most in the share of failures for each point given up. A restriction stays only when failures would rarely be so
dense without it by luck. Of the boxes of the path the one is taken that holds most of what fails and least of what does not, and each
cut is widened again while the share of failures does not fall. Kept libraries for this are GPL, which this project cannot ship, or bring
400 MB; the method is two pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.sensitivity_responses import Factor

PEEL = 0.05
LEAST_MASS = 0.05
"""Share of all points that a box has at least."""

MOST_QUASI_P = 0.01
"""A restriction stays when luck would explain it more rarely than this; the other half of the points tests it again."""
LEAST_IN_BOX = 10


@dataclass(frozen=True)
class Box:
    """A box: limits of numbers, forms of rules, and no word on the rest.

    Attributes
    ----------
    low, high
        By column; minus and plus infinity where nothing is cut.
    forms
        By column of a restricted form: the codes that are inside.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    forms: tuple[frozenset[int] | None, ...]

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return which points lie inside."""
        inside = np.asarray(((values >= np.array(self.low)) & (values <= np.array(self.high))).all(axis=1))
        for column, codes in enumerate(self.forms):
            if codes is not None:
                inside &= np.isin(values[:, column].astype(int), sorted(codes))
        return inside

    def restricted(self) -> tuple[int, ...]:
        """Return the columns on which the box says something."""
        ends = zip(self.low, self.high, self.forms, strict=True)
        return tuple(place for place, (low, high, codes) in enumerate(ends) if np.isfinite(low) or np.isfinite(high) or codes is not None)

    def without(self, column: int) -> Box:
        """Return the box without what it says of one column."""
        return self.limited(column, -np.inf, np.inf, None)

    def limited(self, column: int, low: float, high: float, codes: frozenset[int] | None) -> Box:
        """Return the box with another limit on one column."""

        def put[T](row: tuple[T, ...], value: T) -> tuple[T, ...]:
            return (*row[:column], value, *row[column + 1 :])

        return replace(self, low=put(self.low, low), high=put(self.high, high), forms=put(self.forms, codes))


@dataclass(frozen=True)
class Step:
    """One box of the path, with the share of all failures that it holds and the share of its points that fail."""

    box: Box
    coverage: float
    density: float
    mass: float
    restricted: int


def whole(columns: int) -> Box:
    """Return the box that holds everything."""
    return Box((-np.inf,) * columns, (np.inf,) * columns, (None,) * columns)


def peeled(values: np.ndarray, fails: np.ndarray, factors: Sequence[Factor]) -> list[Step]:
    """Return the path of boxes from the whole space to the smallest that may be."""
    box = whole(values.shape[1])
    path = [_step(box, values, fails)]
    least = max(LEAST_IN_BOX, int(np.ceil(LEAST_MASS * len(values))))
    while 0.0 < path[-1].density < 1.0 and (cut := _best_cut(box, values, fails, factors, least)) is not None:
        box = cut
        path.append(_step(box, values, fails))
    return path


def _step(box: Box, values: np.ndarray, fails: np.ndarray) -> Step:
    inside = box.holds(values)
    held = float(fails[inside].sum())
    return Step(box, held / max(float(fails.sum()), 1.0), held / max(int(inside.sum()), 1), float(inside.mean()), len(box.restricted()))


def _best_cut(box: Box, values: np.ndarray, fails: np.ndarray, factors: Sequence[Factor], least: int) -> Box | None:
    """Return the box after the cut that gains most density for each point given up; none where no cut gains."""
    inside = np.flatnonzero(box.holds(values))
    failing = fails[inside].astype(float)
    now = float(failing.mean())
    best, gain = None, 0.0
    for column, item in enumerate(factors):
        for cut, kept in _cuts(box, values[inside, column], column, item):
            left = int(kept.sum())
            if least <= left < len(inside):
                gained = (float(failing[kept].mean()) - now) / (len(inside) - left)
                best, gain = (cut, gained) if gained > gain else (best, gain)
    return best


def _cuts(box: Box, inside: np.ndarray, column: int, item: Factor) -> Iterator[tuple[Box, np.ndarray]]:
    """Give the boxes that one peel of one column would leave, each with which of the points inside it keeps."""
    if item.is_form:
        codes = frozenset(inside.astype(int).tolist())
        for code in sorted(codes) if len(codes) > 1 else ():
            yield box.limited(column, -np.inf, np.inf, codes - {code}), inside != code
        return
    ranked = np.sort(inside)
    take = max(1, int(PEEL * len(ranked)))
    above, below = ranked[ranked > ranked[take - 1]], ranked[ranked < ranked[-take]]
    if len(above):
        low = _between(ranked[take - 1], above[0])
        yield box.limited(column, low, box.high[column], None), inside >= low
    if len(below):
        high = _between(below[-1], ranked[-take])
        yield box.limited(column, box.low[column], high, None), inside <= high


def _between(one: float, other: float) -> float:
    return float((one + other) / 2.0)


def widened(box: Box, values: np.ndarray, fails: np.ndarray, factors: Sequence[Factor]) -> Box:
    """Return the box with each limit moved out again as long as the share of failures inside does not fall."""
    for column in box.restricted():
        if not factors[column].is_form:
            box = _pasted(_pasted(box, values, fails, column, low=True), values, fails, column, low=False)
    return box


def _pasted(box: Box, values: np.ndarray, fails: np.ndarray, column: int, *, low: bool) -> Box:
    limit = box.low[column] if low else box.high[column]
    while np.isfinite(limit):
        inside = box.holds(values)
        free = box.limited(column, -np.inf if low else box.low[column], box.high[column] if low else np.inf, None).holds(values)
        outside = np.sort(values[free & ~inside, column])
        take = max(1, int(PEEL * inside.sum()))
        further = outside[-take - 1] if low and len(outside) > take else outside[take] if not low and len(outside) > take else None
        moved = (-np.inf if low else np.inf) if further is None else float(further)
        wider = box.limited(column, moved if low else box.low[column], box.high[column] if low else moved, None)
        if float(fails[wider.holds(values)].mean()) < float(fails[inside].mean()):
            return box
        box, limit = wider, moved
    return box


def chosen(path: Sequence[Step], values: np.ndarray, fails: np.ndarray, factors: Sequence[Factor]) -> Box:
    """Return the box of the path, rid of what luck would explain, with most of what fails and least of what does not.

    By Youden's index: the share of all that fails less the share of all that does not.
    """
    boxes = [pruned(box, values, fails) for box in dict.fromkeys(step.box for step in path)]
    steps = [_step(box, values, fails) for box in dict.fromkeys(boxes)]
    failing = max(1.0 - float(fails.mean()), np.finfo(float).tiny)
    best = max(steps, key=lambda step: step.coverage - (1.0 - step.density) * step.mass / failing)
    return pruned(widened(best.box, values, fails, factors), values, fails)


def pruned(box: Box, values: np.ndarray, fails: np.ndarray) -> Box:
    """Return the box without restrictions that luck would explain, the weakest first."""
    while len(box.restricted()):
        worst = max(box.restricted(), key=lambda column: quasi_p(box, box.without(column), values, fails))
        if quasi_p(box, box.without(worst), values, fails) <= MOST_QUASI_P:
            return box
        box = box.without(worst)
    return box


def quasi_p(box: Box, looser: Box, values: np.ndarray, fails: np.ndarray) -> float:
    """Return the chance of so many failures in the box if they were no denser there than in a looser box around it."""
    from analysis.extras import needed

    inside, around = box.holds(values), looser.holds(values)
    count, held = int(inside.sum()), int(fails[inside].sum())
    if not count or not around.any():
        return 1.0
    return float(needed("scipy.stats", "analysis").binom.sf(held - 1, count, float(fails[around].mean())))
