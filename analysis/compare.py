"""Comparison of options: rounds of the same cases and seeds for all, until the ranking is settled, the seeds are done or the time is over.

A round is one paired run a panel: every option on the same case and seed, so that no option owes its place to luck. After each round the
ranking is looked at; the first stands after the first round. It counts as *settled* when every two neighbours by expected value are
told apart by an interval that holds for all neighbours at once, or are alike to a stated margin. The ranking is looked at many times,
which the intervals do not allow for: what has just settled is a little less sure than it says.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.compare_design import CasePoint, PairedRun
from analysis.compare_question import Question
from analysis.compare_runs import Block, Workers
from analysis.compare_store import Kept, Store
from analysis.comparison import PANELS
from analysis.paired import Layout, all_at_once
from analysis.robustness import EXPECTED, Losses, losses_of, rankings, scales_of, settled
from sim.api import Case

AGAIN = "baseline once more"
"""Label of the baseline played a second time, in the first round: it must give the same to the last bit."""

ROUND = len(PANELS)
DOCTRINE_EVERY = 4
"""Every so many rounds are also played under the other doctrines."""

LEAST_ROUNDS = 8
"""Rounds before a ranking may count as settled: with fewer cases the intervals are guesses."""

RESAMPLES_ON_THE_WAY = 50
Rows = dict[int, dict[str, Kept]]


@dataclass
class Played:
    """What has been played so far.

    Attributes
    ----------
    rows
        By number of paired run: what each option gave.
    by_doctrine
        The same under each other doctrine.
    """

    pairs: list[PairedRun]
    rows: Rows = field(default_factory=dict)
    by_doctrine: dict[str, Rows] = field(default_factory=dict)
    convergence: list[Mapping[str, float]] = field(default_factory=list)
    stopped: str = "seeds"
    seconds: float = 0.0

    @property
    def runs(self) -> int:
        """Runs kept."""
        return sum(len(row) for rows in (self.rows, *self.by_doctrine.values()) for row in rows.values())

    def layout(self, numbers: Sequence[int]) -> Layout:
        """Return case and panel of some paired runs."""
        cases = [self.pairs[number].case for number in numbers]
        return Layout(np.array([case.number for case in cases], int), np.array([PANELS.index(case.panel) for case in cases], int))


def compare(
    question: Question,
    store: Store,
    workers: Workers,
    progress: Callable[[int], None] | None = None,
    after_round: Callable[[Played], None] | None = None,
) -> Played:
    """Return what was played: earlier parts read back, then rounds until one of the reasons to stop.

    Parameters
    ----------
    progress
        Called with the number of runs just finished, or read back.
    after_round
        Called after each round, when the ranking so far stands in the convergence.
    """
    played = Played(question.design.pairs(question.seeds), by_doctrine={name: {} for name in question.doctrines})
    began = time.monotonic()

    def over() -> bool:
        return question.budget_s is not None and time.monotonic() - began > question.budget_s

    try:
        if not store.has(_key(question.seeds - 1)):
            _warm_up(question, played.pairs[0], workers)
            began = time.monotonic()
        for first in range(0, question.seeds, ROUND):
            numbers = range(first, min(first + ROUND, question.seeds))
            _round(question, played, store, workers, numbers, over, progress)
            if played.rows:
                played.convergence.append(standing(question, played))
            if after_round:
                after_round(played)
            if over():
                played.stopped = "budget"
                break
            if played.convergence and played.convergence[-1]["settled"] and first // ROUND + 1 >= LEAST_ROUNDS:
                played.stopped = "settled"
                break
    except KeyboardInterrupt:
        played.stopped = "interrupted"
    finally:
        workers.close()
    played.seconds = time.monotonic() - began
    return played


def _warm_up(question: Question, pair: PairedRun, workers: Workers) -> None:
    """Play one run that is not kept: kernels that a new version has to compile are compiled once, and not on the budget."""
    deque(workers.play([Block("", (_case(question, pair.case, pair.seed, {}),))]), maxlen=0)


def _round(
    question: Question,
    played: Played,
    store: Store,
    workers: Workers,
    numbers: range,
    over: Callable[[], bool],
    progress: Callable[[int], None] | None,
) -> None:
    """Play one round, under the scenario's own doctrine first; what is kept already is read back."""
    wanted: dict[str, tuple[Rows, int, Block, tuple[str, ...]]] = {}
    for number in numbers:
        again = {AGAIN: question.options[0].settings} if number < ROUND else {}
        settings = {item.id: item.settings for item in question.played} | again
        wanted[_key(number)] = (played.rows, number, *_block(question, played.pairs[number], _key(number), settings, {}))
    if numbers[0] // ROUND % DOCTRINE_EVERY == 0:
        for place, (name, doctrine) in enumerate(question.doctrines.items()):
            for number in numbers:
                key = f"{_key(number)}.{place + 1}"
                settings = {item.id: item.settings for item in question.under(name)}
                wanted[key] = (played.by_doctrine[name], number, *_block(question, played.pairs[number], key, settings, doctrine))
    for key, (rows, number, block, _) in wanted.items():
        if store.has(key):
            rows[number] = store.read(key)
            if progress:
                progress(len(block.cases))
    outcomes = tuple(item.name for item in question.outcomes)
    missing = [block for key, (_, _, block, _) in wanted.items() if not store.has(key)]
    for block, results in workers.play(missing, over, progress):
        rows, number, _, labels = wanted[block.key]
        store.write(block.key, dict(zip(labels, results, strict=True)), outcomes)
        rows[number] = store.read(block.key)


def _key(number: int) -> str:
    return f"{number:05d}"


def _block(
    question: Question, pair: PairedRun, key: str, settings: Mapping[str, Mapping[str, str]], doctrine: Mapping[str, str]
) -> tuple[Block, tuple[str, ...]]:
    cases = tuple(_case(question, pair.case, pair.seed, {**doctrine, **own}) for own in settings.values())
    return Block(key, cases), tuple(settings)


def _case(question: Question, point: CasePoint, seed: int, settings: Mapping[str, str]) -> Case:
    return Case(question.name, seed, point.values, settings={**point.settings, **settings})


def runs_wanted(question: Question) -> int:
    """Return how many runs the whole comparison would take."""
    rounds = (question.seeds + ROUND - 1) // ROUND
    with_doctrine = min(question.seeds, (rounds + DOCTRINE_EVERY - 1) // DOCTRINE_EVERY * ROUND)
    others = sum(len(question.under(name)) for name in question.doctrines)
    return question.seeds * len(question.played) + with_doctrine * others + min(question.seeds, ROUND)


def table_of(rows: Rows, options: Sequence[str], outcomes: Sequence[str]) -> tuple[list[int], dict[str, dict[str, np.ndarray]]]:
    """Return paired runs in order, and by option and outcome their values; nan where a run failed."""
    numbers = sorted(rows)
    nothing = Kept({}, "not played")
    kept = {option: [rows[number].get(option, nothing).outcomes for number in numbers] for option in options}
    values = {
        option: {name: np.array([row.get(name, np.nan) for row in found], float) for name in outcomes} for option, found in kept.items()
    }
    return numbers, values


def losses_so_far(question: Question, rows: Rows, played: Played) -> Losses:
    """Return the losses of what has been played under the first set of weights."""
    primary = [item.name for item in question.outcomes if item.primary]
    numbers, values = table_of(rows, [item.id for item in question.played], primary)
    weights = next(iter(question.weights.values()))
    return losses_of(values, played.layout(numbers), question.outcomes, weights, scales_of(values, question.outcomes))


def standing(question: Question, played: Played) -> dict[str, float]:
    """Return how far the ranking has come: whether it is settled, its widest open interval, the chance that the first is the best."""
    losses = losses_so_far(question, played.rows, played)
    done, widest, chance = False, math.nan, math.nan
    if losses.runs.shape[1]:
        done, widest = settled(losses, all_at_once(len(losses.options) - 1), question.margin)
        found = rankings(losses, "", RESAMPLES_ON_THE_WAY, panels=(), rules=(EXPECTED,))
        chance = found[0].correct_chance
    return {
        "paired_runs": float(len(played.rows)),
        "widest_open_half_width": widest,
        "chance_first_is_best": chance,
        "settled": float(done),
    }


def leading(question: Question, played: Played, count: int = 3) -> tuple[str, ...]:
    """Return the first options by expected value under the first weights, over what has been played."""
    losses = losses_so_far(question, played.rows, played)
    return rankings(losses, "", 0, panels=(), rules=(EXPECTED,))[0].order[:count] if losses.runs.shape[1] else ()
