"""Results of a sweep as an analyst reads them: the table, the points, and one outcome as an array of points, or of points and seeds.

An unfinished sweep can be read too: what is missing or failed is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from analysis.extras import needed
from analysis.sweep_folder import PARTS, RESULTS, plan_of_folder
from analysis.sweep_parts import PLAN, WORDS
from sim.api import input_error, nearest


@dataclass(frozen=True)
class SweepResults:
    """What a sweep gave.

    Attributes
    ----------
    plan
        ``plan.json``.
    results
        A row a run (pyarrow), in the order of the plan.
    points
        A row a point (pyarrow): its number, then its value of each uncertainty.
    """

    plan: Mapping[str, Any]
    results: Any
    points: Any

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Uncertainties that are numbers."""
        pa = needed("pyarrow", "analysis")
        return tuple(field.name for field in self.points.schema if field.name != "point" and pa.types.is_floating(field.type))

    @cached_property
    def values(self) -> np.ndarray:
        """Value of each uncertainty at each point: points by names."""
        if not self.names:
            return np.empty((len(self.points), 0))
        return np.column_stack([self.points.column(name).to_numpy() for name in self.names])

    def by_point(self, outcome: str, lever: str | None = None, scenario: str | None = None, forms: str | None = None) -> np.ndarray:
        """Return the mean of an outcome over the seeds that were played at each point, NaN where none was."""
        runs = self.runs(outcome, lever, scenario, forms)
        played = ~np.isnan(runs)
        count = played.sum(axis=1)
        total = np.where(played, runs, 0.0).sum(axis=1)
        means: np.ndarray = np.divide(total, count, out=np.full(len(runs), np.nan), where=count > 0)
        return means

    def runs(self, outcome: str, lever: str | None = None, scenario: str | None = None, forms: str | None = None) -> np.ndarray:
        """Return an outcome of each run: points by seeds, seeds in rising order.

        Parameters
        ----------
        lever, scenario, forms
            Which; may be left out where the sweep has only one.
        """
        if outcome not in self.results.column_names:
            known = [name for name in self.results.column_names if name not in (*WORDS, "experiment", "point", "seed", "digest", "failure")]
            raise input_error(f"outcome {outcome}", "is not in this sweep", nearest(outcome, known))
        here = np.ones(len(self.results), bool)
        for name, asked in zip(WORDS, (scenario, lever, forms), strict=True):
            here &= self._where(name, asked)
        seeds, places = np.unique(self.results.column("seed").to_numpy(), return_inverse=True)
        found = np.full((len(self.points), len(seeds)), np.nan)
        points = self.results.column("point").to_numpy()
        found[points[here], places[here]] = self.results.column(outcome).to_numpy()[here]
        return found

    def _where(self, name: str, asked: str | None) -> np.ndarray:
        compute = needed("pyarrow.compute", "analysis")
        known = compute.unique(self.results.column(name)).to_pylist()
        if asked is None and len(known) > 1:
            raise input_error(f"this sweep's {name}", f"is one of {', '.join(map(repr, known))}", f"say which by {name}=...")
        if asked is None:
            return np.ones(len(self.results), bool)
        if asked not in known:
            raise input_error(f"{name} {asked}", "is not in this sweep", nearest(asked, known))
        found: np.ndarray = compute.equal(self.results.column(name).cast("string"), asked).to_numpy()
        return found


def read_sweep(folder: Path) -> SweepResults:
    """Return the results in a sweep's folder: the merged table, or the parts that are there."""
    pa, parquet = needed("pyarrow", "analysis"), needed("pyarrow.parquet", "analysis")
    folder = Path(folder)
    plan = plan_of_folder(folder)
    try:
        if (folder / RESULTS).is_file():
            table = parquet.read_table(folder / RESULTS, partitioning=None)
        else:
            parts = [parquet.read_table(path, partitioning=None) for path in sorted((folder / PARTS).glob("part-*.parquet"))]
            table = pa.concat_tables(parts).unify_dictionaries() if parts else None
        points = parquet.read_table(folder / "points.parquet", partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise input_error(folder, f"cannot be read ({error})", "make it anew by the same kforsim sweep; damaged parts are found") from None
    if table is None:
        raise input_error(folder, "holds no part yet", "run kforsim sweep")
    if (table.schema.metadata or {}).get(PLAN) != str(plan["digest"]).encode():
        raise input_error(folder, "holds results of another plan", "merge them again")
    return SweepResults(plan, table.replace_schema_metadata(None), points)
