"""Uncertainties of a study: which declared parameters are varied, between which ends, and how they are spread between them.

Forms of rules, which are words and no numbers, are uncertainties too: crossed with the points of the numbers, or drawn with them.
Not modelled: correlation between uncertainties, which nobody has measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from analysis.study_file import DrawnForms, Margin, Study, forms_named
from analysis.study_levers import Configured, Lever, set_by
from sim.api import Choice, Parameter, Problem, complaint, nearest, spoken_names

ASSUMPTION = "assumption"
PATTERN = "*?["


@dataclass(frozen=True)
class Uncertainty:
    """A parameter that is varied.

    Attributes
    ----------
    name
        ``concept.parameter``, as it is typed after ``--set``.
    parameter
        Its name among all parameters.
    low, declared, high
        Ends, and the value as declared, which is the peak of a triangular margin.
    """

    name: str
    parameter: str
    unit: str
    low: float
    declared: float
    high: float
    distribution: str
    grade: str

    def told(self) -> dict[str, Any]:
        """Return it as data."""
        return asdict(self)


@dataclass(frozen=True)
class FormChoice:
    """A rule of which several published forms are tried."""

    name: str
    parameter: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Uncertain:
    """All that nobody decides.

    Attributes
    ----------
    crossed, drawn
        Forms crossed with the points, and forms that are columns of the design.
    laid_aside
        Parameters that would be varied, and the lever that sets them.
    """

    numbers: tuple[Uncertainty, ...]
    crossed: tuple[FormChoice, ...]
    drawn: tuple[FormChoice, ...]
    laid_aside: Mapping[str, str]

    def combinations(self) -> list[dict[str, str]]:
        """Return every combination of the crossed forms, by parameter; one empty one where none is crossed."""
        named = (product((choice.parameter,), choice.forms) for choice in self.crossed)
        return [dict(chosen) for chosen in product(*named)]


@dataclass(frozen=True)
class _Field:
    """What the scenarios of a study read under its levers.

    Attributes
    ----------
    full
        Full names by parameter.
    valued
        Values by parameter, of the first scenario that reads it.
    whole
        Whether all levers could be looked at; if not, nothing is said of what none reads.
    """

    full: Mapping[str, str]
    valued: Mapping[str, Any]
    declared: Mapping[str, Parameter | Choice]
    by_lever: Mapping[str, str]
    whole: bool

    def ranged(self) -> list[str]:
        """Return the numbers that have a range and that no lever sets, in the order of their declaration."""
        return [name for name, item in self.valued.items() if _has_range(item) and name not in self.by_lever]

    def uncertainty(self, name: str, margin: Margin | None = None) -> Uncertainty:
        """Return a parameter as it is varied: as declared, but for what a margin says."""
        item, asked = self.valued[name], margin or Margin()
        value = float(item.value)
        low, high = (item.low, item.high) if _has_range(item) else (value, value)
        return Uncertainty(
            self.full[name],
            name,
            str(getattr(self.declared[name], "unit", "1")),
            low if asked.low is None else asked.low,
            value,
            high if asked.high is None else asked.high,
            asked.distribution or "triangular",
            item.grade,
        )


def _has_range(item: Any) -> bool:
    return item.low is not None and item.high is not None and item.high > item.low and not isinstance(item.value, str)


def uncertain_of(study: Study, under: Configured, levers: list[Lever], whole: bool = True) -> tuple[Uncertain, list[Problem]]:
    """Return what a study varies in its scenarios under its levers, and every complaint about it.

    Parameters
    ----------
    whole
        Whether *under* holds every scenario under every lever.
    """
    field = _field(under, levers, whole)
    numbers, problems = _numbers(study, field)
    crossed, drawn, wrong = _forms(study, field)
    asked = _asked(study, field) if isinstance(study.uncertainties, str) else ()
    laid_aside = {field.full[name]: field.by_lever[name] for name in asked if name in field.by_lever}
    return Uncertain(tuple(numbers), crossed, drawn, laid_aside), problems + wrong


def _field(under: Configured, levers: list[Lever], whole: bool) -> _Field:
    valued: dict[str, Any] = {}
    order = [item.name for playable in under.values() for concept in playable.parameters.concepts for item in concept]
    for name in dict.fromkeys(order):
        read = next((playable for playable in under.values() if playable.reads(name)), None)
        if read is not None:
            valued[name] = read.parameters.valued[name]
    declared: dict[str, Any] = {}
    full: dict[str, str] = {}
    for spoken, item in spoken_names().items():
        declared[item.name] = item
        full.setdefault(item.name, spoken)
    return _Field(full, valued, declared, set_by(levers), whole)


def _asked(study: Study, field: _Field) -> Iterator[str]:
    """Give the parameters that a word stands for, with those that a lever sets."""
    if study.uncertainties in ("all", "ranged"):
        for name, item in field.valued.items():
            if _has_range(item) and (study.uncertainties == "ranged" or item.grade == ASSUMPTION):
                yield name


def _numbers(study: Study, field: _Field) -> tuple[list[Uncertainty], list[Problem]]:
    if not isinstance(study.uncertainties, dict):
        return [field.uncertainty(name) for name in _asked(study, field) if name not in field.by_lever], []
    found: dict[str, Uncertainty] = {}
    problems: list[Problem] = []
    margins = sorted(study.uncertainties.items(), key=lambda item: (item[0] != "*", not _is_pattern(item[0]), item[0]))
    exact: dict[str, str] = {}
    for spoken, margin in margins:
        place = ("uncertainties", spoken)
        names, what, remedy = _meant(spoken, field)
        if what:
            problems.append(study.problem(place, what, remedy))
        for name in names:
            if not _is_pattern(spoken) and exact.setdefault(name, spoken) != spoken:
                problems.append(study.problem(place, f"is '{exact[name]}' again", "keep one of the two"))
            found[name] = field.uncertainty(name, margin)
            problems += [study.problem(place, what, remedy) for what, remedy in margin_problems(found[name], field.declared[name], margin)]
    return [found[name] for name in field.valued if name in found], problems


def _is_pattern(spoken: str) -> bool:
    return any(sign in spoken for sign in PATTERN)


def _meant(spoken: str, field: _Field) -> tuple[list[str], str, str]:
    """Return the parameters that a name or pattern means, or what is wrong with it and what to do."""
    if _is_pattern(spoken):
        names = [name for name in field.ranged() if fnmatchcase(field.full[name], spoken)]
        return names, "" if names else "matches no parameter with a range that is read here", "" if names else "write it as 'crowd.*'"
    known = spoken_names()
    name = known[spoken].name if spoken in known else spoken
    what, remedy = _not_to_be_varied(name, spoken, field)
    return [name] if name in field.valued and not what else [], what, remedy


def _not_to_be_varied(name: str, spoken: str, field: _Field) -> tuple[str, str]:
    """Return why a parameter cannot be varied and what to do about it; two empty words where it can."""
    if name not in field.declared:
        return "there is no such parameter", nearest(spoken, spoken_names())
    if isinstance(field.declared[name], Choice):
        return "is the form of a rule and no number", "name it under rule_forms"
    if name in field.by_lever:
        return f"is set by the lever '{field.by_lever[name]}' of this study", "leave it out here, or there"
    if name not in field.valued and field.whole:
        return "no scenario of this study reads it under its levers", "leave it out; a lever's own value stands under levers.settings"
    return "", ""


def margin_problems(item: Uncertainty, declared: Parameter | Choice, margin: Margin) -> Iterator[tuple[str, str]]:
    """Give what is wrong with how a parameter is spread, and what to do about it."""
    if item.low == item.high and margin.low is None and margin.high is None:
        yield "has no declared range", "give low and high"
        return
    if item.low >= item.high:
        yield f"low {item.low:g} is not below high {item.high:g}", "a single value stands under levers.settings"
    for end in (item.low, item.high):
        if what := complaint(declared, end):
            yield what, "keep within what the rule bears"
    if item.distribution == "log_uniform" and item.low <= 0.0:
        yield f"log_uniform needs a low above 0, not {item.low:g}", "raise low, or spread it uniformly"
    if item.distribution == "triangular" and not item.low <= item.declared <= item.high:
        what = f"is densest at its declared value, and {item.declared:g} lies outside {item.low:g} to {item.high:g}"
        yield what, "add distribution: uniform"


def _forms(study: Study, field: _Field) -> tuple[tuple[FormChoice, ...], tuple[FormChoice, ...], list[Problem]]:
    asked = study.rule_forms
    named = asked.draw if isinstance(asked, DrawnForms) else asked
    problems: list[Problem] = []
    if isinstance(named, str):
        found = [_form(name, field) for name in field.valued if named == "all" and isinstance(field.declared[name], Choice)]
        found = [choice for choice in found if choice.parameter not in field.by_lever]
    else:
        by_parameter: dict[str, FormChoice] = {}
        for place, forms in forms_named(study).items():
            choice, what, remedy = _form_named(str(place[-1]), forms, field)
            problems += [study.problem(place, what, remedy)] if what else []
            if choice is not None:
                by_parameter[choice.parameter] = choice
        found = [by_parameter[name] for name in field.valued if name in by_parameter]
    return ((), tuple(found), problems) if isinstance(asked, DrawnForms) else (tuple(found), (), problems)


def _form(name: str, field: _Field) -> FormChoice:
    declared = field.declared[name]
    return FormChoice(field.full[name], name, tuple(declared.forms.__members__) if isinstance(declared, Choice) else ())


def _form_named(spoken: str, forms: tuple[str, ...], field: _Field) -> tuple[FormChoice | None, str, str]:
    known = spoken_names()
    name = known[spoken].name if spoken in known else spoken
    choices = {field.full[item]: item for item in field.valued if isinstance(field.declared[item], Choice)}
    if name not in choices.values():
        return None, "is no rule with several forms that is read here", nearest(spoken, choices)
    if name in field.by_lever:
        return None, f"is set by the lever '{field.by_lever[name]}' of this study", "leave it out here, or there"
    choice = _form(name, field)
    wanted = tuple(dict.fromkeys(form.upper() for form in forms))
    wrong = [form for form in wanted if form not in choice.forms]
    if wrong:
        return None, f"'{wrong[0]}' is no form of it", nearest(wrong[0], choice.forms)
    return replace(choice, forms=wanted), "", ""
