"""``kforsim validate``: hold scenarios against their expected patterns and against naive forecasters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
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
kforsim validate may_2023 banjska_2023 --out validation.html
kforsim validate my_episode --sets 20 --seeds 10
kforsim validate may_2023 --pattern P2 --sets 5 --seeds 4
kforsim validate may_2023 --keep
"""


@click.command("validate", epilog=EXAMPLES)
@click.argument("scenarios", nargs=-1)
@click.option("--pattern", help="Play and show one pattern only, such as P2.")
@click.option("--sets", type=click.IntRange(1), default=50, show_default=True, help="Surviving parameter sets.")
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Seeds a set.")
@click.option("--naive", type=click.IntRange(0), default=200, show_default=True, help="Runs of the prior; 0: no naive forecasters.")
@click.option("--parts/--no-parts", default=True, show_default=True, help="Tell the spread of inputs, parameters and chance apart.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--keep", "keeping", is_flag=True, help="Keep the result as what later changes are held against.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a page: PAGE.html or PAGE.md.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    scenarios: tuple[str, ...],
    pattern: str | None,
    sets: int,
    seeds: int,
    naive: int,
    parts: bool,
    workers: int | None,
    keeping: bool,
    out: Path | None,
    as_json: bool,
) -> int:
    """Play SCENARIOS with automatic seats over surviving parameter sets; exit 0 when every statistic hits, 1 when not.

    Names of shipped scenarios or folders with an expected.yaml; may_2023_zvecan where none is given. A folder without surviving
    sets of its own is an episode that is held out: it is played with the sets of May and of Banjska 2023, and may override no
    parameter.
    """
    from analysis.validate import as_data, keep, validate
    from analysis.validation_page import check_page, write_page

    if keeping and pattern:
        raise click.UsageError("--keep keeps all patterns; leave --pattern out")
    if out is not None:
        check_page(out)
    found = []
    for name in scenarios or ("may_2023_zvecan",):
        with _progress(name, shown=not as_json) as progress:
            found.append(validate(name, sets, seeds, pattern=pattern, workers=workers, progress=progress, naive=naive, parts=parts))
        if not as_json:
            _show(found[-1])
    if as_json:
        told = [as_data(item) for item in found]
        click.echo(json.dumps(told[0] if len(told) == 1 else {"scenarios": told}, ensure_ascii=False))
    if keeping:
        for item in found:
            click.echo(f"kept in {keep(item)}", err=True)
    if out is not None:
        write_page(found, out)
        click.echo(f"page in {out}", err=True)
    return 1 if any(item.misses for item in found) else 0


@contextmanager
def _progress(name: str, shown: bool) -> Iterator[Callable[[int], None] | None]:
    """Give what counts finished runs on a bar; nothing where a program reads."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"runs of {name}", total=None)
        yield lambda count: bar.advance(task, count)


def _show(validation: Validation) -> None:
    from rich.console import Console

    from analysis import validation_words as words

    console = Console()
    console.print(f"{validation.scenario.file.title}: {words.played_with(validation)}", highlight=False)
    scripted = {item.key: item for item in validation.history}
    for pattern in validation.expected.patterns:
        scores = [item for item in validation.scores if item.pattern == pattern.id]
        console.print(f"\n{pattern.id}: {pattern.title}", style="bold")
        console.print(_table(validation, pattern, scores, scripted))
        for item in scores:
            if item in validation.misses:
                console.print(f"miss: {item.statistic.name}: {item.needed}")
    _show_forecasts(console, validation)
    _show_parts(console, validation)
    console.print(f"\n{words.summary(validation)}")
    for line in words.remarks(validation):
        console.print(line, style="red" if line.startswith("failed") else "yellow")


def _table(validation: Validation, pattern: Pattern, scores: list[Score], scripted: dict[str, Score]) -> Table:
    from rich.table import Table

    from analysis import validation_words as words

    table = Table("statistic", "observed", "band", "5 %", "median", "95 %", "", "tuned on", "script", box=None, pad_edge=False)
    for item in scores:
        statistic, script, told = item.statistic, scripted.get(item.key), words.verdict(item)
        colour = {"hit": "[green]hit[/]", "MISS": "[red]MISS[/]"}
        table.add_row(
            words.statistic_name(pattern, item),
            words.observed(item),
            f"{statistic.band[0]:g} to {statistic.band[1]:g}",
            f"{item.low:.3g}",
            f"{item.median:.3g}",
            f"{item.high:.3g}",
            colour.get(told, told),
            words.tuning(validation, item),
            "" if script is None else f"{script.median:.3g}",
        )
    return table


def _show_forecasts(console: Console, validation: Validation) -> None:
    """Show the scores beside both naive forecasters, and say where the model is worse."""
    from rich.table import Table

    from analysis import validation_words as words

    if not validation.forecasts:
        return
    console.print("\nAgainst naive forecasters (CRPS, interval score; less is better)", style="bold")
    heads = ("statistic", "model", "fixed share", "prior", "model", "fixed share", "prior", "the model is")
    table = Table(*heads, box=None, pad_edge=False)
    for item in validation.forecasts:
        table.add_row(item.key, *words.crps_words(item), *words.interval_words(item), words.standing(item))
    console.print(table)
    for line in words.worse_words(validation):
        console.print(line, style="red" if line.startswith("worse") else None, highlight=False)
    if warning := words.in_sample(validation):
        console.print(warning, style="dim")


def _show_parts(console: Console, validation: Validation) -> None:
    """Show where the spread of each prediction comes from."""
    from rich.table import Table

    from analysis import validation_words as words

    if not validation.parts:
        return
    console.print("\nWhere the spread comes from (shares of the variance of one run)", style="bold")
    table = Table("statistic", "episode inputs", "parameters", "chance", "together", box=None, pad_edge=False)
    for item in validation.parts:
        table.add_row(item.key, *words.parts_words(item))
    console.print(table)
