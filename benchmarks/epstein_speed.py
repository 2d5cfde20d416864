"""How much faster the project's Epstein is than Mesa's shipped example, on this machine.

    python -m benchmarks.epstein_speed

Both play the same settings in one process, a batch of steps by turns, so that a busy machine slows both. CPU time a
person and step; building the town and compiling are left out on both sides. Mesa collects its data as shipped.
"""

from __future__ import annotations

import json
from dataclasses import replace
from statistics import median
from time import process_time

import click

from benchmarks.mesa_epstein_fixture import SETTINGS, shipped_example
from sim.verification.epstein import CivilViolence, Town

SHIPPED_DEFAULTS = {"cop_density": 0.074, "legitimacy": 0.8, "max_jail_term": 1000}
CASES = {"shipped defaults": SETTINGS | SHIPPED_DEFAULTS, "Epstein's run 2": SETTINGS}
FLOORS = {40: 60.0, 114: 100.0}
"""Ratio asked for, by side of the grid."""


def ours(size: int, given: dict[str, object], steps: int) -> CivilViolence:
    return CivilViolence(
        width=size,
        height=size,
        citizen_density=float(str(given["citizen_density"])),
        police_density=float(str(given["cop_density"])),
        legitimacy=float(str(given["legitimacy"])),
        max_jail_term=int(str(given["max_jail_term"])),
        steps=steps,
    )


def our_time_us(setting: CivilViolence, seed: int) -> float:
    town = Town(setting, seed)
    before = process_time()
    town.play()
    return (process_time() - before) * 1e6 / (setting.steps * town.people.size)


def mesa_time_us(model: object, steps: int) -> float:
    before = process_time()
    for _ in range(steps):
        model.step()  # Mesa's model is untyped here
    return (process_time() - before) * 1e6 / (steps * len(model.agents))


def compare(size: int, given: dict[str, object], rounds: int, mesa_steps: int) -> dict[str, float]:
    """Return the median CPU time of both, and the ratio of the medians."""
    model = shipped_example(size, 1, given)
    setting = ours(size, given, steps=300)
    our_time_us(replace(setting, steps=2), 1)
    model.step()
    pairs = [(our_time_us(setting, seed), mesa_time_us(model, mesa_steps)) for seed in range(1, rounds + 1)]
    here, mesa = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return {"ours_us": here, "mesa_us": mesa, "ratio": mesa / here}


@click.command()
@click.option("--rounds", default=7, show_default=True, help="Turns taken by each side.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def main(rounds: int, as_json: bool) -> None:
    """Print CPU microseconds a person and step, and the ratio."""
    rows = [
        {"case": name, "size": size, "asked": asked} | compare(size, given, rounds, 20 if size <= 40 else 4)
        for size, asked in FLOORS.items()
        for name, given in CASES.items()
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    click.echo("grid      settings            ours, us   Mesa, us   ratio   asked")
    for row in rows:
        size, times = f"{row['size']}x{row['size']}", f"{row['ours_us']:11.3f}{row['mesa_us']:11.1f}"
        click.echo(f"{size:<10}{row['case']:<18}{times}{row['ratio']:8.0f}{row['asked']:8.0f}")


if __name__ == "__main__":
    main()
