"""The report of an armed operation in a real browser: its map over time, the ledger's bars, narrow screens, print."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from sim.engine.run import play
from sim.engine.run_folder import save
from sim.reports.after_action import write_report
from sim.scenario.loader import load_scenario

pytestmark = pytest.mark.browser

SIZES = ((1280, 720), (390, 844))
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true; })"
DRAWN = "document.querySelector('.operation-moving').innerHTML"
OUTSIDE = """
() => {
  const slider = document.getElementById('operation-frame'), found = [];
  const map = document.getElementById('operation-map');
  for (let frame = 0; frame <= Number(slider.max); frame += 6) {
    slider.value = frame; slider.dispatchEvent(new Event('input'));
    const box = map.getBoundingClientRect();
    map.querySelectorAll('text').forEach(item => {
      const own = item.getBoundingClientRect();
      if (own.left < box.left || own.right > box.right || own.top < box.top || own.bottom > box.bottom) { found.push(item.textContent); }
    });
  }
  return found;
}
"""
"""Words that run out of the map at any of the moments looked at."""


@pytest.fixture(scope="module")
def operation_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of one night and day with an armed group."""
    folder = tmp_path_factory.mktemp("operation")
    save(play(load_scenario("banjska_2023"), 1), folder / "run", "automatic")
    return write_report(folder / "run", folder / "page.html", folder / "figures").page.as_uri()


@pytest.fixture
def page(opened: Callable[[str], Page], operation_address: str) -> Page:
    return opened(operation_address)


def test_the_slider_moves_the_map_its_clock_and_its_table(page: Page) -> None:
    slider, clock = page.locator("#operation-frame"), page.locator("#operation-clock")
    slider.fill("0")
    start, before = clock.inner_text(), page.evaluate(DRAWN)
    told = page.locator("#operation-now td").all_inner_texts()
    slider.fill(str(int(slider.get_attribute("max") or 0) // 2))
    assert clock.inner_text() != start
    assert page.evaluate(DRAWN) != before
    assert page.locator("#operation-now td").all_inner_texts() != told
    assert clock.inner_text() == slider.get_attribute("aria-valuetext")


def test_night_is_darker_than_day(page: Page) -> None:
    fills = set()
    for place in range(0, int(page.locator("#operation-frame").get_attribute("max") or 0), 24):
        page.locator("#operation-frame").fill(str(place))
        light = page.locator("#operation-now td").first.inner_text()
        fills.add((light, page.locator("#operation-map rect").first.get_attribute("fill")))
    assert {light for light, _ in fills} == {"dark", "daylight"}
    assert len(fills) == 2, "each light has its own ground"


def test_a_turning_point_jumps_the_map(page: Page) -> None:
    buttons = page.locator("[data-operation-map] [data-frame]")
    assert buttons.count() > 3
    last = buttons.nth(buttons.count() - 1)
    last.click()
    assert page.locator("#operation-frame").input_value() == last.get_attribute("data-frame")
    assert last.inner_text().startswith(page.locator("#operation-clock").inner_text())


def test_the_map_answers_to_keys_and_plays(page: Page) -> None:
    page.locator("#operation-frame").fill("0")
    page.locator("#operation-play").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "operation-frame"
    before = page.locator("#operation-clock").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("#operation-clock").inner_text() != before
    page.locator("#operation-play").press("Space")
    now = page.locator("#operation-clock").inner_text()
    page.wait_for_function("now => document.getElementById('operation-clock').textContent !== now", arg=now)
    page.locator("#operation-play").press("Space")
    assert page.locator("#operation-play").get_attribute("aria-pressed") == "false"


def test_words_of_the_map_stay_inside_it(page: Page) -> None:
    assert page.evaluate(OUTSIDE) == []


def test_bars_of_the_ledger_lie_on_the_side_of_their_sign(page: Page) -> None:
    wrong = page.evaluate(
        "() => Array.from(document.querySelectorAll('.option')).filter(item => {"
        " const zero = item.querySelector('b').getBoundingClientRect().left, bar = item.querySelector('i').getBoundingClientRect();"
        " const middle = (bar.left + bar.right) / 2, worth = Number(item.getAttribute('data-worth'));"
        " return Math.abs(worth) > 0.05 && (middle > zero) !== (worth > 0); }).length"
    )
    assert wrong == 0
    assert page.locator(".option.taken").count() == page.locator("#ledger tbody tr").count()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_runs_off_the_side(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("#operation-map").is_visible()
    assert page.locator("#ledger").is_visible()


def test_print_shows_stills_for_the_map_and_opens_what_is_folded(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("#operation-map").is_visible()
    assert page.locator("#figure-operation_1").is_visible()
    assert page.locator("#ledger").is_visible()
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_every_figure_is_drawn(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate(OPEN_ALL)
    page.wait_for_function("Array.from(document.images).every(image => image.complete && image.naturalWidth > 100)")
    assert page.evaluate("document.images.length") > 8


def test_words_stand_out_from_what_is_behind_them(page: Page, faint_words: Callable[[Page], list[str]]) -> None:
    assert faint_words(page) == []
