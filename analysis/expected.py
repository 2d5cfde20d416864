"""Expected patterns: ``expected.yaml``, what a scenario's runs are held against.

A pattern is something observed, told by statistics over runs. A statistic names an outcome by its *path*: ``kfor_hurt`` of
the whole run, ``may_29/kfor_hurt`` of a day over all its sites, ``may_29/zvecan/kfor_hurt`` of a day at a site. It may be
asked *given* some parameter values, which then replace those of every parameter set. A scenario that is a part of another
is held against the whole's patterns as far as its own runs can show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.api import InputError, Scenario, input_error, load_scenario, nearest, outcomes_in_play, read_document, validated

FILE = "expected.yaml"

type Kind = Literal["count", "share", "time", "share_of_runs_at_zero", "share_of_runs_at_one", "rises_with"]

type Setting = tuple[tuple[str, float], ...]
"""Parameter values that replace those of a set, in the order of their names; empty for the set as it is."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Discrepancy(_Strict):
    """How far the model may be off beside chance and parameters, as a standard deviation of the logarithm."""

    log_sd: float = Field(ge=0, le=2)
    source: str
    grade: str


class Statistic(_Strict):
    """One statistic of a pattern.

    Attributes
    ----------
    outcome
        Path of the outcome.
    band
        Where the median (the share of runs, the mean rise) must lie.
    given
        Parameter values under which it is asked.
    raised
        For ``rises_with``: the values with which *given* is compared, on the same seeds.
    """

    name: str
    outcome: str
    kind: Kind
    band: tuple[float, float]
    observed: float | None = None
    spread_ratio_at_most: float | None = None
    nature: Literal["emergent", "imposed"]
    given: dict[str, float] = Field(default_factory=dict)
    raised: dict[str, float] = Field(default_factory=dict)
    source: str
    grade: Literal["A", "B", "C", "assumption"]

    @model_validator(mode="after")
    def _sound(self) -> Statistic:
        if not self.band[0] < self.band[1]:
            raise ValueError("band must be [low, high] with low below high")
        if (self.kind == "rises_with") != bool(self.raised):
            raise ValueError("'raised' belongs to the kind rises_with, which needs it: the values to compare with")
        return self

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Settings under which parameter sets are played for it: one, or two that are compared."""
        low = tuple(sorted(self.given.items()))
        return (low, tuple(sorted({**self.given, **self.raised}.items()))) if self.raised else (low,)


class Pattern(_Strict):
    """Statistics that belong together; *given* holds for each of them that does not say otherwise."""

    id: str = Field(pattern=r"^P\d+$")
    title: str
    given: dict[str, float] = Field(default_factory=dict)
    statistics: tuple[Statistic, ...] = Field(min_length=1)

    @property
    def emergent(self) -> tuple[Statistic, ...]:
        """The statistics that count."""
        return tuple(item for item in self.statistics if item.nature == "emergent")


class Expected(_Strict):
    """``expected.yaml``."""

    format: Literal[2]
    discrepancy: Discrepancy
    patterns: tuple[Pattern, ...] = Field(min_length=1)

    @property
    def emergent(self) -> tuple[tuple[str, Statistic], ...]:
        """The statistics that count, each with its pattern's id."""
        return tuple((pattern.id, item) for pattern in self.patterns for item in pattern.emergent)

    def settings(self) -> tuple[Setting, ...]:
        """Return every setting that a statistic asks for, the plain one first, then the others as they come."""
        found = dict.fromkeys(setting for pattern in self.patterns for item in pattern.statistics for setting in item.settings)
        return tuple(sorted(found, key=len))

    def days_for(self, setting: Setting, days: Sequence[str]) -> tuple[str, ...]:
        """Return the days, of those in *days*, that must be played for a setting: up to the last that its statistics name.

        What comes after a day cannot change it; what comes before does. Empty (all days) where a statistic names no day.
        """
        paths = [item.outcome for pattern in self.patterns for item in pattern.statistics if setting in item.settings]
        named = [path.split("/")[0] for path in paths]
        if not named or any(name not in days for name in named):
            return ()
        return tuple(days[: max(days.index(name) for name in named) + 1])

    def only(self, pattern_id: str) -> Expected:
        """Return one pattern alone; InputError when there is none of that name."""
        kept = tuple(pattern for pattern in self.patterns if pattern.id == pattern_id)
        if not kept:
            known = ", ".join(pattern.id for pattern in self.patterns)
            raise input_error("--pattern", f"there is no pattern '{pattern_id}' to hold this scenario against", f"known: {known}")
        return self.model_copy(update={"patterns": kept})


def read_expected(scenario: Scenario) -> Expected:
    """Return the patterns that a scenario's runs can show; InputError with every complaint about the file."""
    path = scenario.whole / FILE
    if not path.is_file():
        raise input_error(path, "the scenario has no expected patterns", "add an expected.yaml; see scenarios/may_2023")
    document = read_document(path, scenario.whole.parent)
    expected = validated(document, Expected)
    whole = scenario if scenario.whole == scenario.folder else load_scenario(scenario.whole)
    problems = [document.problem(place, what, remedy) for place, what, remedy in _problems(expected, whole)]
    if problems:
        raise InputError(problems)
    return _shown_by(scenario, expected, path)


type _Complaint = tuple[tuple[str | int, ...], str, str]


def _problems(expected: Expected, whole: Scenario) -> Iterator[_Complaint]:
    yield from _twice((("patterns", place, "id"), pattern.id) for place, pattern in enumerate(expected.patterns))
    for row, pattern in enumerate(expected.patterns):
        at = ("patterns", row)
        yield from _twice(((*at, "statistics", place, "name"), item.name) for place, item in enumerate(pattern.statistics))
        yield from _unknown_parameters((*at, "given"), pattern.given, whole)
        for place, item in enumerate(pattern.statistics):
            here = (*at, "statistics", place)
            yield from _problems_of_path((*here, "outcome"), item.outcome, whole)
            yield from _unknown_parameters((*here, "given"), item.given, whole)
            for name in item.raised.keys() - {**pattern.given, **item.given}.keys():
                yield (*here, "raised"), f"'{name}' is raised from nowhere", "say in 'given' from which value"


def _twice(named: Iterable[tuple[tuple[str | int, ...], str]]) -> Iterator[_Complaint]:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            yield place, f"'{name}' stands twice", "rename one"
        seen.add(name)


def _unknown_parameters(place: tuple[str | int, ...], given: dict[str, float], whole: Scenario) -> Iterator[_Complaint]:
    known = [name for name, item in whole.parameters.valued.items() if isinstance(item.value, int | float)]
    for name in given.keys() - set(known):
        yield (*place, name), f"there is no parameter '{name}' with a number", nearest(name, known)


def _problems_of_path(place: tuple[str | int, ...], path: str, whole: Scenario) -> Iterator[_Complaint]:
    *where, name = path.split("/")
    days, outcomes = {day.name: day.sites for day in whole.days}, {outcome.name: outcome for outcome in outcomes_in_play(whole)}
    if len(where) > 2:
        yield place, f"'{path}' is no path of an outcome", "write outcome, day/outcome or day/site/outcome"
    if name not in outcomes:
        yield place, f"there is no outcome '{name}'", nearest(name, outcomes)
    elif where and outcomes[name].whole_run:
        yield place, f"'{name}' is told for the whole run only", f"write '{name}' without a day"
    if where and where[0] not in days:
        yield place, f"there is no day '{where[0]}'", nearest(where[0], days)
    elif len(where) == 2 and where[1] not in days[where[0]]:
        yield place, f"nothing is played at '{where[1]}' on {where[0]}", nearest(where[1], days[where[0]])


def _shown_by(scenario: Scenario, expected: Expected, path: Path) -> Expected:
    """Return the patterns with the statistics whose paths exist in the scenario's runs, each with all its given values."""
    days = {day.name: day.sites for day in scenario.days}

    def shown(statistic: Statistic) -> bool:
        day, site = [*statistic.outcome.split("/")[:-1], "", ""][:2]
        return (not day or day in days) and (not site or site in days[day])

    kept = []
    for pattern in expected.patterns:
        statistics = [item.model_copy(update={"given": {**pattern.given, **item.given}}) for item in pattern.statistics if shown(item)]
        if statistics:
            kept.append(pattern.model_copy(update={"statistics": tuple(statistics)}))
    if not kept:
        raise input_error(path, f"no statistic can be seen on the days and at the sites of '{scenario.name}'", "add days or sites")
    return expected.model_copy(update={"patterns": tuple(kept)})
