"""The folder of a sweep: its plan, which parts are there and whole, and what a user is told when it cannot be written.

``plan.json``, ``points.parquet`` and ``levers.parquet`` (the plan), ``parts/`` (one Parquet file a part), ``manifest*.json``
(provenance), and ``results.parquet`` once the parts are merged. A folder belongs to one plan: a changed study, scenario or model is
refused with what changed, and nothing is mixed.
"""

from __future__ import annotations

import errno
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from analysis.sweep_lock import plan_held
from analysis.sweep_parts import Planned, part_path, parts_of, read_part
from sim.api import InputError, input_error, read_text

PLAN, RESULTS, PARTS = "plan.json", "results.parquet", "parts"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
GO_ON = "then the same line goes on; what is done is kept, and nothing is half-written"
WORDS_SHOWN = 60


class Kept(Planned, Protocol):
    """A plan that can be written to a folder."""

    def save(self, folder: Path) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class Shard:
    """One of so many shares of the parts, counted from 1: neighbouring parts, made by themselves."""

    number: int = 1
    of: int = 1

    def parts(self, plan: Planned) -> range:
        """Return the parts of this shard; the shards of a plan differ by one part at most."""
        count = parts_of(plan)
        return range((self.number - 1) * count // self.of, self.number * count // self.of)

    def __str__(self) -> str:
        """Return ``2/4``."""
        return f"{self.number}/{self.of}"


@dataclass(frozen=True)
class Standing:
    """Which parts of a range are there and whole, which are damaged, and which are missing."""

    whole: tuple[int, ...]
    damaged: tuple[int, ...]
    missing: tuple[int, ...]

    @property
    def to_make(self) -> tuple[int, ...]:
        """Parts that are to be made, in order."""
        return tuple(sorted((*self.damaged, *self.missing)))


def begin(folder: Path, plan: Kept) -> None:
    """Make the folder and write the plan, or hold the plan against the one that stands there; InputError when it is another."""
    _refuse_foreign(folder)
    with told_in_words(folder):
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        with plan_held(folder):
            if not (folder / PLAN).is_file():
                plan.save(folder)
            else:
                _refuse_other(folder, plan)


def _refuse_foreign(folder: Path) -> None:
    try:
        foreign = folder.exists() and (not folder.is_dir() or (not (folder / PLAN).is_file() and _holds_others(folder)))
    except OSError as error:
        raise input_error(f"--out {folder}", f"cannot be used ({error.strerror})", "name another folder") from None
    if foreign:
        raise input_error(f"--out {folder}", "is no folder of a sweep and not empty", "name another folder with --out")


def _holds_others(folder: Path) -> bool:
    """Tell whether a folder without a plan holds anything but what a sweep that ended before its plan was written leaves."""
    return any(path.name not in (PARTS, "lock", "points.parquet", "levers.parquet") and path.name[0] != "." for path in folder.iterdir())


def _refuse_other(folder: Path, plan: Kept) -> None:
    before = plan_of_folder(folder)
    if before.get("digest") == plan.digest:
        return
    with tempfile.TemporaryDirectory() as aside:
        plan.save(Path(aside))
        now = plan_of_folder(Path(aside))
    changed = "; ".join(differing(before, now)) or "the design's points"
    remedy = "go back to what it was, or name another folder with --out: results of two plans are never mixed"
    raise input_error(folder, f"holds another sweep. Changed since: {changed}", remedy)


def differing(before: Mapping[str, Any], now: Mapping[str, Any], inside: str = "") -> Iterator[str]:
    """Give in words what two plans do not share, by the path of each field."""
    for key in sorted(before.keys() | now.keys()):
        old, new, path = before.get(key), now.get(key), f"{inside}{key}"
        if old == new or path == "digest":
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from differing(old, new, f"{path}.")
        elif len(f"{old}{new}") > WORDS_SHOWN:
            yield path
        else:
            yield f"{path} was {old} and is {new}"


def plan_of_folder(folder: Path) -> dict[str, Any]:
    """Return ``plan.json`` as it stands; InputError where there is none, or it cannot be read."""
    path = folder / PLAN
    try:
        told: dict[str, Any] = json.loads(read_text(path))
        told["digest"]
    except (ValueError, KeyError, TypeError) as error:
        raise input_error(path, f"is no plan of a sweep ({error})", "name the folder of a sweep") from None
    return told


def standing(folder: Path, plan: Planned, parts: range) -> Standing:
    """Return which of some parts are there; each file is read, and believed only when its digest agrees."""
    whole: list[int] = []
    damaged: list[int] = []
    missing: list[int] = []
    for number in parts:
        path = part_path(folder, number)
        if not path.is_file():
            missing.append(number)
        else:
            (damaged if read_part(path, plan, number) is None else whole).append(number)
    return Standing(tuple(whole), tuple(damaged), tuple(missing))


def clear_drafts(folder: Path, parts: range) -> None:
    """Remove what killed workers left half-written of some parts."""
    for draft in (folder / PARTS).glob(".part-*.parquet.*"):
        if int(draft.name.split("-")[1].split(".")[0]) in parts:
            draft.unlink(missing_ok=True)


@contextmanager
def told_in_words(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into an error that a user can act on."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise _in_words(folder, error) from None


def _in_words(folder: Path, error: OSError) -> InputError:
    if error.errno in FULL:
        return input_error(folder, f"has no room left ({error.strerror})", f"make room; {GO_ON}")
    if isinstance(error, FileNotFoundError) and not (folder / PARTS).is_dir():
        return input_error(folder, "was taken away while the sweep ran", "put it back, or begin again")
    return input_error(folder, f"cannot be written ({error.strerror or error})", f"see to that; {GO_ON}")
