"""Orders carried out: what each kind of order changes, one small function a kind.

An order reaches this file only after mandate, rules of engagement and approvals have let it pass. Contingents that a caveat
keeps out stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.doctrine.orders import Decision, Order
from sim.doctrine.readiness import hesitation_min
from sim.engine.line_kernels import redraw_line
from sim.engine.setup import SIDES, set_off
from sim.engine.state import Aim, Post
from sim.engine.world import World
from sim.vocabulary import Level, OrderKind, Side

PUSH_BEYOND_VEHICLES = 3
"""Steps by which a push aims beyond the farthest stuck vehicle: room to work on it (15 m)."""

PUSH_WITHOUT_VEHICLES = 4
"""Steps of a push that answers a breach (20 m)."""


def _of_seat(world: World, order: Order) -> np.ndarray:
    """Return which sections the ordering seat commands."""
    organisation = world.scenario.file.seats[order.seat].organisation
    side = SIDES.get(str(organisation), Side.PROTESTERS)
    return np.asarray(world.state.sections["side"] == side)


def _taking_part(world: World, order: Order, decision: Decision, able: str) -> np.ndarray:
    """Return the seat's sections on site that are able, minus contingents that a caveat keeps out."""
    contingents = [item.id for item in world.scenario.framework.command.contingents]
    out = [contingents.index(name) for name, _ in decision.excluded if name in contingents]
    sections = world.state.sections
    able_rows = sections[able].astype(bool) if able else np.ones(len(sections), dtype=bool)
    rows: np.ndarray = _of_seat(world, order) & sections["on_site"].astype(bool) & able_rows & ~np.isin(sections["contingent"], out)
    return rows


def _redraw(world: World) -> None:
    state, ground = world.state, world.ground
    redraw_line(state.sections, ground.rings, ground.ring_length, state.line_rank)


def _set_level(world: World, rows: np.ndarray, level: Level) -> None:
    world.state.sections["level"][rows] = level


def _show_means(world: World, rows: np.ndarray, otherwise: Level) -> None:
    """Let sections show the level of the means they use: agents, a push, detention; else *otherwise*."""
    sections = world.state.sections
    _set_level(world, rows, otherwise)
    _set_level(world, rows & (sections["post"] == Post.DETENTION_TEAM), Level.DETENTION_TEAMS)
    _set_level(world, rows & (sections["pushing"] == 1), Level.PUSH)
    _set_level(world, rows & (sections["uses_agents"] == 1), Level.AGENTS)


def _hear(world: World, name: str, *, by: str) -> None:
    """Let every other seat learn that something was said or done."""
    for seat, memory in world.dealings.memory.items():
        if seat != by:
            memory.since[name] = world.tick


def take_cordon(world: World, order: Order, decision: Decision) -> None:
    """The force forms its line and second line round the door."""
    rows = _of_seat(world, order)
    sections, situation = world.state.sections, world.state.situation[0]
    for post in (Post.LINE, Post.SECOND_LINE):
        sections["post"][rows & (world.assigned_post == post)] = post
    sections["pushing"][rows] = 0
    situation["line_target"] = world.scenario.file.site.cordon_steps
    world.dealings.line_formed = True
    _show_means(world, rows, Level.CORDON)
    _redraw(world)


def open_talks(world: World, order: Order, decision: Decision) -> None:
    """Talks are offered; they open when the other side accepts."""
    if world.dealings.talks != "open":
        world.dealings.talks = "offered"
    _hear(world, "talks_offered", by=order.seat)


def give_ultimatum(world: World, order: Order, decision: Decision) -> None:
    """Leaders are told: disperse or be moved."""
    _set_level(world, _taking_part(world, order, decision, ""), Level.DIALOGUE_AND_ULTIMATUM)
    _hear(world, "ultimatum_heard", by=order.seat)


def warn(world: World, order: Order, decision: Decision) -> None:
    """A warning by loudspeaker."""
    _hear(world, "warning_heard", by=order.seat)


def push(world: World, order: Order, decision: Decision) -> None:
    """The line goes forward with shields and batons, past the stuck vehicles if there are any."""
    rows = _taking_part(world, order, decision, "may_push") & (world.state.sections["post"] == Post.LINE)
    situation = world.state.situation[0]
    world.state.sections["pushing"][rows] = 1
    _set_level(world, rows, Level.PUSH)
    stuck = world.ground.vehicles[world.state.vehicle_clear_ticks >= 0] if world.dealings.vehicles_stuck else np.zeros(0, dtype=int)
    if len(stuck):
        situation["line_target"] = int(world.ground.door_steps[stuck].max()) + PUSH_BEYOND_VEHICLES
    else:
        situation["line_target"] = int(situation["line_target"]) + PUSH_WITHOUT_VEHICLES
    situation["line_target"] = min(int(situation["line_target"]), len(world.ground.rings) - 1)
    situation["push_selectivity"] = order.selectivity
    _hesitate(world, rows)
    if world.dealings.push_tick < 0:
        world.dealings.push_tick = world.tick
    world.dealings.talks = "none"
    _hear(world, "push_seen", by=order.seat)


def _hesitate(world: World, rows: np.ndarray) -> None:
    """Sections ordered to push hesitate the longer, the less they are trained."""
    sections = world.state.sections
    for row in np.flatnonzero(rows):
        delay_min = hesitation_min(float(sections["trained"][row]), world.numbers["untrained_hesitation_min"])
        sections["hesitates_until"][row] = world.tick + world.clock.ticks_in(delay_min)


def halt_push(world: World, order: Order, decision: Decision) -> None:
    """The line stops where it stands."""
    sections = world.state.sections
    rows = _of_seat(world, order)
    sections["pushing"][rows] = 0
    in_line = sections["on_site"].astype(bool) & (sections["post"] == Post.LINE)
    if in_line.any():
        world.state.situation[0]["line_target"] = int(sections["rank"][in_line].max())
    _show_means(world, rows, Level.CORDON)


def use_agents(world: World, order: Order, decision: Decision) -> None:
    """Equipped sections may use gas and stun devices from now on."""
    rows = _taking_part(world, order, decision, "may_agents")
    world.state.sections["uses_agents"][rows] = 1
    _set_level(world, rows, Level.AGENTS)
    world.state.situation[0]["agents_selectivity"] = order.selectivity
    _hear(world, "agents_seen", by=order.seat)


def stop_agents(world: World, order: Order, decision: Decision) -> None:
    """No more agents."""
    rows = _of_seat(world, order)
    world.state.sections["uses_agents"][rows] = 0
    _show_means(world, rows, Level.CORDON)


def extract_vehicles(world: World, order: Order, decision: Decision) -> None:
    """Stuck vehicles are brought out as soon as they stand free behind the line."""
    world.state.situation[0]["extracting"] = 1


def send_detention_teams(world: World, order: Order, decision: Decision) -> None:
    """Teams equipped to detain go forward behind the line; those inside the building stay and hold it."""
    rows = _taking_part(world, order, decision, "detains")
    sections = world.state.sections
    free = rows & np.isin(sections["post"], (Post.DOOR, Post.SECOND_LINE, Post.DETENTION_TEAM))
    sections["post"][free] = Post.DETENTION_TEAM
    _set_level(world, free, Level.DETENTION_TEAMS)
    world.state.situation[0]["detaining"] = 1
    world.state.situation[0]["detention_selectivity"] = order.selectivity
    _hear(world, "detentions_seen", by=order.seat)


def recall_detention_teams(world: World, order: Order, decision: Decision) -> None:
    """Teams go back to their posts."""
    sections = world.state.sections
    rows = _of_seat(world, order) & (sections["post"] == Post.DETENTION_TEAM)
    sections["post"][rows] = world.assigned_post[rows]
    sections["cell"][rows] = world.scenario.plan.cell_of(world.scenario.file.site.door)
    _set_level(world, rows, Level.PRESENCE)
    if not (sections["post"] == Post.DETENTION_TEAM).any():
        world.state.situation[0]["detaining"] = 0


def open_exit(world: World, order: Order, decision: Decision) -> None:
    """Ways out are opened."""
    world.state.situation[0]["exits_open"] = 1


def wait(world: World, order: Order, decision: Decision) -> None:
    """Nothing changes but the clock."""


def withdraw(world: World, order: Order, decision: Decision) -> None:
    """The force leaves the site; stuck vehicles' crews stay."""
    rows = _of_seat(world, order) & (world.state.sections["post"] != Post.VEHICLE)
    world.state.sections["on_site"][rows] = 0
    _redraw(world)


def hold_building(world: World, order: Order, decision: Decision) -> None:
    """The force holds building and door."""
    _show_means(world, _of_seat(world, order), Level.PRESENCE)


def hold_door_with_agents(world: World, order: Order, decision: Decision) -> None:
    """People at the door are turned away by force: a provocation to those who see it."""
    door = world.scenario.plan.cell_of(world.scenario.file.site.door)
    world.dealings.provocations.append((door, world.numbers["forced_entry_provocation"]))
    _hear(world, "agents_seen", by=order.seat)


def gather(world: World, order: Order, decision: Decision) -> None:
    """Leaders call people to the square."""
    world.state.situation[0]["aim"] = Aim.GATHER


def stand(world: World, order: Order, decision: Decision) -> None:
    """Leaders call on people to stand."""
    world.state.situation[0]["aim"] = Aim.STAND


def sit_down(world: World, order: Order, decision: Decision) -> None:
    """Leaders call on people to sit down."""
    world.state.situation[0]["aim"] = Aim.SIT


def press(world: World, order: Order, decision: Decision) -> None:
    """Leaders call on people to press against the line."""
    world.state.situation[0]["aim"] = Aim.PRESS


def accept_talks(world: World, order: Order, decision: Decision) -> None:
    """Talks open where they were offered."""
    if world.dealings.talks == "offered":
        world.dealings.talks = "open"


def refuse_talks(world: World, order: Order, decision: Decision) -> None:
    """Talks are refused."""
    world.dealings.talks = "refused"


def call_for_more(world: World, order: Order, decision: Decision) -> None:
    """Waves that wait for this call set off now."""
    for wave in world.waves:
        rows = world.state.people[wave.first_row : wave.end_row]
        if wave.arrival.on_order is order.kind and rows["arrival_tick"].min() > world.clock.ticks:
            set_off(world.scenario, rows, wave, world.run_key, world.minute_of_day())


def prepared_group_acts(world: World, order: Order, decision: Decision) -> None:
    """A prepared group, where there is one, acts for its time."""
    world.dealings.prepared_until = world.tick + world.clock.ticks_in(world.numbers["prepared_action_min"])


def go_home(world: World, order: Order, decision: Decision) -> None:
    """Leaders send people home."""
    world.state.situation[0]["going_home"] = 1


CARRIED_OUT: dict[OrderKind, Callable[[World, Order, Decision], None]] = {
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
    OrderKind.OPEN_EXIT: open_exit,
    OrderKind.WAIT: wait,
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
}
"""What carries out each kind of order; a test checks that every kind is here."""
