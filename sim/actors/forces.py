"""Forces: sections of KFOR, of the Kosovo Police, of the EULEX police unit and of KSF, each under its own chain of command.

A section has a row in the state's table of sections; strength, hurt, posture level and place are read from it.
"""

from __future__ import annotations

from typing import Any

from sim.actors.agent import Actor
from sim.vocabulary import Level


class Section(Actor):
    """About ten people under one leader.

    Attributes
    ----------
    unit
        The unit of ``command.yaml`` that it belongs to, with its kit and contingent.
    """

    def __init__(self, model: Any, unit: Any, number: int, row: int) -> None:
        super().__init__(model, f"{unit.id}/{number + 1}", str(unit.organisation))
        self.unit = unit
        self.row = row

    @property
    def site(self) -> str:
        """The site at which it is; empty while it is at its base or on its way."""
        place: str = self.model.world.standing.units[self.unit.id].site
        return place

    def _value(self, column: str) -> Any:
        """Return a column of its row at its site (of any site, as it would arrive, while it is at none)."""
        sites = self.model.world.sites
        found = sites[self.site] if self.site in sites else next(iter(sites.values()))
        return found.state.sections[column][self.row].item()

    @property
    def contingent(self) -> str | None:
        """Nation that sent it, where it is a contingent's."""
        contingent: str | None = self.unit.contingent
        return contingent

    @property
    def on_site(self) -> bool:
        """Whether it is at a site, and in play there."""
        return bool(self._value("on_site"))

    @property
    def fit(self) -> int:
        """Persons not seriously hurt."""
        return int(self._value("strength") - self._value("serious"))

    @property
    def hurt(self) -> int:
        """Persons hurt so far."""
        return int(self._value("hurt"))

    @property
    def cell(self) -> int:
        """Where it stands on the site plan."""
        return int(self._value("cell"))

    @property
    def level(self) -> Level:
        """Level of force that it shows."""
        return Level(self._value("level"))

    @property
    def commander(self) -> str:
        """Headquarters that commands it now: its own chain's, or the one it has been attached to by then."""
        commander: str = self.unit.commander_at(self.model.world.minute_of_day())
        return commander


class KforSection(Section):
    """A section of a KFOR contingent."""


class KosovoPoliceSection(Section):
    """A section of the Kosovo Police, regular or special."""


class EulexSection(Section):
    """A section of the EULEX formed police unit."""


class KsfSection(Section):
    """A section of the Kosovo Security Force."""


SECTION_TYPES = {"kfor": KforSection, "kosovo_police": KosovoPoliceSection, "eulex": EulexSection, "ksf": KsfSection}
