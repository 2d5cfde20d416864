"""Which parameter sets an episode is played with, and what it may not say of parameters.

A scenario that has surviving sets of its own was tuned on, and is played with them. Any other is *held out*: it is played with
the sets of May 2023 where a crowd comes, with those of Banjska 2023 where an armed group acts, and may override no parameter:
whatever is a parameter is the same in every episode, or the test is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.expected import FILE as EXPECTED_FILE
from analysis.expected import Expected
from analysis.surviving_sets import FILE, SurvivingSets, read_surviving
from sim.api import InputError, Scenario, input_error, load_scenario, read_document

CROWDS, ARMED = "may_2023", "banjska_2023"


@dataclass(frozen=True)
class PlayedWith:
    """Parameter sets of a validation.

    Attributes
    ----------
    sources
        Names of the scenarios that the sets were found on.
    tables
        Their sets; what the first varies the second does not replace.
    tuned
        Whether they were found on this very scenario.
    """

    sources: tuple[str, ...]
    tables: tuple[SurvivingSets, ...]
    tuned: bool

    @property
    def count(self) -> int:
        """How many sets there are."""
        return min(len(table.sets) for table in self.tables)

    def values(self, place: int) -> dict[str, float]:
        """Return one set as values by parameter name."""
        found: dict[str, float] = {}
        for table in self.tables:
            found = {**table.values(place), **found}
        return found


def sets_for(scenario: Scenario) -> PlayedWith:
    """Return the sets that a scenario is played with; InputError where it has none of its own and overrides a parameter."""
    own = scenario.whole / FILE
    if own.is_file():
        found = PlayedWith((scenario.whole.name,), (read_surviving(own),), tuned=True)
    else:
        refuse_overrides(scenario)
        sources = tuple(name for name, there in _kinds(scenario) if there)
        found = PlayedWith(sources, tuple(read_surviving(load_scenario(name).whole / FILE) for name in sources), tuned=False)
    if not found.count:
        raise input_error(own, "no parameter set survives", "find some with 'kforsim calibrate'")
    return found


def _kinds(scenario: Scenario) -> Sequence[tuple[str, bool]]:
    crowds = any(day.file.crowds for day in scenario.days)
    return ((CROWDS, crowds), (ARMED, any(day.armed is not None for day in scenario.days)))


def refuse_overrides(scenario: Scenario) -> None:
    """Refuse a scenario that is held out and sets a parameter of its own."""
    names = list(scenario.file.parameters)
    if names:
        document = read_document(scenario.whole / "scenario.yaml", scenario.whole.parent)
        raise InputError([document.problem(("parameters", name), f"overrides the global parameter '{name}'", _REMEDY) for name in names])


def refuse_given(scenario: Scenario, expected: Expected) -> None:
    """Refuse expected patterns of a held-out scenario that ask for parameter values."""
    found = list(_given(expected))
    if found:
        where = scenario.whole / EXPECTED_FILE
        raise InputError(
            [input_error(where, f"'{what}' is given the global parameter '{name}'", _REMEDY).problems[0] for what, name in found]
        )


_REMEDY = "remove it: an episode that is held out may set episode inputs only (scenarios/README.md)"


def _given(expected: Expected) -> Iterator[tuple[str, str]]:
    for pattern in expected.patterns:
        for item in pattern.statistics:
            yield from ((item.name, name) for name in sorted({*item.given, *item.raised}))
