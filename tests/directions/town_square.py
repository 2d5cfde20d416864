"""A square with one crowd and one line, small enough to play many times: Zvečan's plan, a chosen crowd, chosen forces.

Nobody orders anything but the test. Two squares with the same seed have the same people and the same luck: what differs
between them is what the test changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from sim.doctrine.command import PostName
from sim.doctrine.orders import Decision, Order
from sim.engine.decisions import carry_out
from sim.engine.model import TheatreModel
from sim.engine.run import new_model
from sim.engine.state import Incident, Post
from sim.engine.world import SiteInPlay, World
from sim.scenario.loader import Scenario, load_scenario
from sim.scenario.parameters import shipped_parameters
from sim.scenario.schema import Deployment
from sim.seats.picture import Picture
from sim.vocabulary import Conduct, OrderKind, Verdict

KFOR, POLICE, CROWD = "kfor_zvecan", "kp_zvecan", "crowd_zvecan"

type Unit = tuple[str, PostName]

HUNGARIANS: Unit = ("hungarian_company", PostName.OUTER_CORDON)
ITALIANS: Unit = ("italian_alpini", PostName.OUTER_CORDON)
POLES: Unit = ("polish_platoon", PostName.OUTER_CORDON)
"""Units of the line: ten, twelve and three sections of ten."""
SECOND_COMPANY: Unit = ("ktrbn_second_company", PostName.SECOND_LINE)
"""Ten sections of ten behind it."""
SPECIAL_POLICE: Unit = ("kp_special_door", PostName.DOOR)
MORE_SPECIAL_POLICE: Unit = ("kp_special_reserve", PostName.SECOND_LINE)
"""Three sections each that can detain."""


@cache
def middling() -> dict[str, float]:
    """Return the parameters that are fitted to the days of May, each at the middle of its range: a new fit changes no test."""
    fitted = {name: item for name, item in shipped_parameters().valued.items() if "in view" in item.source}
    return {name: (item.low + item.high) / 2.0 for name, item in fitted.items() if item.low is not None and item.high is not None}


SAME_DAY = {
    "crowd_turnout_low": 1.0,
    "crowd_turnout_high": 1.0,
    "episode_volatility_spread": 0.0,
    "episode_injury_spread": 0.0,
    "planned_chance": 0.0,
    "gunfire_per_min": 0.0,
}
"""No difference from day to day, no prepared group, no shots."""

NOTHING_ELSE_MOVES_PEOPLE = {
    "contagion_per_min": 0.0,
    "special_police_provocation": 0.0,
    "own_hurt_provocation": 0.0,
    "own_detained_provocation": 0.0,
    "fear_of_detention_seen": 0.0,
    "fear_of_agents": 0.0,
    "legitimacy_lost_to_force": 0.0,
    "kfor_legitimacy_mean": 0.3,
    "kp_legitimacy_mean": 0.3,
    "eulex_legitimacy_mean": 0.3,
}
"""People whom neither violence in view nor fear nor which force they face moves: what still does is the rule under test."""

GATHERING_MIN = 15.0
"""Minutes until everybody who comes at the day's start stands in the square."""


class SilentSeat:
    """A seat that orders nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def decide(self, picture: Picture) -> list[Order]:
        return []


@cache
def scenario_with(persons: int, units: tuple[Unit, ...]) -> Scenario:
    """Return Zvečan on 29 May with so many people, who all come within a minute, these units, and no planned event."""
    whole = load_scenario("may_2023_zvecan")
    day = whole.days[0]
    crowd = day.file.crowds["zvecan"]
    wave = crowd.arrivals[0]
    everybody = wave.persons.model_copy(update={"low": persons, "central": persons, "high": persons})
    at_once = wave.spread_min.model_copy(update={"low": 1.0, "central": 1.0, "high": 1.0})
    wave = wave.model_copy(update={"begins": "06:00", "persons": everybody, "spread_min": at_once})
    forces = tuple(
        Deployment(unit=unit, site="zvecan", post=post, arrives="06:00", source="test", grade="assumption") for unit, post in units
    )
    crowds = {"zvecan": crowd.model_copy(update={"arrivals": (wave,)})}
    file = day.file.model_copy(update={"crowds": crowds, "deployments": forces, "events": (), "before": None})
    return replace(whole, days=(replace(day, file=file),))


@dataclass
class Square:
    """A crowd before a line."""

    model: TheatreModel

    @property
    def world(self) -> World:
        world: World = self.model.world
        return world

    @property
    def site(self) -> SiteInPlay:
        return self.world.sites["zvecan"]

    @property
    def people(self) -> np.ndarray:
        return self.site.state.people

    def line(self) -> np.ndarray:
        """Return which rows of the table of sections stand in the line."""
        sections = self.site.state.sections
        return np.flatnonzero((sections["on_site"] == 1) & (sections["post"] == Post.LINE))

    def keep(self, sections: int) -> Square:
        """Leave only so many sections in the line, spread evenly along it; the others go."""
        rows, table = self.line(), self.site.state.sections
        assert 0 < sections <= len(rows)
        table["on_site"][rows[sections:]] = 0
        table["bearing"][rows[:sections]] = (np.arange(sections) + 0.5) / sections
        return self.order(OrderKind.TAKE_CORDON)

    def order(self, kind: OrderKind, seat: str = KFOR, selectivity: float = 0.0) -> Square:
        """Let an order take effect, whatever mandate and rules would say."""
        carry_out(self.world, Order(seat, kind, selectivity, "forced", "zvecan"), Decision(Verdict.GRANTED, "FORCED"))
        return self

    def play(self, minutes: float) -> Square:
        for _ in range(self.world.clock.ticks_in(minutes)):
            self.model.step()
        return self

    def incidents(self, kind: Incident, since: int = 0) -> np.ndarray:
        """Return what happened of a kind from a tick on."""
        rows = self.site.record.incidents
        return rows[(rows["kind"] == kind) & (rows["tick"] >= since)]

    def turned_violent(self, since: int = 0) -> set[int]:
        """Return who turned violent from a tick on."""
        return set(self.incidents(Incident.TURNED_VIOLENT, since)["entity"].tolist())

    def watch(self, minutes: int) -> np.ndarray:
        """Play on and return who was violent at the end of each minute: shape ``(minutes, people)``."""
        return np.array([self.play(1).people["conduct"] == Conduct.VIOLENT for _ in range(minutes)])

    def detained(self) -> np.ndarray:
        """Return which people have been detained."""
        rows: np.ndarray = self.people["conduct"] == Conduct.DETAINED
        return rows

    def ground_given(self) -> int:
        """Return the steps that the sections of the line have given, in all."""
        return int(self.site.state.sections["given"][self.line()].sum())

    def hurt(self) -> int:
        """Return how many have been hurt on all sides."""
        return int(self.site.state.sections["hurt"].sum() + (self.people["grade"] > 0).sum())


def square(seed: int, persons: int = 150, units: Sequence[Unit] = (HUNGARIANS, SPECIAL_POLICE), **values: float | str) -> Square:
    """Return a square as the first people come, with the line formed."""
    scenario = scenario_with(persons, tuple(units))
    scenario = scenario.with_parameters(scenario.parameters.with_values({**middling(), **SAME_DAY, **values}))
    made = Square(new_model(scenario, seed, {name: SilentSeat(name) for name in scenario.file.seats}))
    return made.play(1).order(OrderKind.TAKE_CORDON)


def gathered(seed: int, persons: int = 150, units: Sequence[Unit] = (HUNGARIANS, SPECIAL_POLICE), **values: float | str) -> Square:
    """Return a square in which everybody stands before the line."""
    return square(seed, persons, units, **values).play(GATHERING_MIN)


@dataclass(frozen=True)
class Paired:
    """A contrast over seeds: the same luck with and without what is asked about."""

    differences: np.ndarray

    @property
    def mean(self) -> float:
        return float(self.differences.mean())

    @property
    def standard_error(self) -> float:
        return float(self.differences.std(ddof=1) / len(self.differences) ** 0.5)

    @property
    def rises(self) -> bool:
        """Whether the mean difference lies three standard errors or more above nothing."""
        return self.mean > 0.0 and self.mean >= 3.0 * self.standard_error

    @property
    def falls(self) -> bool:
        """Whether the mean difference lies three standard errors or more below nothing."""
        return self.mean < 0.0 and -self.mean >= 3.0 * self.standard_error

    @property
    def is_nothing(self) -> bool:
        """Whether the two never differ at all."""
        return not self.differences.any()

    def told(self, what: str) -> Paired:
        """Print the contrast (``pytest -s`` shows it)."""
        print(f"\n{what}: {self.mean:+.3f}, standard error {self.standard_error:.3f}, n = {len(self.differences)}")
        return self


def paired(difference: Callable[[int], float], seeds: Iterable[int]) -> Paired:
    """Return a difference between two squares of one seed, over seeds."""
    return Paired(np.array([difference(seed) for seed in seeds], dtype=float))
