"""Evidence: a run read back for its report, with each order joined to what became of it.

A report reads only what the run kept; where the run kept nothing (no frames for the map), the report says so.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.pictures import VIOLENCE_PERSONS
from sim.engine.run_folder import RunFolder, read_run
from sim.engine.state import Incident
from sim.foundations.clock import Clock
from sim.foundations.errors import input_error
from sim.vocabulary import Conduct, OrderKind

REMEDY = "run the scenario again"
FRAME_TABLES = ("frame_ticks", "frame_cells", "frame_conducts", "frame_section_cells", "frame_section_levels", "frame_agents")
READ = {
    "series": (
        *("tick", "present", "assembling", "standing", "sitting", "pressing", "violent", "fleeing", "anger", "fear", "legitimacy_kfor"),
        *("kfor_hurt", "police_hurt", "protesters_hurt", "level", "advance_m", "vehicles_stuck"),
    ),
    "incidents": ("tick", "kind", "entity", "other", "cell", "side", "grade", "means", "first", "second", "third", "odds", "draw"),
    "people": ("id", "role", "was_violent"),
    "sections": ("side",),
}
"""Columns that the report reads, by table; a record that has them can be reported whatever version wrote it."""


@dataclass
class Deed:
    """One order, the permission it met, and when it took effect.

    Attributes
    ----------
    verdict, clause, delay_min, reasons, excluded
        The permission; empty verdict for an order that needs none (a prepared group's).
    effect_tick
        When it took effect; -1 where it never did.
    """

    tick: int
    seat: str
    order: str
    because: str
    selectivity: float
    verdict: str = ""
    clause: str = ""
    delay_min: float = 0.0
    reasons: list[str] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)
    effect_tick: int = -1


@dataclass(frozen=True)
class Frames:
    """Where everybody was, every few minutes: one row a frame."""

    ticks: np.ndarray
    cells: np.ndarray
    conducts: np.ndarray
    section_cells: np.ndarray
    section_levels: np.ndarray
    agents: np.ndarray

    def at_or_before(self, tick: int) -> int:
        """Return the last frame that is not later than *tick* (the first frame where all are)."""
        return max(int(np.searchsorted(self.ticks, tick, side="right")) - 1, 0)

    def at_or_after(self, tick: int) -> int:
        """Return the first frame that is not earlier than *tick* (the last frame where all are)."""
        return min(int(np.searchsorted(self.ticks, tick, side="left")), len(self.ticks) - 1)


@dataclass(frozen=True)
class Evidence:
    """A run, as its report reads it."""

    run: RunFolder
    clock: Clock
    deeds: list[Deed]
    frames: Frames | None

    @property
    def manifest(self) -> dict[str, Any]:
        """Versions, digests, seed, parameters, outcomes."""
        return self.run.manifest

    @property
    def series(self) -> np.ndarray:
        """How many did what, one row a step."""
        return self.run.tables["series"]

    @property
    def people(self) -> np.ndarray:
        """Every protester at the end of the run."""
        return self.run.tables["people"]

    @property
    def sections(self) -> np.ndarray:
        """Every section of a force at the end of the run."""
        return self.run.tables["sections"]

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Events in their order."""
        return [entry for entry in self.run.entries if entry["kind"] == "event"]

    @property
    def push_tick(self) -> int:
        """When the first push began; -1 where there was none."""
        return int(self.manifest["push_tick"])

    @cached_property
    def step_min(self) -> float:
        """Minutes between two rows of the series."""
        ticks = self.series["tick"]
        return float(ticks[1] - ticks[0]) * self.clock.base_tick_min if len(ticks) > 1 else self.clock.base_tick_min

    @cached_property
    def hours(self) -> np.ndarray:
        """Hours since the start, for each row of the series."""
        hours: np.ndarray = self.in_hours(self.series["tick"])
        return hours

    def in_hours(self, ticks: np.ndarray | Sequence[int] | int) -> Any:
        """Return ticks as hours since the start."""
        return np.asarray(ticks) * self.clock.base_tick_min / 60.0

    def label(self, tick: int) -> str:
        """Return the local time of a tick; with the day where the run has more than one."""
        time = self.clock.time(tick)
        whole_day = self.clock.start.date() == self.clock.end.date()
        return time.strftime("%H:%M") if whole_day else f"{time.day} {time.strftime('%b %H:%M')}"

    def incidents_of(self, *kinds: Incident) -> np.ndarray:
        """Return the incidents of some kinds, in their order."""
        rows = self.run.tables["incidents"]
        found: np.ndarray = rows[np.isin(rows["kind"], kinds)]
        return found

    def done(self, kind: OrderKind) -> list[Deed]:
        """Return the orders of one kind that took effect."""
        return [deed for deed in self.deeds if deed.order == kind and deed.effect_tick >= 0]

    def row_at(self, tick: int) -> int:
        """Return the row of the series at or before a tick."""
        return max(int(np.searchsorted(self.series["tick"], tick, side="right")) - 1, 0)

    def number(self, name: str) -> float:
        """Return a parameter's value in this run."""
        return self.run.scenario.parameters.number(name)

    def spans(self, begins: OrderKind, ends: tuple[OrderKind, ...]) -> list[tuple[int, int]]:
        """Return from when to when something ordered went on, as ticks."""
        found, since = [], -1
        for deed in sorted(self.deeds, key=lambda deed: deed.effect_tick):
            if deed.effect_tick < 0:
                continue
            if deed.order == begins and since < 0:
                since = deed.effect_tick
            elif deed.order in ends and since >= 0:
                found.append((since, deed.effect_tick))
                since = -1
        return [*found, (since, self.clock.ticks)] if since >= 0 else found

    @cached_property
    def push_spans(self) -> list[tuple[int, int]]:
        """From when to when a line pushed."""
        return self.spans(OrderKind.PUSH, (OrderKind.HALT_PUSH, OrderKind.TAKE_CORDON, OrderKind.WITHDRAW))

    @cached_property
    def violent_ticks(self) -> np.ndarray:
        """Ticks of the series at which the site counts as violent."""
        ticks: np.ndarray = self.series["tick"][self.series["violent"] >= VIOLENCE_PERSONS]
        return ticks


def read_evidence(path: Path) -> Evidence:
    """Return the run in a folder, checked for what a report needs.

    Raises
    ------
    InputError
        When the folder is no run, or what it holds is incomplete or damaged.
    """
    try:
        _check_archive(path / "tables.npz")
        run = read_run(path)
        _check_tables(run)
        clock = run.scenario.clock()
        return Evidence(run, clock, joined(run.entries, clock), _frames(run))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise input_error(path / "tables.npz", f"cannot be read ({error})", REMEDY) from None
    except (KeyError, TypeError, ValueError) as error:
        raise input_error(path, f"the run is damaged ({type(error).__name__}: {error})", REMEDY) from None


def _check_archive(path: Path) -> None:
    """Refuse an archive that is cut off or whose parts are not what was written; a missing file is for ``read_run`` to tell."""
    if path.is_file():
        with zipfile.ZipFile(path) as archive:
            spoilt = archive.testzip()
        if spoilt:
            raise input_error(path, f"'{spoilt}' in it is damaged", REMEDY)


def _check_tables(run: RunFolder) -> None:
    where = run.path / "tables.npz"
    for name, columns in READ.items():
        if name not in run.tables:
            raise input_error(where, f"has no table '{name}'", REMEDY)
        missing = set(columns) - set(run.tables[name].dtype.names or ())
        if missing:
            raise input_error(where, f"table '{name}' has no column '{min(missing)}'", "use the version that wrote it")
    if not len(run.tables["series"]):
        raise input_error(where, "the series is empty", REMEDY)
    for name in ("outcomes", "push_tick", "parameters", "seed", "seats", "digest", "model", "package", "effective"):
        if name not in run.manifest:
            raise input_error(run.path / "manifest.json", f"has no '{name}'", REMEDY)


def _frames(run: RunFolder) -> Frames | None:
    if not any(name in run.tables for name in FRAME_TABLES):
        return None
    missing = [name for name in FRAME_TABLES if name not in run.tables]
    if missing:
        raise input_error(run.path / "tables.npz", f"has no table '{missing[0]}'", REMEDY)
    frames = Frames(*(run.tables[name] for name in FRAME_TABLES))
    cells = int(run.scenario.plan.ground.size)
    many, people, sections = len(frames.ticks), len(run.tables["people"]), len(run.tables["sections"])
    fits = frames.cells.shape == frames.conducts.shape == (many, people)
    fits = fits and frames.section_cells.shape == frames.section_levels.shape == (many, sections)
    fits = fits and frames.agents.shape == (many, cells)
    inside = fits and max(frames.cells.max(initial=-1), frames.section_cells.max(initial=-1)) < cells
    known = inside and 0 <= frames.conducts.min(initial=0) <= frames.conducts.max(initial=0) < len(Conduct)
    if not known:
        raise input_error(run.path / "tables.npz", "the frames do not fit people, sections and site plan", REMEDY)
    return frames if many else None


def joined(entries: list[dict[str, Any]], clock: Clock) -> list[Deed]:
    """Return every order with its permission and its effect, in the order in which they were given."""
    deeds: list[Deed] = []
    for entry in entries:
        if entry["kind"] == "order":
            deeds.append(Deed(entry["tick"], entry["seat"], entry["order"], entry["because"], entry["selectivity"]))
        elif entry["kind"] == "permission":
            _take_permission(deeds, entry)
        elif entry["kind"] == "effect":
            _take_effect(deeds, entry, clock)
    return deeds


def _take_permission(deeds: list[Deed], entry: dict[str, Any]) -> None:
    for deed in reversed(deeds):
        if deed.seat == entry["seat"] and deed.order == entry["order"] and not deed.verdict:
            deed.verdict, deed.clause, deed.delay_min = entry["verdict"], entry["clause"], entry["delay_min"]
            deed.reasons, deed.excluded = entry["reasons"], entry["excluded"]
            return


def _take_effect(deeds: list[Deed], entry: dict[str, Any], clock: Clock) -> None:
    """Give an effect to the oldest order of that kind that waits for one and whose approval is due."""
    for deed in deeds:
        waits = deed.effect_tick < 0 and deed.verdict != "refused"
        due = deed.tick + clock.ticks_in(deed.delay_min)
        if waits and deed.seat == entry["seat"] and deed.order == entry["order"] and due <= entry["tick"]:
            deed.effect_tick = entry["tick"]
            deed.clause = deed.clause or entry["clause"]
            return
