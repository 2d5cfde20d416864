"""Limits of use: what the model is for and must not be used for, read from ``scenarios/limits.yaml``.

One sourced statement each, kept as data so that card and description say the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.api import read_document, validated

FILE = Path(__file__).parents[1] / "scenarios" / "limits.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Use(_Strict):
    """Somebody for whom it is made, and what for."""

    who: str = Field(min_length=3)
    what: str = Field(min_length=10)
    source: str = Field(min_length=3)


class NotFor(_Strict):
    """Something that it must not be used for, and why not."""

    id: str = Field(pattern=r"^[a-z_]+$")
    what: str = Field(min_length=10)
    because: str = Field(min_length=10)
    source: str = Field(min_length=3)


class Care(_Strict):
    """What is owed to those whom it is about, and how the model keeps it."""

    what: str = Field(min_length=5)
    how: str = Field(min_length=10)
    source: str = Field(min_length=3)


class Advice(_Strict):
    """What a user should do before resting anything on a result."""

    what: str = Field(min_length=10)
    source: str = Field(min_length=3)


class Limits(_Strict):
    """``limits.yaml``."""

    format: Literal[1]
    uses: tuple[Use, ...] = Field(min_length=1)
    not_for: tuple[NotFor, ...] = Field(min_length=1)
    care: tuple[Care, ...] = Field(min_length=1)
    before_use: tuple[Advice, ...] = Field(min_length=1)


def read_limits(path: Path = FILE) -> Limits:
    """Return the checked statements; InputError with every complaint."""
    return validated(read_document(path, path.parent), Limits)
