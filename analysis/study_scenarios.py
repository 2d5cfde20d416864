"""Scenarios of a study: found, loaded, and known again by a digest of all that shapes their runs.

Not checked: whether a setting that a scenario takes changes anything in it (an authority that no doctrine uses changes nothing).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.study_file import Study
from sim.api import Campaign, InputError, Problem, effective_digest, load, nearest, outcomes_in_play

type Playable = Any
"""A scenario or a campaign."""


@dataclass(frozen=True)
class StudyScenario:
    """A scenario of a study.

    Attributes
    ----------
    label
        As the study names it; so it stands in tables.
    where
        What a run is asked for: a shipped name, or a folder.
    """

    label: str
    where: str
    playable: Playable

    @property
    def streams(self) -> frozenset[str]:
        """Names by which draws are keyed: runs of one seed that share a name have the same people and the same luck there."""
        episodes = getattr(self.playable, "episodes", {}).values()
        own = str(getattr(self.playable, "whole_name", self.playable.name))
        return frozenset((own, *(str(episode.whole_name) for episode in episodes)))


def scenarios_of(study: Study) -> tuple[list[StudyScenario], list[Problem]]:
    """Return the scenarios that a study names, and a complaint about each that cannot be loaded."""
    found: list[StudyScenario] = []
    problems: list[Problem] = []
    for place, label in enumerate(study.scenarios):
        where = found_beside(label, study.folder)
        try:
            found.append(StudyScenario(label, where, load(where)))
        except InputError as error:
            for problem in error.problems:
                own = problem.where == where
                problems.append(study.problem(("scenarios", place), problem.what, problem.remedy) if own else problem)
    return found, problems


def found_beside(label: str, folder: Path) -> str:
    """Return what a run is asked for: the folder of that name beside a file where there is one, else the name itself."""
    beside = folder / label
    return str(beside) if any((beside / name).is_file() for name in ("scenario.yaml", "campaign.yaml")) else label


def digest_under(playable: Playable) -> str:
    """Return a digest of everything that shapes a run of a scenario, or a campaign, as it is configured."""
    if not isinstance(playable, Campaign):
        return effective_digest(playable)
    digest = hashlib.sha256(f"{playable.name} {playable.until} {sorted(playable.choices.items())}".encode())
    for path in sorted(playable.folder.glob("*.yaml")):
        digest.update(path.name.encode() + path.read_bytes())
    for name, scenario in sorted(playable.episodes.items()):
        digest.update(f"{name} {effective_digest(scenario)}".encode())
    values = {name: item.value for name, item in playable.parameters.valued.items()}
    digest.update(repr((sorted(values.items()), sorted(playable.settings.items()), playable.dated)).encode())
    return digest.hexdigest()[:24]


def outcomes_of(study: Study, scenarios: list[StudyScenario]) -> tuple[tuple[str, ...], dict[str, Any], list[Problem]]:
    """Return the outcomes that are kept, what is known of each by its name, and complaints about those that no scenario shows."""
    told = {item.name: item for scenario in scenarios for item in outcomes_in_play(scenario.playable)}
    if isinstance(study.outcomes, str):
        return tuple(told), told, []
    paths = {path for scenario in scenarios for path in _paths(scenario.playable)}
    problems = [
        study.problem(("outcomes", place), f"no scenario of this study shows '{path}'", _remedy(path, told, paths))
        for place, path in enumerate(study.outcomes)
        if path not in paths
    ]
    known = {path: told[path.rpartition("/")[2]] for path in study.outcomes if path in paths}
    return study.outcomes, known, problems


def _remedy(path: str, told: Mapping[str, Any], paths: set[str]) -> str:
    return nearest(path, paths if "/" in path else told)


def _paths(playable: Playable) -> Iterator[str]:
    """Give the paths of outcomes: of the whole run, of a day, of a site on a day."""
    for item in outcomes_in_play(playable):
        yield item.name
        if not item.whole_run:
            for day in getattr(playable, "days", ()):
                yield f"{day.name}/{item.name}"
                yield from (f"{day.name}/{site}/{item.name}" for site in day.sites)
