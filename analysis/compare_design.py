"""Which points of the uncertainty space a comparison plays: surviving parameter sets, theory strengths drawn anew by panel.

A *case* is a set that the patterns do not rule out (where a scenario has none: a draw from the declared ranges), with the theories'
strengths moved into its panel and, where options' effects have declared sizes, a draw of those. Cases come in fours, one a panel, and
each has two seeds, so that chance and uncertainty can be told apart. A longer design begins with a shorter one, so that it can be
resumed. A share of this space is not a probability: ranges are declared, not estimated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from analysis.design import space_of, triangular
from analysis.panels import PANELS, WORDS, drawn_in, ends_of, settings_in
from analysis.surviving_sets import FILE, read_surviving
from sim.api import LEVER_CONCEPTS

SEEDS_A_CASE = 2
BLOCK = 16
"""Lever effects are spread evenly over so many cases of a panel at a time (Latin hypercube)."""

DESIGN_SEED = 5
STRATUM = "stratum"
"""Switch of an input that is no parameter and is not known: its accounts come in turn, as many cases each."""

type Playable = Any
"""A scenario or a campaign."""


@dataclass(frozen=True)
class CasePoint:
    """One point of the uncertainties.

    Attributes
    ----------
    settings
        What a panel needs beside numbers.
    """

    number: int
    panel: str
    values: Mapping[str, float]
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PairedRun:
    """A case and a seed on which every option is played: the same people and the same luck for all."""

    number: int
    case: CasePoint
    seed: int


@dataclass(frozen=True)
class Design:
    """The cases of a scenario, as many as are asked for.

    Attributes
    ----------
    sets
        Parameter sets dealt to the cases in turn; empty where each case draws its own from the declared ranges.
    source
        Where the sets come from, in words.
    """

    scenario: Playable
    sets: tuple[Mapping[str, float], ...]
    source: str

    @cached_property
    def strengths(self) -> Mapping[str, tuple[float, float]]:
        """The theories' parameters that are drawn anew, with their ranges."""
        return ends_of(self.scenario.parameters, self.scenario.reads)

    @cached_property
    def lever_effects(self) -> Mapping[str, tuple[float, float, float]]:
        """Sizes of options' effects that have a range: low, declared, high."""
        return dict(_lever_effects(self.scenario.parameters.valued))

    def pairs(self, count: int) -> list[PairedRun]:
        """Return the first *count* paired runs: rounds of one a panel, each case with its second seed in the next round."""
        size = len(PANELS)
        cases = self.cases((count + size * SEEDS_A_CASE - 1) // (size * SEEDS_A_CASE) * size)
        blocks = (divmod(number, size) for number in range(count))
        return [PairedRun(number, cases[block // SEEDS_A_CASE * size + place], number) for number, (block, place) in enumerate(blocks)]

    def cases(self, count: int) -> list[CasePoint]:
        """Return the first *count* cases, panels in turn."""
        dealt, effects = self._dealt(count), [self._effects(place, count // len(PANELS) + 1) for place in range(len(PANELS))]
        seats = getattr(getattr(self.scenario, "file", None), "seats", {})
        found = []
        for number in range(count):
            turn, place = divmod(number, len(PANELS))
            panel = PANELS[place]
            strengths = drawn_in(panel, self.strengths, np.random.default_rng((DESIGN_SEED, 3000, number)))
            values = {**next(dealt), **effects[place][turn], **strengths}
            settings = {**settings_in(panel, self.strengths, seats), **self._stratum(turn + place)}
            found.append(CasePoint(number, panel, values, settings))
        return found

    def _dealt(self, count: int) -> Iterator[Mapping[str, float]]:
        """Give parameter sets in shuffled order, each once before any comes again; what they do not hold is drawn."""
        places = chain.from_iterable(
            np.random.default_rng((DESIGN_SEED, turn)).permutation(len(self.sets)) for turn in range(count // max(len(self.sets), 1) + 1)
        )
        for drawn in self._drawn(count):
            yield {**drawn, **(self.sets[next(places)] if self.sets else {})}

    def _drawn(self, count: int) -> Iterator[Mapping[str, float]]:
        """Give draws from the declared ranges, densest at the declared values, a Latin hypercube a block."""
        space = space_of(self.scenario)
        for block in range(count // BLOCK + 1):
            for row in space.draw(BLOCK, np.random.default_rng((DESIGN_SEED, 1000, block))):
                yield space.values(row)

    def _stratum(self, turn: int) -> dict[str, str]:
        """Return the account of an input that is not known, in turn; nothing where the scenario has none."""
        switches = getattr(getattr(self.scenario, "file", None), "switches", None) or {}
        accounts = switches[STRATUM].accounts if STRATUM in switches else ()
        return {f"switch.{STRATUM}": accounts[turn % len(accounts)]} if accounts else {}

    def _effects(self, panel: int, count: int) -> list[dict[str, float]]:
        names = list(self.lever_effects)
        if not names:
            return [{} for _ in range(count)]
        low, centre, high = np.array([self.lever_effects[name] for name in names]).T
        rows: list[dict[str, float]] = []
        for block in range(count // BLOCK + 1):
            rng = np.random.default_rng((DESIGN_SEED, 2000, panel, block))
            shares = (np.column_stack([rng.permutation(BLOCK) for _ in names]) + rng.random((BLOCK, len(names)))) / BLOCK
            rows += [dict(zip(names, map(float, row), strict=True)) for row in triangular(shares, low, centre, high)]
        return rows

    def told(self) -> dict[str, Any]:
        """Return in words what was varied, for whoever reads the comparison."""
        return {
            "parameter_sets": self.source,
            "drawn_anew_by_panel": {name: list(ends) for name, ends in self.strengths.items()},
            "sizes_of_options_effects": {name: [low, high] for name, (low, _, high) in self.lever_effects.items()},
            "panels": dict(WORDS),
            "by_setting": sorted({f"{case.panel}: {name}={value}" for case in self.cases(BLOCK) for name, value in case.settings.items()}),
            "seeds_a_case": SEEDS_A_CASE,
            "note": "each panel has the same number of cases; a share of cases is a share of declared ranges, not a probability",
        }


def design_of(scenario: Playable) -> Design:
    """Return the design of a scenario: over its surviving sets, its episodes' joined, or its declared ranges."""
    folders = folders_of(scenario)
    found = [(path.parent.name, read_surviving(path)) for folder in folders if (path := folder / FILE).is_file()]
    if not found:
        return Design(scenario, (), "drawn from the declared ranges, densest at the declared values; no pattern has ruled any out")
    rng = np.random.default_rng(DESIGN_SEED)
    count = max(len(sets.sets) for _, sets in found)
    known = set(scenario.parameters.valued)
    joined = [dict[str, float]() for _ in range(count)]
    for _, sets in reversed(found):
        order = rng.permutation(max(count, len(sets.sets))) % len(sets.sets)
        for place, values in enumerate(joined):
            values.update({name: value for name, value in sets.values(order[place]).items() if name in known})
    source = " joined with ".join(f"{len(sets.sets)} surviving sets of {name}" for name, sets in found)
    return Design(scenario, tuple(joined), f"{source}: sets that the patterns do not rule out, without weights")


def folders_of(scenario: Playable) -> list[Path]:
    """Return the folders in which surviving sets and identifiability of a scenario stand: the whole's, a campaign's episodes'."""
    episodes = getattr(scenario, "episodes", {})
    return [episode.whole for episode in episodes.values()] or ([scenario.whole] if hasattr(scenario, "whole") else [])


def _lever_effects(valued: Mapping[str, Any]) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """Give the parameters of levers' effects that have a range, without the levers themselves."""
    for item in (item for concept in LEVER_CONCEPTS for item in concept):
        if item.name in valued and not item.meaning.startswith("lever:"):
            found = valued[item.name]
            if found.low is not None and found.high is not None and found.high > found.low:
                yield item.name, (found.low, float(found.value), found.high)
