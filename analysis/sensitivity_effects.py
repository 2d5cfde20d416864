"""Elementary effects: how much an outcome changes when one parameter alone is moved (Morris 1991; Campolongo and others 2007).

A trajectory moves each parameter once. The effect is the change of the outcome over the step, in units of the parameter's whole range,
so that a straight line from one end of the range to the other has the effect of its rise. mu* is the mean size of effects, mu their
mean with sign, sigma their spread: large where the effect depends on the other parameters, or where luck is large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.sensitivity_noise import beyond_noise, jackknifed, luck
from analysis.sensitivity_responses import Factor, Responses, mean_of


@dataclass(frozen=True)
class Effect:
    """The elementary effects of one factor, in the outcome's unit over the factor's whole range.

    Attributes
    ----------
    half
        Half width of the 95 % interval of mu*, over trajectories.
    by_noise
        About what mu* would be if the factor did nothing but shake the dice; nan with one seed.
    noise
        Part of sigma that is luck; nan with one seed.
    verdict
        Whether mu* stands out from noise.
    """

    name: str
    mu_star: float
    half: float
    mu: float
    sigma: float
    by_noise: float
    noise: float
    verdict: str
    is_form: bool = False


def elementary_effects(responses: Responses, steps: np.ndarray) -> list[Effect]:
    """Return the effects of all factors, largest mu* first; crossed forms make more trajectories.

    Parameters
    ----------
    steps
        As :func:`steps_of` gives them: the row before a factor is moved, the row after, and the step.
    """
    before, after, step = steps
    moved = (responses.runs[after.astype(int)] - responses.runs[before.astype(int)]) / step[:, :, None, None]
    trajectories, factors, forms, seeds = moved.shape
    effects = np.moveaxis(moved, 2, 1).reshape(trajectories * forms, factors, seeds)
    beyond = beyond_noise(effects, lambda means: mean_of(np.abs(means), 0))
    sizes = mean_of(np.abs(mean_of(moved, 3)), 2)
    half, _ = jackknifed(lambda kept: mean_of(sizes[kept], 0), trajectories)
    means = mean_of(effects, 2)
    noise = np.sqrt(luck(effects))
    table = np.array([mean_of(sizes, 0), half, mean_of(means, 0), _spread(means), math.sqrt(2.0 / math.pi) * noise, noise]).T
    found = [_effect(item, table[place], beyond.verdict(place)) for place, item in enumerate(responses.factors)]
    return sorted(found, key=lambda item: -item.mu_star)


def _effect(item: Factor, row: np.ndarray, verdict: str) -> Effect:
    mu_star, half, mu, sigma, by_noise, noise = map(float, row)
    return Effect(item.name, mu_star, half, mu, sigma, by_noise, noise, verdict, item.is_form)


def _spread(means: np.ndarray) -> np.ndarray:
    off = means - mean_of(means, 0)
    count = np.isfinite(means).sum(axis=0)
    total = np.where(np.isfinite(off), off * off, 0.0).sum(axis=0)
    return np.asarray(np.sqrt(np.divide(total, count - 1.0, out=np.full(total.shape, np.nan), where=count > 1)))


def steps_of(unit: np.ndarray) -> np.ndarray | None:
    """Return which rows each factor moves between, and by how much; none where the points are no trajectories.

    Parameters
    ----------
    unit
        Points as shares of each factor's range, 0 to 1, trajectories one after another, each one row longer than there are factors.

    Returns
    -------
    np.ndarray
        Shape ``(3, trajectories, factors)``: row before, row after, signed step.
    """
    rows, factors = unit.shape
    if not factors or rows % (factors + 1):
        return None
    trajectories = rows // (factors + 1)
    moves = np.diff(unit.reshape(trajectories, factors + 1, factors), axis=1)
    moving = np.abs(moves) > 1e-12
    if (moving.sum(axis=2) != 1).any() or (moving.sum(axis=1) != 1).any():
        return None
    order = moving.argmax(axis=1)
    before = np.arange(trajectories)[:, None] * (factors + 1) + order
    share = np.take_along_axis(moves, order[:, None, :], axis=1)[:, 0, :]
    return np.array([before, before + 1, share])
