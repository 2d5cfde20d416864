"""What changes in a run, when, and by which draws: tables of rows, the orders of play, the purposes of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.describe_code import changing_state, draw_sites
from sim.api import (
    CAMPAIGN_ORDER,
    FIGHTERS,
    INCIDENTS,
    ORDER_OF_PLAY,
    PEOPLE,
    REMEMBERED,
    SECTIONS,
    SERIES,
    SITUATION,
    Column,
    Purpose,
)

TABLES: dict[str, tuple[str, Sequence[Column]]] = {
    "PEOPLE": ("protester, one row a person", PEOPLE),
    "REMEMBERED": ("protester between two days, one row a person", REMEMBERED),
    "SECTIONS": ("section of a force, about ten people", SECTIONS),
    "SITUATION": ("site, one row", SITUATION),
    "FIGHTERS": ("fighter of an armed group, one row a person", FIGHTERS),
    "INCIDENTS": ("incident, as the record keeps it", INCIDENTS),
    "SERIES": ("site over time, one row a step of the record", SERIES),
}
"""Tables of rows by the name under which the engine declares them, with what a row is."""


@dataclass(frozen=True)
class StateTable:
    """A table of rows: what a row is, and its columns as (name, unit, meaning)."""

    name: str
    row: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """What chance decides in one function: its file, what the function says of itself, and the questions in words."""

    file: str
    function: str
    text: str
    questions: tuple[str, ...]


def state_tables() -> tuple[StateTable, ...]:
    """Return the tables of rows that kernels and phases update."""
    return tuple(
        StateTable(name, row, tuple((item.name, item.unit, item.meaning) for item in columns)) for name, (row, columns) in TABLES.items()
    )


def plain_state() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return the other things that change: name, file, first sentence, fields."""
    return tuple((item.name, item.file, item.text, item.fields) for item in changing_state())


def order_of_play() -> tuple[tuple[str, str, int, str], ...]:
    """Return the steps of a tick: phases, name, period in base ticks, and why the step stands where it does."""
    return tuple((step.numbers, step.name, step.period, step.reason) for step in ORDER_OF_PLAY)


def order_of_a_week() -> tuple[tuple[str, str], ...]:
    """Return the steps of a campaign's week, with why each stands where it does."""
    return tuple((step.name, step.why_here) for step in CAMPAIGN_ORDER)


def draws() -> tuple[Drawn, ...]:
    """Return everything that chance decides, by the function that asks, in the order of files."""
    sites = draw_sites()
    grouped: dict[tuple[str, str], list[str]] = {}
    for purpose in Purpose:
        if purpose.name in sites:
            where = sites[purpose.name]
            grouped.setdefault((where.file, where.name), []).append(purpose.name.lower().replace("_", " "))
    texts = {(item.file, item.name): item.text for item in sites.values()}
    return tuple(Drawn(*where, texts[where], tuple(questions)) for where, questions in sorted(grouped.items()))


def undrawn() -> tuple[str, ...]:
    """Return the purposes that no function draws; there should be none."""
    return tuple(purpose.name for purpose in Purpose if purpose.name not in draw_sites())
