"""Protesters: one person, one row; here as Mesa agents on request.

Not modelled: a person's life outside the day.
"""

from __future__ import annotations

from typing import Any

from sim.actors.agent import RowView
from sim.vocabulary import Conduct, Grade, Role


class Protester(RowView):
    """One person of a crowd, on the day on which the view was made."""

    def __init__(self, model: Any, unique_id: int, row: int, site: Any) -> None:
        super().__init__(model, unique_id, row)
        self.__dict__.update(site=site.name, people=site.state.people)

    def _table(self) -> Any:
        return self.__dict__["people"]

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
