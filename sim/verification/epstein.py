"""Epstein's civil violence, Model I, played through the project's own rules: they are Epstein's in a limit.

Citizens and police stand on a torus, one to a cell. In an order drawn anew each step, each citizen looks round and turns
active or quiet by :mod:`sim.deterrence` with certainty 1, severity 1, no anger, zero width, endless rate and no hysteresis;
each police officer arrests one active in view, drawn at random, for a term of 0 to the longest inclusive; both then move
to a random empty cell in view. A jailed citizen keeps his cell and decides again on the step after his term. View is the
von Neumann diamond of the given radius without its centre; a citizen counts himself among the actives.

Sources: Epstein (2002), PNAS 99 suppl. 3, Model I. Where the paper is silent, Mesa's shipped example is followed (each
cell draws what it holds; view; jailed keep their cells), but here citizens and police have a view each, while Mesa gives
both the police's. Not modelled: Model II (two groups, killing), tension index, jailed people out of the way.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.foundations.chance import run_key
from sim.foundations.columns import table
from sim.foundations.errors import InputError, Problem
from sim.verification.epstein_grid import CELLS, HISTORY, LIMIT, ORDER, PEOPLE, PLAN, TERMS, Holds, draw_places, endow, play
from sim.vocabulary import CertaintyForm, RatioForm

CALM_ACTIVES = 50
"""An outburst is a spell of steps with more actives than this, as Epstein (2002) counts them for waiting times."""

MOST_VIEW_ENTRIES = 100_000_000


@dataclass(frozen=True)
class CivilViolence:
    """A setting of Epstein's Model I. The defaults are those of his second run (outbursts that recur).

    Attributes
    ----------
    width, height
        Size of the torus in cells.
    citizen_density, police_density
        Chance that a cell begins with a citizen, with police.
    citizen_vision, police_vision
        Radius of the diamond that each looks over and moves in.
    legitimacy, threshold
        Epstein's L and T.
    detention_steepness
        Epstein's k: 2.3 makes one officer to one active a certainty of arrest of 0.9.
    max_jail_term
        Longest term, in steps.
    ratio_form
        Police to actives as printed (raw), rounded down (floor) or to the nearest whole (as Mesa's example does).
    movement
        Whether people move.
    steps
        Steps to play.
    legitimacy_at, police_at
        ``(step, value)``: from that step on, before anybody acts, legitimacy has this value, or police are withdrawn or
        posted until they are this share of the cells.
    """

    width: int = 40
    height: int = 40
    citizen_density: float = 0.7
    police_density: float = 0.04
    citizen_vision: int = 7
    police_vision: int = 7
    legitimacy: float = 0.82
    threshold: float = 0.1
    detention_steepness: float = 2.3
    max_jail_term: int = 30
    ratio_form: RatioForm = RatioForm.NEAREST
    movement: bool = True
    steps: int = 200
    legitimacy_at: tuple[tuple[int, float], ...] = ()
    police_at: tuple[tuple[int, float], ...] = ()

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.width * self.height

    def check(self) -> None:
        """Refuse a setting that cannot be played; InputError names every field at fault."""
        problems = [*_share_problems(self), *_size_problems(self), *_schedule_problems(self)]
        if problems:
            raise InputError(problems)


def _share_problems(setting: CivilViolence) -> Iterator[Problem]:
    for name in ("citizen_density", "police_density", "legitimacy", "threshold"):
        value = getattr(setting, name)
        if not 0.0 <= value <= 1.0:
            yield Problem(name, f"{value} is not a share", "give a number from 0 to 1")
    most = max([setting.police_density, *(value for _, value in setting.police_at)])
    if setting.citizen_density + most > 1.0:
        yield Problem("police_density", f"citizens {setting.citizen_density} and police {most} overfill the cells", "lower one")
    if not 0.0 <= setting.detention_steepness < math.inf:
        yield Problem("detention_steepness", f"{setting.detention_steepness} is out of range", "give a number of 0 or more")


def _size_problems(setting: CivilViolence) -> Iterator[Problem]:
    for name, low, high in (
        ("citizen_vision", 1, 100),
        ("police_vision", 1, 100),
        ("max_jail_term", 0, 1_000_000),
        ("steps", 1, 1_000_000),
    ):
        if not low <= getattr(setting, name) <= high:
            yield Problem(name, f"{getattr(setting, name)} is out of range", f"give a whole number from {low} to {high}")
    vision = max(setting.citizen_vision, setting.police_vision)
    if min(setting.width, setting.height) < 2 * vision + 1:
        remedy = f"make both sides {2 * vision + 1} or more, or shorten vision"
        yield Problem("size", f"on {setting.width}x{setting.height} a view of radius {vision} would meet itself", remedy)
    if setting.cells * 2 * vision * (vision + 1) > MOST_VIEW_ENTRIES:
        yield Problem("size", f"{setting.width}x{setting.height} at vision {vision} is too large", "make the grid smaller")


def _schedule_problems(setting: CivilViolence) -> Iterator[Problem]:
    for name in ("legitimacy_at", "police_at"):
        steps = [step for step, _ in getattr(setting, name)]
        for step, value in getattr(setting, name):
            if not 1 <= step <= setting.steps:
                yield Problem(name, f"step {step} is not played", f"give a step from 1 to {setting.steps}")
            if not 0.0 <= value <= 1.0:
                yield Problem(name, f"{value} at step {step} is not a share", "give a number from 0 to 1")
        for step in sorted({step for step in steps if steps.count(step) > 1}):
            yield Problem(name, f"step {step} is given twice", "keep one of them")


def view_of(width: int, height: int, vision: int) -> np.ndarray:
    """Return for each cell the cells within *vision* steps of it on the torus, itself left out: (cells, in view)."""
    reach = range(-vision, vision + 1)
    offsets = [(north, east) for north in reach for east in reach if 0 < abs(north) + abs(east) <= vision]
    north, east = np.array(offsets, dtype=np.int32).T
    row, column = np.divmod(np.arange(width * height, dtype=np.int32)[:, None], np.int32(width))
    return np.ascontiguousarray((row + north) % height * width + (column + east) % width, dtype=np.int32)


def plan_of(setting: CivilViolence) -> np.ndarray:
    """Return legitimacy and police for each step."""
    plan = table(PLAN, setting.steps + 1)
    plan["legitimacy"], plan["police"] = setting.legitimacy, -1
    for step, value in sorted(setting.legitimacy_at):
        plan["legitimacy"][step:] = value
    for step, value in sorted(setting.police_at):
        plan["police"][step:] = round(value * setting.cells)
    return plan


def _settings(setting: CivilViolence, seed: int) -> np.ndarray:
    settings = np.zeros(1, dtype=TERMS)
    own = {
        "run_key": run_key("epstein", seed),
        "max_jail_term": setting.max_jail_term,
        "movement": setting.movement,
        "ratio_form": setting.ratio_form,
        "certainty_form": CertaintyForm.IDENTITY,
        "threshold": setting.threshold,
        "steepness": setting.detention_steepness,
    }
    for name, value in (own | LIMIT).items():
        settings[name] = value
    return settings


def _population(setting: CivilViolence, most_police: int, settings: np.ndarray) -> np.ndarray:
    """Return the people: each cell draws what it holds, so that denser police leave everybody else in place."""
    shares = np.empty(setting.cells)
    draw_places(shares, settings)
    citizens = np.flatnonzero(shares < setting.citizen_density)
    police = np.flatnonzero((shares >= setting.citizen_density) & (shares < setting.citizen_density + setting.police_density))
    police = police[np.argsort(shares[police], kind="stable")]
    reserve = max(0, most_police - police.size)
    people = table(PEOPLE, citizens.size + police.size + reserve)
    people["id"] = np.concatenate([citizens, setting.cells + np.arange(police.size + reserve)])
    people["cell"] = np.concatenate([citizens, police, np.full(reserve, -1)])
    endow(people, settings)
    return people


def _occupied(people: np.ndarray, cell_count: int, view: np.ndarray) -> np.ndarray:
    """Return the cells with everybody on them, all citizens quiet."""
    cells = table(CELLS, cell_count)
    cells["person"] = -1
    rows = np.flatnonzero(people["cell"] >= 0)
    at = people["cell"][rows]
    cells["person"][at] = rows
    cells["holds"][at] = np.where(people["id"][rows] >= cell_count, Holds.POLICE, Holds.QUIET)
    cells["police_seen"], cells["actives_seen"] = counts_in_view(cells, view)
    return cells


def counts_in_view(cells: np.ndarray, view: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return police and actives in view of each cell, by definition: counted afresh."""
    around = cells["holds"][view]
    return (around == Holds.POLICE).sum(axis=1), (around == Holds.ACTIVE).sum(axis=1)


@dataclass(frozen=True)
class Outburst:
    """A spell of steps with more than :data:`CALM_ACTIVES` actives."""

    start: int
    steps: int
    peak_active: int
    total_active: int


def outbursts(actives: np.ndarray, calm: int = CALM_ACTIVES) -> list[Outburst]:
    """Return the maximal spells with more than *calm* actives; a step at *calm* or below parts two outbursts."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], actives > calm, [False]]).astype(np.int8)))
    spells = ((int(start), actives[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True))
    return [Outburst(start, len(spell), int(spell.max()), int(spell.sum())) for start, spell in spells]


@dataclass(frozen=True)
class Course:
    """What a run came to.

    Attributes
    ----------
    history
        One row a step, the first before anybody acted (:data:`HISTORY`).
    people, cells
        The last state.
    """

    history: np.ndarray
    people: np.ndarray
    cells: np.ndarray

    @property
    def peak_active(self) -> int:
        """Most actives at the end of any step."""
        return int(self.history["actives"].max())

    @property
    def mean_active(self) -> float:
        """Actives, averaged over the steps played."""
        return float(self.history["actives"][1:].mean())

    @property
    def mean_jailed(self) -> float:
        """Jailed, averaged over the steps played."""
        return float(self.history["jailed"][1:].mean())

    @property
    def outbursts(self) -> list[Outburst]:
        """Outbursts by :data:`CALM_ACTIVES`."""
        return outbursts(self.history["actives"])

    def digest(self) -> str:
        """Return a digest of the history and of the people in order of id."""
        people = self.people[np.argsort(self.people["id"])]
        return hashlib.sha256(self.history.tobytes() + people.tobytes()).hexdigest()


class Town:
    """A setting ready to play: tables built, nobody has acted yet."""

    def __init__(self, setting: CivilViolence, seed: int) -> None:
        setting.check()
        self.plan = plan_of(setting)
        self.settings = _settings(setting, seed)
        self.citizen_view = view_of(setting.width, setting.height, setting.citizen_vision)
        same = setting.police_vision == setting.citizen_vision
        self.police_view = self.citizen_view if same else view_of(setting.width, setting.height, setting.police_vision)
        self.people = _population(setting, int(self.plan["police"].max()), self.settings)
        self.cells = _occupied(self.people, setting.cells, self.citizen_view)
        self.order = table(ORDER, self.people.size + 1)
        self.history = table(HISTORY, setting.steps + 1)

    def play(self) -> Course:
        """Play all steps."""
        views = (self.citizen_view, self.police_view)
        play(self.people, self.cells, *views, self.order, self.plan, self.history, self.settings)
        return Course(self.history, self.people, self.cells)


def run(setting: CivilViolence, seed: int) -> Course:
    """Play Epstein's Model I once.

    Parameters
    ----------
    setting
        Parameters and schedules.
    seed
        Together with the name ``epstein`` it fixes every draw; the setting does not, so settings are compared pairwise.

    Raises
    ------
    InputError
        If the setting cannot be played.
    """
    return Town(setting, seed).play()
