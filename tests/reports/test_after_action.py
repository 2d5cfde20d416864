"""The report as a whole: its sections, its numbers, its safety, and that it is written whole or not at all."""

from __future__ import annotations

import html
import itertools
import json
import re
import sys
from urllib.parse import unquote

import numpy as np
import pytest
from damage import SITE_DAY, change_facts, change_manifest, change_tables, words_of

from sim.cli.main import main
from sim.engine.outcomes import NOT_SHOWN
from sim.foundations.errors import InputError
from sim.reports import aftermath, key_figures
from sim.reports.after_action import build, write_report
from sim.reports.contents import drawings
from sim.reports.reading import FRAME_TABLES, read_evidence

SECTIONS = (
    "key-figures",
    "timeline",
    "map-section",
    "plots",
    "why",
    "knowledge",
    "lead",
    "after-event",
    "disputed",
    "numbers",
    "limits",
    "reproduce",
)


def _exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["report", *arguments])
    return int(ended.value.code or 0)


def _everything(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def as_user(monkeypatch):
    """Fail writing as a user without rights would see it, also where the tests run as root."""
    real = __import__("os").access
    monkeypatch.setattr("sim.reports.after_action.os.access", lambda path, mode: "locked" not in str(path) and real(path, mode))


def test_every_section_stands_in_the_page_in_its_order(report):
    places = [report.page.index(f'<section id="{name}"') for name in SECTIONS]
    assert places == sorted(places)
    assert "Simulation: explores, does not predict. Schematic site." in report.page


def test_a_run_of_one_site_day_has_no_theatre(report):
    assert 'id="theatre"' not in report.page
    assert 'id="theatre-data"' not in report.page
    assert '<details class="site-day"' not in report.page


def test_the_header_says_what_when_which_seed_and_who_decided(report, run):
    header = report.page[: report.page.index("<main")]
    assert html.escape(run.run.scenario.file.title) in header
    assert "29 May 2023, 06:00 to 22:00" in header
    assert "<dt>Seed</dt><dd>3</dd>" in header
    assert "automatic: every seat played its doctrine table" in header


def test_every_outcome_in_the_page_is_the_runs_own(report, run):
    shown = re.findall(r'data-outcome="([^"]+)" data-value="([^"]+)"', report.page)
    assert {name: float(value) for name, value in shown} == {
        name: value for name, value in run.manifest["outcomes"].items() if "/" not in name
    }


def test_primary_outcomes_come_first(run):
    rows = key_figures.outcome_rows(run, {})
    primary = [row["primary"] for row in rows]
    assert primary == sorted(primary, reverse=True)
    assert primary.count(True) >= 4


def test_hurt_by_side_and_grade_adds_up_to_the_outcomes(run, evidence):
    outcomes = run.manifest["outcomes"]
    rows = aftermath.hurt_rows(evidence, aftermath.aftermaths(run)[evidence.key].injuries)
    totals = {row["side"]: row["counts"] for row in rows if row["total"]}
    assert totals["KFOR"] == [outcomes[f"kfor_hurt{end}"] for end in ("_first_report", "_next_day_report", "_final_report", "")]
    assert totals["Protesters"][-1] == outcomes["protesters_hurt"]
    assert totals["Protesters"][-2] == outcomes["protesters_hurt_final_report"]
    severe = sum(row["counts"][-1] for row in rows if row["grade"] in ("serious", "fatal"))
    assert severe == outcomes["serious_or_fatal"]
    for side, total in totals.items():
        parts = [row["counts"] for row in rows if row["side"] == side and not row["total"]]
        assert [sum(column) for column in zip(*parts, strict=True)] == total


def test_what_cannot_be_shown_is_said(report):
    for text in NOT_SHOWN:
        assert html.escape(text) in report.page


def test_facts_of_the_day_come_from_the_scenarios_file_and_vanish_with_it(copied):
    expected = copied / "may_2023" / "expected.yaml"
    expected.unlink(missing_ok=True)
    assert "On the day, as reported" not in words_of(copied)
    text = 'patterns:\n  - {outcome: may_29/zvecan/detained, observed: [5, 9], source: "a source of ours", grade: B}\n'
    expected.write_text(text, "utf-8")
    observed = key_figures.observed_outcomes(read_evidence(copied))
    assert observed == {"may_29/zvecan/detained": key_figures.Observed("5 to 9", "a source of ours", "B")}
    assert "On the day, as reported" in words_of(copied)


def test_what_was_reported_of_a_whole_day_is_not_taken_for_one_site(run):
    observed = {"may_29/detained": key_figures.Observed("5", "a source", "A")}
    row = next(row for row in key_figures.outcome_rows(run, observed) if row["name"] == "detained")
    assert row["observed"].words == "5 at all sites together"


def test_text_from_files_is_escaped(copied):
    scenario = copied / "scenario" / "scenario.yaml"
    text = scenario.read_text("utf-8")
    scenario.write_text(re.sub(r"^title: .*$", "title: \"<script>alert('x')</script> & co\"", text, count=1, flags=re.MULTILINE), "utf-8")
    change_manifest(copied, settings={"<b>bold</b>": "</script><img src=x>"})
    page = words_of(copied)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(" in page
    assert "<b>bold</b>" not in page
    assert "<img src=x>" not in page


def test_the_page_asks_nothing_of_any_host(report):
    assert "default-src 'none'" in report.page
    drawn = re.findall(r'src="data:image/svg\+xml,([^"]*)"', report.page)
    assert drawn
    page = re.sub(r'src="data:image/svg\+xml,[^"]*"', "", report.page)
    without_names = re.sub(r"https?://www\.w3\.org/[^\s\"']*", "", page)
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", without_names)
    assert "@import" not in page
    assert "url(" not in page
    for svg in map(unquote, drawn):
        assert all(place.startswith("#") for place in re.findall(r"url\(([^)]*)\)", svg))
        assert all(place.startswith("#") for place in re.findall(r'href="([^"]*)"', svg))


def test_no_path_of_this_machine_is_told(report, run_folder):
    assert str(run_folder.parent) not in report.page


def test_the_page_stays_small(report):
    assert len(report.page.encode()) < 3_000_000


def test_ids_are_used_once_and_every_figure_has_words(report):
    names = re.findall(r'\sid="([^"]+)"', report.page)
    assert len(names) == len(set(names))
    images = re.findall(r"<img [^>]*>", report.page)
    assert images
    assert all(re.search(r'alt="[^"]{15,}"', image) for image in images)
    tables = report.page.count("<table")
    assert report.page.count("<caption") == tables


def test_headings_go_down_one_level_at_a_time(report):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", report.page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_run_without_frames_says_so(copied):
    def drop(tables):
        for name in FRAME_TABLES:
            del tables[name]

    change_tables(copied, drop)
    page = words_of(copied)
    assert 'id="no-frames"' in page
    assert 'id="site-data"' not in page
    assert drawings(read_evidence(copied).site_days[0])["stills"] == []


def test_the_figures_are_written_as_png_and_svg(run_folder, tmp_path, monkeypatch, report):
    monkeypatch.setattr("sim.reports.after_action.build", lambda evidence: report)
    written = write_report(run_folder, tmp_path / "page.html", tmp_path / "drawn")
    names = {path.name for path in written.figures}
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == names
    for stem in ("timeline", "conduct", "mood", "force", "injuries", "ground", "legitimacy", "knowledge", "map_1", "lead", "growth"):
        assert (tmp_path / "drawn" / f"{stem}.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert b"<svg" in (tmp_path / "drawn" / f"{stem}.svg").read_bytes()[:2000]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drawn", "page.html"]


def test_the_same_run_gives_the_same_page_and_figures(report, run):
    again = build(run)
    assert again.page == report.page
    assert again.files == report.files


def test_the_command_writes_beside_the_run_and_replaces_its_own_report(copied, capsys, monkeypatch, report):
    monkeypatch.setattr("sim.reports.after_action.build", lambda evidence: report)
    assert _exit_code(str(copied), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["report"] == str(copied / "report.html")
    assert (copied / "figures" / "timeline.svg").is_file()
    assert _exit_code(str(copied)) == 0


def _truncated(run):
    path = run / "tables.npz"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _no_archive(run):
    (run / "tables.npz").write_bytes(b"not an archive")


def _flipped(run):
    path = run / "tables.npz"
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 400] = bytes(255 - byte for byte in data[middle : middle + 400])
    path.write_bytes(bytes(data))


def _no_series(run):
    change_tables(run, lambda tables: tables.pop("series"), SITE_DAY)


def _empty_series(run):
    change_tables(run, lambda tables: tables.update(series=tables["series"][:0]))


def _frames_of_others(run):
    change_tables(run, lambda tables: tables.update(frame_cells=tables["frame_cells"][:, :-1]))


def _frames_off_the_plan(run):
    change_tables(run, lambda tables: tables.update(frame_cells=np.full_like(tables["frame_cells"], 999_999)))


def _half_the_frames(run):
    change_tables(run, lambda tables: tables.pop("frame_agents"))


def _no_facts(run):
    change_facts(run, lead_minutes=3)


def _no_outcomes_of_the_site(run):
    kept = json.loads((run / "manifest.json").read_text("utf-8"))["outcomes"]
    change_manifest(run, outcomes={name: value for name, value in kept.items() if not name.endswith("hurt")})


def _no_manifest(run):
    (run / "manifest.json").unlink()


def _bare_manifest(run):
    (run / "manifest.json").write_text('{"format": 2}', "utf-8")


def _broken_record(run):
    (run / "record.jsonl").write_text('{"tick": 0, "kind": "order"}\n', "utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        _truncated,
        _no_archive,
        _flipped,
        _no_series,
        _empty_series,
        _frames_of_others,
        _frames_off_the_plan,
        _half_the_frames,
        _no_facts,
        _no_outcomes_of_the_site,
        _no_manifest,
        _bare_manifest,
        _broken_record,
    ],
)
def test_a_damaged_run_is_named_and_nothing_is_written(copied, capsys, damage):
    damage(copied)
    before = _everything(copied)
    assert _exit_code(str(copied)) == 2
    assert "error: " in capsys.readouterr().err
    assert _everything(copied) == before


def test_a_folder_that_is_no_run_is_refused(tmp_path, capsys):
    assert _exit_code(str(tmp_path)) == 2
    assert "is not the folder of a run" in capsys.readouterr().err


def test_places_that_cannot_be_written_are_refused_before_anything_is_drawn(run_folder, tmp_path, monkeypatch, as_user, capsys):
    monkeypatch.setattr("sim.reports.after_action.build", lambda evidence: pytest.fail("drew before it looked"))
    (tmp_path / "a_file").write_text("mine", "utf-8")
    (tmp_path / "locked").mkdir()
    (tmp_path / "report.html").write_text("<html>mine</html>", "utf-8")
    wrong = [
        ("--out", tmp_path / "a_file" / "x.html"),
        ("--out", tmp_path),
        ("--out", tmp_path / "report.html"),
        ("--out", tmp_path / "locked" / "x.html"),
        ("--figures", tmp_path / "a_file"),
        ("--figures", tmp_path / "locked" / "figures"),
    ]
    before = _everything(tmp_path)
    for option, path in wrong:
        other = ("--figures", str(tmp_path / "figures")) if option == "--out" else ("--out", str(tmp_path / "new.html"))
        assert _exit_code(str(run_folder), option, str(path), *other) == 2
        assert str(path) in capsys.readouterr().err
    assert _everything(tmp_path) == before
    assert not (tmp_path / "figures").exists()


def test_a_disk_that_fails_leaves_nothing_half_written(run_folder, tmp_path, monkeypatch, report):
    monkeypatch.setattr("sim.reports.after_action.build", lambda evidence: report)

    def fail(self, *arguments, **options):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr("pathlib.Path.write_text", fail)
    with pytest.raises(InputError, match="No space left"):
        write_report(run_folder, tmp_path / "page.html", tmp_path / "figures")
    assert list(tmp_path.iterdir()) == []


def test_the_command_loads_no_plotting_before_it_is_needed():
    import subprocess

    code = "import sys, sim.cli.report, sim.reports.after_action as a; print('matplotlib' in sys.modules, 'jinja2' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
