"""Set-up: from a checked day and a seed to the state in which each of its sites begins.

Traits and arrivals are keyed draws on stable ids (home, wave and an ordinal), so that another policy, another row order or
another turnout leaves every person who comes in both with the same traits, and a wave of the same name brings the same
people on another day. What earlier days taught them is laid over their traits (``engine/between_days``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.doctrine.command import PostName, Unit
from sim.doctrine.lever_effects import rubbed_off
from sim.doctrine.readiness import excess_force_factor, injury_factor, protected_share, trained_now
from sim.engine.people_kernels import draw_arrivals, give_traits
from sim.engine.state import BINS, NEVER, Ground, Post, State, empty_state
from sim.engine.training_away import trained_afresh
from sim.foundations.arithmetic import exp
from sim.foundations.chance import Purpose, draw, mix, name_key, normal_quantile
from sim.foundations.figures import minutes_of_day
from sim.foundations.parameter import ParameterSet
from sim.geography.site_plan import SitePlan
from sim.scenario.episode_inputs import input_share, inputs_key
from sim.scenario.episode_schema import LEGITIMACY_OF
from sim.scenario.loader import Day, Scenario
from sim.scenario.schema import Arrival
from sim.vocabulary import Conduct, Level, Side
from sim.vocabulary import Ground as GroundKind

SMALLEST_CLUSTER, LARGEST_CLUSTER = 3, 6
"""People who came together (facts L1)."""

SIDES = {"kfor": Side.KFOR, "kosovo_police": Side.KOSOVO_POLICE, "eulex": Side.EULEX, "ksf": Side.KSF}

POSTS = {
    PostName.OUTER_CORDON: Post.LINE,
    PostName.SECOND_LINE: Post.SECOND_LINE,
    PostName.DOOR: Post.DOOR,
    PostName.BUILDING: Post.BUILDING,
    PostName.VEHICLES: Post.VEHICLE,
}

RESERVE_POST = {"police_unit": Post.SECOND_LINE}
"""Where a unit that is sent to a site joins: police units behind the line, ready to detain; all others in the line."""


@dataclass(frozen=True)
class Wave:
    """A wave of arrivals as this run has it: which rows, and what sets it off."""

    arrival: Arrival
    first_row: int
    end_row: int
    spread_min: float


@cache
def ground_of(plan: SitePlan, door: str) -> Ground:
    """Return the site's cells as kernels read them, with the rings on which a line before *door* can stand."""
    rows, columns = plan.ground.shape
    passable = plan.open_cells() | (plan.ground == GroundKind.VEHICLE)
    targets = np.zeros_like(passable)
    targets.ravel()[plan.cells_of(GroundKind.DOOR)] = True
    neighbours = _neighbours(passable)
    door_steps = _with_vehicles(_filled(plan.distances(targets)).ravel(), plan.cells_of(GroundKind.VEHICLE), neighbours)
    exits = plan.ground == GroundKind.EXIT
    rings, lengths, bins = _rings(door_steps, plan.open_cells().ravel(), plan.cell_of(door), columns)
    vehicles = np.array([plan.cell_of(mark) for mark in sorted(plan.marks) if mark.startswith("kp_vehicle")], dtype=np.int64)
    return Ground(
        rows=int(rows),
        columns=int(columns),
        cell_m=float(plan.cell_m),
        open=plan.open_cells().ravel().astype(np.int8),
        door_steps=door_steps,
        exit_steps=_filled(plan.distances(exits)).ravel(),
        bin=bins,
        rings=rings,
        ring_length=lengths,
        vehicles=vehicles,
        neighbours=neighbours,
    )


def _filled(steps: np.ndarray) -> np.ndarray:
    """Return steps with the unreachable ones set beyond the farthest."""
    far = int(steps.max()) + 1
    filled: np.ndarray = np.where(steps < 0, far, steps).astype(np.int64)
    return filled


def _with_vehicles(steps: np.ndarray, vehicles: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Return steps with a vehicle's cells one further than the nearest cell beside them."""
    result = steps.copy()
    for cell in vehicles:
        beside = [there for there in neighbours[cell] if there >= 0 and there not in vehicles]
        result[cell] = min(int(steps[there]) for there in beside) + 1
    return result


def _neighbours(passable: np.ndarray) -> np.ndarray:
    """Return the eight neighbours of each cell as flat indices, -1 where closed or round a corner."""
    rows, columns = passable.shape
    table = np.full((rows * columns, 8), -1, dtype=np.int64)
    offsets = [(-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    for row in range(rows):
        for column in range(columns):
            for k, (down, right) in enumerate(offsets):
                there, across = row + down, column + right
                if not (0 <= there < rows and 0 <= across < columns and passable[there, across]):
                    continue
                if down and right and not (passable[row, across] and passable[there, column]):
                    continue
                table[row * columns + column, k] = there * columns + across
    return table


def _bearing(cell: int, door: int, columns: int) -> tuple[float, int]:
    """Return a number that rises with the angle round the door; exact arithmetic, so that order is the same everywhere."""
    down = cell // columns - door // columns
    right = cell % columns - door % columns
    size = abs(down) + abs(right)
    part = right / size if size else 0.0
    return (part if down >= 0 else 2.0 - part), cell


def _rings(door_steps: np.ndarray, is_open: np.ndarray, door: int, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the cells at each number of steps sorted by bearing, how many there are, and each cell's bearing bin."""
    reached = [steps for steps in range(1, int(door_steps[is_open].max()) + 1) if (is_open & (door_steps == steps)).any()]
    by_steps = {}
    for steps in reached:
        at_steps = np.flatnonzero((door_steps == steps) & is_open)
        by_steps[steps] = sorted((int(cell) for cell in at_steps), key=lambda cell: _bearing(cell, door, columns))
    widest = max(len(cells) for cells in by_steps.values())
    rings = np.full((max(by_steps) + 1, widest), door, dtype=np.int64)
    lengths = np.ones(max(by_steps) + 1, dtype=np.int64)
    bins = np.zeros(len(door_steps), dtype=np.int64)
    for steps, cells in by_steps.items():
        rings[steps, : len(cells)] = cells
        lengths[steps] = len(cells)
        for place, cell in enumerate(cells):
            bins[cell] = int((place + 0.5) / len(cells) * BINS)
    return rings, lengths, bins


def _normal(key: int, entity: int, purpose: Purpose) -> float:
    """Return a standard normal number for an entity at the start of the run."""
    return normal_quantile(max(draw(key, 0, entity, purpose), 1e-12))


def episode_factor(key: int, name: str, spread: float) -> float:
    """Return what differs between this day and another: a log-normal factor with median 1."""
    return exp(spread * _normal(key, name_key("episode", name), Purpose.EPISODE_EFFECT))


def waves_of(scenario: Scenario, day: Day, site: str, day_key: int, inputs_of_day: int, mobilised: float) -> list[Wave]:
    """Return a site's waves on a day: each with its size drawn once, times the day's turnout and mobilisation."""
    values = scenario.parameters
    low, high = values.number("crowd_turnout_low"), values.number("crowd_turnout_high")
    turnout = low + (high - low) * draw(day_key, 0, name_key("turnout"), Purpose.TURNOUT)
    waves, row = [], 0
    crowd = day.file.crowds.get(site)
    for arrival in crowd.arrivals if crowd is not None else ():
        share = draw(inputs_of_day, 0, name_key("wave", arrival.id), Purpose.WAVE_SIZE)
        came = 1.0 if arrival.counted else turnout * mobilised
        persons = max(int(arrival.persons.at(share) * came + 0.5), 1)
        waves.append(Wave(arrival, row, row + persons, arrival.spread_min.at(share)))
        row += persons
    return waves


def units_in_play(scenario: Scenario) -> list[Unit]:
    """Return the units whose sections can stand at a site; each has rows at every site, on site at one at most."""
    return [unit for unit in scenario.framework.command.units if unit.organisation in SIDES]


def start_site(scenario: Scenario, day: Day, site: str, key: int, mobilised: float) -> tuple[Ground, State, list[Wave]]:
    """Return ground, state and waves of arrival of one site at the start of a day.

    Parameters
    ----------
    key
        The run's key.
    mobilised
        Factor on the turnout from what happened on the days before.
    """
    plan, file = scenario.plans[site], scenario.file.sites[site]
    day_key = name_key("day", key, day.name)
    ground = ground_of(plan, file.door)
    inputs_of_day = name_key("day", inputs_key(scenario, key), day.name)
    waves = waves_of(scenario, day, site, day_key, inputs_of_day, mobilised)
    units = units_in_play(scenario)
    persons = waves[-1].end_row if waves else 0
    state = empty_state(ground, persons, sum(unit.sections for unit in units), persons // SMALLEST_CLUSTER + len(waves) + 1)
    _place_people(scenario, day, site, state, ground, waves, key)
    _place_sections(scenario, day, site, state, ground, units)
    _set_situation(scenario, site, state, day_key)
    return ground, state, waves


def _place_people(scenario: Scenario, day: Day, site: str, state: State, ground: Ground, waves: list[Wave], key: int) -> None:
    values = scenario.parameters
    day_key = name_key("day", key, day.name)
    exits = scenario.plans[site].cells_of(GroundKind.EXIT)
    planned = draw(day_key, 0, name_key("prepared group", site), Purpose.PLANNED) < values.number("planned_chance")
    prepared = values.number("prepared_share") if planned else 0.0
    cluster = 0
    for wave in waves:
        rows = state.people[wave.first_row : wave.end_row]
        home = wave.arrival.home or site
        rows["id"] = residents(scenario.whole_name, home, wave.arrival.id, len(rows))
        rows["cluster"] = cluster + _clusters(key, wave.arrival.id, len(rows))
        rows["cell"] = -1
        rows["conduct"] = Conduct.ABSENT
        rows["arrival_tick"] = NEVER
        cluster = int(rows["cluster"][-1]) + 1
        if wave.arrival.begins is not None:
            set_off(scenario, day, rows, wave, key, minutes_of_day(wave.arrival.begins))
    seen = values.with_values(_legitimacy_by_community(scenario, day, site, key))
    give_traits(state.people, exits, seen.record(), key, prepared, ground.cell_m)
    _standing_rubs_off(state, values)


def _legitimacy_by_community(scenario: Scenario, day: Day, site: str, key: int) -> dict[str, float | str]:
    """Return how the community of a site's crowd sees each force, where the scenario says it: in place of the parameters."""
    crowd = day.file.crowds.get(site)
    community = scenario.file.communities.get(crowd.community) if crowd is not None else None
    if crowd is None or community is None:
        return {}
    draws = inputs_key(scenario, key)
    return {LEGITIMACY_OF[force]: span.at(input_share(draws, f"{crowd.community} {force}")) for force, span in community.legitimacy.items()}


def _standing_rubs_off(state: State, values: ParameterSet) -> None:
    """Let KFOR's legitimacy among a site's people move towards that of the police with whom it patrols, before they come."""
    turned, share = values.number("joint_patrol_intensity"), values.number("joint_patrol_rub_off")
    if turned > 0.0:
        pairs = zip(state.people["legitimacy_kfor"], state.people["legitimacy_kp"], strict=True)
        state.people["legitimacy_kfor"] = [rubbed_off(float(own), float(partner), turned, share) for own, partner in pairs]


def residents(whole: str, home: str, wave: str, persons: int) -> list[int]:
    """Return the stable ids of the first so many people of a wave: the same on every day."""
    first = name_key(whole, home, wave)
    return [mix(first + ordinal) >> 1 for ordinal in range(persons)]


def _clusters(key: int, wave: str, persons: int) -> np.ndarray:
    """Return which cluster each person of a wave came with, counted from 0: clusters of 3 to 6 in order of arrival."""
    sizes: list[int] = []
    placed = 0
    while placed < persons:
        share = draw(key, len(sizes), name_key("cluster", wave), Purpose.CLUSTER_SIZE)
        sizes.append(SMALLEST_CLUSTER + int(share * (LARGEST_CLUSTER - SMALLEST_CLUSTER + 1)))
        placed += sizes[-1]
    return np.repeat(np.arange(len(sizes)), sizes)[:persons]


def set_off(scenario: Scenario, day: Day, rows: np.ndarray, wave: Wave, key: int, begins_min: float) -> None:
    """Let the people of a wave arrive from that minute of the day on, spread over the wave's time."""
    clock = scenario.clock()
    first = clock.tick_at(day.file.start)
    midnight = first - clock.ticks_in(minutes_of_day(day.file.start.strftime("%H:%M")))
    begins = midnight + begins_min / clock.base_tick_min
    draw_arrivals(rows, name_key("day", key, day.name), max(begins, float(first)), wave.spread_min / clock.base_tick_min)


def _place_sections(scenario: Scenario, day: Day, site: str, state: State, ground: Ground, units: list[Unit]) -> None:
    command = scenario.framework.command
    contingents = [item.id for item in command.contingents]
    file = scenario.file.sites[site]
    door = scenario.plans[site].cell_of(file.door)
    posts = {item.unit: POSTS[item.post] for item in day.file.deployments if item.site == site}
    values = scenario.parameters
    row = 0
    vehicles = 0
    for unit in units:
        fresh, months = trained_afresh(values, unit, command.training_of(unit, values.number("training_quality")))
        trained = trained_now(fresh, months, values.number("training_half_life_months"))
        saving = values.number("training_injury_saving")
        for number in range(unit.sections):
            section = state.sections[row]
            section["id"] = name_key(scenario.whole_name, unit.id, number)
            section["side"] = SIDES[unit.organisation]
            section["contingent"] = contingents.index(unit.contingent) if unit.contingent else -1
            section["post"] = posts.get(unit.id, RESERVE_POST.get(unit.kind, Post.LINE))
            section["special"] = unit.kind == "special"
            section["cell"] = door
            section["strength"] = unit.persons_per_section
            section["protection"] = protected_share(unit.kit.protection, values.number("kit_quality"))
            section["trained"] = trained
            section["training"] = injury_factor(0.0, trained, saving)
            section["excess"] = excess_force_factor(trained, values.number("untrained_excess"))
            section["level"] = Level.PRESENCE
            section["detains"] = unit.kit.detention_kit
            section["may_agents"] = unit.kit.agents
            section["may_push"] = unit.kit.shields
            section["rank"] = file.cordon_steps
            if section["post"] == Post.VEHICLE and len(ground.vehicles):
                section["cell"] = ground.vehicles[vehicles % len(ground.vehicles)]
                vehicles += 1
            row += 1
    spread_along_line(state.sections, np.array([unit.id in posts for unit in units for _ in range(unit.sections)]))


def spread_along_line(sections: np.ndarray, rows: np.ndarray) -> None:
    """Give those sections of the line bearings in the order of their units, evenly along the line."""
    in_line = np.flatnonzero((sections["post"] == Post.LINE) & rows)
    for place, row in enumerate(in_line):
        sections[row]["bearing"] = (place + 0.5) / len(in_line)


def _set_situation(scenario: Scenario, site: str, state: State, day_key: int) -> None:
    values, situation, file = scenario.parameters, state.situation[0], scenario.file.sites[site]
    situation["volatility"] = episode_factor(day_key, f"volatility {site}", values.number("episode_volatility_spread"))
    situation["injury"] = episode_factor(day_key, f"injury {site}", values.number("episode_injury_spread"))
    situation["exits_open"] = file.exits_open
    situation["line_held"] = 1
    situation["line_target"] = file.cordon_steps
    situation["wind_east"] = file.wind.east
    situation["wind_south"] = file.wind.south
    state.vehicle_clear_ticks[:] = 0
