"""A sweep: the parts of a plan that are not there yet are made, by workers here or on a cluster, until all are there.

Resuming is no special case: what is there and whole is kept, what is damaged is made anew, the rest is made. So a sweep survives
a worker or itself being killed, a full disk and Ctrl-C with nothing lost but the parts that were under way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.sweep_folder import Kept, Shard, Standing, begin, clear_drafts, standing, told_in_words
from analysis.sweep_lock import held
from analysis.sweep_manifest import ended, keep_go, new_go
from analysis.sweep_parts import Planned, range_of
from analysis.sweep_runner import Made
from sim.api import InputError

type Progress = Callable[[int], None]
"""Told how many runs of this shard are done, those of before among them."""

type Engine = Callable[[Iterable[int], Callable[[int], None]], Iterator[Made]]
"""Makes parts; calls back with how many runs are done of parts that are not."""


@dataclass(frozen=True)
class Swept:
    """How far a sweep came.

    Attributes
    ----------
    before
        Runs that were there when it began.
    made, failures
        Runs made now, and how many of these failed.
    anew
        Damaged parts that were to be made anew.
    left
        Runs still to be made.
    locked
        Whether the file system keeps two sweeps from one folder.
    """

    before: int = 0
    made: int = 0
    failures: int = 0
    anew: tuple[int, ...] = ()
    left: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    locked: bool = True


def sweep(
    folder: Path,
    plan: Kept,
    engine: Engine,
    shard: Shard | None = None,
    go: dict[str, Any] | None = None,
    found: Callable[[Standing], None] = lambda _standing: None,
    progress: Progress = lambda _runs: None,
) -> Swept:
    """Make what is missing of a shard and return how far it came; InputError where the folder cannot be used.

    Parameters
    ----------
    go
        What the manifest says of this go; that of a sweep here where left out.
    found
        Told what is there, before the first part is made.
    """
    shard = shard or Shard()
    begin(folder, plan)
    parts = shard.parts(plan)
    if not parts:
        return Swept()
    with told_in_words(folder), held(folder, parts, f"shard {shard}" if shard.of > 1 else "a whole sweep") as locked:
        clear_drafts(folder, parts)
        there = standing(folder, plan, parts)
        found(there)
        swept = Swept(runs_in(plan, there.whole), anew=there.damaged, left=runs_in(plan, there.to_make), locked=locked)
        if not there.to_make:
            return swept
        return _made(folder, engine, shard, go or new_go(None, "local", shard), there.to_make, swept, progress)


def _made(folder: Path, engine: Engine, shard: Shard, go: dict[str, Any], wanted: Sequence[int], swept: Swept, progress: Progress) -> Swept:
    """Make the parts and keep the manifest, however it ends."""
    go = {**go, "parts_made_anew": len(swept.anew)}
    keep_go(folder, shard, go)
    begun, runs, failures, interrupted = time.monotonic(), 0, 0, False

    def under_way(more: int) -> None:
        progress(swept.before + runs + more)

    try:
        for made in engine(wanted, under_way):
            runs, failures = runs + made.runs, failures + made.failures
            under_way(0)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        with suppress(OSError, InputError):  # the reason to end comes first; the manifest of what is kept may lack its end
            keep_go(folder, shard, ended({**go, "runs": runs, "failures": failures}))
    seconds = time.monotonic() - begun
    return replace(swept, made=runs, failures=failures, left=swept.left - runs, seconds=seconds, interrupted=interrupted)


def runs_in(plan: Planned, parts: Iterable[int]) -> int:
    """Return how many runs some parts hold."""
    return sum(len(range_of(plan, number)) for number in parts)
