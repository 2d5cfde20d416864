"""``kforsim validate``: hold a scenario against its expected patterns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analysis.validate import Validation


@click.command("validate")
@click.argument("scenario", default="may_2023_zvecan")
@click.option("--sets", type=click.IntRange(1), default=50, show_default=True, help="Surviving parameter sets.")
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Seeds a set.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--keep", "keeping", is_flag=True, help="Keep the result as what later changes are held against.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(scenario: str, sets: int, seeds: int, workers: int | None, keeping: bool, as_json: bool) -> int:
    """Play SCENARIO with automatic seats over its surviving parameter sets; exit 0 when every statistic hits, 1 when not.

    Example: kforsim validate may_2023_zvecan
    """
    from analysis.validate import as_data, keep, validate

    if as_json:
        validation = validate(scenario, sets, seeds, workers=workers)
        click.echo(json.dumps(as_data(validation), ensure_ascii=False))
    else:
        from rich.progress import Progress

        with Progress(transient=True) as progress:
            task = progress.add_task("runs", total=None)
            validation = validate(scenario, sets, seeds, workers=workers, progress=lambda count: progress.advance(task, count))
        _show(validation)
    if keeping:
        click.echo(f"kept in {keep(validation)}", err=True)
    return 1 if validation.misses else 0


def _show(validation: Validation) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{validation.expected.pattern}: {validation.expected.title}", style="bold")
    console.print(f"automatic seats, {validation.used_sets} surviving parameter sets x {validation.seeds} seeds")
    table = Table("statistic", "observed", "band", "5 %", "median", "95 %", "", "script", box=None, pad_edge=False)
    scripted = {item.statistic.name: item for item in validation.history}
    for item in validation.scores:
        statistic = item.statistic
        script = scripted.get(statistic.name)
        table.add_row(
            statistic.name,
            "-" if statistic.observed is None else f"{statistic.observed:g}",
            f"{statistic.band[0]:g} to {statistic.band[1]:g}",
            f"{item.low:.3g}",
            f"{item.median:.3g}",
            f"{item.high:.3g}",
            "[green]hit[/]" if item.hit else "[red]MISS[/]",
            "" if script is None else f"{script.median:.3g}",
        )
    console.print(table)
    for item in validation.misses:
        console.print(f"miss: {item.statistic.name}: {item.needed}")
    if len(validation.sets.sets) < 50:
        console.print(f"only {len(validation.sets.sets)} parameter sets survive; the specification asks for 50", style="yellow")
    if not validation.same_model:
        console.print("the surviving sets were found with other source files of the model than these", style="dim")
    for result in validation.failures[:3]:
        console.print(f"failed run: seed {result.case.seed}: {result.failure}", style="red")
