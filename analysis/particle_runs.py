"""Particles played: one run each, on luck of its own, kept by generation so that none is made twice.

What a particle has beside the inferred parameters, its seed and its luck go by the number of its run alone: the same for any
number of workers, and for a calibration that was broken off and taken up again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from analysis.design import space_of, varied
from analysis.observations import scaled
from analysis.played import Played, Progress
from analysis.posterior import write_whole
from analysis.posterior_question import EVENT_SPREADS, Question
from analysis.surviving_sets import FILE as SETS_FILE
from analysis.surviving_sets import read_surviving
from sim.api import Case, input_error, run_many

FIRST_SEED = 10_000_000
"""Seeds of particles begin here, and go on by the number of the run: none is used by validation, search or comparison."""

FOLDER = "generations"


@dataclass(frozen=True)
class OtherParameters:
    """What particles have beside the inferred parameters: rows of values, and which row the run of each number has."""

    names: tuple[str, ...]
    rows: np.ndarray
    row_of: np.ndarray

    def values(self, number: int) -> dict[str, float]:
        """Return the values of the run of a number."""
        return dict(zip(self.names, map(float, self.rows[self.row_of[number]]), strict=True))


def other_parameters(question: Question) -> OtherParameters:
    """Return the parameters that are not inferred, from surviving sets or from their declared ranges."""
    rng, count = np.random.default_rng((question.seed, 2**30)), question.sizes.runs
    wanted = [name for name in varied(question.scenario) if name not in question.parameters]
    if question.others == "surviving_sets":
        sets = read_surviving(question.scenario.whole / SETS_FILE)
        names = [name for name in wanted if name in sets.names]
        rows = np.array([[sets.values(place)[name] for name in names] for place in range(len(sets.sets))]).reshape(-1, len(names))
        if not len(rows):
            raise input_error(question.scenario.whole / SETS_FILE, "no parameter set survives", "use --others prior")
        return OtherParameters(tuple(names), rows, rng.integers(len(rows), size=count))
    space = space_of(question.scenario)
    drawn = space.draw(count, rng)[:, [space.names.index(name) for name in wanted]]
    return OtherParameters(tuple(wanted), np.array([[float(f"{value:.6g}") for value in row] for row in drawn]), np.arange(count))


@dataclass
class Runs:
    """Plays generations of particles, in turn.

    Attributes
    ----------
    folder
        Where generations are kept, and read again; none are where it is not given.
    failures
        What went wrong in runs that failed.
    """

    question: Question
    folder: Path | None = None
    workers: int | None = None
    progress: Progress | None = None
    generation: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.others = other_parameters(self.question)
        told = [self.question.told(), self.others.names, self.others.rows.tolist()]
        self.digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def __call__(self, values: np.ndarray, first: int) -> np.ndarray:
        """Return scaled statistics of each row, NaN where its run failed."""
        path = self.folder / FOLDER / f"generation-{self.generation:03}.json" if self.folder else None
        self.generation += 1
        if path is None:
            return self._played(values, first)
        if path.is_file():
            return self._kept(path, values)
        found = self._played(values, first)
        rows = [[None if np.isnan(value) else float(value) for value in row] for row in found]
        write_whole(path, json.dumps({"question": self.digest, "values": values.tolist(), "statistics": rows}) + "\n")
        return found

    def _kept(self, path: Path, values: np.ndarray) -> np.ndarray:
        try:
            told = json.loads(path.read_text("utf-8"))
            before = np.array(told["values"], dtype=float)
            same = told["question"] == self.digest and before.shape == values.shape and np.allclose(before, values, rtol=1e-9, atol=0.0)
            found = np.array([[np.nan if value is None else value for value in row] for row in told["statistics"]], dtype=float)
        except (OSError, ValueError, KeyError, TypeError):
            same, found = False, np.zeros((0, 0))
        if not same or found.shape != (len(values), len(self.question.data)):
            raise input_error(
                path, "holds runs of another question, model or size", f"name another folder, or remove '{FOLDER}' in this one"
            )
        if self.progress:
            self.progress(len(found))
        return found

    def _played(self, values: np.ndarray, first: int) -> np.ndarray:
        cases = [self._case(row, first + place) for place, row in enumerate(values)]
        found = np.full((len(values), len(self.question.data)), np.nan)
        for place, result in enumerate(run_many(cases, self.workers, self.progress)):
            played = Played({(): (result,)})
            self.failures += [item.failure for item in played.failures()]
            for column, (_, statistic) in enumerate(self.question.data):
                runs = played.values(statistic)
                found[place, column] = scaled(statistic, runs)[0] if len(runs) else np.nan
        return found

    def _case(self, row: Sequence[float] | np.ndarray, number: int) -> Case:
        question = self.question
        read: Mapping[str, object] = varied(question.scenario)
        calm = {} if question.event_effects else {name: 0.0 for name in EVENT_SPREADS if name in read}
        values = {**self.others.values(number), **calm, **dict(zip(question.parameters, map(float, row), strict=True))}
        return Case(str(question.scenario.folder), FIRST_SEED * (question.seed + 1) + number, values)
