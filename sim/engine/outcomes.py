"""Outcomes: what a run is judged by. Each has one definition, a unit and a direction; injuries pass the observation model.

Every outcome is told for the whole run under its name, for a day as ``day/name`` and for a site on a day as
``day/site/name``; what belongs to all sites together (licence, confidence, queues) for the whole run only. Primary outcomes
are fixed before any run. What a scenario cannot show is said, never set to zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Outcome:
    """A definition.

    Attributes
    ----------
    better
        ``less``, ``more`` or ``neutral``.
    measure
        From the site-days in question to a number.
    whole_run
        Whether it is told for the whole run only.
    """

    name: str
    unit: str
    better: str
    primary: bool
    meaning: str
    measure: Callable[[Scope], float]
    whole_run: bool = False


def injuries_of(world: World, site: SiteInPlay) -> list[Injury]:
    """Return everybody hurt at a site once, at the worst grade, with when the reports count the injury."""
    rows = site.record.incidents
    hurt = rows[rows["kind"] == Incident.HURT]
    forces = hurt[hurt["side"] != Side.PROTESTERS]
    found = [_reported(world, row, mix(int(row["entity"]) ^ mix(int(row["other"])))) for row in forces]
    last_of: dict[int, np.void] = {}
    for row in hurt[hurt["side"] == Side.PROTESTERS]:
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


def _all(scope: Scope) -> Iterator[Injury]:
    for site_day in scope:
        yield from site_day.injuries


def _count(
    scope: Scope, *sides: Side, least: Grade = Grade.LIGHT, reported_by: float | None = None, where: Callable[[Injury], bool] | None = None
) -> float:
    """Return how many were hurt: on some sides or all, at least so badly, as reported by so many days after or in truth."""
    return float(
        sum(
            1
            for injury in _all(scope)
            if (not sides or injury.side in sides)
            and injury.grade >= least
            and (reported_by is None or injury.report_day <= reported_by)
            and (where is None or where(injury))
        )
    )


FINAL_DAYS = 1e9
"""Days after which every injury that reports ever count has been counted."""


def _hurt_before_push(scope: Scope) -> float:
    total = 0.0
    for item in scope:
        total += _count([item], Side.KFOR, reported_by=FINAL_DAYS, where=lambda injury, item=item: _before_push(item, injury.tick))  # type: ignore[misc]
    return total


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


def _violent_share_before_push(scope: Scope) -> float:
    largest = 0.0
    for site_day in scope:
        slots = _slots(site_day)
        early = slots[[_before_push(site_day, int(tick)) for tick in slots[:, 3]]]
        shares = early[:, 1] / np.maximum(early[:, 2], 50.0)
        largest = max(largest, float(shares.max(initial=0.0)))
    return largest


def _span_of_violence(scope: Scope) -> float:
    longest = 0.0
    for site_day in scope:
        slots = _slots(site_day)
        after = np.array([not _before_push(site_day, int(tick) + 1) for tick in slots[:, 3]], dtype=bool)
        violent = np.flatnonzero((slots[:, 0] >= VIOLENCE_PERSONS) & after)
        longest = max(longest, float((violent[-1] - violent[0] + 1) * SLOT_MIN) if len(violent) else 0.0)
    return longest


def _first_clash_h(scope: Scope) -> float:
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


def _detained(scope: Scope) -> float:
    return float(sum((item.site.state.people["conduct"] == Conduct.DETAINED).sum() for item in scope))


def _fates(scope: Scope, least: Fate) -> float:
    return float(sum(item.cases.count(least) for item in scope))


def _handed_over(scope: Scope) -> float:
    total = 0
    for item in scope:
        detained = item.site.state.people["conduct"][item.cases.rows] == Conduct.DETAINED
        total += int((detained & (item.cases.fates >= Fate.HANDED_OVER)).sum())
    return float(total)


def _consequence_share(scope: Scope) -> float:
    """Share of those violent who were detained on the day, or identified and arrested within 30 days."""
    violent, met = 0, 0
    for item in scope:
        was_violent = item.site.state.people["was_violent"][item.cases.rows] == 1
        violent += int(was_violent.sum())
        met += int((was_violent & (item.cases.fates > Fate.NONE)).sum())
    return met / violent if violent else 0.0


def _legitimacy_change(scope: Scope) -> float:
    change: list[float] = []
    for item in scope:
        people = item.site.state.people
        came = people[people["conduct"] != Conduct.ABSENT]
        change += (came["legitimacy_kfor"] - came["legitimacy_before"]).tolist()
    return math.fsum(change) / len(change) if change else 0.0


def _crowd_peak(scope: Scope) -> float:
    return float(max((int(item.site.record.series["present"].max(initial=0)) for item in scope), default=0))


def _blocked_hours(scope: Scope) -> float:
    hours = 0.0
    for item in scope:
        world, dealings = item.world, item.site.dealings
        stuck = (item.site.record.series["vehicles_stuck"] > 0).sum()
        hours += float(stuck) * world.psychology_ticks * world.clock.base_tick_min / 60.0 + dealings.movement_hours
        if dealings.barrier_tick >= 0:
            last = int(item.site.record.series["tick"][-1])
            hours += (last - dealings.barrier_tick) * world.clock.base_tick_min / 60.0
    return hours


def _vehicles_out(scope: Scope) -> float:
    return 1.0 if all(stuck_vehicles(item.site) == 0 and not item.site.dealings.abandoned for item in scope) else 0.0


def _line_held(scope: Scope) -> float:
    return float(all(item.site.state.situation[0]["line_held"] for item in scope))


def _lead_minutes(scope: Scope, *states: str) -> float:
    return float(sum(item.site.dealings.lead_minutes[state] for item in scope for state in states))


def _reserves_sent(scope: Scope) -> float:
    world, places = scope[0].world, {(item.site.record.day, item.site.name) for item in scope}
    days = {site for _, site in places}
    sent = [entry for entry in world.record.entries if entry["kind"] == "event" and entry.get("what") == "support_arrives"]
    first = min(int(item.site.record.series["tick"][0]) for item in scope)
    last = max(int(item.site.record.series["tick"][-1]) for item in scope)
    return float(sum(entry["site"] in days and first <= entry["tick"] <= last for entry in sent))


def _standing(scope: Scope) -> World:
    return scope[0].world


def _licence_spent(scope: Scope) -> float:
    return float(sum(licence for _, licence in _standing(scope).standing.overrides.values()))


def _trust_spent(scope: Scope) -> float:
    return float(sum(trust for trust, _ in _standing(scope).standing.overrides.values()))


def _confidence_change(scope: Scope) -> float:
    world = _standing(scope)
    return world.standing.confidence - world.numbers["majority_confidence"]


def _primary(name: str, unit: str, better: str, meaning: str, measure: Callable[[Scope], float], *, whole_run: bool = False) -> Outcome:
    return Outcome(name, unit, better, True, meaning, measure, whole_run)


def _secondary(name: str, unit: str, better: str, meaning: str, measure: Callable[[Scope], float], *, whole_run: bool = False) -> Outcome:
    return Outcome(name, unit, better, False, meaning, measure, whole_run)


POLICE = (Side.KOSOVO_POLICE, Side.EULEX)

OUTCOMES: tuple[Outcome, ...] = (
    _primary(
        "serious_or_fatal",
        "persons",
        "less",
        "seriously hurt or killed, all sides, each counted once",
        lambda s: _count(s, least=Grade.SERIOUS),
    ),
    _primary(
        "riot",
        "0 or 1",
        "less",
        "whether at any site on any day ten or more were hurt on all sides",
        lambda s: float(any(len(item.injuries) >= RIOT_PERSONS for item in s)),
    ),
    _primary("protester_legitimacy_change", "share", "more", "mean change of KFOR's legitimacy among those who came", _legitimacy_change),
    _primary(
        "majority_confidence_change",
        "share",
        "more",
        "change of the other community's confidence in KFOR",
        _confidence_change,
        whole_run=True,
    ),
    _primary(
        "licence_spent",
        "share",
        "less",
        "governments' licence spent by acting unasked, each ground once a day",
        _licence_spent,
        whole_run=True,
    ),
    _secondary("hurt", "persons", "less", "hurt on all sides, truth", lambda s: _count(s)),
    _secondary("hurt_final_report", "persons", "less", "hurt on all sides as finally reported", lambda s: _count(s, reported_by=FINAL_DAYS)),
    _secondary(
        "clash_3",
        "0 or 1",
        "less",
        "whether three or more were hurt at a site on a day, all sides",
        lambda s: float(any(len(item.injuries) >= CLASH_PERSONS for item in s)),
    ),
    _secondary("kfor_hurt", "persons", "less", "KFOR hurt, truth", lambda s: _count(s, Side.KFOR)),
    _secondary(
        "kfor_hurt_first_report", "persons", "less", "KFOR hurt as first reported", lambda s: _count(s, Side.KFOR, reported_by=0.0)
    ),
    _secondary(
        "kfor_hurt_next_day_report", "persons", "less", "KFOR hurt as reported a day later", lambda s: _count(s, Side.KFOR, reported_by=1.0)
    ),
    _secondary(
        "kfor_hurt_final_report",
        "persons",
        "less",
        "KFOR hurt as finally reported",
        lambda s: _count(s, Side.KFOR, reported_by=FINAL_DAYS),
    ),
    _secondary(
        "kfor_hurt_before_push", "persons", "less", "KFOR hurt before the first push at their site, finally reported", _hurt_before_push
    ),
    _secondary("police_hurt", "persons", "less", "police hurt, truth", lambda s: _count(s, *POLICE)),
    _secondary(
        "police_hurt_final_report", "persons", "less", "police hurt as finally reported", lambda s: _count(s, *POLICE, reported_by=FINAL_DAYS)
    ),
    _secondary("protesters_hurt", "persons", "less", "protesters hurt, truth", lambda s: _count(s, Side.PROTESTERS)),
    _secondary(
        "protesters_hurt_final_report",
        "persons",
        "less",
        "protesters hurt as reported",
        lambda s: _count(s, Side.PROTESTERS, reported_by=FINAL_DAYS),
    ),
    _secondary("killed", "persons", "less", "killed on all sides", lambda s: _count(s, least=Grade.FATAL)),
    _secondary(
        "soldiers_shot",
        "persons",
        "less",
        "soldiers and police officers hurt by gunfire",
        lambda s: _count(s, Side.KFOR, *POLICE, where=lambda injury: injury.means is Means.GUNFIRE),
    ),
    _secondary("crowd_peak", "persons", "neutral", "most people present at one site at once", _crowd_peak),
    _secondary(
        "first_clash_h",
        "h",
        "more",
        "hours from the forced entry (or the day's start) until five were violent at once; to the day's end where never",
        _first_clash_h,
    ),
    _secondary(
        "violent_share_before_push",
        "share",
        "less",
        "largest ten-minute mean share of people present who were violent before the first push (of at least 50)",
        _violent_share_before_push,
    ),
    _secondary(
        "span_of_violence_min",
        "min",
        "less",
        "from the first to the last ten-minute slot with five or more violent people after the first push, at the worst site",
        _span_of_violence,
    ),
    _secondary(
        "ever_violent",
        "persons",
        "less",
        "people violent at any time of a day",
        lambda s: float(sum(int(item.site.state.people["was_violent"].sum()) for item in s)),
    ),
    _secondary("detained", "persons", "neutral", "people detained on the day", _detained),
    _secondary("handed_over", "persons", "neutral", "of these handed over with usable evidence", _handed_over),
    _secondary("charged", "persons", "neutral", "people charged in the end", lambda s: _fates(s, Fate.CHARGED)),
    _secondary("convicted", "persons", "neutral", "people convicted in the end", lambda s: _fates(s, Fate.CONVICTED)),
    _secondary(
        "violent_facing_consequence",
        "share",
        "neutral",
        "share of violent people detained that day or arrested within 30 days",
        _consequence_share,
    ),
    _secondary("vehicles_out", "0 or 1", "more", "whether no vehicle is stuck or left behind at the end", _vehicles_out),
    _secondary("line_held", "0 or 1", "more", "whether nobody broke through to a door", _line_held),
    _secondary(
        "hours_without_movement", "h", "less", "hours for which vehicles, barriers or concessions blocked movement at a site", _blocked_hours
    ),
    _secondary("minutes_without_lead", "min", "less", "minutes with nobody in the lead at a site", lambda s: _lead_minutes(s, "none")),
    _secondary("minutes_with_two_leads", "min", "less", "minutes with two or more in the lead at a site", lambda s: _lead_minutes(s, "two")),
    _secondary("support_arrived", "units", "neutral", "units that came as support or reserve", _reserves_sent),
    _secondary(
        "force_days",
        "person-days",
        "less",
        "persons of all forces on site, summed over the run",
        lambda s: sum(item.site.dealings.force_minutes for item in s) / 1440.0,
    ),
    _secondary("trust_spent", "share", "less", "partners' trust spent by acting unasked, each ground once a day", _trust_spent, whole_run=True),
    _secondary(
        "queue_hours",
        "h",
        "less",
        "hours for which requests waited on desks that were busy with others",
        lambda s: _standing(s).standing.queue_minutes / 60.0,
        whole_run=True,
    ),
)

NOT_SHOWN = ("hours at escalation step 4 or above, chance of a challenge (given here), arms interdicted: no path here yet",)
"""Outcomes of the specification that this scenario cannot show."""


def site_days_of(world: World) -> list[SiteDay]:
    """Return every site on every day that is over, in the order of play."""
    return [SiteDay(world, site, world.cases[key], injuries_of(world, site)) for key, site in world.played.items()]


def outcomes_of(world: World) -> dict[str, float]:
    """Return every outcome of a finished run: of the whole, of each day, of each site on each day."""
    site_days = site_days_of(world)
    scopes: dict[str, list[SiteDay]] = {}
    for item in site_days:
        scopes.setdefault(f"{item.site.record.day}/", []).append(item)
        scopes[f"{item.site.record.day}/{item.site.name}/"] = [item]
    found = {outcome.name: outcome.measure(site_days) for outcome in OUTCOMES}
    for path, scope in scopes.items():
        found |= {f"{path}{outcome.name}": outcome.measure(scope) for outcome in OUTCOMES if not outcome.whole_run}
    return found
