"""Figures with a pedigree: the small checked types that every file is made of.

A number that matters stands as a span (low, central, high) or as a dial (0 to 1 with a range), and says where it comes
from: A several sources, B one good source, C weak or contested, ``assumption`` ours. Not modelled: correlation between
spans; the caller's keyed draw picks one point in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from sim.foundations.arithmetic import sqrt
from sim.foundations.documents import Document
from sim.foundations.errors import InputError, Problem, nearest

type GradeName = Literal["A", "B", "C", "assumption"]

_LONG_CLOCK = re.compile(r"([0-6]\d|7[01]):([0-5]\d)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Strict(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    """A record that says where it comes from.

    Attributes
    ----------
    source
        Keys of the scenario's list of sources, or the reasoning behind an assumption.
    grade
        A, B, C or ``assumption``.
    """

    source: str = Field(min_length=1)
    grade: GradeName


class Span(Strict):
    """A number that is not known better than low, central, high (none negative, in this order).

    A bare number stands for all three; the middle is taken where no central value is given.
    """

    low: float = Field(ge=0)
    central: float
    high: float

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        if _is_number(given):
            return {"low": given, "central": given, "high": given}
        if isinstance(given, dict) and "central" not in given and _is_number(given.get("low")) and _is_number(given.get("high")):
            return {**given, "central": (given["low"] + given["high"]) / 2}
        return given

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.central <= self.high:
            raise ValueError(f"needs low <= central <= high, not {self.low:g}, {self.central:g}, {self.high:g}")
        return self

    def at(self, share: float) -> float:
        """Return the point below which *share* in [0, 1] of the triangular distribution lies."""
        width = self.high - self.low
        if width <= 0.0:
            return self.central
        peak = (self.central - self.low) / width
        if share < peak:
            return self.low + width * sqrt(share * peak)
        return self.high - width * sqrt((1.0 - share) * (1.0 - peak))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Dial(Sourced):
    """A setting between 0 and 1 with the range in which the truth may lie; its anchors stand where it is declared."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value:g} lies outside its own range {self.low:g} to {self.high:g}")
        return self


class Change(Sourced):
    """How long it takes until a clause is changed by the level that can change it."""

    days: Span


def minutes_of_day(clock: str) -> float:
    """Return ``HH:MM`` as minutes after midnight; ValueError when it is no time of day."""
    found = _CLOCK.fullmatch(clock)
    if not found:
        raise ValueError(f"'{clock}' is not a time of day; write HH:MM, 00:00 to 23:59")
    return 60.0 * int(found[1]) + int(found[2])


def _checked_clock(clock: str) -> str:
    minutes_of_day(clock)
    return clock


_CLOCK_AS_WRITTEN = {"type": "string", "pattern": f"^{_CLOCK.pattern}$", "description": "local time, as 06:30"}

type ClockTime = Annotated[str, AfterValidator(_checked_clock), WithJsonSchema(_CLOCK_AS_WRITTEN)]
"""Local time ``HH:MM``."""


def minutes_on(clock: str) -> float:
    """Return ``HH:MM``, counted on past midnight (26:30), as minutes; ValueError where it is none."""
    found = _LONG_CLOCK.fullmatch(clock)
    if not found:
        raise ValueError(f"'{clock}' is not a time of day; write HH:MM, counted on past midnight as 26:30, up to 71:59")
    return 60.0 * int(found[1]) + int(found[2])


def _checked_long_clock(clock: str) -> str:
    minutes_on(clock)
    return clock


_LONG_AS_WRITTEN = {
    "type": "string",
    "pattern": f"^{_LONG_CLOCK.pattern}$",
    "description": "local time, counted on past midnight: 26:30 is half past two on the morning after",
}

type LongClock = Annotated[str, AfterValidator(_checked_long_clock), WithJsonSchema(_LONG_AS_WRITTEN)]
"""Local time ``HH:MM``, counted on past midnight of the first date."""


def clock_label(minute: float) -> str:
    """Return minutes after midnight as ``HH:MM``."""
    whole = int(minute) % 1440
    return f"{whole // 60:02d}:{whole % 60:02d}"


def spoken(word: str) -> str:
    """Return an id as it reads in a sentence: ``use_agents`` as 'use agents'."""
    return str(word).replace("_", " ")


def twice_problems(document: Document, field: str, ids: Iterable[str]) -> list[Problem]:
    """Return a complaint for every id of the list *field* that stands a second time."""
    seen: set[str] = set()
    problems = []
    for place, name in enumerate(ids):
        if name in seen:
            problems.append(document.problem((field, place, "id"), f"'{name}' stands twice", "give each its own id"))
        seen.add(name)
    return problems


def unknown_problem(document: Document, at: tuple[str | int, ...], what: str, name: str, known: Iterable[str]) -> list[Problem]:
    """Return one complaint when *name* is not among *known*, else none."""
    names = tuple(known)
    if name in names:
        return []
    return [document.problem(at, f"there is no {what} '{name}'", nearest(name, names))]


def refuse(problems: list[Problem]) -> None:
    """Raise an InputError with all *problems*, if there are any."""
    if problems:
        raise InputError(problems)
