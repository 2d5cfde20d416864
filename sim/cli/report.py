"""``kforsim report``: write the after-action report of a run."""

from __future__ import annotations

import json
from pathlib import Path

import click

EXAMPLES = """\b
Examples:
  kforsim report runs/first
  kforsim report runs/first --out first.html --figures first_figures
"""


@click.command("report", epilog=EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The HTML file (default: report.html in RUN).")
@click.option("--figures", type=click.Path(path_type=Path), help="Folder for the figures as PNG and SVG (default: figures in RUN).")
@click.option("--json", "as_json", is_flag=True, help="Print where the files are as JSON.")
def command(run: Path, out: Path | None, figures: Path | None, as_json: bool) -> None:
    """Write the after-action report of RUN: one HTML page that needs no network, and its figures.

    An earlier report is replaced; any other file in the way is left alone and named.
    """
    from sim.reports.after_action import write_report

    if not as_json:
        click.echo("reading the run and drawing its figures", err=True)
    written = write_report(run, out, figures)
    if as_json:
        found = {"report": str(written.page), "figures": [str(path) for path in written.figures], "title": written.title}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"report in {written.page}")
    click.echo(f"{len(written.figures)} figures in {written.figures[0].parent}")
