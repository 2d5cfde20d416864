"""``kforsim orderings``: write what the model says of findings that it was never tuned to."""

from __future__ import annotations

import click

EXAMPLES = """\b
kforsim orderings
kforsim orderings may_2023 --seeds 4
kforsim orderings banjska_2023
"""


@click.command("orderings", epilog=EXAMPLES)
@click.argument("scenario", default="may_2023")
@click.option("--seeds", type=click.IntRange(2), default=20, show_default=True, help="Paired seeds.")
def command(scenario: str, seeds: int) -> int:
    """Play the contrasts behind orderings that are reported only, on SCENARIO's days, and write them to its orderings.md."""
    from rich.console import Console
    from rich.progress import Progress

    from analysis.armed_orderings import asked_of
    from analysis.orderings import arms, write_page
    from sim.api import load_scenario

    asked = asked_of(load_scenario(scenario))
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=len(arms(asked)) * seeds)
        path = write_page(scenario, seeds, progress=lambda count: bar.advance(task, count), asked=asked)
    click.echo(f"written: {path}")
    return 0
