"""A sweep on a Dask cluster: each part is a task, its worker sends back the part as a file's bytes, and it is written here.

So workers need no common disk. A part whose workers die again and again is played run by run, so that the one run at fault is
found, and is a failure as it would be on one machine. Runs of one worker process never go side by side.

*Not covered*: starting a cluster; a scheduler that is lost (the sweep ends, and goes on from its folder).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from analysis.extras import needed
from analysis.sweep_parts import Numbered, PartTable, Planned, Play, failures_in, keep_whole, part_bytes, part_path, play_part, range_of
from analysis.sweep_runner import Made
from sim.api import WORKER_DIED, Case, Result, input_error, model_digest, run_case

AHEAD = 2
"""Parts handed out for each thread of the cluster, so that none is idle between two."""

CONNECT_S = 20
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Remote:
    """How cases are played elsewhere.

    Attributes
    ----------
    model
        Digest of the model that the worker must have; empty asks nothing.
    """

    model: str
    play: Play

    def result(self, case: Case) -> Result:
        """Return what a run gives; RuntimeError where the worker has another version of the model."""
        if self.model and (here := model_digest()) != self.model:
            raise OtherModelError(here)
        with _ONE_AT_A_TIME:
            return self.play(case)


class OtherModelError(RuntimeError):
    """A worker has another version of the model."""


def play_task(
    remote: Remote, cases: tuple[tuple[Numbered, Case], ...], outcomes: tuple[str, ...], plan: str, part: int
) -> tuple[bytes, int]:
    """Return a part's bytes, and how many of its runs failed."""
    experiments = ((experiment, partial(_given, case)) for experiment, case in cases)
    table = play_part(experiments, outcomes, frozenset(), lambda _item: None, remote.result)
    return part_bytes(table, plan, part), failures_in(table)


def _given(case: Case) -> Case:
    return case


@dataclass(frozen=True)
class DaskMaker:
    """What plays parts on a cluster and writes them here."""

    folder: Path
    plan: Planned
    scheduler: str
    remote: Remote = field(default_factory=lambda: Remote(model_digest(), run_case))

    def made(self, numbers: Iterable[int]) -> Iterator[Made]:
        """Make parts and give each when it is on the disk; InputError when the cluster cannot be reached or is another version's."""
        distributed = needed("distributed", "dask")
        client = self._client(distributed)
        try:
            yield from self._through(distributed, client, iter(numbers))
        except OtherModelError as error:
            raise input_error("a Dask worker", f"has another version of the model ({error})", "install this one on every worker") from None
        except (CancelledError, distributed.comm.CommClosedError):
            raise input_error(f"--scheduler {self.scheduler}", "was lost", "start it again; the same line goes on") from None
        finally:
            client.close()

    def _client(self, distributed: Any) -> Any:
        try:
            return distributed.Client(self.scheduler, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            remedy = "start one with 'dask scheduler', and workers with 'dask worker tcp://HOST:8786 --nthreads 1'"
            raise input_error(f"--scheduler {self.scheduler}", f"cannot be reached ({error})", remedy) from None

    def _through(self, distributed: Any, client: Any, source: Iterator[int]) -> Iterator[Made]:
        parts: dict[str, int] = {}
        room = AHEAD * max(sum(client.nthreads().values()), 1)
        queue = distributed.as_completed([self._submitted(client, number, parts) for number in islice(source, room)], loop=client.loop)
        for future in queue:
            number = parts.pop(future.key)
            for following in islice(source, 1):
                queue.add(self._submitted(client, following, parts))
            try:
                content, failures = future.result()
            except distributed.KilledWorker:
                content, failures = self._run_by_run(distributed, client, number)
            keep_whole(part_path(self.folder, number), content)
            yield Made(number, len(range_of(self.plan, number)), failures)

    def _submitted(self, client: Any, number: int, parts: dict[str, int]) -> Any:
        cases = tuple((self.plan.experiment(place), self.plan.case(place)) for place in range_of(self.plan, number))
        name = f"part-{self.plan.digest}-{number}"
        parts[name] = number
        return client.submit(play_task, self.remote, cases, self.plan.outcomes, self.plan.digest, number, key=name, pure=False)

    def _run_by_run(self, distributed: Any, client: Any, number: int) -> tuple[bytes, int]:
        """Play a part each run as its own task; a run whose workers die all the same is lost."""
        part = PartTable(self.plan.outcomes)
        for place in range_of(self.plan, number):
            case = self.plan.case(place)
            try:
                result = client.submit(self.remote.result, case, pure=False).result()
            except distributed.KilledWorker:
                result = Result(case, {}, failure=WORKER_DIED)
            part.add(self.plan.experiment(place), result)
        table = part.table()
        return part_bytes(table, self.plan.digest, number), failures_in(table)
