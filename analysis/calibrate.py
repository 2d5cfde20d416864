"""Calibration: search for surviving sets, say what is identified, and keep both beside the scenario, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.expected import read_expected
from analysis.identifiability import Identifiability, identifiability
from analysis.identifiability_page import DATA, PAGE, as_data, as_page
from analysis.played import Progress
from analysis.search import find
from analysis.surviving_sets import FILE, SurvivingSets, as_text, read_surviving
from sim.api import Scenario, input_error, load_scenario


@dataclass(frozen=True)
class Calibration:
    """What a calibration found."""

    scenario: Scenario
    sets: SurvivingSets
    table: Identifiability

    def page(self) -> str:
        """Return the table of identifiability as markdown."""
        return as_page(self.table, self.sets, self.scenario.file.title)


def as_json(calibration: Calibration) -> str:
    """Return provenance and identifiability for programs."""
    table = json.loads(as_data(calibration.table, calibration.sets))
    return json.dumps({"provenance": calibration.sets.provenance, "identifiability": table}, ensure_ascii=False)


def whole_scenario(name: str) -> Scenario:
    """Return the scenario; InputError for a part of another, whose sets are the whole's."""
    scenario = load_scenario(name)
    if scenario.whole != scenario.folder:
        raise input_error(name, "is a part of another scenario and has its parameter sets", f"calibrate {scenario.whole.name}")
    return scenario


def refuse_unwritable(folder: Path) -> None:
    """InputError where nothing could be kept in *folder*: said before the search, not after it."""
    if not os.access(folder, os.W_OK):
        raise input_error(folder, "cannot be written to", "copy the scenario and calibrate the copy, or leave --keep out")


def calibrate(
    scenario: Scenario,
    first: int,
    later: Sequence[int],
    seed: int,
    parents: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    near: int = 0,
) -> Calibration:
    """Return surviving sets and what they identify; the sizes are those of :func:`analysis.search.find`."""
    expected = read_expected(scenario)
    earlier = read_surviving(parents) if parents else None
    found = find(scenario, expected, first, later, seed, earlier, workers, progress, near)
    return Calibration(scenario, found.sets, identifiability(found))


def keep(calibration: Calibration) -> list[Path]:
    """Write sets and table beside the scenario; all are complete on the same disk before the first takes its place."""
    folder = calibration.scenario.folder
    texts = {FILE: as_text(calibration.sets), DATA: as_data(calibration.table, calibration.sets), PAGE: calibration.page()}
    try:
        with TemporaryDirectory(dir=folder, prefix=".calibrate_") as waiting:
            for name, text in texts.items():
                (Path(waiting) / name).write_text(text, encoding="utf-8")
            for name in texts:
                (Path(waiting) / name).replace(folder / name)
    except OSError as error:
        raise input_error(folder, f"the result could not be kept ({error})", "make room and search again") from None
    return [folder / name for name in texts]
