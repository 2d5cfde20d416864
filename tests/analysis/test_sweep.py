"""Sweeps: parts that are whole or not there, going on, one digest, other plans refused, and reading what came of it. Toy runs."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sweep_toys import LEVERS, ToyPlan, in_this_process

from analysis.sweep import sweep
from analysis.sweep_folder import RESULTS, Shard
from analysis.sweep_merge import gaps_in_words, merge
from analysis.sweep_parts import RowsDigest, part_path, parts_of, rows_digest
from analysis.sweep_results import read_sweep
from sim.api import InputError

PLAN = ToyPlan()


def swept(folder, plan=PLAN, shard=None, numbers=None):
    """Sweep in this process; stop as Ctrl-C does after so many parts."""

    def engine(wanted, told):
        yield from in_this_process(folder, wanted[:numbers])
        if numbers is not None:
            raise KeyboardInterrupt

    return sweep(folder, plan, engine, shard)


@pytest.fixture
def whole(tmp_path):
    """A finished sweep, merged."""
    folder = tmp_path / "whole"
    swept(folder)
    return merge([folder], PLAN)


def test_every_run_of_the_plan_is_there_once_and_in_order(whole):
    table = pq.read_table(whole.path)
    assert table.column("experiment").to_pylist() == [*range(PLAN.total)]
    assert whole.rows == PLAN.total == 60
    assert table.column("seed").to_pylist()[:6] == [0, 1, 2, 3, 4, 0]


def test_an_interrupted_sweep_goes_on_where_it_was_and_gives_the_same_digest(tmp_path, whole):
    folder = tmp_path / "broken_off"
    first = swept(folder, numbers=3)
    assert (first.interrupted, first.made, first.left) == (True, 21, 39)
    then = swept(folder)
    assert (then.before, then.made, then.left, then.interrupted) == (21, 39, 0, False)
    assert swept(folder).made == 0
    assert merge([folder], PLAN).digest == whole.digest


def test_shards_in_one_folder_or_in_several_give_the_digest_of_the_whole(tmp_path, whole):
    together, apart = tmp_path / "together", [tmp_path / f"apart{number}" for number in range(4)]
    for number in range(4):
        swept(together, shard=Shard(number + 1, 4))
        swept(apart[number], shard=Shard(number + 1, 4))
    assert merge([together], PLAN).digest == whole.digest
    merged = merge(apart, PLAN, tmp_path / "all.parquet")
    assert merged.digest == whole.digest
    goes = json.loads((tmp_path / "all.manifest.json").read_text())["goes"]
    assert sorted(go["shard"] for go in goes) == ["1/4", "2/4", "3/4", "4/4"]
    assert sum(go["runs"] for go in goes) == PLAN.total


@pytest.mark.parametrize("of", [1, 2, 3, 4, 50])
def test_shards_hold_every_part_once(of):
    parts = [part for number in range(1, of + 1) for part in Shard(number, of).parts(PLAN)]
    assert parts == [*range(parts_of(PLAN))]


def test_a_shard_without_parts_has_nothing_to_do(tmp_path):
    assert swept(tmp_path / "folder", shard=Shard(1, 50)).made == 0


def test_missing_parts_are_named_with_their_shard_and_nothing_is_written(tmp_path):
    folder = tmp_path / "folder"
    swept(folder, shard=Shard(1, 4))
    swept(folder, shard=Shard(3, 4))
    merged = merge([folder], PLAN)
    assert merged.missing == (2, 3, 6, 7, 8)
    assert gaps_in_words(merged, [folder], PLAN) == "5 of 9 parts missing: 2-3, 6-8 (of shard 2/4, 4/4)"
    assert not (folder / RESULTS).exists()


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def change_a_value(path):
    table = pq.read_table(path)
    place = table.column_names.index("harm")
    values = table.column("harm").to_pylist()
    values[-1] += 1.0
    pq.write_table(table.set_column(place, "harm", pa.array(values, pa.float64())), path)


def empty(path):
    path.write_bytes(b"")


def swap_for_another(path):
    shutil.copyfile(path.with_name("part-00000003.parquet"), path)


@pytest.mark.parametrize("spoil", [truncate, change_a_value, empty, swap_for_another])
def test_a_damaged_part_is_found_when_merging_and_made_anew_when_going_on(tmp_path, whole, spoil):
    folder = tmp_path / "whole"
    spoil(part_path(folder, 5))
    assert merge([folder], PLAN).damaged == (5,)
    again = swept(folder)
    assert (again.anew, again.made) == ((5,), 7)
    assert merge([folder], PLAN).digest == whole.digest


@pytest.mark.parametrize("change", [{"model": "m2"}, {"seeds": 6}, {"part_size": 8}])
def test_going_on_under_another_plan_is_refused_with_what_changed(tmp_path, whole, change):
    folder = tmp_path / "whole"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (name, value), *_ = change.items()
    with pytest.raises(InputError, match=f"{name} was {getattr(PLAN, name)} and is {value}"):
        swept(folder, replace(PLAN, **change))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_folders_of_two_plans_are_not_merged(tmp_path, whole):
    other = replace(PLAN, model="m2")
    swept(tmp_path / "other", other)
    with pytest.raises(InputError, match="model was m1 and is m2"):
        merge([tmp_path / "whole", tmp_path / "other"], PLAN)


def test_a_part_that_differs_between_two_folders_is_refused(tmp_path, whole, monkeypatch):
    swept(tmp_path / "one", shard=Shard(1, 2))
    monkeypatch.setattr("sweep_toys.np.sqrt", lambda x: x)
    swept(tmp_path / "two")
    with pytest.raises(InputError, match="differs from the same part"):
        merge([tmp_path / "one", tmp_path / "two"], PLAN)


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="no folder of a sweep and not empty"):
        swept(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_full_disk_ends_the_sweep_in_words_with_whole_parts_only_and_it_goes_on_later(tmp_path, whole, monkeypatch):
    folder, synced = tmp_path / "full", []

    def no_room(_file):
        synced.append(1)
        if len(synced) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("analysis.sweep_parts.os.fsync", no_room)
        with pytest.raises(InputError, match=r"has no room left .*make room"):
            swept(folder)
    assert not [path for path in folder.rglob("*") if path.name.startswith(".part")]
    kept = len([*(folder / "parts").iterdir()])
    assert 0 < kept < parts_of(PLAN)
    assert swept(folder).before == 7 * kept
    assert merge([folder], PLAN).digest == whole.digest


def test_a_file_too_large_for_the_system_leaves_nothing_half_written(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2500, hard))
    try:
        with pytest.raises(InputError, match="has no room left"):
            swept(tmp_path / "folder")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [*tmp_path.rglob("*part-*")]


def test_a_folder_taken_away_ends_the_sweep_in_words_and_does_not_come_back(tmp_path):
    folder = tmp_path / "taken"

    def engine(wanted, told):
        for count, made in enumerate(in_this_process(folder, wanted)):
            if count == 2:
                shutil.rmtree(folder)
            yield made

    with pytest.raises(InputError, match="was taken away while the sweep ran"):
        sweep(folder, PLAN, engine)
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    def refused(*_args, **_more):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refused)
    with pytest.raises(InputError, match=r"cannot be written \(Permission denied\)"):
        swept(tmp_path / "folder")


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        swept(tmp_path / "file")
    with pytest.raises(InputError, match="cannot be"):
        swept(tmp_path / "file" / "below")


def test_what_killed_workers_left_half_written_is_cleared(tmp_path):
    folder = tmp_path / "folder"
    swept(folder, numbers=2)
    draft = folder / "parts" / ".part-00000004.parquet.99"
    draft.write_bytes(b"half")
    swept(folder)
    assert not draft.exists()


def test_a_failed_run_is_a_row_with_its_reason_and_the_table_counts_it(whole):
    rows = pq.read_table(whole.path).to_pylist()
    failed = [row for row in rows if row["failure"]]
    (row,) = failed
    assert (row["point"], row["lever"], row["seed"], row["failure"]) == (1, "baseline", 1, "ValueError: this one fails")
    assert np.isnan(row["harm"])
    assert whole.failures == 1


def test_the_digest_does_not_depend_on_the_pieces_and_depends_on_every_value_and_the_order(whole):
    table = pq.read_table(whole.path)
    pieces = RowsDigest()
    for first in range(0, len(table), 11):
        pieces.add(table.slice(first, 11))
    assert str(pieces) == rows_digest(table) == whole.digest
    assert rows_digest(table.take([*range(1, len(table)), 0])) != whole.digest
    words = table.column("digest").to_pylist()
    words[0], words[1] = words[0] + words[1][:1], words[1][1:]
    moved = table.set_column(table.column_names.index("digest"), "digest", pa.array(words))
    assert rows_digest(moved) != whole.digest


def test_the_manifest_says_with_what_the_results_were_made_and_names_no_place(tmp_path, whole):
    text = (tmp_path / "whole" / "manifest.json").read_text()
    told = json.loads(text)
    assert told["digest"] == whole.digest
    assert told["plan"]["digest"] == PLAN.digest
    assert "same luck" in told["pairing"][0]
    (go,) = told["goes"]
    assert go["begun"] <= go["ended"]
    assert (go["runs"], go["failures"], go["shard"]) == (60, 1, "1/1")
    assert str(tmp_path) not in text
    assert os.uname().nodename not in text.replace(os.uname().sysname, "")


def test_results_are_read_as_points_by_seeds_with_nan_where_a_run_failed(tmp_path, whole):
    found = read_sweep(tmp_path / "whole")
    assert found.names == ("x",)
    assert found.values[:, 0].tolist() == [number / 8.0 for number in range(6)]
    runs = found.runs("harm", lever="baseline")
    assert runs.shape == (6, 5)
    assert np.isnan(runs[1, 1])
    assert np.isnan(runs).sum() == 1
    assert found.by_point("harm", lever="other") == pytest.approx([3 * (np.sqrt(number / 8) + 0.1) for number in range(6)])
    assert found.by_point("share", lever="baseline").tolist() == found.values[:, 0].tolist()


def test_an_unfinished_sweep_can_be_read_and_what_is_missing_is_nan(tmp_path):
    swept(tmp_path / "folder", numbers=3)
    found = read_sweep(tmp_path / "folder").by_point("share", lever=LEVERS[0])
    assert np.isnan(found).tolist() == [False, False, False, True, True, True]


def test_a_question_that_several_levers_answer_is_refused(tmp_path, whole):
    found = read_sweep(tmp_path / "whole")
    with pytest.raises(InputError, match="lever"):
        found.by_point("harm")
    with pytest.raises(InputError, match="did you mean 'harm'"):
        found.by_point("harn", lever="other")


def test_results_of_another_plan_are_not_read(tmp_path, whole):
    swept(tmp_path / "other", replace(PLAN, model="m2"))
    shutil.copyfile(whole.path, tmp_path / "other" / RESULTS)
    with pytest.raises(InputError, match="another plan"):
        read_sweep(tmp_path / "other")


def test_duckdb_polars_and_pandas_read_the_same_table(whole):
    duckdb, polars, pandas = (pytest.importorskip(name) for name in ("duckdb", "polars", "pandas"))
    wanted = pq.read_table(whole.path).column("harm").drop_null().to_numpy()
    total = np.nansum(wanted)
    ((by_sql,),) = duckdb.sql(f"select sum(harm) from '{whole.path}' where failure = ''").fetchall()
    by_polars = polars.scan_parquet(whole.path).filter(polars.col("failure") == "").select(polars.col("harm").sum()).collect().item()
    by_pandas = pandas.read_parquet(whole.path).query("failure == ''")["harm"].sum()
    assert [by_sql, by_polars, by_pandas] == pytest.approx([total] * 3)
