"""``kforsim check``: lint scenario folders, doctrine tables and site plans before anybody arrives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.foundations.errors import InputError, Problem, input_error
from sim.scenario.shipped import campaign_folder

if TYPE_CHECKING:
    from sim.foundations.documents import Document
    from sim.scenario.loader import Scenario

EXAMPLES = """\b
kforsim check may_2023 campaign_2023
kforsim check my_scenario/ my_doctrine.yaml --json
kforsim check scenarios/doctrine/
"""

NOT_CHECKED = ("expected.yaml",)
"""Files of a scenario that are the business of another command."""


@click.command("check", epilog=EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print problems, warnings and overview as JSON.")
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Check scenarios (shipped names or folders), days, doctrine tables and site plans (files); exit 2 if one has a problem.

    A scenario, or a campaign, is checked with every file of its folder; a folder without a scenario.yaml, file by file. Every problem is
    printed as file:line:field: what is wrong; what to do. A warning is a second look worth taking and refuses nothing.
    expected.yaml is the business of 'kforsim validate'.
    """
    reports = [_checked(path) for given in paths for path in _files_of(given)]
    if as_json:
        click.echo(json.dumps({"good": all(report["good"] for report in reports), "checked": reports}, ensure_ascii=False))
    else:
        for report in reports:
            _show(report)
    return 0 if all(report["good"] for report in reports) else 2


def _files_of(given: str) -> list[str]:
    """Return the YAML files of a folder that is no scenario's; else what was given."""
    if campaign_folder(given) is not None:
        return [given]
    try:
        path = Path(given)
        found = sorted(path.glob("*.yaml")) if path.is_dir() and not (path / "scenario.yaml").exists() else []
    except (OSError, ValueError):
        return [given]
    return [str(file) for file in found] or [given]


def _checked(path: str) -> dict[str, Any]:
    """Return what the check of one path found, ready for JSON."""
    report: dict[str, Any] = {"path": path, "good": True, "problems": [], "warnings": [], "overview": None}
    try:
        remarks, report["overview"] = _check(path)
        report["warnings"] = [_told(remark) for remark in remarks]
    except InputError as error:
        report["good"] = False
        report["problems"] = [_told(problem) for problem in error.problems]
    return report


def _check(path: str) -> tuple[list[Problem], dict[str, Any] | None]:
    if campaign_folder(path) is not None:
        from sim.scenario.campaign_files import load_campaign

        campaign = load_campaign(path)
        return [], {"title": f"{campaign.file.title}: {campaign.weeks} weeks, played by {' and '.join(campaign.episodes)}"}
    return _check_file(Path(path)) if _is_single_file(Path(path)) else _check_scenario(path)


def _told(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "what": problem.what, "remedy": problem.remedy}


def _is_single_file(path: Path) -> bool:
    try:
        return path.is_file() and path.name != "scenario.yaml"
    except (OSError, ValueError):
        return False


# --- a scenario and every file of its folder ----------------------------------------------------------------------------


def _check_scenario(name: str) -> tuple[list[Problem], dict[str, Any]]:
    from sim.scenario.loader import load_scenario
    from sim.scenario.overview import overview
    from sim.scenario.remarks import remarks_on

    scenario = load_scenario(name)
    unread = _unread_files(scenario)
    return [*remarks_on(scenario), *unread], overview(scenario)


def _unread_files(scenario: Scenario) -> list[Problem]:
    """Return a remark on each file of the folder that the scenario does not use; InputError for bad tables in doctrine/.

    A doctrine table that no seat plays yet is an alternative and no matter, but it must be good.
    """
    from sim.seats.doctrine_table import load_doctrine

    folder, problems = scenario.folder, list[Problem]()
    is_part = scenario.whole != folder
    tables = sorted((folder / "doctrine").glob("*.yaml"))
    for path in tables:
        try:
            load_doctrine(path, folder.parent)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    used = {folder / "scenario.yaml"} if is_part else {*scenario.files(), *tables}
    others = (path for path in (*sorted(folder.glob("*.yaml")), *tables) if path not in used and path.name not in NOT_CHECKED)
    remedy = f"a part takes its files from {scenario.whole_name}" if is_part else "name it where it is meant to be used, or remove it"
    what = "nothing in this scenario reads this file"
    return [Problem(str(path.relative_to(folder.parent)), what, remedy) for path in others if path.is_file()]


# --- a single file ------------------------------------------------------------------------------------------------------


def _check_file(path: Path) -> tuple[list[Problem], dict[str, Any] | None]:
    """Check one file by what it holds: a doctrine table, a site plan, or a part of the scenario in whose folder it lies."""
    from sim.foundations.documents import read_document
    from sim.scenario.loader import CONCESSIONS_FILE, FRAMEWORK_FILES

    in_scenario = (path.parent / "scenario.yaml").is_file()
    if in_scenario and path.name in (*FRAMEWORK_FILES, CONCESSIONS_FILE):
        return _check_scenario(str(path.parent))
    document = read_document(path)
    if in_scenario and path.name in _days_of(path.parent):
        return _check_scenario(str(path.parent))
    found = document.value if isinstance(document.value, dict) else {}
    if in_scenario and ("muster" in found or "assets" in found):
        return _check_scenario(str(path.parent))
    return [], {"title": _title_of(path, document)}


def _days_of(folder: Path) -> list[str]:
    """Return what a scenario's file names as its days, unchecked."""
    from sim.foundations.documents import read_document

    found = read_document(folder / "scenario.yaml", folder.parent).value
    days = found.get("days") if isinstance(found, dict) else None
    return days if isinstance(days, list) else []


def _title_of(path: Path, document: Document) -> str:
    from sim.foundations.documents import validated
    from sim.geography.site_plan import read_plan
    from sim.scenario.armed_schema import ArmedGroupFile, IntelligenceFile
    from sim.scenario.schema import DayFile
    from sim.seats.doctrine_table import load_doctrine

    found = document.value if isinstance(document.value, dict) else {}
    if "doctrine" in found:
        table = load_doctrine(path)
        return f"doctrine '{table.doctrine}' for {table.seat}, {len(table.rows)} rows"
    if "schematic" in found or ("rows" in found and "marks" in found):
        plan = read_plan(path)
        return f"site plan '{plan.name}', {plan.ground.shape[0]} by {plan.ground.shape[1]} cells"
    if "muster" in found:
        return f"armed group: {validated(document, ArmedGroupFile).summary}"
    if "assets" in found:
        return f"intelligence, with {len(validated(document, IntelligenceFile).assets)} assets"
    if "crowds" in found or "armed_group" in found:
        day = validated(document, DayFile)
        return f"day '{day.title}', with {', '.join(day.sites)}; to hold it against a scenario, name it under days there"
    what = "is no doctrine table, no site plan and no day"
    raise input_error(path, what, "name a scenario's folder, a doctrine table, a site plan or a day")


# --- what was found -----------------------------------------------------------------------------------------------------


def _show(report: dict[str, Any]) -> None:
    from sim.cli.show import print_overview

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
        print_overview(report["overview"])
    else:
        click.echo(f"  {report['overview']['title']}")
