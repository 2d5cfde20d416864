"""What a campaign's files may say: its calendar, the scenarios that play its episodes, its switches, and the strata of its baseline."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sim.foundations.figures import Sourced, Strict
from sim.scenario.schema import ScenarioName, Switch

LONGEST_YEARS = 5


def day_of(text: object) -> date:
    """Return the date that *text* spells as 2023-05-29; ValueError where it spells none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"'{text}' is no date of the form 2023-05-29") from None


_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "a date, as 2023-05-29"}

type CalendarDate = Annotated[date, BeforeValidator(day_of), WithJsonSchema(_DATE)]


class Exogenous(Sourced):
    """A dated event that nothing in the campaign causes."""

    date: CalendarDate
    event: str = Field(pattern=r"^[a-z][a-z_]*$")
    text: str = Field(min_length=3)


class PreparedFrom(Sourced):
    """The week from which on the armed group's preparation counts on from Prep0."""

    date: CalendarDate


class CampaignFile(Strict):
    """``campaign.yaml``.

    Attributes
    ----------
    start, until, latest_until
        First day; last day; how far a user may extend it.
    forced_entry, armed_seizure
        The scenarios that play the two kinds of episode in full.
    scales
        Sizes of a seizure that the armed leader chooses among, and the account of the scenario's switch that plays each.
    deferring_doctrines
        Doctrines of Pristina's seat under which it never enters.
    """

    format: Literal[1]
    name: ScenarioName
    title: str = Field(min_length=3)
    summary: str = Field(min_length=3)
    start: CalendarDate
    until: CalendarDate
    latest_until: CalendarDate
    forced_entry: ScenarioName
    armed_seizure: ScenarioName
    prepared_from: PreparedFrom
    scales: dict[str, str] = Field(min_length=1)
    deferring_doctrines: tuple[str, ...]
    exogenous: tuple[Exogenous, ...]
    switches: dict[str, Switch]

    @model_validator(mode="after")
    def _in_order(self) -> CampaignFile:
        if not self.start < self.until <= self.latest_until:
            raise ValueError("needs start < until <= latest_until")
        if (self.latest_until - self.start).days > 366 * LONGEST_YEARS:
            raise ValueError(f"may run for {LONGEST_YEARS} years at most")
        return self


class Found(Strict):
    """How the strata were found."""

    seeds: int = Field(ge=0)
    first_seed: int = Field(ge=0)
    date: CalendarDate


class Stratum(Strict):
    """One stratum of the baseline: what standing down is worth to the leader, and the chance of an attempt that it gives."""

    leader_peace_worth: float
    chance: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class StrataFile(Strict):
    """``strata.yaml``."""

    format: Literal[1]
    found: Found
    strata: dict[str, Stratum] = Field(min_length=1)
