"""Rules and kernels: scalar rules written once, run as plain Python or compiled.

``@rule`` marks a scalar function that a policy reader can check; called from Python it is plain Python, called from a
kernel it is compiled in. ``@kernel`` marks a loop over rows: it holds loops and no numbers. With the environment
variable ``KFORSIM_INTERPRETED=1`` kernels stay plain Python too (for debugging; about 800 times slower).

Both give the same bits, so rules use only ``+ - * /``, comparisons, ``floor``, ``sqrt`` and
:mod:`sim.foundations.arithmetic`; a test reads the syntax trees and refuses the rest.

The disk cache of compiled kernels is keyed by a digest of every source file that kernels can reach, because numba itself
does not notice a rule edited in another file. This is the only module that imports numba.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
import numpy as np
from numba.extending import overload, register_jitable

COMPILED_SOURCES = ("vocabulary.py", "foundations", "deterrence", "doctrine", "adjudication", "seats", "engine", "verification")
"""Files and folders under ``sim/`` that kernels and rules live in; a test checks that none is forgotten."""

KEPT_BUILDS = 6
WORD = 0xFFFF_FFFF_FFFF_FFFF

INTERPRETED = os.environ.get("KFORSIM_INTERPRETED", "") not in ("", "0")


def source_digest(root: Path, sources: tuple[str, ...] = COMPILED_SOURCES) -> str:
    """Return a digest of the named Python files below *root*, with the versions that shape compiled code."""
    digest = hashlib.sha256()
    for version in (numba.__version__, np.__version__, sys.version, platform.machine()):
        digest.update(version.encode())
    for name in sources:
        top = root / name
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _own_private(folder: Path) -> bool:
    """Tell whether only this user can have written to *folder*: cached builds are pickles."""
    if not hasattr(os, "getuid"):
        return True
    facts = folder.lstat()
    private = stat.S_ISDIR(facts.st_mode) and not facts.st_mode & 0o077
    return private and facts.st_uid == os.getuid()


def _prune(builds: Path, keep: str) -> None:
    """Remove all but the newest few builds; another process may be doing the same."""
    with contextlib.suppress(OSError):
        ages = sorted(((path.stat().st_mtime, path) for path in builds.iterdir() if path.name != keep), reverse=True)
        for _, path in ages[KEPT_BUILDS - 1 :]:
            shutil.rmtree(path, ignore_errors=True)


def cache_folder(root: Path, base: Path | None = None) -> Path | None:
    """Return the folder for this build's compiled kernels, or None where no private folder can be had."""
    digest = source_digest(root)
    try:
        builds = (base or _user_cache()) / "kforsim"
        builds.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = builds / digest
        folder.mkdir(mode=0o700, exist_ok=True)
        if _own_private(builds) and _own_private(folder) and os.access(folder, os.W_OK):
            _prune(builds, digest)
            return folder
    except (OSError, RuntimeError):
        pass
    try:
        temporary = Path(tempfile.mkdtemp(prefix="kforsim-"))
    except OSError:
        return None
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return temporary


_CACHE = None if INTERPRETED else cache_folder(Path(__file__).parents[1])
if _CACHE is not None:
    numba.config.CACHE_DIR = str(_CACHE)


def compiled_before() -> bool:
    """Return whether this build's kernels have been compiled on this machine, as far as the disk cache shows."""
    return _CACHE is not None and any(_CACHE.rglob("*.nbi"))


def rule[F: Callable[..., Any]](function: F) -> F:
    """Mark a scalar rule: plain Python here, compiled when a kernel calls it."""
    return cast(F, register_jitable(error_model="numpy")(function))


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Mark a loop over rows: compiled and cached, with the plain function as ``.py_func``."""
    if INTERPRETED:
        function.py_func = function  # type: ignore[attr-defined]  # the same handle as the compiled form has
        return function
    return cast(F, numba.njit(cache=_CACHE is not None, error_model="numpy", nogil=True)(function))


def interpreted[F: Callable[..., Any]](function: F) -> F:
    """Return the plain Python form of a kernel."""
    return cast(F, getattr(function, "py_func", function))


def word(number: int) -> int:
    """Return *number* as an unsigned 64-bit word: a masked Python int here, ``uint64`` when compiled."""
    return int(number) & WORD


@overload(word, jit_options={"error_model": "numpy"}, strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _compiled_word(number: Any) -> Callable[[Any], Any]:  # noqa: ARG001  # numba gives the argument's type
    return lambda number: np.uint64(number)  # noqa: PLW0108  # numba compiles a function, not a type
