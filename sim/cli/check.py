"""``kforsim check``: lint scenario folders, doctrine tables and site plans before anybody arrives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.foundations.errors import InputError, Problem, input_error

if TYPE_CHECKING:
    from sim.foundations.documents import Document

EXAMPLES = """\b
kforsim check may_2023_zvecan
kforsim check my_scenario/ my_doctrine.yaml --json
"""


@click.command("check", epilog=EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print problems, warnings and overview as JSON.")
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Check scenarios (shipped names or folders), doctrine tables and site plans (files); exit 2 if one has a problem.

    Every problem is printed as file:line:field: what is wrong; what to do. A warning is a second look worth taking and
    refuses nothing. expected.yaml is the business of 'kforsim validate'.
    """
    reports = [_checked(path) for path in paths]
    if as_json:
        click.echo(json.dumps({"good": all(report["good"] for report in reports), "checked": reports}, ensure_ascii=False))
    else:
        for report in reports:
            _show(report)
    return 0 if all(report["good"] for report in reports) else 2


def _checked(path: str) -> dict[str, Any]:
    """Return what the check of one path found, ready for JSON."""
    report: dict[str, Any] = {"path": path, "good": True, "problems": [], "warnings": [], "overview": None}
    try:
        remarks, report["overview"] = _check_file(Path(path)) if _is_single_file(Path(path)) else _check_scenario(path)
        report["warnings"] = [_told(remark) for remark in remarks]
    except InputError as error:
        report["good"] = False
        report["problems"] = [_told(problem) for problem in error.problems]
    return report


def _told(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "what": problem.what, "remedy": problem.remedy}


def _is_single_file(path: Path) -> bool:
    try:
        return path.is_file() and path.name != "scenario.yaml"
    except (OSError, ValueError):
        return False


def _check_scenario(name: str) -> tuple[list[Problem], dict[str, Any]]:
    from sim.scenario.loader import load_scenario
    from sim.scenario.overview import overview
    from sim.scenario.remarks import remarks_on

    scenario = load_scenario(name)
    return remarks_on(scenario), overview(scenario)


def _check_file(path: Path) -> tuple[list[Problem], dict[str, Any] | None]:
    """Check one file by what it holds: a doctrine table, a site plan, or a part of the scenario in whose folder it lies."""
    from sim.foundations.documents import read_document

    if path.name in ("mandate.yaml", "rules_of_engagement.yaml", "command.yaml") and (path.parent / "scenario.yaml").is_file():
        return _check_scenario(str(path.parent))
    return [], {"title": _title_of(path, read_document(path))}


def _title_of(path: Path, document: Document) -> str:
    from sim.geography.site_plan import read_plan
    from sim.seats.doctrine_table import load_doctrine

    found = document.value if isinstance(document.value, dict) else {}
    if "doctrine" in found:
        table = load_doctrine(path)
        return f"doctrine '{table.doctrine}' for {table.seat}, {len(table.rows)} rows"
    if "schematic" in found or ("rows" in found and "marks" in found):
        plan = read_plan(path)
        return f"site plan '{plan.name}', {plan.ground.shape[0]} by {plan.ground.shape[1]} cells"
    raise input_error(path, "is neither a doctrine table nor a site plan", "name a scenario's folder, a doctrine table or a site plan")


def _show(report: dict[str, Any]) -> None:
    for kind in ("problem", "warning"):
        for item in report[f"{kind}s"]:
            click.echo(f"{kind}: {Problem(**item)}")
    if not report["good"]:
        number = len(report["problems"])
        click.echo(f"{report['path']}: {number} problem{'s' if number > 1 else ''}")
        return
    warned = len(report["warnings"])
    click.echo(f"{report['path']}: good" + (f", {warned} warning{'s' if warned > 1 else ''}" if warned else ""))
    if "name" in report["overview"]:
        _show_overview(report["overview"])
    else:
        click.echo(f"  {report['overview']['title']}")


def _show_overview(found: dict[str, Any]) -> None:
    people, grades = found["people"], found["grades"]
    total = sum(grades.values())
    wide = f"{people['central']:g} ({people['low']:g} to {people['high']:g})"
    day = f"{found['start']} to {found['end']}: {found['hours']:g} hours in ticks of {found['base_tick_s']:g} s"
    _show_line("title", found["title"])
    _show_line("day", f"{day}, at {found['place']}")
    _show_line("people", f"{wide} in {people['waves']} waves, {people['only_on_order']:g} of them only on order")
    for name, force in found["forces"].items():
        persons = f"{force['persons_on_site']} persons for the site, {force['persons_nearby']} nearby"
        _show_line("force", f"{name}: {persons}; {force['sections']} sections in all")
    for name, seat in found["seats"].items():
        _show_line("seat", f"{name}: {seat['headquarters'] or seat['organisation']}, plays {seat['doctrine']}")
    for name, value in found["switches"].items():
        _show_line("disputed", f"{name}: {value}")
    shares = ", ".join(f"{grade} {count / total:.0%}" for grade, count in grades.items())
    _show_line("grounds", f"{shares} of {total} sourced entries")


def _show_line(name: str, text: str) -> None:
    click.echo(f"  {name:<9}{text}")
