"""From what was played to what was found: effects, distributions, rankings, flips, deciding parameters, checks and failures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.compare import AGAIN, Played, Rows, losses_so_far, table_of
from analysis.compare_design import folders_of
from analysis.compare_question import Question
from analysis.comparison import ALL, PANELS, Comparison, Deciding, Distribution, Effect, Flip, OutcomeTold, Ranking
from analysis.deciding import deciding
from analysis.paired import SIGN, Layout, all_at_once, beats, effect, tail_mean
from analysis.robustness import RULES_MEAN, dominating, flips, losses_of, rankings, scales_of
from sim.api import model_digest

OWN = "the scenario's own"
BINARY = "0 or 1"
BINS = 24
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
IDENTIFIED = "identifiability.json"

LEFT_OUT = (
    "people: seats follow doctrine tables; people in the same seats may do otherwise",
    "forms of rules and parameters without a range: they are not varied",
    "whether governments would agree to an option: it is an input, and stands beside each option",
    "how likely any panel or parameter set is: shares are shares of declared ranges",
)
ONE_EPISODE = "what an episode does to later ones: only a campaign links them"

Values = Mapping[str, Mapping[str, np.ndarray]]
Effects = dict[str, dict[str, dict[str, Effect]]]


def found(question: Question, played: Played, line: str) -> Comparison:
    """Return everything that a comparison found; there must be one paired run at least."""
    names = [item.name for item in question.outcomes]
    ids = [item.id for item in question.played]
    numbers, values = table_of(played.rows, ids, names)
    layout = played.layout(numbers)
    ranked, flipped = _ranked(question, values, layout)
    return Comparison(
        scenario=question.name,
        title=question.scenario.file.title,
        model=model_digest(),
        line=line,
        space=_space(question, values, layout),
        leaves_out=LEFT_OUT if hasattr(question.scenario, "episodes") else (*LEFT_OUT, ONE_EPISODE),
        doctrines=(OWN, *question.doctrines),
        options=question.options,
        outcomes=question.outcomes,
        effects=_effects(question, values, layout, PANELS),
        distributions=_distributions(question, values),
        weights=question.weights,
        rankings=tuple(ranked),
        flips=tuple(flipped),
        deciding=tuple(_deciding(question, played, values, numbers, layout)),
        by_doctrine=_by_doctrine(question, played),
        placebo=placebo_checks(question, played),
        convergence=tuple(played.convergence),
        stopped=played.stopped,
        cases=len(np.unique(layout.case)),
        seeds=len(numbers),
        runs=played.runs,
        seconds=played.seconds,
        failures=tuple(_failures(question, played, values)),
        beats=_beats(question, played, values),
    )


def _space(question: Question, values: Values, layout: Layout) -> dict[str, Any]:
    family = len(question.played) - 1
    primary = [item for item in question.outcomes if item.primary]
    return {
        **question.design.told(),
        "intervals": (
            f"95 % for all at once by Šidák's rule: {family} options x {len(primary)} primary outcomes x {1 + len(PANELS)} scopes; "
            f"secondary outcomes: {family} options x {len(question.outcomes)} outcomes x {1 + len(PANELS)} scopes"
        ),
        "scales": scales_of(values, question.outcomes),
        "scales_mean": "standard deviation of each primary outcome over all runs compared: the unit in which weights count",
        "rules": dict(RULES_MEAN),
        "margin_of_indifference": question.margin,
        "better_or_equal_on_all": dominating(case_differences(question, values, layout), question.outcomes),
    }


def _levels(question: Question) -> dict[str, float]:
    """Return by outcome the level of one interval of its family: primary outcomes among themselves, every outcome among all."""
    options, scopes = len(question.played) - 1, 1 + len(PANELS)
    primary = sum(item.primary for item in question.outcomes)
    among = {True: all_at_once(options * primary * scopes), False: all_at_once(options * len(question.outcomes) * scopes)}
    return {item.name: among[item.primary] for item in question.outcomes}


def _effects(question: Question, values: Values, layout: Layout, panels: Sequence[str]) -> Effects:
    levels = _levels(question)
    scopes = {ALL: np.full(len(layout.case), True), **{panel: layout.panel == PANELS.index(panel) for panel in panels}}
    base = values[question.baseline]

    def of(option: str, item: OutcomeTold, kept: np.ndarray) -> Effect:
        column, other = base[item.name][kept], values[option][item.name][kept]
        return effect(column, other, layout.only(kept), item.better, levels[item.name], item.unit == BINARY and option != question.baseline)

    return {
        option: {item.name: {scope: of(option, item, kept) for scope, kept in scopes.items()} for item in question.outcomes}
        for option in values
    }


def _distributions(question: Question, values: Values) -> dict[str, dict[str, Distribution]]:
    edges = {item.name: _edges(np.concatenate([values[option][item.name] for option in values])) for item in question.outcomes}
    return {
        option: {item.name: _distribution(row[item.name], item.better, edges[item.name]) for item in question.outcomes}
        for option, row in values.items()
    }


def _edges(column: np.ndarray) -> np.ndarray:
    known = column[~np.isnan(column)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    return np.linspace(low, high, BINS + 1) if high > low else np.array([low - 0.5, low + 0.5])


def _distribution(column: np.ndarray, better: str, edges: np.ndarray) -> Distribution:
    known = column[~np.isnan(column)]
    if not len(known):
        return Distribution(math.nan, (math.nan,) * len(QUANTILES), math.nan, (0,) * (len(edges) - 1), tuple(map(float, edges)))
    return Distribution(
        mean=float(known.mean()),
        quantiles=tuple(map(float, np.quantile(known, QUANTILES))),
        tail=tail_mean(known, better),
        counts=tuple(map(int, np.histogram(known, edges)[0])),
        edges=tuple(map(float, edges)),
    )


def _ranked(question: Question, values: Values, layout: Layout) -> tuple[list[Ranking], list[Flip]]:
    scales = scales_of(values, question.outcomes)
    by_weights = {name: losses_of(values, layout, question.outcomes, weights, scales) for name, weights in question.weights.items()}
    plain = next(iter(by_weights.values()))
    if not plain.runs.shape[1]:
        return [], []
    ranked = [ranking for name, losses in by_weights.items() for ranking in rankings(losses, name)]
    pairs = len(values) * (len(values) - 1) // 2
    return ranked, flips(plain, ranked, all_at_once(pairs * len(PANELS)))


def _deciding(question: Question, played: Played, values: Values, numbers: Sequence[int], layout: Layout) -> Iterator[Deciding]:
    cases = {played.pairs[number].case.number: played.pairs[number].case for number in numbers}
    names = sorted(set.intersection(*(set(case.values) for case in cases.values())))
    prior = prior_only(question)
    base = values[question.baseline]
    for option in [item for item in values if item != question.baseline]:
        for item in question.outcomes:
            if not item.primary or not SIGN[item.better]:
                continue
            worse_by = SIGN[item.better] * (values[option][item.name] - base[item.name])
            kept = ~np.isnan(worse_by)
            if not kept.any():
                continue
            part = layout.only(kept)
            points = np.array([[cases[number].values[name] for name in names] for number in part.groups()[0]])
            if (told := deciding(option, item.name, part.means(worse_by[kept]), names, points, prior)) is not None:
                yield told


def prior_only(question: Question) -> dict[str, bool]:
    """Return by parameter whether only its declared range speaks for it; one of which no table tells is prior-only."""
    paths = [folder / IDENTIFIED for folder in folders_of(question.scenario)]
    tables = [json.loads(path.read_text("utf-8")) for path in paths if path.is_file()]
    told = {row["parameter"]: row["verdict"] == "prior-only" for table in tables for row in table["parameters"]}
    drawn = {*question.design.strengths, *question.design.lever_effects}
    return {**told, **dict.fromkeys(drawn, True)}


def _by_doctrine(question: Question, played: Played) -> dict[str, dict[str, dict[str, Effect]]]:
    """Return effects under each doctrine of KFOR, on the paired runs that all doctrines share; primary outcomes, over all cases."""
    names = [item.name for item in question.outcomes]
    shared = set(played.rows).intersection(*(set(rows) for rows in played.by_doctrine.values()))
    if not shared or not question.doctrines:
        return {}
    told: dict[str, Effects] = {}
    for name in (OWN, *question.doctrines):
        rows: Rows = played.rows if name == OWN else played.by_doctrine[name]
        options = question.played if name == OWN else question.under(name)
        numbers, values = table_of({number: rows[number] for number in shared}, [item.id for item in options], names)
        told[name] = _effects(question, values, played.layout(numbers), ())
    return {name: {option: {item: scopes[ALL] for item, scopes in row.items()} for option, row in by.items()} for name, by in told.items()}


def placebo_checks(question: Question, played: Played) -> dict[str, float]:
    """Return the largest absolute difference, over every outcome, of what must not differ: it is exactly 0."""
    pairs = {AGAIN: [row[AGAIN] for row in played.rows.values() if AGAIN in row]}
    base = [row[question.baseline] for row in played.rows.values() if AGAIN in row]
    told = {"the baseline played twice": _largest(base, pairs[AGAIN])}
    for item in question.played:
        if item.id == "placebo":
            every = [*played.rows.values()]
            told["placebo against the baseline"] = _largest([row[question.baseline] for row in every], [row[item.id] for row in every])
    return told


def _largest(base: Sequence[Any], other: Sequence[Any]) -> float:
    gaps = [
        abs(one.outcomes[name] - two.outcomes[name])
        for one, two in zip(base, other, strict=True)
        if not (one.failure or two.failure)
        for name in one.outcomes
        if not (math.isnan(one.outcomes[name]) and math.isnan(two.outcomes[name]))
    ]
    return max(gaps, default=math.nan)


def _failures(question: Question, played: Played, values: Values) -> Iterator[dict[str, Any]]:
    """Give failed runs, each with the means of primary outcomes if every failed run of that option had been the worst seen."""
    primary = [item for item in question.outcomes if item.primary]
    for number, row in sorted(played.rows.items()):
        for label, kept in row.items():
            if kept.failure:
                pair = played.pairs[number]
                bound = {item.name: _bound(values, label, item) for item in primary} if label in values else {}
                yield {"option": label, "case": pair.case.number, "seed": pair.seed, "message": kept.failure, "worst_case": bound}


def _bound(values: Values, option: str, item: OutcomeTold) -> float:
    every = np.concatenate([row[item.name] for row in values.values()])
    known = every[~np.isnan(every)]
    if not len(known):
        return math.nan
    worst = float(known.min() if item.better == "more" else known.max())
    return float(np.where(np.isnan(values[option][item.name]), worst, values[option][item.name]).mean())


def _beats(question: Question, played: Played, values: Values) -> dict[str, dict[str, dict[str, float]]]:
    """Return the chance that one option beats another on the same run: by primary outcome, and by loss under the first weights."""
    losses = losses_so_far(question, played.rows, played)
    first = next(iter(question.weights))
    tables = {f"loss, {first} weights": beats([*losses.runs])}
    for item in question.outcomes:
        if item.primary and SIGN[item.better]:
            tables[item.name] = beats([SIGN[item.better] * row[item.name] for row in values.values()])
    ids = [*values]
    return {
        name: {one: dict(zip(ids, map(float, row), strict=True)) for one, row in zip(ids, table, strict=True)}
        for name, table in tables.items()
    }


def case_differences(question: Question, values: Values, layout: Layout) -> dict[str, dict[str, dict[str, np.ndarray]]]:
    """Return mean differences of cases by option, primary outcome and panel, for the audit of dominance."""
    base = values[question.baseline]
    told: dict[str, dict[str, dict[str, np.ndarray]]] = {}
    for option in [item for item in values if item != question.baseline]:
        told[option] = {}
        for item in question.outcomes:
            if item.primary:
                difference = values[option][item.name] - base[item.name]
                told[option][item.name] = {panel: _means(difference, layout, place) for place, panel in enumerate(PANELS)}
    return told


def _means(difference: np.ndarray, layout: Layout, place: int) -> np.ndarray:
    kept = ~np.isnan(difference) & (layout.panel == place)
    return layout.only(kept).means(difference[kept]) if kept.any() else np.zeros(0)
