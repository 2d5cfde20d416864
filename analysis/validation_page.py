"""The page of a validation: every pattern with what was observed and what was simulated, misses first and plainly.

One HTML file with everything in it and no request to any host, or the same in Markdown. It leaves out nothing that was missed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import validation_words as words
from analysis.scores import Score
from analysis.validate import Validation
from sim.api import input_error, page

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = "kforsim validate"
ENDINGS = (".html", ".md")

STRIP = 220.0
"""Width of the drawn interval."""


def check_page(path: Path) -> None:
    """Refuse a page whose name says no known form, before anything is played."""
    if path.suffix not in ENDINGS:
        raise input_error(f"--out {path}", "is neither .html nor .md", "name the page PAGE.html or PAGE.md")


def write_page(found: Sequence[Validation], path: Path) -> None:
    """Write the page of some validations; the file appears whole or not at all."""
    text = as_html(found) if path.suffix == ".html" else as_markdown(found)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def as_html(found: Sequence[Validation]) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader([TEMPLATES, page.TEMPLATES])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("validation.html.j2").render(generator=GENERATOR, scenarios=[content(item) for item in found])


def content(found: Validation) -> dict[str, Any]:
    """Return everything that the template names of one scenario."""
    return {
        "name": found.scenario.name,
        "title": found.scenario.file.title,
        "held_out": not found.sets.tuned,
        "played_with": words.played_with(found),
        "summary": words.summary(found),
        "misses": [{"key": item.key, "needed": item.needed} for item in found.misses],
        "patterns": [
            {
                "id": pattern.id,
                "title": pattern.title,
                "rows": [_row(found, pattern, item) for item in found.scores if item.pattern == pattern.id],
            }
            for pattern in found.expected.patterns
        ],
        "forecasts": [
            {
                "key": item.key,
                "crps": words.crps_words(item),
                "interval": words.interval_words(item),
                "standing": words.standing(item),
                "worse": bool(item.worse_than),
            }
            for item in found.forecasts
        ],
        "worse": words.worse_words(found),
        "in_sample": words.in_sample(found),
        "parts": [{"key": item.key, "shares": words.parts_words(item), "spread": f"{item.spread:.2f}"} for item in found.parts],
        "inputs": [_input(name, item) for name, item in found.scenario.inputs.items()] if not found.sets.tuned else [],
        "remarks": words.remarks(found),
    }


def _input(name: str, item: Any) -> tuple[str, str, str]:
    """Return an episode input as its name, its value with its range, and where that comes from."""
    span = "" if item.low is None else f" ({item.low} to {item.high})"
    told = " or ".join(item.among) if item.among else f"{item.value}{span}"
    return name, told, f"{item.source} ({item.grade})"


def _row(found: Validation, pattern: Any, item: Score) -> dict[str, Any]:
    statistic = item.statistic
    return {
        "name": words.statistic_name(pattern, item),
        "observed": words.observed(item),
        "band": f"{statistic.band[0]:g} to {statistic.band[1]:g}",
        "interval": f"{item.low:.3g} to {item.high:.3g}",
        "median": f"{item.median:.3g}",
        "verdict": words.verdict(item),
        "needed": item.needed if statistic.nature == "emergent" else "",
        "tuning": words.tuning(found, item),
        "source": f"{statistic.source} ({statistic.grade})",
        "strip": _strip(item),
    }


def _strip(item: Score) -> dict[str, float | None]:
    """Return where band, interval, median and observed value lie on a strip: on a root scale, so that few and many both show."""
    statistic = item.statistic
    points = [*statistic.band, item.low, item.high, *([statistic.observed] if statistic.observed is not None else [])]
    bottom, top = min(0.0, *points), max(points)

    def at(value: float) -> float:
        return round(STRIP * math.sqrt((value - bottom) / (top - bottom)), 1) if top > bottom else 0.0

    given = None if statistic.observed is None else at(statistic.observed)
    return {
        "band_from": at(statistic.band[0]),
        "band_to": at(statistic.band[1]),
        "low": at(item.low),
        "high": at(item.high),
        "median": at(item.median),
        "observed": given,
    }


def as_markdown(found: Sequence[Validation]) -> str:
    """Return the page as Markdown."""
    return "\n\n".join(part for item in found for part in _markdown(content(item))) + "\n"


def _markdown(told: dict[str, Any]) -> list[str]:
    kind = "held out: nothing was tuned on it" if told["held_out"] else "tuned on"
    parts = [f"# Validation: {told['title']}", f"`{told['name']}`, {kind}. {told['played_with'].capitalize()}. **{told['summary']}.**"]
    parts += ["\n".join(f"- **Miss**: {item['key']}: {item['needed']}" for item in told["misses"])] if told["misses"] else []
    rows: list[tuple[str, ...]]
    heads: tuple[str, ...]
    for pattern in told["patterns"]:
        rows = [
            (row["name"], row["observed"], row["band"], row["median"], row["interval"], row["verdict"], row["tuning"])
            for row in pattern["rows"]
        ]
        heads = ("statistic", "observed", "band", "median", "simulated 90 %", "", "used for tuning")
        parts += [f"## {pattern['id']}: {pattern['title']}", _table(heads, rows)]
    if told["forecasts"]:
        rows = [(item["key"], *item["crps"], *item["interval"], item["standing"]) for item in told["forecasts"]]
        heads = ("statistic", "CRPS model", "fixed share", "prior", "interval score model", "fixed share", "prior", "the model is")
        parts += ["## Against naive forecasters", told["in_sample"], _table(heads, rows), "\n".join(f"- {line}" for line in told["worse"])]
    if told["parts"]:
        rows = [(item["key"], *item["shares"], item["spread"]) for item in told["parts"]]
        heads = ("statistic", "episode inputs", "parameters", "chance", "together", "spread")
        parts += ["## Where the spread comes from", _table(heads, rows)]
    parts += ["\n".join(f"- {line}" for line in told["remarks"])] if told["remarks"] else []
    return [part for part in parts if part]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
