"""Levers of a study: policy options crossed with values of single settings, each as the settings that it comes to in each scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from analysis.compare_options import TOGETHER
from analysis.study_file import Place, Study
from analysis.study_scenarios import Playable, StudyScenario
from sim.api import InputError, Problem, beside_options, configured, load_options, nearest, spoken_names, why_no_path

BASELINE = "baseline"
EVERY = "all"


@dataclass(frozen=True)
class Lever:
    """What is chosen in some of the experiments.

    Attributes
    ----------
    label
        ``1.2``, ``roe.explicitness=0.2`` or ``1.2, roe.explicitness=0.2``.
    option
        Ids of options, joined by ``+``.
    settings
        What was crossed with the option, as typed.
    by_scenario
        All settings by the scenario's label.
    """

    label: str
    option: str
    settings: Mapping[str, str]
    by_scenario: Mapping[str, Mapping[str, str]]


type Configured = Mapping[tuple[str, str], Playable]
"""Scenarios as they are under each lever, by the scenario's and the lever's labels."""


def levers_of(study: Study, scenarios: list[StudyScenario]) -> tuple[list[Lever], Configured, list[Problem]]:
    """Return the levers in the order in which they are played, the scenarios under each, and every complaint about them."""
    options, problems = _options(study, scenarios)
    values, wrong = _values(study, scenarios)
    problems += wrong
    levers: list[Lever] = []
    under: dict[tuple[str, str], Playable] = {}
    for option in options:
        for chosen in product(*values.values()):
            lever, found, wrong = _lever(study, option, dict(zip(values, chosen, strict=True)), scenarios)
            levers.append(lever)
            under |= found
            problems += wrong
    return levers, under, list(dict.fromkeys(problems))


def _values(study: Study, scenarios: list[StudyScenario]) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the values of each setting that every scenario takes by itself, and complaints about the others."""
    kept: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for name, values in sorted(study.levers.settings.items()):
        for place, value in enumerate(values):
            at, wrong = ("levers", "settings", name, place), [*_wrong_alone(name, value, scenarios)]
            problems += [study.problem(at, f"{name}={value}: {problem.what}", problem.remedy) for problem in wrong]
            kept.setdefault(name, []).extend([] if wrong else [value])
    return {name: values for name, values in kept.items() if values}, problems


def _wrong_alone(name: str, value: str, scenarios: list[StudyScenario]) -> Iterator[Problem]:
    for scenario in scenarios:
        try:
            configured(scenario.playable, {name: value})
        except InputError as error:
            yield from error.problems


def _options(study: Study, scenarios: list[StudyScenario]) -> tuple[list[str], list[Problem]]:
    """Return the options that are known and have a path in every scenario; all of those shipped where the study says all."""
    asked = study.levers.options
    if isinstance(asked, str):
        first = sorted(load_options(), key=lambda name: name != BASELINE)
        return [name for name in first if not any(why_no_path(name, scenario.playable) for scenario in scenarios)], []
    kept, problems = [], []
    for place, option in enumerate(asked):
        wrong = [*_complaints(study, ("levers", "options", place), option, scenarios)]
        problems += wrong
        kept += [] if wrong else [option]
    return kept, problems


def _complaints(study: Study, place: Place, option: str, scenarios: list[StudyScenario]) -> Iterator[Problem]:
    parts = option.split(TOGETHER)
    for part in parts:
        if part not in load_options():
            yield study.problem(place, f"there is no option '{part}'", nearest(part, [EVERY, *load_options()]))
        elif part == BASELINE and len(parts) > 1:
            yield study.problem(place, "the baseline is joined with an option, which is the option alone", "leave the baseline out")
        else:
            for scenario in scenarios:
                if why := why_no_path(part, scenario.playable):
                    what = f"option '{part}' has no path in {scenario.label}: {why}"
                    yield study.problem(place, what, "leave the option or the scenario out")


def _lever(
    study: Study, option: str, settings: Mapping[str, str], scenarios: list[StudyScenario]
) -> tuple[Lever, dict[tuple[str, str], Playable], list[Problem]]:
    typed = ", ".join(f"{name}={value}" for name, value in settings.items())
    label = typed if typed and option == BASELINE else f"{option}, {typed}" if typed else option
    by_scenario: dict[str, Mapping[str, str]] = {}
    under: dict[tuple[str, str], Playable] = {}
    problems: list[Problem] = []
    for scenario in scenarios:
        try:
            come_to = beside_options(option.split(TOGETHER), scenario.playable, settings)
            under[scenario.label, label] = configured(scenario.playable, come_to)
            by_scenario[scenario.label] = come_to
        except InputError as error:
            problems += [_in_study(study, problem, settings, option, scenario) for problem in error.problems]
    return Lever(label, option, settings, by_scenario), under, problems


def _in_study(study: Study, problem: Problem, settings: Mapping[str, str], option: str, scenario: StudyScenario) -> Problem:
    """Return a complaint about an option, alone or with settings, with the place where the study names them."""
    name = problem.where.removeprefix("--set ")
    if name not in settings:
        what = f"option '{option}' cannot be played in {scenario.label}: {problem.what}"
        return study.problem(("levers", "options"), what, problem.remedy)
    place = study.levers.settings[name].index(settings[name])
    what = f"{name}={settings[name]} cannot go with option '{option}': it {problem.what}"
    return study.problem(("levers", "settings", name, place), what, problem.remedy)


def set_by(levers: list[Lever]) -> dict[str, str]:
    """Return the parameters that a lever sets, each with a lever that does; a point's value would be laid aside there."""
    known = spoken_names()
    return {
        known[name].name: lever.label for lever in levers for settings in lever.by_scenario.values() for name in settings if name in known
    }
