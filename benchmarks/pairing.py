"""By how much common random numbers lower the variance of differences between policies.

    python -m benchmarks.pairing --seeds 200

For each nearby policy and each outcome: both means, and the variance of the difference on independent seeds over that on the
same seeds. Factors of infinity: the outcome did not change on any seed. A dash: the outcome never varies.
"""

from __future__ import annotations

import json
import os

import click
import numpy as np

from sim.engine.ensemble import Case, Result, run_many
from sim.engine.outcomes import OUTCOMES
from sim.scenario.loader import load_scenario

ZVECAN = "may_2023_zvecan"
NEARBY = {
    "throws_per_min": 0.9,
    "agent_uses_per_min": 0.8,
    "push_provocation": 0.9,
    "detentions_per_team_min": 1.25,
    "training_quality": 1.1,
    "theta_deterrence": 1.1,
}
"""Policies: one parameter, multiplied."""


def factor(base: np.ndarray, other: np.ndarray) -> float:
    """Return variance of the difference on independent seeds over that on the same ones; nan where nothing varies."""
    paired = (other - base).var(ddof=1)
    independent = base.var(ddof=1) + other.var(ddof=1)
    if independent == 0.0:
        return float("nan")
    return float(independent / paired) if paired > 0.0 else float("inf")


def values_of(results: list[Result], name: str) -> np.ndarray:
    return np.array([result.outcomes[name] for result in results])


def measured(seeds: int, workers: int) -> list[dict[str, object]]:
    """Return one row a policy and outcome."""
    parameters = load_scenario(ZVECAN).parameters
    policies = {"base": {}} | {f"{name} x {by:g}": {name: by * parameters.number(name)} for name, by in NEARBY.items()}
    cases = [Case(ZVECAN, seed, values) for values in policies.values() for seed in range(seeds)]
    results = run_many(cases, workers)
    by_policy = {policy: results[place * seeds : (place + 1) * seeds] for place, policy in enumerate(policies)}
    rows = []
    for policy in list(policies)[1:]:
        for outcome in OUTCOMES:
            base, other = values_of(by_policy["base"], outcome.name), values_of(by_policy[policy], outcome.name)
            found = {"base": base.mean(), "other": other.mean(), "factor": factor(base, other)}
            rows.append({"policy": policy, "outcome": outcome.name} | found)
    return rows


@click.command()
@click.option("--seeds", default=200, show_default=True, help="Runs of each policy.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def main(seeds: int, workers: int, as_json: bool) -> None:
    """Print means and factors, and their median."""
    rows = measured(seeds, workers)
    if as_json:
        click.echo(json.dumps(rows))
        return
    click.echo(f"{'policy':<32}{'outcome':<32}{'base':>10}{'other':>10}{'factor':>10}")
    for row in rows:
        told = "-" if np.isnan(row["factor"]) else f"{row['factor']:.1f}"
        click.echo(f"{row['policy']:<32}{row['outcome']:<32}{row['base']:>10.3f}{row['other']:>10.3f}{told:>10}")
    factors = np.array([row["factor"] for row in rows])
    known = factors[~np.isnan(factors)]
    click.echo(f"\nmedian factor {np.median(known):.1f}; smallest {known.min():.1f}; below 4 in {(known < 4.0).sum()} of {len(known)}")


if __name__ == "__main__":
    main()
