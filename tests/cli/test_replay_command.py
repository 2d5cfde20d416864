"""``kforsim replay``: proves a record, names the first difference of a changed one, and refuses a broken one."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pytest
from copies import WHOLE

pytestmark = pytest.mark.usefixtures("parsed_once")


def _lines(path, change) -> None:
    """Rewrite a file of lines by a function of the list of them."""
    lines = path.read_text("utf-8").splitlines()
    path.write_text("".join(line + "\n" for line in change(lines)), "utf-8")


def _manifest(folder, change) -> None:
    found = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(found)
    (folder / "manifest.json").write_text(json.dumps(found), "utf-8")


def _tables(folder, change) -> None:
    with np.load(folder / "tables.npz") as file:
        tables = {name: file[name] for name in file.files}
    change(tables)
    np.savez_compressed(folder / "tables.npz", **tables)


def _busiest(folder) -> str:
    """Return the day and site with most incidents, as tables are named."""
    with np.load(folder / "tables.npz") as file:
        counts = {name.removesuffix("/incidents"): len(file[name]) for name in file.files if name.endswith("/incidents")}
    busiest = max(counts, key=lambda name: counts[name])
    assert counts[busiest] > 2, counts
    return busiest


@pytest.mark.parametrize("kept", ["kept_run", "kept_days"])
def test_a_run_replays_identically(kforsim, request, capsys, kept):
    folder = request.getfixturevalue(kept)
    capsys.readouterr()  # what making it printed
    code, out, err = kforsim("replay", folder)
    digest = json.loads((folder / "manifest.json").read_text("utf-8"))["digest"]
    assert (code, out) == (0, f"identical: digest {digest}\n")
    assert err == ""


def test_without_its_dial_the_same_record_would_part(kforsim, spoilt_run):
    _manifest(spoilt_run, lambda found: found["dials"]["rules_of_engagement.explicitness"].update(value=0.3))
    code, out, _ = kforsim("replay", spoilt_run, "--json")
    told = json.loads(out)
    assert code == 1
    assert not told["identical"]
    assert "permission" in told["difference"]


def test_an_edited_order_is_named(kforsim, spoilt_run):
    _lines(spoilt_run / "orders.jsonl", lambda lines: [line.replace('"order":"open_talks"', '"order":"wait"') for line in lines])
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert out.startswith("different: entry ")
    assert '"order":"open_talks"' in out.partition("replayed")[0]
    assert '"order":"wait"' in out.partition("replayed")[2]


def test_a_removed_order_is_named(kforsim, spoilt_run):
    _lines(spoilt_run / "orders.jsonl", lambda lines: lines[1:])
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert "entry " in out
    assert '"site":"zvecan"' in out


def test_an_order_of_another_site_is_told_with_its_site(kforsim, spoilt_days):
    def change(lines: list[str]) -> list[str]:
        place = next(number for number, line in enumerate(lines) if '"seat":"kfor_leposavic"' in line)
        return lines[:place] + lines[place + 1 :]

    _lines(spoilt_days / "orders.jsonl", change)
    code, out, _ = kforsim("replay", spoilt_days)
    assert code == 1
    assert "different: entry " in out
    assert '"site":"leposavic"' in out.partition("replayed")[0]


def test_an_edited_entry_is_named_with_its_time(kforsim, spoilt_run):
    def change(lines: list[str]) -> list[str]:
        place = next(number for number, line in enumerate(lines) if '"order":"take_cordon"' in line and '"kind":"permission"' in line)
        return [*lines[:place], lines[place].replace('"delay_min":0', '"delay_min":9', 1), *lines[place + 1 :]]

    _lines(spoilt_run / "record.jsonl", change)
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert re.search(r"at 06:10 \(tick \d+\): recorded", out)
    assert '"delay_min":9' in out


def test_a_truncated_record_is_named(kforsim, spoilt_run):
    _lines(spoilt_run / "record.jsonl", lambda lines: lines[:-3])
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert "recorded nothing; replayed {" in out


@pytest.mark.parametrize(("column", "value"), [("cell", 1), ("kind", 99), ("tick", 2)])
def test_an_edited_incident_is_named_with_its_site(kforsim, spoilt_run, column, value):
    where = _busiest(spoilt_run)

    def change(tables):
        tables[f"{where}/incidents"][2][column] = value

    _tables(spoilt_run, change)
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert f"incident at {where.rpartition('/')[2]} 2 at " in out
    assert f"{column} {value}" in out


def test_an_edited_row_of_the_series_is_named_with_its_site(kforsim, spoilt_days):
    def change(tables):
        tables["may_29/zubin_potok/series"][7]["present"] += 1

    _tables(spoilt_days, change)
    code, out, _ = kforsim("replay", spoilt_days)
    assert code == 1
    assert "minute of the series at zubin_potok 7 at 06:07" in out


def test_missing_incidents_are_named(kforsim, spoilt_run):
    where = f"{_busiest(spoilt_run)}/incidents"
    _tables(spoilt_run, lambda tables: tables.update({where: tables[where][:-2]}))
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert "only replayed" in out


def test_a_changed_digest_is_named(kforsim, spoilt_run):
    _manifest(spoilt_run, lambda found: found.update(digest="0" * 32))
    code, out, _ = kforsim("replay", spoilt_run)
    assert code == 1
    assert "the manifest was changed" in out


def test_another_model_is_said(kforsim, spoilt_run):
    _manifest(spoilt_run, lambda found: found.update(model="older"))
    code, _, err = kforsim("replay", spoilt_run)
    assert code == 0
    assert "made by other source files" in err


def test_a_run_of_before_there_were_dials_is_read(kforsim, spoilt_run):
    _manifest(spoilt_run, lambda found: found.pop("dials"))
    assert kforsim("replay", spoilt_run)[0] == 1  # its dial is lost, and the replay says so


def test_a_folder_that_is_no_run_is_refused(refused, tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        assert "is not the folder of a run (no manifest.json)" in refused("replay", path)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["manifest.json", "cannot be read"]),
        ("{", ["manifest.json", "cannot be read"]),
        ("[1]", ["manifest.json", "cannot be read"]),
        ("{}", ["manifest.json", "cannot be read"]),
        ('{"format": 99}', ["has format 99, this version reads 2", "use the version that wrote it"]),
        ('{"format": 1}', ["has format 1, this version reads 2"]),
        ('{"format": 2}', ["manifest.json:seed", "is missing"]),
        ("[" * 100_000, ["manifest.json", "cannot be read"]),
        (b"\xff\xfe\x00", ["manifest.json", "cannot be read"]),
    ],
)
def test_a_broken_manifest_is_refused(refused, spoilt_run, text, parts):
    (spoilt_run / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    complaints = refused("replay", spoilt_run)
    for part in parts:
        assert part in complaints


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (lambda found: found.update(seed="one"), ["manifest.json:seed", "no int"]),
        (lambda found: found.update(seed=-4), ["-4 lies outside"]),
        (lambda found: found.update(parameters=[]), ["manifest.json:parameters", "no dict"]),
        (lambda found: found["parameters"]["view_m"].update(value=float("nan")), ["parameters.view_m", "finite"]),
        (lambda found: found["parameters"].update(view_m=3), ["parameters.view_m", "must be a number"]),
        (lambda found: found["dials"].update(other={"value": 1}), ["dials.other", "there is no such dial"]),
        (lambda found: found["dials"]["mandate.political_constraint"].update(value=4), ["lies outside 0 to 1"]),
        (lambda found: found.update(dials=[1]), ["manifest.json:dials", "no dict"]),
        (lambda found: found.pop("days"), ["manifest.json:days", "is missing"]),
        (lambda found: found.update(days="may_29"), ["manifest.json:days", "no list"]),
        (lambda found: found.update(days=[]), ["days of may_2023_zvecan: none is named; known: may_29"]),
        (lambda found: found.update(days=["may_28"]), ["there is no day 'may_28'; did you mean 'may_29'?"]),
        (lambda found: found.update(days=[29]), ["there is no day '29'", "may_29"]),
        (lambda found: found.update(site_days=[]), ["manifest.json:site_days", "zvecan on may_29", "run the scenario again"]),
        (lambda found: found.update(site_days=[3]), ["manifest.json:site_days", "without day and site"]),
        (lambda found: found["site_days"][0].update(site="leposavic"), ["holds no table of incidents for leposavic on may_29"]),
    ],
)
def test_a_manifest_with_a_wrong_field_is_refused(refused, spoilt_run, change, parts):
    _manifest(spoilt_run, change)
    complaints = refused("replay", spoilt_run)
    for part in parts:
        assert part in complaints


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('"kfor_zvecan"', '"kfor_zvecn"', ["orders.jsonl:", ":seat", "there is no seat 'kfor_zvecn'; did you mean 'kfor_zvecan'?"]),
        ('"seat":"kfor_zvecan"', '"seat":"kfor_leposavic"', ["orders.jsonl:", ":seat", "there is no seat 'kfor_leposavic'"]),
        ('"site":"zvecan"', '"site":"zvecn"', ["orders.jsonl:", ":site", "there is no site 'zvecn'; did you mean 'zvecan'?"]),
        ('"site":"zvecan"', '"place":"zvecan"', ["orders.jsonl:", ":site", "there is no site 'None'"]),
        ('"order":"push"', '"order":"pish"', ["orders.jsonl:", ":order", "did you mean 'push'?"]),
        ('"order":"push"', '"order":["push"]', ["orders.jsonl:", ":order"]),
        ('"selectivity":', '"chosen":', ["orders.jsonl:1", "lacks the order's selectivity"]),
        ('"tick":', '"tock":', ["orders.jsonl:1", "is no entry of a record"]),
        ('"tick":', '"tick":9999999', ["orders.jsonl:1:tick", "lies outside the run, 0 to "]),
        ('"tick":', '"tick":-', ["orders.jsonl:1:tick", "lies outside the run, 0 to "]),
        ('"tick":', '"tick":"0","is":', ["orders.jsonl:1", "is no entry of a record"]),
        ("{", "", ["orders.jsonl:1", "is no entry of a record"]),
    ],
)
def test_a_log_with_an_impossible_order_is_refused(refused, spoilt_run, old, new, parts):
    path = spoilt_run / "orders.jsonl"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    complaints = refused("replay", spoilt_run)
    for part in parts:
        assert part in complaints


def test_a_record_cut_in_the_middle_of_a_line_is_refused(refused, spoilt_run):
    path = spoilt_run / "record.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert "is no entry of a record" in refused("replay", spoilt_run)


@pytest.mark.parametrize("name", ["orders.jsonl", "record.jsonl", "tables.npz"])
def test_a_missing_part_is_refused(refused, spoilt_run, name):
    (spoilt_run / name).unlink()
    complaints = refused("replay", spoilt_run)
    assert name in complaints
    assert "run the scenario again" in complaints


def test_a_missing_scenario_is_refused(refused, spoilt_run):
    shutil.rmtree(spoilt_run / "scenario")
    assert str(spoilt_run / "scenario") in refused("replay", spoilt_run)


def test_a_part_is_replayed_with_the_whole_that_was_kept_with_it(kforsim, spoilt_run):
    path = spoilt_run / WHOLE / "scenario.yaml"
    text = path.read_text("utf-8")
    assert "cordon_steps: 3" in text
    path.write_text(text.replace("cordon_steps: 3", "cordon_steps: 4", 1), "utf-8")
    assert kforsim("replay", spoilt_run)[0] == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no archive at all", b"\x93NUMPY"])
def test_broken_tables_are_refused(refused, spoilt_run, content):
    (spoilt_run / "tables.npz").write_bytes(content)
    assert "tables.npz: cannot be read" in refused("replay", spoilt_run)


def test_half_an_archive_is_refused(refused, spoilt_run):
    path = spoilt_run / "tables.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "tables.npz: cannot be read" in refused("replay", spoilt_run)


def test_an_archive_with_a_flipped_byte_is_refused_or_parts(kforsim, spoilt_run):
    path = spoilt_run / "tables.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)
    code, _, err = kforsim("replay", spoilt_run)
    assert code in (1, 2)
    assert "Traceback" not in err


def test_pickles_are_never_loaded(refused, spoilt_run):
    _tables(spoilt_run, lambda tables: tables.update({"may_29/zvecan/people": np.array([{"a": 1}], dtype=object)}))
    assert "tables.npz: cannot be read" in refused("replay", spoilt_run)


def test_a_table_that_is_missing_or_of_another_shape_is_refused(refused, spoilt_run):
    _tables(spoilt_run, lambda tables: tables.update({"may_29/zvecan/incidents": np.zeros((2, 2))}))
    assert "holds no table of incidents" in refused("replay", spoilt_run)
    _tables(spoilt_run, lambda tables: tables.pop("may_29/zvecan/incidents"))
    assert "holds no table of incidents" in refused("replay", spoilt_run)


def test_a_replay_does_not_touch_the_run(kforsim, spoilt_run):
    def contents():
        return {path.relative_to(spoilt_run): path.read_bytes() for path in spoilt_run.rglob("*") if path.is_file()}

    before = contents()
    kforsim("replay", spoilt_run)
    assert contents() == before
