"""Sweep folders of known functions: the study's own designs and plan, the sweep's own table, and a formula in place of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.study_design import shares_of, values_at
from analysis.study_file import Design
from analysis.study_levers import Lever
from analysis.study_plan import Plan
from analysis.study_uncertainties import FormChoice, Uncertainty
from analysis.sweep_parts import PLAN, schema_of

HARM = {"unit": "persons", "better": "less", "primary": True, "meaning": "harm"}

type Play = Callable[[dict[str, float], dict[str, str], str, int], dict[str, float]]
"""From values, forms, lever and seed to outcomes."""


def luck(*key: int) -> float:
    """A normal draw that depends on its key alone."""
    return float(np.random.default_rng(key).normal())


def sweep_folder(
    folder: Path,
    play: Play,
    ends: Mapping[str, tuple[float, float]],
    design: Mapping[str, Any],
    seeds: int = 1,
    levers: Sequence[str] = ("baseline",),
    crossed: Mapping[str, Sequence[str]] | None = None,
    drawn: Mapping[str, Sequence[str]] | None = None,
    outcomes: Mapping[str, Mapping[str, Any]] | None = None,
    without: Callable[[int], bool] = lambda number: False,
) -> Path:
    """Write the folder of a sweep whose runs are what a formula says; *without* leaves experiments out."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    plan = plan_of(ends, Design(**design), seeds, levers, crossed or {}, drawn or {}, outcomes or {"harm": HARM})
    plan.save(folder)
    rows: dict[str, list[Any]] = {name: [] for name in schema_of(plan.outcomes).names}
    for number in range(plan.total):
        if without(number):
            continue
        at = plan.experiment(number)
        values = {item.name: float(plan.points[at.point, place]) for place, item in enumerate(plan.numbers)}
        forms = {name: str(value) for name, value in plan.case(number).values.items() if isinstance(value, str)}
        found = play(values, forms, at.lever, at.seed)
        told = {"experiment": number, "scenario": at.scenario, "lever": at.lever, "forms": at.forms, "point": at.point, "seed": at.seed}
        for name, value in {**told, **found, "digest": "", "failure": ""}.items():
            rows[name].append(value)
    table = pa.table(rows, schema=schema_of(plan.outcomes)).replace_schema_metadata({PLAN: plan.digest.encode()})
    parquet.write_table(table, folder / "results.parquet")
    return folder


def plan_of(
    ends: Mapping[str, tuple[float, float]],
    design: Design,
    seeds: int,
    levers: Sequence[str],
    crossed: Mapping[str, Sequence[str]],
    drawn: Mapping[str, Sequence[str]],
    outcomes: Mapping[str, Mapping[str, Any]],
) -> Plan:
    """A plan as a study's would be, over uncertainties that are spread evenly between their ends."""
    numbers = tuple(uncertainty(name, low, high) for name, (low, high) in ends.items())
    forms = tuple(FormChoice(name, name, tuple(kinds)) for name, kinds in drawn.items())
    counts = [len(item.forms) for item in forms]
    points = values_at(shares_of(design, len(numbers), counts), numbers, counts, grid=design.kind == "grid")
    combinations: list[dict[str, str]] = [{}]
    for name, kinds in crossed.items():
        combinations = [{**row, name: kind} for row in combinations for kind in kinds]
    return Plan(
        title="A study of a known function",
        asked={},
        scenarios={"toy": "toy"},
        levers=tuple(Lever(label, label, {}, {"toy": {}}) for label in levers),
        forms=tuple(combinations),
        numbers=numbers,
        drawn=forms,
        points=points,
        first_seed=0,
        seeds=seeds,
        outcomes=tuple(outcomes),
        budget={},
        told={
            "digests": {},
            "outcomes": outcomes,
            "design": design.model_dump(),
            "pairing": [],
            "notes": [],
            "full_names": {name: name for name in crossed},
        },
    )


def uncertainty(name: str, low: float, high: float) -> Uncertainty:
    """An uncertainty spread evenly."""
    known = {"name": name, "parameter": name, "unit": "1", "low": low, "declared": (low + high) / 2, "high": high}
    fields = {**known, "distribution": "uniform", "grade": "assumption", "declared_low": low, "declared_high": high}
    return Uncertainty(**{key: value for key, value in fields.items() if key in Uncertainty.__dataclass_fields__})
