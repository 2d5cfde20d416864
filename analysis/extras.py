"""Extras: libraries that only some studies need, imported when they are needed, and how to install one that is missing."""

from __future__ import annotations

import importlib
from typing import Any

from sim.api import input_error

PACKAGE = "kfor-wargame"


def needed(module: str, extra: str) -> Any:
    """Return an optional module; InputError with the one line that installs it where it is missing.

    Parameters
    ----------
    module
        Its full name, such as ``scipy.stats.qmc``.
    extra
        The extra of this package that brings it, such as ``analysis``.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != top:
            raise
        raise input_error(f"library {top}", "is not installed", f"install it with: pip install '{PACKAGE}[{extra}]'") from None
