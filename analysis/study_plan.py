"""A plan: a study held against its scenarios, its points drawn, every experiment numbered.

Experiments are found by arithmetic on their number and never listed: points turn slowest, then forms of rules, levers, scenarios, and
seeds fastest. The same scenario and seed have the same people and the same luck under every lever, at every point: paired on purpose.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.compare_store import digest_of
from analysis.study_design import points_of, quality_of, shares_of, values_at, wrong_with
from analysis.study_file import Design, Study
from analysis.study_levers import Lever, levers_of, set_by
from analysis.study_notes import notes_of, pairing_of
from analysis.study_scenarios import digest_under, outcomes_of, scenarios_of
from analysis.study_sets import Sets, asks_for_sets, sets_of
from analysis.study_uncertainties import FormChoice, Uncertain, Uncertainty, uncertain_of
from sim.api import Case, InputError, Problem, model_digest, package_version

if TYPE_CHECKING:
    from analysis.study_estimate import Estimate

DECLARED, DRAWN = "declared", "drawn"
"""Labels of the forms of rules where none is varied, and where they are columns of the points."""

TAKE_LESS = "take fewer points, levers or seeds, or raise the budget"

LEAST_PART, LARGEST_PART, PARTS = 8, 1000, 1000
"""Runs of a part of a sweep, and how many parts there are about."""


@dataclass(frozen=True)
class Experiment:
    """One run of a study, by the labels under which it stands in tables.

    Attributes
    ----------
    forms
        Forms of rules that are varied, as ``concept.parameter=FORM``; ``declared`` where none is, ``drawn`` where they go with the point.
    """

    number: int
    scenario: str
    lever: str
    forms: str
    point: int
    seed: int


@dataclass(frozen=True)
class Plan:
    """What is played, down to each run.

    Attributes
    ----------
    asked
        The study's own words, but for title and budget.
    scenarios
        By label: what a run is asked for.
    forms
        Combinations of crossed forms, by parameter.
    numbers, drawn
        Columns of *points*: values, then for each drawn form its place among the forms.
    told
        What else is known of the plan, for whoever reads it: digests, outcomes, quality of the design, pairing, notes.
    """

    title: str
    asked: Mapping[str, Any]
    scenarios: Mapping[str, str]
    levers: tuple[Lever, ...]
    forms: tuple[Mapping[str, str], ...]
    numbers: tuple[Uncertainty, ...]
    drawn: tuple[FormChoice, ...]
    points: np.ndarray = field(repr=False)
    first_seed: int
    seeds: int
    outcomes: tuple[str, ...]
    budget: Mapping[str, float | None]
    told: Mapping[str, Any] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the columns of the points."""
        return names_of(self.numbers, self.drawn)

    @property
    def total(self) -> int:
        """Experiments."""
        return len(self.points) * len(self.forms) * len(self.levers) * len(self.scenarios) * self.seeds

    @property
    def part_size(self) -> int:
        """Experiments of a part: the same whoever makes the parts."""
        return max(LEAST_PART, min(LARGEST_PART, math.ceil(self.total / PARTS)))

    @cached_property
    def digest(self) -> str:
        """Digest of all that decides what the runs give: study, points, levers, scenarios, model and versions."""
        return digest_of({**self.shape(), "part_size": self.part_size, "points": self.points_digest, **self.told["digests"]})

    @cached_property
    def points_digest(self) -> str:
        """Digest of the points to the last bit."""
        return digest_of_points(self.points)

    def shape(self) -> dict[str, Any]:
        """Return the plan without its points, as data."""
        return {
            "asked": self.asked,
            "levers": [[lever.label, {name: dict(made) for name, made in lever.by_scenario.items()}] for lever in self.levers],
            "forms": [dict(chosen) for chosen in self.forms],
            "uncertainties": [item.told() for item in self.numbers],
            "drawn_forms": {item.name: list(item.forms) for item in self.drawn},
            "seeds": [self.first_seed, self.seeds],
            "outcomes": list(self.outcomes),
        }

    def experiment(self, number: int) -> Experiment:
        """Return an experiment by its number; IndexError where there is none."""
        point, forms, lever, scenario, seed = self._places(number)
        label = list(self.scenarios)[scenario]
        return Experiment(number, label, self.levers[lever].label, self._forms_told(forms), point, self.first_seed + seed)

    def case(self, number: int) -> Case:
        """Return the run of an experiment, as it is played."""
        point, forms, lever, scenario, seed = self._places(number)
        label = list(self.scenarios)[scenario]
        values: dict[str, float | str] = {item.parameter: float(self.points[point, place]) for place, item in enumerate(self.numbers)}
        settings = self.levers[lever].by_scenario[label]
        return Case(self.scenarios[label], self.first_seed + seed, values | self._forms(point, forms), settings=settings)

    def save(self, folder: Path) -> None:
        """Write ``points.parquet``, ``levers.parquet`` and, last, ``plan.json``: each whole or not at all."""
        from analysis.study_store import save_plan

        save_plan(self, folder)

    @staticmethod
    def open(folder: Path) -> Plan:
        """Return the plan that stands in a folder; InputError where there is none, or its points are not those that it names."""
        from analysis.study_store import open_plan

        return open_plan(folder)

    def estimate(self, trials: int | None = None) -> Estimate:
        """Return what the plan takes, from a few runs that are made now; InputError where none of them succeeds."""
        from analysis.study_estimate import TRIALS, estimate_of

        return estimate_of(self, trials or TRIALS)

    def _places(self, number: int) -> tuple[int, int, int, int, int]:
        if not 0 <= number < self.total:
            raise IndexError(f"there is no experiment {number}; they run from 0 to {self.total - 1}")
        rest, seed = divmod(number, self.seeds)
        rest, scenario = divmod(rest, len(self.scenarios))
        rest, lever = divmod(rest, len(self.levers))
        point, forms = divmod(rest, len(self.forms))
        return point, forms, lever, scenario, seed

    def _forms(self, point: int, forms: int) -> dict[str, str]:
        drawn = enumerate(self.drawn, len(self.numbers))
        return {**self.forms[forms], **{item.parameter: item.forms[int(self.points[point, place])] for place, item in drawn}}

    def _forms_told(self, forms: int) -> str:
        if self.drawn:
            return DRAWN
        full = self.told["full_names"]
        return ", ".join(f"{full[name]}={form}" for name, form in self.forms[forms].items()) or DECLARED


def _evenness(quality: Mapping[str, Any], points: np.ndarray) -> Iterator[str]:
    """Tell how evenly the points cover the space, where that was measured."""
    if quality.get("between"):
        pair = " and ".join(quality["between"])
        told = f"{len(points):,} points of {points.shape[1]} uncertainties"
        told += f": largest rank correlation {quality['largest_rank_correlation']:.2g} ({pair})"
        against = quality.get("discrepancy_against_chance")
        yield told + (f", discrepancy {against:.2g} of what independent points have" if against is not None else "")


def names_of(numbers: Sequence[Uncertainty], drawn: Sequence[FormChoice]) -> tuple[str, ...]:
    """Return the names of the columns of the points."""
    return (*(item.name for item in numbers), *(item.name for item in drawn))


def digest_of_points(points: np.ndarray) -> str:
    """Return a digest of the points to the last bit."""
    digest = hashlib.sha256(repr(points.shape).encode())
    for first in range(0, len(points), 4096):
        digest.update(np.ascontiguousarray(points[first : first + 4096], "<f8").tobytes())
    return digest.hexdigest()[:24]


def plan_of(study: Study) -> Plan:
    """Return the plan of a study; InputError with every complaint about it, before anything is played."""
    scenarios, problems = scenarios_of(study)
    if problems:
        raise InputError(problems)
    outcomes, known, problems = outcomes_of(study, scenarios)
    levers, under, wrong = levers_of(study, scenarios)
    problems += wrong
    beside = {(scenario.label, ""): scenario.playable for scenario in scenarios} if wrong else {}
    uncertain, wrong = uncertain_of(study, {**under, **beside}, levers, not wrong)
    problems += wrong
    sets: Sets | None = None
    if asks_for_sets(study):
        sets, wrong = sets_of(study, scenarios, set_by(levers))
        problems += wrong
    count, wrong = _counted(study, uncertain, sets)
    problems += wrong
    crossed = uncertain.combinations()
    runs = count * len(crossed) * len(levers) * len(scenarios) * study.seeds.count
    if problems := problems or _too_many(study, runs):
        raise InputError(problems)
    numbers, points, quality = _drawn(study, uncertain, sets)
    digests = {
        "scenarios": {
            f"{scenario.label} under {lever.label}": digest_under(under[scenario.label, lever.label])
            for lever in levers
            for scenario in scenarios
        },
        "model": model_digest(),
        "package": package_version(),
    }
    return Plan(
        title=study.title,
        asked=study.asked(),
        scenarios={scenario.label: scenario.where for scenario in scenarios},
        levers=tuple(levers),
        forms=tuple(crossed),
        numbers=numbers,
        drawn=uncertain.drawn,
        points=points,
        first_seed=study.seeds.first,
        seeds=study.seeds.count,
        outcomes=outcomes,
        budget=study.budget.model_dump(),
        told={
            "digests": digests,
            "outcomes": {
                name: {"unit": item.unit, "better": item.better, "primary": item.primary, "meaning": item.meaning}
                for name, item in known.items()
            },
            "design": {**(study.design.model_dump() if study.design else {"kind": "sets" if sets else "none"}), **quality},
            "pairing": pairing_of(scenarios),
            "notes": [*_evenness(quality, points), *notes_of(study, scenarios, uncertain, sets.source if sets else "", levers)],
            "full_names": {item.parameter: item.name for item in uncertain.crossed},
        },
    )


def _counted(study: Study, uncertain: Uncertain, sets: Sets | None) -> tuple[int, list[Problem]]:
    """Return how many points there will be, and what speaks against drawing them."""
    if asks_for_sets(study):
        return (len(sets.points) if sets else 1), []
    design, width, forms = study.design, len(uncertain.numbers), [len(choice.forms) for choice in uncertain.drawn]
    if not width and not forms:
        what, remedy = "has nothing to draw: nothing is uncertain", "leave the design out, or name uncertainties"
        return 1, [study.problem(("design",), what, remedy)] if design else []
    if design is None:
        what = f"is missing, and {width + len(forms)} uncertainties are to be drawn"
        return 1, [study.problem(("design",), what, "add design: {kind: latin_hypercube, size: 256, seed: 1}")]
    if design.kind == "sets":
        what = "are for uncertainties: surviving_sets, or a posterior"
        return 1, [study.problem(("design", "kind"), what, "name another kind of design")]
    field_, what, remedy = wrong_with(design, width, forms)
    if what:
        return 1, [study.problem(("design", field_), what, remedy)]
    return points_of(design, width, forms), []


def _too_many(study: Study, runs: int) -> list[Problem]:
    most = study.budget.runs
    if most is None or runs <= most:
        return []
    return [study.problem(("budget", "runs"), f"the study comes to {runs:,} runs, and its budget is {most:,}", TAKE_LESS)]


def _drawn(study: Study, uncertain: Uncertain, sets: Sets | None) -> tuple[tuple[Uncertainty, ...], np.ndarray, dict[str, Any]]:
    """Return the columns of numbers, the points with drawn forms as their last columns, and the quality of the design."""
    forms = [len(choice.forms) for choice in uncertain.drawn]
    if sets is not None:
        dealt = Design(kind="latin_hypercube", size=len(sets.points), seed=study.design.seed if study.design else 1)
        extra = values_at(shares_of(dealt, 0, forms), (), forms) if forms else np.empty((len(sets.points), 0))
        return sets.numbers, np.hstack([sets.points, extra]), {"source": sets.source}
    if study.design is None:
        return (), np.empty((1, 0)), {}
    shares = shares_of(study.design, len(uncertain.numbers), forms)
    found = quality_of(study.design, shares)
    points = values_at(shares, uncertain.numbers, forms, grid=study.design.kind == "grid")
    names = names_of(uncertain.numbers, uncertain.drawn)
    told = {
        "largest_rank_correlation": found.largest_rank_correlation,
        "between": [names[place] for place in found.between] if found.between else None,
        "discrepancy": found.discrepancy,
        "discrepancy_against_chance": found.against_chance,
    }
    return uncertain.numbers, points, told
