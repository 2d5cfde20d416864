"""A study says what is played, down to each run; a wrong one is refused before the first, with every complaint and its line."""

import itertools
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as parquet
import pytest
from ruamel.yaml import YAML

from analysis import study_estimate, study_file, study_plan
from analysis.extras import needed
from analysis.study_estimate import Estimate, refuse_over_budget
from analysis.study_file import SHIPPED, Study, read_study, schema_text
from analysis.study_plan import Plan, plan_of
from sim.api import InputError, load, run_case
from sim.scenario.shipped import SHIPPED as SCENARIOS

NIGHT = """\
format: 1
title: The night
scenarios: [banjska_2023]
levers: {options: [baseline, 3.1], settings: {switch.fighters: [30, 90]}}
uncertainties: {escalation.*: {}, armed_choice.*: {distribution: uniform}}
design: {kind: latin_hypercube, size: 8}
seeds: {first: 5, count: 3}
outcomes: [kfor_hurt, hurt]
"""

DAY = """\
format: 1
title: The day
scenarios: [may_2023_zvecan]
levers: {options: [baseline, "1.2"], settings: {grievance.theta_spiral: [0.5]}}
rule_forms: {draw: all}
design: {kind: latin_hypercube, size: 9}
seeds: {count: 1}
"""


def study_of(folder, text):
    (folder / "study.yaml").write_text(text, "utf-8")
    return read_study(folder / "study.yaml")


def planned(folder, text):
    return plan_of(study_of(folder, text))


def complaints(folder, text):
    with pytest.raises(InputError) as refused:
        planned(folder, text)
    return [str(problem).replace(str(folder), "") for problem in refused.value.problems]


@pytest.fixture(scope="module", autouse=True)
def same_model():
    """The model's digest is held still: what is tested is what else a plan's digest takes in."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(study_plan, "model_digest", lambda: "this model")
        yield


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("night"), NIGHT)


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("day"), DAY)


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.yaml")))
def test_a_shipped_study_is_found_by_name_and_can_be_planned(name):
    assert plan_of(read_study(name)).total > 0


def test_the_committed_schema_is_that_of_the_code_and_knows_every_shipped_study():
    assert (SCENARIOS / "schema" / "study.schema.json").read_text("utf-8") == schema_text()
    fields = json.loads(schema_text())["properties"]
    for path in SHIPPED.glob("*.yaml"):
        assert YAML(typ="safe").load(path).keys() <= fields.keys()


def test_every_combination_is_one_experiment_and_seeds_turn_fastest(night):
    found = [night.experiment(number) for number in range(night.total)]
    labels = ["switch.fighters=30", "switch.fighters=90", "3.1, switch.fighters=30", "3.1, switch.fighters=90"]
    wanted = itertools.product(range(8), ["declared"], labels, ["banjska_2023"], [5, 6, 7])
    assert [(item.point, item.forms, item.lever, item.scenario, item.seed) for item in found] == list(wanted)
    with pytest.raises(IndexError):
        night.experiment(night.total)


def test_an_experiment_is_played_with_its_points_values_and_its_levers_settings(night):
    case = night.case(night.total - 1)
    assert (case.scenario, case.seed, case.settings["switch.fighters"]) == ("banjska_2023", 7, "90")
    assert {name.split(".")[1] for name in night.names} == set(case.values)
    assert [case.values[name.split(".")[1]] for name in night.names] == night.points[-1].tolist()
    assert not run_case(case).failure


def test_levers_at_one_point_and_seed_are_paired_and_all_else_differs(night):
    cases = [night.case(number) for number in range(night.total)]
    paired = {(tuple(case.values.values()), case.seed) for case in cases}
    assert len(paired) * len(night.levers) == night.total


def test_forms_that_are_drawn_are_played_and_are_a_column_of_the_points(day):
    columns = [day.names.index(name) for name in ("perceived_cost.ratio_form", "perceived_cost.certainty_form")]
    seen = {tuple(day.case(number).values[name] for name in ("ratio_form", "certainty_form")) for number in range(day.total)}
    assert {ratio for ratio, _ in seen} == {"RAW", "FLOOR", "NEAREST"}
    assert {certainty for _, certainty in seen} == {"IDENTITY", "HINGE", "LOGISTIC"}
    assert set(day.points[:, columns].ravel()) == {0.0, 1.0, 2.0}
    assert day.experiment(0).forms == "drawn"


def test_crossed_forms_go_with_every_point(tmp_path):
    text = DAY.replace("{draw: all}", "{perceived_cost.ratio_form: [raw, FLOOR]}")
    plan = planned(tmp_path, text)
    assert plan.total == 2 * 9 * 2
    forms = [plan.experiment(number).forms for number in range(4)]
    assert forms == ["perceived_cost.ratio_form=RAW"] * 2 + ["perceived_cost.ratio_form=FLOOR"] * 2
    assert plan.case(2).values["ratio_form"] == "FLOOR"


def test_all_means_every_assumption_that_is_read_under_some_lever_and_set_by_none(day):
    scenario = load("may_2023_zvecan")
    valued = scenario.parameters.valued
    varied = {name.split(".")[1] for name in day.names}
    for name, item in valued.items():
        if scenario.reads(name) and item.grade == "assumption" and item.low is not None and item.high > item.low:
            assert (name in varied) == (name != "theta_spiral"), name
    assert not {name for name in varied if valued[name].grade != "assumption"}
    assert "joint_patrol_rub_off" in varied, "option 1.2 turns its lever"
    assert not scenario.reads("joint_patrol_rub_off")
    assert any(note.startswith("grievance.theta_spiral is not varied") for note in day.told["notes"])


def test_surviving_sets_stand_for_the_points_and_a_lever_keeps_what_it_sets(tmp_path):
    text = DAY.replace("rule_forms: {draw: all}", "uncertainties: surviving_sets").replace("kind: latin_hypercube", "kind: sets")
    plan = planned(tmp_path, text)
    sets = json.loads((SCENARIOS / "may_2023" / "surviving_sets.json").read_text("utf-8"))
    rows = [dict(zip(sets["parameters"], row, strict=True)) for row in sets["sets"]]
    assert len(plan.points) == 9
    assert all(
        any(all(case.values[name] == row[name] for name in case.values) for row in rows) for case in map(plan.case, range(plan.total))
    )
    assert "theta_spiral" in sets["parameters"] and "grievance.theta_spiral" not in plan.names


def test_a_posterior_stands_for_the_points(tmp_path, monkeypatch):
    drawn = [{"theta_deterrence": 0.1 * place} for place in range(4)]
    posterior = SimpleNamespace(draw=lambda count, rng: drawn[:count], standing="not accepted")
    monkeypatch.setattr("analysis.posterior.read_posterior", lambda path: posterior)
    text = DAY.replace("rule_forms: {draw: all}", "uncertainties: {posterior: p.json}").replace("latin_hypercube, size: 9", "sets, size: 4")
    plan = planned(tmp_path, text)
    assert plan.points[:, 0].tolist() == [row["theta_deterrence"] for row in drawn]
    assert "not accepted" in plan.told["design"]["source"]


def test_the_same_study_has_the_same_digest_in_whatever_order_it_is_written(night, tmp_path):
    told = YAML(typ="safe").load(NIGHT)
    turned = {key: dict(reversed(value.items())) if isinstance(value, dict) else value for key, value in reversed(told.items())}
    (tmp_path / "study.yaml").write_text(json.dumps(turned), "utf-8")
    assert plan_of(read_study(tmp_path / "study.yaml")).digest == night.digest


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("title: The night", "title: Another title", True),
        ("outcomes: [kfor_hurt, hurt]", "outcomes: [kfor_hurt, hurt]\nbudget: {runs: 1000}", True),
        ("size: 8", "size: 8, seed: 2", False),
        ("first: 5", "first: 6", False),
        ("[30, 90]", "[30]", False),
        ("[kfor_hurt, hurt]", "[kfor_hurt]", False),
    ],
)
def test_only_what_decides_the_runs_decides_the_digest(night, tmp_path, old, new, same):
    assert (planned(tmp_path, NIGHT.replace(old, new)).digest == night.digest) == same


def test_another_model_has_another_digest(night, tmp_path, monkeypatch):
    monkeypatch.setattr(study_plan, "model_digest", lambda: "another model")
    assert planned(tmp_path, NIGHT).digest != night.digest


def test_another_scenario_under_the_same_name_has_another_digest(tmp_path):
    shutil.copytree(SCENARIOS / "banjska_2023", tmp_path / "banjska_2023")
    before = planned(tmp_path, NIGHT).digest
    assert planned(tmp_path, NIGHT).digest == before
    path = tmp_path / "banjska_2023" / "intelligence.yaml"
    text = path.read_text("utf-8")
    assert "sharing: with_police\n" in text or "sharing: with_police " in text
    path.write_text(text + "# a remark\n", "utf-8")
    assert planned(tmp_path, NIGHT).digest != before


def test_a_plan_is_read_back_from_its_folder_to_the_last_bit(night, tmp_path):
    night.save(tmp_path)
    again = Plan.open(tmp_path)
    assert again.digest == night.digest
    assert np.array_equal(again.points, night.points)
    assert [again.case(number) for number in range(20)] == [night.case(number) for number in range(20)]
    assert parquet.read_table(tmp_path / "points.parquet").column_names == ["point", *night.names]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_plan_whose_points_were_changed_is_refused(night, tmp_path):
    night.save(tmp_path)
    table = parquet.read_table(tmp_path / "points.parquet")
    parquet.write_table(table.slice(0, 7), tmp_path / "points.parquet")
    with pytest.raises(InputError, match="points or levers are not those under which it was made"):
        Plan.open(tmp_path)


def test_parts_are_the_same_whoever_makes_them_and_neither_tiny_nor_huge(night):
    assert night.part_size == 8
    assert 100 <= plan_with(night, 10**5).part_size <= 1000
    assert plan_with(night, 10**7).part_size == 1000


def plan_with(plan, runs):
    from dataclasses import replace

    return replace(plan, seeds=runs // (plan.total // plan.seeds))


def test_every_complaint_is_told_at_once_with_its_line(tmp_path):
    text = NIGHT.replace("[baseline, 3.1]", "[baseline, 9.9]").replace("[30, 90]", "[30, many]")
    text = text.replace("escalation.*: {}", "escalation.nothing: {}, theta_spiral: {}").replace("[kfor_hurt, hurt]", "[kfor_hut]")
    found = complaints(tmp_path, text.replace("latin_hypercube, size: 8", "sobol, size: 12"))
    wanted = [
        "study.yaml:8:outcomes.0: no scenario of this study shows 'kfor_hut'; did you mean 'kfor_hurt'?",
        "study.yaml:4:levers.options.1: there is no option '9.9'",
        "study.yaml:4:levers.settings.switch.fighters.1: switch.fighters=many",
        "study.yaml:5:uncertainties.escalation.nothing: there is no such parameter",
        "study.yaml:6:design.size: sobol needs a power of 2, not 12; write 8 or 16",
    ]
    assert all(any(one in line for line in found) for one in wanted), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scenarios: [banjska_2023]", "scenarios: [banjska]", "3:scenarios.0: there is no such scenario, and no such folder"),
        ("scenarios: [banjska_2023]", "scenarios: [banjska_2023, banjska_2023]", "3:scenarios: 'banjska_2023' stands twice"),
        ("[baseline, 3.1]", "[R1]", "option 'R1' has no path in banjska_2023"),
        ("escalation.*: {}", "grievance.theta_spiral: {}", "no scenario of this study reads it under its levers"),
        ("escalation.*: {}", "escalation_*: {}", "matches no parameter with a range that is read here"),
        ("armed_choice.*: {distribution: uniform}", "perceived_cost.ratio_form: {}", "is the form of a rule and no number"),
        ("escalation.*: {}", "lever_effects.search_effort: {}", "a lever's own value stands under levers.settings"),
        ("escalation.*: {}", "armed_choice.ambush_worth: {low: 2, high: 1}", "low 2 is not below high 1"),
        ("escalation.*: {}", "armed_choice.ambush_worth: {high: 1.0e+9}", "lies outside"),
        ("distribution: uniform", "distribution: normal", "5:uncertainties.armed_choice.*.distribution: "),
        ("design: {kind: latin_hypercube, size: 8}\n", "", "design: is missing, and"),
        ("uncertainties: {escalation.*: {}, armed_choice.*: {distribution: uniform}}", "uncertainties: none", "has nothing to draw"),
        ("kind: latin_hypercube", "kind: sets", "are for uncertainties: surviving_sets, or a posterior"),
        ("[kfor_hurt, hurt]", "[]", "8:outcomes: names nothing"),
        ("outcomes: [kfor_hurt, hurt]", "budget: {runs: 95}", "the study comes to 96 runs, and its budget is 95"),
        ("outcomes:", "results:", "8:results: unknown key"),
    ],
)
def test_a_wrong_study_is_refused_with_what_is_wrong(tmp_path, old, new, said):
    assert old in NIGHT
    assert any(said in line for line in complaints(tmp_path, NIGHT.replace(old, new)))


def test_an_option_and_a_setting_that_contradict_it_are_refused(tmp_path):
    text = DAY.replace("grievance.theta_spiral: [0.5]", "roe.explicitness: [0.3]")
    assert any("roe.explicitness=0.3 cannot go with option '1.2'" in line for line in complaints(tmp_path, text))


def test_nothing_is_played_before_a_wrong_study_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(study_estimate, "run_case", lambda case: pytest.fail("a run was made"))
    complaints(tmp_path, NIGHT.replace("size: 8", "size: 8").replace("[kfor_hurt, hurt]", "[none_such]"))


def test_the_estimate_is_of_all_runs_and_a_study_over_its_budget_is_refused_in_every_count(night, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(study_estimate, "run_case", lambda case: SimpleNamespace(failure=""))
    monkeypatch.setattr(study_estimate.time, "perf_counter", lambda: float(next(clock)))
    found = night.estimate()
    assert (found.runs, found.seconds) == (96, 96.0)
    assert found.bytes >= 96 * 2 * (2 * 8)
    assert "96 runs, about 48 s on 2 cores" in found.told(2)
    with pytest.raises(InputError) as refused:
        refuse_over_budget(found, {"runs": 95, "hours": 0.01, "gigabytes": 1e-9}, 1)
    assert [problem.where for problem in refused.value.problems] == ["budget runs", "budget hours", "budget gigabytes"]
    refuse_over_budget(found, {"runs": 96, "hours": 0.05, "gigabytes": None}, 1)


def test_more_cores_make_a_study_fit_its_hours():
    estimate = Estimate(10, 3600.0, 1, {"a": 360.0})
    refuse_over_budget(estimate, {"hours": 0.6}, 2)
    with pytest.raises(InputError, match="1 hours on 1 cores"):
        refuse_over_budget(estimate, {"hours": 0.6}, 1)


def test_a_study_whose_trial_runs_all_fail_is_refused(night, monkeypatch):
    monkeypatch.setattr(study_estimate, "run_case", lambda case: SimpleNamespace(failure="ValueError: broken"))
    with pytest.raises(InputError, match=r"no trial run succeeded: experiment .*ValueError: broken"):
        night.estimate()


def test_trial_runs_are_of_different_points_and_of_the_plan(night):
    numbers = [*study_estimate._spread_over(night, 0, 3)]
    assert len({night.experiment(number).point for number in numbers}) == 4


def test_a_part_and_its_whole_are_said_to_share_their_luck_and_strangers_are_not(tmp_path, night):
    text = DAY.replace("[may_2023_zvecan]", "[may_2023_zvecan, may_2023]").replace("rule_forms: {draw: all}", "uncertainties: none")
    told = planned(tmp_path, text.replace("design: {kind: latin_hypercube, size: 9}\n", "")).told["pairing"]
    assert "may_2023_zvecan and may_2023 play may_2023 on the same luck where their seeds are the same" in told
    assert len(night.told["pairing"]) == 2


def test_a_study_can_be_written_in_python():
    study = Study(format=1, title="One", scenarios=("banjska_2023",), uncertainties="none", seeds={"count": 2})
    assert plan_of(study).total == 2


def test_a_campaign_is_studied_by_its_own_parameters_and_those_of_its_episodes(tmp_path):
    text = "format: 1\ntitle: Months\nscenarios: [campaign_2023]\ndesign: {kind: sobol, size: 4}\nseeds: {count: 1}\n"
    concepts = {name.split(".")[0] for name in planned(tmp_path, text).names}
    assert {"campaign", "grievance", "armed_choice"} <= concepts


def test_a_missing_library_is_named_with_the_line_that_installs_it():
    with pytest.raises(InputError, match=r"install it with: pip install 'kfor-wargame\[analysis\]'"):
        needed("no_such_library.part", "analysis")


def test_an_unknown_study_gets_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'zvecan_options'"):
        read_study("zvecan_option")
    assert study_file.study_path("zvecan_options").is_file()
