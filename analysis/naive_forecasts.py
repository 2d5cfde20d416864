"""Two naive forecasters, which a model that is worth its trouble beats.

*Fixed share*: of the people of a side who are at a site a fixed share is hurt, whatever anybody decides. The share is that of
May 2023, and how far it may be off is how far May's own days are off it. It knows counts of people hurt (and detained) only.

*Prior predictive*: this same model, its parameters drawn from their declared ranges instead of from the surviving sets. Where
the surviving sets are no better than it, tuning has taught nothing that helps here.

On May 2023 itself the fixed share is fitted to the very numbers it is scored on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from analysis.design import space_of
from analysis.expected import Statistic, read_expected
from analysis.forecast_scores import ForecastScore, can_be_scored, forecast_score, predicted
from analysis.played import Played
from sim.api import Scenario, load_scenario, normal_quantile

FITTED_TO = "may_2023"
DRAWS = 199
PRIOR_SEED = 20230529
"""Seed of the prior's Latin hypercube."""

WORSE_BY = 1.05
"""A forecast is called worse than another when its CRPS is more than this many times as large; nearer than that, alike."""

type People = Mapping[str, float]
"""By side: persons at the sites of a path."""

KFOR, POLICE, CROWD = "kfor", "police", "crowd"
SIDE_OF_FORCE = {"kfor": KFOR, "kosovo_police": POLICE, "eulex": POLICE, "ksf": POLICE}
FITTED = {
    "kfor_hurt_final_report": KFOR,
    "kfor_hurt_first_report": KFOR,
    "police_hurt_final_report": POLICE,
    "protesters_hurt_final_report": CROWD,
    "detained": CROWD,
}
"""Outcomes whose share is fitted to May, with the side of which it is a share."""

AS = {
    "kfor_hurt": "kfor_hurt_final_report",
    "kfor_hurt_next_day_report": "kfor_hurt_first_report",
    "police_hurt": "police_hurt_final_report",
    "protesters_hurt": "protesters_hurt_final_report",
}
"""Outcomes forecast by the share of another one."""

ALL_SIDES = ("kfor_hurt_final_report", "police_hurt_final_report", "protesters_hurt_final_report")
TOTALS = ("hurt", "hurt_final_report")


@dataclass(frozen=True)
class FixedShare:
    """The fixed-share forecaster as May fits it.

    Attributes
    ----------
    shares
        By outcome: observed, over the persons of its side on the days on which it was observed.
    log_sd
        Root mean square of how far May's days lie off their own forecasts, in the logarithm of one more than the count.
    """

    shares: Mapping[str, float]
    log_sd: float

    def middle(self, outcome: str, people: People) -> float | None:
        """Return the count in the middle of the forecast; None for an outcome of which it knows nothing."""
        name = AS.get(outcome, outcome)
        if name in TOTALS:
            parts = [self.middle(part, people) for part in ALL_SIDES]
            return sum(part for part in parts if part is not None)
        return self.shares[name] * people[FITTED[name]] if name in self.shares else None

    def draws(self, outcome: str, people: People) -> np.ndarray | None:
        """Return evenly spread draws of the forecast; None for an outcome of which it knows nothing."""
        middle = self.middle(outcome, people)
        if middle is None:
            return None
        steps = np.array([normal_quantile((place + 0.5) / DRAWS) for place in range(DRAWS)])
        counts: np.ndarray = np.maximum(np.expm1(math.log1p(middle) + self.log_sd * steps), 0.0)
        return counts


def people_at(scenario: Scenario, path: str) -> People:
    """Return the persons of each side at the sites of an outcome's path: units deployed there, crowds at their likeliest size."""
    day, site = [*path.split("/")[:-1], "", ""][:2]
    found = {KFOR: 0.0, POLICE: 0.0, CROWD: 0.0}
    units = {unit.id: unit for unit in scenario.framework.command.units}
    for played in scenario.days:
        if day and played.name != day:
            continue
        for item in played.file.deployments:
            if not site or item.site == site:
                unit = units[item.unit]
                found[SIDE_OF_FORCE[str(unit.organisation)]] += unit.strength
        for name, crowd in played.file.crowds.items():
            found[CROWD] += sum(wave.persons.central for wave in crowd.arrivals) if not site or name == site else 0.0
    return found


@cache
def fixed_share() -> FixedShare:
    """Return the fixed-share forecaster, fitted to the counts of May 2023 alone."""
    scenario = load_scenario(FITTED_TO)
    counts = [item for _, item in read_expected(scenario).emergent if item.kind == "count" and item.observed is not None]
    return fitted([(item.outcome, float(item.observed or 0.0), people_at(scenario, item.outcome)) for item in counts])


def fitted(observed: Sequence[tuple[str, float, People]]) -> FixedShare:
    """Return the forecaster that observed counts give: each as its outcome's path, the count and the people there."""
    counts: dict[str, float] = {}
    persons: dict[str, float] = {}
    for path, count, people in observed:
        name = path.split("/")[-1]
        if name in FITTED:
            counts[name] = counts.get(name, 0.0) + count
            persons[name] = persons.get(name, 0.0) + people[FITTED[name]]
    shares = {name: counts[name] / persons[name] for name in counts if persons[name] > 0.0}
    exact = FixedShare(shares, 0.0)
    off = []
    for path, count, people in observed:
        middle = exact.middle(path.split("/")[-1], people)
        off += [math.log1p(count) - math.log1p(middle)] if middle is not None else []
    return FixedShare(shares, math.sqrt(sum(item * item for item in off) / len(off)) if off else 0.0)


@dataclass(frozen=True)
class Forecasts:
    """A statistic forecast by the model and by both naive forecasters; None where a forecaster knows nothing of it."""

    pattern: str
    statistic: Statistic
    model: ForecastScore
    fixed_share: ForecastScore | None
    prior: ForecastScore | None

    @property
    def key(self) -> str:
        """Pattern and name of the statistic."""
        return f"{self.pattern} {self.statistic.name}"

    def against(self, rival: ForecastScore | None) -> Literal["better", "alike", "worse", "none"]:
        """Say how the model did against a rival, by the CRPS."""
        if rival is None:
            return "none"
        if self.model.crps > WORSE_BY * rival.crps:
            return "worse"
        return "better" if WORSE_BY * self.model.crps < rival.crps else "alike"

    @property
    def worse_than(self) -> tuple[str, ...]:
        """The naive forecasters that did better than the model."""
        rivals = (("a fixed injury share", self.fixed_share), ("its own prior", self.prior))
        return tuple(words for words, rival in rivals if self.against(rival) == "worse")


def prior_sets(scenario: Scenario, count: int) -> list[dict[str, float]]:
    """Return parameter sets drawn from the declared ranges: a Latin hypercube, densest at the declared values."""
    space = space_of(scenario)
    return [space.values(row) for row in space.draw(count, np.random.default_rng(PRIOR_SEED))]


def forecasts(
    scenario: Scenario,
    statistics: Iterable[tuple[str, Statistic]],
    model: Sequence[Played],
    prior: Sequence[Played],
    log_sd: float,
) -> tuple[Forecasts, ...]:
    """Return every statistic that can be scored, as the model and both naive forecasters tell it."""
    share = fixed_share()
    found = []
    for pattern, statistic in statistics:
        if not can_be_scored(statistic) or not all(item.shows(statistic) for item in model):
            continue
        naive = share.draws(statistic.outcome.split("/")[-1], people_at(scenario, statistic.outcome)) if statistic.kind == "count" else None
        known = [item.values(statistic) for item in prior if item.shows(statistic)]
        drawn = np.concatenate(known) if known else np.zeros(0)
        found.append(
            Forecasts(
                pattern,
                statistic,
                forecast_score(statistic, predicted(statistic, np.concatenate([item.values(statistic) for item in model]), log_sd)),
                None if naive is None else forecast_score(statistic, naive),
                forecast_score(statistic, predicted(statistic, drawn, log_sd)) if len(drawn) else None,
            )
        )
    return tuple(found)
