"""Recorded orders: a seat that gives back exactly what a log holds, so that a replay needs nobody's judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.doctrine.orders import Order
from sim.seats.picture import Picture

type Moment = tuple[str, str, float]
"""Day, site and minute of the day of a decision."""


def moment(day: str, site: str, minute_of_day: float) -> Moment:
    """Return the key under which a decision's orders are filed; the minute is rounded to a millionth."""
    return day, site, round(minute_of_day, 6)


class RecordedSeat:
    """A seat that replays its orders.

    Parameters
    ----------
    name
        Name of the seat.
    orders_by_moment
        Logged orders by the decision that gave them, in the order in which they were admitted.
    """

    def __init__(self, name: str, orders_by_moment: Mapping[Moment, Sequence[Order]]) -> None:
        self.name = name
        self._orders = {when: tuple(orders) for when, orders in orders_by_moment.items()}

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders logged for this decision; none where the log has none."""
        return list(self._orders.get(moment(picture.day, picture.site, picture.minute_of_day), ()))
