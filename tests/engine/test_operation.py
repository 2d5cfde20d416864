"""An operation round an armed group: one seed, one record; accounts that can be chosen; what no run may do to its people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from worlds import GRANTED, entries, quiet_model, with_values

from sim.actors.paramilitary import Fighter
from sim.actors.protesters import Protester
from sim.doctrine.orders import Order
from sim.engine.decisions import carry_out
from sim.engine.exchange_of_fire import Fire, exchange, hit_fighters, hit_sections
from sim.engine.operation import OUT_OF_PLAY, Duty, GroupStage
from sim.engine.replay import replay
from sim.engine.run import historical_seats, new_model, play
from sim.engine.run_folder import read_run, save
from sim.engine.turn import DECISION
from sim.engine.world import UnitPlace
from sim.foundations.errors import InputError
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured
from sim.vocabulary import FighterPhase, Grade, Means, OrderKind, Sharing

SEED = 3
LEADER, POLICE = "armed_leader", "kp_banjska"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("banjska_2023")


@pytest.fixture(scope="module")
def run(scenario):
    return play(scenario, SEED)


@pytest.fixture
def quiet(scenario):
    """The night's first minute; nobody orders anything."""
    model = quiet_model(scenario, SEED)
    model.run_for(1)
    return model


def give(world, kind, seat=LEADER):
    carry_out(world, Order(seat, kind, 0.0, "to see", world.operation.site), GRANTED)


def at_the_block(model):
    """Let the group come to its roadblock at once."""
    world = model.world
    give(world, OrderKind.LAUNCH)
    world.operation.due_tick = world.tick
    model.run_for(8)
    give(world, OrderKind.LAUNCH)
    assert world.operation.stage is GroupStage.BLOCKING


def to_the_end(model):
    while not model.over:
        model.step()
    return model.world


# --- one seed, one record -------------------------------------------------------------------------------------------------


def test_the_night_comes_to_an_attack_and_to_its_end(run):
    happened = run.world.operation.happened
    assert {"moved_off", "in_place", "block", "contact"} <= set(happened)
    assert happened["moved_off"] < happened["in_place"] <= happened["block"] < happened["contact"]
    assert run.outcomes["armed_attack"] == 1.0


def test_the_same_seed_played_twice_gives_the_same_record(scenario, run):
    again = play(scenario, SEED)
    assert again.digest == run.digest
    assert again.outcomes == run.outcomes
    assert again.world.operation.fighters.tobytes() == run.world.operation.fighters.tobytes()


def test_another_seed_gives_another_night(scenario, run):
    other = play(scenario, SEED + 1)
    assert other.digest != run.digest
    assert other.world.operation.happened != run.world.operation.happened


@pytest.mark.parametrize("seats", ["automatic", "history"])
def test_a_night_replays_from_its_folder_to_the_same_record(scenario, run, tmp_path, seats):
    finished = run if seats == "automatic" else play(scenario, SEED, historical_seats(scenario))
    save(finished, tmp_path / "run", seats)
    found = replay(read_run(tmp_path / "run"))
    assert found.difference == ""
    assert found.identical
    assert found.digest == finished.digest


def test_history_gives_all_its_orders_on_both_sides_of_midnight(scenario):
    world = play(scenario, SEED, historical_seats(scenario)).world
    given = Counter(entry["seat"] for entry in entries(world, "order"))
    wanted = {seat: len(lines) for seat, lines in scenario.days[0].file.history.items()}
    assert given == wanted
    midnight = world.clock.ticks_in(1440.0)
    assert {entry["tick"] >= midnight for entry in entries(world, "order")} == {False, True}


def test_a_parameter_that_the_night_never_reads_changes_no_bit(scenario, run):
    assert play(with_values(scenario, throws_per_min=3.0), SEED).digest == run.digest


def test_a_night_played_in_parts_gives_the_same_record(scenario, run):
    model = new_model(scenario, SEED)
    for ticks in (1, 2, 3, 500, 1000):
        model.run_for(ticks)
    assert to_the_end(model).record.digest() == run.digest


# --- accounts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [30, 50, 90])
def test_each_account_of_how_many_there_were_can_be_played(scenario, number):
    model = new_model(configured(scenario, {"switch.fighters": str(number)}), SEED)
    operation = model.world.operation
    assert len(operation.fighters) == operation.fit() == number
    assert len(set(operation.fighters["id"].tolist())) == number
    assert len(model.agents_by_type[Fighter]) == number


def test_a_number_that_nobody_gave_is_refused(scenario):
    with pytest.raises(InputError, match=r"switch\.fighters"):
        configured(scenario, {"switch.fighters": "51"})


def test_the_accounts_of_the_way_in_and_of_the_exit_reach_the_night(scenario):
    other = configured(scenario, {"switch.way_in": "by_vehicle", "switch.exit_at_the_monastery": "negotiated"})
    before, after = (new_model(given, SEED).world.operation.armed for given in (scenario, other))
    assert (before.on_foot, before.exit_negotiated) == (True, False)
    assert (after.on_foot, after.exit_negotiated) == (False, True)


# --- fighters as agents ---------------------------------------------------------------------------------------------------


def test_fighters_are_listed_as_live_read_only_views(quiet):
    operation = quiet.world.operation
    views = list(quiet.agents_by_type[Fighter])
    assert Fighter in quiet.agent_types
    assert sorted(view.unique_id for view in views) == sorted(operation.fighters["id"].tolist())
    operation.fighters["phase"][4], operation.fighters["grade"][4] = FighterPhase.HOLDING, Grade.LIGHT
    assert (views[4].phase, views[4].grade) == (FighterPhase.HOLDING, Grade.LIGHT)
    with pytest.raises(TypeError, match="read-only"):
        views[4].phase = FighterPhase.ESCAPED


def test_where_no_armed_group_acts_no_fighters_are_listed():
    model = new_model(load_scenario("may_2023_zvecan"), SEED)
    assert model.world.operation is None
    assert Fighter not in model.agent_types
    assert Protester in model.agent_types


# --- what no run may do ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, SEED])
def test_on_no_night_does_a_fighter_come_back_a_wound_heal_or_a_share_leave_its_bounds(scenario, seed):
    model = new_model(scenario, seed)
    operation = model.world.operation
    site = model.world.sites[operation.site]
    before, sections = operation.fighters.copy(), site.state.sections.copy()
    while not model.over:
        model.run_for(min(DECISION, model.world.end_tick - model.world.tick))
        now, rows = operation.fighters, site.state.sections
        out = np.isin(before["phase"], OUT_OF_PLAY)
        assert (now["phase"][out] == before["phase"][out]).all()
        assert (now["grade"] >= before["grade"]).all()
        assert ((now["phase"] == FighterPhase.KILLED) == (now["grade"] == Grade.FATAL)).all()
        assert (rows["serious"] >= sections["serious"]).all()
        assert (rows["serious"] <= rows["hurt"]).all()
        assert 0.0 <= operation.closed_roads <= 1.0
        assert 0.0 <= operation.closed_paths <= 1.0
        before, sections = now.copy(), rows.copy()
    assert sum(operation.hours_at.values()) == pytest.approx((model.world.end_tick - 18 * 240) / 240.0)


@pytest.mark.parametrize("seed", [1, 2, SEED])
def test_every_fighter_who_was_committed_is_counted_once_at_the_end(scenario, seed):
    finished = play(scenario, seed)
    phases = Counter(finished.world.operation.fighters["phase"].tolist())
    told = finished.outcomes
    assert told["attackers_killed"] == phases[FighterPhase.KILLED]
    assert told["attackers_caught"] == phases[FighterPhase.CAPTURED]
    assert round(told["attackers_escaped_share"] * told["fighters_committed"]) == phases[FighterPhase.ESCAPED]
    assert sum(phases.values()) == told["fighters_committed"] + phases[FighterPhase.ABORTED]


def test_after_an_attack_each_audience_has_learnt_of_each_force(run):
    learnt = {(entry["audience"], entry["force"]): (entry["alpha"], entry["beta"]) for entry in entries(run.world, "belief")}
    assert learnt.keys() == {(audience, str(force)) for audience, force in run.world.operation.evidence}
    first = run.world.numbers["resolve_prior_stock"]
    assert all(sum(stock) > first for (_, force), stock in learnt.items() if force != "ksf")


def test_each_weighing_chooses_among_what_is_open_and_says_why_not_the_others(run):
    ledger = entries(run.world, "ledger")
    assert {entry["stage"] for entry in ledger} >= {"preparing", "waiting", "blocking", "in_contact", "holding"}
    for entry in ledger:
        options = set(entry["options"])
        assert entry["choice"] in options
        assert set(entry["not_taken"]) == options - {entry["choice"]}
        assert all(entry["not_taken"].values())


def test_an_attack_that_is_given_is_made_though_another_choice_were_worth_more(scenario):
    dear = {"launch_cost": 1.0, "backing_down_cost": 0.0, "choice_precision": 1000.0}
    model = quiet_model(scenario, SEED, **dear)
    model.world.operation.leave_tick = model.world.tick
    model.run_for(1)
    (entry,) = entries(model.world, "ledger")
    assert entry["given"]
    assert entry["choice"] == "launch" != max(entry["options"], key=entry["options"].get)


def test_an_attack_that_is_not_given_and_does_not_pay_is_called_off_and_nobody_is_committed(scenario):
    day = scenario.days[0]
    open_choice = replace(day.armed, group=day.armed.group.model_copy(update={"attack_given": False}))
    free = replace(scenario, days=(replace(day, armed=open_choice),))
    dear = with_values(free, launch_cost=1.0, backing_down_cost=0.0, choice_precision=1000.0)
    finished = play(dear, SEED)
    assert "aborted" in finished.world.operation.happened
    assert (finished.world.operation.fighters["phase"] == FighterPhase.ABORTED).all()
    assert (finished.outcomes["armed_attack"], finished.outcomes["fighters_committed"], finished.outcomes["killed"]) == (0.0, 0.0, 0.0)
    assert entries(finished.world, "belief") == []


def test_a_choice_that_is_not_open_to_the_group_changes_nothing_and_says_so(quiet):
    world = quiet.world
    before = world.operation.fighters.copy()
    give(world, OrderKind.BREAK_OUT)
    assert world.operation.stage is GroupStage.PREPARING
    assert world.operation.fighters.tobytes() == before.tobytes()
    assert entries(world, "no_effect", order="break_out")


def test_half_the_cells_go_back_when_the_group_shrinks(quiet):
    operation = quiet.world.operation
    give(quiet.world, OrderKind.SHRINK)
    back = operation.fighters["phase"] == FighterPhase.ABORTED
    assert operation.stage is GroupStage.MOVING_IN
    assert len(operation.cells(back)) == len(operation.cells(np.ones(len(back), dtype=bool))) // 2
    assert not set(operation.cells(back)) & set(operation.cells(~back))


# --- who knows what -------------------------------------------------------------------------------------------------------


def test_who_is_told_never_changes_what_is_detected(scenario):
    seen, told = [], []
    for sharing in Sharing:
        given = configured(scenario, {"intelligence.sharing": str(sharing), "isr.isr_effort": "10", "isr.leak_chance": "0"})
        model = quiet_model(given, SEED)
        give(model.world, OrderKind.SURVEIL, "kfor_commander")
        give(model.world, OrderKind.LAUNCH)
        model.run_for(8 * 240)
        seen.append([(entry["tick"], entry["asset"], entry["of"], entry["draw"]) for entry in entries(model.world, "detection")])
        told.append({entry["to"] for entry in entries(model.world, "told", fact="infiltration")})
    assert len(seen[0]) > 1
    assert seen[0] == seen[1] == seen[2]
    assert "kfor" in told[0]
    assert "ksf" in told[2] - told[0]


def test_a_report_arrives_after_its_delay_and_only_once(scenario):
    world = play(scenario, SEED).world
    told = [(entry["to"], entry["fact"]) for entry in entries(world, "told")]
    assert len([pair for pair in told if pair[1] != "false_alarm"]) == len({pair for pair in told if pair[1] != "false_alarm"}) > 3
    assert all(entry["late_min"] >= 0.0 for entry in entries(world, "told"))


# --- fire and ground ------------------------------------------------------------------------------------------------------


def test_without_rates_or_people_nobody_is_hit():
    assert exchange(1, 2, "test", 10, 10, Fire(0.0), Fire(0.0), 1e6) == (0, 0)
    assert exchange(1, 2, "test", 0, 10, Fire(1.0), Fire(1.0), 1e6) == (0, 0)
    assert exchange(1, 2, "test", 10, 10, Fire(1.0), Fire(1.0), 0.0) == (0, 0)


def test_a_side_that_does_not_fire_loses_and_hits_nobody():
    assert exchange(1, 2, "test", 10, 6, Fire(0.5), Fire(0.0), 1e6) == (0, 6)


def test_a_side_breaks_off_with_its_first_loss_beyond_its_share_and_ends_the_contact():
    ends = {exchange(seed, 0, "test", 10, 10, Fire(1.0, 0.3), Fire(1.0, 0.5), 1e6) for seed in range(200)}
    assert all((first == 4) != (second == 6) for first, second in ends)
    assert len(ends) > 5


def test_hits_fall_on_fighters_who_can_still_fight_and_on_no_more_than_there_are(scenario):
    model = quiet_model(scenario, SEED, hit_fatal_share=0.5, hit_serious_share=1.0, unevacuated_death_per_hour=0.0)
    world, operation = model.world, model.world.operation
    site = world.sites[operation.site]
    rows = np.arange(10)
    operation.fighters["grade"][:4] = Grade.SERIOUS
    hit_fighters(world, operation, site, "test", rows, 100, 0.1)
    assert (operation.fighters["grade"][:4] == Grade.SERIOUS).all()
    assert (operation.fighters["grade"][4:10] >= Grade.SERIOUS).all()
    assert (operation.fighters["grade"][10:] == Grade.UNHURT).all()
    assert site.dealings.hurt == 6
    assert 0 < (operation.fighters["phase"] == FighterPhase.KILLED).sum() < 6


def test_a_patrol_is_never_hit_more_often_than_it_has_people(scenario):
    model = quiet_model(scenario, SEED, hit_fatal_share=1.0)
    model.run_for(1)
    world, operation = model.world, model.world.operation
    site = world.sites[operation.site]
    rows = np.arange(*world.unit_rows["border_police_patrol"].indices(len(site.state.sections)))
    people = int(site.state.sections["strength"][rows].sum())
    assert hit_sections(world, operation, site, "test", rows, 50, 0.1, Means.GUNFIRE) == people == 2
    assert site.state.sections["serious"][rows].sum() == site.dealings.hurt == people
    assert operation.evacuation_minutes == [operation.evacuation_minutes[0]] * people


def test_an_ambush_on_a_patrol_is_an_armed_attack_of_which_police_hear(quiet):
    at_the_block(quiet)
    world, operation = quiet.world, quiet.world.operation
    give(world, OrderKind.AMBUSH)
    assert operation.stage is GroupStage.BLOCKING  # nobody is there yet
    give(world, OrderKind.SEND_PATROL, POLICE)
    for unit in [name for name, place in world.standing.units.items() if place.bound_for]:
        world.standing.units[unit] = UnitPlace(bound_for=operation.site, due_tick=world.tick)
    quiet.run_for(8 + world.clock.ticks_in(world.numbers["patrol_looks_min"]))
    give(world, OrderKind.AMBUSH)
    assert operation.stage is GroupStage.IN_CONTACT
    quiet.run_for(8 + world.clock.ticks_in(world.numbers["word_of_attack_min"]))
    assert entries(world, "told", to="kosovo_police", fact="attack")


def test_where_nobody_encircles_nothing_is_closed_and_where_many_do_the_roads_are(quiet):
    world, operation = quiet.world, quiet.world.operation
    site = world.sites[operation.site]
    quiet.run_for(240)
    assert (operation.closed_roads, operation.closed_paths) == (0.0, 0.0)
    for unit in ("kp_special_north", "kp_special_intervention"):
        site.state.sections["on_site"][world.unit_rows[unit]] = 1
        world.standing.units[unit] = UnitPlace(site=site.name)
        operation.duties[unit] = Duty.CORDON
    closed = []
    for _ in range(8):
        quiet.run_for(240)
        closed.append((operation.closed_roads, operation.closed_paths))
    assert closed == sorted(closed)
    assert closed[-1][0] > 0.95
    assert 0.0 < closed[-1][1] < closed[-1][0]


# --- what the record tells of the end -------------------------------------------------------------------------------------


def test_civilians_are_recorded_as_inside_when_the_night_begins_and_once_as_coming_out(run):
    inside, *out = entries(run.world, "civilians")
    span = run.world.operation.armed.group.positions["compound"].civilians
    assert (inside["what"], inside["number"] < 10) == ("inside", True)
    assert span.low <= inside["persons"] <= span.high
    happened = run.world.operation.happened
    assert len(out) == int("occupation" in happened and run.world.operation.stage is not GroupStage.HOLDING)
    for entry in out:
        assert entry["persons"] == inside["persons"]
        assert entry["tick"] >= min(happened[name] for name in ("breakout", "compound_taken") if name in happened)


def test_civilians_stay_inside_while_the_compound_is_held(quiet):
    world, operation = quiet.world, quiet.world.operation
    operation.stage = GroupStage.HOLDING
    operation.mark("occupation", world.tick)
    quiet.run_for(8)
    assert [entry["what"] for entry in entries(world, "civilians")] == ["inside"]
    operation.stage = GroupStage.BREAKING_OUT
    quiet.run_for(8)
    assert [entry["what"] for entry in entries(world, "civilians")] == ["inside", "come_out"]


def test_every_cell_passes_the_cordon_or_is_caught_there_and_only_then_gets_away(run):
    record = run.world.record.entries
    passed = {entry["cell"]: entry["tick"] for entry in record if entry["kind"] == "cordon_passed"}
    ends = [entry for entry in record if entry["kind"] == "cell"]
    assert passed
    assert ends
    for entry in ends:
        at_cordon = entry["what"] == "caught" and entry["where"] == "cordon"
        assert at_cordon != (entry["cell"] in passed), entry
        assert at_cordon or passed[entry["cell"]] <= entry["tick"]


def test_control_is_recorded_when_it_is_declared_and_only_then(scenario):
    model = quiet_model(scenario, SEED)
    model.run_for(1)
    operation = model.world.operation
    operation.stage, operation.swept = GroupStage.GONE, 0.5
    model.run_for(8)
    assert entries(model.world, "control") == []
    operation.swept = 1.0
    model.run_for(8)
    (entry,) = entries(model.world, "control")
    assert entry["tick"] == operation.happened["control"]


def test_a_night_played_to_its_end_at_once_leaves_mesas_clock_where_steps_leave_it(scenario):
    at_once, by_steps = quiet_model(scenario, SEED), quiet_model(scenario, SEED)
    at_once.play_to_end()
    to_the_end(by_steps)
    assert (at_once.time, at_once.steps, at_once.over) == (by_steps.time, by_steps.steps, True)
    assert at_once.world.record.digest() == by_steps.world.record.digest()
