"""The scenarios that the tests of determinism play."""

from __future__ import annotations

import pytest
from parts import part_of_may

from sim.engine.run import Finished, play
from sim.scenario.loader import Scenario, load_scenario

SEED = 7


@pytest.fixture(scope="session")
def zvecan() -> Scenario:
    return load_scenario("may_2023_zvecan")


@pytest.fixture(scope="session")
def days(tmp_path_factory) -> Scenario:
    """Two days, two sites on the first and three on the second."""
    folder = tmp_path_factory.mktemp("days")
    return part_of_may(folder, ("may_26", "may_29"), ("zvecan", "leposavic", "north_mitrovica"))


@pytest.fixture(scope="session")
def run(days) -> Finished:
    """Both days by automatic seats."""
    return play(days, SEED)
