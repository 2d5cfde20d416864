"""Granovetter's thresholds, played through the project's own contagion rule: they are Granovetter's in a limit.

A hundred people see one another. Person k joins once k others have. Here joining is the project's: anger comes of the
violent share in view alone (no grievance, no cost, anger forgotten at once), and a person turns violent when it passes his
threshold, which is set half a person below the anger that k violent people raise. All decide at the same time.

Source: Granovetter (1978), Threshold Models of Collective Behavior, AJS 83: thresholds 0, 1, ... 99 end with 100 rioters;
with the person of threshold 1 replaced by one of threshold 2 they end with 1. Not modelled: friendship, space. The limit
wants small contagion: anger is bounded by 1, so beyond about 0.005 the last people of a hundred are not reached.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.deterrence.activation import onset_chance, stopping_chance
from sim.deterrence.grievance import agitation, anger_after
from sim.foundations.arithmetic import exp
from sim.foundations.errors import InputError, Problem

EVERY_THRESHOLD = tuple(range(100))
"""One person for each threshold from 0 to 99."""

ONE_REPLACED = (0, 2, *range(2, 100))
"""The same crowd, but for the person of threshold 1, replaced by one of threshold 2."""

CONTAGION_PER_MIN = 0.001


def anger_threshold(others: float, crowd: int, contagion_per_min: float) -> float:
    """Return the anger at which a person joins who waits for *others*: 1 - exp(-kappa (k - 1/2) / n)."""
    return 1.0 - exp(-contagion_per_min * (others - 0.5) / crowd)


def _turns(violent: bool, anger: float, threshold: float) -> bool:
    pull = agitation(0.0, 0.0, anger)
    if violent:
        return stopping_chance(pull, 0.0, threshold, 0.0, 0.0, math.inf, 1.0) == 1.0
    return onset_chance(pull, 0.0, threshold, 0.0, math.inf, 1.0) == 1.0


def riot(waits_for: Sequence[int], contagion_per_min: float = CONTAGION_PER_MIN) -> list[int]:
    """Return how many are violent after each round, until a round changes nothing (at most twice the crowd's size).

    Parameters
    ----------
    waits_for
        For each person, how many must be violent before he joins.
    contagion_per_min
        Kappa of the contagion rule; a round is a minute.

    Raises
    ------
    InputError
        If contagion is not a positive number, or nobody is there.
    """
    if not 0.0 < contagion_per_min < math.inf:
        raise InputError(Problem("contagion_per_min", f"{contagion_per_min} is not positive", "give a number such as 0.001"))
    if not waits_for:
        raise InputError(Problem("waits_for", "is empty", "give one threshold a person"))
    crowd = len(waits_for)
    thresholds = [anger_threshold(others, crowd, contagion_per_min) for others in waits_for]
    anger, violent, counts = [0.0] * crowd, [False] * crowd, [0]
    for _ in range(2 * crowd):
        share = counts[-1] / crowd
        anger = [anger_after(before, 0.0, 0.0, share, 0.0, contagion_per_min, 1.0) for before in anger]
        turning = [_turns(*person) for person in zip(violent, anger, thresholds, strict=True)]
        if not any(turning):
            break
        violent = [now != turns for now, turns in zip(violent, turning, strict=True)]
        counts.append(sum(violent))
    return counts
