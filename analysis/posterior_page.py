"""The page of a posterior, which people read: what is in doubt first, then what the data say of each parameter, then the checks.

A parameter is called calibrated only where the data narrow it by the specification's limit, clear of chance, and the ranks of
known truths speak for its inference.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from analysis.calibrate_posterior import Inferred
from analysis.calibration_checks import LEVEL, LeftOut, Narrowed
from analysis.expected import Statistic
from analysis.identifiability import LEAST_CONTRACTION, LEAST_SURVIVORS
from analysis.observations import unscaled
from analysis.posterior import NOT_ACCEPTED
from analysis.prior_predictive import LEAST_RUNS, PriorPredictive

TRADES_OFF = 0.5
"""Correlation among particles from which two parameters are named as a pair."""

HOW_TO_READ = f"""\
*Contraction* is 1 - variance after / variance before, with its standard error; *informed* is from {LEAST_CONTRACTION:g} on, clear of that
error, *weakly informed* is clear of 0, and *prior* is neither: a result that hinges on such a parameter hinges on its declared
range. Intervals are central {LEVEL:.0%}. What the model leaves out is in them as a log-normal factor on counts and times."""


def earned(found: Inferred) -> set[str]:
    """Return the parameters that may be called calibrated."""
    failing = {item.name for item in found.ranks if item.misleads}
    return {item.name for item in found.narrowed if item.verdict == "informed" and item.name not in failing}


def warnings_of(found: Inferred) -> list[str]:
    """Return what is in doubt, the gravest first, in sentences."""
    told = [item.warning for item in sorted(found.before, key=lambda item: not item.outside) if item.warning]
    if found.before[0].runs < LEAST_RUNS:
        told.append(f"Only {found.before[0].runs} runs of the prior: its outermost hundredth is not known.")
    if not found.enough:
        told.append(f"Only {found.effective:.0f} effective particles; fewer than {LEAST_SURVIVORS} are not judged.")
    told += [f"`{item.name}`: known truths say that its interval is {item.fault}." for item in found.ranks if item.fails]
    told += [f"Left out and predicted, {item.event}, {item.statistic} misses." for item in found.left_out if not item.inside]
    return told + _assumed(found)


def _assumed(found: Inferred) -> list[str]:
    effects, told = found.question.told()["event_effects"], []
    if not found.question.event_effects:
        told.append("Days do not differ from one another here: intervals are too narrow, on purpose.")
    elif not effects:
        told.append("This scenario draws no event effects: only the discrepancy stands for what differs from event to event.")
    if found.question.others == "surviving_sets":
        told.append(
            "All other parameters come from surviving sets, which were found with the same days: the data count twice there, and an event "
            "that is left out is not quite unseen. `--others prior` does without."
        )
    failed = sum(item.failed for item in found.sampled.generations)
    return [*told, *([f"{failed} runs failed and count as far off."] if failed else [])]


def as_page(found: Inferred) -> str:
    """Return the page as markdown."""
    warnings = "\n".join(f"- {line}" for line in warnings_of(found))
    parts = [
        f"# Posterior: {found.question.scenario.file.title}",
        f"Standing: **{NOT_ACCEPTED}** when this page was written. A person accepts it with `kforsim calibrate accept FILE --by NAME "
        "--because REASON`; nothing here changes a scenario's parameters.",
        f"## What is in doubt\n\n{warnings or 'Nothing that these checks can see.'}",
        f"## What the data say of each parameter\n\n{HOW_TO_READ}\n\n{_parameters(found)}\n\n{_not_informed(found)}",
        _pairs(found),
        f"## Before anything was inferred\n\n{_before(found)}",
        f"## Predictions\n\n{_predictions(found)}",
        f"## Known truths\n\n{_ranks(found)}",
        f"## How it was made\n\n{_made(found)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines)


def _ends(ends: tuple[float, float, float]) -> str:
    return f"{ends[1]:.3g} ({ends[0]:.3g} to {ends[2]:.3g})"


def _parameters(found: Inferred) -> str:
    called = earned(found)

    def row(item: Narrowed) -> tuple[str, ...]:
        verdict = f"{item.verdict}: calibrated to these events" if item.name in called else item.verdict
        return f"`{item.name}`", _ends(item.prior), _ends(item.posterior), f"{item.contraction:.2f} ± {item.error:.2f}", verdict

    rows = [row(item) for item in sorted(found.narrowed, key=lambda item: -item.contraction)]
    return _table(("parameter", "declared range", "posterior", "contraction", "verdict"), rows)


def _not_informed(found: Inferred) -> str:
    silent = [f"`{item.name}`" for item in found.narrowed if item.verdict in ("prior", "not judged")]
    others = f"{len(found.others.names)} other parameters were varied and not inferred; of them this says nothing."
    named = f"The data do not inform {', '.join(silent)}." if silent else "Each parameter that was asked for is informed at least weakly."
    return f"{named} {others}"


def _pairs(found: Inferred) -> str:
    names = found.question.parameters
    if len(names) < 2 or not found.enough:
        return ""
    covariance = np.cov(found.sampled.pool.scores[found.sampled.rows].T, aweights=found.sampled.weights)
    spread = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(spread, spread)
    pairs = [(one, other) for one, other in combinations(range(len(names)), 2) if abs(matrix[one, other]) >= TRADES_OFF]
    rows = [(f"`{names[one]}`", f"`{names[other]}`", f"{matrix[one, other]:+.2f}") for one, other in pairs]
    told = _table(("parameter", "parameter", "correlation"), rows) if rows else f"No pair beyond {TRADES_OFF:g}."
    return f"## Trade-offs\n\nPairs that the data tie together: one cannot be told without the other.\n\n{told}"


def _statistics(found: Inferred) -> dict[tuple[str, str], Statistic]:
    observed = found.question.observed
    return {(event, name): item for (event, item), name in zip(found.question.data, observed.names, strict=True)}


def _seen(item: Statistic) -> str:
    return f"{item.observed:g}" if item.observed is not None else f"{item.band[0]:g} to {item.band[1]:g}"


def _before(found: Inferred) -> str:
    statistics = _statistics(found)

    def row(item: PriorPredictive) -> tuple[str, ...]:
        statistic = statistics[item.event, item.statistic]
        ends = [f"{unscaled(statistic, value):.3g}" for value in item.quantiles]
        where = ("**outside**" if item.outside else f"{item.below:.0%}") if item.varies else "does not vary"
        return item.event, item.statistic, _seen(statistic), *ends, where

    head = ("event", "statistic", "observed", "1 %", "5 %", "50 %", "95 %", "99 %", "runs below")
    return f"{found.before[0].runs} runs of the prior.\n\n" + _table(head, [row(item) for item in found.before])


def _predictions(found: Inferred) -> str:
    statistics, observed = _statistics(found), found.question.observed
    events = dict(zip(observed.names, observed.events, strict=True))
    left = {item.statistic: item for item in found.left_out}

    def cell(item: LeftOut | None) -> str:
        if item is None:
            return "-"
        statistic = statistics[events[item.statistic], item.statistic]
        low, middle, high = (unscaled(statistic, value) for value in item.quantiles)
        return _ends((low, middle, high)) + (" hit" if item.inside else " **miss**")

    rows = []
    for item in found.after:
        event = events[item.statistic]
        rows.append((event, item.statistic, _seen(statistics[event, item.statistic]), cell(item), cell(left.get(item.statistic))))
    one = len(set(observed.events)) == 1
    told = (
        "There is one event alone, so no event can be left out; single statistics are, which is a weaker test."
        if one
        else "Each event was left out in turn, and predicted from the others. What was used to infer is expected to hit."
    )
    least = min((item.effective for item in found.left_out), default=0.0)
    head = ("event", "statistic", "observed", "with all data", "left out" if one else "with its event left out")
    return f"{told} Left out, at least {least:.0f} effective particles.\n\n{_table(head, rows)}"


def _ranks(found: Inferred) -> str:
    rows = [
        (
            f"`{item.name}`",
            f"{item.chi_square:.1f}",
            f"{item.chance:.3f}",
            _share(item.covered),
            f"**{item.fault}**" if item.fails else "even",
        )
        for item in found.ranks
    ]
    told = (
        f"{found.ranks[0].truths} runs of the prior were taken for the truth in turn and inferred from the others, with the "
        "same distance. Right inference gives even ranks, and intervals that hold nine truths in ten. It speaks for "
        "the method, not for the model."
    )
    return f"{told}\n\n{_table(('parameter', 'chi-square', 'chance', 'held by 90 % intervals', ''), rows)}"


def _share(ends: tuple[float, float, float]) -> str:
    return f"{ends[1]:.0%} ({ends[0]:.0%} to {ends[2]:.0%})"


def _made(found: Inferred) -> str:
    told, sampled = found.question.told(), found.sampled
    rows = [
        (str(place), str(item.runs), str(item.failed), f"{item.new_share:.0%}" if place else "-", f"{item.tolerance:.3f}")
        for place, item in enumerate(sampled.generations)
    ]
    effects = ", ".join(f"`{name}`" for name in told["event_effects"]) or "none"
    lines = [
        f"- {len(sampled.pool.scores)} runs, each on luck of its own",
        f"- the nearest {len(sampled.rows)} kept, which tell as much as {found.effective:.0f} equally weighted ones",
        f"- stopped because {sampled.stopped}; a larger budget comes nearer, and narrows further where the data can",
        f"- event effects, drawn for each day at each site: {effects}",
        f"- discrepancy (standard deviation of the logarithm, counts and times): {max(told['discrepancy']):g}",
        f"- other parameters: {found.question.others.replace('_', ' ')}; model {told['model']}; seed {told['seed']}",
    ]
    return "\n".join(lines) + "\n\n" + _table(("generation", "runs", "failed", "came near", "tolerance after"), rows)
