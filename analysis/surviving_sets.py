"""Surviving parameter sets: sets that the patterns do not rule out, kept as data with their provenance.

"Not ruled out" is all that is claimed: no weights, no likelihood. A scenario that is a part of another has the whole's sets.
Beside each set stand the values of *dummies*, numbers that no rule reads and that went through the search with it: what the
search does to them it may have done to any parameter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.api import input_error, read_text

FILE = "surviving_sets.json"


@dataclass(frozen=True)
class SurvivingSets:
    """Parameter sets and where they come from.

    Attributes
    ----------
    dummies
        For each set the values of the dummies, in 0 to 1; empty where the search had none.
    """

    provenance: Mapping[str, object]
    names: tuple[str, ...]
    sets: tuple[tuple[float, ...], ...]
    dummies: tuple[tuple[float, ...], ...] = ()

    def values(self, place: int) -> dict[str, float]:
        """Return one set as values by parameter name."""
        return dict(zip(self.names, self.sets[place], strict=True))


def read_surviving(path: Path) -> SurvivingSets:
    """Return the parameter sets of a file; InputError when there are none or they cannot be read."""
    try:
        kept = json.loads(read_text(path))
        dummies = tuple(tuple(row) for row in kept.get("dummies", []))
        sets = SurvivingSets(kept["provenance"], tuple(kept["parameters"]), tuple(tuple(row) for row in kept["sets"]), dummies)
        whole = all(len(row) == len(sets.names) for row in sets.sets) and len(dummies) in (0, len(sets.sets))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise input_error(path, f"is no table of parameter sets ({error})", "make it with 'kforsim calibrate'") from None
    if not whole:
        raise input_error(path, "is no table of parameter sets (rows of unequal length)", "make it with 'kforsim calibrate'")
    return sets


def as_text(sets: SurvivingSets) -> str:
    """Return the sets as JSON, one set a line."""
    parts = {"provenance": sets.provenance, "parameters": sets.names}
    head = [f'"{name}": {json.dumps(value)}' for name, value in parts.items()]
    tables = {"sets": sets.sets, "dummies": sets.dummies}
    rows = {name: ",\n  ".join(json.dumps(row) for row in table) for name, table in tables.items()}
    return "{\n " + ",\n ".join([*head, *(f'"{name}": [\n  {text}\n ]' for name, text in rows.items())]) + "\n}\n"
