"""What a comparison keeps on disk: the plan, and a part for each case and seed, written whole or not at all.

A comparison goes on from its folder only under the plan that stands there: same scenario, model, options, doctrines and cases. How many
seeds are wanted, how much time there is and which weights count may change from one go to the next.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.api import Result, input_error, read_text

FORMAT = 1
PLAN, PARTS = "plan.json", "parts"

Runs = Mapping[str, Result]
"""Results by the label of what was played: an option's id."""


@dataclass(frozen=True)
class Kept:
    """One run as it is kept: its outcomes, or why there are none."""

    outcomes: Mapping[str, float]
    failure: str = ""


@dataclass(frozen=True)
class Store:
    """A folder of a comparison."""

    folder: Path

    def begin(self, plan: Mapping[str, Any], resume: bool) -> None:
        """Write the plan, or hold it against the one that stands there; InputError when it is another, or when nobody said resume."""
        path = self.folder / PLAN
        told = {"format": FORMAT, **json.loads(json.dumps(plan))}
        if not path.is_file():
            self._refuse_foreign()
            (self.folder / PARTS).mkdir(parents=True, exist_ok=True)
            _write(path, json.dumps({**told, "digest": digest_of(told)}, ensure_ascii=False, indent=1))
            return
        if not resume:
            raise input_error(self.folder, "holds a comparison already", "go on with it by --resume, or name another folder with --out")
        try:
            before = json.loads(read_text(path))
            before.pop("digest", None)
        except (ValueError, AttributeError) as error:
            raise input_error(path, f"is no plan of a comparison ({error})", "name another folder with --out") from None
        if differing := _differing(before, told):
            raise input_error(path, f"is the plan of another comparison: {'; '.join(differing)}", "name another folder with --out")
        (self.folder / PARTS).mkdir(exist_ok=True)

    def _refuse_foreign(self) -> None:
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise input_error(self.folder, "is no folder of a comparison and not empty", "name another folder with --out")

    def has(self, key: str) -> bool:
        """Tell whether a part is there."""
        return self._path(key).is_file()

    def write(self, key: str, results: Runs, outcomes: tuple[str, ...]) -> None:
        """Keep one part: what each option gave on one case and seed, outcomes of the whole run only."""
        rows = {label: _row(result, outcomes) for label, result in results.items()}
        _write(self._path(key), json.dumps(rows, ensure_ascii=False))

    def read(self, key: str) -> dict[str, Kept]:
        """Return one part; InputError when it cannot be read."""
        path = self._path(key)
        try:
            rows = json.loads(read_text(path))
            return {label: Kept(row.get("outcomes", {}), row.get("failure", "")) for label, row in rows.items()}
        except (ValueError, AttributeError) as error:
            raise input_error(path, f"is no part of a comparison ({error})", "remove it: it will be played again") from None

    def _path(self, key: str) -> Path:
        return self.folder / PARTS / f"{key}.json"


def _row(result: Result, outcomes: tuple[str, ...]) -> dict[str, Any]:
    if result.failure:
        return {"failure": result.failure}
    return {"outcomes": {name: result.outcomes[name] for name in outcomes if name in result.outcomes}, "digest": result.digest}


def digest_of(value: Any) -> str:
    """Return a short digest of anything that JSON can tell."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:24]


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in words what two plans do not share."""
    told = []
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            inside = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
            told.append(f"{key} differ in {', '.join(inside[:5])}{' and more' if len(inside) > 5 else ''}")
        else:
            told.append(f"{key} was {old} and is {new}" if isinstance(old, str | int) else f"{key} differ")
    return told


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text + "\n", "utf-8")
    draft.replace(path)
