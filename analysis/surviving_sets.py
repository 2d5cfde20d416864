"""Surviving parameter sets: sets that the pattern does not rule out, kept as data with their provenance.

History matching, modest by design: sets are drawn over the declared ranges of every parameter that has one, densest at the
declared value (Latin hypercube, triangular), then around those that came nearest; a set survives when, over seeds of its
own, no emergent statistic lies outside its band by more than discrepancy or chance explains. "Not ruled out" is all that is
claimed; the pattern's bands themselves are held against all surviving sets together, on other seeds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.expected import Expected, Statistic
from sim.api import Case, ParameterSet, Result, Scenario, input_error, model_digest, read_text, run_many

FILE = "surviving_sets.json"
SCREEN_SEEDS = (1001, 1002)
"""Seeds of the first look; a set that is far off on both is dropped."""

CONFIRM_SEEDS = tuple(range(1003, 1013))
"""Seeds on which a set has to survive; none of them is used for validation."""

LOOKED_AT_AGAIN = 120
"""Most sets that are played on the confirming seeds, the nearest first."""

NEAR_ENOUGH = 6.0
"""Distance (in bands and factors, summed) up to which a screened set is looked at again."""


RULE = (
    "over the confirming seeds no emergent statistic lies outside its band by more than one standard deviation "
    "of discrepancy (counts, minutes, shares) or of chance (shares of runs)"
)
"""What it takes to survive."""


@dataclass(frozen=True)
class SurvivingSets:
    """Parameter sets and where they come from."""

    provenance: Mapping[str, object]
    names: tuple[str, ...]
    sets: tuple[tuple[float, ...], ...]

    def values(self, place: int) -> dict[str, float]:
        """Return one set as values by parameter name."""
        return dict(zip(self.names, self.sets[place], strict=True))


def varied(parameters: ParameterSet) -> list[tuple[str, float, float]]:
    """Return every parameter that has a range, with its range."""
    return [
        (name, item.low, item.high)
        for name, item in parameters.valued.items()
        if item.low is not None and item.high is not None and item.high > item.low
    ]


def triangular(shares: np.ndarray, low: np.ndarray, centre: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return points of triangular distributions that peak at *centre*, for uniform *shares* of shape ``(sets, parameters)``."""
    width = high - low
    peak = (centre - low) / width
    rising = low + width * np.sqrt(shares * peak)
    falling = high - width * np.sqrt((1.0 - shares) * (1.0 - peak))
    points: np.ndarray = np.where(shares < peak, rising, falling)
    return points


def read_surviving(folder: Path) -> SurvivingSets:
    """Return the surviving sets shipped with a scenario; InputError when there are none or they cannot be read."""
    path = folder / FILE
    try:
        kept = json.loads(read_text(path))
        return SurvivingSets(kept["provenance"], tuple(kept["parameters"]), tuple(tuple(row) for row in kept["sets"]))
    except (ValueError, KeyError, TypeError) as error:
        raise input_error(path, f"is no table of parameter sets ({error})", "make it with 'python -m analysis.surviving_sets'") from None


def misfit(statistic: Statistic, values: Sequence[float]) -> float:
    """Return how far a statistic over some runs lies outside its band: 0 inside, else in widths or logarithms."""
    runs = np.asarray(values, dtype=float)
    if statistic.kind == "share_of_runs_at_zero":
        middle = float((runs == 0.0).mean())
    elif statistic.kind == "share_of_runs_at_one":
        middle = float((runs == 1.0).mean())
    else:
        middle = float(np.median(runs))
    least, most = statistic.band
    if least <= middle <= most:
        return 0.0
    if statistic.kind in ("count", "time") and least > 0:
        edge = least if middle < least else most
        return abs(float(np.log((middle + 0.5) / (edge + 0.5))))
    return (least - middle if middle < least else middle - most) / (most - least)


def survives(expected: Expected, results: Sequence[Result]) -> bool:
    """Tell whether no statistic rules a set out: its misfit is no more than one standard deviation of what may be off.

    That is the pattern's discrepancy for counts, minutes and shares, and chance (binomial) for shares of runs.
    """
    if any(result.failure for result in results):
        return False
    for statistic in expected.statistics:
        if statistic.nature != "emergent":
            continue
        allowed = expected.discrepancy.log_sd
        if statistic.kind.startswith("share_of_runs"):
            least = statistic.band[0]
            allowed = (least * (1.0 - least) / len(results)) ** 0.5 / (statistic.band[1] - least)
        if misfit(statistic, [result.outcomes[statistic.outcome] for result in results]) > allowed:
            return False
    return True


def distance(expected: Expected, results: Sequence[Result]) -> float:
    """Return the summed misfit of a set over its runs; infinite where a run failed."""
    if any(result.failure for result in results):
        return float("inf")
    emergent = [statistic for statistic in expected.statistics if statistic.nature == "emergent"]
    return sum(misfit(statistic, [result.outcomes[statistic.outcome] for result in results]) for statistic in emergent)


def _runs(
    scenario: str, rows: np.ndarray, names: Sequence[str], seeds: Sequence[int], progress: Callable[[int], None] | None
) -> list[list[Result]]:
    cases = [Case(scenario, seed, dict(zip(names, map(float, row), strict=True))) for row in rows for seed in seeds]
    results = run_many(cases, progress=progress)
    return [results[place * len(seeds) : (place + 1) * len(seeds)] for place in range(len(rows))]


def find(
    scenario: Scenario,
    expected: Expected,
    first: int,
    later: Sequence[int],
    seed: int,
    progress: Callable[[int], None] | None = None,
    parents: SurvivingSets | None = None,
) -> SurvivingSets:
    """Return the sets that survive.

    Parameters
    ----------
    first
        Sets drawn over the whole ranges, densest at the declared values.
    later
        Sets drawn in each later wave: between two of the parents, or of the nearest so far, and shaken in a fifth of the
        parameters, by half as much each time.
    seed
        Of the design.
    parents
        Survivors of an earlier search: looked at again, and what later waves are drawn from.
    """
    from scipy.stats import qmc  # of the extra [test]; only the search needs it

    ranges = varied(scenario.parameters)
    names = [name for name, _, _ in ranges]
    low, high = np.array([item[1] for item in ranges]), np.array([item[2] for item in ranges])
    rng = np.random.default_rng(seed)
    centre = np.array([float(scenario.parameters.valued[name].value) for name in names])
    rows = triangular(qmc.LatinHypercube(len(names), rng=rng).random(first), low, centre, high)
    known = np.array([[parents.values(place)[name] for name in names] for place in range(len(parents.sets))]) if parents else rows[:0]
    rows = np.vstack([known, rows])
    folder = str(scenario.folder)
    pool, distances = rows, _screen(folder, expected, rows, names, progress)
    spread = 0.1 if len(known) else 0.25
    for count in later:
        best = known if len(known) else pool[np.argsort(distances, kind="stable")[: max(count // 10, 20)]]
        rows = np.clip(_children(best, count, spread * (high - low), rng), low, high)
        pool, distances = np.vstack([pool, rows]), np.append(distances, _screen(folder, expected, rows, names, progress))
        spread /= 2
    near = pool[distances <= NEAR_ENOUGH][np.argsort(distances[distances <= NEAR_ENOUGH], kind="stable")]
    near = near[:LOOKED_AT_AGAIN]
    confirmed = _runs(folder, near, names, CONFIRM_SEEDS, progress)
    kept = [row for row, results in zip(near, confirmed, strict=True) if survives(expected, results)]
    provenance = {
        "pattern": expected.pattern,
        "model": model_digest(),
        "drawn": [first, *later],
        "looked_at_again": len(near),
        "survived": len(kept),
        "screen_seeds": list(SCREEN_SEEDS),
        "confirm_seeds": list(CONFIRM_SEEDS),
        "design_seed": seed,
        "earlier": dict(parents.provenance) if parents is not None else None,
        "rule": RULE,
    }
    return SurvivingSets(provenance, tuple(names), tuple(tuple(float(f"{value:.6g}") for value in row) for row in kept))


def _children(best: np.ndarray, count: int, shake: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sets between two of the best, shaken in a fifth of the parameters."""
    mothers, others = best[rng.integers(len(best), size=count)], best[rng.integers(len(best), size=count)]
    between = mothers + (others - mothers) * rng.random((count, 1))
    children: np.ndarray = between + rng.normal(0, 1, between.shape) * shake * (rng.random(between.shape) > 0.8)
    return children


def _screen(folder: str, expected: Expected, rows: np.ndarray, names: Sequence[str], progress: Callable[[int], None] | None) -> np.ndarray:
    return np.array([distance(expected, results) for results in _runs(folder, rows, names, SCREEN_SEEDS, progress)])


def write(sets: SurvivingSets, path: Path) -> None:
    """Write the sets as data."""
    rows = ",\n  ".join(json.dumps(list(row)) for row in sets.sets)
    text = (
        f'{{\n "provenance": {json.dumps(sets.provenance)},\n "parameters": {json.dumps(list(sets.names))},\n "sets": [\n  {rows}\n ]\n}}\n'
    )
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Find the sets that survive a scenario's pattern and ship them with it (an hour on two cores)."""
    import sys

    from analysis.expected import read_expected
    from sim.api import load

    scenario = load(sys.argv[1] if len(sys.argv) > 1 else "may_2023_zvecan")
    sizes = [int(size) for size in sys.argv[2:]] or [400, 400, 400]
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        print(f"\r{done} runs", end="", flush=True, file=sys.stderr)

    earlier = read_surviving(scenario.folder) if (scenario.folder / FILE).is_file() else None
    sets = find(scenario, read_expected(scenario.folder), sizes[0], sizes[1:], seed=1, progress=progress, parents=earlier)
    write(sets, scenario.folder / FILE)
    print(f"\n{len(sets.sets)} sets survive: {scenario.folder / FILE}", file=sys.stderr)


if __name__ == "__main__":
    main()
