"""Declared parameters with their pedigree: by concept, by grade, and where each stands in the model and among the assumptions.

A parameter has a place when its concept is declared by a submodel and, where nobody has measured it, when a row of
``scenarios/ASSUMPTIONS.md`` names it. One without a place is refused, so that none can be added unseen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.describe_code import Submodel
from sim.api import Choice, InputError, ParameterSet, Problem, shipped_parameters

GRADES = ("A", "B", "C", "assumption")
MEANING = {
    "A": "several independent sources agree",
    "B": "one good source",
    "C": "weak, contested or general knowledge",
    "assumption": "ours; no measurement behind it",
}
REGISTER = Path(__file__).parents[1] / "scenarios" / "ASSUMPTIONS.md"
IN_VIEW = "in view"
"""Words by which a source says that a value was set with totals of the replayed days before one's eyes."""

NAMED = "named"
"""What stands for a number where the register names a parameter outside its rows."""

_ROW = re.compile(r"^\| (A-\d+) \|(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Described:
    """A parameter.

    Attributes
    ----------
    value, span
        As they are shown; the span is empty where the value is taken as known.
    forms
        Names of the forms of a rule form; empty for a number.
    assumption
        Number of its row in the register of assumptions, or ``named`` where the register tells of it elsewhere; empty where it does not.
    """

    name: str
    concept: str
    unit: str
    value: str
    span: str
    forms: tuple[str, ...]
    grade: str
    meaning: str
    source: str
    assumption: str


@dataclass(frozen=True)
class Pedigree:
    """All parameters, in the order of their concepts."""

    parameters: tuple[Described, ...]

    def of(self, concept: str) -> tuple[Described, ...]:
        """Return the parameters of a concept."""
        return tuple(item for item in self.parameters if item.concept == concept)

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts, in their order."""
        return tuple(dict.fromkeys(item.concept for item in self.parameters))

    @property
    def by_grade(self) -> Mapping[str, int]:
        """How many parameters have each grade."""
        return counted(self.parameters)

    @property
    def sourced(self) -> tuple[Described, ...]:
        """The parameters that have a source, the best first."""
        return tuple(item for grade in GRADES[:-1] for item in self.parameters if item.grade == grade)

    @property
    def rule_forms(self) -> tuple[Described, ...]:
        """The declared choices between published forms of a rule."""
        return tuple(item for item in self.parameters if item.forms)

    @property
    def with_a_range(self) -> int:
        """How many have a range from which studies draw."""
        return sum(bool(item.span) for item in self.parameters)

    @property
    def set_in_view(self) -> tuple[Described, ...]:
        """The parameters whose source says that their value was set with results in view."""
        return tuple(item for item in self.parameters if IN_VIEW in item.source)


def counted(parameters: Sequence[Described]) -> dict[str, int]:
    """Return how many of the parameters have each grade, all grades named."""
    found = Counter(item.grade for item in parameters)
    return {grade: found[grade] for grade in GRADES}


def register(text: str) -> dict[str, str]:
    """Return the number of the row that names each parameter in the register of assumptions, or that it is named elsewhere.

    A row's last column names the parameters that it is about; the first such row counts.
    """
    found: dict[str, str] = {}
    for number, rest in _ROW.findall(text):
        for name in re.findall(r"`(\w+)`", rest.rsplit("|", 2)[-2]):
            found.setdefault(name, number)
    return dict.fromkeys(re.findall(r"`(\w+)`", text), NAMED) | found


def pedigree(submodels: Sequence[Submodel], parameters: ParameterSet | None = None, assumptions: str | None = None) -> Pedigree:
    """Return every shipped parameter with its pedigree; InputError for each that has no place."""
    shipped = shipped_parameters() if parameters is None else parameters
    rows = register(REGISTER.read_text("utf-8") if assumptions is None else assumptions)
    homes = {item.concept for item in submodels}
    problems, found = [], []
    for concept in shipped.concepts:
        if concept.name not in homes:
            remedy = "declare it in a module of a rung that is described (analysis/describe_code.py)"
            problems.append(Problem(f"concept {concept.name}", "no submodel declares it", remedy))
        for declared in concept:
            valued = shipped.valued[declared.name]
            row = rows.get(declared.name, "")
            if valued.grade == "assumption" and not row:
                what = "is an assumption that scenarios/ASSUMPTIONS.md does not name"
                problems.append(Problem(f"parameter {declared.name}", what, "add it to a row there"))
            forms = tuple(form.lower() for form in declared.forms.__members__) if isinstance(declared, Choice) else ()
            unit = "form" if isinstance(declared, Choice) else declared.unit
            found.append(
                Described(
                    name=declared.name,
                    concept=concept.name,
                    unit=unit,
                    value=_number(valued.value),
                    span="" if valued.low is None or valued.high is None else f"{_number(valued.low)} to {_number(valued.high)}",
                    forms=forms,
                    grade=valued.grade,
                    meaning=declared.meaning,
                    source=valued.source,
                    assumption=row,
                )
            )
    if problems:
        raise InputError(problems)
    return Pedigree(tuple(found))


def _number(value: float | str) -> str:
    return value.lower() if isinstance(value, str) else f"{value:.6g}"
