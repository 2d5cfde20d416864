"""The manifest of a sweep: with what, on what, when and by how many goes its results were made. Names no person and no machine.

A shard keeps its own (``manifest-2-of-4.json``), since shards do not wait for one another; merging puts them together in
``manifest.json``. What can differ between two goes of one sweep stands in its ``goes``; all else follows from the plan.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.sweep_folder import Shard, plan_of_folder
from analysis.sweep_parts import keep_whole

FORMAT = 1
LIBRARIES = ("numpy", "numba", "mesa", "scipy", "SALib", "pyarrow", "distributed")
PAIRING = (
    "A run's draws are keyed by scenario and seed alone, never by lever, point or form of a rule: the same seed of the same scenario "
    "is the same luck under all of them, on purpose. No two other runs share a stream."
)


def manifest_path(folder: Path, shard: Shard) -> Path:
    """Return where the manifest of a shard stands."""
    return folder / ("manifest.json" if shard.of == 1 else f"manifest-{shard.number}-of-{shard.of}.json")


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest, or nothing where there is none that can be read."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def new_go(workers: int | None, engine: str, shard: Shard) -> dict[str, Any]:
    """Return what is known of a go when it begins."""
    return {
        "begun": _now(),
        "ended": None,
        "shard": str(shard),
        "engine": engine,
        "workers": workers,
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine()},
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "runs": 0,
        "failures": 0,
        "parts_made_anew": 0,
    }


def keep_go(folder: Path, shard: Shard, go: Mapping[str, Any], **more: Any) -> None:
    """Write a go into its manifest: instead of the entry that began when it did, or after the others."""
    path = manifest_path(folder, shard)
    before = [old for old in read_manifest(path).get("goes", []) if old.get("begun") != go["begun"]]
    _write(path, {**_of_the_plan(folder), "goes": [*before, dict(go)], **more})


def ended(go: dict[str, Any]) -> dict[str, Any]:
    """Return a go with the time at which it ended."""
    return {**go, "ended": _now()}


def keep_merged(folder: Path, into: Path, sources: Iterable[Path], **more: Any) -> None:
    """Write the manifest of merged results: the goes of every shard, in the order in which they began."""
    goes: dict[str, Any] = {}
    for source in sources:
        for path in sorted(source.glob("manifest*.json")):
            goes |= {json.dumps(go, sort_keys=True): go for go in read_manifest(path).get("goes", [])}
    _write(into, {**_of_the_plan(folder), "goes": sorted(goes.values(), key=lambda go: (go["begun"], go["shard"])), **more})


def shards_told(folder: Path) -> int:
    """Return in how many shards a folder's sweep was begun, by its manifests; 1 where it was not."""
    shards = [go["shard"].split("/")[1] for path in folder.glob("manifest*.json") for go in read_manifest(path).get("goes", [])]
    return max((int(of) for of in shards), default=1)


def _of_the_plan(folder: Path) -> dict[str, Any]:
    """Return what follows from the plan: digests of model and scenarios, version, how runs are paired, and the study's own words."""
    plan = plan_of_folder(folder)
    known = plan.get("told", {})
    return {"format": FORMAT, **known.get("digests", {}), "pairing": known.get("pairing") or [PAIRING], "plan": plan}


def _write(path: Path, told: Mapping[str, Any]) -> None:
    keep_whole(path, (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
