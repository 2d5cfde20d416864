"""``kforsim list``: what is shipped. Reads files unchecked and loads no rule, so that it answers at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("list", epilog="\b\nkforsim list\nkforsim list --json")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """Show the shipped scenarios with their days, policy options, doctrine tables and site plans."""
    from sim.scenario.shipped import SHIPPED, shipped_campaigns, shipped_doctrines, shipped_names, shipped_options, shipped_templates

    found = {name: _head(SHIPPED / name / "scenario.yaml") for name in shipped_names()}
    scenarios = [_scenario(name, found) for name in found]
    doctrines = [_doctrine(name, _head(path)) for name, path in shipped_doctrines().items()]
    campaigns = [{"name": name, **_campaign(SHIPPED / name / "campaign.yaml")} for name in shipped_campaigns()]
    options = [_option(name, path) for name, path in shipped_options().items()]
    plans = [_plan(plan, SHIPPED / scenario["name"] / plan) for scenario in scenarios for plan in scenario["plans"]]
    plans += [_plan(name, path) for name, path in shipped_templates().items()]
    if as_json:
        told = {"scenarios": scenarios, "campaigns": campaigns, "options": options, "doctrines": doctrines, "plans": plans}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("Scenarios")
    for scenario in scenarios:
        _show_scenario(scenario)
    click.echo("\nCampaigns")
    _show_rows([(row["name"], f"{row['start']} to {row['until']}, in weeks", row["title"]) for row in campaigns])
    click.echo("\nPolicy options (kforsim options show ID)")
    _show_rows([(row["id"], row["kind"], row["name"]) for row in options])
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


def _campaign(path: Path) -> dict[str, str]:
    found = _head(path)
    return {field: str(found.get(field, "")) for field in ("title", "start", "until")}


def _named(found: dict[str, Any], field: str) -> dict[str, Any]:
    part = found.get(field)
    return part if isinstance(part, dict) else {}


def _texts(found: dict[str, Any], field: str) -> list[str]:
    part = found.get(field)
    return [str(item) for item in part] if isinstance(part, list | dict) else []


def _scenario(name: str, shipped: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what the list tells of a scenario; a part's sites, seats and days are those of its whole that it plays."""
    from sim.scenario.shipped import SHIPPED

    found = shipped[name]
    part_of = str(found.get("part_of", ""))
    whole = shipped.get(part_of, found)
    sites = [site for site in _texts(found, "sites") if site in _named(whole, "sites")]
    seats = {seat: given for seat, given in _named(whole, "seats").items() if isinstance(given, dict)}
    plans = (str(_named(_named(whole, "sites"), site).get("plan", "")) for site in sites)
    return {
        "name": name,
        "title": str(found.get("title", "")),
        "summary": " ".join(str(found.get("summary", "")).split()),
        "part_of": part_of,
        "sites": sites,
        "plans": [] if part_of else [plan for plan in dict.fromkeys(plans) if plan],
        "days": [_day(SHIPPED / (part_of or name) / day, sites) for day in _texts(found, "days")],
        "seats": [seat for seat, given in seats.items() if given.get("site") in (None, *sites)],
        "switches": list(_named(whole, "switches")),
    }


def _day(path: Path, sites: list[str]) -> dict[str, Any]:
    found = _head(path)
    in_play = dict.fromkeys([*_named(found, "crowds"), *_named(found, "lead")])
    times = {end: str(found.get(end, "")) for end in ("start", "end")}
    return {"name": path.stem, "title": str(found.get("title", "")), **times, "sites": [site for site in in_play if site in sites]}


def _doctrine(name: str, found: dict[str, Any]) -> dict[str, str]:
    return {"name": name, "seat": str(found.get("seat", "")), "summary": " ".join(str(found.get("summary", "")).split())}


def _option(name: str, path: Path) -> dict[str, str]:
    """Return an option's name and kind from the first lines of its file: there are many, and parsing them all takes longest."""
    from sim.foundations.documents import read_text

    found = dict(line.split(": ", 1) for line in read_text(path).splitlines() if line.startswith(("name: ", "kind: ")))
    return {"id": name, "name": found.get("name", "").strip("\"'"), "kind": found.get("kind", "")}


def _plan(name: str, path: Path) -> dict[str, str]:
    return {"name": name, "title": str(_head(path).get("name", ""))}


def _show_scenario(scenario: dict[str, Any]) -> None:
    part = f", a part of {scenario['part_of']}" if scenario["part_of"] else ""
    click.echo(f"  {scenario['name']}: {scenario['title']}{part}")
    for day in scenario["days"]:
        click.echo(f"    {day['name']}: {day['start']} to {day['end'][-5:]}, at {', '.join(day['sites'])}")
    click.echo(f"    seats: {', '.join(scenario['seats'])}")
    if scenario["switches"]:
        click.echo(f"    disputed: {', '.join(scenario['switches'])}")


def _show_rows(rows: list[tuple[str, ...]]) -> None:
    from sim.cli.show import aligned

    for line in aligned(rows):
        click.echo(f"  {line}")
