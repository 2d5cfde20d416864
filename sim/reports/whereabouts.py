"""Whereabouts: which unit was at which site, on which road or at its base, minute by minute, from the record's entries.

Deployments and support that arrive, reserves that are sent and recalled, and the march of a hand-over are all in the record.
Strength is the unit's establishment: people hurt, and sections that were thinned out, are not taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sim.doctrine.command import Unit
from sim.doctrine.hand_over import Failure, Stage
from sim.reports.evidence import RunEvidence
from sim.scenario.loader import Day
from sim.vocabulary import OrderKind

type Doing = Literal["at", "notice", "out", "back", "away"]
"""At a site; waiting for its notice at its base; on the road to a site; on the road back; on a duty elsewhere than at a site."""


@dataclass(frozen=True)
class Leg:
    """What one unit did from one tick to another.

    Attributes
    ----------
    site
        The site at which it is, to which it goes, or from which it comes back; for a duty elsewhere, the duty.
    """

    unit: Unit
    doing: Doing
    site: str
    since: int
    until: int

    @property
    def persons(self) -> int:
        """Strength as established."""
        return self.unit.sections * self.unit.persons_per_section


def day_entries(run: RunEvidence, day: Day) -> list[dict[str, Any]]:
    """Return the record's entries of one day, of all sites."""
    first, last = run.clock.tick_at(day.file.start), run.clock.tick_at(day.file.end)
    return [entry for entry in run.run.entries if first <= entry["tick"] <= last]


def legs_of(run: RunEvidence, day: Day) -> list[Leg]:
    """Return what each unit did on a day, in order of time; a unit that is in none waited at its base."""
    units = {unit.id: unit for unit in run.run.scenario.framework.command.units}
    last = run.clock.tick_at(day.file.end)
    open_legs: dict[str, Leg] = {}
    done: list[Leg] = []
    for unit, doing, site, tick, until in _moves(run, day):
        before = open_legs.pop(unit, None)
        if before is not None and tick > before.since:
            done.append(Leg(before.unit, before.doing, before.site, before.since, min(before.until, tick)))
        if doing is not None and unit in units:
            open_legs[unit] = Leg(units[unit], doing, site, tick, min(until, last))
    return sorted([*done, *open_legs.values()], key=lambda leg: (leg.since, leg.unit.id))


def _moves(run: RunEvidence, day: Day) -> Iterator[tuple[str, Doing | None, str, int, int]]:
    """Give (unit, what it begins to do, site, tick, at the latest until): None where it is at its base again."""
    last = run.clock.tick_at(day.file.end)
    there: dict[str, str] = {}
    for entry in day_entries(run, day):
        tick, site, kind = int(entry["tick"]), str(entry["site"]), entry["kind"]
        if kind == "event" and entry["what"] in ("force_arrives", "support_arrives"):
            there[entry["event"]] = site
            yield entry["event"], "at", site, tick, last
        elif kind == "movement" and entry["unit"]:
            due = tick + run.clock.ticks_in(float(entry["minutes"]))
            there.pop(entry["unit"], None)
            duty = str(entry.get("duty", ""))
            yield entry["unit"], "out" if entry["what"] == "sent" else "back", duty or site, tick, due
            if duty and due < last:
                yield entry["unit"], "away", duty, due, last
        elif kind == "hand_over" and entry["unit"] and entry["unit"] not in there:
            doing = _march(entry)
            if doing != "stays":
                yield entry["unit"], doing, site, tick, last
        elif kind == "effect" and entry["order"] == OrderKind.WITHDRAW:
            gone = [unit for unit, place in there.items() if place == site and _of_seat(run, unit, entry["seat"])]
            for unit in gone:
                del there[unit]
                yield unit, None, site, tick, tick


def _march(entry: dict[str, Any]) -> Doing | Literal["stays"] | None:
    """Return what a step of a hand-over makes of the unit that was named for it."""
    if entry["failure"] in (Failure.CALLED_OFF, Failure.REFUSED_LEAD, Failure.REFUSED_SUPPORT):
        return None
    if entry["failure"]:
        return "stays"
    if entry["stage"] == Stage.NOTICE_TO_MOVE:
        return "notice"
    return "out" if entry["stage"] == Stage.EN_ROUTE else "stays"


def _of_seat(run: RunEvidence, unit: str, seat: str) -> bool:
    file = run.run.scenario.file.seats.get(seat)
    return file is not None and any(item.id == unit for item in run.run.scenario.framework.command.units_of(str(file.organisation)))


def forces_at(legs: list[Leg], site: str, tick: int) -> dict[str, int]:
    """Return persons at a site at a tick by organisation."""
    found: dict[str, int] = {}
    for leg in legs:
        if leg.doing == "at" and leg.site == site and leg.since <= tick < leg.until:
            name = str(leg.unit.organisation)
            found[name] = found.get(name, 0) + leg.persons
    return found


def reserves_at(run: RunEvidence, legs: list[Leg], base: str, tick: int) -> dict[str, int]:
    """Return persons of reserve units that wait at a base, free to be sent, at a tick, by organisation."""
    busy = {leg.unit.id for leg in legs if leg.since <= tick < leg.until and leg.doing != "notice"}
    found: dict[str, int] = {}
    for unit in run.run.scenario.framework.command.units:
        if unit.reserve and unit.base == base and unit.id not in busy:
            name = str(unit.organisation)
            found[name] = found.get(name, 0) + unit.sections * unit.persons_per_section
    return found


def on_the_road(legs: list[Leg], tick: int) -> list[tuple[Leg, float]]:
    """Return the legs of units that wait for their notice or are on the road at a tick, with the share of the time gone."""
    moving = [leg for leg in legs if leg.doing != "at" and leg.since <= tick < leg.until]
    return [(leg, (tick - leg.since) / max(leg.until - leg.since, 1)) for leg in moving]
