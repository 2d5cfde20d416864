"""The scenario that the tests of determinism play."""

from __future__ import annotations

import pytest

from sim.engine.run import Finished, play
from sim.scenario.loader import Scenario, load_scenario

SEED = 7


@pytest.fixture(scope="session")
def zvecan() -> Scenario:
    return load_scenario("may_2023_zvecan")


@pytest.fixture(scope="session")
def day(zvecan) -> Finished:
    """One whole day by automatic seats."""
    return play(zvecan, SEED)
