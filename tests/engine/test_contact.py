"""Contact: who can be hurt, detained and moved, and who cannot."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import POLICE, TICK_MIN, count, next_tick, order, put_before_line, tables, zvecan_with

from sim.engine.phases import collect, meet
from sim.engine.state import Incident, Post
from sim.vocabulary import Conduct, OrderKind, Role

THROWS = {"throws_per_min": 5.0, "object_injury_chance": 0.5, "throwing_reach_m": 60.0}


def play(world, site, ticks):
    """Play contact alone for some ticks, and record what happened."""
    for _ in range(ticks):
        next_tick(world)
        count(world, site)
        meet(world, site, TICK_MIN)
        collect(world, site)
    return site.record.incidents


def kinds(incidents):
    return {Incident(kind) for kind in incidents["kind"].tolist()}


@pytest.mark.parametrize("conduct", [Conduct.STANDING, Conduct.SITTING, Conduct.ASSEMBLING, Conduct.LEAVING])
def test_where_nobody_is_violent_presses_or_pushes_contact_changes_nothing(conduct):
    world, site = zvecan_with(**THROWS)
    put_before_line(world, site, conduct)
    next_tick(world)
    before = tables(site)
    meet(world, site, TICK_MIN)
    assert tables(site) == before


def test_violent_people_in_reach_hurt_a_force_and_at_no_throws_and_no_gunfire_they_do_not():
    hurt = []
    for values in (THROWS, {"throws_per_min": 0.0, "gunfire_per_min": 0.0}):
        world, site = zvecan_with(**values)
        put_before_line(world, site, Conduct.VIOLENT)
        play(world, site, 8)
        hurt.append(int(site.state.sections["hurt"].sum()))
    assert hurt[0] > 0
    assert hurt[1] == 0


def test_a_force_that_is_absent_cannot_be_hurt():
    world, site = zvecan_with(**THROWS, gunfire_per_min=0.05)
    site.state.sections["on_site"] = 0
    put_before_line(world, site, Conduct.VIOLENT)
    play(world, site, 20)
    assert site.state.sections["hurt"].sum() == 0


def test_a_force_inside_a_building_or_a_vehicle_cannot_be_hit():
    world, site = zvecan_with(**THROWS, gunfire_per_min=0.05)
    site.state.sections["on_site"] = 1
    put_before_line(world, site, Conduct.VIOLENT)
    play(world, site, 20)
    sheltered = np.isin(site.state.sections["post"], (Post.BUILDING, Post.VEHICLE))
    assert sheltered.any()
    assert site.state.sections["hurt"][sheltered].sum() == 0
    assert site.state.sections["hurt"][~sheltered].sum() > 0


def test_no_more_of_a_section_are_hurt_than_it_is_strong():
    world, site = zvecan_with(**THROWS)
    site.state.sections["strength"] = 2
    put_before_line(world, site, Conduct.VIOLENT, 300)
    play(world, site, 60)
    sections = site.state.sections
    assert (sections["hurt"] == sections["strength"])[sections["post"] == Post.LINE].any()
    assert (sections["hurt"] <= sections["strength"]).all()
    assert (sections["serious"] <= sections["hurt"]).all()


def test_every_injury_of_a_section_stands_in_the_record_once():
    world, site = zvecan_with(**THROWS)
    put_before_line(world, site, Conduct.VIOLENT)
    incidents = play(world, site, 12)
    hurt = incidents[incidents["kind"] == Incident.HURT]
    for section in site.state.sections:
        assert (hurt["entity"] == section["id"]).sum() == section["hurt"]


def test_shots_come_from_the_hard_core_and_a_prepared_group_alone_and_at_rate_0_not_at_all():
    for rate in (0.05, 0.0):
        world, site = zvecan_with(gunfire_per_min=rate)
        put_before_line(world, site, Conduct.VIOLENT, 300)
        incidents, people = play(world, site, 40), site.state.people
        shots = incidents[incidents["kind"] == Incident.SHOT_FIRED]
        shooters = people[np.isin(people["id"], shots["entity"])]
        assert (len(shots) > 0) == (rate > 0.0)
        assert set(shooters["role"].tolist()) <= {Role.HARD_CORE, Role.PREPARED}


@pytest.mark.parametrize("conduct", [Conduct.DETAINED, Conduct.INJURED, Conduct.GONE])
def test_people_who_are_detained_hurt_or_gone_do_nothing_and_nothing_happens_to_them(conduct):
    world, site = zvecan_with(**THROWS, baton_injury_per_min=0.5)
    rows = put_before_line(world, site, Conduct.VIOLENT)
    site.state.people["conduct"][rows] = conduct
    order(world, OrderKind.PUSH)
    order(world, OrderKind.SEND_DETENTION_TEAMS, POLICE)
    before = site.state.people[rows].tobytes()
    incidents = play(world, site, 12)
    assert site.state.people[rows].tobytes() == before
    assert kinds(incidents) <= {Incident.GAINED_GROUND}


def test_a_push_hurts_people_in_its_way_and_at_selectivity_1_only_those_who_resist():
    for selectivity, expected in ((0.0, True), (1.0, False)):
        world, site = zvecan_with(baton_injury_per_min=0.5, untrained_hesitation_min=0.0, push_m_per_min=0.0)
        put_before_line(world, site, Conduct.STANDING, 300)
        order(world, OrderKind.PUSH, selectivity=selectivity)
        site.forces_seen = ()
        play(world, site, 2)
        play(world, site, 20)
        assert (site.state.people["grade"] > 0).any() == expected


def test_sections_that_hesitate_gain_no_ground_yet():
    world, site = zvecan_with(untrained_hesitation_min=60.0, push_m_per_min=60.0, push_slowing_persons=100.0)
    put_before_line(world, site, Conduct.STANDING, 300)
    order(world, OrderKind.PUSH)
    ranks = site.state.sections["rank"].copy()
    blocked = [row for row in np.flatnonzero(site.state.sections["post"] == Post.LINE) if _people_ahead(site, row)]
    play(world, site, 8)
    assert len(blocked) > 0
    assert (site.state.sections["rank"][blocked] <= ranks[blocked]).all()


def _people_ahead(site, row):
    around = site.ground.neighbours[site.state.sections["cell"][row]]
    return np.isin(site.state.people["cell"], around[around >= 0]).any()


def test_a_detention_team_takes_violent_people_only_where_it_mistakes_nobody():
    world, site = zvecan_with(misidentified_chance=0.0, detentions_per_team_min=1.0, detention_binds_min=0.0, detention_reach_m=60.0)
    violent = put_before_line(world, site, Conduct.VIOLENT, 40)
    site.state.people["cell"][40:200] = site.state.people["cell"][violent][np.arange(160) % 40]
    site.state.people["conduct"][40:200] = Conduct.STANDING
    order(world, OrderKind.SEND_DETENTION_TEAMS, POLICE)
    play(world, site, 40)
    detained = np.flatnonzero(site.state.people["conduct"] == Conduct.DETAINED)
    assert len(detained) > 0
    assert set(detained.tolist()) <= set(violent.tolist())


def test_a_detention_binds_its_team_for_the_declared_time():
    world, site = zvecan_with(detentions_per_team_min=1.0, detention_binds_min=240.0, detention_reach_m=60.0)
    put_before_line(world, site, Conduct.VIOLENT)
    order(world, OrderKind.SEND_DETENTION_TEAMS, POLICE)
    teams = int(((site.state.sections["post"] == Post.DETENTION_TEAM) & (site.state.sections["on_site"] == 1)).sum())
    play(world, site, 100)
    assert 0 < (site.state.people["conduct"] == Conduct.DETAINED).sum() <= teams


def test_without_an_order_nobody_is_detained_and_no_agents_are_used():
    world, site = zvecan_with(detentions_per_team_min=1.0, agent_uses_per_min=5.0)
    put_before_line(world, site, Conduct.VIOLENT)
    incidents = play(world, site, 20)
    assert not kinds(incidents) & {Incident.DETAINED, Incident.AGENT_USED}
    assert site.state.agents.sum() == 0.0


def test_agents_come_with_their_order_stay_within_0_to_1_and_thin_out_when_it_ends():
    world, site = zvecan_with(agent_uses_per_min=5.0, agent_misfire_chance=0.0, agent_use_concentration=1.0)
    put_before_line(world, site, Conduct.VIOLENT)
    order(world, OrderKind.USE_AGENTS)
    play(world, site, 8)
    used = site.state.agents.copy()
    assert 0.0 < used.max() <= 1.0
    order(world, OrderKind.STOP_AGENTS)
    play(world, site, 120)
    assert site.state.agents.max() < 0.5 * used.max()
    assert site.state.agents.min() >= 0.0


def test_people_who_press_make_a_line_give_ground_and_at_press_weight_0_it_holds():
    for weight, gives in ((5.0, True), (0.0, False)):
        world, site = zvecan_with(press_weight=weight, violent_press_weight=weight, line_giving_per_min=5.0, line_width=0.05)
        put_before_line(world, site, Conduct.PRESSING, 300)
        incidents = play(world, site, 20)
        assert (Incident.GAVE_GROUND in kinds(incidents)) == gives
