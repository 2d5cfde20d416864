"""``kforsim sweep``: every experiment of a study, on all cores or a cluster, kept part by part; called again, it goes on."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.study_file import Study
    from analysis.study_plan import Plan
    from analysis.sweep import Engine, Swept
    from analysis.sweep_folder import Shard, Standing
    from analysis.sweep_runner import Made

EXAMPLES = """\b
kforsim sweep study.yaml --dry-run
kforsim sweep study.yaml --out sweeps/mine
kforsim sweep study.yaml --out sweeps/mine --shard 2/4
kforsim sweep study.yaml --out sweeps/mine --engine dask --scheduler tcp://head:8786
kforsim sweep sweeps/mine --experiment 17 --out runs/outlier
"""
INTERRUPTED = 130
BUDGETS = ("runs", "hours", "gigabytes")


@click.command("sweep", epilog=EXAMPLES)
@click.argument("target", metavar="STUDY", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the sweep; sweeps/STUDY by default.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default. Results are the same for any number.")
@click.option("--shard", "share", default="1/1", show_default=True, metavar="I/N", help="Make only this share of the parts.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True, help="Where runs are made.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask's scheduler, such as tcp://head:8786.")
@click.option("--budget", metavar="NAME=N,...", help="Instead of the study's: runs=1000,hours=2,gigabytes=1.")
@click.option("--dry-run", is_flag=True, help="Say what it would take, and end.")
@click.option("--experiment", type=click.IntRange(0), help="Show one experiment; STUDY is a sweep's folder, --out keeps the run.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def command(
    target: Path,
    out: Path | None,
    workers: int | None,
    share: str,
    engine: str,
    scheduler: str | None,
    budget: str | None,
    dry_run: bool,
    experiment: int | None,
    as_json: bool,
) -> int:
    """Play every experiment of STUDY, a file.

    What is in the folder already is kept, so the same line goes on after Ctrl-C, a crash or a full disk. When every part is there
    they are merged, and the digest of the table is printed: it is the same for any number of workers and shards and either engine.
    A run that fails is a row with its reason; exit 1 when all failed.
    """
    from rich.console import Console

    if experiment is not None:
        return _one(target, experiment, out, as_json)
    from analysis.study_file import read_study
    from analysis.study_plan import plan_of
    from analysis.sweep_manifest import new_go

    shard = _shard(share)
    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler go together")
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    study = _with_budget(read_study(_study_file(target)), budget)
    plan, folder = plan_of(study), out or Path("sweeps") / target.stem
    if dry_run or not (folder / "plan.json").is_file():
        _say_what_it_takes(console, plan, workers or os.cpu_count() or 1)
    if dry_run:
        return 0
    go = new_go(workers or os.cpu_count(), engine, shard)
    swept = _swept(console, plan, folder, shard, _engine(plan, folder, scheduler, workers), go)
    words = ["--shard", str(shard)] if shard.of > 1 else []
    words += ["--engine", engine, "--scheduler", scheduler] if scheduler else []
    line = shlex.join(["kforsim", "sweep", str(target), "--out", str(folder), *words])
    return _ended(console, plan, folder, shard, swept, line, as_json)


def _study_file(target: Path) -> Path:
    from sim.api import input_error

    if target.is_dir():
        what = "is a folder; a sweep begins and goes on from its study's file"
        raise input_error(target, what, f"for example: kforsim sweep study.yaml --out {target}; or look at one run by --experiment")
    return target


def _shard(text: str) -> Shard:
    from analysis.sweep_folder import Shard
    from sim.api import input_error

    told = re.fullmatch(r"(\d+)/(\d+)", text.strip())
    if not told or not 1 <= int(told[1]) <= int(told[2]):
        raise input_error(f"--shard {text}", "is no share of the parts", "for example 1/4 to 4/4, counted from 1")
    return Shard(int(told[1]), int(told[2]))


def _with_budget(study: Study, text: str | None) -> Study:
    """Return the study with another budget, as typed."""
    from analysis.study_file import Budget
    from sim.api import input_error, nearest

    if text is None:
        return study
    given: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        if name not in BUDGETS:
            raise input_error(f"--budget {part}", f"there is no budget of '{name}'", nearest(name, BUDGETS))
        if not re.fullmatch(r"\d+" if name == "runs" else r"\d+(\.\d+)?", number) or not float(number):
            raise input_error(f"--budget {part}", "is no number above 0", "for example runs=1000,hours=2,gigabytes=1")
        given[name] = float(number)
    changed = study.model_copy(update={"budget": Budget.model_validate(given)})
    changed._document = study._document
    return changed


def _say_what_it_takes(console: Console, plan: Plan, workers: int) -> None:
    """Print the estimate; InputError where it is over the budget, before the first run is kept."""
    from analysis.study_estimate import refuse_over_budget

    console.print(f"{plan.title}: {plan.total:,} runs; trying a few ...", style="dim")
    estimate = plan.estimate()
    console.print(f"{plan.title}: {estimate.told(workers)}")
    for note in plan.told["notes"]:
        console.print(f"note: {note}", style="dim")
    for failure in estimate.failed:
        console.print(f"a trial run failed: {failure}", style="yellow")
    refuse_over_budget(estimate, plan.budget, workers)


def opened_here(folder: Path) -> Plan:
    """Return the plan of a folder, for a worker; InputError where the model has changed since the plan was made."""
    from analysis.study_plan import Plan
    from sim.api import input_error, model_digest

    plan = Plan.open(folder)
    if plan.told["digests"]["model"] != model_digest():
        raise input_error(folder, "the model was changed while the sweep ran", "name another folder with --out")
    return plan


def _engine(plan: Plan, folder: Path, scheduler: str | None, workers: int | None) -> Engine:
    """Return what makes the parts: workers here, or those of a scheduler."""

    def here(numbers: Iterable[int], told: Callable[[int], None]) -> Iterator[Made]:
        from analysis.sweep_runner import PartMaker, made_here

        yield from made_here(PartMaker(folder, opened_here), numbers, workers, told)

    def on_cluster(numbers: Iterable[int], _told: Callable[[int], None]) -> Iterator[Made]:
        from analysis.sweep_dask import DaskMaker

        yield from DaskMaker(folder, plan, str(scheduler)).made(numbers)

    return on_cluster if scheduler else here


def _swept(console: Console, plan: Plan, folder: Path, shard: Shard, engine: Engine, go: dict[str, Any]) -> Swept:
    from analysis.sweep import runs_in, sweep
    from analysis.sweep_progress import progress_shown

    total = runs_in(plan, shard.parts(plan))

    def found(there: Standing) -> None:
        if there.damaged:
            console.print(f"{len(there.damaged)} damaged parts are made anew: {', '.join(map(str, there.damaged[:10]))}", style="yellow")
        if before := runs_in(plan, there.whole):
            console.print(f"{before:,} of {total:,} runs are there already")

    with progress_shown(console, total) as progress:
        swept = sweep(folder, plan, engine, shard, go, found, progress)
    if not swept.locked:
        console.print("this disk has no locks: see to it that no other sweep works in this folder", style="yellow")
    return swept


def _ended(console: Console, plan: Plan, folder: Path, shard: Shard, swept: Swept, line: str, as_json: bool) -> int:
    """Say how far it came, merge what is whole, and return the exit code."""
    from analysis.sweep_merge import merge
    from analysis.sweep_progress import in_words

    told: dict[str, Any] = {"folder": str(folder), "plan": plan.digest, "total": plan.total, "shard": str(shard)}
    told |= {"made": swept.made, "kept": swept.before, "left": swept.left, "seconds": swept.seconds}
    rate = f" in {in_words(swept.seconds)}, {swept.made / swept.seconds:.3g} a second" if swept.made and swept.seconds else ""
    console.print(f"{swept.made:,} runs made{rate}; {swept.before:,} were there")
    if swept.interrupted:
        console.print(f"interrupted, {swept.left:,} runs are left; go on with: {line}", soft_wrap=True)
        _print(told | {"interrupted": True}, as_json)
        return INTERRUPTED
    if shard.of > 1:
        console.print(f"shard {shard} is whole; when all are: kforsim merge {folder}")
        _print(told | {"failures": swept.failures}, as_json)
        return 0
    merged = merge([folder], plan)
    if merged.failures:
        console.print(f"{merged.failures:,} of {merged.rows:,} runs failed: rows whose column failure is not empty", style="yellow")
    _print(told | {"failures": merged.failures, "digest": merged.digest}, as_json)
    if not as_json:
        click.echo(f"{merged.rows:,} rows in {merged.path}\ndigest {merged.digest}")
    return 1 if merged.failures == merged.rows else 0


def _print(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))


def _one(folder: Path, number: int, out: Path | None, as_json: bool) -> int:
    """Show one experiment of a sweep, and keep its run where that is asked for; exit 1 when its record is another than the sweep's."""
    from analysis.study_plan import Plan
    from analysis.sweep_replay import experiment_of, play_again, run_line
    from sim.api import input_error

    if not folder.is_dir():
        raise input_error(folder, "is no folder of a sweep", "--experiment looks into one: kforsim sweep DIR --experiment N")
    found = experiment_of(folder, Plan.open(folder), number)
    who, line = found.experiment, run_line(found.case)
    told = {"experiment": number, "scenario": who.scenario, "lever": who.lever, "forms": who.forms, "point": who.point, "seed": who.seed}
    failure = found.row.get("failure", "")
    if as_json:
        click.echo(json.dumps({**told, "outcomes": found.outcomes, "failure": failure, "played": bool(found.row), "line": line}))
    else:
        click.echo(", ".join(f"{name} {value}" for name, value in told.items()))
        for name, value in found.outcomes.items():
            click.echo(f"  {name:<44}{value:.6g}")
        click.echo(f"  failed: {failure}" if failure else "  its part is not there yet" if not found.row else "")
        click.echo(line)
    if out is None:
        return 0
    same = play_again(found, out)
    click.echo(f"record in {out}; next: kforsim report {out}", err=True)
    if not same:
        click.echo("the record is another than the sweep's: model or scenario have changed since", err=True)
    return 0 if same else 1
