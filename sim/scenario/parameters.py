"""The catalogue of declared parameters, and their values from ``scenarios/parameters/<concept>.yaml``.

Code and files must pair exactly: a parameter without a value, a value without a rule, a number without a source, or a range
that does not hold its value is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.actors import crowd, paramilitary
from sim.adjudication import armed_contact, arrest, casualties, crowd_clash, crowd_movement, dispersal, interdiction, prosecution, siege
from sim.deterrence import (
    activation,
    armed_choice,
    beliefs,
    campaign_choice,
    campaign_response,
    escalation,
    fear,
    grievance,
    learning,
    legitimacy,
    licence,
    mobilisation,
    perceived_cost,
)
from sim.doctrine import campaign_transition, hand_over, isr, lever_effects, readiness, transition
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, nearest
from sim.foundations.parameter import Choice, Concept, Declared, ParameterSet, Valued, complaint
from sim.scenario.shipped import SHIPPED
from sim.seats import sensing

CROWD_CONCEPTS: tuple[Concept, ...] = (
    grievance.CONCEPT,
    perceived_cost.CONCEPT,
    activation.CONCEPT,
    fear.CONCEPT,
    learning.CONCEPT,
    mobilisation.CONCEPT,
    crowd.CONCEPT,
    crowd_movement.CONCEPT,
    crowd_clash.CONCEPT,
    dispersal.CONCEPT,
    arrest.CONCEPT,
    prosecution.CONCEPT,
)
"""Concepts that only a scenario with a crowd reads."""

ARMED_CONCEPTS: tuple[Concept, ...] = (
    paramilitary.CONCEPT,
    armed_contact.CONCEPT,
    siege.CONCEPT,
    interdiction.CONCEPT,
    armed_choice.CONCEPT,
    beliefs.CONCEPT,
    escalation.CONCEPT,
    isr.CONCEPT,
    transition.CONCEPT,
)
"""Concepts that only a scenario with an armed group reads."""

CAMPAIGN_CONCEPTS: tuple[Concept, ...] = (campaign_choice.CONCEPT, campaign_response.CONCEPT, campaign_transition.CONCEPT)
"""Concepts that only a campaign reads."""

LEVER_CONCEPTS: tuple[Concept, ...] = (lever_effects.CONCEPT,)
"""Concepts that act only where an option has turned a lever: calibration never draws them."""

CONCEPTS: tuple[Concept, ...] = (
    grievance.CONCEPT,
    perceived_cost.CONCEPT,
    activation.CONCEPT,
    fear.CONCEPT,
    learning.CONCEPT,
    legitimacy.CONCEPT,
    mobilisation.CONCEPT,
    licence.CONCEPT,
    crowd.CONCEPT,
    crowd_movement.CONCEPT,
    crowd_clash.CONCEPT,
    dispersal.CONCEPT,
    arrest.CONCEPT,
    prosecution.CONCEPT,
    casualties.CONCEPT,
    readiness.CONCEPT,
    hand_over.CONCEPT,
    sensing.CONCEPT,
    *ARMED_CONCEPTS,
    *CAMPAIGN_CONCEPTS,
    *LEVER_CONCEPTS,
)


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float | str
    low: float | None = None
    high: float | None = None
    source: str = Field(min_length=2)
    grade: Literal["A", "B", "C", "assumption"]


class ConceptFile(BaseModel):
    """``parameters/<concept>.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    concept: str
    parameters: dict[str, _Value]


def _problems(document: Document, concept: Concept, file: ConceptFile) -> Iterator[Problem]:
    declared = {item.name: item for item in concept}
    for name in declared.keys() - file.parameters.keys():
        yield document.problem(("parameters",), f"'{name}' has no value", "give value, source and grade")
    for name, given in file.parameters.items():
        at = ("parameters", name)
        if name not in declared:
            yield document.problem(at, "unknown parameter", nearest(name, declared))
            continue
        yield from _problems_of_value(document, declared[name], given)


def _problems_of_value(document: Document, item: Declared, given: _Value) -> Iterator[Problem]:
    at = ("parameters", item.name)
    value = given.value.upper() if isinstance(item, Choice) and isinstance(given.value, str) else given.value
    if what := complaint(item, value):
        yield document.problem((*at, "value"), what)
    if (given.low is None) != (given.high is None):
        yield document.problem(at, "has one end of a range", "give both low and high")
    if given.low is not None and given.high is not None and isinstance(value, int | float):
        if not given.low <= value <= given.high:
            yield document.problem((*at, "value"), f"{value:g} lies outside its own range {given.low:g} to {given.high:g}")
        for end in (given.low, given.high):
            if what := complaint(item, end):
                yield document.problem(at, what)


def _valued(item: Declared, given: _Value) -> Valued:
    value = str(given.value).upper() if isinstance(item, Choice) else given.value
    return Valued(value, given.low, given.high, given.source, given.grade)


def read_parameters(folder: Path) -> ParameterSet:
    """Return every declared parameter with its value from *folder*; InputError with every complaint."""
    values: dict[str, Valued] = {}
    problems: list[Problem] = []
    for concept in CONCEPTS:
        document = read_document(folder / f"{concept.name}.yaml", folder.parent)
        file = validated(document, ConceptFile)
        found = list(_problems(document, concept, file))
        problems += found
        if not found:
            values |= {item.name: _valued(item, file.parameters[item.name]) for item in concept}
    if problems:
        raise InputError(problems)
    return ParameterSet(CONCEPTS, values)


@cache
def shipped_parameters() -> ParameterSet:
    """Return the shipped values."""
    return read_parameters(SHIPPED / "parameters")


def spoken_names() -> dict[str, Declared]:
    """Return every declaration by the names that a user can type: ``concept.parameter`` and ``short.parameter``."""
    names: dict[str, Declared] = {}
    for concept in CONCEPTS:
        for item in concept:
            names[f"{concept.name}.{item.name}"] = item
            if concept.short:
                names[f"{concept.short}.{item.name}"] = item
    return names
