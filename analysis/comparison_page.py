"""The page of a comparison: one HTML file that a policy analyst can hand to a minister, with everything in it and no request to any host.

It says first where the order changes between the panels; it never adds outcomes up out of sight, and leaves out nothing that is worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import comparison_figures as figures
from analysis import comparison_tables as tables
from analysis import comparison_verdict as verdict
from analysis.comparison import PANELS, Comparison, OutcomeTold
from analysis.comparison_weighing import weighing
from analysis.comparison_words import (
    KIND_WORDS,
    PANEL_MEANING,
    PANEL_WORDS,
    STOPPED_WORDS,
    baseline_of,
    counted,
    direction_words,
    group_of,
    listed,
    option_label,
    outcome_label,
    percent,
    primary_of,
    ran,
    spoken,
    value_words,
)
from sim.api import ink, page

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = "kforsim compare"

LONG = 240
"""Letters of an uncertainty that still stands in the open; a longer one is folded."""

TOLD_ELSEWHERE = ("rules", "intervals", "scales", "scales_mean", "better_or_equal_on_all", "panels")
"""Parts of the space that other sections tell."""


def write_page(comparison: Comparison, path: Path) -> None:
    """Write the page of a comparison; the file appears whole or not at all."""
    text = rendered(comparison)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def rendered(found: Comparison) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader([TEMPLATES, page.TEMPLATES])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("comparison.html.j2").render(generator=GENERATOR, **content(found))


def content(found: Comparison) -> dict[str, Any]:
    """Return everything that the template names."""
    return {
        "found": found,
        "panels": [(panel, PANEL_WORDS[panel], PANEL_MEANING[panel]) for panel in PANELS],
        "panel_heads": tables.panel_heads(),
        "labels": verdict.labels_of(found),
        "shorts": verdict.shorts_of(found),
        "baseline": baseline_of(found),
        "facts": _facts(found),
        "reference": verdict.reference(found),
        **_answers(found),
        **_shown(found),
        **_asked(found),
        "stopped": STOPPED_WORDS.get(found.stopped, found.stopped),
        "weighed": [outcome_label(item.name) for item in primary_of(found)],
        "presets": [(name, _shares(found, given)) for name, given in found.weights.items()],
        "weighing": page.island(weighing(found)),
        "costs": tables.costs(found),
    }


def _facts(found: Comparison) -> list[tuple[str, str]]:
    """Return what stands in the head of the page."""
    size = f"{counted(found.seeds, 'paired run')} of each option over {counted(found.cases, 'case')}"
    return [
        ("Scenario", found.scenario),
        ("Compared with the baseline", counted(len([item for item in ran(found) if item.id != baseline_of(found)]), "option")),
        ("Played", f"{size}; {counted(found.runs, 'run')} in all, {_time(found.seconds)}"),
        ("Stopped because", STOPPED_WORDS.get(found.stopped, found.stopped)),
        ("KFOR doctrines", ", ".join(spoken(name) for name in found.doctrines) or "the scenario's own"),
        ("Failed runs", f"{len(found.failures):,}" if found.failures else "none"),
    ]


def _shares(found: Comparison, given: Mapping[str, float]) -> list[str]:
    """Return the weights of primary outcomes as shares of the whole."""
    whole = sum(given.values()) or 1.0
    return [percent(given.get(item.name, 0.0) / whole) for item in primary_of(found)]


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _answers(found: Comparison) -> dict[str, Any]:
    """Return where the order changes, and the verdict."""
    told = verdict.flips_told(found)
    leaders = verdict.leaders(found)
    return {
        "headline": verdict.headline(found),
        "in_a_word": verdict.in_a_word(found),
        **_firsts(found),
        "sign_changes": verdict.sign_changes(found),
        "flips": told[: verdict.FLIPS_TOLD],
        "more_flips": told[verdict.FLIPS_TOLD :],
        "leaders": leaders[: verdict.LEADERS_TOLD],
        "more_leaders": leaders[verdict.LEADERS_TOLD :],
        "in_short": verdict.in_short(found),
        "kinds": KIND_WORDS,
        "no_price": verdict.without_a_price(found),
        "too_good": listed(verdict.labels_of(found).get(item, item) for item in found.space.get("better_or_equal_on_all", ())),
        "duels": tables.head_to_head(found, [item.id for item in leaders]),
        "deciding": [
            (verdict.deciding_words(item), item, verdict.labels_of(found).get(item.option, item.option)) for item in found.deciding
        ],
    }


def _firsts(found: Comparison) -> dict[str, Any]:
    """Return first places: each rule with the reference's weights, each other set of weights with its rule; the rest apart."""
    base, rows = verdict.reference(found), verdict.first_places(found)
    plain = [row for row in rows if base is not None and (row.rule == base.rule or row.weights == base.weights)]
    return {"firsts": plain, "more_firsts": [row for row in rows if row not in plain]}


def _shown(found: Comparison) -> dict[str, Any]:
    """Return the tables and the figures."""
    primary = primary_of(found)
    settling = figures.settling(found)
    return {
        "cards": tables.cards(found),
        "forests": [_forest(found, item) for item in primary if _effect_known(found, item)],
        "spreads": [_spread(found, item) for item in primary if _spread_known(found, item)],
        "forest_caption": figures.FOREST_CAPTION,
        "spread_caption": figures.SPREAD_CAPTION,
        "numbers": tables.numbers(found),
        "ranks": tables.side_by_side(tables.ranks_by_rule(found)),
        "ranks_by_weights": tables.side_by_side(tables.ranks_by_weights(found)),
        "tails": tables.tails(found),
        "doctrines": tables.doctrines(found),
        "settling": ink.data_uri(ink.svg_of(settling)) if settling is not None else "",
        "convergence": tables.any_rows(tuple(found.convergence)),
        "failures": tables.any_rows(tuple(found.failures)),
    }


def _effect_known(found: Comparison, item: OutcomeTold) -> bool:
    return any(item.name in told for told in found.effects.values())


def _spread_known(found: Comparison, item: OutcomeTold) -> bool:
    return any(item.name in told for told in found.distributions.values())


def _forest(found: Comparison, item: OutcomeTold) -> dict[str, str]:
    return _picture(f"forest_{item.name}", figures.forest(found, item), item, tables.summary_of(found, item))


def _spread(found: Comparison, item: OutcomeTold) -> dict[str, str]:
    return _picture(f"spread_{item.name}", figures.spread(found, item), item, direction_words(item.better))


def _picture(name: str, figure: Any, item: OutcomeTold, summary: str) -> dict[str, str]:
    return {"name": name, "label": outcome_label(item.name), "summary": summary, "address": ink.data_uri(ink.svg_of(figure))}


def _asked(found: Comparison) -> dict[str, Any]:
    """Return the question: uncertainties, levers, outcomes, model and what it leaves out."""
    told = [(spoken(str(key)), value_words(value)) for key, value in found.space.items() if key not in TOLD_ELSEWHERE]
    return {
        "space": [(name, words) for name, words in told if len(words) <= LONG],
        "long_space": [(name, words) for name, words in told if len(words) > LONG],
        "rules": [(name, words) for name, words in found.space.get("rules", {}).items()],
        "intervals": found.space.get("intervals", ""),
        "levers": [(option_label(item), item.settings, item.restates, KIND_WORDS.get(item.kind, item.kind)) for item in found.options],
        "outcomes": [
            (outcome_label(item.name), item.name, item.unit, direction_words(item.better), item.meaning, item.primary, group_of(item.name))
            for item in found.outcomes
        ],
        "no_path": [(option_label(item), item.no_path) for item in found.options if item.no_path],
        "not_testable": [(option_label(item), list(item.not_testable)) for item in found.options if item.not_testable],
    }
