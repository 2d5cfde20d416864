"""What the code declares of itself: submodels and their rules, changing state, agents, draws, published cases.

Read from the source files' syntax, not by running them, so that a description is quick and misses nothing: a rule is a function
marked ``@rule`` (or a public function of a submodel), its text what its docstring says before the list of parameters. A submodel
is a module of one of the rungs named in :data:`RUNGS`; its docstring says what it is, from which sources, and what is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SIM = ROOT / "sim"

RUNGS = ("doctrine", "deterrence", "adjudication", "actors", "seats", "engine")
"""Folders of :mod:`sim` whose modules are submodels, in the order in which they are told; of the engine only its compiled loops."""

_SECTION = re.compile(r"\n\s*\n(?=\w[\w ]*\n-{3,})")
_SOURCES = re.compile(r"\bSources?(?: of the \w+)?: ")
_LEFT_OUT = re.compile(r"\bNot\s+modelled(?: here)?: ")
_SENTENCE_ENDS = re.compile(r"\.(?:\s|$)")


@dataclass(frozen=True)
class Rule:
    """A rule in its own words; *compiled* where it is one that kernels call."""

    name: str
    text: str
    compiled: bool


@dataclass(frozen=True)
class Submodel:
    """A module of the model.

    Attributes
    ----------
    lead
        First sentence of its docstring.
    account
        Further paragraphs, without sources and what is left out.
    concept
        Name of the parameters' concept that it declares; empty where it declares none.
    """

    rung: str
    name: str
    file: str
    lead: str
    account: tuple[str, ...]
    sources: str
    not_modelled: str
    rules: tuple[Rule, ...]
    concept: str


@dataclass(frozen=True)
class Declared:
    """A class or function that the code declares, with its first sentence and the names of its fields."""

    name: str
    file: str
    text: str
    fields: tuple[str, ...] = ()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def as_markdown(text: str) -> str:
    """Return a docstring's text as markdown, in one line: roles and double backticks become code."""
    plain = re.sub(r":(?:mod|class|data|func|meth):`([^`]+)`", r"`\1`", text).replace("``", "`")
    return re.sub(r"\s+", " ", plain).strip()


def _head(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """Return a docstring up to its first list of parameters or attributes."""
    return _SECTION.split(ast.get_docstring(node) or "")[0]


def first_sentence(text: str) -> str:
    """Return a text up to its first full stop."""
    found = _SENTENCE_ENDS.search(text)
    return text[: found.start() + 1] if found else text


def _told(node: ast.FunctionDef) -> str:
    text = as_markdown(_head(node)).removeprefix("Return ").removeprefix("Yield ").removeprefix("Tell ").removeprefix("Give ")
    return text[:1].upper() + text[1:]


def _marks(node: ast.FunctionDef) -> set[str]:
    return {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}


def _rules(tree: ast.Module) -> Iterator[Rule]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) and not _is_about_files(node.name):
            yield Rule(node.name, _told(node), "rule" in _marks(node))


def _is_about_files(name: str) -> bool:
    """Tell whether a function is private, or reads and checks files: no rule of the model."""
    return name.startswith(("_", "load_")) or name.endswith("_problems")


def _concept(tree: ast.Module) -> str:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "Concept":
            return str(ast.literal_eval(node.value.args[0]))
    return ""


def _parted(docstring: str) -> tuple[list[str], str, str]:
    """Return a module's paragraphs without what they say of sources and of what is left out, and these two apart."""
    kept, sources, left_out = [], "", ""
    for paragraph in re.split(r"\n\s*\n", docstring):
        text = as_markdown(paragraph)
        if found := _LEFT_OUT.search(text):
            end = _SENTENCE_ENDS.search(text, found.end())
            stop = end.end() if end else len(text)
            left_out = text[found.end() : stop].strip()
            text = f"{text[: found.start()]}{text[stop:]}".strip()
        if found := _SOURCES.search(text):
            sources = text[found.end() :].strip()
            text = text[: found.start()].strip()
        if text:
            kept.append(text)
    return kept, sources, left_out


def _submodel(rung: str, path: Path) -> Submodel:
    tree = _tree(path)
    paragraphs, sources, left_out = _parted(ast.get_docstring(tree) or "")
    lead, account = (paragraphs[0], tuple(paragraphs[1:])) if paragraphs else ("", ())
    return Submodel(rung, path.stem, shown(path), lead, account, sources, left_out, tuple(_rules(tree)), _concept(tree))


def shown(path: Path) -> str:
    """Return a file as it is named in the project's folder."""
    return path.relative_to(ROOT).as_posix()


def submodels() -> tuple[Submodel, ...]:
    """Return every submodel, rung by rung."""
    paths = [(rung, path) for rung in RUNGS for path in sorted((SIM / rung).glob("*.py")) if path.stem != "__init__"]
    return tuple(_submodel(rung, path) for rung, path in paths if rung != "engine" or _is_compiled(_tree(path)))


def _is_compiled(tree: ast.Module) -> bool:
    return any({"rule", "kernel"} & _marks(node) for node in tree.body if isinstance(node, ast.FunctionDef))


def rung_lead(rung: str) -> str:
    """Return what a rung's own file says it is."""
    return as_markdown(ast.get_docstring(_tree(SIM / rung / "__init__.py")) or "")


def agents() -> tuple[Declared, ...]:
    """Return the kinds of Mesa agents, each with its first sentence, without those that are only the base of others."""
    return tuple(item for item in _classes("actors", lambda _node: True) if not item.file.endswith("/agent.py"))


def changing_state() -> tuple[Declared, ...]:
    """Return the plain classes of the engine that change in a run: its public dataclasses that are not frozen."""
    return tuple(_classes("engine", _is_changing))


def _is_changing(node: ast.ClassDef) -> bool:
    public = not node.name.startswith("_")
    return public and any(isinstance(mark, ast.Name) and mark.id == "dataclass" for mark in node.decorator_list)


def _classes(rung: str, wanted: Callable[[ast.ClassDef], bool]) -> Iterator[Declared]:
    for path in sorted((SIM / rung).glob("*.py")):
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef) and wanted(node):
                fields = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
                yield Declared(node.name, shown(path), as_markdown(_head(node)), tuple(fields))


@cache
def draw_sites() -> dict[str, Declared]:
    """Return where each purpose of chance is drawn: the function and its file, by the purpose's name."""
    found: dict[str, Declared] = {}
    for path in sorted(SIM.rglob("*.py")):
        if path.name != "chance.py" and "Purpose." in path.read_text("utf-8"):
            found |= _draws_in(path)
    return found


def _draws_in(path: Path) -> dict[str, Declared]:
    found = {}
    classes = [node for node in _tree(path).body if isinstance(node, ast.ClassDef)]
    blocks = [*_tree(path).body, *(inner for node in classes for inner in node.body)]
    for function in (node for node in blocks if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Purpose":
                found[node.attr] = Declared(function.name, shown(path), first_sentence(_told(function)))
    return found


def published_cases() -> tuple[Declared, ...]:
    """Return what ``kforsim verify`` plays: name of the case, and what it says of it."""
    path = SIM / "cli" / "verify.py"
    found = [node for node in _tree(path).body if isinstance(node, ast.FunctionDef) and _is_case(node)]
    return tuple(Declared(node.name, shown(path), as_markdown(_head(node))) for node in found)


def _is_case(node: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Call) and ast.unparse(mark.func) == "command.command" for mark in node.decorator_list)


def verification_tests() -> tuple[Declared, ...]:
    """Return the tests of exact laws and published models, file by file with each test's sentence; none where tests are not shipped."""
    found = []
    for path in sorted((ROOT / "tests" / "verification").glob("test_*.py")):
        names = [node.name for node in _tree(path).body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        sentences = tuple(name.removeprefix("test_").replace("_", " ") for name in names)
        found.append(Declared(path.stem, shown(path), as_markdown(_head(_tree(path))), sentences))
    return tuple(found)
