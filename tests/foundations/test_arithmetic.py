"""exp, log and power are right to within 5e-16, compiled as interpreted, up to the edges."""

from __future__ import annotations

import math
import random
from decimal import Decimal, localcontext

import numpy as np
import pytest

from sim.foundations import arithmetic
from sim.foundations.rule import interpreted, kernel

TOLERANCE = 5e-16
SMALLEST = 5e-324


@kernel
def _answers(numbers, answers):
    for row in range(numbers.size):
        x = numbers[row]
        answers[row, 0] = arithmetic.exp(x)
        answers[row, 1] = arithmetic.log(x)
        answers[row, 2] = arithmetic.power(abs(x), 1.7)
        answers[row, 3] = arithmetic.power(abs(x), -0.3)
        answers[row, 4] = arithmetic.logistic(x)
        answers[row, 5] = arithmetic.chance_within(abs(x), 0.25)
        answers[row, 6] = arithmetic.sqrt(abs(x))


def _relative_error(found: float, exact: Decimal) -> float:
    return abs(float((Decimal(found) - exact) / exact))


@pytest.fixture
def exactly():
    with localcontext() as context:
        context.prec = 50
        context.Emin, context.Emax = -999_999, 999_999
        yield


@pytest.mark.parametrize("reach", [1e-12, 1e-3, 1.0, 40.0, 700.0])
def test_exp_is_right_to_5e_16_over_its_whole_range(exactly, reach):
    draws = random.Random(reach)
    for x in [draws.uniform(-reach, reach) for _ in range(1000)] + [reach, -reach]:
        assert _relative_error(arithmetic.exp(x), Decimal(x).exp()) < TOLERANCE, x


@pytest.mark.parametrize("reach", [1e-12, 1e-3, 0.3, 1.0, 40.0, 700.0])
def test_log_is_right_to_5e_16_also_near_one(exactly, reach):
    draws = random.Random(reach)
    for x in (math.exp(draws.uniform(-reach, reach)) for _ in range(1000)):
        if x != 1.0:
            assert _relative_error(arithmetic.log(x), Decimal(x).ln()) < TOLERANCE, x


def test_log_is_right_for_denormal_numbers(exactly):
    for x in (SMALLEST, 1e-320, 1.5e-310, 2.0**-1022):
        assert _relative_error(arithmetic.log(x), Decimal(x).ln()) < TOLERANCE, x


def test_power_is_right_to_5e_16_times_the_logarithm_of_its_result(exactly):
    draws = random.Random(3)
    for _ in range(2000):
        base, exponent = math.exp(draws.uniform(-20, 20)), draws.uniform(-5, 5)
        logarithm = Decimal(exponent) * Decimal(base).ln()
        error = _relative_error(arithmetic.power(base, exponent), logarithm.exp())
        assert error < TOLERANCE * (1 + abs(float(logarithm))), (base, exponent)


def test_exp_rounds_to_denormal_numbers_and_then_to_zero():
    with localcontext() as context:
        context.prec = 50
        for x in (-708.5, -720.0, -740.0, -744.0, -745.0):
            exact = float(Decimal(x).exp())
            assert 0.0 < exact < 2.3e-308
            assert abs(arithmetic.exp(x) - exact) <= max(SMALLEST, TOLERANCE * exact), x
    assert arithmetic.exp(-745.3) == 0.0
    assert arithmetic.exp(-1e308) == 0.0
    assert arithmetic.exp(-math.inf) == 0.0


def test_exp_reaches_the_largest_number_and_then_infinity(exactly):
    assert math.isfinite(arithmetic.exp(709.782712893384))
    nearly = 709.7827
    assert _relative_error(arithmetic.exp(nearly), Decimal(nearly).exp()) < TOLERANCE
    assert arithmetic.exp(709.79) == math.inf
    assert arithmetic.exp(1e308) == math.inf
    assert arithmetic.exp(math.inf) == math.inf


def test_the_easy_points_are_exact():
    assert arithmetic.exp(0.0) == 1.0
    assert arithmetic.exp(-0.0) == 1.0
    assert arithmetic.exp(SMALLEST) == 1.0
    assert arithmetic.log(1.0) == 0.0
    assert arithmetic.power(1.0, 123.456) == 1.0
    assert arithmetic.power(7.5, 0.0) == 1.0
    assert arithmetic.logistic(0.0) == 0.5
    assert arithmetic.chance_within(0.0, 5.0) == 0.0


def test_log_of_nothing_or_less_is_minus_infinity():
    assert arithmetic.log(0.0) == -math.inf
    assert arithmetic.log(-0.0) == -math.inf
    assert arithmetic.log(-1.0) == -math.inf
    assert arithmetic.log(math.inf) == math.inf


def test_power_of_nothing_or_less_has_declared_answers():
    assert arithmetic.power(0.0, 2.5) == 0.0
    assert arithmetic.power(0.0, 0.0) == 1.0
    assert arithmetic.power(0.0, -1.0) == math.inf
    assert arithmetic.power(-3.0, 2.0) == 0.0
    assert arithmetic.power(1e300, 2.0) == math.inf
    assert arithmetic.power(1e300, -2.0) == 0.0


def test_what_is_not_a_number_stays_so():
    assert math.isnan(arithmetic.exp(math.nan))
    assert math.isnan(arithmetic.log(math.nan))
    assert math.isnan(arithmetic.power(math.nan, 2.0))
    assert math.isnan(arithmetic.logistic(math.nan))


def test_logistic_and_chance_within_stay_between_nothing_and_one():
    for x in (-1e308, -745.2, -40.0, -1e-9, 1e-9, 40.0, 709.8, 1e308):
        assert 0.0 <= arithmetic.logistic(x) <= 1.0
        assert 0.0 <= arithmetic.chance_within(abs(x), 1.0) <= 1.0


def test_half_the_time_twice_gives_the_chance_of_the_whole_time():
    whole = arithmetic.chance_within(0.03, 10.0)
    half = arithmetic.chance_within(0.03, 5.0)
    assert 1.0 - (1.0 - half) * (1.0 - half) == pytest.approx(whole, rel=1e-14)


def test_compiled_and_interpreted_give_the_same_bits():
    draws = random.Random(11)
    edges = [0.0, -0.0, SMALLEST, -SMALLEST, 1e-310, 1e308, -1e308, math.inf, -math.inf, -745.1, -745.3, 709.78, 709.79, 1.0]
    spread = [draws.uniform(-750, 750) for _ in range(5000)]
    small = [draws.uniform(-2, 2) for _ in range(5000 - len(edges))]
    numbers = np.array(edges + spread + small)
    compiled, plain = np.zeros((numbers.size, 7)), np.zeros((numbers.size, 7))
    _answers(numbers, compiled)
    interpreted(_answers)(numbers, plain)
    differing = np.argwhere(compiled.view(np.int64) != plain.view(np.int64))
    assert differing.size == 0, [(numbers[row], column) for row, column in differing[:5]]
