"""What a scenario may say of an episode: inputs that are known as ranges only, and how its communities see each force.

An *episode input* is what differs from one episode to the next and can be told before the outcome is known: place, date, hour,
weather, warning, crowds and their aim, forces and what their doctrine is. All else is a *global parameter*, the same in every
episode. An input's range is drawn for each run, apart from parameter sets, so that the two spreads can be told apart.

Not modelled: correlation between inputs; each is drawn by itself.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.doctrine.command import Unit
from sim.doctrine.seat_orders import Organisation
from sim.foundations.figures import Sourced, Span, Strict, minutes_of_day

type Given = float | str
"""A number, a clock time as HH:MM, or a word."""

type InputName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

LATEST_MIN = 24 * 60 - 1


class Aim(StrEnum):
    """What a crowd's leaders want on a day. Each aim is a doctrine table of the same purpose (``AIM_DOCTRINES``)."""

    HOLD = "hold"  # stay on the ground that they have
    BLOCK = "block"  # keep a building or road shut, and bargain
    MARCH_TO = "march_to"  # get to the door that the plan names
    DAMAGE = "damage"  # get at what stands behind the line, again and again
    FREE_DETAINEES = "free_detainees"  # press where people are taken away
    RETURN_AFTER_CLEARANCE = "return_after_clearance"  # come back once cleared


AIM_DOCTRINES = {
    Aim.HOLD: "crowd_holds_ground",
    Aim.BLOCK: "crowd_bargaining",
    Aim.MARCH_TO: "crowd_marches",
    Aim.DAMAGE: "crowd_presses_on",
    Aim.FREE_DETAINEES: "crowd_frees_detained",
    Aim.RETURN_AFTER_CLEARANCE: "crowd_returns",
}
"""The doctrine of a crowd's seat on a day whose file gives the crowd an aim and the seat no doctrine."""

LEGITIMACY_OF = {
    Organisation.KFOR: "kfor_legitimacy_mean",
    Organisation.KOSOVO_POLICE: "kp_legitimacy_mean",
    Organisation.EULEX: "eulex_legitimacy_mean",
}
"""The parameter in whose place a community's own view of a force stands."""


class Community(Sourced):
    """How a community sees each force before the day: 0 occupier, 0.5 tolerated, 1 trusted.

    Attributes
    ----------
    legitimacy
        By organisation; the parameter's value (``legitimacy``) where one is not given.
    """

    legitimacy: dict[Organisation, Span]

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for organisation, span in self.legitimacy.items():
            if organisation not in LEGITIMACY_OF:
                raise ValueError(f"a crowd has no view of {organisation}; known: {', '.join(LEGITIMACY_OF)}")
            if span.high > 1.0:
                raise ValueError(f"legitimacy of {organisation} is a share, at most 1")
        return self


class EpisodeInput(Sourced):
    """One thing about the episode that is not known better than a range, or than a list of accounts.

    Attributes
    ----------
    value
        What is thought likeliest; the peak of the triangle between *low* and *high*.
    among
        For a word: the words that are drawn from, all alike.
    sets
        What the value is put in place of: a field (``saturday/crowds/bridge/arrivals/march/begins``), or a choice (``seat.crowd_bridge``).
    later, earlier
        Clock fields that it moves by so many minutes (warning time makes arrivals earlier).
    times
        Numbers and spans that it multiplies.
    """

    value: Given
    low: Given | None = None
    high: Given | None = None
    among: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    times: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.sets or self.later or self.earlier or self.times):
            raise ValueError("moves nothing: give sets, later, earlier or times")
        if (self.later or self.earlier or self.times) and not isinstance(self.value, float):
            raise ValueError("later, earlier and times need a number")
        if (self.low is None) != (self.high is None):
            raise ValueError("has one end of a range: give both low and high")
        if self.among and self.low is not None:
            raise ValueError("has a range and a list: give low and high, or among")
        if self.among and self.value not in self.among:
            raise ValueError(f"'{self.value}' is none of: {', '.join(self.among)}")
        if (
            self.low is not None
            and self.high is not None
            and not self._number(self.low) <= self._number(self.value) <= self._number(self.high)
        ):
            raise ValueError("needs low <= value <= high")
        return self

    @staticmethod
    def _number(given: Given) -> float:
        return given if isinstance(given, float) else minutes_of_day(given)

    @property
    def ranged(self) -> bool:
        """Whether it is drawn for each run."""
        return self.low is not None or len(self.among) > 1

    @property
    def ends(self) -> tuple[str, ...]:
        """Every value at which it is checked before anybody plays: as written, and the ends of its range or the list."""
        given = [self.value, *(end for end in (self.low, self.high) if end is not None), *self.among]
        return tuple(dict.fromkeys(_text(item) for item in given))

    def at(self, share: float) -> str:
        """Return the value below which *share* of the draws lie, as it is typed: triangular in a range, alike in a list."""
        if self.among:
            return self.among[min(int(share * len(self.among)), len(self.among) - 1)]
        if self.low is None or self.high is None:
            return _text(self.value)
        low, central, high = (self._number(item) for item in (self.low, self.value, self.high))
        offset = min(low, 0.0)  # a span holds nothing negative
        point = Span(low=low - offset, central=central - offset, high=high - offset).at(share) + offset
        if isinstance(self.value, str):
            return clock_text(point)
        return _text(round(point, 6))


class Episode(Strict):
    """What makes a scenario an episode that can be put to the model as it stands.

    Attributes
    ----------
    framework_of
        The shipped scenario whose mandate, rules of engagement, command and concessions hold here too; the scenario's folder then
        has no such files of its own.
    units
        Force elements beside those of the command file: of any role, kit, training and size.
    """

    framework_of: str | None = None
    units: tuple[Unit, ...] = ()
    inputs: dict[InputName, EpisodeInput] = Field(default_factory=dict)


def clock_text(minute: float) -> str:
    """Return a minute of the day as HH:MM, kept within the day."""
    whole = int(min(max(minute, 0.0), float(LATEST_MIN)) + 0.5)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _text(given: Given) -> str:
    return f"{given:.12g}" if isinstance(given, float) else given
