"""Where the time of a run goes, on this machine.

    python -m benchmarks.speed

CPU time of this process unless said otherwise. Compare figures within one output only: a ratio survives a busy machine, a
number does not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import click
import numpy as np

from sim.deterrence.activation import onset_chance
from sim.engine import turn
from sim.engine.crowd_kernels import change_minds
from sim.engine.run import new_model
from sim.engine.state import INCIDENTS
from sim.engine.world import World
from sim.foundations.arithmetic import exp
from sim.foundations.chance import entity_key, moment_key, uniform
from sim.foundations.columns import table
from sim.foundations.rule import kernel
from sim.scenario.loader import Scenario, load_scenario
from sim.vocabulary import Conduct

ROOT = Path(__file__).parents[1]
CALLS = 5_000_000
THOUSAND_PEOPLE = 1.4
"""Turnout at which Zvečan has about a thousand people in all."""

NOON_TICKS = 1440
DAY = "from sim.engine.run import play; from sim.scenario.loader import load_scenario; play(load_scenario('may_2023_zvecan'), 1)"
MEMORY = f"{DAY}; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


@kernel
def many_draws(calls, key):
    total = 0.0
    for entity in range(calls):
        total += uniform(entity_key(key, entity), 11)
    return total


@kernel
def many_exponentials(calls, step):
    total = 0.0
    for call in range(calls):
        total += exp(-step * call)
    return total


@kernel
def many_rule_calls(calls, step):
    total = 0.0
    for call in range(calls):
        total += onset_chance(step * call, 0.1, 0.7, 0.05, 0.3, 1.0)
    return total


def cpu(action: Callable[[], object]) -> float:
    """Return the CPU seconds of *action*."""
    before = process_time()
    action()
    return process_time() - before


def best(action: Callable[[], object], rounds: int) -> float:
    return min(cpu(action) for _ in range(rounds))


def small_things(rounds: int) -> dict[str, float]:
    """Return nanoseconds of a draw, an exponential and a rule, called in compiled loops."""
    key = np.uint64(moment_key(1, 1))
    loops: dict[str, Callable[[int], object]] = {
        "draw": lambda calls: many_draws(calls, key),
        "exp": lambda calls: many_exponentials(calls, 1e-6),
        "rule (onset_chance)": lambda calls: many_rule_calls(calls, 1.0 / CALLS),
    }
    for loop in loops.values():
        loop(10)
    return {name: best(lambda loop=loop: loop(CALLS), rounds) * 1e9 / CALLS for name, loop in loops.items()}


def at_noon(scenario: Scenario) -> World:
    """Return the world at noon, its people on site."""
    model = new_model(scenario, 1)
    model.run_for(NOON_TICKS)
    world: World = model.world
    return world


def person_step_ns(world: World, persons: int, rounds: int) -> float:
    """Return nanoseconds that the psychology of one person costs where *persons* stand on the site."""
    state = world.sites["zvecan"].state
    rows = state.people[state.people["conduct"] == Conduct.STANDING]
    fresh = np.tile(rows, persons // len(rows) + 1)[:persons].copy()
    fresh["id"] = np.arange(1, persons + 1) * 7919
    incidents, minutes = table(INCIDENTS, 4 * persons), turn.PSYCHOLOGY * world.clock.base_tick_min
    repeats = max(24_000 // persons, 1)
    spent = []
    for _ in range(rounds):
        total = 0.0
        for _ in range(repeats):
            people, count = fresh.copy(), np.zeros(1, dtype=np.int64)
            before = process_time()
            change_minds(
                people, state.view, state.counts, state.agents, state.provocation, state.cluster_provocation, state.cluster_detained,
                state.situation, world.parameters, world.run_key, minutes, incidents, count,
            )  # fmt: skip
            total += process_time() - before
        spent.append(total / repeats)
    return min(spent) * 1e9 / persons


@contextmanager
def timed_steps() -> Iterator[dict[str, float]]:
    """Give CPU seconds by step of the order of play, filled while runs are played inside."""
    spent: dict[str, float] = defaultdict(float)

    def timed(step: turn.Step) -> Callable[[World, float], None]:
        def play(world: World, minutes: float) -> None:
            before = process_time()
            step.play(world, minutes)
            spent[step.name] += process_time() - before

        return play

    kept = turn.ORDER_OF_PLAY
    turn.ORDER_OF_PLAY = tuple(replace(step, play=timed(step)) for step in kept)
    try:
        yield spent
    finally:
        turn.ORDER_OF_PLAY = kept


def play_through(scenario: Scenario, seed: int) -> World:
    model = new_model(scenario, seed)
    while not model.over:
        model.step()
    world: World = model.world
    return world


def people_of(world: World) -> int:
    """Return how many people there were at all sites on all days, who may be the same on several days."""
    return sum(len(site.state.people) for site in world.played.values())


def whole_day(scenario: Scenario, rounds: int) -> dict[str, object]:
    """Return people, CPU seconds of a day at about a thousand people, and the share of each step."""
    values = {"crowd_turnout_low": THOUSAND_PEOPLE, "crowd_turnout_high": THOUSAND_PEOPLE}
    crowded = scenario.with_parameters(scenario.parameters.with_values(values))
    people = people_of(play_through(crowded, 1))
    seconds = [cpu(lambda: play_through(crowded, 1)) for _ in range(rounds)]
    with timed_steps() as spent:
        total = cpu(lambda: play_through(crowded, 1))
    shares = {name: time / total for name, time in spent.items()} | {"set-up and the rest": 1.0 - sum(spent.values()) / total}
    return {"people": people, "seconds": median(seconds), "shares": shares}


def several_sites(rounds: int) -> dict[str, dict[str, float]]:
    """Return people and CPU seconds of several sites, several days and the armed night, kernels compiled before."""
    may = load_scenario("may_2023")
    plays = {
        "29 May at its four sites": may.on_days(("may_29",)),
        "26 to 31 May, all sites": may,
        "Banjska, 32 hours": load_scenario("banjska_2023"),
    }
    return {
        name: {
            "people": people_of(play_through(scenario, 1)),
            "seconds": median(cpu(lambda s=scenario: play_through(s, 1)) for _ in range(rounds)),
        }
        for name, scenario in plays.items()
    }


def in_process(*arguments: str, **environment: str) -> tuple[float, str]:
    """Return wall seconds and output of a Python process."""
    before = perf_counter()
    found = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True)
    return perf_counter() - before, found.stdout


def compiling() -> dict[str, float]:
    """Return wall seconds of a first day with nothing compiled, and of the next with everything in the cache."""
    with tempfile.TemporaryDirectory() as folder:
        cold, warm = (in_process("-c", DAY, XDG_CACHE_HOME=folder, LOCALAPPDATA=folder)[0] for _ in range(2))
    return {"cold": cold, "warm": warm}


def peak_memory_mib() -> float:
    """Return the largest resident memory of a process that plays a day; the first one leaves every kernel compiled on disk."""
    told = [in_process("-c", MEMORY)[1] for _ in range(2)]
    return int(told[-1]) / (1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0)


def commands(rounds: int) -> dict[str, float]:
    """Return wall seconds of commands that should answer at once."""
    return {name: min(in_process("-m", "sim", name)[0] for _ in range(rounds)) for name in ("--help", "list")}


def measured(rounds: int) -> dict[str, object]:
    scenario = load_scenario("may_2023_zvecan")
    world = at_noon(scenario)
    person_step_ns(world, 1000, 1)
    small, large = (person_step_ns(world, persons, rounds) for persons in (1_000, 12_000))
    return {
        "ns": small_things(rounds),
        "person_step": {"ns at 1,000": small, "ns at 12,000": large, "ratio": large / small},
        "day": whole_day(scenario, rounds),
        "several": several_sites(rounds),
        "compile": compiling(),
        "peak_memory_mib": peak_memory_mib(),
        "commands": commands(rounds),
    }


def show(found: dict[str, object]) -> None:
    """Print the figures for people."""
    for name, time in found["ns"].items():
        click.echo(f"{name:<38}{time:8.1f} ns a call")
    step = found["person_step"]
    click.echo(f"{'psychology of a person, 1,000 on site':<38}{step['ns at 1,000']:8.1f} ns a step")
    click.echo(f"{'the same, 12,000 on site':<38}{step['ns at 12,000']:8.1f} ns a step; ratio {step['ratio']:.2f}")
    day = found["day"]
    click.echo(f"{'Zvečan on 29 May, once compiled':<38}{day['seconds']:8.2f} s CPU with {day['people']} people; where the time goes:")
    for name, share in sorted(day["shares"].items(), key=lambda pair: -pair[1]):
        click.echo(f"    {name:<34}{share:8.0%}")
    for name, play in found["several"].items():
        click.echo(f"{name + ', once compiled':<38}{play['seconds']:8.2f} s CPU with {play['people']} people")
    compiled = found["compile"]
    click.echo(f"{'a first day, nothing compiled':<38}{compiled['cold']:8.1f} s")
    click.echo(f"{'the next day, compiled on disk':<38}{compiled['warm']:8.1f} s")
    click.echo(f"{'peak memory of a day':<38}{found['peak_memory_mib']:8.0f} MiB (asked: under 300)")
    for name, time in found["commands"].items():
        click.echo(f"{'kforsim ' + name:<38}{time:8.2f} s")


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often each figure is taken.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def main(rounds: int, as_json: bool) -> None:
    """Print the figures."""
    found = measured(rounds)
    if as_json:
        click.echo(json.dumps(found))
    else:
        show(found)


if __name__ == "__main__":
    main()
