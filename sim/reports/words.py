"""Words: how the report speaks of seats, orders, sides, times and numbers."""

from __future__ import annotations

import re
from datetime import datetime

from sim.engine.outcomes import Outcome
from sim.geography.theatre import Place, PlaceKind
from sim.scenario.loader import Scenario
from sim.vocabulary import Conduct, Level, Role, Side

ACRONYMS = {
    "kfor": "KFOR",
    "kp": "KP",
    "eulex": "EULEX",
    "ksf": "KSF",
    "roe": "ROE",
    "nato": "NATO",
    "isr": "ISR",
    "kosovo police": "Kosovo Police",
} | {name.lower(): name for name in ("Belgrade", "Pristina")}

SIDES = {
    Side.KFOR: "KFOR",
    Side.KOSOVO_POLICE: "Kosovo Police",
    Side.EULEX: "EULEX",
    Side.PROTESTERS: "Protesters",
    Side.KSF: "KSF",
    Side.ARMED_GROUP: "Armed group",
    Side.CIVILIANS: "Civilians",
}

FORCES = {"kosovo_police": "KP", "eulex": "EULEX", "kfor": "KFOR", "ksf": "KSF"}
"""Organisations as they stand in a figure, in the mandate's usual order of responders."""

LEVELS = {
    Level.ABSENT: "absent",
    Level.PRESENCE: "presence",
    Level.CORDON: "cordon",
    Level.DIALOGUE_AND_ULTIMATUM: "talks, ultimatum",
    Level.PUSH: "push",
    Level.AGENTS: "gas, stun devices",
    Level.DETENTION_TEAMS: "detention teams",
    Level.RESTRICTED_AREA: "restricted area",
    Level.DEFENSIVE_FIREARMS: "defensive firearms",
}

CONDUCTS = {
    Conduct.ASSEMBLING: "walking in",
    Conduct.STANDING: "standing",
    Conduct.SITTING: "sitting",
    Conduct.PRESSING: "pressing",
    Conduct.VIOLENT: "violent",
    Conduct.FLEEING: "fleeing",
    Conduct.LEAVING: "walking home",
    Conduct.DETAINED: "detained",
    Conduct.INJURED: "seriously hurt",
}

ROLES = {
    Role.BYSTANDER: ("bystander", "bystanders"),
    Role.PARTICIPANT: ("ordinary participant", "ordinary participants"),
    Role.HARD_CORE: ("of the hard core", "of the hard core"),
    Role.PREPARED: ("of a prepared group", "of a prepared group"),
    Role.ORGANISER: ("organiser", "organisers"),
}
"""One and many, as they stand after a count."""

SEATS = {
    "automatic": "automatic: every seat played its doctrine table",
    "history": "history: every seat re-enacted the orders of the day",
    "recorded": "recorded: orders given in an exercise",
}


def spoken(name: str) -> str:
    """Return an identifier as words: ``kfor_on_scene`` becomes ``KFOR on scene``."""
    words = name.replace("_", " ")
    for short, full in ACRONYMS.items():
        words = re.sub(rf"\b{short}\b", full, words)
    return words[:1].upper() + words[1:]


def date_words(moment: datetime) -> str:
    """Return day and month: ``29 May``."""
    return f"{moment.day} {moment.strftime('%B')}"


def site_words(scenario: Scenario, site: str) -> str:
    """Return a site's place as people name it."""
    return scenario.theatre.places[scenario.file.sites[site].place].name


def place_words(place: Place) -> str:
    """Return a place as it stands within a sentence, without what its name has in brackets."""
    words = place.name.partition(" (")[0]
    if place.kind is PlaceKind.MONASTERY:
        return f"the {words}"
    if place.kind in (PlaceKind.BRIDGE, PlaceKind.FOOTPATH_POINT):
        return f"the {words[:1].lower()}{words[1:]}"
    return words


def seat_words(scenario: Scenario, seat: str) -> str:
    """Return a seat as people name it: ``KFOR at Zvečan``, ``Government of Serbia``, ``KFOR commander``."""
    file = scenario.file.seats.get(seat)
    if file is None:
        return spoken(seat)
    if file.government:
        names = {item.id: item.name for item in scenario.framework.command.governments}
        return names.get(file.government, spoken(seat))
    if file.site is None:
        return spoken(seat)
    place = place_words(scenario.theatre.places[scenario.file.sites[file.site].place])
    return f"{FORCES.get(str(file.organisation), spoken(str(file.organisation)))} at {place}"


def order_words(order: str) -> str:
    """Return an order's kind as words, in lower case but for acronyms."""
    return order.replace("_", " ").replace("kfor", "KFOR").replace("belgrade", "Belgrade")


def persons(count: float, one: str = "person", many: str = "people") -> str:
    """Return a count with its noun."""
    return f"{count:,.0f} {one if count == 1 else many}"


def percent(share: float) -> str:
    """Return a share as a percentage with two significant figures."""
    if share <= 0.0:
        return "0 %"
    if share < 0.0001:
        return "less than 0.01 %"
    return f"{share * 100:.2g} %" if share < 0.995 else "100 %"


def signed(value: float) -> str:
    """Return a number with its sign, two decimals and a true minus."""
    rounded = f"{abs(value):.2f}"
    return "0.00" if float(rounded) == 0.0 else f"{'−' if value < 0 else '+'}{rounded}"


def minutes_words(minutes: float) -> str:
    """Return a length of time in words."""
    if minutes < 1.0:
        return "less than a minute"
    whole = round(minutes)
    if whole < 90:
        return f"{whole} minute{'' if whole == 1 else 's'}"
    hours, rest = divmod(whole, 60)
    return f"{hours} h {rest:02d} min" if rest else f"{hours} hours"


def outcome_words(outcome: Outcome, value: float) -> str:
    """Return an outcome's value for people: yes or no, a share, a signed change, a count."""
    if outcome.unit == "0 or 1":
        return "yes" if value >= 0.5 else "no"
    if outcome.unit == "share":
        return signed(value) if outcome.name.endswith("_change") else percent(value)
    if outcome.unit == "min":
        return f"{value:,.0f} min"
    if outcome.unit == "h":
        return f"{value:,.1f} h"
    return f"{value:,.0f}"


def number_words(value: float | str | None) -> str:
    """Return a parameter's number as typed, without trailing noughts; a dash for none."""
    if value is None:
        return "–"
    return value.lower() if isinstance(value, str) else f"{value:.6g}"


def side_of_seat(scenario: Scenario, seat: str) -> str:
    """Return a seat's organisation: ``kfor``, ``kosovo_police``, ``eulex``, ``crowd`` ...; ``crowd`` for a prepared group."""
    return str(scenario.file.seats[seat].organisation) if seat in scenario.file.seats else "crowd"


def short(entity: int) -> str:
    """Return a person's name in the record: the first eight digits of the stable id."""
    return f"{entity:016x}"[:8]


def sentence(text: str) -> str:
    """Return text as a sentence: capital first, full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""


def listed(items: list[str]) -> str:
    """Return ``a, b and c``."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""
