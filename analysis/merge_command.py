"""``kforsim merge``: the parts of a sweep, from one folder or several, as one table with the digest of its rows."""

from __future__ import annotations

import json
from pathlib import Path

import click

EXAMPLES = """\b
kforsim merge sweeps/mine
kforsim merge node1/mine node2/mine --out results.parquet
"""


@click.command("merge", epilog=EXAMPLES)
@click.argument("folders", metavar="DIR [DIR ...]", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The table; results.parquet in the first folder by default.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def command(folders: tuple[Path, ...], out: Path | None, as_json: bool) -> int:
    """Merge the parts of one sweep in the order of its plan; shards may have been made in one folder or in several.

    Nothing is written unless every part is there and whole: exit 1 says which are not, and of which shard.
    """
    from analysis.study_plan import Plan
    from analysis.sweep_merge import gaps_in_words, merge, same_plan
    from sim.api import input_error

    for folder in folders:
        if not folder.is_dir():
            raise input_error(folder, "is no folder of a sweep", "name the folders that kforsim sweep wrote")
    if out is not None and out.is_dir():
        raise input_error(f"--out {out}", "is a folder", "name a file, such as results.parquet")
    same_plan(folders)
    plan = Plan.open(folders[0])
    merged = merge(folders, plan, out)
    told = {"rows": merged.rows, "failures": merged.failures, "digest": merged.digest, "path": str(merged.path)}
    lacking = {"missing": list(merged.missing), "damaged": list(merged.damaged)}
    if as_json:
        click.echo(json.dumps(told | lacking))
    elif merged.digest:
        click.echo(f"{merged.rows:,} rows, {merged.failures:,} of them failed runs, in {merged.path}\ndigest {merged.digest}")
    if merged.digest:
        return 0
    click.echo(f"not merged: {gaps_in_words(merged, folders, plan)}; make them with kforsim sweep", err=True)
    return 1
