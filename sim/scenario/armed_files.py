"""An armed group's files: read, and held against the theatre, the scenario's switches and the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from sim.foundations.documents import Document, Path_, read_document, validated
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.figures import unknown_problem
from sim.geography.site_plan import SitePlan, read_plan
from sim.geography.theatre import Mode, Theatre
from sim.scenario.armed_schema import ArmedGroupFile, IntelligenceFile
from sim.scenario.schema import DayFile, ScenarioFile
from sim.vocabulary import Sharing

WAYS_IN = ("on_foot", "by_vehicle")
"""Accounts that the switch of the way in may have."""

EXIT_ACCOUNTS = ("negotiated", "not_negotiated")
"""Accounts that the switch of the exit may have."""


@dataclass(frozen=True)
class Armed:
    """An armed group as a day has it.

    Attributes
    ----------
    fighters, other_positions, on_foot, exit_negotiated
        What the switches say.
    plans
        Of each position.
    sharing_given
        Sharing as its file states it, where an option or a user has changed what is known of intelligence.
    """

    group: ArmedGroupFile
    intelligence: IntelligenceFile
    plans: dict[str, SitePlan]
    fighters: int
    other_positions: int
    on_foot: bool
    exit_negotiated: bool
    sharing_given: Sharing | None = None

    @property
    def mode(self) -> Mode:
        """How they come in."""
        return "foot" if self.on_foot else "vehicle"

    @property
    def start(self) -> str:
        """The place that they start from."""
        return self.group.muster[self.mode]


def load_armed(day: DayFile, file: ScenarioFile, theatre: Theatre, folder: Path, root: Path) -> Armed | None:
    """Return the armed group of a day, or None where it has none; InputError with every complaint about its files."""
    if day.armed_group is None or day.intelligence is None:
        return None
    documents = [read_document(folder / name, root) for name in (day.armed_group, day.intelligence)]
    group, intelligence = validated(documents[0], ArmedGroupFile), validated(documents[1], IntelligenceFile)
    problems = [*_group_problems(documents[0], group, day, file, theatre), *_asset_problems(documents[1], intelligence, theatre)]
    if problems:
        raise InputError(problems)
    plans: dict[str, SitePlan] = {name: read_plan(folder / position.plan, root) for name, position in group.positions.items()}
    return Armed(group=group, intelligence=intelligence, plans=plans, **accounts_followed(group, file))


class Accounts(TypedDict):
    """What a scenario's switches say of an armed group."""

    fighters: int
    other_positions: int
    on_foot: bool
    exit_negotiated: bool


def accounts_followed(group: ArmedGroupFile, file: ScenarioFile) -> Accounts:
    """Return what the switches that an armed group's file names say."""
    switches = file.switches
    return {
        "fighters": int(switches[group.fighters].value),
        "other_positions": int(switches[group.other_positions].value),
        "on_foot": switches[group.way_in].value == WAYS_IN[0],
        "exit_negotiated": switches[group.exit_negotiated].value == EXIT_ACCOUNTS[0],
    }


def _group_problems(document: Document, group: ArmedGroupFile, day: DayFile, file: ScenarioFile, theatre: Theatre) -> Iterator[Problem]:
    for field, known in (("way_in", WAYS_IN), ("exit_negotiated", EXIT_ACCOUNTS)):
        yield from _switch_problems(document, field, getattr(group, field), file, known)
    for field in ("fighters", "other_positions"):
        yield from _number_problems(document, field, getattr(group, field), file)
    if group.site not in day.sites:
        yield document.problem(("site",), f"{group.site} is not in play on this day", nearest(group.site, day.sites))
    for wanted in ("block", "compound"):
        if wanted not in group.positions:
            yield document.problem(("positions",), f"'{wanted}' is missing", "say where the road is blocked, and what is occupied")
    for mode in ("vehicle", "foot"):
        if mode not in group.muster:
            what = f"does not say where they start from by the mode '{mode}'"
            yield document.problem(("muster",), what, "name a place for each mode: the switch of the way in may follow either account")
    places: list[tuple[Path_, str]] = [(("positions", name, "place"), item.place) for name, item in group.positions.items()]
    places += [(("ways_out", row, "to"), way.to) for row, way in enumerate(group.ways_out)]
    places += [(("muster", mode), place) for mode, place in group.muster.items()]
    for at, place in [*places, (("hospital",), group.hospital)]:
        yield from unknown_problem(document, at, "place", place, theatre.places)
    for row, route in enumerate(group.blocks):
        yield from unknown_problem(document, ("blocks", row), "route", route, theatre.routes)


def _switch_problems(document: Document, field: str, name: str, file: ScenarioFile, known: tuple[str, ...] = ()) -> Iterator[Problem]:
    if name not in file.switches:
        yield document.problem((field,), f"there is no switch '{name}' in scenario.yaml", nearest(name, file.switches))
    elif known and file.switches[name].value not in known:
        what = f"the switch '{name}' says '{file.switches[name].value}'"
        yield document.problem((field,), what, f"its accounts must be among: {', '.join(known)}")


def _number_problems(document: Document, field: str, name: str, file: ScenarioFile) -> Iterator[Problem]:
    yield from _switch_problems(document, field, name, file)
    if name in file.switches and not file.switches[name].value.isdigit():
        what = f"the switch '{name}' says '{file.switches[name].value}', which is no number"
        yield document.problem((field,), what, "its accounts must be whole numbers of persons or places")


def _asset_problems(document: Document, intelligence: IntelligenceFile, theatre: Theatre) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, asset in enumerate(intelligence.assets):
        if asset.id in seen:
            yield document.problem(("assets", row, "id"), f"'{asset.id}' stands twice", "give each its own id")
        seen.add(asset.id)
        for place, name in enumerate(asset.watches):
            if name not in theatre.routes and name not in theatre.places:
                known = [*theatre.routes, *theatre.places]
                yield document.problem(("assets", row, "watches", place), f"there is no route or place '{name}'", nearest(name, known))
