"""``kforsim check``: every problem at once, warnings for what can be played but is hardly meant, an overview when it is good."""

from __future__ import annotations

import json
import re

import pytest
from copies import DAYS, PART, WHOLE

from sim.scenario.shipped import SHIPPED, shipped_doctrines, shipped_names, shipped_templates

pytestmark = pytest.mark.usefixtures("parsed_once")


# what is good


def test_everything_shipped_is_good(kforsim):
    paths = [*shipped_names(), *shipped_doctrines().values(), *shipped_templates().values()]
    code, out, _ = kforsim("check", *paths)
    assert code == 0, out
    assert out.count(": good") == len(paths)


def test_a_good_scenario_is_summed_up_day_by_day(kforsim):
    code, out, _ = kforsim("check", WHOLE)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    for part in (
        "title Northern Kosovo, 26 to 31 May 2023",
        "ticks 15 s",
        "day may_29: Monday 29 May 2023, 2023-05-29 06:00 to 22:00, 16 hours, dusk 20:10",
        "zvecan 620 (380 to 860) 150 Kosovo Police, KFOR supporting Kosovo Police 65, KFOR 280",
        "in reserve Kosovo Police 30, EULEX 105, KFOR 120, KSF 100",
        "disputed who_shot_the_protester: not_established",
    ):
        assert part in lines
    days = [line for line in lines if line.startswith("day ")]
    assert [line.split(":")[0] for line in days] == [f"day {day}" for day in DAYS]
    assert any(re.fullmatch(rf"{WHOLE}: good, \d+ warnings", line) for line in lines)
    assert any(line.startswith("kfor_zvecan kfor_zvecan zvecan kfor_counterbalancing; on may_26 ") for line in lines)
    assert any(line.startswith("pristina pristina all sites ") for line in lines)
    assert any(line.startswith("grounds A ") and line.endswith(" sourced entries") for line in lines)
    assert all(len(line) <= 160 for line in out.splitlines() if not line.startswith("warning: "))


def test_a_part_is_summed_up_as_what_it_plays(kforsim):
    code, out, _ = kforsim("check", PART)
    assert code == 0
    assert f"  part of  {WHOLE}" in out
    assert "leposavic" not in out
    assert "may_26" not in out
    assert out.count("\n  day ") == 1


def test_json_holds_problems_warnings_and_overview(kforsim, scenario_copy):
    scenario_copy.edit("scenario.yaml", "title: Northern", "titel: Northern")
    code, out, _ = kforsim("check", WHOLE, scenario_copy.folder, "--json")
    told = json.loads(out)
    good, bad = told["checked"]
    assert code == 2
    assert (told["good"], good["good"], bad["good"]) == (False, True, False)
    assert sum(good["overview"]["grades"].values()) > 100
    assert [day["name"] for day in good["overview"]["days"]] == [*DAYS]
    line, first = scenario_copy.line_of("scenario.yaml", "titel: "), scenario_copy.line_of("scenario.yaml", "format: ")
    assert {problem["where"] for problem in bad["problems"]} == {f"copy/scenario.yaml:{line}:titel", f"copy/scenario.yaml:{first}:title"}
    assert bad["overview"] is None


# what is wrong


def test_problems_of_all_files_come_together(kforsim, scenario_copy):
    scenario_copy.edit("scenario.yaml", "title: Northern", "titel: Northern")
    scenario_copy.edit("may_26.yaml", "summary: >-", "sumary: >-").edit("may_31.yaml", 'begins: "08:30"', 'begins: "8:30"')
    scenario_copy.edit("mandate.yaml", "silence_clause: M-SILENCE", "silence_clause: M-SILENT")
    scenario_copy.edit("command.yaml", "superior: rc_east", "superior: rc_eas")
    scenario_copy.edit("rules_of_engagement.yaml", "force: kfor", "force: kfro")
    scenario_copy.edit("concessions.yaml", "order: mediate", "order: mediat")
    code, out, _ = kforsim("check", scenario_copy.folder)
    assert code == 2
    for part in (
        f"problem: copy/scenario.yaml:{scenario_copy.line_of('scenario.yaml', 'titel: ')}:titel: unknown key; did you mean 'title'?",
        f"problem: copy/may_26.yaml:{scenario_copy.line_of('may_26.yaml', 'sumary: ')}:sumary: unknown key; did you mean 'summary'?",
        "crowds.zvecan.arrivals.0.begins: '8:30' is not a time of day",
        "there is no clause 'M-SILENT'; did you mean 'M-SILENCE'?",
        "there is no headquarters 'rc_eas'; did you mean 'rc_east'?",
        f"copy/rules_of_engagement.yaml:{scenario_copy.line_of('rules_of_engagement.yaml', 'force: kfro')}:authorities.0.force",
        f"copy/concessions.yaml:{scenario_copy.line_of('concessions.yaml', 'order: mediat')}:concessions.5.order",
        "9 problems",
    ):
        assert part in out.replace(str(scenario_copy.folder), "copy"), out
    assert len({line for line in out.splitlines() if line.startswith("problem: ")}) == 9


def test_files_that_are_good_apart_are_held_against_each_other(kforsim, scenario_copy):
    scenario_copy.edit("scenario.yaml", "place: zvecan", "place: zvecn")
    scenario_copy.edit("scenario.yaml", "headquarters: kp_zvecan", "headquarters: kfor_zvecan")
    scenario_copy.edit("scenario.yaml", "doctrine: crowd_bargaining", "doctrine: kfor_counterbalancing")
    scenario_copy.edit("may_26.yaml", "unit: kp_special_door", "unit: kp_special_dor")
    scenario_copy.edit("command.yaml", "base: novo_selo", "base: novi_sad")
    scenario_copy.edit("zvecan_town_hall.yaml", "door: [8, 27]", "door: [99, 27]")
    place = scenario_copy.line_of("scenario.yaml", "place: zvecn")
    mark = scenario_copy.line_of("zvecan_town_hall.yaml", "door: [99")
    code, out, _ = kforsim("check", scenario_copy.folder)
    assert code == 2
    for part in (
        f"copy/scenario.yaml:{place}:sites.zvecan.place: there is no place 'zvecn'; did you mean 'zvecan'?",
        "'kfor_zvecan' belongs to KFOR, and the seat is of Kosovo Police; did you mean 'kp_zvecan'?",
        "'kfor_counterbalancing' is a doctrine for KFOR, and the seat is of the crowd",
        "may_26.yaml:26:deployments.0.unit: there is no unit 'kp_special_dor'; did you mean 'kp_special_door'?",
        ":units.0.base: there is no place 'novi_sad'",
        f"copy/zvecan_town_hall.yaml:{mark}:marks.door: [99, 27] is outside the plan",
    ):
        assert part in re.sub(r"may_26.yaml:\d+:", "may_26.yaml:26:", out), out


def test_one_bad_path_among_good_ones_ends_with_2(kforsim):
    code, out, _ = kforsim("check", PART, "may_2023_zvecn")
    assert code == 2
    assert f"{PART}: good" in out
    assert f"did you mean '{PART}'?" in out


# files and folders


def test_a_single_file_is_checked_for_what_it_is(kforsim, scenario_copy):
    scenario_copy.write("doctrine/own.yaml", (SHIPPED / "doctrine" / "kfor_counterbalancing.yaml").read_bytes())
    code, out, _ = kforsim("check", scenario_copy.folder / "doctrine" / "own.yaml", scenario_copy.folder / "zvecan_town_hall.yaml")
    assert code == 0
    assert "doctrine 'kfor_counterbalancing' for kfor" in out
    assert "site plan 'Zvečan town hall (schematic)', 36 by 56 cells" in out
    scenario_copy.edit("doctrine/own.yaml", "order: push", "order: pish")
    code, out, _ = kforsim("check", scenario_copy.folder / "doctrine" / "own.yaml")
    assert code == 2
    assert re.search(r"rows\.\d+\.order", out)


@pytest.mark.parametrize("file", ["mandate.yaml", "scenario.yaml", "concessions.yaml", "may_31.yaml"])
def test_a_file_of_a_scenario_is_checked_with_the_whole(kforsim, scenario_copy, file):
    code, out, _ = kforsim("check", scenario_copy.folder / file)
    assert code == 0
    assert "day      may_26" in out
    scenario_copy.edit("may_26.yaml", "summary: >-", "sumary: >-")
    assert kforsim("check", scenario_copy.folder / file)[0] == 2


def test_a_day_alone_is_checked_as_far_as_it_goes(kforsim, scenario_copy, tmp_path):
    (tmp_path / "alone.yaml").write_text(scenario_copy.text("may_31.yaml"), "utf-8")
    code, out, _ = kforsim("check", tmp_path / "alone.yaml")
    assert code == 0
    assert "day 'Wednesday 31 May 2023', with zvecan, leposavic, zubin_potok" in out
    (tmp_path / "alone.yaml").write_text(scenario_copy.text("may_31.yaml").replace("dusk: {at:", "dusk: {"), "utf-8")
    code, out, _ = kforsim("check", tmp_path / "alone.yaml")
    assert code == 2
    assert ":dusk" in out


def test_a_folder_that_is_no_scenarios_is_checked_file_by_file(kforsim, tmp_path):
    for path in shipped_doctrines().values():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    code, out, _ = kforsim("check", tmp_path)
    assert code == 0
    assert out.count(": good") == len(shipped_doctrines())
    (tmp_path / "zzz.yaml").write_text("doctrine: [", "utf-8")
    code, out, _ = kforsim("check", tmp_path)
    assert code == 2
    assert out.count(": good") == len(shipped_doctrines())
    assert "zzz.yaml:1: is not valid YAML" in out


def test_a_file_of_another_kind_is_refused(kforsim, scenario_copy):
    code, out, _ = kforsim("check", scenario_copy.folder / "expected.yaml")
    assert code == 2
    assert "is no doctrine table, no site plan and no day" in out


def test_a_bad_doctrine_table_that_no_seat_plays_yet_is_found(kforsim, scenario_copy):
    text = (SHIPPED / "doctrine" / "kfor_restrained.yaml").read_text("utf-8")
    scenario_copy.write("doctrine/later.yaml", text.replace("order: take_cordon", "order: take_cord", 1))
    code, out, _ = kforsim("check", scenario_copy.folder)
    assert code == 2
    assert re.search(r"problem: copy/doctrine/later\.yaml:\d+:rows\.\d+\.order", out)


def test_a_file_that_nothing_reads_deserves_a_second_look(new_warnings, scenario_copy):
    scenario_copy.write("may_30.yaml", scenario_copy.text("may_29.yaml")).write("notes.yaml", "mine: [")
    scenario_copy.write("doctrine/later.yaml", (SHIPPED / "doctrine" / "kfor_restrained.yaml").read_bytes())
    told = "nothing in this scenario reads this file; name it where it is meant to be used, or remove it"
    assert new_warnings() == [f"copy/may_30.yaml: {told}", f"copy/notes.yaml: {told}"]


def test_a_part_reads_nothing_but_its_scenario_file(warnings, part_copy, scenario_copy):
    before = len(warnings(part_copy.folder))
    part_copy.write("mandate.yaml", scenario_copy.text("mandate.yaml"))
    part_copy.write("doctrine/mine.yaml", (SHIPPED / "doctrine" / "kfor_restrained.yaml").read_bytes())
    found = warnings(part_copy.folder)
    assert len(found) == before + 2
    for file in ("mandate.yaml", "doctrine/mine.yaml"):
        assert f"part/{file}: nothing in this scenario reads this file; a part takes its files from {WHOLE}" in found


@pytest.mark.parametrize("given", ["campaign_2023", SHIPPED / "campaign_2023"])
def test_a_campaign_is_checked_as_one(kforsim, given):
    code, out, _ = kforsim("check", given)
    assert code == 0
    assert "36 weeks, played by may_2023 and banjska_2023" in out
