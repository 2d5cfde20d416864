"""Tables on the terminal: a scenario before it is played, and what a run came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click

SITE_DAY_COLUMNS = (
    ("KFOR hurt", "kfor_hurt"),
    ("police hurt", "police_hurt"),
    ("protesters hurt", "protesters_hurt"),
    ("detained", "detained"),
    ("crowd peak", "crowd_peak"),
    ("two leads, min", "minutes_with_two_leads"),
)
"""What is shown of each site on each day: heading, and name of the outcome."""


def aligned(rows: Sequence[Sequence[str]], *, right_from: int | None = None) -> list[str]:
    """Return rows of cells as lines with even columns, flush left; from the column *right_from* on flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    flush = len(widths) if right_from is None else right_from
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if place < flush else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


# --- a run --------------------------------------------------------------------------------------------------------------


def print_site_days(outcomes: dict[str, float], site_days: Iterable[tuple[str, str]]) -> None:
    """Print a line for each site on each day, and one for the whole run."""
    rows = [["day", "site", *(heading for heading, _ in SITE_DAY_COLUMNS)]]
    rows += [[day, site, *_figures(outcomes, f"{day}/{site}/")] for day, site in site_days]
    rows.append(["whole run", "", *_figures(outcomes, "")])
    for line in aligned(rows, right_from=2):
        click.echo(line)


def _figures(outcomes: dict[str, float], scope: str) -> list[str]:
    return [f"{outcomes[scope + name]:.4g}" for _, name in SITE_DAY_COLUMNS]


def print_outcomes(outcomes: dict[str, float]) -> None:
    """Print every outcome of the whole run with its unit and which direction is better."""
    from rich.console import Console
    from rich.table import Table

    from sim.engine.outcomes import NOT_SHOWN, OUTCOMES

    table = Table("whole run", "value", "unit", "better", box=None, pad_edge=False)
    for outcome in OUTCOMES:
        name = f"{outcome.name} *" if outcome.primary else outcome.name
        table.add_row(name, f"{outcomes[outcome.name]:.4g}", outcome.unit, outcome.better, style="bold" if outcome.primary else "")
    Console().print(table)
    Console(stderr=True).print("* primary. Not shown here: " + "; ".join(NOT_SHOWN), style="dim")


# --- a scenario ---------------------------------------------------------------------------------------------------------


def print_overview(found: dict[str, Any]) -> None:
    """Print a scenario's overview: its days with their sites, its seats, what is disputed, and how well it is grounded."""
    _line("title", found["title"])
    if found["part_of"]:
        _line("part of", found["part_of"])
    _line("ticks", f"{found['base_tick_s']:g} s")
    for day in found["days"]:
        _print_day(day)
    _print_seats(found["seats"])
    for name, value in found["switches"].items():
        _line("disputed", f"{name}: {value}")
    total = sum(found["grades"].values())
    shares = ", ".join(f"{grade} {count / total:.0%}" for grade, count in found["grades"].items())
    _line("grounds", f"{shares} of {total} sourced entries")


def _line(name: str, text: str) -> None:
    click.echo(f"  {name:<9}{text}")


def _print_day(day: dict[str, Any]) -> None:
    rain = "".join(f", rain {begins} to {ends}" for begins, ends in day["rain"])
    hours = f"{day['start']} to {day['end'][-5:]}, {day['hours']:g} hours, dusk {day['dusk']}{rain}"
    _line("day", f"{day['name']}: {day['title']}, {hours}")
    rows = [["site", "people (low to high)", "only when set off", "in the lead", "persons deployed"]]
    for name, site in day["sites"].items():
        people = site["people"]
        wide = f"{people['central']:g} ({people['low']:g} to {people['high']:g})"
        supporting = f", {', '.join(site['supporting'])} supporting" if site["supporting"] else ""
        rows.append([name, wide, f"{people['only_when_set_off']:g}", site["lead"] + supporting, _forces(site["forces"])])
    rows.append(["in reserve", "", "", "", _forces(day["reserve"])])
    for text in aligned(rows):
        _line("", f"  {text}")


def _forces(forces: dict[str, dict[str, int]]) -> str:
    return ", ".join(f"{name} {force['persons']}" for name, force in forces.items()) or "nobody"


def _print_seats(seats: dict[str, dict[str, Any]]) -> None:
    rows = [["seat", "stands for", "commands at", "plays"]]
    for name, seat in seats.items():
        stands_for = seat["headquarters"] or seat["government"] or seat["organisation"]
        plays = "; ".join([seat["doctrine"], *(f"on {day} {doctrine}" for day, doctrine in seat["doctrine_on"].items())])
        rows.append([name, stands_for, seat["site"] or "all sites", plays])
    for text in aligned(rows):
        _line("", text)
