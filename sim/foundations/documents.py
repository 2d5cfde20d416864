"""Documents: YAML 1.2 files read safely, with the line of every value kept for complaints.

Tags, anchors and aliases are refused (no objects, no expansion bombs), as are duplicate keys, other versions of YAML, NaN,
infinities and files over 1 MiB. Dates stay text: the schema decides what they mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from sim.foundations.errors import InputError, Problem, input_error, nearest

LARGEST_BYTES = 1_048_576
DEEPEST = 30
LARGEST_WHOLE = 2**64
LONGEST_QUOTE = 60
_TAG = "tag:yaml.org,2002:"

type Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A parsed file: plain values, and the line on which each stands."""

    path: Path
    value: Any
    lines: Mapping[Path_, int] = field(repr=False)

    def where(self, field_path: Path_) -> str:
        """Return ``file:line:field`` for a value, or for the nearest thing around it that stands in the file."""
        known = field_path
        while known and known not in self.lines:
            known = known[:-1]
        dotted = ".".join(str(part) for part in field_path)
        return f"{self.path}:{self.lines.get(known, 1)}" + (f":{dotted}" if dotted else "")

    def problem(self, field_path: Path_, what: str, remedy: str = "") -> Problem:
        """Return a complaint about the value at *field_path*."""
        return Problem(self.where(field_path), what, remedy)


def read_text(path: Path, shown: Path | None = None) -> str:
    """Return the text of a file of at most 1 MiB in UTF-8; InputError, which names it as *shown*, otherwise."""
    shown = shown or path
    try:
        if path.is_dir():
            raise input_error(shown, "is a folder, not a file", "name the file in it")
        if path.stat().st_size > LARGEST_BYTES:
            raise input_error(shown, "is larger than 1 MiB", "split it; a scenario file has a few hundred lines")
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise input_error(shown, "there is no such file", "check the name; 'kforsim list' shows what is shipped") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise input_error(f"{shown}:{line}", "is not UTF-8 text", "save it as UTF-8") from None
    except (OSError, ValueError) as error:
        raise input_error(shown, f"cannot be read ({error})", "check the file and its permissions") from None


def _refuse_unsafe(path: Path, text: str, yaml: YAML) -> None:
    depth = 0
    for event in yaml.parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent) and event.version not in (None, (1, 2)):
            raise input_error(f"{path}:{line}", "asks for another version than YAML 1.2", "remove the %YAML line")
        if depth > DEEPEST:
            raise input_error(f"{path}:{line}", f"nested deeper than {DEEPEST} levels", "flatten it")
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise input_error(f"{path}:{line}", "anchors and aliases are not allowed", "write the value out")
        if getattr(event, "tag", None) is not None:
            raise input_error(f"{path}:{line}", f"tags are not allowed ({event.tag})", "remove the tag")


def _place(path: Path, node: Node, at: Path_) -> str:
    dotted = ".".join(str(part) for part in at)
    return f"{path}:{node.start_mark.line + 1}" + (f":{dotted}" if dotted else "")


def _text(path: Path, node: ScalarNode, at: Path_) -> str:
    text = str(node.value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise input_error(_place(path, node, at), "holds half a character (an escaped surrogate)", "remove it") from None
    return text


def _scalar(path: Path, node: ScalarNode, at: Path_) -> Any:
    text, kind = _text(path, node, at), str(node.tag).removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind not in ("int", "float"):
        return text
    try:
        number = _whole(text.replace("_", "")) if kind == "int" else float(text.replace("_", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise input_error(_place(path, node, at), f"{_quoted(text)} is not a finite number", "give a number")
    return number


def _whole(text: str) -> int | float:
    """Return the whole number that *text* spells in YAML 1.2 (``010`` is ten); NaN when no 64-bit word can hold it."""
    number = int(text) if text.lstrip("+-").isdigit() else int(text, 0)
    return number if abs(number) < LARGEST_WHOLE else math.nan


def _quoted(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}..."


def _plain(path: Path, node: Node, at: Path_, lines: dict[Path_, int]) -> Any:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, ScalarNode):
        return _scalar(path, node, at)
    if isinstance(node, SequenceNode):
        return [_plain(path, child, (*at, place), lines) for place, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)  # the three kinds of node that YAML has
    result: dict[str, Any] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, ScalarNode):
            raise input_error(_place(path, key_node, at), "a key must be a word", "quote it if it holds special characters")
        key = _text(path, key_node, at)
        if key in result:
            raise input_error(_place(path, key_node, (*at, key)), "stands twice", "keep one of the two")
        lines[(*at, key)] = key_node.start_mark.line + 1
        result[key] = _plain(path, child, (*at, key), lines)
    return result


def read_document(path: Path, root: Path | None = None) -> Document:
    """Return the parsed YAML file at *path*; complaints cite it relative to *root*. InputError when it cannot be used."""
    shown = path.relative_to(root) if root and path.is_relative_to(root) else path
    text = read_text(path, shown)
    yaml = YAML(typ="safe", pure=True)
    try:
        _refuse_unsafe(shown, text, yaml)
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"is not valid YAML ({error.problem})"
        raise input_error(f"{shown}:{line}", what, "check indentation and quotes") from None
    except AssertionError:  # how the parser meets %YAML 1.0 and 1.3
        raise input_error(f"{shown}:1", "asks for another version than YAML 1.2", "remove the %YAML line") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise input_error(f"{shown}:{line}", "holds a control character", "remove it; a text editor shows it") from None
    except (YAMLError, RecursionError) as error:
        raise input_error(shown, f"is not valid YAML ({error})", "check indentation and quotes") from None
    lines: dict[Path_, int] = {}
    value = None if node is None else _plain(shown, node, (), lines)
    if value is None:
        raise input_error(f"{shown}:1", "is empty", "see the shipped scenarios for an example")
    return Document(shown, value, lines)


def _fields_around(model: Any, location: Path_) -> tuple[str, ...]:
    """Return the field names known at the place of an unknown key: the schema walked along the error's path.

    A part that leads nowhere is only the label of one of several alternatives.
    """
    current: Any = model
    for part in location[:-1]:
        inner = _step_into(current, part)
        current = current if inner is None else inner
    fields = [choice for choice in _alternatives(current) if isinstance(choice, type) and issubclass(choice, BaseModel)]
    return tuple(name for choice in fields for name in choice.model_fields)


def _alternatives(kind: Any) -> tuple[Any, ...]:
    if isinstance(kind, TypeAliasType):
        return _alternatives(kind.__value__)
    if get_origin(kind) is Annotated:
        return _alternatives(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return tuple(inner for option in get_args(kind) for inner in _alternatives(option))
    return (kind,)


def _step_into(kind: Any, part: str | int) -> Any:
    for choice in _alternatives(kind):
        origin = get_origin(choice)
        if isinstance(choice, type) and issubclass(choice, BaseModel) and part in choice.model_fields:
            return choice.model_fields[str(part)].annotation
        if origin in (list, tuple) and isinstance(part, int):
            return get_args(choice)[0]
        if origin in (dict, Mapping):
            return get_args(choice)[1]
    return None


def validated[M: BaseModel](document: Document, model: type[M]) -> M:
    """Return *document* as a checked *model*; InputError with every complaint, each with file, line and field."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        raise InputError(_problem(document, model, item) for item in error.errors()) from None


def _problem(document: Document, model: type[BaseModel], item: Any) -> Problem:
    location = _in_file(document.value, item)
    if item["type"] == "extra_forbidden":
        return document.problem(location, "unknown key", nearest(str(location[-1]), _fields_around(model, item["loc"])))
    if item["type"] == "missing":
        return document.problem(location, "is missing", "add it")
    given = item.get("input")
    shown = f" (found {_quoted(given)})" if isinstance(given, str | int | float | bool | None) else ""
    if item["type"] in ("model_type", "dict_type"):
        return document.problem(location, "must hold fields, each on a line of its own as 'key: value'" + shown)
    return document.problem(location, item["msg"].removeprefix("Value error, ") + shown)


def _in_file(value: Any, item: Any) -> Path_:
    """Return the place of an error as it stands in the file: without the labels pydantic puts in for alternatives."""
    location: list[str | int] = []
    for part in item["loc"]:
        held = part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)
        if held:
            value = value[part]
            location.append(part)
    if item["type"] == "missing":
        location.append(item["loc"][-1])
    return tuple(location)
