"""A checked scenario and its days: what the loader makes of the files, and all that a run needs besides its seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sim.doctrine.command import Unit
from sim.doctrine.concessions import Concessions
from sim.doctrine.framework import Framework
from sim.doctrine.lever_effects import LEVER_OF, LEVERS
from sim.foundations.clock import Clock
from sim.foundations.errors import Problem, nearest
from sim.foundations.figures import refuse
from sim.foundations.parameter import ParameterSet
from sim.geography.site_plan import SitePlan
from sim.geography.theatre import Theatre
from sim.scenario.armed_files import Armed
from sim.scenario.episode_schema import EpisodeInput
from sim.scenario.levers import turned
from sim.scenario.named_files import framework_folder, plan_path
from sim.scenario.parameters import ARMED_CONCEPTS, CAMPAIGN_CONCEPTS, CROWD_CONCEPTS
from sim.scenario.schema import DayFile, ScenarioFile
from sim.scenario.shipped import shipped_doctrines
from sim.seats.doctrine_table import DoctrineTable

FRAMEWORK_FILES = ("mandate.yaml", "rules_of_engagement.yaml", "command.yaml")
CONCESSIONS_FILE = "concessions.yaml"

EPISODE_DRAW = "episode.draw"
"""The setting that says which draw of the episode's inputs is taken."""


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
        return restricted(self, names, self.sites)

    @property
    def borrows_framework(self) -> bool:
        """Whether mandate, rules, command and concessions are those of another scenario."""
        return self.file.episode is not None and self.file.episode.framework_of is not None

    @property
    def own_units(self) -> tuple[Unit, ...]:
        """The force elements that the scenario adds to those of its command file."""
        return self.file.episode.units if self.file.episode is not None else ()

    @property
    def inputs(self) -> dict[str, EpisodeInput]:
        """The episode's inputs by name; none where the scenario states none."""
        return self.file.episode.inputs if self.file.episode is not None else {}

    @property
    def input_draw(self) -> int | None:
        """Which draw of the episode's inputs a run takes (``episode.draw``); None: that of its own seed."""
        return int(self.settings[EPISODE_DRAW]) if EPISODE_DRAW in self.settings else None

    def files(self) -> list[Path]:
        """Return the files that shape a run, doctrine tables apart."""
        plans = [plan_path(self.whole, name) for name in sorted({site.plan for site in self.file.sites.values()})]
        armed = [name for day in self.days for name in day.armed_files()]
        own = [self.whole / name for name in ("scenario.yaml", *self.file.days, *armed)]
        framework = [framework_folder(self.whole, self.file) / name for name in (*FRAMEWORK_FILES, CONCESSIONS_FILE)]
        return [*own, *framework, *plans]


def restricted(scenario: Scenario, names: Sequence[str], sites: Sequence[str]) -> Scenario:
    """Return the scenario with some of its days and sites, and the seats that these need."""
    seats = {name: seat for name, seat in scenario.file.seats.items() if seat.site is None or seat.site in sites}
    days = tuple(_at_sites(day, sites, tuple(seats)) for day in scenario.days if day.name in names)
    days = tuple(day for day in days if day.sites)
    played = {site for day in days for site in day.sites}
    update = {
        "sites": {name: site for name, site in scenario.file.sites.items() if name in played},
        "days": tuple(file for file in scenario.file.days if Path(file).stem in names),
        "seats": seats,
    }
    return replace(scenario, file=scenario.file.model_copy(update=update), days=days)


def _at_sites(day: Day, sites: Sequence[str], seats: Sequence[str]) -> Day:
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


def doctrine_files_of(folder: Path) -> Mapping[str, Path]:
    """Return the doctrine tables that a scenario can name: the shipped ones, and its own before them."""
    return {**shipped_doctrines(), **{path.stem: path for path in sorted((folder / "doctrine").glob("*.yaml"))}}
