"""Remake tests/verification/mesa_epstein_fixture.json: what Mesa's shipped Epstein example does, seed by seed.

    python -m benchmarks.mesa_epstein_fixture

The settings are those of Epstein's (2002) second run, in which outbursts recur. Takes a few minutes. The
test that reads the file docks :mod:`sim.verification.epstein` to it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

FIXTURE = Path(__file__).parents[1] / "tests" / "verification" / "mesa_epstein_fixture.json"
SIZE, STEPS, SEEDS = 40, 200, 30
SETTINGS = {
    "citizen_density": 0.7,
    "cop_density": 0.04,
    "citizen_vision": 7,
    "cop_vision": 7,
    "legitimacy": 0.82,
    "max_jail_term": 30,
    "active_threshold": 0.1,
    "arrest_prob_constant": 2.3,
    "movement": True,
    "activation_order": "Random",
    "grid_type": "Von Neumann",
}


def shipped_example(size: int, seed: int, settings: dict[str, Any]) -> Any:
    """Return Mesa's own model, unchanged."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence, EpsteinScenario

    return EpsteinCivilViolence(width=size, height=size, scenario=EpsteinScenario(rng=seed, **settings))


def one_run(seed: int) -> dict[str, float]:
    model = shipped_example(SIZE, seed, SETTINGS)
    actives, jailed = [], []
    for _ in range(STEPS):
        model.step()
        actives.append(int(model.ACTIVE))
        jailed.append(int(model.ARRESTED))
    return {
        "seed": seed,
        "peak_active": max(actives),
        "mean_active": sum(actives) / STEPS,
        "mean_jailed": sum(jailed) / STEPS,
        "jailed_at_end": jailed[-1],
    }


def every_run() -> Iterator[dict[str, float]]:
    for seed in range(1, SEEDS + 1):
        yield one_run(seed)


@click.command()
def main() -> None:
    """Run Mesa's example over the seeds and write the fixture."""
    with click.progressbar(every_run(), length=SEEDS, label="Mesa", file=sys.stderr) as progress:
        runs = list(progress)
    content = {
        "what": "Mesa's shipped Epstein civil violence example; made by benchmarks/mesa_epstein_fixture.py",
        "mesa": version("mesa"),
        "size": SIZE,
        "steps": STEPS,
        "settings": SETTINGS,
        "runs": runs,
    }
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    click.echo(f"{FIXTURE.name}: {len(runs)} runs, mesa {content['mesa']}")


if __name__ == "__main__":
    main()
