"""The page of a sensitivity analysis: one HTML file with everything in it and no request to any host."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import sensitivity_figures as figures
from analysis import sensitivity_words as words
from analysis.comparison_words import counted, percent
from analysis.discovery import Discovery, Rule
from analysis.sensitivity import EFFECTS, INDICES, METHOD, SCREENING, Found, Sensitivity
from sim.api import ink, page

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = "kforsim sensitivity"

CAPTIONS = {
    EFFECTS: (
        "Filled: beyond noise, at one false claim in twenty analyses; hollow: not. Thin line: 95 % interval over trajectories. Red upright "
        "line: about what luck alone gives. Right: on the line sigma is as large as mu*; far above it the effect depends on other factors."
    ),
    INDICES: (
        "Filled: the total effect is beyond noise. Thin line: 95 % interval over the blocks of the design. Luck is left out by "
        "products of different seeds, where there are several."
    ),
    SCREENING: (
        "Filled: beyond the dashed line; hollow: not. Dashed: left, what the largest of all factors exceeds in one of twenty shufflings; "
        "right, the largest importance of any shuffled copy. Thin line: 95 % interval."
    ),
}
FORMS_CAPTION = "Filled: beyond noise; hollow: not. Forms weigh alike: nobody says how likely one is. Thin line: 95 % interval over points."
BOX_CAPTION = "Red triangle: a point that fails; grey circle: one that does not; both halves are drawn. Frame: the box."
ALONE_CAPTION = BOX_CAPTION + " Up and down has no meaning: points are only spread out."
PATH_CAPTION = (
    "Each dot is a box, larger with more restrictions. Red: the box taken, as it does in the half in which it was found; hollow: in the "
    "other half, which is what counts."
)


def write_page(found: Found, path: Path, ranges: Mapping[str, str]) -> None:
    """Write the page; the file appears whole or not at all."""
    write(path, rendered("sensitivity.html.j2", GENERATOR, content(found, ranges)))


def write(path: Path, text: str) -> None:
    """Write a page beside its place and put it there; InputError where that cannot be."""
    from sim.api import input_error

    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise input_error(f"--out {path}", f"cannot be written ({error.strerror})", "name another file") from None


def rendered(template: str, generator: str, told: Mapping[str, Any]) -> str:
    """Return a page as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader([TEMPLATES, page.TEMPLATES])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(template).render(generator=generator, **told)


def content(found: Found, ranges: Mapping[str, str]) -> dict[str, Any]:
    """Return everything that the template names."""
    first = found.findings[0]
    return {
        "found": found,
        "facts": _facts(found, first),
        "methods": [METHOD[item] for item in dict.fromkeys(row.method for row in found.findings)],
        "findings": [_finding(item, place) for place, item in enumerate(found.findings)],
        "discoveries": [_discovery(item) for item in found.discoveries],
        "ranges": [*ranges.items()],
        "several": len({item.scenario for item in found.findings}) > 1,
    }


def _facts(found: Found, first: Sensitivity) -> list[tuple[str, str]]:
    played = counted(first.points, "point") + (f" x {counted(first.combinations, 'set')} of forms" if first.combinations > 1 else "")
    return [
        ("Design", found.design.replace("_", " ")),
        ("Factors", f"{found.factors:,}"),
        ("Played", f"{played} x {counted(first.seeds, 'seed')}"),
        ("Missing runs", f"{found.missing:,}" if found.missing else "none"),
        ("Failed runs", f"{found.failures:,}" if found.failures else "none"),
    ]


def _finding(item: Sensitivity, place: int) -> dict[str, Any]:
    draw = {EFFECTS: figures.effects, INDICES: figures.indices, SCREENING: figures.screened}.get(item.method)
    drawn = [(draw(item), CAPTIONS[item.method])] if draw and item.varies else []
    if item.forms:
        drawn.append((figures.forms(item), FORMS_CAPTION))
    return {
        "id": f"outcome-{place}",
        "title": words.subject(item),
        "scenario": item.scenario,
        "lead": words.headline(item),
        "mean": words.mean_words(item),
        "meaning": item.outcome.meaning,
        "luck": None if item.seeds == 1 or not item.varies else item.spread.chance_share,
        "luck_told": percent(item.spread.chance_share),
        "explained": percent(item.screening.explained) if item.screening and item.screening.explained > 0.0 else "",
        "figures": [{"address": ink.data_uri(ink.svg_of(figure)), "caption": caption} for figure, caption in drawn],
        "tables": [rows for rows in (words.rows_of(item) if item.varies else [], words.form_rows(item) if item.forms else []) if rows],
        "quiet": [(words.QUIET_WORDS[verdict], names) for verdict, names in words.quiet(item).items()],
        "dropped": item.dropped,
    }


def _discovery(item: Discovery) -> dict[str, Any]:
    alone = bool(item.boxes) and len(item.boxes[0].restrictions) == 1
    drawn = [(figures.boxes(item), ALONE_CAPTION if alone else BOX_CAPTION), (figures.path(item), PATH_CAPTION)]
    return {
        "title": f"Fails when {item.fails_when}",
        "under": f"{item.lever}, {item.scenario}",
        "lead": words.discovery_lead(item),
        "share": percent(item.share),
        "boxes": [_rule(rule) for rule in item.boxes],
        "tree": [_rule(rule) for rule in item.tree],
        "accuracy": percent(item.tree_accuracy),
        "single": item.single,
        "figures": [{"address": ink.data_uri(ink.svg_of(figure)), "caption": caption} for figure, caption in drawn if figure is not None],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "words": rule.words,
        "standing": words.standing_of(rule),
        "confirmed": rule.confirmed,
        "density": (percent(rule.held_density), percent(rule.density)),
        "coverage": (percent(rule.held_coverage), percent(rule.coverage)),
        "left": percent(rule.left),
        "points": f"{rule.held_points:,}",
        "by_luck": chance(rule.held_p),
        "restrictions": [(row.words, chance(row.quasi_p)) for row in rule.restrictions],
    }


def chance(p: float) -> str:
    """Return a chance in words of two figures."""
    return "under 0.001" if p < 0.001 else f"{p:.2g}"
