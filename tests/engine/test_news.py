"""News: who hears of what, when, and which people it brings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import (
    CROWD,
    KFOR,
    POLICE,
    entries,
    may_29,
    order,
    play_minutes,
    play_until,
    put_before_line,
    quiet_model,
    zvecan,
)

from sim.engine.pictures import pictures_for
from sim.engine.run import new_model
from sim.scenario.loader import load_scenario
from sim.vocabulary import Conduct, OrderKind

BLOODY = {"throws_per_min": 5.0, "object_injury_chance": 0.5, "throwing_reach_m": 60.0, "stopping_per_min": 0.0, "leaving_per_min": 0.0}
WAVE = "north_mitrovica_after_a_clash"
ELSEWHERE = ("leposavic", "zubin_potok", "north_mitrovica")


def clash_at_zvecan(**values):
    """Return a model in which violent people stand before the line of Zvečan, and nobody orders anything."""
    model = quiet_model(may_29(), **BLOODY | values)
    play_minutes(model, 5)
    order(model.world, OrderKind.TAKE_CORDON)
    put_before_line(model.world, model.world.sites["zvecan"], Conduct.VIOLENT)
    return model


def wave_of(site, name):
    wave = next(wave for wave in site.waves if wave.arrival.id == name)
    return site.state.people[wave.first_row : wave.end_row]


def test_word_of_a_clash_reaches_the_other_sites_after_its_delay_and_sets_off_who_waits_for_it():
    model = clash_at_zvecan(clash_news_persons=5.0, news_delay_min=30.0)
    world = model.world
    clash = world.sites["zvecan"].dealings
    while clash.clash_tick < 0:
        model.step()
    heard = clash.clash_tick + world.clock.ticks_in(30.0)
    play_until(model, heard)
    assert not any(world.sites[name].dealings.clash_elsewhere_heard for name in ELSEWHERE)
    play_minutes(model, 2)
    assert all(world.sites[name].dealings.clash_elsewhere_heard for name in ELSEWHERE)
    told = entries(world, "event", event=WAVE)
    assert [entry["note"] for entry in told] == ["clash_elsewhere"]
    assert heard <= told[0]["tick"] <= heard + model.world.psychology_ticks
    arrivals = wave_of(world.sites["north_mitrovica"], WAVE)["arrival_tick"]
    assert told[0]["tick"] <= arrivals.min() < arrivals.max() < world.end_tick


def test_seats_at_the_other_sites_hear_of_the_clash_and_those_where_it_is_do_not_hear_it_as_news():
    model = clash_at_zvecan(clash_news_persons=5.0, news_delay_min=5.0)
    play_minutes(model, 60)
    world = model.world
    for name in ELSEWHERE:
        for seat in (f"kfor_{name}", f"kp_{name}", f"crowd_{name}"):
            assert "clash_elsewhere" in world.memory(seat, name).since
    for seat in (KFOR, POLICE, CROWD):
        assert "clash_elsewhere" not in world.memory(seat, "zvecan").since


def test_fewer_people_hurt_than_make_news_set_nobody_off():
    model = clash_at_zvecan(clash_news_persons=100.0, news_delay_min=0.0, stopping_per_min=5.0)
    play_minutes(model, 60)
    world = model.world
    assert 0 < world.sites["zvecan"].dealings.hurt < 100
    assert not any(site.dealings.clash_elsewhere_heard for site in world.sites.values())
    assert entries(world, "event", what="people_set_off") == []


def test_a_clash_is_news_once():
    model = clash_at_zvecan(clash_news_persons=5.0, news_delay_min=5.0)
    play_minutes(model, 3 * 60)
    assert len(entries(model.world, "event", event=WAVE)) == 1


def test_sirens_are_heard_at_their_site_and_bring_the_people_who_wait_for_them():
    model = quiet_model(load_scenario("may_2023").on_days(("may_26",)))
    world, site = model.world, model.world.sites["zvecan"]
    sound = world.clock.tick_at(world.day.file.start.replace(hour=10, minute=40))
    play_until(model, sound)
    assert wave_of(site, "morning")["arrival_tick"].min() > world.end_tick
    assert not (wave_of(site, "morning")["conduct"] != Conduct.ABSENT).any()
    model.step()
    assert sound <= wave_of(site, "morning")["arrival_tick"].min() < world.end_tick
    assert "sirens" in world.memory(POLICE, "zvecan").since
    assert wave_of(site, "late_morning")["arrival_tick"].min() > world.end_tick
    play_minutes(model, 4 * 60)
    assert (wave_of(site, "morning")["conduct"] != Conduct.ABSENT).mean() > 0.9


def test_a_forced_entry_brings_the_people_who_wait_for_it_and_a_second_one_nobody_more():
    model = quiet_model(load_scenario("may_2023").on_days(("may_26",)))
    world, site = model.world, model.world.sites["zvecan"]
    play_minutes(model, 120)
    order(world, OrderKind.ENTER_BUILDING, POLICE)
    called = wave_of(site, "late_morning")["arrival_tick"].copy()
    assert world.tick <= called.min() < called.max() < world.end_tick
    assert wave_of(world.sites["leposavic"], "leposavic_late_morning")["arrival_tick"].min() > world.end_tick
    play_minutes(model, 30)
    order(world, OrderKind.ENTER_BUILDING, POLICE)
    assert (wave_of(site, "late_morning")["arrival_tick"] == called).all()


def waiting_for(cause):
    """Return Zvečan on 29 May with the wave that leaders call waiting for another cause."""
    day = zvecan().days[0]
    crowd = day.file.crowds["zvecan"]
    waves = tuple(
        wave.model_copy(update={"on_order": None, "on_event": cause}) if wave.on_order is not None else wave for wave in crowd.arrivals
    )
    crowds = {"zvecan": crowd.model_copy(update={"arrivals": waves})}
    return replace(zvecan(), days=(replace(day, file=day.file.model_copy(update={"crowds": crowds})),))


def test_a_detention_brings_the_people_who_wait_for_it_and_violence_without_one_does_not():
    for teams in (False, True):
        model = quiet_model(waiting_for("detentions"), **BLOODY, detentions_per_team_min=1.0, detention_reach_m=60.0)
        world, site = model.world, model.world.sites["zvecan"]
        play_minutes(model, 5)
        put_before_line(world, site, Conduct.VIOLENT)
        if teams:
            order(world, OrderKind.SEND_DETENTION_TEAMS, POLICE)
        play_minutes(model, 20)
        assert (site.state.people["conduct"] == Conduct.DETAINED).any() == teams
        assert (wave_of(site, "answer_to_ultimatum")["arrival_tick"].min() < world.end_tick) == teams
        assert bool(entries(world, "event", what="people_set_off", note="detentions")) == teams


def test_a_push_brings_the_people_who_wait_for_it():
    model = quiet_model(waiting_for("push"))
    play_minutes(model, 5)
    site = model.world.sites["zvecan"]
    assert wave_of(site, "answer_to_ultimatum")["arrival_tick"].min() > model.world.end_tick
    order(model.world, OrderKind.PUSH)
    assert wave_of(site, "answer_to_ultimatum")["arrival_tick"].min() < model.world.end_tick


@pytest.mark.parametrize("by", [KFOR, "kfor_leposavic"])
def test_what_is_said_at_a_site_is_heard_there_by_all_but_who_said_it(by):
    site = by.removeprefix("kfor_")
    model = quiet_model(may_29())
    order(model.world, OrderKind.WARN_BY_LOUDSPEAKER, by, site=site)
    heard = {
        (seat, place)
        for seat in model.world.seats
        for place in model.world.sites
        if "warning_heard" in model.world.memory(seat, place).since
    }
    assert {place for _, place in heard} == {site}
    assert {seat for seat, _ in heard} == {seat for seat in model.world.seats if site in model.world.sites_of(seat)} - {by}


def test_a_site_hears_violence_elsewhere_only_after_word_has_come_but_a_seat_above_the_sites_by_its_reports():
    model = clash_at_zvecan(clash_news_persons=5.0, news_delay_min=60.0, throws_per_min=0.0, gunfire_per_min=0.0, mood_count_error=0.0)
    play_minutes(model, 40)
    far = {picture.site: picture.violent_elsewhere for picture in pictures_for(model.world, "kfor_commander")}
    near = [picture.violent_elsewhere for picture in pictures_for(model.world, "kfor_leposavic")]
    assert near == [0.0]
    assert far["leposavic"] > 100.0
    assert far["zvecan"] == 0.0


def test_people_who_cannot_come_stay_away_from_a_wave_that_is_set_off_later():
    model = new_model(zvecan(), 5, {})
    site = model.world.sites["zvecan"]
    rows = wave_of(site, "answer_to_ultimatum")
    site.stay_away = rows["id"][:10].copy()
    order(model.world, OrderKind.CALL_FOR_MORE, CROWD)
    came = rows["arrival_tick"] < model.world.end_tick
    assert not came[:10].any()
    assert came[10:].all()
    assert np.isin(rows["id"][:10], site.stay_away).all()
