"""``kforsim calibrate``: exit codes, what is kept, and that it is kept whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from analysis.calibrate_command import command
from analysis.identifiability import LEAST_SCREENED
from analysis.surviving_sets import read_surviving
from sim.api import InputError

FILES = {"surviving_sets.json", "identifiability.json", "identifiability.md"}
ENOUGH = ("--first", str(LEAST_SCREENED), "--later", "150")


def _made(toy) -> set[str]:
    return {path.name for path in toy.folder.iterdir()} - {"expected.yaml"}


def _command(*arguments):
    return CliRunner().invoke(command, ["toy", *arguments], standalone_mode=False)


def test_a_search_keeps_sets_table_and_page(toy):
    result = _command(*ENOUGH, "--keep")
    sets = read_surviving(toy.folder / "surviving_sets.json")
    assert _made(toy) == FILES
    assert result.return_value == (0 if len(sets.sets) >= 50 else 1)
    assert len(sets.sets) >= 50
    data = json.loads((toy.folder / "identifiability.json").read_text("utf-8"))
    verdicts = {row["parameter"]: row["verdict"] for row in data["parameters"]}
    assert verdicts["alpha"] == "informed"
    assert verdicts["idle"] == "prior-only"
    assert data["survivors"] == len(sets.sets)
    assert "A toy" in (toy.folder / "identifiability.md").read_text("utf-8")


def test_without_keep_the_result_is_shown_and_nothing_written(toy):
    result = _command(*ENOUGH)
    assert _made(toy) == set()
    assert "What informs which parameter" in result.output
    assert "--keep keeps it" in result.output


def test_fewer_than_fifty_survivors_exit_1(toy):
    assert _command("--first", "10", "--later", "5").return_value == 1


def test_where_nothing_survives_nothing_is_kept(toy):
    toy.write("band: [12, 18]", "band: [4000000000, 5000000000]")
    (toy.folder / "surviving_sets.json").write_text("earlier", "utf-8")
    result = _command("--first", str(LEAST_SCREENED), "--later", "5", "--keep")
    assert result.return_value == 1
    assert (toy.folder / "surviving_sets.json").read_text("utf-8") == "earlier"
    assert _made(toy) == {"surviving_sets.json"}


def test_an_interrupted_search_leaves_what_was_kept_before(toy, monkeypatch):
    (toy.folder / "surviving_sets.json").write_text("earlier", "utf-8")

    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.calibrate.identifiability", interrupted)
    result = _command(*ENOUGH, "--keep")
    assert isinstance(result.exception, click.Abort | KeyboardInterrupt)
    assert (toy.folder / "surviving_sets.json").read_text("utf-8") == "earlier"
    assert _made(toy) == {"surviving_sets.json"}


def test_a_disk_that_fills_up_while_keeping_leaves_what_was_there(toy, monkeypatch):
    (toy.folder / "surviving_sets.json").write_text("earlier", "utf-8")
    write = Path.write_text

    def full(self, text, *rest):
        if self.name == "identifiability.md":
            raise OSError("no space left")
        return write(self, text, *rest)

    monkeypatch.setattr(Path, "write_text", lambda self, text, encoding=None: full(self, text, encoding))
    result = _command(*ENOUGH, "--keep")
    assert isinstance(result.exception, InputError)
    assert (toy.folder / "surviving_sets.json").read_text("utf-8") == "earlier"
    assert _made(toy) == {"surviving_sets.json"}


def test_a_part_of_another_scenario_is_sent_to_the_whole(toy_part):
    with pytest.raises(InputError, match=r"is a part of another scenario.*calibrate toy"):
        raise _command().exception


def test_a_table_that_could_not_be_judged_is_not_kept(toy):
    result = _command("--first", str(LEAST_SCREENED - 1), "--keep")
    assert isinstance(result.exception, click.UsageError)
    assert toy.played == []


def test_parents_that_cannot_be_read_are_refused_before_the_search(toy, tmp_path):
    result = _command("--parents", str(tmp_path / "none.json"))
    assert isinstance(result.exception, InputError)
    assert toy.played == []


def test_parents_stand_in_the_provenance(toy):
    _command(*ENOUGH, "--keep")
    _command("--first", str(LEAST_SCREENED), "--later", "10", "--parents", str(toy.folder / "surviving_sets.json"), "--keep")
    told = read_surviving(toy.folder / "surviving_sets.json").provenance
    assert told["drawn"] == [LEAST_SCREENED, 10]
    assert told["earlier"]["drawn"] == [LEAST_SCREENED, 150]


def test_a_folder_that_cannot_be_written_is_refused_before_the_search(toy, monkeypatch):
    monkeypatch.setattr("analysis.calibrate.os.access", lambda *_: False)
    result = _command(*ENOUGH, "--keep")
    assert isinstance(result.exception, InputError)
    assert toy.played == []


def test_json_gives_the_table_and_the_provenance(toy):
    data = json.loads(_command(*ENOUGH, "--json").stdout)
    assert data["provenance"]["drawn"] == [LEAST_SCREENED, 150]
    assert data["identifiability"]["unselected_sets"] == LEAST_SCREENED
