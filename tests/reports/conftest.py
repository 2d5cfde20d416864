"""One played run for every test of the report, and copies of it to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.engine.run import play
from sim.engine.run_folder import save
from sim.reports.after_action import Report, build
from sim.reports.evidence import Evidence, read_evidence
from sim.scenario.loader import load_scenario

SCENARIO = "may_2023_zvecan"
SEED = 3


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "played"
    finished = play(load_scenario(SCENARIO), SEED, frames_every=40)
    save(finished, path, "automatic")
    return path


@pytest.fixture(scope="session")
def evidence(run_folder: Path) -> Evidence:
    return read_evidence(run_folder)


@pytest.fixture(scope="session")
def report(evidence: Evidence) -> Report:
    return build(evidence)


@pytest.fixture
def copied(run_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_folder, tmp_path / "run"))
