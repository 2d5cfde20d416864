"""Contents of the page's part about an armed operation: everything that its template names, and its figures by place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.engine.outcomes import ARMED_OUTCOMES
from sim.reports import operation_escalation as escalation
from sim.reports import operation_escape as escape
from sim.reports import operation_ledger as ledger
from sim.reports import operation_map as maps
from sim.reports import operation_news as news
from sim.reports.ink import SIDE_INK
from sim.reports.key_figures import outcome_rows
from sim.reports.operation_evidence import OperationEvidence, operations_of
from sim.reports.operation_layout import operation_layout
from sim.reports.operation_scene import moment_words, moments_of
from sim.reports.operation_story import operation_story
from sim.reports.operation_timeline import operation_timeline, timeline_words
from sim.reports.page import Drawing, Picture, island
from sim.reports.pedigree import switches
from sim.reports.theatre_map import FORCE_INK, FORCE_MARKS
from sim.reports.words import listed, spoken
from sim.vocabulary import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.reports.evidence import RunEvidence
    from sim.reports.key_figures import Observed

CARD_WORDS = {
    "attackers_escaped_share": "Attackers who got away",
    "encircled_h": "Roads closed after",
    "control_h": "Control declared after",
    "hours_at_step_4": "Hours at step 4 or above",
}
"""What a card is headed where an outcome's name says too little."""

NEVER = {"encircled_h": "encircled", "control_h": "control"}
"""Outcomes in hours that count to the end of the run where something never happened: the name of what did or did not."""

OF_ARMED = frozenset(outcome.name for outcome in ARMED_OUTCOMES)

OPERATION_GROUPS = ("operation_timeline", "operation_stills", "operation_news", "operation_escalation")
"""Places of an operation's figures in the page."""

FIRST_CARDS = (
    *("armed_attack", "officers_killed", "officers_hurt", "attackers_killed", "attackers_caught", "attackers_escaped_share"),
    *("civilians_hurt", "encircled_h", "control_h", "hours_at_step_4"),
)
"""Outcomes that stand first in the page, as cards; all the others follow in a table."""


def operation_drawings(op: OperationEvidence) -> dict[str, list[Drawing]]:
    """Return the figures of an operation by their place."""
    before, layout, story = op.item.prefix, operation_layout(op), operation_story(op)
    return {
        "operation_timeline": [Drawing(f"{before}operation", timeline_words(op), partial(operation_timeline, op, story))],
        "operation_stills": [
            Drawing(f"{before}operation_{number}", moment_words(op, tick, title), partial(maps.operation_still, op, layout, tick, title))
            for number, (tick, title) in enumerate(moments_of(op), start=1)
        ],
        "operation_news": [Drawing(f"{before}operation_news", news.news_words(op), partial(news.news_chart, op))]
        if news.facts_of(op)
        else [],
        "operation_escalation": [
            Drawing(f"{before}escalation", escalation.escalation_words(op), partial(escalation.escalation_chart, op)),
            *(
                [Drawing(f"{before}beliefs", escalation.beliefs_words(op), partial(escalation.beliefs_chart, op))]
                if escalation.belief_rows(op)
                else []
            ),
        ],
    }


def operation_content(
    op: OperationEvidence, day: dict[str, Any], pictures: dict[str, list[Picture]], observed: Mapping[str, Observed]
) -> dict[str, Any]:
    """Return everything that the template of an operation names; *day* is the content of its site-day."""
    layout = operation_layout(op)
    there = {name for row in op.rows for name, many in row["on_site"].items() if many} | {str(leg.unit.organisation) for leg in op.legs}
    rows = outcome_rows(op.run, observed)
    by_name = {row["name"]: row for row in rows}
    when = op.happened.get("breakout")
    return {
        "prefix": op.item.prefix,
        "story": [{"number": told.number, "when": op.when(told.tick), "words": told.words} for told in operation_story(op)],
        "accounts": followed(op),
        "cards": [_card(op, by_name[name]) for name in FIRST_CARDS if name in by_name],
        "outcomes": [_row(row) for row in rows if row["name"] not in FIRST_CARDS and (row["primary"] or row["name"] in OF_ARMED)],
        "others": [_row(row) for row in rows if not (row["primary"] or row["name"] in OF_ARMED)],
        "hurt": _hurt_only(day),
        "unhurt": _unhurt(day),
        "map": island(maps.packed_operation(op, layout)),
        "first_frame": maps.first_frame(op),
        "frames": len(op.ticks),
        "moments": [{"frame": int((op.ticks < tick).sum()), "when": op.when(tick), "words": title} for tick, title in moments_of(op)],
        "forces": [{"words": spoken(name), "mark": FORCE_MARKS[name], "ink": FORCE_INK[name]} for name in FORCE_MARKS if name in there],
        "inks": {"group": SIDE_INK[Side.ARMED_GROUP], "roads": SIDE_INK[Side.KFOR], "paths": SIDE_INK[Side.PROTESTERS]},
        "pictures": pictures,
        "news": {"heads": news.heads(), "rows": news.news_rows(op), "also": news.also_told(op)},
        "ledger": {"rows": ledger.ledger_rows(op), "words": ledger.launch_words(op), "caption": ledger.ledger_caption()},
        "escape": {
            "words": escape.escape_words(op),
            "cells": escape.cell_rows(op),
            "ways": escape.by_way(op),
            "where": escape.where_everybody_was(op, when) if when is not None else [],
            "when": op.when(when) if when is not None else "",
            "support": escape.support_rows(op),
            "never": escape.never_ordered(op),
        },
        "escalation": {
            "steps": escalation.step_rows(op),
            "hours": escalation.hours_at_steps(op),
            "forces": [spoken(force) for force in escalation.forces(op)],
            "beliefs": escalation.belief_rows(op),
            "prior": op.run.number("resolve_prior_mean"),
        },
    }


def _card(op: OperationEvidence, row: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome as a card: what never happened is said to be so, and a share of fighters is also counted."""
    name, shown, unit = row["name"], row["shown"], row["unit"]
    if name in NEVER and NEVER[name] not in op.happened:
        shown = "never" if "contact" in op.happened else "–"
    if name == "attackers_escaped_share":
        committed = op.outcome("fighters_committed")
        shown, unit = (shown, f"{op.rows[-1]['fighters'].get('escaped', 0)} of {committed:.0f}") if committed else ("–", "")
    return row | {"words": CARD_WORDS.get(name, row["words"]), "shown": shown, "unit": unit if unit != "persons" else ""}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"words": row["words"].removesuffix(" h")}


def _hurt_only(day: dict[str, Any]) -> dict[str, Any]:
    """Return the site-day's content with only those sides in its table of people hurt of which anybody was hurt."""
    hurt = {row["side"] for row in day["hurt"] if any(row["counts"])}
    return day | {"hurt": [row for row in day["hurt"] if row["side"] in hurt]}


def _unhurt(day: dict[str, Any]) -> str:
    """Return the sides of which nobody was hurt."""
    sides = dict.fromkeys(row["side"] for row in day["hurt"])
    return listed([side for side in sides if not any(any(row["counts"]) for row in day["hurt"] if row["side"] == side)])


def followed(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return the disputed facts of this run, each with the account that it follows and the rivals that it does not."""
    return [
        {
            "name": row["name"],
            "followed": next((item["words"] for item in row["accounts"] if item["followed"]), ""),
            "rivals": [item["words"] for item in row["accounts"] if not item["followed"]],
        }
        for row in switches(op.run)
    ]


def launched_heading(run: RunEvidence) -> str:
    """Return the heading above the ledger: whether the group attacked."""
    attacked = any("contact" in op.happened for op in operations_of(run))
    return "Why the group launched" if attacked else "Why the group did not attack"


def ended_heading(run: RunEvidence) -> str:
    """Return the heading above the ways out: whether anybody got away."""
    away = any(not end.caught for op in operations_of(run) for end in escape.cell_ends(op))
    return "Why it got away" if away else "How it ended"
