"""The map of the theatre over time: data for the page's scrubber, and still pictures of the moments that mattered.

A site is a circle whose area is the crowd and whose fill and cross are the violence; beside it stand who leads, the level of
force and the forces there. Units on the road are drawn between base and site by the share of their time gone (notice to move
included where the record keeps the sum only). A diagram, not to scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.pictures import VIOLENCE_PERSONS
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.ink import BLACK, FAINT, GREY, SIDE_INK, TEXT, VERMILLION, canvas
from sim.reports.lead import LeadSpan, lead_at, lead_spans
from sim.reports.theatre_layout import HEIGHT, WIDTH, Layout
from sim.reports.whereabouts import Leg, forces_at, legs_of, on_the_road, reserves_at
from sim.reports.words import FORCES, LEVELS, date_words, persons
from sim.scenario.loader import Day
from sim.vocabulary import Level, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GRID_MIN = 5.0
"""Minutes between two positions of the slider."""

LEAST_PX, MOST_PX = 7.0, 38.0
"""Radius of the circle of an empty site, and of the largest crowd of the run."""

CALM_INK, UNREST_INK, VIOLENT_INK = "#9CA3AF", "#F2B56B", VERMILLION
"""Nobody violent; some, fewer than counts as violence; violence."""

FORCE_INK = {
    "kosovo_police": SIDE_INK[Side.KOSOVO_POLICE],
    "eulex": SIDE_INK[Side.EULEX],
    "kfor": SIDE_INK[Side.KFOR],
    "ksf": "#5B21B6",
}
FORCE_MARKS = {"kosovo_police": "◆", "eulex": "●", "kfor": "■", "ksf": "▲"}
DOING_WORDS = {"notice": "waits for its notice at", "out": "on its way to", "back": "on its way back from"}


@dataclass(frozen=True)
class SiteNow:
    """A site at one moment, as the map shows it."""

    present: int
    violent: int
    level: int
    leads: tuple[str, ...]
    forces: dict[str, int]

    @property
    def lines(self) -> list[str]:
        """The words below the circle."""
        crowd = f"{self.present:,} people" + (f", {self.violent} violent" if self.violent else "")
        lead = " + ".join(self.leads) if self.leads else "nobody"
        return [crowd, f"lead: {lead}", f"force: {LEVELS[Level(self.level)]}"]


@dataclass(frozen=True)
class TheatreDay:
    """One day of the map: its moments and what moves."""

    day: Day
    items: list[Evidence]
    legs: list[Leg]
    ticks: list[int]
    spans: dict[str, list[LeadSpan]]

    def now(self, item: Evidence, tick: int) -> SiteNow:
        """Return a site as it is at a tick."""
        row = item.series[item.row_at(tick)]
        leads = lead_at(self.spans[item.site], tick)
        forces = forces_at(self.legs, item.site, tick)
        return SiteNow(int(row["present"]), int(row["violent"]), int(row["level"]), leads, forces)


def theatre_days(run: RunEvidence) -> list[TheatreDay]:
    """Return the days of the map, each with a moment every few minutes."""
    step = run.clock.ticks_in(GRID_MIN)
    found = []
    for day, items in run.days:
        first, last = items[0].start_tick, int(items[0].series["tick"][-1])
        ticks = [*range(first, last, step), last]
        found.append(TheatreDay(day, items, legs_of(run, day), ticks, {item.site: lead_spans(item) for item in items}))
    return found


def largest_crowd(run: RunEvidence) -> int:
    """Return the most people at one site at once: the largest circle."""
    return max(1, *(int(item.series["present"].max(initial=0)) for item in run.site_days))


def radius_px(present: int, largest: int) -> float:
    """Return a circle's radius: its area grows with the crowd."""
    return LEAST_PX + (MOST_PX - LEAST_PX) * math.sqrt(present / largest)


def crowd_ink(violent: int) -> str:
    """Return the fill of a circle."""
    return CALM_INK if not violent else UNREST_INK if violent < VIOLENCE_PERSONS else VIOLENT_INK


def packed_theatre(run: RunEvidence, layout: Layout, days: list[TheatreDay]) -> dict[str, Any]:
    """Return everything that the page's map of the theatre draws."""
    theatre = run.run.scenario.theatre
    plain = [place for place in layout.bases if place not in layout.sites.values()]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "largest": largest_crowd(run),
        "radii": [LEAST_PX, MOST_PX],
        "violence": VIOLENCE_PERSONS,
        "inks": [CALM_INK, UNREST_INK, VIOLENT_INK],
        "forces": {name: {"words": FORCES[name], "ink": FORCE_INK[name], "mark": FORCE_MARKS[name]} for name in FORCES},
        "levels": [LEVELS[level] for level in Level],
        "roads": [[*layout.points[one], *layout.points[other]] for one, other in layout.roads],
        "places": [{"name": base_words(run, place), "at": layout.points[place]} for place in plain],
        "sites": {name: {"name": theatre.places[place].name, "at": layout.points[place]} for name, place in layout.sites.items()},
        "first": next((number for number, day in enumerate(days) if run.worst in day.items), 0),
        "days": [_packed_day(run, layout, day, plain) for day in days],
    }


def _packed_day(run: RunEvidence, layout: Layout, day: TheatreDay, bases: list[str]) -> dict[str, Any]:
    return {
        "title": day.day.file.title,
        "clocks": [run.clock.label(tick) for tick in day.ticks],
        "start": _calmest_start(day),
        "sites": {item.site: _packed_site(day, item) for item in day.items},
        "reserves": [_indexed([reserves_at(run, day.legs, base, tick) for tick in day.ticks]) for base in bases],
        "moving": [_packed_leg(layout, day, leg) for leg in day.legs if leg.doing != "at" and (leg.unit.base, leg.site) in layout.journeys],
    }


def _calmest_start(day: TheatreDay) -> int:
    """Return the moment at which the slider stands first: the most violent of the day, or its middle."""
    violent = [sum(day.now(item, tick).violent for item in day.items) for tick in day.ticks]
    return int(np.argmax(violent)) if max(violent, default=0) else len(day.ticks) // 2


def _packed_site(day: TheatreDay, item: Evidence) -> dict[str, Any]:
    nows = [day.now(item, tick) for tick in day.ticks]
    leads = list(dict.fromkeys(now.leads for now in nows))
    return {
        "present": [now.present for now in nows],
        "violent": [now.violent for now in nows],
        "level": [now.level for now in nows],
        "leads": [list(lead) for lead in leads],
        "lead": [leads.index(now.leads) for now in nows],
        "forces": _indexed([now.forces for now in nows]),
    }


def _indexed(rows: list[dict[str, int]]) -> dict[str, Any]:
    """Return rows that repeat one another as the different ones and, for each row, which it is."""
    kinds = list(dict.fromkeys(tuple(sorted(row.items())) for row in rows))
    return {"kinds": [dict(kind) for kind in kinds], "at": [kinds.index(tuple(sorted(row.items()))) for row in rows]}


def _packed_leg(layout: Layout, day: TheatreDay, leg: Leg) -> dict[str, Any]:
    return {
        "unit": leg.unit.name,
        "force": str(leg.unit.organisation),
        "persons": leg.persons,
        "doing": leg.doing,
        "site": leg.site,
        "since": leg.since - day.ticks[0],
        "until": leg.until - day.ticks[0],
        "step": day.ticks[1] - day.ticks[0] if len(day.ticks) > 1 else 1,
        "way": [list(layout.points[place]) for place in layout.journeys[leg.unit.base, leg.site]],
    }


def base_words(run: RunEvidence, place: str) -> str:
    """Return a base's short name: the one in brackets where there is one."""
    name = run.run.scenario.theatre.places[place].name
    return name.partition(" (")[2].rstrip(")") or name


@dataclass(frozen=True)
class TheatreMoment:
    """A moment worth a still picture, and why."""

    day: TheatreDay
    tick: int
    titles: tuple[str, ...]


def moments_of(days: list[TheatreDay]) -> list[TheatreMoment]:
    """Return the moments worth a still, by rule: the day's height of violence (or largest crowd), and support on the road."""
    found: list[TheatreMoment] = []
    for day in days:
        chosen: dict[int, list[str]] = {}
        column, words = (
            ("violent", "height of the violence") if any(len(item.violent_ticks) for item in day.items) else ("present", "largest crowds")
        )
        sums = [sum(int(item.series[item.row_at(tick)][column]) for item in day.items) for tick in day.ticks]
        chosen.setdefault(day.ticks[int(np.argmax(sums))], []).append(words)
        for leg in [leg for leg in day.legs if leg.doing == "out"][:1]:
            middle = (leg.since + leg.until) // 2
            nearest = day.ticks[int(np.argmin(np.abs(np.array(day.ticks) - middle)))]
            chosen.setdefault(nearest, []).append("support on the road")
        found += [TheatreMoment(day, tick, tuple(titles)) for tick, titles in sorted(chosen.items())]
    return found


def moment_caption(run: RunEvidence, moment: TheatreMoment) -> str:
    """Return a still in words."""
    told = []
    for item in moment.day.items:
        now = moment.day.now(item, moment.tick)
        told.append(f"{item.place} {now.present:,} people, {now.violent} violent, lead {' and '.join(now.leads) or 'nobody'}")
    roads = [
        f"{leg.unit.name} ({persons(leg.persons)}) {DOING_WORDS[leg.doing]} {_site_name(moment.day, leg.site)}"
        for leg, _ in on_the_road(moment.day.legs, moment.tick)
    ]
    when = f"{date_words(moment.day.day.file.start)}, {run.clock.label(moment.tick)}, {', '.join(moment.titles)}"
    return f"{when}. {'; '.join([*told, *roads])}. Schematic."


def _site_name(day: TheatreDay, site: str) -> str:
    return next((item.place for item in day.items if item.site == site), site)


def still(run: RunEvidence, layout: Layout, moment: TheatreMoment) -> Figure:
    """Draw one moment of the theatre."""
    figure, (ax,) = canvas(WIDTH / 100, HEIGHT / 100, [[0.0, 0.0, 1.0, 1.0]])
    ax.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0), xticks=[], yticks=[])
    ax.axis("off")
    _draw_places(ax, run, layout, moment)
    largest = largest_crowd(run)
    for item in moment.day.items:
        x, y = layout.points[layout.sites[item.site]]
        _draw_site(ax, item.place, (x, y), moment.day.now(item, moment.tick), largest)
    for leg, share in on_the_road(moment.day.legs, moment.tick):
        if (leg.unit.base, leg.site) in layout.journeys:
            _draw_unit(ax, layout, leg, share)
    when = f"{date_words(moment.day.day.file.start)}, {run.clock.label(moment.tick)}"
    ax.text(16, 30, f"{when} · {', '.join(moment.titles)}", fontsize=14, fontweight="bold", color=TEXT)
    ax.text(WIDTH - 14, HEIGHT - 14, "schematic, not to scale", ha="right", fontsize=9.5, color=TEXT)
    return figure


def _draw_places(ax: Axes, run: RunEvidence, layout: Layout, moment: TheatreMoment) -> None:
    for one, other in layout.roads:
        ax.plot(*zip(layout.points[one], layout.points[other], strict=True), color=FAINT, linewidth=4, zorder=1, solid_capstyle="round")
    for place in layout.bases:
        if place not in layout.sites.values():
            x, y = layout.points[place]
            ax.plot([x], [y], "s", color=GREY, markersize=7, zorder=2)
            ax.text(x, y + 12, base_words(run, place), ha="center", va="top", fontsize=9.5, color="#4B5563")
            waiting = reserves_at(run, moment.day.legs, place, moment.tick)
            for number, (force, many) in enumerate((force, waiting[force]) for force in FORCES if force in waiting):
                words = f"{FORCE_MARKS[force]} {FORCES[force]} {many} in reserve"
                ax.text(x, y + 29 + 17 * number, words, ha="center", va="top", fontsize=9, color=FORCE_INK[force], fontweight="bold")


def _draw_site(ax: Axes, name: str, at: tuple[float, float], now: SiteNow, largest: int) -> None:
    from matplotlib.patches import Circle

    radius = radius_px(now.present, largest)
    dash = "--" if not now.leads else "-"
    ax.add_patch(Circle(at, radius, facecolor=crowd_ink(now.violent), edgecolor=BLACK, linestyle=dash, linewidth=1.4, zorder=3))
    if len(now.leads) > 1:
        ax.add_patch(Circle(at, radius + 5, facecolor="none", edgecolor=BLACK, linewidth=1.4, zorder=3))
    if now.violent >= VIOLENCE_PERSONS:
        ax.plot([at[0]], [at[1]], "x", color=BLACK, markersize=11, markeredgewidth=2.6, zorder=4)
    ax.text(at[0], at[1] - radius - 8, name, ha="center", va="bottom", fontsize=12.5, fontweight="bold", color=TEXT, zorder=5)
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.9, "pad": 1.0}
    ax.text(at[0], at[1] + radius + 9, "\n".join(now.lines), ha="center", va="top", fontsize=9.5, color=TEXT, zorder=5, bbox=box)
    for place, (force, many) in enumerate((force, now.forces[force]) for force in FORCES if force in now.forces):
        y = at[1] - 8 + place * 17
        words = f"{FORCE_MARKS[force]} {FORCES[force]} {many}"
        ax.text(at[0] + radius + 9, y, words, fontsize=9.5, color=FORCE_INK[force], fontweight="bold", zorder=5, bbox=box)


def _draw_unit(ax: Axes, layout: Layout, leg: Leg, share: float) -> None:
    gone = 0.0 if leg.doing == "notice" else share if leg.doing == "out" else 1.0 - share
    x, y = layout.along(leg.unit.base, leg.site, gone)
    ink = FORCE_INK[str(leg.unit.organisation)]
    ax.plot([x], [y], ">" if leg.doing == "out" else "<", color=ink, markersize=12, markeredgecolor="white", zorder=6)
    words = f"{FORCES[str(leg.unit.organisation)]} {leg.persons}"
    box = {"facecolor": "white", "edgecolor": ink, "pad": 1.5}
    ax.text(x + 12, y - 16, words, fontsize=9.5, color=ink, fontweight="bold", va="center", zorder=7, bbox=box)
