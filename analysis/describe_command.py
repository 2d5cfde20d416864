"""``kforsim describe``: the model card and the ODD+D description, generated from the model's own declarations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analysis.describe_declarations import Declarations

EXAMPLES = """\b
kforsim describe card
kforsim describe card --out docs/model_card.md
kforsim describe odd --out docs/odd.md
kforsim describe card --json
"""


@click.command("describe", epilog=EXAMPLES)
@click.argument("page", type=click.Choice(("card", "odd")))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the page into this file; without it, it is printed.")
@click.option("--json", "as_json", is_flag=True, help="Print (or write) the declarations behind both pages as JSON.")
def command(page: str, out: Path | None, as_json: bool) -> None:
    """Describe the model from its own declarations: the model card, or the ODD+D description."""
    from analysis.describe_declarations import as_data, gathered

    told = gathered()
    text = json.dumps(as_data(told), ensure_ascii=False, indent=1) + "\n" if as_json else _page(page)(told)
    if out is None:
        click.echo(text, nl=False)
        return
    _written(out, text)
    click.echo(f"{out}: {len(text.splitlines())} lines")


def _page(name: str) -> Callable[[Declarations], str]:
    from analysis.model_card import model_card
    from analysis.odd import odd_page

    return model_card if name == "card" else odd_page


def _written(out: Path, text: str) -> None:
    """Write a page whole or not at all; InputError where it cannot be written."""
    from sim.api import input_error

    draft = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(out)
    except OSError as error:
        raise input_error(out, f"cannot be written ({error.strerror})", "choose another file with --out") from None
