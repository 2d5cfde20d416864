"""Lead: who led at a site when, for how long two or nobody did, and the story of each hand-over.

Who leads is taken from the record: the day's file names the lead at its start, hand-overs and withdrawals change it. The
series counts the leads each minute; where it counts otherwise, the strip says that the record does not name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.doctrine.hand_over import Failure, Stage
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.ink import FAINT, GREY, ORANGE, SIDE_INK, TEXT, canvas, clock_axis, title
from sim.reports.words import FORCES, listed, minutes_words, sentence, spoken
from sim.vocabulary import OrderKind, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UNNAMED = "not named"
LEAD_INK = {
    "KP": SIDE_INK[Side.KOSOVO_POLICE],
    "EULEX": SIDE_INK[Side.EULEX],
    "KFOR": SIDE_INK[Side.KFOR],
    "two": ORANGE,
    "none": "#FFFFFF",
    UNNAMED: GREY,
}
NAME_WIDTH = 27
"""Letters of a site's name that stand in one line before its strip."""

LEAD_HATCH = {"two": "////", "none": "..", UNNAMED: "xx"}

STAGES = {
    Stage.REQUESTED: "the request was sent",
    Stage.RECEIVED: "the right desk had understood it",
    Stage.DECIDED: "accepted",
    Stage.NOTICE_TO_MOVE: "{unit} was put on notice",
    Stage.EN_ROUTE: "{unit} set off",
    Stage.ON_SITE_CO_ORDINATION: "the two met on site and began to co-ordinate",
    Stage.RELIEF_IN_PLACE: "relief in place began",
    Stage.LEAD_TRANSFERRED: "the lead passed to {owner}",
    Stage.REGENERATING: "",
    Stage.HOLDING: "",
    Stage.HANDED_BACK: "{owner} gathered to go",
    Stage.ENDED: "it had gone",
    Stage.FAILED: "it came to nothing",
}
"""What each step is called in the story; those left empty are told with the step before or after."""

FAILURES = {
    Failure.WRONG_DESK: "the request went to the wrong desk and was sent again",
    Failure.UNCLEAR_REQUEST: "the request was unclear and was sent again",
    Failure.REFUSED_LEAD: "the lead was refused",
    Failure.REFUSED_SUPPORT: "support was refused",
    Failure.NO_FORCE_LEFT: "no unit was free",
    Failure.CALLED_OFF: "it was called off",
    Failure.LATE: "later than it had been asked for",
    Failure.NO_COMMON_PICTURE: "without a common picture of the site",
    Failure.LEFT_EARLY: "the force that was being relieved left early",
}


@dataclass(frozen=True)
class LeadSpan:
    """From when to when the same organisations led."""

    since: int
    until: int
    leads: tuple[str, ...]

    @property
    def words(self) -> str:
        """The one that leads; ``two``, ``none`` or ``not named``."""
        return "none" if not self.leads else "two" if len(self.leads) > 1 else self.leads[0]


def _changes(evidence: Evidence) -> list[tuple[int, tuple[str, ...]]]:
    """Return who led from which tick on, as entries tell it."""
    leads = {str(evidence.day.file.lead[evidence.site].lead)}
    found = [(evidence.start_tick, _named(leads))]
    seats = evidence.run.scenario.file.seats
    for entry in evidence.entries:
        if entry["kind"] == "hand_over":
            leads = set(entry["leads"])
        elif entry["kind"] == "effect" and entry["order"] == OrderKind.WITHDRAW and entry["seat"] in seats:
            leads = leads - {str(seats[entry["seat"]].organisation)}
        else:
            continue
        found.append((entry["tick"] + 1, _named(leads)))
    return found


def _named(leads: set[str]) -> tuple[str, ...]:
    return tuple(words for name, words in FORCES.items() if name in leads)


def lead_spans(evidence: Evidence) -> list[LeadSpan]:
    """Return who led, in order of time; a row of the series tells how it stood from the row before until its own tick."""
    changes, place, spans = _changes(evidence), 0, list[LeadSpan]()
    since = evidence.start_tick
    for row in evidence.series:
        tick, many = int(row["tick"]), int(row["leads"])
        while place + 1 < len(changes) and changes[place + 1][0] <= tick:
            place += 1
        leads = changes[place][1] if len(changes[place][1]) == many else (UNNAMED,) * many
        if spans and spans[-1].leads == leads:
            spans[-1] = LeadSpan(spans[-1].since, tick, leads)
        elif tick > since or len(evidence.series) == 1:
            spans.append(LeadSpan(since, tick, leads))
        since = tick
    return [*spans[:-1], LeadSpan(spans[-1].since, evidence.end_tick, spans[-1].leads)] if spans else []


def lead_at(spans: list[LeadSpan], tick: int) -> tuple[str, ...]:
    """Return who led at a tick."""
    return next((span.leads for span in reversed(spans) if span.since <= tick), spans[0].leads if spans else ())


def lead_sentence(evidence: Evidence) -> str:
    """Return who led, in a sentence: the turns, and for how long two or nobody did."""
    spans = lead_spans(evidence)
    turns = [f"{_lead_words(span)} from {evidence.label(span.since)}" for span in spans]
    told = f"{_lead_words(spans[0])} led all day" if len(spans) == 1 else f"In the lead: {listed(turns)}"
    minutes = evidence.kept.facts["lead_minutes"]
    two, none = float(minutes["two"]), float(minutes["none"])
    also = [
        words for value, words in ((two, f"two led for {minutes_words(two)}"), (none, f"nobody led for {minutes_words(none)}")) if value
    ]
    return sentence(told + (f"; {' and '.join(also)}" if also else ""))


def _lead_words(span: LeadSpan) -> str:
    return " and ".join(dict.fromkeys(span.leads)) if span.leads else "nobody"


def hand_over_stories(evidence: Evidence) -> list[dict[str, Any]]:
    """Return each hand-over at this site on this day: who asked whom, its steps in words, and what went wrong."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for entry in evidence.entries_of("hand_over"):
        groups.setdefault(int(entry["hand_over"]), []).append(entry)
    return [_story(evidence, number, steps) for number, steps in groups.items()]


def _story(evidence: Evidence, number: int, steps: list[dict[str, Any]]) -> dict[str, Any]:
    first = steps[0]
    asking, asked = FORCES.get(first["asking"], spoken(first["asking"])), FORCES.get(first["asked"], spoken(first["asked"]))
    unasked = first["stage"] == Stage.EN_ROUTE
    what = first["note"] or "support"
    lead = f"{asked} acted unasked where {asking} led" if what == "acted unasked" else f"{asking} asked {asked}: {what}"
    if unasked and what != "acted unasked":
        lead = f"{asked} set about it: {what} (in the place of {asking})"
    told = [text for entry in steps[1:] if (text := _step(evidence, entry))]
    passed = next((entry["tick"] for entry in steps if entry["stage"] == Stage.LEAD_TRANSFERRED), -1)
    took = (
        f" The lead had passed {minutes_words((passed - first['tick']) * evidence.clock.base_tick_min)} after the beginning."
        if passed >= 0
        else ""
    )
    failures = list(dict.fromkeys(FAILURES[Failure(entry["failure"])] for entry in steps if entry["failure"]))
    return {
        "number": number,
        "time": evidence.label(first["tick"]),
        "title": lead,
        "words": sentence("; ".join(told)) + took,
        "failures": failures,
        "over": steps[-1]["stage"] in (Stage.ENDED, Stage.FAILED),
    }


def _step(evidence: Evidence, entry: dict[str, Any]) -> str:
    clock = evidence.label(entry["tick"])
    owner = FORCES.get(entry["owner"], spoken(entry["owner"]))
    if entry["failure"]:
        return f"{clock} {FAILURES[Failure(entry['failure'])]}"
    if entry["stage"] == Stage.HOLDING:
        asked = FORCES.get(entry["asked"], spoken(entry["asked"]))
        return f"{clock} {asked} held{' the lead, and the relieved force could be used again' if entry['with_lead'] else ' in support'}"
    if entry["note"].startswith(("not before", "nothing to")):
        return f"{clock} hand-back was ordered, {entry['note']}"
    units = {unit.id: unit.name for unit in evidence.run.scenario.framework.command.units}
    words = STAGES[Stage(entry["stage"])].format(unit=units.get(entry["unit"], "the force"), owner=owner)
    return f"{clock} {words}" if words else ""


def lead_strip(run: RunEvidence) -> Figure:
    """Draw who led: one strip a site-day, all on one clock, days below each other."""
    rows = len(run.site_days)
    inside = 0.4 * (rows + 0.45 * len(run.days)) + 0.3
    height = inside + 0.95
    figure, (ax,) = canvas(12.5, height, [[0.17, 0.45 / height, 0.82, inside / height]])
    clock_axis(ax, run, room_h=1.6)
    places, names, place = [], [], 0.0
    for _, items in run.days:
        for item in items:
            _draw_strip(ax, item, place)
            places.append(place)
            names.append(fill(item.title if len(run.days) > 1 else item.place, NAME_WIDTH))
            place += 1.0
        place += 0.45
    ax.set_yticks(places, names, fontsize=10)
    ax.set_ylim(place - 0.6, -0.7)
    ax.tick_params(axis="y", length=0)
    title(ax, "Who led")
    _legend(ax, run)
    return figure


def _draw_strip(ax: Axes, evidence: Evidence, place: float) -> None:
    for span in lead_spans(evidence):
        words = span.words
        start, end = (evidence.clock_hours(tick) for tick in (span.since, span.until))
        ink, hatch = LEAD_INK.get(words, GREY), LEAD_HATCH.get(words, "")
        ax.barh(place, end - start, left=start, height=0.62, color=ink, hatch=hatch, edgecolor=TEXT if hatch else "white", linewidth=0.6)
        if end - start > 0.9 and words in ("KP", "KFOR", "EULEX"):
            ax.text((start + end) / 2, place, words, ha="center", va="center", color="white", fontsize=9, fontweight="bold")
    minutes = evidence.kept.facts["lead_minutes"]
    told = [f"{words} {float(minutes[words]):.0f} min" for words in ("two", "none") if minutes[words]]
    end = evidence.clock_hours(evidence.end_tick)
    ax.text(end + 0.1, place, ", ".join(told), va="center", fontsize=8.5, color=TEXT)


def _legend(ax: Axes, run: RunEvidence) -> None:
    from matplotlib.patches import Patch

    there = {span.words for item in run.site_days for span in lead_spans(item)}
    shown = [
        Patch(
            facecolor=ink,
            hatch=LEAD_HATCH.get(words, ""),
            edgecolor=TEXT if words in LEAD_HATCH else FAINT,
            label=_LEGEND.get(words, words),
        )
        for words, ink in LEAD_INK.items()
        if words in there
    ]
    ax.legend(handles=shown, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(shown), frameon=False, fontsize=9.5)


_LEGEND = {"two": "two at once", "none": "nobody"}


def strip_caption(run: RunEvidence) -> str:
    """Return the minutes with two leads or none over the run."""
    two = sum(float(item.kept.facts["lead_minutes"]["two"]) for item in run.site_days)
    none = sum(float(item.kept.facts["lead_minutes"]["none"]) for item in run.site_days)
    told = [f"{who} led for {minutes_words(minutes)}" for who, minutes in (("two", two), ("nobody", none)) if minutes]
    if not told:
        return "At every moment just one organisation led."
    return sentence(f"{' and '.join(told)}{'' if run.alone else ', all sites and days together'}")
