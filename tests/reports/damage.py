"""Ways to change a copied run, for tests that want it other or broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.reports.aftermath import aftermaths
from sim.reports.contents import GROUPS, THEATRE_GROUPS, content
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.page import render
from sim.reports.reading import read_evidence

SITE_DAY = "may_29/zvecan"


def change_tables(run: Path, change: Callable[[dict[str, np.ndarray]], object], key: str = SITE_DAY) -> None:
    """Rewrite the tables of one site-day of a copied run, given by their own names."""
    with np.load(run / "tables.npz") as file:
        tables = {name: file[name] for name in file.files}
    own = {name.removeprefix(f"{key}/"): tables.pop(name) for name in list(tables) if name.startswith(f"{key}/")}
    change(own)
    np.savez(run / "tables.npz", **tables, **{f"{key}/{name}": rows for name, rows in own.items()})


def change_manifest(run: Path, **fields: object) -> None:
    """Rewrite fields of a copied run's manifest."""
    path = run / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), "utf-8")


def change_facts(run: Path, key: str = SITE_DAY, **facts: object) -> None:
    """Rewrite facts of one site-day in a copied run's manifest."""
    kept = json.loads((run / "manifest.json").read_text("utf-8"))["site_days"]
    change_manifest(run, site_days=[{**item, **facts} if f"{item['day']}/{item['site']}" == key else item for item in kept])


def change_outcomes(run: Path, **values: float) -> None:
    """Rewrite outcomes by their names, wherever they are told."""
    kept = json.loads((run / "manifest.json").read_text("utf-8"))["outcomes"]
    change_manifest(run, outcomes={path: values.get(path.rpartition("/")[2], value) for path, value in kept.items()})


def add_entries(run: Path, entries: list[dict[str, object]]) -> None:
    """Add entries to a copied run's record."""
    with (run / "record.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps({"site": "zvecan", **entry}) + "\n" for entry in entries)


def only_entries(run: Path, entries: list[dict[str, object]]) -> Evidence:
    """Replace a copied run's record, and return its only site-day read back."""
    (run / "record.jsonl").write_text("", "utf-8")
    add_entries(run, entries)
    return read_evidence(run).site_days[0]


def at(evidence: Evidence, clock: str) -> int:
    """Return the tick of a local time on a site-day."""
    hour, minute = (int(part) for part in clock.split(":"))
    start = evidence.day.file.start
    return evidence.clock.tick_at(start.replace(hour=hour, minute=minute))


def page_without_figures(run: RunEvidence) -> str:
    """Return the page of a run without its figures: quick, for tests of what it says."""
    drawn = {item.key: {place: [] for place in GROUPS} for item in run.site_days}
    return render(content(run, drawn, {place: [] for place in THEATRE_GROUPS}, aftermaths(run)))


def words_of(run: Path) -> str:
    """Return the page of the run in a folder without its figures."""
    return page_without_figures(read_evidence(run))
