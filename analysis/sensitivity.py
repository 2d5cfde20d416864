"""Sensitivity: on which numbers and which forms of rules an outcome hinges, and how much of it is luck.

The design decides what can be said. Trajectories (*morris*) give elementary effects; *saltelli* gives first and total indices; any other
sample of the space is screened. Whatever the design, forms that were crossed with the points are told apart from numbers, and luck
(seeds) from both. Findings are of declared ranges: a narrow range makes a small effect.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.comparison import OutcomeTold
from analysis.discovery import Discovery
from analysis.sensitivity_effects import Effect, elementary_effects, steps_of
from analysis.sensitivity_folder import Folder
from analysis.sensitivity_forms import FormShare, form_shares
from analysis.sensitivity_indices import Index, indices
from analysis.sensitivity_noise import STANDS_OUT, Shares, shares
from analysis.sensitivity_responses import Responses
from analysis.sensitivity_screening import LEAST_POINTS, Screening, screening
from sim.api import input_error

FORMAT = 1
EFFECTS, INDICES, SCREENING, FORMS_ONLY = "elementary effects", "indices", "screening", "forms only"

METHOD = {
    EFFECTS: "Morris trajectories: elementary effects, the outcome's change when one factor alone crosses its range",
    INDICES: "Saltelli design: first and total indices (Sobol'), shares of the variance of the expected outcome",
    SCREENING: (
        "no variance decomposition but screening of a sample: what each factor explains alone, in bins, and its importance in a forest "
        "of regression trees, each held against shuffled points"
    ),
    FORMS_ONLY: "forms of rules alone: no number was varied",
}


@dataclass(frozen=True)
class Sensitivity:
    """What one outcome hinges on.

    Attributes
    ----------
    spread
        Variance of single runs by where it comes from.
    effects, indices, screening
        By the design's method; the other two are empty.
    forms
        Forms crossed with the points.
    dropped
        Runs without a value, of all.
    """

    outcome: OutcomeTold
    scenario: str
    lever: str
    against: str
    method: str
    points: int
    combinations: int
    seeds: int
    mean: float
    spread: Shares
    effects: tuple[Effect, ...] = ()
    indices: tuple[Index, ...] = ()
    screening: Screening | None = None
    forms: tuple[FormShare, ...] = ()
    dropped: int = 0

    @property
    def varies(self) -> bool:
        """Whether the outcome differs between any two runs."""
        return self.spread.parameters > 0.0 or self.spread.chance > 0.0

    @property
    def standing_out(self) -> tuple[str, ...]:
        """Names of what stands out from noise, the most telling first, crossed forms last."""
        screened = [item.name for item in self.screening.factors if item.stands_out] if self.screening else []
        return (*screened, *(name for name, verdict in self.verdicts() if verdict == STANDS_OUT))

    def verdicts(self) -> Iterator[tuple[str, str]]:
        """Give names and verdicts of factors that are held against their own noise."""
        rows: tuple[Effect | Index | FormShare, ...] = (*self.effects, *self.indices, *self.forms)
        yield from ((item.name, item.verdict) for item in rows)


@dataclass(frozen=True)
class Found:
    """What a sensitivity analysis found: one finding a scenario and outcome, and conditions of failure."""

    title: str
    folder: str
    digest: str
    design: str
    factors: int
    missing: int
    failures: int
    findings: tuple[Sensitivity, ...]
    discoveries: tuple[Discovery, ...] = ()
    notes: tuple[str, ...] = ()
    format: int = FORMAT


def sensitivity_of(folder: Folder, outcome: OutcomeTold, scenario: str, lever: str, against: str = "") -> Sensitivity:
    """Return what one outcome hinges on; InputError where the design is unfit for any of it."""
    responses = folder.responses(outcome, scenario, lever, against)
    method = method_of(folder)
    known = np.isfinite(responses.runs)
    even = responses.only(known.any(axis=(1, 2))) if method == SCREENING else responses
    found = Sensitivity(
        outcome=outcome,
        scenario=scenario,
        lever=lever,
        against=against,
        method=method,
        points=len(even.points),
        combinations=len(responses.crossed),
        seeds=responses.seeds,
        mean=float(responses.runs[known].mean()) if known.any() else math.nan,
        spread=shares(responses.runs),
        dropped=int((~known).sum()),
    )
    return dataclasses.replace(found, **_by_method(folder, even, method), forms=tuple(form_shares(even))) if found.varies else found


def method_of(folder: Folder) -> str:
    """Return what the design of a sweep allows; InputError where it allows nothing."""
    crossed = len(folder.crossed) > 1
    if not folder.factors or len(folder.drawn) < 2:
        if crossed:
            return FORMS_ONLY
        raise input_error(folder.path, "varies nothing: one point, one form", "name uncertainties or rule_forms in the study, and a design")
    if folder.design == "morris":
        return EFFECTS
    if folder.design == "saltelli":
        return INDICES
    if len(folder.drawn) < LEAST_POINTS and not crossed:
        what = f"has {len(folder.drawn)} points of a {folder.design} design"
        raise input_error(folder.path, f"{what}; screening needs {LEAST_POINTS}", "sweep more points, or use morris")
    return SCREENING if len(folder.drawn) >= LEAST_POINTS else FORMS_ONLY


def _by_method(folder: Folder, responses: Responses, method: str) -> dict[str, Any]:
    if method == EFFECTS:
        steps = steps_of(unit_of(responses))
        if steps is None:
            raise input_error(folder.path, "says morris, but its points are no trajectories", "sweep the study anew")
        step = np.where([item.is_form for item in responses.factors], np.sign(steps[2]), steps[2])
        return {"effects": tuple(elementary_effects(responses, np.array([steps[0], steps[1], step])))}
    if method == INDICES:
        base, rest = divmod(len(responses.points), len(responses.factors) + 2)
        if rest:
            raise input_error(folder.path, "says saltelli, but its points make no blocks", "sweep the study anew")
        return {"indices": tuple(indices(responses, base))}
    return {"screening": screening(responses)} if method == SCREENING else {}


def unit_of(responses: Responses) -> np.ndarray:
    """Return the points as shares of the range that each factor was tried over."""
    low, high = responses.points.min(axis=0), responses.points.max(axis=0)
    return np.asarray((responses.points - low) / np.where(high > low, high - low, 1.0))


def block_of(folder: Folder) -> int:
    """Return how many points in a row belong together in the design."""
    return len(folder.factors) + 2 if folder.design == "saltelli" else 1


def as_json(found: Any) -> str:
    """Return what was found as JSON; what is not a number is null, and points themselves are left out."""
    return json.dumps(_plain(dataclasses.asdict(found)), ensure_ascii=False, indent=1, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if not isinstance(item, np.ndarray)}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
