"""Command: headquarters, units and governments, and who commands whom. Scenario data, never code.

Each organisation has its own chain and nobody commands across chains: NATO down to KFOR's companies, Kosovo Police, EULEX,
KSF. A unit belongs to one headquarters and may be handed for a time to another of its own chain; the transfer has a relation
and a clock time, so that at every minute it has exactly one commander.

Sources: facts 1.2, 3.3 and the common command levels of the alliance. Working delays are assumptions. Not modelled: the
people who hold the offices; liaison below headquarters.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field

from sim.doctrine.seat_orders import RESPONDERS, Organisation
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import Problem
from sim.foundations.figures import Dial, LongClock, Sourced, Span, Strict, minutes_on, refuse, twice_problems, unknown_problem
from sim.vocabulary import Authority, OrderKind


class HeadquartersLevel(StrEnum):
    """How high a headquarters stands."""

    POLITICAL = "political"
    STRATEGIC = "strategic"
    OPERATIONAL = "operational"
    FORCE = "force"
    REGIONAL = "regional"
    SITE = "site"
    UNIT = "unit"


class UnitKind(StrEnum):
    """What a unit is for."""

    MANOEUVRE = "manoeuvre"
    RESERVE = "reserve"
    REGULAR = "regular"
    SPECIAL = "special"
    POLICE_UNIT = "police_unit"


class PostName(StrEnum):
    """Where a unit stands at the site."""

    OUTER_CORDON = "outer_cordon"
    SECOND_LINE = "second_line"
    BUILDING = "building"
    DOOR = "door"
    VEHICLES = "vehicles"


class Relation(StrEnum):
    """How a unit is placed under the headquarters that commands it for the day."""

    ORGANIC = "organic"
    OPERATIONAL_CONTROL = "operational_control"
    TACTICAL_CONTROL = "tactical_control"


class Headquarters(Sourced):
    """A place where decisions are made, and how long its own work takes."""

    id: str
    name: str
    organisation: Organisation
    level: HeadquartersLevel
    superior: str | None = None
    working_delay_min: Span
    authorities: tuple[Authority, ...] = ()


class Contingent(Sourced):
    """The troops of one nation, and the capital that holds their caveats."""

    id: str
    name: str
    capital: str


class Attachment(Sourced):
    """A unit's place under another headquarters of its own chain, from a clock time on."""

    headquarters: str
    relation: Relation
    from_time: LongClock


class Kit(Sourced):
    """What a unit's people carry.

    Attributes
    ----------
    protection
        Share of injuries that complete kit prevents: 0 none, 0.5 half, 1 all.
    """

    protection: float = Field(ge=0, le=1)
    shields: bool
    agents: bool
    detention_kit: bool


class ReadinessProfile(Sourced):
    """How units of one kind differ from the mission's readiness.

    Attributes
    ----------
    training_difference
        Added to the mission's training quality (0 to 1) for these units; the sum is kept within 0 and 1.
    """

    id: str
    training_difference: float = Field(ge=-1, le=1)


class Unit(Sourced):
    """A company, platoon or police team, counted in sections.

    Attributes
    ----------
    reserve
        Whether it can be sent to a site while it waits at its base.
    """

    id: str
    name: str
    organisation: Organisation
    kind: UnitKind
    contingent: str | None = None
    sections: int = Field(ge=1)
    persons_per_section: int = Field(ge=1, le=40)
    persons: Span
    parent: str
    attached: Attachment | None = None
    base: str
    kit: Kit
    readiness: str
    notice_to_move_min: Span
    reserve: bool = False

    @property
    def strength(self) -> int:
        """Persons: sections times persons a section."""
        return self.sections * self.persons_per_section

    def commander_at(self, minute_of_day: float) -> str:
        """Return the one headquarters that commands the unit at this minute of a day on which it is deployed."""
        if self.attached is not None and minute_of_day >= minutes_on(self.attached.from_time):
            return self.attached.headquarters
        return self.parent


class Government(Strict):
    """A government that presses and licenses.

    Attributes
    ----------
    orders
        What its seat can order.
    addresses
        Whose seats hear it.
    licenses
        Organisations that act in its name: their political constraint follows its licence.
    pressure
        How hard it pushes its side to act: 0 holds back, 0.5 lets things run, 1 demands action.
    licence
        How much it lets the force do in its name: 0 nothing beyond presence, 0.5 what was done before, 1 whatever is needed.
    """

    id: str
    name: str
    orders: tuple[OrderKind, ...] = ()
    addresses: tuple[Organisation, ...] = ()
    licenses: tuple[Organisation, ...] = ()
    pressure: Dial
    licence: Dial


class CommandStructure(Strict):
    """Every headquarters, unit, contingent and government of one scenario."""

    name: str
    headquarters: tuple[Headquarters, ...]
    contingents: tuple[Contingent, ...] = ()
    readiness: tuple[ReadinessProfile, ...]
    units: tuple[Unit, ...]
    governments: tuple[Government, ...] = ()

    def headquarters_of(self, headquarters_id: str) -> Headquarters:
        """Return the headquarters *headquarters_id*; KeyError when there is none."""
        for item in self.headquarters:
            if item.id == headquarters_id:
                return item
        raise KeyError(headquarters_id)

    def chain(self, headquarters_id: str) -> tuple[str, ...]:
        """Return the headquarters and all above it, the lowest first."""
        line = []
        at: str | None = headquarters_id
        while at is not None:
            line.append(at)
            at = self.headquarters_of(at).superior
        return tuple(line)

    def commands(self, upper: str, lower: str) -> bool:
        """Tell whether *upper* is *lower* itself or stands above it in the chain."""
        return upper in self.chain(lower)

    def training_of(self, unit: Unit, mission_training: float) -> float:
        """Return the training quality of *unit*, 0 to 1: the mission's, moved by the unit's readiness profile."""
        profile = next(item for item in self.readiness if item.id == unit.readiness)
        return min(max(mission_training + profile.training_difference, 0.0), 1.0)

    def units_of(self, organisation: Organisation | str) -> tuple[Unit, ...]:
        """Return the units of one organisation in file order."""
        return tuple(unit for unit in self.units if unit.organisation == organisation)


def load_command(path: Path, root: Path | None = None) -> CommandStructure:
    """Return the checked command structure in the YAML file at *path*; InputError with file, line and field otherwise."""
    document = read_document(path, root)
    command = validated(document, CommandStructure)
    refuse(command_problems(document, command))
    return command


def command_problems(document: Document, command: CommandStructure) -> list[Problem]:
    """Return what the schema cannot see: missing superiors, circles, and command across chains."""
    problems: list[Problem] = []
    for field, ids in (
        ("headquarters", [item.id for item in command.headquarters]),
        ("contingents", [item.id for item in command.contingents]),
        ("readiness", [item.id for item in command.readiness]),
        ("governments", [item.id for item in command.governments]),
    ):
        problems += twice_problems(document, field, ids)
    return problems + _chain_problems(document, command) + unit_problems(document, command)


def _chain_problems(document: Document, command: CommandStructure) -> list[Problem]:
    known = {item.id: item for item in command.headquarters}
    problems: list[Problem] = []
    for place, item in enumerate(command.headquarters):
        at = ("headquarters", place, "superior")
        if item.organisation not in RESPONDERS:
            where = ("headquarters", place, "organisation")
            problems.append(document.problem(where, f"'{item.organisation}' has no chain of command here", "name a responder"))
        if item.superior is None:
            continue
        problems += unknown_problem(document, at, "headquarters", item.superior, known)
        above = known.get(item.superior)
        if above is not None and above.organisation is not item.organisation:
            problems.append(document.problem(at, *_across(item.id, item.organisation, above)))
        if _circles(known, item):
            problems.append(document.problem(at, f"the chain above '{item.id}' runs in a circle", "let one have no superior"))
    return problems


def _across(name: str, organisation: Organisation, above: Headquarters) -> tuple[str, str]:
    what = f"'{name}' of {organisation} cannot stand under '{above.id}' of {above.organisation}"
    return what, "nobody commands across chains"


def _circles(known: dict[str, Headquarters], start: Headquarters) -> bool:
    at = start.superior
    for _ in known:
        if at is None or at not in known:
            return False
        if at == start.id:
            return True
        at = known[at].superior
    return False


def unit_problems(document: Document, command: CommandStructure) -> list[Problem]:
    """Return what is wrong with units: headquarters, contingents and profiles that there are not, and strengths that do not add up."""
    problems = twice_problems(document, "units", [item.id for item in command.units])
    known = {item.id: item for item in command.headquarters}
    nations = [item.id for item in command.contingents]
    for place, unit in enumerate(command.units):
        named: list[tuple[tuple[str | int, ...], str]] = [(("units", place, "parent"), unit.parent)]
        if unit.attached is not None:
            named.append((("units", place, "attached", "headquarters"), unit.attached.headquarters))
        for at, name in named:
            problems += unknown_problem(document, at, "headquarters", name, known)
            if name in known and known[name].organisation is not unit.organisation:
                problems.append(document.problem(at, *_across(unit.id, unit.organisation, known[name])))
        if unit.contingent is not None:
            problems += unknown_problem(document, ("units", place, "contingent"), "contingent", unit.contingent, nations)
        profiles = [item.id for item in command.readiness]
        problems += unknown_problem(document, ("units", place, "readiness"), "readiness profile", unit.readiness, profiles)
        if not unit.persons.low <= unit.strength <= unit.persons.high:
            shown = f"{unit.sections} sections of {unit.persons_per_section} are {unit.strength} persons"
            at = ("units", place, "sections")
            problems.append(document.problem(at, f"{shown}, outside {unit.persons.low:g} to {unit.persons.high:g}", "mend one"))
    return problems
