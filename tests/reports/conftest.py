"""One played part, one played whole for every test of the report, and copies of the part to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.engine.run import play
from sim.engine.run_folder import save
from sim.reports.after_action import Report, build
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.reading import read_evidence
from sim.scenario.loader import load_scenario

PART, WHOLE = "may_2023_zvecan", "may_2023"
SEED = 3


def _played(name: str, path: Path, frames_every: int) -> Path:
    save(play(load_scenario(name), SEED, frames_every=frames_every), path, "automatic")
    return path


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _played(PART, tmp_path_factory.mktemp("runs") / "played", 40)


@pytest.fixture(scope="session")
def run(run_folder: Path) -> RunEvidence:
    return read_evidence(run_folder)


@pytest.fixture(scope="session")
def evidence(run: RunEvidence) -> Evidence:
    """Zvečan on 29 May, the part's only site-day."""
    return run.site_days[0]


@pytest.fixture(scope="session")
def report(run: RunEvidence) -> Report:
    return build(run)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunEvidence:
    """All sites and days of May."""
    return read_evidence(_played(WHOLE, tmp_path_factory.mktemp("runs") / "whole", 20))


@pytest.fixture(scope="session")
def whole_report(whole: RunEvidence) -> Report:
    return build(whole)


@pytest.fixture
def copied(run_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_folder, tmp_path / "run"))


@pytest.fixture
def whole_copied(whole: RunEvidence, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole.run.path, tmp_path / "run"))
