"""A toy in place of the engine: a scenario of two days and two sites whose outcomes are known functions of few parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.api import Result
from sim.foundations.parameter import Valued

NAMES = ("alpha", "beta", "idle", "planned")
DAYS = {"may_1": ("north", "south"), "may_2": ("north",)}

EXPECTED = """\
format: 2
discrepancy: {log_sd: 0.2, source: ours, grade: assumption}
patterns:
  - id: P1
    title: the first day
    statistics:
      - name: hurt
        outcome: may_1/hurt
        kind: count
        band: [12, 18]
        observed: 15
        spread_ratio_at_most: 6
        nature: emergent
        source: s
        grade: A
      - {name: hours, outcome: may_1/north/hours, kind: time, band: [3, 5], nature: imposed, source: s, grade: A}
  - id: P2
    title: the quiet site
    given: {planned: 0}
    statistics:
      - {name: quiet, outcome: may_1/south/clash, kind: share_of_runs_at_one, band: [0, 0.15], nature: emergent, source: s, grade: B}
      - name: rises
        outcome: may_1/south/clash
        kind: rises_with
        raised: {planned: 0.5}
        band: [0, 1]
        nature: emergent
        source: s
        grade: B
  - id: P3
    title: the second day
    statistics:
      - {name: share, outcome: may_2/north/share, kind: share, band: [0.2, 0.6], nature: emergent, source: s, grade: A}
"""


def luck(seed: int, question: int) -> float:
    """A number in 0 to 1 that depends on seed and question, never on parameters: the same luck under every setting."""
    return float(np.random.default_rng((seed, question)).random())


def outcomes_of(seed: int, values: dict[str, float]) -> dict[str, float]:
    """Outcomes: *alpha* makes people hurt, *beta* makes the share, *planned* the clash; *idle* does nothing."""
    hurt = round(30 * values["alpha"] * (0.8 + 0.4 * luck(seed, 1)))
    return {
        "hurt": hurt + 1.0,
        "may_1/hurt": float(hurt),
        "may_1/north/hours": 2 + 4 * luck(seed, 2),
        "may_1/south/clash": float(luck(seed, 3) < 0.9 * values["planned"] + 0.02),
        "may_2/north/share": values["beta"] * (0.9 + 0.2 * luck(seed, 4)),
    }


@dataclass
class Toy:
    """The stub scenario, and what was played of it."""

    folder: Path
    scenario: SimpleNamespace = None
    played: list = field(default_factory=list)
    workers: set = field(default_factory=set)
    failing_seeds: set = field(default_factory=set)

    def run_many(self, cases, workers=None, progress=None):
        self.played += cases
        self.workers.add(workers)
        if progress and cases:
            progress(len(cases))
        return [Result(case, {}, failure="ValueError: broken") if case.seed in self.failing_seeds else self._result(case) for case in cases]

    def _result(self, case):
        values = {"alpha": 0.5, "beta": 0.4, "idle": 0.5, "planned": 0.1, **case.values}
        outcomes = outcomes_of(case.seed, values)
        return Result(case, {path: value for path, value in outcomes.items() if self._in_runs(path)})

    def _in_runs(self, path: str) -> bool:
        day, site = [*path.split("/")[:-1], "", ""][:2]
        days = {item.name: item.sites for item in self.scenario.days}
        return not day or (day in days and (not site or site in days[day]))

    def write(self, old: str = "", new: str = "") -> Toy:
        """Write expected.yaml, with one text replaced."""
        assert old in EXPECTED
        (self.folder / "expected.yaml").write_text(EXPECTED.replace(old, new, 1) if old else EXPECTED, "utf-8")
        return self


def toy_scenario(folder: Path, whole: Path, days: dict[str, tuple[str, ...]]) -> SimpleNamespace:
    ranges = {"alpha": (0.0, 0.5, 1.0), "beta": (0.0, 0.4, 1.0), "idle": (0.0, 0.5, 2.0), "planned": (0.0, 0.1, 0.5)}
    valued = {name: Valued(centre, low, high, "s", "assumption") for name, (low, centre, high) in ranges.items()}
    valued["fixed"] = Valued(3.0, None, None, "s", "A")
    valued["form"] = Valued("RAW", None, None, "s", "A")
    return SimpleNamespace(
        name=folder.name,
        folder=folder,
        whole=whole,
        days=tuple(SimpleNamespace(name=name, sites=sites) for name, sites in days.items()),
        parameters=SimpleNamespace(valued=valued),
        file=SimpleNamespace(title="A toy"),
        reads=lambda _name: True,
    )


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The whole toy scenario, loaded by any name; runs are the toy's."""
    folder = tmp_path / "toy"
    folder.mkdir()
    made = Toy(folder, toy_scenario(folder, folder, DAYS)).write()
    names = ("hurt", "hours", "clash", "share", "licence")
    outcomes = tuple(SimpleNamespace(name=name, whole_run=name == "licence") for name in names)
    monkeypatch.setattr("analysis.expected.outcomes_in_play", lambda _scenario: outcomes)
    monkeypatch.setattr("analysis.played.run_many", made.run_many)
    monkeypatch.setattr("analysis.validate.FURTHER_SEEDS", 1000)
    for module in ("validate", "calibrate"):
        monkeypatch.setattr(f"analysis.{module}.load_scenario", lambda _name: made.scenario)
    return made


@pytest.fixture
def toy_part(toy, tmp_path, monkeypatch):
    """The toy's first day at its northern site alone, as a scenario of its own."""
    folder = tmp_path / "toy_north"
    folder.mkdir()
    whole = toy.scenario
    monkeypatch.setattr("analysis.expected.load_scenario", lambda name: whole if Path(name) == toy.folder else None)
    toy.scenario = toy_scenario(folder, toy.folder, {"may_1": ("north",)})
    return toy
