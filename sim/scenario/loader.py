"""From a folder to a checked scenario: files read, held against each other, and every complaint collected.

A scenario that is a *part of* another reads the other's files whole (and so has its complaints), then keeps its days and
sites. Draws are keyed by the whole's name and calendar, so that a part plays the very day that the whole plays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from sim.doctrine.command import load_command, unit_problems
from sim.doctrine.concessions import load_concessions
from sim.doctrine.framework import Framework, load_framework
from sim.doctrine.mandate import load_mandate
from sim.doctrine.rules_of_engagement import load_rules
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.figures import refuse, unknown_problem
from sim.foundations.parameter import Choice, ParameterSet
from sim.geography.theatre import Theatre, load_theatre
from sim.scenario.armed_files import load_armed
from sim.scenario.checked_scenario import CONCESSIONS_FILE, FRAMEWORK_FILES, Day, Scenario, doctrine_files_of, restricted
from sim.scenario.choices import choice_complaint
from sim.scenario.day_problems import day_problems
from sim.scenario.episode_inputs import input_problems
from sim.scenario.named_files import doctrines_named, framework_folder, plan_of
from sim.scenario.parameters import shipped_parameters
from sim.scenario.problems import (
    command_problems,
    community_problems,
    concession_problems,
    parameter_problems,
    plan_problems,
    seat_problems,
    site_problems,
)
from sim.scenario.schema import DayFile, PartFile, ScenarioFile
from sim.scenario.shipped import SHIPPED, scenario_folder, shipped_doctrines, shipped_names
from sim.seats.doctrine_table import DoctrineTable, load_doctrine

__all__ = [
    "CONCESSIONS_FILE",
    "FRAMEWORK_FILES",
    "SHIPPED",
    "Day",
    "Scenario",
    "doctrine_files_of",
    "load_scenario",
    "scenario_folder",
    "shipped_doctrines",
    "shipped_names",
]

FORMAT = get_args(ScenarioFile.model_fields["format"].annotation)[0]
"""Format of scenario files that this version reads."""


@dataclass(frozen=True)
class _Read:
    """A scenario's own files as they stand, with their lines."""

    document: Document
    file: ScenarioFile
    days: dict[str, tuple[Document, DayFile]]


def load_scenario(name: str | Path) -> Scenario:
    """Return the checked scenario of that shipped name or folder; InputError with every complaint about its files."""
    folder = scenario_folder(str(name))
    document = read_document(folder / "scenario.yaml", folder.parent)
    if _whole_named_in(document) is None:
        return _load_whole(folder)
    part = _of_this_format(document, PartFile)
    whole = _load_whole(_folder_of_whole(document, part, folder))
    refuse([*_part_problems(document, part, whole)])
    kept = restricted(whole, tuple(Path(day).stem for day in part.days), part.sites)
    file = kept.file.model_copy(update={"name": part.name, "title": part.title, "summary": part.summary})
    return replace(kept, folder=folder, file=file)


def _whole_named_in(document: Document) -> object:
    """Return what a scenario file says it is a part of; None where it is a whole."""
    return document.value.get("part_of") if isinstance(document.value, dict) else None


def _folder_of_whole(document: Document, part: PartFile, folder: Path) -> Path:
    """Return the folder of the whole: beside the part's, or shipped; InputError where there is none, or another part."""
    beside = folder.parent / part.part_of
    if not (beside / "scenario.yaml").is_file():
        if part.part_of not in shipped_names():
            known = nearest(part.part_of, shipped_names())
            raise InputError([document.problem(("part_of",), f"there is no scenario '{part.part_of}'", known)])
        beside = scenario_folder(part.part_of)
    above = _whole_named_in(read_document(beside / "scenario.yaml", beside.parent))
    if above is not None:
        remedy = "name a scenario that is a whole" if above in (part.part_of, part.name) else f"name the whole, '{above}'"
        raise InputError([document.problem(("part_of",), f"'{part.part_of}' is itself a part of another scenario", remedy)])
    return beside


def _part_problems(document: Document, part: PartFile, whole: Scenario) -> Iterator[Problem]:
    """Give days and sites that the whole has not, that stand twice, or that have nothing to do with each other."""
    lists = (("days", "day", part.days, whole.file.days), ("sites", "site", part.sites, whole.file.sites))
    for field, word, given, known in lists:
        for place, item in enumerate(given):
            yield from unknown_problem(document, (field, place), word, item, known)
            if item in given[:place]:
                yield document.problem((field, place), f"'{item}' stands twice", "keep one of the two")
    on = {file: day.sites for file, day in zip(whole.file.days, whole.days, strict=True)}
    if not (set(part.days) <= set(on) and set(part.sites) <= set(whole.sites)):
        return
    for place, file in enumerate(part.days):
        if not set(on[file]) & set(part.sites):
            yield document.problem(("days", place), "none of the part's sites is in play on this day", f"in play: {', '.join(on[file])}")
    played = {site for file in part.days for site in on[file]}
    for place, site in enumerate(part.sites):
        if site not in played:
            yield document.problem(("sites", place), f"{site} is in play on none of the part's days", "remove it, or add a day")


def _load_whole(folder: Path) -> Scenario:
    root = folder.parent
    problems: list[Problem] = []
    read = _read(problems, folder, root)
    base = (_tried(problems, framework_folder, folder, read.file) if read is not None else None) or folder
    framework = _tried(problems, load_framework, base, base.parent)
    concessions = _tried(problems, load_concessions, base / CONCESSIONS_FILE, base.parent)
    if framework is None:
        for load, file_name in zip((load_mandate, load_rules, load_command), FRAMEWORK_FILES, strict=True):
            _tried(problems, load, base / file_name, base.parent)
    if read is None or framework is None or concessions is None:
        raise InputError(dict.fromkeys(problems))
    file = read.file
    framework = _with_units(problems, read, framework)
    plans = {name: _tried(problems, plan_of, folder, site, root) for name, site in file.sites.items()}
    known = doctrine_files_of(folder)
    named = {name for _, day in read.days.values() for name in doctrines_named(day, file).values()}
    files = {name: known[name] for name in sorted(named) if name in known}
    tables = {name: _tried(problems, _table, path, root) for name, path in files.items()}
    theatre, parameters = shipped_theatre(), shipped_parameters()
    problems += site_problems(read.document, file, theatre)
    problems += community_problems(read.days, file)
    problems += seat_problems(read.document, file, framework, tables, known)
    problems += parameter_problems(read.document, file, parameters)
    problems += plan_problems(read.document, file, plans)
    problems += command_problems(base, base.parent, file, framework, theatre)
    problems += concession_problems(base / CONCESSIONS_FILE, base.parent, concessions, framework)
    for document, day in read.days.values():
        problems += day_problems(document, day, file, framework, theatre, tables, known)
    problems += _calendar_problems(read)
    armed = {name: _tried(problems, load_armed, day, file, theatre, folder, root) for name, (_, day) in read.days.items()}
    if problems:
        raise InputError(dict.fromkeys(problems))
    days = tuple(Day(name, day, _tables_of(day, file, tables), armed[name]) for name, (_, day) in read.days.items())
    scenario = Scenario(
        folder=folder,
        whole=folder,
        whole_name=file.name,
        file=file,
        origin=datetime.combine(days[0].file.start.date(), time()),
        days=days,
        framework=framework,
        concessions=concessions,
        theatre=theatre,
        plans={name: plan for name, plan in plans.items() if plan is not None},
        doctrine_files=files,
        parameters=_overridden(file, parameters),
        settings={},
    )
    refuse([read.document.problem(*finding) for finding in input_problems(scenario, choice_complaint)])
    return scenario


def _with_units(problems: list[Problem], read: _Read, framework: Framework) -> Framework:
    """Return the framework with the episode's own force elements beside those of the command file."""
    units = read.file.episode.units if read.file.episode is not None else ()
    if not units:
        return framework
    lines = {path[1:]: line for path, line in read.document.lines.items() if path[:1] == ("episode",)}
    command = framework.command
    known = [unit.id for unit in command.units]
    problems += [
        read.document.problem(("episode", "units", place, "id"), f"'{unit.id}' is a unit of the command file too", "call it otherwise")
        for place, unit in enumerate(units)
        if unit.id in known
    ]
    problems += unit_problems(replace(read.document, lines=lines), command.model_copy(update={"units": units}))
    return replace(framework, command=command.model_copy(update={"units": (*command.units, *units)}))


def _read(problems: list[Problem], folder: Path, root: Path) -> _Read | None:
    """Return the scenario's file and its days; None, with the complaints added, where one of them cannot be read."""
    found = _tried(problems, read_document, folder / "scenario.yaml", root)
    if found is None:
        return None
    file = _tried(problems, _of_this_format, found, ScenarioFile)
    named = file.days if file is not None else _days_named_in(found)
    days: dict[str, tuple[Document, DayFile]] = {}
    for name in dict.fromkeys(named):
        document = _tried(problems, read_document, folder / name, root)
        day = _tried(problems, _of_this_format, document, DayFile) if document else None
        if document is not None and day is not None:
            days[Path(name).stem] = (document, day)
    return _Read(found, file, days) if file is not None and len(days) == len(set(file.days)) else None


def _of_this_format[M: BaseModel](document: Document, model: type[M]) -> M:
    """Return a checked file; of one in another format only that is told, for all the rest would follow from it."""
    found = document.value.get("format") if isinstance(document.value, dict) else None
    if isinstance(found, int) and found != FORMAT:
        what = f"has format {found}, and this version reads {FORMAT}"
        raise InputError(document.problem(("format",), what, "write it anew: scenarios/README.md says how a scenario is laid out"))
    return validated(document, model)


def _days_named_in(document: Document) -> list[str]:
    """Return the day files that stand in a scenario file which is wrong elsewhere: their mistakes are told with its own."""
    days = document.value.get("days") if isinstance(document.value, dict) else None
    names = [name for name in days if isinstance(name, str)] if isinstance(days, list) else []
    return [name for name in names if Path(name).name == name and name.endswith(".yaml")]


def _calendar_problems(read: _Read) -> Iterator[Problem]:
    """Give days that stand twice or out of order."""
    before: tuple[str, DayFile] | None = None
    for place, file in enumerate(read.file.days):
        if file in read.file.days[:place]:
            yield read.document.problem(("days", place), f"'{file}' stands twice", "keep one of the two")
            continue
        document, day = read.days[Path(file).stem]
        if before is not None and day.start.date() <= before[1].start.date():
            last = f"{before[0]}, which is on {before[1].start.date()}"
            yield document.problem(("start",), f"is not after the day listed before it, {last}", "order the scenario's days by date")
        before = (file, day)


def _tables_of(day: DayFile, file: ScenarioFile, tables: Mapping[str, DoctrineTable | None]) -> dict[str, DoctrineTable]:
    """Return the doctrine table of each seat on a day."""
    return {name: table for name, doctrine in doctrines_named(day, file).items() if (table := tables[doctrine]) is not None}


@cache
def shipped_theatre() -> Theatre:
    """Return the shipped places and routes."""
    return load_theatre(SHIPPED / "geography")


def _tried[T, **P](problems: list[Problem], load: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return what *load* gives; None, and its complaints added to *problems*, when it refuses."""
    try:
        return load(*args, **kwargs)
    except InputError as error:
        problems += error.problems
        return None


def _table(path: Path, root: Path) -> DoctrineTable:
    return load_doctrine(path, root if path.is_relative_to(root) else SHIPPED)


def _overridden(file: ScenarioFile, parameters: ParameterSet) -> ParameterSet:
    index = parameters.index()
    values = {name: str(given.value).upper() if isinstance(index[name], Choice) else given.value for name, given in file.parameters.items()}
    return parameters.with_values(values)
