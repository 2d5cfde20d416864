"""Levers of an operation: what stood between a report and closed ways, and what the answer may hang on.

Each names what the record shows and a run with the same people and the same luck that tries the one thing otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.reports.lever import Lever, command_with, highest, lowest, typed_name
from sim.reports.operation_escape import boundary_watch, cell_ends
from sim.reports.operation_evidence import OperationEvidence
from sim.reports.operation_story import FACT_WORDS
from sim.reports.words import listed, minutes_words, number_words, percent, persons, spoken

COPY = "Copy the scenario's folder, keep the name in scenario.yaml,"


def operation_levers(op: OperationEvidence) -> list[Lever]:
    """Return what could be tried, in the order in which it came to bear."""
    parts = (_few_eyes, _late_sharing, _open_paths, _open_boundary, _weighing, _accounts)
    return [lever for part in parts for lever in part(op)]


def _few_eyes(op: OperationEvidence) -> Iterator[Lever]:
    moved, contact = op.happened.get("moved_off"), op.happened.get("contact")
    if moved is None or contact is None:
        return
    seen = [entry for entry in op.entries_of("detection") if entry["tick"] <= contact]
    first = (
        f"{minutes_words(op.minutes(moved, int(seen[0]['tick'])))} after the group had moved off"
        if seen
        else "not before the first contact"
    )
    effort = highest(op.run, "isr_effort")
    settings = {typed_name("isr_effort"): number_words(effort)}
    trial = f"Let KFOR's assets detect as much as the range allows ({effort:g} times what the scenario gives)."
    yield Lever(
        "Little was seen in time",
        f"The first detection came {first}.",
        "KFOR and police, by what they put out",
        trial,
        command_with(op.run, "try_more_eyes", **settings),
    )


def _late_sharing(op: OperationEvidence) -> Iterator[Lever]:
    late = []
    for fact in ("infiltration", "roadblock", "breakout"):
        known, police = op.told_tick("kfor", fact), op.told_tick("kosovo_police", fact)
        if known >= 0 and (police < 0 or police > known):
            late.append(f"{FACT_WORDS[fact]} ({minutes_words(op.minutes(known, police)) + ' later' if police >= 0 else 'police never'})")
    if not late:
        return
    settings = {typed_name("share_delay_police_min"): number_words(lowest(op.run, "share_delay_police_min"))}
    found = f"KFOR knew before police did of {listed(late)}."
    trial = "Let what KFOR sees reach police as fast as the range allows; more who know may also mean a leak."
    yield Lever(
        "News was shared late", found, "KFOR and Kosovo Police together", trial, command_with(op.run, "try_fast_sharing", **settings)
    )


def _open_paths(op: OperationEvidence) -> Iterator[Lever]:
    if "breakout" not in op.happened or not any(not end.caught for end in cell_ends(op)):
        return
    closed = float(op.at(op.happened["breakout"])["closed_paths"])
    found = (
        f"When the group broke out, paths for walkers were {percent(closed)} closed: "
        "the cordon first closes roads, and only what is over closes paths."
    )
    trial = (
        f"{COPY} and let police bring more units, or KFOR come sooner (base and notice of units in command.yaml, "
        "deployments in the day's file)."
    )
    yield Lever("Walkers' paths were open", found, "Kosovo Police, and KFOR where its help is accepted", trial)


def _open_boundary(op: OperationEvidence) -> Iterator[Lever]:
    if "breakout" not in op.happened or boundary_watch(op, op.item.end_tick)[0]:
        return
    escaped = sum(not end.caught for end in cell_ends(op))
    found = f"Nobody watched the boundary; {persons(escaped, 'cell', 'cells')} crossed it."
    trial = (
        f"{COPY} and let KFOR's seat play the doctrine table 'kfor_on_own_authority' (seats in scenario.yaml): "
        "it watches the boundary unasked."
    )
    yield Lever("Nobody watched the boundary", found, "KFOR commander", trial)


def _weighing(op: OperationEvidence) -> Iterator[Lever]:
    if not op.entries_of("ledger"):
        return
    found = "What the leader expected and feared are sizes that nobody has measured."
    trial = "Take expected denial out of the leader's weighing and compare; then armed_choice.consequence_weight."
    settings = {typed_name("denial_weight"): "0"}
    command = command_with(op.run, "try_no_denial", **settings)
    yield Lever("The answer may hang on the leader's weighing", found, "nobody: this is about the model", trial, command)


def _accounts(op: OperationEvidence) -> Iterator[Lever]:
    told = [f"{spoken(name).lower()} {spoken(switch.value).lower()}" for name, switch in op.run.run.scenario.file.switches.items()]
    if told:
        trial = f"{COPY} and set another account under switches; run both with many seeds."
        yield Lever(
            "The answer may hang on disputed facts",
            f"This run follows: {'; '.join(told)}.",
            "nobody: this is about what is not settled",
            trial,
        )
