"""The story of an operation: what happened, in a dozen dated sentences taken from the record alone.

Fighters, officers and civilians are told of in the same words. What is disputed is said to be the account that this run follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.deterrence.escalation import EscalationStep
from sim.engine.operation import Duty
from sim.reports.operation_evidence import OFFICER_SIDES, OperationEvidence
from sim.reports.operation_ledger import choice_words, reason_words
from sim.reports.words import FORCES, SIDES, listed, minutes_words, percent, persons, sentence, spoken
from sim.vocabulary import Grade, OrderKind, Side

STEP_WORDS = {
    EscalationStep.ROUTINE: "routine",
    EscalationStep.BLOCKADE: "blockade",
    EscalationStep.CLASH: "clash with ten or more hurt",
    EscalationStep.ARMED_ATTACK: "fatality or armed attack",
    EscalationStep.ARMY_READINESS: "army readiness raised",
    EscalationStep.BUILD_UP: "build-up",
}

GRADE_WORDS = {Grade.FATAL: "killed", Grade.SERIOUS: "seriously hurt", Grade.LIGHT: "lightly hurt"}

FACT_WORDS = {
    "warning": "preparations",
    "infiltration": "people moving in",
    "roadblock": "the roadblock",
    "attack": "the attack",
    "occupation": "the occupation",
    "breakout": "the break-out",
    "false_alarm": "a false alarm",
}
"""What each fact of the record is called within a sentence."""


@dataclass(frozen=True)
class Told:
    """One dated sentence; ``number`` is its place in the story, which the timeline repeats."""

    tick: int
    words: str
    number: int = 0


def operation_story(op: OperationEvidence) -> list[Told]:
    """Return the story in order of time, each sentence numbered."""
    parts = (_start, _first_report, _block, _patrol, _contact, _occupation, _help, _elsewhere, _encircled, _advance, _exit, _breakout)
    later = (_road, _cordon_passed, _civilians_out, _away, _control, _readiness, _reinforcement, _mishaps)
    found = [told for part in (*parts, *later) for told in part(op)]
    ordered = sorted(found, key=lambda told: told.tick)
    return [Told(told.tick, sentence(told.words), number) for number, told in enumerate(ordered, start=1)]


def asset_words(op: OperationEvidence, name: str) -> str:
    """Return who reported, in words; an asset of the scenario with its organisation."""
    asset = next((asset for asset in op.armed.intelligence.assets if asset.id == name), None)
    if asset is None:
        known = {"patrol": "the patrol itself", "people inside": "people inside", "leak": "a leak", "search": "a search of vehicles"}
        return known.get(name, spoken(name))
    words = spoken(name)
    force = organisation_words(str(asset.organisation))
    known_by_name = words.startswith((force, "KFOR", "Police")) or "police" in name
    return words if known_by_name else f"{words} (told to {force})"


def organisation_words(name: str) -> str:
    """Return an organisation in full."""
    return {"kosovo_police": "Kosovo Police", "government": "governments", "armed_group": "the armed group"}.get(
        name, FORCES.get(name, name)
    )


def hurt_words(hurt: dict[Side, dict[Grade, int]]) -> str:
    """Return who was hurt by side and grade; empty where nobody was."""
    told = []
    for side in (*OFFICER_SIDES, Side.ARMED_GROUP, Side.CIVILIANS):
        grades = [f"{hurt[side][grade]} {words}" for grade, words in GRADE_WORDS.items() if hurt.get(side, {}).get(grade)]
        if grades:
            told.append(f"{SIDES[side]}: {listed(grades)}")
    return "; ".join(told)


def _toll(op: OperationEvidence, first: int, then: int) -> str:
    words = hurt_words(op.hurt_between(first, then))
    return f" Hurt: {words}." if words else " Nobody was hurt."


def clock_beside(op: OperationEvidence, tick: int, beside: int) -> str:
    """Return the local time of a tick, with the date only where that of the sentence is another."""
    same = op.run.clock.time(tick).date() == op.run.clock.time(beside).date()
    return op.run.clock.label(tick) if same else op.when(tick)


def _number(row: dict[str, Any], *phases: str) -> int:
    return sum(int(row["fighters"].get(phase, 0)) for phase in phases)


def _start(op: OperationEvidence) -> Iterator[Told]:
    if "moved_off" not in op.happened:
        if "aborted" not in op.happened:
            yield Told(int(op.ticks[-1]), "The group did not move off on this day")
    else:
        tick = op.happened["moved_off"]
        how = "on foot" if op.armed.on_foot else "by vehicle"
        light = "in the dark" if op.at(tick)["dark"] else "by daylight"
        many = _number(op.at(tick), "moving_in")
        start = op.place(op.armed.start)
        back = _number(op.at(tick), "aborted")
        went_back = f"; {back} went back" if back else ""
        yield Told(tick, f"{persons(many, 'fighter', 'fighters')} set off {how} from {start}, {light}{went_back}")
    for entry in op.entries_of("ledger"):
        if entry["choice"] == OrderKind.DELAY:
            yield Told(int(entry["tick"]), f"The group put it off for a night; {_weighed(op, int(entry['tick']))}")
    if "aborted" in op.happened:
        tick = op.happened["aborted"]
        yield Told(tick, f"The group gave up and went back before an attack; {_weighed(op, tick)}")


def _weighed(op: OperationEvidence, tick: int) -> str:
    entry = next((entry for entry in reversed(op.entries_of("ledger")) if entry["tick"] <= tick), None)
    if entry is None:
        return "why is not recorded"
    left = [f"to {choice_words(name)} ({reason_words(reason)})" for name, reason in entry["not_taken"].items()]
    return f"it left: {'; '.join(left)}"


def _first_report(op: OperationEvidence) -> Iterator[Told]:
    reports = [entry for entry in op.entries_of("detection") if entry["tick"] <= op.happened.get("contact", int(op.ticks[-1]))]
    if not reports:
        contact = op.happened.get("contact")
        if contact is not None:
            yield Told(contact, "Nothing had been detected before the first contact")
        return
    first = reports[0]
    told = [f"{organisation_words(entry['to'])} at {clock_beside(op, entry['tick'], first['tick'])}" for entry in op.told(first["of"])]
    what, who = FACT_WORDS[first["of"]], asset_words(op, first["asset"])
    heard = f"; told: {listed(told[:2])}" if told else "; the report reached nobody"
    yield Told(int(first["tick"]), f"First report, of {what}, by {who}{heard}")


def _block(op: OperationEvidence) -> Iterator[Told]:
    if "block" in op.happened:
        tick = op.happened["block"]
        row = op.at(tick)
        there, round_it = _number(row, "blocking", "aborted"), _number(row, "waiting")
        there -= _number(row, "aborted")
        yield Told(tick, f"The group blocked the road at {op.block_place}: {there} fighters at the block, {round_it} waiting round it")


def _patrol(op: OperationEvidence) -> Iterator[Told]:
    sent = [deed for deed in op.orders(OrderKind.SEND_PATROL) if deed.effect_tick >= 0]
    if not sent:
        return
    first = sent[0]
    legs = [leg for leg in op.legs if leg.doing == "out" and leg.since == first.effect_tick]
    units = [op.unit_words(leg.unit.id).removeprefix("Kosovo Police ") for leg in legs]
    came = [leg.since for leg in op.legs if leg.doing == "at" and leg.unit.id in {out.unit.id for out in legs}]
    there = f", there from {clock_beside(op, min(came), first.effect_tick)}" if came else ""
    why = "as on the day" if first.because.startswith("history") else first.because.partition(": ")[2] or first.because
    yield Told(first.effect_tick, f"Police answered ({why}): {listed(units) or 'no patrol was free'}{there}")


def _contact(op: OperationEvidence) -> Iterator[Told]:
    if "contact" not in op.happened:
        return
    tick = op.happened["contact"]
    end = min((op.happened[name] for name in ("occupation", "breakout") if name in op.happened), default=int(op.ticks[-1]) + 1)
    yield Told(tick, f"The patrol was fired at from the roadblock.{_toll(op, tick, end + 1)}")


def _occupation(op: OperationEvidence) -> Iterator[Told]:
    if "occupation" not in op.happened:
        return
    tick = op.happened["occupation"]
    counted = [int(entry["persons"]) for entry in op.entries_of("civilians") if entry["what"] == "inside"]
    people = f"; {persons(counted[0], 'civilian', 'civilians')} were inside" if counted else ""
    yield Told(tick, f"{_number(op.at(tick), 'holding')} fighters went into {op.compound_place} and held it{people}")


def _help(op: OperationEvidence) -> Iterator[Told]:
    offers = [deed for deed in op.orders(OrderKind.OFFER_OUTER_CORDON) if deed.effect_tick >= 0]
    accepted = [deed for deed in op.orders(OrderKind.ACCEPT_HELP) if deed.effect_tick >= 0]
    refused = [deed for deed in op.orders(OrderKind.REFUSE_HELP) if deed.effect_tick >= 0]
    if not offers:
        return
    answers = [("accepted", deed.effect_tick) for deed in accepted[:1]] + [("refused", deed.effect_tick) for deed in refused[:1]]
    answer = (
        listed([f"police {words} at {clock_beside(op, tick, offers[0].effect_tick)}" for words, tick in answers])
        or "police neither accepted nor refused"
    )
    yield Told(offers[0].effect_tick, f"KFOR offered to take the outer cordon; {answer}")


def _elsewhere(op: OperationEvidence) -> Iterator[Told]:
    for duty, words in ((Duty.BOUNDARY, "watched the boundary"), (Duty.OTHER_SITES, "guarded other sites")):
        legs = [leg for leg in op.legs if leg.doing == "away" and leg.site == duty]
        if legs:
            more = f", and {persons(len(legs) - 1, 'unit', 'units')} more later" if len(legs) > 1 else ""
            yield Told(legs[0].since, f"{op.unit_words(legs[0].unit.id)} {words} from then on{more}")


def on_site_words(row: dict[str, Any]) -> str:
    """Return who was on site, by organisation."""
    told = [f"{FORCES.get(name, name)} {row['on_site'][name]}" for name in FORCES if row["on_site"].get(name)]
    return listed(told) or "nobody"


def _encircled(op: OperationEvidence) -> Iterator[Told]:
    if "encircled" in op.happened:
        tick = op.happened["encircled"]
        row = op.from_on(tick)
        after = minutes_words(op.minutes(op.happened["contact"], tick))
        paths = f"paths for walkers were {percent(row['closed_paths'])} closed"
        yield Told(
            tick, f"The roads round the village were closed, {after} after the first contact; {paths}. On site: {on_site_words(row)}"
        )
    elif "contact" in op.happened:
        most = max(float(row["closed_roads"]) for row in op.rows)
        yield Told(int(op.ticks[-1]), f"The roads round the village were never closed: at most {percent(most)}")


def _advance(op: OperationEvidence) -> Iterator[Told]:
    if "advance" not in op.happened:
        return
    tick = op.happened["advance"]
    row = op.from_on(tick)
    units = [name for name, duty in row["duties"].items() if duty == Duty.ASSAULT]
    sections = {unit.id: unit for unit in op.run.run.scenario.framework.command.units}
    many = sum(sections[name].sections * sections[name].persons_per_section for name in units if name in sections)
    clause = next((deed.clause for deed in op.orders(OrderKind.ADVANCE) if deed.effect_tick == tick), "")
    if op.happened.get("breakout", tick) < tick:
        yield Told(tick, f"Police were free to advance on the compound (by {clause}); the group had already left it")
        return
    if not many:
        yield Told(tick, f"Police were to advance on the compound (by {clause}); no special unit was there to do it")
        return
    ends = [op.happened[name] for name in ("breakout", "compound_taken") if name in op.happened and op.happened[name] > tick]
    end = min(ends, default=int(op.ticks[-1]) + 1)
    cleared = percent(min(float(op.at(end)["cleared"]), 1.0))
    toll = _toll(op, tick, end + 1)
    yield Told(
        tick, f"Police advanced on the compound with {many} of their special units (by {clause}); {cleared} of the ground cleared.{toll}"
    )
    if "compound_taken" in op.happened:
        taken = op.happened["compound_taken"]
        yield Told(taken, f"The compound was taken; {_number(op.from_on(taken), 'captured')} fighters were caught")


def _exit(op: OperationEvidence) -> Iterator[Told]:
    account = "was" if op.armed.exit_negotiated else "was not"
    offered = [deed for deed in op.orders(OrderKind.NEGOTIATE_EXIT) if deed.effect_tick >= 0]
    for deed in offered[:1]:
        answer = "" if op.armed.exit_negotiated else "; nobody answered"
        account_words = f"disputed: this run follows the account that one {account} negotiated"
        words = f"{op.item.seat(deed.seat)} offered talks about an exit{answer} ({account_words})"
        yield Told(deed.effect_tick, words)
    asked = [deed for deed in op.orders(OrderKind.BARGAIN) if deed.effect_tick >= 0]
    for deed in asked[:1]:
        granted = op.happened.get("breakout", -1) == deed.effect_tick
        yield Told(deed.effect_tick, f"The group asked for an exit; it was {'granted' if granted else 'not granted'}")


def _breakout(op: OperationEvidence) -> Iterator[Told]:
    if "breakout" not in op.happened:
        return
    tick = op.happened["breakout"]
    row = op.at(tick)
    closed = f"roads {percent(row['closed_roads'])} closed, paths {percent(row['closed_paths'])}"
    heard = op.told_tick("kosovo_police", "breakout")
    told = f"police were told at {clock_beside(op, heard, tick)}" if heard >= 0 else "police were never told"
    light = "in the dark" if row["dark"] else "by daylight"
    yield Told(tick, f"{_number(row, 'breaking_out')} fighters broke out {light}; {closed}; {told}")


def _road(op: OperationEvidence) -> Iterator[Told]:
    entries = op.entries_of("roadblock")
    held = [entry for entry in entries if entry["what"] == "held"]
    cleared = next((entry for entry in entries if entry["what"] == "cleared"), None)
    if cleared is not None:
        tick = int(cleared["tick"])
        longest = minutes_words(op.minutes(int(held[0]["tick"]), tick)) if held else ""
        waited = f"; {persons(len(held), 'unit', 'units')} had been held there, the first for {longest}" if held else ""
        yield Told(tick, f"The roadblock at {op.block_place} was cleared and the road was open again{waited}")
    elif held:
        waited = persons(len(held), "unit", "units")
        yield Told(int(op.ticks[-1]), f"The road at {op.block_place} was still blocked; {waited} had been held there")


def _cordon_passed(op: OperationEvidence) -> Iterator[Told]:
    passed = op.entries_of("cordon_passed")
    if not passed:
        return
    first, last = int(passed[0]["tick"]), int(passed[-1]["tick"])
    caught = sum(entry["what"] == "caught" and entry.get("where") == "cordon" for entry in op.entries_of("cell"))
    fought = sum(bool(entry["fought"]) for entry in passed)
    until = f", the last at {clock_beside(op, last, first)}" if last > first else ""
    how = f"; {fought} of them by a fight with the police" if fought else ""
    stopped = f"; {persons(caught, 'cell was', 'cells were')} caught there" if caught else ""
    yield Told(first, f"{persons(len(passed), 'cell', 'cells')} of the group passed the cordon{until}{how}{stopped}")


def _civilians_out(op: OperationEvidence) -> Iterator[Told]:
    entries = op.entries_of("civilians")
    out = [entry for entry in entries if entry["what"] == "come_out"]
    if out:
        hurt = f"{out[0]['hurt']} of them had been hurt" if out[0]["hurt"] else "none of them had been hurt"
        many, after = persons(int(out[0]["persons"]), "civilian", "civilians"), minutes_words(60.0 * out[0]["held_h"])
        yield Told(int(out[0]["tick"]), f"The {many} in {op.compound_place} could come out, {after} after the group had gone in; {hurt}")
    elif entries and "occupation" in op.happened:
        many = persons(int(entries[0]["persons"]), "civilian", "civilians")
        yield Told(int(op.ticks[-1]), f"The {many} in {op.compound_place} were still inside at the end of the run")


def _away(op: OperationEvidence) -> Iterator[Told]:
    last = op.rows[-1]
    cells = op.entries_of("cell")
    escaped = [entry for entry in cells if entry["what"] == "escaped"]
    if not cells:
        if _number(last, "holding"):
            held = f"{_number(last, 'holding')} fighters still held {op.compound_place} at the end of the run"
            yield Told(int(last["tick"]), f"{held}; {_number(last, 'captured')} had been caught, {_number(last, 'killed')} killed")
        return
    got_away, caught, killed = (_number(last, name) for name in ("escaped", "captured", "killed"))
    ended = int(escaped[-1]["tick"]) if escaped else int(cells[-1]["tick"])
    when = f" between {clock_beside(op, int(escaped[0]['tick']), ended)} and {clock_beside(op, ended, ended)}" if len(escaped) > 1 else ""
    rest = _number(last, "breaking_out", "holding")
    more = f", {rest} were still on their way" if rest else ""
    yield Told(ended, f"{persons(got_away, 'fighter', 'fighters')} got away{when}; {caught} were caught, {killed} had been killed{more}")


def _control(op: OperationEvidence) -> Iterator[Told]:
    if "control" in op.happened:
        tick = op.happened["control"]
        after = minutes_words(op.minutes(op.happened["contact"], tick))
        out = _number(op.from_on(tick), "breaking_out")
        still = f"; {out} fighters were still on their way out" if out else ""
        yield Told(tick, f"All the ground had been searched and control was declared, {after} after the first contact{still}")
    elif "contact" in op.happened:
        yield Told(int(op.ticks[-1]), "Control was not declared by the end of the run")


def _readiness(op: OperationEvidence) -> Iterator[Told]:
    before = 0
    for row in op.rows:
        step = int(row["step"])
        if step != before and EscalationStep.ARMY_READINESS in (step, before) and max(step, before) >= EscalationStep.ARMY_READINESS:
            way = "went up" if step > before else "came down"
            words = STEP_WORDS[EscalationStep(step)]
            yield Told(
                int(row["tick"]), f"Escalation between the parties {way} to step {step} ({words}); pretext {row['pretext']:.2f} of 1"
            )
        before = step


def _reinforcement(op: OperationEvidence) -> Iterator[Told]:
    for entry in op.entries_of("reinforcement"):
        days = entry["arrives_after_days"]
        yield Told(int(entry["tick"]), f"Reinforcements were ordered; they arrive {days:.0f} days later, after this run")


def _mishaps(op: OperationEvidence) -> Iterator[Told]:
    for entry in op.entries_of("other_attack"):
        bound = (
            "guarded, and the attack met there" if entry["guarded"] else f"not guarded: {entry['bound']} free police units were bound there"
        )
        yield Told(int(entry["tick"]), f"Another prepared position was used (disputed that there were any); it was {bound}")
    fired = op.entries_of("mistaken_fire")
    if fired:
        times = persons(len(fired), "time", "times")
        yield Told(int(fired[0]["tick"]), f"Forces that could not yet tell each other apart fired at each other, {times} in all")
    for entry in [entry for entry in op.entries_of("search") if entry["found"]][:1]:
        yield Told(int(entry["tick"]), "A search of vehicles found the group's arms")
