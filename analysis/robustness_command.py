"""``kforsim robustness``: a sweep's levers by several rules side by side, where their order flips, and what knowing more is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analysis.comparison import OutcomeTold
    from analysis.sensitivity_folder import Folder
    from analysis.sweep_robustness import Played

EXAMPLES = """\b
kforsim robustness results/options
kforsim robustness results/options --weights "harm first" --out robustness.html
kforsim robustness results/options --weights mine.yaml --satisfice "kfor_hurt <= 20" --satisfice "riot <= 0.2"
"""


@click.command("robustness", epilog=EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--weights", help="A preset (equal, 'harm first' ...) or a YAML file of outcome: weight; equal by default.")
@click.option("--satisfice", multiple=True, metavar="TEXT", help='A bound to be kept, "OUTCOME <= X"; repeatable, all at once.')
@click.option("--scenario", help="Scenario of the sweep; all by default, each by itself.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a page (HTML).")
@click.option("--partial", is_flag=True, help="Use what is there of a sweep that is not finished.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(
    folder: Path, weights: str | None, satisfice: tuple[str, ...], scenario: str | None, out: Path | None, partial: bool, as_json: bool
) -> int:
    """Order the levers of a sweep in FOLDER by several rules of robustness.

    Points of the uncertainties count alike: shares of points are no probabilities. No rule and no weights are right; where they
    disagree, that is the finding.
    """
    from analysis.discovery_fails import bound_of
    from analysis.robustness_words import told
    from analysis.sensitivity import as_json as written
    from analysis.sensitivity_folder import chosen, open_folder
    from analysis.sweep_robustness import robustness, weights_of
    from sim.api import input_error

    opened = open_folder(folder, partial)
    if len(opened.levers) < 2:
        raise input_error(folder, f"has one lever only ({opened.levers[0]}): nothing to order", "name more under levers in the study")
    opened.refuse_without_shares("shares of points")
    bounds = [bound_of(text, [item.name for item in opened.outcomes], "--satisfice") for text in satisfice]
    outcomes = _outcomes(opened, [bound.outcome for bound in bounds])
    given = weights_of(weights, outcomes)
    scenarios = (chosen(scenario, opened.scenarios, "--scenario"),) if scenario else opened.scenarios
    found = [robustness(_played(opened, outcomes, name), given, bounds) for name in scenarios]
    if out is not None:
        from analysis.robustness_page import write_page

        write_page(found, opened, out)
        click.echo(f"page: {out}", err=True)
    if as_json:
        texts = [written(item) for item in found]
        click.echo(texts[0] if len(texts) == 1 else "[\n" + ",\n".join(texts) + "\n]")
    else:
        click.echo(told(opened.title, found))
    return 0


def _outcomes(folder: Folder, bounded: list[str]) -> list[OutcomeTold]:
    """Return the primary outcomes with a direction, or all with one where none is primary; and those that have a bound."""
    from dataclasses import replace

    from analysis.paired import SIGN
    from sim.api import input_error

    weighed = [item for item in folder.outcomes if item.primary and SIGN[item.better]]
    if not weighed:
        weighed = [replace(item, primary=True) for item in folder.outcomes if SIGN[item.better]]
    if not weighed:
        raise input_error(folder.path, "keeps no outcome of which less or more is better", "name such outcomes in the study")
    names = {item.name for item in weighed}
    return weighed + [item for item in folder.outcomes if item.name in bounded and item.name not in names]


def _played(folder: Folder, outcomes: list[OutcomeTold], scenario: str) -> Played:
    from analysis.sweep_robustness import played_of

    responses = {lever: [folder.responses(item, scenario, lever) for item in outcomes] for lever in folder.levers}
    return played_of(responses, outcomes)
