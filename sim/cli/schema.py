"""``kforsim schema``: JSON Schema of scenario files, so that an editor completes and checks them."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

import click

from sim.foundations.errors import input_error, nearest

EXAMPLES = """\b
kforsim schema > scenario.schema.json
kforsim schema doctrine
kforsim schema study > study.schema.json
kforsim schema --out schemas
"""

OF_STUDIES = {"study": "analysis.study_file"}
"""Name -> module with ``schema_text``. A string, so that sim never imports analysis."""


@click.command("schema", epilog=EXAMPLES)
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Write every schema to this folder as NAME.schema.json.")
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of one kind of file.

    NAME is scenario (default; also for a part of another), day, concessions, mandate, rules_of_engagement, command, doctrine,
    site_plan, parameters, option, armed_group, intelligence, campaign or strata.

    A file tells its editor where the schema is with a first line like

    \b
    # yaml-language-server: $schema=../schema/scenario.schema.json
    """
    from sim.scenario.exported_schema import FILES

    known = [*FILES, *OF_STUDIES]
    if name is not None and name not in known:
        raise input_error("NAME", f"there is no schema '{name}'", nearest(name, known))
    if out is None:
        click.echo(_text(name or "scenario"), nl=False)
        return
    texts = {f"{each}.schema.json": _text(each) for each in ([name] if name else known)}
    try:
        _write(texts, out)
    except OSError as error:
        raise input_error(f"--out {out}", f"cannot be written ({error})", "name a folder that you may write") from None
    click.echo(f"{len(texts)} schemas in {out}" if len(texts) > 1 else f"schema in {out / next(iter(texts))}")


def _text(name: str) -> str:
    from sim.scenario.exported_schema import schema_text

    return str(importlib.import_module(OF_STUDIES[name]).schema_text()) if name in OF_STUDIES else schema_text(name)


def _write(texts: dict[str, str], folder: Path) -> None:
    """Write all files beside their places first, then put each in its place: a reader never sees half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".schema-", dir=folder) as waiting:
        for name, text in texts.items():
            (Path(waiting) / name).write_text(text, encoding="utf-8")
        for name in texts:
            (Path(waiting) / name).replace(folder / name)
