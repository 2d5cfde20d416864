"""Siege: closing roads and paths round an armed group, clearing ground towards it, and searching afterwards.

Closing takes people and time, roads first and footpaths last; clearing is slow where civilians or a protected compound must
be spared; control is declared once the ground has been searched. Sources: facts 2.1 (at least 30 said to be surrounded by the
morning, most got away all the same; operation towards the monastery about noon; control in the evening). Sizes are
assumptions. Not modelled: single houses, rooms, the techniques of clearing.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "siege",
    (
        Parameter("roads_need_sections", "sections", 0.5, 40, "sections that close all roads out of the village"),
        Parameter("paths_need_sections", "sections", 1, 1000, "further sections that close all footpaths round it"),
        Parameter(
            "closing_min", "min", 1, 600, "minutes in which the part that is not yet closed shrinks to 37 % once the people are there"
        ),
        Parameter("dark_paths_factor", "1", 0, 1, "factor on how well footpaths are closed in the dark; 1 darkness does not matter"),
        Parameter("encircled_share", "share", 0.1, 1, "share of the roads closed at which the group counts as encircled"),
        Parameter("clearing_section_hours", "section h", 0, 500, "section hours to clear the ground up to the compound under fire"),
        Parameter(
            "care_slows", "1", 0, 20, "by how much civilians inside and the compound slow clearing: 0 not at all, 1 it takes twice as long"
        ),
        Parameter(
            "sweep_section_hours", "section h", 0, 1000, "section hours to search village, compound and woods before control is declared"
        ),
        Parameter(
            "roadblock_clearing_min",
            "min",
            0,
            1440,
            "minutes until vehicles can pass a roadblock that nobody holds, once somebody is at it",
        ),
        Parameter("compound_pretext", "share", 0, 1, "pretext that fighting inside a protected compound gives, 0 none to 1 full"),
    ),
)


@rule
def closed_after(closed: float, sections: float, needed: float, minutes: float, closing_min: float) -> float:
    """Return the share closed after so many minutes: it moves to what the sections there can close, up or down."""
    able = min(sections / needed, 1.0)
    return able + (closed - able) * exp(-minutes / closing_min)


@rule
def sections_for_paths(sections: float, needed_for_roads: float) -> float:
    """Return how many sections are left for footpaths once the roads are manned."""
    return max(sections - needed_for_roads, 0.0)


@rule
def cleared_in(sections: float, minutes: float, section_hours: float, care: float, care_slows: float) -> float:
    """Return the share of the ground cleared in so many minutes, at most 1; care for civilians and compound (0 to 1) slows it."""
    if sections <= 0.0:
        return 0.0
    needed = section_hours * (1.0 + care * care_slows)
    done = sections * (minutes / 60.0)
    return 1.0 if done >= needed else done / needed
