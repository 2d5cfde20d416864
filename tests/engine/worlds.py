"""Worlds at a chosen moment, for tests of what one step of the order of play does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np

from sim.doctrine.hand_over import HandOver, Stage
from sim.doctrine.orders import Decision, Order
from sim.doctrine.seat_orders import Organisation
from sim.engine import turn
from sim.engine.decisions import admit, carry_out
from sim.engine.model import TheatreModel
from sim.engine.phases import sense
from sim.engine.pictures import pictures_for
from sim.engine.responders import begin
from sim.engine.run import new_model
from sim.engine.state import Seen
from sim.engine.world import SiteInPlay, World
from sim.scenario.loader import Scenario, load_scenario
from sim.seats.picture import Picture
from sim.vocabulary import Conduct, OrderKind, Verdict

GRANTED = Decision(Verdict.GRANTED, "FORCED")
KFOR, POLICE, CROWD = "kfor_zvecan", "kp_zvecan", "crowd_zvecan"
COMMANDER, EULEX = "kfor_commander", "eulex"
TICK_MIN = 0.25


@cache
def zvecan() -> Scenario:
    """Return Zvečan on 29 May alone."""
    return load_scenario("may_2023_zvecan")


@cache
def may_29() -> Scenario:
    """Return 29 May at all four sites."""
    return load_scenario("may_2023").on_days(("may_29",))


@cache
def first_two_days() -> Scenario:
    """Return 26 and 29 May, each a quarter of an hour long: enough for what a test does by hand, and for the night."""
    scenario = load_scenario("may_2023").on_days(("may_26", "may_29"))
    ends = [day.file.start + timedelta(minutes=15) for day in scenario.days]
    days = tuple(replace(day, file=day.file.model_copy(update={"end": end})) for day, end in zip(scenario.days, ends, strict=True))
    return replace(scenario, days=days)


class SilentSeat:
    """A seat that orders nothing, so that only what a test orders happens."""

    def __init__(self, name: str) -> None:
        self.name = name

    def decide(self, picture: Picture) -> list[Order]:
        return []


def silent(scenario: Scenario) -> dict[str, SilentSeat]:
    """Return seats for everybody that order nothing."""
    return {name: SilentSeat(name) for name in scenario.file.seats}


def with_values(scenario: Scenario, **values: float | str) -> Scenario:
    return scenario.with_parameters(scenario.parameters.with_values(values))


def quiet_model(scenario: Scenario, seed: int = 5, **values: float | str) -> TheatreModel:
    """Return a model in which nobody orders anything."""
    return new_model(with_values(scenario, **values), seed, silent(scenario))


def zvecan_with(**values: float | str) -> tuple[World, SiteInPlay]:
    """Return the world of 29 May at its first minute, forces on site and line formed, with some parameter values; and Zvečan."""
    model = new_model(with_values(zvecan(), **values), 5)
    model.run_for(1)
    world: World = model.world
    order(world, OrderKind.TAKE_CORDON)
    return world, world.sites["zvecan"]


def order(
    world: World,
    kind: OrderKind,
    seat: str = KFOR,
    *,
    site: str = "zvecan",
    selectivity: float = 0.0,
    decision: Decision = GRANTED,
) -> None:
    """Let an order take effect, whatever mandate and rules would say."""
    carry_out(world, Order(seat, kind, selectivity, "forced", site), decision)


def ask_leave(world: World, kind: OrderKind, seat: str = KFOR, *, site: str = "zvecan") -> dict[str, object]:
    """Let a seat give an order that mandate, rules and approvals judge; return what the record says of its permission."""
    picture = next(shown for shown in pictures_for(world, seat) if shown.site == site)
    admit(world, Order(seat, kind, 0.0, "to see", site), picture)
    return entries(world, "permission", seat=seat, order=str(kind), site=site)[-1]


def police_ask(
    world: World, site: SiteInPlay, organisation: Organisation, stage: Stage = Stage.REQUESTED, *, with_lead: bool = False
) -> HandOver:
    """Enter a request of the police to another force into the book, as far on as *stage*."""
    by = world.tick + world.clock.ticks_in(60.0)
    found = HandOver(99, site.name, Organisation.KOSOVO_POLICE, organisation, "support", by, with_lead, stage=stage)
    begin(world, site, found)
    return found


def put_before_line(world: World, site: SiteInPlay, conduct: Conduct, persons: int = 200) -> np.ndarray:
    """Put people on the cells one to three steps before the line, all doing the same; return their rows."""
    ground, people = site.ground, site.state.people
    ahead = ground.door_steps - site.state.line_rank[ground.bin]
    near = np.flatnonzero((ground.open == 1) & (ahead >= 1) & (ahead <= 3))
    rows = np.arange(persons)
    people["cell"][rows] = near[rows * 11 % len(near)]
    people["conduct"][rows] = conduct
    count(world, site)
    return rows


def count(world: World, site: SiteInPlay) -> None:
    """Count who is where, as the steps before contact do."""
    sense(world, site)
    site.dealings.active = int(site.state.counts[Seen.VIOLENT].sum() + site.state.counts[Seen.PRESSING].sum())


def psychology_minutes() -> float:
    return turn.PSYCHOLOGY * TICK_MIN


def next_tick(world: World) -> None:
    """Let one base tick pass with nothing else happening."""
    world.tick += 1
    for site in world.sites.values():
        site.state.situation["tick"] = world.tick


def play_until(model: TheatreModel, tick: int) -> None:
    """Play up to a tick of the run's calendar."""
    while model.world.tick < tick:
        model.step()


def play_minutes(model: TheatreModel, minutes: float) -> None:
    """Play on for some minutes of one day."""
    play_until(model, model.world.tick + model.world.clock.ticks_in(minutes))


def entries(world: World, kind: str, **fields: object) -> list[dict[str, object]]:
    """Return the record's entries of a kind whose fields have these values."""
    return [
        entry for entry in world.record.entries if entry["kind"] == kind and all(entry.get(name) == value for name, value in fields.items())
    ]


def on_site(site: SiteInPlay, world: World, unit: str) -> np.ndarray:
    """Return the rows of a unit at a site."""
    return site.state.sections[world.unit_rows[unit]]


def tables(site: SiteInPlay) -> dict[str, bytes]:
    """Return the bytes of everything that changes but counts."""
    state = site.state
    names = ("people", "sections", "situation", "agents", "line_rank", "vehicle_clear_ticks", "incident_count", "cluster_provocation")
    return {name: getattr(state, name).tobytes() for name in names}
