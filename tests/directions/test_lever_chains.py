"""Each lever moves its state, and nothing follows from it where its chain is cut. No test says that an option is good."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from banjska_night import entries

from sim.doctrine.seat_orders import Organisation
from sim.engine.encirclement import _spared
from sim.engine.governments import constraint_on
from sim.engine.joint_patrols import common_picture, ride_along
from sim.engine.lookout import tell, watch
from sim.engine.operation import Duty
from sim.engine.run import automatic_seats, new_model, play
from sim.engine.searches import acts_alone, more_assets, search_after_false_alarm
from sim.engine.training_away import share_away
from sim.engine.turn import play_tick
from sim.scenario.levers import LEVERS
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured
from sim.vocabulary import OrderKind, Side

CUTS = {lever.name: dict(lever.cut) for lever in LEVERS}
E_ = "lever_effects."


@cache
def scenario_of(name):
    scenario = load_scenario(name)
    return scenario.on_days(("may_29",)) if name == "may_2023_zvecan" else scenario


def begun(name, seed=1, **settings):
    """Return the world at the start of its first day, with settings typed (``lever_effects__training_effort``)."""
    return new_model(configured(scenario_of(name), {key.replace("__", "."): str(value) for key, value in settings.items()}), seed).world


def may(**settings):
    return begun("may_2023_zvecan", **settings)


def banjska(**settings):
    return begun("banjska_2023", **settings)


@cache
def outcomes(name, seed, settings):
    return play(configured(scenario_of(name), dict(settings)), seed).outcomes


def differ(name, seed, turned, cut):
    """Return the outcomes in which a lever makes a difference under a cut."""
    before = outcomes(name, seed, tuple(cut.items()))
    after = outcomes(name, seed, tuple({**cut, **turned}.items()))
    assert before.keys() == after.keys()
    return [key for key in before if not np.array_equal(before[key], after[key], equal_nan=True)]


@pytest.mark.parametrize(
    ("name", "lever", "turned"),
    [
        ("may_2023_zvecan", "roe.explicitness", {"roe.explicitness": "0.9"}),
        ("may_2023_zvecan", "mandate.political_constraint", {"mandate.political_constraint": "0"}),
        ("may_2023_zvecan", "mandate.responder_order", {"mandate.responder_order": "concurrent"}),
        ("may_2023_zvecan", "rules.delegation.FORCE.AUTHORITY", {"rules.delegation.kfor.detention": "delegated"}),
        ("may_2023_zvecan", E_ + "joint_patrol_intensity", {E_ + "joint_patrol_intensity": "1"}),
        ("may_2023_zvecan", E_ + "training_effort", {E_ + "training_effort": "1"}),
        ("may_2023_zvecan", E_ + "prosecution_effort", {E_ + "prosecution_effort": "1"}),
        ("banjska_2023", "roe.explicitness", {"roe.explicitness": "0.9"}),
        ("banjska_2023", "mandate.political_constraint", {"mandate.political_constraint": "0"}),
        ("banjska_2023", E_ + "joint_patrol_intensity", {E_ + "joint_patrol_intensity": "1"}),
        ("banjska_2023", E_ + "training_effort", {E_ + "training_effort": "1"}),
        ("banjska_2023", E_ + "live_fire_effort", {E_ + "live_fire_effort": "1"}),
        ("banjska_2023", E_ + "search_effort", {E_ + "search_effort": "1"}),
        ("banjska_2023", "isr.isr_effort", {"isr.isr_effort": "2"}),
        ("banjska_2023", "intelligence.sharing", {"intelligence.sharing": "with_police_and_ksf"}),
        ("banjska_2023", "mandate.ksf_access", {"mandate.ksf_access": "autonomous"}),
        ("banjska_2023", "mandate.ksf_task", {"mandate.ksf_task": "protection_of_minority"}),
    ],
)
def test_nothing_follows_from_a_lever_whose_chain_is_cut(name, lever, turned):
    cut = CUTS[lever]
    assert cut, f"{lever} has no cut"
    for seed in (1, 3):
        assert differ(name, seed, turned, cut) == []


@pytest.mark.parametrize("name", ["may_2023_zvecan", "banjska_2023"])
def test_effects_without_their_lever_change_nothing(name):
    ends = {f"{E_}{item}": "0" for item in ("training_gain", "joint_patrol_rub_off", "mandatory_trigger", "acts_alone_chance")}
    assert differ(name, 2, ends, {}) == []


# --- mandate and rules --------------------------------------------------------------------------------------------------


def test_explicit_rules_lower_what_people_below_the_trigger_reckon_with():
    for explicitness, expected in ((0.3, 0.0), (1.0, 0.2)):
        world = may(roe__explicitness=explicitness, lever_effects__below_trigger_share=0.2)
        for _ in range(8):
            play_tick(world)
        world.sites["zvecan"].state.people["arrival_tick"][:30] = world.tick
        for _ in range(12):
            play_tick(world)
        assert world.sites["zvecan"].state.situation[0]["unpunished"] == pytest.approx(expected)


def test_a_trigger_that_binds_is_acted_on_though_the_doctrine_would_wait():
    def sent(explicitness, binds):
        settings = {
            "roe.explicitness": str(explicitness),
            f"{E_}mandatory_trigger": str(binds),
            "rules.delegation.kfor.detention": "delegated",
        }
        world = play(configured(scenario_of("may_2023_zvecan"), settings), 2).world
        given = [e for e in world.record.entries if e["kind"] == "order" and e["seat"] == "kfor_zvecan"]
        return [e["because"] for e in given if e["order"] == OrderKind.SEND_DETENTION_TEAMS]

    assert sent(1, 1) == ["rules: ROE-DETENTION binds once its trigger is reached"]  # once, and no doctrine row orders it
    assert sent(1, 0) == sent(0.3, 1) == []


def test_a_use_costs_licence_where_governments_have_let_go_of_it():
    def spent(settings, cost):
        found = play(configured(scenario_of("may_2023_zvecan"), {**settings, f"{E_}use_costs_licence": str(cost)}), 1).world.standing
        return {key: licence for key, (_, licence) in found.overrides.items() if key[1].startswith("use of")}

    eased = spent({"mandate.political_constraint": "0"}, 0.1)
    assert eased
    assert set(eased.values()) == {0.1}
    assert spent({}, 0.1) == {}


def test_eased_constraint_is_felt_as_far_as_it_reaches_those_who_decide():
    felt = [
        constraint_on(world, Organisation.KFOR, world.sites["zvecan"])
        for world in (
            may(),
            may(mandate__political_constraint=0),
            may(mandate__political_constraint=0, lever_effects__freedom_felt=0),
            may(mandate__political_constraint=0, lever_effects__freedom_felt=0.5),
        )
    ]
    assert felt[1] < felt[3] < felt[0] == felt[2]


# --- joint patrols ------------------------------------------------------------------------------------------------------


def test_joint_patrols_share_the_picture_and_the_standing():
    alone, joint = may(), may(lever_effects__joint_patrol_intensity=1, lever_effects__joint_patrol_rub_off=0.4)
    assert common_picture(joint.numbers) > common_picture(alone.numbers)
    before, after = (world.sites["zvecan"].state.people for world in (alone, joint))
    expected = before["legitimacy_kfor"] + 0.4 * (before["legitimacy_kp"] - before["legitimacy_kfor"])
    assert after["legitimacy_kfor"] == pytest.approx(expected)
    assert (after["legitimacy_before"] == before["legitimacy_before"]).all()


def test_joint_patrols_look_out_at_their_intensity():
    def seen(intensity):
        worlds = [
            play(configured(scenario_of("banjska_2023"), {f"{E_}joint_patrol_intensity": str(intensity)}), seed).world for seed in (1, 2, 3)
        ]
        return sum(len(entries(world, "detection", asset="joint_patrols")) for world in worlds)

    assert seen(0) == 0
    assert seen(1) > 0


@pytest.mark.parametrize(("intensity", "target", "there"), [(1, 1, True), (1, 0, False), (0, 1, False)])
def test_soldiers_may_be_with_the_patrol_that_police_send(intensity, target, there):
    world = banjska(lever_effects__joint_patrol_intensity=intensity, lever_effects__joint_patrol_target=target)
    ride_along(world, world.operation, world.sites["banjska"])
    kfor = {unit.id for unit in world.scenario.framework.command.units_of(Organisation.KFOR)}
    assert any(unit in kfor and duty is Duty.PATROL for unit, duty in world.operation.duties.items()) is there


# --- training -----------------------------------------------------------------------------------------------------------


def trained(world, side):
    sections = world.sites["zvecan"].state.sections
    return sections["trained"][sections["side"] == side]


def test_training_raises_what_kfor_knows_and_nobody_else():
    before, after = may(), may(lever_effects__training_effort=1)
    assert (trained(after, Side.KFOR) > trained(before, Side.KFOR)).all()
    assert (trained(after, Side.KOSOVO_POLICE) == trained(before, Side.KOSOVO_POLICE)).all()


@pytest.mark.parametrize("lever", ["training_effort", "live_fire_effort"])
def test_who_trains_is_away(lever):
    loss = lever.replace("effort", "presence_loss").replace("live_fire_presence", "live_fire_presence")
    before, after = may(), may(**{f"lever_effects__{lever}": 1, f"lever_effects__{loss}": 0.5})
    there = []
    for world in (before, after):
        while world.minute_of_day() < 7 * 60:
            play_tick(world)
        sections = world.sites["zvecan"].state.sections
        there.append(int(((sections["side"] == Side.KFOR) & (sections["on_site"] == 1)).sum()))
    assert there[0] > there[1] > 0
    assert share_away(after.numbers, Organisation.KOSOVO_POLICE) == 0.0


def test_confidence_shortens_the_patience_before_a_push():
    def first_push(confidence):
        settings = {f"{E_}training_effort": "1", f"{E_}training_gain": "0", f"{E_}training_presence_loss": "0"}
        found = play(configured(scenario_of("may_2023_zvecan"), settings | {f"{E_}training_confidence": str(confidence)}), 1)
        ticks = [e["tick"] for e in found.world.record.entries if e["kind"] == "order" and e["order"] == OrderKind.GIVE_ULTIMATUM]
        return min(ticks)

    assert first_push(0.5) < first_push(0)


def test_only_kfor_seats_hurry():
    seats = automatic_seats(configured(scenario_of("may_2023_zvecan"), {f"{E_}training_effort": "1"}))
    assert set(seats) == set(scenario_of("may_2023_zvecan").file.seats)


def test_live_fire_spares_kfor_alone():
    spared = []
    for effort in (0, 1):
        world = banjska(lever_effects__live_fire_effort=effort, lever_effects__live_fire_presence_loss=0)
        site = world.sites["banjska"]
        kfor = site.state.sections["side"] == Side.KFOR
        site.state.sections["on_site"] = kfor
        both = [_spared(site, world.numbers)]
        site.state.sections["on_site"] = ~kfor
        spared.append([*both, _spared(site, world.numbers)])
    assert spared[1][0] > spared[0][0]
    assert spared[1][1] == spared[0][1]


# --- intelligence, searches, prosecution --------------------------------------------------------------------------------


def test_more_assets_are_a_policy_only_where_they_are_set():
    assert more_assets(banjska()) == 0.0
    assert more_assets(banjska(isr__isr_effort=2)) == 1.0
    drawn = scenario_of("banjska_2023").with_parameters(scenario_of("banjska_2023").parameters.with_values({"isr_effort": 2.0}))
    assert more_assets(new_model(drawn, 1).world) == 0.0


def test_a_search_after_a_false_alarm_aggrieves_by_how_many_more_assets_there_are():
    felt = []
    for effort in (1, 2):
        world = banjska(isr__isr_effort=effort, lever_effects__false_alarm_search_cost=0.1)
        search_after_false_alarm(world, world.operation)
        felt.append(world.operation.local_grievance)
    assert felt == [0.0, pytest.approx(0.1)]


@pytest.mark.parametrize(
    ("sharing", "chance", "alone"),
    [("with_police_and_ksf", 1, True), ("with_police_and_ksf", 0, False), ("with_police", 1, False)],
)
def test_a_partner_who_is_told_for_the_first_time_may_act_alone(sharing, chance, alone):
    world = banjska(intelligence__sharing=sharing, lever_effects__acts_alone_chance=chance)
    for partner in (Organisation.KOSOVO_POLICE, Organisation.KSF):
        acts_alone(world, world.operation, partner)
    assert [e["organisation"] for e in entries(world, "acts_alone")] == (["ksf"] if alone else [])


@pytest.mark.parametrize(("hit", "found"), [(1, True), (0, False)])
def test_a_search_before_the_night_finds_arms_or_aggrieves(hit, found):
    world = banjska(lever_effects__search_effort=1, interdiction__search_hit_chance=hit, interdiction__search_grievance=0.05)
    watch(world, 5.0)
    assert (world.operation.signs > 0) is found
    assert world.operation.local_grievance == (0.0 if found else pytest.approx(0.05))
    assert [e["found"] for e in entries(world, "search_before")] == [found]


def test_no_search_is_made_while_its_lever_rests():
    world = banjska(interdiction__search_hit_chance=1)
    watch(world, 5.0)
    assert not entries(world, "search_before")
    assert world.operation.signs == 0
    tell(world, Organisation.KFOR, "warning", 0.0, "human source")


def test_prosecution_reaches_more_of_the_violent():
    def faced(effort):
        settings = {f"{E_}prosecution_effort": str(effort), f"{E_}prosecution_reach": "0.9"}
        found = play(configured(scenario_of("may_2023_zvecan"), settings), 1)
        cases = found.world.cases[("may_29", "zvecan")]
        return len(cases.rows), int(np.isfinite(cases.arrest_days).sum())

    (violent, some), (same, more) = faced(0), faced(1)
    assert violent == same
    assert more > some


# --- KSF between a crowd and a building -----------------------------------------------------------------------------------

KSF = {"seat.ksf_commander": "ksf_at_the_cordon", "mandate.ksf_access": "autonomous", "mandate.ksf_task": "reserve_for_kfor"}


@pytest.mark.parametrize(
    ("settings", "comes"),
    [
        (KSF, True),
        (KSF | {"seat.ksf_commander": "ksf_stays_home"}, False),
        (KSF | {"mandate.ksf_access": "with_approval"}, False),
        (KSF | {"seat.ksf_commander": "ksf_stays_home", "deployment.ksf_rapid_company": "zvecan@05:00"}, True),
        (KSF | {"mandate.ksf_access": "none", "deployment.ksf_rapid_company": "zvecan@05:00"}, False),
    ],
)
def test_ksf_comes_in_may_as_far_as_access_and_doctrine_let_it(settings, comes):
    world = play(configured(scenario_of("may_2023_zvecan"), settings), 1).world
    arrived = [e for e in world.record.entries if e["kind"] == "event" and e["event"] == "ksf_rapid_company"]
    assert bool(arrived) is comes
    assert world.standing.ksf_seen == ({"zvecan"} if comes else set())


def test_ksf_in_may_without_a_doctrine_that_uses_its_access_changes_nothing():
    assert differ("may_2023_zvecan", 1, {"mandate.ksf_access": "autonomous"}, {"seat.ksf_commander": "ksf_stays_home"}) == []
