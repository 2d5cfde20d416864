"""The record: an append-only account of a run, in canonical order, with a digest that two identical runs share.

Entries tell orders, permissions, events and effects in words and numbers; incidents tell what happened to people, with the
rule's factors, the odds and the draw; the series tells how many did what, minute by minute.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.engine.state import INCIDENTS, SERIES
from sim.foundations.columns import table


@dataclass
class Record:
    """What is kept of a run.

    Attributes
    ----------
    entries
        In order: ``{"tick", "number", "kind", ...}``. Kinds: ``order``, ``permission``, ``effect``, ``event``, ``picture``.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    _incidents: list[np.ndarray] = field(default_factory=list)
    _series: list[np.ndarray] = field(default_factory=list)

    def add(self, tick: int, kind: str, **fields: Any) -> None:
        """Append an entry."""
        self.entries.append({"tick": tick, "number": len(self.entries), "kind": kind, **fields})

    def add_incidents(self, rows: np.ndarray) -> np.ndarray:
        """Append incidents in canonical order (tick, kind, entity, other) and return them so."""
        ordered = rows[np.lexsort((rows["means"], rows["other"], rows["entity"], rows["kind"], rows["tick"]))].copy()
        if len(ordered):
            self._incidents.append(ordered)
        return ordered

    def add_series(self, row: np.ndarray) -> None:
        """Append one row of the series."""
        self._series.append(row)

    @property
    def incidents(self) -> np.ndarray:
        """All incidents, as a structured array."""
        return np.concatenate(self._incidents) if self._incidents else table(INCIDENTS, 0)

    def incidents_since(self, tick: int) -> np.ndarray:
        """Return incidents from *tick* on."""
        late = []
        for rows in reversed(self._incidents):
            if rows["tick"][-1] < tick:
                break
            late.append(rows[rows["tick"] >= tick])
        return np.concatenate(late[::-1]) if late else table(INCIDENTS, 0)

    @property
    def series(self) -> np.ndarray:
        """The series, one row a minute."""
        return np.concatenate(self._series) if self._series else table(SERIES, 0)

    def last_series(self, back: int = 0) -> np.void | None:
        """Return the newest row of the series, or the one *back* rows earlier; None before there is one."""
        place = len(self._series) - 1 - back
        return None if place < 0 else self._series[place][0]

    def digest(self) -> str:
        """Return the digest of entries, incidents and series: equal for identical runs, whatever the row order."""
        total = hashlib.sha256()
        for entry in self.entries:
            total.update(canonical(entry).encode())
        total.update(self.incidents.tobytes())
        total.update(self.series.tobytes())
        return total.hexdigest()[:32]


def canonical(entry: Mapping[str, Any]) -> str:
    """Return an entry as one line of JSON with sorted keys."""
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
