"""The run folder: what is kept of a run on disk, written whole or not at all, and read back for replay and report.

``manifest.json`` (versions, digests, seed, parameters with pedigree, outcomes), ``scenario/`` (the full effective
scenario), ``orders.jsonl`` (the order log: the save), ``record.jsonl`` (orders, permissions, effects, events, pictures),
``incidents.csv`` (the same incidents in words) and ``tables.npz`` (incidents, series, people, frames).
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.record import canonical
from sim.engine.run import Finished
from sim.engine.state import FACTORS, Incident
from sim.foundations.errors import input_error
from sim.foundations.parameter import Choice
from sim.foundations.rule import source_digest
from sim.scenario.loader import Scenario, effective_digest, load_scenario
from sim.vocabulary import Grade, Means, Side

FORMAT = 1
SOURCES = Path(__file__).parents[1]
ALL_SOURCES = tuple(sorted(path.name for path in SOURCES.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()))


@dataclass(frozen=True)
class RunFolder:
    """A run read back from disk."""

    path: Path
    manifest: dict[str, Any]
    scenario: Scenario
    orders: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    tables: dict[str, np.ndarray]


def package_version() -> str:
    """Return the version of the installed package, or ``source`` where it is run from a checkout."""
    try:
        return version("kfor-wargame")
    except PackageNotFoundError:
        return "source"


def model_digest() -> str:
    """Return the digest of every source file of the simulator."""
    return source_digest(SOURCES, ALL_SOURCES)


def check_free(path: Path) -> None:
    """Refuse an output folder that already holds something, or that cannot be made; InputError."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise input_error(f"--out {path}", "exists and is not empty", "name a new folder; nothing is overwritten")
    parent = path.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise input_error(f"--out {path}", f"cannot be written below {parent}", "name a folder that you may write")


@contextmanager
def whole_or_not_at_all(path: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes *path* when the block ends well, and vanishes when it does not."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.absolute().parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        if path.is_dir():
            path.rmdir()
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def save(finished: Finished, path: Path, seats: str) -> None:
    """Write a finished run to *path*; *seats* says who decided (``automatic``, ``history``, ``recorded``)."""
    check_free(path)
    world = finished.world
    with whole_or_not_at_all(path) as folder:
        _copy_scenario(world.scenario, folder / "scenario")
        _write_json(folder / "manifest.json", _manifest(finished, seats))
        orders = [entry for entry in world.record.entries if entry["kind"] == "order" and entry["seat"] in world.seats]
        _write_lines(folder / "orders.jsonl", orders)
        _write_lines(folder / "record.jsonl", world.record.entries)
        _write_incidents(folder / "incidents.csv", finished)
        np.savez_compressed(folder / "tables.npz", **_tables(finished))  # type: ignore[arg-type]  # numpy's stub takes no mapping


def _copy_scenario(scenario: Scenario, target: Path) -> None:
    (target / "doctrine").mkdir(parents=True)
    for source in sorted(scenario.folder.glob("*.yaml")):
        shutil.copyfile(source, target / source.name)
    for table, path in scenario.doctrine_files.items():
        shutil.copyfile(path, target / "doctrine" / f"{table}.yaml")


def _manifest(finished: Finished, seats: str) -> dict[str, Any]:
    world = finished.world
    scenario, clock = world.scenario, world.clock
    return {
        "format": FORMAT,
        "package": package_version(),
        "model": model_digest(),
        "scenario": scenario.name,
        "effective": effective_digest(scenario),
        "seed": world.seed,
        "seats": seats,
        "settings": scenario.settings,
        "doctrines": {name: seat.doctrine for name, seat in scenario.file.seats.items()},
        "parameters": {
            name: {"value": item.value, "low": item.low, "high": item.high, "source": item.source, "grade": item.grade}
            for name, item in scenario.parameters.valued.items()
        },
        "clock": {"start": clock.start.isoformat(), "end": clock.end.isoformat(), "base_tick_s": clock.base_tick_s},
        "push_tick": world.dealings.push_tick,
        "persons": len(world.state.people),
        "prepared_tick": world.dealings.prepared_tick,
        "outcomes": finished.outcomes,
        "digest": finished.digest,
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_lines(path: Path, entries: list[dict[str, Any]]) -> None:
    path.write_text("".join(canonical(entry) + "\n" for entry in entries), encoding="utf-8")


def _write_incidents(path: Path, finished: Finished) -> None:
    """Write incidents in words: what, to whom, where, the factors by name, the odds and the draw."""
    clock = finished.world.clock
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", "tick", "what", "entity", "by", "cell", "side", "grade", "means", "factors", "odds", "draw"])
        for row in finished.world.record.incidents:
            kind = Incident(int(row["kind"]))
            factors = zip(FACTORS[kind], (row["first"], row["second"], row["third"]), strict=True)
            writer.writerow(
                [
                    clock.label(int(row["tick"])),
                    int(row["tick"]),
                    kind.name.lower(),
                    f"{int(row['entity']):016x}",
                    f"{int(row['other']):016x}" if row["other"] else "",
                    int(row["cell"]),
                    Side(int(row["side"])).name.lower(),
                    Grade(int(row["grade"])).name.lower() if row["grade"] else "",
                    Means(int(row["means"])).name.lower() if kind in (Incident.HURT, Incident.SHOT_FIRED, Incident.AGENT_USED) else "",
                    "; ".join(f"{name} {value:.4g}" for name, value in factors if name),
                    f"{row['odds']:.6g}",
                    f"{row['draw']:.6g}",
                ]
            )


def _tables(finished: Finished) -> dict[str, np.ndarray]:
    world, frames = finished.world, finished.frames
    tables = {"incidents": world.record.incidents, "series": world.record.series, "people": world.state.people}
    tables["sections"] = world.state.sections
    if frames:
        tables["frame_ticks"] = np.array([frame.tick for frame in frames], dtype=np.int32)
        tables["frame_cells"] = np.stack([frame.cells for frame in frames]).astype(np.int32)
        tables["frame_conducts"] = np.stack([frame.conducts for frame in frames])
        tables["frame_section_cells"] = np.stack([frame.section_cells for frame in frames]).astype(np.int32)
        tables["frame_section_levels"] = np.stack([frame.section_levels for frame in frames])
        tables["frame_agents"] = np.stack([frame.agents for frame in frames]).astype(np.float32)
    return tables


def read_run(path: Path) -> RunFolder:
    """Return the run in folder *path*; InputError when it is no run, is incomplete, or has an unknown format."""
    manifest = _read_manifest(path)
    try:
        orders = _read_lines(path / "orders.jsonl")
        entries = _read_lines(path / "record.jsonl")
        with np.load(path / "tables.npz", allow_pickle=False) as file:
            tables = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise input_error(path, f"the run cannot be read ({error})", "run the scenario again") from None
    scenario = load_scenario(path / "scenario")
    index = scenario.parameters.index()
    values = {name: item["value"] for name, item in manifest["parameters"].items() if name in index}
    values = {name: str(value) if isinstance(index[name], Choice) else float(value) for name, value in values.items()}
    scenario = scenario.with_parameters(scenario.parameters.with_values(values), manifest["settings"])
    return RunFolder(path, manifest, scenario, orders, entries, tables)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        found = manifest["format"]
    except FileNotFoundError:
        raise input_error(path, "is not the folder of a run (no manifest.json)", "name a folder written by 'kforsim run --out'") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise input_error(path / "manifest.json", f"cannot be read ({error})", "run the scenario again") from None
    if found != FORMAT:
        raise input_error(path / "manifest.json", f"has format {found}, this version reads {FORMAT}", "use the version that wrote it")
    return manifest


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
