"""``kforsim claims``: the paper's claims as experiments, with a verdict for each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.claim_files import Claim
    from analysis.claim_verdict import Verdict
    from analysis.claims import ClaimFound, Findings, Reading

EXAMPLES = """\b
kforsim claims
kforsim claims C2 C3a --sets 64 --budget 30min --out claims/may
kforsim claims C2 --budget 2h --out claims/may --resume
"""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h)")
SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}


def seconds_of(text: str) -> float:
    """Return a span such as ``90s``, ``10min`` or ``2h`` in seconds; click.BadParameter where it is none."""
    found = _SPAN.fullmatch(text.strip())
    if not found or not float(found[1]):
        raise click.BadParameter(f"'{text}' is no span of time; write 90s, 10min or 2h")
    return float(found[1]) * SECONDS[found[2]]


@click.command("claims", epilog=EXAMPLES)
@click.argument("names", nargs=-1, metavar="[CLAIM]...")
@click.option("--sets", type=click.IntRange(4), default=256, show_default=True, help="Parameter sets, a quarter in each panel.")
@click.option("--seeds", type=click.IntRange(2), default=16, show_default=True, help="Seeds a set at the most.")
@click.option("--budget", default="10min", show_default=True, callback=lambda _, __, text: seconds_of(text), help="Time: 90s, 10min, 2h.")
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Keep runs, page and data in this folder.")
@click.option("--resume", is_flag=True, help="Go on with the study in that folder.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--list", "listing", is_flag=True, help="Only list the claims.")
def command(
    names: tuple[str, ...],
    sets: int,
    seeds: int,
    budget: float,
    folder: Path | None,
    resume: bool,
    workers: int | None,
    as_json: bool,
    listing: bool,
) -> int:
    """Run the experiments of the named claims (all where none is named) and say whether each holds, and on what it depends.

    A "no" is a finding: exit 0 whatever the verdicts; 1 where no claim could be run; 130 when stopped by a key, with what was done kept.
    """
    from analysis.claim_files import read_claims

    if resume and folder is None:
        raise click.UsageError("--resume goes on with a study in a folder; name it with --out")
    claims = read_claims(names)
    if listing:
        _list(claims)
        return 0
    from analysis import claims_page
    from analysis.claims import as_json as to_json

    findings = _study(claims, sets, seeds, budget, folder, resume, workers, quiet=as_json)
    line = _line(names, sets, seeds, folder)
    if folder is not None:
        claims_page.write(findings, folder, line)
        (folder / "claims.json").write_text(to_json(findings) + "\n", encoding="utf-8")
    if as_json:
        click.echo(to_json(findings))
    else:
        _show(findings, folder, line)
    if findings.stopped == "interrupted":
        return 130
    return 0 if any(item.word != "not run" for item in findings.claims) else 1


def _line(names: tuple[str, ...], sets: int, seeds: int, folder: Path | None) -> str:
    """Return the line that goes on with a study, or makes it."""
    told = ["kforsim claims", *names, f"--sets {sets}", f"--seeds {seeds}", "--budget 24h"]
    return " ".join([*told, f"--out {folder} --resume"] if folder else [*told, "--out claims"])


def _study(
    claims: Sequence[Claim], sets: int, seeds: int, budget: float, folder: Path | None, resume: bool, workers: int | None, quiet: bool
) -> Findings:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from analysis.claims import study_claims

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} runs"),
        TimeElapsedColumn(),
        TextColumn(f"of at most {budget / 60:.0f} min"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("runs", total=None)
        return study_claims(claims, sets, seeds, budget, folder, resume, workers, lambda count: bar.advance(task, count))


def _list(claims: Sequence[Claim]) -> None:
    for claim in claims:
        played = ", ".join(dict.fromkeys(item.scenario for item in claim.experiments))
        click.echo(f"{claim.id:<5} {claim.title}  ({claim.source}; {played})")


def _show(findings: Findings, folder: Path | None, line: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("claim", "", "verdict", "halved", "D", "S", "O", "M", box=None, pad_edge=False)
    for item in findings.claims:
        table.add_row(item.claim.id, item.claim.title, *_verdict_cells(item))
    console.print(table)
    console.print(
        "D, S, O, M: percentage of the panel's sets that support / oppose; shares of a declared space, not probabilities", style="dim"
    )
    for item in findings.claims:
        _remark(item)
    failures = [text for item in findings.claims for tried in item.experiments for text in tried.failures]
    for text in failures[:3]:
        console.print(f"failed run: {text}", style="red")
    why = {"budget": "stopped at the end of the budget", "interrupted": "stopped by a key", "done": "all sets and seeds asked for were run"}
    console.print(f"{why[findings.stopped]}; go on with: {line}" if findings.stopped != "done" else why["done"], soft_wrap=True)
    if folder is not None:
        console.print(f"page: {folder / 'index.html'}", soft_wrap=True)


def _verdict_cells(item: ClaimFound) -> list[str]:
    from analysis.panels import PANELS

    if item.decided_by is None:
        return ["not run", "", *("" for _ in PANELS)]
    found = item.decided_by.declared
    shares = [_shares(found, panel) for panel in PANELS]
    return [headline(item.decided_by), item.decided_by.halved.word, *shares]


def _shares(found: Verdict, panel: str) -> str:
    shares = found.shares[panel]
    return f"{100 * shares['supports']:.0f}/{100 * shares['opposes']:.0f}" if found.sets[panel] else "-"


def headline(reading: Reading) -> str:
    """Return a verdict in words: with what it hinges on, and that it is not settled where it is not."""
    found = reading.declared
    word = f"{found.word}{' (prior-driven)' if found.prior_driven else ''}"
    return word if not found.unsettled or found.word == "too few" else f"{word}, so far"


def _remark(item: ClaimFound) -> None:
    """Say why a claim was not run, or on what its verdict depends."""
    if item.decided_by is None:
        click.echo(f"{item.claim.id} not run: {item.experiments[0].why_not}")
    elif item.decided_by.declared.word == "depends":
        from analysis.claims_page import region_told

        click.echo(f"{item.claim.id}: {region_told(item.decided_by.declared)}")
