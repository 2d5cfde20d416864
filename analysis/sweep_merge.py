"""Merging a sweep: its parts in the plan's order as one table, from one folder or several, with the digest of its rows.

Parts are read one after another, so memory does not grow with the sweep. A part that stands in two folders must be the same in
both. Nothing is written unless every part is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from analysis.extras import needed
from analysis.sweep_folder import RESULTS, Shard, differing, plan_of_folder, told_in_words
from analysis.sweep_manifest import keep_merged, manifest_path, shards_told
from analysis.sweep_parts import PLAN, Planned, RowsDigest, failures_in, part_path, parts_of, read_part, schema_of
from sim.api import input_error

ROWS_A_GROUP = 65_536
NAMED = 12
"""Ranges of missing parts that are named."""


@dataclass(frozen=True)
class Merged:
    """A merged table: where it stands, its rows, how many of them failed, the digest; or which parts are not there."""

    path: Path
    rows: int
    failures: int
    digest: str
    missing: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()


def same_plan(folders: Sequence[Path]) -> None:
    """Refuse folders of different plans; InputError."""
    first, *others = [plan_of_folder(folder) for folder in folders]
    for folder, told in zip(folders[1:], others, strict=True):
        if told["digest"] != first["digest"]:
            what = "; ".join(differing(first, told)) or "the design's points"
            raise input_error(folder, f"is of another plan than {folders[0]}: {what}", "merge only shards of one sweep")


def merge(folders: Sequence[Path], plan: Planned, out: Path | None = None) -> Merged:
    """Write the merged table and its manifest, or return what is missing."""
    same_plan(folders)
    path = out or folders[0] / RESULTS
    missing, damaged = _gaps(folders, plan)
    if missing or damaged:
        return Merged(path, 0, 0, "", missing, damaged)
    with told_in_words(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        merged = _written(folders, plan, path)
        beside = manifest_path(path.parent, Shard()) if out is None else path.with_suffix(".manifest.json")
        keep_merged(folders[0], beside, folders, rows=merged.rows, failures=merged.failures, digest=merged.digest)
    return merged


def _gaps(folders: Sequence[Path], plan: Planned) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return parts that are nowhere, and parts that are nowhere whole."""
    missing, damaged = [], []
    for number in range(parts_of(plan)):
        there = [path for folder in folders if (path := part_path(folder, number)).is_file()]
        if not there:
            missing.append(number)
        elif all(read_part(path, plan, number) is None for path in there):
            damaged.append(number)
    return tuple(missing), tuple(damaged)


def _written(folders: Sequence[Path], plan: Planned, path: Path) -> Merged:
    parquet = needed("pyarrow.parquet", "analysis")
    draft, total = path.with_name(f".{path.name}.{os.getpid()}"), RowsDigest()
    rows = failures = 0
    schema = schema_of(plan.outcomes).with_metadata({PLAN: plan.digest.encode()})
    try:
        with parquet.ParquetWriter(draft, schema, compression="zstd") as writer:
            for table in _groups(folders, plan):
                total.add(table)
                rows, failures = rows + len(table), failures + failures_in(table)
                writer.write_table(table.replace_schema_metadata(schema.metadata))
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Merged(path, rows, failures, str(total))


def _groups(folders: Sequence[Path], plan: Planned) -> Iterator[Any]:
    """Give the parts in the plan's order, so many rows at a time."""
    pa = needed("pyarrow", "analysis")
    waiting: list[Any] = []
    for number in range(parts_of(plan)):
        waiting.append(_the_part(folders, plan, number))
        if sum(map(len, waiting)) >= ROWS_A_GROUP or number == parts_of(plan) - 1:
            yield pa.concat_tables(waiting).unify_dictionaries().combine_chunks()
            waiting = []


def _the_part(folders: Sequence[Path], plan: Planned, number: int) -> Any:
    found = [(folder, table) for folder in folders if (table := read_part(part_path(folder, number), plan, number)) is not None]
    if not found:
        raise input_error(part_path(folders[0], number), "went away while it was merged", "merge again")
    (first, table), *others = found
    for folder, other in others:
        if not other.equals(table):
            raise input_error(part_path(folder, number), f"differs from the same part in {first}", "find out which machine is at fault")
    return table


def gaps_in_words(merged: Merged, folders: Sequence[Path], plan: Planned) -> str:
    """Return which parts are not there, and whose they are."""
    told = []
    for name, numbers in (("missing", merged.missing), ("damaged", merged.damaged)):
        if numbers:
            told.append(f"{len(numbers)} of {parts_of(plan)} parts {name}: {_ranges(numbers)}")
    of = max(shards_told(folder) for folder in folders)
    lacking = {*merged.missing, *merged.damaged}
    shards = [str(shard) for shard in (Shard(number, of) for number in range(1, of + 1)) if lacking & {*shard.parts(plan)}]
    return "; ".join(told) + (f" (of shard {', '.join(shards)})" if of > 1 else "")


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers in order as ranges: ``3, 7-19``."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    told = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return ", ".join(told[:NAMED]) + (", ..." if len(told) > NAMED else "")
