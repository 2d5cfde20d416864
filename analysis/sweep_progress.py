"""How far a sweep has come, on the error output: a bar with rate and time left on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

LINE_EVERY_S = 60.0
LOOK_EVERY_S = 0.2

type Shown = Callable[[int, str], None]
"""Shows how many runs are done, and rate and time left in words."""


@contextmanager
def progress_shown(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """Give what is to be told of every run: how many are done, those of before among them; the first time, those alone."""
    with _bar(console, total) if console.is_terminal else _lines(console, total) as shown:
        first: list[tuple[int, float]] = []
        last = 0.0

        def told(done: int) -> None:
            nonlocal last
            now = time.monotonic()
            first[:] = first or [(done, now)]
            if done >= total or now - last >= LOOK_EVERY_S:
                last = now
                shown(done, _rate(done - first[0][0], total - done, now - first[0][1]))

        yield told


@contextmanager
def _bar(console: Console, total: int) -> Iterator[Shown]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = ("runs", BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, rate="")
        yield lambda done, rate: bar.update(task, completed=done, rate=rate)


@contextmanager
def _lines(console: Console, total: int) -> Iterator[Shown]:
    last = time.monotonic()

    def shown(done: int, rate: str) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY_S:
            last = time.monotonic()
            console.print(f"{done:,} of {total:,} runs, {rate}", highlight=False)

    yield shown


def _rate(done: int, left: int, seconds: float) -> str:
    """Return rate and time left in words, by what was done so far."""
    if done <= 0 or seconds <= 0.0:
        return ""
    return f"{done / seconds:.3g} a second, {in_words(left * seconds / done)} left"


def in_words(seconds: float) -> str:
    """Return a time as ``40 s``, ``12 min`` or ``3.4 h``."""
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 7200.0 else f"{seconds / 3600.0:.1f} h"
