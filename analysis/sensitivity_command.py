"""``kforsim sensitivity``: what a sweep's outcomes hinge on, numbers and forms of rules, apart from luck; and when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analysis.discovery import Discovery
    from analysis.sensitivity import Found
    from analysis.sensitivity_folder import Folder

EXAMPLES = """\b
kforsim sensitivity results/screening
kforsim sensitivity results/options --outcome kfor_hurt --lever 1.2 --against baseline --out hinges.html
kforsim sensitivity results/options --fails "kfor_hurt > 20"
kforsim sensitivity results/options --fails "1.2 worse than baseline on kfor_hurt"
"""

SHOWN = 12


@click.command("sensitivity", epilog=EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--outcome", "outcomes", multiple=True, help="Outcome; repeatable. The primary ones by default.")
@click.option("--scenario", help="Scenario of the sweep; all by default.")
@click.option("--lever", help="Lever of the sweep; the first by default.")
@click.option("--against", help="Another lever: look at the paired difference from it, which is what a choice hinges on.")
@click.option("--fails", multiple=True, metavar="TEXT", help='When does it fail: "OUTCOME > X", "LEVER worse than LEVER on OUTCOME".')
@click.option("--out", type=click.Path(path_type=Path), help="Write a page (HTML).")
@click.option("--partial", is_flag=True, help="Use what is there of a sweep that is not finished.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(
    folder: Path,
    outcomes: tuple[str, ...],
    scenario: str | None,
    lever: str | None,
    against: str | None,
    fails: tuple[str, ...],
    out: Path | None,
    partial: bool,
    as_json: bool,
) -> int:
    """Say what the outcomes of a sweep in FOLDER hinge on.

    The design decides the method: morris gives elementary effects, saltelli first and total indices, any other design is screened.
    """
    from analysis import sensitivity as analysis
    from analysis.sensitivity_folder import chosen, open_folder

    opened = open_folder(folder, partial)
    scenarios = (chosen(scenario, opened.scenarios, "--scenario"),) if scenario else opened.scenarios
    first = chosen(lever, opened.levers, "--lever")
    other = chosen(against, opened.levers, "--against") if against else ""
    named = opened.named(outcomes)
    looked_for = _fails(opened, fails)
    findings = tuple(analysis.sensitivity_of(opened, item, name, first, other) for name in scenarios for item in named)
    discoveries = tuple(_discovered(opened, text, name, first) for name in scenarios for text in looked_for)
    found = analysis.Found(
        title=opened.title,
        folder=folder.name,
        digest=str(opened.plan["digest"]),
        design=opened.design,
        factors=len(opened.factors) + len(opened.crossed[0]),
        missing=opened.missing,
        failures=opened.failures,
        findings=findings,
        discoveries=discoveries,
        notes=tuple(opened.plan["told"]["notes"]),
    )
    if out is not None:
        from analysis.sensitivity_page import write_page

        write_page(found, out, opened.labels())
    _tell(found, out, as_json)
    return 0


def _fails(folder: Folder, texts: tuple[str, ...]) -> list[str]:
    """Return the conditions as typed, refused before anything is worked out where they cannot be looked for."""
    from analysis.discovery_fails import fails_of

    if texts:
        folder.refuse_without_shares("looking for conditions of failure")
    for text in texts:
        fails_of(text, [item.name for item in folder.outcomes], folder.levers)
    return [*texts]


def _discovered(folder: Folder, text: str, scenario: str, lever: str) -> Discovery:
    from analysis.discovery import discover
    from analysis.discovery_fails import Worse, fails_of
    from analysis.sensitivity import block_of

    fails = fails_of(text, [item.name for item in folder.outcomes], folder.levers)
    outcome = folder.named([fails.outcome])[0]
    if isinstance(fails, Worse):
        return discover(folder.responses(outcome, scenario, fails.lever, fails.against), fails, block_of(folder))
    return discover(folder.responses(outcome, scenario, lever), fails, block_of(folder))


def _tell(found: Found, out: Path | None, as_json: bool) -> None:
    from analysis.sensitivity import as_json as written
    from analysis.sensitivity_words import told

    click.echo(written(found) if as_json else told(found, SHOWN))
    if out is not None:
        click.echo(f"page: {out}", err=True)
