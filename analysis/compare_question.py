"""What is compared: a scenario, the options that have a path in it, other doctrines of KFOR, weights, and how far to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.compare_design import Design, Playable
from analysis.compare_store import digest_of
from analysis.comparison import PANELS, OptionTold, OutcomeTold
from sim.api import InputError, configured, input_error, model_digest, outcomes_in_play

PLANNED_CASES = 4 * len(PANELS)
"""Cases of which the plan keeps a digest: enough to notice another design."""

INDIFFERENCE = 0.1
"""Mean losses that differ by no more than this (in standard deviations of single runs) are alike."""

SEATS_OF_KFOR = "kfor"
OTHER_DOCTRINES: Mapping[bool, str] = {True: "kfor_restrained", False: "kfor_on_own_authority"}
"""A second doctrine of KFOR, by whether its seats are at sites."""


@dataclass(frozen=True)
class Question:
    """What is to be compared, and how long.

    Attributes
    ----------
    options
        The baseline first; those without a path are told and not played.
    doctrines
        Settings by name of other KFOR doctrines.
    weights
        Sets of weights by name; the first is the one by which the ranking settles.
    seeds
        Paired runs of each option, at most.
    budget_s
        Seconds, at most; none: no limit.
    """

    scenario: Playable
    name: str
    design: Design
    options: tuple[OptionTold, ...]
    outcomes: tuple[OutcomeTold, ...]
    doctrines: Mapping[str, Mapping[str, str]]
    weights: Mapping[str, Mapping[str, float]]
    seeds: int
    budget_s: float | None
    margin: float = INDIFFERENCE

    @property
    def played(self) -> tuple[OptionTold, ...]:
        """Options that are played."""
        return tuple(item for item in self.options if not item.no_path)

    @property
    def baseline(self) -> str:
        """Id of what the others are compared with."""
        return self.options[0].id

    def under(self, doctrine: str) -> tuple[OptionTold, ...]:
        """Options that can be played under another doctrine: those that do not set one themselves."""
        own = self.doctrines[doctrine]
        return tuple(item for item in self.played if not (own.keys() & item.settings.keys() or _sets_doctrine(item.settings)))

    def plan(self) -> dict[str, Any]:
        """Return what must be the same for results to belong together."""
        cases = [[case.panel, dict(case.values), dict(case.settings)] for case in self.design.cases(PLANNED_CASES)]
        return {
            "scenario": self.name,
            "model": model_digest(),
            "options": {item.id: dict(item.settings) for item in self.played},
            "doctrines": {name: dict(settings) for name, settings in self.doctrines.items()},
            "outcomes": [item.name for item in self.outcomes],
            "cases": digest_of(cases),
        }


def _sets_doctrine(settings: Mapping[str, str]) -> bool:
    return f"doctrine.{SEATS_OF_KFOR}" in settings or any(name.startswith(f"seat.{SEATS_OF_KFOR}") for name in settings)


def doctrine_settings(scenario: Playable, table: str) -> dict[str, str]:
    """Return the settings that give KFOR's seats another doctrine: those at sites where there are any, the commander otherwise."""
    seats = getattr(getattr(scenario, "file", None), "seats", None)
    if not seats:
        return {f"doctrine.{SEATS_OF_KFOR}": table}
    of_kfor = {name: seat for name, seat in seats.items() if str(seat.organisation) == SEATS_OF_KFOR}
    at_sites = {name: seat for name, seat in of_kfor.items() if seat.site is not None}
    return {f"seat.{name}": table for name in at_sites or of_kfor}


def other_doctrine(scenario: Playable) -> str:
    """Return the table that is played beside the scenario's own where the user names none."""
    seats = getattr(getattr(scenario, "file", None), "seats", None) or {}
    of_kfor = [seat for seat in seats.values() if str(seat.organisation) == SEATS_OF_KFOR]
    return OTHER_DOCTRINES[not of_kfor or any(seat.site is not None for seat in of_kfor)]


def outcomes_told(scenario: Playable) -> tuple[OutcomeTold, ...]:
    """Return the outcomes that a scenario can show."""
    found = outcomes_in_play(scenario)
    return tuple(OutcomeTold(item.name, item.unit, item.better, item.primary, item.meaning) for item in found)


def refuse_unplayable(scenario: Playable, options: Sequence[OptionTold]) -> None:
    """Refuse options whose settings the scenario does not know, by the option's name, before anything is played."""
    for item in options:
        try:
            configured(scenario, item.settings)
        except InputError as error:
            raise input_error(f"option {item.id}", f"cannot be played here: {error.problems[0]}", "leave it out of --options") from None
