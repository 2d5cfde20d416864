"""YAML 1.2 is read as written, nothing in a file can run or swell, and every complaint says where."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from sim.foundations.documents import DEEPEST, LARGEST_BYTES, read_document, validated
from sim.foundations.errors import InputError, Problem, nearest

MARKS = ["a", "b: ", "? ", "- ", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "#", "'", '"', "|", ">", "%", "@", "`", " "]
NUMBERS = ["1", "_", "0x", "0o", "0b", "-", "+", ".", "1e3", ".inf", "~", "<<", "="]
DANGERS = ["&a", "*a", "!", "!!int ", "%YAML 1.1\n", "%TAG ! x\n", "---", "...", "\\", '"\\uD800"', "\x85", "\ufeff", "\r", "\0"]
PIECES = MARKS + NUMBERS + DANGERS


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Push(Strict):
    kind: Literal["push"]
    strength: float


class Wait(Strict):
    kind: Literal["wait"]
    patience_min: float


class Force(Strict):
    strength: int
    training: float = Field(ge=0.0, le=1.0)


class Scenario(Strict):
    name: str
    forces: dict[str, Force] = {}
    orders: list[Annotated[Push | Wait, Field(discriminator="kind")]] = []
    either: int | list[str] = 0


@pytest.fixture
def read(tmp_path):
    def reader(text: str | bytes):
        path = tmp_path / "scenario.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_document(path, tmp_path)

    return reader


@pytest.fixture
def refused(read):
    def reader(text: str | bytes, model: type[BaseModel] | None = None) -> str:
        with pytest.raises(InputError) as caught:
            document = read(text)
            if model:
                validated(document, model)
        for problem in caught.value.problems:
            assert "\n" not in str(problem)
            assert re.match(r"scenario\.yaml:\d+(:\S+)?$", problem.where), problem
        return str(caught.value)

    return reader


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("010", 10),
        ("-010", -10),
        ("0_10", 10),
        ("0", 0),
        ("00", 0),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", 1000),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("1e3", 1000.0),
        ("1.5e-3", 0.0015),
        (".5", 0.5),
        ("2023-05-29", "2023-05-29"),
        ("2023-05-29T09:00:00", "2023-05-29T09:00:00"),
        ("~", None),
        ("null", None),
        ("'no'", "no"),
        ('"12"', "12"),
        ("Zvečan", "Zvečan"),
        ("=", "="),
        ("{}", {}),
        ("[]", []),
    ],
)
def test_a_value_is_read_by_yaml_1_2(read, text, value):
    found = read(f"key: {text}\n").value["key"]
    assert found == value
    assert type(found) is type(value)


def test_a_merge_key_is_only_a_key(read):
    assert read("<<: {a: 1}\nb: 2\n").value == {"<<": {"a": 1}, "b": 2}


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(read):
    document = read(b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: 2\r\n")
    assert document.value == {"a": 1, "b": {"c": 2}}
    assert document.where(("b", "c")) == "scenario.yaml:3:b.c"


@pytest.mark.parametrize("text", ["!!python/object/apply:os.system ['true']", "!!str 5", "!own 5", '! "5"', "!!set {x}"])
def test_tags_are_refused(refused, text):
    assert refused(f"a: 1\nb: {text}\n").startswith("scenario.yaml:2: tags are not allowed")


@pytest.mark.parametrize("text", ["a: &x 1\n", "a: &x [1]\nb: *x\n", "a: &x {b: 1}\nc:\n  <<: *x\n"])
def test_anchors_are_refused(refused, text):
    assert refused(text).startswith("scenario.yaml:1: anchors and aliases are not allowed")


def test_a_billion_laughs_is_refused_before_it_swells(refused):
    levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 10)]
    assert "anchors" in refused("\n".join(["l0: &l0 [lol]", *levels]) + "\n")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: 1\nb: 2\na: 3\n", "scenario.yaml:3:a"),
        ("x:\n  a: 1\n  a: 2\n", "scenario.yaml:3:x.a"),
        ("a: 1\n'a': 2\n", "scenario.yaml:2:a"),
        ("x: [{a: 1}, {a: 1, a: 2}]\n", "scenario.yaml:1:x.1.a"),
    ],
)
def test_a_key_that_stands_twice_is_refused(refused, text, where):
    assert refused(text) == f"{where}: stands twice; keep one of the two"


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.inf", "+.INF", "1e400", "-1e999"])
def test_a_number_that_is_not_finite_is_refused(refused, text):
    assert refused(f"a:\n  b: {text}\n") == f"scenario.yaml:2:a.b: '{text}' is not a finite number; give a number"


@pytest.mark.parametrize("text", ["-_", "+_", "0o_", "0b_", "9" * 20, "-" + "9" * 400, "9" * 5000])
def test_a_whole_number_that_spells_nothing_or_fits_no_word_is_refused(refused, text):
    said = refused(f"a: {text}\n")
    assert said.startswith("scenario.yaml:1:a: ")
    assert len(said) < 200


def test_the_largest_words_are_read_exactly(read):
    assert read(f"a: {2**64 - 1}\nb: {-(2**63)}\n").value == {"a": 2**64 - 1, "b": -(2**63)}


@pytest.mark.parametrize("version", ["1.1", "1.0", "1.3", "3.0"])
def test_a_file_cannot_ask_for_another_version_of_yaml(refused, version):
    assert "version" in refused(f"%YAML {version}\n---\na: no\n")


def test_a_file_may_say_that_it_is_yaml_1_2(read):
    assert read("%YAML 1.2\n---\na: no\n").value == {"a": "no"}


def test_one_mebibyte_is_read_and_one_byte_more_is_refused(read, tmp_path):
    frame = len(b"a: \n")
    assert len(read(b"a: " + b"x" * (LARGEST_BYTES - frame) + b"\n").value["a"]) == LARGEST_BYTES - frame
    with pytest.raises(InputError, match=r"^scenario\.yaml: is larger than 1 MiB"):
        read(b"a: " + b"x" * (LARGEST_BYTES - frame + 1) + b"\n")


def test_thirty_levels_are_read_and_one_more_is_refused(read, refused):
    assert read("[" * DEEPEST + "]" * DEEPEST).value
    assert "nested deeper than 30 levels" in refused("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))


def test_absurd_depth_is_refused_and_does_not_exhaust_the_stack(refused):
    assert "nested deeper" in refused("[" * 200_000)
    assert refused("".join("  " * level + "k:\n" for level in range(500))).startswith("scenario.yaml:31: nested deeper")


def test_binary_garbage_is_refused_with_its_line(refused):
    assert refused(bytes(range(32, 127)) + b"\n\xff\xfe") == "scenario.yaml:2: is not UTF-8 text; save it as UTF-8"
    assert "UTF-8" in refused("a: 1\n".encode("utf-16"))
    assert "UTF-8" in refused(bytes(range(256)))


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b"])
def test_control_characters_are_refused_with_their_line(refused, character):
    assert refused(f"a: 1\nb: {character}\n").startswith("scenario.yaml:2: holds a control character")


@pytest.mark.parametrize("text", ['a: 1\nb: "\\uD800"\n', 'a: 1\n"\\uDFFF": 2\n'])
def test_half_a_character_is_refused_because_no_report_could_print_it(refused, text):
    assert "holds half a character" in refused(text)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_it_is_read_or_refused_but_never_crashes(tmp_path, text):
    path = tmp_path / "scenario.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(InputError):
        assert read_document(path).value is not None


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null\n", "--- ~\n"])
def test_an_empty_file_is_refused(refused, text):
    assert refused(text) == "scenario.yaml:1: is empty; see the shipped scenarios for an example"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n  b: 2\n", 2), ("a:\n\tb: 1\n", 2), ("a: 1\n]\n", 2), ("a: [1\nb: 2\n", 2), ("a: 1\n---\nb: 2\n", 2), ("a: @x\n", 1)],
)
def test_broken_yaml_is_refused_with_its_line(refused, text, line):
    assert refused(text).startswith(f"scenario.yaml:{line}: is not valid YAML")


@pytest.mark.parametrize("text", ["? [a, b]\n: 1\n", "{[a]: 1}\n", "x:\n  ? {a: 1}\n  : 2\n"])
def test_a_key_that_is_no_word_is_refused(refused, text):
    assert "a key must be a word" in refused(text)


def test_a_folder_is_refused_and_the_message_says_what_to_name(tmp_path):
    with pytest.raises(InputError, match="is a folder, not a file; name the file in it"):
        read_document(tmp_path)


def test_a_missing_file_is_refused_and_the_message_says_where_to_look(tmp_path):
    with pytest.raises(InputError, match=r"missing\.yaml: there is no such file; check the name; 'kforsim list'"):
        read_document(tmp_path / "missing.yaml")


def test_a_name_no_file_can_have_is_bad_input_and_no_crash():
    with pytest.raises(InputError, match="cannot be read"):
        read_document(Path("a\0b"))


def test_where_cites_the_line_of_a_value_or_of_the_nearest_thing_around_it(read):
    document = read("# first\nforces:\n  kfor:\n    strength: 90\n  list:\n    - 1\n    - 2\n")
    assert document.where(("forces", "kfor", "strength")) == "scenario.yaml:4:forces.kfor.strength"
    assert document.where(("forces", "list", 1)) == "scenario.yaml:7:forces.list.1"
    assert document.where(("forces", "kfor", "training")) == "scenario.yaml:3:forces.kfor.training"
    assert document.where(()) == "scenario.yaml:2"
    assert document.problem(("forces",), "is odd", "mend it") == Problem("scenario.yaml:2:forces", "is odd", "mend it")


def test_a_good_file_becomes_its_model(read):
    text = "name: a\nforces: {kfor: {strength: 90, training: 0.5}}\norders:\n  - {kind: wait, patience_min: 180}\neither: [x]\n"
    scenario = validated(read(text), Scenario)
    assert scenario.forces["kfor"].strength == 90
    assert scenario.orders == [Wait(kind="wait", patience_min=180.0)]
    assert scenario.either == ["x"]


def test_an_unknown_key_is_refused_with_the_nearest_known_one(refused):
    said = refused("name: x\nforces:\n  kfor:\n    strenght: 3\n    strength: 3\n    training: 0\n", Scenario)
    assert said == "scenario.yaml:4:forces.kfor.strenght: unknown key; did you mean 'strength'?"


def test_an_unknown_key_near_to_nothing_is_refused_with_the_known_ones(refused):
    assert refused("name: x\nzzz: 1\n", Scenario) == "scenario.yaml:2:zzz: unknown key; known: either, forces, name, orders"


def test_among_alternatives_the_place_is_the_files_and_not_the_checkers(refused):
    said = refused("name: x\norders:\n  - kind: push\n    strenght: 1\n    strength: 2\n", Scenario)
    assert said == "scenario.yaml:4:orders.0.strenght: unknown key; did you mean 'strength'?"
    assert refused("name: x\norders:\n  - kind: push\n", Scenario).startswith("scenario.yaml:3:orders.0.strength: is missing")
    assert refused("name: x\norders:\n  - kind: shove\n", Scenario).startswith("scenario.yaml:3:orders.0: ")
    assert refused("name: x\neither: [y, 2]\n", Scenario).splitlines()[-1].startswith("scenario.yaml:2:either.1: ")


def test_a_missing_key_is_named_where_it_should_stand(refused):
    said = refused("name: x\nforces:\n  kfor:\n    strength: 3\n", Scenario)
    assert said == "scenario.yaml:3:forces.kfor.training: is missing; add it"


def test_a_value_of_the_wrong_type_is_shown(refused):
    said = refused("name: x\nforces:\n  kfor:\n    strength: many\n    training: 0.5\n", Scenario)
    assert said.startswith("scenario.yaml:4:forces.kfor.strength: ")
    assert "(found 'many')" in said


def test_a_value_out_of_bounds_is_shown(refused):
    said = refused("name: x\nforces: {kfor: {strength: 3, training: 1.5}}\n", Scenario)
    assert said.startswith("scenario.yaml:2:forces.kfor.training: ")
    assert "(found 1.5)" in said


def test_a_long_value_is_cut_short_in_the_complaint(refused):
    assert len(refused("name: x\neither: " + "y" * 5000 + "\n", Scenario).splitlines()[0]) < 250


@pytest.mark.parametrize("text", ["- a\n- b\n", "hello\n", "7\n"])
def test_a_file_that_holds_no_fields_is_refused_in_plain_words(refused, text):
    assert "must hold fields, each on a line of its own as 'key: value'" in refused(text, Scenario)


def test_every_complaint_is_made_at_once(refused):
    said = refused("nam: x\nforces:\n  kfor: {strength: many}\nzzz: 1\n", Scenario)
    assert len(said.splitlines()) == 5


def test_nearest_lists_what_is_known_when_nothing_is_near():
    assert nearest("xyz", ["alpha", "beta"]) == "known: alpha, beta"
    assert nearest("alpa", ["alpha", "beta"]) == "did you mean 'alpha'?"
    assert nearest("x", []) == "known: nothing"
