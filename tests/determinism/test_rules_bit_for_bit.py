"""Every scalar rule gives the same bits compiled and as plain Python, on ten thousand random inputs each."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
from rule_inputs import inputs, rules, unknown, walks_through_tables

from sim.foundations.arithmetic import exp
from sim.foundations.chance import name_key
from sim.foundations.rule import INTERPRETED, kernel

ROWS = 10_000
RULES = rules()
SCALAR = {name: rule for name, rule in RULES.items() if not walks_through_tables(rule)}

compiled_only = pytest.mark.skipif(INTERPRETED, reason="there is nothing compiled to hold against plain Python")


def bits(answer: object) -> object:
    """Return what tells two answers apart to the last bit: a whole number and the same float are one number."""
    if isinstance(answer, tuple):
        return tuple(bits(part) for part in answer)
    number = float(answer)  # type: ignore[arg-type]  # rules answer with numbers
    return int(answer) if number.is_integer() and abs(number) > 2**53 else struct.pack("<d", number)  # type: ignore[call-overload]


def told(form: Callable[..., object], given: tuple[object, ...]) -> object:
    """Return a rule's answer and what it left in the rows given to it, which are copied for it."""
    mine = [part.copy() if isinstance(part, np.void | np.ndarray) else part for part in given]
    answer = bits(form(*mine))
    return answer, [part.tobytes() for part in mine if isinstance(part, np.void | np.ndarray)]


def differences(one: Callable[..., object], other: Callable[..., object], arguments: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return the arguments for which two forms of a rule answer differently, or leave different rows."""
    return [given for given in arguments if told(one, given) != told(other, given)]


def test_every_rule_has_declared_inputs_or_belongs_to_the_small_day():
    assert {name: unknown(rule) for name, rule in SCALAR.items() if unknown(rule)} == {}
    assert len(SCALAR) > 50


@compiled_only
@pytest.mark.parametrize("name", SCALAR)
def test_a_rule_gives_the_same_bits_compiled_and_plain(name):
    rule = SCALAR[name]
    arguments = inputs(rule, ROWS, np.random.default_rng(name_key("rule inputs", name)))
    assert differences(rule, kernel(rule), arguments) == []


@compiled_only
def test_the_comparison_notices_a_rule_that_is_off_in_its_last_bit():
    arguments = inputs(exp, 1000, np.random.default_rng(1))

    def broken(x):
        return exp(x) * (1.0 + 2.0**-52)

    assert len(differences(broken, kernel(exp), arguments)) > 800


@compiled_only
def test_the_comparison_notices_the_c_librarys_exponential():
    arguments = [(x,) for x in np.random.default_rng(2).uniform(-5.0, 5.0, 10_000).tolist()]
    assert len(differences(lambda x: float(np.exp(x)), kernel(exp), arguments)) > 50
