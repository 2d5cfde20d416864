"""Clock: one integer base tick for the whole run, and its translation to local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Clock:
    """The run's calendar.

    Attributes
    ----------
    start, end
        Local time of the first and the last tick.
    base_tick_s
        Length of one base tick in seconds.
    """

    start: datetime
    end: datetime
    base_tick_s: float

    @property
    def ticks(self) -> int:
        """Number of base ticks in the run."""
        return int((self.end - self.start).total_seconds() // self.base_tick_s)

    @property
    def base_tick_min(self) -> float:
        """Length of one base tick in minutes."""
        return self.base_tick_s / 60.0

    def tick_at(self, moment: datetime) -> int:
        """Return the first tick at or after *moment* (negative before the start)."""
        seconds = (moment - self.start).total_seconds()
        return int(-(-seconds // self.base_tick_s))

    def ticks_in(self, minutes: float) -> int:
        """Return how many whole ticks cover *minutes*, at least one for a positive time."""
        return int(-(-minutes * 60.0 // self.base_tick_s))

    def time(self, tick: int) -> datetime:
        """Return the local time at which *tick* begins."""
        return self.start + timedelta(seconds=tick * self.base_tick_s)

    def label(self, tick: int) -> str:
        """Return ``HH:MM`` of *tick*."""
        return self.time(tick).strftime("%H:%M")
