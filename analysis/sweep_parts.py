"""Parts of a sweep: a fixed range of its experiments as a table, written whole or not at all, and known to be whole when it is read.

A part's range comes from the plan alone, so parts are the same whoever makes them. Each carries the plan's digest, its number and
the digest of its rows; what does not agree with that is damaged, and is made anew. Digests are over rows in canonical order and
encoding, never over the bytes of a file, which differ between versions of a library.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from analysis.extras import needed
from sim.api import WORKER_DIED, At, Case, Result

KEYS = ("experiment", "scenario", "lever", "forms", "point", "seed")
LAST = ("digest", "failure")
WORDS = ("scenario", "lever", "forms")
"""Columns whose words come again and again: kept as a dictionary."""

RUN_DIGEST = 16
"""Characters kept of the digest of a run's record: enough to tell two runs apart, and half the size of the table."""

PLAN, PART, ROWS = b"kforsim.plan", b"kforsim.part", b"kforsim.rows"

type Play = Callable[[Case], Result]


class Numbered(Protocol):
    """An experiment as its plan enumerates it."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def scenario(self) -> str: ...  # noqa: D102
    @property
    def lever(self) -> str: ...  # noqa: D102
    @property
    def forms(self) -> str: ...  # noqa: D102
    @property
    def point(self) -> int: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102


class Planned(Protocol):
    """What a sweep needs of a plan (``study_plan.Plan`` is one)."""

    @property
    def total(self) -> int: ...  # noqa: D102
    @property
    def part_size(self) -> int: ...  # noqa: D102
    @property
    def outcomes(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    def experiment(self, number: int) -> Numbered: ...  # noqa: D102
    def case(self, number: int) -> Case: ...  # noqa: D102


def parts_of(plan: Planned) -> int:
    """Return how many parts a plan has."""
    return -(-plan.total // plan.part_size)


def range_of(plan: Planned, number: int) -> range:
    """Return the experiments of a part."""
    return range(number * plan.part_size, min((number + 1) * plan.part_size, plan.total))


@dataclass
class PartTable:
    """A part as it is played: columns that grow by a run at a time."""

    outcomes: tuple[str, ...]
    columns: dict[str, list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = {name: [] for name in (*KEYS, *self.outcomes, *LAST)}

    def add(self, experiment: Numbered, result: Result) -> None:
        """Add a run; one that failed has no outcomes, and its reason."""
        for name in KEYS:
            self.columns[name].append(getattr(experiment, "number" if name == "experiment" else name))
        for name in self.outcomes:
            self.columns[name].append(float(result.outcomes.get(name, np.nan)))
        self.columns["digest"].append(result.digest[:RUN_DIGEST])
        self.columns["failure"].append(result.failure)

    def table(self) -> Any:
        """Return the part as a table of pyarrow."""
        return needed("pyarrow", "analysis").table(self.columns, schema=schema_of(self.outcomes))


def play_part(
    experiments: Iterable[tuple[Numbered, Callable[[], Case]]], outcomes: tuple[str, ...], lost: frozenset[int], at: At, play: Play
) -> Any:
    """Return the table of some experiments played one after the other; those that killed their workers are failures.

    Parameters
    ----------
    experiments
        Each with what gives its case.
    """
    part = PartTable(outcomes)
    for experiment, case in experiments:
        if experiment.number in lost:
            part.add(experiment, Result(case(), {}, failure=WORKER_DIED))
        else:
            at(experiment.number)
            part.add(experiment, play(case()))
    return part.table()


def schema_of(outcomes: Iterable[str]) -> Any:
    """Return the columns of the table of results."""
    pa = needed("pyarrow", "analysis")
    words = pa.dictionary(pa.int32(), pa.string())
    keys = [pa.field(name, words if name in WORDS else pa.int64()) for name in KEYS]
    return pa.schema([*keys, *(pa.field(name, pa.float64()) for name in outcomes), *(pa.field(name, pa.string()) for name in LAST)])


class RowsDigest:
    """A digest of rows in their order: each column by itself, so that it does not matter in which pieces they come."""

    def __init__(self) -> None:
        self._columns: dict[str, Any] = {}

    def add(self, table: Any) -> None:
        """Take in the next rows."""
        for name in table.column_names:
            total = self._columns.setdefault(name, hashlib.sha256())
            for piece in _canonical(table.column(name)):
                total.update(piece)

    def __str__(self) -> str:
        """Return the digest of all rows so far."""
        total = hashlib.sha256()
        for name, column in self._columns.items():
            total.update(f"{name}={column.hexdigest()}\n".encode())
        return total.hexdigest()[:32]


def _canonical(column: Any) -> Iterator[bytes]:
    """Give a column as bytes: whole numbers and numbers little-endian (one NaN only), words each with an end that no word has."""
    pa = needed("pyarrow", "analysis")
    if pa.types.is_integer(column.type):
        yield column.to_numpy().astype("<i8").tobytes()
    elif pa.types.is_floating(column.type):
        values = column.to_numpy().astype("<f8")
        yield np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes()
    else:
        for word in column.to_pylist():
            yield word.encode() + b"\xff"


def rows_digest(table: Any) -> str:
    """Return the digest of a table's rows."""
    total = RowsDigest()
    total.add(table)
    return str(total)


def part_bytes(table: Any, plan_digest: str, number: int) -> bytes:
    """Return a part as a Parquet file that says of which plan it is, which part, and what its rows' digest is."""
    pa, parquet = needed("pyarrow", "analysis"), needed("pyarrow.parquet", "analysis")
    told = {PLAN: plan_digest.encode(), PART: str(number).encode(), ROWS: rows_digest(table).encode()}
    sink = pa.BufferOutputStream()
    parquet.write_table(table.replace_schema_metadata(told), sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def part_path(folder: Path, number: int) -> Path:
    """Return where a part stands in a sweep's folder."""
    return folder / "parts" / f"part-{number:08d}.parquet"


def keep_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: under another name, to the disk, then renamed; OSError, and nothing is left."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_part(path: Path, plan: Planned, number: int) -> Any | None:
    """Return a part's table, or None where it is damaged, of another plan, or none at all."""
    parquet = needed("pyarrow.parquet", "analysis")
    try:
        table = parquet.read_table(path, partitioning=None)
    except Exception:  # a spoilt file makes pyarrow complain in many ways
        return None
    told, table = table.schema.metadata or {}, table.replace_schema_metadata(None)
    wanted = {PLAN: plan.digest.encode(), PART: str(number).encode(), ROWS: rows_digest(table).encode()}
    whole = len(table) == len(range_of(plan, number)) and table.schema.equals(schema_of(plan.outcomes))
    return table if whole and all(told.get(key) == value for key, value in wanted.items()) else None


def failures_in(table: Any) -> int:
    """Return how many runs of a table failed."""
    return sum(bool(word) for word in table.column("failure").to_pylist())
