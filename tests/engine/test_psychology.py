"""Psychology on the site: what anger and cost answer to, and that a theory switched off changes nothing."""

from __future__ import annotations

import pytest
from worlds import POLICE, count, next_tick, order, psychology_minutes, put_before_line, zvecan_with

from sim.engine.phases import psychology
from sim.vocabulary import Conduct, OrderKind


def anger_after_a_push(**values):
    world, site = zvecan_with(
        contagion_per_min=0.0, special_police_provocation=0.0, untrained_hesitation_min=0.0, blocked_exit_anger=0.0, **values
    )
    rows = put_before_line(world, site, Conduct.SITTING)
    site.state.people["anger"][rows] = 0.2
    order(world, OrderKind.PUSH)
    next_tick(world)
    count(world, site)
    psychology(world, site, psychology_minutes())
    return site.state.people["anger"][rows]


def test_at_theta_spiral_1_a_push_into_seated_people_angers_them_and_at_2_more():
    off, once, twice = (anger_after_a_push(theta_spiral=theta, push_provocation=0.5) for theta in (0, 1, 2))
    assert (once > off).all()
    assert (twice > once).all()


def test_at_theta_spiral_0_a_push_changes_no_anger():
    without = anger_after_a_push(theta_spiral=1, push_provocation=0.0)
    assert anger_after_a_push(theta_spiral=0, push_provocation=2.0).tobytes() == without.tobytes()


def turned_violent(**values):
    world, site = zvecan_with(onset_per_min=10.0, stopping_per_min=0.0, threshold_mean=0.5, theta_spiral=0, **values)
    put_before_line(world, site, Conduct.STANDING)
    order(world, OrderKind.SEND_DETENTION_TEAMS, POLICE)
    order(world, OrderKind.USE_AGENTS)
    for _ in range(8):
        next_tick(world)
        count(world, site)
        psychology(world, site, psychology_minutes())
    return int((site.state.people["conduct"] == Conduct.VIOLENT).sum())


def test_at_theta_deterrence_1_a_force_that_may_act_lowers_violence_and_at_2_more():
    counts = [turned_violent(theta_deterrence=theta, deterrence_unit=10.0) for theta in (0, 1, 2)]
    assert counts[0] > counts[1] >= counts[2]


def test_at_theta_deterrence_0_responders_change_no_cost():
    harmless = {"level_effect_agents": 0.0, "level_effect_detention": 0.0, "detention_severity": 0.0}
    assert turned_violent(theta_deterrence=0, deterrence_unit=10.0) == turned_violent(theta_deterrence=2, force_severity=0.0, **harmless)


@pytest.mark.parametrize("theta", [0, 2])
def test_a_cordon_whose_sections_may_not_act_deters_nobody_by_construction(theta):
    world, site = zvecan_with(
        onset_per_min=10.0, threshold_mean=0.5, theta_spiral=0, theta_deterrence=theta, special_police_provocation=0.0
    )
    put_before_line(world, site, Conduct.STANDING)
    next_tick(world)
    count(world, site)
    psychology(world, site, psychology_minutes())
    turned = site.state.people["conduct"] == Conduct.VIOLENT
    risk = site.state.incidents[: int(site.state.incident_count[0])]["second"]
    assert turned.any()
    assert (risk == 0.0).all()


def test_leaders_who_talk_hold_people_back_and_at_restraint_0_they_do_not():
    counts = []
    for restraint, talks in ((0.8, "none"), (0.8, "open"), (0.0, "open"), (0.0, "none")):
        world, site = zvecan_with(onset_per_min=10.0, threshold_mean=0.5, leader_restraint=restraint)
        put_before_line(world, site, Conduct.STANDING)
        site.dealings.talks = talks
        next_tick(world)
        count(world, site)
        psychology(world, site, psychology_minutes())
        counts.append(int((site.state.people["conduct"] == Conduct.VIOLENT).sum()))
    free, held, unheld, also_free = counts
    assert held < free
    assert unheld == also_free == free
