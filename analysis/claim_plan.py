"""What is to be run for claims: which arms on which parameter sets, so that claims share the runs that they have in common.

The points are those of a comparison of options (surviving sets, theory strengths drawn anew inside a panel, sizes of options'
effects drawn from their ranges). Each has a twin with every range halved towards the declared value. A set's luck belongs to its
number, so that all arms of all claims meet the same; arms of one scenario and one list of days are played once, whoever asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from analysis.claim_files import Arm, Claim, Experiment, matches
from analysis.compare_design import DESIGN_SEED, CasePoint, design_of, folders_of
from analysis.panels import PANELS, drawn_in, ends_of
from sim.api import Case, InputError, configured, load, load_options, model_digest, outcomes_in_play, settings_of

TABLE = "identifiability.json"
LEAST_CONTRACTION = 0.3
"""Specification, section 9: below it a parameter is prior-driven."""

FAR = 100_000
"""Seeds from which the next set's begin."""


@dataclass(frozen=True)
class Point:
    """A parameter set in a panel, with the declared ranges or with halved ones."""

    number: int
    panel: str
    halved: bool
    values: Mapping[str, float]
    settings: Mapping[str, str]

    def seed(self, place: int) -> int:
        """Return its seed of that place."""
        return self.number * FAR + place


@dataclass(frozen=True)
class Field:
    """One scenario, and the days of it that are played."""

    scenario: str
    days: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in files of results."""
        return "/".join((self.scenario, *self.days))

    @cached_property
    def loaded(self) -> Any:
        """The scenario or campaign with those days; InputError where there is none."""
        scenario: Any = load(self.scenario)
        return scenario.on_days(self.days) if self.days else scenario

    def points(self, count: int, halved: bool) -> list[Point]:
        """Return the first *count* points, panels in turn."""
        cases = design_of(self.loaded).cases(count)
        return [self._halved(case) if halved else Point(case.number, case.panel, False, case.values, case.settings) for case in cases]

    def _halved(self, case: CasePoint) -> Point:
        valued = self.loaded.parameters.valued
        ends = ends_of(self.loaded.parameters, self.loaded.reads, halved=True)
        values = {name: (value + float(valued[name].value)) / 2.0 for name, value in case.values.items()}
        values |= drawn_in(case.panel, ends, np.random.default_rng((DESIGN_SEED, 4000, case.number)))
        return Point(case.number, case.panel, True, values, case.settings)

    def prior_only(self) -> dict[str, bool]:
        """Return by parameter whether the patterns leave it as declared; theory strengths are drawn anew and always are."""
        found: dict[str, bool] = {}
        for path in (folder / TABLE for folder in folders_of(self.loaded)):
            table = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"parameters": []}
            bar = max(LEAST_CONTRACTION, table.get("contraction_bar") or LEAST_CONTRACTION)
            for row in table["parameters"]:
                informed = row["contraction"] is not None and row["contraction"] >= bar
                found[row["parameter"]] = found.get(row["parameter"], True) and not informed
        return {**found, **dict.fromkeys(ends_of(self.loaded.parameters, self.loaded.reads), True)}


@dataclass(frozen=True)
class Asked:
    """An experiment of a claim, made ready.

    Attributes
    ----------
    arms
        Settings of each arm, as typed.
    why_not
        Why it cannot be run; empty where it can.
    paths
        Outcomes that match each predicted path, where that is known before a run.
    """

    claim: Claim
    experiment: Experiment
    field: Field
    arms: Mapping[str, Mapping[str, str]]
    why_not: str = ""


def asked_of(claim: Claim, experiment: Experiment) -> Asked:
    """Return an experiment with its options spelt out; one that cannot be run says why."""
    field = Field(experiment.scenario, experiment.days)
    try:
        scenario = field.loaded
        arms = {name: _settings(arm, scenario) for name, arm in experiment.arms.items()}
        for settings in arms.values():
            configured(scenario, settings)
        why = _without_outcome(experiment, scenario)
    except InputError as error:
        return Asked(claim, experiment, field, {}, "; ".join(str(problem) for problem in error.problems))
    return Asked(claim, experiment, field, arms, why)


def _settings(arm: Arm, scenario: Any) -> dict[str, str]:
    known = load_options() if arm.options else {}
    if unknown := [name for name in arm.options if name not in known]:
        settings_of(unknown, scenario)
    return {**(settings_of(arm.options, scenario) if arm.options else {}), **arm.settings}


def _without_outcome(experiment: Experiment, scenario: Any) -> str:
    """Return what is wrong when a predicted outcome is none of the scenario's, as far as it can be told before a run."""
    known = [outcome.name for outcome in outcomes_in_play(scenario)]
    asked = [item.path for item in experiment.outcomes if "/" not in item.path]
    lost = [path for path in asked if not any(matches(name, path) for name in known)]
    return f"{experiment.scenario} has no outcome {', '.join(lost)}" if lost else ""


@dataclass(frozen=True)
class Wanted:
    """One run that is wanted."""

    field: str
    number: int
    halved: bool
    arm: str
    seed: int


@dataclass(frozen=True)
class Plan:
    """All experiments of some claims, and the points on which they are run."""

    asked: tuple[Asked, ...]
    sets: int

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Scenarios and days that are played, by name."""
        return {item.field.name: item.field for item in self.asked if not item.why_not}

    @cached_property
    def points(self) -> dict[tuple[str, int, bool], Point]:
        """All points by field, number and whether ranges are halved."""
        return {
            (name, point.number, halved): point
            for name, field in self.fields.items()
            for halved in (False, True)
            for point in field.points(self.sets, halved)
        }

    def asked_in(self, field: str) -> list[Asked]:
        """Return the experiments that are run in a field."""
        return [item for item in self.asked if not item.why_not and item.field.name == field]

    def wanted(self, items: Sequence[Asked], point: tuple[str, int, bool], places: range) -> Iterator[Wanted]:
        """Give the runs of some experiments on one point, each arm once."""
        field, number, halved = point
        arms = dict.fromkeys(arm_key(settings) for item in items for settings in item.arms.values())
        for place in places:
            yield from (Wanted(field, number, halved, arm, place) for arm in arms)

    def case(self, wanted: Wanted) -> Case:
        """Return the run that is wanted."""
        field, point = self.fields[wanted.field], self.points[(wanted.field, wanted.number, wanted.halved)]
        settings = {**point.settings, **json.loads(wanted.arm)}
        return Case(field.scenario, point.seed(wanted.seed), dict(point.values), days=field.days, settings=settings)

    def keeps(self, field: str, outcomes: Mapping[str, float]) -> dict[str, float]:
        """Return those outcomes of a run for which some experiment asks."""
        paths = {predicted.path for item in self.asked_in(field) for predicted in item.experiment.outcomes}
        return {name: value for name, value in outcomes.items() if any(matches(name, path) for path in paths)}

    @cached_property
    def identity(self) -> dict[str, str]:
        """What results must have in common to be joined, each part as a digest: the model, the claims, files and points."""
        points = {str(key): [dict(point.values), dict(point.settings)] for key, point in self.points.items() if key[1] < len(PANELS)}
        arms = {f"{item.claim.id} {item.field.name}": {name: dict(arm) for name, arm in item.arms.items()} for item in self.asked}
        files = [path for field in self.fields.values() for path in _files(field.loaded)]
        text = "".join(path.read_text(encoding="utf-8") for path in dict.fromkeys(files))
        return {
            "model": model_digest(),
            "claims": _digest([item.experiment.model_dump() for item in self.asked]),
            "arms": _digest(arms),
            "scenario files": _digest(text),
            "points": _digest(points),
        }


def _files(scenario: Any) -> list[Path]:
    folder: Path = scenario.folder if not hasattr(scenario, "whole") else scenario.whole
    beside = [folder.parent / name for name in ("doctrine", "parameters")]
    return [path for place in (folder, *beside) for path in sorted(place.rglob("*.yaml"))]


def arm_key(settings: Mapping[str, str]) -> str:
    """Return settings as one text, the same for the same settings."""
    return json.dumps(dict(sorted(settings.items())), ensure_ascii=False)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def plan_of(claims: Sequence[Claim], sets: int) -> Plan:
    """Return the plan of some claims over that many parameter sets."""
    return Plan(tuple(asked_of(claim, experiment) for claim in claims for experiment in claim.experiments), sets)
