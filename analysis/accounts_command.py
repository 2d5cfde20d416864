"""``kforsim accounts``: set the accounts of disputed facts side by side."""

from __future__ import annotations

import click

EXAMPLES = """\b
kforsim accounts
kforsim accounts banjska_2023 --seeds 10
"""


@click.command("accounts", epilog=EXAMPLES)
@click.argument("scenario", default="banjska_2023")
@click.option("--seeds", type=click.IntRange(2), default=40, show_default=True, help="Paired seeds an account.")
def command(scenario: str, seeds: int) -> int:
    """Play each account of SCENARIO's disputed facts on the same seeds, and write them side by side to its accounts.md."""
    from rich.console import Console
    from rich.progress import Progress

    from analysis.accounts import accounts_of, write_page
    from sim.api import load_scenario

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=len(accounts_of(load_scenario(scenario))) * seeds)
        path = write_page(scenario, seeds, progress=lambda count: bar.advance(task, count))
    click.echo(f"written: {path}")
    return 0
