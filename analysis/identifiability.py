"""Identifiability: which pattern informs which parameter, how far, and which parameters trade off against one another.

Three readings, each held against what chance and the search itself do:

- a pattern *informs* a parameter when the rank correlation of the parameter and one of the pattern's statistics, over the
  unselected first wave, is larger than the largest of all pairs in 95 % of shufflings (so all pairs together are wrong once
  in twenty);
- *contraction* is 1 - variance among survivors / variance of the declared triangular range. It counts from 0.3 (the
  specification's limit), and only beyond what the search does to dummies;
- two parameters lie on a *ridge* when their rank correlation among survivors is larger than that of all pairs in 95 % of
  shufflings, and beyond that of pairs with a dummy.

Survivors descend from few near sets and are alike for that reason alone; dummies, which no rule reads, share that descent.
What the search does to dummies is taken as normal (cube roots of variance ratios, after Wilson and Hilferty; Fisher's z of
correlations), and its limit is set for all parameters or pairs together: about one false claim in ten searches.

Rank correlation sees what rises or falls, not what peaks in between. Parameters without a range and forms of rules are not
looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.search import Found, Screened
from sim.api import normal_quantile

LEVEL = 0.05
SHUFFLES = 1000
LEAST_SCREENED = 100
"""Unselected sets below which no correlation is judged: with 60 only links above about 0.5 could be seen."""

LEAST_SURVIVORS = 30
"""Survivors below which neither contraction nor ridges are judged: a variance from 30 is known to about a quarter."""

LEAST_CONTRACTION = 0.3
"""Specification, section 9: below it a parameter is prior-driven."""

ASKED = {
    ("theta_deterrence", "theta_spiral"): "deterrence and spiral explain one day equally well",
    ("theta_spiral", "push_provocation"): "only their product acts",
    ("push_provocation", "episode_volatility_spread"): "product of push provocation and the crowd's volatility",
    ("hard_core_share", "planned_chance"): "hard core and prepared group explain one site against another equally well",
}
"""Pairs that are shown whatever is found, with what the specification expects of them."""

TINY = 1e-9
"""Keeps Fisher's z finite where two columns have the same ranks."""

type Verdict = Literal["informed", "weakly", "prior-only", "not judged"]


@dataclass(frozen=True)
class Link:
    """A parameter's strongest rank correlation with a statistic of a pattern, and whether it is more than chance."""

    rho: float
    statistic: str
    informs: bool


@dataclass(frozen=True)
class Row:
    """What is known of one parameter; *links* by pattern, None where not judged or where the pattern sets the parameter."""

    parameter: str
    links: Mapping[str, Link | None]
    contraction: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Ridge:
    """Two parameters and their rank correlation among survivors; *asked* says why it is shown in any case."""

    pair: tuple[str, str]
    rho: float
    is_ridge: bool
    asked: str


@dataclass(frozen=True)
class Identifiability:
    """The whole table.

    Attributes
    ----------
    screened, survivors
        Numbers of sets behind correlations, and behind contraction and ridges.
    link_bar, contraction_bar, ridge_bar
        What has to be passed; None where too few sets are there to judge.
    """

    screened: int
    survivors: int
    statistics: tuple[str, ...]
    link_bar: float | None
    contraction_bar: float | None
    ridge_bar: float | None
    rows: tuple[Row, ...]
    ridges: tuple[Ridge, ...]


def ranked(values: np.ndarray) -> np.ndarray:
    """Return columns as standardised ranks, ties at their mean rank; a column that does not vary becomes zeros."""
    columns = []
    for column in values.T:
        _, place, count = np.unique(column, return_inverse=True, return_counts=True)
        columns.append((np.cumsum(count) - (count - 1) / 2.0)[place])
    ranks = np.array(columns).reshape(values.shape[1], values.shape[0]).T
    centred = ranks - ranks.mean(axis=0)
    spread = centred.std(axis=0)
    standard: np.ndarray = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return standard


def rank_correlations(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of each column of *left* with each of *right*: shape ``(left, right)``."""
    found: np.ndarray = ranked(left).T @ ranked(right) / max(len(left), 1)
    return found


def chance_bar(left: np.ndarray, right: np.ndarray, rng: np.random.Generator) -> float:
    """Return what the largest absolute correlation of all pairs stays below in 95 % of shufflings of the rows of *right*."""
    a, b = ranked(left), ranked(right)
    largest = [np.abs(a.T @ rng.permutation(b) / len(a)).max() for _ in range(SHUFFLES)]
    return float(np.quantile(largest, 1.0 - LEVEL))


def contraction(survivors: np.ndarray, prior_variance: np.ndarray) -> np.ndarray:
    """Return 1 - variance among survivors (unbiased) / variance before, for each column."""
    shrunk: np.ndarray = 1.0 - survivors.var(axis=0, ddof=1) / prior_variance
    return shrunk


def identifiability(found: Found, seed: int = 1) -> Identifiability:
    """Return what a search's first wave and survivors say of each parameter."""
    names, rng = found.space.names, np.random.default_rng(seed)
    survivors = np.array([[*row, *dummies] for row, dummies in zip(found.sets.sets, found.sets.dummies, strict=True)])
    enough = len(survivors) >= LEAST_SURVIVORS
    links, link_bar = _links(found.screened, names, rng)
    shrunk = contraction(survivors, found.space.prior_variance()) if enough else None
    contraction_bar = None if shrunk is None else max(LEAST_CONTRACTION, _contraction_by_search(shrunk[len(names) :], len(names)))
    rows = []
    for place, name in enumerate(names):
        own = None if shrunk is None else float(shrunk[place])
        rows.append(Row(name, links[place], own, _verdict(links[place], link_bar, own, contraction_bar)))
    ridges, ridge_bar = _ridges(survivors, names, rng) if enough else ((), None)
    told = tuple(f"{pattern} {item.name}" for pattern, item in found.screened.statistics)
    return Identifiability(len(found.screened.rows), len(survivors), told, link_bar, contraction_bar, ridge_bar, tuple(rows), ridges)


def _links(screened: Screened, names: tuple[str, ...], rng: np.random.Generator) -> tuple[list[dict[str, Link | None]], float | None]:
    """Return each parameter's strongest link to each pattern, and the bar; a statistic says nothing of a parameter it sets."""
    patterns = list(dict.fromkeys(pattern for pattern, _ in screened.statistics))
    if len(screened.rows) < LEAST_SCREENED:
        return [dict.fromkeys(patterns) for _ in names], None
    real = screened.rows[:, : len(names)]
    correlations, bar = rank_correlations(real, screened.values), chance_bar(real, screened.values, rng)
    links: list[dict[str, Link | None]] = []
    for place, name in enumerate(names):
        own: dict[str, Link | None] = dict.fromkeys(patterns)
        for (pattern, item), rho in zip(screened.statistics, map(float, correlations[place]), strict=True):
            before = own[pattern]
            if name not in item.given and (before is None or abs(rho) > abs(before.rho)):
                own[pattern] = Link(rho, item.name, abs(rho) > bar)
        links.append(own)
    return links, bar


def _verdict(links: Mapping[str, Link | None], link_bar: float | None, shrunk: float | None, contraction_bar: float | None) -> Verdict:
    linked = any(link is not None and link.informs for link in links.values())
    contracted = shrunk is not None and contraction_bar is not None and shrunk > contraction_bar
    if linked and contracted:
        return "informed"
    if linked or contracted:
        return "weakly"
    return "prior-only" if link_bar is not None and contraction_bar is not None else "not judged"


def _contraction_by_search(dummies: np.ndarray, parameters: int) -> float:
    """Return the contraction beyond which the search brings none of so many parameters by itself, but once in ten to twenty times."""
    roots, normal, freedom = np.cbrt(1.0 - dummies), normal_quantile(1.0 - LEVEL / parameters), len(dummies) - 1
    student = normal + (normal**3 + normal) / (4.0 * freedom)  # Abramowitz and Stegun 26.7.5, first term
    least = float(roots.mean() - student * (1.0 + 1.0 / len(dummies)) ** 0.5 * roots.std(ddof=1))
    return 1.0 - max(least, 0.0) ** 3


def _ridges(survivors: np.ndarray, names: tuple[str, ...], rng: np.random.Generator) -> tuple[tuple[Ridge, ...], float]:
    """Return the pairs that are always shown, then those on a ridge, strongest first; and the bar."""
    correlations, count, pairs = rank_correlations(survivors, survivors), len(names), np.triu_indices(survivors.shape[1], k=1)
    spread = float(np.arctanh(np.clip(correlations[pairs][pairs[1] >= count], TINY - 1.0, 1.0 - TINY)).std())
    by_search = float(np.tanh(normal_quantile(1.0 - LEVEL / max(count * (count - 1), 1)) * spread))
    bar = max(by_search, _ridge_by_chance(ranked(survivors[:, :count]), rng))
    index = {name: place for place, name in enumerate(names)}
    asked = {frozenset(pair): (pair, why) for pair, why in ASKED.items() if set(pair) <= set(names)}
    shown = [Ridge(pair, rho := float(correlations[index[pair[0]], index[pair[1]]]), abs(rho) > bar, why) for pair, why in asked.values()]
    strong = [(names[i], names[j]) for i, j in np.argwhere(np.abs(np.triu(correlations[:count, :count], k=1)) > bar)]
    others = [Ridge(pair, float(correlations[index[pair[0]], index[pair[1]]]), True, "") for pair in strong if frozenset(pair) not in asked]
    return (*shown, *sorted(others, key=lambda ridge: -abs(ridge.rho))), bar


def _ridge_by_chance(ranks: np.ndarray, rng: np.random.Generator) -> float:
    """Return what the largest absolute correlation of two columns stays below in 95 % of shufflings of each column by itself."""
    above, largest = np.triu_indices(ranks.shape[1], k=1), []
    for _ in range(SHUFFLES):
        shuffled = rng.permuted(ranks, axis=0)
        largest.append(float(np.abs((shuffled.T @ shuffled)[above]).max(initial=0.0)) / len(ranks))
    return float(np.quantile(largest, 1.0 - LEVEL))
