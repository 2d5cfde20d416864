"""From a folder to a checked scenario: files read, held against each other, and every complaint collected.

A scenario that is a *part of* another reads the other's files whole (and so has its complaints), then keeps its days and
sites. Draws are keyed by the whole's name and calendar, so that a part plays the very day that the whole plays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from sim.doctrine.command import load_command
from sim.doctrine.concessions import Concessions, load_concessions
from sim.doctrine.framework import Framework, load_framework
from sim.doctrine.lever_effects import LEVER_OF, LEVERS
from sim.doctrine.mandate import load_mandate
from sim.doctrine.rules_of_engagement import load_rules
from sim.foundations.clock import Clock
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.figures import refuse, unknown_problem
from sim.foundations.parameter import Choice, ParameterSet
from sim.geography.site_plan import SitePlan, read_plan
from sim.geography.theatre import Theatre, load_theatre
from sim.scenario.armed_files import Armed, load_armed
from sim.scenario.day_problems import day_problems
from sim.scenario.levers import turned
from sim.scenario.parameters import ARMED_CONCEPTS, CAMPAIGN_CONCEPTS, CROWD_CONCEPTS, shipped_parameters
from sim.scenario.problems import command_problems, concession_problems, parameter_problems, plan_problems, seat_problems, site_problems
from sim.scenario.schema import DayFile, PartFile, ScenarioFile
from sim.scenario.shipped import SHIPPED, scenario_folder, shipped_doctrines, shipped_names
from sim.seats.doctrine_table import DoctrineTable, load_doctrine

__all__ = ["SHIPPED", "Day", "Scenario", "load_scenario", "scenario_folder", "shipped_doctrines", "shipped_names"]

FRAMEWORK_FILES = ("mandate.yaml", "rules_of_engagement.yaml", "command.yaml")
CONCESSIONS_FILE = "concessions.yaml"

FORMAT = get_args(ScenarioFile.model_fields["format"].annotation)[0]
"""Format of scenario files that this version reads."""


@dataclass(frozen=True)
class Day:
    """One day of a scenario.

    Attributes
    ----------
    name
        The day file's name without its ending.
    doctrines
        Doctrine table of each seat on this day.
    armed
        The armed group that acts on this day, if any.
    """

    name: str
    file: DayFile
    doctrines: dict[str, DoctrineTable]
    armed: Armed | None = None

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites in play, in the file's order."""
        return self.file.sites

    def armed_files(self) -> list[str]:
        """Return the names of the files that shape the armed group of this day."""
        if self.armed is None:
            return []
        plans = [position.plan for position in self.armed.group.positions.values()]
        return [name for name in (self.file.armed_group, self.file.intelligence, *plans) if name]


@dataclass(frozen=True)
class Scenario:
    """A checked scenario: all that a run needs besides its seed.

    Attributes
    ----------
    folder
        Where its own ``scenario.yaml`` was read.
    whole
        Folder of the scenario of which it is a part; its own folder where it is none.
    whole_name
        The name by which draws are keyed: that of the whole.
    file
        ``scenario.yaml`` with the days and sites that are played.
    origin
        Midnight before the whole's first day: tick 0.
    framework
        Mandate, rules of engagement, command, with the user's dials in them.
    concessions
        Ways to ease the dilemma, and their prices.
    theatre, plans
        The map, and the plan of each site.
    doctrine_files
        The file of each doctrine table in play.
    parameters
        Values, with the scenario's and the user's settings in them.
    settings
        What the user set, as typed.
    """

    folder: Path
    whole: Path
    whole_name: str
    file: ScenarioFile
    origin: datetime
    days: tuple[Day, ...]
    framework: Framework
    concessions: Concessions
    theatre: Theatre
    plans: dict[str, SitePlan]
    doctrine_files: dict[str, Path]
    parameters: ParameterSet
    settings: dict[str, str]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.file.name

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites in play on any day, in the file's order."""
        return tuple(self.file.sites)

    def clock(self) -> Clock:
        """Return the run's calendar: tick 0 is midnight before the whole's first day."""
        return Clock(self.origin, self.days[-1].file.end, self.file.base_tick_s)

    def reads(self, parameter: str) -> bool:
        """Tell whether a run reads a parameter: of crowds where one comes, of an armed group where one acts, of levers where turned."""
        lever = LEVER_OF.get(parameter)
        if parameter in LEVERS or (lever is not None and not turned(lever, self.framework, self.parameters, self.settings)):
            return False
        unread = CAMPAIGN_CONCEPTS if any(day.file.crowds for day in self.days) else (*CAMPAIGN_CONCEPTS, *CROWD_CONCEPTS)
        unread += () if any(day.armed is not None for day in self.days) else ARMED_CONCEPTS
        return not any(item.name == parameter for concept in unread for item in concept)

    def with_parameters(self, parameters: ParameterSet, settings: dict[str, str] | None = None) -> Scenario:
        """Return the scenario with other parameter values."""
        return replace(self, parameters=parameters, settings={**self.settings, **(settings or {})})

    def on_days(self, names: tuple[str, ...]) -> Scenario:
        """Return the scenario with only the named days; InputError for a day that it has not, or for none."""
        known = [day.name for day in self.days]
        where = f"days of {self.name}"
        problems = [Problem(where, f"there is no day '{name}'", nearest(str(name), known)) for name in names if name not in known]
        refuse(problems if names else [Problem(where, "none is named", nearest("", known))])
        return _restricted(self, names, self.sites)

    def files(self) -> list[Path]:
        """Return the files of the whole's folder that shape a run, doctrine tables apart."""
        plans = sorted({site.plan for site in self.file.sites.values()})
        armed = [name for day in self.days for name in day.armed_files()]
        return [self.whole / name for name in ("scenario.yaml", *FRAMEWORK_FILES, CONCESSIONS_FILE, *self.file.days, *plans, *armed)]


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
    kept = _restricted(whole, tuple(Path(day).stem for day in part.days), part.sites)
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


def _restricted(scenario: Scenario, names: Sequence[str], sites: Sequence[str]) -> Scenario:
    """Return the scenario with some of its days and sites, and the seats that these need."""
    seats = {name: seat for name, seat in scenario.file.seats.items() if seat.site is None or seat.site in sites}
    days = tuple(_day_at(day, sites, tuple(seats)) for day in scenario.days if day.name in names)
    days = tuple(day for day in days if day.sites)
    played = {site for day in days for site in day.sites}
    update = {
        "sites": {name: site for name, site in scenario.file.sites.items() if name in played},
        "days": tuple(file for file in scenario.file.days if Path(file).stem in names),
        "seats": seats,
    }
    return replace(scenario, file=scenario.file.model_copy(update=update), days=days)


def _day_at(day: Day, sites: Sequence[str], seats: Sequence[str]) -> Day:
    file = day.file
    update = {
        "crowds": {name: crowd for name, crowd in file.crowds.items() if name in sites},
        "lead": {name: lead for name, lead in file.lead.items() if name in sites},
        "deployments": tuple(item for item in file.deployments if item.site in sites),
        "events": tuple(item for item in file.events if item.site in sites),
        "history": {name: lines for name, lines in file.history.items() if name in seats},
    }
    tables = {name: table for name, table in day.doctrines.items() if name in seats}
    armed = day.armed if day.armed is not None and day.armed.group.site in sites else None
    return Day(day.name, file.model_copy(update=update), tables, armed)


def _load_whole(folder: Path) -> Scenario:
    root = folder.parent
    problems: list[Problem] = []
    read = _read(problems, folder, root)
    framework = _tried(problems, load_framework, folder, root)
    concessions = _tried(problems, load_concessions, folder / CONCESSIONS_FILE, root)
    if framework is None:
        for load, file_name in zip((load_mandate, load_rules, load_command), FRAMEWORK_FILES, strict=True):
            _tried(problems, load, folder / file_name, root)
    if read is None or framework is None or concessions is None:
        raise InputError(dict.fromkeys(problems))
    file = read.file
    plans = {name: _tried(problems, read_plan, folder / site.plan, root) for name, site in file.sites.items()}
    known = doctrine_files_of(folder)
    named = {seat.doctrine for seat in file.seats.values()} | {name for _, day in read.days.values() for name in day.doctrines.values()}
    files = {name: known[name] for name in sorted(named) if name in known}
    tables = {name: _tried(problems, _table, path, root) for name, path in files.items()}
    theatre, parameters = shipped_theatre(), shipped_parameters()
    problems += site_problems(read.document, file, theatre)
    problems += seat_problems(read.document, file, framework, tables, known)
    problems += parameter_problems(read.document, file, parameters)
    problems += plan_problems(read.document, file, plans)
    problems += command_problems(folder, root, file, framework, theatre)
    problems += concession_problems(folder / CONCESSIONS_FILE, root, concessions, framework)
    for document, day in read.days.values():
        problems += day_problems(document, day, file, framework, theatre, tables, known)
    problems += _calendar_problems(read)
    armed = {name: _tried(problems, load_armed, day, file, theatre, folder, root) for name, (_, day) in read.days.items()}
    if problems:
        raise InputError(dict.fromkeys(problems))
    days = tuple(Day(name, day, _tables_of(day, file, tables), armed[name]) for name, (_, day) in read.days.items())
    return Scenario(
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
    named = {name: day.doctrines.get(name, seat.doctrine) for name, seat in file.seats.items()}
    return {name: table for name, doctrine in named.items() if (table := tables[doctrine]) is not None}


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


def doctrine_files_of(folder: Path) -> Mapping[str, Path]:
    """Return the doctrine tables that a scenario can name: the shipped ones, and its own before them."""
    return {**shipped_doctrines(), **{path.stem: path for path in sorted((folder / "doctrine").glob("*.yaml"))}}


def _overridden(file: ScenarioFile, parameters: ParameterSet) -> ParameterSet:
    index = parameters.index()
    values = {name: str(given.value).upper() if isinstance(index[name], Choice) else given.value for name, given in file.parameters.items()}
    return parameters.with_values(values)
