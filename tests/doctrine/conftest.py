"""The framework that the tests of permissions start from."""

from __future__ import annotations

import pytest
from moments import MAY

from sim.doctrine.framework import Framework, load_framework


@pytest.fixture(scope="session")
def zvecan() -> Framework:
    """Return mandate, rules and command of May 2023 as shipped; moments are those of Zvečan."""
    return load_framework(MAY)
