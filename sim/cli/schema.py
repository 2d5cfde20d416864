"""``kforsim schema``: JSON Schema of scenario files, so that an editor completes and checks them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from sim.foundations.errors import input_error, nearest

EXAMPLES = """\b
kforsim schema > scenario.schema.json
kforsim schema doctrine
kforsim schema --out schemas
"""


@click.command("schema", epilog=EXAMPLES)
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Write every schema to this folder as NAME.schema.json.")
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of one kind of file.

    NAME is scenario (default; also for a part of another), day, concessions, mandate, rules_of_engagement, command, doctrine,
    site_plan, parameters or option.

    A file tells its editor where the schema is with a first line like

    \b
    # yaml-language-server: $schema=../schema/scenario.schema.json
    """
    from sim.scenario.exported_schema import FILES, schema_text

    if name is not None and name not in FILES:
        raise input_error("NAME", f"there is no schema '{name}'", nearest(name, FILES))
    if out is None:
        click.echo(schema_text(name or "scenario"), nl=False)
        return
    texts = {f"{each}.schema.json": schema_text(each) for each in ([name] if name else FILES)}
    try:
        _write(texts, out)
    except OSError as error:
        raise input_error(f"--out {out}", f"cannot be written ({error})", "name a folder that you may write") from None
    click.echo(f"{len(texts)} schemas in {out}" if len(texts) > 1 else f"schema in {out / next(iter(texts))}")


def _write(texts: dict[str, str], folder: Path) -> None:
    """Write all files beside their places first, then put each in its place: a reader never sees half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".schema-", dir=folder) as waiting:
        for name, text in texts.items():
            (Path(waiting) / name).write_text(text, encoding="utf-8")
        for name in texts:
            (Path(waiting) / name).replace(folder / name)
