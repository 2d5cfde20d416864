"""``kforsim compare``: options against the baseline on the same cases and seeds, ranked, with intervals, as a page and as data."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.compare import Played
    from analysis.compare_design import Playable
    from analysis.compare_question import Question
    from analysis.comparison import Comparison, OutcomeTold

EXAMPLES = """\b
kforsim compare may_2023_zvecan --options all --seeds 200
kforsim compare banjska_2023 --options 3.1,3.2,3.1+3.2 --budget 30min --out runs/warning
kforsim compare banjska_2023 --options 3.1,3.2,3.1+3.2 --budget 30min --out runs/warning --resume
kforsim compare may_2023 --options 1.2,R1 --weights serious_or_fatal=3,riot=1 --doctrine kfor_behind_barriers
"""

UNITS = {"s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}
KEPT_FOR_THE_END = 0.08
"""Share of the budget that is kept for intervals, rankings and the page."""

SHOWN = 12


@click.command("compare", epilog=EXAMPLES)
@click.argument("scenario")
@click.option("--options", "asked", default="all", show_default=True, help="Ids with commas; 1.2+3.1 is both together; or all.")
@click.option("--seeds", type=click.IntRange(1), default=200, show_default=True, help="Paired runs of each option, two to a case.")
@click.option("--budget", default="5min", show_default=True, help="Time at most, such as 90s, 5min, 2h; or none.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for plan, parts, data and page; comparisons/SCENARIO by default.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default. Results are the same for any number.")
@click.option("--weights", help="A preset (equal, 'harm first' ...) or outcome=weight,...; the ranking settles by these.")
@click.option("--doctrine", "doctrines", multiple=True, metavar="TABLE", help="Another doctrine of KFOR to play under; repeatable.")
@click.option("--resume", is_flag=True, help="Go on with the comparison in --out.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("--page/--no-page", default=True, show_default=True, help="Write the page beside the data.")
def command(
    scenario: str,
    asked: str,
    seeds: int,
    budget: str,
    out: Path | None,
    workers: int | None,
    weights: str | None,
    doctrines: tuple[str, ...],
    resume: bool,
    as_json: bool,
    page: bool,
) -> int:
    """Compare policy options in SCENARIO (or a campaign) on the same cases and the same luck.

    Options are played in rounds until their ranking is settled, all seeds are done, or the time is over; Ctrl-C stops and keeps
    what is done. Exit 1 when not even one paired run of every option could be made, or when a check that must be 0 is not.
    """
    from rich.console import Console

    from analysis.compare import compare, runs_wanted
    from analysis.compare_found import found
    from analysis.compare_runs import Workers
    from analysis.compare_store import Store

    question = _question(scenario, asked, seeds, budget, weights, doctrines)
    folder = out or Path("comparisons") / question.scenario.name
    store = Store(folder)
    store.begin(question.plan(), resume)
    console = Console(stderr=True)
    _open(console, question, folder)
    with _progress(console, runs_wanted(question)) as advance:
        played = compare(
            question, store, Workers(workers or os.cpu_count() or 1), advance, lambda so_far: _standing(console, question, so_far)
        )
    if not played.rows:
        console.print("no paired run was finished: give more time with --budget, or fewer options")
        return 130 if played.stopped == "interrupted" else 1
    comparison = found(question, played, _line(question, asked, played, weights, doctrines))
    _keep(comparison, folder, console, page)
    _tell(comparison, as_json)
    if played.stopped == "interrupted":
        return 130
    return 1 if any(gap > 0.0 for gap in comparison.placebo.values()) else 0


def _question(scenario: str, asked: str, seeds: int, budget: str, weights: str | None, doctrines: Sequence[str]) -> Question:
    from analysis.compare_design import design_of
    from analysis.compare_options import chosen
    from analysis.compare_question import Question, doctrine_settings, other_doctrine, outcomes_told, refuse_unplayable
    from sim.api import configured, load

    loaded: Playable = load(scenario)
    outcomes = outcomes_told(loaded)
    options = chosen(asked, loaded)
    refuse_unplayable(loaded, [item for item in options if not item.no_path])
    tables = dict.fromkeys(doctrines or [other_doctrine(loaded)])
    others = {table: doctrine_settings(loaded, table) for table in tables}
    for settings in others.values():
        configured(loaded, settings)
    return Question(loaded, scenario, design_of(loaded), options, outcomes, others, _weights(weights, outcomes), seeds, _seconds(budget))


def _weights(asked: str | None, outcomes: Sequence[OutcomeTold]) -> dict[str, dict[str, float]]:
    """Return sets of weights, the one that was asked for first."""
    from analysis.robustness import presets
    from sim.api import input_error, nearest

    known = presets(outcomes)
    if asked is None:
        return known
    if asked in known:
        return {asked: known[asked], **known}
    names = next(iter(known.values()))
    given: dict[str, float] = {}
    for part in asked.split(","):
        name, sign, text = (piece.strip() for piece in part.partition("="))
        if not sign:
            raise input_error(f"--weights {asked}", f"'{part.strip()}' is no preset and not outcome=weight", nearest(part, known))
        if name not in names:
            raise input_error(f"--weights {name}", "is no primary outcome here", nearest(name, names))
        given[name] = _weight(name, text)
    total = sum(given.values())
    if not total:
        raise input_error(f"--weights {asked}", "every weight is 0", "give one above 0")
    return {"yours": {name: given.get(name, 0.0) / total for name in names}, **known}


def _weight(name: str, text: str) -> float:
    from sim.api import input_error

    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0.0):
        raise input_error(f"--weights {name}={text}", "is no number of 0 or more", f"for example {name}=2")
    return value


def _seconds(budget: str) -> float | None:
    from sim.api import input_error

    if budget.strip() == "none":
        return None
    told = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", budget)
    if told is None or told[2] not in UNITS or not float(told[1]):
        raise input_error(f"--budget {budget}", "is no time", "for example 90s, 5min, 2h; or none")
    return float(told[1]) * UNITS[told[2]] * (1.0 - KEPT_FOR_THE_END)


def _line(question: Question, asked: str, played: Played, weights: str | None, doctrines: Sequence[str]) -> str:
    """Return the line that plays the same again: as many paired runs as were made, without a limit of time."""
    more = [f'--weights "{weights}"'] if weights else []
    more += [f"--doctrine {table}" for table in doctrines]
    return " ".join(["kforsim compare", question.name, f"--options {asked}", f"--seeds {len(played.rows)} --budget none", *more])


def _open(console: Console, question: Question, folder: Path) -> None:
    without = [item.id for item in question.options if item.no_path]
    many = len(question.played)
    console.print(f"{question.scenario.file.title}: {many} options, at most {question.seeds} paired runs of each; kept in {folder}")
    if without:
        console.print(f"no path here: {', '.join(without)}", style="dim")


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = ("runs", BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, rate="")

        def advance(count: int) -> None:
            bar.advance(task, count)
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.1f} a second" if speed else "")

        yield advance


def _standing(console: Console, question: Question, played: Played) -> None:
    from analysis.compare import leading

    if played.convergence:
        now = played.convergence[-1]
        chance = now["chance_first_is_best"]
        sure = "" if math.isnan(chance) else f" (best in {100.0 * chance:.0f} % of resamples)"
        console.print(f"after {now['paired_runs']:.0f} paired runs: {', '.join(leading(question, played))}{sure}", style="dim")


def _keep(comparison: Comparison, folder: Path, console: Console, page: bool) -> None:
    from analysis.comparison import as_json

    path = folder / "comparison.json"
    draft = path.with_name(".comparison.json.new")
    draft.write_text(as_json(comparison) + "\n", "utf-8")
    draft.replace(path)
    if page:
        from analysis.comparison_page import write_page

        write_page(comparison, folder / "index.html")
        console.print(f"page: {folder / 'index.html'}")


def _tell(comparison: Comparison, as_json: bool) -> None:
    from analysis import comparison as data
    from analysis.compare_words import told

    click.echo(data.as_json(comparison) if as_json else told(comparison, SHOWN))
