"""The shape of the code: the import ladder, the checkers, and what rules and kernels may be made of."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sim.foundations.rule import COMPILED_SOURCES

ROOT = Path(__file__).parents[1]
SIM = ROOT / "sim"
PACKAGES = ("sim", "analysis", "scenarios")

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
HEAVY = ("numba", "llvmlite", "mesa", "matplotlib", "numpy", "networkx", "pandas", "scipy")

EXACT_CALLS = {"float", "int", "bool", "abs", "min", "max", "range", "len", "word", "math.floor"}
ARITHMETIC_CALLS = {"math.sqrt", "math.frexp"}
ARRAY_CALLS = {f"np.{name}" for name in ("zeros", "empty", "ones", "full", "int8", "int32", "int64", "uint8", "uint64", "float64")}
ARRAY_METHODS = {"copy", "fill"}

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def _run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(cwd), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def _passes(*command: str) -> None:
    found = _run(*command)
    assert found.returncode == 0, found.stdout + found.stderr


def _sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _imported_packages(tree: ast.Module) -> set[str]:
    """Return the top-level packages that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _imported_names(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Return what each imported name stands for: its module and its name there."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _marked(tree: ast.Module, *marks: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the functions that carry one of the decorators *marks*, by name."""
    return {
        function.name: function
        for function in _functions(tree)
        if any(isinstance(decorator, ast.Name) and decorator.id in marks for decorator in function.decorator_list)
    }


def test_the_import_contract_holds():
    _passes("-c", LINT_IMPORTS, "--no-cache")


def test_the_import_contract_refuses_a_lower_rung_that_climbs(tmp_path):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    clock = tmp_path / "sim" / "foundations" / "clock.py"
    clock.write_text(clock.read_text("utf-8") + "\nimport sim.engine\n", "utf-8")
    found = _run("-c", LINT_IMPORTS, "--no-cache", cwd=tmp_path)
    assert found.returncode == 1
    assert "sim.foundations.clock -> sim.engine" in found.stdout


def test_ruff_finds_nothing_to_complain_about():
    _passes("-m", "ruff", "check", "--no-cache", ".")


def test_every_file_is_formatted():
    _passes("-m", "ruff", "format", "--no-cache", "--check", ".")


def test_types_hold_under_strict_checking():
    _passes("-m", "mypy")


@pytest.mark.parametrize(
    ("package", "allowed"),
    [("numba", {"sim/foundations/rule.py"}), ("mesa", {"sim/actors/agent.py", "sim/engine/model.py"})],
)
def test_only_the_named_files_import_the_package(package, allowed):
    importers = {_shown(path) for path in _sources(*PACKAGES) if package in _imported_packages(_tree(path))}
    assert importers <= allowed


def test_package_files_hold_a_docstring_and_no_imports():
    for path in _sources(*PACKAGES):
        if path.name == "__init__.py":
            tree = _tree(path)
            assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree)), _shown(path)
            assert ast.get_docstring(tree), _shown(path)


def test_no_file_is_longer_than_a_reader_bears():
    lengths = {_shown(path): len(path.read_text("utf-8").splitlines()) for path in _sources("sim", "analysis")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    too_long = {
        f"{_shown(path)}:{function.lineno} {function.name}": lines
        for path in _sources("sim", "analysis")
        for function in _functions(_tree(path))
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_every_rule_and_kernel_lies_where_the_compiled_cache_looks():
    outside = [
        _shown(path) for path in _sources(*PACKAGES) if _marked(_tree(path), "rule", "kernel") and not _is_compiled_source(_module(path))
    ]
    assert outside == []
    assert all((SIM / name).exists() for name in COMPILED_SOURCES)


def _is_compiled_source(module: str) -> bool:
    tops = {f"sim.{name.removesuffix('.py')}" for name in COMPILED_SOURCES}
    return any(module == top or module.startswith(f"{top}.") for top in tops)


def test_rules_and_kernels_take_names_only_from_where_the_compiled_cache_looks():
    outside = []
    for path in _sources("sim"):
        tree = _tree(path)
        imported = _imported_names(tree)
        for function in _marked(tree, "rule", "kernel").values():
            for node in ast.walk(function):
                module, _ = imported.get(node.id, ("", "")) if isinstance(node, ast.Name) else ("", "")
                if module.startswith("sim.") and not _is_compiled_source(module):
                    outside.append(f"{_shown(path)}:{node.lineno} {node.id} from {module}")
    assert outside == []


@cache
def _rules_by_module() -> dict[str, frozenset[str]]:
    return {_module(path): frozenset(_marked(_tree(path), "rule")) for path in _sources("sim")}


@cache
def _kernels_by_module() -> dict[str, frozenset[str]]:
    return {_module(path): frozenset(_marked(_tree(path), "kernel")) for path in _sources("sim")}


def _called(call: ast.Call, imported: dict[str, tuple[str, str]], here: str) -> tuple[str, str, str]:
    """Return how a call is written, and the module and name of the function it reaches as far as that can be told."""
    written = ast.unparse(call.func)
    if isinstance(call.func, ast.Name):
        return written, *imported.get(written, (here, written))
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        package, module = imported.get(call.func.value.id, ("", ""))
        return written, f"{package}.{module}", call.func.attr
    return written, "", ""


def inexact(tree: ast.Module, here: str, known: dict[str, frozenset[str]], mark: str) -> list[str]:
    """Return every call and operator in the rules (or kernels) of a module that may differ in its bits.

    *known* holds the functions that may be called besides the exact ones, by module.
    """
    allowed = set(EXACT_CALLS)
    if here == "sim.foundations.arithmetic":
        allowed |= ARITHMETIC_CALLS
    if mark == "kernel":
        allowed |= ARRAY_CALLS
    imported, found = _imported_names(tree), []
    for function in _marked(tree, mark).values():
        for node in (inner for statement in function.body for inner in ast.walk(statement)):
            if isinstance(node, ast.BinOp | ast.AugAssign) and _bends(node):
                found.append(f"{here}:{node.lineno} {ast.unparse(node)}")
            if isinstance(node, ast.Call):
                written, module, name = _called(node, imported, here)
                method = mark == "kernel" and isinstance(node.func, ast.Attribute) and node.func.attr in ARRAY_METHODS
                if not (written in allowed or method or name in known.get(module, ())):
                    found.append(f"{here}:{node.lineno} {written}(...)")
    return found


def _bends(node: ast.BinOp | ast.AugAssign) -> bool:
    operands = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    fraction = any(isinstance(operand, ast.Constant) and isinstance(operand.value, float) for operand in operands)
    return isinstance(node.op, ast.Pow | ast.MatMult) or (isinstance(node.op, ast.FloorDiv | ast.Mod) and fraction)


def test_rules_are_made_only_of_operations_with_the_same_bits_everywhere():
    known = _rules_by_module()
    assert [line for path in _sources("sim") for line in inexact(_tree(path), _module(path), known, "rule")] == []


def test_kernels_are_made_only_of_rules_loops_and_exact_operations():
    rules, kernels = _rules_by_module(), _kernels_by_module()
    known = {module: rules[module] | kernels[module] for module in rules}
    assert [line for path in _sources("sim") for line in inexact(_tree(path), _module(path), known, "kernel")] == []


@pytest.mark.parametrize(
    "expression",
    [
        "x ** 2",
        "x ** 0.5",
        "x // 0.5",
        "x % 1.0",
        "math.exp(x)",
        "math.log(x)",
        "math.pow(x, 2)",
        "math.tanh(x)",
        "math.sqrt(x)",
        "np.exp(x)",
        "numpy.sum(x)",
        "pow(x, 2)",
        "sum(x)",
        "round(x)",
        "helper(x)",
        "x.sum()",
        "elsewhere(x)",
    ],
)
def test_the_check_of_rules_refuses(expression):
    source = f"from sim.other import elsewhere\ndef helper(x):\n    return x\n@rule\ndef bad(x):\n    return {expression}\n"
    assert len(inexact(ast.parse(source), "sim.deterrence.x", {"sim.other": frozenset()}, "rule")) == 1
    assert len(inexact(ast.parse(source.replace("@rule", "@kernel")), "sim.engine.x", {}, "kernel")) == 1


@pytest.mark.parametrize(
    "expression", ["x * x / 2.0 - 1.0", "min(abs(x), 1.0)", "math.floor(x)", "here(x)", "there(x)", "other.there(x)", "n // 2 + n % 3"]
)
def test_the_check_of_rules_accepts(expression):
    imports = "from sim import other\nfrom sim.other import there\n"
    source = f"{imports}@rule\ndef here(x):\n    return x\n@rule\ndef good(x):\n    return {expression}\n"
    known = {"sim.other": frozenset({"there"}), "sim.deterrence.x": frozenset({"here", "good"})}
    assert inexact(ast.parse(source), "sim.deterrence.x", known, "rule") == []


def test_the_command_starts_without_the_heavy_packages():
    code = f"import sys, sim.cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = _run("-c", code)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "[]"


def _block_after(marker: str) -> str:
    found = re.search(rf"<!-- {marker} -->\s*```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found, f"README.md has no fenced block after <!-- {marker} -->"
    return found[1]


def test_the_readme_gives_the_commands_that_install_run_and_test():
    assert "needs Python 3.12" in _block_after("run-command")
    assert "-m venv" in _block_after("run-command")
    assert "kforsim run" in _block_after("run-command")
    assert "needs Python 3.12" in _block_after("test-command")
    assert "-m venv" in _block_after("test-command")
    assert "-m pytest" in _block_after("test-command")


def test_the_automatic_check_runs_the_readmes_test_command_and_demands_a_browser():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text("utf-8")
    assert "<!-- test-command -->" in text
    assert "KFORSIM_REQUIRE_BROWSER=1" in text
    assert "pytest" not in text
