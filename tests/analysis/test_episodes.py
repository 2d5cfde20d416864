"""Episodes: a folder never seen is put to the model by being written, its inputs drawn apart from parameters, and no parameter touched.

The episode in ``tests/episodes`` is invented.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.episode_sets import sets_for
from analysis.validate import as_data, validate
from analysis.validate_command import command
from analysis.validation_page import as_html, as_markdown
from sim.api import Case, InputError, configured, load, new_model, run, run_case
from sim.scenario.episode_inputs import drawn_inputs
from sim.scenario.episode_schema import AIM_DOCTRINES, Aim, EpisodeInput
from sim.scenario.shipped import shipped_doctrines

SHIPPED_EPISODE = Path(__file__).parents[1] / "episodes" / "march_on_a_bridge"


@pytest.fixture
def episode(tmp_path):
    """A copy of the invented episode outside the repository, that a test may spoil."""
    return Path(shutil.copytree(SHIPPED_EPISODE, tmp_path / "march_on_a_bridge"))


def _edit(folder, old, new, file="scenario.yaml"):
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def _complaint(act) -> str:
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


# what an episode may say


def test_an_episode_stands_on_another_scenarios_framework_a_template_and_units_of_its_own(episode):
    found = load(episode)
    unit = next(item for item in found.framework.command.units if item.id == "un_police")
    assert (unit.organisation, unit.kind, unit.strength) == ("eulex", "police_unit", 60)
    assert found.plans["bridge"].cells_of(4).size == 1  # what is kept from the crowd stands where the template marks it
    assert found.framework.mandate == load("may_2023").framework.mandate


def test_every_aim_is_a_doctrine_of_a_crowd_and_the_seat_plays_it(episode):
    assert set(AIM_DOCTRINES) == set(Aim)
    assert set(AIM_DOCTRINES.values()) <= set(shipped_doctrines())
    assert load(episode).days[0].doctrines["crowd_bridge"].doctrine == "crowd_marches"
    changed = configured(load(episode), {"input.aim": "hold"})
    assert changed.days[0].doctrines["crowd_bridge"].doctrine == "crowd_holds_ground"


def test_an_input_that_is_set_stands_in_every_field_that_it_moves(episode):
    found = configured(load(episode), {"input.size": "2", "input.warning_min": "60", "input.comes_later_min": "30", "input.rain": "14:20"})
    day = found.days[0].file
    assert [wave.persons.central for wave in day.crowds["bridge"].arrivals] == [600, 200]
    assert [wave.begins for wave in day.crowds["bridge"].arrivals] == ["13:30", "14:00"]
    assert next(item.arrives for item in day.deployments if item.unit == "un_police") == "12:30"
    assert day.rain[0].begins == "14:20"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"input.nothing": "1"}, "states no input"),
        ({"input.size": "many"}, "many"),
        ({"input.rain": "25:61"}, "not a time of day"),
        ({"episode.draw": "-1"}, "no number of a draw"),
        ({"input.aim": "win"}, "hold"),
    ],
)
def test_an_input_that_cannot_be_is_refused_by_name(episode, setting, words):
    told = _complaint(lambda: configured(load(episode), setting))
    assert next(iter(setting)) in told
    assert words in told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sets: [units/un_police/sections]", "sets: [units/un_polcie/sections]", "un_police"),
        ("sets: [saturday/rain/0/begins]", "sets: [sunday/rain/0/begins]", "saturday"),
        ("among: [march_to, hold]", "among: [march_to, conquer]", "conquer"),
        ("sets: [seat.kfor_bridge]", "sets: [seat.kfor_brigde]", "kfor_bridge"),
        ("low: 0.5, high: 2", "low: 3, high: 5", "low <= value <= high"),
        ("framework_of: may_2023", "framework_of: may_2032", "may_2023"),
        ("parent: eulex_fpu", "parent: eulex_fup", "eulex_fpu"),
    ],
)
def test_a_wrong_episode_is_refused_with_its_line_before_anybody_plays(episode, old, new, words):
    _edit(episode, old, new)
    told = _complaint(lambda: load(episode))
    assert words in told
    assert "scenario.yaml:" in told or "framework_of" in old


def test_a_crowd_of_a_community_that_is_not_described_is_refused(episode):
    _edit(episode, "community: Albanian", "community: Albanain", "saturday.yaml")
    assert "Albanian" in _complaint(lambda: load(episode))


# how inputs are drawn


def test_inputs_lie_in_their_ranges_and_fill_them():
    item = EpisodeInput(value="11:00", low="10:00", high="13:00", sets=("a/b",), source="s", grade="A")
    assert [item.at(share) for share in (0.0, 1.0)] == ["10:00", "13:00"]
    words = EpisodeInput(value="hold", among=("hold", "block"), sets=("a/b",), source="s", grade="A")
    assert Counter(words.at(place / 10) for place in range(10)) == {"hold": 5, "block": 5}
    below = EpisodeInput(value=0.0, low=-60.0, high=90.0, later=("a/b",), source="s", grade="A")
    assert [float(below.at(share)) for share in (0.0, 0.4, 1.0)] == pytest.approx([-60, 0, 90])


def test_inputs_are_drawn_by_seed_and_never_by_parameter_or_policy(episode):
    found = load(episode)
    draws = [drawn_inputs(found, seed) for seed in range(200)]
    assert len({draw["input.comes_later_min"] for draw in draws}) > 190
    assert {draw["input.aim"] for draw in draws} == {"march_to", "hold"}
    other = configured(found, {"crowd.following_per_min": "0.01", "seat.kfor_bridge": "kfor_restrained"})
    assert drawn_inputs(other, 7) == draws[7]
    assert "input.size" not in drawn_inputs(configured(found, {"input.size": "1"}), 7)


def test_a_draw_that_is_asked_for_holds_for_every_seed(episode):
    found = configured(load(episode), {"episode.draw": "5"})
    assert drawn_inputs(found, 1) == drawn_inputs(found, 2) == drawn_inputs(load(episode), 5)
    waves = [[wave.end_row for wave in _started(found, seed)] for seed in (1, 2)]
    sizes = [[wave.end_row for wave in _started(load(episode), seed)] for seed in (1, 2)]
    assert sizes[0] != sizes[1]
    assert waves[0] != waves[1], "turnout is chance, and is not fixed by the draw"


def _started(scenario, seed):
    model = new_model(scenario, seed)
    model.step()
    return model.world.sites["bridge"].waves


def test_the_draw_of_a_runs_own_seed_changes_nothing():
    plain, asked = (run_case(Case("may_2023_zvecan", 3, days=(), settings=settings)) for settings in ({}, {"episode.draw": "3"}))
    assert plain.outcomes == asked.outcomes


def test_a_run_keeps_what_it_drew_and_a_unit_leaves_at_its_hour(episode):
    finished = run(load(episode), 3)
    settings = finished.world.scenario.settings
    assert settings.keys() == {f"input.{name}" for name in load(episode).inputs}
    again = run(configured(load(episode), settings), 3)
    assert again.digest == finished.digest
    assert {entry["unit"] for entry in finished.world.record.entries if entry.get("what") == "recalled"} == {"bridge_company"}


def test_a_community_that_trusts_a_force_has_people_who_do(episode):
    trusting = _legitimacy(episode)
    _edit(episode, "kfor: {low: 0.5, central: 0.65, high: 0.8}", "kfor: {low: 0.05, central: 0.1, high: 0.15}")
    assert trusting > _legitimacy(episode) + 0.2


def _legitimacy(folder):
    model = new_model(load(folder), 1)
    model.step()
    return float(model.world.sites["bridge"].state.people["legitimacy_kfor"].mean())


def test_a_crowd_of_twelve_thousand_takes_its_places(episode):
    _edit(episode, "persons: {low: 200, central: 300, high: 400}", "persons: 12000, counted: true", "saturday.yaml")
    found = configured(load(episode), {"input.size": "1"})
    assert _started(found, 1)[0].end_row == 12000


# validation of an episode that is held out


def test_a_folder_never_seen_is_played_with_the_sets_of_may_and_told_as_held_out(episode):
    found = validate(str(episode), sets=2, seeds=1, workers=1)
    told = as_data(found)
    assert (told["held_out"], told["sets_from"]) == (True, ["may_2023"])
    assert not any(item["used_for_tuning"] for pattern in told["patterns"] for item in pattern["statistics"])
    assert found.history == ()


def test_an_armed_episode_is_played_with_the_sets_of_banjska(tmp_path):
    shutil.copytree(load("banjska_2023").whole, tmp_path / "night")
    (tmp_path / "night" / "surviving_sets.json").unlink()
    assert sets_for(load(tmp_path / "night")).sources == ("banjska_2023",)


def test_an_episode_that_overrides_a_parameter_is_refused_by_its_name_and_line(episode):
    _edit(episode, "episode:\n", "parameters:\n  threshold_mean: {value: 0.5, source: s, grade: assumption}\nepisode:\n")
    told = _complaint(lambda: validate(str(episode), sets=1, seeds=1, workers=1))
    assert "overrides the global parameter 'threshold_mean'" in told
    assert "scenario.yaml:" in told


def test_an_episode_whose_patterns_are_given_a_parameter_is_refused(episode):
    _edit(episode, "kind: count, band: [0, 60]", "kind: count, given: {planned_chance: 0}, band: [0, 60]", "expected.yaml")
    assert "global parameter 'planned_chance'" in _complaint(lambda: validate(str(episode), sets=1, seeds=1, workers=1))


def test_the_command_puts_an_episode_to_the_model_and_writes_its_page(episode, tmp_path):
    page = tmp_path / "page.html"
    asked = [str(episode), "--sets", "2", "--seeds", "1", "--naive", "2", "--no-parts", "--workers", "1", "--out", str(page), "--json"]
    result = CliRunner().invoke(command, asked, standalone_mode=False, catch_exceptions=False)
    told = json.loads(result.stdout)
    assert result.return_value == (1 if told["misses"] else 0)
    assert {item["statistic"] for item in told["forecasts"]} == {"P1 protesters hurt", "P1 KFOR hurt", "P1 crowd at its largest"}
    text = page.read_text("utf-8")
    assert "an episode that nothing was tuned on" in text
    assert all(miss in text for miss in told["misses"])


def test_the_page_names_every_miss_in_both_forms(episode):
    _edit(episode, "band: [100, 900]", "band: [5000, 9000]", "expected.yaml")
    found = validate(str(episode), sets=1, seeds=2, workers=1, naive=1)
    assert "P1 crowd at its largest" in [item.key for item in found.misses]
    for text in (as_html([found]), as_markdown([found])):
        assert "P1 crowd at its largest" in text
        assert "times as large" in text


def test_a_page_of_no_known_form_is_refused_before_anything_is_played(episode, tmp_path):
    with pytest.raises(InputError, match=r"neither \.html nor \.md"):
        CliRunner().invoke(command, [str(episode), "--out", str(tmp_path / "page.pdf")], standalone_mode=False, catch_exceptions=False)
