"""Knowledge: what a seat was told, and how far that was from the truth when it decided."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.reports.evidence import Deed, Evidence
from sim.reports.words import persons, spoken


def pictures_of(evidence: Evidence, seat: str) -> list[dict[str, Any]]:
    """Return what a seat was shown, in order."""
    return [entry for entry in evidence.run.entries if entry["kind"] == "picture" and entry["seat"] == seat]


def knowing_seat(evidence: Evidence) -> str:
    """Return the seat whose knowledge is shown: the first of KFOR, else the first that was shown anything; empty for none."""
    seats = evidence.run.scenario.file.seats
    shown = [name for name in seats if pictures_of(evidence, name)]
    return next((name for name in shown if seats[name].organisation == "kfor"), shown[0] if shown else "")


def told_words(evidence: Evidence, deed: Deed) -> str:
    """Return what the seat had been told when it gave an order, beside the truth; empty where it was shown nothing."""
    shown = [entry for entry in pictures_of(evidence, deed.seat) if entry["tick"] <= deed.tick]
    if not shown:
        return ""
    told, truth = shown[-1], evidence.series[evidence.row_at(deed.tick)]
    return (
        f"When {spoken(deed.seat)} ordered it ({evidence.label(deed.tick)}) it had been told of "
        f"{persons(told['crowd']['value'])}, {told['violent']['value']:.0f} of them violent; in truth there were "
        f"{int(truth['present'])}, {int(truth['violent'])} of them violent."
    )


def knowledge_words(evidence: Evidence, seat: str) -> str:
    """Return how late and how wrong a seat's reports were, and what it had been told when it ordered the push."""
    shown = pictures_of(evidence, seat)
    truth = [int(evidence.series["violent"][evidence.row_at(entry["tick"])]) for entry in shown]
    misses = [abs(entry["violent"]["value"] - real) for entry, real in zip(shown, truth, strict=True)]
    age = np.median([entry["violent"]["age_min"] for entry in shown])
    words = f"Reports reached {spoken(seat)} {age:.0f} minutes late. The number of violent people was off by up to {max(misses):.0f}."
    push = next((deed for deed in evidence.deeds if deed.seat == seat and deed.order == "push"), None)
    return f"{words} {told_words(evidence, push).replace('ordered it', 'ordered the push')}" if push else words
