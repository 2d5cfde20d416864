"""``kforsim list``: what is shipped. Reads only the heads of files and loads no rule, so that it answers at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("list", epilog="\b\nkforsim list\nkforsim list --json")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """Show the shipped scenarios, doctrine tables and site plans."""
    from sim.scenario.shipped import SHIPPED, shipped_doctrines, shipped_names, shipped_templates

    scenarios = [_scenario(name, _head(SHIPPED / name / "scenario.yaml")) for name in shipped_names()]
    doctrines = [_doctrine(name, _head(path)) for name, path in shipped_doctrines().items()]
    plans = [_plan(scenario["plan"], SHIPPED / scenario["name"] / scenario["plan"]) for scenario in scenarios]
    plans += [_plan(name, path) for name, path in shipped_templates().items()]
    if as_json:
        click.echo(json.dumps({"scenarios": scenarios, "doctrines": doctrines, "plans": plans}, ensure_ascii=False))
        return
    click.echo("Scenarios")
    for scenario in scenarios:
        _show_scenario(scenario)
    click.echo("\nDoctrine tables")
    _show_rows([(row["name"], row["seat"], row["summary"]) for row in doctrines])
    click.echo("\nSite plans and templates")
    _show_rows([(row["name"], row["title"]) for row in plans])
    click.echo("\nnext: kforsim check NAME, kforsim run NAME")


def _head(path: Path) -> dict[str, Any]:
    """Return a file's fields as they stand, unchecked: the list tells what is there, 'kforsim check' what is wrong."""
    from sim.foundations.documents import read_document

    value = read_document(path).value
    return value if isinstance(value, dict) else {}


def _named(found: dict[str, Any], field: str) -> dict[str, Any]:
    part = found.get(field)
    return part if isinstance(part, dict) else {}


def _scenario(name: str, found: dict[str, Any]) -> dict[str, Any]:
    site = _named(found, "site")
    return {
        "name": name,
        "title": str(found.get("title", "")),
        "summary": " ".join(str(found.get("summary", "")).split()),
        "sites": [str(site.get("place", ""))],
        "plan": str(site.get("plan", "")),
        "days": _days(str(found.get("start", ""))[:10], str(found.get("end", ""))[:10]),
        "start": str(found.get("start", "")),
        "end": str(found.get("end", "")),
        "seats": list(_named(found, "seats")),
        "switches": list(_named(found, "switches")),
    }


def _days(first: str, last: str) -> list[str]:
    return [first] if first == last else [first, last]


def _doctrine(name: str, found: dict[str, Any]) -> dict[str, str]:
    return {"name": name, "seat": str(found.get("seat", "")), "summary": " ".join(str(found.get("summary", "")).split())}


def _plan(name: str, path: Path) -> dict[str, str]:
    return {"name": name, "title": str(_head(path).get("name", ""))}


def _show_scenario(scenario: dict[str, Any]) -> None:
    click.echo(f"  {scenario['name']}: {scenario['title']}")
    sites, seats = ", ".join(scenario["sites"]), ", ".join(scenario["seats"])
    click.echo(f"    {scenario['start']} to {scenario['end'][-5:]}, at {sites}; seats {seats}")
    if scenario["switches"]:
        click.echo(f"    disputed: {', '.join(scenario['switches'])}")


def _show_rows(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    for row in rows:
        click.echo("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, [*widths, 0], strict=True)))
