"""Which folder a name means, and what a loaded scenario holds."""

from __future__ import annotations

import pytest

from sim.doctrine.seat_orders import Organisation
from sim.foundations.errors import InputError
from sim.scenario.loader import load_scenario, scenario_folder, shipped_names
from sim.scenario.overview import grades_of, overview
from sim.scenario.shipped import SHIPPED


def test_a_shipped_name_a_folder_and_its_file_are_the_same(monkeypatch, scenario_copy):
    assert scenario_folder("may_2023_zvecan") == SHIPPED / "may_2023_zvecan"
    assert scenario_folder(str(scenario_copy.folder)) == scenario_copy.folder
    assert scenario_folder(str(scenario_copy.folder / "scenario.yaml")) == scenario_copy.folder
    monkeypatch.chdir(scenario_copy.folder)
    assert load_scenario(".").name == "may_2023_zvecan"


def test_a_users_own_folder_comes_before_a_shipped_one_of_that_name(monkeypatch, scenario_copy, tmp_path):
    scenario_copy.folder.rename(tmp_path / "may_2023_zvecan")
    monkeypatch.chdir(tmp_path)
    assert scenario_folder("may_2023_zvecan").resolve() == tmp_path / "may_2023_zvecan"


@pytest.mark.parametrize(
    "name", ["", "nothing", "../may_2023_zvecan", "parameters", "may_2023_zvecan/..", "x" * 5000, "a\0b", "schema/../may_2023_zvecan", "~"]
)
def test_no_name_leads_out_of_the_shipped_scenarios(monkeypatch, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        scenario_folder(name)


def test_every_shipped_scenario_loads_with_a_table_for_each_seat():
    for name in shipped_names():
        scenario = load_scenario(name)
        assert scenario.doctrines.keys() == scenario.file.seats.keys()
        for seat, table in scenario.doctrines.items():
            assert table.seat is scenario.file.seats[seat].organisation
        assert scenario.settings == {}


def test_a_scenarios_own_doctrine_comes_before_the_shipped_one(scenario_copy):
    text = (SHIPPED / "doctrine" / "crowd_bargaining.yaml").read_text("utf-8")
    scenario_copy.write("doctrine/crowd_bargaining.yaml", text.replace("doctrine: crowd_bargaining", "doctrine: mine"))
    scenario = load_scenario(scenario_copy.folder)
    assert scenario.doctrines["crowd_leadership"].doctrine == "mine"
    assert scenario.doctrine_files["crowd_bargaining"].is_relative_to(scenario_copy.folder)


def test_parameters_of_the_scenario_replace_the_shipped_ones(scenario_copy):
    given = "\nparameters:\n  view_m: {value: 44, source: ours, grade: assumption}\n  ratio_form: {value: floor, source: ours, grade: B}\n"
    path = scenario_copy.folder / "scenario.yaml"
    path.write_text(path.read_text("utf-8") + given, "utf-8")
    valued = load_scenario(scenario_copy.folder).parameters.valued
    assert (valued["view_m"].value, valued["ratio_form"].value) == (44.0, "FLOOR")


def test_the_overview_counts_people_forces_and_grounds():
    scenario = load_scenario("may_2023_zvecan")
    found = overview(scenario)
    assert found["people"] == {"waves": 3, "low": 380.0, "central": 620.0, "high": 860.0, "only_on_order": 150.0}
    persons = {force: counted["persons_on_site"] + counted["persons_nearby"] for force, counted in found["forces"].items()}
    assert persons == {"KFOR": 400, "Kosovo Police": 65, "EULEX": 105}
    assert found["hours"] == 16.0
    assert sum(unit.strength for unit in scenario.framework.command.units_of(Organisation.KFOR)) == 400
    assert all(count > 0 for count in grades_of(scenario).values())
