"""Protesters: one person, one row; here as Mesa agents on request.

Not modelled: a person's life outside the day.
"""

from __future__ import annotations

from typing import Any

from sim.actors.agent import RowView
from sim.vocabulary import Conduct, Grade, Role


class Protester(RowView):
    """One person of a crowd."""

    def __init__(self, model: Any, unique_id: int, row: int, site: str) -> None:
        super().__init__(model, unique_id, row)
        self.__dict__["site"] = site

    def _table(self) -> Any:
        return self.model.world.sites[self.site].state.people

    @property
    def role(self) -> Role:
        """What the person came for."""
        return Role(int(self._table()["role"][self.row]))

    @property
    def conduct(self) -> Conduct:
        """What the person is doing."""
        return Conduct(int(self._table()["conduct"][self.row]))

    @property
    def grade(self) -> Grade:
        """How badly the person is hurt."""
        return Grade(int(self._table()["grade"][self.row]))
