"""By how much common random numbers narrow the intervals of differences between policies.

    python -m benchmarks.pairing --seeds 200

For each nearby policy and each outcome: both means, and the variance of the difference on independent seeds over that on the
same seeds. Then for each outcome the ratio of the unpaired to the paired interval's width (the square root), median over policies
and over options of the paper, its rivals and the body. Infinity: the outcome did not change on any seed. A dash: it never varies.
"""

from __future__ import annotations

import json
import os

import click
import numpy as np

from sim.engine.ensemble import Case, Result, run_many
from sim.engine.outcomes import OUTCOMES
from sim.scenario.loader import load_scenario
from sim.scenario.options import settings_of

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

OPTIONS = ("1.2", "2.1", "R1", "R2", "body.assertive_selective")
"""Policies far from the baseline: what pairing gains where much is changed."""


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
    scenario = load_scenario(ZVECAN)
    near = {f"{name} x {by:g}": {name: by * scenario.parameters.number(name)} for name, by in NEARBY.items()}
    far = {f"option {name}": settings_of(name, scenario) for name in OPTIONS}
    cases = [Case(ZVECAN, seed, values) for values in ({}, *near.values()) for seed in range(seeds)]
    cases += [Case(ZVECAN, seed, settings=settings) for settings in far.values() for seed in range(seeds)]
    results = run_many(cases, workers)
    by_policy = {policy: results[place * seeds : (place + 1) * seeds] for place, policy in enumerate(("base", *near, *far))}
    rows = []
    for policy in (*near, *far):
        for outcome in OUTCOMES:
            base, other = values_of(by_policy["base"], outcome.name), values_of(by_policy[policy], outcome.name)
            found = {"base": base.mean(), "other": other.mean(), "factor": factor(base, other)}
            rows.append({"policy": policy, "outcome": outcome.name} | found)
    return rows


def width_ratios(rows: list[dict[str, object]], options: bool) -> dict[str, float]:
    """Return by outcome the ratio of unpaired to paired interval width: median over near policies, or over options."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if str(row["policy"]).startswith("option ") == options and not np.isnan(row["factor"]):
            found.setdefault(str(row["outcome"]), []).append(float(np.sqrt(row["factor"])))
    return {outcome: float(np.median(ratios)) for outcome, ratios in found.items()}


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
    near, far = width_ratios(rows, options=False), width_ratios(rows, options=True)
    click.echo(f"\n{'width of the interval, unpaired to paired':<44}{'nearby':>10}{'options':>10}")
    for outcome in near:
        click.echo(f"{outcome:<44}{near[outcome]:>10.2f}{far.get(outcome, float('nan')):>10.2f}")
    factors = np.array([row["factor"] for row in rows])
    known = factors[~np.isnan(factors)]
    click.echo(f"\nmedian factor {np.median(known):.1f}; smallest {known.min():.1f}; below 4 in {(known < 4.0).sum()} of {len(known)}")


if __name__ == "__main__":
    main()
