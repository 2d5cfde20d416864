"""What ``kforsim schema`` prints and writes."""

from __future__ import annotations

import json
import re

import pytest

from sim.scenario.exported_schema import FILES


def test_the_scenario_is_the_default(kforsim):
    code, out, _ = kforsim("schema")
    assert code == 0
    assert out == kforsim("schema", "scenario")[1]
    told = json.loads(out)
    assert told["title"] == "kforsim: scenario.yaml"
    assert told["$defs"]["ScenarioFile"]["properties"]["seats"]["minProperties"] == 1


@pytest.mark.parametrize("name", FILES)
def test_every_schema_is_json_that_refuses_unknown_keys(kforsim, name):
    code, out, _ = kforsim("schema", name)
    told = json.loads(out)
    assert code == 0
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    models = [told] if "properties" in told else [told["$defs"][told[branch]["$ref"].rpartition("/")[2]] for branch in ("then", "else")]
    assert all(model["additionalProperties"] is False for model in models)


def test_a_scenario_with_part_of_is_checked_as_a_part(kforsim):
    told = json.loads(kforsim("schema")[1])
    assert told["if"] == {"required": ["part_of"]}
    assert (told["then"], told["else"]) == ({"$ref": "#/$defs/PartFile"}, {"$ref": "#/$defs/ScenarioFile"})


def test_help_names_every_kind_of_file(kforsim):
    words = re.findall(r"\w+", kforsim("schema", "--help")[1])
    assert [name for name in FILES if name not in words] == []


def test_an_unknown_name_gets_the_nearest(refused):
    assert "there is no schema 'mandat'; did you mean 'mandate'?" in refused("schema", "mandat")


def test_all_are_written_to_a_folder_and_nothing_else(kforsim, tmp_path):
    code, out, _ = kforsim("schema", "--out", tmp_path / "new" / "schemas")
    assert code == 0
    assert f"{len(FILES) + 1} schemas" in out
    folder = tmp_path / "new" / "schemas"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.schema.json" for name in (*FILES, "study"))
    assert (folder / "mandate.schema.json").read_text("utf-8") == kforsim("schema", "mandate")[1]


def test_one_is_written_where_others_lie_untouched(kforsim, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "doctrine.schema.json").write_text("old")
    assert kforsim("schema", "doctrine", "--out", tmp_path)[0] == 0
    assert json.loads((tmp_path / "doctrine.schema.json").read_text("utf-8"))["title"] == "kforsim: doctrine/<name>.yaml"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doctrine.schema.json", "notes.txt"]


def test_a_file_in_the_way_is_named(refused, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused("schema", "--out", tmp_path / "file")
    assert (tmp_path / "file").read_text() == ""


def test_a_disk_that_fills_up_leaves_the_old_schemas(refused, tmp_path, monkeypatch):
    (tmp_path / "scenario.schema.json").write_text("old")

    def full(self, *arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    assert "No space left on device" in refused("schema", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.schema.json"]
    assert (tmp_path / "scenario.schema.json").read_text() == "old"


def test_help_says_how_a_file_names_its_schema(kforsim):
    assert "# yaml-language-server: $schema=" in kforsim("schema", "--help")[1]
