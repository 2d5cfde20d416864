"""The seat: one contract for automatic doctrine, scripted history, recorded orders and, later, a person.

Picture in, orders out. A seat has no access to the model; its memory is the picture's ``minutes_since``, which lives in
the model's state, so that a branch or a replay finds it there.
"""

from __future__ import annotations

from typing import Protocol

from sim.doctrine.orders import Order
from sim.seats.picture import Picture


class Seat(Protocol):
    """Who decides for one headquarters, police command, crowd leadership or government."""

    name: str

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders given on this picture, in the order in which they are to be admitted."""
        ...
