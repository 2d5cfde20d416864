"""Runs for claims, at any time as good as the time allowed: by rounds over panels, more seeds where a set cannot tell yet.

Each round takes one more set of every panel, with declared and with halved ranges, for all claims alike; then sets whose first
outcome cannot be told from the margin get further seeds, the nearest to the margin first. Results are kept in parts, each
written whole or not at all, so that what is stopped goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from analysis.claim_plan import Plan, Wanted, arm_key
from analysis.panels import PANELS
from sim.api import Result, input_error, run_many

FIRST_SEEDS = 4
"""Seeds that a set begins with, and gets more of."""

FIRST_BATCH, MOST_IN_BATCH = 4, 256
"""Runs before the first look at the clock, and the most between two."""

BETWEEN_LOOKS_S = 30.0
"""What a batch is meant to take: long enough for its workers to be worth starting, short enough for a budget to be kept."""

PLAN = "plan.json"

type Progress = Callable[[int], None]


@dataclass
class Kept:
    """Results so far.

    Attributes
    ----------
    found
        Outcomes of each run that was wanted.
    failures
        Runs that failed, with what went wrong.
    folder
        Where parts are written; None keeps nothing.
    """

    folder: Path | None = None
    found: dict[Wanted, Mapping[str, float]] = field(default_factory=dict)
    failures: dict[Wanted, str] = field(default_factory=dict)
    parts: int = 0

    def add(self, rows: Iterable[tuple[Wanted, Mapping[str, float], str]]) -> None:
        """Take in runs, and write them as one part."""
        told = list(rows)
        self._take(told)
        if self.folder is not None:
            data = [[*_plain(wanted), dict(outcomes), failure] for wanted, outcomes, failure in told]
            whole = self.folder / f"part-{self.parts:05d}.json"
            _write(whole, json.dumps(data, ensure_ascii=False))
        self.parts += 1

    def _take(self, rows: Iterable[tuple[Wanted, Mapping[str, float], str]]) -> None:
        for wanted, outcomes, failure in rows:
            if failure:
                self.failures[wanted] = failure
            else:
                self.found[wanted] = outcomes

    def read(self) -> None:
        """Read the parts of the folder again."""
        assert self.folder is not None  # read only where there is one
        for path in sorted(self.folder.glob("part-*.json")):
            rows = json.loads(path.read_text(encoding="utf-8"))
            self._take((Wanted(*row[:5]), row[5], row[6]) for row in rows)
            self.parts += 1

    def done(self, wanted: Wanted) -> bool:
        """Tell whether a run was made, well or not."""
        return wanted in self.found or wanted in self.failures


def _plain(wanted: Wanted) -> list[Any]:
    return [wanted.field, wanted.number, wanted.halved, wanted.arm, wanted.seed]


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def kept_in(folder: Path | None, plan: Plan, resume: bool) -> Kept:
    """Return a place for results: new, or with those of an earlier study of the same plan; InputError where it is another's."""
    if folder is None:
        return Kept()
    path = folder / PLAN
    if path.is_file():
        if not resume:
            raise input_error(folder, "holds a study already", "add --resume to go on with it, or name another folder")
        before = json.loads(path.read_text(encoding="utf-8"))
        if differ := [name for name, value in plan.identity.items() if before.get(name) != value]:
            raise input_error(folder, f"holds a study of another plan: {', '.join(differ)} differ", "name another folder")
        kept = Kept(folder)
        kept.read()
        return kept
    if resume or (folder.is_dir() and any(folder.iterdir())):
        what = "holds no study to go on with" if resume else "is not empty, and holds no study"
        raise input_error(folder, what, "leave --resume out" if resume else "name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, json.dumps(plan.identity, indent=1))
    return Kept(folder)


@dataclass
class Study:
    """Claims under way.

    Attributes
    ----------
    near
        By experiment, field, number and halved: how far from telling its first outcome is; None where it can be told.
    pace_s
        Seconds a run by the last batch of each field.
    """

    plan: Plan
    kept: Kept
    seeds: int
    near: Callable[[int, tuple[str, int, bool]], float | None]
    workers: int | None = None
    progress: Progress | None = None
    pace_s: dict[str, float] = field(default_factory=dict)

    def run(self, ends: float) -> str:
        """Run until everything asked for is done (``done``), the clock says *ends* (``budget``) or a key is pressed (``interrupted``)."""
        try:
            for wanted in self._rounds():
                todo = wanted
                while todo:
                    left = ends - monotonic()
                    if left <= 0.0:
                        return "budget"
                    size = self._batch(todo, left)
                    self._play(todo[:size])
                    todo = todo[size:]
        except KeyboardInterrupt:
            return "interrupted"
        return "done"

    def _batch(self, todo: list[Wanted], left_s: float) -> int:
        """Return how many runs, all of one field, are made before the next look at the clock, by the field's speed so far."""
        field = todo[0].field
        same = next((place for place, item in enumerate(todo) if item.field != field), len(todo))
        pace_s = self.pace_s.get(field, 0.0)
        fitting = int(min(left_s, BETWEEN_LOOKS_S) / pace_s) if pace_s else FIRST_BATCH
        return max(1, min(fitting, same, MOST_IN_BATCH))

    def _play(self, wanted: Iterable[Wanted]) -> None:
        todo, begun = list(wanted), monotonic()
        results: list[Result] = run_many([self.plan.case(item) for item in todo], self.workers, self.progress)
        rows = zip(todo, results, strict=True)
        self.kept.add((item, self.plan.keeps(item.field, result.outcomes), result.failure) for item, result in rows)
        self.pace_s |= {item.field: (monotonic() - begun) / len(todo) for item in todo[:1]}

    def _rounds(self) -> Iterator[list[Wanted]]:
        """Give what is missing, round by round: first seeds of four more sets, then further seeds for sets that cannot tell."""
        for first in range(0, self.plan.sets, len(PANELS)):
            for halved in (False, True):
                numbers = range(first, min(first + len(PANELS), self.plan.sets))
                new = [(name, number, halved) for name in self.plan.fields for number in numbers]
                yield self._missing(item for key in new for item in self._first(key))
            yield self._missing(self._further(range(min(first + len(PANELS), self.plan.sets)), at_most=len(PANELS)))
        while more := self._missing(self._further(range(self.plan.sets), at_most=self.plan.sets)):
            yield more

    def _first(self, key: tuple[str, int, bool]) -> Iterator[Wanted]:
        return self.plan.wanted(self.plan.asked_in(key[0]), key, range(min(FIRST_SEEDS, self.seeds)))

    def _missing(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        return [item for item in dict.fromkeys(wanted) if not self.kept.done(item)]

    def _further(self, numbers: range, at_most: int) -> Iterator[Wanted]:
        """Give further seeds for the sets of each experiment that cannot tell yet, at most so many, the nearest first."""
        for place, asked in enumerate(self.plan.asked):
            keys = [(asked.field.name, number, halved) for number in numbers for halved in (False, True)] if not asked.why_not else []
            open_sets = [(near, key) for key in keys if (near := self.near(place, key)) is not None]
            for _, key in sorted(open_sets)[:at_most]:
                done = self._seeds_done(place, key)
                yield from self.plan.wanted([asked], key, range(done, min(done + FIRST_SEEDS, self.seeds)))

    def _seeds_done(self, place: int, key: tuple[str, int, bool]) -> int:
        arms = [arm_key(settings) for settings in self.plan.asked[place].arms.values()]
        done = 0
        while done < self.seeds and all(self.kept.done(Wanted(*key, arm, done)) for arm in arms):
            done += 1
        return done
