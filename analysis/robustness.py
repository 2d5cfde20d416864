"""Robustness: options ordered by several rules, because no one rule is right when the truth about the theories is not known.

A run's *loss* is the weighted sum of its primary outcomes, each in its scale (the spread of all runs compared) and turned so that
more is worse. Rules look at losses of cases (means over seeds) or of runs; by each the lowest score is best. A ranking of one
number hides trade-offs: it stands beside the outcomes, never in their place. Words after McPhail and others (2018).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.comparison import ALL, PANELS, Flip, OutcomeTold, Ranking
from analysis.paired import SIGN, WORST_SHARE, Layout, estimate

EQUAL = "equal"
EXPECTED = "expected value"
REGRET_SHARE = 0.9
FIRST_WEIGHT = 0.6
"""Share of all weight that the concern named first in a preset has."""

RESAMPLES = 200
LEAST_CASES = 8
"""With fewer cases, drawing them again says nothing about cases that were not drawn."""

NEARLY = 1e-9

CONCERNS: Mapping[str, tuple[str, ...]] = {
    "harm first": ("serious_or_fatal", "hurt", "killed", "harm"),
    "deterrence first": ("riot", "attack", "attempt", "challenge"),
    "escalation first": ("step_",),
    "legitimacy first": ("legitimacy", "confidence", "grievance"),
    "political cost first": ("licence",),
}
"""What a preset puts first: primary outcomes with one of these parts in their names; the first that fits."""

Score = Callable[[np.ndarray, np.ndarray], np.ndarray]


def presets(outcomes: Sequence[OutcomeTold]) -> dict[str, dict[str, float]]:
    """Return sets of weights that sum to 1: all primary outcomes alike, then each concern first that this scenario can show."""
    names = [item.name for item in outcomes if item.primary and SIGN[item.better]]
    found = {EQUAL: dict.fromkeys(names, 1.0 / max(len(names), 1))}
    concern = {name: next((title for title, parts in CONCERNS.items() if any(part in name for part in parts)), "") for name in names}
    for title in CONCERNS:
        first = [name for name in names if concern[name] == title]
        rest = [name for name in names if concern[name] != title]
        if first and rest:
            found[title] = {name: FIRST_WEIGHT / len(first) if name in first else (1.0 - FIRST_WEIGHT) / len(rest) for name in names}
    return found


@dataclass(frozen=True)
class Losses:
    """Losses of options on the same runs.

    Attributes
    ----------
    options
        The baseline first.
    runs
        Shape ``(options, runs)``, without runs that failed for any option.
    """

    options: tuple[str, ...]
    runs: np.ndarray
    layout: Layout

    def cases(self) -> np.ndarray:
        """Return the losses of cases: shape ``(options, cases)``."""
        return np.array([self.layout.means(row) for row in self.runs])

    def of_panel(self, place: int) -> Losses:
        """Return the losses of one panel's runs."""
        kept = self.layout.panel == place
        return Losses(self.options, self.runs[:, kept], self.layout.only(kept))


def scales_of(values: Mapping[str, Mapping[str, np.ndarray]], outcomes: Sequence[OutcomeTold]) -> dict[str, float]:
    """Return the scale of each primary outcome: standard deviation over all runs of all options; 0 where none differs."""
    names = [item.name for item in outcomes if item.primary and SIGN[item.better]]
    found = {name: np.concatenate([row[name] for row in values.values()]) for name in names}
    return {name: float(np.nanstd(column)) if np.isfinite(column).any() else 0.0 for name, column in found.items()}


def losses_of(
    values: Mapping[str, Mapping[str, np.ndarray]],
    layout: Layout,
    outcomes: Sequence[OutcomeTold],
    weights: Mapping[str, float],
    scales: Mapping[str, float],
) -> Losses:
    """Return the losses under one set of weights: options in the order of *values*, whose first is the baseline."""
    sign = {item.name: SIGN[item.better] for item in outcomes}
    used = [name for name in weights if scales.get(name, 0.0) > 0.0]
    nothing = np.zeros(len(layout.case))
    factors = {name: weights[name] * sign[name] / scales[name] for name in used}
    rows = [sum((factors[name] * row[name] for name in used), nothing) for row in values.values()]
    table = np.array(rows)
    kept = ~np.isnan(table).any(axis=0)
    return Losses(tuple(values), table[:, kept], layout.only(kept))


def _expected(cases: np.ndarray, _runs: np.ndarray) -> np.ndarray:
    return np.asarray(cases.mean(axis=1))


def _regret(cases: np.ndarray, _runs: np.ndarray) -> np.ndarray:
    return np.asarray(np.quantile(cases - cases.min(axis=0), REGRET_SHARE, axis=1))


def _unsatisfied(cases: np.ndarray, _runs: np.ndarray) -> np.ndarray:
    return np.asarray((cases > np.median(cases[0])).mean(axis=1))


def _worst(cases: np.ndarray, _runs: np.ndarray) -> np.ndarray:
    return np.asarray(cases.max(axis=1))


def _tail(_cases: np.ndarray, runs: np.ndarray) -> np.ndarray:
    worst = max(1, math.ceil(WORST_SHARE * runs.shape[1]))
    return np.asarray(np.sort(runs, axis=1)[:, -worst:].mean(axis=1))


RULES: Mapping[str, Score] = {
    EXPECTED: _expected,
    "regret": _regret,
    "satisficing": _unsatisfied,
    "worst case": _worst,
    "worst tenth of runs": _tail,
}

RULES_MEAN: Mapping[str, str] = {
    EXPECTED: "mean loss over cases",
    "regret": "what nine in ten cases do not exceed of the loss beyond that of the best option in the same case",
    "satisficing": "share of cases whose loss is above the baseline's median",
    "worst case": "largest loss of a case",
    "worst tenth of runs": "mean loss of the worst tenth of runs (expected shortfall)",
}


def rankings(
    losses: Losses, weights: str, resamples: int = RESAMPLES, panels: Sequence[str] = PANELS, rules: Iterable[str] = RULES
) -> list[Ranking]:
    """Return one ranking for each rule over all cases and in each panel that has cases."""
    scopes = [(ALL, losses), *((panel, losses.of_panel(place)) for place, panel in enumerate(panels))]
    found: list[Ranking] = []
    for panel, part in scopes:
        if part.runs.shape[1]:
            found += _of_scope(part, panel, weights, resamples, rules, {item.rule: item.order for item in found[: len([*rules])]})
    return found


def _of_scope(
    losses: Losses, panel: str, weights: str, resamples: int, rules: Iterable[str], overall: Mapping[str, tuple[str, ...]]
) -> Iterator[Ranking]:
    """Give a scope's ranking by each rule; options with the same score stand in the order that they have over all cases."""
    cases = losses.cases()
    drawn = [*_resampled(losses, cases, resamples)]
    for rule in rules:
        score = RULES[rule]
        scores = score(cases, losses.runs)
        before = {option: place for place, option in enumerate(overall.get(rule, losses.options))}
        order = sorted(range(len(scores)), key=lambda place: (round(float(scores[place]), 12), before[losses.options[place]]))
        best = int(order[0])
        hits = [again[best] <= again.min() + NEARLY for again in (score(*sample) for sample in drawn)]
        yield Ranking(
            panel=panel,
            rule=rule,
            weights=weights,
            order=tuple(losses.options[place] for place in order),
            scores=dict(zip(losses.options, map(float, scores), strict=True)),
            correct_chance=float(np.mean(hits)) if hits and cases.shape[1] >= LEAST_CASES else math.nan,
        )


def _resampled(losses: Losses, cases: np.ndarray, resamples: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give cases drawn again with replacement within their panels, with their runs: the same draws at every call."""
    rng = np.random.default_rng(cases.shape[1])
    _, place = losses.layout.groups()
    runs_of = [np.flatnonzero(place == case) for case in range(cases.shape[1])]
    strata = losses.layout.strata()
    groups = [np.flatnonzero(strata == panel) for panel in np.unique(strata)]
    if min(map(len, groups)) < 2:  # a panel of one case has nothing to draw from
        groups = [np.arange(cases.shape[1])]
    for _ in range(resamples):
        chosen = np.concatenate([rng.choice(group, len(group)) for group in groups])
        yield cases[:, chosen], losses.runs[:, np.concatenate([runs_of[case] for case in chosen])]


def settled(losses: Losses, level: float, indifference: float) -> tuple[bool, float]:
    """Tell whether every two neighbours by expected value are told apart or alike to the margin; and the widest half width left."""
    means = losses.cases().mean(axis=1)
    order = np.argsort(means, kind="stable")
    widest, done = 0.0, True
    for one, other in pairwise(order):
        found = estimate(losses.runs[other] - losses.runs[one], losses.layout)
        half = found.half(level)
        open_still = math.isnan(half) or not (abs(found.mean) > half or abs(found.mean) + half <= indifference)
        done = done and not open_still
        widest = max(widest, half) if open_still and not math.isnan(half) else widest
    return done, widest


def flips(losses: Losses, found: Sequence[Ranking], level: float, panels: Sequence[str] = PANELS) -> list[Flip]:
    """Return options whose order differs: first places by panel, rule and weights, then pairs told apart both ways in two panels."""
    return list(dict.fromkeys([*_first_places(found), *_between_panels(losses, level, panels)]))


def _first_places(found: Sequence[Ranking]) -> Iterator[Flip]:
    """Give the changes of first place from the plain ranking (all cases, expected value, equal weights) in one respect each."""
    if not found:
        return
    plain = found[0]
    for other in found[1:]:
        apart = [getattr(other, field) != getattr(plain, field) for field in ("panel", "rule", "weights")]
        if sum(apart) == 1 and other.order[0] != plain.order[0] and _clearly(other, plain.order[0]):
            yield Flip(plain.order[0], other.order[0], _where(plain, apart), _where(other, apart))


def _clearly(ranking: Ranking, second: str) -> bool:
    """Tell whether the first is really before another option, not merely listed before it at the same score."""
    return ranking.scores[second] > ranking.scores[ranking.order[0]] + NEARLY


def _where(ranking: Ranking, apart: Sequence[bool]) -> str:
    told = (f"panel {ranking.panel}" if ranking.panel != ALL else "all cases", f"rule {ranking.rule}", f"weights {ranking.weights}")
    return next(words for words, shown in zip(told, apart, strict=True) if shown)


def _between_panels(losses: Losses, level: float, panels: Sequence[str]) -> Iterator[Flip]:
    parts = {panel: part for place, panel in enumerate(panels) if (part := losses.of_panel(place)).runs.shape[1]}
    for one, first in enumerate(losses.options):
        for other in range(one + 1, len(losses.options)):
            sides = {panel: _side(part, one, other, level) for panel, part in parts.items()}
            before = [panel for panel, side in sides.items() if side < 0]
            after = [panel for panel, side in sides.items() if side > 0]
            if before and after:
                yield Flip(first, losses.options[other], f"panel {', '.join(before)}", f"panel {', '.join(after)}")


def _side(losses: Losses, one: int, other: int, level: float) -> int:
    """Return -1 where the first has clearly less loss, 1 where more, 0 where they are not told apart."""
    found = estimate(losses.runs[one] - losses.runs[other], losses.layout)
    half = found.half(level)
    return 0 if math.isnan(half) or abs(found.mean) <= half else (-1 if found.mean < 0.0 else 1)


def dominating(
    effects: Mapping[str, Mapping[str, Mapping[str, np.ndarray]]], outcomes: Sequence[OutcomeTold], share: float = 0.95
) -> list[str]:
    """Return options that are better or equal on every primary outcome in more than *share* of each panel's cases: too good to be true.

    Parameters
    ----------
    effects
        By option, then outcome, then panel: mean differences of cases. An option that differs nowhere dominates nothing.
    """
    sign = {item.name: SIGN[item.better] for item in outcomes if item.primary and SIGN[item.better]}
    found = []
    for option, by_outcome in effects.items():
        panels = {panel for by_panel in by_outcome.values() for panel in by_panel}
        worse = {panel: _worse(by_outcome, panel, sign) for panel in panels}
        differs = any(column.any() for name in sign if name in by_outcome for column in by_outcome[name].values())
        if panels and differs and all(len(cases) and float((~cases).mean()) > share for cases in worse.values()):
            found.append(option)
    return found


def _worse(by_outcome: Mapping[str, Mapping[str, np.ndarray]], panel: str, sign: Mapping[str, float]) -> np.ndarray:
    """Return by case of a panel whether an option is worse on any primary outcome."""
    rows = [sign[name] * by_outcome[name][panel] > NEARLY for name in sign if name in by_outcome]
    return np.asarray(np.any(rows, axis=0))
