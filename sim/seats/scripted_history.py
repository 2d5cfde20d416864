"""Scripted history: a seat that gives the orders history gave, at the times it gave them.

A diagnostic, not a test of the model: acceptance is judged on automatic seats. The seat keeps no memory; a line belongs to
the one decision whose interval ``(now - interval, now]`` contains its time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from sim.doctrine.orders import Order
from sim.foundations.figures import LongClock, Sourced, minutes_on
from sim.seats.doctrine_table import NO_DEFAULTS
from sim.seats.picture import Picture
from sim.vocabulary import OrderKind

_TINY = 1e-9


class ScriptLine(Sourced):
    """One order of the past: when, what, how selectively, and where it is reported.

    Attributes
    ----------
    site
        Where, for a seat that commands several sites; absent: at all of them.
    """

    at: LongClock
    order: OrderKind
    site: str | None = None
    selectivity: float | None = Field(default=None, ge=0, le=1)


class ScriptedSeat:
    """A seat that plays a script.

    Parameters
    ----------
    name
        Name of the seat.
    lines
        The script, in any order of time.
    decision_interval_min
        Minutes between two decisions of the seat.
    default_selectivity
        By kind of order, where a line leaves it open.
    """

    def __init__(
        self,
        name: str,
        lines: Sequence[ScriptLine],
        decision_interval_min: float,
        default_selectivity: Mapping[OrderKind, float] = NO_DEFAULTS,
    ) -> None:
        self.name = name
        self._interval_min = decision_interval_min
        self._selectivity = dict(default_selectivity)
        self._lines = sorted(((minutes_on(line.at), line) for line in lines), key=lambda pair: pair[0])

    def decide(self, picture: Picture) -> list[Order]:
        """Return the orders whose time lies in the interval that ends now, the earliest first."""
        now = picture.minute_of_day + _TINY
        due = (line for minute, line in self._lines if now - self._interval_min < minute <= now)
        return [self._order(line, picture.site) for line in due if line.site in (None, picture.site)]

    def _order(self, line: ScriptLine, site: str) -> Order:
        whom = self._selectivity.get(line.order, 0.0) if line.selectivity is None else line.selectivity
        return Order(self.name, line.order, whom, f"history {line.at} [{line.source}]", site)
