"""Detention: identified, detained, handed over, and what follows weeks later.

A team has to identify a violent person in reach, take him, and hold him until a police force takes over with evidence;
while it does so its people are bound. After the event each violent person may be identified, and arrested within 30 days.

Sources: 5 arrests on the day, about 10 within a year (facts Z25, R1, R2). Charge and verdict belong to the days after.
Not modelled: names, warrants.
"""

from __future__ import annotations

from sim.foundations.arithmetic import chance_within
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "arrest",
    (
        Parameter("detentions_per_team_min", "1/min", 0, 1, "rate at which a team takes a violent person in reach"),
        Parameter("detention_reach_m", "m", 0, 60, "distance over which a team can act from its line"),
        Parameter("misidentified_chance", "chance", 0, 0.5, "chance, at selectivity 0, that the person taken was not violent"),
        Parameter("detention_binds_min", "min", 0, 240, "minutes for which one detention binds its team"),
        Parameter("handed_over_chance", "chance", 0, 1, "chance that a detained person is handed over with usable evidence"),
        Parameter("later_identified_chance", "chance", 0, 1, "p_id: chance that a violent person is identified afterwards"),
        Parameter("later_arrested_chance", "chance", 0, 1, "p_arr: chance that an identified person is arrested within 30 days"),
    ),
)


@rule
def detention_chance(rate_per_min: float, minutes: float) -> float:
    """Return the chance that a team with somebody in reach takes one person within *minutes*."""
    return chance_within(rate_per_min, minutes)
