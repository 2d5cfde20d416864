"""Parameter sets in the place of a design: those that the patterns do not rule out, or draws from a posterior.

A set carries what the data said of its parameters together, which margins alone would lose. What the sets do not hold stays as declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.compare_design import design_of, folders_of
from analysis.study_file import Place, Posterior, Study
from analysis.study_scenarios import StudyScenario
from analysis.study_uncertainties import Uncertainty
from sim.api import InputError, Parameter, Problem, complaint, spoken_names

AT: Place = ("uncertainties",)


@dataclass(frozen=True)
class Sets:
    """Parameter sets that stand for the points.

    Attributes
    ----------
    source
        Where they come from, in words.
    """

    numbers: tuple[Uncertainty, ...]
    points: np.ndarray
    source: str


def asks_for_sets(study: Study) -> bool:
    """Tell whether a study's points are parameter sets."""
    return study.uncertainties == "surviving_sets" or isinstance(study.uncertainties, Posterior)


def sets_of(study: Study, scenarios: list[StudyScenario], by_lever: Mapping[str, str]) -> tuple[Sets | None, list[Problem]]:
    """Return the sets that a study asks for, without the parameters that a lever sets, and every complaint about them."""
    design = study.design
    if design is not None and design.kind != "sets":
        what = f"{design.kind} draws points, and the uncertainties are sets that are given"
        return None, [study.problem(("design", "kind"), what, "write kind: sets, or leave the design out to take them all")]
    rows, source, problems = _from_posterior(study) if isinstance(study.uncertainties, Posterior) else _surviving(study, scenarios)
    if problems:
        return None, problems
    valued, known = (
        scenarios[0].playable.parameters.valued,
        {item.name: (spoken, item) for spoken, item in reversed(spoken_names().items())},
    )
    unknown = sorted(rows[0].keys() - valued.keys())
    if unknown:
        return None, [study.problem(AT, f"the sets hold '{unknown[0]}', which is no parameter", "calibrate anew with the present model")]
    names = [name for name in valued if name in rows[0] and name not in by_lever]
    points = np.array([[row[name] for name in names] for row in rows], dtype=float).reshape(len(rows), len(names))
    numbers = []
    for place, name in enumerate(names):
        spoken, declared = known[name]
        column, item = points[:, place], valued[name]
        unit = declared.unit if isinstance(declared, Parameter) else "1"
        numbers.append(
            Uncertainty(spoken, name, unit, float(column.min()), float(item.value), float(column.max()), "given by the sets", item.grade)
        )
        what = next((what for value in (column.min(), column.max()) if (what := complaint(declared, float(value)))), "")
        problems += [study.problem(AT, f"in the sets {what}", "calibrate anew with the present model")] if what else []
    return Sets(tuple(numbers), points, source), problems


type _Rows = tuple[list[Mapping[str, float]], str, list[Problem]]


def _surviving(study: Study, scenarios: list[StudyScenario]) -> _Rows:
    folders = {tuple(folders_of(scenario.playable)) for scenario in scenarios}
    if len(folders) > 1:
        labels = " and ".join(scenario.label for scenario in scenarios)
        return [], "", [study.problem(AT, f"{labels} have no surviving sets in common", "make a study of each")]
    found = design_of(scenarios[0].playable)
    if not found.sets:
        what = f"{scenarios[0].label} has no surviving sets"
        return [], "", [study.problem(AT, what, "find them with 'kforsim calibrate ... --keep', or write all")]
    size = (study.design and study.design.size) or len(found.sets)
    if size > len(found.sets):
        return [], "", [study.problem(("design", "size"), f"there are {len(found.sets)} sets, not {size}", "take at most so many")]
    seed = study.design.seed if study.design else 1
    order = np.random.default_rng(seed).permutation(len(found.sets))[:size] if size < len(found.sets) else np.arange(size)
    return [found.sets[place] for place in order], found.source, []


def _from_posterior(study: Study) -> _Rows:
    from analysis.posterior import read_posterior

    assert isinstance(study.uncertainties, Posterior)
    path = study.folder / study.uncertainties.posterior
    try:
        posterior = read_posterior(path)
    except InputError as error:
        return [], "", [study.problem((*AT, "posterior"), problem.what, problem.remedy) for problem in error.problems]
    if study.design is None or study.design.size is None:
        return [], "", [study.problem(("design",), "says not how many draws", "add design: {kind: sets, size: 200, seed: 1}")]
    drawn = posterior.draw(study.design.size, np.random.default_rng(study.design.seed))
    return [*drawn], f"draws from the posterior {study.uncertainties.posterior} ({posterior.standing})", []
