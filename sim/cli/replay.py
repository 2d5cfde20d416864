"""``kforsim replay``: prove a record, or name where it parts."""

from __future__ import annotations

import json
from pathlib import Path

import click


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

    comparison = replay(read_run(run))
    if as_json:
        click.echo(json.dumps(comparison.__dict__))
    elif comparison.identical:
        click.echo(f"identical: digest {comparison.digest}")
    else:
        click.echo(f"different: {comparison.difference}")
    if not comparison.same_model and not as_json:
        click.echo("the record was made by other source files than these", err=True)
    return 0 if comparison.identical else 1
