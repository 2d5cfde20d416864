"""Timeline: the day at a glance, and the table of every order, the permission it met and what it did.

The figure has a lane for each kind of order by seat, so that repeated orders never hide each other; above it how many were
violent and the level of force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.pictures import VIOLENCE_PERSONS
from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence
from sim.reports.ink import BLUE, FAINT, GREY, SIDE_INK, TEXT, VERMILLION, mark_pushes, sheet, time_axis, title, turns
from sim.reports.words import LEVELS, minutes_words, order_words, sentence, side_of_seat, spoken
from sim.vocabulary import Level, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE_OF = {"kfor": Side.KFOR, "kosovo_police": Side.KOSOVO_POLICE, "eulex": Side.EULEX}
VERDICT_WORDS = {"granted": "granted", "delayed": "delayed", "refused": "refused", "": "needs none"}


@dataclass(frozen=True)
class Lane:
    """One row of the figure: the orders of one kind by one seat, or the planned events of one kind."""

    words: str
    colour: str
    deeds: tuple[Deed, ...] = ()
    events: tuple[int, ...] = ()


def lanes_of(evidence: Evidence) -> list[Lane]:
    """Return events first, then each seat's orders by when each kind was first given."""
    by_event: dict[str, list[int]] = {}
    for event in evidence.events:
        by_event.setdefault(event["what"], []).append(event["tick"])
    lanes = [Lane(f"Event · {event_words(name)}", GREY, events=tuple(ticks)) for name, ticks in by_event.items()]
    seats = [*evidence.run.scenario.file.seats, *sorted({deed.seat for deed in evidence.deeds} - evidence.run.scenario.file.seats.keys())]
    for seat in seats:
        kinds: dict[str, list[Deed]] = {}
        for deed in evidence.deeds:
            if deed.seat == seat:
                kinds.setdefault(deed.order, []).append(deed)
        colour = seat_ink(evidence, seat)
        lanes += [Lane(f"{evidence.seat(seat)} · {order_words(kind)}", colour, tuple(deeds)) for kind, deeds in kinds.items()]
    return lanes


def seat_ink(evidence: Evidence, seat: str) -> str:
    """Return the colour of a seat's side."""
    return SIDE_INK[SIDE_OF.get(side_of_seat(evidence.run.scenario, seat), Side.PROTESTERS)]


def event_words(what: str) -> str:
    """Return an event's kind as words."""
    return spoken(what).lower().replace("kfor", "KFOR")


def timeline(evidence: Evidence) -> Figure:
    """Draw the day: violence, level of force, and a lane for each kind of order and event."""
    lanes = lanes_of(evidence)
    lane_in = 0.27 * max(len(lanes), 1)
    figure, axes = sheet(12.5, 3.7 + lane_in, rows=3, heights=[1.1, 1.5, max(lane_in, 0.6)])
    violence, level, below = axes
    _draw_violence(violence, evidence)
    _draw_level(level, evidence)
    _draw_lanes(below, evidence, lanes)
    for ax in axes:
        mark_pushes(ax, evidence, words=ax is violence)
    for ax in (violence, level):
        ax.tick_params(labelbottom=False)
    time_axis(below, evidence)
    return figure


def _draw_violence(ax: Axes, evidence: Evidence) -> None:
    violent = evidence.series["violent"]
    hours, counts = turns(evidence.hours, violent)
    ax.fill_between(hours, counts, step="post", color=VERMILLION, alpha=0.85, linewidth=0)
    ax.axhline(VIOLENCE_PERSONS, color=TEXT, linewidth=0.8, linestyle=":")
    ax.set_ylim(0, max(float(violent.max()) * 1.15, 2 * VIOLENCE_PERSONS))
    title(ax, "Violent people", f"dotted: {VIOLENCE_PERSONS:.0f}, from which the site counts as violent")


def _draw_level(ax: Axes, evidence: Evidence) -> None:
    hours, level = turns(evidence.hours, evidence.series["level"])
    ax.fill_between(hours, level, step="post", color=BLUE, alpha=0.25, linewidth=0)
    ax.step(hours, level, where="post", color=BLUE, linewidth=1.6)
    highest = max(int(level.max()), int(Level.AGENTS))
    ax.set_yticks(range(highest + 1), [LEVELS[Level(step)] for step in range(highest + 1)], fontsize=9)
    ax.set_ylim(0, highest + 0.4)
    title(ax, "Highest level of force on site")


def _draw_lanes(ax: Axes, evidence: Evidence, lanes: list[Lane]) -> None:
    ax.set_yticks(range(len(lanes)), [lane.words for lane in lanes], fontsize=9.5)
    for place, (lane, label) in enumerate(zip(lanes, ax.get_yticklabels(), strict=True)):
        label.set_color(lane.colour)
        ax.axhline(place, color=FAINT, linewidth=0.7, zorder=0)
        ax.plot(evidence.in_hours(list(lane.events)), [place] * len(lane.events), "d", color=lane.colour, markersize=7, zorder=3)
        for deed in lane.deeds:
            _draw_deed(ax, evidence, place, deed, lane.colour)
    ax.set_ylim(len(lanes) - 0.4, -0.6)
    ax.grid(visible=False)
    title(ax, "Orders and events")
    ax.set_title("●  granted at once     ○━●  in effect after a delay     ✕  refused     ◆  event", loc="right", fontsize=9.5, color=TEXT)


def _draw_deed(ax: Axes, evidence: Evidence, place: int, deed: Deed, colour: str) -> None:
    at = float(evidence.in_hours(deed.tick))
    if deed.verdict == "refused":
        ax.plot([at], [place], "x", color=TEXT, markersize=8, markeredgewidth=2, zorder=3, clip_on=False)
        return
    done = float(evidence.in_hours(deed.effect_tick)) if deed.effect_tick >= 0 else None
    if deed.verdict == "delayed":
        ax.plot([at], [place], "o", markerfacecolor="white", color=colour, markersize=7, zorder=3, clip_on=False)
        if done is not None:
            ax.plot([at, done], [place, place], color=colour, linewidth=2.4, zorder=2)
    if done is not None:
        ax.plot([done], [place], "o", color=colour, markersize=6.5, zorder=3, clip_on=False)


def order_rows(evidence: Evidence, repeated_once: bool = False) -> list[dict[str, str]]:
    """Return the table below the figure: each order, the permission with clause and reasons, and its effect.

    Parameters
    ----------
    repeated_once
        Whether an order that a seat gives again, and that meets the same permission as the last time, stays in one row.
    """
    if not repeated_once:
        return [_order_row(evidence, deed) for deed in evidence.deeds]
    rows: list[list[Deed]] = []
    latest: dict[tuple[str, str], list[Deed]] = {}
    for deed in evidence.deeds:
        row = latest.get((deed.seat, deed.order))
        if row is not None and (row[-1].verdict, row[-1].clause, row[-1].because) == (deed.verdict, deed.clause, deed.because):
            row.append(deed)
        else:
            rows.append([deed])
            latest[deed.seat, deed.order] = rows[-1]
    return [_order_row(evidence, row[0]) | _again(evidence, row) for row in rows]


def _again(evidence: Evidence, row: list[Deed]) -> dict[str, str]:
    """Return what a row says of an order that was given more than once."""
    if len(row) == 1:
        return {}
    times = f"{evidence.label(row[0].tick)} to {evidence.label(row[-1].tick)}"
    return {"time": times, "order": f"{order_words(row[0].order)} ({len(row)} times)"}


def _order_row(evidence: Evidence, deed: Deed) -> dict[str, str]:
    kept_out = [f"{spoken(who)} kept out by {clause}" for who, clause in deed.excluded]
    return {
        "time": evidence.label(deed.tick),
        "seat": evidence.seat(deed.seat),
        "order": order_words(deed.order),
        "because": why_ordered(deed),
        "verdict": deed.verdict or "none needed",
        "verdict_words": VERDICT_WORDS.get(deed.verdict, deed.verdict),
        "clause": deed.clause,
        "reasons": " ".join(sentence(spoken_reason(text)) for text in [*deed.reasons, *kept_out]),
        "delay": minutes_words(deed.delay_min) if deed.delay_min > 0 else "",
        "effect": effect_words(evidence, deed),
    }


def why_ordered(deed: Deed) -> str:
    """Return the seat's own reason without the name of its table."""
    return sentence(deed.because.partition(": ")[2] or deed.because)


def spoken_reason(text: str) -> str:
    """Return a reason of a permission with organisations as people write them."""
    words = text.replace("kosovo police", "Kosovo Police")
    return words.replace("kfor ", "KFOR ").replace("eulex ", "EULEX ")


def effect_words(evidence: Evidence, deed: Deed) -> str:
    """Return when an order took effect, or why it never did."""
    if deed.effect_tick >= 0:
        return f"in effect {evidence.label(deed.effect_tick)}"
    if deed.verdict == "refused":
        return "no effect"
    if deed.taken_back:
        return f"taken back by '{order_words(deed.taken_back)}'"
    return "not in effect by the end of the day"
