"""Designs: which points of the uncertainties are tried.

Each design is a table of shares between 0 and 1, a row a point and a column an uncertainty; margins turn shares into values. Latin
hypercubes and Sobol sequences come from ``scipy.stats.qmc``, Morris trajectories and Saltelli's arrangement from SALib. A nearly
orthogonal design is the Latin hypercube, of many, whose columns correlate least, its ranks first freed of correlation (Iman & Conover
1982, *Communications in Statistics* 11; applied again to what is left). A seed gives the same table on every machine, but for ties in the
last bits of a nearly orthogonal one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.design import triangular
from analysis.extras import needed
from analysis.study_file import Design
from analysis.study_uncertainties import Uncertainty
from sim.api import exp, log

TRIES = 16
"""Latin hypercubes of which a nearly orthogonal design is the best."""

PASSES = 4
"""How often correlation is taken out of each."""

MOST_CELLS = 200_000_000
"""Values in the largest table of points that is drawn: 1.6 GB."""

MOST_STEPS = 2_000_000_000
"""Elementary steps that a measure of quality may take; beyond it the measure is left out."""

POWERS_OF_TWO = ("sobol", "saltelli")


@dataclass(frozen=True)
class Quality:
    """How evenly a design covers the space.

    Attributes
    ----------
    largest_rank_correlation
        Largest absolute rank correlation between two columns; none where it would take too long, or there are no two.
    between
        The two columns.
    discrepancy
        Centred discrepancy of the shares, squared: 0 is even. Its size means something only beside that of other points as many and as
        wide.
    against_chance
        The same over what independent uniform points have on average, (1.25^k - (13/12)^k) / n: 1 is no more even than chance.
    """

    largest_rank_correlation: float | None = None
    between: tuple[int, int] | None = None
    discrepancy: float | None = None
    against_chance: float | None = None


def points_of(design: Design, width: int, forms: Sequence[int] = ()) -> int:
    """Return how many points a design has for *width* numbers and drawn forms of so many kinds each, without drawing it."""
    size, columns = design.size or 1, width + len(forms)
    if design.kind == "grid":
        return math.prod([size] * width + list(forms))
    return {"morris": size * (columns + 1), "saltelli": size * (columns + 2)}.get(design.kind, size)


def wrong_with(design: Design, width: int, forms: Sequence[int] = ()) -> tuple[str, str, str]:
    """Return field, complaint and remedy where a design cannot be drawn; three empty words where it can."""
    columns, size = width + len(forms), design.size
    if size is None:
        return "size", "is missing", "say how many points (grid: values of each; morris: trajectories; saltelli: base points)"
    if design.kind in POWERS_OF_TWO and size & (size - 1):
        below = 1 << (size.bit_length() - 1)
        return "size", f"{design.kind} needs a power of 2, not {size}", f"write {below} or {2 * below}"
    if design.kind == "nearly_orthogonal" and size <= columns + 1:
        what = f"{size} points of {columns} uncertainties cannot be nearly orthogonal"
        return "size", what, f"take at least {columns + 2}, better {4 * columns}, or another design"
    if design.kind in ("morris", "saltelli", "grid") and size < 2:
        return "size", f"{design.kind} needs at least 2, not {size}", "10 trajectories, 256 base points or 3 values are a beginning"
    if (count := points_of(design, width, forms)) * max(columns, 1) > MOST_CELLS:
        shown = f"{count:,}" if count < 10**12 else f"10^{len(str(count)) - 1}"
        return "size", f"comes to {shown} points of {columns} uncertainties", "take a smaller design, or fewer uncertainties"
    return "", "", ""


def shares_of(design: Design, width: int, forms: Sequence[int] = ()) -> np.ndarray:
    """Return the design's shares: shape ``(points, numbers and drawn forms)``."""
    columns, size = width + len(forms), design.size or 1
    if design.kind == "grid":
        return _grid([size] * width + list(forms), width)
    if design.kind == "morris":
        return _morris(columns, size, design)
    if design.kind == "saltelli":
        return _saltelli(columns, size, design.seed)
    if design.kind == "nearly_orthogonal":
        return nearly_orthogonal(columns, size, design.seed)
    qmc = needed("scipy.stats.qmc", "analysis")
    rng = np.random.default_rng(design.seed)
    if design.kind == "sobol":
        shares: np.ndarray = qmc.Sobol(columns, rng=rng).random_base2(size.bit_length() - 1)
    else:
        shares = qmc.LatinHypercube(columns, rng=rng).random(size)
    return shares


def _grid(levels: list[int], width: int) -> np.ndarray:
    """Return a grid: numbers from end to end, forms in the middle of their share; the last column turns fastest."""
    axes = [np.linspace(0.0, 1.0, count) for count in levels[:width]] + [(np.arange(count) + 0.5) / count for count in levels[width:]]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _problem(columns: int) -> dict[str, Any]:
    return {"num_vars": columns, "names": [f"x{place}" for place in range(columns)], "bounds": [[0.0, 1.0]] * columns}


def _morris(columns: int, size: int, design: Design) -> np.ndarray:
    sampled = needed("SALib.sample.morris", "analysis").sample(_problem(columns), size, num_levels=design.levels, seed=design.seed)
    shares: np.ndarray = np.clip(sampled, 0.0, 1.0)
    return shares


def _saltelli(columns: int, size: int, seed: int) -> np.ndarray:
    sampler = needed("SALib.sample.sobol", "analysis")
    shares: np.ndarray = sampler.sample(_problem(columns), size, calc_second_order=False, seed=np.random.default_rng(seed))
    return shares


def nearly_orthogonal(columns: int, size: int, seed: int, tries: int = TRIES) -> np.ndarray:
    """Return the Latin hypercube, of *tries* freed of correlation, in which the largest rank correlation is least."""
    qmc = needed("scipy.stats.qmc", "analysis")
    best, least = np.empty((0, columns)), np.inf
    for turn in range(tries if columns > 1 else 1):
        shares = qmc.LatinHypercube(columns, rng=np.random.default_rng((seed, turn))).random(size)
        for _ in range(PASSES):
            found = largest_correlation(shares)[0]
            if found < least:
                best, least = shares, found
            shares = _freed(shares)
    return best


def _freed(shares: np.ndarray) -> np.ndarray:
    """Return the same columns in another order of their rows, in which their ranks correlate less."""
    scores = _ranks(shares) - (len(shares) - 1) / 2.0
    root = np.linalg.cholesky(np.corrcoef(scores, rowvar=False).reshape(shares.shape[1], -1))
    order = _ranks(np.linalg.solve(root, scores.T).T)
    freed: np.ndarray = np.take_along_axis(np.sort(shares, axis=0), order, axis=0)
    return freed


def _ranks(table: np.ndarray) -> np.ndarray:
    ranks: np.ndarray = np.argsort(np.argsort(table, axis=0, kind="stable"), axis=0, kind="stable")
    return ranks


def largest_correlation(table: np.ndarray) -> tuple[float, tuple[int, int]]:
    """Return the largest absolute rank correlation between two columns, and which they are; 0 where there are no two."""
    if table.shape[1] < 2 or len(table) < 3:
        return 0.0, (0, 0)
    found = np.abs(np.corrcoef(_ranks(table), rowvar=False))
    np.fill_diagonal(found, 0.0)
    row, column = divmod(int(found.argmax()), len(found))
    return float(found[row, column]), (row, column)


def quality_of(design: Design, shares: np.ndarray) -> Quality:
    """Return how evenly a drawn design covers the space; nothing for designs whose arrangement has another purpose."""
    count, columns = shares.shape
    if design.kind in ("morris", "saltelli", "grid", "sets") or columns < 1:
        return Quality()
    pairs = columns > 1 and count > 2 and count * columns * columns <= MOST_STEPS
    largest, between = largest_correlation(shares) if pairs else (None, None)
    small = count * count * columns <= MOST_STEPS
    if not small:
        return Quality(largest, between)
    discrepancy = float(needed("scipy.stats.qmc", "analysis").discrepancy(shares))
    return Quality(largest, between, discrepancy, discrepancy * count / (1.25**columns - (13.0 / 12.0) ** columns))


def values_at(shares: np.ndarray, numbers: Sequence[Uncertainty], forms: Sequence[int], grid: bool = False) -> np.ndarray:
    """Return the points: values of the numbers, then for each drawn form its place among the forms.

    Parameters
    ----------
    grid
        Whether shares are of the way from end to end, as in a grid, instead of shares of the distribution.
    """
    table = np.empty(shares.shape)
    for place, item in enumerate(numbers):
        table[:, place] = spread(shares[:, place], item, grid)
    for place, kinds in enumerate(forms, len(numbers)):
        table[:, place] = np.minimum(np.floor(shares[:, place] * kinds), kinds - 1)
    return table


def spread(shares: np.ndarray, item: Uncertainty, grid: bool = False) -> np.ndarray:
    """Return the values of an uncertainty below which the given shares of it lie, never outside its ends."""
    if item.distribution == "log_uniform":
        low, high = float(log(item.low)), float(log(item.high))
        values = np.array([exp(low + (high - low) * share) for share in shares.tolist()])
    elif item.distribution == "uniform" or grid:
        values = item.low + (item.high - item.low) * shares
    else:
        low_, centre, high_ = (np.array([end]) for end in (item.low, item.declared, item.high))
        values = triangular(shares[:, None], low_, centre, high_)[:, 0]
    inside: np.ndarray = np.clip(values, item.low, item.high)
    return inside
