"""Dispersal: what a push and agents do to the people in their way.

Agents clear cells, drift with the wind and thin out. Batons and devices hurt some of those they reach: at selectivity 0
everybody in reach, at 1 identified violent persons only.

Source: order of means on 29 May 2023 (facts Z1, Z2); rates are assumptions. Not modelled: substances, doses, equipment.
"""

from __future__ import annotations

from sim.foundations.arithmetic import chance_within
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "dispersal",
    (
        Parameter("baton_injury_per_min", "1/min", 0, 0.5, "rate of injury of a person at the point of a push"),
        Parameter("resisting_factor", "1", 1, 10, "how much likelier a violent or pressing person is hurt than one who gives way"),
        Parameter("agent_injury_per_min", "1/min", 0, 0.5, "rate of injury at full concentration of gas and stun devices"),
        Parameter("agent_reach_m", "m", 5, 60, "distance over which a section can put agents among people"),
        Parameter("agent_uses_per_min", "1/min", 0, 5, "uses of agents by one equipped section while ordered"),
        Parameter("agent_misfire_chance", "chance", 0, 0.5, "chance that a use falls short or drifts back without effect"),
        Parameter("agent_use_concentration", "1", 0, 1, "concentration that one use adds to its cell"),
        Parameter("agent_fading_min", "min", 0.5, 60, "time in which concentration falls to 1/e"),
        Parameter("agent_drift_per_min", "1/min", 0, 1, "rate at which concentration moves one cell downwind"),
        Parameter("extraction_min", "min", 0, 120, "minutes needed to bring out a vehicle once it is free of people"),
    ),
)


@rule
def force_injury_chance(rate_per_min: float, reach: float, resisting: bool, factor: float, selectivity: float, minutes: float) -> float:
    """Return the chance that a person in reach of force is hurt: who gives way is spared in proportion to selectivity.

    Parameters
    ----------
    reach
        How much force reaches the person: number of pushing sections, or concentration of an agent.
    resisting
        Whether the person is violent or presses.
    """
    share = factor if resisting else 1.0 - selectivity
    return chance_within(rate_per_min * reach * share, minutes)
