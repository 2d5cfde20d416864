"""What moves what on the night at Banjska, at which strength, and that strength 0 moves nothing. No test says that a policy is good."""

from dataclasses import replace

import numpy as np
import pytest
from banjska_night import entries, holding, night, played, stopped_at

from sim.doctrine.seat_orders import Organisation
from sim.engine.armed_leader import outlook_of, weigh
from sim.engine.consequences import ksf_comes
from sim.engine.encirclement import ground, group_moves
from sim.engine.group_choices import break_out
from sim.engine.lookout import deliver, tell
from sim.engine.operation import Duty, GroupStage
from sim.engine.run import new_model
from sim.vocabulary import FighterPhase, OrderKind

SHARING = ("kfor_only", "with_police", "with_police_and_ksf")


def told(world, organisation, fact):
    return world.operation.told.get(organisation, {}).get(fact)


# --- intelligence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("noticed", "kept"), [(0.0, 1.0), (0.3, 0.7), (1.0, 0.0)])
def test_a_sign_of_discovery_shrinks_what_surprise_the_leader_counts_on(noticed, kept):
    world = new_model(night(surprise_noticed=noticed), 1).world
    assert outlook_of(world, world.operation).surprise == 1.0
    tell(world, Organisation.ARMED_GROUP, "infiltration", 0.0, "leak")
    deliver(world)
    assert world.operation.signs == 1
    assert outlook_of(world, world.operation).surprise == pytest.approx(kept)


def test_lost_surprise_makes_the_attack_worth_less_and_the_leader_weighs_again():
    worths = {}
    for signs in (0, 1, 3):
        model = stopped_at(GroupStage.WAITING, 1)
        model.world.operation.signs = signs
        model.world.operation.block_tick = model.world.tick
        weigh(model.world)
        entry = model.world.record.entries[-1]
        assert entry["kind"] == "ledger"
        assert entry["given"] is (signs == 0)
        worths[signs] = entry["options"]["launch"]
    assert worths[0] > worths[1] > worths[3]


def test_more_looking_out_warns_police_earlier_and_none_by_kfor_warns_nobody():
    early, blind = (
        [played(seed, {"intelligence.border_police": "off"}, isr_effort=effort, source_warning_chance=0.0) for seed in range(6)]
        for effort in (10.0, 0.0)
    )
    assert not any(entries(world, "detection", asset=asset) for world in blind for asset in ("kfor_boundary_patrols", "kfor_helicopter"))
    seen = [told(world, Organisation.KOSOVO_POLICE, "infiltration") for world in early]
    assert sum(tick is not None for tick in seen) >= 3
    assert all(told(world, Organisation.KOSOVO_POLICE, "infiltration") is None for world in blind)


def test_sharing_decides_who_knows_when_and_never_what_is_detected():
    worlds = {sharing: played(3, {"intelligence.sharing": sharing}, isr_effort=10.0, leak_chance=0.0) for sharing in SHARING}
    before = [
        [(e["tick"], e["asset"]) for e in entries(world, "detection", of="infiltration") if e["tick"] <= world.operation.happened["block"]]
        for world in worlds.values()
    ]
    first = before[0][:1]
    assert first
    assert all(found[:1] == first for found in before)
    kfor = [told(world, Organisation.KFOR, "infiltration") for world in worlds.values()]
    assert kfor[0] == kfor[1] == kfor[2]
    police = {sharing: told(world, Organisation.KOSOVO_POLICE, "infiltration") for sharing, world in worlds.items()}
    own = [e["tick"] for e in entries(worlds["kfor_only"], "detection", of="infiltration", asset="border_police")]
    assert police["kfor_only"] is None or own
    assert police["with_police"] is not None
    assert police["kfor_only"] is None or police["with_police"] <= police["kfor_only"]


def test_police_pass_on_to_ksf_what_kfor_saw_only_where_kfor_shares_with_ksf():
    heard = {}
    for sharing in SHARING:
        model = new_model(night({"intelligence.sharing": sharing}, leak_chance=0.0), 1)
        tell(model.world, Organisation.KFOR, "infiltration", 0.0, "kfor_boundary_patrols", 10.0)
        model.run_for(1440)
        heard[sharing] = told(model.world, Organisation.KSF, "infiltration")
    assert heard["kfor_only"] is None
    assert heard["with_police"] is None
    assert heard["with_police_and_ksf"] is not None


def test_a_joint_patrol_tells_both_at_once():
    model = new_model(night({"intelligence.joint_patrols": "on", "intelligence.border_police": "off"}, isr_effort=10.0), 1)
    while not model.over and not entries(model.world, "detection", asset="joint_patrols"):
        model.step()
    assert not model.over
    reports = [report for report in model.world.operation.reports if report.asset == "joint_patrols"]
    assert {report.to for report in reports} == {Organisation.KFOR, Organisation.KOSOVO_POLICE}
    assert len({report.due_tick for report in reports}) == 1


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_a_shared_report_leaks_at_its_rate(chance):
    runs, leaked = 200, 0
    scenario = night(leak_chance=chance)
    for seed in range(runs):
        world = new_model(scenario, seed).world
        tell(world, Organisation.KFOR, "infiltration", 0.0, "test", 10.0)
        deliver(world)
        leaked += len(entries(world, "leak"))
    allowed = 4.0 * (chance * (1.0 - chance) / runs) ** 0.5
    assert abs(leaked / runs - chance) <= allowed


def test_what_kfor_keeps_to_itself_does_not_leak():
    scenario = night({"intelligence.sharing": "kfor_only"}, leak_chance=1.0)
    world = new_model(scenario, 1).world
    tell(world, Organisation.KFOR, "infiltration", 0.0, "test", 10.0)
    deliver(world)
    assert not entries(world, "leak")


# --- ground -------------------------------------------------------------------------------------------------------------


def _break_out_at_once(closed, boundary=0.0, **values):
    """Return the world after a break-out on foot, the ways round the village and over the boundary closed so far and held so."""
    model = holding(1, vehicle_share=0.0, **values)
    world, operation = model.world, model.world.operation
    model.world.seats = {}
    break_out(world, operation, None)
    operation.dusk_tick = operation.dawn_tick = 0
    if boundary:
        unit = max(world.scenario.framework.command.units_of("kfor"), key=lambda item: item.sections)
        operation.away[unit.id] = (Duty.BOUNDARY, 0)
    while not model.over and operation.cells_out:
        operation.closed_paths = closed
        world.tick += 4
        group_moves(world)
    return world


@pytest.mark.parametrize(("stops", "escaped"), [(1.0, 0.0), (0.0, 1.0)])
def test_a_sealed_path_stops_who_would_use_it_as_surely_as_it_is_said_to(stops, escaped):
    operation = _break_out_at_once(1.0, closed_way_stops=stops, stopped_resists=0.0).operation
    phases = operation.fighters["phase"][operation.fighters["phase"] != FighterPhase.KILLED]
    assert np.mean(phases == FighterPhase.ESCAPED) == escaped
    assert np.mean(phases == FighterPhase.CAPTURED) == 1.0 - escaped


def test_an_open_path_stops_nobody():
    operation = _break_out_at_once(0.0, closed_way_stops=1.0).operation
    assert not (operation.fighters["phase"] == FighterPhase.CAPTURED).any()


@pytest.mark.parametrize(("stops", "caught"), [(1.0, True), (0.0, False)])
def test_a_watched_boundary_stops_who_has_got_out_of_the_village(stops, caught):
    operation = _break_out_at_once(
        0.0, boundary=1.0, watched_boundary_stops=stops, boundary_sections_needed=1.0, stopped_resists=0.0
    ).operation
    assert bool((operation.fighters["phase"] == FighterPhase.CAPTURED).any()) is caught


def _cleared_in_an_hour(civilians, **values):
    model = holding(1, identification_min=0.0, **values)
    world, operation = model.world, model.world.operation
    operation.civilians = civilians
    operation.cleared = 0.0
    if not civilians:  # a place that nobody protects
        group = operation.armed.group
        place = group.positions["compound"].model_copy(update={"protected": False})
        positions = {**group.positions, "compound": place}
        operation.armed = replace(operation.armed, group=group.model_copy(update={"positions": positions}))
    operation.duties = {unit.id: Duty.ASSAULT for unit in world.scenario.framework.command.units_of("kosovo_police")}
    for _ in range(60):
        ground(world, 1.0)
    return operation.cleared


def test_civilians_inside_lengthen_the_siege_as_far_as_care_slows_it():
    assert _cleared_in_an_hour(45, care_slows=1.0) < _cleared_in_an_hour(0, care_slows=1.0)
    assert _cleared_in_an_hour(45, care_slows=3.0) < _cleared_in_an_hour(45, care_slows=1.0)
    assert _cleared_in_an_hour(45, care_slows=0.0) == _cleared_in_an_hour(0, care_slows=0.0)


# --- KSF ----------------------------------------------------------------------------------------------------------------


def _with_access(scenario, access):
    ksf = scenario.framework.mandate.ksf.model_copy(update={"access": access})
    mandate = scenario.framework.mandate.model_copy(update={"ksf": ksf})
    return replace(scenario, framework=replace(scenario.framework, mandate=mandate))


@pytest.mark.parametrize("size", [0.0, 0.2])
def test_ksf_coming_moves_grievance_and_confidence_by_their_range_and_by_how_unwelcome_it_is(size):
    grievance = {}
    for access in ("by_agreement", "with_approval", "autonomous"):
        world = new_model(_with_access(night(ksf_grievance=size, ksf_confidence=size, ksf_pretext=size), access), 1).world
        before = world.standing.confidence
        ksf_comes(world)
        ksf_comes(world)
        grievance[access] = world.operation.local_grievance
        assert world.standing.confidence - before == pytest.approx(size)
    if size:
        assert grievance["by_agreement"] < grievance["with_approval"] < grievance["autonomous"] == pytest.approx(size)
    else:
        assert set(grievance.values()) == {0.0}


# --- the ledger ---------------------------------------------------------------------------------------------------------


def test_every_weighing_is_in_the_ledger_with_a_reason_for_what_was_not_taken():
    world = played(2)
    ledger = entries(world, "ledger")
    assert ledger
    for entry in ledger:
        assert set(entry["not_taken"]) == set(entry["options"]) - {entry["choice"]}
        assert all(entry["not_taken"].values())
    chosen = {entry["choice"] for entry in ledger}
    ordered = {entry["order"] for entry in entries(world, "effect", seat="armed_leader")}
    assert ordered == chosen


def test_the_reason_that_bound_is_the_one_without_which_the_attack_would_have_been_made():
    values = {
        "consequence_weight": 2.0,
        "launch_loss": 3.0,
        "resolve_prior_mean": 0.9,
        "expected_responders": 400.0,
        "choice_precision": 1000.0,
    }
    model = stopped_at(GroupStage.WAITING, 1, **values)
    model.world.operation.signs = 10
    model.world.operation.block_tick = model.world.tick
    weigh(model.world)
    entry = model.world.record.entries[-1]
    assert entry["choice"] == OrderKind.ABORT
    assert entry["not_taken"]["launch"] in ("expected denial", "expected consequence", "lost surprise")
    fearless = stopped_at(GroupStage.WAITING, 1, **{**values, "consequence_weight": 0.0, "denial_weight": 0.0})
    fearless.world.operation.signs = 10
    fearless.world.operation.block_tick = fearless.world.tick
    weigh(fearless.world)
    assert fearless.world.record.entries[-1]["choice"] == OrderKind.LAUNCH
