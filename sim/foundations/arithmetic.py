"""Arithmetic with the same bits everywhere: exp, log, power, square root.

The C library's ``exp``, ``log`` and ``pow`` differ in their last bits between processors, and numba's between compiled and
plain Python. These use only exact operations (``+ - * /``, ``floor``, ``frexp``, ``sqrt`` and tables made with decimal
arithmetic), so a record made on one machine replays on another. Relative error below 5e-16 (``power``: grows with the
size of the result's logarithm).

Method: exp by table and short polynomial after Tang (1989); log by the series of the area tangent.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np

from sim.foundations.rule import rule

_PARTS = 32


def _roots_of_two() -> np.ndarray:
    with localcontext() as context:
        context.prec = 40
        return np.array([float(Decimal(2) ** (Decimal(j) / _PARTS)) for j in range(_PARTS)])


def _powers_of_two() -> np.ndarray:
    return np.array([math.ldexp(1.0, k) for k in range(-1074, 1024)])


_ROOT = _roots_of_two()
_POWER = _powers_of_two()
_PARTS_PER_LOG = 46.16624130844683  # 32 / ln 2
_LN_2 = 0.6931471805599453
_SQRT_HALF = 0.7071067811865476
_INFINITY = math.inf


def _split_log() -> tuple[float, float]:
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(2).ln() / _PARTS
        high = math.floor(float(exact) * 2.0**37) / 2.0**37
        return high, float(exact - Decimal(high))


_LOG_HIGH, _LOG_LOW = _split_log()


@rule
def sqrt(x: float) -> float:
    """Return the square root of *x* >= 0 (exactly rounded by every processor)."""
    return math.sqrt(x)


@rule
def exp(x: float) -> float:
    """Return e to the power *x*; 0 below -745.2, infinity above 709.8."""
    if not x <= 709.782712893384:
        return x + _INFINITY  # so that what is not a number stays so
    if x < -745.2:
        return 0.0
    whole = math.floor(x * _PARTS_PER_LOG + 0.5)
    rest = x - whole * _LOG_HIGH - whole * _LOG_LOW
    octave = math.floor(whole / 32.0)
    part = int(whole - 32.0 * octave)
    tail = rest * rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest * (1.0 / 720.0)))))
    root = float(_ROOT[part])
    value = root + root * (rest + tail)
    if octave < -1021.0:
        return value * float(_POWER[int(octave) + 1074 + 53]) * float(_POWER[1074 - 53])
    if octave > 1022.0:
        return value * 2.0 * float(_POWER[int(octave) - 1 + 1074])
    return value * float(_POWER[int(octave) + 1074])


@rule
def log(x: float) -> float:
    """Return the natural logarithm of *x*; minus infinity at 0 and below."""
    if x <= 0.0:
        return -_INFINITY
    if x == _INFINITY:
        return x
    part, octave = math.frexp(x)
    if part < _SQRT_HALF:
        part = part * 2.0
        octave = octave - 1
    ratio = (part - 1.0) / (part + 1.0)
    square = ratio * ratio
    series = 1.0 / 19.0 + square * (1.0 / 21.0 + square * (1.0 / 23.0))
    series = 1.0 / 13.0 + square * (1.0 / 15.0 + square * (1.0 / 17.0 + square * series))
    series = 1.0 / 7.0 + square * (1.0 / 9.0 + square * (1.0 / 11.0 + square * series))
    series = square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * series))
    return octave * _LN_2 + 2.0 * (ratio + ratio * series)


@rule
def power(base: float, exponent: float) -> float:
    """Return *base* >= 0 raised to *exponent*; 0 for base 0 and a positive exponent."""
    if exponent == 0.0:
        return 1.0
    if base <= 0.0:
        return 0.0 if exponent > 0.0 else _INFINITY
    return exp(exponent * log(base))


@rule
def whole_number(mean: float, share: float) -> int:
    """Return a whole number >= 0 whose mean over *share* of [0, 1) is *mean*: rounded up as often as its fraction says."""
    below = math.floor(mean)
    return int(below) + (1 if share < mean - below else 0)


@rule
def chance_within(rate_per_min: float, minutes: float) -> float:
    """Return the chance of at least one event in *minutes* at a constant rate: 1 - exp(-rate x time)."""
    if rate_per_min <= 0.0:
        return 0.0
    return 1.0 - exp(-rate_per_min * minutes)


@rule
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)), in [0, 1]."""
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    raised = exp(x)
    return raised / (1.0 + raised)
