"""The catalogue of declared parameters, and their values from ``scenarios/parameters/<concept>.yaml``.

Code and files must pair exactly: a parameter without a value, a value without a rule, a number without a source, or a range
that does not hold its value is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.actors import crowd
from sim.adjudication import arrest, casualties, crowd_clash, crowd_movement, dispersal
from sim.deterrence import activation, fear, grievance, learning, legitimacy, perceived_cost
from sim.doctrine import readiness
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.foundations.parameter import Choice, Concept, Declared, ParameterSet, Valued, complaint
from sim.seats import sensing

CONCEPTS: tuple[Concept, ...] = (
    grievance.CONCEPT,
    perceived_cost.CONCEPT,
    activation.CONCEPT,
    fear.CONCEPT,
    learning.CONCEPT,
    legitimacy.CONCEPT,
    crowd.CONCEPT,
    crowd_movement.CONCEPT,
    crowd_clash.CONCEPT,
    dispersal.CONCEPT,
    arrest.CONCEPT,
    casualties.CONCEPT,
    readiness.CONCEPT,
    sensing.CONCEPT,
)


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float | str
    low: float | None = None
    high: float | None = None
    source: str = Field(min_length=2)
    grade: Literal["A", "B", "C", "assumption"]


class _ConceptFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    concept: str
    parameters: dict[str, _Value]


def _problems(document: Document, concept: Concept, file: _ConceptFile) -> Iterator[Problem]:
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
        file = validated(document, _ConceptFile)
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
    return read_parameters(Path(__file__).parents[2] / "scenarios" / "parameters")


def _spoken_names() -> dict[str, Declared]:
    names: dict[str, Declared] = {}
    for concept in CONCEPTS:
        for item in concept:
            names[f"{concept.name}.{item.name}"] = item
            if concept.short:
                names[f"{concept.short}.{item.name}"] = item
    return names


def with_settings(base: ParameterSet, settings: Mapping[str, str]) -> ParameterSet:
    """Return *base* changed by ``concept.parameter=value`` settings as typed on a command line; InputError when wrong."""
    names, problems, values = _spoken_names(), [], {}
    for spoken, text in settings.items():
        if spoken not in names:
            problems.append(Problem(f"--set {spoken}", "there is no such parameter", nearest(spoken, names)))
            continue
        item = names[spoken]
        value = _parsed(item, text)
        if what := complaint(item, value):
            problems.append(Problem(f"--set {spoken}", what))
        else:
            values[item.name] = value
    if problems:
        raise InputError(problems)
    return base.with_values(values)


def _parsed(item: Declared, text: str) -> float | str:
    if isinstance(item, Choice):
        return text.upper()
    try:
        return float(text)
    except ValueError:
        return text


def parse_settings(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return ``name=value`` pairs as a mapping; InputError for one without '='."""
    settings = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise input_error(f"--set {pair}", "is not of the form concept.parameter=value", "for example roe.explicitness=0.8")
        settings[name.strip()] = value.strip()
    return settings
