"""Words for a comparison: what a paired difference amounts to, outcomes and options as people name them, and numbers with their sign.

A difference whose simultaneous interval holds 0 is *not told apart*, whatever its mean. A share of cases is called that, never a chance.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.comparison import ALL, PANELS, Comparison, Effect, OptionTold, OutcomeTold

PANEL_WORDS = {ALL: "all cases", "D": "deterrence", "S": "spiral", "O": "orchestration", "M": "mixed"}

PANEL_MEANING = {
    "D": "deterrence strong, spiral weak: violence that meets no consequence invites more",
    "S": "spiral strong, deterrence weak: force and intrusive deployments create the violence they meet",
    "O": "orchestration strong: organisers decide beforehand and act on their own timing",
    "M": "the rest: no theory dominates",
}

KIND_WORDS = {
    "baseline": "Baseline",
    "recommendation": "The paper's recommendations",
    "conclusion": "The paper's conclusion",
    "body": "Proposed in the paper's body",
    "rival": "Rivals that are not in the paper",
    "package": "Packages",
    "control": "Controls of the method",
}

STOPPED_WORDS = {
    "settled": "the ranking was settled to the stated precision",
    "seeds": "all seeds asked for were run; the ranking need not be settled",
    "budget": "the time given was used up before the ranking was settled",
    "interrupted": "it was interrupted; the ranking is not settled",
}

OUTCOME_WORDS = {
    "serious_or_fatal": "seriously hurt or killed",
    "riot": "riot (10 or more hurt)",
    "protester_legitimacy_change": "legitimacy among protesters",
    "majority_confidence_change": "confidence of the majority",
    "local_grievance_change": "local grievance",
    "licence_spent": "licence spent",
    "trust_spent": "partners' trust spent",
    "armed_attack": "armed attack made",
    "attempt": "armed attempt",
    "hours_at_step_4": "hours at step 4 or above",
    "hours_at_step_5": "hours at step 5",
    "hurt": "hurt, all sides",
    "clash_3": "clash (3 or more hurt)",
    "kfor_hurt": "KFOR hurt",
    "ksf_hurt": "KSF hurt",
    "span_of_violence_min": "span of violence",
    "violent_facing_consequence": "violent people facing a consequence",
    "force_days": "force-days",
}

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Harm by side", ("serious", "hurt", "killed", "shot", "deaths", "harm", "evacuation", "mistaken")),
    (
        "Deterrence",
        ("attempt", "attack", "challenge", "fighters", "consequence", "belief", "resolve", "sabotage", "scale", "escaped", "repeat"),
    ),
    ("Violence and order", ("riot", "clash", "violen", "crowd", "line_", "vehicles", "span", "held", "movement", "blockade")),
    ("Escalation", ("step_", "escalation", "intransigence")),
    ("Legitimacy by community", ("legitimacy", "confidence", "grievance", "acceptance")),
    ("Political cost", ("licence", "trust", "pressure")),
    ("Money and force-days", ("force_days", "cost", "support_arrived", "queue", "money")),
    ("Law", ("detained", "handed", "charged", "convicted", "caught", "arms_")),
    ("Response", ("lead", "warning", "contact", "encircled", "control", "gap")),
    ("Other", ("",)),
)
"""Groups of outcomes, each with parts of the names that belong to it; the first that fits, so that no outcome is left out."""

NUMBERED = re.compile(r"[A-Z]?\d[\d.]*(\+[A-Z]?\d[\d.]*)*")
"""An id that counts as a number: ``1.2``, ``R1``, ``1.2+3.1``."""

NARROW = 24

UNIT_WORDS = {"0 or 1": (100.0, "in 100 runs"), "share": (100.0, "points of 100")}


class Standing(StrEnum):
    """What a paired difference amounts to."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "not told apart"
    SAME = "no difference"
    UNSEEN = "not measured"


MARKS = {
    Standing.BETTER: "▲",
    Standing.WORSE: "▼",
    Standing.HIGHER: "↑",
    Standing.LOWER: "↓",
    Standing.UNCLEAR: "≈",
    Standing.SAME: "=",
    Standing.UNSEEN: "–",
}


def standing(effect: Effect | None, better: str) -> Standing:
    """Return better or worse only where the simultaneous interval leaves 0 out; no difference only where no pair of runs differed."""
    if effect is None or math.isnan(effect.mean):
        return Standing.UNSEEN
    if effect.mean == 0.0 and not any(spread > 0.0 for spread in (effect.from_chance, effect.from_uncertainty)):
        return Standing.SAME
    if math.isnan(effect.low) or math.isnan(effect.high) or effect.low <= 0.0 <= effect.high:
        return Standing.UNCLEAR
    if better == "neutral":
        return Standing.HIGHER if effect.mean > 0 else Standing.LOWER
    return Standing.BETTER if (effect.mean > 0) == (better == "more") else Standing.WORSE


def effect_of(found: Comparison, option: str, outcome: str, panel: str = ALL) -> Effect | None:
    """Return an effect; none where the option was not run or the outcome not measured."""
    return found.effects.get(option, {}).get(outcome, {}).get(panel)


def outcome_label(name: str) -> str:
    """Return an outcome as people name it, in lower case."""
    return OUTCOME_WORDS.get(name, name.replace("_", " ").replace("kfor", "KFOR").replace("ksf", "KSF"))


def group_of(name: str) -> str:
    """Return the group of the scorecard to which an outcome belongs."""
    return next(title for title, parts in GROUPS if any(part in name for part in parts))


def option_label(option: OptionTold) -> str:
    """Return an option's number and name, the name alone where its id is no number; the baseline is called that."""
    if option.kind == "baseline":
        return "Baseline"
    return f"{option.id} {option.name}" if NUMBERED.fullmatch(option.id) else option.name


def option_short(option: OptionTold) -> str:
    """Return an option's number, or as much of its name as a narrow cell holds."""
    return option.id if NUMBERED.fullmatch(option.id) else shortened(option_label(option), NARROW)


def shortened(text: str, most: int) -> str:
    """Return text cut at a word, with an ellipsis where something is left out."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def ran(found: Comparison) -> list[OptionTold]:
    """Return the options that have a path here and were run, in the order of their kinds."""
    kinds = list(KIND_WORDS)
    known = [item for item in found.options if not item.no_path and (item.id in found.effects or item.id in found.distributions)]
    return sorted(known, key=lambda item: kinds.index(item.kind) if item.kind in kinds else len(kinds))


def baseline_of(found: Comparison) -> str:
    """Return the id of what every option is compared with."""
    return next((item.id for item in found.options if item.kind == "baseline"), "baseline")


def primary_of(found: Comparison) -> list[OutcomeTold]:
    """Return the outcomes that were fixed before any run."""
    return [item for item in found.outcomes if item.primary]


@dataclass(frozen=True)
class Scale:
    """How an outcome's numbers are written: factor, decimals and unit."""

    factor: float
    decimals: int
    unit: str

    def signed(self, value: float | None) -> str:
        """Return a difference with its sign and a true minus; ``0`` only where it is exactly that, ``0.0`` where it rounds to it."""
        if value is None or math.isnan(value):
            return "–"
        if value == 0.0:
            return "0"
        size = f"{abs(value) * self.factor:,.{self.decimals}f}"
        return size if not float(size.replace(",", "")) else f"{'−' if value < 0 else '+'}{size}"

    def plain(self, value: float | None) -> str:
        """Return a level."""
        if value is None or math.isnan(value):
            return "–"
        text = f"{abs(value) * self.factor:,.{self.decimals}f}"
        return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def scale_of(outcome: OutcomeTold, values: Iterable[float]) -> Scale:
    """Return a scale that shows three figures of the largest of *values*; 0 or 1 becomes runs in 100, a share points of 100."""
    factor, unit = UNIT_WORDS.get(outcome.unit, (1.0, outcome.unit))
    largest = max((abs(value) * factor for value in values if not math.isnan(value)), default=0.0)
    decimals = 0 if largest >= 100 else 1 if largest >= 10 or (factor > 1 and largest >= 0.5) else 2 if largest >= 0.5 else 3
    return Scale(factor, decimals, unit)


def effect_scale(found: Comparison, outcome: OutcomeTold) -> Scale:
    """Return the scale of an outcome's differences over all options."""
    effects = (effect_of(found, option.id, outcome.name) for option in ran(found))
    return scale_of(outcome, [effect.mean for effect in effects if effect is not None])


def level_scale(found: Comparison, outcome: OutcomeTold) -> Scale:
    """Return the scale of an outcome's levels over all options."""
    told = (found.distributions.get(option.id, {}).get(outcome.name) for option in ran(found))
    return scale_of(outcome, [item.mean for item in told if item is not None])


def percent(share: float) -> str:
    """Return a share in whole percent; the ends only where nothing or all is meant."""
    if math.isnan(share):
        return "–"
    if 0.0 < share < 0.01:
        return "under 1\N{NO-BREAK SPACE}%"
    if 0.99 < share < 1.0:
        return "over 99\N{NO-BREAK SPACE}%"
    return f"{100.0 * share:.0f}\N{NO-BREAK SPACE}%"


def effect_words(effect: Effect, outcome: OutcomeTold, scale: Scale) -> str:
    """Return one paired difference as a sentence's end: its scope in cases, its size, its interval."""
    size = f"mean {scale.signed(effect.mean)} {scale.unit} (95 % interval {scale.signed(effect.low)} to {scale.signed(effect.high)})"
    if outcome.better == "neutral":
        return size
    return f"better in {percent(effect.cases_better)} of the cases, worse in {percent(effect.cases_worse)}; {size}"


def direction_words(better: str) -> str:
    """Return which direction is good."""
    return {"less": "less is better", "more": "more is better"}.get(better, "neither direction is called better")


def listed(items: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    every = list(items)
    return every[0] if len(every) == 1 else ", ".join(every[:-1]) + " and " + every[-1] if every else ""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def panels_words(panels: Iterable[str]) -> str:
    """Return panels by letter and name: ``D (deterrence) and S (spiral)``."""
    return listed(f"{panel} ({PANEL_WORDS.get(panel, panel)})" if panel in PANELS else PANEL_WORDS.get(panel, panel) for panel in panels)


def value_words(value: Any) -> str:
    """Return any value of a mapping as words: a number without trailing noughts, a range, a mapping or list spelt out."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.6g}".replace("-", "−")
    if isinstance(value, Mapping):
        return ", ".join(f"{spoken(str(key))} {value_words(item)}" for key, item in value.items()) or "none"
    return _items_words(value) if isinstance(value, list | tuple) else str(value)


def _items_words(items: Sequence[Any]) -> str:
    """Return a list spelt out; two numbers are a range."""
    told = [value_words(item) for item in items]
    if len(items) == 2 and all(isinstance(item, int | float) for item in items):
        return " to ".join(told)
    return ", ".join(told) or "none"


def cost_words(value: Any) -> str:
    """Return a cost rounded as far as it is known: tenths below ten, whole numbers above; points of licence by government."""
    if isinstance(value, Mapping):
        return "; ".join(f"{capital(spoken(str(key)))} {cost_words(item)}" for key, item in value.items()) or "none"
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return value_words(value)
    if 0.0 < abs(value) < 0.1:
        return "under 0.1"
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"


def capital(text: str) -> str:
    """Return text with a capital first."""
    return text[:1].upper() + text[1:]


def spoken(name: str) -> str:
    """Return a key as words, with the acronyms as they are written."""
    words = name.replace("_", " ")
    for acronym in ("kfor", "ksf", "nato", "eulex"):
        words = words.replace(acronym, acronym.upper())
    return words
