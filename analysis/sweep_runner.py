"""The runner of a sweep on this machine: workers that play a whole part and write it themselves, so that nothing big crosses processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from analysis.sweep_parts import Planned, Play, failures_in, keep_whole, part_bytes, part_path, play_part, range_of
from sim.api import At, Workers, run_case

type Opened = Callable[[Path], Planned]
"""What reads a plan from the folder of a sweep."""


@dataclass(frozen=True)
class Made:
    """A part that was made."""

    number: int
    runs: int
    failures: int


@dataclass(frozen=True)
class PartMaker:
    """What a worker does: plays a part of the plan in a folder and writes it; the plan is read once a worker.

    Attributes
    ----------
    play
        Makes a run of a case.
    """

    folder: Path
    opened: Opened
    play: Play = run_case

    def __call__(self, number: int, lost: frozenset[int], at: At) -> Made:
        """Make one part."""
        plan = _plan(self.opened, self.folder)
        experiments = ((plan.experiment(place), partial(plan.case, place)) for place in range_of(plan, number))
        table = play_part(experiments, plan.outcomes, lost, at, self.play)
        keep_whole(part_path(self.folder, number), part_bytes(table, plan.digest, number))
        return Made(number, len(table), failures_in(table))


@cache
def _plan(opened: Opened, folder: Path) -> Planned:
    return opened(folder)


def made_here(maker: PartMaker, numbers: Iterable[int], workers: int | None, told: Callable[[int], None]) -> Iterator[Made]:
    """Make parts on this machine and give each when it is on the disk.

    Parameters
    ----------
    told
        Called with how many runs are done of parts that are not, whenever a run begins.
    """
    crew: Workers[int, Made] = Workers(maker, workers)
    for _, made in crew.through(numbers, lambda: told(crew.items_under_way)):
        yield made
