"""What halving the base tick moves: it should move no pattern statistic by more than 5 %.

    python -m benchmarks.base_tick --seeds 24
    python -m benchmarks.base_tick --seeds 96 --process contact

Periods are fixed in base ticks, so that halving the tick halves every step: contact, movement, psychology and decisions. Both
ticks share a seed's people, turnout and factors of the day, but no draw made while the day is played; hence the paired
standard error. With ``--process`` only that process steps twice as often, and is held against a run at the halved tick whose
processes all keep their lengths in minutes (which differs from the scenario's own tick by draws alone), so that the cause of a
shift shows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from statistics import fmean, stdev

import click

from sim.engine import turn
from sim.engine.model import TheatreModel
from sim.engine.outcomes import outcomes_of
from sim.engine.run import new_model
from sim.scenario.loader import Scenario, load_scenario

ASKED = 0.05
PROCESSES = {
    "contact": ("contact",),
    "movement": ("movement",),
    "psychology": ("sensing", "hand-overs", "crowd psychology", "casualties, provocation, record", "lead and news"),
    "decision": ("pictures, decisions, permissions", "fatigue"),
}
"""Steps of the order of play that belong together."""
ALL, NOTHING = "all", "nothing"
ALWAYS = ("due events",)
"""Steps that no process is: they come at every tick, halved or not."""

STATISTICS = (
    "may_29/zvecan/kfor_hurt",
    "may_29/zvecan/protesters_hurt",
    "may_29/zvecan/detained",
    "may_29/zvecan/span_of_violence_min",
    "may_29/zvecan/ever_violent",
    "may_29/zvecan/crowd_peak",
    "may_26/police_hurt",
)


@dataclass(frozen=True)
class Task:
    """One seed at one tick.

    Attributes
    ----------
    halved
        Which process steps twice as often at the halved tick; empty at the scenario's own tick.
    values
        Parameter values that differ from the scenario's.
    """

    scenario: str
    days: tuple[str, ...]
    seed: int
    halved: str
    values: tuple[tuple[str, float], ...] = ()


def at_half_tick(scenario: Scenario) -> Scenario:
    """Return the scenario with its base tick halved."""
    return replace(scenario, file=scenario.file.model_copy(update={"base_tick_s": scenario.file.base_tick_s / 2.0}))


@contextmanager
def stepping_twice(process: str) -> Iterator[int]:
    """Keep every process but one at its old length in minutes under a halved tick; give the ticks of a psychology step."""
    kept = turn.ORDER_OF_PLAY
    if process != ALL:
        twice = {*ALWAYS, *PROCESSES.get(process, ())}
        if unknown := twice - {step.name for step in kept}:
            raise KeyError(f"the order of play has no step {', '.join(sorted(unknown))}")
        turn.ORDER_OF_PLAY = tuple(step if step.name in twice else replace(step, period=2 * step.period) for step in kept)
    try:
        yield turn.PSYCHOLOGY if process in (ALL, "psychology") else 2 * turn.PSYCHOLOGY
    finally:
        turn.ORDER_OF_PLAY = kept


def to_the_end(model: TheatreModel) -> dict[str, float]:
    """Play a model on and return its outcomes."""
    while not model.over:
        model.step()
    return outcomes_of(model.world)


def play_task(task: Task) -> dict[str, float]:
    """Play one seed and return the statistics that its days have."""
    scenario = load_scenario(task.scenario).on_days(task.days)
    scenario = scenario.with_parameters(scenario.parameters.with_values(dict(task.values)))
    if not task.halved:
        found = to_the_end(new_model(scenario, task.seed))
    else:
        with stepping_twice(task.halved) as psychology_ticks:
            model = new_model(at_half_tick(scenario), task.seed)
            model.world.psychology_ticks = psychology_ticks
            found = to_the_end(model)
    return {name: found[name] for name in STATISTICS if name in found}


def measured(
    plays: Sequence[tuple[str, tuple[str, ...]]], seeds: int, process: str, workers: int, values: Mapping[str, float]
) -> list[dict[str, object]]:
    """Return one row a statistic: mean at both ticks, difference, paired standard error, and both as shares of the mean."""
    cases = [(scenario, days, seed) for scenario, days in plays for seed in range(seeds)]
    own = tuple(sorted(values.items()))
    tasks = [Task(*case, halved, own) for case in cases for halved in ("" if process in (ALL, NOTHING) else NOTHING, process)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(play_task, tasks))
    pairs: dict[str, list[tuple[float, float]]] = {}
    for whole, half in zip(results[::2], results[1::2], strict=True):
        for name, value in whole.items():
            pairs.setdefault(name, []).append((value, half[name]))
    return [_row(name, pairs[name]) for name in STATISTICS if name in pairs]


def _row(name: str, pairs: list[tuple[float, float]]) -> dict[str, object]:
    whole, half = fmean(first for first, _ in pairs), fmean(second for _, second in pairs)
    error = stdev([second - first for first, second in pairs]) / len(pairs) ** 0.5 if len(pairs) > 1 else float("nan")
    return {
        "statistic": name,
        "at the tick": whole,
        "at half of it": half,
        "standard error": error,
        "share": (half - whole) / whole if whole else float("nan"),
        "share error": error / whole if whole else float("nan"),
    }


def show(rows: list[dict[str, object]]) -> None:
    """Print the rows for people."""
    click.echo(f"{'statistic':<38}{'tick':>10}{'half':>10}{'error':>9}{'shift':>9}{'+-':>8}")
    for row in rows:
        over, doubt = abs(row["share"]) - ASKED, 2.0 * row["share error"]
        mark = "" if over <= 0.0 else "  above 5 %" if over > doubt else "  above 5 %, within chance"
        click.echo(
            f"{row['statistic']:<38}{row['at the tick']:>10.2f}{row['at half of it']:>10.2f}{row['standard error']:>9.2f}"
            f"{row['share']:>9.1%}{row['share error']:>8.1%}{mark}"
        )


@click.command()
@click.option("--seeds", default=24, show_default=True, help="Seeds played at each tick.")
@click.option("--process", default=ALL, show_default=True, type=click.Choice([ALL, NOTHING, *PROCESSES]), help="What steps twice as often.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes.")
@click.option("--first-day", is_flag=True, help="Play 26 May as well.")
@click.option("--set", "changed", multiple=True, help="A parameter's value, as name=value.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def main(seeds: int, process: str, workers: int, first_day: bool, changed: tuple[str, ...], as_json: bool) -> None:
    """Print the shift of each statistic."""
    plays = [("may_2023_zvecan", ("may_29",)), *([("may_2023", ("may_26",))] if first_day else [])]
    values = {name: float(value) for name, _, value in (item.partition("=") for item in changed)}
    rows = measured(plays, seeds, process, workers, values)
    if as_json:
        click.echo(json.dumps(rows))
    else:
        show(rows)


if __name__ == "__main__":
    main()
