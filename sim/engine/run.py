"""A run: seats chosen, the model played to its end, the record and the outcomes kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.doctrine.lever_effects import left_after
from sim.doctrine.seat_orders import Organisation
from sim.engine.model import TheatreModel
from sim.engine.outcomes import outcomes_of
from sim.engine.turn import DECISION
from sim.engine.world import SiteInPlay, World
from sim.foundations.errors import input_error
from sim.scenario.episode_inputs import drawn_inputs
from sim.scenario.loader import Scenario
from sim.scenario.settings import configured
from sim.seats.doctrine_table import DoctrineSeat
from sim.seats.scripted_history import ScriptedSeat
from sim.seats.seat import DailySeat, Seat
from sim.vocabulary import OrderKind

LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Finished:
    """What a run leaves.

    Attributes
    ----------
    frames
        By day and site: where everybody was every few minutes, where asked for.
    """

    model: TheatreModel
    outcomes: dict[str, float]
    digest: str
    frames: dict[tuple[str, str], list[Frame]]

    @property
    def world(self) -> World:
        """The finished world."""
        world: World = self.model.world
        return world


@dataclass(frozen=True)
class Frame:
    """Where everybody was at one tick: for the report's map."""

    tick: int
    cells: np.ndarray
    conducts: np.ndarray
    section_cells: np.ndarray
    section_levels: np.ndarray
    agents: np.ndarray


def automatic_seats(scenario: Scenario) -> dict[str, Seat]:
    """Return the seats that play by their doctrine tables, each day's own."""
    return {
        name: DailySeat(
            {
                day.name: DoctrineSeat(day.doctrines[name], name, _selectivity(scenario, name), _patience(scenario, name))
                for day in scenario.days
            }
        )
        for name in scenario.file.seats
    }


def historical_seats(scenario: Scenario) -> dict[str, Seat]:
    """Return the seats that re-enact history: a diagnostic, not a test of the model."""
    interval = DECISION * scenario.clock().base_tick_min
    return {
        name: DailySeat(
            {day.name: ScriptedSeat(name, day.file.history.get(name, ()), interval, _selectivity(scenario, name)) for day in scenario.days}
        )
        for name in scenario.file.seats
    }


def _patience(scenario: Scenario, seat: str) -> float:
    """Return the share of its doctrine's patience before a push that a seat has: less for KFOR the surer it is of its training."""
    if scenario.file.seats[seat].organisation is not Organisation.KFOR:
        return 1.0
    return left_after(scenario.parameters.number("training_effort"), scenario.parameters.number("training_confidence"))


def _selectivity(scenario: Scenario, seat: str) -> Mapping[OrderKind, float]:
    """Return whom each kind of order hits where the seat leaves it open: the default of the rules of engagement."""
    return scenario.framework.rules.selectivity_defaults(scenario.file.seats[seat].organisation)


def new_model(scenario: Scenario, seed: int, seats: Mapping[str, Seat] | None = None) -> TheatreModel:
    """Return a model at the start of its run, by default with automatic seats; InputError for an impossible seed.

    Episode inputs that nobody has fixed are drawn here, and stand in the settings of the model's scenario.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise input_error("--seed", f"{seed} lies outside 0 to {LARGEST_SEED}", "give a whole number from 0 up")
    drawn = drawn_inputs(scenario, seed)
    scenario = configured(scenario, drawn) if drawn else scenario
    return TheatreModel(scenario, seed, automatic_seats(scenario) if seats is None else seats)


def play(scenario: Scenario, seed: int, seats: Mapping[str, Seat] | None = None, frames_every: int = 0) -> Finished:
    """Play a scenario to its end and return what it leaves.

    Parameters
    ----------
    frames_every
        Base ticks between two frames for the map; 0 keeps none (sweeps).
    """
    model = new_model(scenario, seed, seats)
    frames: dict[tuple[str, str], list[Frame]] = {}
    if not frames_every:
        model.play_to_end()
    while not model.over:
        world = model.world
        if world.tick % frames_every == 0:
            for name, site in world.sites.items():
                frames.setdefault((world.day.name, name), []).append(_frame(world, site))
        model.step()
    return Finished(model, outcomes_of(model.world), model.world.record.digest(), frames)


def _frame(world: World, site: SiteInPlay) -> Frame:
    state = site.state
    present = np.where(state.sections["on_site"] == 1, state.sections["cell"], -1)
    return Frame(
        world.tick,
        state.people["cell"].copy(),
        state.people["conduct"].copy(),
        present,
        state.sections["level"].copy(),
        state.agents.copy(),
    )
