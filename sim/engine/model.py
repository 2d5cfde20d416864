"""The Mesa model: the shell that students and notebooks know. One ``step()`` is one base tick of the order of play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
from mesa.agent import AgentSet

from sim.actors.agent import RowView
from sim.actors.forces import SECTION_TYPES
from sim.actors.institutions import Government, HeadquartersActor
from sim.actors.paramilitary import Fighter
from sim.actors.protesters import Protester
from sim.engine.between_days import end_day, mobilisation, recall
from sim.engine.due_events import calendar_of
from sim.engine.turn import play_tick
from sim.engine.world import begin_day, new_world
from sim.scenario.loader import Scenario
from sim.seats.seat import Seat


class TheatreModel(mesa.Model):  # type: ignore[misc]  # Mesa ships no types
    """One run of a scenario.

    Parameters
    ----------
    scenario
        A checked scenario.
    seed
        Seed of the run; the model's own draws are keyed by scenario and seed, Mesa's generator is never asked.
    seats
        Who decides, by seat.
    """

    def __init__(self, scenario: Scenario, seed: int, seats: Mapping[str, Seat]) -> None:
        super().__init__(rng=seed)
        self._views: dict[type[RowView], list[RowView]] | None = None
        self.world = new_world(scenario, seed, seats)
        self._days = list(scenario.days)
        self._begin_next_day()
        command = scenario.framework.command
        for headquarters in command.headquarters:
            HeadquartersActor(self, headquarters)
        for government in command.governments:
            Government(self, government)
        for unit in command.units:
            if rows := self.world.unit_rows.get(unit.id):
                for number in range(unit.sections):
                    SECTION_TYPES[str(unit.organisation)](self, unit, number, rows.start + number)

    @property
    def over(self) -> bool:
        """Whether the last day is over."""
        return not self._days and self.world.tick >= self.world.end_tick

    def step(self) -> None:
        """Play one base tick; the tick after a day's last is the first of the next day."""
        if self.over:
            raise RuntimeError("the run is over")
        self._play_tick()

    def play_to_end(self) -> None:
        """Play every tick that is left, as that many steps do, without asking Mesa's list of events between them: it holds no other."""
        played = 0
        while not self.over:
            self._play_tick()
            played += 1
        self.steps += played
        self.time += played

    def _play_tick(self) -> None:
        play_tick(self.world)
        if self.world.tick >= self.world.end_tick:
            end_day(self.world, self._days[0] if self._days else None)
            if self._days:
                self._begin_next_day()

    def _begin_next_day(self) -> None:
        day = self._days.pop(0)
        begin_day(self.world, day, mobilisation(self.world, day))
        recall(self.world)
        self.world.calendar = calendar_of(self.world)
        self._views = None

    @property
    def protesters(self) -> AgentSet:
        """Every person of today's crowds as a live read-only view, whether on site or not; made on first request."""
        return AgentSet(self._views_of(Protester), random=self.random)

    @property
    def fighters(self) -> AgentSet:
        """Every member of today's armed group as a live read-only view; made on first request."""
        return AgentSet(self._views_of(Fighter), random=self.random)

    def _views_of(self, kind: type[RowView]) -> list[RowView]:
        """Return the views of one kind, which the model holds (an AgentSet alone would let them go)."""
        if self._views is None:
            operation = self.world.operation
            people = [
                Protester(self, int(name), row, site)
                for site in self.world.sites.values()
                for row, name in enumerate(site.state.people["id"])
            ]
            armed = [Fighter(self, int(name), row) for row, name in enumerate(operation.fighters["id"])] if operation is not None else []
            self._views = {Protester: people, Fighter: armed}
        return self._views[kind]

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Agents by their class, protesters and fighters included where there are any."""
        views = {Protester: self.protesters, Fighter: self.fighters}
        return {**super().agents_by_type, **{kind: found for kind, found in views.items() if kind is Protester or len(found)}}

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents, protesters and fighters included where there are any."""
        return [*super().agent_types, Protester, *([Fighter] if len(self.fighters) else [])]
