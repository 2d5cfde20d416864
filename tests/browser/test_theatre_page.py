"""The report of several sites and days in a real browser: the map of the theatre, folded site-days, narrow screens, print."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SIZES = ((1280, 720), (390, 844))
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true; })"
DRAWN = "document.getElementById('theatre-moving').innerHTML"
INKED = """
name => {
  const canvas = document.getElementById(name), data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4 * 97) { seen.add(data[i] + ',' + data[i + 1] + ',' + data[i + 2]); }
  return seen.size;
}
"""
"""How many colours stand on a canvas."""


@pytest.fixture
def page(opened: Callable[[str], Page], theatre_address: str) -> Page:
    return opened(theatre_address)


def test_the_slider_moves_the_theatre_its_clock_and_its_table(page: Page) -> None:
    slider, clock = page.locator("#theatre-frame"), page.locator("#theatre-clock")
    slider.fill("0")
    start, before = clock.inner_text(), page.evaluate(DRAWN)
    slider.fill(str(int(slider.get_attribute("max") or 0) // 2))
    assert clock.inner_text() != start
    assert page.evaluate(DRAWN) != before
    assert clock.inner_text() in (slider.get_attribute("aria-valuetext") or "")
    crowds = [int(text.replace(",", "")) for text in page.locator("#theatre-now tbody td:nth-child(2)").all_inner_texts()]
    assert len(crowds) == page.locator("#theatre-map [data-site]").count()
    assert sum(crowds) > 0


def test_a_day_button_changes_the_day_and_says_so(page: Page) -> None:
    buttons = page.locator("[data-day]")
    assert buttons.count() == 2
    buttons.nth(0).click()
    first = page.locator("#theatre-map [data-site]").count()
    assert buttons.nth(0).get_attribute("aria-pressed") == "true"
    buttons.nth(1).click()
    assert buttons.nth(0).get_attribute("aria-pressed") == "false"
    assert buttons.nth(1).inner_text() in (page.locator("#theatre-frame").get_attribute("aria-valuetext") or "")
    assert page.locator("#theatre-map [data-site]").count() > first, "a fourth site is in play on 29 May"


def test_the_theatre_answers_to_keys_and_plays(page: Page) -> None:
    page.locator("#theatre-frame").fill("0")
    page.locator("#theatre-play").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "theatre-frame"
    before = page.locator("#theatre-clock").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("#theatre-clock").inner_text() != before
    page.locator("#theatre-play").press("Space")
    now = page.locator("#theatre-clock").inner_text()
    page.wait_for_function("now => document.getElementById('theatre-clock').textContent !== now", arg=now)
    page.locator("#theatre-play").press("Space")
    assert page.locator("#theatre-play").get_attribute("aria-pressed") == "false"


def test_words_of_the_map_stay_inside_it(page: Page) -> None:
    for day in range(page.locator("[data-day]").count()):
        page.locator("[data-day]").nth(day).click()
        outside = page.evaluate(
            "() => { const box = document.getElementById('theatre-map').getBoundingClientRect();"
            " return Array.from(document.querySelectorAll('#theatre-map text')).filter(item => { const own = item.getBoundingClientRect();"
            " return own.left < box.left || own.right > box.right || own.top < box.top || own.bottom > box.bottom; })"
            ".map(item => item.textContent); }"
        )
        assert outside == []


def test_only_one_site_day_is_open_and_a_link_opens_another_with_its_map(page: Page) -> None:
    folded = page.locator("details.site-day:not([open])")
    assert page.locator("details.site-day[open]").count() == 1
    with_map = page.locator("details.site-day:not([open]):has(canvas)").first
    name = with_map.get_attribute("id") or ""
    canvas = with_map.locator("canvas").first.get_attribute("id") or ""
    closed = folded.count()
    page.locator(f"nav a[href='#{name}']").click()
    page.wait_for_function("name => document.getElementById(name).open", arg=name)
    assert folded.count() == closed - 1
    page.wait_for_function(f"({INKED.strip()})('{canvas}') > 3")


def test_each_sites_slider_moves_its_own_map_only(page: Page) -> None:
    page.evaluate(OPEN_ALL)
    clocks = page.locator(".site-day .clock")
    assert clocks.count() > 1
    before = clocks.all_inner_texts()
    slider = page.locator(".site-day .frame").first
    slider.fill(slider.get_attribute("max") or "0")
    after = clocks.all_inner_texts()
    assert after[0] != before[0]
    assert after[1:] == before[1:]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_runs_off_the_side(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("#theatre-map").is_visible()


def test_print_opens_every_site_day_and_shows_stills_for_the_map(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("#theatre-map").is_visible()
    assert page.locator("#figure-theatre_1").is_visible()
    assert page.locator("details.site-day:not([open])").count() == 0
    assert page.locator("details.site-day > summary h3").first.is_visible()
    assert not page.locator("canvas").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.site-day[open]").count() == 1


def test_every_figure_is_drawn(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate(OPEN_ALL)
    page.wait_for_function("Array.from(document.images).every(image => image.complete && image.naturalWidth > 100)")
    assert page.evaluate("document.images.length") > 10


def test_words_stand_out_from_what_is_behind_them(page: Page, faint_words: Callable[[Page], list[str]]) -> None:
    assert faint_words(page) == []
