"""Ways to change a copied run, for tests that want it other or broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.reports.after_action import content
from sim.reports.evidence import read_evidence
from sim.reports.page import render


def change_tables(run: Path, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    """Rewrite the tables of a copied run."""
    with np.load(run / "tables.npz") as file:
        tables = {name: file[name] for name in file.files}
    change(tables)
    np.savez(run / "tables.npz", **tables)


def change_manifest(run: Path, **fields: object) -> None:
    """Rewrite fields of a copied run's manifest."""
    path = run / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), "utf-8")


def add_entries(run: Path, entries: list[dict[str, object]]) -> None:
    """Add entries to a copied run's record."""
    with (run / "record.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in entries)


def words_of(run: Path) -> str:
    """Return the page of a run without its figures: quick, for tests of what it says."""
    return render(content(read_evidence(run), {place: [] for place in ("timeline", "stills", "charts", "knowledge")}))
