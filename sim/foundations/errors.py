"""Errors a user can act on: what is wrong, where it stands, and what to do.

An :class:`InputError` is the user's to mend (exit code 2, no traceback). Anything else is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One complaint about an input.

    Attributes
    ----------
    where
        ``file:line:field`` or the option's name.
    what
        What is wrong, in one clause.
    remedy
        What to do about it; empty where the complaint says it already.
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return ``where: what; remedy``."""
        return f"{self.where}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")


class InputError(Exception):
    """Input that cannot be used; carries every :class:`Problem` found, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def input_error(where: object, what: str, remedy: str = "") -> InputError:
    """Return an :class:`InputError` with one problem."""
    return InputError(Problem(str(where), what, remedy))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the known word nearest to *word*, or lists what is known."""
    choices = sorted(known)
    close = get_close_matches(word, choices, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    return "known: " + (", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "") or "nothing")
