"""Interdiction: who is stopped on a way that is closed or watched, and what a search finds.

A person who would use a sealed way is stopped with a chance that rises with how much of it is closed; a way that nobody
watches stops nobody. A search of vehicles finds arms where there are any with one chance and disturbs people where there are
none, which costs legitimacy. Sources: facts 2.2 (most escaped), S1, S2 (a search asked for too late; one that found nothing). Sizes are
assumptions. Not modelled: where caches lie; how anything is hidden.
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "interdiction",
    (
        Parameter("closed_way_stops", "chance", 0, 1, "chance that a wholly closed way stops a cell that uses it"),
        Parameter("boundary_sections_needed", "sections", 1, 200, "sections that watch all ways over the boundary near the village"),
        Parameter("watched_boundary_stops", "chance", 0, 1, "chance that a wholly watched boundary stops a cell that crosses it"),
        Parameter("stopped_resists", "chance", 0, 1, "chance that a stopped cell fights its way out instead of giving up"),
        Parameter("vehicle_share", "share", 0, 1, "share of the cells that leave by vehicle where they can, the others on foot"),
        Parameter("search_hit_chance", "chance", 0, 1, "chance that searching vehicles finds the group's arms before it is in place"),
        Parameter("search_grievance", "share", 0, 0.5, "local grievance that a search which finds nothing adds"),
    ),
)


@rule
def stop_chance(closed: float, stops: float) -> float:
    """Return the chance that a cell is stopped on a way of which this share is closed."""
    return min(max(closed, 0.0), 1.0) * stops


@rule
def watched_share(sections: float, needed: float) -> float:
    """Return the share of the ways over the boundary that so many sections watch."""
    return min(sections / needed, 1.0)
