"""Orders carried out: what each kind of order changes, one small function a kind.

An order reaches this file only after mandate, rules of engagement and approvals have let it pass. Contingents that a caveat
keeps out stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.doctrine.concessions import CONCESSIONS
from sim.doctrine.orders import Decision, Order
from sim.doctrine.readiness import hesitation_min
from sim.engine import concessions, governments, responders
from sim.engine.armed_orders import ARMED_CARRIED_OUT
from sim.engine.line_kernels import redraw_line
from sim.engine.news import hear, set_off_by
from sim.engine.reserves import go_back, nearest_free_unit, send, units_at
from sim.engine.setup import SIDES
from sim.engine.state import Aim, Post
from sim.engine.world import SiteInPlay, World
from sim.vocabulary import Level, OrderKind, Side

PUSH_BEYOND_VEHICLES = 3
"""Steps by which a push aims beyond the farthest stuck vehicle: room to work on it (15 m)."""

PUSH_WITHOUT_VEHICLES = 4
"""Steps of a push that answers a breach (20 m)."""


def _of_seat(world: World, site: SiteInPlay, order: Order) -> np.ndarray:
    """Return which sections of a site's table the ordering seat's organisation has, on site or not."""
    organisation = world.scenario.file.seats[order.seat].organisation
    side = SIDES.get(str(organisation), Side.PROTESTERS)
    return np.asarray(site.state.sections["side"] == side)


def _taking_part(world: World, site: SiteInPlay, order: Order, decision: Decision, able: str) -> np.ndarray:
    """Return the seat's sections on site that are able, minus contingents that a caveat keeps out."""
    contingents = [item.id for item in world.scenario.framework.command.contingents]
    out = [contingents.index(name) for name, _ in decision.excluded if name in contingents]
    sections = site.state.sections
    able_rows = sections[able].astype(bool) if able else np.ones(len(sections), dtype=bool)
    there = _of_seat(world, site, order) & sections["on_site"].astype(bool)
    rows: np.ndarray = there & able_rows & ~np.isin(sections["contingent"], out)
    return rows


def _redraw(site: SiteInPlay) -> None:
    state, ground = site.state, site.ground
    redraw_line(state.sections, ground.rings, ground.ring_length, state.line_rank)


def _set_level(site: SiteInPlay, rows: np.ndarray, level: Level) -> None:
    site.state.sections["level"][rows] = level


def _show_means(site: SiteInPlay, rows: np.ndarray, otherwise: Level) -> None:
    """Let sections show the level of the means they use: agents, a push, detention; else *otherwise*."""
    sections = site.state.sections
    _set_level(site, rows, otherwise)
    _set_level(site, rows & (sections["post"] == Post.DETENTION_TEAM), Level.DETENTION_TEAMS)
    _set_level(site, rows & (sections["pushing"] == 1), Level.PUSH)
    _set_level(site, rows & (sections["uses_agents"] == 1), Level.AGENTS)


def take_cordon(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The force forms its line and second line round the door."""
    rows = _of_seat(world, site, order)
    sections, situation = site.state.sections, site.state.situation[0]
    for post in (Post.LINE, Post.SECOND_LINE):
        sections["post"][rows & (site.assigned_post == post)] = post
    sections["pushing"][rows] = 0
    situation["line_target"] = site.file.cordon_steps
    site.dealings.line_formed = True
    _show_means(site, rows, Level.CORDON)
    _redraw(site)


def open_talks(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Talks are offered; they open when the other side accepts."""
    if site.dealings.talks != "open":
        site.dealings.talks = "offered"
    hear(world, "talks_offered", site.name, but=order.seat)


def give_ultimatum(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Leaders are told: disperse or be moved."""
    _set_level(site, _taking_part(world, site, order, decision, ""), Level.DIALOGUE_AND_ULTIMATUM)
    hear(world, "ultimatum_heard", site.name, but=order.seat)


def warn(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """A warning by loudspeaker."""
    hear(world, "warning_heard", site.name, but=order.seat)


def push(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The line goes forward with shields and batons, past the stuck vehicles if there are any."""
    rows = _taking_part(world, site, order, decision, "may_push") & (site.state.sections["post"] == Post.LINE)
    situation = site.state.situation[0]
    site.state.sections["pushing"][rows] = 1
    _set_level(site, rows, Level.PUSH)
    stuck = site.ground.vehicles[site.state.vehicle_clear_ticks >= 0] if site.dealings.vehicles_stuck else np.zeros(0, dtype=int)
    if len(stuck):
        situation["line_target"] = int(site.ground.door_steps[stuck].max()) + PUSH_BEYOND_VEHICLES
    else:
        situation["line_target"] = int(situation["line_target"]) + PUSH_WITHOUT_VEHICLES
    situation["line_target"] = min(int(situation["line_target"]), len(site.ground.rings) - 1)
    situation["push_selectivity"] = order.selectivity
    _hesitate(world, site, rows)
    if site.dealings.push_tick < 0:
        site.dealings.push_tick = world.tick
    site.dealings.talks = "none"
    hear(world, "push_seen", site.name, but=order.seat)
    set_off_by(world, site, "push")


def _hesitate(world: World, site: SiteInPlay, rows: np.ndarray) -> None:
    """Sections ordered to push hesitate the longer, the less they are trained."""
    sections = site.state.sections
    for row in np.flatnonzero(rows):
        delay_min = hesitation_min(float(sections["trained"][row]), world.numbers["untrained_hesitation_min"])
        sections["hesitates_until"][row] = world.tick + world.clock.ticks_in(delay_min)


def halt_push(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The line stops where it stands."""
    sections = site.state.sections
    rows = _of_seat(world, site, order)
    sections["pushing"][rows] = 0
    in_line = sections["on_site"].astype(bool) & (sections["post"] == Post.LINE)
    if in_line.any():
        site.state.situation[0]["line_target"] = int(sections["rank"][in_line].max())
    _show_means(site, rows, Level.CORDON)


def use_agents(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Equipped sections may use gas and stun devices from now on."""
    rows = _taking_part(world, site, order, decision, "may_agents")
    site.state.sections["uses_agents"][rows] = 1
    _set_level(site, rows, Level.AGENTS)
    site.state.situation[0]["agents_selectivity"] = order.selectivity
    hear(world, "agents_seen", site.name, but=order.seat)


def stop_agents(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """No more agents."""
    rows = _of_seat(world, site, order)
    site.state.sections["uses_agents"][rows] = 0
    _show_means(site, rows, Level.CORDON)


def extract_vehicles(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Stuck vehicles are brought out as soon as they stand free behind the line."""
    site.state.situation[0]["extracting"] = 1


def send_detention_teams(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Teams equipped to detain go forward behind the line; those inside the building stay and hold it."""
    rows = _taking_part(world, site, order, decision, "detains")
    sections = site.state.sections
    free = rows & np.isin(sections["post"], (Post.DOOR, Post.SECOND_LINE, Post.DETENTION_TEAM))
    sections["post"][free] = Post.DETENTION_TEAM
    _set_level(site, free, Level.DETENTION_TEAMS)
    site.state.situation[0]["detaining"] = 1
    site.state.situation[0]["detention_selectivity"] = order.selectivity
    hear(world, "detentions_seen", site.name, but=order.seat)


def recall_detention_teams(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Teams go back to their posts."""
    sections = site.state.sections
    rows = _of_seat(world, site, order) & (sections["post"] == Post.DETENTION_TEAM)
    sections["post"][rows] = site.assigned_post[rows]
    sections["cell"][rows] = site.plan.cell_of(site.file.door)
    _set_level(site, rows, Level.PRESENCE)
    if not (sections["post"] == Post.DETENTION_TEAM).any():
        site.state.situation[0]["detaining"] = 0


def withdraw(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The force leaves the site and its lead; stuck vehicles' crews stay."""
    responders.leave(world, site, world.scenario.file.seats[order.seat].organisation)
    rows = _of_seat(world, site, order) & (site.state.sections["post"] != Post.VEHICLE)
    site.state.sections["on_site"][rows] = 0
    _redraw(site)


def hold_building(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The force holds building and door."""
    _show_means(site, _of_seat(world, site, order), Level.PRESENCE)


def hold_door_with_agents(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """People at the door are turned away by force: a provocation to those who see it."""
    door = site.plan.cell_of(site.file.door)
    site.dealings.provocations.append((door, world.numbers["forced_entry_provocation"]))
    hear(world, "agents_seen", site.name, but=order.seat)


def gather(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Leaders call people to the square."""
    site.state.situation[0]["aim"] = Aim.GATHER


def stand(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Leaders call on people to stand."""
    site.state.situation[0]["aim"] = Aim.STAND


def sit_down(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Leaders call on people to sit down."""
    site.state.situation[0]["aim"] = Aim.SIT


def press(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Leaders call on people to press against the line."""
    site.state.situation[0]["aim"] = Aim.PRESS


def accept_talks(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Talks open where they were offered."""
    if site.dealings.talks == "offered":
        site.dealings.talks = "open"


def refuse_talks(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Talks are refused."""
    site.dealings.talks = "refused"


def call_for_more(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Waves that wait for this call set off now."""
    set_off_by(world, site, order.kind)


def prepared_group_acts(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """A prepared group, where there is one, acts for its time."""
    site.dealings.prepared_until = world.tick + world.clock.ticks_in(world.numbers["prepared_action_min"])


def go_home(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Leaders send people home."""
    site.state.situation[0]["going_home"] = 1


def send_reserve(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The nearest free reserve unit sets off to the site; without one nothing comes."""
    organisation = str(world.scenario.file.seats[order.seat].organisation)
    unit = nearest_free_unit(world, organisation, site)
    if unit is None:
        world.record.add(world.tick, "movement", site.name, unit="", what="no_reserve_left")
        return
    send(world, unit, site)


def recall_reserve(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Reserve units at the site go back to their bases; support that has not come yet is called off."""
    responders.call_off_support(world, site, order)
    organisation = str(world.scenario.file.seats[order.seat].organisation)
    deployed = {item.unit for item in world.day.file.deployments}
    for unit in units_at(world, organisation, site):
        if unit.reserve and unit.id not in deployed:
            go_back(world, unit.id, site)


def enter_building(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """The police force their way into the building: a provocation to those who see it, and a reason for others to come."""
    door = site.plan.cell_of(site.file.door)
    site.dealings.provocations.append((door, world.numbers["forced_entry_provocation"]))
    if site.dealings.entry_tick < 0:
        site.dealings.entry_tick = world.tick
    hear(world, "entry_made", site.name, but=order.seat)
    set_off_by(world, site, "entry")


def put_up_barriers(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
    """Barriers and wire go up before the line: they take pressure off it, and stop movement."""
    site.state.situation[0]["barriers"] = 1
    if site.dealings.barrier_tick < 0:
        site.dealings.barrier_tick = world.tick
    hear(world, "barriers_up", site.name, but=order.seat)


def _by_force_of(act: Callable[..., None], **fixed: object) -> Callable[[World, SiteInPlay, Order, Decision], None]:
    """Return an order's function from one that needs no decision."""

    def carried_out(world: World, site: SiteInPlay, order: Order, decision: Decision) -> None:
        act(world, site, order, **fixed)

    return carried_out


CARRIED_OUT: dict[OrderKind, Callable[[World, SiteInPlay, Order, Decision], None]] = {
    OrderKind.TAKE_CORDON: take_cordon,
    OrderKind.OPEN_TALKS: open_talks,
    OrderKind.GIVE_ULTIMATUM: give_ultimatum,
    OrderKind.WARN_BY_LOUDSPEAKER: warn,
    OrderKind.PUSH: push,
    OrderKind.HALT_PUSH: halt_push,
    OrderKind.USE_AGENTS: use_agents,
    OrderKind.STOP_AGENTS: stop_agents,
    OrderKind.EXTRACT_VEHICLES: extract_vehicles,
    OrderKind.SEND_DETENTION_TEAMS: send_detention_teams,
    OrderKind.RECALL_DETENTION_TEAMS: recall_detention_teams,
    OrderKind.WITHDRAW: withdraw,
    OrderKind.HOLD_BUILDING: hold_building,
    OrderKind.HOLD_DOOR_WITH_AGENTS: hold_door_with_agents,
    OrderKind.GATHER: gather,
    OrderKind.STAND: stand,
    OrderKind.SIT_DOWN: sit_down,
    OrderKind.PRESS: press,
    OrderKind.ACCEPT_TALKS: accept_talks,
    OrderKind.REFUSE_TALKS: refuse_talks,
    OrderKind.CALL_FOR_MORE: call_for_more,
    OrderKind.PREPARED_GROUP_ACTS: prepared_group_acts,
    OrderKind.GO_HOME: go_home,
    OrderKind.ENTER_BUILDING: enter_building,
    OrderKind.PUT_UP_BARRIERS: put_up_barriers,
    OrderKind.REQUEST_SUPPORT: _by_force_of(responders.request_support),
    OrderKind.ACCEPT_REQUEST: _by_force_of(responders.answer, accepted=True),
    OrderKind.REFUSE_REQUEST: _by_force_of(responders.answer, accepted=False),
    OrderKind.HAND_BACK: _by_force_of(responders.hand_back),
    OrderKind.SEND_RESERVE: send_reserve,
    OrderKind.RECALL_RESERVE: recall_reserve,
    OrderKind.ORDER_ENTRY: _by_force_of(governments.order_entry),
    OrderKind.PRESS_FOR_ACTION: _by_force_of(governments.press),
    OrderKind.URGE_RESTRAINT: _by_force_of(governments.press),
    OrderKind.GIVE_LICENCE: _by_force_of(governments.license_more),
    OrderKind.WITHDRAW_LICENCE: _by_force_of(governments.license_more),
    **{kind: _by_force_of(concessions.concede) for kind in CONCESSIONS},
    **ARMED_CARRIED_OUT,
}
"""What carries out each kind of order; a test checks that every kind is here."""
