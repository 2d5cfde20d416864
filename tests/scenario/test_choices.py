"""Accounts of disputed facts and doctrines of seats are chosen by name, never by editing a file."""

import pytest

from sim.engine.run import new_model
from sim.foundations.errors import InputError
from sim.scenario.digest import effective_digest
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured


@pytest.fixture(scope="module")
def banjska():
    return load_scenario("banjska_2023")


def complaint(scenario, **settings):
    with pytest.raises(InputError) as caught:
        configured(scenario, {name.replace("__", "."): value for name, value in settings.items()})
    return str(caught.value)


@pytest.mark.parametrize("fighters", ["30", "50", "90"])
def test_a_switch_changes_how_many_fighters_there_are(banjska, fighters):
    changed = configured(banjska, {"switch.fighters": fighters})
    assert len(new_model(changed, 1).world.operation.fighters) == int(fighters)
    assert banjska.file.switches["fighters"].value == "50"


def test_a_seat_plays_another_doctrine_on_every_day():
    may = configured(load_scenario("may_2023"), {"seat.kfor_zvecan": "kfor_restrained"})
    assert {day.doctrines["kfor_zvecan"].doctrine for day in may.days} == {"kfor_restrained"}
    assert "kfor_restrained" in may.doctrine_files


def test_a_choice_changes_the_digest_of_what_shapes_a_run(banjska):
    plain = effective_digest(banjska)
    assert effective_digest(configured(banjska, {"switch.fighters": "90"})) != plain
    assert effective_digest(configured(banjska, {"seat.armed_leader": "armed_leader_committed"})) != plain
    assert effective_digest(configured(banjska, {"switch.fighters": "50"})) == plain


def test_a_choice_is_kept_with_the_other_settings(banjska):
    changed = configured(banjska, {"switch.way_in": "by_vehicle", "isr.isr_effort": "2"})
    assert changed.settings == {"switch.way_in": "by_vehicle", "isr.isr_effort": "2"}


def test_a_wrong_choice_is_refused_with_what_is_known(banjska):
    assert "'91' is none of its accounts; did you mean '90'?" in complaint(banjska, switch__fighters="91")
    assert "no such switch, seat or asset" in complaint(banjska, switch__figters="90")
    assert "there is no doctrine 'kfor_on_own'" in complaint(banjska, seat__kfor_commander="kfor_on_own")
    assert "is for a seat of eulex" in complaint(banjska, seat__kfor_commander="eulex_monitors")
    assert "is none of: on, off" in complaint(banjska, intelligence__joint_patrols="yes")
    assert "is none of: kfor_only" in complaint(banjska, intelligence__sharing="everybody")


def test_assets_and_sharing_are_chosen_by_name(banjska):
    changed = configured(banjska, {"intelligence.joint_patrols": "on", "intelligence.sharing": "kfor_only"})
    found = changed.days[0].armed.intelligence
    assert next(asset for asset in found.assets if asset.id == "joint_patrols").deployed
    assert found.sharing == "kfor_only"
    assert effective_digest(changed) != effective_digest(banjska)
