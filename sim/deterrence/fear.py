"""Fear: consequences seen send people home; without a way out fear turns into anger.

Source: configuration matters more than ratios (blocked exits; GAMA protest model 2024, peers B11); crowd guidance that an
open exit lowers violence. Not modelled: panic as a fluid.
"""

from __future__ import annotations

from sim.foundations.arithmetic import chance_within, exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "fear",
    (
        Parameter("fear_fading_min", "min", 1, 600, "time in which fear falls to 1/e"),
        Parameter("fear_of_force", "1", 0, 2, "fear raised by a minute at the point of a push"),
        Parameter("fear_of_agents", "1", 0, 2, "fear raised by a minute in full concentration of gas"),
        Parameter("fear_of_injury_seen", "1", 0, 2, "fear raised by seeing a person hurt near by"),
        Parameter("fear_of_detention_seen", "1", 0, 2, "fear raised by seeing a person detained near by"),
        Parameter("fear_threshold", "1", 0, 1, "fear beyond which an ordinary protester begins to leave"),
        Parameter("leaving_per_min", "1/min", 0, 5, "rate of leaving per unit of fear above the threshold"),
        Parameter("hard_core_nerve", "1", 0, 1, "how much more fear the hard core stands before leaving"),
    ),
)


@rule
def fear_after(fear: float, kept: float, seen: float) -> float:
    """Return fear after a step: it fades to the share *kept* and what is seen raises it towards 1."""
    if seen <= 0.0:
        return fear * kept
    return fear * kept + (1.0 - fear) * (1.0 - exp(-seen))


@rule
def cornered_anger(anger: float, fear: float, turning_per_min: float, minutes: float) -> float:
    """Return anger after *minutes* without a way out: a share of fear turns into it each minute, up to 1."""
    return min(anger + fear * turning_per_min * minutes, 1.0)


@rule
def leaving_chance(fear: float, nerve: float, rate_per_min: float, minutes: float) -> float:
    """Return the chance that a person flees within *minutes*: nothing up to his nerve, then in proportion to fear beyond."""
    return chance_within(rate_per_min * max(fear - nerve, 0.0), minutes)
