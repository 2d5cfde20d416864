"""The seat: one contract for automatic doctrine, scripted history, recorded orders and, later, a person.

Picture in, orders out. A seat has no access to the model; its memory is the picture's ``minutes_since``, which lives in
the model's state, so that a branch or a replay finds it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sim.doctrine.orders import Order
from sim.seats.picture import Picture


class Seat(Protocol):
    """Who decides for one headquarters, police command, crowd leadership or government."""

    name: str

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders given on this picture, in the order in which they are to be admitted."""
        ...


class DailySeat:
    """A seat that another seat plays on each day: a doctrine, or a script, of the day's own.

    Parameters
    ----------
    by_day
        By name of the day.
    """

    def __init__(self, by_day: Mapping[str, Seat]) -> None:
        self._by_day = dict(by_day)
        self.name = next(iter(by_day.values())).name

    def decide(self, picture: Picture) -> list[Order]:
        """Return what today's seat orders."""
        return self._by_day[picture.day].decide(picture)
