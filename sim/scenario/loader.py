"""From a folder to a checked scenario: files read, held against each other, and every complaint collected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sim.doctrine.framework import Framework, load_framework
from sim.foundations.clock import Clock
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.foundations.parameter import Choice, ParameterSet, complaint
from sim.geography.site_plan import SitePlan, read_plan
from sim.geography.theatre import Theatre, load_theatre
from sim.scenario.parameters import shipped_parameters
from sim.scenario.schema import ScenarioFile
from sim.seats.doctrine_table import DoctrineTable, load_doctrine

SHIPPED = Path(__file__).parents[2] / "scenarios"


@dataclass(frozen=True)
class Scenario:
    """A checked scenario: all that a run needs besides its seed.

    Attributes
    ----------
    folder
        Where it was read.
    file
        ``scenario.yaml``.
    framework
        Mandate, rules of engagement, command.
    theatre, plan
        The map and the site plan.
    doctrines, doctrine_files
        Doctrine table of each seat; the file of each table.
    parameters
        Values, with the scenario's and the user's settings in them.
    settings
        What the user set, as typed.
    """

    folder: Path
    file: ScenarioFile
    framework: Framework
    theatre: Theatre
    plan: SitePlan
    doctrines: dict[str, DoctrineTable]
    doctrine_files: dict[str, Path]
    parameters: ParameterSet
    settings: dict[str, str]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.file.name

    def clock(self) -> Clock:
        """Return the run's calendar."""
        return Clock(self.file.start, self.file.end, self.file.base_tick_s)

    def with_parameters(self, parameters: ParameterSet, settings: dict[str, str] | None = None) -> Scenario:
        """Return the scenario with other parameter values."""
        return replace(self, parameters=parameters, settings={**self.settings, **(settings or {})})


def shipped_names() -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/scenario.yaml"))


def scenario_folder(name: str) -> Path:
    """Return the folder of a scenario given by shipped name or by path; InputError when there is none."""
    path = Path(name)
    if (path / "scenario.yaml").is_file():
        return path
    if path.name == "scenario.yaml" and path.is_file():
        return path.parent
    shipped = SHIPPED / name
    if path.name == name and (shipped / "scenario.yaml").is_file():
        return shipped
    if path.is_dir():
        raise input_error(path, "holds no scenario.yaml", "name a scenario's folder")
    raise input_error(name, "there is no such scenario, and no such folder", nearest(name, shipped_names()))


def shipped_doctrines() -> dict[str, Path]:
    """Return the shipped doctrine tables by name."""
    return {path.stem: path for path in sorted((SHIPPED / "doctrine").glob("*.yaml"))}


def load_scenario(name: str | Path) -> Scenario:
    """Return the checked scenario of that shipped name or folder; InputError with every complaint."""
    folder = scenario_folder(str(name))
    root = folder.parent
    document = read_document(folder / "scenario.yaml", root)
    file = validated(document, ScenarioFile)
    framework = load_framework(folder, root)
    theatre = load_theatre(SHIPPED / "geography")
    plan = read_plan(folder / file.site.plan, root)
    parameters = shipped_parameters()
    problems = [*_problems(folder, document, file, framework, theatre, plan), *_parameter_problems(document, file, parameters)]
    if problems:
        raise InputError(problems)
    files = {seat.doctrine: _doctrine_file(folder, seat.doctrine) for seat in file.seats.values()}
    tables = {table: load_doctrine(path, path.parents[1]) for table, path in files.items()}
    doctrines = {name: tables[seat.doctrine] for name, seat in file.seats.items()}
    return Scenario(folder, file, framework, theatre, plan, doctrines, files, _overridden(file, parameters), {})


def _doctrine_file(folder: Path, doctrine: str) -> Path:
    """Return the scenario's own table of that name, or the shipped one."""
    own = folder / "doctrine" / f"{doctrine}.yaml"
    return own if own.is_file() else shipped_doctrines()[doctrine]


def _overridden(file: ScenarioFile, parameters: ParameterSet) -> ParameterSet:
    index = parameters.index()
    values = {name: str(given.value).upper() if isinstance(index[name], Choice) else given.value for name, given in file.parameters.items()}
    return parameters.with_values(values)


def _parameter_problems(document: Document, file: ScenarioFile, parameters: ParameterSet) -> Iterator[Problem]:
    index = parameters.index()
    for name, given in file.parameters.items():
        at = ("parameters", name)
        if name not in index:
            yield document.problem(at, "unknown parameter", nearest(name, index))
            continue
        value = str(given.value).upper() if isinstance(index[name], Choice) else given.value
        if what := complaint(index[name], value):
            yield document.problem((*at, "value"), what)


def _problems(
    folder: Path, document: Document, file: ScenarioFile, framework: Framework, theatre: Theatre, plan: SitePlan
) -> Iterator[Problem]:
    if file.site.place not in theatre.places:
        yield document.problem(("site", "place"), f"there is no place '{file.site.place}'", nearest(file.site.place, theatre.places))
        return
    if file.site.door not in plan.marks:
        yield document.problem(("site", "door"), f"the plan has no mark '{file.site.door}'", nearest(file.site.door, plan.marks))
    yield from _seat_problems(folder, document, file, framework)
    yield from _time_problems(document, file)
    yield from _unit_problems(document, file, framework, theatre)


def _seat_problems(folder: Path, document: Document, file: ScenarioFile, framework: Framework) -> Iterator[Problem]:
    known = {item.id for item in framework.command.headquarters}
    own = {path.stem for path in (folder / "doctrine").glob("*.yaml")}
    doctrines = shipped_doctrines().keys() | own
    for name, seat in file.seats.items():
        if seat.headquarters and seat.headquarters not in known:
            what = f"there is no headquarters '{seat.headquarters}'"
            yield document.problem(("seats", name, "headquarters"), what, nearest(seat.headquarters, known))
        if seat.doctrine not in doctrines:
            yield document.problem(
                ("seats", name, "doctrine"), f"there is no doctrine '{seat.doctrine}'", nearest(seat.doctrine, doctrines)
            )


def _time_problems(document: Document, file: ScenarioFile) -> Iterator[Problem]:
    start, end = file.start.strftime("%H:%M"), file.end.strftime("%H:%M")
    if file.start.date() != file.end.date():
        return
    times: list[tuple[tuple[str | int, ...], str]] = [(("events", place, "at"), event.at) for place, event in enumerate(file.events)]
    times += [(("crowd", "arrivals", place, "begins"), wave.begins) for place, wave in enumerate(file.crowd.arrivals) if wave.begins]
    for at, time in times:
        if not start <= time <= end:
            yield document.problem(at, f"{time} lies outside the run, {start} to {end}", "move it or lengthen the run")


def _unit_problems(document: Document, file: ScenarioFile, framework: Framework, theatre: Theatre) -> Iterator[Problem]:
    where = document.path.parent / "command.yaml"
    for unit in framework.command.units:
        if unit.base not in theatre.places:
            yield Problem(f"{where}:units.{unit.id}.base", f"there is no place '{unit.base}'", nearest(unit.base, theatre.places))
            continue
        try:
            theatre.travel(unit.base, file.site.place)
        except InputError as error:
            for problem in error.problems:
                yield Problem(f"{where}:units.{unit.id}.base", f"cannot reach {file.site.place}: {problem.what}", problem.remedy)


def effective_digest(scenario: Scenario) -> str:
    """Return a digest of everything that shapes a run of this scenario besides the seed."""
    digest = hashlib.sha256()
    files = [*scenario.folder.glob("*.yaml"), *(SHIPPED / "geography").glob("*.yaml"), *scenario.doctrine_files.values()]
    for path in sorted(files, key=lambda path: path.name):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name, valued in sorted(scenario.parameters.valued.items()):
        digest.update(f"{name}={valued.value!r}".encode())
    return digest.hexdigest()[:24]
