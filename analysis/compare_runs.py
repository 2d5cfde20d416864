"""Runs of a comparison as they finish: one pool of workers that lives as long as the comparison, and can be stopped at any time.

Blocks (all options on one case and seed) are handed out in order, a few runs at a time, and given back when whole. What a block gives
depends on its cases alone, so neither the number of workers nor the order in which they finish matters. A worker that dies
is replaced; a run that kills three of them is a failed run. Interrupts are for the parent: workers finish what they are at.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from sim.api import Case, Result, end_with_parent, run_case

RUNS_A_TASK = 2
AHEAD = 2
"""Tasks that wait for each worker, so that none is idle between two."""

TRIES = 3
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Block:
    """Runs that belong together: kept whole or not at all."""

    key: str
    cases: tuple[Case, ...]


@dataclass
class _Open:
    """A block that is being played."""

    block: Block
    results: list[Result | None]

    @property
    def whole(self) -> bool:
        return all(result is not None for result in self.results)


@dataclass
class _Task:
    """Some runs of a block, and how often they were tried."""

    owner: _Open
    places: range
    tries: int = 0

    @property
    def cases(self) -> list[Case]:
        return [self.owner.block.cases[place] for place in self.places]


@dataclass
class Workers:
    """A pool that plays blocks.

    Attributes
    ----------
    count
        Processes; 1 plays in this process.
    """

    count: int = field(default_factory=lambda: os.cpu_count() or 1)
    _pool: ProcessPoolExecutor | None = None
    _enough: Event = field(init=False)

    def play(
        self, blocks: Iterable[Block], stop: Callable[[], bool] = lambda: False, progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[Block, list[Result]]]:
        """Give each block with its results when it is whole, until all are or *stop* says so; what is not whole by then is dropped.

        Parameters
        ----------
        progress
            Called with the number of runs just finished.
        """
        told = progress or (lambda _count: None)
        yield from self._alone(blocks, stop, told) if self.count == 1 else self._together(blocks, stop, told)

    def close(self) -> None:
        """Let the workers go as soon as each has finished the run that it is at."""
        if self._pool is not None:
            self._enough.set()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    @staticmethod
    def _alone(blocks: Iterable[Block], stop: Callable[[], bool], told: Callable[[int], None]) -> Iterator[tuple[Block, list[Result]]]:
        for block in blocks:
            results: list[Result] = []
            for case in block.cases:
                if stop():
                    return
                results.append(run_case(case))
                told(1)
            yield block, results

    def _together(
        self, blocks: Iterable[Block], stop: Callable[[], bool], told: Callable[[int], None]
    ) -> Iterator[tuple[Block, list[Result]]]:
        waiting = deque(_tasks(blocks))
        running: dict[Future[list[Result]], _Task] = {}
        while (waiting or running) and not stop():
            while waiting and len(running) < self.count * (1 + AHEAD):
                task = waiting.popleft()
                running[self._submitted(task)] = task
            done, _ = wait(running, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                waiting.extendleft(reversed(self._tried_again(running.values())))
                running.clear()
            for future in done & running.keys():
                task = running.pop(future)
                for place, result in zip(task.places, future.result(), strict=True):
                    task.owner.results[place] = result
                told(len(task.places))
                if task.owner.whole:
                    yield task.owner.block, [result for result in task.owner.results if result is not None]

    def _submitted(self, task: _Task) -> Future[list[Result]]:
        if task.tries >= TRIES:
            lost: Future[list[Result]] = Future()
            lost.set_result([Result(case, {}, failure="the worker process died") for case in task.cases])
            return lost
        if self._pool is None:
            spawned = get_context("spawn")
            self._enough = spawned.Event()
            self._pool = ProcessPoolExecutor(self.count, mp_context=spawned, initializer=_begin, initargs=(self._enough,))
        try:
            return self._pool.submit(_run_some, task.cases)
        except BrokenProcessPool as error:
            broken: Future[list[Result]] = Future()
            broken.set_exception(error)
            return broken

    def _tried_again(self, tasks: Iterable[_Task]) -> list[_Task]:
        """Return tasks that were under way when a worker died, to be played by new workers, one run at a time."""
        self.close()
        return [_Task(task.owner, range(place, place + 1), task.tries + 1) for task in tasks for place in task.places]


def _tasks(blocks: Iterable[Block]) -> Iterator[_Task]:
    for block in blocks:
        owner = _Open(block, [None] * len(block.cases))
        for first in range(0, len(block.cases), RUNS_A_TASK):
            yield _Task(owner, range(first, min(first + RUNS_A_TASK, len(block.cases))))


_TOLD_TO_END: list[Event] = []
"""In a worker: what says that no more runs are wanted."""


def _run_some(cases: Sequence[Case]) -> list[Result]:
    wanted = (case for case in cases if not any(event.is_set() for event in _TOLD_TO_END))
    return [run_case(case) for case in wanted]


def _begin(enough: Event) -> None:
    """Leave interrupts to the parent, and end with it, however it ends."""
    _TOLD_TO_END.append(enough)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
