"""What a scenario file may say, as checked models: unknown keys refused, every number with its source and grade."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from sim.doctrine.seat_orders import Organisation
from sim.foundations.figures import ClockTime, Sourced, Span, Strict
from sim.seats.scripted_history import ScriptLine
from sim.vocabulary import OrderKind

type EventKind = Literal["staff_at_door", "vehicles_stuck", "rumour"]
"""What can happen by plan: municipal staff come to the door; vehicles get stuck in the crowd; a rumour of people hurt."""

MOST_PERSONS = 50_000
"""People that one scenario may bring, at its highest; a run keeps a row and a trace of each."""

LONGEST_HOURS = 48

SETS_OFF_A_WAVE = (OrderKind.CALL_FOR_MORE,)
"""Orders at which a wave of people can come."""


def _moment(text: object) -> object:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M")
    except ValueError:
        raise ValueError("is no local time of the form 2023-05-29 06:00") from None


_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$", "description": "local time, as 2023-05-29 06:00"}

type Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema(_MOMENT)]


def _file_name(name: str) -> str:
    if "/" in name or "\\" in name or name.startswith(".") or not name.endswith(".yaml"):
        raise ValueError(f"'{name}' must be the plain name of a .yaml file in the scenario's folder")
    return name


_FILE_NAME = {"type": "string", "pattern": r"^[^./\\][^/\\]*\.yaml$", "description": "a .yaml file in the scenario's folder"}

type FileName = Annotated[str, AfterValidator(_file_name), WithJsonSchema(_FILE_NAME)]


def _sets_off(kind: OrderKind) -> OrderKind:
    if kind not in SETS_OFF_A_WAVE:
        raise ValueError(f"{kind} sets off no wave; known: {', '.join(SETS_OFF_A_WAVE)}")
    return kind


type WaveOrder = Annotated[OrderKind, AfterValidator(_sets_off), WithJsonSchema({"enum": [str(kind) for kind in SETS_OFF_A_WAVE]})]

type SeatName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Dusk(Sourced):
    """When it gets dark."""

    at: ClockTime


class Wind(Sourced):
    """Where agents drift, as parts of the drift along the plan's rows and columns, -1 to 1."""

    east: float = Field(ge=-1, le=1)
    south: float = Field(ge=-1, le=1)


class Site(Strict):
    """A place in play with its plan."""

    place: str
    plan: FileName
    door: str = "door"
    cordon_steps: int = Field(ge=1, le=30, description="steps from the door at which an outer cordon stands")
    wind: Wind
    exits_open: bool = Field(default=True, description="whether people can leave when the day begins")


class Arrival(Sourced):
    """A wave of people."""

    id: str
    cause: str = Field(min_length=3)
    persons: Span
    begins: ClockTime | None = None
    spread_min: Span
    on_order: WaveOrder | None = None

    @model_validator(mode="after")
    def _one_start(self) -> Arrival:
        if (self.begins is None) == (self.on_order is None):
            raise ValueError("needs either begins (a time) or on_order (what sets it off), not both")
        if self.spread_min.high > LONGEST_HOURS * 60:
            raise ValueError(f"spread_min is longer than a run can be ({LONGEST_HOURS} hours)")
        return self


class PreparedGroup(Sourced):
    """When a prepared group acts, where there is one (orchestration theory)."""

    acts_from: ClockTime
    acts_until: ClockTime


class Crowd(Strict):
    """Who came."""

    community: str
    arrivals: tuple[Arrival, ...] = Field(min_length=1)
    prepared_group: PreparedGroup

    @model_validator(mode="after")
    def _bearable(self) -> Crowd:
        most = sum(wave.persons.high for wave in self.arrivals)
        if most > MOST_PERSONS:
            raise ValueError(f"brings up to {most:.6g} persons; at most {MOST_PERSONS} can be played")
        return self


class PlannedEvent(Sourced):
    """Something that happens by plan, whatever the policy."""

    id: str
    kind: EventKind
    at: ClockTime
    note: str = ""


class Switch(Sourced):
    """A disputed fact: which of the rival accounts this run follows."""

    value: str
    accounts: tuple[str, ...] = Field(min_length=2)
    note: str

    @model_validator(mode="after")
    def _known(self) -> Switch:
        if self.value not in self.accounts:
            raise ValueError(f"'{self.value}' is none of the accounts: {', '.join(self.accounts)}")
        return self


class SeatFile(Strict):
    """A seat: which organisation and headquarters it stands for, its automatic doctrine, and what it did in history."""

    organisation: Organisation
    headquarters: str = ""
    doctrine: str
    history: tuple[ScriptLine, ...] = ()


class Override(Sourced):
    """A parameter value of this scenario that differs from the shipped one."""

    value: float | str


class ScenarioFile(Strict):
    """``scenario.yaml``."""

    format: Literal[1]
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    summary: str
    start: Moment
    end: Moment
    base_tick_s: float = Field(ge=1, le=60)
    dusk: Dusk
    site: Site
    crowd: Crowd
    events: tuple[PlannedEvent, ...] = ()
    switches: dict[str, Switch] = Field(default_factory=dict)
    seats: dict[SeatName, SeatFile] = Field(min_length=1)
    parameters: dict[str, Override] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole_day(self) -> ScenarioFile:
        hours = (self.end - self.start).total_seconds() / 3600
        if not 0 < hours <= LONGEST_HOURS:
            raise ValueError(f"end must be after start, and within {LONGEST_HOURS} hours of it")
        return self
