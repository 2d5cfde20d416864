"""A campaign made ready for a run: its files, the scenarios that play its episodes, and what is in force from which day on.

A campaign's settings are its own (``campaign.until``, ``switch.stratum``, ``switch.links``, every parameter) or those of the
scenarios that play its episodes (a seat's doctrine, a mandate's clause), which are handed on to each that knows them. Any of
them can be given a first day: ``from.NAME=2023-07-15``; before that day it is not in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sim.foundations.documents import read_document, validated
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.parameter import ParameterSet
from sim.scenario.campaign_schema import CampaignFile, StrataFile
from sim.scenario.loader import Scenario, load_scenario
from sim.scenario.parameters import CAMPAIGN_CONCEPTS, shipped_parameters
from sim.scenario.shipped import campaign_folder, shipped_campaigns

PEACE_WORTH = "leader_peace_worth"
"""The parameter that a stratum sets: an input, and so never drawn."""

STRATUM, LINKS = "stratum", "links"

OWN = frozenset(item.name for concept in CAMPAIGN_CONCEPTS for item in concept)
"""Parameters that the campaign alone reads."""

LEVERS = tuple(item.name for concept in CAMPAIGN_CONCEPTS for item in concept if item.meaning.startswith("lever"))
"""Parameters of the campaign that do nothing at rest."""


@dataclass(frozen=True)
class Dated:
    """A setting that is in force from a day on: a parameter of the campaign, or something handed on to its episodes."""

    since: date
    name: str
    value: str | float


@dataclass(frozen=True)
class Campaign:
    """A checked campaign: all that a run needs besides its seed.

    Attributes
    ----------
    entry, seizure
        The scenarios that play a forced entry with what follows, and an armed seizure, as they stand without settings.
    strata
        By name: what standing down is worth to the armed leader.
    until
        The last day.
    parameters
        Values in force from the first day; *dated* holds what comes later.
    handed_on
        Settings that the episodes' scenarios know, in force from the first day.
    choices
        The switches as they stand.
    settings
        What the user set, as typed.
    """

    folder: Path
    file: CampaignFile
    strata: StrataFile
    entry: Scenario
    seizure: Scenario
    until: date
    parameters: ParameterSet
    choices: Mapping[str, str]
    handed_on: Mapping[str, str]
    dated: tuple[Dated, ...]
    settings: dict[str, str]

    @property
    def name(self) -> str:
        """Name of the campaign: draws are keyed by it."""
        return self.file.name

    @property
    def whole(self) -> Path:
        """Its own folder: a campaign is no part of another."""
        return self.folder

    @property
    def weeks(self) -> int:
        """Weeks that are played, the last one perhaps cut short."""
        return (self.until - self.file.start).days // 7 + 1

    @property
    def episodes(self) -> dict[str, Scenario]:
        """The scenarios that play episodes, by name."""
        return {self.entry.name: self.entry, self.seizure.name: self.seizure}

    def reads(self, parameter: str) -> bool:
        """Tell whether a run may read a parameter: the campaign's own (but its stratum's input, and levers), and its episodes'."""
        if parameter == PEACE_WORTH or parameter in LEVERS:
            return False
        return parameter in OWN or self.entry.reads(parameter) or self.seizure.reads(parameter)

    def with_parameters(self, parameters: ParameterSet, settings: dict[str, str] | None = None) -> Campaign:
        """Return the campaign with other parameter values."""
        return replace(self, parameters=parameters, settings={**self.settings, **(settings or {})})

    def on_days(self, names: tuple[str, ...]) -> Campaign:
        """Refuse: a campaign is played in weeks."""
        raise InputError(
            Problem(f"days of {self.name}", "a campaign has no days to choose from", f"its end is campaign.until, not {names}")
        )

    def parameters_on(self, day: date) -> dict[str, float]:
        """Return the numbers in force on a day."""
        later = {item.name: float(item.value) for item in self.dated if isinstance(item.value, float) and item.since <= day}
        numbers = {name: float(item.value) for name, item in self.parameters.valued.items() if not isinstance(item.value, str)}
        return numbers | later

    def handed_on_by(self, day: date) -> dict[str, str]:
        """Return the settings of the episodes' scenarios that are in force on a day."""
        return {**self.handed_on, **{item.name: item.value for item in self.dated if isinstance(item.value, str) and item.since <= day}}

    def changed_values(self, day: date) -> dict[str, float | str]:
        """Return the values in force on a day that differ from those shipped, the campaign's own apart, which no episode reads."""
        shipped = shipped_parameters().valued
        changed = {name: item.value for name, item in self.parameters.valued.items() if item.value != shipped[name].value}
        changed |= {item.name: item.value for item in self.dated if isinstance(item.value, float) and item.since <= day}
        return {name: value for name, value in changed.items() if name not in OWN}

    def with_choice(self, name: str, value: str) -> Campaign:
        """Return the campaign with one switch set; a stratum sets what standing down is worth to the leader."""
        worth = {PEACE_WORTH: self.strata.strata[value].leader_peace_worth} if name == STRATUM else {}
        return replace(self, choices={**self.choices, name: value}, parameters=self.parameters.with_values(worth))


def load_campaign(name: str | Path) -> Campaign:
    """Return the checked campaign of that shipped name or folder; InputError where there is none, or its files are wrong."""
    folder = campaign_folder(str(name))
    if folder is None:
        raise InputError(Problem(str(name), "there is no such campaign, and no such folder", nearest(str(name), shipped_campaigns())))
    document = read_document(folder / "campaign.yaml", folder.parent)
    file = validated(document, CampaignFile)
    strata = validated(read_document(folder / "strata.yaml", folder.parent), StrataFile)
    lost = sorted(set(file.switches[STRATUM].accounts) ^ set(strata.strata)) if STRATUM in file.switches else [STRATUM]
    if lost or LINKS not in file.switches:
        raise InputError(document.problem(("switches",), f"must hold links, and stratum with the accounts of strata.yaml ({lost})"))
    campaign = Campaign(
        folder=folder,
        file=file,
        strata=strata,
        entry=load_scenario(file.forced_entry),
        seizure=load_scenario(file.armed_seizure),
        until=file.until,
        parameters=shipped_parameters(),
        choices={item: switch.value for item, switch in file.switches.items()},
        handed_on={},
        dated=(),
        settings={},
    )
    return campaign.with_choice(STRATUM, file.switches[STRATUM].value)


def load_playable(name: str | Path) -> Scenario | Campaign:
    """Return the checked scenario, or campaign, of that shipped name or folder; InputError with every complaint.

    A campaign answers as a scenario does for ``name``, ``file.title``, ``parameters``, ``settings``, ``with_parameters`` and ``reads``.
    """
    return load_scenario(name) if campaign_folder(str(name)) is None else load_campaign(name)
