"""Paramilitary: an armed group of cells under one leader. One fighter, one row; here as Mesa agents on request.

How many there were is disputed (30, 50 or 90; facts 2.2) and a switch. Aggregate categories only. Not modelled: names, arms, techniques.
"""

from __future__ import annotations

from typing import Any

from sim.actors.agent import RowView
from sim.foundations.parameter import Concept, Parameter
from sim.vocabulary import FighterPhase, Grade

CONCEPT = Concept(
    "paramilitary",
    (
        Parameter("cell_persons", "persons", 1, 20, "fighters in a cell that moves, hides and escapes together"),
        Parameter("share_at_block", "share", 0, 1, "share of the group at the roadblock and round it; the rest is at the compound"),
        Parameter("cover_in_position", "share", 0, 1, "share of fighters in prepared positions who cannot be hit"),
        Parameter("cover_in_compound", "share", 0, 1, "share of fighters in the compound who cannot be hit"),
        Parameter("police_cover", "share", 0, 1, "share of police in contact who cannot be hit, once past the first surprise"),
        Parameter("patrol_in_contact_share", "share", 0, 1, "share of the group at the block that is in contact with a patrol"),
        Parameter(
            "patrol_looks_min", "min", 0, 120, "minutes from a patrol's arrival at the roadblock until it comes within reach of the group"
        ),
        Parameter("word_of_attack_min", "min", 0, 120, "minutes until police headquarters hear of an attack on a patrol"),
        Parameter("word_of_occupation_min", "min", 0, 600, "minutes until police hear that the compound has been occupied"),
        Parameter("contact_lasts_min", "min", 5, 300, "minutes after which the leader thinks again while a patrol is held under fire"),
        Parameter(
            "exit_accepted_chance", "chance", 0, 1, "chance that police grant an exit that the group asks for, where one was negotiated"
        ),
        Parameter(
            "second_attack_chance", "chance", 0, 1, "chance that another of the positions that are said to be prepared is used as well"
        ),
        Parameter(
            "estimate_error", "1", 0, 2, "standard deviation of the log of armed men reported, and of the log of what the leader counts"
        ),
    ),
)


class Fighter(RowView):
    """One member of the armed group."""

    def __init__(self, model: Any, unique_id: int, row: int) -> None:
        super().__init__(model, unique_id, row)
        self.__dict__.update(fighters=model.world.operation.fighters)

    def _table(self) -> Any:
        return self.__dict__["fighters"]

    @property
    def phase(self) -> FighterPhase:
        """What the fighter is doing."""
        return FighterPhase(int(self._table()["phase"][self.row]))

    @property
    def grade(self) -> Grade:
        """How badly the fighter is hurt."""
        return Grade(int(self._table()["grade"][self.row]))
