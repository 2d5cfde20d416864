"""Recorded orders: a seat that gives back exactly what a log holds, so that a replay needs nobody's judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.doctrine.orders import Order
from sim.seats.picture import Picture


def moment(minute_of_day: float) -> float:
    """Return the key under which a decision's orders are filed: the minute, rounded to a millionth."""
    return round(minute_of_day, 6)


class RecordedSeat:
    """A seat that replays its orders.

    Parameters
    ----------
    name
        Name of the seat.
    orders_by_minute
        Logged orders by minute of the day of the decision that gave them, in the order in which they were admitted.
    """

    def __init__(self, name: str, orders_by_minute: Mapping[float, Sequence[Order]]) -> None:
        self.name = name
        self._orders = {moment(minute): tuple(orders) for minute, orders in orders_by_minute.items()}

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders logged for this decision; none where the log has none."""
        return list(self._orders.get(moment(picture.minute_of_day), ()))
