"""The after-action report: one page and its figures from a run folder, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.state import Incident
from sim.foundations.errors import input_error
from sim.reports import charts, key_figures, knowledge, pedigree, site_map
from sim.reports.evidence import Evidence, read_evidence
from sim.reports.ink import data_uri, png_of, svg_of
from sim.reports.page import GENERATOR, Picture, island, render
from sim.reports.story import story
from sim.reports.timeline import order_rows, timeline
from sim.reports.why import causes
from sim.reports.words import SEATS, spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = "figures"
PAGE = "report.html"


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn: its file name, what it shows, and how."""

    name: str
    caption: str
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class Report:
    """A finished report, not yet written.

    Attributes
    ----------
    page
        The HTML.
    files
        Figure files by name.
    """

    page: str
    files: dict[str, bytes]
    title: str


@dataclass(frozen=True)
class Written:
    """Where a report went."""

    page: Path
    figures: list[Path]
    title: str


def build(evidence: Evidence) -> Report:
    """Return the report of a run."""
    drawn = {place: _drawn(found) for place, found in drawings(evidence).items()}
    pictures = {group: [picture for picture, _ in items] for group, items in drawn.items()}
    files = {name: data for items in drawn.values() for _, made in items for name, data in made.items()}
    return Report(render(content(evidence, pictures)), files, evidence.run.scenario.file.title)


def _drawn(found: list[Drawing]) -> list[tuple[Picture, dict[str, bytes]]]:
    made = []
    for drawing in found:
        figure = drawing.draw()
        svg = svg_of(figure)
        files = {f"{drawing.name}.svg": svg, f"{drawing.name}.png": png_of(figure)}
        made.append((Picture(drawing.name, drawing.caption, data_uri(svg)), files))
    return made


def drawings(evidence: Evidence) -> dict[str, list[Drawing]]:
    """Return every figure by its place in the page."""
    seat = knowledge.knowing_seat(evidence)
    return {
        "timeline": [Drawing("timeline", timeline_caption(evidence), partial(timeline, evidence))],
        "stills": _stills(evidence),
        "charts": [Drawing(name, caption(evidence), partial(draw, evidence)) for name, draw, caption in charts.CHARTS],
        "knowledge": [
            Drawing("knowledge", knowledge.knowledge_words(evidence, seat), partial(charts.knowledge, evidence, seat, spoken(seat)))
        ]
        if seat
        else [],
    }


def _stills(evidence: Evidence) -> list[Drawing]:
    if evidence.frames is None:
        return []
    found = []
    for number, moment in enumerate(site_map.moments(evidence, evidence.frames), start=1):
        clock = evidence.label(int(evidence.frames.ticks[moment.frame]))
        caption = f"{clock}, {', '.join(moment.titles)}. {site_map.counts_words(evidence.frames, moment.frame)}"
        found.append(Drawing(f"map_{number}", caption, partial(site_map.still, evidence, evidence.frames, moment)))
    return found


def timeline_caption(evidence: Evidence) -> str:
    """Return what the timeline shows, counted."""
    counts = {verdict: sum(1 for deed in evidence.deeds if deed.verdict == verdict) for verdict in ("granted", "delayed", "refused")}
    told = f"{len(evidence.deeds)} orders: {counts['granted']} granted at once, {counts['delayed']} delayed, {counts['refused']} refused."
    return told + (" Shaded: a line is pushing." if evidence.push_spans else "")


def content(evidence: Evidence, pictures: dict[str, list[Picture]]) -> dict[str, Any]:
    """Return everything that the page's template names."""
    file, manifest = evidence.run.scenario.file, evidence.manifest
    found = key_figures.injuries(evidence)
    parameters = pedigree.parameter_rows(evidence)
    frames = evidence.frames
    return {
        "title": file.title,
        "summary": file.summary,
        "date": f"{evidence.clock.start.day} {evidence.clock.start.strftime('%B %Y, %H:%M')} to {evidence.label(evidence.clock.ticks)}",
        "place": evidence.run.scenario.plan.name,
        "seed": manifest["seed"],
        "seats": SEATS.get(manifest["seats"], manifest["seats"]),
        "seat_rows": [(spoken(name), spoken(str(seat.organisation)), spoken(seat.doctrine)) for name, seat in file.seats.items()],
        "story": story(evidence),
        "outcomes": key_figures.outcome_rows(evidence, key_figures.observed_outcomes(evidence)),
        "hurt": key_figures.hurt_rows(evidence, found),
        "hurt_agrees": key_figures.agrees(evidence, found),
        "reports": [name for name, _ in key_figures.REPORTS],
        "not_shown": key_figures.not_shown(),
        "history": key_figures.compared_with_history(evidence),
        "orders": order_rows(evidence),
        "pictures": pictures,
        "pushed": bool(evidence.push_spans),
        "agents_used": bool(len(evidence.incidents_of(Incident.AGENT_USED))),
        "site": island(site_map.packed_site(evidence, frames)) if frames else "",
        "clocks": [evidence.label(int(tick)) for tick in frames.ticks] if frames else [],
        "moments": [
            {"frame": item.frame, "clock": evidence.label(int(frames.ticks[item.frame])), "words": ", ".join(item.titles)}
            for item in site_map.moments(evidence, frames)
        ]
        if frames
        else [],
        "legend": site_map.legend(evidence),
        "causes": causes(evidence),
        "theories": pedigree.theories(evidence),
        "switches": pedigree.switches(evidence),
        "parameters": parameters,
        "grades": pedigree.grade_shares(parameters),
        "settings": manifest["settings"],
        "left_out": pedigree.left_out(evidence),
        "commands": pedigree.commands(evidence),
        "manifest": manifest,
    }


def write_report(run: Path, page: Path | None = None, figures: Path | None = None) -> Written:
    """Write the report of the run in a folder: the page, and each figure as SVG and PNG.

    Parameters
    ----------
    page
        The HTML file; ``report.html`` in the run's folder where not given. An earlier report is replaced, another file never.
    figures
        The folder of the figures; ``figures`` in the run's folder where not given.

    Raises
    ------
    InputError
        When the run cannot be read or the places cannot be written; then nothing is written.
    """
    evidence = read_evidence(run)
    page, figures = page or run / PAGE, figures or run / FIGURES
    _check_page(page)
    _check_figures(figures)
    report = build(evidence)
    try:
        with _staged(figures, page) as (new_figures, new_page):
            for name, data in report.files.items():
                (new_figures / name).write_bytes(data)
            new_page.write_text(report.page, encoding="utf-8")
            _put(report, new_figures, figures)
            new_page.replace(page)
    except OSError as error:
        raise input_error(error.filename or page, f"cannot be written ({error.strerror})", "name a place that you may write") from None
    return Written(page, [figures / name for name in report.files], report.title)


def _put(report: Report, new_figures: Path, figures: Path) -> None:
    figures.mkdir(parents=True, exist_ok=True)
    for name in report.files:
        (new_figures / name).replace(figures / name)


@contextmanager
def _staged(figures: Path, page: Path) -> Iterator[tuple[Path, Path]]:
    """Give places beside the final ones in which to write; they vanish again whatever happens."""
    page.absolute().parent.mkdir(parents=True, exist_ok=True)
    figures.absolute().parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".figures-", dir=figures.absolute().parent) as new_figures,
        tempfile.TemporaryDirectory(prefix=".report-", dir=page.absolute().parent) as new_page,
    ):
        yield Path(new_figures), Path(new_page) / PAGE


def _check_page(page: Path) -> None:
    if page.is_dir():
        raise input_error(f"--out {page}", "is a folder", "name a file, for example report.html")
    if page.exists() and f'content="{GENERATOR}"' not in page.read_text(encoding="utf-8", errors="replace")[:2000]:
        raise input_error(f"--out {page}", "exists and is no earlier report", "name another file; nothing else is overwritten")
    _check_parent(f"--out {page}", page)


def _check_figures(figures: Path) -> None:
    if figures.exists() and not figures.is_dir():
        raise input_error(f"--figures {figures}", "is a file", "name a folder")
    _check_parent(f"--figures {figures}", figures / "figure")


def _check_parent(where: str, path: Path) -> None:
    parent = path.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise input_error(where, f"cannot be written below {parent}", "name a place that you may write")
