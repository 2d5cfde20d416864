"""Actors as Mesa agents: the one page besides the model that imports Mesa.

What has a commander is a Mesa object. What is counted by the hundred is a row that kernels update; a :class:`RowView` shows
one row as a Mesa agent, read-only and live.
"""

from __future__ import annotations

from typing import Any

import mesa


class Actor(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """An organisation, headquarters or section that decides or is commanded."""

    def __init__(self, model: Any, name: str, organisation: str) -> None:
        super().__init__(model)
        self.name = name
        self.organisation = organisation


class RowView(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """A live, read-only view of one row of a table of people.

    A view is not registered with the model: the model holds all views of a kind itself, makes them on first request and
    lists them in ``agents_by_type``. It reads the row at every access, so it is never out of date.
    """

    def __init__(self, model: Any, unique_id: int, row: int) -> None:  # not super(): Mesa would register the view
        self.__dict__.update(model=model, unique_id=unique_id, row=row, pos=None)

    def _table(self) -> Any:
        raise TypeError(f"{type(self).__name__} names no table")

    def __getattr__(self, name: str) -> Any:
        """Return the row's value in column *name*."""
        table = self._table()
        if name.startswith("_") or name not in table.dtype.names:
            raise AttributeError(f"{type(self).__name__} has no '{name}'; columns: {', '.join(table.dtype.names)}")
        return table[name][self.row].item()

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a view changes nothing."""
        raise TypeError(f"{type(self).__name__} is a read-only view; '{name}' changes through orders and rules only")

    def remove(self) -> None:
        """Refuse: people leave through the model."""
        raise TypeError(f"{type(self).__name__} is a read-only view and cannot be removed")

    def step(self) -> None:
        """Do nothing: rows are stepped by kernels."""
