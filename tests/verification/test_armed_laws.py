"""Exact laws of armed contact, of search and of credibility come out of the project's own rules, in the limits that they declare."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm

from sim.adjudication.armed_contact import hit_rate
from sim.deterrence.armed_choice import chosen, giving_up_worth, launch_worth
from sim.deterrence.beliefs import evidence_after, pays, resolve
from sim.doctrine.isr import coverage_in, leaks, random_search, seen_in
from sim.engine.exchange_of_fire import Fire, exchange
from sim.engine.lookout import watch
from sim.engine.operation import GroupStage
from sim.engine.run import new_model
from sim.foundations.chance import Purpose, draw, name_key
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured

SENSORS = ("border_police", "joint_patrols")
LONG_MIN = 1e9
ERRORS = 4.0
"""Binomial standard errors that a share of seeded runs may lie from its exact value."""

# first, second, factor on the first side's rate, exact chance that the first side wins, duels played
DUELS = [(3, 2, 1.0, 0.7750, 2000), (30, 20, 1.0, 0.9930, 1000), (30, 29, 1.0, 0.5890, 6000), (30, 30, 2.0, 0.9900, 8000)]
duels = pytest.mark.parametrize(("first", "second", "factor", "exact", "played"), DUELS)


def fire(factor: float = 1.0, per_min: float = 0.1) -> Fire:
    """Return one side's fire through the real rule, with cover, surprise, restraint, training and morale off."""
    return Fire(hit_rate(1.0, factor * per_min, 1.0, 0.0, 1.0, 0.0, 0.0), break_share=1.0)


def first_wins(first: int, second: int, factor: float, *, square: bool = True) -> float:
    """Return the exact chance that the first side wins, by the stochastic square law or by the linear law, hit by hit."""
    chance = np.zeros((first + 1, second + 1))
    chance[1:, 0] = 1.0
    for a in range(1, first + 1):
        for b in range(1, second + 1):
            rates = (a * factor, b) if square else (factor, 1.0)
            by_first = rates[0] / sum(rates)
            chance[a, b] = by_first * chance[a, b - 1] + (1.0 - by_first) * chance[a - 1, b]
    return float(chance[first, second])


def error_of(chance: float, runs: int) -> float:
    return math.sqrt(chance * (1.0 - chance) / runs)


@duels
def test_the_exact_duels_are_those_that_the_literature_gives_to_four_figures(first, second, factor, exact, played):
    assert round(first_wins(first, second, factor), 4) == exact


@duels
def test_duels_through_the_real_rules_follow_the_square_law_and_not_the_linear_law(first, second, factor, exact, played):
    ours, theirs = fire(factor), fire()
    won = sum(exchange(seed, 0, "duel", first, second, ours, theirs, LONG_MIN)[1] == second for seed in range(played))
    law, linear = first_wins(first, second, factor), first_wins(first, second, factor, square=False)
    error = error_of(law, played)
    assert abs(won / played - law) <= ERRORS * error
    assert abs(linear - law) > ERRORS * error
    assert abs(won / played - linear) > ERRORS * error


def test_a_duel_is_fought_until_one_side_has_nobody_left():
    for seed in range(200):
        lost = exchange(seed, 0, "duel", 7, 5, fire(), fire(), LONG_MIN)
        assert (lost[0] == 7) != (lost[1] == 5)


def in_steps(seed: int, first: int, second: int, step_min: float, steps: int) -> tuple[int, int]:
    """Return the losses of a contact that is played step by step, each step going on from what the last has left."""
    lost_first = lost_second = 0
    for tick in range(steps):
        more = exchange(seed, tick, "contact", first - lost_first, second - lost_second, fire(1.5), fire(), step_min)
        lost_first, lost_second = lost_first + more[0], lost_second + more[1]
    return lost_first, lost_second


def exact_losses(first: int, second: int, minutes: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of both sides' losses after so many minutes, from the master equation of the race."""
    states = [(a, b) for a in range(first + 1) for b in range(second + 1)]
    place = {state: row for row, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))
    for (a, b), row in place.items():
        if a and b:
            by_first, by_second = a * fire(1.5).hits_per_min, b * fire().hits_per_min
            flow[row, place[(a, b - 1)]] += by_first
            flow[row, place[(a - 1, b)]] += by_second
            flow[row, row] -= by_first + by_second
    chances = expm(flow * minutes)[place[(first, second)]]
    lost = np.array([(first - a, second - b) for a, b in states], dtype=float)
    mean = chances @ lost
    return mean, np.sqrt(chances @ (lost - mean) ** 2)


@pytest.mark.parametrize("step_min", [6.0, 3.0, 1.5, 0.75])
def test_halving_the_step_of_the_exchange_leaves_its_law(step_min):
    runs, minutes = 1500, 6.0
    played = np.array([in_steps(seed, 8, 10, step_min, round(minutes / step_min)) for seed in range(runs)], dtype=float)
    mean, spread = exact_losses(8, 10, minutes)
    assert (np.abs(played.mean(axis=0) - mean) <= ERRORS * spread / math.sqrt(runs)).all()
    one_hit_a_step = min(minutes / step_min, mean.sum())
    assert step_min < 1.5 or mean.sum() - one_hit_a_step > ERRORS * spread.sum() / math.sqrt(runs)


def test_halving_the_step_leaves_who_wins():
    runs, law = 2000, first_wins(3, 2, 1.5)
    for step_min in (2.0, 1.0):
        won = sum(in_steps(seed, 3, 2, step_min, round(200.0 / step_min))[1] == 2 for seed in range(runs))
        assert abs(won / runs - law) <= ERRORS * error_of(law, runs)


def test_a_random_search_that_covers_the_area_once_finds_with_one_less_one_e_th():
    assert random_search(1.0) == pytest.approx(1.0 - 1.0 / math.e, rel=1e-12)
    assert round(random_search(1.0), 4) == 0.6321
    assert random_search(0.0) == 0.0


@pytest.mark.parametrize("coverage", [0.3, 1.0, 2.5])
def test_patches_laid_at_random_over_an_area_find_as_the_law_says(coverage):
    """From first principles: a thousand small patches with that much area in all, anywhere on a ring of length 1, and one target."""
    random, runs, patches = np.random.default_rng(5), 4000, 1000
    width = coverage / patches
    found = 0
    for _ in range(runs):
        away = np.abs(random.random(patches) - random.random())
        found += bool((np.minimum(away, 1.0 - away) < width / 2.0).any())
    law = random_search(coverage)
    assert abs(found / runs - law) <= ERRORS * error_of(law, runs)
    assert abs(min(coverage, 1.0) - law) > ERRORS * error_of(law, runs)


@pytest.mark.parametrize("looks", [1, 2, 12, 600])
def test_a_search_in_many_small_looks_misses_with_the_product_of_their_misses(looks):
    missed = 1.0
    for _ in range(looks):
        missed *= 1.0 - random_search(coverage_in(0.5, 180.0 / looks, 1.0, seen_in(True, True, 0.8, 0.5)))
    assert missed == pytest.approx(math.exp(-0.5 * 3.0 * 0.8 * 0.5), rel=1e-12)


@pytest.mark.parametrize("looks", [3, 12])
def test_seeded_looks_detect_as_often_as_one_long_look(looks):
    runs = 2000
    each = random_search(coverage_in(0.4, 120.0 / looks, 1.0, seen_in(False, False, 0.5, 0.5)))
    asset = name_key("asset", "test", "roadblock")
    found = sum(any(draw(run, look, asset, Purpose.DETECTION) < each for look in range(looks)) for run in range(runs))
    law = random_search(0.8)
    assert abs(found / runs - law) <= ERRORS * error_of(law, runs)


def test_the_misses_of_independent_sensors_multiply():
    """Through the engine's own look-out: two assets over one roadblock, many nights, each by itself and both together."""
    scenario = configured(load_scenario("banjska_2023"), {"intelligence.joint_patrols": "on"})
    world = new_model(scenario, 1).world
    operation = world.operation
    operation.stage = GroupStage.BLOCKING
    operation.mark("watch_begins", 0)
    hourly = {asset.id: asset.per_hour["roadblock"] for asset in operation.armed.intelligence.assets if asset.id in SENSORS}
    world.numbers["isr_false_alarms_per_day"], world.numbers["isr_effort"] = 0.0, 1.0
    runs, seen = 4000, dict.fromkeys((*SENSORS, "neither"), 0)
    for run in range(runs):
        world.run_key = name_key("night", run)
        operation.detected.clear()
        watch(world, 30.0)
        found = {asset for asset, target in operation.detected if target == "roadblock"}
        for sensor in SENSORS:
            seen[sensor] += sensor in found
        seen["neither"] += not found & set(SENSORS)
        operation.reports.clear()
    alone = {sensor: random_search(hourly[sensor] / 2.0) for sensor in SENSORS}  # by day: neither is night-blind at 18:00
    for sensor in SENSORS:
        assert abs(seen[sensor] / runs - alone[sensor]) <= ERRORS * error_of(alone[sensor], runs)
    product = math.prod(1.0 - chance for chance in alone.values())
    assert abs(seen["neither"] / runs - product) <= ERRORS * error_of(product, runs)
    assert abs(min(1.0 - chance for chance in alone.values()) - product) > ERRORS * error_of(product, runs)


@pytest.mark.parametrize("partners", range(4))
def test_a_report_stays_kept_only_where_no_partner_lets_it_out(partners):
    kept = 1.0
    for _ in range(partners):
        kept *= 1.0 - 0.15
    assert leaks(0.15, partners) == pytest.approx(1.0 - kept)


GAIN, LOSS, COST = 1.0, -2.0, 0.0
TINY = 1e-9
STAND_DOWN, ATTACK = 0, 1
SURE = 1000.0
"""The highest precision that a leader can be given."""

# first alpha, first beta, unanswered incident at which an attack becomes rational
PRIORS = [(2.0, 2.0, 3), (4.0, 1.0, 8), (8.0, 2.0, 15)]
priors = pytest.mark.parametrize(("alpha", "beta", "turn"), PRIORS)


def after_unanswered(alpha: float, beta: float, incidents: int, strength: float = 1.0) -> float:
    """Return resolve as an audience sees it after so many unanswered challenges, without decay, each of weight 1."""
    for _ in range(incidents):
        beta = evidence_after(beta, 1.0, strength)
    return resolve(alpha, beta)


def test_a_challenge_pays_exactly_below_a_resolve_of_one_third():
    assert pays(1.0 / 3.0, GAIN, LOSS, COST) == pytest.approx(0.0, abs=1e-15)
    for place in range(1001):
        met = place / 1000.0
        assert (pays(met, GAIN, LOSS, COST) > 0.0) == (met < 1.0 / 3.0)
    assert pays(1.0 / 3.0 - TINY, GAIN, LOSS, COST) > 0.0 > pays(1.0 / 3.0 + TINY, GAIN, LOSS, COST)


@pytest.mark.parametrize("met", [0.0, 0.2, 1.0 / 3.0, 0.7, 1.0])
def test_the_leaders_worth_of_an_attack_is_that_law_for_a_licensed_leader_who_minds_consequences_fully(met):
    assert launch_worth(met, 1.0, GAIN, -LOSS, COST, 1.0) == pytest.approx(pays(met, GAIN, LOSS, COST))
    assert giving_up_worth(1.0, 0.0) == 0.0


@priors
def test_an_attack_becomes_rational_at_the_unanswered_incident_that_the_paper_gives(alpha, beta, turn):
    rational = [pays(after_unanswered(alpha, beta, n), GAIN, LOSS, COST) > TINY for n in range(40)]
    assert rational == [n >= turn for n in range(40)]


@priors
def test_the_incident_before_leaves_resolve_at_one_third_and_the_leader_indifferent(alpha, beta, turn):
    assert after_unanswered(alpha, beta, turn - 1) == pytest.approx(1.0 / 3.0, rel=1e-15)
    worths = (0.0, pays(after_unanswered(alpha, beta, turn - 1), GAIN, LOSS, COST))
    assert [chosen(worths, SURE, share) for share in (0.0, 0.49, 0.51, 0.99)] == [STAND_DOWN, STAND_DOWN, ATTACK, ATTACK]


@priors
def test_a_leader_who_chooses_surely_attacks_from_that_incident_on_whatever_the_lot(alpha, beta, turn):
    for incidents in range(turn + 10):
        attack = launch_worth(after_unanswered(alpha, beta, incidents), 1.0, GAIN, -LOSS, COST, 1.0)
        taken = {chosen((giving_up_worth(1.0, 0.0), attack), SURE, share) for share in (1e-9, 0.3, 0.7, 0.999)}
        if incidents != turn - 1:  # there the leader is indifferent and the lot decides
            assert taken == {ATTACK if incidents >= turn else STAND_DOWN}


@priors
def test_where_nothing_is_learnt_an_attack_never_becomes_rational(alpha, beta, turn):
    for incidents in (0, turn, 10 * turn):
        met = after_unanswered(alpha, beta, incidents, strength=0.0)
        assert met == alpha / (alpha + beta)
        assert pays(met, GAIN, LOSS, COST) < 0.0
        assert chosen((0.0, pays(met, GAIN, LOSS, COST)), SURE, 0.999) == STAND_DOWN


@priors
def test_at_half_the_strength_of_learning_it_takes_the_more_incidents(alpha, beta, turn):
    rational = [pays(after_unanswered(alpha, beta, n, strength=0.5), GAIN, LOSS, COST) > TINY for n in range(60)]
    assert rational.index(True) == 2 * (turn - 1) + 1
