"""Columns: tables of rows that kernels update, declared field by field with unit and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np


@dataclass(frozen=True)
class Column:
    """One field of a table: numpy type code, unit and meaning."""

    name: str
    code: str
    unit: str
    meaning: str


@cache
def one_type(fields: tuple[tuple[str, str], ...]) -> np.dtype[np.void]:
    """Return the type of rows with these fields, the same object each time: a kernel's call looks its tables up by it."""
    return np.dtype(list(fields))


def table(columns: Sequence[Column], rows: int) -> np.ndarray:
    """Return a zeroed structured array of shape ``(rows,)`` with one field a column."""
    return np.zeros(rows, dtype=one_type(tuple((column.name, column.code) for column in columns)))


FIXED_POINT = 1048576.0
"""Sums over people are taken in whole units of 2**-20, so that they do not depend on row order."""
