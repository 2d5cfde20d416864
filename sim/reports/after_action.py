"""The after-action report: one page and its figures from a run folder, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.foundations.errors import input_error
from sim.reports.aftermath import aftermaths
from sim.reports.contents import content, drawings, run_drawings
from sim.reports.evidence import RunEvidence
from sim.reports.ink import data_uri, png_of, svg_of
from sim.reports.page import GENERATOR, Drawing, Picture, render
from sim.reports.reading import read_evidence

FIGURES = "figures"
PAGE = "report.html"


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


def build(run: RunEvidence) -> Report:
    """Return the report of a run."""
    files: dict[str, bytes] = {}
    after = aftermaths(run)
    over = {place: _drawn(found, files) for place, found in run_drawings(run, after).items()}
    drawn = {item.key: {place: _drawn(found, files) for place, found in drawings(item).items()} for item in run.site_days}
    return Report(render(content(run, drawn, over, after)), files, run.run.scenario.file.title)


def _drawn(found: list[Drawing], files: dict[str, bytes]) -> list[Picture]:
    """Draw figures, keep their files, and return them as the page shows them."""
    made = []
    for drawing in found:
        figure = drawing.draw()
        svg = svg_of(figure)
        files[f"{drawing.name}.svg"], files[f"{drawing.name}.png"] = svg, png_of(figure)
        made.append(Picture(drawing.name, drawing.caption, data_uri(svg)))
    return made


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
