"""The deterrence ledger: each time the armed group's leader weighed, what it could choose, what it believed, and why the rest was left.

A row is an entry of the record and nothing else. Worths are in full successes: 1 is a full success, below 0 a loss.
"""

from __future__ import annotations

from typing import Any

from sim.engine.operation import GroupStage
from sim.reports.operation_evidence import STAGE_WORDS, OperationEvidence
from sim.reports.words import percent, persons, sentence, spoken
from sim.vocabulary import OrderKind

CHOICE_WORDS = {
    OrderKind.LAUNCH: "go on",
    OrderKind.SHRINK: "go on with half",
    OrderKind.DELAY: "put it off a night",
    OrderKind.ABORT: "give up",
    OrderKind.AMBUSH: "open fire on the patrol",
    OrderKind.OCCUPY: "go into the compound",
    OrderKind.HOLD_OUT: "hold out",
    OrderKind.BARGAIN: "ask for an exit",
    OrderKind.BREAK_OUT: "break out",
}
"""The leader's choices in words."""

BELIEFS = (
    ("fighters", "own fighters who can fight", "{:.0f}"),
    ("forces", "people it counted near", "{:.0f}"),
    ("expected_more", "more it expected once discovered", "{:.0f}"),
    ("resolve", "chance of being answered", "{:.2f}"),
    ("licence", "licensed by those behind it", "{:.2f}"),
    ("surprise", "surprise it thought it had", "{:.2f}"),
    ("closed", "ways out it thought closed", "{:.2f}"),
    ("hours", "hours held", "{:.1f}"),
    ("overrun", "ground before the compound lost", "{:.2f}"),
)
"""What the leader believed: name in the record, words, form."""

WHEN_IT_MATTERS = {
    GroupStage.PREPARING: ("fighters", "forces", "expected_more", "resolve", "licence", "surprise"),
    GroupStage.WAITING: ("fighters", "forces", "expected_more", "resolve", "licence", "surprise"),
    GroupStage.BLOCKING: ("fighters", "forces", "expected_more", "resolve", "licence", "surprise"),
    GroupStage.IN_CONTACT: ("fighters", "forces", "resolve", "closed"),
    GroupStage.HOLDING: ("fighters", "forces", "resolve", "closed", "hours", "overrun"),
}
"""Beliefs that bear on what is open in each stage; weights and the others stand in the record."""

REASONS = {
    "expected denial": "expected to be met",
    "expected consequence": "feared what it would cost",
    "want of licence": "too little licence",
    "lost surprise": "surprise was lost",
    "closed ways": "ways out were closed",
}
"""The one thing without which an option would have been worth more than what was taken."""

LIFTS = {
    "expected denial": "Had it not expected to be met",
    "expected consequence": "Had it not feared what it would cost",
    "want of licence": "With full licence",
    "lost surprise": "With its surprise kept",
    "closed ways": "With its ways out open",
}
"""The same as the beginning of a sentence."""


def ledger_rows(op: OperationEvidence) -> list[dict[str, Any]]:
    """Return the ledger, one row an entry, in order of time; bars share one scale."""
    entries = op.entries_of("ledger")
    worths = [worth for entry in entries for worth in entry["options"].values()]
    low, high = min([0.0, *worths]), max([0.0, *worths])
    span = max(high - low, 1e-9)
    return [_row(op, entry, low, span) for entry in entries]


def _row(op: OperationEvidence, entry: dict[str, Any], low: float, span: float) -> dict[str, Any]:
    stage = GroupStage(entry["stage"])
    options = sorted(entry["options"].items(), key=lambda item: -item[1])
    return {
        "number": entry["number"],
        "when": op.when(entry["tick"]),
        "stage": STAGE_WORDS[stage],
        "choice": entry["choice"],
        "given": entry["given"],
        "draw": f"{entry['draw']:.2f}",
        "next_best": f"{entry['threshold']:.2f}".replace("-", "−"),
        "options": [_option(name, worth, entry, low, span) for name, worth in options],
        "beliefs": [
            {"name": name, "words": words, "value": form.format(entry["beliefs"][name])}
            for name, words, form in BELIEFS
            if name in WHEN_IT_MATTERS.get(stage, ()) and name in entry["beliefs"]
        ],
    }


def _option(name: str, worth: float, entry: dict[str, Any], low: float, span: float) -> dict[str, Any]:
    zero = -low / span * 100.0
    end = (worth - low) / span * 100.0
    return {
        "name": name,
        "words": choice_words(name),
        "worth": f"{worth:+.2f}".replace("-", "−"),
        "value": worth,
        "left": round(min(zero, end), 2),
        "width": round(max(abs(end - zero), 0.8), 2),
        "zero": round(zero, 2),
        "loss": worth < 0.0,
        "taken": name == entry["choice"],
        "reason": reason_words(entry["not_taken"].get(name, "")),
    }


def choice_words(name: str) -> str:
    """Return a choice of the leader in words."""
    return CHOICE_WORDS[OrderKind(name)] if name in CHOICE_WORDS else spoken(name).lower()


def reason_words(reason: str) -> str:
    """Return why an option was not taken; the record's own words where it is no single thing."""
    return REASONS.get(reason, reason.removeprefix("no single reason: it was "))


def launch_words(op: OperationEvidence) -> list[str]:
    """Return why the group went on, or did not, in a few sentences from the first weighings."""
    entries = op.entries_of("ledger")
    decisive = [entry for entry in entries if OrderKind.LAUNCH in entry["options"]]
    if not decisive:
        return ["The leader never came to weigh an attack."]
    found = [_decision(op, entry) for entry in decisive]
    last = decisive[-1]
    if any(entry["given"] for entry in decisive):
        found.append(
            "The scenario gives the attack: while the group had noticed no sign of discovery, it went on whatever the worths were."
        )
    left = last["not_taken"].get(OrderKind.LAUNCH, "")
    if left and left not in LIFTS:
        found.append(f"Going on was left: {reason_words(left)}.")
    lifts: dict[str, list[str]] = {}
    for entry in decisive:
        for name, reason in entry["not_taken"].items():
            if reason in LIFTS and choice_words(name) not in lifts.setdefault(reason, []):
                lifts[reason].append(choice_words(name))
    found += [
        f"{LIFTS[reason]}, to {' or to '.join(names)} would have been worth more than what it chose." for reason, names in lifts.items()
    ]
    return found


def _decision(op: OperationEvidence, entry: dict[str, Any]) -> str:
    beliefs, options = entry["beliefs"], entry["options"]
    taken = options[entry["choice"]]
    rivals = {name: worth for name, worth in options.items() if name != entry["choice"]}
    rival = max(rivals, key=lambda name: rivals[name], default="")
    second = f"; the next best, to {choice_words(rival)}, was worth {_worth(rivals[rival])}" if rival else ""
    counted = f"It counted {persons(round(beliefs['forces']))} near and expected {beliefs['expected_more']:.0f} more once discovered"
    chances = (
        f"it put the chance of being answered at {percent(beliefs['resolve'])}, its licence at {percent(beliefs['licence'])} and the "
        f"surprise that it had left at {percent(beliefs['surprise'])}"
    )
    words = f"{op.when(entry['tick'])}: it chose to {choice_words(entry['choice'])}, worth {_worth(taken)}{second}. {counted}; {chances}."
    return sentence(words)


def _worth(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def ledger_caption() -> str:
    """Return what the worths and reasons mean."""
    return (
        "Worth in full successes, as the leader saw it: what holding out and then getting away bring adds up; below 0 is a loss. "
        "Every size behind it is an assumption. "
        "Under each option that was left: the one thing without which it would have been worth more than what was taken."
    )
