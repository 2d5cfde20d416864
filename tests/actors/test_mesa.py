"""The model as Mesa knows it: every kind of agent is listed, people are live read-only views, and nothing leaks."""

from __future__ import annotations

import gc
import weakref

import pytest
from mesa.datacollection import DataCollector

from sim.actors.forces import SECTION_TYPES, EulexSection, KforSection, KosovoPoliceSection, KsfSection
from sim.actors.institutions import Government, HeadquartersActor
from sim.actors.protesters import Protester
from sim.engine.model import TheatreModel
from sim.engine.run import automatic_seats, new_model
from sim.scenario.loader import load_scenario
from sim.vocabulary import Conduct, Role


@pytest.fixture(scope="module")
def zvecan():
    return load_scenario("may_2023_zvecan")


@pytest.fixture(scope="module")
def may():
    return load_scenario("may_2023")


@pytest.fixture
def model(zvecan):
    return new_model(zvecan, 3)


@pytest.fixture
def site(model):
    return model.world.sites["zvecan"]


def test_every_kind_of_agent_is_listed_with_all_its_members(model, site):
    command, people = model.world.scenario.framework.command, site.state.people
    by_type = model.agents_by_type
    assert set(by_type) == set(model.agent_types)
    assert len(by_type[HeadquartersActor]) == len(command.headquarters)
    assert len(by_type[Government]) == len(command.governments)
    sections = sum(len(by_type[kind]) for kind in (KforSection, KosovoPoliceSection, EulexSection, KsfSection))
    assert sections == len(site.state.sections)
    assert len(by_type[Protester]) == len(people) > 100


def test_the_eulex_police_unit_is_there_as_agents_and_stays_off_site_until_it_is_asked(model):
    sections = model.agents_by_type[EulexSection]
    assert SECTION_TYPES["eulex"] is EulexSection
    assert len(sections) > 0
    assert not any(section.on_site for section in sections)
    assert {section.site for section in sections} == {""}


def test_sections_and_headquarters_know_who_commands_them(model):
    model.run_for(1)
    section = next(iter(model.agents_by_type[KforSection]))
    assert section.on_site
    assert section.site == "zvecan"
    assert section.fit == 10
    assert section.hurt == 0
    assert section.contingent == "hungary"
    assert section.commander == "kfor_zvecan"
    assert section.level.name == "CORDON"
    by_name = {headquarters.name: headquarters for headquarters in model.agents_by_type[HeadquartersActor]}
    assert by_name["kfor_zvecan"].superior == "rc_east"
    assert by_name["kfor_zvecan"].seat == "kfor_zvecan"
    assert by_name["nato_council"].seat is None
    assert all(0.0 <= dial <= 1.0 for item in model.agents_by_type[Government] for dial in (item.pressure, item.licence))


def test_select_groupby_and_get_see_every_row_of_people(model, site):
    model.run_for(600)
    protesters, people = model.protesters, site.state.people
    core = protesters.select(lambda person: person.role is Role.HARD_CORE)
    assert len(core) == (people["role"] == Role.HARD_CORE).sum() > 0
    assert protesters.get("grievance") == people["grievance"].tolist()
    groups = protesters.groupby("conduct").count()
    assert sum(groups.values()) == len(people)
    assert groups[Conduct.STANDING] == (people["conduct"] == Conduct.STANDING).sum()


def test_a_data_collector_sees_every_person_at_every_step(model, site):
    first = model.world.tick
    collector = DataCollector(
        model_reporters={"tick": lambda seen: seen.world.tick},
        agenttype_reporters={Protester: {"anger": "anger", "conduct": "conduct"}, KforSection: {"fit": "fit"}},
    )
    for _ in range(2):
        model.run_for(300)
        collector.collect(model)
    frame = collector.get_agenttype_vars_dataframe(Protester)
    assert len(frame) == 2 * len(site.state.people)
    assert len(collector.get_agenttype_vars_dataframe(KforSection)) == 2 * len(model.agents_by_type[KforSection])
    assert collector.get_model_vars_dataframe()["tick"].tolist() == [first + 300, first + 600]


def test_a_view_is_live_and_reads_its_row(model, site):
    person = next(iter(model.protesters))
    assert person.conduct is Conduct.ABSENT
    site.state.people["conduct"][0] = Conduct.SITTING
    site.state.people["anger"][0] = 0.25
    assert person.conduct is Conduct.SITTING
    assert person.anger == 0.25
    assert person.grade.name == "UNHURT"
    assert person.unique_id == int(site.state.people["id"][0])


def test_a_view_changes_nothing_and_cannot_be_removed(model, site):
    person, before = next(iter(model.protesters)), site.state.people.tobytes()
    with pytest.raises(TypeError, match="read-only"):
        person.anger = 1.0
    with pytest.raises(TypeError, match="read-only"):
        person.something_new = 1.0
    with pytest.raises(TypeError, match="cannot be removed"):
        person.remove()
    person.step()
    assert site.state.people.tobytes() == before
    with pytest.raises(AttributeError, match="columns"):
        _ = person.no_such_column


def test_at_several_sites_every_person_is_one_view_at_his_own_site(may):
    model = new_model(may.on_days(("may_29",)), 3)
    sites, protesters = model.world.sites, model.protesters
    assert len(sites) == 4
    for name, site in sites.items():
        assert sorted(person.unique_id for person in protesters if person.site == name) == sorted(site.state.people["id"].tolist())
    assert len(protesters) == sum(len(site.state.people) for site in sites.values())
    far = next(person for person in protesters if person.site == "leposavic")
    sites["leposavic"].state.people["anger"] = 0.75
    assert far.anger == 0.75


def test_a_section_reads_the_site_at_which_its_unit_is_and_none_while_it_waits_at_its_base(may):
    model = new_model(may.on_days(("may_29",)), 3)
    model.run_for(1)
    by_unit = {section.unit.id: section for section in model.agents_by_type[KforSection]}
    american, reserve = by_unit["us_company"], by_unit["ktrbn_second_company"]
    assert (american.site, american.on_site) == ("leposavic", True)
    assert (reserve.site, reserve.on_site) == ("", False)
    model.world.sites["leposavic"].state.sections["serious"] = 2
    assert american.fit == american.unit.persons_per_section - 2


def test_views_of_a_day_that_is_over_give_way_to_those_of_the_next(may):
    model = new_model(may.on_days(("may_26", "may_29")), 3, {})
    first = {person.site for person in model.protesters}
    while model.world.day.name == "may_26":
        model.step()
    second = model.protesters
    assert first == {"zvecan", "leposavic", "zubin_potok"}
    assert {person.site for person in second} == {"zvecan", "leposavic", "zubin_potok", "north_mitrovica"}
    assert len(second) == sum(len(site.state.people) for site in model.world.sites.values())


def test_a_view_kept_over_the_night_still_tells_of_its_own_person(may):
    model = new_model(may.on_days(("may_26", "may_29")), 3, {})
    person = next(iter(model.protesters))
    person_then = (person.unique_id, person.risk_aversion, person.role)
    while model.world.day.name == "may_26":
        model.step()
    assert (person.unique_id, person.risk_aversion, person.role) == person_then


def test_the_same_view_is_given_again_and_survives_between_requests(model):
    first = list(model.protesters)
    gc.collect()
    assert [id(view) for view in model.agents_by_type[Protester]] == [id(view) for view in first]


def test_asking_for_views_changes_no_record(zvecan):
    digests = []
    for ask in (False, True):
        model = new_model(zvecan, 3)
        for _ in range(6):
            model.run_for(200)
            if ask:
                assert len(model.agents_by_type[Protester].select(lambda person: person.anger > 0.1)) >= 0
        digests.append((model.world.record.digest(), model.world.sites["zvecan"].state.people.tobytes()))
    assert digests[0] == digests[1]


def test_a_run_that_nobody_looks_at_makes_no_views(model):
    model.run_for(100)
    assert model._views is None


def test_thirty_models_built_viewed_and_dropped_leave_none_alive(zvecan):
    seats, alive = automatic_seats(zvecan), []
    for seed in range(30):
        model = TheatreModel(zvecan, seed, seats)
        assert len(model.agents_by_type[Protester]) > 0
        model.step()
        alive.append(weakref.ref(model))
        del model
    gc.collect()
    assert sum(reference() is not None for reference in alive) == 0


def test_a_step_is_one_base_tick_and_run_for_many(model):
    first = model.world.tick
    model.step()
    assert (model.world.tick - first, model.time) == (1, 1.0)
    model.run_for(9)
    assert (model.world.tick - first, model.time) == (10, 10.0)
    assert model.world.clock.time(first) == model.world.day.file.start


def test_nothing_asks_mesas_own_generators(model):
    before, bits = model.random.getstate(), str(model.rng.bit_generator.state)
    model.run_for(700)
    assert len(model.protesters) > 0
    assert model.random.getstate() == before
    assert str(model.rng.bit_generator.state) == bits
