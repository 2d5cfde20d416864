"""Arrivals: what brought people and support to a site - a forced entry, sirens, word of a clash elsewhere, a reserve that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reports.cause import Cause
from sim.reports.evidence import Evidence
from sim.reports.words import listed, minutes_words, order_words, persons, sentence
from sim.vocabulary import OrderKind

CALLS = {
    "sirens": "sirens called them",
    "entry": "word of the forced entry brought them",
    "push": "the push brought them",
    "detentions": "detentions brought them",
    "clash_elsewhere": "word of people hurt at another site brought them",
}


def entry_made(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    """Tell the forced entry: who ordered it, and who had urged what."""
    deeds = evidence.done(OrderKind.ENTER_BUILDING)
    if not deeds:
        return
    first = deeds[0]
    row = evidence.series[evidence.row_at(first.effect_tick)]
    lead = f"{evidence.seat(first.seat)} forced their way into the building; {persons(int(row['present']))} were on the square."
    ordered = [deed for deed in evidence.done(OrderKind.ORDER_ENTRY) if deed.effect_tick <= first.effect_tick]
    points = [
        f"Ordered by {evidence.seat(deed.seat)} at {evidence.label(deed.effect_tick)}: {sentence(_own(deed.because))}"
        for deed in ordered[:1]
    ]
    points.append(f"Why then: {sentence(_own(first.because))}")
    told = evidence.done(OrderKind.TELL_KFOR_BEFOREHAND)
    points.append(f"KFOR was told beforehand, at {evidence.label(told[0].effect_tick)}." if told else "KFOR was not told beforehand.")
    yield first.effect_tick, Cause("The police entered", evidence.label(first.effect_tick), lead, points)


def _own(because: str) -> str:
    return because.partition(": ")[2] or because


def waves(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    """Tell which waves of people something set off, each cause once."""
    groups: dict[str, list[int]] = {}
    for event in evidence.events:
        if event["what"] == "people_set_off":
            groups.setdefault(event["note"], []).append(event["tick"])
    causes = {wave.id: wave.cause for wave in evidence.day.file.crowds[evidence.site].arrivals}
    for note, ticks in groups.items():
        names = [event["event"] for event in evidence.events if event["what"] == "people_set_off" and event["note"] == note]
        why = CALLS.get(note, f"leaders' order '{order_words(note)}' called them")
        meant = listed(list(dict.fromkeys(causes[name] for name in names if name in causes)))
        lead = f"More people set out: {why}." + (f" Who they are: {meant}." if meant else "")
        yield ticks[0], Cause("People set out", evidence.label(ticks[0]), lead)


def support_came(evidence: Evidence) -> Iterator[tuple[int, Cause]]:
    """Tell each unit of support that came: when it was sent or asked for, and how violent the site was by then."""
    for event in evidence.events:
        if event["what"] != "support_arrives":
            continue
        sent = next((entry["tick"] for entry in _marches(evidence, event["event"]) if entry["tick"] <= event["tick"]), -1)
        tick = int(event["tick"])
        waited = f", {minutes_words((tick - sent) * evidence.clock.base_tick_min)} after it was sent or asked for" if sent >= 0 else ""
        violent = int(evidence.series["violent"][evidence.row_at(tick)])
        lead = f"{event['note']} came{waited}. {persons(violent, 'person was', 'people were')} violent at that moment."
        yield tick, Cause("Support came", evidence.label(tick), lead, _against_violence(evidence, sent, tick))


def _marches(evidence: Evidence, unit: str) -> list[dict[str, Any]]:
    """Return what set a unit in motion, the last first."""
    moved = [entry for entry in evidence.entries_of("movement") if entry["unit"] == unit and entry["what"] == "sent"]
    numbers = {entry["hand_over"] for entry in evidence.entries_of("hand_over") if entry["unit"] == unit}
    asked = [entry for entry in evidence.entries_of("hand_over") if entry["hand_over"] in numbers]
    return sorted([*moved, *asked[:1]], key=lambda entry: int(entry["tick"]), reverse=True)


def _against_violence(evidence: Evidence, sent: int, came: int) -> list[str]:
    ticks = evidence.violent_ticks
    if not len(ticks):
        return []
    peak = int(evidence.series["tick"][evidence.series["violent"].argmax()])
    after = [f"The violence was worst at {evidence.label(peak)}: the support came {'after' if came > peak else 'before'} that."]
    if sent >= 0:
        first = int(ticks[0])
        when = "after" if sent > first else "before"
        after.append(f"It was set in motion {minutes_words(abs(sent - first) * evidence.clock.base_tick_min)} {when} violence began.")
    return after
