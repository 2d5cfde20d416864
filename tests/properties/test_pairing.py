"""Common random numbers: two nearby policies on the same seeds differ by much less chance than on independent ones.

``pytest -s`` prints the factors by which the variance of the difference falls.
"""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from sim.engine.ensemble import Case, run_many
from sim.scenario.loader import load_scenario, scenario_folder, shipped_doctrines

SEEDS = 40
MAY, ZVECAN = "may_2023", "may_2023_zvecan"
COUNTS = ("serious_or_fatal", "soldiers_shot", "kfor_hurt", "protesters_hurt")
"""Outcomes asked for; the first two are rare."""
ASKED = 4.0


@pytest.fixture(scope="session")
def gentler_push(tmp_path_factory):
    """Return the folder of the same scenario, in which KFOR's doctrine pushes more selectively."""
    top = tmp_path_factory.mktemp("policy")
    for name in (MAY, ZVECAN):
        shutil.copytree(scenario_folder(name), top / name)
    folder = top / MAY
    (folder / "doctrine").mkdir(exist_ok=True)
    table = shipped_doctrines()["kfor_counterbalancing"].read_text("utf-8")
    assert "selectivity: 0.2" in table
    (folder / "doctrine" / "kfor_counterbalancing.yaml").write_text(table.replace("selectivity: 0.2", "selectivity: 0.25"), "utf-8")
    return str(top / ZVECAN)


@pytest.fixture(scope="session")
def results(gentler_push):
    """Return the results of each policy, one a seed."""
    throws = load_scenario(ZVECAN).parameters.number("throws_per_min")
    policies = {
        "base": (ZVECAN, {}),
        "fewer throws": (ZVECAN, {"throws_per_min": 0.9 * throws}),
        "gentler push": (gentler_push, {}),
    }
    cases = [Case(scenario, seed, values) for scenario, values in policies.values() for seed in range(SEEDS)]
    itself = [Case(ZVECAN, seed, {"throws_per_min": throws}) for seed in range(4)]
    found = run_many([*cases, *itself], workers=2)
    assert not any(result.failure for result in found)
    table = {policy: found[place * SEEDS : (place + 1) * SEEDS] for place, policy in enumerate(policies)}
    return table | {"itself": found[-len(itself) :]}


def factor(results, policy, name):
    """Return by how much pairing lowers the variance of the difference between *policy* and the base."""
    base, other = (np.array([result.outcomes[name] for result in results[which]]) for which in ("base", policy))
    paired = (other - base).var(ddof=1)
    independent = base.var(ddof=1) + other.var(ddof=1)
    return (base, other), independent / paired if paired > 0.0 else np.inf


def test_a_policy_against_itself_differs_by_exactly_nothing(results):
    for one, other in zip(results["base"], results["itself"], strict=False):
        assert one.digest == other.digest
        assert {name: value - one.outcomes[name] for name, value in other.outcomes.items()} == dict.fromkeys(one.outcomes, 0.0)


@pytest.mark.parametrize("policy", ["fewer throws", "gentler push"])
@pytest.mark.parametrize("name", COUNTS)
def test_pairing_lowers_the_variance_of_a_difference_at_least_four_times(results, policy, name):
    (base, other), found = factor(results, policy, name)
    print(f"\n{policy}: {name} {base.mean():.2f} -> {other.mean():.2f}, variance of the difference {found:.1f} times lower")
    assert base.var() > 0.0
    assert found >= ASKED


def test_the_policies_do_differ(results):
    for policy in ("fewer throws", "gentler push"):
        assert [result.digest for result in results[policy]] != [result.digest for result in results["base"]]
