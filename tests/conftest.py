"""What every test can ask for."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: opens a page in a real browser (Debian's chromium)")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a browser; without one the test is skipped, or fails where KFORSIM_REQUIRE_BROWSER=1 asks for it."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    reason = f"no browser on PATH (looked for {', '.join(BROWSERS)}); install Debian's chromium"
    if os.environ.get("KFORSIM_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
