"""``kforsim check``: every problem at once, warnings for what can be played but is hardly meant, an overview when it is good."""

from __future__ import annotations

import json

import pytest

from sim.scenario.shipped import SHIPPED, shipped_doctrines, shipped_names, shipped_templates

SECOND_LOOK = "'kosovo_police_hold_building' never orders 'extract vehicles', which ROE-KP-VEHICLES delegates to Kosovo Police"


pytestmark = pytest.mark.usefixtures("parsed_once")


@pytest.fixture
def warnings(kforsim):
    """Return the warnings about a scenario that is good."""

    def call(path) -> list[str]:
        code, out, err = kforsim("check", path)
        assert (code, err) == (0, ""), out
        assert "problem:" not in out
        return [line.removeprefix("warning: ") for line in out.splitlines() if line.startswith("warning: ")]

    return call


def test_everything_shipped_is_good(kforsim):
    paths = [*shipped_names(), *shipped_doctrines().values(), *shipped_templates().values()]
    code, out, _ = kforsim("check", *paths)
    assert code == 0, out
    assert out.count(": good") == len(paths)


def test_a_good_scenario_is_summed_up(kforsim):
    code, out, _ = kforsim("check", "may_2023_zvecan")
    assert code == 0
    for part in (
        "may_2023_zvecan: good",
        "2023-05-29 06:00 to 2023-05-29 22:00: 16 hours in ticks of 15 s, at zvecan",
        "620 (380 to 860) in 3 waves, 150 of them only on order",
        "KFOR: 280 persons for the site, 120 nearby",
        "kfor_on_scene: kfor_zvecan, plays kfor_counterbalancing",
        "who_shot_the_protester: not_established",
        "sourced entries",
    ):
        assert part in out


def test_json_holds_problems_warnings_and_overview(kforsim, scenario_copy):
    scenario_copy.edit("scenario.yaml", "title: Zvečan", "titel: Zvečan")
    code, out, _ = kforsim("check", "may_2023_zvecan", scenario_copy.folder, "--json")
    told = json.loads(out)
    good, bad = told["checked"]
    assert code == 2
    assert (told["good"], good["good"], bad["good"]) == (False, True, False)
    assert sum(good["overview"]["grades"].values()) > 100
    line, first = scenario_copy.line_of("scenario.yaml", "titel: "), scenario_copy.line_of("scenario.yaml", "format: ")
    assert {problem["where"] for problem in bad["problems"]} == {f"copy/scenario.yaml:{line}:titel", f"copy/scenario.yaml:{first}:title"}
    assert bad["overview"] is None


def test_problems_of_all_files_come_together(kforsim, scenario_copy):
    scenario_copy.edit("scenario.yaml", "title: Zvečan", "titel: Zvečan")
    scenario_copy.edit("mandate.yaml", "silence_clause: M-SILENCE", "silence_clause: M-SILENT")
    scenario_copy.edit("command.yaml", "superior: rc_east", "superior: rc_eas")
    scenario_copy.edit("rules_of_engagement.yaml", "force: kfor", "force: kfro")
    code, out, _ = kforsim("check", scenario_copy.folder)
    assert code == 2
    for part in (
        f"problem: copy/scenario.yaml:{scenario_copy.line_of('scenario.yaml', 'titel: ')}:titel: unknown key; did you mean 'title'?",
        "there is no clause 'M-SILENT'; did you mean 'M-SILENCE'?",
        "there is no headquarters 'rc_eas'; did you mean 'rc_east'?",
        f"copy/rules_of_engagement.yaml:{scenario_copy.line_of('rules_of_engagement.yaml', 'force: kfro')}:authorities.0.force",
        "copy: 5 problems",
    ):
        assert part in out.replace(str(scenario_copy.folder), "copy")
    assert len({line for line in out.splitlines() if line.startswith("problem: ")}) == 5


def test_files_that_are_good_apart_are_held_against_each_other(kforsim, scenario_copy):
    scenario_copy.edit("scenario.yaml", "place: zvecan", "place: zvecn")
    scenario_copy.edit("scenario.yaml", "headquarters: kp_zvecan", "headquarters: kfor_zvecan")
    scenario_copy.edit("scenario.yaml", "doctrine: crowd_bargaining", "doctrine: kfor_counterbalancing")
    scenario_copy.edit("command.yaml", "base: novo_selo", "base: novi_sad")
    scenario_copy.edit("zvecan_town_hall.yaml", "door: [8, 27]", "door: [99, 27]")
    place = scenario_copy.line_of("scenario.yaml", "place: zvecn")
    mark = scenario_copy.line_of("zvecan_town_hall.yaml", "door: [99")
    code, out, _ = kforsim("check", scenario_copy.folder)
    assert code == 2
    for part in (
        f"copy/scenario.yaml:{place}:site.place: there is no place 'zvecn'; did you mean 'zvecan'?",
        "'kfor_zvecan' belongs to KFOR, and the seat is of Kosovo Police; did you mean 'kp_zvecan'?",
        "'kfor_counterbalancing' is a doctrine for KFOR, and the seat is of the crowd",
        ":units.0.base: there is no place 'novi_sad'",
        f"copy/zvecan_town_hall.yaml:{mark}:marks.door: [99, 27] is outside the plan",
    ):
        assert part in out, out


def test_a_single_file_is_checked_for_what_it_is(kforsim, scenario_copy):
    scenario_copy.write("doctrine/own.yaml", (SHIPPED / "doctrine" / "kfor_counterbalancing.yaml").read_bytes())
    code, out, _ = kforsim("check", scenario_copy.folder / "doctrine" / "own.yaml", scenario_copy.folder / "zvecan_town_hall.yaml")
    assert code == 0
    assert "doctrine 'kfor_counterbalancing' for kfor" in out
    assert "site plan 'Zvečan town hall (schematic)', 36 by 56 cells" in out
    scenario_copy.edit("doctrine/own.yaml", "order: push", "order: pish")
    code, out, _ = kforsim("check", scenario_copy.folder / "doctrine" / "own.yaml")
    assert code == 2
    assert "rows.7.order" in out


def test_a_part_of_a_scenario_is_checked_with_the_whole(kforsim, scenario_copy):
    code, out, _ = kforsim("check", scenario_copy.folder / "mandate.yaml", scenario_copy.folder / "scenario.yaml")
    assert code == 0
    assert out.count("16 hours") == 2


def test_a_file_of_another_kind_is_refused(kforsim, scenario_copy):
    code, out, _ = kforsim("check", scenario_copy.folder / "expected.yaml")
    assert code == 2
    assert "is neither a doctrine table nor a site plan" in out


def test_one_bad_path_among_good_ones_ends_with_2(kforsim):
    code, out, _ = kforsim("check", "may_2023_zvecan", "may_2023_zvecn")
    assert code == 2
    assert "may_2023_zvecan: good" in out
    assert "did you mean 'may_2023_zvecan'?" in out


def test_the_shipped_scenario_deserves_one_second_look(warnings):
    (only,) = warnings("may_2023_zvecan")
    assert SECOND_LOOK in only


def test_a_headquarters_nobody_sits_in_is_fine(warnings, scenario_copy):
    scenario_copy.edit("command.yaml", "contingents:\n", "# nobody\ncontingents:\n")
    assert len(warnings(scenario_copy.folder)) == 1


def test_expected_patterns_are_left_alone(warnings, scenario_copy):
    scenario_copy.write("expected.yaml", "nonsense: [")
    assert len(warnings(scenario_copy.folder)) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("scenario.yaml", 'at: "09:00"', 'at: "23:00"', ["events.1.at", "23:00 lies outside the run and never comes"]),
        ("scenario.yaml", 'begins: "10:00"', 'begins: "22:30"', ["crowd.arrivals.1.begins", "22:30 lies outside the run"]),
        ("scenario.yaml", '{at: "20:00", order: go_home', '{at: "05:00", order: go_home', [":seats.crowd_leadership.history.4.at"]),
        ("scenario.yaml", "order: warn_by_loudspeaker", "order: wait", ["the rules would refuse 'push'", "only after a warning"]),
        ("scenario.yaml", "order: hold_door_with_agents", "order: gather", ["a seat of Kosovo Police cannot order 'gather'"]),
        ("scenario.yaml", "order: sit_down", "order: push", ["a seat of the crowd cannot order 'push'"]),
        ("mandate.yaml", "clause: M-PLAN\n    allowed: true", "clause: M-PLAN\n    allowed: false", ["no task 'disperse'"]),
        ("rules_of_engagement.yaml", "status: retained", "status: withheld", ["would refuse"]),
        ("zvecan_town_hall.yaml", "kp_vehicle", "police_car", ["the plan marks no vehicle"]),
    ],
)  # fmt: skip
def test_a_second_look(warnings, scenario_copy, file, old, new, parts):
    scenario_copy.edit(file, old, new, times=99 if old in ("kp_vehicle", "status: retained", "order: warn_by_loudspeaker") else 1)
    found = "\n".join(warnings(scenario_copy.folder))
    for part in parts:
        assert part in found


def test_agents_and_detentions_of_history_count_as_used_under_attack(warnings, scenario_copy):
    scenario_copy.edit("scenario.yaml", "order: halt_push", "order: send_detention_teams")
    assert len(warnings(scenario_copy.folder)) == 1


def test_caveats_of_all_contingents_refuse_a_line_of_history(warnings, scenario_copy):
    one = "contingent: moldova\n    authority: agents\n    held_by: chisinau"
    others = [("hungary", "budapest"), ("italy", "rome"), ("poland", "warsaw"), ("moldova", "chisinau")]
    text = (scenario_copy.folder / "rules_of_engagement.yaml").read_text("utf-8")
    assert one in text
    rows = "".join(
        f"  - {{id: ALL-{nation}, contingent: {nation}, order: push, held_by: {capital}, red_card_holder: an office, active: true,"
        " source: ours, grade: assumption}\n"
        for nation, capital in others
    )
    scenario_copy.edit("rules_of_engagement.yaml", "caveats:\n", "caveats:\n" + rows)
    assert any("caveats keep every contingent out of it" in line for line in warnings(scenario_copy.folder))


def test_a_wave_that_nobody_calls(warnings, scenario_copy):
    table = (SHIPPED / "doctrine" / "crowd_bargaining.yaml").read_text("utf-8")
    scenario_copy.write("doctrine/crowd_bargaining.yaml", table.replace("order: call_for_more", "order: wait"))
    found = [line for line in warnings(scenario_copy.folder) if "crowd.arrivals.2.on_order" in line]
    assert found == []  # the history line still calls
    scenario_copy.edit("scenario.yaml", 'at: "14:05", order: call_for_more', 'at: "14:05", order: wait')
    found = [line for line in warnings(scenario_copy.folder) if "crowd.arrivals.2.on_order" in line]
    assert "waits for call_for_more, which no doctrine and no history" in found[0]


def test_a_delegated_means_that_the_doctrine_uses_is_no_matter(warnings, scenario_copy):
    table = (SHIPPED / "doctrine" / "kosovo_police_hold_building.yaml").read_text("utf-8")
    when = "when: {vehicles_stuck: true}, order: extract_vehicles"
    row = f"  - {{name: out with the cars, {when}, because: ours, source: ours, grade: assumption}}\n"
    scenario_copy.write("doctrine/kosovo_police_hold_building.yaml", table + row)
    assert warnings(scenario_copy.folder) == []
