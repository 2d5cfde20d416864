"""Movement of a crowd on foot: each person seeks a liked distance from the line and shuns packed cells.

Source: attraction and repulsion weights of street-scale crowd models (peers B1, B9); weights are assumptions. Not
modelled: bodies, pushing waves, crush injuries.
"""

from __future__ import annotations

import math

from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "crowd_movement",
    (
        Parameter(
            "crowding_weight", "cells", 0, 10, "how many cells out of place a person bears to avoid a cell twice as full as comfortable"
        ),
        Parameter(
            "spreading_weight", "cells", 0, 20, "how many cells nearer or further a person bears to stand where along the front he likes"
        ),
        Parameter("settling_gain", "cells", 0, 5, "how much better another cell must be for a person to move"),
        Parameter("whim_weight", "cells", 0, 2, "how much of a choice between cells is whim"),
        Parameter("press_distance_cells", "cells", 1, 5, "distance from the line at which people press"),
        Parameter("throw_distance_cells", "cells", 1, 12, "distance from the line at which violent people keep"),
    ),
)

_GOLDEN = 0.6180339887498949


@rule
def place_score(
    gap: float, liked: float, aside: float, spreading_weight: float, present: float, comfort: float, crowding_weight: float
) -> float:
    """Return how badly a cell suits a person, in cells: too near or far, off his part of the front, crowded.

    Parameters
    ----------
    gap, liked
        Steps between the cell and the line, and the steps he likes.
    aside
        Share of the front, in [0, 1], between the cell and where along it he likes to stand.
    present, comfort
        People in the cell, and the number beyond which it feels full.
    """
    crowding = max(present / comfort - 1.0, 0.0)
    return abs(gap - liked) + spreading_weight * aside + crowding_weight * crowding


@rule
def whim_of(draw: float, choice: int) -> float:
    """Return a number in [0, 1) for the *choice*-th neighbour, from one draw."""
    turned = draw + _GOLDEN * choice
    return turned - math.floor(turned)
