"""Units in training: the sections that are away while KFOR trains, and what the training is worth to those who are there.

Levers of options (``training_effort``, ``live_fire_effort``), 0 as things are. Only KFOR trains by them: police and KSF have
their own schools. Each section is away by its own draw for the day; one of every unit is always there.
"""

from __future__ import annotations

import numpy as np

from sim.doctrine.command import Unit
from sim.doctrine.lever_effects import brought_nearer, left_after
from sim.doctrine.seat_orders import Organisation
from sim.foundations.chance import Purpose, draw
from sim.foundations.parameter import ParameterSet


def trained_afresh(values: ParameterSet, unit: Unit, fresh: float) -> tuple[float, float]:
    """Return a unit's quality of training when fresh, and the months since: better and later the more its force trains."""
    months = values.number("months_since_training")
    if unit.organisation is not Organisation.KFOR:
        return fresh, months
    effort, gain = values.number("training_effort"), values.number("training_gain")
    return brought_nearer(fresh, effort, gain), months * left_after(effort, gain)


def share_away(numbers: dict[str, float], organisation: Organisation) -> float:
    """Return the share of an organisation's sections that train elsewhere."""
    if organisation is not Organisation.KFOR:
        return 0.0
    by_scenario = numbers["training_effort"] * numbers["training_presence_loss"]
    return by_scenario + numbers["live_fire_effort"] * numbers["live_fire_presence_loss"]


def away_today(sections: np.ndarray, day_key: int, share: float) -> np.ndarray:
    """Return which of a unit's sections are away today; never all of them."""
    away = np.array([draw(day_key, 0, int(section), Purpose.SECTION_TRAINS) < share for section in sections["id"]], dtype=bool)
    if away.all():
        away[0] = False
    return away
