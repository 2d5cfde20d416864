"""What the file of an option may say: a named delta on a scenario, with the paper's sentence, its price and its limits.

An option is a set of settings, nothing else: what cannot be set cannot be an option. Each change states the chain by which
it is to act (lever, state, rule, outcome), its counter-effect, and how to cut the chain, so that it can be shown that nothing
else acts. Costs stand in three currencies that are never added: force-days a month, licence by government, months of lead.

Not modelled: prices in money; how a government comes to its decision.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.foundations.figures import Sourced, Span, Strict

type Kind = Literal["baseline", "recommendation", "body", "conclusion", "rival", "control", "package"]
"""Where an option comes from: a numbered recommendation of the paper, its body or its conclusion, a rival to it, a check of
the instrument, several together."""

type GovernmentName = Literal["pristina", "belgrade", "quint_nato"]

type WholeName = Literal["may_2023", "banjska_2023", "campaign_2023"]
"""A scenario that is a whole; what has a path in it has one in its parts."""

CAMPAIGN: WholeName = "campaign_2023"
WHOLES: tuple[WholeName, ...] = ("may_2023", "banjska_2023", CAMPAIGN)


def _as_typed(value: object) -> object:
    """Return a number as it would be typed after ``--set``; a word as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:.12g}"


_TYPED = BeforeValidator(_as_typed, json_schema_input_type=str | float)

type Typed = Annotated[str, Field(min_length=1), _TYPED]
"""A value as it is typed in a setting."""


class SourcedSpan(Span, Sourced):
    """A number that is not known better than low, central, high, and where it comes from."""


class Chain(Strict):
    """How a lever acts: which state it moves, which rule reads that state, which outcome can change."""

    state: str = Field(min_length=3)
    rule: str = Field(min_length=3)
    outcome: str = Field(min_length=3)


class OptionChange(Sourced):
    """One lever set to one value.

    Attributes
    ----------
    setting, to
        As in ``--set setting=to``.
    low, high
        Range in which the value could be argued; needed where *to* is a number, absent where it is a word.
    where
        Scenarios in which it has a path; a scenario that is not named is not touched.
    site
        Site without which it means nothing: where the site is not in play the change is left out.
    force_days_a_month
        What the lever takes at this value; a version of a package at equal budget scales these levers and no others.
    chain, counter_effect, cut
        How it acts, what it costs by the model itself, and the settings under which it acts no more.
    """

    setting: str = Field(min_length=3, pattern=r"^[a-z_]+(\.[A-Za-z0-9_]+)+$")
    to: Typed
    low: float | None = None
    high: float | None = None
    where: tuple[WholeName, ...] = Field(min_length=1)
    site: str | None = None
    force_days_a_month: SourcedSpan | None = None
    chain: Chain
    counter_effect: str = Field(min_length=3)
    cut: dict[str, Typed] = Field(default_factory=dict)

    @property
    def number(self) -> float | None:
        """The value as a number; None where it is a word."""
        try:
            return float(self.to)
        except ValueError:
            return None

    @model_validator(mode="after")
    def _ranged(self) -> Self:
        number = self.number
        if number is not None and (self.low is None or self.high is None):
            raise ValueError("a number needs low and high, the range in which it could be argued")
        if number is None and not (self.low is None and self.high is None):
            raise ValueError(f"'{self.to}' is a word and has no range")
        if number is not None and not (math.isfinite(number) and (self.low or 0.0) <= number <= (self.high or 0.0)):
            raise ValueError(f"{self.to} lies outside its own range {self.low:g} to {self.high:g}")
        if self.force_days_a_month is not None and number is None:
            raise ValueError("force-days belong to a lever that is a number, since an equal budget scales them with it")
        return self


class OptionFile(Strict):
    """``options/<id>.yaml``; the id is the file's name.

    Attributes
    ----------
    block
        Numbered block of the paper's recommendations.
    paper
        Section of the paper; absent where it is not the paper's.
    restates
        The paper's sentence, or the rival's argument, in our own words.
    start, lead_time_days
        Day on which it is decided, and days until it is in force; each part of a package has its own. An episode is played
        with all in force, a campaign from these days on.
    licence_needed
        By government: licence (0 to 1) that it must grant before the option can be had.
    licence_points
        By government: licence that adopting it spends, in hundredths.
    accepted_by
        Who must agree, and how likely that is thought.
    no_path
        By scenario in which no change has a path: why not.
    parts
        Options of which a package is made.
    equal_budget
        Option whose force-days a month the package is brought to: levers that take force-days go the same share of their way.
    """

    format: Literal[1]
    name: str = Field(min_length=3)
    kind: Kind
    block: int | None = Field(default=None, ge=1, le=4)
    paper: str | None = None
    restates: str = Field(min_length=10)
    changes: tuple[OptionChange, ...] = ()
    start: date | None = None
    lead_time_days: SourcedSpan | None = None
    licence_needed: dict[GovernmentName, SourcedSpan] = Field(default_factory=dict)
    licence_points: dict[GovernmentName, SourcedSpan] = Field(default_factory=dict)
    accepted_by: tuple[str, ...] = ()
    not_testable: tuple[str, ...] = ()
    no_path: dict[WholeName, str] = Field(default_factory=dict)
    parts: tuple[str, ...] = ()
    equal_budget: str | None = None

    @model_validator(mode="after")
    def _parts_only_in_packages(self) -> Self:
        package = self.kind == "package"
        if package and not self.parts:
            raise ValueError("a package names its parts")
        if not package and (self.parts or self.equal_budget):
            raise ValueError("parts and equal_budget belong to a package")
        dated = not package or bool(self.changes)
        for field, given in (("start", self.start), ("lead_time_days", self.lead_time_days)):
            if dated != (given is not None):
                told = f"a package that changes nothing itself takes its {field} from its parts"
                raise ValueError(f"{field} is missing" if dated else told)
        return self
