"""Bad input: every complaint says what, where and what to do; exit 2, no traceback, nothing left behind."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

import pytest

from sim.foundations.documents import Document, read_document
from sim.scenario.problems import MOST_SECTIONS
from sim.scenario.shipped import SHIPPED

SCENARIO, COMMAND, MANDATE, RULES, PLAN = (
    "scenario.yaml",
    "command.yaml",
    "mandate.yaml",
    "rules_of_engagement.yaml",
    "zvecan_town_hall.yaml",
)
PLACED = re.compile(r"error: copy/[\w/]+\.yaml(:\d+)?(:[^:]+)?: .+")
PARSED: dict[tuple[str, bytes], Document] = {}


@pytest.fixture(autouse=True)
def _unspoilt_parts_are_parsed_once(monkeypatch):
    """Parsing is most of what a test here takes, and nearly every test leaves mandate, rules and command as they are."""

    def quick(path, root=None):
        try:
            key = (str(path.relative_to(root)), path.read_bytes())
        except (OSError, ValueError):
            return read_document(path, root)
        if key not in PARSED:
            PARSED[key] = read_document(path, root)
        return PARSED[key]

    monkeypatch.setattr("sim.doctrine.framework.read_document", quick)


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


EDITS = {
    "wrong type": (SCENARIO, "cordon_steps: 3", "cordon_steps: three", [":site.cordon_steps", "valid integer", "'three'"]),
    "a list for a text": (SCENARIO, "community: Serb", "community: [Serb]", [":crowd.community", "valid string"]),
    "a word for a block": (SCENARIO, "dusk: {", "dusk: late\nother: {", [":dusk: must hold fields", "'late'"]),
    "unknown key": (SCENARIO, "summary: >-", "sumary: >-", [":sumary: unknown key; did you mean 'summary'?"]),
    "unknown key deep down": (SCENARIO, "spread_min: {low: 60", "spread_min: {lwo: 60", ["lwo: unknown key; did you mean 'low'?"]),
    "missing key": (SCENARIO, "base_tick_s: 15", "", [":base_tick_s: is missing; add it"]),
    "unknown format": (SCENARIO, "format: 1", "format: 2", [":format", "found 2"]),
    "name that is a path": (SCENARIO, "name: may_2023_zvecan", "name: ../../etc", [":name", "pattern"]),
    "plan that is a path": (SCENARIO, "plan: zvecan_town_hall.yaml", "plan: ../copy/zvecan_town_hall.yaml", [":site.plan", "plain name"]),
    "plan of another kind": (SCENARIO, "plan: zvecan_town_hall.yaml", "plan: plan.txt", [":site.plan", ".yaml file"]),
    "plan that is not there": (SCENARIO, "plan: zvecan_town_hall.yaml", "plan: other.yaml", ["copy/other.yaml: there is no such file"]),
    "unknown place": (SCENARIO, "place: zvecan", "place: zvecn", [":site.place", "did you mean 'zvecan'?"]),
    "unknown mark": (SCENARIO, "door: door", "door: dor", [":site.door: the plan has no mark 'dor'; did you mean 'door'?"]),
    "cordon beyond the plan": (SCENARIO, "cordon_steps: 3", "cordon_steps: 31", [":site.cordon_steps", "30"]),
    "end before start": (SCENARIO, 'end: "2023-05-29 22:00"', 'end: "2023-05-29 05:00"', ["end must be after start"]),
    "end at start": (SCENARIO, 'end: "2023-05-29 22:00"', 'end: "2023-05-29 06:00"', ["end must be after start"]),
    "a run of a month": (SCENARIO, 'end: "2023-05-29 22:00"', 'end: "2023-06-29 22:00"', ["within 48 hours"]),
    "no such day": (SCENARIO, 'start: "2023-05-29 06:00"', 'start: "2023-02-30 06:00"', [":start", "no local time of the form"]),
    "a number for a day": (SCENARIO, 'start: "2023-05-29 06:00"', "start: 20230529", [":start", "no local time of the form"]),
    "tick of 0": (SCENARIO, "base_tick_s: 15", "base_tick_s: 0", [":base_tick_s", "greater than or equal to 1", "found 0"]),
    "tick below 0": (SCENARIO, "base_tick_s: 15", "base_tick_s: -15", [":base_tick_s", "found -15"]),
    "tick of next to nothing": (SCENARIO, "base_tick_s: 15", "base_tick_s: 1e-300", [":base_tick_s", "greater than or equal to 1"]),
    "tick that is not a number": (SCENARIO, "base_tick_s: 15", "base_tick_s: .nan", [":base_tick_s: '.nan' is not a finite number"]),
    "endless tick": (SCENARIO, "base_tick_s: 15", "base_tick_s: .inf", [":base_tick_s: '.inf' is not a finite number"]),
    "time that is none": (SCENARIO, 'at: "08:30"', 'at: "25:30"', [":events.0.at", "'25:30' is not a time of day"]),
    "event before the run": (SCENARIO, 'at: "08:30"', 'at: "05:59"', [":events.0.at: 05:59 lies before the run"]),
    "wave before the run": (SCENARIO, 'begins: "07:00"', 'begins: "00:00"', [":crowd.arrivals.0.begins: 00:00 lies before the run"]),
    "unknown event": (SCENARIO, "kind: staff_at_door", "kind: staff", [":events.0.kind", "'staff_at_door'"]),
    "event twice": (SCENARIO, "id: stuck", "id: staff", [":events.1.id: 'staff' stands twice"]),
    "wave twice": (SCENARIO, "id: late_morning", "id: morning", [":crowd.arrivals.1.id: 'morning' stands twice"]),
    "wave with two starts": (SCENARIO, 'begins: "07:00"', 'begins: "07:00"\n      on_order: call_for_more', [":crowd.arrivals.0", "not both"]),
    "wave without a start": (SCENARIO, "on_order: call_for_more", "", [":crowd.arrivals.2", "needs either begins"]),
    "wave on an order that brings nobody": (SCENARIO, "on_order: call_for_more", "on_order: push", [":crowd.arrivals.2.on_order: push sets off no wave; known: call_for_more"]),
    "fewer than no people": (SCENARIO, "persons: {low: 200", "persons: {low: -200", [":crowd.arrivals.0.persons.low", "found -200"]),
    "span upside down": (SCENARIO, "{low: 200, central: 300", "{low: 400, central: 300", ["needs low <= central <= high"]),
    "people without end": (SCENARIO, "high: 400}", "high: 1e308}", [":crowd", "brings up to 1e+308 persons; at most 50000"]),
    "a million million people": (SCENARIO, "high: 400}", "high: 1000000000000}", [":crowd", "brings up to 1e+12 persons"]),
    "more digits than a word": (SCENARIO, "high: 400}", f"high: {10**30}}}", ["is not a finite number"]),
    "endless arrival": (SCENARIO, "spread_min: {low: 60, central: 120, high: 180}", "spread_min: {low: 0, central: 1, high: 1e300}", ["spread_min is longer than a run can be"]),
    "prepared group backwards": (SCENARIO, 'acts_until: "19:00"', 'acts_until: "09:00"', [":crowd.prepared_group.acts_until", "before acts_from"]),
    "number without source": (SCENARIO, ', source: "no record of the wind"', "", [":site.wind.source: is missing; add it"]),
    "number with an empty source": (SCENARIO, 'source: "no record of the wind"', 'source: ""', [":site.wind.source", "at least 1 character"]),
    "unknown grade": (SCENARIO, 'source: "no record of the wind", grade: assumption', 'source: "ours", grade: D', [":site.wind.grade", "'assumption'"]),
    "switch with an unknown account": (SCENARIO, "value: push_came_first", "value: who_knows", [":switches.first_to_use_force_in_the_evening", "'who_knows' is none of the accounts: push_came_first"]),
    "no seats": (SCENARIO, "\nseats:\n", "\nseats: {}\nothers:\n", [":seats", "at least 1 item"]),
    "seat with a strange name": (SCENARIO, "  kosovo_police:\n", "  Kosovo Police:\n", [":seats.Kosovo Police", "pattern"]),
    "seat of a prepared group": (SCENARIO, "  crowd_leadership:\n", "  prepared_group:\n", [":seats.prepared_group", "call the seat otherwise"]),
    "unknown organisation": (SCENARIO, "organisation: crowd", "organisation: mob", [":seats.crowd_leadership.organisation", "'crowd'"]),
    "unknown order": (SCENARIO, "order: open_talks", "order: open_talk", [":seats.kfor_on_scene.history.1.order", "'open_talks'", "found 'open_talk'"]),
    "selectivity above 1": (SCENARIO, "selectivity: 1.0", "selectivity: 1.1", ["less than or equal to 1", "found 1.1"]),
    "responder without headquarters": (SCENARIO, "    headquarters: kfor_zvecan\n", "", [":seats.kfor_on_scene.headquarters: is missing: a seat of KFOR stands for a headquarters", "kfor_zvecan"]),
    "unknown headquarters": (SCENARIO, "headquarters: kfor_zvecan", "headquarters: kfor_zvecn", ["there is no headquarters 'kfor_zvecn'; did you mean 'kfor_zvecan'?"]),
    "headquarters of others": (SCENARIO, "headquarters: kfor_zvecan", "headquarters: kp_zvecan", ["'kp_zvecan' belongs to Kosovo Police, and the seat is of KFOR", "did you mean 'kfor_zvecan'?"]),
    "crowd with headquarters": (SCENARIO, "    doctrine: crowd_bargaining", "    headquarters: rc_east\n    doctrine: crowd_bargaining", ["'rc_east' belongs to KFOR", "remove the line"]),
    "unknown doctrine": (SCENARIO, "doctrine: kfor_counterbalancing", "doctrine: kfor_counterbalance", [":seats.kfor_on_scene.doctrine: there is no doctrine 'kfor_counterbalance'; did you mean 'kfor_counterbalancing'?"]),
    "doctrine that is a path": (SCENARIO, "doctrine: kfor_counterbalancing", "doctrine: ../doctrine/kfor_counterbalancing", ["there is no doctrine '../doctrine"]),
    "doctrine of others": (SCENARIO, "doctrine: kfor_counterbalancing", "doctrine: crowd_bargaining", ["is a doctrine for the crowd, and the seat is of KFOR"]),
    "unknown parameter": (SCENARIO, "\nseats:\n", "\nparameters:\n  view: {value: 3, source: ours, grade: C}\nseats:\n", [":parameters.view: unknown parameter; did you mean 'view_m'?"]),
    "parameter out of bounds": (SCENARIO, "\nseats:\n", "\nparameters:\n  view_m: {value: 1e9, source: ours, grade: C}\nseats:\n", [":parameters.view_m.value", "lies outside 5 to 100 m"]),
    "parameter without source": (SCENARIO, "\nseats:\n", "\nparameters:\n  view_m: {value: 30}\nseats:\n", [":parameters.view_m.source: is missing"]),
    "unknown form of a rule": (SCENARIO, "\nseats:\n", "\nparameters:\n  ratio_form: {value: odd, source: ours, grade: C}\nseats:\n", ["is no form of ratio_form; forms: RAW"]),
    "negative strength": (COMMAND, "persons_per_section: 10", "persons_per_section: -10", [":units.0.persons_per_section", "found -10"]),
    "no sections": (COMMAND, "sections: 10", "sections: 0", [":units.0.sections", "found 0"]),
    "strength outside its span": (COMMAND, "sections: 10", "sections: 13", [":units.0.sections", "130 persons", "outside 80 to 120"]),
    "unit without a place": (COMMAND, "    base: novo_selo\n", "", [":units.0.base: is missing; add it"]),
    "unit at an unknown place": (COMMAND, "base: novo_selo", "base: novo_sel", [":units.0.base: there is no place 'novo_sel'; did you mean 'novo_selo'?"]),
    "unit with an unknown post": (COMMAND, "post: outer_cordon", "post: moon", [":units.0.post", "'outer_cordon'"]),
    "unit of an unknown contingent": (COMMAND, "contingent: hungary", "contingent: hungry", ["there is no contingent 'hungry'; did you mean 'hungary'?"]),
    "unit under another chain": (COMMAND, "parent: ktrbn", "parent: kp_director", ["nobody commands across chains"]),
    "headquarters in a circle": (COMMAND, "level: political\n", "level: political\n    superior: rc_east\n", ["the chain above 'nato_council' runs in a circle", "let one have no superior"]),
    "headquarters above itself": (COMMAND, "level: political\n", "level: political\n    superior: nato_council\n", ["the chain above 'nato_council' runs in a circle"]),
    "headquarters under another chain": (COMMAND, "superior: kp_director", "superior: saceur", ["nobody commands across chains"]),
    "headquarters twice": (COMMAND, "id: rc_west", "id: rc_east", ["'rc_east' stands twice"]),
    "pressure above 1": (COMMAND, "pressure: {value: 0.8", "pressure: {value: 1.8", [":governments.0.pressure.value", "found 1.8"]),
    "unknown clause": (MANDATE, "clause: M-PLAN", "clause: M-PLAM", ["there is no clause 'M-PLAM'; did you mean 'M-PLAN'?"]),
    "unknown task": (MANDATE, "task: disperse", "task: disprse", [":tasks.1.task", "'disperse'"]),
    "unknown approval holder": (MANDATE, "approval_holder: kfor_commander", "approval_holder: kfor_comander", ["there is no headquarters 'kfor_comander'; did you mean 'kfor_commander'?"]),
    "constraint above 1": (MANDATE, "political_constraint:\n  value: 0.5", "political_constraint:\n  value: 5", [":political_constraint.value", "found 5"]),
    "authority nobody holds": (RULES, "holder: jfc_naples", "holder: saceur", ["'saceur' does not hold search"]),
    "caveat of an unknown contingent": (RULES, "contingent: moldova", "contingent: moldava", [":caveats.0.contingent: there is no contingent 'moldava'; did you mean 'moldova'?"]),
    "caveat of another capital": (RULES, "held_by: chisinau", "held_by: rome", ["'rome' is not the capital of moldova"]),
    "order under the wrong authority": (RULES, "orders: [push]", "orders: [use_agents]", ["use_agents uses agents, not shields_and_batons"]),
    "explicitness that is a word": (RULES, "explicitness:\n  value: 0.3", "explicitness:\n  value: high", [":explicitness.value", "valid number", "'high'"]),
    "ragged plan": (PLAN, "BBBBBBBBBBBB..BBBBB###", "BBBBBBBBBBB..BBBBB###", [":rows", "has 55 cells, row 0 has 56", "make all rows equally long"]),
    "unknown letter in a plan": (PLAN, "sssVV", "sssXV", [":rows", "the unknown letter 'X'"]),
    "plan without a door": (PLAN, "BDDB", "BBBB", [":rows: has no door ('D')"]),
    "mark in a wall": (PLAN, "crowd_centre: [16, 27]", "crowd_centre: [0, 0]", [":marks.crowd_centre", "is in a building"]),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "parts"), EDITS.values(), ids=EDITS)
def test_a_spoilt_scenario_is_refused(refused_scenario, scenario_copy, file, old, new, parts):
    scenario_copy.edit(file, old, new)
    complaints = refused_scenario()
    for part in parts:
        assert part in complaints


CONTENTS = {
    "empty": (b"", "is empty"),
    "only comments": (b"# nothing\n", "is empty"),
    "a word": (b"hello\n", "must hold fields"),
    "a list": (b"- 1\n- 2\n", "must hold fields"),
    "binary": (bytes(range(256)), "is not UTF-8 text"),
    "null bytes": (b"format: 1\nname: \0\n", "holds a control character"),
    "broken": (b"format: [1\n", "is not valid YAML"),
    "tabs": (b"format:\n\t- 1\n", "is not valid YAML"),
    "a tag": (b"format: !!python/object/apply:os.system ['true']\n", "tags are not allowed"),
    "an anchor": (b"format: &one 1\nname: *one\n", "anchors and aliases are not allowed"),
    "a bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "anchors and aliases are not allowed"),
    "a merge": (b"a: {b: 1}\n<<: {format: 1}\n", "unknown key"),
    "a key twice": (b"format: 1\nname: a\nformat: 1\n", ":3:format: stands twice"),
    "deep": (b"[" * 5_000, "nested deeper than 30 levels"),
    "deep mappings": (b"".join(b" " * depth + b"a:\n" for depth in range(200)), "nested deeper than 30 levels"),
    "two documents": (b"format: 1\n---\nformat: 1\n", "is not valid YAML"),
    "another version": (b"%YAML 1.1\n---\nformat: 1\n", "another version than YAML 1.2"),
    "huge": (b"# " + b"x" * 1_100_000, "is larger than 1 MiB"),
}


@pytest.mark.parametrize(("content", "part"), CONTENTS.values(), ids=CONTENTS)
def test_a_file_that_holds_something_else_is_refused(refused_scenario, scenario_copy, content, part):
    scenario_copy.write(SCENARIO, content)
    assert part in refused_scenario()


@pytest.mark.parametrize("file", [COMMAND, MANDATE, RULES, PLAN])
def test_a_missing_file_is_named(refused_scenario, scenario_copy, file):
    (scenario_copy.folder / file).unlink()
    assert f"copy/{file}: there is no such file; check the name" in refused_scenario()


@pytest.mark.parametrize("file", [COMMAND, PLAN])
def test_a_folder_in_the_place_of_a_file_is_named(refused_scenario, scenario_copy, file):
    (scenario_copy.folder / file).unlink()
    (scenario_copy.folder / file).mkdir()
    assert f"copy/{file}: is a folder, not a file" in refused_scenario()


@pytest.mark.parametrize("file", [COMMAND, PLAN])
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
    scenario_copy.edit(SCENARIO, 'end: "2023-05-29 22:00"', 'end: "2023-05-29 07:00"')
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
    assert ":units.0.base: cannot reach zvecan" in complaints
    assert footpaths_only in complaints


def _places_without_roads() -> str:
    """Return a shipped place to which no road leads."""
    from sim.scenario.loader import shipped_theatre

    theatre = shipped_theatre()
    reached = {place for route in theatre.routes.values() if route.kind == "road" for place in route.between}
    return next(iter(sorted(theatre.places.keys() - reached)))


def test_more_sections_than_can_be_played_are_refused(refused_scenario, scenario_copy):
    scenario_copy.edit(COMMAND, "sections: 10", f"sections: {MOST_SECTIONS}")
    scenario_copy.edit(COMMAND, "persons: {low: 80, central: 100, high: 120}", "persons: {low: 80, central: 100, high: 1000000}")
    assert f":units: hold {MOST_SECTIONS + 53} sections; at most {MOST_SECTIONS} can be played" in refused_scenario()


def test_a_plan_without_a_door_cannot_be_defended(refused_scenario, scenario_copy):
    scenario_copy.edit(PLAN, "BDDB", "BBBB").edit(PLAN, "needs_door: true", "needs_door: false").edit(
        PLAN, "door: [8, 27]", "door: [9, 27]"
    )
    assert ":site.plan: the plan has no door ('D')" in refused_scenario()


def test_units_of_ksf_wait_nearby(refused_scenario, scenario_copy):
    headquarters = "  - {id: ksf, name: KSF, organisation: ksf, level: force, working_delay_min: {low: 1, central: 2, high: 3}, source: ours, grade: C}\n"
    scenario_copy.edit(COMMAND, "headquarters:\n", "headquarters:\n" + headquarters)
    scenario_copy.edit(COMMAND, "organisation: eulex\n    kind: police_unit", "organisation: ksf\n    kind: police_unit")
    scenario_copy.edit(COMMAND, "parent: eulex_fpu", "parent: ksf")
    text = (scenario_copy.folder / COMMAND).read_text("utf-8")
    before, post, after = text.rpartition("post: nearby")
    scenario_copy.write(COMMAND, before + "post: door" + after)
    assert post
    assert ".post: units of KSF cannot stand at a site" in refused_scenario()


def test_all_problems_of_a_scenario_come_at_once(refused_scenario, scenario_copy):
    scenario_copy.edit(SCENARIO, "place: zvecan", "place: zvecn").edit(SCENARIO, "id: stuck", "id: staff")
    scenario_copy.edit(SCENARIO, 'begins: "07:00"', 'begins: "01:00"').edit(COMMAND, "base: novo_selo", "base: nowhere")
    assert len(refused_scenario().splitlines()) == 4


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "/", "may_2023_zvecan/../../sim", "no_such", "\0", "x" * 300, "parameters"])
def test_a_name_that_is_no_scenario_is_refused(refused, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    refused("run", name, "--out", tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_name_gets_the_nearest(refused):
    assert "there is no such scenario, and no such folder; did you mean 'may_2023_zvecan'?" in refused("run", "may_2023_zvecn")


def test_a_full_folder_is_not_overwritten(refused, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert "exists and is not empty; name a new folder" in refused("run", "may_2023_zvecan", "--out", tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_file_is_not_overwritten(refused, tmp_path):
    (tmp_path / "run").write_text("mine")
    assert "exists and is not empty" in refused("run", "may_2023_zvecan", "--out", tmp_path / "run")
    assert (tmp_path / "run").read_text() == "mine"


def test_a_folder_below_a_file_cannot_be_made(refused, tmp_path):
    (tmp_path / "file").write_text("mine")
    assert "cannot be written below" in refused("run", "may_2023_zvecan", "--out", tmp_path / "file" / "run")


def test_a_folder_that_may_not_be_written_is_refused(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "name a folder that you may write" in refused("run", "may_2023_zvecan", "--out", tmp_path / "run")


@pytest.mark.parametrize("name", ["loop", "loop/run"])
def test_a_link_that_leads_nowhere_is_refused(refused, tmp_path, name):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "is a link that leads nowhere" in refused("run", "may_2023_zvecan", "--out", tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


def test_a_name_that_no_disk_takes_is_refused(refused, tmp_path):
    assert "--out" in refused("run", "may_2023_zvecan", "--out", tmp_path / ("x" * 300))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full_disk(monkeypatch):
    def full(*arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.savez_compressed", full)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("name", ["run", "a/b/run"])
def test_a_full_disk_leaves_nothing_behind(refused, scenario_copy, tmp_path, name):
    scenario_copy.edit(SCENARIO, 'end: "2023-05-29 22:00"', 'end: "2023-05-29 06:30"')
    complaints = refused("run", scenario_copy.folder, "--out", tmp_path / name)
    assert "the record cannot be written" in complaints
    assert "No space left on device" in complaints
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_what_is_written_can_be_read_by_others(kforsim, scenario_copy, tmp_path):
    scenario_copy.edit(SCENARIO, 'end: "2023-05-29 22:00"', 'end: "2023-05-29 06:30"')
    kforsim("run", scenario_copy.folder, "--out", tmp_path / "run")
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) & 0o755 == 0o755
