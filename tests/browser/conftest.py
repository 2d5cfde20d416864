"""Two reports in a real browser: one of a site on a day, one of several sites and days; each test watches for requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sim.engine.run import play
from sim.engine.run_folder import save
from sim.reports.after_action import write_report
from sim.scenario.loader import Scenario, load_scenario

FAINT = """
    () => {
      function parts(text) { return text.match(/[0-9.]+/g).map(Number); }
      function light(rgb) {
        return rgb.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4))
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      }
      function behind(item) {
        for (; item; item = item.parentElement) {
          const style = getComputedStyle(item), found = parts(style.backgroundColor);
          if (style.backgroundImage !== 'none') { return null; }
          if (found.length === 3 || found[3] === 1) { return found; }
        }
        return [255, 255, 255];
      }
      const bad = [];
      const words = 'p, td, th, li, dt, dd, figcaption, caption, summary, h1, h2, h3, button, a, .pill, .soft, .value';
      document.querySelectorAll(words).forEach(item => {
        const back = behind(item);
        if (!back || !item.textContent.trim()) { return; }
        const a = light(parts(getComputedStyle(item).color)), b = light(back);
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) { bad.push(item.tagName + ' ' + item.textContent.trim().slice(0, 30) + ' ' + ratio.toFixed(2)); }
      });
      return bad.slice(0, 5);
    }
"""
"""Finds text whose contrast with what is behind it is below 4.5 to 1."""


def _report(scenario: Scenario, folder: Path, frames_every: int) -> str:
    save(play(scenario, 3, frames_every=frames_every), folder / "run", "automatic")
    return write_report(folder / "run", folder / "page.html", folder / "figures").page.as_uri()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of one site on one day."""
    return _report(load_scenario("may_2023_zvecan"), tmp_path_factory.mktemp("part"), 40)


@pytest.fixture(scope="session")
def theatre_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of two days at several sites."""
    return _report(load_scenario("may_2023").on_days(("may_26", "may_29")), tmp_path_factory.mktemp("whole"), 80)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Open a page; the test fails on any request to a host, any error and any warning."""
    wrong: list[str] = []
    pages: list[Page] = []

    def open_page(address: str) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert wrong == []


@pytest.fixture
def faint_words() -> Callable[[Page], list[str]]:
    """Return what finds text that is hard to read, with all folded parts open."""

    def find(page: Page) -> list[str]:
        page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
        return list(page.evaluate(FAINT))

    return find
