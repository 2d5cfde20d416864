"""A posterior as a file: weighted particles with their provenance and checks, and whether a person accepted it.

A particle is a whole parameter set: the inferred parameters, and all others as they were drawn for its run. The file never
changes a scenario's parameters: runs and studies draw from it when they are told to. Acceptance is a file beside it, with
who, why, when, and the digest of what was accepted; it ends with the first change of the posterior.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sim.api import input_error

FORMAT = 1
FILE = "posterior.json"
NOT_ACCEPTED = "not accepted"
MAKE_IT = "make it with 'kforsim calibrate SCENARIO --method abc_smc --out FOLDER'"


@dataclass(frozen=True)
class Posterior:
    """Weighted parameter sets, where they come from, and what is known of them.

    Attributes
    ----------
    names, particles, weights
        Inferred parameters; one row a particle; weights with sum 1.
    other_names, others, other_of
        All other parameters that were varied: rows of their values, and which row each particle has.
    parameters
        By inferred parameter: quantiles before and after, contraction, verdict.
    checks
        Prior predictive, left-out events, simulation-based calibration, as data.
    digest
        Of the file; empty for one that is not on disk.
    standing
        "accepted by ... on ...: ...", or "not accepted" and why.
    """

    provenance: Mapping[str, Any]
    names: tuple[str, ...]
    particles: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    other_names: tuple[str, ...]
    others: tuple[tuple[float, ...], ...]
    other_of: tuple[int, ...]
    parameters: tuple[Mapping[str, Any], ...]
    checks: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    standing: str = NOT_ACCEPTED

    def __len__(self) -> int:
        """Return the number of particles."""
        return len(self.particles)

    @property
    def accepted(self) -> bool:
        """Whether a person accepted it as it is."""
        return not self.standing.startswith(NOT_ACCEPTED)

    def values(self, place: int) -> dict[str, float]:
        """Return one particle as parameter values by name, the others included."""
        others = zip(self.other_names, self.others[self.other_of[place]], strict=True)
        return {**dict(others), **dict(zip(self.names, self.particles[place], strict=True))}

    def draw(self, count: int, rng: np.random.Generator) -> list[dict[str, float]]:
        """Return parameter sets drawn by weight, spread evenly over the particles (systematic), in a shuffled order."""
        ends = np.cumsum(self.weights)
        places = np.searchsorted(ends / ends[-1], (np.arange(count) + rng.random()) / max(count, 1), side="right")
        return [self.values(int(place)) for place in rng.permutation(np.minimum(places, len(self) - 1))]


def as_text(posterior: Posterior) -> str:
    """Return a posterior as JSON, one particle a line."""
    head = {
        "format": FORMAT,
        "provenance": posterior.provenance,
        "names": posterior.names,
        "other_names": posterior.other_names,
        "other_of": posterior.other_of,
        "weights": posterior.weights,
        "parameters": posterior.parameters,
        "checks": posterior.checks,
    }
    fields = [f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in head.items()]
    tables = {"particles": posterior.particles, "others": posterior.others}
    rows = {name: ",\n  ".join(json.dumps(row) for row in table) for name, table in tables.items()}
    return "{\n " + ",\n ".join([*fields, *(f'"{name}": [\n  {text}\n ]' for name, text in rows.items())]) + "\n}\n"


def read_posterior(path: Path | str) -> Posterior:
    """Return the posterior of a file, with its standing; InputError when it cannot be read or does not hold together."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise input_error(path, f"cannot be read ({error.strerror})", MAKE_IT) from None
    try:
        kept = json.loads(raw)
        if kept["format"] != FORMAT:
            raise ValueError(f"format {kept['format']}, not {FORMAT}")
        tables = {name: tuple(tuple(map(float, row)) for row in kept[name]) for name in ("particles", "others")}
        digest = sha256(raw).hexdigest()
        posterior = Posterior(
            kept["provenance"],
            tuple(kept["names"]),
            tables["particles"],
            tuple(map(float, kept["weights"])),
            tuple(kept["other_names"]),
            tables["others"],
            tuple(map(int, kept["other_of"])),
            tuple(kept["parameters"]),
            kept["checks"],
            digest,
            standing_of(path, digest),
        )
        _hold_together(posterior)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise input_error(path, f"is no posterior ({error})", MAKE_IT) from None
    return posterior


def _hold_together(posterior: Posterior) -> None:
    """ValueError where rows, weights and names do not fit one another."""
    fits = (
        all(len(row) == len(posterior.names) for row in posterior.particles)
        and all(len(row) == len(posterior.other_names) for row in posterior.others)
        and len(posterior.particles) == len(posterior.weights) == len(posterior.other_of) > 0
        and all(0 <= place < len(posterior.others) for place in posterior.other_of)
    )
    if not fits:
        raise ValueError("rows of unequal length, or none")
    numbers = np.array([value for row in posterior.particles for value in row])
    if min(posterior.weights) < 0 or not abs(sum(posterior.weights) - 1.0) < 1e-6 or not np.isfinite(numbers).all():
        raise ValueError("weights do not add up to 1, or a value is no number")


def acceptance_path(path: Path) -> Path:
    """Return where the acceptance of a posterior is kept: beside it."""
    return path.with_suffix(".accepted.json")


def standing_of(path: Path, digest: str) -> str:
    """Return whether the file with this digest was accepted, by whom and why, in one line."""
    beside = acceptance_path(path)
    if not beside.is_file():
        return NOT_ACCEPTED
    try:
        told = json.loads(beside.read_text("utf-8"))
        same, line = told["digest"] == digest, f"accepted by {told['by']} on {told['date']}: {told['because']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{NOT_ACCEPTED} ({beside.name} cannot be read)"
    return line if same else f"{NOT_ACCEPTED} (the file has changed since it was accepted)"


def accept(path: Path, by: str, because: str) -> Path:
    """Write beside a posterior that a person accepts it as it is; InputError where it stands accepted, or no name or reason is given."""
    posterior, by, because = read_posterior(path), by.strip(), because.strip()
    if not by or not because:
        raise input_error("--by" if not by else "--because", "is empty", "say who accepts, and why")
    if posterior.accepted:
        raise input_error(path, f"is {posterior.standing}", f"remove {acceptance_path(path).name} to accept it anew")
    told = {"file": path.name, "digest": posterior.digest, "by": by, "because": because, "date": datetime.now(UTC).date().isoformat()}
    return write_whole(acceptance_path(path), json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def write_whole(path: Path, text: str) -> Path:
    """Write a file whole or not at all; InputError where the disk refuses."""
    waiting = path.with_name(f".{path.name}.waiting")
    try:
        waiting.write_text(text, encoding="utf-8")
        waiting.replace(path)
    except OSError as error:
        waiting.unlink(missing_ok=True)
        raise input_error(path, f"could not be written ({error.strerror})", "make room, or name another folder") from None
    return path


def particle_for_run(path: Path, place: int) -> tuple[dict[str, float], str]:
    """Return one particle's parameter values for a run, and one line that says what they are; particles count from 0."""
    posterior = read_posterior(path)
    if not 0 <= place < len(posterior):
        raise input_error(f"--particle {place}", f"{path} has {len(posterior)} particles", f"give a number from 0 to {len(posterior) - 1}")
    made_for = posterior.provenance.get("scenario", "?")
    return posterior.values(place), f"posterior {path} (of {made_for}), particle {place} of {len(posterior)}: {posterior.standing}"
