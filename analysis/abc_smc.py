"""ABC-SMC: particles that come near to what was observed, by adaptive importance sampling and without a likelihood.

Each generation proposes parameters round the nearest particles so far, plays each once, and adds all of them to a pool; the
tolerance is the distance of the last of the nearest. Nothing played is thrown away: every particle is weighted by prior
density over the density of *all* proposals so far (the balance heuristic), and the first generation, drawn from the prior,
bounds every weight. Drawn and weighed in *normal scores*, in which each margin of the prior is a standard normal: no range has
an edge there.

A generation has a fixed number of runs, drawn from a stream of its own: the result does not depend on workers or on the order
in which runs end, and a later part can be made again when earlier runs were kept.

The model's discrepancy is drawn once a particle and statistic, and is part of what is simulated: intervals hold it.

Source: Lenormand, Jabot & Deffuant 2013 (adaptive ABC; fixed share kept); Beaumont et al. 2009 (kernel of twice the weighted
covariance); Cornuet et al. 2012 (balance heuristic over generations); Wilkinson 2013 (a discrepancy makes ABC exact for the
model with it). Not done: regression adjustment, which would reach beyond what was simulated; so intervals are rather too wide
than too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.design import triangular

type Simulate = Callable[[np.ndarray, int], np.ndarray]
"""Parameter values (one row a particle) and the number of the first run -> statistics, scaled; NaN where a run failed."""

KERNEL = 2.0
"""Covariance of the proposal over that of the nearest particles (Beaumont et al. 2009)."""

RIDGE = 1e-6
"""Added to the covariance in normal scores, so that particles on a line still spread."""

HALF = 0.5
"""Added to counts and times before their logarithm is taken, so that none has one."""

LEAST_NEW_SHARE = 0.05
"""A generation of which fewer come within the tolerance is the last: further ones would buy little."""

_erf = np.frompyfunc(math.erf, 1, 1)


@dataclass(frozen=True)
class Prior:
    """Independent triangular margins, densest at the declared value."""

    names: tuple[str, ...]
    low: np.ndarray
    centre: np.ndarray
    high: np.ndarray

    def values(self, scores: np.ndarray) -> np.ndarray:
        """Return parameter values of normal scores."""
        shares = 0.5 * (1.0 + np.asarray(_erf(scores / math.sqrt(2.0)), dtype=float))
        return triangular(shares, self.low, self.centre, self.high)

    def variance(self) -> np.ndarray:
        """Return the variance of each margin (textbook formula)."""
        a, b, c = self.low, self.high, self.centre
        variance: np.ndarray = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0
        return variance


@dataclass(frozen=True)
class Observed:
    """What was observed, scaled as distances are taken.

    Attributes
    ----------
    low, high
        Ends between which each statistic was observed; equal where one value is documented.
    discrepancy
        Standard deviation, in the same scale, of what the model leaves out.
    events
        The event that each statistic belongs to.
    counts
        Which statistics are logarithms of a count or a time plus a half; none where not given.
    """

    names: tuple[str, ...]
    low: np.ndarray
    high: np.ndarray
    discrepancy: np.ndarray
    events: tuple[str, ...]
    counts: np.ndarray | None = None

    def of(self, statistics: np.ndarray, shares: np.ndarray) -> Observed:
        """Return what would have been observed of simulated statistics: each interval as wide as ours, laid round them at random."""
        width = self.high - self.low
        low = statistics - shares * width
        return replace(self, low=low, high=low + width)

    def without(self, left_out: np.ndarray) -> Observed:
        """Return the same with the marked statistics telling nothing."""
        return replace(self, low=np.where(left_out, -np.inf, self.low), high=np.where(left_out, np.inf, self.high))

    def with_discrepancy(self, statistics: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """Return simulated statistics with what the model leaves out: a factor on counts, which leaves none at none, else a term."""
        noise = normals * self.discrepancy
        terms: np.ndarray = statistics + noise
        if self.counts is None:
            return terms
        counted = np.log(np.maximum(np.exp(statistics) - HALF, 0.0) * np.exp(noise) + HALF)
        noisy: np.ndarray = np.where(self.counts, counted, terms)
        return noisy


@dataclass(frozen=True)
class Sizes:
    """How much is played.

    Attributes
    ----------
    particles
        How many of the nearest are kept as the posterior.
    first, later
        Runs of the first generation, which is drawn from the prior, and of each later one.
    runs
        Most runs in all.
    """

    particles: int = 100
    first: int = 400
    later: int = 200
    runs: int = 2000

    def complaint(self) -> str:
        """Return what is wrong with the sizes, or nothing."""
        if self.first < 2 * self.particles:
            return f"the first generation ({self.first}) must be at least twice the particles ({self.particles})"
        return "" if self.runs >= self.first else f"the budget ({self.runs} runs) does not reach the first generation ({self.first})"


@dataclass(frozen=True)
class Generation:
    """What one generation did: runs, share within the tolerance before it, tolerance after it."""

    runs: int
    failed: int
    new_share: float
    tolerance: float


@dataclass(frozen=True)
class Pool:
    """All that was played.

    Attributes
    ----------
    scores, statistics
        One row a run: normal scores of its parameters; its statistics, scaled, discrepancy in them (NaN where it failed).
    first
        How many rows are of the first generation, and so draws from the prior.
    log_weights
        Logarithm of prior density over the density of all proposals.
    spread
        What a statistic's distance is measured in: its robust spread over the first generation; 0 where it does not vary.
    """

    scores: np.ndarray
    statistics: np.ndarray
    first: int
    log_weights: np.ndarray
    spread: np.ndarray

    def distances(self, observed: Observed) -> np.ndarray:
        """Return how far each run is from what was observed: root mean square over statistics; infinite where it failed."""
        return _distances(self.statistics, observed, self.spread)

    def nearest(self, observed: Observed, count: int) -> tuple[np.ndarray, np.ndarray, float]:
        """Return the rows of the nearest runs in the order in which they were made, their weights (sum 1), and the tolerance."""
        distances = self.distances(observed)
        rows = np.sort(np.argsort(distances, kind="stable")[:count])
        rows = rows[np.isfinite(distances[rows])]
        weights = np.exp(self.log_weights[rows] - self.log_weights[rows].max(initial=-np.inf))
        return rows, weights / weights.sum(), float(distances[rows].max(initial=0.0))


type Look = Callable[[Pool], None]


@dataclass(frozen=True)
class Sampled:
    """What a sampling gave: the pool, which of it are the posterior's particles, and how it went."""

    prior: Prior
    observed: Observed
    sizes: Sizes
    pool: Pool
    rows: np.ndarray
    weights: np.ndarray
    generations: tuple[Generation, ...]
    stopped: str

    @property
    def values(self) -> np.ndarray:
        """Parameter values of the posterior's particles."""
        return self.prior.values(self.pool.scores[self.rows])


@dataclass(frozen=True)
class _Proposal:
    """A mixture of normals round particles, all of one shape."""

    centres: np.ndarray
    weights: np.ndarray
    root: np.ndarray

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        chosen = self.centres[rng.choice(len(self.centres), count, p=self.weights)]
        drawn: np.ndarray = chosen + rng.normal(size=chosen.shape) @ self.root.T
        return drawn

    def log_density(self, scores: np.ndarray) -> np.ndarray:
        ours, theirs = (np.linalg.solve(self.root, rows.T).T for rows in (scores, self.centres))
        squares = (ours * ours).sum(axis=1)[:, None] + (theirs * theirs).sum(axis=1) - 2.0 * ours @ theirs.T
        constant = 0.5 * scores.shape[1] * math.log(2.0 * math.pi) + float(np.log(np.diag(self.root)).sum())
        density: np.ndarray = log_sum(np.log(self.weights) - 0.5 * squares) - constant
        return density


def log_sum(terms: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of exponentials along each row."""
    top = terms.max(axis=1)
    total: np.ndarray = top + np.log(np.exp(terms - top[:, None]).sum(axis=1))
    return total


def infer(prior: Prior, simulate: Simulate, observed: Observed, sizes: Sizes, seed: int, look: Look | None = None) -> Sampled:
    """Return particles that come near to what was observed.

    Parameters
    ----------
    simulate
        Plays parameter sets, one run each; called once a generation, always with the same arguments for the same seed.
    seed
        Of proposals and discrepancy.
    look
        Shown the first generation, which is of the prior, before anything is inferred from it.
    """
    state = _State()
    generations: list[Generation] = []
    pool, stopped = state.pool(), ""
    while not stopped:
        rng, done, tolerance = np.random.default_rng((seed, len(generations))), len(pool.scores), math.inf
        count = min(sizes.later, sizes.runs - done) if generations else sizes.first
        if generations:
            rows, weights, tolerance = pool.nearest(observed, sizes.particles)
            scores = state.propose(_round(pool.scores[rows], weights), count, rng)
        else:
            scores = rng.normal(size=(count, len(prior.names)))
        normals = rng.normal(size=(count, len(observed.names)))
        state.add(scores, observed.with_discrepancy(simulate(prior.values(scores), done), normals))
        pool = state.pool()
        if look and not generations:
            look(pool)
        new, after = pool.distances(observed)[done:], pool.nearest(observed, sizes.particles)[2]
        generations.append(Generation(count, int((~np.isfinite(new)).sum()), float((new <= tolerance).mean()), after))
        stopped = _why_stop(generations, pool, observed, sizes)
    rows, weights, _ = pool.nearest(observed, sizes.particles)
    return Sampled(prior, observed, sizes, pool, rows, weights, tuple(generations), stopped)


@dataclass
class _State:
    """Blocks that were played, proposals they came from, and the log density of every run under each proposal."""

    blocks: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    proposals: list[_Proposal] = field(default_factory=list)
    densities: list[np.ndarray] = field(default_factory=list)

    def propose(self, proposal: _Proposal, count: int, rng: np.random.Generator) -> np.ndarray:
        self.proposals.append(proposal)
        self.densities.append(np.concatenate([proposal.log_density(scores) for scores, _ in self.blocks]))
        return proposal.draw(count, rng)

    def add(self, scores: np.ndarray, statistics: np.ndarray) -> None:
        plain = -0.5 * (scores * scores).sum(axis=1) - 0.5 * scores.shape[1] * math.log(2.0 * math.pi)
        new = [plain, *[proposal.log_density(scores) for proposal in self.proposals]]
        self.densities = [np.concatenate(pair) for pair in zip(self.densities, new, strict=True)] if self.blocks else new
        self.blocks.append((scores, statistics))

    def pool(self) -> Pool:
        if not self.blocks:
            nothing = np.zeros((0, 0))
            return Pool(nothing, nothing, 0, np.zeros(0), np.zeros(0))
        scores, statistics = (np.vstack([block[place] for block in self.blocks]) for place in (0, 1))
        counts = np.array([len(block[0]) for block in self.blocks])
        mixture = log_sum(np.column_stack(self.densities) + np.log(counts / counts.sum()))
        return Pool(scores, statistics, len(self.blocks[0][0]), self.densities[0] - mixture, _spread(self.blocks[0][1]))


def _why_stop(generations: list[Generation], pool: Pool, observed: Observed, sizes: Sizes) -> str:
    if int(np.isfinite(pool.distances(observed)).sum()) < sizes.particles:
        return "too many runs failed"
    if len(generations) > 1 and generations[-1].new_share < LEAST_NEW_SHARE:
        return f"fewer than {LEAST_NEW_SHARE:.0%} of new runs came within the tolerance"
    return "the budget of runs is spent" if len(pool.scores) >= sizes.runs else ""


def _round(scores: np.ndarray, weights: np.ndarray) -> _Proposal:
    away = scores - weights @ scores
    covariance = KERNEL * (weights * away.T) @ away + RIDGE * np.eye(scores.shape[1])
    return _Proposal(scores, weights, np.linalg.cholesky(covariance))


def _spread(statistics: np.ndarray) -> np.ndarray:
    """Return a robust spread of each column over runs that did not fail: median deviation, or standard deviation where that is 0."""
    good = statistics[np.isfinite(statistics).all(axis=1)]
    if not len(good):
        return np.zeros(statistics.shape[1])
    deviation = 1.4826 * np.median(np.abs(good - np.median(good, axis=0)), axis=0)
    spread: np.ndarray = np.where(deviation > 0, deviation, good.std(axis=0))
    return spread


def _distances(statistics: np.ndarray, observed: Observed, spread: np.ndarray) -> np.ndarray:
    used = (spread > 0) & np.isfinite(observed.low)
    if not used.any():
        return np.where(np.isfinite(statistics).all(axis=1), 0.0, np.inf)
    outside = np.maximum(np.maximum(observed.low - statistics, statistics - observed.high), 0.0)[:, used] / spread[used]
    found = np.sqrt((outside * outside).mean(axis=1))
    distances: np.ndarray = np.where(np.isfinite(found), found, np.inf)
    return distances
