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
class SiteRecord:
    """What is kept of one site on one day: incidents and series."""

    day: str
    site: str
    _incidents: np.ndarray = field(default_factory=lambda: table(INCIDENTS, 1024))
    _incident_count: int = 0
    _series: np.ndarray = field(default_factory=lambda: table(SERIES, 1024))
    _series_count: int = 0

    def add_incidents(self, rows: np.ndarray) -> np.ndarray:
        """Append incidents in canonical order (tick, kind, entity, other) and return them so."""
        ordered = rows[np.lexsort((rows["means"], rows["other"], rows["entity"], rows["kind"], rows["tick"]))].copy()
        end = self._incident_count + len(ordered)
        self._incidents = _with_room(self._incidents, end)
        self._incidents[self._incident_count : end] = ordered
        self._incident_count = end
        return ordered

    def next_series_row(self) -> np.ndarray:
        """Return a zeroed row of the series, already appended, for the caller to fill."""
        self._series = _with_room(self._series, self._series_count + 1)
        self._series_count += 1
        return self._series[self._series_count - 1 : self._series_count]

    @property
    def incidents(self) -> np.ndarray:
        """All incidents, as a structured array."""
        return self._incidents[: self._incident_count]

    @property
    def series(self) -> np.ndarray:
        """The series, one row a minute."""
        return self._series[: self._series_count]


@dataclass
class Record:
    """What is kept of a run.

    Attributes
    ----------
    entries
        In order: ``{"tick", "number", "kind", "site", ...}``; an empty site concerns all.
    site_days
        Incidents and series by day and site, in the order of play.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    site_days: dict[tuple[str, str], SiteRecord] = field(default_factory=dict)

    def add(self, tick: int, kind: str, site: str, **fields: Any) -> None:
        """Append an entry about a site (or, with an empty one, about all)."""
        self.entries.append({"tick": tick, "number": len(self.entries), "kind": kind, "site": site, **fields})

    def at(self, day: str, site: str) -> SiteRecord:
        """Return the record of one site on one day."""
        return self.site_days.setdefault((day, site), SiteRecord(day, site))

    def digest(self) -> str:
        """Return the digest of entries, incidents and series: equal for identical runs, whatever the row order."""
        total = hashlib.sha256()
        for entry in self.entries:
            total.update(canonical(entry).encode())
        for (day, site), kept in self.site_days.items():
            total.update(f"{day} {site}".encode())
            total.update(kept.incidents.tobytes())
            total.update(kept.series.tobytes())
        return total.hexdigest()[:32]


def canonical(entry: Mapping[str, Any]) -> str:
    """Return an entry as one line of JSON with sorted keys."""
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _with_room(rows: np.ndarray, wanted: int) -> np.ndarray:
    """Return *rows* with room for so many, twice as long where it has to grow."""
    if wanted <= len(rows):
        return rows
    longer = np.zeros(max(2 * len(rows), wanted), dtype=rows.dtype)
    longer[: len(rows)] = rows
    return longer
