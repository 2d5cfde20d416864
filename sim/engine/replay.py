"""Replay: the same scenario, seed and order log played again, held against the record entry by entry.

Either the two are identical, or the first difference is named. Nobody's judgement is needed: seats give back their log.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from sim.doctrine.orders import Order
from sim.engine.record import canonical
from sim.engine.run import Finished, play
from sim.engine.run_folder import RunFolder, model_digest
from sim.engine.state import Incident
from sim.foundations.clock import Clock
from sim.scenario.loader import Scenario
from sim.seats.recorded import Moment, RecordedSeat, moment
from sim.seats.seat import Seat
from sim.vocabulary import OrderKind


@dataclass(frozen=True)
class Comparison:
    """What a replay found.

    Attributes
    ----------
    identical
        Whether entries, incidents and series agree to the bit.
    difference
        The first difference in words; empty where there is none.
    same_model
        Whether the run was made by the same source files.
    """

    identical: bool
    difference: str
    same_model: bool
    digest: str


def recorded_seats(run: RunFolder) -> dict[str, Seat]:
    """Return seats that give back the run's order log."""
    by_seat: dict[str, dict[Moment, list[Order]]] = {name: defaultdict(list) for name in run.scenario.file.seats}
    for line in run.orders:
        day, minute = _moment_of(run.scenario, line["tick"])
        order = Order(line["seat"], OrderKind(line["order"]), line["selectivity"], line["because"], line["site"])
        by_seat[line["seat"]][moment(day, line["site"], minute)].append(order)
    return {name: RecordedSeat(name, orders) for name, orders in by_seat.items()}


def _moment_of(scenario: Scenario, tick: int) -> tuple[str, float]:
    """Return the day that a tick belongs to, and its minute counted from the midnight before that day."""
    clock = scenario.clock()
    day = next((day for day in scenario.days if clock.tick_at(day.file.start) <= tick < clock.tick_at(day.file.end)), scenario.days[-1])
    midnight = 1440.0 * (day.file.start.date() - scenario.origin.date()).days
    return day.name, tick * clock.base_tick_min - midnight


def replay(run: RunFolder) -> Comparison:
    """Play the run again from its order log and return how it compares."""
    again = play(run.scenario, run.manifest["seed"], recorded_seats(run))
    difference = _first_difference(run, again)
    return Comparison(not difference, difference, run.manifest["model"] == model_digest(), again.digest)


def _first_difference(run: RunFolder, again: Finished) -> str:
    clock, record = run.scenario.clock(), again.world.record
    found = _different_entry(clock, run.entries, record.entries)
    for (day, site), new in record.site_days.items():
        if found:
            break
        if (day, site) not in run.site_days:
            return f"the record has nothing of {site} on {day}, which the replay plays"
        tables = run.site_days[(day, site)].tables
        found = _different_row(clock, f"{day}: incident at {site}", tables["incidents"], new.incidents)
        found = found or _different_row(clock, f"{day}: minute of the series at {site}", tables["series"], new.series)
    if not found and run.manifest["digest"] != again.digest:
        return "entries, incidents and series agree, but the manifest's digest is another: the manifest was changed"
    return found


def _different_entry(clock: Clock, kept: list[dict[str, Any]], new: list[dict[str, Any]]) -> str:
    for number, (old, fresh) in enumerate(zip_longest(kept, new)):
        before = canonical(old) if old is not None else "nothing"
        after = canonical(fresh) if fresh is not None else "nothing"
        if before != after:
            tick = min(entry["tick"] for entry in (old, fresh) if entry is not None)
            return f"entry {number} at {clock.label(tick)} (tick {tick}): recorded {before}; replayed {after}"
    return ""


def _different_row(clock: Clock, what: str, kept: np.ndarray, new: np.ndarray) -> str:
    shared = min(len(kept), len(new))
    if kept.dtype != new.dtype:
        return f"the columns of each {what} differ: recorded {kept.dtype.names}; replayed {new.dtype.names}"
    different = np.flatnonzero(kept[:shared] != new[:shared])
    if len(different):
        row = int(different[0])
        tick = int(min(kept[row]["tick"], new[row]["tick"]))
        return f"{what} {row} at {clock.label(tick)} (tick {tick}): recorded {_told(kept[row])}; replayed {_told(new[row])}"
    if len(kept) != len(new):
        longer = kept if len(kept) > len(new) else new
        tick = int(longer[shared]["tick"])
        return f"{what} {shared} at {clock.label(tick)} (tick {tick}): only {'recorded' if longer is kept else 'replayed'}"
    return ""


def _told(row: np.void) -> str:
    names = row.dtype.names or ()
    values = {name: row[name].item() for name in names}
    if values.get("kind") in [*Incident]:
        values["kind"] = Incident(values["kind"]).name.lower()
    return ", ".join(f"{name} {value}" for name, value in values.items())
