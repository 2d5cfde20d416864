"""Bad input: every complaint says what, where and what to do; exit 2, no traceback, nothing left behind."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from copies import PART, WHOLE

from sim.doctrine.command import load_command
from sim.foundations.documents import read_document
from sim.geography.site_plan import Ground
from sim.scenario.loader import load_scenario
from sim.scenario.problems import MOST_SECTIONS
from sim.scenario.shipped import SHIPPED

SCENARIO, COMMAND, MANDATE, RULES, CONCESSIONS, DAY, PLAN = (
    "scenario.yaml",
    "command.yaml",
    "mandate.yaml",
    "rules_of_engagement.yaml",
    "concessions.yaml",
    "may_29.yaml",
    "zvecan_town_hall.yaml",
)
PLACED = re.compile(r"error: (copy|part|night|may_2023)/[\w/]+\.yaml(:\d+)?(:[^:]+)?: .+")

pytestmark = pytest.mark.usefixtures("parsed_once")


@pytest.fixture
def refused_scenario(refused, scenario_copy, tmp_path):
    """Run a spoilt copy with an output folder; return the complaints, each of which stands at a place in a file."""

    def call() -> str:
        complaints = refused("run", scenario_copy.folder, "--out", tmp_path / "out" / "run")
        for line in complaints.splitlines():
            assert PLACED.fullmatch(line), line
        assert {path.name for path in tmp_path.iterdir()} == {"copy"}
        return complaints

    return call


@pytest.fixture
def refused_part(refused, part_copy, tmp_path):
    """Run a spoilt copy of the part; return the complaints, each of which stands at a place in its file."""

    def call() -> str:
        complaints = refused("run", part_copy.folder, "--out", tmp_path / "out" / "run")
        for line in complaints.splitlines():
            assert PLACED.fullmatch(line), line
        assert not (tmp_path / "out").exists()
        return complaints

    return call


def _cases(name: str) -> dict[str, dict]:
    found: dict[str, dict] = read_document(Path(__file__).with_name(f"{name}.yaml")).value
    return found


SPOILT = {**_cases("spoilt_scenarios"), **_cases("spoilt_frameworks")}
SPOILT_PARTS = _cases("spoilt_parts")
SPOILT_ARMED = _cases("spoilt_armed")


@pytest.mark.parametrize("case", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_scenario_is_refused(refused_scenario, scenario_copy, case):
    scenario_copy.edit(case["file"], case["old"], case["new"])
    complaints = refused_scenario()
    for part in case["told"]:
        assert part in complaints


@pytest.mark.parametrize("case", SPOILT_PARTS.values(), ids=SPOILT_PARTS)
def test_a_spoilt_part_is_refused(refused_part, part_copy, case):
    part_copy.edit(SCENARIO, case["old"], case["new"])
    complaints = refused_part()
    for part in case["told"]:
        assert part in complaints


@pytest.mark.parametrize("case", SPOILT_ARMED.values(), ids=SPOILT_ARMED)
def test_a_spoilt_armed_night_is_refused(refused, night_copy, tmp_path, case):
    night_copy.edit(case["file"], case["old"], case["new"])
    complaints = refused("run", night_copy.folder, "--out", tmp_path / "out" / "run")
    for line in complaints.splitlines():
        assert PLACED.fullmatch(line), line
    assert not (tmp_path / "out").exists()
    for part in case["told"]:
        assert part in complaints


def test_a_part_has_the_complaints_of_its_whole(refused_part, scenario_copy, tmp_path):
    scenario_copy.edit(DAY, "community: Serb", "comunity: Serb").folder.rename(tmp_path / WHOLE)
    complaints = refused_part()
    assert "error: may_2023/may_29.yaml:" in complaints
    assert ":crowds.zvecan.comunity: unknown key; did you mean 'community'?" in complaints


def test_a_part_of_a_scenario_that_is_a_part_beside_it_is_refused(refused_part, part_copy, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / SCENARIO).write_text(part_copy.text(SCENARIO), "utf-8")
    part_copy.edit(SCENARIO, "part_of: may_2023", "part_of: other")
    assert ":part_of: 'other' is itself a part of another scenario; name the whole, 'may_2023'" in refused_part()


CONTENTS = {
    "empty": (b"", "is empty"),
    "only comments": (b"# nothing\n", "is empty"),
    "a word": (b"hello\n", "must hold fields"),
    "a list": (b"- 1\n- 2\n", "must hold fields"),
    "binary": (bytes(range(256)), "is not UTF-8 text"),
    "null bytes": (b"format: 2\nname: \0\n", "holds a control character"),
    "broken": (b"format: [1\n", "is not valid YAML"),
    "tabs": (b"format:\n\t- 1\n", "is not valid YAML"),
    "a tag": (b"format: !!python/object/apply:os.system ['true']\n", "tags are not allowed"),
    "an anchor": (b"format: &one 1\nname: *one\n", "anchors and aliases are not allowed"),
    "a bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "anchors and aliases are not allowed"),
    "a merge": (b"a: {b: 1}\n<<: {format: 2}\n", "unknown key"),
    "a key twice": (b"format: 1\nname: a\nformat: 1\n", ":3:format: stands twice"),
    "deep": (b"[" * 5_000, "nested deeper than 30 levels"),
    "deep mappings": (b"".join(b" " * depth + b"a:\n" for depth in range(200)), "nested deeper than 30 levels"),
    "two documents": (b"format: 1\n---\nformat: 1\n", "is not valid YAML"),
    "another version": (b"%YAML 1.1\n---\nformat: 1\n", "another version than YAML 1.2"),
    "huge": (b"# " + b"x" * 1_100_000, "is larger than 1 MiB"),
}


@pytest.mark.parametrize("file", [SCENARIO, DAY])
@pytest.mark.parametrize(("content", "part"), CONTENTS.values(), ids=CONTENTS)
def test_a_file_that_holds_something_else_is_refused(refused_scenario, scenario_copy, content, part, file):
    scenario_copy.write(file, content)
    complaints = refused_scenario()
    assert part in complaints
    assert f"copy/{file}" in complaints


@pytest.mark.parametrize("file", [COMMAND, MANDATE, RULES, CONCESSIONS, DAY, PLAN])
def test_a_missing_file_is_named(refused_scenario, scenario_copy, file):
    (scenario_copy.folder / file).unlink()
    assert f"copy/{file}: there is no such file; check the name" in refused_scenario()


@pytest.mark.parametrize("file", [COMMAND, DAY, PLAN])
def test_a_folder_in_the_place_of_a_file_is_named(refused_scenario, scenario_copy, file):
    (scenario_copy.folder / file).unlink()
    (scenario_copy.folder / file).mkdir()
    assert f"copy/{file}: is a folder, not a file" in refused_scenario()


@pytest.mark.parametrize("file", [COMMAND, DAY, PLAN])
def test_a_link_to_itself_is_named(refused_scenario, scenario_copy, file):
    path = scenario_copy.folder / file
    path.unlink()
    path.symlink_to(path)
    assert f"copy/{file}: cannot be read" in refused_scenario()


def test_a_scenario_that_is_a_link_to_itself_is_refused(refused, scenario_copy):
    path = scenario_copy.folder / SCENARIO
    path.unlink()
    path.symlink_to(path)
    assert "holds no scenario.yaml" in refused("run", scenario_copy.folder)


def test_a_stray_link_in_the_folder_does_no_harm(kforsim, scenario_copy, tmp_path):
    (scenario_copy.folder / "stray.yaml").symlink_to(scenario_copy.folder / "stray.yaml")
    (scenario_copy.folder / "loop").symlink_to(scenario_copy.folder)
    scenario_copy.only("may_29").until("may_29", "06:30")
    assert kforsim("run", scenario_copy.folder, "--out", tmp_path / "run")[0] == 0
    assert kforsim("replay", tmp_path / "run")[0] == 0


def _unreadable(monkeypatch, name: str) -> None:
    read = Path.read_bytes

    def refuse(path):
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)


def test_a_file_that_may_not_be_read_is_named(refused_scenario, monkeypatch):
    _unreadable(monkeypatch, MANDATE)
    complaints = refused_scenario()
    assert "copy/mandate.yaml: cannot be read" in complaints
    assert "check the file and its permissions" in complaints


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_named(refused_scenario, scenario_copy):
    (scenario_copy.folder / MANDATE).chmod(0)
    assert "copy/mandate.yaml: cannot be read" in refused_scenario()


def test_a_doctrine_of_its_own_is_checked(refused_scenario, scenario_copy):
    text = (SHIPPED / "doctrine" / "kfor_counterbalancing.yaml").read_text("utf-8")
    scenario_copy.write("doctrine/kfor_counterbalancing.yaml", text.replace("never:", "nevr:").replace("ever: [push]", "ever: [puhs]"))
    assert "copy/doctrine/kfor_counterbalancing.yaml" in refused_scenario()


def test_a_place_that_no_road_reaches_is_refused(refused_scenario, scenario_copy):
    footpaths_only = _places_without_roads()
    scenario_copy.edit(COMMAND, "base: novo_selo", f"base: {footpaths_only}")
    complaints = refused_scenario()
    sites = "leposavic, north_mitrovica, zubin_potok, zvecan"
    told = f":units.0.base: no road leads from {footpaths_only} to {sites}, so 'hungarian_company' cannot be sent there; give it a base"
    assert told in complaints
    assert len(complaints.splitlines()) == 1


def test_a_reserve_that_cannot_reach_a_site_is_refused(refused_scenario, scenario_copy):
    before, unit, after = scenario_copy.text(COMMAND).partition("id: msu_platoon")
    scenario_copy.write(COMMAND, before + unit + after.replace("base: film_city", f"base: {_places_without_roads()}", 1))
    complaints = refused_scenario()
    assert re.search(r":units\.9\.base: no road leads from .* to leposavic, .*so 'msu_platoon' cannot be sent there", complaints)


def _places_without_roads() -> str:
    """Return a shipped place to which no road leads."""
    from sim.scenario.loader import shipped_theatre

    theatre = shipped_theatre()
    reached = {place for route in theatre.routes.values() if route.kind == "road" for place in route.between}
    return next(iter(sorted(theatre.places.keys() - reached)))


def test_more_sections_than_can_be_played_are_refused(refused_scenario, scenario_copy):
    others = sum(unit.sections for unit in load_command(scenario_copy.folder / COMMAND).units) - 10
    scenario_copy.edit(COMMAND, "sections: 10", f"sections: {MOST_SECTIONS}")
    scenario_copy.edit(COMMAND, "persons: {low: 80, central: 100, high: 120}", "persons: {low: 80, central: 100, high: 1000000}")
    assert f":units: hold {MOST_SECTIONS + others} sections; at most {MOST_SECTIONS} can be played" in refused_scenario()


def test_a_plan_without_a_door_is_defended_at_the_mark_that_its_site_names_and_needs_one(refused_scenario, scenario_copy):
    scenario_copy.edit(PLAN, "BDDB", "BBBB").edit(PLAN, "needs_door: true", "needs_door: false").edit(
        PLAN, "door: [8, 27]", "door: [9, 27]"
    )
    plan = load_scenario(scenario_copy.folder).plans["zvecan"]
    assert np.argwhere(plan.ground == Ground.DOOR).tolist() == [[9, 27]]
    scenario_copy.edit(PLAN, "door: [9, 27]", "gate: [9, 27]")
    assert ":sites.zvecan.door: the plan has no mark 'door'" in refused_scenario()


def test_units_of_ksf_can_stand_at_a_site(scenario_copy):
    delay = "working_delay_min: {low: 1, central: 2, high: 3}"
    headquarters = f"  - {{id: ksf, name: KSF, organisation: ksf, level: force, {delay}, source: ours, grade: C}}\n"
    scenario_copy.edit(COMMAND, "headquarters:\n", "headquarters:\n" + headquarters)
    scenario_copy.edit(COMMAND, "organisation: eulex\n    kind: police_unit", "organisation: ksf\n    kind: police_unit")
    scenario_copy.edit(COMMAND, "parent: eulex_fpu", "parent: ksf")
    scenario_copy.edit(DAY, "unit: kp_regulars_north_mitrovica", "unit: eulex_police_unit")
    deployed = {item.unit for day in load_scenario(scenario_copy.folder).days for item in day.file.deployments}
    assert "eulex_police_unit" in deployed


def test_all_problems_of_a_scenario_come_at_once(refused_scenario, scenario_copy):
    scenario_copy.edit(SCENARIO, "place: zvecan", "place: zvecn").edit(DAY, "id: stuck", "id: staff")
    scenario_copy.edit(DAY, 'begins: "07:00"', 'begins: "01:00"').edit(COMMAND, "base: novo_selo", "base: nowhere")
    scenario_copy.edit("may_31.yaml", "home: north_mitrovica", "home: nowhere").edit(CONCESSIONS, "pristina: {", "prishtina: {")
    assert len(refused_scenario().splitlines()) == 6


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "/", "may_2023/../../sim", "no_such", "\0", "x" * 300, "parameters"])
def test_a_name_that_is_no_scenario_is_refused(refused, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    refused("run", name, "--out", tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_name_gets_the_nearest(refused):
    assert "there is no such scenario, and no such folder; did you mean 'may_2023_zvecan'?" in refused("run", "may_2023_zvecn")


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        (["may_28"], ["--day may_28: may_2023 has no such day; did you mean 'may_29'?"]),
        (["may_29.yaml"], ["--day may_29.yaml: ", "did you mean 'may_29'?"]),
        (["2023-05-29"], ["--day 2023-05-29: ", "may_29"]),
        ([""], ["--day : may_2023 has no such day; known: may_26, may_29, may_31"]),
        (["may_26", "june_1", "july_1"], ["--day june_1: ", "--day july_1: "]),
    ],
)
def test_a_day_that_there_is_not_is_refused(refused, tmp_path, days, parts):
    named = [item for day in days for item in ("--day", day)]
    complaints = refused("run", WHOLE, *named, "--out", tmp_path / "run")
    for part in parts:
        assert part in complaints
    assert len(complaints.splitlines()) == len([day for day in days if day not in ("may_26",)])
    assert list(tmp_path.iterdir()) == []


def test_a_day_of_the_whole_is_none_of_the_parts(refused, tmp_path):
    told = "--day may_26: may_2023_zvecan has no such day; did you mean 'may_29'?"
    assert told in refused("run", PART, "--day", "may_26", "--out", tmp_path / "run")


def test_a_full_folder_is_not_overwritten(refused, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert "exists and is not empty; name a new folder" in refused("run", PART, "--out", tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_file_is_not_overwritten(refused, tmp_path):
    (tmp_path / "run").write_text("mine")
    assert "exists and is not empty" in refused("run", PART, "--out", tmp_path / "run")
    assert (tmp_path / "run").read_text() == "mine"


def test_a_folder_below_a_file_cannot_be_made(refused, tmp_path):
    (tmp_path / "file").write_text("mine")
    assert "cannot be written below" in refused("run", PART, "--out", tmp_path / "file" / "run")


def test_a_folder_that_may_not_be_written_is_refused(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "name a folder that you may write" in refused("run", PART, "--out", tmp_path / "run")


@pytest.mark.parametrize("name", ["loop", "loop/run"])
def test_a_link_that_leads_nowhere_is_refused(refused, tmp_path, name):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "is a link that leads nowhere" in refused("run", PART, "--out", tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


def test_a_name_that_no_disk_takes_is_refused(refused, tmp_path):
    assert "--out" in refused("run", PART, "--out", tmp_path / ("x" * 300))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full_disk(monkeypatch):
    def full(*arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.savez_compressed", full)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("name", ["run", "a/b/run"])
def test_a_full_disk_leaves_nothing_behind(refused, scenario_copy, tmp_path, name):
    scenario_copy.only("may_29").until("may_29", "06:30")
    complaints = refused("run", scenario_copy.folder, "--out", tmp_path / name)
    assert "the record cannot be written" in complaints
    assert "No space left on device" in complaints
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_what_is_written_can_be_read_by_others(kforsim, scenario_copy, tmp_path):
    scenario_copy.only("may_29").until("may_29", "06:30")
    kforsim("run", scenario_copy.folder, "--out", tmp_path / "run")
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) & 0o755 == 0o755


@pytest.mark.parametrize("command", ["validate", "calibrate", "accounts", "orderings"])
def test_a_study_of_days_refuses_a_campaign_and_says_who_takes_one(refused, command):
    told = refused(command, "campaign_2023")
    assert "error: campaign_2023: is a campaign, which has weeks and no days; name a scenario" in told
