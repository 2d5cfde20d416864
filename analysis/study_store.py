"""A plan on disk: ``plan.json`` for people and programs, points and levers as Parquet tables, read back to the last bit.

Folders of scenarios are written as the way from the plan's folder to them, so that a study moves with its scenarios and names no machine.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.extras import needed
from analysis.study_levers import Lever
from analysis.study_uncertainties import FormChoice, Uncertainty
from sim.api import input_error, read_text

if TYPE_CHECKING:
    from analysis.study_plan import Plan

FORMAT = 1
PLAN, POINTS, LEVERS = "plan.json", "points.parquet", "levers.parquet"
MAKE_ANEW = "make it anew with 'kforsim sweep' and its study"


def save_plan(plan: Plan, folder: Path) -> None:
    """Write a plan to a folder: tables first, ``plan.json`` last, each whole or not at all."""
    pa, parquet = needed("pyarrow", "analysis"), needed("pyarrow.parquet", "analysis")
    folder.mkdir(parents=True, exist_ok=True)
    columns = {"point": np.arange(len(plan.points))} | {name: plan.points[:, place] for place, name in enumerate(plan.names)}
    _keep(folder / POINTS, lambda draft: parquet.write_table(pa.table(columns), draft))
    rows = [
        {"lever": lever.label, "option": lever.option, "scenario": label, "settings": json.dumps(dict(made), ensure_ascii=False)}
        for lever in plan.levers
        for label, made in lever.by_scenario.items()
    ]
    _keep(folder / LEVERS, lambda draft: parquet.write_table(pa.Table.from_pylist(rows), draft))
    text = json.dumps(told_of(plan, folder), ensure_ascii=False, indent=1) + "\n"
    _keep(folder / PLAN, lambda draft: draft.write_text(text, "utf-8"))


def told_of(plan: Plan, folder: Path) -> dict[str, Any]:
    """Return a plan without its points, as ``plan.json`` in *folder* has it."""
    return {
        "format": FORMAT,
        "digest": plan.digest,
        "title": plan.title,
        "total": plan.total,
        "part_size": plan.part_size,
        "scenarios": {label: _way(where, folder) for label, where in plan.scenarios.items()},
        **plan.shape(),
        "levers": [
            {
                "label": lever.label,
                "option": lever.option,
                "settings": dict(lever.settings),
                "by_scenario": {label: dict(made) for label, made in lever.by_scenario.items()},
            }
            for lever in plan.levers
        ],
        "drawn_forms": [{"name": item.name, "parameter": item.parameter, "forms": list(item.forms)} for item in plan.drawn],
        "points": {"count": len(plan.points), "digest": plan.points_digest},
        "seeds": {"first": plan.first_seed, "count": plan.seeds},
        "outcomes": list(plan.outcomes),
        "budget": dict(plan.budget),
        "told": dict(plan.told),
    }


def open_plan(folder: Path) -> Plan:
    """Return the plan of a folder; InputError where there is none, or its points are not those that it names."""
    from analysis.study_plan import Plan

    try:
        told = json.loads(read_text(folder / PLAN))
        if told["format"] != FORMAT:
            raise input_error(folder / PLAN, f"has format {told['format']}, and this version reads {FORMAT}", MAKE_ANEW)
        plan = Plan(
            title=told["title"],
            asked=told["asked"],
            scenarios={label: _back(way, folder) for label, way in told["scenarios"].items()},
            levers=tuple(Lever(**item) for item in told["levers"]),
            forms=tuple(told["forms"]),
            numbers=tuple(Uncertainty(**item) for item in told["uncertainties"]),
            drawn=tuple(FormChoice(item["name"], item["parameter"], tuple(item["forms"])) for item in told["drawn_forms"]),
            points=_points(folder / POINTS, told["points"]["count"]),
            first_seed=told["seeds"]["first"],
            seeds=told["seeds"]["count"],
            outcomes=tuple(told["outcomes"]),
            budget=told["budget"],
            told=told["told"],
        )
        kept = told["digest"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise input_error(folder / PLAN, f"is no plan of a study ({error})", MAKE_ANEW) from None
    if plan.digest != kept:
        raise input_error(folder, "its plan, points or levers are not those under which it was made", MAKE_ANEW)
    return plan


def _points(path: Path, count: int) -> np.ndarray:
    pa, parquet = needed("pyarrow", "analysis"), needed("pyarrow.parquet", "analysis")
    try:
        table = parquet.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise input_error(path, f"cannot be read ({error})", MAKE_ANEW) from None
    columns = [table.column(name).to_numpy() for name in table.column_names if name != "point"]
    return np.column_stack(columns) if columns else np.empty((count, 0))


def _way(where: str, folder: Path) -> str:
    return os.path.relpath(where, folder) if Path(where).is_dir() else where


def _back(way: str, folder: Path) -> str:
    return str(folder / way) if (folder / way).is_dir() else way


def _keep(path: Path, write: Any) -> None:
    """Write a file beside its place and put it there: a reader never sees half of one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(draft)
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
