"""Where the spread of a prediction comes from: the episode's inputs, the parameters, chance, or their being there together.

Some surviving sets, some draws of the episode's inputs and some seeds are crossed, each with each. What is common to all runs
of a set beyond chance is the set's; so for draws and seeds; what is left belongs to none of them alone. (Random effects of
three crossed factors, by mean squares.) Counts and times are taken as the logarithm of one more than they are.

Episode inputs are the ranges of ``episode.inputs``, the size of each wave of people, what the days before left, and the times
of an armed group. Turnout on a day and how volatile it is are chance: nobody could have known them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.expected import Statistic
from analysis.forecast_scores import SCORED, scaled
from analysis.played import Played, Progress, play_each
from sim.api import Scenario

SETS, DRAWS, SEEDS = 8, 6, 4
"""Crossed sets, draws of inputs and seeds: 192 runs."""

FIRST_DRAW = 1_000_000
"""Draws of inputs begin here, so that none is that of a seed that is played elsewhere."""


@dataclass(frozen=True)
class Parts:
    """Variance of one statistic, told apart.

    Attributes
    ----------
    inputs, parameters, chance, together
        Shares of the variance, which add up to 1; all 0 where every run gave the same.
    spread
        Standard deviation of all of it, on the scale on which the statistic is scored.
    """

    pattern: str
    statistic: Statistic
    inputs: float
    parameters: float
    chance: float
    together: float
    spread: float

    @property
    def key(self) -> str:
        """Pattern and name of the statistic."""
        return f"{self.pattern} {self.statistic.name}"


def crossed(
    scenario: Scenario,
    sets: Sequence[Mapping[str, float]],
    statistics: Iterable[tuple[str, Statistic]],
    days: tuple[str, ...] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Parts, ...]:
    """Return the parts of every statistic that has one value a run, from sets, draws of inputs and seeds that are crossed."""
    used = sets[:SETS]
    draws = [{"episode.draw": str(FIRST_DRAW + place)} for place in range(DRAWS)]
    runs = [(values, seed, choices) for values in used for choices in draws for seed in range(SEEDS)]
    played = play_each(str(scenario.folder), runs, days, workers, progress)
    found = []
    for pattern, statistic in statistics:
        if statistic.kind in SCORED and statistic.settings == ((),):
            table = _table(played, statistic, (len(used), DRAWS, SEEDS))
            if table is not None:
                found.append(parts_of(pattern, statistic, table))
    return tuple(found)


def _table(played: Sequence[Played], statistic: Statistic, shape: tuple[int, int, int]) -> np.ndarray | None:
    """Return one value a run as (sets, draws, seeds); sets of which a run failed are left out, None without two sets."""
    values = np.array([float(item.values(statistic)[0]) if len(item.values(statistic)) else math.nan for item in played])
    table = scaled(statistic, values).reshape(shape)
    whole: np.ndarray = table[~np.isnan(table).any(axis=(1, 2))]
    return whole if len(whole) > 1 else None


def parts_of(pattern: str, statistic: Statistic, table: np.ndarray) -> Parts:
    """Return the parts of a table of (sets, draws, seeds), none below 0, in shares of their sum."""
    variances = components(table)
    total = sum(variances)
    shares = [item / total if total > 0.0 else 0.0 for item in variances]
    parameters, inputs, chance, together = shares
    return Parts(pattern, statistic, inputs, parameters, chance, together, math.sqrt(total))


def components(table: np.ndarray) -> tuple[float, float, float, float]:
    """Return the variance components of three crossed factors and of what they do together, none below 0.

    Each main effect's mean square holds the interactions with the two others, which are taken off (Cochran & Cox); what is
    left of the variance of single runs is together.
    """
    sizes = table.shape
    grand = table.mean()
    mean = {axes: table.mean(axis=tuple(axis for axis in range(3) if axis not in axes), keepdims=True) for axes in _FACES}
    main = [_mean_square(mean[(axis,)] - grand, table.size, sizes[axis] - 1) for axis in range(3)]
    pairs = {}
    for first, second in ((0, 1), (0, 2), (1, 2)):
        effect = mean[(first, second)] - mean[(first,)] - mean[(second,)] + grand
        pairs[(first, second)] = _mean_square(effect, table.size, (sizes[first] - 1) * (sizes[second] - 1))
    fitted = sum(mean[face] for face in ((0, 1), (0, 2), (1, 2))) - sum(mean[(axis,)] for axis in range(3)) + grand
    freedom = (sizes[0] - 1) * (sizes[1] - 1) * (sizes[2] - 1)
    rest = _mean_square(table - fitted, table.size, freedom)
    alone = []
    for axis in range(3):
        others = [pairs[face] for face in pairs if axis in face]
        alone.append(max((main[axis] - sum(others) + rest) / (table.size / sizes[axis]), 0.0))
    between = [max((square - rest) / (table.size / (sizes[a] * sizes[b])), 0.0) for (a, b), square in pairs.items()]
    return alone[0], alone[1], alone[2], sum(between) + rest


_FACES = ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))


def _mean_square(effect: np.ndarray, runs: int, freedom: int) -> float:
    """Return an effect's mean square over all runs."""
    return float((effect**2).sum() * (runs / effect.size) / freedom) if freedom else 0.0
