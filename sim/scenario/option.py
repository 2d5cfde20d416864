"""An option as it is used: its levers, its price, and what it needs; a package is made of the options that are its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sim.foundations.figures import Span
from sim.scenario.option_schema import OptionChange, OptionFile

DAYS_A_MONTH = 30.0
NO_SPAN = Span(low=0.0, central=0.0, high=0.0)


@dataclass(frozen=True)
class Cost:
    """What an option takes, in three currencies that are not added.

    Attributes
    ----------
    force_days_a_month
        Days of one person of KFOR.
    licence_points
        By government: licence spent by adopting it, in hundredths.
    lead_months
        Months from the decision until it is in force.
    """

    force_days_a_month: Span
    licence_points: Mapping[str, Span]
    lead_months: Span

    def told(self) -> dict[str, Any]:
        """Return the cost as plain numbers, each low, central and high."""
        licence = {name: _told(span) for name, span in self.licence_points.items()}
        return {
            "force_days_a_month": _told(self.force_days_a_month),
            "licence_points": licence,
            "lead_months": _told(self.lead_months),
        }


@dataclass(frozen=True)
class Lever:
    """One change as an option makes it.

    Attributes
    ----------
    option
        The option whose file states it; for a package one of its parts.
    since
        Day from which it is in force in a campaign.
    share
        How far from rest to its value it goes: 1 unless a budget binds it.
    """

    option: str
    change: OptionChange
    since: date
    share: float = 1.0


@dataclass(frozen=True)
class Option:
    """An option, a package with its parts in it.

    Attributes
    ----------
    leaves
        The options that it comes to: itself, or the parts of a package without packages.
    share
        How far levers that take force-days go; below 1 only in a package at equal budget.
    """

    id: str
    file: OptionFile
    leaves: tuple[Option, ...] = ()
    share: float = 1.0

    @property
    def name(self) -> str:
        """What it is called."""
        return self.file.name

    @property
    def kind(self) -> str:
        """Where it comes from: baseline, recommendation, body, conclusion, rival, control or package."""
        return self.file.kind

    @property
    def block(self) -> int | None:
        """Numbered block of the paper's recommendations."""
        return self.file.block

    @property
    def paper(self) -> str | None:
        """Section of the paper."""
        return self.file.paper

    @property
    def restates(self) -> str:
        """The paper's sentence, or the rival's argument, in our own words."""
        return " ".join(self.file.restates.split())

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the options of which a package is made."""
        return self.file.parts

    @property
    def levers(self) -> tuple[Lever, ...]:
        """Every lever that it moves, those of a package's parts among them; what two parts set alike stands once."""
        own = [Lever(self.id, change, self._own_date) for change in self.file.changes]
        found = [*own, *(lever for leaf in self.leaves for lever in leaf.levers)]
        kept = {(lever.change.setting, lever.change.to, lever.change.where): lever for lever in reversed(found)}
        return tuple(replace(item, share=self._share_of(item.change)) for item in reversed(kept.values()))

    def _share_of(self, change: OptionChange) -> float:
        return self.share if change.force_days_a_month is not None else 1.0

    @property
    def changes(self) -> tuple[OptionChange, ...]:
        """Every change that it makes, as its file or its parts' files state it."""
        return tuple(lever.change for lever in self.levers)

    @property
    def start(self) -> date:
        """Day on which it is decided; of a package the latest of its parts."""
        return max(part.file.start for part in (self, *self.leaves) if part.file.start is not None)

    @property
    def lead_time_days(self) -> Span:
        """Days from the decision until it is in force; of a package the longest of its parts."""
        return longest(part.file.lead_time_days for part in (self, *self.leaves) if part.file.lead_time_days is not None)

    @property
    def _own_date(self) -> date:
        """Day from which the changes of its own file are in force, at the central lead time."""
        start, lead = self.file.start, self.file.lead_time_days
        return start + timedelta(days=round(lead.central)) if start is not None and lead is not None else date.min

    @property
    def in_force_from(self) -> date:
        """Day from which it is in force at the central lead time; of a package the day on which its last part is."""
        return max(part._own_date for part in (self, *self.leaves))

    @property
    def licence_needed(self) -> Mapping[str, Span]:
        """By government: licence that it must grant first; of a package the highest that a part needs."""
        found: dict[str, Span] = {}
        for part in (self, *self.leaves):
            for name, span in part.file.licence_needed.items():
                found[name] = longest([found.get(name, NO_SPAN), span])
        return found

    @property
    def cost(self) -> Cost:
        """What it takes; of a package the sum of its parts, and the longest lead."""
        days = NO_SPAN
        for lever in self.levers:
            if (taken := lever.change.force_days_a_month) is not None:
                days = _sum(days, _times(taken, lever.share))
        points: dict[str, Span] = {}
        for part in (self, *self.leaves):
            for name, span in part.file.licence_points.items():
                points[name] = _sum(points.get(name, NO_SPAN), span)
        return Cost(days, points, _times(self.lead_time_days, 1.0 / DAYS_A_MONTH))

    @property
    def accepted_by(self) -> tuple[str, ...]:
        """Who must agree, and how likely that is thought."""
        return tuple(dict.fromkeys(line for part in (self, *self.leaves) for line in part.file.accepted_by))

    @property
    def not_testable(self) -> tuple[str, ...]:
        """What this model cannot say about it."""
        return tuple(dict.fromkeys(line for part in (self, *self.leaves) for line in part.file.not_testable))


def _told(span: Span) -> dict[str, float]:
    return {"low": span.low, "central": span.central, "high": span.high}


def _sum(one: Span, other: Span) -> Span:
    return Span(low=one.low + other.low, central=one.central + other.central, high=one.high + other.high)


def _times(span: Span, factor: float) -> Span:
    return Span(low=span.low * factor, central=span.central * factor, high=span.high * factor)


def longest(spans: Iterable[Span]) -> Span:
    """Return the span whose low, central and high are the largest of those given."""
    found = tuple(spans)
    return Span(low=max(item.low for item in found), central=max(item.central for item in found), high=max(item.high for item in found))
