"""Markdown of the generated pages: tables, folded parts, anchors; and the templates that hold what no declaration says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

SHORT = ("eulex", "isr", "kfor", "kp", "ksf", "nato")
TEMPLATES = Path(__file__).with_name("templates")


def cell(text: object) -> str:
    """Return a text as it may stand in a cell of a table, or on one line: no line ends, no bars."""
    return " ".join(str(text).split()).replace("|", r"\|")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; a head that ends in ``>`` is a column of numbers, set to the right."""
    names = [name.removesuffix(">").strip() for name in head]
    rule = ["---:" if name.endswith(">") else "---" for name in head]
    lines = [names, rule, *([cell(item) for item in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def folded(summary: str, body: str) -> str:
    """Return a part that opens when its summary is clicked."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def code(text: object) -> str:
    """Return a name as code."""
    return f"`{text}`"


def words(name: str) -> str:
    """Return a name in words, with a capital letter, short names of organisations and of ISR in capitals."""
    parts = [part.upper() if part in SHORT else part for part in name.split("_")]
    return parts[0][:1].upper() + " ".join(parts)[1:]


def anchor(heading: str) -> str:
    """Return the anchor by which a heading is linked, as GitHub and most renderers make it."""
    plain = re.sub(r"[`*]", "", heading.lower())
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


def links(text: str) -> list[str]:
    """Return the targets of a page's links."""
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def rendered(template: str, told: Mapping[str, Any]) -> str:
    """Return a template filled in; a name that it uses and nobody gives is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES, encoding="utf-8")
    environment = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    text = environment.get_template(template).render(**told)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
