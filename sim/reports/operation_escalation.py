"""Escalation between the parties over time, and what each audience thinks of each force's resolve at the end.

Both are told as what the model assumes makes of this run: no pattern of history identifies these sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.deterrence.escalation import EscalationStep
from sim.engine.setup import SIDES
from sim.reports.ink import GREY, SIDE_INK, SIDE_MARK, TEXT, VERMILLION, WIDTH, dated_axis, sheet, title, turns
from sim.reports.operation_evidence import OperationEvidence
from sim.reports.operation_story import STEP_WORDS
from sim.reports.words import FORCES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AUDIENCE_WORDS = {
    "armed_group": "the armed group",
    "belgrade": "Belgrade",
    "local_serbs": "local Serbs",
    "local_albanians": "local Albanians",
}


def step_rows(op: OperationEvidence) -> list[dict[str, str]]:
    """Return every change of the step: when, from which to which, and the pretext by then."""
    rows, before = [], int(op.rows[0]["step"])
    for row in op.rows:
        step = int(row["step"])
        if step != before:
            way = "up" if step > before else "down"
            rows.append(
                {
                    "time": op.when(row["tick"]),
                    "way": way,
                    "step": f"{before} to {step}: {STEP_WORDS[EscalationStep(step)]}",
                    "pretext": f"{row['pretext']:.2f}",
                }
            )
        before = step
    return rows


def hours_at_steps(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return how many hours of the run were spent at each step, from the rows."""
    edges = np.append(op.ticks, op.item.end_tick)
    lasted = np.diff(edges) * op.run.clock.base_tick_min / 60.0
    steps = np.array([int(row["step"]) for row in op.rows])
    return [
        {"step": int(step), "words": STEP_WORDS[step], "hours": f"{lasted[steps == step].sum():.1f}"}
        for step in EscalationStep
        if (steps == step).any()
    ]


def belief_rows(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return what each audience thinks of each force at the end: mean of its belief, and how much evidence stands behind it."""
    kept = {(entry["audience"], entry["force"]): entry for entry in op.entries_of("belief")}
    return [
        {
            "audience": words,
            "cells": [
                {
                    "force": force,
                    "resolve": float(entry["alpha"] / (entry["alpha"] + entry["beta"])),
                    "stock": float(entry["alpha"] + entry["beta"]),
                }
                for force in forces(op)
                if (entry := kept.get((audience, force)))
            ],
        }
        for audience, words in AUDIENCE_WORDS.items()
        if any((audience, force) in kept for force in forces(op))
    ]


def forces(op: OperationEvidence) -> list[str]:
    """Return the forces of which something is believed, in the order of the record."""
    return list(dict.fromkeys(entry["force"] for entry in op.entries_of("belief")))


def escalation_chart(op: OperationEvidence) -> Figure:
    """Draw the step over time, and the pretext below it."""
    figure, (steps, pretext) = sheet(WIDTH, 4.6, rows=2, heights=[2.2, 1.0])
    hours = np.asarray(op.hours(op.ticks), dtype=float)
    at, values = turns(hours, np.array([int(row["step"]) for row in op.rows], dtype=float))
    steps.fill_between(at, values, step="post", color=VERMILLION, alpha=0.18, linewidth=0)
    steps.step(at, values, where="post", color=VERMILLION, linewidth=2.2)
    steps.set_yticks([int(step) for step in EscalationStep], [f"{int(step)} {STEP_WORDS[step]}" for step in EscalationStep], fontsize=9)
    steps.set_ylim(0, 5.3)
    title(steps, "Escalation between the parties", "step")
    at, values = turns(hours, np.array([float(row["pretext"]) for row in op.rows]))
    pretext.step(at, values, where="post", color=TEXT, linewidth=2, linestyle="--")
    pretext.set_ylim(0, max(1.0, float(values.max(initial=0.0))))
    title(pretext, "Pretext", "0 none to 1 full")
    steps.tick_params(labelbottom=False)
    dated_axis(pretext, op.item, step_h=6)
    return figure


def beliefs_chart(op: OperationEvidence) -> Figure:
    """Draw what each audience credits each force with at the end, beside what all began with."""
    rows = belief_rows(op)
    figure, (ax,) = sheet(WIDTH, 4.6)
    prior = op.run.number("resolve_prior_mean")
    names = forces(op)
    sides = {str(force): side for force, side in SIDES.items()}
    ax.axvline(prior, color=GREY, linewidth=1.4, linestyle=(0, (4, 2)), label=f"all at first, {prior:.2f}")
    for place, row in enumerate(rows):
        for number, cell in enumerate(row["cells"]):
            y = place + 0.22 * (number - (len(row["cells"]) - 1) / 2)
            side = sides[cell["force"]]
            ax.plot([prior, cell["resolve"]], [y, y], color=SIDE_INK[side], linewidth=1.6)
            ax.plot(
                [cell["resolve"]],
                [y],
                SIDE_MARK[side],
                color=SIDE_INK[side],
                markersize=8,
                label=FORCES[cell["force"]] if not place else "",
            )
    ax.set_yticks(range(len(rows)), [row["audience"] for row in rows], fontsize=10)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.grid(visible=False)
    ax.grid(axis="x", color="#E5E7EB", linewidth=0.8)
    title(ax, "Resolve that audiences credit forces with", "at the end")
    if names:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=len(names) + 1, frameon=False, fontsize=9.5)
    return figure


def escalation_words(op: OperationEvidence) -> str:
    """Return the steps in words."""
    told = [f"{item['hours']} h at step {item['step']} ({item['words']})" for item in hours_at_steps(op)]
    return f"{', '.join(told)}. A step says how far it went between the parties; it is no chance of war."


def beliefs_words(op: OperationEvidence) -> str:
    """Return the beliefs in words."""
    prior, stock = op.run.number("resolve_prior_mean"), op.run.number("resolve_prior_stock")
    return (
        f"All audiences began by crediting every force with a resolve of {prior:.2f}, worth {stock:.0f} answered or unanswered challenges. "
        "What they learn from this run hangs on assumptions alone: nothing observed fixes how much one night teaches."
    )
