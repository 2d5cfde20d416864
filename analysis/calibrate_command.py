"""``kforsim calibrate``: find the parameter sets that a scenario's patterns do not rule out, and say what is identified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analysis.calibrate import Calibration

EXAMPLES = """\b
kforsim calibrate may_2023 --keep
kforsim calibrate may_2023 --first 20 --later 20
kforsim calibrate may_2023 --parents scenarios/may_2023/surviving_sets.json --keep
"""

WANTED = 50
"""Surviving sets that the specification asks for."""


@click.command("calibrate", epilog=EXAMPLES)
@click.argument("scenario", default="may_2023")
@click.option("--first", type=click.IntRange(1), default=400, show_default=True, help="Sets drawn over the whole ranges.")
@click.option(
    "--later", type=click.IntRange(1), multiple=True, default=(400, 400), show_default=True, help="Sets of a later wave; repeatable."
)
@click.option("--near", type=click.IntRange(0), default=0, show_default=True, help="Sets drawn closely round the declared values.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the design.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--parents", type=click.Path(path_type=Path), help="Earlier surviving sets, looked at again.")
@click.option("--keep", "keeping", is_flag=True, help="Keep sets and identifiability beside the scenario.")
@click.option("--json", "printing", is_flag=True, help="Print provenance and identifiability as JSON.")
def command(
    scenario: str,
    first: int,
    later: tuple[int, ...],
    near: int,
    seed: int,
    workers: int | None,
    parents: Path | None,
    keeping: bool,
    printing: bool,
) -> int:
    """Search SCENARIO's parameters for sets that its patterns do not rule out; hours of work at the default sizes.

    Exit 0 when 50 sets or more survive, 1 when fewer do; without survivors nothing is kept.
    """
    from rich.console import Console
    from rich.progress import Progress

    from analysis.calibrate import as_json, calibrate, keep, refuse_unwritable, whole_scenario
    from analysis.identifiability import LEAST_SCREENED

    if keeping and first < LEAST_SCREENED:
        raise click.UsageError(f"--keep needs --first {LEAST_SCREENED} or more, or nothing can be said of identifiability")
    whole = whole_scenario(scenario)
    if keeping:
        refuse_unwritable(whole.folder)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=None)
        calibration = calibrate(whole, first, later, seed, parents, workers, lambda count: bar.advance(task, count), near)
    click.echo(as_json(calibration) if printing else _told(calibration))
    if keeping and calibration.sets.sets:
        click.echo("kept in " + ", ".join(map(str, keep(calibration))), err=True)
    else:
        click.echo("nothing is kept" + ("" if keeping else "; --keep keeps it"), err=True)
    return 0 if len(calibration.sets.sets) >= WANTED else 1


def _told(calibration: Calibration) -> str:
    told, survivors = calibration.sets.provenance, len(calibration.sets.sets)
    lines = [calibration.page(), f"drawn {told['drawn']}, looked at again {told['looked_at_again']}, survive {survivors}"]
    return "\n".join(lines if survivors >= WANTED else [*lines, f"the specification asks for {WANTED} surviving sets"])
