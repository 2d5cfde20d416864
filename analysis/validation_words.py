"""A validation in words: the same sentences and rows for the terminal, the page and Markdown."""

from __future__ import annotations

from analysis.expected import Pattern
from analysis.naive_forecasts import Forecasts
from analysis.scores import Score
from analysis.spread_parts import Parts
from analysis.validate import Validation

LEAST_SETS = 50


def summary(found: Validation) -> str:
    """Return in a sentence how many statistics hit."""
    counted = len(found.hits) + len(found.misses)
    return f"{len(found.hits)} of {counted} emergent statistics hit"


def played_with(found: Validation) -> str:
    """Return in a sentence what was played."""
    whose = "found on this scenario" if found.sets.tuned else f"found on {' and '.join(found.sets.sources)}; this episode is held out"
    return f"automatic seats, {found.used_sets} surviving parameter sets ({whose}) x {found.seeds} seeds"


def statistic_name(pattern: Pattern, item: Score) -> str:
    """Return a statistic's name with what it is asked given beyond what its pattern is."""
    own = [f"{name} = {value:g}" for name, value in item.statistic.given.items() if pattern.given.get(name) != value]
    return item.statistic.name + (f" (given {', '.join(own)})" if own else "")


def verdict(item: Score) -> str:
    """Return hit, MISS, or imposed."""
    return "imposed" if item.statistic.nature == "imposed" else "hit" if item.hit else "MISS"


def observed(item: Score) -> str:
    """Return the documented value, or a dash."""
    return "-" if item.statistic.observed is None else f"{item.statistic.observed:g}"


def tuning(found: Validation, item: Score) -> str:
    """Say whether the surviving sets were chosen by this statistic."""
    return "yes" if found.used_for_tuning(item.statistic) else "no"


def crps_words(item: Forecasts) -> tuple[str, str, str]:
    """Return the CRPS of the model and of both naive forecasters."""
    one, two, three = (None if score is None else score.crps for score in (item.model, item.fixed_share, item.prior))
    return f"{one:.2f}", "-" if two is None else f"{two:.2f}", "-" if three is None else f"{three:.2f}"


def interval_words(item: Forecasts) -> tuple[str, str, str]:
    """Return the interval score of the model and of both naive forecasters."""
    one, two, three = (None if score is None else score.interval for score in (item.model, item.fixed_share, item.prior))
    return f"{one:.2f}", "-" if two is None else f"{two:.2f}", "-" if three is None else f"{three:.2f}"


def standing(item: Forecasts) -> str:
    """Say how the model did against both, by the CRPS."""
    against = (("fixed share", item.fixed_share), ("prior", item.prior))
    told = [f"{item.against(rival)} than {name}".replace("alike than", "like") for name, rival in against if rival is not None]
    return ", ".join(told) or "no rival"


def worse_words(found: Validation) -> list[str]:
    """Return, for every statistic that a naive forecaster tells better, a sentence that says so plainly."""
    if not found.forecasts:
        return []
    told = [f"worse than a naive forecaster: {item.key}: {' and '.join(item.worse_than)} did better" for item in found.worse]
    compared = [item for item in found.forecasts if item.fixed_share or item.prior]
    return [*told, f"{len(compared) - len(told)} of {len(compared)} scored statistics told no worse than by either naive forecaster"]


def in_sample(found: Validation) -> str:
    """Return the warning that belongs to scores on the very numbers that were tuned on; empty for a held-out episode."""
    if not found.forecasts or not found.sets.tuned:
        return ""
    share = (
        " The fixed share is fitted to May 2023, and so to the numbers it is scored on." if "may_2023" in found.scenario.whole.name else ""
    )
    return f"Scores on numbers that the surviving sets were chosen by: they flatter the model.{share}"


def parts_words(item: Parts) -> tuple[str, ...]:
    """Return the shares of inputs, parameters, chance and their being there together, as percentages; dashes where nothing varied."""
    if item.spread == 0.0:
        return ("-",) * 4
    return tuple(f"{100 * share:.0f} %" for share in (item.inputs, item.parameters, item.chance, item.together))


def remarks(found: Validation) -> list[str]:
    """Say what weakens the result: few sets, sets of another model, failed runs."""
    told = []
    if found.sets.count < LEAST_SETS:
        told.append(f"only {found.sets.count} parameter sets survive; the specification asks for {LEAST_SETS}")
    if not found.same_model:
        told.append("the surviving sets were found with other source files of the model than these")
    return told + [f"failed run: seed {result.case.seed}: {result.failure}" for result in found.failures[:3]]
