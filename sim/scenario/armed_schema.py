"""What a scenario says of an armed group and of those who look out for it: ``armed_group.yaml`` and ``intelligence.yaml``.

A scenario that has the first plays an armed group beside (or instead of) crowds. Times are local clock times counted on from
midnight before the day begins, so that 26:30 is half past two on the morning after.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.doctrine.seat_orders import Organisation
from sim.foundations.figures import LongClock, Sourced, Span, Strict, minutes_on
from sim.scenario.schema import FileName, SiteName
from sim.vocabulary import Sharing


class Target(StrEnum):
    """What an asset can detect."""

    INFILTRATION = "infiltration"  # cells on their way in
    ROADBLOCK = "roadblock"
    BREAKOUT = "breakout"  # cells on their way out


class Position(Sourced):
    """A place that the group holds for a time, with its schematic plan.

    Attributes
    ----------
    civilians
        Civilians who are there when the night begins and stay.
    protected
        Whether it is a compound that must be spared (a monastery).
    """

    place: str
    plan: FileName
    civilians: Span = Span(low=0, central=0, high=0)
    protected: bool = False


class WindowOfTime(Sourced):
    """A time that lies between two clock times, drawn evenly."""

    earliest: LongClock
    latest: LongClock

    @model_validator(mode="after")
    def _ordered(self) -> WindowOfTime:
        if minutes_on(self.latest) < minutes_on(self.earliest):
            raise ValueError(f"latest, {self.latest}, is before earliest, {self.earliest}")
        return self


class Way(Sourced):
    """A way in or out: where it leads and how it is used."""

    id: SiteName
    to: str
    mode: Literal["vehicle", "foot"]


class Light(Sourced):
    """When it gets dark and light."""

    dusk: LongClock
    dawn: LongClock


class ArmedGroupFile(Strict):
    """``armed_group.yaml``: who they are, whence, when and where to.

    Attributes
    ----------
    fighters
        Disputed: the value of the switch that is named here, as a number of persons.
    way_in
        Disputed: the switch that says whether they come on foot over the boundary or by vehicle from within.
    exit_negotiated
        Disputed: the switch that says whether an exit was agreed.
    muster
        Place where they start from, by mode.
    attack_given
        Whether the attack is given: unless it has seen a sign of discovery the leader launches, whatever it weighs.
    site
        The site in play round which it all happens.
    positions
        ``block`` (where the road is blocked) and ``compound`` (what is occupied).
    blocks
        Routes on which the roadblock stands: it is to be seen there, and no vehicle of others uses them until it has been cleared.
    other_positions
        Switch: how many further positions are said to have been prepared.
    """

    format: Literal[1]
    summary: str
    fighters: str
    way_in: str
    exit_negotiated: str
    other_positions: str
    muster: dict[Literal["vehicle", "foot"], str]
    attack_given: bool
    site: SiteName
    positions: dict[Literal["block", "compound"], Position]
    blocks: tuple[str, ...] = Field(min_length=1)
    leaves: WindowOfTime
    blocks_road: WindowOfTime
    light: Light
    hospital: str
    ways_out: tuple[Way, ...] = Field(min_length=1)


class Asset(Sourced):
    """Something that looks out: a patrol, post, ground sensor, drone, helicopter, human source.

    Attributes
    ----------
    watches
        Routes and places it covers.
    per_hour
        Detections an hour of one target that is there all the time, by target.
    false_alarms
        Whether it can report what is not there.
    latency_min
        From detection to the report at its own headquarters.
    partners
        Organisations that receive the report at the same time (a joint patrol).
    deployed
        Whether it is there at all in this scenario; an option can put it there.
    on_call
        Only once it is ordered (surveillance from the air, a watched boundary).
    night_blind
        Whether darkness lowers what it detects.
    """

    id: SiteName
    organisation: Organisation
    kind: Literal["patrol", "post", "ground_sensor", "drone", "helicopter", "human_source", "residents"]
    watches: tuple[str, ...] = Field(min_length=1)
    per_hour: dict[Target, Annotated[float, Field(ge=0)]]
    latency_min: Span
    partners: tuple[Organisation, ...] = ()
    deployed: bool = True
    on_call: bool = False
    night_blind: bool = True
    false_alarms: bool = False


class IntelligenceFile(Strict):
    """``intelligence.yaml``: assets, and who receives what they report."""

    format: Literal[1]
    sharing: Sharing
    sharing_source: str
    assets: tuple[Asset, ...] = Field(min_length=1)
