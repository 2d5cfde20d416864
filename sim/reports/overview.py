"""Overview: a run of several sites and days in a few sentences a day, and the turning points that mattered most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.engine.pictures import CROWD_PERSONS
from sim.reports.cause import Cause
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.lead import lead_spans
from sim.reports.whereabouts import legs_of
from sim.reports.words import listed, minutes_words, persons
from sim.scenario.loader import Day

MOST_SITE_DAYS = 3
"""Site-days whose turning points stand in the overview: those with most people hurt."""

TOLD_FIRST = ("The police entered", "First violence", "A prepared group acted", "The push", "The height of the violence", "Support came")
"""Turning points that the overview tells; the others stand with their site-day."""

SIDES_HURT = (
    ("kfor_hurt", "of KFOR", "of KFOR"),
    ("police_hurt", "of the police", "of the police"),
    ("ksf_hurt", "of the KSF", "of the KSF"),
    ("protesters_hurt", "protester", "protesters"),
)

TOLD_OF = {"First violence": "Mean anger", "The push": "Why "}
"""How the cause begins that the overview tells of a turning point; of the others it tells the first."""


@dataclass(frozen=True)
class DayStory:
    """What happened on one day at all sites."""

    title: str
    words: str


@dataclass(frozen=True)
class _Sites:
    """A day with its sites in play."""

    run: RunEvidence
    day: Day
    items: list[Evidence]


def day_stories(run: RunEvidence) -> list[DayStory]:
    """Return each day in a few sentences from the record alone."""
    parts = (_crowds, _violence, _toll, _leads, _support)
    days = [_Sites(run, day, items) for day, items in run.days]
    return [DayStory(each.day.file.title, " ".join(text for part in parts for text in part(each))) for each in days]


def _crowds(each: _Sites) -> Iterator[str]:
    crowds = [(int(item.series["present"].max(initial=0)), item) for item in each.items]
    there = [(many, item) for many, item in crowds if many >= CROWD_PERSONS]
    if not there:
        yield f"No crowd formed at any of the {len(each.items)} sites in play."
        return
    most, where = max(there, key=lambda pair: pair[0])
    places = listed([item.place for _, item in there])
    if len(there) > 1:
        yield f"Crowds came to {places}; the largest was at {where.place}, {persons(most)} at once."
    else:
        yield f"A crowd came to {places}, at most {persons(most)} at once."


def _violence(each: _Sites) -> Iterator[str]:
    violent = [item for item in each.items if len(item.violent_ticks)]
    if not violent:
        yield "There was no violence by five or more people anywhere."
        return
    told = [f"{item.place} from {item.label(int(item.violent_ticks[0]))} to {item.label(int(item.violent_ticks[-1]))}" for item in violent]
    yield f"Five or more people were violent at {listed(told)}."
    pushed = [item for item in each.items if item.push_tick >= 0]
    if pushed:
        yield f"A line pushed at {listed([f'{item.place} ({item.label(item.push_tick)})' for item in pushed])}."


def _toll(each: _Sites) -> Iterator[str]:
    outcomes = each.run.manifest["outcomes"]
    path = f"{each.day.name}/" if f"{each.day.name}/hurt" in outcomes else ""
    hurt = int(outcomes[f"{path}hurt"])
    if not hurt:
        yield "Nobody was hurt."
        return
    sides = [persons(outcomes[path + name], one, many) for name, one, many in SIDES_HURT if outcomes.get(path + name)]
    killed = int(outcomes[f"{path}killed"])
    death = f"{killed} killed" if killed else "nobody was killed"
    worst = max(each.items, key=lambda item: item.outcome("hurt"))
    most = f", most at {worst.place} ({worst.outcome('hurt'):.0f})" if len(each.items) > 1 else ""
    yield f"{persons(hurt, 'person was', 'people were')} hurt ({listed(sides)}){most}; {death}."


def _leads(each: _Sites) -> Iterator[str]:
    two = sum(float(item.kept.facts["lead_minutes"]["two"]) for item in each.items)
    none = sum(float(item.kept.facts["lead_minutes"]["none"]) for item in each.items)
    longest: dict[str, float] = {}
    for item in each.items:
        for span in lead_spans(item):
            longest[span.words] = longest.get(span.words, 0.0) + (span.until - span.since)
    most = max((words for words in longest if words not in ("two", "none")), key=lambda words: longest[words], default="")
    unclear = [
        text for minutes, text in ((two, f"two led for {minutes_words(two)}"), (none, f"nobody led for {minutes_words(none)}")) if minutes
    ]
    if most:
        yield f"{most} led most of the time" + (f"; {' and '.join(unclear)}, all sites together." if unclear else ".")


def _support(each: _Sites) -> Iterator[str]:
    places = {item.site: item.place for item in each.items}
    sent = [leg for leg in legs_of(each.run, each.day) if leg.doing == "out"]
    if sent:
        told = [f"{leg.unit.name} to {places.get(leg.site, leg.site)} at {each.run.clock.label(leg.since)}" for leg in sent[:3]]
        yield f"Support was sent: {listed(told)}" + (f", and {len(sent) - 3} more." if len(sent) > 3 else ".")


def turning_points(run: RunEvidence, causes: dict[str, list[Cause]]) -> list[dict[str, str]]:
    """Return the turning points of the site-days with most people hurt, in order of time, each with its first cause."""
    by_harm = sorted((item for item in run.site_days if not item.calm), key=lambda item: -item.outcome("hurt"))[:MOST_SITE_DAYS]
    return [
        _turning_point(item, cause)
        for _, items in run.days
        for cause, item in sorted(
            ((cause, item) for item in items if any(item is other for other in by_harm) for cause in causes[item.key]),
            key=lambda pair: pair[0].time,
        )
        if cause.title in TOLD_FIRST
    ]


def _turning_point(item: Evidence, cause: Cause) -> dict[str, str]:
    return {
        "when": f"{item.date}, {cause.time}",
        "place": item.place,
        "title": cause.title,
        "lead": cause.lead,
        "why": next((point for point in cause.points if point.startswith(TOLD_OF.get(cause.title, ""))), ""),
        "anchor": f"{item.prefix}why",
    }
