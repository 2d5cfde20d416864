"""What failing means: an outcome beyond a bound, or one lever worse than another, on the average over seeds of a point."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.api import input_error, nearest

EXAMPLES = 'for example "kfor_hurt > 20" or "1.2 worse than baseline on kfor_hurt"'

COMPARED: Mapping[str, Callable[[np.ndarray, float], np.ndarray]] = {
    ">": lambda values, bound: values > bound,
    ">=": lambda values, bound: values >= bound,
    "<": lambda values, bound: values < bound,
    "<=": lambda values, bound: values <= bound,
}
BOUND = re.compile(r"\s*(?P<outcome>\S+?)\s*(?P<sign>>=|<=|>|<)\s*(?P<bound>\S+)\s*")
WORSE = re.compile(r"\s*(?P<lever>.+?)\s+(?P<side>worse|better)\s+than\s+(?P<against>.+?)\s+on\s+(?P<outcome>\S+)\s*")


@dataclass(frozen=True)
class Bound:
    """An outcome and where it must not (or must) lie: ``kfor_hurt > 20``."""

    outcome: str
    sign: str
    bound: float

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return where it is true; never where the outcome is unknown."""
        return np.asarray(COMPARED[self.sign](values, self.bound) & np.isfinite(values))

    def __str__(self) -> str:
        return f"{self.outcome} {self.sign} {self.bound:g}"


@dataclass(frozen=True)
class Worse:
    """One lever worse (or better) than another on an outcome."""

    outcome: str
    lever: str
    against: str
    side: str = "worse"

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return where it is true of *by how much the lever is worse*."""
        return np.asarray((values > 0.0 if self.side == "worse" else values < 0.0) & np.isfinite(values))

    def __str__(self) -> str:
        return f"{self.lever} {self.side} than {self.against} on {self.outcome}"


Fails = Bound | Worse


def bound_of(text: str, outcomes: Sequence[str], flag: str) -> Bound:
    """Return a bound as typed; InputError where it is none or names an unknown outcome."""
    told = BOUND.fullmatch(text)
    if told is None:
        raise input_error(f"{flag} {text}", "is no outcome with a bound", 'for example "kfor_hurt <= 20"')
    try:
        bound = float(told["bound"])
    except ValueError:
        bound = np.nan
    if not np.isfinite(bound):
        raise input_error(f"{flag} {text}", f"'{told['bound']}' is no number", 'for example "kfor_hurt <= 20"')
    return Bound(known(told["outcome"], outcomes, flag), told["sign"], bound)


def fails_of(text: str, outcomes: Sequence[str], levers: Sequence[str]) -> Fails:
    """Return what failing means as typed; InputError where it cannot be read or names what the sweep does not have."""
    told = WORSE.fullmatch(text)
    if told is None:
        if BOUND.fullmatch(text) is None:
            raise input_error(f"--fails {text}", "is neither a bound nor a comparison of levers", EXAMPLES)
        return bound_of(text, outcomes, "--fails")
    for name in (told["lever"], told["against"]):
        if name not in levers:
            raise input_error(f"--fails {text}", f"'{name}' is no lever of this sweep", nearest(name, levers))
    return Worse(known(told["outcome"], outcomes, "--fails"), told["lever"], told["against"], told["side"])


def known(name: str, outcomes: Sequence[str], flag: str) -> str:
    """Return an outcome that the sweep has; InputError with the nearest where it has not."""
    if name not in outcomes:
        raise input_error(f"{flag} {name}", "is no outcome of this sweep", nearest(name, outcomes))
    return name
