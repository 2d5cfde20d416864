"""Why did this happen: each turning point with the causes that the record holds - factors, odds, draws, clauses, orders.

A turning point is chosen by rule. What is told of it was recorded while the run was played; nothing is guessed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine.pictures import VIOLENCE_PERSONS
from sim.engine.state import Incident
from sim.reports.arrivals import entry_made, support_came, waves
from sim.reports.cause import Cause
from sim.reports.clauses import clause_words, doctrine_words
from sim.reports.crowd_reasons import PEAK_MIN, compare_peak, first_violence, peak_window
from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence
from sim.reports.knowledge import told_words
from sim.reports.timeline import spoken_reason, why_ordered
from sim.reports.words import minutes_words, order_words, percent, persons, sentence, short, spoken
from sim.vocabulary import OrderKind


def causes(evidence: Evidence) -> list[Cause]:
    """Return the turning points in order of time, then refusals and delays."""
    found: list[tuple[int, Cause]] = []
    violence = (_first_violence, _prepared_group, _pushes, _riot, _ground_given, _detentions, _vehicles_out, _end_of_violence)
    for part in (entry_made, waves, support_came, *violence):
        found += part(evidence)
    ordered = [cause for _, cause in sorted(found, key=lambda pair: pair[0])]
    return [*ordered, *_held_up(evidence)]


def _first_violence(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    rows = evidence.incidents_of(Incident.TURNED_VIOLENT)
    if len(rows):
        tick = int(rows[0]["tick"])
        lead, points = first_violence(evidence, rows[0])
        yield tick, Cause("First violence", evidence.label(tick), lead, points)


def _prepared_group(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    for deed in evidence.done(OrderKind.PREPARED_GROUP_ACTS):
        violent = int(evidence.series["violent"][evidence.row_at(deed.effect_tick)])
        lead = f"A prepared group in the crowd acted; {persons(violent, 'person was', 'people were')} violent at that moment."
        lasts = minutes_words(evidence.number("prepared_action_min"))
        point = f"It acts on its leader's own time, fixed beforehand, whatever the forces do, for {lasts}."
        yield deed.effect_tick, Cause("A prepared group acted", evidence.label(deed.effect_tick), lead, [point])


def order_points(evidence: Evidence, deed: Deed) -> list[str]:
    """Return why an order was given and what let it pass: the seat's reason, the doctrine's row, the clause and its text."""
    points = [f"Why {evidence.seat(deed.seat)} ordered it: {why_ordered(deed)} {doctrine_words(evidence, deed)}".strip()]
    if deed.verdict:
        verdict = "Delayed" if deed.verdict == "delayed" else "Granted" if deed.verdict == "granted" else "Refused"
        reasons = " ".join(sentence(spoken_reason(text)) for text in deed.reasons)
        text = clause_words(evidence, deed.clause)
        points.append(f"{verdict} under clause {deed.clause}: {reasons} {text}".strip())
    if deed.delay_min > 0:
        points.append(
            f"Asking for it took {minutes_words(deed.delay_min)}: ordered {evidence.label(deed.tick)}, in effect {_when(evidence, deed)}."
        )
    points += [f"{spoken(who)} took no part: {clause}." for who, clause in deed.excluded]
    return points


def _when(evidence: Evidence, deed: Deed) -> str:
    return evidence.label(deed.effect_tick) if deed.effect_tick >= 0 else "not before the end of the day"


def _pushes(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    pushes = evidence.done(OrderKind.PUSH)
    if pushes:
        first = pushes[0]
        row = evidence.series[evidence.row_at(first.effect_tick)]
        lead = (
            f"{evidence.seat(first.seat)} pushed the crowd. {persons(int(row['present']))} were there, {int(row['sitting'])} of them "
            f"sitting, {int(row['violent'])} violent."
        )
        points = [*_run_up(evidence, first), told_words(evidence, first), *order_points(evidence, first)]
        yield first.effect_tick, Cause("The push", evidence.label(first.effect_tick), lead, [point for point in points if point])


def _run_up(evidence: Evidence, push: Deed) -> list[str]:
    """Return what KFOR tried before the push."""
    steps: dict[str, int] = {}
    for deed in evidence.deeds:
        if deed.seat == push.seat and 0 <= deed.effect_tick < push.effect_tick:
            steps[deed.order] = steps.get(deed.order, 0) + 1
    told = [order_words(order) + (f" ({many} times)" if many > 1 else "") for order, many in steps.items()]
    return [f"Before it the same seat had ordered: {', '.join(told)}."] if told else []


def _riot(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    window = peak_window(evidence)
    if window is None:
        return
    begin, end, mean = window
    lead = f"The most violent {PEAK_MIN:.0f} minutes: on average {mean:.0f} people were violent at once."
    points, header, rows = compare_peak(evidence, begin, end)
    yield begin, Cause("The height of the violence", f"{evidence.label(begin)} to {evidence.label(end)}", lead, points, header, rows)


def _ground_given(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    rows = evidence.incidents_of(Incident.GAVE_GROUND, Incident.LINE_BROKE)
    if not len(rows):
        return
    first, broke = rows[0], int((rows["kind"] == Incident.LINE_BROKE).sum())
    pressed = int((rows["kind"] == Incident.GAVE_GROUND).sum())
    lead = f"Sections of the line gave ground {pressed} times" + (f" and broke {broke} times." if broke else "; it never broke.")
    point = (
        f"At the first of these the pressure on the section was {first['first']:.2f} of what it can bear, with "
        f"{first['second']:.0f} people pressing and {first['third']:.0f} violent at the line; the rule gave a chance of "
        f"{percent(float(first['odds']))}, the draw was {first['draw']:.3f}."
    )
    yield int(first["tick"]), Cause("The line gave ground", evidence.label(int(first["tick"])), lead, [point])


def _detentions(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    rows = evidence.incidents_of(Incident.DETAINED)
    if not len(rows):
        return
    first, tick = rows[0], int(rows[0]["tick"])
    clock, last = evidence.label(tick), evidence.label(int(rows[-1]["tick"]))
    lead = f"{persons(len(rows))} were detained, the first at {clock}, the last at {last}."
    lead = lead if len(rows) > 1 else f"One person was detained, at {clock}."
    violent = np.isin(rows["entity"], evidence.people["id"][evidence.people["was_violent"] == 1])
    points = [
        f"Of them {int(violent.sum())} had been violent that day.",
        f"First: person {short(int(first['entity']))}, at {float(first['first']):.2g} detentions a minute for each team, with "
        f"{persons(int(first['second']), 'violent person', 'violent people')} in reach; selectivity {float(first['third']):.1f} "
        f"(0 everybody in reach, 1 identified violent persons only); chance {percent(float(first['odds']))} in that step, "
        f"the draw was {first['draw']:.3f}.",
    ]
    sent = [deed for deed in evidence.done(OrderKind.SEND_DETENTION_TEAMS) if deed.effect_tick <= tick]
    yield tick, Cause("Detentions", clock, lead, points + (order_points(evidence, sent[-1]) if sent else []))


def _vehicles_out(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    out = [event["tick"] for event in evidence.events if event["what"] == "vehicle_out"]
    if not out:
        return
    stuck = np.flatnonzero(evidence.series["vehicles_stuck"] > 0)
    waited = (out[-1] - int(evidence.series["tick"][stuck[0]])) * evidence.clock.base_tick_min if len(stuck) else 0.0
    left = int(evidence.series["vehicles_stuck"][-1])
    came = f"{persons(len(out), 'vehicle', 'vehicles')} came out, the last at {evidence.label(out[-1])}"
    lead = f"{came}, {minutes_words(waited)} after getting stuck."
    lead += f" {persons(left, 'vehicle', 'vehicles')} stayed." if left else ""
    points = [
        "A vehicle comes out when it stands behind the line with nobody beside it for "
        f"{minutes_words(evidence.number('extraction_min'))}: the line had gone forward "
        f"{float(evidence.series['advance_m'][evidence.row_at(out[-1])]):.0f} m on average by then."
    ]
    orders = [deed for deed in evidence.done(OrderKind.EXTRACT_VEHICLES) if deed.effect_tick <= out[-1]]
    yield out[-1], Cause("Vehicles out", evidence.label(out[-1]), lead, points + (order_points(evidence, orders[0]) if orders else []))


def _end_of_violence(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    ticks = evidence.violent_ticks
    if not len(ticks):
        return
    last = int(ticks[-1])
    if last >= int(evidence.series["tick"][-1]) - evidence.clock.ticks_in(5.0):
        yield last, Cause("No end of violence", evidence.label(last), "Violence was still going on when the day ended.")
        return
    since = last - evidence.clock.ticks_in(60.0)
    kinds = (
        (Incident.STOPPED, "stopped of their own accord"),
        (Incident.FLED, "fled in fear"),
        (Incident.WENT_HOME, "went home"),
        (Incident.DETAINED, "detained"),
    )
    told = []
    for kind, words in kinds:
        rows = evidence.incidents_of(kind)
        people = len(np.unique(rows["entity"][(rows["tick"] >= since) & (rows["tick"] <= last)]))
        if people:
            told.append(f"{people} {words}")
    lead = f"After {evidence.label(last)} there were never again {VIOLENCE_PERSONS:.0f} or more violent people at once."
    points = [f"In the hour before: {', '.join(told)}. One person can be in more than one of these."] if told else []
    orders = [deed for deed in evidence.deeds if since <= deed.effect_tick <= last]
    points += [f"Orders in that hour: {_orders_told(evidence, orders)}."] if orders else []
    points += [
        f"Dusk fell at {evidence.label(event['tick'])}." for event in evidence.events if event["what"] == "dusk" and event["tick"] <= last
    ]
    yield last, Cause("End of violence", evidence.label(last), lead, points)


def _orders_told(evidence: Evidence, deeds: list[Deed]) -> str:
    told = dict.fromkeys(f"{order_words(deed.order)} ({evidence.seat(deed.seat)})" for deed in deeds)
    return ", ".join(told)


def _held_up(evidence: Evidence) -> Iterator[Cause]:
    """Return each kind of order that was refused or delayed, once for each clause; the first push is told already."""
    groups: dict[tuple[str, str, str, str], list[Deed]] = {}
    told = evidence.done(OrderKind.PUSH)[:1]
    for deed in evidence.deeds:
        if deed.verdict in ("refused", "delayed") and not any(deed is other for other in told):
            groups.setdefault((deed.verdict, deed.seat, deed.order, deed.clause), []).append(deed)
    for (verdict, seat, order, _), deeds in groups.items():
        times = f" {len(deeds)} times" if len(deeds) > 1 else ""
        each = " each time" if len(deeds) > 1 else ""
        first = evidence.label(deeds[0].tick)
        lead = f"{evidence.seat(seat)} ordered '{order_words(order)}'{times}, first at {first}; it was {verdict}{each}."
        yield Cause(f"{verdict.capitalize()}: {order_words(order)}", first, lead, order_points(evidence, deeds[0]))
