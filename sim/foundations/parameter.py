"""Declared parameters: name, unit, bounds and meaning in code; value, range, source and grade in YAML.

A concept (one module, one YAML file of the same name under ``scenarios/parameters``) declares what it reads; the two
lists must pair exactly. Values reach kernels as one structured record whose fields are the parameters' names.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from sim.foundations.columns import one_type


@dataclass(frozen=True)
class Parameter:
    """A declared number.

    Attributes
    ----------
    name
        Unique over all concepts; dimensional names end in their unit.
    unit
        ``min``, ``1/min``, ``share``, ``chance``, ``m``, ``persons`` ... or ``1`` for a pure number.
    low, high
        What the rule can bear; a value outside is refused.
    meaning
        What a policy reader needs to know; a 0-1 dial says what 0, 0.5 and 1 are.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str


@dataclass(frozen=True)
class Choice:
    """A declared rule form: which of several published forms a rule takes."""

    name: str
    forms: type[IntEnum]
    meaning: str


type Declared = Parameter | Choice


@dataclass(frozen=True)
class Concept:
    """The parameters that one page of the model reads."""

    name: str
    declared: tuple[Declared, ...]
    short: str = ""

    def __iter__(self) -> Iterator[Declared]:
        """Iterate over the declarations in their order."""
        return iter(self.declared)


@dataclass(frozen=True)
class Valued:
    """A parameter's value with its pedigree.

    Attributes
    ----------
    value
        The number, or the name of the form of a :class:`Choice`.
    low, high
        Range in which the truth may lie (equal to the value where it is known); for sampling.
    source
        Where it comes from: keys of the facts, a publication, or the reasoning of an assumption.
    grade
        A (several sources), B (one good source), C (weak) or ``assumption``.
    """

    value: float | str
    low: float | None
    high: float | None
    source: str
    grade: str


@dataclass(frozen=True)
class ParameterSet:
    """Every declared parameter with its value: immutable, with deltas as new sets."""

    concepts: tuple[Concept, ...]
    valued: Mapping[str, Valued] = field(repr=False)

    def declaration(self, name: str) -> Declared:
        """Return the declaration of *name*; KeyError when there is none."""
        return self.index()[name]

    def index(self) -> dict[str, Declared]:
        """Return all declarations by name."""
        return {item.name: item for concept in self.concepts for item in concept}

    def with_values(self, values: Mapping[str, float | str]) -> ParameterSet:
        """Return a set in which *values* replace the values of the named parameters."""
        merged = dict(self.valued)
        for name, value in values.items():
            old = merged[name]
            merged[name] = Valued(value, old.low, old.high, old.source, old.grade)
        return ParameterSet(self.concepts, merged)

    def record(self) -> np.ndarray:
        """Return the values as a structured array of one row, as kernels read them."""
        row = np.zeros(1, dtype=record_type(self.concepts))
        for item in self.index().values():
            value = self.valued[item.name].value
            row[item.name] = item.forms[str(value)] if isinstance(item, Choice) else value
        return row

    def number(self, name: str) -> float:
        """Return the value of a numeric parameter."""
        return float(self.valued[name].value)


def record_type(concepts: Iterable[Concept]) -> np.dtype[np.void]:
    """Return the record type of the kernels' parameter row: one field a parameter, forms as integers."""
    return one_type(tuple((item.name, "i8" if isinstance(item, Choice) else "f8") for concept in concepts for item in concept))


def complaint(item: Declared, value: object) -> str:
    """Return what is wrong with *value* for *item*, or an empty string."""
    if isinstance(item, Choice):
        if isinstance(value, str) and value in item.forms.__members__:
            return ""
        return f"'{value}' is no form of {item.name}; forms: {', '.join(item.forms.__members__)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{item.name} must be a number ({item.unit}), not '{value}'"
    if not math.isfinite(value):
        return f"{item.name} must be a finite number"
    if not item.low <= value <= item.high:
        return f"{item.name} = {value:.12g} lies outside {item.low:g} to {item.high:g} {item.unit}"
    return ""
