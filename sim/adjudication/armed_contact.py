"""Armed contact: ambush and exchange of fire as stochastic attrition, in aggregate categories.

Each side's fit people who are in contact hit at a rate; a hit takes one of the other side out of the fight. With cover,
surprise, restraint and morale off this is the stochastic square law (Lanchester 1916; Brown 1963): the next hit is A's with
chance a x rate_A / (a x rate_A + b x rate_B). Cover lowers the share of the other side that can be hit, an ambush raises the
first minutes' rate, care for civilians lowers one's own fire, and a side that has lost too large a share breaks off.

Sources: facts 2.1 and 2.2 (one officer killed and one wounded by gunfire, three attackers killed, fire off and on over hours). No source
gives rates: all are assumptions with wide ranges. Not modelled: weapons, ammunition, aiming, anything below the aggregate.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule
from sim.vocabulary import Grade

CONCEPT = Concept(
    "armed_contact",
    (
        Parameter("hits_per_min", "1/min", 0, 1, "hits a minute by one person in contact on people without cover"),
        Parameter("fire_share", "share", 0, 1, "share of the time in which fire is exchanged at all while both sides are in contact"),
        Parameter("ambush_factor", "1", 1, 100, "factor on an ambush's fire while it surprises; 1 surprise does not matter"),
        Parameter("ambush_surprise_min", "min", 0, 60, "minutes for which an ambush surprises"),
        Parameter("wary_saving", "share", 0, 1, "share of an ambush's extra fire that a patrol which was warned is spared; 0 none, 1 all"),
        Parameter(
            "civilian_care", "share", 0, 1, "how far care for civilians near lowers one's own fire: 0 not at all, 0.5 by half, 1 no fire"
        ),
        Parameter("police_break_share", "share", 0, 1, "share of its people hit at which a police group breaks off; 1 never"),
        Parameter("group_break_share", "share", 0, 1, "share of its people hit at which a stopped cell gives up; 1 never"),
        Parameter("hit_fatal_share", "chance", 0, 1, "chance that a hit kills at once"),
        Parameter("hit_serious_share", "chance", 0, 1, "chance that a hit which does not kill is serious"),
        Parameter("unevacuated_death_per_hour", "1/h", 0, 2, "rate at which the seriously wounded die before they reach a hospital"),
        Parameter("fighters_wait_h", "h", 0, 100, "hours that a wounded fighter waits for a hospital"),
        Parameter("stray_share", "share", 0, 1, "share of a hit's rate that strikes civilians who are in the line of fire"),
        Parameter("live_fire_saving", "share", 0, 1, "share of hits that complete live-fire training spares its own side in armed contact"),
    ),
)


@rule
def hit_rate(
    shooters: float, hits_per_min: float, fire_share: float, cover: float, surprise_factor: float, restraint: float, spared: float
) -> float:
    """Return hits a minute by all shooters of one side: fewer through cover, restraint and training, more by surprise.

    ``cover`` is the share of the targets that cannot be hit, ``restraint`` how far the shooters hold their fire, ``spared``
    the share that the targets' training spares them, each in [0, 1].
    """
    return shooters * hits_per_min * fire_share * (1.0 - cover) * surprise_factor * (1.0 - restraint) * (1.0 - spared)


@rule
def surprise_factor(ambush_factor: float, minutes: float, surprise_min: float, warned: bool, wary_saving: float) -> float:
    """Return the factor on an ambush's fire so many minutes after it was sprung; a warned patrol is spared a share of the extra."""
    if minutes >= surprise_min:
        return 1.0
    extra = ambush_factor - 1.0
    return 1.0 + extra * (1.0 - (wary_saving if warned else 0.0))


@rule
def broken(lost: int, strength: int, break_share: float) -> bool:
    """Tell whether a side breaks off: it has lost more than that share of its people (a share of 1: never)."""
    return break_share < 1.0 and lost > break_share * strength


@rule
def death_chance(evacuation_min: float, per_hour: float) -> float:
    """Return the chance that a seriously wounded person dies before reaching a hospital after so many minutes."""
    return 1.0 - exp(-per_hour * evacuation_min / 60.0)


@rule
def grade_of_hit(draw: float, fatal_share: float, serious_share: float, dies_waiting: float) -> int:
    """Return how bad a hit ends: fatal at once, or serious (and then fatal by late evacuation), or light."""
    if draw < fatal_share:
        return Grade.FATAL.value
    left = (draw - fatal_share) / (1.0 - fatal_share)
    if left < serious_share * dies_waiting:
        return Grade.FATAL.value
    return Grade.SERIOUS.value if left < serious_share else Grade.LIGHT.value
