"""Reading: a run folder becomes evidence, checked for everything that a report needs.

A record that has the columns named here can be reported, whatever version wrote it.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from sim.engine.run_folder import KeptSiteDay, RunFolder, read_run
from sim.foundations.clock import Clock
from sim.foundations.errors import input_error
from sim.reports.evidence import Evidence, Frames, RunEvidence
from sim.vocabulary import Conduct

REMEDY = "run the scenario again"
FRAME_TABLES = ("frame_ticks", "frame_cells", "frame_conducts", "frame_section_cells", "frame_section_levels", "frame_agents")
READ = {
    "series": (
        *("tick", "present", "assembling", "standing", "sitting", "pressing", "violent", "fleeing", "anger", "fear", "legitimacy_kfor"),
        *("kfor_hurt", "police_hurt", "protesters_hurt", "level", "advance_m", "vehicles_stuck", "leads"),
    ),
    "incidents": ("tick", "kind", "entity", "other", "cell", "side", "grade", "means", "first", "second", "third", "odds", "draw"),
    "people": ("id", "role", "conduct", "was_violent"),
    "sections": ("side", "on_site", "hurt"),
}
"""Columns that the report reads, by table."""

FACTS = ("push_tick", "prepared_tick")
"""Ticks of a site-day that the report reads from the manifest, beside ``lead_minutes``."""


def read_evidence(path: Path) -> RunEvidence:
    """Return the run in a folder, checked for what a report needs.

    Raises
    ------
    InputError
        When the folder is no run, or what it holds is incomplete or damaged.
    """
    try:
        _check_archive(path / "tables.npz")
        run = read_run(path)
        _check_manifest(run)
        clock = run.scenario.clock()
        kept = [run.site_days[day.name, site] for day in run.scenario.days for site in day.sites]
        evidence = RunEvidence(run, clock, tuple(_site_day(run, clock, item, len(kept) == 1) for item in kept))
        for item in evidence.site_days:
            _ = item.deeds, item.outcome("hurt"), item.pictures
        return evidence
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


def _check_manifest(run: RunFolder) -> None:
    for name in ("outcomes", "parameters", "seed", "seats", "digest", "model", "package", "effective"):
        if name not in run.manifest:
            raise input_error(run.path / "manifest.json", f"has no '{name}'", REMEDY)


def _site_day(run: RunFolder, clock: Clock, kept: KeptSiteDay, alone: bool) -> Evidence:
    _check_tables(run, kept)
    day = next(day for day in run.scenario.days if day.name == kept.day)
    first, last = clock.tick_at(day.file.start), clock.tick_at(day.file.end)
    mine = [entry for entry in run.entries if str(entry["kind"]) and str(entry["site"]) in ("", kept.site)]
    entries = [entry for entry in mine if first <= entry["tick"] <= last]
    return Evidence(run, clock, day, kept, entries, _frames(run, kept), alone)


def _check_tables(run: RunFolder, kept: KeptSiteDay) -> None:
    where = run.path / "tables.npz"
    for name, columns in READ.items():
        missing = set(columns) - set(kept.tables[name].dtype.names or ())
        if missing:
            what = f"table '{kept.day}/{kept.site}/{name}' has no column '{min(missing)}'"
            raise input_error(where, what, "use the version that wrote it")
    if not len(kept.tables["series"]):
        raise input_error(where, f"the series of {kept.site} on {kept.day} is empty", REMEDY)
    for fact in FACTS:
        if not isinstance(kept.facts.get(fact), int):
            raise input_error(run.path / "manifest.json", f"has no '{fact}' of {kept.site} on {kept.day}", REMEDY)
    _ = [float(kept.facts["lead_minutes"][state]) for state in ("one", "two", "none")]


def _frames(run: RunFolder, kept: KeptSiteDay) -> Frames | None:
    if not any(name in kept.tables for name in FRAME_TABLES):
        return None
    missing = [name for name in FRAME_TABLES if name not in kept.tables]
    if missing:
        raise input_error(run.path / "tables.npz", f"has no table '{kept.day}/{kept.site}/{missing[0]}'", REMEDY)
    frames = Frames(*(kept.tables[name] for name in FRAME_TABLES))
    cells = int(run.scenario.plans[kept.site].ground.size)
    many, people, sections = len(frames.ticks), len(kept.tables["people"]), len(kept.tables["sections"])
    fits = frames.cells.shape == frames.conducts.shape == (many, people)
    fits = fits and frames.section_cells.shape == frames.section_levels.shape == (many, sections)
    fits = fits and frames.agents.shape == (many, cells)
    inside = fits and max(frames.cells.max(initial=-1), frames.section_cells.max(initial=-1)) < cells
    known = inside and 0 <= frames.conducts.min(initial=0) <= frames.conducts.max(initial=0) < len(Conduct)
    if not known:
        what = f"the frames of {kept.site} on {kept.day} do not fit people, sections and site plan"
        raise input_error(run.path / "tables.npz", what, REMEDY)
    return frames if many else None
