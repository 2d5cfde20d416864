"""The page of the robustness of a sweep's levers: one HTML file with everything in it and no request to any host."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import robustness_figures as figures
from analysis import robustness_words as words
from analysis.comparison_words import counted, outcome_label, percent
from analysis.sensitivity_folder import Folder
from analysis.sensitivity_page import rendered, write
from analysis.sensitivity_words import number
from analysis.sweep_robustness import Robustness
from sim.api import ink

GENERATOR = "kforsim robustness"

APART_CAPTION = (
    "Mean paired difference over points, on the same luck, with the 95 % interval of all together. Filled: told apart from the lever "
    "ordered first; hollow: not."
)
KNOWING_CAPTION = (
    "How much less is lost when the choice may follow the factor: learnt on some of the points, paid for on others, so that luck in the "
    "choosing is not counted. 95 % interval of all together; filled: told apart from nothing. A value below 0 means nothing was found."
)


def write_page(every: Sequence[Robustness], folder: Folder, path: Path) -> None:
    """Write the page; the file appears whole or not at all."""
    told = {
        "title": folder.title,
        "folder": folder.path.name,
        "digest": str(folder.plan["digest"]),
        "design": folder.design.replace("_", " "),
        "missing": folder.missing,
        "failures": folder.failures,
        "rules": words.rules(),
        "parts": [_part(found, place) for place, found in enumerate(every)],
    }
    write(path, rendered("robustness.html.j2", GENERATOR, told))


def _part(found: Robustness, place: int) -> dict[str, Any]:
    drawn = [(figures.apart(found), APART_CAPTION)] if found.apart else []
    drawn += [(figures.knowing(found), KNOWING_CAPTION)] if found.knowing else []
    return {
        "id": f"scenario-{place}",
        "scenario": found.scenario,
        "lead": words.headline(found),
        "knowing": words.knowing_words(found),
        "played": f"{counted(found.points, 'point')} x {counted(found.seeds, 'seed')}, {counted(len(found.means), 'lever')}",
        "best": found.best,
        "weights": [(outcome_label(name), percent(share)) for name, share in found.weights.items()],
        "weights_name": found.weights_name,
        "rules": [item.rule for item in words.by_rule(found)],
        "ranks": _ranks(found),
        "outcomes": [(outcome_label(item.name), item.unit) for item in found.outcomes],
        "levels": [(lever, [number(row[item.name]) for item in found.outcomes]) for lever, row in found.means.items()],
        "presets": _presets(found),
        "bounds": found.bounds,
        "satisfied": [
            (lever, percent(row.cases), percent(row.runs), [percent(row.each[bound]) for bound in found.bounds])
            for lever, row in found.satisfied.items()
        ],
        "first_under": sorted(((lever, percent(share)) for lever, share in found.first_under.items() if share), key=lambda row: row[0]),
        "weight_flips": [words.weight_words(item) for item in found.weight_flips],
        "deciding": [words.deciding_words(item, found.best) for item in found.deciding],
        "figures": [{"address": ink.data_uri(ink.svg_of(figure)), "caption": caption} for figure, caption in drawn],
    }


def _ranks(found: Robustness) -> list[tuple[str, list[tuple[int, str, bool]]]]:
    """Return by lever, in the order of the first rule: place, score and whether first by each rule."""
    ranked = words.by_rule(found)
    return [
        (lever, [(item.order.index(lever) + 1, number(item.scores[lever]), item.order[0] == lever) for item in ranked])
        for lever in ranked[0].order
    ]


def _presets(found: Robustness) -> list[tuple[str, str, str]]:
    """Return who is first under each set of weights by the first rule, and the second."""
    plain = words.by_rule(found)[0]
    rows = [plain, *(item for item in found.rankings if item.weights != found.weights_name)]
    return [(item.weights, item.order[0], item.order[1]) for item in rows]
