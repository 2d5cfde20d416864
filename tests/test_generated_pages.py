"""The generated pages say what the declarations say now, and lead nowhere that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.describe_declarations import gathered
from analysis.describe_markdown import anchors, links
from analysis.model_card import model_card
from analysis.odd import odd_page

ROOT = Path(__file__).parents[1]
PAGES = {"card": ("docs/model_card.md", model_card), "odd": ("docs/odd.md", odd_page)}


@pytest.fixture(scope="module")
def told():
    return gathered()


@pytest.mark.parametrize("page", PAGES)
def test_the_committed_page_is_what_its_command_writes(told, page):
    path, made = PAGES[page]
    kept, now = (ROOT / path).read_text("utf-8").splitlines(), made(told).splitlines()
    differs = next((place for place, pair in enumerate(zip(kept, now, strict=False), 1) if pair[0] != pair[1]), None)
    remedy = f"run: kforsim describe {page} --out {path}"
    assert differs is None, f"{path}:{differs} is out of date; {remedy}"
    assert len(kept) == len(now), remedy


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(told, page):
    path, made = PAGES[page]
    text = made(told)
    texts = {other: render(told) for other, render in PAGES.values()}
    for link in links(text):
        file, _, anchor = link.partition("#")
        if link.startswith("http"):
            continue
        target = (ROOT / path).parent / file if file else ROOT / path
        assert target.exists(), link
        if anchor:
            shown = target.resolve().relative_to(ROOT).as_posix()
            heads = anchors(texts[shown] if shown in texts else target.read_text("utf-8"))
            assert anchor in heads, link


@pytest.mark.parametrize("page", PAGES)
def test_no_table_of_a_page_is_torn(told, page):
    """A bar or a line end inside a cell would tear its row."""
    _, made = PAGES[page]
    columns = None
    for line in made(told).splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        found = len(re.findall(r"(?<!\\)\|", line))
        columns = columns or found
        assert found == columns, line


@pytest.mark.parametrize("page", PAGES)
def test_what_is_folded_is_unfolded_again(told, page):
    text = PAGES[page][1](told)
    assert text.count("<details>") == text.count("</details>") > 0
    assert "| None |" not in text
    assert "{{" not in text
    assert str(ROOT) not in text
