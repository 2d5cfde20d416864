"""The run folder: what is kept of a run on disk, written whole or not at all, and read back for replay and report.

``manifest.json`` (versions, digests, seed, parameters with pedigree, outcomes), ``scenario/`` (the full effective
scenario; for a part, the whole stands beside it), ``orders.jsonl`` (the order log: the save), ``record.jsonl`` (orders,
permissions, effects, events, hand-overs, pictures), ``incidents.csv`` (the same incidents in words) and ``tables.npz``
(incidents, series, people, sections and frames of each site on each day, under ``day/site/table``).
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.record import canonical
from sim.engine.run import Finished
from sim.engine.state import FACTORS, Incident
from sim.engine.world import SiteInPlay
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.foundations.parameter import complaint
from sim.foundations.rule import source_digest
from sim.scenario.choices import choice_complaint, is_choice, with_choices
from sim.scenario.dials import dial_complaint, dials_of, with_dials
from sim.scenario.digest import effective_digest
from sim.scenario.loader import Scenario, load_scenario
from sim.vocabulary import Grade, Means, OrderKind, Side

FORMAT = 2
MANIFEST_FIELDS = {
    "seed": int,
    "parameters": dict,
    "settings": dict,
    "digest": str,
    "model": str,
    "outcomes": dict,
    "days": list,
    "site_days": list,
}
RUN_AGAIN = "run the scenario again"
SOURCES = Path(__file__).parents[1]
ALL_SOURCES = tuple(sorted(path.name for path in SOURCES.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()))


TABLES = ("incidents", "series", "people", "sections")
"""Tables that every site has on every day; frames are kept where a map is wanted."""


@dataclass(frozen=True)
class KeptSiteDay:
    """One site on one day, read back: facts from the manifest, and its tables by name."""

    day: str
    site: str
    facts: Mapping[str, Any]
    tables: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class RunFolder:
    """A run read back from disk."""

    path: Path
    manifest: dict[str, Any]
    scenario: Scenario
    orders: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    site_days: dict[tuple[str, str], KeptSiteDay]


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
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise input_error(f"--out {path}", "exists and is not empty", "name a new folder; nothing is overwritten")
        parent = path.absolute()
        while not parent.exists():
            if parent.is_symlink():
                raise input_error(f"--out {path}", f"{parent} is a link that leads nowhere", "name another folder")
            parent = parent.parent
        parent = parent.parent if parent == path.absolute() else parent
        if not parent.is_dir() or not os.access(parent, os.W_OK):
            raise input_error(f"--out {path}", f"cannot be written below {parent}", "name a folder that you may write")
    except (OSError, ValueError) as error:
        raise input_error(f"--out {path}", f"cannot be used ({error})", "name another folder") from None


def _made(folder: Path) -> list[Path]:
    """Make *folder* and what it lies in; return what was not there before, the topmost last."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
    return missing


@contextmanager
def whole_or_not_at_all(path: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes *path* when the block ends well; nothing is left when it does not."""
    path = path.absolute()
    made = _made(path.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        if path.is_dir():
            path.rmdir()
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        for folder in made:
            with suppress(OSError):  # somebody else may have put something there by now
                folder.rmdir()
        raise


def save(finished: Finished, path: Path, seats: str, options: Sequence[str] = ()) -> None:
    """Write a finished run to *path*, whole or not at all; InputError when it cannot be written.

    *seats* says who decided (``automatic``, ``history``, ``recorded``); *options* names the options of which settings came.
    """
    check_free(path)
    try:
        with whole_or_not_at_all(path) as folder:
            _write(finished, folder, seats, options)
    except OSError as error:
        raise input_error(f"--out {path}", f"the record cannot be written ({error})", "nothing was kept; free some space") from None


def _write(finished: Finished, folder: Path, seats: str, options: Sequence[str]) -> None:
    world = finished.world
    _copy_scenario(world.scenario, folder / "scenario")
    _write_json(folder / "manifest.json", {**_manifest(finished, seats), "options": [*options]})
    orders = [entry for entry in world.record.entries if entry["kind"] == "order" and entry["seat"] in world.seats]
    _write_lines(folder / "orders.jsonl", orders)
    _write_lines(folder / "record.jsonl", world.record.entries)
    _write_incidents(folder / "incidents.csv", finished)
    np.savez_compressed(folder / "tables.npz", **_tables(finished))  # type: ignore[arg-type]  # numpy's stub takes no mapping


def _copy_scenario(scenario: Scenario, target: Path) -> None:
    (target / "doctrine").mkdir(parents=True)
    for source in sorted(path for path in scenario.folder.glob("*.yaml") if path.is_file()):
        shutil.copyfile(source, target / source.name)
    if scenario.whole != scenario.folder:
        target = target.parent / scenario.whole.name  # a part names the folder of its whole
        (target / "doctrine").mkdir(parents=True)
        for source in sorted(path for path in scenario.whole.glob("*.yaml") if path.is_file()):
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
        "days": [day.name for day in scenario.days],
        "doctrines": {day.name: {name: table.doctrine for name, table in day.doctrines.items()} for day in scenario.days},
        "parameters": {
            name: {"value": item.value, "low": item.low, "high": item.high, "source": item.source, "grade": item.grade}
            for name, item in scenario.parameters.valued.items()
        },
        "dials": {name: dial.model_dump(mode="json") for name, dial in dials_of(scenario.framework).items()},
        "clock": {"start": clock.start.isoformat(), "end": clock.end.isoformat(), "base_tick_s": clock.base_tick_s},
        "site_days": [_facts(day, site) for (day, _), site in world.played.items()],
        "outcomes": finished.outcomes,
        "digest": finished.digest,
    }


def _facts(day: str, site: SiteInPlay) -> dict[str, Any]:
    dealings = site.dealings
    return {
        "day": day,
        "site": site.name,
        "persons": len(site.state.people),
        "push_tick": dealings.push_tick,
        "entry_tick": dealings.entry_tick,
        "prepared_tick": dealings.prepared_tick,
        "barrier_tick": dealings.barrier_tick,
        "lead_minutes": dealings.lead_minutes,
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_lines(path: Path, entries: list[dict[str, Any]]) -> None:
    path.write_text("".join(canonical(entry) + "\n" for entry in entries), encoding="utf-8")


def _write_incidents(path: Path, finished: Finished) -> None:
    """Write incidents in words: what, to whom, where, the factors by name, the odds and the draw."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["day", "site", "time", "tick", "what", "entity", "by", "cell", "side", "grade", "means", "factors", "odds", "draw"]
        )
        for (day, site), kept in finished.world.record.site_days.items():
            writer.writerows([day, site, *_in_words(finished, row)] for row in kept.incidents)


def _in_words(finished: Finished, row: np.void) -> list[object]:
    kind = Incident(int(row["kind"]))
    factors = zip(FACTORS[kind], (row["first"], row["second"], row["third"]), strict=True)
    return [
        finished.world.clock.label(int(row["tick"])),
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


def _tables(finished: Finished) -> dict[str, np.ndarray]:
    tables: dict[str, np.ndarray] = {}
    for (day, name), site in finished.world.played.items():
        kept = {
            "incidents": site.record.incidents,
            "series": site.record.series,
            "people": site.state.people,
            "sections": site.state.sections,
        }
        frames = finished.frames.get((day, name))
        if frames:
            kept["frame_ticks"] = np.array([frame.tick for frame in frames], dtype=np.int32)
            kept["frame_cells"] = np.stack([frame.cells for frame in frames]).astype(np.int32)
            kept["frame_conducts"] = np.stack([frame.conducts for frame in frames])
            kept["frame_section_cells"] = np.stack([frame.section_cells for frame in frames]).astype(np.int32)
            kept["frame_section_levels"] = np.stack([frame.section_levels for frame in frames])
            kept["frame_agents"] = np.stack([frame.agents for frame in frames]).astype(np.float32)
        tables |= {f"{day}/{name}/{table}": rows for table, rows in kept.items()}
    return tables


def read_run(path: Path) -> RunFolder:
    """Return the run in folder *path*; InputError when it is no run, is incomplete, or has an unknown format."""
    manifest = _read_manifest(path / "manifest.json")
    scenario = load_scenario(path / "scenario").on_days(tuple(manifest["days"]))
    scenario = _restored(scenario, manifest, path / "manifest.json")
    orders, entries = _read_lines(path / "orders.jsonl", scenario), _read_lines(path / "record.jsonl", scenario)
    _check_orders(path / "orders.jsonl", orders, scenario)
    return RunFolder(path, manifest, scenario, orders, entries, _read_site_days(path, manifest))


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = manifest["format"]
    except (FileNotFoundError, NotADirectoryError):
        what = "is not the folder of a run (no manifest.json)"
        raise input_error(path.parent, what, "name a folder written by 'kforsim run --out'") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise input_error(path, f"cannot be read ({error})", RUN_AGAIN) from None
    if found != FORMAT:
        raise input_error(path, f"has format {found}, this version reads {FORMAT}", "use the version that wrote it")
    for field, kind in MANIFEST_FIELDS.items():
        if not isinstance(manifest.get(field), kind) or isinstance(manifest.get(field), bool):
            raise input_error(f"{path}:{field}", f"is missing, or no {kind.__name__}", RUN_AGAIN)
    if not isinstance(manifest.setdefault("dials", {}), dict):
        raise input_error(f"{path}:dials", "is no dict", RUN_AGAIN)
    return manifest


def _restored(scenario: Scenario, manifest: dict[str, Any], path: Path) -> Scenario:
    """Return the scenario with the parameters, dials and settings of the run in it."""
    index = scenario.parameters.index()
    values = {name: _kept_value(item) for name, item in manifest["parameters"].items() if name in index}
    dials = {name: _kept_value(item) for name, item in manifest["dials"].items()}
    problems = [Problem(f"{path}:parameters.{name}", what, RUN_AGAIN) for name in values if (what := complaint(index[name], values[name]))]
    for name, value in dials.items():
        what = dial_complaint(name, value) if name in dials_of(scenario.framework) else "there is no such dial"
        problems += [Problem(f"{path}:dials.{name}", what, RUN_AGAIN)] if what else []
    choices = {name: str(text) for name, text in manifest["settings"].items() if is_choice(name)}
    for name, text in choices.items():
        what, remedy = choice_complaint(scenario, name, text)
        problems += [Problem(f"{path}:settings.{name}", what, remedy or RUN_AGAIN)] if what else []
    if problems:
        raise InputError(problems)
    scenario = with_choices(scenario, choices)
    scenario = replace(scenario, framework=with_dials(scenario.framework, dials))
    return scenario.with_parameters(scenario.parameters.with_values(values), manifest["settings"])


def _kept_value(item: Any) -> Any:
    return item.get("value") if isinstance(item, dict) else None


def _read_site_days(path: Path, manifest: dict[str, Any]) -> dict[tuple[str, str], KeptSiteDay]:
    tables = _read_tables(path / "tables.npz")
    found: dict[tuple[str, str], KeptSiteDay] = {}
    for facts in manifest["site_days"]:
        try:
            day, site = str(facts["day"]), str(facts["site"])
        except (KeyError, TypeError):
            raise input_error(f"{path / 'manifest.json'}:site_days", "has an entry without day and site", RUN_AGAIN) from None
        first = f"{day}/{site}/"
        own = {name.removeprefix(first): rows for name, rows in tables.items() if name.startswith(first)}
        for name in TABLES:
            if name not in own or own[name].ndim != 1 or not own[name].dtype.names:
                raise input_error(path / "tables.npz", f"holds no table of {name} for {site} on {day}", RUN_AGAIN)
        found[(day, site)] = KeptSiteDay(day, site, facts, own)
    return found


def _read_tables(path: Path) -> dict[str, np.ndarray]:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:  # opened here: np.load leaves a broken file open
            return {name: file[name] for name in file.files}
    except Exception as error:  # numpy, zipfile and zlib each complain of a broken file in their own way
        raise input_error(path, f"cannot be read ({error})", RUN_AGAIN) from None


def _read_lines(path: Path, scenario: Scenario) -> list[dict[str, Any]]:
    """Return the entries in a file of one JSON object a line, each with its tick within the run."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise input_error(path, f"cannot be read ({error})", RUN_AGAIN) from None
    last, entries = scenario.clock().ticks, []
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            inside = 0 <= entry["tick"] <= last and isinstance(entry["tick"], int)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise input_error(f"{path}:{number}", "is no entry of a record", RUN_AGAIN) from None
        if not inside:
            raise input_error(f"{path}:{number}:tick", f"{entry['tick']} lies outside the run, 0 to {last}", RUN_AGAIN)
        entries.append(entry)
    return entries


def _check_orders(path: Path, orders: list[dict[str, Any]], scenario: Scenario) -> None:
    """Refuse orders of seats that the scenario has not, of unknown kinds, or without selectivity and reason."""
    for number, line in enumerate(orders, 1):
        choices = (("seat", [*scenario.file.seats]), ("order", [str(kind) for kind in OrderKind]), ("site", [*scenario.sites]))
        for field, known in choices:
            given = line.get(field)
            if given not in known:
                raise input_error(f"{path}:{number}:{field}", f"there is no {field} '{given}'", nearest(str(given), known))
        if not isinstance(line.get("selectivity"), int | float) or not isinstance(line.get("because"), str):
            raise input_error(f"{path}:{number}", "lacks the order's selectivity or reason", RUN_AGAIN)
