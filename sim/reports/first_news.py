"""First news: when each seat first learnt of a crowd, of violence and of violence elsewhere, against when it was so.

Pictures are held against the series of the same site. A report can come before the fact, when a seat counts too many; that is
said, and not taken for foresight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.pictures import CROWD_PERSONS, VIOLENCE_PERSONS
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.words import FORCES, spoken

CROWD, VIOLENCE, ELSEWHERE = (
    f"{CROWD_PERSONS:.0f} people there",
    f"{VIOLENCE_PERSONS:.0f} violent",
    f"{VIOLENCE_PERSONS:.0f} violent elsewhere",
)


@dataclass(frozen=True)
class News:
    """What one seat first learnt of one thing.

    Attributes
    ----------
    truth, told
        Ticks; -1 where it never was so, or was never told.
    age_min
        Age of the report that told it.
    """

    truth: int
    told: int
    age_min: float

    def words(self, evidence: Evidence) -> tuple[str, str]:
        """Return when it was told, and how many minutes after the fact (negative: before it)."""
        if self.told < 0:
            return ("never" if self.truth >= 0 else "–"), ""
        late = round((self.told - self.truth) * evidence.clock.base_tick_min)
        return evidence.label(self.told), "wrongly" if self.truth < 0 else f"+{late}" if late >= 0 else f"−{-late}"


def _first(rows: np.ndarray, ticks: np.ndarray) -> int:
    return int(ticks[rows.argmax()]) if rows.any() else -1


def truths(evidence: Evidence, others: list[Evidence]) -> dict[str, int]:
    """Return when each thing was first so at a site; violence elsewhere counts the day's other sites together."""
    series = evidence.series
    rows = min([len(series), *(len(other.series) for other in others)])
    elsewhere = sum((other.series["violent"][:rows].astype(np.int64) for other in others), np.zeros(rows, dtype=np.int64))
    return {
        CROWD: _first(series["present"] >= CROWD_PERSONS, series["tick"]),
        VIOLENCE: _first(series["violent"] >= VIOLENCE_PERSONS, series["tick"]),
        ELSEWHERE: _first(elsewhere >= VIOLENCE_PERSONS, series["tick"][:rows]),
    }


def learnt(evidence: Evidence, truth: dict[str, int]) -> dict[str, dict[str, News]]:
    """Return what each seat learnt first, by seat and thing; violence elsewhere only to seats that command this site alone."""
    seats = evidence.run.scenario.file.seats
    found: dict[str, dict[str, News]] = {}
    for entry in (entry for shown in evidence.pictures.values() for entry in shown):
        news = found.setdefault(entry["seat"], {})
        seen = {CROWD: entry["crowd"]["value"] >= CROWD_PERSONS, VIOLENCE: entry["violent"]["value"] >= VIOLENCE_PERSONS}
        if seats[entry["seat"]].site is not None:
            seen[ELSEWHERE] = entry["violent_elsewhere"] >= VIOLENCE_PERSONS
        for what, is_told in seen.items():
            if is_told and what not in news:
                news[what] = News(truth[what], entry["tick"], float(entry["violent" if what == VIOLENCE else "crowd"]["age_min"]))
    return {seat: {what: found.get(seat, {}).get(what, News(truth[what], -1, 0.0)) for what in truth} for seat in found}


def main_seats(evidence: Evidence) -> list[str]:
    """Return the seats that are told: forces and headquarters first, governments after them, in the file's order."""
    seats = evidence.run.scenario.file.seats
    here = [name for name, seat in seats.items() if seat.site in (None, evidence.site) and seat.organisation != "crowd"]
    return sorted(here, key=lambda name: (seats[name].site is None, seats[name].organisation == "government"))


def news_tables(run: RunEvidence) -> list[dict[str, Any]]:
    """Return a table for each day: one row a site and thing, one column a seat."""
    tables = []
    for day, items in run.days:
        told = {item.site: learnt(item, truths(item, [other for other in items if other is not item])) for item in items}
        columns = list(dict.fromkeys(_column(item, seat) for item in items for seat in main_seats(item) if seat in told[item.site]))
        rows = [row for item in items for row in _rows(item, told[item.site], columns, several=len(items) > 1)]
        ages = {column: _age(items, column) for column in columns}
        tables.append({"day": day.file.title, "columns": [(column, ages[column]) for column in columns], "rows": rows})
    return tables


def _column(evidence: Evidence, seat: str) -> str:
    """Return a seat's column: the forces of each site share one."""
    file = evidence.run.scenario.file.seats[seat]
    return f"{FORCES.get(str(file.organisation), spoken(str(file.organisation)))} at the site" if file.site else evidence.seat(seat)


def _age(items: list[Evidence], column: str) -> str:
    """Return how old this seat's reports are, in words."""
    ages = [
        float(entry["crowd"]["age_min"])
        for item in items
        for seat in main_seats(item)
        if _column(item, seat) == column
        for entry in item.pictures.get(seat, [])
    ]
    return f"reports {np.median(ages):.0f} min old" if ages else ""


def _rows(evidence: Evidence, told: dict[str, dict[str, News]], columns: list[str], several: bool) -> list[dict[str, Any]]:
    truth = next(iter(told.values()), {})
    by_column = {_column(evidence, seat): news for seat, news in told.items() if seat in main_seats(evidence)}
    rows = []
    for what in (CROWD, VIOLENCE, ELSEWHERE) if several else (CROWD, VIOLENCE):
        if what not in truth:
            continue
        real = truth[what].truth
        if real < 0 and all(news[what].told < 0 for news in by_column.values()):
            continue
        cells = [_cell(evidence, by_column.get(column), what, column) for column in columns]
        rows.append({"place": evidence.place, "what": what, "truth": evidence.label(real) if real >= 0 else "never", "cells": cells})
    return rows


def _cell(evidence: Evidence, news: dict[str, News] | None, what: str, column: str) -> tuple[str, str]:
    if news is None or (what == ELSEWHERE and not column.endswith("at the site")):
        return "–", ""
    return news[what].words(evidence)
