"""Side by side: every site on every day as small multiples on the same axes, so that a reader sees at once where it burnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.pictures import VIOLENCE_PERSONS
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.ink import BLUE, FAINT, GREY, TEXT, VERMILLION, canvas, clock_axis, clock_span, turns
from sim.reports.lead import LEAD_HATCH, LEAD_INK, lead_spans
from sim.reports.words import LEVELS, persons, site_words
from sim.vocabulary import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, TOP, BOTTOM = 0.125, 0.995, 0.5, 0.55
"""Margins: shares of the width at the sides, inches above and below."""

CELL_IN, GAP_IN, BETWEEN = 2.05, 0.42, 0.012
"""Height of a site's row, room between rows, room between days (share of the width)."""

PANELS = ((0.62, 0.38), (0.34, 0.24), (0.1, 0.2), (0.0, 0.07))
"""Bottom and height of crowd, violence, force and lead in a cell, as shares of its height."""


def small_multiples(run: RunEvidence) -> Figure:
    """Draw crowd, violence, level of force and lead: one row a site, one column a day."""
    sites, days = list(run.run.scenario.file.sites), run.days
    height = TOP + BOTTOM + len(sites) * CELL_IN + (len(sites) - 1) * GAP_IN
    wide = (RIGHT - LEFT - BETWEEN * (len(days) - 1)) / len(days)
    found = {(item.site, item.day.name): item for item in run.site_days}
    boxes = []
    for row in range(len(sites)):
        bottom = height - TOP - (row + 1) * CELL_IN - row * GAP_IN
        for column in range(len(days)):
            left = LEFT + column * (wide + BETWEEN)
            boxes += [[left, (bottom + low * CELL_IN) / height, wide, size * CELL_IN / height] for low, size in PANELS]
    figure, axes = canvas(13.0, height, boxes)
    tops = _tops(run)
    for row, site in enumerate(sites):
        for column, (day, _) in enumerate(days):
            first = (row * len(days) + column) * len(PANELS)
            cell = axes[first : first + len(PANELS)]
            _frame_cell(cell, run, tops, labelled=column == 0, last=row == len(sites) - 1)
            if row == 0:
                cell[0].set_title(day.file.title, loc="left", fontsize=11.5, fontweight="bold", color=TEXT, pad=14)
            if column == 0:
                name = site_words(run.run.scenario, site)
                cell[0].text(-0.005, 1.06, name, transform=cell[0].transAxes, ha="right", fontsize=11.5, fontweight="bold", color=TEXT)
            item = found.get((site, day.name))
            if item is None:
                cell[0].text(0.5, 0.5, "not in play", transform=cell[0].transAxes, ha="center", va="center", color=GREY, fontsize=10)
            else:
                _fill_cell(cell, item)
    return figure


def _tops(run: RunEvidence) -> tuple[float, float, float]:
    crowd = max(float(item.series["present"].max(initial=0)) for item in run.site_days)
    violent = max(float(item.series["violent"].max(initial=0)) for item in run.site_days)
    level = max(int(item.series["level"].max(initial=0)) for item in run.site_days)
    return max(crowd * 1.08, 10.0), max(violent * 1.08, 2 * VIOLENCE_PERSONS), max(level, int(Level.PUSH)) + 0.5


def _frame_cell(cell: list[Axes], run: RunEvidence, tops: tuple[float, float, float], labelled: bool, last: bool) -> None:
    first, end = clock_span(run)
    for ax, top in zip(cell, (*tops, 1.0), strict=True):
        ax.set_ylim(0, top)
        clock_axis(ax, run, labels=last and ax is cell[-1], step_h=4)
        ax.tick_params(axis="x", length=2.5, labelsize=9)
        ax.set_facecolor("#F6F7F9")
        if ax is not cell[-1]:
            ax.set_xticks([])
        ax.set_xlim(first, end)
    crowd, violence, force, lead = cell
    crowd.set_yticks([0, round(tops[0] / 1.08)])
    violence.set_yticks([0, round(tops[1] / 1.08)])
    levels = [int(Level.PRESENCE), int(Level.PUSH)]
    force.set_yticks(levels)
    lead.set_yticks([])
    for ax in cell:
        ax.tick_params(axis="y", labelsize=8.5, length=2)
        if not labelled:
            ax.set_yticklabels([])
    if labelled:
        force.set_yticklabels([LEVELS[Level(level)] for level in levels])
        for ax, words in zip(cell, ("people", "violent", "force", "lead"), strict=True):
            ax.text(-0.285, 0.5, words, transform=ax.transAxes, ha="left", va="center", fontsize=9, color="#4B5563")


def _fill_cell(cell: list[Axes], item: Evidence) -> None:
    crowd, violence, force, lead = cell
    hours = item.hours + item.clock_hours(item.start_tick)
    for ax, name, ink, alpha in ((crowd, "present", GREY, 0.75), (violence, "violent", VERMILLION, 0.9), (force, "level", BLUE, 0.35)):
        at, values = turns(hours, item.series[name])
        ax.axvspan(hours[0], hours[-1], color="white", linewidth=0, zorder=0)
        ax.fill_between(at, values, step="post", color=ink, alpha=alpha, linewidth=0)
        ax.step(at, values, where="post", color=ink, linewidth=0.9)
    violence.axhline(VIOLENCE_PERSONS, color=TEXT, linewidth=0.7, linestyle=":")
    for since, _ in item.push_spans[:1]:
        for ax in (crowd, violence, force):
            ax.axvline(item.clock_hours(since), color="#8A5A00", linewidth=1.3, linestyle=(0, (4, 2)))
        crowd.annotate(
            "push", (item.clock_hours(since), 0.97), xycoords=("data", "axes fraction"), ha="right", va="top", fontsize=8.5, color="#6B4500"
        )
    hurt = int(item.outcome("hurt"))
    crowd.text(
        0.995,
        0.95,
        f"{hurt} hurt",
        transform=crowd.transAxes,
        ha="right",
        va="top",
        fontsize=9.5,
        fontweight="bold" if hurt else "normal",
        color=TEXT,
    )
    for span in lead_spans(item):
        start, end = item.clock_hours(span.since), item.clock_hours(span.until)
        hatch = LEAD_HATCH.get(span.words, "")
        lead.barh(
            0.5,
            end - start,
            left=start,
            height=1.0,
            color=LEAD_INK[span.words],
            hatch=hatch,
            edgecolor=TEXT if hatch else FAINT,
            linewidth=0.4,
        )
        if end - start > 1.5 and span.words in ("KP", "KFOR", "EULEX"):
            lead.text((start + end) / 2, 0.46, span.words, ha="center", va="center", color="white", fontsize=8, fontweight="bold")


def multiples_caption(run: RunEvidence) -> str:
    """Return the figure in words."""
    worst = run.worst
    most = max(run.site_days, key=lambda item: int(item.series["present"].max(initial=0)))
    return (
        f"Most people hurt: {worst.title} ({worst.outcome('hurt'):.0f}). Largest crowd: {most.title} "
        f"({persons(int(most.series['present'].max(initial=0)))} at once). Same axes in every cell; grey ground: hours that were not "
        "played; dotted: five violent people, from which a site counts as violent; hatched in the lead's strip: two at once."
    )
