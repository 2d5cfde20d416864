"""Knowledge: what a seat was told, and how far that was from the truth when it decided."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence
from sim.reports.words import persons


def pictures_of(evidence: Evidence, seat: str) -> list[dict[str, Any]]:
    """Return what a seat was shown, in order."""
    return evidence.pictures.get(seat, [])


def knowing_seat(evidence: Evidence) -> str:
    """Return the seat whose knowledge is shown: KFOR's at the site, else the first there; else the first shown anything."""
    seats = evidence.run.scenario.file.seats
    told = [name for name in seats if name in evidence.pictures]
    shown = sorted(told, key=lambda name: (seats[name].site is None, seats[name].organisation != "kfor"))
    return shown[0] if shown else ""


def told_words(evidence: Evidence, deed: Deed) -> str:
    """Return what the seat had been told when it gave an order, beside the truth; empty where it was shown nothing."""
    shown = [entry for entry in pictures_of(evidence, deed.seat) if entry["tick"] <= deed.tick]
    if not shown:
        return ""
    told, truth = shown[-1], evidence.series[evidence.row_at(deed.tick)]
    return (
        f"When {evidence.seat(deed.seat)} ordered it ({evidence.label(deed.tick)}) it had been told of "
        f"{persons(told['crowd']['value'])}, {told['violent']['value']:.0f} of them violent; in truth there were "
        f"{int(truth['present'])}, {int(truth['violent'])} of them violent."
    )


def knowledge_words(evidence: Evidence, seat: str) -> str:
    """Return how late and how wrong a seat's reports were, and what it had been told when it ordered the push."""
    shown = pictures_of(evidence, seat)
    truth = [int(evidence.series["violent"][evidence.row_at(entry["tick"])]) for entry in shown]
    misses = [abs(entry["violent"]["value"] - real) for entry, real in zip(shown, truth, strict=True)]
    age = np.median([entry["violent"]["age_min"] for entry in shown])
    words = (
        f"Reports reached {evidence.seat(seat)} {age:.0f} minutes late. The number of violent people was off by up to {max(misses):.0f}."
    )
    push = next((deed for deed in evidence.deeds if deed.seat == seat and deed.order == "push"), None)
    return f"{words} {told_words(evidence, push).replace('ordered it', 'ordered the push')}" if push else words
