"""The picture: what a seat sees. Estimates with age, confidence and origin; never the truth.

``engine/phases`` fills it; a seat reads nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Estimate:
    """A reported number.

    Attributes
    ----------
    low, value, high
        What the report says, with its own margin.
    age_min
        Minutes since it was observed.
    origin
        Who reported it: line, patrol, liaison team, helicopter, spotters.
    """

    value: float
    low: float
    high: float
    age_min: float
    origin: str

    def as_data(self) -> dict[str, float | str]:
        """Return the estimate as plain data, for the record."""
        return {"value": self.value, "low": self.low, "high": self.high, "age_min": self.age_min, "origin": self.origin}


@dataclass(frozen=True)
class Picture:
    """Everything one seat knows at one decision.

    Attributes
    ----------
    seat
        Whose picture it is.
    day
        On which day of the scenario.
    site
        Of which site; a seat that commands several sites gets one picture each.
    minute_of_day
        Local time in minutes after midnight.
    minutes_to_dusk
        Until sunset; negative after it.
    crowd, violent, seated
        Estimated persons at the site.
    vehicles_stuck
        Vehicles known to be blocked in the crowd.
    line_pressed
        Whether people press against the line at the site, or it has just given ground.
    own_fit, own_hurt
        Own persons on site, and known hurt.
    advance_m
        Ground gained by the own line from where the cordon stood.
    talks
        ``none``, ``offered``, ``open`` or ``refused``.
    request_waiting
        Whether the responder before this one has asked for support here and has had no answer.
    support_coming
        Whether support that this seat asked for or sent is on its way.
    in_lead, leads
        Whether the own organisation leads here; how many organisations do.
    reserve_units
        Own units that are free to be sent.
    violent_elsewhere
        Estimated violent persons at the day's other sites.
    rain
        Whether it rains.
    armed
        Armed men reported, 0 while none are.
    closed
        Share of the ways out that is thought closed: of the roads to responders, of the footpaths to the armed leader.
    step
        Escalation step between the parties.
    stage, best
        Of the own armed group: what it is doing, and what its leader finds best now; empty to all others.
    minutes_since
        By order kind or event name: minutes since this seat last gave the order (or heard of the event, such as
        ``ultimatum_heard``, ``push_seen``, ``calm``); absent where it never happened. A refused order did not happen.
    denied
        Order kinds of this seat that were last refused: minutes since then.
    """

    seat: str
    minute_of_day: float
    minutes_to_dusk: float
    crowd: Estimate
    violent: Estimate
    seated: Estimate
    vehicles_stuck: int
    line_pressed: bool
    advance_m: float
    talks: str
    own_fit: int = 0
    own_hurt: int = 0
    day: str = ""
    site: str = ""
    request_waiting: bool = False
    support_coming: bool = False
    in_lead: bool = False
    leads: int = 1
    reserve_units: int = 0
    violent_elsewhere: float = 0.0
    rain: bool = False
    armed: float = 0.0
    closed: float = 0.0
    step: int = 0
    stage: str = ""
    best: str = ""
    minutes_since: Mapping[str, float] = field(default_factory=dict)
    denied: Mapping[str, float] = field(default_factory=dict)
