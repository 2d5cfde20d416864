"""What a scenario's files may say, as checked models: unknown keys refused, every number with its source and grade.

A scenario is a theatre (sites, seats, disputed accounts) and the days that are replayed, one file a day: who was deployed
where, who led, which crowds came, what happened by plan, what seats did in history. A scenario can be a *part of* another:
some of its days, at some of its sites.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from sim.doctrine.command import PostName
from sim.doctrine.seat_orders import Organisation
from sim.foundations.figures import ClockTime, Sourced, Span, Strict
from sim.scenario.episode_schema import Aim, Community, Episode
from sim.seats.scripted_history import ScriptLine
from sim.vocabulary import OrderKind

type EventKind = Literal["staff_at_door", "vehicles_stuck", "rumour", "sirens"]
"""What can happen by plan: municipal staff come to the door; vehicles get stuck in the crowd; a rumour of people hurt;
sirens call people."""

type Cause = Literal["sirens", "entry", "push", "detentions", "clash_elsewhere"]
"""What can set a wave of people off beside a clock and a leader's call: sirens, a forced entry, a push or detentions at the
site, people hurt at another site."""

MOST_PERSONS = 50_000
"""People that one scenario may bring, at its highest; a run keeps a row and a trace of each."""

LONGEST_HOURS = 48

SETS_OFF_A_WAVE = (OrderKind.CALL_FOR_MORE,)
"""Orders at which a wave of people can come."""


def _moment(text: object) -> object:
    if isinstance(text, datetime):
        return text
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
type SiteName = SeatName
type ScenarioName = SeatName


class Dusk(Sourced):
    """When it gets dark."""

    at: ClockTime


class Wind(Sourced):
    """Where agents drift, as parts of the drift along the plan's rows and columns, -1 to 1."""

    east: float = Field(ge=-1, le=1)
    south: float = Field(ge=-1, le=1)


class RainSpell(Sourced):
    """From when to when it rains."""

    begins: ClockTime
    ends: ClockTime


class Site(Strict):
    """A place in play with its plan."""

    place: str
    plan: FileName = Field(description="a site plan in the scenario's folder, or a shipped template")
    door: str = Field(default="door", description="the mark of the door; on a plan without a door the mark of what is kept from the crowd")
    cordon_steps: int = Field(ge=1, le=30, description="steps from the door at which an outer cordon stands")
    wind: Wind
    exits_open: bool = Field(default=True, description="whether people can leave when the day begins")


class Arrival(Sourced):
    """A wave of people.

    Attributes
    ----------
    persons
        Who come on a day like any other; the day's turnout, and mobilisation by the days before, multiply it.
    counted
        Whether the persons are those who came on the day itself, so that nothing multiplies them.
    begins, on_order, on_event
        What sets it off: a time, a leader's call, or a cause of the day. Just one of the three.
    home
        Municipality that the people come from; that of the site where not given.
    """

    id: str
    cause: str = Field(min_length=3)
    persons: Span
    counted: bool = False
    begins: ClockTime | None = None
    spread_min: Span
    on_order: WaveOrder | None = None
    on_event: Cause | None = None
    home: str | None = None

    @model_validator(mode="after")
    def _one_start(self) -> Arrival:
        if sum(start is not None for start in (self.begins, self.on_order, self.on_event)) != 1:
            raise ValueError("needs just one of begins (a time), on_order and on_event (what sets it off)")
        if self.spread_min.high > LONGEST_HOURS * 60:
            raise ValueError(f"spread_min is longer than a run can be ({LONGEST_HOURS} hours)")
        return self


class PreparedGroup(Sourced):
    """When a prepared group acts, where there is one (orchestration theory)."""

    acts_from: ClockTime
    acts_until: ClockTime


class Crowd(Strict):
    """Who came.

    Attributes
    ----------
    aim
        What its leaders want on this day: the doctrine of its seat, where the day names none.
    """

    community: str
    aim: Aim | None = None
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
    site: str
    at: ClockTime
    note: str = ""


class Deployment(Sourced):
    """Where a unit stands on a day, and from when until when; a unit without one waits at its base."""

    unit: str
    site: str
    post: PostName
    arrives: ClockTime
    leaves: ClockTime | None = None


class LeadAtStart(Sourced):
    """Who leads at a site when the day begins, and who supports: not the same as who stands where."""

    lead: Organisation
    supporting: tuple[Organisation, ...] = ()


class DaysBefore(Sourced):
    """What is taken to have happened shortly before a day that is played without the days before it.

    Attributes
    ----------
    days
        How long ago.
    hurt, detained
        Persons, all sides and all sites.
    """

    days: float = Field(gt=0, le=60)
    hurt: Span
    detained: Span


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
    """A seat: whom it stands for, where it commands, and its automatic doctrine.

    Attributes
    ----------
    government
        Which government, for a seat of one.
    site
        The site that it commands; a seat without one commands at every site.
    """

    organisation: Organisation
    headquarters: str = ""
    government: str = ""
    site: str | None = None
    doctrine: str


class Override(Sourced):
    """A parameter value of this scenario that differs from the shipped one."""

    value: float | str


class DayFile(Strict):
    """One day of a scenario: a file of its own, named after the day.

    Attributes
    ----------
    doctrines
        Doctrine of a seat on this day, where it differs from the seat's own.
    history
        By seat: what it did on this day in history.
    armed_group, intelligence
        Files of an armed group that acts on this day, and of those who look out for it.
    """

    format: Literal[2]
    title: str
    summary: str
    start: Moment
    end: Moment
    dusk: Dusk
    rain: tuple[RainSpell, ...] = ()
    before: DaysBefore | None = None
    deployments: tuple[Deployment, ...] = ()
    lead: dict[str, LeadAtStart] = Field(min_length=1)
    crowds: dict[str, Crowd] = Field(default_factory=dict)
    armed_group: FileName | None = None
    intelligence: FileName | None = None
    events: tuple[PlannedEvent, ...] = ()
    doctrines: dict[SeatName, str] = Field(default_factory=dict)
    history: dict[SeatName, tuple[ScriptLine, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_day(self) -> DayFile:
        if not self.start < self.end:
            raise ValueError("end must be after start")
        if not self.crowds and self.armed_group is None:
            raise ValueError("has neither crowds nor an armed_group: nobody comes")
        if self.crowds and self.start.date() != self.end.date():
            raise ValueError("start and end must be on the same date where crowds come; a night that matters is a day of its own")
        if (self.armed_group is None) != (self.intelligence is None):
            raise ValueError("armed_group and intelligence belong together: give both or neither")
        if self.end - self.start > timedelta(hours=LONGEST_HOURS):
            raise ValueError(f"is longer than a run can be ({LONGEST_HOURS} hours)")
        return self

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites in play: those of the crowds, then those that have a lead only."""
        return (*self.crowds, *(site for site in self.lead if site not in self.crowds))


class ScenarioFile(Strict):
    """``scenario.yaml``: the theatre of a replay, and its days."""

    format: Literal[2]
    name: ScenarioName
    title: str
    summary: str
    base_tick_s: float = Field(ge=1, le=60)
    days: tuple[FileName, ...] = Field(min_length=1)
    sites: dict[SiteName, Site] = Field(min_length=1)
    switches: dict[str, Switch] = Field(default_factory=dict)
    seats: dict[SeatName, SeatFile] = Field(min_length=1)
    parameters: dict[str, Override] = Field(default_factory=dict)
    communities: dict[str, Community] = Field(default_factory=dict)
    episode: Episode | None = None


class PartFile(Strict):
    """``scenario.yaml`` of a scenario that is a part of another: some days, some sites, nothing else changed."""

    format: Literal[2]
    name: ScenarioName
    title: str
    summary: str
    part_of: ScenarioName
    days: tuple[FileName, ...] = Field(min_length=1)
    sites: tuple[SiteName, ...] = Field(min_length=1)
