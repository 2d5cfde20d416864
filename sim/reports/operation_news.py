"""Who knew what when: each fact of an operation as it was, who detected it, when each organisation was told, and how late.

Late is counted from the fact itself: from the group's moving off, the roadblock, the first fire, the occupation, the break-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.setup import SIDES
from sim.reports.ink import GREY, SIDE_INK, SIDE_MARK, TEXT, canvas, title
from sim.reports.operation_evidence import OperationEvidence
from sim.reports.operation_story import FACT_WORDS, asset_words, organisation_words
from sim.reports.words import FORCES, listed, minutes_words, percent, persons

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TRUTHS = {
    "infiltration": ("moved_off", "the group is on its way in"),
    "roadblock": ("block", "the road is blocked"),
    "attack": ("contact", "the patrol is fired at"),
    "occupation": ("occupation", "the compound is occupied"),
    "breakout": ("breakout", "the group breaks out"),
}
"""What each fact is in truth: the name of what happened, and words."""

HEARERS = ("kosovo_police", "kfor", "eulex", "government", "ksf")
"""Organisations that reports go to, in the order of the table."""

HEARER_INK = {name: SIDE_INK[side] for name, side in SIDES.items()} | {"government": GREY}
HEARER_MARK = {name: SIDE_MARK[side] for name, side in SIDES.items()} | {"government": "h"}


@dataclass(frozen=True)
class Hearing:
    """When one organisation was told a fact: ticks, or -1; how long the report itself took."""

    to: str
    told: int
    late_min: float
    travel_min: float


@dataclass(frozen=True)
class FactNews:
    """One fact: when it began, what detected it, who was told."""

    fact: str
    words: str
    truth: int
    detections: list[dict[str, Any]]
    source: str
    hearings: list[Hearing]


def facts_of(op: OperationEvidence) -> list[FactNews]:
    """Return the facts that came about, in order of time, each with everybody who could be told."""
    found = []
    for fact, (name, words) in TRUTHS.items():
        if name not in op.happened:
            continue
        truth = op.happened[name]
        told = {entry["to"]: entry for entry in op.told(fact)}
        hearings = [_hearing(op, to, truth, told.get(to)) for to in HEARERS]
        detections = [entry for entry in op.entries_of("detection") if entry["of"] == fact]
        first = next(iter(op.told(fact)), None)
        found.append(FactNews(fact, words, truth, detections, str(first["asset"]) if first else "", hearings))
    return found


def _hearing(op: OperationEvidence, to: str, truth: int, entry: dict[str, Any] | None) -> Hearing:
    if entry is None:
        return Hearing(to, -1, -1.0, -1.0)
    return Hearing(to, int(entry["tick"]), op.minutes(truth, int(entry["tick"])), float(entry["late_min"]))


def news_rows(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return the table: one row a fact, one cell an organisation."""
    return [
        {
            "fact": news.fact,
            "words": news.words,
            "truth": op.when(news.truth),
            "source": asset_words(op, news.source) if news.source else "nobody",
            "detections": [_detection_words(op, entry) for entry in news.detections],
            "cells": [
                {
                    "to": hearing.to,
                    "clock": op.when(hearing.told) if hearing.told >= 0 else "never",
                    "late": f"{minutes_words(hearing.late_min)} late" if hearing.told >= 0 else "",
                    "told": hearing.told,
                }
                for hearing in news.hearings
            ],
        }
        for news in facts_of(op)
    ]


def _detection_words(op: OperationEvidence, entry: dict[str, Any]) -> str:
    dark = ", in the dark" if entry["dark"] else ""
    return f"{op.when(entry['tick'])} {asset_words(op, entry['asset'])} (chance {percent(entry['odds'])} in that step{dark})"


def heads() -> list[str]:
    """Return the organisations as the table's heads."""
    return [organisation_words(name)[:1].upper() + organisation_words(name)[1:] for name in HEARERS]


def also_told(op: OperationEvidence) -> list[str]:
    """Return what else was reported: false alarms, warnings, leaks to the group, and what went unseen, as sentences."""
    found = []
    false = [entry for entry in op.entries_of("told") if entry["fact"] == "false_alarm"]
    if false:
        who = listed(list(dict.fromkeys(organisation_words(entry["to"]) for entry in false)))
        found.append(f"False alarms: {persons(len(false), 'report', 'reports')} of what was not there reached {who}.")
    warned = [(organisation_words(entry["to"]), op.when(entry["tick"])) for entry in op.told("warning")]
    leaked = [(FACT_WORDS[entry["fact"]], op.when(entry["tick"]), percent(entry["odds"])) for entry in op.entries_of("leak")]
    learnt = [(op.when(entry["tick"]), asset_words(op, entry["asset"])) for entry in op.entries_of("told") if entry["to"] == "armed_group"]
    found += [f"{who} had a warning of preparations at {clock}." for who, clock in warned]
    found += [f"A shared report of {what} leaked at {clock} (chance {chance})." for what, clock, chance in leaked]
    found += [f"The group learnt at {clock}, by {how}, what had been reported of it." for clock, how in learnt]
    sharing = op.armed.intelligence
    found.append(f"Sharing in this scenario: {str(sharing.sharing).replace('_', ' ').replace('kfor', 'KFOR')} ({sharing.sharing_source}).")
    unseen = [news.words for news in facts_of(op) if all(hearing.told < 0 for hearing in news.hearings)]
    if unseen:
        found.append(f"Never reported by anybody: {listed(unseen)}. Those who met it saw it themselves.")
    return found


def news_words(op: OperationEvidence) -> str:
    """Return the chart in words: how late police and KFOR were told of each fact."""
    told = []
    for news in facts_of(op):
        known = {hearing.to: hearing for hearing in news.hearings}
        parts = [
            f"{FORCES[to]} {'after ' + minutes_words(known[to].late_min) if known[to].told >= 0 else 'never'}"
            for to in ("kosovo_police", "kfor")
        ]
        told.append(f"{FACT_WORDS[news.fact]}, {' and '.join(parts)}")
    return f"From the fact to the news: {'; '.join(told)}." if told else "Nothing happened that could have been reported."


def news_chart(op: OperationEvidence) -> Figure:
    """Draw how late each organisation was told each fact: one block a fact, one line an organisation."""
    facts = facts_of(op)
    rows = sum(len(HEARERS) + 1 if _known(news) else 1 for news in facts)
    height = max(0.24 * rows + 1.1, 2.0)
    figure, (ax,) = canvas(12.5, height, [[0.28, 0.45 / height, 0.71, 1.0 - 0.95 / height]])
    most = max((hearing.late_min for news in facts for hearing in news.hearings), default=0.0)
    limit = max(most, 30.0) * 1.7
    ax.set_xscale("function", functions=(lambda x: np.sqrt(np.maximum(x, 0.0)), np.square))
    ax.set_xlim(0, limit)
    ticks = [minute for minute in (5, 15, 30, 60, 120, 240, 480, 960, 1440) if minute < limit]
    ax.set_xticks([0, *ticks], ["at once", *(f"{minute} min" if minute < 60 else f"{minute // 60} h" for minute in ticks)])
    ax.grid(axis="x", color="#E5E7EB", linewidth=0.8)
    ax.set_axisbelow(True)
    place = 0.0
    places, names = [], []
    for news in facts:
        head = f"{op.when(news.truth)}  {news.words}"
        ax.text(-0.39, place, head, transform=ax.get_yaxis_transform(), va="center", fontweight="bold", fontsize=10, color=TEXT)
        if not _known(news):
            ax.text(
                0.004,
                place,
                "nobody was told",
                transform=ax.get_yaxis_transform(),
                va="center",
                fontsize=9.5,
                style="italic",
                color="#4B5563",
            )
        for hearing in news.hearings if _known(news) else []:
            place += 1.0
            places.append(place)
            names.append(FORCES.get(hearing.to, "governments"))
            _draw_hearing(ax, op, hearing, place)
        place += 1.0
    ax.set_yticks(places, names, fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(place - 0.3, -0.7)
    title(ax, "How late each organisation was told", "from the fact to the news; short times are drawn wide")
    return figure


def _known(news: FactNews) -> bool:
    return any(hearing.told >= 0 for hearing in news.hearings)


def _draw_hearing(ax: Axes, op: OperationEvidence, hearing: Hearing, place: float) -> None:
    ink = HEARER_INK[hearing.to]
    if hearing.told < 0:
        ax.text(0.004, place, "never told", transform=ax.get_yaxis_transform(), va="center", fontsize=9.5, style="italic", color="#4B5563")
        return
    ax.plot([0, hearing.late_min], [place, place], color=ink, linewidth=2.4, solid_capstyle="butt", zorder=2)
    ax.plot([hearing.late_min], [place], HEARER_MARK[hearing.to], color=ink, markersize=7.5, zorder=3, clip_on=False)
    words = f"{op.when(hearing.told)}, {minutes_words(hearing.late_min)}"
    ax.annotate(words, (hearing.late_min, place), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9, color=TEXT)
