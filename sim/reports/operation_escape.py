"""Why the group got away: each cell with its way, where it was stopped and with what chance, and how the ground stood by then.

The record tells of a cell when it passes the cordon, is caught and gets away. The ground is told as it stood at the break-out and at
the cell's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.adjudication.interdiction import watched_share
from sim.engine.operation import Duty
from sim.reports.operation_evidence import OperationEvidence
from sim.reports.operation_story import FACT_WORDS, on_site_words, organisation_words
from sim.reports.timeline import effect_words
from sim.reports.words import FORCES, listed, minutes_words, order_words, percent, persons, sentence, spoken
from sim.vocabulary import OrderKind

DUTY_WORDS = {
    Duty.PATROL: "patrol at the roadblock",
    Duty.STANDBY: "standing by",
    Duty.CORDON: "cordon",
    Duty.ASSAULT: "advance on the compound",
    Duty.SWEEP: "search",
    Duty.BOUNDARY: "watching the boundary",
    Duty.OTHER_SITES: "guarding other sites",
    Duty.MONITOR: "monitoring",
}

SUPPORT_ORDERS = (
    *(OrderKind.OFFER_OUTER_CORDON, OrderKind.ACCEPT_HELP, OrderKind.REFUSE_HELP, OrderKind.WATCH_BOUNDARY, OrderKind.SURVEIL),
    *(OrderKind.PROTECT_OTHER_SITES, OrderKind.EXTRACT_PATROL, OrderKind.EVACUATE_WOUNDED, OrderKind.NEGOTIATE_EXIT),
    *(OrderKind.SEARCH_VEHICLES, OrderKind.CLOSE_CROSSINGS, OrderKind.MONITOR, OrderKind.CALL_BELGRADE, OrderKind.SPEAK_PUBLICLY),
)
"""Orders that say what was offered, accepted and done beside the cordon itself."""


@dataclass(frozen=True)
class CellEnd:
    """How one cell ended.

    Attributes
    ----------
    fighters
        How many it still had; -1 where several cells ended between two rows, so that the record does not say.
    """

    cell: int
    tick: int
    caught: bool
    where: str
    way: str
    odds: float
    draw: float | None
    fighters: int


def cell_ends(op: OperationEvidence) -> list[CellEnd]:
    """Return how each cell that is recorded ended, in order of time."""
    entries = op.entries_of("cell")
    return [
        CellEnd(
            cell=int(entry["cell"]),
            tick=int(entry["tick"]),
            caught=entry["what"] == "caught",
            where=str(entry.get("where", "")),
            way=str(entry["way"]),
            odds=float(entry["odds"]),
            draw=float(entry["draw"]) if "draw" in entry else None,
            fighters=_fighters(op, entry, entries),
        )
        for entry in entries
    ]


def _fighters(op: OperationEvidence, entry: dict[str, Any], entries: list[dict[str, Any]]) -> int:
    """Return how many fighters ended with a cell: the difference of the rows before and after it, where no other cell ended so."""
    phase = "captured" if entry["what"] == "caught" else "escaped"
    before, after = op.at(int(entry["tick"]) - 1), op.from_on(int(entry["tick"]))
    same = [other for other in entries if before["tick"] < other["tick"] <= after["tick"] and other["what"] == entry["what"]]
    return int(after["fighters"].get(phase, 0) - before["fighters"].get(phase, 0)) if len(same) == 1 else -1


def way_words(op: OperationEvidence, name: str) -> str:
    """Return a way out in words."""
    way = next((way for way in op.armed.group.ways_out if way.id == name), None)
    if way is None:
        return spoken(name)
    return f"{'on foot' if way.mode == 'foot' else 'by vehicle'} to {op.place(way.to)}"


def boundary_watch(op: OperationEvidence, tick: int) -> tuple[int, int]:
    """Return how many units and sections watched the boundary at a tick."""
    watching = [leg for leg in op.legs if leg.doing == "away" and leg.site == Duty.BOUNDARY and leg.since <= tick]
    return len(watching), sum(leg.unit.sections for leg in watching)


def cell_rows(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return the table of cells: one row a cell."""
    rows = []
    for end in cell_ends(op):
        row = op.from_on(end.tick)
        sections = boundary_watch(op, end.tick)[1]
        stopped = 1.0 - end.odds if not end.caught else end.odds
        rows.append(
            {
                "cell": end.cell,
                "fighters": str(end.fighters) if end.fighters >= 0 else "–",
                "way": way_words(op, end.way).partition(" to ")[0],
                "when": op.when(end.tick),
                "what": f"caught at the {end.where}" if end.caught else "got away",
                "caught": end.caught,
                "where": end.where or "boundary",
                "odds": percent(stopped),
                "draw": f"{end.draw:.2f}" if end.draw is not None else "–",
                "roads": percent(row["closed_roads"]),
                "paths": percent(row["closed_paths"]),
                "there": on_site_words(row).replace(" and ", ", "),
                "boundary": persons(sections, "section", "sections") if sections else "nobody",
            }
        )
    return rows


def by_way(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return, for each way out, how many cells took it and how they ended."""
    ends = cell_ends(op)
    return [
        {
            "way": way_words(op, way),
            "cells": sum(end.way == way for end in ends),
            "cordon": sum(end.way == way and end.caught and end.where == "cordon" for end in ends),
            "boundary": sum(end.way == way and end.caught and end.where == "boundary" for end in ends),
            "escaped": sum(end.way == way and not end.caught for end in ends),
        }
        for way in dict.fromkeys(end.way for end in ends)
    ]


def where_everybody_was(op: OperationEvidence, tick: int) -> list[dict[str, str]]:
    """Return where every unit that had been sent was at a tick, and what it did: the row's duties, the roads, duties elsewhere."""
    duties = op.from_on(tick)["duties"]
    found = []
    for leg in op.legs:
        if not leg.since <= tick < leg.until or leg.doing == "back":
            continue
        if leg.doing == "at" and leg.site == op.item.site:
            duty = DUTY_WORDS[Duty(duties[leg.unit.id])] if leg.unit.id in duties else "no duty"
        elif leg.doing == "away":
            duty = DUTY_WORDS[Duty(leg.site)]
        else:
            duty = "waiting for its notice" if leg.doing == "notice" else "on the road"
        found.append({"force": FORCES[str(leg.unit.organisation)], "unit": leg.unit.name, "persons": str(leg.persons), "duty": duty})
    order = {name: number for number, name in enumerate(FORCES.values())}
    return sorted(found, key=lambda row: (order[row["force"]], row["duty"], row["unit"]))


def support_rows(op: OperationEvidence) -> list[dict[str, str]]:
    """Return what was offered, accepted, refused and done beside the cordon: each kind once a seat, with its clause and effect."""
    rows: list[dict[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for deed in op.item.deeds:
        if deed.order not in SUPPORT_ORDERS or (deed.seat, deed.order) in seen:
            continue
        seen.add((deed.seat, deed.order))
        times = sum((other.seat, other.order) == (deed.seat, deed.order) for other in op.item.deeds)
        rows.append(
            {
                "time": op.when(deed.tick),
                "seat": op.item.seat(deed.seat),
                "order": order_words(deed.order) + (f" ({times} times)" if times > 1 else ""),
                "clause": deed.clause,
                "effect": "at once" if deed.effect_tick == deed.tick else effect_words(op.item, deed),
            }
        )
    return rows


def never_ordered(op: OperationEvidence) -> str:
    """Return which of those orders that bear on the ways out nobody gave, as a sentence; nothing where nobody broke out."""
    if "breakout" not in op.happened:
        return ""
    wanted = (OrderKind.WATCH_BOUNDARY, OrderKind.OFFER_OUTER_CORDON, OrderKind.ACCEPT_HELP, OrderKind.CLOSE_CROSSINGS, OrderKind.SURVEIL)
    given = {deed.order for deed in op.item.deeds}
    missing = [f"'{order_words(kind)}'" for kind in wanted if kind not in given]
    return f"Nobody ordered {listed(missing)} in this run." if missing else ""


def escape_words(op: OperationEvidence) -> list[str]:
    """Return why the group got away, or did not, in sentences."""
    if "breakout" not in op.happened:
        holding = int(op.rows[-1]["fighters"].get("holding", 0))
        still = [f"{persons(holding, 'fighter', 'fighters')} still held the compound at the end of the run."] if holding else []
        return ["The group never broke out, so nobody had to be stopped on a way out.", *still]
    parts = (_first_news, _ground, _boundary, _cordon_odds, _late_news, _light)
    return [sentence(words) for part in parts if (words := part(op))]


def _first_news(op: OperationEvidence) -> str:
    reports = {
        fact: tick for fact in ("warning", "infiltration", "roadblock", "attack") if (tick := op.told_tick("kosovo_police", fact)) >= 0
    }
    if not reports:
        return "police were never told before the break-out"
    fact = min(reports, key=lambda name: reports[name])
    first = reports[fact]
    closed = op.happened.get("encircled")
    lead = f"police were first told at {op.when(first)}, of {FACT_WORDS[fact]}"
    if closed is None:
        return f"{lead}; the roads round the village were never closed"
    return f"{lead}; {minutes_words(op.minutes(first, closed))} later the roads round the village were closed"


def _ground(op: OperationEvidence) -> str:
    row = op.at(op.happened["breakout"])
    most = max(float(each["closed_paths"]) for each in op.rows)
    return (
        f"when the group broke out, roads were {percent(row['closed_roads'])} closed and paths for walkers {percent(row['closed_paths'])} "
        f"(never more than {percent(most)}); on site were {on_site_words(row)}"
    )


def _boundary(op: OperationEvidence) -> str:
    tick = op.happened["breakout"]
    units, sections = boundary_watch(op, op.item.end_tick)
    needed = op.run.number("boundary_sections_needed")
    if not units:
        return f"nobody watched the boundary; to watch all ways near the village would have taken {needed:.0f} sections"
    already = boundary_watch(op, tick)[1]
    share = watched_share(float(sections), needed)
    return (
        f"{persons(sections, 'section', 'sections')} watched the boundary ({already} of them when the group broke out), "
        f"{percent(share)} of the {needed:.0f} that it takes"
    )


def _cordon_odds(op: OperationEvidence) -> str:
    ends = cell_ends(op)
    caught = [end for end in ends if end.caught]
    if not ends:
        return "no cell has ended on its way out within the run"
    stopped = listed([f"cell {end.cell} at the {end.where} (chance {percent(end.odds)})" for end in caught])
    away = sum(not end.caught for end in ends)
    agreed = any(deed.effect_tick == op.happened["breakout"] for deed in op.orders(OrderKind.BARGAIN))
    if agreed and not caught:
        return f"{away} of {persons(len(ends), 'cell', 'cells')} got away; an agreed exit is not stopped at the cordon"
    return f"{away} of {persons(len(ends), 'cell', 'cells')} got away" + (f"; stopped: {stopped}" if caught else "; none was stopped")


def _late_news(op: OperationEvidence) -> str:
    told = op.told_tick("kosovo_police", "breakout")
    if told < 0:
        return "police were never told of the break-out"
    late = minutes_words(op.minutes(op.happened["breakout"], told))
    by = next((entry for entry in op.told("breakout") if entry["to"] == "kosovo_police"), None)
    first = op.told("breakout")[0]
    earlier = f"; the first to be told was {organisation_words(first['to'])}, at {op.when(first['tick'])}"
    also = earlier if by is not first else ""
    sweep = op.happened.get("sweep")
    search = f"; the search began at {op.when(sweep)}" if sweep is not None else ""
    return f"police were told of the break-out {late} after it began{also}{search}"


def _light(op: OperationEvidence) -> str:
    row = op.at(op.happened["breakout"])
    if not row["dark"]:
        return "the break-out was by daylight, so that darkness hid nobody at the cordon"
    return f"it was dark, which lowers what a closed path stops to {percent(op.run.number('dark_paths_factor'))} of its chance"
