"""The paper's claims, computed: what every experiment of every claim found, as data for a page and for other programs.

The first outcome of a claim's first experiment decides; everything else is told beside it. Verdicts are taken over the declared
ranges and, apart, over halved ones.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from analysis.claim_files import Claim, Contrast, Predicted, matches
from analysis.claim_plan import Asked, Plan, Wanted, arm_key, plan_of
from analysis.claim_runs import Kept, Progress, Study, kept_in
from analysis.claim_verdict import Says, SetSays, Verdict, interval, says, says_not_worse, verdict
from sim.api import outcomes_in_play

WHOLE = ("0 or 1", "persons", "times", "units", "acts", "weeks")
"""Units of outcomes that count whole things."""


@dataclass(frozen=True)
class Reading:
    """One contrast on one outcome.

    Attributes
    ----------
    declared, halved
        Verdicts over the declared ranges, and with every range halved.
    mean, low, high
        Mean over sets of the difference with less without, and its 95 % interval with sets as units; the outcome's own unit.
    base
        Mean of the outcome without.
    by_panel
        Mean difference in each panel.
    """

    contrast: str
    words: str
    path: str
    unit: str
    direction: str
    margin: str
    declared: Verdict
    halved: Verdict
    mean: float
    low: float
    high: float
    base: float
    by_panel: Mapping[str, float]


@dataclass(frozen=True)
class ExperimentFound:
    """What an experiment found, or why it was not run."""

    scenario: str
    words: str
    why_not: str
    settings: Mapping[str, Mapping[str, str]]
    arms: Mapping[str, str]
    readings: tuple[Reading, ...]
    runs: int
    failures: tuple[str, ...]


@dataclass(frozen=True)
class ClaimFound:
    """A claim with what decides it; ``word`` is ``not run`` where its first experiment could not be."""

    claim: Claim
    word: str
    decided_by: Reading | None
    experiments: tuple[ExperimentFound, ...]


@dataclass(frozen=True)
class Findings:
    """What was found, and how far it went."""

    model: str
    stopped: str
    sets: int
    seeds: int
    claims: tuple[ClaimFound, ...]


def study_claims(
    claims: Sequence[Claim],
    sets: int,
    seeds: int,
    budget_s: float,
    folder: Path | None = None,
    resume: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Return what claims come to, as far as the budget goes.

    Parameters
    ----------
    sets, seeds
        Parameter sets in all, and seeds a set at the most.
    folder
        Where runs are kept.
    """
    ends = monotonic() + budget_s
    plan = plan_of(claims, sets)
    kept = kept_in(folder, plan, resume)
    study = Study(plan, kept, seeds, lambda place, key: nearness(plan, kept, place, key), workers, progress)
    stopped = study.run(ends) if plan.fields else "done"
    return found(plan, kept, seeds, stopped)


def found(plan: Plan, kept: Kept, seeds: int, stopped: str) -> Findings:
    """Return the findings of what has been run."""
    by_claim: dict[str, list[tuple[Asked, ExperimentFound]]] = {}
    for asked in plan.asked:
        by_claim.setdefault(asked.claim.id, []).append((asked, _experiment(plan, kept, asked)))
    claims = tuple(_claim(items) for items in by_claim.values())
    return Findings(plan.identity["model"], stopped, plan.sets, seeds, claims)


def _claim(items: Sequence[tuple[Asked, ExperimentFound]]) -> ClaimFound:
    (asked, first), told = items[0], tuple(item for _, item in items)
    if first.why_not:
        return ClaimFound(asked.claim, "not run", None, told)
    path = asked.experiment.outcomes[0].path
    deciding = [reading for reading in first.readings if reading.path == path]
    if asked.experiment.decides_by == "smallest":
        held = [reading for reading in deciding if reading.declared.word == "holds"]
        chosen = held[0] if held else deciding[-1]
    else:
        chosen = deciding[0]
    return ClaimFound(asked.claim, chosen.declared.word, chosen, told)


def _experiment(plan: Plan, kept: Kept, asked: Asked) -> ExperimentFound:
    arms = {name: arm.words for name, arm in asked.experiment.arms.items()}
    if asked.why_not:
        return ExperimentFound(asked.experiment.scenario, asked.experiment.words, asked.why_not, {}, arms, (), 0, ())
    keys = {arm_key(settings) for settings in asked.arms.values()}
    mine = [wanted for wanted in kept.found if wanted.field == asked.field.name and wanted.arm in keys]
    tried = {wanted: text for wanted, text in kept.failures.items() if wanted.field == asked.field.name and wanted.arm in keys}
    failed = [f"set {wanted.number}, seed {wanted.seed}: {text}" for wanted, text in tried.items()]
    readings = tuple(
        _reading(plan, kept, asked, contrast, predicted)
        for contrast in asked.experiment.contrasts
        for predicted in asked.experiment.outcomes
    )
    words = asked.experiment.words
    return ExperimentFound(asked.field.scenario, words, "", asked.arms, arms, readings, len(mine), tuple(failed))


def _reading(plan: Plan, kept: Kept, asked: Asked, contrast: Contrast, predicted: Predicted) -> Reading:
    prior_only = asked.field.prior_only()
    verdicts, told = [], list[SetSays]()
    for halved in (False, True):
        sets = _sets(plan, kept, asked, contrast, predicted, halved)
        values = {item.number: plan.points[(asked.field.name, item.number, halved)].values for item in sets}
        verdicts.append(verdict(sets, values, prior_only))
        told = told if halved else sets
    means = np.array([item.mean for item in told])
    low, high = interval(means, 0.95, whole=False) if len(means) > 1 else (math.nan, math.nan)
    panels = {item.panel: float(np.mean([other.mean for other in told if other.panel == item.panel])) for item in told}
    return Reading(
        contrast=contrast.name,
        words=contrast.words,
        path=predicted.path,
        unit=_unit(asked, predicted.path),
        direction=predicted.direction,
        margin=predicted.margin_told,
        declared=verdicts[0],
        halved=verdicts[1],
        mean=float(means.mean()) if len(means) else math.nan,
        low=low,
        high=high,
        base=float(np.mean([item.base for item in told])) if told else math.nan,
        by_panel=panels,
    )


def _unit(asked: Asked, path: str) -> str:
    name = path.rpartition("/")[2]
    return _units(asked.field.scenario).get(name, "")


@cache
def _units(scenario: str) -> dict[str, str]:
    from sim.api import load

    return {outcome.name: outcome.unit for outcome in outcomes_in_play(load(scenario))}


def _sets(plan: Plan, kept: Kept, asked: Asked, contrast: Contrast, predicted: Predicted, halved: bool) -> list[SetSays]:
    found = []
    for (name, number, is_halved), point in plan.points.items():
        if name != asked.field.name or is_halved != halved:
            continue
        told = set_says(kept, asked, contrast, predicted, (name, number, halved))
        if told is not None:
            found.append(dataclasses.replace(told, panel=point.panel))
    return found


def set_says(kept: Kept, asked: Asked, contrast: Contrast, predicted: Predicted, key: tuple[str, int, bool]) -> SetSays | None:
    """Return what one parameter set says; None where too few of its runs are there."""
    runs = _paired_runs(kept, asked, contrast, key)
    paths = sorted({name for run in runs[:1] for arm in run.values() for name in arm if matches(name, predicted.path)})
    if len(runs) < 2 or not paths:
        return None
    plus, minus = (_means(runs, arms, paths) for arms in (contrast.plus, contrast.minus))
    whole = all(_unit(asked, path) in WHOLE for path in paths)
    word: Says
    if predicted.direction == "not_worse":
        word = says_not_worse(list(plus - minus), list(predicted.reach(minus)), whole)
        told = _worst(plus, minus)
        plus, minus = plus[told : told + 1], minus[told : told + 1]
    else:
        sign = 1.0 if predicted.direction == "more" else -1.0
        word = says(sign * (plus - minus).mean(axis=0), predicted.reach(minus.mean(axis=0)), whole)
    difference = (plus - minus).mean(axis=0)
    low, high = interval(difference, 0.95, whole)
    return SetSays(key[1], "", word, float(difference.mean()), low, high, len(runs), float(minus.mean()))


def _worst(plus: np.ndarray, minus: np.ndarray) -> int:
    """Return the path whose mean is most above that of the other arm, as a share of it."""
    base = np.abs(minus.mean(axis=1))
    return int(np.divide((plus - minus).mean(axis=1), base, out=np.zeros(len(base)), where=base > 0.0).argmax())


def _means(runs: Sequence[Mapping[str, Mapping[str, float]]], arms: Sequence[str], paths: Sequence[str]) -> np.ndarray:
    """Return the mean of some arms, one row a path, one column a seed."""
    return np.array([[np.mean([run[arm][path] for arm in arms]) for run in runs] for path in paths])


def _paired_runs(kept: Kept, asked: Asked, contrast: Contrast, key: tuple[str, int, bool]) -> list[dict[str, Mapping[str, float]]]:
    """Return the runs of a contrast's arms on those seeds for which all arms have one."""
    arms = {name: arm_key(asked.arms[name]) for name in dict.fromkeys((*contrast.plus, *contrast.minus))}
    rows, place = [], 0
    while all(kept.done(Wanted(*key, arm, place)) for arm in arms.values()):
        row = {name: kept.found.get(Wanted(*key, arm, place)) for name, arm in arms.items()}
        rows.append({name: run for name, run in row.items() if run is not None})
        place += 1
    return [row for row in rows if len(row) == len(arms)]


def nearness(plan: Plan, kept: Kept, place: int, key: tuple[str, int, bool]) -> float | None:
    """Return how far a set's mean lies from the margin, in half widths, where its first outcome cannot be told; else None."""
    asked = plan.asked[place]
    told = set_says(kept, asked, asked.experiment.contrasts[0], asked.experiment.outcomes[0], key)
    if told is None or told.says != "wide":
        return None
    predicted = asked.experiment.outcomes[0]
    margin = float(predicted.reach(np.array(told.base)))
    half = max((told.high - told.low) / 2.0, 1e-9)
    return float(abs(abs(told.mean) - margin) / half)


def as_json(findings: Findings) -> str:
    """Return findings as JSON; what is not a number is null."""
    data = dataclasses.asdict(dataclasses.replace(findings, claims=()))
    data["claims"] = [{**dataclasses.asdict(dataclasses.replace(item)), "claim": item.claim.model_dump()} for item in findings.claims]
    return json.dumps(_plain(data), ensure_ascii=False, indent=1, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
