"""Levers of a sweep by several rules of robustness, where the order flips, and what it would be worth to know more.

The rules and losses are those of ``robustness.py``: a case is a point of the uncertainties under one combination of rule forms, and points
count alike. One set of weights orders; what other weights would do is told exactly, as mean losses are straight lines in the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import RootModel

from analysis.comparison import Deciding, Flip, OutcomeTold, Ranking
from analysis.deciding import deciding
from analysis.discovery_fails import Bound
from analysis.paired import LEVEL, SIGN, Layout, all_at_once, estimate
from analysis.robustness import EQUAL, Losses, flips, losses_of, presets, rankings, scales_of
from analysis.sensitivity_responses import Factor, Responses, mean_of
from analysis.sweep_value import Value, value_of_all, values_of_knowing
from sim.api import input_error, nearest, read_document, validated

WEIGHTINGS = 2000
"""Sets of weights drawn evenly to see who is first under how many."""

DRAWN = 1


class WeightsFile(RootModel[dict[str, float]]):
    """Weights in a file: outcome to number."""


@dataclass(frozen=True)
class Played:
    """What every lever gave on the same points, forms and seeds.

    Attributes
    ----------
    values
        By lever (the first is the baseline), then outcome: shape ``(rows, seeds)``, rows being points by forms.
    table
        Shape ``(rows, factors)``.
    point
        By row, the point it belongs to.
    """

    scenario: str
    outcomes: tuple[OutcomeTold, ...]
    values: Mapping[str, Mapping[str, np.ndarray]]
    factors: tuple[Factor, ...]
    table: np.ndarray
    point: np.ndarray

    @property
    def levers(self) -> tuple[str, ...]:
        """Labels, the baseline first."""
        return tuple(self.values)

    def layout(self) -> Layout:
        """Return which row each run belongs to; all points in one panel."""
        seeds = next(iter(next(iter(self.values.values())).values())).shape[1]
        rows = np.repeat(np.arange(len(self.table)), seeds)
        return Layout(rows, np.zeros(len(rows), dtype=int))

    def flat(self) -> dict[str, dict[str, np.ndarray]]:
        """Return the same with one entry a run."""
        return {lever: {name: runs.ravel() for name, runs in row.items()} for lever, row in self.values.items()}


def played_of(responses: Mapping[str, Sequence[Responses]], outcomes: Sequence[OutcomeTold]) -> Played:
    """Return what was played, from the responses of each lever in the order of *outcomes*."""
    rows = {lever: {item.outcome: item.by_row()[2] for item in row} for lever, row in responses.items()}
    first = next(iter(responses.values()))[0]
    factors, table, _ = first.by_row()
    point = np.repeat(np.arange(len(first.points)), len(first.crossed))
    return Played(first.scenario, tuple(outcomes), rows, factors, table, point)


@dataclass(frozen=True)
class Satisfied:
    """How often a lever keeps all bounds at once.

    Attributes
    ----------
    cases
        Share of points (and forms) whose means over seeds keep them.
    runs
        Share of single runs that keep them.
    each
        Share of points that keep each bound by itself.
    """

    cases: float
    runs: float
    each: Mapping[str, float]


@dataclass(frozen=True)
class WeightFlip:
    """Where another lever comes first as one outcome's weight grows and the others keep their proportion."""

    outcome: str
    weight: float
    before: str
    after: str


@dataclass(frozen=True)
class Apart:
    """Difference of a lever's loss from that of the lever ordered first, over points, with its simultaneous interval."""

    lever: str
    mean: float
    low: float
    high: float
    cases_better: float


@dataclass(frozen=True)
class Robustness:
    """What is known of the levers' robustness.

    Attributes
    ----------
    rankings
        By each rule, under the chosen weights, then by the first rule under every preset.
    first_under
        Share of all weightings under which each lever has the least expected loss.
    deciding
        Against the lever that is first: the number whose split says most of when another does better.
    knowing, knowing_all
        Value of knowing each factor, and everything but luck (with half its interval), in losses.
    """

    scenario: str
    points: int
    seeds: int
    weights: Mapping[str, float]
    weights_name: str
    scales: Mapping[str, float]
    outcomes: tuple[OutcomeTold, ...]
    means: Mapping[str, Mapping[str, float]]
    rankings: tuple[Ranking, ...]
    flips: tuple[Flip, ...]
    apart: tuple[Apart, ...]
    satisfied: Mapping[str, Satisfied]
    bounds: tuple[str, ...]
    first_under: Mapping[str, float]
    weight_flips: tuple[WeightFlip, ...]
    deciding: tuple[Deciding, ...]
    knowing: tuple[Value, ...]
    knowing_all: tuple[float, float]

    @property
    def best(self) -> str:
        """The lever that the first rule orders first under the chosen weights."""
        return self.rankings[0].order[0] if self.rankings else ""


def robustness(played: Played, weights: Mapping[str, Mapping[str, float]], bounds: Sequence[Bound]) -> Robustness:
    """Return the robustness of the levers; the first of the named weights is the one that orders."""
    flat, layout, name = played.flat(), played.layout(), next(iter(weights))
    scales = scales_of(flat, played.outcomes)
    by_weights = {key: losses_of(flat, layout, played.outcomes, given, scales) for key, given in weights.items()}
    plain = by_weights[name]
    if not plain.runs.shape[1]:
        raise input_error(f"scenario {played.scenario}", "has no run that every lever finished with these outcomes", "look at the failures")
    ranked = rankings(plain, name, panels=())
    others = [
        item for key, losses in by_weights.items() if key != name for item in rankings(losses, key, panels=(), rules=[ranked[0].rule])
    ]
    means = _means(played, scales)
    best = ranked[0].order[0]
    cases, kept = plain.cases(), np.unique(plain.layout.case)
    return Robustness(
        scenario=played.scenario,
        points=len(np.unique(played.point[kept])),
        seeds=int(plain.runs.shape[1] // max(len(kept), 1)),
        weights=weights[name],
        weights_name=name,
        scales=scales,
        outcomes=played.outcomes,
        means={lever: {key: float(np.nanmean(runs)) for key, runs in row.items()} for lever, row in played.values.items()},
        rankings=(*ranked, *others),
        flips=tuple(flips(plain, [*ranked, *others], LEVEL, panels=())),
        apart=tuple(_apart(plain, best)),
        satisfied={lever: _satisfied(row, bounds) for lever, row in played.values.items()} if bounds else {},
        bounds=tuple(map(str, bounds)),
        first_under=_first_under(played.levers, means),
        weight_flips=tuple(_weight_flips(played.levers, means, weights[name])),
        deciding=tuple(_deciding(played, cases, kept, best)),
        knowing=tuple(values_of_knowing(cases, played.factors, played.table[kept], played.point[kept])),
        knowing_all=value_of_all(_by_seed(plain)),
    )


def _by_seed(losses: Losses) -> np.ndarray:
    """Return losses as levers by rows by seeds: of rows that have all their seeds."""
    _, place = losses.layout.groups()
    sizes = np.bincount(place)
    kept = sizes[place] == sizes.max()
    return losses.runs[:, kept].reshape(len(losses.options), -1, int(sizes.max()))


def _means(played: Played, scales: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Return by outcome that has a direction the mean loss of each lever, in its scale."""
    found = {}
    for item in played.outcomes:
        if SIGN[item.better] and scales.get(item.name, 0.0) > 0.0:
            levels = np.array([np.nanmean(row[item.name]) for row in played.values.values()])
            found[item.name] = SIGN[item.better] * (levels - levels[0]) / scales[item.name]
    return found


def _first_under(levers: Sequence[str], means: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return the share of evenly drawn weightings under which each lever has least expected loss; ties go to the earlier."""
    if not means:
        return dict.fromkeys(levers, 0.0)
    drawn = np.random.default_rng(DRAWN).dirichlet(np.ones(len(means)), WEIGHTINGS)
    first = (drawn @ np.array([*means.values()])).argmin(axis=1)
    return {lever: float((first == place).mean()) for place, lever in enumerate(levers)}


def _weight_flips(levers: Sequence[str], means: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> Iterator[WeightFlip]:
    """Give where the first place changes as one outcome's weight grows from its own to all."""
    table = np.array([*means.values()])
    given = np.array([weights.get(name, 0.0) for name in means])
    if not len(table) or not given.sum() > 0.0:
        return
    given = given / given.sum()
    for place, name in enumerate(means):
        rest = given.copy()
        rest[place] = 0.0
        if rest.sum() > 0.0:
            yield from _along(name, levers, (rest / rest.sum()) @ table, table[place], float(given[place]))


def _along(name: str, levers: Sequence[str], others: np.ndarray, own: np.ndarray, since: float) -> Iterator[WeightFlip]:
    """Give the changes of first place between a weight and 1: mean losses are straight lines between *others* and *own*."""
    weight, now = since, int(((1.0 - since) * others + since * own).argmin())
    while True:
        slope, start = own - others, others
        gain = (start - start[now]) / np.where(slope[now] - slope == 0.0, np.nan, slope[now] - slope)
        ahead = [
            (float(cross), place)
            for place, cross in enumerate(gain)
            if cross > weight + 1e-12 and cross < 1.0 and slope[place] < slope[now]
        ]
        if not ahead:
            return
        weight, after = min(ahead)
        yield WeightFlip(name, weight, levers[now], levers[after])
        now = after


def _apart(losses: Losses, best: str) -> Iterator[Apart]:
    """Give by how much each other lever loses more than the one ordered first."""
    first = losses.options.index(best)
    level = all_at_once(len(losses.options) - 1)
    for place, lever in enumerate(losses.options):
        if place != first:
            gap = losses.runs[place] - losses.runs[first]
            found = estimate(gap, losses.layout)
            half = found.half(level)
            yield Apart(lever, found.mean, found.mean - half, found.mean + half, float((losses.layout.means(gap) < 0.0).mean()))


def _satisfied(row: Mapping[str, np.ndarray], bounds: Sequence[Bound]) -> Satisfied:
    means = [bound.holds(mean_of(row[bound.outcome], 1)) for bound in bounds]
    runs = [bound.holds(row[bound.outcome]) for bound in bounds]
    each = {str(bound): float(kept.mean()) for bound, kept in zip(bounds, means, strict=True)}
    return Satisfied(float(np.all(means, axis=0).mean()), float(np.all(runs, axis=0).mean()), each)


def _deciding(played: Played, cases: np.ndarray, kept: np.ndarray, best: str) -> Iterator[Deciding]:
    """Give for each other lever the number on which it hinges whether it does better than the one ordered first."""
    names = [item.name for item in played.factors]
    first = played.levers.index(best)
    for place, lever in enumerate(played.levers):
        if place != first:
            told = deciding(lever, "loss", cases[place] - cases[first], names, played.table[kept], {})
            if told is not None:
                yield told


def weights_of(asked: str | None, outcomes: Sequence[OutcomeTold]) -> dict[str, dict[str, float]]:
    """Return sets of weights, the one that was asked for first: a preset, or a YAML file of outcome and weight."""
    known = presets(outcomes)
    if asked is None:
        return known
    if asked in known:
        return {asked: known[asked], **known}
    path = Path(asked)
    if not path.is_file():
        raise input_error(f"--weights {asked}", "is no preset and no file", nearest(asked, known))
    document = read_document(path)
    given = validated(document, WeightsFile).root
    names = known[EQUAL]
    for name, weight in given.items():
        if name not in names:
            raise input_error(f"{path}:{name}", "is no primary outcome of this sweep with a direction", nearest(name, names))
        if not (np.isfinite(weight) and weight >= 0.0):
            raise input_error(f"{path}:{name}", f"{weight:g} is no weight", "give a number of 0 or more")
    total = sum(given.values())
    if not total > 0.0:
        raise input_error(path, "gives every outcome weight 0", "give one a weight above 0")
    return {path.stem: {name: given.get(name, 0.0) / total for name in names}, **known}
