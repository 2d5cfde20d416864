"""From a folder to a checked scenario: files read, held against each other, and every complaint collected."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sim.doctrine.command import load_command
from sim.doctrine.framework import Framework, load_framework
from sim.doctrine.mandate import load_mandate
from sim.doctrine.rules_of_engagement import load_rules
from sim.foundations.clock import Clock
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem
from sim.foundations.parameter import Choice, ParameterSet
from sim.geography.site_plan import SitePlan, read_plan
from sim.geography.theatre import Theatre, load_theatre
from sim.scenario.dials import dials_of
from sim.scenario.parameters import shipped_parameters
from sim.scenario.problems import (
    crowd_problems,
    doctrine_problems,
    parameter_problems,
    plan_problems,
    seat_problems,
    site_problems,
    time_problems,
    unit_problems,
)
from sim.scenario.schema import ScenarioFile
from sim.scenario.shipped import SHIPPED, scenario_folder, shipped_doctrines, shipped_names
from sim.seats.doctrine_table import DoctrineTable, load_doctrine

__all__ = ["SHIPPED", "Scenario", "effective_digest", "load_scenario", "scenario_folder", "shipped_doctrines", "shipped_names"]

FRAMEWORK_FILES = ("mandate.yaml", "rules_of_engagement.yaml", "command.yaml")


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
        Mandate, rules of engagement, command, with the user's dials in them.
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

    def files(self) -> list[Path]:
        """Return the files of the scenario's own folder that shape a run, doctrine tables apart."""
        return [self.folder / name for name in ("scenario.yaml", *FRAMEWORK_FILES, self.file.site.plan)]


def load_scenario(name: str | Path) -> Scenario:
    """Return the checked scenario of that shipped name or folder; InputError with every complaint about its files."""
    folder = scenario_folder(str(name))
    root = folder.parent
    problems: list[Problem] = []
    scenario = _tried(problems, lambda: _read_scenario(folder, root))
    framework = _tried(problems, lambda: load_framework(folder, root))
    if framework is None:
        for load, file_name in zip((load_mandate, load_rules, load_command), FRAMEWORK_FILES, strict=True):
            _tried(problems, lambda load=load, path=folder / file_name: load(path, root))  # type: ignore[misc]  # bound here
    if scenario is None or framework is None:
        raise InputError(dict.fromkeys(problems))
    document, file = scenario
    plan = _tried(problems, lambda: read_plan(folder / file.site.plan, root))
    known = _doctrine_files(folder)
    files = {seat.doctrine: known[seat.doctrine] for seat in file.seats.values() if seat.doctrine in known}
    tables = {table: _tried(problems, lambda path=path: _table(path, root)) for table, path in files.items()}  # type: ignore[misc]
    theatre, parameters = shipped_theatre(), shipped_parameters()
    problems += _held_together(document, file, framework, theatre, parameters)
    problems += doctrine_problems(document, file, tables, known)
    problems += unit_problems(folder, root, file, framework, theatre)
    problems += plan_problems(document, file, plan) if plan is not None else []
    if problems or plan is None:
        raise InputError(dict.fromkeys(problems))
    doctrines = {name: table for name, seat in file.seats.items() if (table := tables[seat.doctrine]) is not None}
    return Scenario(folder, file, framework, theatre, plan, doctrines, files, _overridden(file, parameters), {})


@cache
def shipped_theatre() -> Theatre:
    """Return the shipped places and routes."""
    return load_theatre(SHIPPED / "geography")


def _tried[T](problems: list[Problem], load: Callable[[], T]) -> T | None:
    """Return what *load* gives; None, and its complaints added to *problems*, when it refuses."""
    try:
        return load()
    except InputError as error:
        problems += error.problems
        return None


def _read_scenario(folder: Path, root: Path) -> tuple[Document, ScenarioFile]:
    document = read_document(folder / "scenario.yaml", root)
    return document, validated(document, ScenarioFile)


def _table(path: Path, root: Path) -> DoctrineTable:
    return load_doctrine(path, root if path.is_relative_to(root) else SHIPPED)


def _doctrine_files(folder: Path) -> Mapping[str, Path]:
    """Return the doctrine tables that a scenario can name: the shipped ones, and its own before them."""
    return {**shipped_doctrines(), **{path.stem: path for path in sorted((folder / "doctrine").glob("*.yaml"))}}


def _held_together(
    document: Document, file: ScenarioFile, framework: Framework, theatre: Theatre, parameters: ParameterSet
) -> list[Problem]:
    return [
        *site_problems(document, file, theatre),
        *seat_problems(document, file, framework),
        *time_problems(document, file),
        *crowd_problems(document, file),
        *parameter_problems(document, file, parameters),
    ]


def _overridden(file: ScenarioFile, parameters: ParameterSet) -> ParameterSet:
    index = parameters.index()
    values = {name: str(given.value).upper() if isinstance(index[name], Choice) else given.value for name, given in file.parameters.items()}
    return parameters.with_values(values)


def effective_digest(scenario: Scenario) -> str:
    """Return a digest of everything that shapes a run of this scenario besides the seed."""
    digest = hashlib.sha256()
    files = [*scenario.files(), *(SHIPPED / "geography").glob("*.yaml"), *scenario.doctrine_files.values()]
    for path in sorted(files, key=lambda path: path.name):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name, valued in sorted(scenario.parameters.valued.items()):
        digest.update(f"{name}={valued.value!r}".encode())
    for name, dial in sorted(dials_of(scenario.framework).items()):
        digest.update(f"{name}={dial.value!r}".encode())
    return digest.hexdigest()[:24]
