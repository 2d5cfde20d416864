"""Validation: a scenario's expected patterns against automatic seats over the surviving parameter sets.

Acceptance is on automatic seats; history's script is played beside it as a diagnostic. Misses are reported as misses, with
what would be needed. What hit at the last kept validation is kept as data, so that a later change cannot lose it unseen. A
scenario that is a part of another is held against the whole's patterns, with the whole's sets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.expected import Expected, Setting, read_expected
from analysis.played import Played, Progress, play
from analysis.scores import Score, score
from analysis.surviving_sets import FILE as SETS_FILE
from analysis.surviving_sets import SurvivingSets, read_surviving
from sim.api import Result, Scenario, input_error, load_scenario, model_digest, read_text

KEPT = "validated.json"
SETS, SEEDS = 50, 20
"""Surviving parameter sets and seeds a set, at the least, by the specification."""

FURTHER_SEEDS = 5
"""Seeds a set for statistics that ask for another setting: with 50 sets, 250 runs of each."""


@dataclass(frozen=True)
class Validation:
    """What a validation found.

    Attributes
    ----------
    scores, history
        One score a statistic: automatic seats; history's script as a diagnostic.
    failures
        Runs that failed, with what went wrong; their statistics are missing from the scores.
    first_runs
        For each setting, what the first set gave on the first seed: by this a later change of results is noticed.
    """

    scenario: Scenario
    expected: Expected
    sets: SurvivingSets
    used_sets: int
    seeds: int
    scores: tuple[Score, ...]
    history: tuple[Score, ...]
    failures: tuple[Result, ...]
    first_runs: tuple[Mapping[str, object], ...]

    @property
    def hits(self) -> list[str]:
        """Pattern and name of the emergent statistics that are hit."""
        return [item.key for item in self.scores if item.hit and item.statistic.nature == "emergent"]

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
    pattern: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    changed: Mapping[str, float] | None = None,
) -> Validation:
    """Return how a scenario fares against the patterns of its ``expected.yaml``.

    Parameters
    ----------
    sets, seeds
        How many surviving sets, and how many seeds each; settings other than the plain one see at most
        ``FURTHER_SEEDS`` of these.
    history_seeds
        Seeds a set for history's script; 0 leaves the diagnostic out.
    pattern
        Id of the only pattern to be played and scored; all of them where not given.
    changed
        Values that replace those of every set: to see what a change of the model would do to the patterns.
    """
    scenario = load_scenario(name)
    expected, surviving = read_expected(scenario), read_surviving(scenario.whole / SETS_FILE)
    expected = expected.only(pattern) if pattern else expected
    used = min(sets, len(surviving.sets))
    if not used:
        raise input_error(scenario.whole / SETS_FILE, "no parameter set survives", "find some with 'kforsim calibrate'")
    values = [{**surviving.values(place), **(changed or {})} for place in range(used)]
    folder, settings = str(scenario.folder), expected.settings()
    names = [day.name for day in scenario.days]
    days = {setting: expected.days_for(setting, names) for setting in settings}
    played = play(folder, values, settings[:1], range(seeds), days=days, workers=workers, progress=progress)
    further = play(folder, values, settings[1:], range(min(seeds, FURTHER_SEEDS)), days=days, workers=workers, progress=progress)
    played = [plain.joined(more) for plain, more in zip(played, further, strict=True)]
    scripted = play(folder, values, settings, range(history_seeds), history=True, days=days, workers=workers, progress=progress)
    return Validation(
        scenario=scenario,
        expected=expected,
        sets=surviving,
        used_sets=used,
        seeds=seeds,
        scores=_scores(expected, played),
        history=_scores(expected, scripted) if history_seeds else (),
        failures=tuple(result for item in (*played, *scripted) for result in item.failures()),
        first_runs=tuple(_first_run(expected, setting, played[0]) for setting in settings),
    )


def _scores(expected: Expected, played: Sequence[Played]) -> tuple[Score, ...]:
    scores = []
    for pattern in expected.patterns:
        for statistic in pattern.statistics:
            by_set = [item.values(statistic) for item in played]
            if not any(map(len, by_set)):
                reason = next(result.failure for item in played for result in item.failures())
                raise input_error("validate", f"every run failed that '{statistic.name}' needs: {reason}", "mend that first")
            scores.append(score(pattern.id, statistic, by_set, expected.discrepancy.log_sd))
    return tuple(scores)


def _first_run(expected: Expected, setting: Setting, first: Played) -> dict[str, object]:
    run = first.runs[setting][0]
    paths = [item.outcome for pattern in expected.patterns for item in pattern.statistics if setting in item.settings]
    return {"given": dict(setting), "outcomes": {path: run.outcomes.get(path) for path in dict.fromkeys(paths)}}


def kept_hits(folder: Path) -> list[str]:
    """Return which statistics hit at the last kept validation, as pattern and name; none where none was kept."""
    path = folder / KEPT
    if not path.is_file():
        return []
    hits: list[str] = json.loads(read_text(path))["hits"]
    return hits


def as_data(validation: Validation) -> dict[str, object]:
    """Return a validation as plain data, for ``--json`` and for keeping."""
    scripted = {item.key: item for item in validation.history}

    def told(item: Score) -> dict[str, object]:
        statistic, script = item.statistic, scripted.get(item.key)
        return {
            "name": statistic.name,
            "outcome": statistic.outcome,
            "given": statistic.given,
            "nature": statistic.nature,
            "observed": statistic.observed,
            "band": list(statistic.band),
            "q05": round(item.low, 4),
            "median": round(item.median, 4),
            "q95": round(item.high, 4),
            "hit": item.hit,
            "needed": item.needed,
            "history_median": None if script is None else round(script.median, 4),
        }

    patterns = [
        {"id": pattern.id, "title": pattern.title, "statistics": [told(item) for item in validation.scores if item.pattern == pattern.id]}
        for pattern in validation.expected.patterns
    ]
    return {
        "scenario": validation.scenario.name,
        "sets": validation.used_sets,
        "seeds": validation.seeds,
        "sets_found_with_this_model": validation.same_model,
        "failed_runs": len(validation.failures),
        "hits": validation.hits,
        "misses": [item.key for item in validation.misses],
        "patterns": patterns,
        "first_runs": list(validation.first_runs),
    }


def keep(validation: Validation) -> Path:
    """Write a validation into the scenario's folder, as what later changes are held against."""
    path = validation.scenario.folder / KEPT
    path.write_text(json.dumps(as_data(validation), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
