"""Measures: what a site on a day, or several, are judged by. One function a measure; the table is ``engine/outcomes``.

Injuries pass the observation model: the first report counts some, later ones more, the final one nearly all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.adjudication.casualties import in_report
from sim.adjudication.prosecution import Fate
from sim.engine.after_the_event import Cases
from sim.engine.pictures import VIOLENCE_PERSONS, stuck_vehicles
from sim.engine.state import Incident
from sim.engine.world import SiteInPlay, World
from sim.foundations.arithmetic import log
from sim.foundations.chance import Purpose, draw, mix
from sim.vocabulary import Conduct, Grade, Means, Side

POLICE = (Side.KOSOVO_POLICE, Side.EULEX)

BY_PERSON = (Side.PROTESTERS, Side.ARMED_GROUP, Side.CIVILIANS)
"""Sides whose people are known one by one; of forces only the section is."""

SLOT_MIN = 10.0
"""Length of the slots in which pattern P2 looks for violence."""

RIOT_PERSONS = 10
"""People hurt from which a day at a site counts as a riot (escalation step 2)."""

CLASH_PERSONS = 3
"""People hurt from which pattern P3 speaks of a clash."""


@dataclass(frozen=True)
class Injury:
    """One person hurt, as truth and reports have it.

    Attributes
    ----------
    report_day
        Days after the event on which the reports first count the injury: 0 the first report, infinite never.
    """

    tick: int
    side: Side
    grade: Grade
    means: Means
    report_day: float

    @property
    def in_first(self) -> bool:
        """Whether the first report counts it."""
        return self.report_day == 0.0

    @property
    def in_final(self) -> bool:
        """Whether the final report counts it."""
        return math.isfinite(self.report_day)


@dataclass(frozen=True)
class SiteDay:
    """A site on a day that is over, with who was hurt there and what followed."""

    world: World
    site: SiteInPlay
    cases: Cases
    injuries: list[Injury]

    @property
    def push_tick(self) -> int:
        """When the first push began; -1 while there was none."""
        return self.site.dealings.push_tick


type Scope = Sequence[SiteDay]


def injuries_of(world: World, site: SiteInPlay) -> list[Injury]:
    """Return everybody hurt at a site once, at the worst grade, with when the reports count the injury."""
    rows = site.record.incidents
    hurt = rows[rows["kind"] == Incident.HURT]
    by_person = np.isin(hurt["side"], BY_PERSON)
    forces = hurt[~by_person]
    found = [_reported(world, row, mix(int(row["entity"]) ^ mix(int(row["other"])))) for row in forces]
    last_of: dict[int, np.void] = {}
    for row in hurt[by_person]:
        last_of[int(row["entity"])] = row
    found += [_reported(world, row, entity) for entity, row in last_of.items()]
    return found


def _reported(world: World, row: np.void, entity: int) -> Injury:
    numbers, key, tick, grade = world.numbers, int(world.run_key), int(row["tick"]), int(row["grade"])
    light, serious = numbers["first_report_light_chance"], numbers["first_report_serious_chance"]
    side = Side(int(row["side"]))
    chance = numbers["crowd_report_chance"] if side is Side.PROTESTERS else numbers["final_report_chance"]
    share = draw(key, tick, entity, Purpose.REPORTED)  # one draw: what the first report counts, the final one counts too
    if in_report(share, grade, min(light, chance), min(serious, chance)):
        day = 0.0
    elif in_report(share, grade, chance, chance):
        late = draw(key, tick, entity, Purpose.REPORT_LAG)
        day = -numbers["report_growth_days"] * log(1.0 - late) if late > 0.0 else 1e-9
    else:
        day = math.inf
    return Injury(tick, side, Grade(grade), Means(int(row["means"])), day)


def _everybody_hurt(scope: Scope) -> Iterator[Injury]:
    for site_day in scope:
        yield from site_day.injuries


def count(
    scope: Scope, *sides: Side, least: Grade = Grade.LIGHT, reported_by: float | None = None, where: Callable[[Injury], bool] | None = None
) -> float:
    """Return how many were hurt: on some sides or all, at least so badly, as reported by so many days after or in truth."""
    return float(
        sum(
            1
            for injury in _everybody_hurt(scope)
            if (not sides or injury.side in sides)
            and injury.grade >= least
            and (reported_by is None or injury.report_day <= reported_by)
            and (where is None or where(injury))
        )
    )


FINAL_DAYS = 1e9
"""Days after which every injury that reports ever count has been counted."""


def hurt_before_push(scope: Scope) -> float:
    """Return KFOR hurt before the first push at their site, as finally reported."""
    total = 0.0
    for item in scope:
        total += count([item], Side.KFOR, reported_by=FINAL_DAYS, where=partial(_hurt_before_push_at, item))
    return total


def _hurt_before_push_at(site_day: SiteDay, injury: Injury) -> bool:
    return _before_push(site_day, injury.tick)


def _before_push(site_day: SiteDay, tick: int) -> bool:
    return site_day.push_tick < 0 or tick < site_day.push_tick


def _slots(site_day: SiteDay) -> np.ndarray:
    """Return violent (most, mean) and present (mean) people and the tick of each ten-minute slot: shape (slots, 4)."""
    series, world = site_day.site.record.series, site_day.world
    per_slot = max(int(SLOT_MIN / (world.psychology_ticks * world.clock.base_tick_min)), 1)
    whole = len(series) // per_slot * per_slot
    violent = series["violent"][:whole].reshape(-1, per_slot)
    present = series["present"][:whole].reshape(-1, per_slot)
    ticks = series["tick"][:whole:per_slot]
    return np.column_stack([violent.max(axis=1), violent.mean(axis=1), present.mean(axis=1), ticks])


def violent_share_before_push(scope: Scope) -> float:
    """Return the largest ten-minute mean share of people present who were violent before a push (of at least 50)."""
    largest = 0.0
    for site_day in scope:
        slots = _slots(site_day)
        early = slots[[_before_push(site_day, int(tick)) for tick in slots[:, 3]]]
        shares = early[:, 1] / np.maximum(early[:, 2], 50.0)
        largest = max(largest, float(shares.max(initial=0.0)))
    return largest


def span_of_violence(scope: Scope) -> float:
    """Return minutes from the first to the last violent ten-minute slot after a push, at the worst site."""
    longest = 0.0
    for site_day in scope:
        slots = _slots(site_day)
        after = np.array([not _before_push(site_day, int(tick) + 1) for tick in slots[:, 3]], dtype=bool)
        violent = np.flatnonzero((slots[:, 0] >= VIOLENCE_PERSONS) & after)
        longest = max(longest, float((violent[-1] - violent[0] + 1) * SLOT_MIN) if len(violent) else 0.0)
    return longest


def first_clash_h(scope: Scope) -> float:
    """Hours from the first forced entry (or the day's start) to the first five violent people at once; else to the end."""
    soonest = math.inf
    for site_day in scope:
        series, world = site_day.site.record.series, site_day.world
        begun = site_day.site.dealings.entry_tick
        from_tick = begun if begun >= 0 else int(series["tick"][0])
        violent = series["tick"][(series["violent"] >= VIOLENCE_PERSONS) & (series["tick"] >= from_tick)]
        until = int(violent[0]) if len(violent) else int(series["tick"][-1])
        soonest = min(soonest, (until - from_tick) * world.clock.base_tick_min / 60.0)
    return soonest


def detained(scope: Scope) -> float:
    """Return people detained on the day."""
    return float(sum((item.site.state.people["conduct"] == Conduct.DETAINED).sum() for item in scope))


def fates(scope: Scope, least: Fate) -> float:
    """Return for how many the chain of consequences went at least so far."""
    return float(sum(item.cases.count(least) for item in scope))


def handed_over(scope: Scope) -> float:
    """Return people detained on the day and handed over with usable evidence."""
    total = 0
    for item in scope:
        detained = item.site.state.people["conduct"][item.cases.rows] == Conduct.DETAINED
        total += int((detained & (item.cases.fates >= Fate.HANDED_OVER)).sum())
    return float(total)


def consequence_share(scope: Scope) -> float:
    """Share of those violent who were detained on the day, or identified and arrested within 30 days."""
    violent, met = 0, 0
    for item in scope:
        was_violent = item.site.state.people["was_violent"][item.cases.rows] == 1
        violent += int(was_violent.sum())
        met += int((was_violent & (item.cases.fates > Fate.NONE)).sum())
    return met / violent if violent else 0.0


def legitimacy_change(scope: Scope) -> float:
    """Return the mean change of KFOR's legitimacy among those who came."""
    change: list[float] = []
    for item in scope:
        people = item.site.state.people
        came = people[people["conduct"] != Conduct.ABSENT]
        change += (came["legitimacy_kfor"] - came["legitimacy_before"]).tolist()
    return math.fsum(change) / len(change) if change else 0.0


def crowd_peak(scope: Scope) -> float:
    """Return the most people present at one site at once."""
    return float(max((int(item.site.record.series["present"].max(initial=0)) for item in scope), default=0))


def blocked_hours(scope: Scope) -> float:
    """Return hours for which vehicles, barriers or concessions blocked movement, summed over sites."""
    hours = 0.0
    for item in scope:
        world, dealings = item.world, item.site.dealings
        stuck = (item.site.record.series["vehicles_stuck"] > 0).sum()
        hours += float(stuck) * world.psychology_ticks * world.clock.base_tick_min / 60.0 + dealings.movement_hours
        if dealings.barrier_tick >= 0:
            last = int(item.site.record.series["tick"][-1])
            hours += (last - dealings.barrier_tick) * world.clock.base_tick_min / 60.0
    return hours


def vehicles_out(scope: Scope) -> float:
    """Return 1 where no vehicle is stuck or left behind, else 0."""
    return 1.0 if all(stuck_vehicles(item.site) == 0 and not item.site.dealings.abandoned for item in scope) else 0.0


def line_held(scope: Scope) -> float:
    """Return 1 where nobody broke through to a door, else 0."""
    return float(all(item.site.state.situation[0]["line_held"] for item in scope))


def lead_minutes(scope: Scope, *states: str) -> float:
    """Return minutes with so many in the lead, summed over sites."""
    return float(sum(item.site.dealings.lead_minutes[state] for item in scope for state in states))


def reserves_sent(scope: Scope) -> float:
    """Return units that came as support or reserve."""
    world, places = scope[0].world, {(item.site.record.day, item.site.name) for item in scope}
    days = {site for _, site in places}
    sent = [entry for entry in world.record.entries if entry["kind"] == "event" and entry.get("what") == "support_arrives"]
    first = min(int(item.site.record.series["tick"][0]) for item in scope)
    last = max(int(item.site.record.series["tick"][-1]) for item in scope)
    return float(sum(entry["site"] in days and first <= entry["tick"] <= last for entry in sent))


def licence_spent(scope: Scope) -> float:
    """Return licence spent by acting unasked."""
    return float(sum(licence for _, licence in scope[0].world.standing.overrides.values()))


def trust_spent(scope: Scope) -> float:
    """Return trust of partners spent by acting unasked."""
    return float(sum(trust for trust, _ in scope[0].world.standing.overrides.values()))


def confidence_change(scope: Scope) -> float:
    """Return the change of the other community's confidence."""
    world = scope[0].world
    return world.standing.confidence - world.numbers["majority_confidence"]


def site_days_of(world: World) -> list[SiteDay]:
    """Return every site on every day that is over, in the order of play."""
    return [SiteDay(world, site, world.cases[key], injuries_of(world, site)) for key, site in world.played.items()]
