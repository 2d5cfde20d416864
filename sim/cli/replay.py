"""``kforsim replay``: prove a record, or name where it parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.foundations.errors import input_error

if TYPE_CHECKING:
    from sim.engine.run_folder import RunFolder


@click.command("replay")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def command(run: Path, as_json: bool) -> int:
    """Play RUN again from its order log; exit 0 when identical, 1 with the first difference when not.

    \b
    kforsim replay runs/first
    """
    from sim.engine.replay import replay
    from sim.engine.run_folder import read_run

    kept = read_run(run)
    _refuse_incomplete(kept)
    comparison = replay(kept)
    if as_json:
        click.echo(json.dumps(comparison.__dict__))
    elif comparison.identical:
        click.echo(f"identical: digest {comparison.digest}")
    else:
        click.echo(f"different: {comparison.difference}")
    if not comparison.same_model and not as_json:
        click.echo("the record was made by other source files than these", err=True)
    return 0 if comparison.identical else 1


def _refuse_incomplete(run: RunFolder) -> None:
    """Refuse a record that lacks a site of one of its days: there is nothing to hold the replay against."""
    for day in run.scenario.days:
        for site in day.sites:
            if (day.name, site) not in run.site_days:
                where = f"{run.path / 'manifest.json'}:site_days"
                raise input_error(where, f"has no entry for {site} on {day.name}", "run the scenario again")
