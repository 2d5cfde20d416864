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
"""What is shown of each site on each day where crowds come: heading, and name of the outcome."""

ARMED_COLUMNS = (
    ("hurt", "hurt"),
    ("killed", "killed"),
    ("officers hurt", "officers_hurt"),
    ("officers killed", "officers_killed"),
    ("attackers killed", "attackers_killed"),
    ("attackers escaped", "attackers_escaped_share"),
    ("civilians hurt", "civilians_hurt"),
    ("control after, h", "control_h"),
)
"""What is shown where an armed group acts and no crowd comes; what is told for the whole run only stays empty in a site's line."""


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
    columns = SITE_DAY_COLUMNS if "protesters_hurt" in outcomes else ARMED_COLUMNS
    rows = [["day", "site", *(heading for heading, _ in columns)]]
    rows += [[day, site, *_figures(outcomes, f"{day}/{site}/", columns)] for day, site in site_days]
    rows.append(["whole run", "", *_figures(outcomes, "", columns)])
    for line in aligned(rows, right_from=2):
        click.echo(line)


def _figures(outcomes: dict[str, float], scope: str, columns: Sequence[tuple[str, str]]) -> list[str]:
    return [_figure(name, outcomes[scope + name]) if scope + name in outcomes else "" for _, name in columns]


def _figure(name: str, value: float) -> str:
    return f"{value:.0%}" if name.endswith("_share") else f"{value:.4g}"


def print_outcomes(outcomes: dict[str, float]) -> None:
    """Print every outcome that the run could show, for the whole of it, with its unit and which direction is better."""
    from rich.console import Console
    from rich.table import Table

    from sim.engine.outcomes import ARMED_OUTCOMES, OUTCOMES
    from sim.reports.key_figures import not_shown

    in_play = [outcome for outcome in (*OUTCOMES, *ARMED_OUTCOMES) if outcome.name in outcomes]
    table = Table("whole run", "value", "unit", "better", box=None, pad_edge=False)
    for outcome in in_play:
        name = f"{outcome.name} *" if outcome.primary else outcome.name
        table.add_row(name, f"{outcomes[outcome.name]:.4g}", outcome.unit, outcome.better, style="bold" if outcome.primary else "")
    Console().print(table)
    Console(stderr=True).print("* primary. Not shown here: " + "; ".join(not_shown(outcomes)), style="dim")


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
    if day["armed_group"]:
        _line("", f"  {_armed_words(day['armed_group'])}")
    rows.append(["in reserve", "", "", "", _forces(day["reserve"])])
    for text in aligned(rows):
        _line("", f"  {text}")


def _armed_words(armed: dict[str, Any]) -> str:
    """Return one line on the armed group: the accounts that are followed, and who looks out."""
    exit_words = "an exit was negotiated" if armed["exit_negotiated"] else "no exit was negotiated"
    given = "the attack is given" if armed["attack_given"] else "whether it attacks is weighed"
    assets = len(armed["assets"])
    followed = f"{armed['fighters']} fighters, {armed['way_in']}, {exit_words}, {armed['other_positions']} other positions"
    return f"armed group: {followed}; {given}; {assets} assets look out, sharing {armed['sharing'].replace('_', ' ')}"


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
