"""The page: one HTML file that needs nothing else - styles, script, figures and map data are inside it.

Every text is escaped; the page allows itself no request to any host.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = "kforsim report"


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it.

    Attributes
    ----------
    name
        File name without ending.
    caption
        What it shows, below it; also what a screen reader is told.
    address
        The figure itself as a data address.
    wide
        Whether it needs the whole width of the page.
    """

    name: str
    caption: str
    address: str
    wide: bool = False


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn: its file name, what it shows, and how."""

    name: str
    caption: str
    draw: Callable[[], Figure]


def render(content: Mapping[str, Any]) -> str:
    """Return the page; *content* is what the template names."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("after_action.html.j2").render(generator=GENERATOR, **content)


def island(data: Any) -> str:
    """Return data as compact JSON for a script element: no character in it can end the element."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
