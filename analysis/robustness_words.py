"""Words for the robustness of levers: sentences that the page and the command line share, and the lines of the command line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from analysis.comparison import Deciding, Ranking
from analysis.comparison_words import capital, counted, listed, outcome_label, percent
from analysis.robustness import RULES, RULES_MEAN
from analysis.sensitivity_words import number
from analysis.sweep_robustness import Robustness, WeightFlip

SHOWN = 8


def by_rule(found: Robustness) -> list[Ranking]:
    """Return the rankings under the chosen weights, one a rule."""
    return [item for item in found.rankings if item.weights == found.weights_name]


def headline(found: Robustness) -> str:
    """Return the answer in a sentence: who is first by which rules."""
    first: dict[str, list[str]] = {}
    for item in by_rule(found):
        first.setdefault(item.order[0], []).append(item.rule)
    if len(first) == 1:
        return f"{capital(found.best)} comes first by every rule, with {found.weights_name} weights.{_closeness(found)}"
    told = [f"{lever} by {listed(rules)}" for lever, rules in first.items()]
    return f"The first place hinges on the rule: {'; '.join(told)} ({found.weights_name} weights).{_closeness(found)}"


def _closeness(found: Robustness) -> str:
    """Return which levers cannot be told apart from the first by expected loss."""
    alike = [item.lever for item in found.apart if not item.low > 0.0]
    if not alike:
        return " By expected loss it is told apart from every other lever."
    return f" By expected loss it is not told apart from {listed(alike)}."


def knowing_words(found: Robustness) -> str:
    """Return what knowing more would be worth, in a sentence."""
    if not found.knowing:
        return "Too few points to tell what it would be worth to know a parameter."
    worth = [item.name for item in found.knowing if item.worth]
    whole, half = found.knowing_all
    every = "" if math.isnan(whole) else f" Knowing everything but the luck would be worth {number(whole)} (± {number(half)})."
    if not worth:
        return f"No single parameter is told apart from worth nothing for this choice.{every}"
    return f"Worth knowing before choosing: {listed(worth[:SHOWN])}.{every}"


def deciding_words(item: Deciding, best: str) -> str:
    """Return on which side of a number another lever does better than the first."""
    side = "below" if item.better_below else "above"
    inside, outside = (item.share_below, item.share_above) if item.better_below else (item.share_above, item.share_below)
    where = f"{percent(inside)} of the points there, {percent(outside)} elsewhere"
    return f"{item.option} against {best}: {item.parameter} {side} {number(item.split)} speaks for {item.option}: it loses less at {where}"


def weight_words(item: WeightFlip) -> str:
    """Return at which weight another lever comes first."""
    return (
        f"from {percent(item.weight)} of all weight on {outcome_label(item.outcome)} on, {item.after} comes first instead of {item.before}"
    )


def told(title: str, every: Sequence[Robustness]) -> str:
    """Return everything in plain lines."""
    lines = [title]
    for found in every:
        lines += ["", *_one(found)]
    return "\n".join(lines)


def _one(found: Robustness) -> Iterator[str]:
    yield f"{found.scenario}: {counted(found.points, 'point')} x {counted(found.seeds, 'seed')}, loss in standard deviations of single runs"
    yield f"  {headline(found)}"
    yield from (f"  {line}" for line in _ranks(found))
    if found.satisfied:
        yield f"  Keeping {' and '.join(found.bounds)}:"
        for lever, item in found.satisfied.items():
            yield f"    {lever}: {percent(item.cases)} of the points on average over seeds, {percent(item.runs)} of single runs"
    firsts = sorted(found.first_under.items(), key=lambda pair: -pair[1])
    yield "  First under evenly drawn weights: " + ", ".join(f"{lever} {percent(share)}" for lever, share in firsts if share > 0.0)
    yield from (f"    {weight_words(item)}" for item in found.weight_flips[:SHOWN])
    if found.deciding:
        yield "  Where the order flips:"
        yield from (f"    {deciding_words(item, found.best)}" for item in found.deciding[:SHOWN])
    yield f"  {knowing_words(found)}"
    for value in found.knowing[:5]:
        yield f"    {value.name}: {number(value.gain)} ({number(value.low)} to {number(value.high)})"


def _ranks(found: Robustness) -> Iterator[str]:
    ranked = by_rule(found)
    width = max(len(lever) for lever in found.means)
    yield " " * width + "  " + "  ".join(item.rule.rjust(max(len(item.rule), 9)) for item in ranked)
    for lever in ranked[0].order:
        cells = (f"{item.order.index(lever) + 1} {number(score(item, lever))}".rjust(max(len(item.rule), 9)) for item in ranked)
        yield f"{lever.ljust(width)}  " + "  ".join(cells)


def score(item: Ranking, lever: str) -> float:
    """Return a lever's score by a rule."""
    return item.scores[lever]


def rules() -> list[tuple[str, str]]:
    """Return each rule with what it means."""
    return [(name, RULES_MEAN[name]) for name in RULES]
