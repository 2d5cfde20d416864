"""The report in a real browser: no request to any host, the map scrubs, keys work, nothing runs off the side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SIZES = ((1280, 720), (1920, 1080), (390, 844))
PICTURE = "document.getElementById('map').toDataURL()"


@pytest.fixture
def page(opened: Callable[[str], Page], address: str) -> Page:
    return opened(address)


def test_the_slider_moves_the_map_the_clock_and_the_counts(page: Page) -> None:
    slider, clock = page.locator("#frame"), page.locator("#clock")
    slider.fill("0")
    start, before = clock.inner_text(), page.evaluate(PICTURE)
    most = int(slider.get_attribute("max") or 0)
    slider.fill(str(most // 2))
    assert clock.inner_text() != start
    assert page.evaluate(PICTURE) != before
    assert slider.get_attribute("aria-valuetext") == clock.inner_text()
    counts = [int(text) for text in page.locator("[data-count]").all_inner_texts()]
    assert sum(counts) > 0


def test_the_slider_and_the_button_answer_to_keys(page: Page) -> None:
    page.locator("#frame").fill("0")
    page.locator("#play").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "frame"
    before = page.locator("#clock").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("#clock").inner_text() != before
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.locator("#play").inner_text() == "Pause"
    now = page.locator("#clock").inner_text()
    page.wait_for_function("now => document.getElementById('clock').textContent !== now", arg=now)
    page.keyboard.press("Space")
    assert page.locator("#play").inner_text() == "Play"
    assert page.locator("#play").get_attribute("aria-pressed") == "false"


def test_a_key_moment_jumps_the_map(page: Page) -> None:
    button = page.locator("[data-frame]").last
    button.click()
    assert page.locator("#clock").inner_text() in button.inner_text()


def test_the_first_tab_skips_to_the_report(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_runs_off_the_side(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.querySelectorAll('details').forEach(function (item) { item.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("#map").is_visible()


def test_what_scrolls_sideways_can_be_reached_by_keys_and_has_a_name(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelectorAll('.scroll[tabindex]').length > 0")
    unnamed = (
        "Array.from(document.querySelectorAll('.scroll')).filter(function (item) {"
        " return item.scrollWidth > item.clientWidth + 1 && !(item.tabIndex === 0 && item.getAttribute('aria-label')); }).length"
    )
    page.wait_for_function(f"{unnamed} === 0")


def test_the_filter_finds_parameters_and_says_how_many(page: Page) -> None:
    rows = page.locator("#parameters tbody tr")
    every = rows.count()
    page.locator("#parameter-filter").fill("theta_spiral")
    shown = page.locator("#parameters tbody tr:visible").count()
    assert 0 < shown < every
    assert page.locator("#parameter-count").inner_text() == f"{shown} of {every} shown"
    page.locator("#parameter-filter").fill("")
    assert page.locator("#parameters tbody tr:visible").count() == every


def test_print_hides_the_scrubber_opens_the_tables_and_shows_the_stills(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("#map").is_visible()
    assert not page.locator("#play").is_visible()
    assert page.locator("#orders").is_visible()
    assert page.locator("#figure-map_1").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("document.querySelector('details').open")


def test_every_figure_is_drawn(page: Page) -> None:
    page.wait_for_load_state("load")
    widths = page.evaluate("Array.from(document.images).map(function (image) { return image.naturalWidth; })")
    assert len(widths) > 8
    assert min(widths) > 100


def test_words_stand_out_from_what_is_behind_them(page: Page, faint_words: Callable[[Page], list[str]]) -> None:
    """WCAG AA: 4.5 to 1 for text, taken from the colours that the page computes."""
    assert faint_words(page) == []
