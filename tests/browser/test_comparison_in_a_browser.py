"""The comparison's page in a real browser: no request to any host, weights move the order, nothing runs off the side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from synthetic_comparison import synthetic

from analysis.comparison_page import write_page

pytestmark = pytest.mark.browser

SIZES = ((1280, 720), (1920, 1080), (390, 844))


@pytest.fixture(scope="module")
def comparison_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("comparison") / "index.html"
    write_page(synthetic(), path)
    return Path(path).as_uri()


@pytest.fixture
def page(opened: Callable[[str], Page], comparison_address: str) -> Page:
    return opened(comparison_address)


def _order(page: Page) -> list[str]:
    return page.locator("#order-list li span:nth-child(2)").all_inner_texts()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_runs_off_the_side(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.querySelectorAll('details').forEach(function (item) { item.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_weight_that_is_moved_changes_shares_and_order_and_a_preset_brings_them_back(page: Page) -> None:
    before = _order(page)
    assert len(before) == 21
    page.locator("#weight-0").fill("0")
    page.locator("#weight-4").fill("1")
    assert _order(page) != before
    assert page.locator("#knobs output").first.inner_text() == "0 %"
    assert "stand elsewhere" in page.locator("#told").inner_text()
    page.locator("#preset-buttons button").first.click()
    assert _order(page) == before
    assert page.locator("#preset-buttons button").first.get_attribute("aria-pressed") == "true"


def test_the_order_can_be_judged_in_the_worst_panel_and_by_the_worst_tenth_of_runs(page: Page) -> None:
    told = {}
    for way in ("all", "worst", "D", "tail"):
        page.locator("#judge").select_option(way)
        told[way] = tuple(_order(page))
        assert len(told[way]) == 21
    assert len(set(told.values())) > 2


def test_weights_that_are_all_nothing_give_no_order_of_merit_and_no_error(page: Page) -> None:
    for place in range(5):
        page.locator(f"#weight-{place}").fill("0")
    assert set(page.locator("#order-list .score").all_inner_texts()) == {"0.000"}


def test_without_its_script_the_page_still_shows_the_presets(page: Page, comparison_address: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(comparison_address)
    assert not plain.locator("#weigher").is_visible()
    assert plain.locator("#rank-weights").is_visible()
    context.close()


def test_print_hides_the_knobs_and_opens_every_part(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("#weigher").is_visible()
    assert page.locator("table.numbers").first.is_visible()
    assert page.locator("#figure-forest_licence_spent").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("document.querySelector('.numbers-block').open")


def test_every_figure_is_drawn(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(function (item) { item.open = true; })")
    page.wait_for_load_state("load")
    widths = page.evaluate("Array.from(document.images).map(function (image) { return image.naturalWidth; })")
    assert len(widths) >= 11
    assert min(widths) > 100


def test_what_scrolls_sideways_can_be_reached_by_keys_and_has_a_name(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    unnamed = (
        "Array.from(document.querySelectorAll('.scroll')).filter(function (item) {"
        " return item.scrollWidth > item.clientWidth + 1 && !(item.tabIndex === 0 && item.getAttribute('aria-label')); }).length"
    )
    page.wait_for_function(f"{unnamed} === 0")


def test_words_stand_out_from_what_is_behind_them(page: Page, faint_words: Callable[[Page], list[str]]) -> None:
    assert faint_words(page) == []
