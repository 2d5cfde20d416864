"""Files of options read and held against each other: parts that exist, levers set once, a reason wherever there is no path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import InputError, Problem
from sim.foundations.figures import refuse, unknown_problem
from sim.scenario.option_schema import WHOLES, OptionChange, OptionFile
from sim.scenario.shipped import SHIPPED

OPTIONS = SHIPPED / "options"


@dataclass(frozen=True)
class OptionRead:
    """A file of an option, with its lines."""

    document: Document
    file: OptionFile


def option_names(folder: Path = OPTIONS) -> list[str]:
    """Return the ids of the options in a folder; a file's name is the id of its option."""
    return [path.stem for path in sorted(folder.glob("*.yaml"))]


def read_option(path: Path) -> OptionRead:
    """Return the checked file of one option, taken by itself; InputError with file, line and field otherwise."""
    document = read_document(path, path.parent.parent)
    read = OptionRead(document, validated(document, OptionFile))
    refuse([*_own_problems(read)])
    return read


def read_options(folder: Path = OPTIONS) -> dict[str, OptionRead]:
    """Return every option in a folder by id, each package held against its parts; InputError with every complaint."""
    found: dict[str, OptionRead] = {}
    problems: list[Problem] = []
    for name in option_names(folder):
        try:
            found[name] = read_option(folder / f"{name}.yaml")
        except InputError as error:
            problems += error.problems
    refuse(problems)
    for name in found:
        problems += package_problems(name, found)
    refuse(problems)
    return found


def _own_problems(read: OptionRead) -> Iterator[Problem]:
    document, changes = read.document, read.file.changes
    for (first, one), (second, other) in combinations(enumerate(changes), 2):
        if one.setting == other.setting and (shared := _shared(one, other)):
            at = ("changes", second, "setting")
            what = f"{other.setting} is set already for {', '.join(shared)} by change {first + 1}"
            yield document.problem(at, what, "keep one of the two")
    if read.file.kind not in ("package", "baseline"):
        yield from _path_problems(read)


def _path_problems(read: OptionRead) -> Iterator[Problem]:
    """Give the scenarios for which an option neither says what it changes nor why it has no path, or says both."""
    with_path = {name for change in read.file.changes for name in change.where}
    for name in WHOLES:
        if name not in with_path and name not in read.file.no_path:
            what = f"does not say why there is no path in {name}"
            yield read.document.problem(("no_path",), what, f"add '{name}: the reason', or a change with a path there")
        if name in with_path and name in read.file.no_path:
            yield read.document.problem(("no_path", name), "has a path there by a change", "remove one of the two")


def package_problems(name: str, found: Mapping[str, OptionRead]) -> list[Problem]:
    """Return what is wrong with the parts and the budget of one option among others."""
    read = found[name]
    document, problems = read.document, []
    for place, part in enumerate(read.file.parts):
        problems += unknown_problem(document, ("parts", place), "option", part, found)
    if read.file.equal_budget is not None:
        problems += unknown_problem(document, ("equal_budget",), "option", read.file.equal_budget, found)
    if problems:
        return problems
    if name in _below(name, found):
        return [document.problem(("parts",), "contains itself", "name options of which it is made")]
    return [*_clashes(name, found)]


def _below(name: str, found: Mapping[str, OptionRead]) -> set[str]:
    """Return every option that is a part of a package, or a part of a part."""
    reached: set[str] = set()
    waiting = list(found[name].file.parts)
    while waiting:
        part = waiting.pop()
        if part not in reached and part in found:
            reached.add(part)
            waiting += found[part].file.parts
    return reached


def _clashes(name: str, found: Mapping[str, OptionRead]) -> Iterator[Problem]:
    """Give parts of a package that set one lever differently in one scenario."""
    levers = [(part, change) for part in sorted({name, *_below(name, found)}) for change in found[part].file.changes]
    for (one, this), (other, that) in combinations(levers, 2):
        if this.setting == that.setting and this.to != that.to and (shared := _shared(this, that)):
            what = f"'{one}' sets {this.setting} to {this.to} and '{other}' to {that.to} in {', '.join(shared)}"
            yield found[name].document.problem(("parts",), what, "drop one of the two")


def _shared(one: OptionChange, other: OptionChange) -> list[str]:
    return [scenario for scenario in one.where if scenario in other.where]
