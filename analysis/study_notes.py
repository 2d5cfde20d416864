"""What goes with a plan in words: which runs are paired, and how the study was understood."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from analysis.study_file import Study
from analysis.study_levers import Lever
from analysis.study_scenarios import StudyScenario
from analysis.study_uncertainties import ASSUMPTION, Uncertain


def pairing_of(scenarios: list[StudyScenario]) -> list[str]:
    """Return in words which runs of a study share people and luck; all others are independent."""
    told = [
        "the same scenario and seed have the same people and the same luck under every lever, at every point and form: paired on purpose"
    ]
    for one, other in combinations(scenarios, 2):
        shared = sorted(one.streams & other.streams)
        if shared:
            told.append(f"{one.label} and {other.label} play {' and '.join(shared)} on the same luck where their seeds are the same")
    return [*told, "no two other runs share a stream"]


def notes_of(study: Study, scenarios: list[StudyScenario], uncertain: Uncertain, source: str, levers: list[Lever]) -> list[str]:
    """Return what somebody who reads the results ought to know of how the study was understood.

    Parameters
    ----------
    source
        Where parameter sets come from; empty where points are drawn.
    """
    told = [f"{name} is not varied: the lever '{lever}' sets it" for name, lever in uncertain.laid_aside.items()]
    if isinstance(study.levers.options, str):
        told.append(f"all options: the {len({lever.option for lever in levers})} with a path in every scenario of the study")
    if source:
        told.append(f"parameter sets: {source}; what they do not hold stays as declared")
    if study.uncertainties == "all":
        grounded = len({*_grounded(scenarios)})
        told += (
            [f"{grounded} ranges are better grounded than an assumption and stay as declared ('ranged' varies them too)"]
            if grounded
            else []
        )
    return [*told, *_beyond(scenarios, uncertain)]


def _grounded(scenarios: list[StudyScenario]) -> Iterator[str]:
    for scenario in scenarios:
        for name, item in scenario.playable.parameters.valued.items():
            if scenario.playable.reads(name) and item.grade != ASSUMPTION and item.low is not None and item.high > item.low:
                yield name


def _beyond(scenarios: list[StudyScenario], uncertain: Uncertain) -> Iterator[str]:
    """Tell which margins go beyond the range in which the truth was said to lie."""
    valued = scenarios[0].playable.parameters.valued
    for item in uncertain.numbers:
        declared = valued[item.parameter]
        if declared.low is not None and declared.high is not None and (item.low < declared.low or item.high > declared.high):
            yield f"{item.name} goes beyond its declared range, {declared.low:g} to {declared.high:g}"
