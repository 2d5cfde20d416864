"""Which folder a name means, and what a loaded scenario holds: days, sites, doctrines by day, and parts of a whole."""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest
from copies import DAYS, PART, WHOLE

from sim.doctrine.seat_orders import Organisation
from sim.engine.run import new_model
from sim.foundations.errors import InputError
from sim.scenario.digest import effective_digest
from sim.scenario.loader import Scenario, load_scenario, scenario_folder, shipped_names
from sim.scenario.overview import grades_of, overview
from sim.scenario.shipped import SHIPPED
from sim.seats.seat import Seat


@pytest.fixture(scope="module")
def whole() -> Scenario:
    return load_scenario(WHOLE)


@pytest.fixture(scope="module")
def part() -> Scenario:
    return load_scenario(PART)


# names and folders


def test_a_shipped_name_a_folder_and_its_file_are_the_same(monkeypatch, scenario_copy):
    assert scenario_folder(WHOLE) == SHIPPED / WHOLE
    assert scenario_folder(str(scenario_copy.folder)) == scenario_copy.folder
    assert scenario_folder(str(scenario_copy.folder / "scenario.yaml")) == scenario_copy.folder
    monkeypatch.chdir(scenario_copy.folder)
    assert load_scenario(".").name == WHOLE


def test_a_users_own_folder_comes_before_a_shipped_one_of_that_name(monkeypatch, scenario_copy, tmp_path):
    scenario_copy.folder.rename(tmp_path / WHOLE)
    monkeypatch.chdir(tmp_path)
    assert scenario_folder(WHOLE).resolve() == tmp_path / WHOLE


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "../may_2023", "parameters", "may_2023/..", "x" * 5000, "a\0b", "schema/../may_2023", "may_2023/may_29.yaml", "~"],
)
def test_no_name_leads_out_of_the_shipped_scenarios(monkeypatch, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        scenario_folder(name)


# days, sites, seats


def test_every_shipped_scenario_has_a_table_for_each_seat_on_each_day():
    for name in shipped_names():
        scenario = load_scenario(name)
        assert scenario.settings == {}
        for day in scenario.days:
            assert day.sites
            assert set(day.sites) <= set(scenario.sites)
            assert day.doctrines.keys() == scenario.file.seats.keys()
            assert all(table.seat is scenario.file.seats[seat].organisation for seat, table in day.doctrines.items())


def test_the_whole_plays_its_days_in_order_on_one_calendar(whole):
    clock = whole.clock()
    assert tuple(day.name for day in whole.days) == DAYS
    assert clock.time(0) == datetime(2023, 5, 26)
    starts = [clock.tick_at(day.file.start) for day in whole.days]
    assert starts == sorted(starts)
    assert all(clock.time(tick) == day.file.start for tick, day in zip(starts, whole.days, strict=True))
    assert clock.end == whole.days[-1].file.end


def test_a_days_own_doctrine_comes_before_the_seats(whole):
    by_day = {day.name: day.doctrines["kfor_zvecan"].doctrine for day in whole.days}
    assert by_day == {day.name: day.file.doctrines.get("kfor_zvecan", whole.file.seats["kfor_zvecan"].doctrine) for day in whole.days}
    assert len(set(by_day.values())) > 1


def test_only_the_named_days_are_left(whole):
    two = whole.on_days(("may_31", "may_26"))
    assert [day.name for day in two.days] == ["may_26", "may_31"]
    assert two.file.days == ("may_26.yaml", "may_31.yaml")
    assert (two.origin, two.whole_name, two.whole) == (whole.origin, whole.whole_name, whole.whole)
    assert "north_mitrovica" in whole.sites
    assert "north_mitrovica" not in two.sites  # in play on 29 May alone
    assert two.days[0].file == whole.days[0].file
    assert effective_digest(two) != effective_digest(whole)
    assert whole.on_days(DAYS).days == whole.days


@pytest.mark.parametrize("names", [(), ("may_28",), ("may_29", "may_30"), ("may_29.yaml",), ("",), (29,)])
def test_a_day_that_there_is_not_is_refused(whole, names):
    with pytest.raises(InputError, match=f"days of {WHOLE}: .*may_"):
        whole.on_days(names)


# a part of a whole


def test_a_part_is_the_very_day_of_the_whole_at_its_site(whole, part):
    (day,) = part.days
    same = next(item for item in whole.days if item.name == day.name)
    assert (part.sites, day.sites) == (("zvecan",), ("zvecan",))
    assert day.file.crowds["zvecan"] == same.file.crowds["zvecan"]
    assert day.file.lead == {"zvecan": same.file.lead["zvecan"]}
    assert day.file.deployments == tuple(item for item in same.file.deployments if item.site == "zvecan")
    assert all(event.site == "zvecan" for event in day.file.events)
    assert {name: table for name, table in same.doctrines.items() if name in part.file.seats} == day.doctrines
    assert {seat.site for seat in part.file.seats.values()} == {None, "zvecan"}
    assert set(day.file.history) <= set(part.file.seats)
    assert (part.framework, part.concessions, part.parameters) == (whole.framework, whole.concessions, whole.parameters)


def test_a_part_has_its_own_name_and_the_wholes_draws(whole, part):
    assert (part.name, part.whole_name, part.origin) == (PART, WHOLE, whole.origin)
    assert (part.folder, part.whole) == (SHIPPED / PART, SHIPPED / WHOLE)
    assert part.clock().tick_at(part.days[0].file.start) == whole.clock().tick_at(whole.days[1].file.start)
    assert all(path.is_relative_to(part.whole) for path in part.files())


class Silent:
    """A seat that orders nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def decide(self, picture):
        return []


def _begun(scenario: Scenario, seed: int):
    seats: dict[str, Seat] = {name: Silent(name) for name in scenario.file.seats}
    return new_model(scenario, seed, seats).world


@pytest.mark.parametrize("seed", [1, 7])
def test_the_people_of_a_part_are_those_of_the_whole_with_the_same_draws(whole, part, seed):
    ours, theirs = _begun(part, seed), _begun(whole.on_days(("may_29",)), seed)
    assert ours.tick == theirs.tick
    assert ours.run_key == theirs.run_key
    mine, same = ours.sites["zvecan"].state, theirs.sites["zvecan"].state
    assert len(mine.people) > 100
    assert mine.people.tobytes() == same.people.tobytes()
    assert mine.situation.tobytes() == same.situation.tobytes()
    assert mine.sections["id"].tolist() == same.sections["id"].tolist()
    other = _begun(part, seed + 1).sites["zvecan"].state.people
    assert set(other["id"].tolist()) & set(mine.people["id"].tolist())  # the same people under any luck,
    assert other["grievance"].tolist()[:20] != mine.people["grievance"].tolist()[:20]  # who had another life


def test_a_wave_of_one_name_brings_the_same_people_on_another_day(whole):
    def named_morning(day: str) -> set[int]:
        world = _begun(whole.on_days((day,)), 5)
        wave = next(item for item in world.sites["zvecan"].waves if item.arrival.id == "morning")
        return set(world.sites["zvecan"].state.people["id"][wave.first_row : wave.end_row].tolist())

    monday, wednesday = named_morning("may_29"), named_morning("may_31")
    fewer, more = sorted((monday, wednesday), key=len)
    assert fewer <= more


def test_a_part_finds_its_whole_beside_it_before_the_shipped_one(scenario_copy, part_copy, tmp_path):
    scenario_copy.edit("scenario.yaml", "cordon_steps: 3", "cordon_steps: 4").folder.rename(tmp_path / WHOLE)
    assert load_scenario(part_copy.folder).file.sites["zvecan"].cordon_steps == 4
    shutil.rmtree(tmp_path / WHOLE)
    assert load_scenario(part_copy.folder).file.sites["zvecan"].cordon_steps == 3


def test_a_part_can_have_several_days_and_sites(part_copy):
    part_copy.edit("scenario.yaml", "[may_29.yaml]", "[may_26.yaml, may_29.yaml]").edit("scenario.yaml", "[zvecan]", "[zvecan, leposavic]")
    scenario = load_scenario(part_copy.folder)
    assert [day.sites for day in scenario.days] == [("zvecan", "leposavic")] * 2
    assert "kp_leposavic" in scenario.file.seats
    assert "kp_zubin_potok" not in scenario.file.seats


# what is its own


def test_a_scenarios_own_doctrine_comes_before_the_shipped_one(scenario_copy):
    text = (SHIPPED / "doctrine" / "crowd_bargaining.yaml").read_text("utf-8")
    scenario_copy.write("doctrine/crowd_bargaining.yaml", text.replace("doctrine: crowd_bargaining", "doctrine: mine"))
    scenario = load_scenario(scenario_copy.folder)
    assert scenario.on_days(("may_29",)).days[0].doctrines["crowd_zvecan"].doctrine == "mine"
    assert scenario.doctrine_files["crowd_bargaining"].is_relative_to(scenario_copy.folder)


def test_parameters_of_the_scenario_replace_the_shipped_ones(scenario_copy):
    given = "\nparameters:\n  view_m: {value: 44, source: ours, grade: assumption}\n  ratio_form: {value: floor, source: ours, grade: B}\n"
    path = scenario_copy.folder / "scenario.yaml"
    path.write_text(path.read_text("utf-8") + given, "utf-8")
    valued = load_scenario(scenario_copy.folder).parameters.valued
    assert (valued["view_m"].value, valued["ratio_form"].value) == (44.0, "FLOOR")


# overview


def test_the_overview_tells_people_forces_and_reserve_of_each_day_and_site(whole):
    found = overview(whole)
    assert [(day["name"], list(day["sites"])) for day in found["days"]] == [(day.name, list(day.sites)) for day in whole.days]
    units = whole.framework.command.units
    for told, day in zip(found["days"], whole.days, strict=True):
        for site, crowd in day.file.crowds.items():
            people = told["sites"][site]["people"]
            assert people["waves"] == len(crowd.arrivals)
            assert people["low"] <= people["central"] <= people["high"]
            called = sum(wave.persons.central for wave in crowd.arrivals if wave.on_order or wave.on_event)
            assert people["only_when_set_off"] == called
        deployed = {item.unit for item in day.file.deployments}
        there = sum(force["persons"] for site in told["sites"].values() for force in site["forces"].values())
        assert there == sum(unit.strength for unit in units if unit.id in deployed)
        waiting = [unit for unit in units if unit.reserve and unit.id not in deployed]
        assert sum(force["units"] for force in told["reserve"].values()) == len(waiting) > 0
    assert found["part_of"] == ""
    assert found["seats"]["kfor_zvecan"]["doctrine_on"].keys() == {day.name for day in whole.days if "kfor_zvecan" in day.file.doctrines}


def test_the_overview_of_a_part_tells_what_it_plays(whole, part):
    found = overview(part)
    assert found["part_of"] == WHOLE
    (day,) = found["days"]
    assert list(day["sites"]) == ["zvecan"]
    assert day["sites"]["zvecan"] == overview(whole)["days"][1]["sites"]["zvecan"]
    assert all(count > 0 for count in grades_of(part).values())
    assert sum(grades_of(part).values()) < sum(grades_of(whole).values())


def test_about_six_hundred_of_kfor_are_in_the_north_on_29_may(whole):
    day = overview(whole)["days"][1]
    at_sites = {site: told["forces"]["KFOR"]["persons"] for site, told in day["sites"].items()}
    assert at_sites == {"zvecan": 280, "leposavic": 100, "zubin_potok": 60, "north_mitrovica": 40}
    everybody = sum(at_sites.values()) + day["reserve"]["KFOR"]["persons"]
    assert everybody == sum(unit.strength for unit in whole.framework.command.units_of(Organisation.KFOR)) == 600
