"""Institutions: headquarters and governments, from scenario data.

A headquarters has its place in one chain of command and, where the scenario gives it one, a seat that decides for it.
A government presses and licenses; it commands no unit here.
"""

from __future__ import annotations

from typing import Any

from sim.actors.agent import Actor


class HeadquartersActor(Actor):
    """A headquarters: its level, superior, working delay and the authorities that it holds."""

    def __init__(self, model: Any, data: Any) -> None:
        super().__init__(model, data.id, str(data.organisation))
        self.data = data

    @property
    def superior(self) -> str | None:
        """Id of the headquarters above it."""
        superior: str | None = self.data.superior
        return superior

    @property
    def seat(self) -> str | None:
        """Name of the seat that decides for it, if any."""
        seats = self.model.world.scenario.file.seats
        return next((name for name, seat in seats.items() if seat.headquarters == self.name), None)


class Government(Actor):
    """A government: pressure as a dial of the scenario, licence as it stands now."""

    def __init__(self, model: Any, data: Any) -> None:
        super().__init__(model, data.id, "government")
        self.data = data

    @property
    def pressure(self) -> float:
        """How hard it presses, 0 to 1."""
        return float(self.data.pressure.value)

    @property
    def licence(self) -> float:
        """How much is done in its name now, 0 to 1."""
        return float(self.model.world.standing.licence[self.name])
