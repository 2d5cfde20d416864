"""Contents: everything that the page's templates name, and every figure by its place in the page."""

from __future__ import annotations

from functools import partial
from typing import Any

from sim.engine.state import Incident
from sim.reports import (
    aftermath,
    charts,
    first_news,
    headquarters,
    key_figures,
    knowledge,
    lead,
    levers,
    overview,
    pedigree,
    side_by_side,
    site_map,
    theatre_map,
)
from sim.reports.aftermath import Aftermath
from sim.reports.cause import Cause
from sim.reports.evidence import Evidence, RunEvidence, over_midnight
from sim.reports.operation_contents import OPERATION_GROUPS, ended_heading, launched_heading, operation_content, operation_drawings
from sim.reports.operation_evidence import OperationEvidence, operations_of
from sim.reports.page import Drawing, Picture, island
from sim.reports.story import story
from sim.reports.theatre_layout import layout_of
from sim.reports.timeline import order_rows, timeline
from sim.reports.why import causes
from sim.reports.words import SEATS, date_words, seat_words, spoken

type Pictures = dict[str, list[Picture]]

GROUPS = ("timeline", "stills", "charts", "knowledge")
"""Places of figures in the page of one site-day."""

THEATRE_GROUPS = ("theatre_stills", "side_by_side", "lead", "licence", "growth", *OPERATION_GROUPS)
"""Places of figures that belong to the whole run; those of operations stay empty where no armed group acts."""


TURNS = {"before the first push", "five minutes after the push", "largest crowd", "peak of violence"}
"""Moments of which a site-day among several has a still map; the slider has them all."""


def drawings(evidence: Evidence) -> dict[str, list[Drawing]]:
    """Return every figure of a site-day by its place in the page.

    Where there are several, a calm one has the crowd's conduct alone, and one without a clash no still maps and two plots; one
    to which no crowd may come has none.
    """
    if not evidence.crowded:
        return {place: [] for place in GROUPS}
    before, short = evidence.prefix, not evidence.alone
    told = [
        Drawing(before + name, caption(evidence), partial(draw, evidence))
        for name, draw, caption in charts.CHARTS
        if name in ("conduct", "injuries") or not (short and evidence.minor)
    ]
    if evidence.calm and short:
        return {"timeline": [], "stills": [], "charts": told[:1], "knowledge": []}
    seat = knowledge.knowing_seat(evidence)
    words = evidence.seat(seat)
    return {
        "timeline": [Drawing(f"{before}timeline", timeline_caption(evidence), partial(timeline, evidence))],
        "stills": [] if evidence.minor and short else _stills(evidence),
        "charts": told,
        "knowledge": [
            Drawing(f"{before}knowledge", knowledge.knowledge_words(evidence, seat), partial(charts.knowledge, evidence, seat, words))
        ]
        if seat
        else [],
    }


def run_drawings(run: RunEvidence, after: dict[str, Aftermath]) -> dict[str, list[Drawing]]:
    """Return every figure of the whole run by its place in the page."""
    found: dict[str, list[Drawing]] = {place: [] for place in THEATRE_GROUPS}
    found["lead"] = [Drawing("lead", lead.strip_caption(run), partial(lead.lead_strip, run))]
    found["growth"] = [Drawing("growth", aftermath.growth_caption(after), partial(aftermath.growth_chart, after))]
    operations = operations_of(run)
    for op in operations:
        for place, made in operation_drawings(op).items():
            found[place] += made
    licence = [Drawing("licence", headquarters.licence_caption(run), partial(headquarters.licence_chart, run))]
    if run.alone is not None:
        return found | {"licence": licence if operations else []}
    days, layout = theatre_map.theatre_days(run), layout_of(run)
    found["side_by_side"] = [Drawing("side_by_side", side_by_side.multiples_caption(run), partial(side_by_side.small_multiples, run))]
    found["licence"] = licence
    found["theatre_stills"] = [
        Drawing(f"theatre_{number}", theatre_map.moment_caption(run, moment), partial(theatre_map.still, run, layout, moment))
        for number, moment in enumerate(theatre_map.moments_of(days), start=1)
    ]
    return found


def _stills(evidence: Evidence) -> list[Drawing]:
    if evidence.frames is None:
        return []
    found = []
    moments = site_map.moments(evidence, evidence.frames)
    kept = [moment for moment in moments if evidence.alone or TURNS & {*moment.titles}]
    for number, moment in enumerate(kept, start=1):
        clock = evidence.label(int(evidence.frames.ticks[moment.frame]))
        caption = f"{clock}, {', '.join(moment.titles)}. {site_map.counts_words(evidence.frames, moment.frame)}"
        found.append(Drawing(f"{evidence.prefix}map_{number}", caption, partial(site_map.still, evidence, evidence.frames, moment)))
    return found


def timeline_caption(evidence: Evidence) -> str:
    """Return what the timeline shows, counted."""
    counts = {verdict: sum(1 for deed in evidence.deeds if deed.verdict == verdict) for verdict in ("granted", "delayed", "refused")}
    told = f"{len(evidence.deeds)} orders: {counts['granted']} granted at once, {counts['delayed']} delayed, {counts['refused']} refused."
    return told + (" Shaded: a line is pushing." if evidence.push_spans else "")


def site_day_content(
    run: RunEvidence, evidence: Evidence, pictures: Pictures, after: Aftermath, observed: dict[str, Any]
) -> dict[str, Any]:
    """Return everything that the template of one site-day names."""
    frames = None if not evidence.crowded or (evidence.calm and not evidence.alone) else evidence.frames
    return {
        "prefix": evidence.prefix,
        "title": evidence.title,
        "place": evidence.plan.name,
        "calm": evidence.calm and not evidence.alone,
        "worst": evidence is run.worst,
        "hurt_count": int(evidence.outcome("hurt")),
        "crowded": evidence.crowded,
        "crowd_peak": int(evidence.outcome("crowd_peak")) if evidence.crowded else 0,
        "story": story(evidence) if evidence.crowded else "",
        "outcomes": key_figures.outcome_rows(run, observed, "" if evidence.alone else evidence.key),
        "hurt": aftermath.hurt_rows(evidence, after.injuries),
        "hurt_agrees": aftermath.agrees(evidence, after.injuries),
        "reports": [name for name, _ in aftermath.REPORTS],
        "history": key_figures.compared_with_history(evidence),
        "orders": order_rows(evidence, repeated_once=not evidence.alone),
        "order_count": len(evidence.deeds),
        "pictures": pictures,
        "pushed": bool(evidence.push_spans),
        "agents_used": bool(len(evidence.incidents_of(Incident.AGENT_USED))),
        "site": island(site_map.packed_site(evidence, frames)) if frames else "",
        "clocks": [evidence.label(int(tick)) for tick in frames.ticks] if frames else [],
        "moments": [
            {"frame": item.frame, "clock": evidence.label(int(frames.ticks[item.frame])), "words": ", ".join(item.titles)}
            for item in site_map.moments(evidence, frames)
        ]
        if frames
        else [],
        "legend": site_map.legend(evidence),
        "causes": causes(evidence) if evidence.crowded else [],
        "lead": lead.lead_sentence(evidence),
    }


def theatre_content(run: RunEvidence, told: dict[str, list[Cause]], observed: dict[str, Any]) -> dict[str, Any]:
    """Return what the template of the theatre names."""
    days, layout = theatre_map.theatre_days(run), layout_of(run)
    there = {leg.unit.organisation for day in days for leg in day.legs}
    there |= {unit.organisation for unit in run.run.scenario.framework.command.units if unit.reserve}
    return {
        "stories": overview.day_stories(run),
        "turning_points": overview.turning_points(run, told),
        "map": island(theatre_map.packed_theatre(run, layout, days)),
        "days": [day.day.file.title for day in days],
        "forces": [
            {"words": spoken(name), "mark": theatre_map.FORCE_MARKS[name], "ink": theatre_map.FORCE_INK[name]}
            for name in theatre_map.FORCE_MARKS
            if name in there
        ],
        "table": key_figures.side_by_side(run, observed),
        "outcomes": [row for row in key_figures.outcome_rows(run, observed) if row["primary"]],
    }


def after_content(run: RunEvidence, after: dict[str, Aftermath]) -> dict[str, Any]:
    """Return what was heard, asked for, led and followed up: the parts that stand for one site-day as for many."""
    days = [(items[0].date, [after[item.key] for item in items]) for _, items in run.days]
    columns = dict(days) if len(days) < 2 else {**dict(days), "all days": [item for _, items in days for item in items]}
    return {
        "crowds": any(item.crowded for item in run.site_days),
        "news": first_news.news_tables(run),
        "requests": headquarters.request_rows(run),
        "reserves": headquarters.reserve_rows(run),
        "red_cards": headquarters.red_card_rows(run),
        "concessions": headquarters.concession_rows(run),
        "costs": headquarters.cost_rows(run),
        "hand_overs": [
            {"title": item.title, "lead": lead.lead_sentence(item), "stories": lead.hand_over_stories(item)} for item in run.site_days
        ],
        "growth": aftermath.growth_rows(days),
        "reports": [name for name, _ in aftermath.REPORTS],
        "chain": aftermath.chain_table(columns),
        "levers": levers.levers(run),
    }


def content(run: RunEvidence, drawn: dict[str, Pictures], over: Pictures, after: dict[str, Aftermath]) -> dict[str, Any]:
    """Return everything that the page's templates name.

    Parameters
    ----------
    drawn
        Figures of each site-day, by ``day/site`` and place in the page.
    over
        Figures of the whole run, by place.
    """
    file, manifest = run.run.scenario.file, run.manifest
    observed, parameters = key_figures.observed_outcomes(run), pedigree.parameter_rows(run)
    days = [site_day_content(run, item, drawn[item.key], after[item.key], observed) for item in run.site_days]
    by_key = {item.key: day for item, day in zip(run.site_days, days, strict=True)}
    operations = [operation_content(op, by_key[op.item.key], _own_pictures(op, over), observed) for op in operations_of(run)]
    told = {item.key: day["causes"] for item, day in zip(run.site_days, days, strict=True)}
    first, last = run.site_days[0], run.site_days[-1]
    return {
        "title": file.title,
        "summary": file.summary,
        "date": _date(run, first, last),
        "place": first.plan.name if run.alone else ", ".join(dict.fromkeys(item.place for item in run.site_days)),
        "seed": manifest["seed"],
        "seats": SEATS.get(manifest["seats"], manifest["seats"]),
        "seat_rows": _seat_rows(run),
        "alone": run.alone is not None,
        "operations": operations,
        "launched": launched_heading(run),
        "ended": ended_heading(run),
        "operation_only": run.alone is not None and bool(operations) and not run.alone.crowded,
        "site_days": days,
        "theatre": None if run.alone else theatre_content(run, told, observed),
        "over": over,
        "after": after_content(run, after),
        "not_shown": key_figures.not_shown(manifest["outcomes"]),
        "theories": pedigree.theories(run),
        "switches": pedigree.switches(run),
        "parameters": parameters,
        "grades": pedigree.grade_shares(parameters),
        "settings": manifest["settings"],
        "left_out": pedigree.left_out(run),
        "commands": pedigree.commands(run),
        "manifest": manifest,
    }


def _own_pictures(op: OperationEvidence, over: Pictures) -> Pictures:
    """Return the figures of one operation among all: their names begin with its site-day."""
    return {place: [picture for picture in over[place] if picture.name.startswith(op.item.prefix)] for place in OPERATION_GROUPS}


def _date(run: RunEvidence, first: Evidence, last: Evidence) -> str:
    start, end = first.day.file.start, last.day.file.end
    if run.alone is not None:
        until = f"{date_words(end)}, {end:%H:%M}" if over_midnight(last.day) else last.label(last.end_tick)
        return f"{start.day} {start.strftime('%B %Y, %H:%M')} to {until}"
    dates = ", ".join(str(day.file.start.day) for day, _ in run.days)
    return (
        f"{dates} {start.strftime('%B %Y')}"
        if (start.year, start.month) == (end.year, end.month)
        else f"{first.date} to {last.date} {end.year}"
    )


def _seat_rows(run: RunEvidence) -> list[tuple[str, str, str]]:
    """Return each seat with its organisation and doctrine; by day where it changes."""
    rows = []
    for name, seat in run.run.scenario.file.seats.items():
        by_day = {items[0].date: day.doctrines[name].doctrine for day, items in run.days if name in day.doctrines}
        kinds = dict.fromkeys(by_day.values())
        doctrine = (
            spoken(next(iter(kinds), "")) if len(kinds) < 2 else "; ".join(f"{date} {spoken(table)}" for date, table in by_day.items())
        )
        rows.append((seat_words(run.run.scenario, name), spoken(str(seat.organisation)), doctrine))
    return rows
