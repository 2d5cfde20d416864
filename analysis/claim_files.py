"""Claim files: each claim of the paper as an experiment, written down before it is run.

A claim names arms (settings of a scenario, or the paper's options), contrasts between them, and outcomes with the direction
that the claim predicts and the margin that counts. The first experiment decides with its first outcome; what stands after it
is told beside and decides nothing. A path may be several, and patterns (``response_gap_20* serious_or_fatal``); for ``not_worse``
all of them must not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.api import InputError, input_error, nearest, read_document, validated

CLAIMS = Path(__file__).parents[1] / "scenarios" / "claims"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Arm(_Strict):
    """One side of a contrast: what it is in words, and what is set; nothing set is the scenario as it stands.

    Attributes
    ----------
    options
        Ids of options whose settings it has.
    settings
        Settings as typed after ``--set``, laid over those of the options.
    """

    words: str = Field(min_length=3)
    options: tuple[str, ...] = ()
    settings: dict[str, str] = Field(default_factory=dict)

    @field_validator("settings", mode="before")
    @classmethod
    def _as_typed(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: value if isinstance(value, str | bool) else f"{value:g}" for name, value in given.items()}


class Contrast(_Strict):
    """Mean of some arms less the mean of others, on the same sets and seeds."""

    name: str = Field(min_length=2)
    words: str = Field(min_length=3)
    plus: tuple[str, ...] = Field(min_length=1)
    minus: tuple[str, ...] = Field(min_length=1)


class Predicted(_Strict):
    """An outcome, what the claim says of it, and how much of it counts.

    Attributes
    ----------
    direction
        ``less``, ``more``, or ``not_worse``: in no matching path worse than the margin.
    margin
        In the outcome's own unit, or a share of the other arm's mean where ``relative``.
    floor
        A relative margin is never less than this, in the outcome's own unit: where the other arm has nothing, a trifle is no tenth more.
    source
        Where the margin comes from.
    """

    path: str = Field(min_length=2)
    direction: Literal["less", "more", "not_worse"]
    margin: float = Field(ge=0)
    relative: bool = False
    floor: float = Field(default=0.0, ge=0)
    source: str = Field(min_length=3)

    def reach(self, base: np.ndarray) -> np.ndarray:
        """Return the margin in the outcome's own unit, one entry a seed, given the other arm's outcome."""
        found: np.ndarray = np.maximum(self.margin * np.abs(base), self.floor) if self.relative else np.full(base.shape, self.margin)
        return found

    @property
    def margin_told(self) -> str:
        """The margin in words."""
        least = f" (at least {self.floor:g})" if self.floor else ""
        return f"{100 * self.margin:g} % of the other arm's mean{least}" if self.relative else f"{self.margin:g} in its own unit"


class Experiment(_Strict):
    """Arms on one scenario.

    Attributes
    ----------
    decides_by
        ``first``: the first contrast. ``smallest``: the first contrast, in the order given, that holds (a sweep from small to large).
    """

    scenario: str
    words: str = Field(min_length=3)
    days: tuple[str, ...] = ()
    arms: dict[str, Arm] = Field(min_length=2)
    contrasts: tuple[Contrast, ...] = Field(min_length=1)
    outcomes: tuple[Predicted, ...] = Field(min_length=1)
    decides_by: Literal["first", "smallest"] = "first"

    @model_validator(mode="after")
    def _arms_exist(self) -> Self:
        for contrast in self.contrasts:
            for name in (*contrast.plus, *contrast.minus):
                if name not in self.arms:
                    raise ValueError(f"contrast {contrast.name} names the arm '{name}'; {nearest(name, self.arms)}")
        return self


class Claim(_Strict):
    """``claims/<id>.yaml``.

    Attributes
    ----------
    restated
        The paper's claim in our own words.
    source
        Section of the paper.
    counter_case
        What was observed that speaks against it, or how it could fail.
    cannot_test
        What this model cannot say about it.
    """

    format: Literal[1]
    id: str = Field(pattern=r"^C\d{1,2}[a-z]{0,2}$")
    title: str = Field(min_length=5)
    restated: str = Field(min_length=20)
    source: str = Field(min_length=3)
    experiments: tuple[Experiment, ...] = Field(min_length=1)
    counter_case: str = Field(min_length=10)
    cannot_test: tuple[str, ...] = Field(min_length=1)


def matches(outcome: str, path: str) -> bool:
    """Tell whether an outcome is one of those that a path names."""
    return any(fnmatchcase(outcome, pattern) for pattern in path.split())


def claim_names(folder: Path = CLAIMS) -> list[str]:
    """Return the ids of the claims in a folder, in the order of their numbers."""
    return sorted((path.stem for path in folder.glob("C*.yaml")), key=lambda name: (int("".join(filter(str.isdigit, name))), name))


def read_claim(path: Path) -> Claim:
    """Return the checked claim of a file; InputError with every complaint."""
    document = read_document(path, path.parent.parent)
    claim = validated(document, Claim)
    if claim.id != path.stem:
        raise InputError([document.problem(("id",), f"'{claim.id}' is not the file's name", f"write {path.stem}")])
    return claim


def read_claims(names: tuple[str, ...] = (), folder: Path = CLAIMS) -> list[Claim]:
    """Return the named claims, all where none is named; InputError for an unknown one."""
    return list(_read(names, folder))


def _read(names: tuple[str, ...], folder: Path) -> Iterator[Claim]:
    known = claim_names(folder)
    for name in names:
        if name not in known:
            raise input_error(f"claim {name}", "there is no such claim", nearest(name, known))
    for name in names or known:
        yield read_claim(folder / f"{name}.yaml")
