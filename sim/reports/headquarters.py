"""Headquarters: requests and the minutes they took, reserves and where they went, red cards, licence and concessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.deterrence.licence import licence_after
from sim.doctrine.concessions import CONCESSIONS
from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence, RunEvidence, over_midnight
from sim.reports.ink import BLUE, GREEN, HEIGHT, PURPLE, TEXT, VERMILLION, WIDTH, dated_axis, legend_below, sheet, title
from sim.reports.whereabouts import legs_of
from sim.reports.words import minutes_words, order_words, persons, seat_words, signed, site_words, spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

type Point = tuple[int, float]


def request_rows(run: RunEvidence) -> list[dict[str, Any]]:
    """Return every order that had to be asked for or was refused: by site-day, seat, order and clause, with the minutes it took."""
    groups: dict[tuple[str, str, str, str, str], list[tuple[Evidence, Deed]]] = {}
    for item in run.site_days:
        for deed in item.deeds:
            if deed.verdict in ("delayed", "refused"):
                groups.setdefault((item.key, deed.seat, deed.order, deed.verdict, deed.clause), []).append((item, deed))
    return [_request_row(run, pairs) for pairs in groups.values()]


def _request_row(run: RunEvidence, pairs: list[tuple[Evidence, Deed]]) -> dict[str, Any]:
    item, deed = pairs[0]
    delays = [other.delay_min for _, other in pairs]
    done = [other for _, other in pairs if other.effect_tick >= 0]
    after = f"in effect {item.label(done[0].effect_tick)}" if done else "never in effect"
    return {
        "when": f"{item.date}, {item.label(deed.tick)}" if run.alone is None else item.label(deed.tick),
        "place": item.place,
        "seat": item.seat(deed.seat),
        "order": order_words(deed.order),
        "times": len(pairs),
        "verdict": deed.verdict,
        "clause": deed.clause,
        "minutes": minutes_words(float(np.median(delays))) if deed.verdict == "delayed" else "",
        "queued": minutes_words(sum(other.queued_min for _, other in pairs)) if any(other.queued_min >= 0.5 for _, other in pairs) else "",
        "after": after if deed.verdict == "delayed" else "no effect",
    }


def reserve_rows(run: RunEvidence) -> list[dict[str, str]]:
    """Return who was sent where and when it arrived, who was called back, and when no reserve was left."""
    rows = []
    for day, items in run.days:
        places = {item.site: item.place for item in items}
        arrived = [(leg.unit.id, leg.site, leg.since) for leg in legs_of(run, day) if leg.doing in ("at", "away")]
        for leg in legs_of(run, day):
            if leg.doing not in ("out", "back"):
                continue
            came = next((tick for unit, site, tick in arrived if (unit, site) == (leg.unit.id, leg.site) and tick >= leg.until), -1)
            rows.append(
                {
                    "time": run.label(leg.since),
                    "unit": f"{leg.unit.name} ({persons(leg.persons)})",
                    "what": f"sent from its base to {places.get(leg.site, order_words(leg.site))}"
                    if leg.doing == "out"
                    else f"called back from {places.get(leg.site, order_words(leg.site))}",
                    "arrived": _arrival(run, leg.since, came, leg.until)
                    if leg.doing == "out"
                    else f"at its base {run.clock_words(leg.until)}",
                }
            )
    for entry in run.entries_of("movement"):
        if entry["what"] == "no_reserve_left":
            place = site_words(run.run.scenario, entry["site"])
            rows.append({"time": run.label(entry["tick"]), "unit": "–", "what": f"asked for at {place}", "arrived": "no reserve left"})
    return rows


def _arrival(run: RunEvidence, since: int, came: int, until: int) -> str:
    if came < 0:
        return f"not by {run.clock_words(until)}"
    return f"{run.clock_words(came)}, after {minutes_words((came - since) * run.clock.base_tick_min)}"


def red_card_rows(run: RunEvidence) -> list[dict[str, str]]:
    """Return when a capital kept its contingent out, and of what."""
    names = {item.id: item.name for item in run.run.scenario.framework.command.contingents}
    return [
        {
            "time": run.label(entry["tick"]),
            "place": site_words(run.run.scenario, entry["site"]),
            "contingent": names.get(entry["contingent"], spoken(entry["contingent"])),
            "caveat": entry["caveat"],
        }
        for entry in run.entries_of("red_card")
    ]


def concession_rows(run: RunEvidence) -> list[dict[str, str]]:
    """Return each concession that was ordered: when it was done, and what it cost and brought to either community."""
    done = run.entries_of("concession")
    rows = []
    for item in run.site_days:
        seen: set[str] = set()
        for deed in item.deeds:
            if deed.order not in CONCESSIONS or deed.order in seen:
                continue
            seen.add(deed.order)
            rows.append(_concession_row(run, item, deed, done))
    return rows


def _concession_row(run: RunEvidence, item: Evidence, deed: Deed, done: list[dict[str, Any]]) -> dict[str, str]:
    entry = next(
        (entry for entry in done if entry["tick"] >= deed.tick and (entry["site"], entry["order"]) == (item.site, deed.order)), None
    )
    row = {
        "time": run.label(deed.tick),
        "place": item.place,
        "seat": seat_words(run.run.scenario, deed.seat),
        "order": order_words(deed.order),
    }
    if entry is None or entry["tick"] > item.end_tick:
        return row | {
            "done": "refused" if deed.verdict == "refused" else "not by the end of the day",
            "majority": "",
            "crowd": "",
            "other": "",
        }
    licence = ", ".join(f"{_government(run, name)} {signed(change)}" for name, change in entry["licence"].items())
    hours = f"{entry['movement_hours']:.1f} h of movement given up" if entry["movement_hours"] else ""
    return row | {
        "done": item.label(entry["tick"]),
        "majority": f"confidence in the forces {signed(-entry['confidence_cost'])}",
        "crowd": f"grievance {signed(-entry['grievance_relief'])}, certainty of consequence {signed(-entry['precedent_cost'])}",
        "other": "; ".join(text for text in (f"licence: {licence}" if licence else "", hours) if text),
    }


def _government(run: RunEvidence, name: str) -> str:
    return next((item.name for item in run.run.scenario.framework.command.governments if item.id == name), spoken(name))


def licence_lines(run: RunEvidence) -> dict[str, list[Point]]:
    """Return each government's licence over time, from its value at the start and every change in the record."""
    governments = run.run.scenario.framework.command.governments
    lines = {item.id: [(run.site_days[0].start_tick, float(item.licence.value))] for item in governments}
    seats = run.run.scenario.file.seats
    for entry in run.entries_of("licence", "concession", "cost"):
        changes: dict[str, float] = {}
        if entry["kind"] == "concession":
            changes = entry["licence"]
        elif entry["kind"] == "cost":
            force = seats[entry["seat"]].organisation
            changes = {item.id: -entry["licence"] for item in governments if force in item.licenses}
        for name, change in changes.items():
            if name in lines:
                lines[name].append((entry["tick"], licence_after(lines[name][-1][1], change)))
        if entry["kind"] == "licence" and entry["government"] in lines:
            lines[entry["government"]].append((entry["tick"], float(entry["licence"])))
    return lines


LINES = ((BLUE, "-", "o"), (VERMILLION, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"))


def licence_chart(run: RunEvidence) -> Figure:
    """Draw each government's licence over the days, nights left out."""
    figure, (ax,) = sheet(WIDTH, HEIGHT)
    offset, marks, ends = 0.0, [], {}
    for item in [items[0] for _, items in run.days]:
        ends[item.day.name] = (item.start_tick, item.end_tick, offset)
        marks.append((offset, item.date))
        if offset:
            ax.axvline(offset, color=TEXT, linewidth=0.8, linestyle=":")
        offset += (item.end_tick - item.start_tick) * run.clock.base_tick_min / 60.0
    for (name, points), (ink, dash, mark) in zip(licence_lines(run).items(), LINES * len(LINES), strict=False):
        at = [_place(run, tick, ends) for tick, _ in points]
        values = [value for _, value in points]
        words = f"{_government(run, name)}: {values[0]:.2f} → {values[-1]:.2f}"
        ax.step(
            [*at, offset],
            [*values, values[-1]],
            where="post",
            color=ink,
            linestyle=dash,
            marker=mark,
            markersize=5,
            linewidth=2,
            label=words,
        )
    ax.set(xlim=(0, offset), ylim=(0, 1))
    if run.alone is not None and over_midnight(run.alone.day):
        dated_axis(ax, run.alone, step_h=6)
        title(ax, "Licence of governments", "0 none to 1 full")
        legend_below(ax, columns=2, down=0.2)
    else:
        ax.set_xticks([place for place, _ in marks], [words for _, words in marks], ha="left")
        title(ax, "Licence of governments", "0 none to 1 full; nights left out")
        legend_below(ax, columns=2)
    return figure


def _place(run: RunEvidence, tick: int, ends: dict[str, tuple[int, int, float]]) -> float:
    first, last, offset = ends[run.day_of(tick).name]
    return offset + (min(max(tick, first), last) - first) * run.clock.base_tick_min / 60.0


def licence_caption(run: RunEvidence) -> str:
    """Return what became of licence, in words."""
    told = [f"{_government(run, name)} {points[0][1]:.2f} to {points[-1][1]:.2f}" for name, points in licence_lines(run).items()]
    whom = "the forces or the crowd" if any(item.crowded for item in run.site_days) else "the forces or an armed group"
    return f"How much each government lets {whom} do in its name: {'; '.join(told)}. Want of licence is felt as delay."


def cost_rows(run: RunEvidence) -> list[dict[str, str]]:
    """Return what acting unasked cost in partners' trust and governments' licence."""
    return [
        {
            "time": run.label(entry["tick"]),
            "place": site_words(run.run.scenario, entry["site"]),
            "seat": seat_words(run.run.scenario, entry["seat"]),
            "ground": spoken(entry["ground"]),
            "trust": signed(-entry["trust"]),
            "licence": signed(-entry["licence"]),
        }
        for entry in run.entries_of("cost")
    ]
