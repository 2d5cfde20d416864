"""Outcomes: what a run is judged by. Each has one definition, a unit and a direction; injuries pass the observation model.

Primary outcomes are fixed before any run. What this scenario cannot show is said, never set to zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.adjudication.casualties import in_report
from sim.engine.pictures import VIOLENCE_PERSONS, stuck_vehicles
from sim.engine.state import Incident
from sim.engine.world import World
from sim.foundations.chance import Purpose, draw, mix
from sim.vocabulary import Conduct, Grade, Means, Side

SLOT_MIN = 10.0
"""Length of the slots in which pattern P2 looks for violence."""


@dataclass(frozen=True)
class Injury:
    """One person hurt, as truth and reports have it."""

    tick: int
    side: Side
    grade: Grade
    means: Means
    in_first: bool
    in_final: bool


@dataclass(frozen=True)
class Outcome:
    """A definition.

    Attributes
    ----------
    better
        ``less``, ``more`` or ``neutral``.
    measure
        From the finished world and its injuries to a number.
    """

    name: str
    unit: str
    better: str
    primary: bool
    meaning: str
    measure: Callable[[World, list[Injury]], float]


def injuries_of(world: World) -> list[Injury]:
    """Return everybody hurt once, at the worst grade, with what the first and the final report counted."""
    rows = world.record.incidents
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
    first = in_report(share, grade, min(light, chance), min(serious, chance))
    final = in_report(share, grade, chance, chance)
    return Injury(tick, side, Grade(grade), Means(int(row["means"])), bool(first), bool(final))


def _count(injuries: list[Injury], *, side: Side | None = None, least: Grade = Grade.LIGHT, report: str = "") -> float:
    return float(
        sum(
            1
            for injury in injuries
            if (side is None or injury.side is side) and injury.grade >= least and (not report or getattr(injury, report))
        )
    )


def _before_push(world: World, tick: int) -> bool:
    return world.dealings.push_tick < 0 or tick < world.dealings.push_tick


def _hurt_before_push(world: World, injuries: list[Injury]) -> float:
    return _count([item for item in injuries if _before_push(world, item.tick)], side=Side.KFOR, report="in_final")


def _slots(world: World) -> np.ndarray:
    """Return the series' violent and present people as means over ten-minute slots: shape (slots, 2), and their ticks."""
    series = world.record.series
    per_slot = max(int(SLOT_MIN / (world.psychology_ticks * world.clock.base_tick_min)), 1)
    whole = len(series) // per_slot * per_slot
    violent = series["violent"][:whole].reshape(-1, per_slot)
    present = series["present"][:whole].reshape(-1, per_slot)
    ticks = series["tick"][:whole:per_slot]
    return np.column_stack([violent.max(axis=1), violent.mean(axis=1), present.mean(axis=1), ticks])


def _violent_share_before_push(world: World, _injuries: list[Injury]) -> float:
    slots = _slots(world)
    early = slots[[_before_push(world, int(tick)) for tick in slots[:, 3]]]
    shares = early[:, 1] / np.maximum(early[:, 2], 50.0)
    return float(shares.max(initial=0.0))


def _span_of_violence(world: World, _injuries: list[Injury]) -> float:
    slots = _slots(world)
    after = np.array([not _before_push(world, int(tick) + 1) for tick in slots[:, 3]], dtype=bool)
    violent = np.flatnonzero((slots[:, 0] >= VIOLENCE_PERSONS) & after)
    return float((violent[-1] - violent[0] + 1) * SLOT_MIN) if len(violent) else 0.0


def _shot(_world: World, injuries: list[Injury]) -> float:
    return float(sum(1 for item in injuries if item.side is not Side.PROTESTERS and item.means is Means.GUNFIRE))


def _detained(world: World, _injuries: list[Injury]) -> float:
    return float((world.state.people["conduct"] == Conduct.DETAINED).sum())


def _handed_over(world: World, _injuries: list[Injury]) -> float:
    rows = world.record.incidents
    chance, key = world.numbers["handed_over_chance"], int(world.run_key)
    detained = rows[rows["kind"] == Incident.DETAINED]
    return float(sum(draw(key, int(row["tick"]), int(row["entity"]), Purpose.DETENTION_HANDED_OVER) < chance for row in detained))


def _consequence_share(world: World, _injuries: list[Injury]) -> float:
    """Share of those violent who were detained on the day, or identified and arrested within 30 days."""
    people, key = world.state.people, int(world.run_key)
    violent = people[people["was_violent"] == 1]
    met = 0
    for person in violent:
        name = int(person["id"])
        identified = draw(key, world.clock.ticks, name, Purpose.LATER_IDENTIFIED) < world.numbers["later_identified_chance"]
        arrested = draw(key, world.clock.ticks, name, Purpose.LATER_ARRESTED) < world.numbers["later_arrested_chance"]
        met += person["conduct"] == Conduct.DETAINED or (identified and arrested)
    return float(met / len(violent)) if len(violent) else 0.0


def _legitimacy_change(world: World, _injuries: list[Injury]) -> float:
    came = world.state.people[world.state.people["arrival_tick"] <= world.clock.ticks]
    change = came["legitimacy_kfor"] - came["legitimacy_before"]
    return math.fsum(change) / len(change) if len(change) else 0.0


def _confidence_change(world: World, _injuries: list[Injury]) -> float:
    return world.dealings.confidence - world.numbers["majority_confidence"]


def _blocked_hours(world: World, _injuries: list[Injury]) -> float:
    stuck = (world.record.series["vehicles_stuck"] > 0).sum()
    return float(stuck) * world.psychology_ticks * world.clock.base_tick_min / 60.0


def _vehicles_out(world: World, _injuries: list[Injury]) -> float:
    return 1.0 if stuck_vehicles(world) == 0 else 0.0


def _force_days(world: World, _injuries: list[Injury]) -> float:
    return world.dealings.force_minutes / 1440.0


def _challenged(_world: World, injuries: list[Injury]) -> float:
    hurt = _count(injuries)
    return 1.0 if hurt >= 10 else 0.0


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        "serious_or_fatal",
        "persons",
        "less",
        True,
        "seriously hurt or killed, all sides, each counted once",
        lambda w, i: _count(i, least=Grade.SERIOUS),
    ),
    Outcome("riot", "0 or 1", "less", True, "whether the day was a riot: ten or more hurt on all sides", _challenged),
    Outcome(
        "protester_legitimacy_change", "share", "more", True, "mean change of KFOR's legitimacy among those who came", _legitimacy_change
    ),
    Outcome("majority_confidence_change", "share", "more", True, "change of the other community's confidence in KFOR", _confidence_change),
    Outcome(
        "licence_spent",
        "share",
        "less",
        True,
        "governments' licence spent by acting unasked, each ground once",
        lambda w, i: sum(cost[1] for cost in w.dealings.overrides.values()),
    ),
    Outcome("kfor_hurt", "persons", "less", False, "KFOR hurt, truth", lambda w, i: _count(i, side=Side.KFOR)),
    Outcome(
        "kfor_hurt_first_report",
        "persons",
        "less",
        False,
        "KFOR hurt as first reported",
        lambda w, i: _count(i, side=Side.KFOR, report="in_first"),
    ),
    Outcome(
        "kfor_hurt_final_report",
        "persons",
        "less",
        False,
        "KFOR hurt as finally reported",
        lambda w, i: _count(i, side=Side.KFOR, report="in_final"),
    ),
    Outcome("kfor_hurt_before_push", "persons", "less", False, "KFOR hurt before the first push, finally reported", _hurt_before_push),
    Outcome(
        "police_hurt",
        "persons",
        "less",
        False,
        "police hurt, truth",
        lambda w, i: _count(i, side=Side.KOSOVO_POLICE) + _count(i, side=Side.EULEX),
    ),
    Outcome("protesters_hurt", "persons", "less", False, "protesters hurt, truth", lambda w, i: _count(i, side=Side.PROTESTERS)),
    Outcome(
        "protesters_hurt_final_report",
        "persons",
        "less",
        False,
        "protesters hurt as reported",
        lambda w, i: _count(i, side=Side.PROTESTERS, report="in_final"),
    ),
    Outcome("killed", "persons", "less", False, "killed on all sides", lambda w, i: _count(i, least=Grade.FATAL)),
    Outcome("soldiers_shot", "persons", "less", False, "soldiers and police officers hurt by gunfire", _shot),
    Outcome(
        "violent_share_before_push",
        "share",
        "less",
        False,
        "largest ten-minute mean share of people present who were violent before the first push (of at least 50)",
        _violent_share_before_push,
    ),
    Outcome(
        "span_of_violence_min",
        "min",
        "less",
        False,
        "from the first to the last ten-minute slot with five or more violent people after the first push",
        _span_of_violence,
    ),
    Outcome(
        "ever_violent", "persons", "less", False, "people violent at any time", lambda w, i: float(w.state.people["was_violent"].sum())
    ),
    Outcome("detained", "persons", "neutral", False, "people detained on the day", _detained),
    Outcome("handed_over", "persons", "neutral", False, "of these handed over with usable evidence", _handed_over),
    Outcome(
        "violent_facing_consequence",
        "share",
        "neutral",
        False,
        "share of violent people detained that day or arrested within 30 days",
        _consequence_share,
    ),
    Outcome("vehicles_out", "0 or 1", "more", False, "whether no vehicle is stuck at the end", _vehicles_out),
    Outcome(
        "line_held",
        "0 or 1",
        "more",
        False,
        "whether nobody broke through to the door",
        lambda w, i: float(w.state.situation[0]["line_held"]),
    ),
    Outcome("hours_without_movement", "h", "less", False, "hours for which vehicles were blocked at the site", _blocked_hours),
    Outcome("force_days", "person-days", "less", False, "persons of all forces on site, summed over the run", _force_days),
)

NOT_SHOWN = (
    "hours at escalation step 4 or above, chance of a challenge (given here), arms interdicted, hand-over times: no path here yet",
)
"""Outcomes of the specification that this scenario cannot show."""


def outcomes_of(world: World) -> dict[str, float]:
    """Return every outcome of a finished run."""
    injuries = injuries_of(world)
    return {outcome.name: outcome.measure(world, injuries) for outcome in OUTCOMES}
