"""The search for surviving sets: history matching, modest by design, cheap looks first.

1. A first wave is drawn over the whole space and played plainly on the screening seeds: it is unselected, and is what
   identifiability reads.
2. Later waves are drawn around the nearest sets so far, each with half the spread. A set that is far off on one plain run is
   dropped at once; the rest see both screening seeds.
3. The nearest, and sets drawn closely round the declared values, are played on confirming seeds: some first, then all; a set
   that is ruled out on the way is played no more. All that statistics ask of a run (nothing planned, for P3) is given there
   together. A rise between two settings rules out no single set; validation shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import DUMMIES, Space, space_of
from analysis.expected import Expected, Setting, Statistic
from analysis.played import Played, Progress, play
from analysis.ruling_out import CUT, RULE, distance, middle, ruled_out
from analysis.surviving_sets import SurvivingSets
from sim.api import Scenario, model_digest

PLAIN: Setting = ()
"""A set as it is."""

SCREEN_SEEDS = (1001, 1002)
"""Seeds of the first look."""

CONFIRM_SEEDS = tuple(range(1003, 1009))
"""Seeds on which a set has to survive; none of them is used for validation."""

FEW_SEEDS, FEW_LEEWAY = 3, 2.0 * CUT
"""On so few confirming seeds a set is dropped only where it is off by so many allowances."""

FAR = 9.0
"""Distance (in bands and logarithms, summed) on one plain run beyond which a set of a later wave is dropped."""

NEAR_ENOUGH = 6.0
"""Distance up to which a screened set is looked at again."""

NEAR_SHAKE = 0.1
"""Standard deviation, in widths of the range, of sets that are drawn closely round the declared values."""

LOOKED_AT_AGAIN = 90
"""Most sets that are played on the confirming seeds, the nearest first."""


@dataclass(frozen=True)
class Screened:
    """The unselected first wave: what was put in and what came out.

    Attributes
    ----------
    rows
        Parameter values and dummies: shape ``(sets, parameters and dummies)``.
    statistics
        What was measured, each with its pattern's id; a rise is not, because two seeds cannot show one.
    values
        Median (share of runs) of each statistic for each set over the screening seeds.
    """

    rows: np.ndarray
    statistics: tuple[tuple[str, Statistic], ...]
    values: np.ndarray


@dataclass(frozen=True)
class Found:
    """What a search gave: survivors, the unselected wave, and the space of both."""

    space: Space
    sets: SurvivingSets
    screened: Screened


@dataclass(frozen=True)
class Search:
    """What stays the same over a search."""

    scenario: Scenario
    expected: Expected
    space: Space
    workers: int | None
    progress: Progress | None

    def play(self, rows: np.ndarray, setting: Setting, seeds: Sequence[int]) -> list[Played]:
        """Return the runs of each row under one setting, on all days."""
        sets = [self.space.values(row) for row in rows]
        return play(str(self.scenario.folder), sets, [setting], seeds, workers=self.workers, progress=self.progress)

    def measured(self) -> tuple[tuple[str, Statistic], ...]:
        """Return the statistics that screening measures: those of plain runs."""
        return tuple((pattern, item) for pattern, item in self.expected.emergent if item.settings == (PLAIN,))

    def screen(self, rows: np.ndarray, drop: bool) -> tuple[np.ndarray, list[Played]]:
        """Return each row's distance on the screening seeds, with its runs.

        Parameters
        ----------
        drop
            Whether rows that are far off on the first plain run are dropped (distance infinite) or played in full.
        """
        played = self.play(rows, PLAIN, SCREEN_SEEDS[:1])
        distances = np.array([distance(self.expected, item) for item in played])
        stays = np.flatnonzero(distances <= (FAR if drop else np.inf))
        for place, further in zip(stays, self.play(rows[stays], PLAIN, SCREEN_SEEDS[1:]), strict=True):
            played[place] = played[place].joined(further)
        distances = np.full(len(rows), np.inf)
        distances[stays] = [distance(self.expected, played[place]) for place in stays]
        return distances, played

    def confirmed(self, rows: np.ndarray) -> list[int]:
        """Return which rows survive on the confirming seeds, played with all that single statistics ask for given."""
        single = [item.settings[0] for _, item in self.expected.emergent if len(item.settings) == 1]
        given = tuple(sorted({name: value for setting in single for name, value in setting}.items()))
        kept, played = list(range(len(rows))), [Played({}) for _ in rows]
        for seeds, leeway in ((CONFIRM_SEEDS[:FEW_SEEDS], FEW_LEEWAY), (CONFIRM_SEEDS[FEW_SEEDS:], CUT)):
            for place, further in zip(kept, self.play(rows[kept], given, seeds), strict=True):
                played[place] = played[place].joined(Played(dict.fromkeys(single, further.runs[given])))
            kept = [place for place in kept if not ruled_out(self.expected, played[place], leeway)]
        return kept


def find(
    scenario: Scenario,
    expected: Expected,
    first: int,
    later: Sequence[int],
    seed: int,
    parents: SurvivingSets | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    near: int = 0,
) -> Found:
    """Return the sets that survive, and the unselected wave they came from.

    Parameters
    ----------
    first
        Sets drawn over the whole ranges, densest at the declared values.
    later
        Sets drawn in each later wave.
    seed
        Of the design.
    parents
        Survivors of an earlier search, looked at again as candidates.
    near
        Sets drawn closely round the declared values, which go straight to the confirming seeds.
    """
    space, rng = space_of(scenario), np.random.default_rng(seed)
    search = Search(scenario, expected, space, workers, progress)
    known = space.rows_of(parents, rng) if parents else np.zeros((0, len(space.low)))
    rows = space.draw(first, rng)
    distances, played = search.screen(rows, drop=False)
    screened = _screened(search, rows, played)
    pool, distances = np.vstack([known, rows]), np.append(search.screen(known, drop=True)[0], distances)
    shake = 0.1 if len(known) else 0.25
    for count in later:
        best = pool[np.argsort(distances, kind="stable")[: max(count // 10, 20)]]
        rows = space.children(best, count, shake, rng)
        pool, distances = np.vstack([pool, rows]), np.append(distances, search.screen(rows, drop=True)[0])
        shake /= 2
    order = np.argsort(distances, kind="stable")
    nearest = pool[[place for place in order if distances[place] <= NEAR_ENOUGH][:LOOKED_AT_AGAIN]]
    candidates = np.vstack([nearest, space.round_the_declared(near, NEAR_SHAKE, rng)])
    kept = candidates[search.confirmed(candidates)]
    told = {"drawn": [first, *later], "drawn_near": near, "looked_at_again": len(candidates), "survived": len(kept), "design_seed": seed}
    return Found(space, _surviving(search, kept, told, parents), screened)


def _screened(search: Search, rows: np.ndarray, played: Sequence[Played]) -> Screened:
    statistics = search.measured()
    good = [place for place, item in enumerate(played) if not any(item.failures())]
    values = [[middle(item, played[place].values(item)) for _, item in statistics] for place in good]
    return Screened(rows[good], statistics, np.array(values).reshape(len(good), len(statistics)))


def _surviving(search: Search, kept: np.ndarray, told: Mapping[str, object], parents: SurvivingSets | None) -> SurvivingSets:
    provenance = {
        "patterns": [pattern.id for pattern in search.expected.patterns],
        "model": model_digest(),
        **told,
        "screen_seeds": list(SCREEN_SEEDS),
        "confirm_seeds": list(CONFIRM_SEEDS),
        "dummies": DUMMIES,
        "dummies_from_the_start": parents is None or bool(parents.dummies and parents.provenance.get("dummies_from_the_start")),
        "rule": RULE,
        "earlier": dict(parents.provenance) if parents is not None else None,
    }
    names = search.space.names
    sets, dummies = _rounded(kept[:, : len(names)], 6), _rounded(kept[:, len(names) :], 3)
    return SurvivingSets(provenance, names, sets, dummies)


def _rounded(rows: np.ndarray, digits: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(f"{value:.{digits}g}") for value in row) for row in rows)
