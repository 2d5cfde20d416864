"""Validation: a scenario's expected patterns against automatic seats over the surviving parameter sets.

Acceptance is on automatic seats; history's script is played beside it as a diagnostic. Misses are reported as misses, with
what would be needed. What hit at the last kept validation is kept as data, so that a later change cannot lose it unseen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.expected import Expected, Score, read_expected, score
from analysis.surviving_sets import SurvivingSets, read_surviving
from sim.api import Case, InputError, Result, Scenario, input_error, load, model_digest, read_text, run_many

KEPT = "validated.json"
SETS, SEEDS = 50, 20
"""Surviving parameter sets and seeds a set, at the least, by the specification."""


@dataclass(frozen=True)
class Validation:
    """What a validation found.

    Attributes
    ----------
    scores, history
        One score a statistic: automatic seats; history's script as a diagnostic.
    failures
        Runs that failed, with what went wrong; their statistics are missing from the scores.
    """

    scenario: Scenario
    expected: Expected
    sets: SurvivingSets
    used_sets: int
    seeds: int
    scores: tuple[Score, ...]
    history: tuple[Score, ...]
    failures: tuple[Result, ...]

    @property
    def hits(self) -> list[str]:
        """Names of the emergent statistics that are hit."""
        return [item.statistic.name for item in self.scores if item.hit and item.statistic.nature == "emergent"]

    @property
    def misses(self) -> list[Score]:
        """Emergent statistics that are missed."""
        return [item for item in self.scores if not item.hit and item.statistic.nature == "emergent"]

    @property
    def same_model(self) -> bool:
        """Whether the surviving sets were found with the source files of this model."""
        return self.sets.provenance.get("model") == model_digest()


def validate(
    name: str,
    sets: int = SETS,
    seeds: int = SEEDS,
    history_seeds: int = 2,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    changed: Mapping[str, float] | None = None,
) -> Validation:
    """Return how a scenario fares against its ``expected.yaml``.

    Parameters
    ----------
    sets, seeds
        How many surviving sets, and how many seeds each.
    history_seeds
        Seeds a set for history's script; 0 leaves the diagnostic out.
    changed
        Values that replace those of every set: to see what a change of the model would do to the pattern.
    """
    scenario = load(name)
    expected, surviving = read_expected(scenario.folder), read_surviving(scenario.folder)
    used = min(sets, len(surviving.sets))
    if not used:
        raise input_error(scenario.folder, "no parameter set survives", "make some with 'python -m analysis.surviving_sets'")
    folder = str(scenario.folder)
    values = [{**surviving.values(place), **(changed or {})} for place in range(used)]
    automatic = [Case(folder, seed, item) for item in values for seed in range(seeds)]
    history = [Case(folder, seed, item, history=True) for item in values for seed in range(history_seeds)]
    results = run_many([*automatic, *history], workers, progress)
    played, scripted = results[: len(automatic)], results[len(automatic) :]
    return Validation(
        scenario=scenario,
        expected=expected,
        sets=surviving,
        used_sets=used,
        seeds=seeds,
        scores=_scores(expected, played),
        history=_scores(expected, scripted) if scripted else (),
        failures=tuple(result for result in results if result.failure),
    )


def _scores(expected: Expected, results: Sequence[Result]) -> tuple[Score, ...]:
    good = [result.outcomes for result in results if not result.failure]
    if not good:
        raise InputError(input_error("validate", f"every run failed: {results[0].failure}").problems)
    return tuple(score(item, [outcomes[item.outcome] for outcomes in good], expected.discrepancy.log_sd) for item in expected.statistics)


def kept_hits(folder: Path) -> list[str]:
    """Return which statistics hit at the last kept validation; none where none was kept."""
    path = folder / KEPT
    if not path.is_file():
        return []
    hits: list[str] = json.loads(read_text(path))["hits"]
    return hits


def as_data(validation: Validation) -> dict[str, object]:
    """Return a validation as plain data, for ``--json`` and for keeping."""

    def told(item: Score) -> dict[str, object]:
        statistic = item.statistic
        return {
            "name": statistic.name,
            "nature": statistic.nature,
            "observed": statistic.observed,
            "band": list(statistic.band),
            "q05": round(item.low, 4),
            "median": round(item.median, 4),
            "q95": round(item.high, 4),
            "hit": item.hit,
            "needed": item.needed,
        }

    return {
        "scenario": validation.scenario.name,
        "pattern": validation.expected.pattern,
        "sets": validation.used_sets,
        "seeds": validation.seeds,
        "sets_found_with_this_model": validation.same_model,
        "failed_runs": len(validation.failures),
        "hits": validation.hits,
        "statistics": [told(item) for item in validation.scores],
        "history": [told(item) for item in validation.history],
    }


def keep(validation: Validation) -> Path:
    """Write a validation into the scenario's folder, as what later changes are held against."""
    path = validation.scenario.folder / KEPT
    path.write_text(json.dumps(as_data(validation), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
