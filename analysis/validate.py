"""Validation: a scenario's expected patterns against automatic seats over the surviving parameter sets.

Acceptance is on automatic seats; history's script is played beside it as a diagnostic. Misses are reported as misses, with
what would be needed. What hit at the last kept validation is kept as data, so that a later change cannot lose it unseen. A
scenario that is a part of another is held against the whole's patterns, with the whole's sets; one that is held out, with the
sets of those that were tuned on (``episode_sets``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from analysis.episode_sets import PlayedWith, refuse_given, sets_for
from analysis.expected import Expected, Setting, Statistic, read_expected
from analysis.forecast_scores import ForecastScore
from analysis.naive_forecasts import Forecasts, forecasts, prior_sets
from analysis.played import Played, Progress, play, play_each
from analysis.scores import Score, score
from analysis.spread_parts import Parts, crossed
from sim.api import Result, Scenario, input_error, load_scenario, model_digest, read_text

KEPT = "validated.json"
NO_CHOICES: Mapping[str, str] = MappingProxyType({})

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
    forecasts
        Statistics with a documented value, beside two naive forecasters; empty where not asked for.
    parts
        Where the spread of each prediction comes from; empty where not asked for.
    """

    scenario: Scenario
    expected: Expected
    sets: PlayedWith
    used_sets: int
    seeds: int
    scores: tuple[Score, ...]
    history: tuple[Score, ...]
    failures: tuple[Result, ...]
    first_runs: tuple[Mapping[str, object], ...]
    forecasts: tuple[Forecasts, ...] = ()
    parts: tuple[Parts, ...] = ()

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
        return all(table.provenance.get("model") == model_digest() for table in self.sets.tables)

    @property
    def worse(self) -> list[Forecasts]:
        """Statistics that a naive forecaster tells better than the model."""
        return [item for item in self.forecasts if item.worse_than]

    def used_for_tuning(self, statistic: Statistic) -> bool:
        """Tell whether the surviving sets were chosen by a statistic: of their own scenario, emergent, and no rise."""
        return self.sets.tuned and statistic.nature == "emergent" and statistic.kind != "rises_with"


def validate(
    name: str,
    sets: int = SETS,
    seeds: int = SEEDS,
    history_seeds: int = 2,
    pattern: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    changed: Mapping[str, float] | None = None,
    naive: int = 0,
    parts: bool = False,
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
    naive
        Runs of the prior predictive, the second naive forecaster; 0 leaves both forecasters out.
    parts
        Whether the spread of predictions is told apart.
    """
    scenario = load_scenario(name)
    expected, surviving = read_expected(scenario), sets_for(scenario)
    if not surviving.tuned:
        refuse_given(scenario, expected)
    expected = expected.only(pattern) if pattern else expected
    used = min(sets, surviving.count)
    values = [{**surviving.values(place), **(changed or {})} for place in range(used)]
    settings, names = expected.settings(), [day.name for day in scenario.days]
    days = {setting: expected.days_for(setting, names) for setting in settings}
    how = _How(str(scenario.folder), days, workers, progress)
    played = how.play(values, settings, seeds)
    scripted = play(how.folder, values, settings, range(history_seeds if surviving.tuned else 0), True, days, workers, progress)
    statistics = [(item.id, statistic) for item in expected.patterns for statistic in item.statistics]
    plain = () in settings
    prior = how.prior(scenario, naive) if plain else []
    return Validation(
        scenario=scenario,
        expected=expected,
        sets=surviving,
        used_sets=used,
        seeds=seeds,
        scores=_scores(expected, played),
        history=_scores(expected, scripted) if history_seeds and surviving.tuned else (),
        failures=tuple(result for item in (*played, *scripted) for result in item.failures()),
        first_runs=tuple(_first_run(expected, setting, played[0]) for setting in settings),
        forecasts=forecasts(scenario, statistics, played, prior, expected.discrepancy.log_sd) if naive else (),
        parts=crossed(scenario, values, statistics, days[()], workers, progress) if parts and plain and used > 1 else (),
    )


@dataclass(frozen=True)
class _How:
    """What is common to all runs of a validation."""

    folder: str
    days: Mapping[Setting, tuple[str, ...]]
    workers: int | None
    progress: Progress | None

    def play(self, sets: Sequence[Mapping[str, float]], settings: Sequence[Setting], seeds: int) -> list[Played]:
        """Return the sets under every setting: the first on all seeds, the others on at most ``FURTHER_SEEDS``."""
        plain, further = (
            play(self.folder, sets, some, range(count), days=self.days, workers=self.workers, progress=self.progress)
            for some, count in ((settings[:1], seeds), (settings[1:], min(seeds, FURTHER_SEEDS)))
        )
        return [first.joined(more) for first, more in zip(plain, further, strict=True)]

    def prior(self, scenario: Scenario, count: int) -> list[Played]:
        """Return single runs of as many sets drawn from the declared ranges, each on its own seed."""
        runs = [(row, seed, NO_CHOICES) for seed, row in enumerate(prior_sets(scenario, count))] if count else []
        return play_each(self.folder, runs, self.days[()], self.workers, self.progress) if runs else []


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
            "used_for_tuning": validation.used_for_tuning(statistic),
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
        "held_out": not validation.sets.tuned,
        "sets_from": list(validation.sets.sources),
        "forecasts": [_forecasts_told(item) for item in validation.forecasts],
        "parts": [_parts_told(item) for item in validation.parts],
    }


def _forecasts_told(item: Forecasts) -> dict[str, object]:
    """Return a statistic's forecasts as plain data; None for a forecaster that knows nothing of it."""
    told = {"model": item.model, "fixed_share": item.fixed_share, "prior": item.prior}

    def scores(found: ForecastScore | None) -> dict[str, float] | None:
        return None if found is None else {name: round(value, 4) for name, value in vars(found).items()}

    return {
        "statistic": item.key,
        "observed": item.statistic.observed,
        **{name: scores(found) for name, found in told.items()},
        "worse_than": list(item.worse_than),
    }


def _parts_told(item: Parts) -> dict[str, object]:
    names = ("inputs", "parameters", "chance", "together", "spread")
    return {"statistic": item.key, **{name: round(float(getattr(item, name)), 4) for name in names}}


def keep(validation: Validation) -> Path:
    """Write a validation into the scenario's folder, as what later changes are held against."""
    path = validation.scenario.folder / KEPT
    path.write_text(json.dumps(as_data(validation), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
