"""Operation evidence: what a report reads of an armed group's operation - its rows every five minutes, and what happened when.

All of it stands in the record. What comes about between two rows (roads closed, ground searched) is taken from the run's outcomes
to the minute, where the rows say that it came about at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.engine.operation import GroupStage
from sim.engine.state import Incident
from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence, RunEvidence, dated_clock
from sim.reports.whereabouts import Leg, legs_of
from sim.reports.words import persons, place_words
from sim.scenario.armed_files import Armed
from sim.vocabulary import Grade, OrderKind, Side

STAGE_WORDS = {
    GroupStage.PREPARING: "preparing",
    GroupStage.MOVING_IN: "moving in",
    GroupStage.WAITING: "in place, waiting",
    GroupStage.BLOCKING: "roadblock",
    GroupStage.IN_CONTACT: "contact at the roadblock",
    GroupStage.HOLDING: "holding the compound",
    GroupStage.BREAKING_OUT: "breaking out",
    GroupStage.GONE: "gone",
    GroupStage.ABORTED: "gone back before an attack",
}

PHASE_WORDS = {
    "preparing": "not yet on the move",
    "moving_in": "moving in",
    "blocking": "at the roadblock",
    "waiting": "waiting round it",
    "holding": "in the compound",
    "breaking_out": "on the way out",
    "escaped": "got away",
    "aborted": "went back before the attack",
    "captured": "caught",
    "killed": "killed",
}
"""What each phase of a fighter is called, in the order in which they come."""

OFFICER_SIDES = (Side.KOSOVO_POLICE, Side.KFOR, Side.EULEX, Side.KSF)


@dataclass(frozen=True)
class OperationEvidence:
    """One armed operation: the site-day on which it happened, and the armed group as the scenario has it."""

    run: RunEvidence
    item: Evidence
    armed: Armed

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """How the operation stood, one row a decision."""
        return self.item.entries_of("operation")

    @cached_property
    def ticks(self) -> np.ndarray:
        """Ticks of the rows."""
        return np.array([row["tick"] for row in self.rows], dtype=np.int64)

    @cached_property
    def legs(self) -> list[Leg]:
        """What each unit did, from the record."""
        return legs_of(self.run, self.item.day)

    def entries_of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return the entries of some kinds on this site-day."""
        return self.item.entries_of(*kinds)

    def at(self, tick: int) -> dict[str, Any]:
        """Return the row at or before a tick (the first one where all are later)."""
        return self.rows[max(int(np.searchsorted(self.ticks, tick, side="right")) - 1, 0)]

    def from_on(self, tick: int) -> dict[str, Any]:
        """Return the first row at or after a tick (the last one where all are earlier)."""
        return self.rows[min(int(np.searchsorted(self.ticks, tick, side="left")), len(self.rows) - 1)]

    def when(self, tick: int) -> str:
        """Return date and local time of a tick."""
        return dated_clock(self.run.clock, tick)

    def minutes(self, first: int, then: int) -> float:
        """Return the minutes between two ticks."""
        return (then - first) * self.run.clock.base_tick_min

    def hours(self, ticks: Any) -> Any:
        """Return ticks as hours since the day's start."""
        return self.item.in_hours(ticks)

    def outcome(self, name: str) -> float:
        """Return an outcome of the run."""
        return float(self.run.manifest["outcomes"][name])

    def orders(self, kind: OrderKind, organisation: str = "") -> list[Deed]:
        """Return the orders of a kind (of one organisation's seats, where it is named), in order of time."""
        seats = self.run.run.scenario.file.seats
        return [
            deed
            for deed in self.item.deeds
            if deed.order == kind and (not organisation or (deed.seat in seats and str(seats[deed.seat].organisation) == organisation))
        ]

    @cached_property
    def happened(self) -> dict[str, int]:
        """When each thing first happened, by name; what never did is absent."""
        stages = {
            "moved_off": (GroupStage.MOVING_IN,),
            "in_place": (GroupStage.WAITING,),
            "block": (GroupStage.BLOCKING,),
            "contact": (GroupStage.IN_CONTACT,),
            "occupation": (GroupStage.HOLDING,),
            "breakout": (GroupStage.BREAKING_OUT,),
            "gone": (GroupStage.GONE,),
            "aborted": (GroupStage.ABORTED,),
        }
        found = {name: tick for name, wanted in stages.items() if (tick := self._first_stage(*wanted)) >= 0}
        orders = {"advance": OrderKind.ADVANCE, "sweep": OrderKind.SWEEP, "crossings_closed": OrderKind.CLOSE_CROSSINGS}
        for name, kind in orders.items():
            ticks = [deed.effect_tick for deed in self.orders(kind) if deed.effect_tick >= 0]
            found |= {name: min(ticks)} if ticks else {}
        if "contact" in found:
            closed = self._reached("closed_roads", self.run.number("encircled_share"))
            found |= {"encircled": self._after_contact(found["contact"], "encircled_h", closed)} if closed >= 0 else {}
            searched = self._reached("swept", 1.0)
            found |= {"control": self._after_contact(found["contact"], "control_h", searched)} if searched >= 0 else {}
        found |= {entry["kind"]: int(entry["tick"]) for entry in reversed(self.entries_of("control"))}
        taken = self._reached("cleared", 1.0)
        return found | ({"compound_taken": taken} if taken >= 0 else {})

    def _first_stage(self, *wanted: GroupStage) -> int:
        return next((int(row["tick"]) for row in self.rows if row["stage"] in wanted), -1)

    def _reached(self, name: str, least: float) -> int:
        return next((int(row["tick"]) for row in self.rows if row[name] >= least - 1e-9), -1)

    def _after_contact(self, contact: int, outcome: str, row_tick: int) -> int:
        """Return the tick that an outcome in hours since contact names; the row's own where it does not fit it."""
        told = contact + round(self.outcome(outcome) * 60.0 / self.run.clock.base_tick_min)
        step = int(self.ticks[1] - self.ticks[0]) if len(self.ticks) > 1 else 1
        return told if row_tick - step <= told <= row_tick + step else row_tick

    def told(self, fact: str) -> list[dict[str, Any]]:
        """Return when each organisation was first told a fact, in order of time."""
        first: dict[str, dict[str, Any]] = {}
        for entry in self.entries_of("told"):
            if entry["fact"] == fact:
                first.setdefault(entry["to"], entry)
        return list(first.values())

    def told_tick(self, organisation: str, *facts: str) -> int:
        """Return when an organisation was first told any of these facts; -1 where it never was."""
        ticks = [int(entry["tick"]) for fact in facts for entry in self.told(fact) if entry["to"] == organisation]
        return min(ticks, default=-1)

    def hurt_between(self, first: int, then: int) -> dict[Side, dict[Grade, int]]:
        """Return who was hit from one tick until before another, each person once at the worst grade of that time.

        Of forces the record knows the section only, so that every hit there is another person.
        """
        rows = self.item.incidents_of(Incident.HURT)
        rows = rows[(rows["tick"] >= first) & (rows["tick"] < then)]
        found: dict[Side, dict[Grade, int]] = {}
        worst: dict[tuple[Side, int], Grade] = {}
        for row in rows:
            side, grade = Side(int(row["side"])), Grade(int(row["grade"]))
            if side in OFFICER_SIDES:
                found.setdefault(side, {})[grade] = found.get(side, {}).get(grade, 0) + 1
            else:
                key = (side, int(row["entity"]))
                worst[key] = max(grade, worst.get(key, Grade.LIGHT))
        for (side, _), grade in worst.items():
            found.setdefault(side, {})[grade] = found.get(side, {}).get(grade, 0) + 1
        return found

    def fighters_words(self, row: dict[str, Any]) -> str:
        """Return what the fighters were doing, counted."""
        return ", ".join(f"{row['fighters'][name]} {words}" for name, words in PHASE_WORDS.items() if row["fighters"].get(name))

    def unit_words(self, name: str) -> str:
        """Return a unit's name with its strength as established."""
        unit = next((unit for unit in self.run.run.scenario.framework.command.units if unit.id == name), None)
        return f"{unit.name} ({persons(unit.sections * unit.persons_per_section)})" if unit else name

    def place(self, name: str) -> str:
        """Return the short name of a position or place: schematic points say so."""
        return place_words(self.run.run.scenario.theatre.places[name])

    @property
    def block_place(self) -> str:
        """Where the road is blocked, as people name it."""
        return self.place(self.armed.group.positions["block"].place)

    @property
    def compound_place(self) -> str:
        """What is occupied, as people name it."""
        return self.place(self.armed.group.positions["compound"].place)


def operations_of(run: RunEvidence) -> list[OperationEvidence]:
    """Return the armed operations of a run, in order of time; none where no armed group acts."""
    return [
        OperationEvidence(run, item, item.day.armed)
        for item in run.site_days
        if item.day.armed is not None and item.day.armed.group.site == item.site and item.entries_of("operation")
    ]
