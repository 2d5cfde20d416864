"""Workers: spawned processes that work through tasks, each on a pipe of its own.

A worker says which item of its task it is at. So when one dies, however it dies, it alone is missed, and the item is known: the
worker is replaced, the others go on, its task is tried again, and an item that three workers died at is lost and passed over.
(``concurrent.futures`` breaks the whole pool and names nobody; ``multiprocessing.Pool`` hangs.) Interrupts are for the parent, and
a worker ends when its parent does.
"""

from __future__ import annotations

import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import Any

from sim.foundations.errors import InputError, input_error

TRIES = 3
"""Workers that may die at one item before it is lost."""

WORKER_DIED = "the worker process died"
"""What is said of an item that is lost."""

PATIENCE_S = 5.0

type At = Callable[[int], None]
"""How a worker says which item of its task it is at."""

type Work[Task, Found] = Callable[[Task, frozenset[int], At], Found]
"""What a worker does with a task; it passes over lost items, and calls ``at`` before each other."""


class _Word(Enum):
    """What a worker says."""

    AT = auto()
    DONE = auto()
    REFUSED = auto()
    FAILED = auto()


@dataclass
class _Open[Task]:
    """A task that is not done, and how many workers died at which of its items."""

    task: Task
    deaths: Counter[int] = field(default_factory=Counter)

    @property
    def lost(self) -> frozenset[int]:
        return frozenset(item for item, deaths in self.deaths.items() if deaths >= TRIES)


@dataclass
class _Worker[Task]:
    """One process: its pipe, its task, the item that it is at, and how many items it has begun."""

    process: SpawnProcess
    pipe: Connection
    open: _Open[Task] | None = None
    at: int | None = None
    begun: int = 0

    def give(self, task: _Open[Task]) -> None:
        self.open, self.at, self.begun = task, None, 0
        with suppress(OSError):  # a worker that has just died is found dead by its pipe
            self.pipe.send((task.task, task.lost))

    def end(self) -> None:
        self.pipe.close()
        if self.open is not None:
            self.process.terminate()
        self.process.join(PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class Workers[Task, Found]:
    """Processes that do one kind of work.

    Parameters
    ----------
    work
        Picklable; called in the workers. What it raises is raised in the parent and ends the work.
    count
        Processes; all cores by default.
    """

    def __init__(self, work: Work[Task, Found], count: int | None = None) -> None:
        self._work = work
        self._count = count or os.cpu_count() or 1
        self._workers: list[_Worker[Task]] = []
        self._stillborn = 0

    @property
    def items_under_way(self) -> int:
        """Items done of tasks that are not."""
        return sum(max(worker.begun - 1, 0) for worker in self._workers if worker.open is not None)

    def through(self, tasks: Iterable[Task], told: Callable[[], None] = lambda: None) -> Iterator[tuple[Task, Found]]:
        """Give each task with what was found, as they are done; tasks are drawn when a worker is free for them.

        Parameters
        ----------
        told
            Called whenever a worker begins an item.
        """
        source, again = iter(tasks), deque[_Open[Task]]()
        try:
            while True:
                self._hand_out(again, source)
                busy = {worker.pipe: worker for worker in self._workers if worker.open is not None}
                if not busy:
                    return
                for pipe in wait([*busy]):
                    worker = busy[pipe]  # type: ignore[index]  # wait gives back what it was given
                    found = self._heard(worker, again, told)
                    if found is not None:
                        done, worker.open = worker.open, None
                        self._hand_out(again, source)
                        if done is not None:
                            yield done.task, found[0]
        finally:
            self.close()

    def close(self) -> None:
        """End every worker; what one is at is dropped."""
        workers, self._workers = self._workers, []
        for worker in workers:
            if worker.open is not None:
                worker.process.terminate()
        for worker in workers:
            worker.end()

    def _hand_out(self, again: deque[_Open[Task]], source: Iterator[Task]) -> None:
        """Give tasks to free workers, those to be tried again first; start workers while there are tasks for them."""
        while True:
            free = next((worker for worker in self._workers if worker.open is None), None)
            if free is None and len(self._workers) >= self._count:
                return
            task = again.popleft() if again else next((_Open(task) for task in source), None)
            if task is None:
                return
            if free is None:
                free = self._started()
                self._workers.append(free)
            free.give(task)

    def _started(self) -> _Worker[Task]:
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_serve, args=(theirs, self._work), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _heard(self, worker: _Worker[Task], again: deque[_Open[Task]], told: Callable[[], None]) -> tuple[Found] | None:
        """Take in one word of a worker, or its death; return what it found, when that is what it says."""
        try:
            word, content = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker, again)
            return None
        self._stillborn = 0
        if word in (_Word.REFUSED, _Word.FAILED):
            worker.open = None
            raise InputError(content) if word is _Word.REFUSED else content
        if word is _Word.DONE:
            return (content,)
        worker.at, worker.begun = content, worker.begun + 1
        told()
        return None

    def _bury(self, worker: _Worker[Task], again: deque[_Open[Task]]) -> None:
        """Take a dead worker away, and put its task first among those to be tried again."""
        self._workers.remove(worker)
        if worker.open is not None:
            if worker.at is not None:
                worker.open.deaths[worker.at] += 1
            again.appendleft(worker.open)
        self._stillborn += worker.at is None
        worker.end()
        if self._stillborn > TRIES * self._count:
            raise input_error("workers", "end before they begin any run", "free memory or use fewer workers; they print why, if they can")


def end_with_parent() -> None:
    """Let a worker end when the process that started it dies, however it dies."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _serve(pipe: Connection, work: Work[Any, Any]) -> None:
    """Work through what comes down the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    while True:
        try:
            task, lost = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            found = work(task, lost, lambda item: pipe.send((_Word.AT, item)))
        except InputError as error:  # told again in the parent
            pipe.send((_Word.REFUSED, error.problems))
        except Exception as error:
            _say_failed(pipe, error)
        else:
            pipe.send((_Word.DONE, found))


def _say_failed(pipe: Connection, error: Exception) -> None:
    try:
        pipe.send((_Word.FAILED, error))
    except Exception:  # an error that cannot be pickled is told in words
        pipe.send((_Word.FAILED, RuntimeError(f"{type(error).__name__}: {error}")))
