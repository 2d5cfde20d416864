"""Tables on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table


def print_outcomes(outcomes: dict[str, float]) -> None:
    """Print every outcome with its unit and which direction is better."""
    from sim.engine.outcomes import NOT_SHOWN, OUTCOMES

    table = Table("outcome", "value", "unit", "better", box=None, pad_edge=False)
    for outcome in OUTCOMES:
        name = f"{outcome.name} *" if outcome.primary else outcome.name
        table.add_row(name, f"{outcomes[outcome.name]:.4g}", outcome.unit, outcome.better, style="bold" if outcome.primary else "")
    Console().print(table)
    Console(stderr=True).print("* primary. Not shown here: " + "; ".join(NOT_SHOWN), style="dim")
