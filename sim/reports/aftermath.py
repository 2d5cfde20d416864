"""After the event: how reports of people hurt grow, and how far the chain of consequences goes for those who were violent.

Counted with the outcomes' own definitions on the kept record: every draw is keyed by run, person and tick, so that the report
finds the very cases of the run. Not shown: who a person is; single cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.adjudication.prosecution import Fate
from sim.engine.after_the_event import Cases, cases_of
from sim.engine.measures import FINAL_DAYS, Injury, injuries_of
from sim.engine.world import begin_day, new_world
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.ink import HEIGHT, SIDE_DASH, SIDE_INK, WIDTH, legend_below, sheet, title
from sim.reports.words import SIDES, persons
from sim.vocabulary import Conduct, Grade, Side

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GRADES = (Grade.LIGHT, Grade.SERIOUS, Grade.FATAL)
REPORTS: tuple[tuple[str, float | None], ...] = (("first report", 0.0), ("a day later", 1.0), ("final report", FINAL_DAYS), ("truth", None))
"""What each column counts: injuries reported by so many days after the event; the truth last."""


GROWTH_DAYS = 60.0
"""Days after the event that the chart of growing reports shows."""


@dataclass(frozen=True)
class Aftermath:
    """Who was hurt at a site on a day, and what became of those who were violent or detained there."""

    injuries: list[Injury]
    cases: Cases
    violent: np.ndarray
    detained: np.ndarray


def aftermaths(run: RunEvidence) -> dict[str, Aftermath]:
    """Return the aftermath of each site-day by its ``day/site``."""
    world = new_world(run.run.scenario, int(run.manifest["seed"]), {})
    found: dict[str, Aftermath] = {}
    for day, items in run.days:
        begin_day(world, day, {})
        for item in items:
            site = world.sites[item.site]
            site.record.add_incidents(item.kept.tables["incidents"])
            site.state.people = item.people
            cases = cases_of(world, site)
            people = item.people[cases.rows]
            found[item.key] = Aftermath(injuries_of(world, site), cases, people["was_violent"] == 1, people["conduct"] == Conduct.DETAINED)
    return found


def counted(found: Sequence[Injury], side: Side, grade: Grade | None, by_day: float | None) -> int:
    """Return how many of a side were hurt at a grade (or all): as reported by so many days after, or in truth."""
    return sum(
        1
        for item in found
        if item.side is side and (grade is None or item.grade is grade) and (by_day is None or item.report_day <= by_day)
    )


def hurt_rows(evidence: Evidence, found: Sequence[Injury]) -> list[dict[str, Any]]:
    """Return, for each side and grade, how many were hurt as reports have it and in truth."""
    expected = (Side.PROTESTERS,) if evidence.crowded else (Side.ARMED_GROUP, Side.CIVILIANS)
    there = {Side.KFOR, *expected, *(item.side for item in found)}
    there |= {Side(int(side)) for side in evidence.sections["side"][evidence.sections_seen]}
    rows = []
    for side in sorted(there):
        for grade in GRADES:
            counts = [counted(found, side, grade, day) for _, day in REPORTS]
            rows.append({"side": SIDES[side], "grade": grade.name.lower(), "counts": counts, "total": False})
        counts = [counted(found, side, None, day) for _, day in REPORTS]
        rows.append({"side": SIDES[side], "grade": "all grades", "counts": counts, "total": True})
    return rows


def agrees(evidence: Evidence, found: Sequence[Injury]) -> bool:
    """Return whether the injuries counted now are those of the run's outcomes; another version may count differently."""
    held = {"kfor_hurt": Side.KFOR} | ({"protesters_hurt": Side.PROTESTERS} if evidence.crowded else {"civilians_hurt": Side.CIVILIANS})
    return all(counted(found, side, None, None) == evidence.outcome(name) for name, side in held.items())


def growth_rows(days: Sequence[tuple[str, Sequence[Aftermath]]]) -> list[dict[str, Any]]:
    """Return, by day and side, how the count of people hurt grew from report to report."""
    rows = []
    for words, items in days:
        found = [injury for item in items for injury in item.injuries]
        for side in sorted({injury.side for injury in found}):
            counts = [counted(found, side, None, day) for _, day in REPORTS]
            rows.append({"day": words, "side": SIDES[side], "counts": counts})
    return rows


def chain(items: Sequence[Aftermath]) -> list[tuple[str, str, int]]:
    """Return the links of the chain of consequences, each with its meaning and how many people it reached."""
    fates = np.concatenate([item.cases.fates for item in items]) if items else np.zeros(0)
    violent = np.concatenate([item.violent for item in items]) if items else np.zeros(0, dtype=bool)
    detained = np.concatenate([item.detained for item in items]) if items else np.zeros(0, dtype=bool)
    later = np.isfinite(np.concatenate([item.cases.arrest_days for item in items])) if items else np.zeros(0, dtype=bool)
    return [
        ("violent", "at any time of a day", int(violent.sum())),
        ("detained", "on the day itself", int(detained.sum())),
        ("handed over", "of these, with evidence that can be used", int((detained & (fates >= Fate.HANDED_OVER)).sum())),
        ("arrested later", "identified afterwards", int(later.sum())),
        ("charged", "after a hand-over or a later arrest", int((fates >= Fate.CHARGED).sum())),
        ("convicted", "of those charged; the others were acquitted", int((fates >= Fate.CONVICTED).sum())),
        ("no consequence", "violent, and never detained or arrested", int((violent & (fates == Fate.NONE)).sum())),
    ]


def chain_table(columns: Mapping[str, Sequence[Aftermath]]) -> dict[str, Any]:
    """Return the chain side by side for several days, as a table: heads and rows."""
    told = [chain(items) for items in columns.values()]
    rows = [
        {
            "link": links[0][0],
            "meaning": links[0][1],
            "counts": [count for _, _, count in links],
            "most": max(count for _, _, count in links),
        }
        for links in zip(*told, strict=True)
    ]
    return {"heads": list(columns), "rows": rows}


def growth_chart(after: Mapping[str, Aftermath]) -> Figure:
    """Draw how the count of people hurt grew, day by day after the event, by side: reports against truth."""
    figure, (ax,) = sheet(WIDTH, HEIGHT)
    found = [injury for item in after.values() for injury in item.injuries]
    for side, dash in SIDE_DASH.items():
        own = [injury for injury in found if injury.side is side]
        days = np.sort([injury.report_day for injury in own if injury.in_final])
        if not own:
            continue
        at = np.concatenate([[0.0], days[(days > 0.0) & (days <= GROWTH_DAYS)], [GROWTH_DAYS]])
        values = np.searchsorted(days, at, side="right")
        words = f"{SIDES[side]}: {int(values[0])} at first, {len(days)} in the end, {len(own)} in truth"
        ax.step(at, values, where="post", color=SIDE_INK[side], linestyle=dash, linewidth=2, label=words)
        ax.plot([GROWTH_DAYS], [len(own)], "<", color=SIDE_INK[side], markersize=8, clip_on=False)
    ax.set(xlim=(0, GROWTH_DAYS), xlabel="days after the event")
    ax.set_ylim(0, max(ax.get_ylim()[1], 5))
    title(ax, "People hurt, as reports count them", "triangle: the truth")
    if found:
        legend_below(ax, columns=1, down=0.24)
    return figure


def growth_caption(after: Mapping[str, Aftermath]) -> str:
    """Return how reports grew, in words."""
    found = [injury for item in after.values() for injury in item.injuries]
    first, end = sum(item.in_first for item in found), sum(item.in_final for item in found)
    if not found:
        return "Nobody was hurt, so there was nothing to report."
    return f"Of {persons(len(found))} hurt on all sides the first reports counted {first}, the final ones {end}; some are never counted."
