"""``kforsim validate``: hold a scenario against its expected patterns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from analysis.expected import Pattern
    from analysis.scores import Score
    from analysis.validate import Validation

EXAMPLES = """\b
kforsim validate may_2023_zvecan
kforsim validate may_2023 --pattern P2 --sets 5 --seeds 4
kforsim validate may_2023 --keep
"""


@click.command("validate", epilog=EXAMPLES)
@click.argument("scenario", default="may_2023_zvecan")
@click.option("--pattern", help="Play and show one pattern only, such as P2.")
@click.option("--sets", type=click.IntRange(1), default=50, show_default=True, help="Surviving parameter sets.")
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Seeds a set.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--keep", "keeping", is_flag=True, help="Keep the result as what later changes are held against.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(scenario: str, pattern: str | None, sets: int, seeds: int, workers: int | None, keeping: bool, as_json: bool) -> int:
    """Play SCENARIO with automatic seats over its surviving parameter sets; exit 0 when every statistic hits, 1 when not."""
    from analysis.validate import as_data, keep, validate

    if keeping and pattern:
        raise click.UsageError("--keep keeps all patterns; leave --pattern out")
    if as_json:
        validation = validate(scenario, sets, seeds, pattern=pattern, workers=workers)
        click.echo(json.dumps(as_data(validation), ensure_ascii=False))
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("runs", total=None)
            validation = validate(scenario, sets, seeds, pattern=pattern, workers=workers, progress=lambda count: bar.advance(task, count))
        _show(validation)
    if keeping:
        click.echo(f"kept in {keep(validation)}", err=True)
    return 1 if validation.misses else 0


def _show(validation: Validation) -> None:
    from rich.console import Console

    console = Console()
    console.print(f"automatic seats, {validation.used_sets} surviving parameter sets x {validation.seeds} seeds")
    scripted = {item.key: item for item in validation.history}
    for pattern in validation.expected.patterns:
        scores = [item for item in validation.scores if item.pattern == pattern.id]
        console.print(f"\n{pattern.id}: {pattern.title}", style="bold")
        console.print(_table(pattern, scores, scripted))
        for item in scores:
            if item in validation.misses:
                console.print(f"miss: {item.statistic.name}: {item.needed}")
    counted = len(validation.hits) + len(validation.misses)
    console.print(f"\n{len(validation.hits)} of {counted} emergent statistics hit")
    _remark(console, validation)


def _table(pattern: Pattern, scores: list[Score], scripted: dict[str, Score]) -> Table:
    from rich.table import Table

    table = Table("statistic", "observed", "band", "5 %", "median", "95 %", "", "script", box=None, pad_edge=False)
    for item in scores:
        statistic, script = item.statistic, scripted.get(item.key)
        told = "[green]hit[/]" if item.hit else "[red]MISS[/]"
        table.add_row(
            statistic.name + _given(pattern, statistic.given),
            "-" if statistic.observed is None else f"{statistic.observed:g}",
            f"{statistic.band[0]:g} to {statistic.band[1]:g}",
            f"{item.low:.3g}",
            f"{item.median:.3g}",
            f"{item.high:.3g}",
            told if statistic.nature == "emergent" else "imposed",
            "" if script is None else f"{script.median:.3g}",
        )
    return table


def _given(pattern: Pattern, given: dict[str, float]) -> str:
    """Return what a statistic is asked given beyond what its pattern is, in words."""
    own = [f"{name} = {value:g}" for name, value in given.items() if pattern.given.get(name) != value]
    return f" (given {', '.join(own)})" if own else ""


def _remark(console: Console, validation: Validation) -> None:
    """Say what weakens the result: few sets, sets of another model, failed runs."""
    if len(validation.sets.sets) < 50:
        console.print(f"only {len(validation.sets.sets)} parameter sets survive; the specification asks for 50", style="yellow")
    if not validation.same_model:
        console.print("the surviving sets were found with other source files of the model than these", style="dim")
    for result in validation.failures[:3]:
        console.print(f"failed run: seed {result.case.seed}: {result.failure}", style="red")
