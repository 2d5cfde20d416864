"""``kforsim calibrate``: find the parameter sets that a scenario's patterns do not rule out, and say what is identified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from analysis.calibrate import Calibration
    from analysis.posterior_question import Others

EXAMPLES = """\b
kforsim calibrate may_2023 --keep
kforsim calibrate may_2023 --first 20 --later 20
kforsim calibrate may_2023 --parents scenarios/may_2023/surviving_sets.json --keep
kforsim calibrate may_2023 --method abc_smc --parameters theta_spiral,threshold_mean --out posteriors/may
kforsim calibrate accept posteriors/may/posterior.json --by "NAME" --because "REASON"
"""

WANTED = 50
"""Surviving sets that the specification asks for."""


@click.command("accept")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, help="Who accepts it.")
@click.option("--because", required=True, help="Why, in a sentence.")
def accept_command(file: Path, by: str, because: str) -> int:
    """Write beside a posterior FILE that a person accepts it as it is; it changes no parameter of any scenario.

    \b
    kforsim calibrate accept posteriors/may/posterior.json --by "NAME" --because "predicts the day that was left out"
    """
    from analysis.posterior import accept

    click.echo(f"accepted in {accept(file, by, because)}")
    return 0


class _WithAccept(click.Command):
    """A command that hands over to ``accept`` where that is its first word."""

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        if args[:1] == ["accept"]:
            return accept_command.make_context(f"{info_name} accept", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)


@click.command("calibrate", cls=_WithAccept, epilog=EXAMPLES)
@click.argument("scenario", default="may_2023")
@click.option(
    "--method",
    type=click.Choice(["history_matching", "abc_smc"]),
    default="history_matching",
    show_default=True,
    help="Rule sets out, or infer a few parameters.",
)
@click.option("--first", type=click.IntRange(1), default=400, show_default=True, help="Sets (runs) drawn over the whole ranges.")
@click.option(
    "--later", type=click.IntRange(1), multiple=True, default=(400, 400), show_default=True, help="Sets of a later wave; repeatable."
)
@click.option("--near", type=click.IntRange(0), default=0, show_default=True, help="Sets drawn closely round the declared values.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the design.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--parents", type=click.Path(path_type=Path), help="Earlier surviving sets, looked at again.")
@click.option("--keep", "keeping", is_flag=True, help="Keep sets and identifiability beside the scenario.")
@click.option("--parameters", "named", help="abc_smc: which are inferred, by commas; by default those that are informed, 8 at most.")
@click.option("--others", type=click.Choice(["surviving_sets", "prior"]), help="abc_smc: where all others come from.")
@click.option("--runs", type=click.IntRange(1), default=2000, show_default=True, help="abc_smc: most runs in all.")
@click.option("--particles", type=click.IntRange(20, 500), default=100, show_default=True, help="abc_smc: how many nearest are kept.")
@click.option("--without-event-effects", "same_days", is_flag=True, help="abc_smc: let days not differ, to see what that does.")
@click.option("--out", type=click.Path(path_type=Path), help="abc_smc: folder of posterior and page; a search broken off there goes on.")
@click.option("--json", "printing", is_flag=True, help="Print provenance and identifiability as JSON.")
def command(
    scenario: str,
    method: str,
    first: int,
    later: tuple[int, ...],
    near: int,
    seed: int,
    workers: int | None,
    parents: Path | None,
    keeping: bool,
    named: str | None,
    others: Others | None,
    runs: int,
    particles: int,
    same_days: bool,
    out: Path | None,
    printing: bool,
) -> int:
    """Search SCENARIO's parameters for sets that its patterns do not rule out; hours of work at the default sizes.

    Exit 0 when 50 sets or more survive, 1 when fewer do; without survivors nothing is kept. With --method abc_smc a handful of
    parameters is inferred instead, and written only with --out; exit 1 when the particles are too few to judge by. A person
    accepts what was written with 'kforsim calibrate accept FILE'.
    """
    if method == "abc_smc":
        if keeping or parents or near:
            raise click.UsageError("--keep, --parents and --near belong to history_matching; abc_smc is written with --out")
        chosen = tuple(name.strip() for name in (named or "").split(",") if name.strip())
        sizes = (particles, first, later[0], runs)
        return _posterior(scenario, chosen, others, sizes, seed, not same_days, out, workers, printing)
    if named or others or same_days or out:
        raise click.UsageError("--parameters, --others, --without-event-effects and --out belong to --method abc_smc")
    from rich.console import Console
    from rich.progress import Progress

    from analysis.calibrate import as_json, calibrate, keep, refuse_unwritable, whole_scenario
    from analysis.identifiability import LEAST_SCREENED

    if keeping and first < LEAST_SCREENED:
        raise click.UsageError(f"--keep needs --first {LEAST_SCREENED} or more, or nothing can be said of identifiability")
    whole = whole_scenario(scenario)
    if keeping:
        refuse_unwritable(whole.folder)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=None)
        calibration = calibrate(whole, first, later, seed, parents, workers, lambda count: bar.advance(task, count), near)
    click.echo(as_json(calibration) if printing else _told(calibration))
    if keeping and calibration.sets.sets:
        click.echo("kept in " + ", ".join(map(str, keep(calibration))), err=True)
    else:
        click.echo("nothing is kept" + ("" if keeping else "; --keep keeps it"), err=True)
    return 0 if len(calibration.sets.sets) >= WANTED else 1


def _posterior(
    name: str,
    chosen: tuple[str, ...],
    others: Others | None,
    sizes: tuple[int, int, int, int],
    seed: int,
    event_effects: bool,
    out: Path | None,
    workers: int | None,
    printing: bool,
) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from analysis.abc_smc import Sizes
    from analysis.calibrate_posterior import free_folder, inferred_from, keep_posterior, posterior_of
    from analysis.posterior import as_text
    from analysis.posterior_page import as_page
    from analysis.posterior_question import question_of
    from sim.api import load_scenario

    question = question_of(load_scenario(name), chosen, others, Sizes(*sizes), seed, event_effects)
    folder = free_folder(out) if out else None

    def tell(warning: str) -> None:
        click.echo(f"warning: {warning}", err=True)

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=question.sizes.runs)
        found = inferred_from(question, folder, workers, lambda count: bar.advance(task, count), tell)
    page = as_page(found)
    click.echo(as_text(posterior_of(found)) if printing else page)
    kept = "kept in " + ", ".join(map(str, keep_posterior(found, page, folder))) if folder else "nothing is kept; --out FOLDER keeps it"
    click.echo(kept, err=True)
    return 0 if found.enough else 1


def _told(calibration: Calibration) -> str:
    told, survivors = calibration.sets.provenance, len(calibration.sets.sets)
    lines = [calibration.page(), f"drawn {told['drawn']}, looked at again {told['looked_at_again']}, survive {survivors}"]
    return "\n".join(lines if survivors >= WANTED else [*lines, f"the specification asks for {WANTED} surviving sets"])
