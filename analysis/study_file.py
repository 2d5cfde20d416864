"""Study files: what is varied, what is chosen, how many experiments are played, and how much they may cost.

The words are those of exploratory modelling. An *uncertainty* is what nobody decides, a *lever* what somebody does, an *outcome* what is
looked at, an *experiment* one run: a point of the uncertainties, forms of rules, a lever, a scenario, a seed. What a file says against
the scenarios that it names is checked where the plan is made (``study_plan``), before the first run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PrivateAttr, Tag, field_validator

from sim.api import Document, InputError, Problem, input_error, nearest, read_document, validated

SHIPPED = Path(__file__).parents[1] / "scenarios" / "studies"

MOST_SEEDS = 10_000_000
LARGEST_SEED = 2**53

type Distribution = Literal["triangular", "uniform", "log_uniform"]
type Kind = Literal["grid", "latin_hypercube", "sobol", "nearly_orthogonal", "morris", "saltelli", "sets"]
type Place = tuple[str | int, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Margin(_Strict):
    """How one uncertainty is spread; what is left out is as declared (triangular, densest at the declared value)."""

    low: float | None = Field(None, description="lower end; as declared where left out")
    high: float | None = Field(None, description="upper end; as declared where left out")
    distribution: Distribution | None = Field(None, description="triangular (default, peak at the declared value), uniform or log_uniform")


class Posterior(_Strict):
    """Uncertainties drawn from a posterior that `kforsim calibrate --method abc_smc` wrote."""

    posterior: str = Field(min_length=1, description="file, from the study's own folder on")


class Levers(_Strict):
    """What is chosen: policy options, crossed with values of single settings."""

    options: Literal["all"] | tuple[str, ...] = Field(
        ("baseline",), description="ids of options, two joined as '1.1+2.1'; all: every option with a path in each scenario"
    )
    settings: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="by setting as typed after --set: the values to play")

    @field_validator("options", mode="before")
    @classmethod
    def _ids(cls, given: Any) -> Any:
        return tuple(map(_typed, given)) if isinstance(given, list | tuple) else given

    @field_validator("settings", mode="before")
    @classmethod
    def _values(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {name: [*map(_typed, values)] if isinstance(values, list | tuple) else [_typed(values)] for name, values in given.items()}


class DrawnForms(_Strict):
    """Forms of rules drawn with each point, as one more column of the design, instead of crossed with it."""

    draw: Literal["all"] | dict[str, tuple[str, ...]] = Field(description="all, or the forms by parameter")


class Design(_Strict):
    """Which points are tried.

    Attributes
    ----------
    size
        Points of a latin_hypercube, sobol or nearly_orthogonal design; values of each uncertainty in a grid; trajectories of morris
        (each has one point more than there are uncertainties); base points of saltelli (each gives two points more than there are);
        sets at most.
    levels
        Values at which morris tries each uncertainty.
    """

    kind: Kind
    size: int | None = Field(None, ge=1, description="points; grid: values of each; morris: trajectories; saltelli: base points")
    seed: int = Field(1, ge=0, le=LARGEST_SEED)
    levels: int = Field(4, ge=2, le=64, multiple_of=2, description="morris: values at which each uncertainty is tried")


class Seeds(_Strict):
    """Which seeds each combination is played on: the luck of the runs."""

    first: int = Field(0, ge=0, le=LARGEST_SEED)
    count: int = Field(ge=1, le=MOST_SEEDS)


class Budget(_Strict):
    """What a study may cost; above it the study is refused before the first run."""

    runs: int | None = Field(None, ge=1)
    hours: float | None = Field(None, gt=0, description="on the cores that the sweep is given")
    gigabytes: float | None = Field(None, gt=0)


def _kind_of_uncertainties(given: Any) -> str:
    if isinstance(given, str):
        return "word"
    return "posterior" if isinstance(given, Posterior) or (isinstance(given, dict) and "posterior" in given) else "margins"


def _kind_of_forms(given: Any) -> str:
    if isinstance(given, str):
        return "word"
    return "drawn" if isinstance(given, DrawnForms) or (isinstance(given, dict) and "draw" in given) else "crossed"


type _Uncertainties = Annotated[
    Annotated[Literal["all", "ranged", "none", "surviving_sets"], Tag("word")]
    | Annotated[Posterior, Tag("posterior")]
    | Annotated[dict[str, Margin], Tag("margins")],
    Discriminator(_kind_of_uncertainties),
]

type _Forms = Annotated[
    Annotated[Literal["none", "all"], Tag("word")]
    | Annotated[DrawnForms, Tag("drawn")]
    | Annotated[dict[str, tuple[str, ...]], Tag("crossed")],
    Discriminator(_kind_of_forms),
]


class Study(_Strict):
    """A study as its file says it.

    Attributes
    ----------
    scenarios
        Shipped names, or folders from the study's own folder on.
    uncertainties
        ``all`` (every parameter that a scenario reads, that has a range and is an assumption), ``ranged`` (whatever its grade),
        ``none``, ``surviving_sets``, a posterior, or margins by parameter; ``crowd.*`` and ``*`` stand for several.
    rule_forms
        ``none``, ``all``, forms by parameter crossed with the points, or ``{draw: ...}``.
    """

    format: Literal[1]
    title: str = Field(min_length=3)
    scenarios: tuple[str, ...] = Field(min_length=1)
    levers: Levers = Levers()
    uncertainties: _Uncertainties = "all"
    rule_forms: _Forms = "none"
    design: Design | None = None
    seeds: Seeds
    outcomes: Literal["all"] | tuple[str, ...] = "all"
    budget: Budget = Budget()
    _document: Document | None = PrivateAttr(None)

    @property
    def folder(self) -> Path:
        """Folder from which the files and scenarios that a study names are looked for."""
        return Path() if self._document is None else self._document.path.parent

    def problem(self, place: Place, what: str, remedy: str = "") -> Problem:
        """Return a complaint about a field, with file and line where the study was read from a file."""
        if self._document is None:
            return Problem("study:" + ".".join(map(str, place)), what, remedy)
        return self._document.problem(place, what, remedy)

    def asked(self) -> dict[str, Any]:
        """Return what decides which runs are made, the same however the file is laid out; title and budget do not."""
        told: dict[str, Any] = json.loads(self.model_dump_json(exclude={"title", "budget"}))
        return told


def read_study(path: Path) -> Study:
    """Return the study of a file, or of a shipped name; InputError with every complaint about it, each with file, line and field."""
    document = read_document(study_path(path))
    study = validated(document, Study)
    study._document = document
    if problems := [*_problems(study)]:
        raise InputError(problems)
    return study


def study_path(named: Path | str) -> Path:
    """Return the file that is meant: the path itself, or the shipped study of that name; InputError where there is neither."""
    path = Path(named)
    if path.is_file() or path.suffix:
        return path
    shipped = {file.stem: file for file in SHIPPED.glob("*.yaml")}
    if str(named) not in shipped:
        raise input_error(path, "there is no such study", nearest(str(named), shipped))
    return shipped[str(named)]


def _problems(study: Study) -> list[Problem]:
    """Return what is wrong with a study by itself: things named twice, or named and empty."""
    lists: Mapping[Place, Any] = {
        ("scenarios",): study.scenarios,
        ("levers", "options"): study.levers.options,
        ("outcomes",): study.outcomes,
        **{("levers", "settings", name): values for name, values in study.levers.settings.items()},
        **{place: forms for place, forms in forms_named(study).items() if not isinstance(forms, str)},
    }
    drawn = study.rule_forms.draw if isinstance(study.rule_forms, DrawnForms) else study.rule_forms
    empty = {("uncertainties",): study.uncertainties == {}, ("rule_forms",): drawn == {}}
    found = [study.problem(place, "names nothing", "write none, or leave the field out") for place, is_empty in empty.items() if is_empty]
    for place, named in lists.items():
        if isinstance(named, str):
            continue
        if not named:
            found.append(study.problem(place, "names nothing", "name at least one, or leave the field out"))
        twice = [name for name in dict.fromkeys(named) if named.count(name) > 1]
        found += [study.problem(place, f"'{name}' stands twice", "keep one of the two") for name in twice]
    return found


def forms_named(study: Study) -> dict[Place, Any]:
    """Return the forms that a study names one by one, by the place in the file where they stand."""
    forms = study.rule_forms
    if isinstance(forms, DrawnForms):
        return {} if isinstance(forms.draw, str) else {("rule_forms", "draw", name): named for name, named in forms.draw.items()}
    return {} if isinstance(forms, str) else {("rule_forms", name): named for name, named in forms.items()}


def _typed(value: Any) -> Any:
    """Return a value as it is typed after ``--set``: an unquoted 1.2 in a file is a number, and is meant as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, int | float) else value


def schema_text() -> str:
    """Return the JSON Schema of a study as it is written to a file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_as_written(), "title": "kforsim: study.yaml"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _as_written() -> dict[str, Any]:
    """Return the schema as a file may write it: options and values of settings also as bare numbers."""
    schema = Study.model_json_schema()
    levers = schema["$defs"]["Levers"]["properties"]
    bare = {"type": ["string", "number", "boolean"]}
    options = next(choice for choice in levers["options"]["anyOf"] if choice.get("type") == "array")
    options["items"] = bare
    levers["settings"]["additionalProperties"] = {"anyOf": [{"type": "array", "items": bare}, bare]}
    return schema
