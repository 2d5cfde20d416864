"""Evidence: what a report reads of a run. One ``Evidence`` is one site on one day; ``RunEvidence`` holds them all.

A report reads only what the run kept; where the run kept nothing (no frames for the map), the report says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any

import numpy as np

from sim.engine.measures import CLASH_PERSONS
from sim.engine.pictures import VIOLENCE_PERSONS
from sim.engine.run_folder import KeptSiteDay, RunFolder
from sim.engine.state import Incident
from sim.foundations.clock import Clock
from sim.geography.site_plan import SitePlan
from sim.reports.deeds import Deed, joined
from sim.reports.words import date_words, seat_words, site_words
from sim.scenario.loader import Day
from sim.vocabulary import OrderKind


def over_midnight(day: Day) -> bool:
    """Tell whether a day goes on past midnight: a clock time alone then says too little."""
    return day.file.start.date() != day.file.end.date()


def dated_clock(clock: Clock, tick: int) -> str:
    """Return day, month and clock time of a tick: ``24 Sep 01:20``."""
    moment = clock.time(tick)
    return f"{moment.day} {moment.strftime('%b %H:%M')}"


@dataclass(frozen=True)
class Frames:
    """Where everybody was, every few minutes: one row a frame."""

    ticks: np.ndarray
    cells: np.ndarray
    conducts: np.ndarray
    section_cells: np.ndarray
    section_levels: np.ndarray
    agents: np.ndarray

    def at_or_before(self, tick: int) -> int:
        """Return the last frame that is not later than *tick* (the first frame where all are)."""
        return max(int(np.searchsorted(self.ticks, tick, side="right")) - 1, 0)

    def at_or_after(self, tick: int) -> int:
        """Return the first frame that is not earlier than *tick* (the last frame where all are)."""
        return min(int(np.searchsorted(self.ticks, tick, side="left")), len(self.ticks) - 1)


@dataclass(frozen=True)
class Evidence:
    """One site on one day of a run.

    Attributes
    ----------
    day
        The day as the scenario has it.
    entries
        What the record tells of this site, or of all sites, on this day.
    alone
        Whether the run has no other site-day; names and ids then need no site-day before them.
    """

    run: RunFolder
    clock: Clock
    day: Day
    kept: KeptSiteDay
    entries: list[dict[str, Any]]
    frames: Frames | None
    alone: bool

    @property
    def site(self) -> str:
        """The site's name in the scenario's files."""
        return self.kept.site

    @property
    def key(self) -> str:
        """``day/site``: the path of this site-day's outcomes."""
        return f"{self.kept.day}/{self.kept.site}"

    @property
    def prefix(self) -> str:
        """What stands before ids and file names of this site-day; nothing where it is alone."""
        return "" if self.alone else f"{self.kept.day}_{self.kept.site}_"

    @property
    def place(self) -> str:
        """The site as people name it."""
        return site_words(self.run.scenario, self.site)

    @property
    def title(self) -> str:
        """Date and place."""
        return f"{self.date}, {self.place}"

    @property
    def date(self) -> str:
        """Day and month."""
        return date_words(self.day.file.start)

    @property
    def plan(self) -> SitePlan:
        """The site's ground."""
        return self.run.scenario.plans[self.site]

    @cached_property
    def deeds(self) -> list[Deed]:
        """Orders at this site with permission and effect."""
        return joined(self.entries, self.clock)

    @property
    def series(self) -> np.ndarray:
        """How many did what, one row a step."""
        return self.kept.tables["series"]

    @property
    def people(self) -> np.ndarray:
        """Every protester at the end of the day."""
        return self.kept.tables["people"]

    @property
    def sections(self) -> np.ndarray:
        """Every section of a force at the end of the day; at this site or elsewhere."""
        return self.kept.tables["sections"]

    @cached_property
    def sections_seen(self) -> np.ndarray:
        """Rows of the sections that were at this site at any frame; without frames those that ever arrived here."""
        if self.frames is not None:
            return np.flatnonzero((self.frames.section_cells >= 0).any(axis=0))
        return np.flatnonzero((self.sections["on_site"] == 1) | (self.sections["hurt"] > 0))

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Events in their order."""
        return self.entries_of("event")

    def entries_of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return the entries of some kinds, in their order."""
        return [entry for entry in self.entries if entry["kind"] in kinds]

    @cached_property
    def pictures(self) -> dict[str, list[dict[str, Any]]]:
        """What each seat was shown of this site, in order."""
        found: dict[str, list[dict[str, Any]]] = {}
        for entry in self.entries_of("picture"):
            found.setdefault(entry["seat"], []).append(entry)
        return found

    def outcome(self, name: str) -> float:
        """Return an outcome of this site-day; one that is told for the whole run only, as it is there."""
        outcomes = self.run.manifest["outcomes"]
        return float(outcomes[f"{self.key}/{name}"] if f"{self.key}/{name}" in outcomes else outcomes[name])

    @property
    def crowded(self) -> bool:
        """Whether a crowd may come to the site on this day; where none may, what belongs to crowds is left out."""
        return self.site in self.day.file.crowds

    @property
    def push_tick(self) -> int:
        """When the first push began; -1 where there was none."""
        return int(self.kept.facts["push_tick"])

    @property
    def start_tick(self) -> int:
        """When the day begins."""
        return self.clock.tick_at(self.day.file.start)

    @property
    def end_tick(self) -> int:
        """When the day ends."""
        return self.clock.tick_at(self.day.file.end)

    @cached_property
    def calm(self) -> bool:
        """Whether nobody was hurt, nobody pushed and no order was refused: then a summary says it all."""
        return not self.outcome("hurt") and self.push_tick < 0 and not any(deed.verdict == "refused" for deed in self.deeds)

    @cached_property
    def minor(self) -> bool:
        """Whether there was no clash here, and no push: then fewer figures tell it."""
        return self.outcome("hurt") < CLASH_PERSONS and self.push_tick < 0

    @cached_property
    def step_min(self) -> float:
        """Minutes between two rows of the series."""
        ticks = self.series["tick"]
        return float(ticks[1] - ticks[0]) * self.clock.base_tick_min if len(ticks) > 1 else self.clock.base_tick_min

    @cached_property
    def hours(self) -> np.ndarray:
        """Hours since the day's start, for each row of the series."""
        hours: np.ndarray = self.in_hours(self.series["tick"])
        return hours

    def in_hours(self, ticks: np.ndarray | Sequence[int] | int) -> Any:
        """Return ticks as hours since the day's start."""
        return (np.asarray(ticks) - self.start_tick) * self.clock.base_tick_min / 60.0

    def clock_hours(self, tick: int) -> float:
        """Return the local time of a tick in hours after midnight."""
        midnight = self.clock.tick_at(datetime.combine(self.day.file.start.date(), time()))
        return (tick - midnight) * self.clock.base_tick_min / 60.0

    def label(self, tick: int) -> str:
        """Return the local time of a tick, with the date where the day goes on past midnight."""
        return dated_clock(self.clock, tick) if over_midnight(self.day) else self.clock.label(tick)

    def seat(self, name: str) -> str:
        """Return a seat as people name it at this site."""
        return seat_words(self.run.scenario, name)

    def incidents_of(self, *kinds: Incident) -> np.ndarray:
        """Return the incidents of some kinds, in their order."""
        rows = self.kept.tables["incidents"]
        found: np.ndarray = rows[np.isin(rows["kind"], kinds)]
        return found

    def done(self, kind: OrderKind) -> list[Deed]:
        """Return the orders of one kind that took effect."""
        return [deed for deed in self.deeds if deed.order == kind and deed.effect_tick >= 0]

    def row_at(self, tick: int) -> int:
        """Return the row of the series at or before a tick."""
        return max(int(np.searchsorted(self.series["tick"], tick, side="right")) - 1, 0)

    def number(self, name: str) -> float:
        """Return a parameter's value in this run."""
        return self.run.scenario.parameters.number(name)

    def spans(self, begins: OrderKind, ends: tuple[OrderKind, ...]) -> list[tuple[int, int]]:
        """Return from when to when something ordered went on, as ticks."""
        found, since = [], -1
        for deed in sorted(self.deeds, key=lambda deed: deed.effect_tick):
            if deed.effect_tick < 0:
                continue
            if deed.order == begins and since < 0:
                since = deed.effect_tick
            elif deed.order in ends and since >= 0:
                found.append((since, deed.effect_tick))
                since = -1
        return [*found, (since, self.end_tick)] if since >= 0 else found

    @cached_property
    def push_spans(self) -> list[tuple[int, int]]:
        """From when to when a line pushed."""
        return self.spans(OrderKind.PUSH, (OrderKind.HALT_PUSH, OrderKind.TAKE_CORDON, OrderKind.WITHDRAW))

    @cached_property
    def violent_ticks(self) -> np.ndarray:
        """Ticks of the series at which the site counts as violent."""
        ticks: np.ndarray = self.series["tick"][self.series["violent"] >= VIOLENCE_PERSONS]
        return ticks


@dataclass(frozen=True)
class RunEvidence:
    """A whole run: its site-days in the order of play."""

    run: RunFolder
    clock: Clock
    site_days: tuple[Evidence, ...]

    @property
    def manifest(self) -> dict[str, Any]:
        """Versions, digests, seed, parameters, outcomes."""
        return self.run.manifest

    @property
    def alone(self) -> Evidence | None:
        """The only site-day of a run that has just one; else None."""
        return self.site_days[0] if len(self.site_days) == 1 else None

    @property
    def days(self) -> list[tuple[Day, list[Evidence]]]:
        """Each day with its sites."""
        return [(day, [item for item in self.site_days if item.day is day]) for day in self.run.scenario.days]

    @property
    def worst(self) -> Evidence:
        """The site-day with most people hurt; the first among equals."""
        return max(self.site_days, key=lambda item: item.outcome("hurt"))

    def number(self, name: str) -> float:
        """Return a parameter's value in this run."""
        return self.run.scenario.parameters.number(name)

    def day_of(self, tick: int) -> Day:
        """Return the day on which a tick falls."""
        date = self.clock.time(tick).date()
        return next((day for day in self.run.scenario.days if day.file.start.date() == date), self.run.scenario.days[-1])

    def label(self, tick: int) -> str:
        """Return the local time of a tick, with the date where the run has more than one day."""
        if len(self.run.scenario.days) == 1:
            return self.site_days[0].label(tick)
        return f"{date_words(self.clock.time(tick))}, {self.clock.label(tick)}"

    def clock_words(self, tick: int) -> str:
        """Return the clock time of a tick, with the date only where a day goes on past midnight."""
        return dated_clock(self.clock, tick) if any(over_midnight(day) for day, _ in self.days) else self.clock.label(tick)

    def entries_of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return the run's entries of some kinds, in their order."""
        return [entry for entry in self.run.entries if entry["kind"] in kinds]
