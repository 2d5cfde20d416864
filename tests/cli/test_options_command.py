"""What ``kforsim options`` and ``kforsim run --option`` show, keep and refuse."""

from __future__ import annotations

import json

import pytest
from copies import PART, WHOLE

from sim.api import load_options

NIGHT = "banjska_2023"


def test_every_option_is_listed_with_where_it_has_a_path(kforsim):
    code, out, _ = kforsim("options")
    assert code == 0
    assert kforsim("options", "list")[1] == out
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert set(load_options()) <= set(lines)
    assert lines["4.3"].split()[2:] == ["no", "path", "no", "path", "yes", "0", *lines["4.3"].split()[8:]]


def test_the_list_as_json_holds_all_that_there_is(kforsim):
    told = {option["id"]: option for option in json.loads(kforsim("options", "list", "--json")[1])}
    assert set(told) == set(load_options())
    assert told["1.2"]["cost"]["force_days_a_month"]["central"] > 0
    assert told["4.3"]["no_path"].keys() == {WHOLE, NIGHT}
    assert told["both"]["parts"] == ["kfor_reform", "block4"]
    assert {change["option"] for change in told["block1"]["changes"]} == {"1.1", "1.2"}


def test_shipped_things_name_the_options(kforsim):
    out = kforsim("list")[1]
    assert "Policy options" in out
    assert all(f"  {name} " in out for name in load_options())
    told = json.loads(kforsim("list", "--json")[1])
    assert {row["id"]: row["name"] for row in told["options"]} == {name: option.name for name, option in load_options().items()}


def test_one_option_is_shown_with_chain_price_and_limits(kforsim):
    code, out, _ = kforsim("options", "show", "1.2")
    assert code == 0
    for part in (
        "1.2: Joint patrols and explicit rules (recommendation, paper 4, 1.2)",
        "roe.explicitness = 0.8 (argued 0.6 to 1)",
        "counter   adversaries learn the trigger",
        "cut by    lever_effects.explicit_rules_felt=0",
        "720 (360 to 1500) a month",
        "in force from 2023-05-24",
        "not tested  what is in the rules",
    ):
        assert part in out
    assert json.loads(kforsim("options", "show", "1.2", "--json")[1])["id"] == "1.2"


def test_a_package_at_equal_budget_says_how_far_it_goes(kforsim):
    out = kforsim("options", "show", "block2_equal_budget")[1]
    assert "levers that take force-days go 28% of their way, so that they take those of 3.1" in out
    assert "lever_effects.training_effort = 0.8 (argued 0.4 to 1), 28% of the way there   [2.1]" in out


def test_two_mandates_stand_side_by_side(kforsim):
    code, out, _ = kforsim("options", "diff", "baseline", "1.1")
    assert code == 0
    for part in ("order of responders", "on_request", "concurrent", "kfor detention (ROE-DETENTION)", "delegated", "price", "Council"):
        assert part in out
    assert "kosovo_police separate" not in out


def test_the_difference_as_json_has_every_clause_that_differs(kforsim):
    told = json.loads(kforsim("options", "diff", "4.2", "conclusion", "--scenario", NIGHT, "--json")[1])
    found = {row["item"]: (row["4.2"], row["conclusion"]) for row in told["differences"]}
    assert found["KSF in the North"] == ("autonomous", "by_agreement")
    assert found["KSF's task"] == ("territorial", "protection_of_minority")
    assert set(told["options"]) == {"4.2", "conclusion"}
    assert told["no_path"] == {}


def test_an_option_beside_itself_differs_in_nothing(kforsim):
    assert "nothing that holds in this scenario differs" in kforsim("options", "diff", "placebo", "baseline")[1]


def test_no_path_is_said(kforsim):
    out = kforsim("options", "diff", "baseline", "4.3")[1]
    assert "4.3: no path here (years after May 2023" in " ".join(out.split())


@pytest.mark.parametrize("call", [("show", "1.3"), ("diff", "baseline", "1.3")])
def test_an_unknown_option_gets_the_nearest(refused, call):
    assert "option 1.3: there is no such option; did you mean '" in refused("options", *call)


def test_an_unknown_option_is_refused_by_a_run_and_nothing_is_kept(refused, tmp_path):
    assert "option kfor_refrom: there is no such option; did you mean 'kfor_reform'?" in refused(
        "run", PART, "--option", "kfor_refrom", "--out", tmp_path / "run"
    )
    assert not (tmp_path / "run").exists()


def test_options_that_contradict_each_other_are_refused(refused):
    told = refused("run", NIGHT, "--option", "4.2", "--option", "conclusion")
    assert "options 4.2 and conclusion: set mandate.ksf_access differently: '4.2' to autonomous, 'conclusion' to by_agreement" in told


def test_a_setting_that_contradicts_an_option_is_refused(refused):
    told = refused("run", PART, "--option", "1.2", "--set", "roe.explicitness=0.1")
    assert "--set roe.explicitness: is 0.1, and an option that was named sets roe.explicitness to 0.8" in told


def test_a_run_keeps_the_names_of_its_options_and_their_settings_and_replays(kforsim, short, tmp_path):
    code, _, err = kforsim("run", short, "--option", "1.2", "--option", "4.3", "--out", tmp_path / "run")
    assert code == 0, err
    assert "4.3: no path here, it changes nothing (years after May 2023" in err
    kept = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert kept["options"] == ["1.2", "4.3"]
    assert kept["settings"]["roe.explicitness"] == "0.8"
    assert kforsim("replay", tmp_path / "run")[0] == 0


def test_a_placebo_gives_the_same_record_to_the_last_bit(kforsim, short):
    plain = json.loads(kforsim("run", short, "--json")[1])
    placebo = json.loads(kforsim("run", short, "--option", "placebo", "--json")[1])
    assert placebo["options"] == ["placebo"]
    assert placebo["digest"] == plain["digest"]
    assert placebo["outcomes"] == plain["outcomes"]
