"""The reference case that fixes the units of the two theories: at strength 1 each alone moves peak violence as much.

Zvečan on 29 May with one size of crowd, no differences from day to day, no prepared group, a crowd easily roused that thinks
a consequence likely, and the second line standing ready to detain in view of all without detaining anybody: so there is
violence for a push to raise, and a consequence for violence to fear. The units are ``spiral_unit`` and ``deterrence_unit``
in scenarios/parameters; this test holds them.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.run import new_model
from sim.engine.state import Post
from sim.scenario.loader import load_scenario

SEEDS = range(16)
TOLERANCE = 0.2
FEWEST_PRESENT = 200
SAME_DAY = {
    "crowd_turnout_low": 1.0,
    "crowd_turnout_high": 1.0,
    "mobilised_by_hurt": 0.0,
    "mobilised_by_detentions": 0.0,
    "licence_mobilises": 0.0,
    "episode_volatility_spread": 0.0,
    "episode_injury_spread": 0.0,
    "planned_chance": 0.0,
    "threshold_mean": 0.46,
    "certainty_mean": 0.6,
    "view_m": 100.0,
    "detentions_per_team_min": 0.0,
}


def peaks(theta_spiral: float, theta_deterrence: float) -> np.ndarray:
    """Return the largest share of people present who are violent at any minute, by seed."""
    scenario = load_scenario("may_2023_zvecan")
    values = SAME_DAY | {"theta_spiral": theta_spiral, "theta_deterrence": theta_deterrence}
    scenario = scenario.with_parameters(scenario.parameters.with_values(values))
    found = []
    for seed in SEEDS:
        model = new_model(scenario, seed)
        stand_ready(model.world.sites["zvecan"])
        while not model.over:
            model.step()
        series = model.world.played[("may_29", "zvecan")].record.series
        found.append((series["violent"] / np.maximum(series["present"], FEWEST_PRESENT)).max())
    return np.array(found)


def stand_ready(site) -> None:
    """Make detention teams of the second line, authorised from the start."""
    sections = site.state.sections
    second = sections["post"] == Post.SECOND_LINE
    sections["post"][second] = site.assigned_post[second] = Post.DETENTION_TEAM
    sections["detains"][second] = 1
    site.state.situation[0]["detaining"] = 1


@pytest.fixture(scope="module")
def moved() -> dict[str, float]:
    base = peaks(0.0, 0.0)
    return {"base": base.mean(), "spiral": (peaks(1.0, 0.0) - base).mean(), "deterrence": (peaks(0.0, 1.0) - base).mean()}


def test_in_the_reference_case_there_is_violence_to_raise_and_to_lower(moved):
    assert 0.1 < moved["base"] < 0.9


def test_the_spiral_theory_at_1_raises_peak_violence_and_deterrence_at_1_lowers_it(moved):
    assert moved["spiral"] > 0.0
    assert moved["deterrence"] < 0.0


def test_at_1_both_theories_move_peak_violence_by_the_same_amount_within_a_fifth(moved):
    print(f"\nbase {moved['base']:.3f}, spiral {moved['spiral']:+.3f}, deterrence {moved['deterrence']:+.3f}")
    assert -moved["deterrence"] == pytest.approx(moved["spiral"], rel=TOLERANCE)
