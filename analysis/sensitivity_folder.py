"""A sweep's folder as analyses read it: its design, its levers and forms, and each outcome with points, forms and seeds as axes.

Experiments are placed by their number alone, as the plan counts them: points turn slowest, then forms, levers, scenarios, and seeds
fastest. A sweep that is not finished is refused with how much is missing, unless that is allowed; then what is missing is nan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from analysis.comparison import OutcomeTold
from analysis.extras import needed
from analysis.sensitivity_responses import Factor, Responses
from sim.api import input_error, nearest

SAMPLES = ("latin_hypercube", "sobol", "nearly_orthogonal", "grid", "sets", "saltelli")
"""Designs whose points cover the space, so that shares of points mean something; trajectories of morris do not."""


@dataclass(frozen=True)
class Folder:
    """A sweep that is analysed.

    Attributes
    ----------
    plan
        ``plan.json``.
    columns
        Columns of the table of results by name: experiment numbers, outcomes, failures.
    drawn
        Shape ``(points, columns)``: values of the points, drawn forms by code.
    """

    path: Path
    plan: Mapping[str, Any]
    columns: Mapping[str, np.ndarray]
    drawn: np.ndarray
    factors: tuple[Factor, ...]
    failures: int

    @property
    def title(self) -> str:
        """The study's title."""
        return str(self.plan.get("title", "A sweep"))

    @property
    def design(self) -> str:
        """Kind of design."""
        return str(self.plan["told"]["design"].get("kind", "none"))

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Labels of the levers, in the plan's order; the first is what others are held against."""
        return tuple(str(item["label"]) for item in self.plan["levers"])

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Labels of the scenarios, in the plan's order."""
        return tuple(map(str, self.plan["scenarios"]))

    @cached_property
    def crossed(self) -> tuple[dict[str, str], ...]:
        """Combinations of forms that are crossed with the points, by full name."""
        full = self.plan["told"]["full_names"]
        return tuple({full.get(name, name): form for name, form in chosen.items()} for chosen in self.plan["forms"])

    @cached_property
    def outcomes(self) -> tuple[OutcomeTold, ...]:
        """What the sweep kept of each run."""
        told = self.plan["told"]["outcomes"]
        return tuple(
            OutcomeTold(name, told[name]["unit"], told[name]["better"], told[name]["primary"], told[name]["meaning"])
            for name in self.plan["outcomes"]
        )

    @property
    def shape(self) -> tuple[int, int, int, int, int]:
        """Points, forms, levers, scenarios, seeds."""
        return len(self.drawn), len(self.plan["forms"]), len(self.levers), len(self.scenarios), int(self.plan["seeds"]["count"])

    @property
    def missing(self) -> int:
        """Experiments of which there is no row."""
        return int(np.prod(self.shape)) - len(self.columns["experiment"])

    def labels(self) -> dict[str, str]:
        """Return each number with its unit, declared value and range, as a reader may ask for them."""
        return {
            item["name"]: f"{item['low']:g} to {item['high']:g}{_unit(item['unit'])}, declared {item['declared']:g}"
            for item in self.plan["uncertainties"]
        }

    def named(self, asked: Sequence[str]) -> list[OutcomeTold]:
        """Return outcomes by name; where none is asked for the primary ones, or all where none is primary."""
        known = {item.name: item for item in self.outcomes}
        for name in asked:
            if name not in known:
                raise input_error(f"--outcome {name}", "is no outcome of this sweep", nearest(name, known))
        wanted = [known[name] for name in dict.fromkeys(asked)]
        return wanted or [item for item in self.outcomes if item.primary] or list(self.outcomes)

    def table(self, outcome: str, scenario: str, lever: str) -> np.ndarray:
        """Return an outcome of each run: shape ``(points, forms, seeds)``, nan where there is none."""
        every = np.full(int(np.prod(self.shape)), np.nan)
        every[self.columns["experiment"]] = self.columns[outcome]
        return every.reshape(self.shape)[:, :, self.levers.index(lever), self.scenarios.index(scenario)]

    def responses(self, outcome: OutcomeTold, scenario: str, lever: str, against: str = "") -> Responses:
        """Return an outcome over the design, or how much more of it one lever gives than another on the same luck."""
        runs = self.table(outcome.name, scenario, lever)
        if against:
            runs = runs - self.table(outcome.name, scenario, against)
        return Responses(outcome.name, scenario, lever, against, outcome.unit, outcome.better, self.factors, self.drawn, self.crossed, runs)

    def refuse_without_shares(self, what: str) -> None:
        """Refuse what needs points that cover the space where they are trajectories or a single point."""
        if self.design not in SAMPLES or len(self.drawn) < 2 or not self.factors:
            kinds = ", ".join(SAMPLES[:3])
            why = "has one point only" if len(self.drawn) < 2 else f"is a {self.design} design, whose points do not cover the space evenly"
            raise input_error(self.path, f"{why}: unfit for {what}", f"sweep the study with another design ({kinds})")


def open_folder(path: Path, partial: bool) -> Folder:
    """Return a sweep's folder; InputError where it is none, or is unfinished and that is not allowed."""
    from analysis.sweep_results import read_sweep

    read = read_sweep(path)
    names = ["experiment", *read.plan["outcomes"]]
    columns = {name: read.results.column(name).to_numpy() for name in names}
    compute = needed("pyarrow.compute", "analysis")
    failed = int(compute.sum(compute.not_equal(read.results.column("failure"), "")).as_py() or 0)
    factors, drawn = _points(read.plan, read.points)
    found = Folder(Path(path), read.plan, columns, drawn, factors, failed)
    if found.missing and not partial:
        total = int(np.prod(found.shape))
        what = f"is unfinished: {found.missing:,} of {total:,} runs are missing"
        raise input_error(path, what, "go on with the same kforsim sweep, or say --partial")
    return found


def _points(plan: Mapping[str, Any], points: Any) -> tuple[tuple[Factor, ...], np.ndarray]:
    """Return the columns of the points as factors, and their values; a drawn form stands as its place among its forms."""
    drawn = {item["name"]: tuple(item["forms"]) for item in plan["drawn_forms"]}
    names = [name for name in points.column_names if name != "point"]
    columns = [points.column(name).to_numpy() for name in names]
    table = np.column_stack(columns).astype(float) if columns else np.empty((len(points), 0))
    return tuple(Factor(name, drawn.get(name, ())) for name in names), table


def _unit(unit: str) -> str:
    return "" if unit == "1" else f" {unit}"


def chosen(asked: str | None, known: Sequence[str], flag: str) -> str:
    """Return a label as asked, or the first."""
    if asked is None:
        return known[0]
    if asked not in known:
        raise input_error(f"{flag} {asked}", "is not in this sweep", nearest(asked, known))
    return asked
