"""Claims: what a set says, what sets say together, and what is planned, kept and told; on made-up results, so that every verdict comes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import monotonic
from typing import Any

import numpy as np
import pytest

from analysis import claim_runs
from analysis.claim_files import Claim, Predicted, claim_names, read_claim, read_claims
from analysis.claim_plan import Plan, Wanted, arm_key, plan_of
from analysis.claim_runs import Kept, Study, kept_in
from analysis.claim_verdict import SETS, SetSays, interval, says, says_not_worse, verdict
from analysis.claims import as_json, found, nearness, set_says
from analysis.claims_page import as_html, as_markdown, told
from analysis.panels import PANELS
from sim.api import Case, InputError, Result

SEEDS = 8


def jitter(count: int, size: float = 0.01) -> np.ndarray:
    return size * np.where(np.arange(count) % 2 == 0, 1.0, -1.0)


# one set


def test_a_set_supports_only_when_its_interval_lies_wholly_beyond_the_margin():
    reach = np.full(SEEDS, 0.1)
    assert says(0.5 + jitter(SEEDS), reach, whole=False) == "supports"
    assert says(-0.5 + jitter(SEEDS), reach, whole=False) == "opposes"
    assert says(0.02 + jitter(SEEDS), reach, whole=False) == "within"
    assert says(0.2 + jitter(SEEDS, 2.0), reach, whole=False) == "wide"


def test_a_relative_margin_is_a_share_of_the_other_arms_mean():
    reach = Predicted(path="hurt", direction="less", margin=0.1, relative=True, source="made up").reach(100.0 + jitter(SEEDS))
    assert says(8.0 + jitter(SEEDS), reach, whole=False) == "within"
    assert says(12.0 + jitter(SEEDS), reach, whole=False) == "supports"


def test_where_the_other_arm_has_nothing_the_floor_is_the_margin():
    given = Predicted(path="hurt", direction="not_worse", margin=0.1, relative=True, floor=0.01, source="made up")
    assert says_not_worse([0.005 + jitter(SEEDS, 0.001)], [given.reach(np.zeros(SEEDS))], whole=False) == "supports"
    assert says_not_worse([0.05 + jitter(SEEDS, 0.001)], [given.reach(np.zeros(SEEDS))], whole=False) == "opposes"


def test_a_few_equal_pairs_of_whole_numbers_prove_no_difference():
    few, many = np.zeros(4), np.zeros(200)
    assert says(few, few + 0.05, whole=True) == "wide"
    assert says(many, many + 0.05, whole=True) == "within"


def test_whole_numbers_never_make_an_interval_narrower():
    values = np.array([20.0, 22.0])
    plain, whole = interval(values, 0.95, whole=False), interval(values, 0.95, whole=True)
    assert whole[0] <= plain[0]
    assert whole[1] >= plain[1]


def test_one_quarter_that_is_worse_opposes_and_all_that_are_not_support():
    reach, level = np.full(SEEDS, 0.1), jitter(SEEDS)
    assert says_not_worse([level, level, 0.5 + level], [reach] * 3, whole=False) == "opposes"
    assert says_not_worse([level, level, level], [reach] * 3, whole=False) == "supports"
    assert says_not_worse([100.0 * level, level], [reach] * 2, whole=False) == "wide"


# all sets


def sets_saying(words: Mapping[str, str], count: int = SETS) -> list[SetSays]:
    panels = [PANELS[number % len(PANELS)] for number in range(count)]
    return [SetSays(number, panel, words[panel], 0.0, 0.0, 0.0, 4, 1.0) for number, panel in enumerate(panels)]


def values_of(sets: list[SetSays], **columns: np.ndarray) -> dict[int, dict[str, float]]:
    return {item.number: {name: float(column[item.number]) for name, column in columns.items()} for item in sets}


@pytest.mark.parametrize(("says_all", "word"), [("supports", "holds"), ("opposes", "opposite"), ("within", "no effect")])
def test_what_every_panel_says_is_the_verdict(says_all: str, word: str):
    sets = sets_saying(dict.fromkeys(PANELS, says_all))
    result = verdict(sets, values_of(sets), {})
    assert result.word == word
    assert result.unsettled == ()


def test_one_panel_that_disagrees_is_enough_to_make_it_depend():
    sets = sets_saying({"D": "supports", "S": "opposes", "O": "supports", "M": "supports"})
    assert verdict(sets, values_of(sets), {}).word == "depends"


def test_just_below_four_fifths_of_one_panel_does_not_hold():
    sets = sets_saying(dict.fromkeys(PANELS, "supports"))
    of_d = [item for item in sets if item.panel == "D"]
    for count, word in ((12, "holds"), (13, "depends")):  # of 64
        lost = {item.number for item in of_d[:count]}
        changed = [SetSays(i.number, i.panel, "within" if i.number in lost else i.says, 0, 0, 0, 4, 1) for i in sets]
        assert verdict(changed, values_of(changed), {}).word == word


def deciding_case() -> tuple[list[SetSays], dict[int, dict[str, float]]]:
    rng = np.random.default_rng(1)
    split, other = rng.random(SETS), rng.random(SETS)
    sets = [SetSays(number, PANELS[number % 4], "supports" if split[number] < 0.4 else "opposes", 0, 0, 0, 4, 1) for number in range(SETS)]
    return sets, values_of(sets, theta=split, other=other)


def test_a_verdict_that_depends_names_the_parameter_and_the_region():
    sets, values = deciding_case()
    result = verdict(sets, values, {"theta": False, "other": False})
    assert result.word == "depends"
    assert result.region is not None
    assert result.region.parameter == "theta"
    assert abs(result.region.split - 0.4) < 0.02
    assert (result.region.supported_below, result.region.supported_above) == (1.0, 0.0)
    assert (result.region.opposed_below, result.region.opposed_above) == (0.0, 1.0)
    assert not result.prior_driven


def test_a_verdict_that_hinges_on_what_no_pattern_informs_is_prior_driven():
    sets, values = deciding_case()
    assert verdict(sets, values, {"theta": True}).prior_driven
    assert verdict(sets, values, {}).prior_driven


def test_where_nothing_decides_no_parameter_is_named():
    rng = np.random.default_rng(2)
    sets = [SetSays(number, PANELS[number % 4], ("supports", "opposes")[rng.integers(2)], 0, 0, 0, 4, 1) for number in range(SETS)]
    result = verdict(sets, values_of(sets, **{f"p{place}": rng.random(SETS) for place in range(50)}), {})
    assert result.word == "depends"
    assert result.region is None


def test_intervals_that_are_too_wide_leave_no_effect_unsettled():
    sets = sets_saying(dict.fromkeys(PANELS, "wide"))
    result = verdict(sets, values_of(sets), {})
    assert result.word == "no effect"
    assert any("too wide" in reason for reason in result.unsettled)


def test_fewer_sets_than_asked_for_are_told_and_very_few_give_no_word():
    some = sets_saying(dict.fromkeys(PANELS, "supports"), 40)
    assert "40 sets of the 256" in verdict(some, values_of(some), {}).unsettled[0]
    few = sets_saying(dict.fromkeys(PANELS, "supports"), 16)
    assert verdict(few, values_of(few), {}).word == "too few"


# from runs to findings


CLAIM: dict[str, Any] = {
    "format": 1,
    "id": "C99",
    "title": "A made-up claim",
    "restated": "Something that is made up for a test of the instrument.",
    "source": "no paper",
    "counter_case": "it is made up",
    "cannot_test": ["everything"],
    "experiments": [
        {
            "scenario": "may_2023_zvecan",
            "words": "Explicit rules against those of the day",
            "arms": {"with": {"words": "explicit rules", "settings": {"roe.explicitness": 0.8}}, "without": {"words": "as it stands"}},
            "contrasts": [{"name": "it", "words": "explicit, against not", "plus": ["with"], "minus": ["without"]}],
            "outcomes": [{"path": "kfor_hurt", "direction": "less", "margin": 0.1, "relative": True, "source": "made up"}],
        }
    ],
}


def made_up_plan(sets: int = 24, **changes: object) -> Plan:
    return plan_of([Claim.model_validate({**CLAIM, **changes})], sets)


def hurt(case: Case, effect: float) -> float:
    return 60.0 + case.seed % 5 + (effect if case.settings.get("roe.explicitness") else 0.0)


@pytest.fixture
def made_up_runs(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Runs without the simulator: a constant effect on KFOR's hurt."""
    world = {"effect": 0.0, "runs": 0.0}

    def run_many(cases, workers=None, progress=None):
        world["runs"] += len(cases)
        return [Result(case, {"kfor_hurt": hurt(case, world["effect"]), "killed": 0.0}) for case in cases]

    monkeypatch.setattr(claim_runs, "run_many", run_many)
    return world


def played(plan: Plan, kept: Kept, seeds: int = SEEDS, budget_s: float = 600.0):
    study = Study(plan, kept, seeds, lambda place, key: nearness(plan, kept, place, key))
    return found(plan, kept, seeds, study.run(monotonic() + budget_s))


@pytest.mark.parametrize(("effect", "word"), [(-20.0, "holds"), (20.0, "opposite"), (0.0, "no effect")])
def test_the_same_claim_can_be_answered_yes_no_and_neither(made_up_runs, effect: float, word: str):
    made_up_runs["effect"] = effect
    (claim,) = played(made_up_plan(), Kept()).claims
    assert claim.word == word
    assert claim.decided_by is not None
    assert claim.decided_by.mean == pytest.approx(effect)
    assert claim.decided_by.halved.word == word


def test_every_arm_meets_the_same_sets_and_seeds():
    plan = made_up_plan()
    key = ("may_2023_zvecan", 3, False)
    cases = [plan.case(wanted) for wanted in plan.wanted(plan.asked_in("may_2023_zvecan"), key, range(2))]
    assert len(cases) == 4
    assert len({case.seed for case in cases}) == 2
    assert all(case.values == cases[0].values for case in cases)
    assert [case.settings.get("roe.explicitness") for case in cases] == ["0.8", None, "0.8", None]


def test_halved_ranges_lie_half_way_to_the_declared_values_in_the_same_panel():
    plan = made_up_plan()
    field = plan.fields["may_2023_zvecan"]
    valued = field.loaded.parameters.valued
    for number in range(8):
        whole, half = (plan.points[(field.name, number, halved)] for halved in (False, True))
        assert whole.panel == half.panel == PANELS[number % 4]
        for name in ("hard_core_share", "push_provocation"):
            assert half.values[name] - valued[name].value == pytest.approx((whole.values[name] - valued[name].value) / 2.0)
        assert 0.5 <= half.values["theta_deterrence"] <= 1.5


def test_claims_share_the_runs_that_they_have_in_common():
    two = plan_of([Claim.model_validate(CLAIM), Claim.model_validate({**CLAIM, "id": "C98"})], 4)
    wanted = list(two.wanted(two.asked_in("may_2023_zvecan"), ("may_2023_zvecan", 0, False), range(3)))
    assert len(wanted) == len(set(wanted)) == 6


def test_a_claim_whose_scenario_or_outcome_is_missing_is_not_run_and_says_why():
    experiment = CLAIM["experiments"][0]
    for change, why in (
        ({"scenario": "no_such_place"}, "no such scenario"),
        ({"outcomes": [{**experiment["outcomes"][0], "path": "hurtt"}]}, "hurtt"),
    ):
        plan = made_up_plan(experiments=[{**experiment, **change}])
        (claim,) = found(plan, Kept(), SEEDS, "done").claims
        assert claim.word == "not run"
        assert why in claim.experiments[0].why_not
        assert told(claim) == "not run"


def test_a_study_goes_on_where_it_stopped_and_comes_to_the_same(made_up_runs, tmp_path):
    made_up_runs["effect"] = -20.0
    plan = made_up_plan()
    whole = as_json(played(plan, Kept()))
    all_runs = made_up_runs["runs"]
    cut = kept_in(tmp_path / "study", plan, resume=False)
    for wanted in list(Study(plan, cut, SEEDS, lambda place, key: None)._rounds())[:3]:
        Study(plan, cut, SEEDS, lambda place, key: None)._play(wanted)
    made_up_runs["runs"] = 0.0
    again = kept_in(tmp_path / "study", plan, resume=True)
    assert again.found == cut.found
    assert as_json(played(plan, again)) == whole
    assert 0 < made_up_runs["runs"] < all_runs


def test_another_plan_is_refused_with_what_differs(tmp_path):
    kept_in(tmp_path / "study", made_up_plan(), resume=False)
    with pytest.raises(InputError, match="holds a study already"):
        kept_in(tmp_path / "study", made_up_plan(), resume=False)
    other = {**CLAIM["experiments"][0], "words": "Something else"}
    with pytest.raises(InputError, match="claims differ"):
        kept_in(tmp_path / "study", made_up_plan(experiments=[other]), resume=True)


def test_a_budget_of_nothing_runs_nothing_and_still_tells(made_up_runs):
    result = played(made_up_plan(), Kept(), budget_s=0.0)
    assert made_up_runs["runs"] == 0
    assert result.stopped == "budget"
    assert result.claims[0].word == "too few"


def test_sets_that_cannot_tell_get_more_seeds_and_others_do_not(made_up_runs):
    made_up_runs["effect"] = -20.0
    plan, kept = made_up_plan(8), Kept()
    played(plan, kept, seeds=12)
    assert max(wanted.seed for wanted in kept.found) == claim_runs.FIRST_SEEDS - 1
    made_up_runs["effect"] = -6.3
    plan, kept = made_up_plan(8), Kept()
    played(plan, kept, seeds=12)
    assert max(wanted.seed for wanted in kept.found) == 11


def test_a_failed_run_takes_its_pair_with_it_and_is_told():
    plan, kept = made_up_plan(4), Kept()
    (asked,) = plan.asked
    key = ("may_2023_zvecan", 0, False)
    arms = [arm_key(settings) for settings in asked.arms.values()]
    rows = [(Wanted(*key, arm, seed), {"kfor_hurt": 60.0}, "") for arm in arms for seed in range(3)]
    rows[1] = (rows[1][0], {}, "ValueError: made up")
    kept.add(rows)
    item = set_says(kept, asked, asked.experiment.contrasts[0], asked.experiment.outcomes[0], key)
    assert item is not None
    assert item.seeds == 2
    assert "made up" in found(plan, kept, SEEDS, "done").claims[0].experiments[0].failures[0]


def test_the_page_says_the_verdict_first_and_nothing_from_elsewhere(made_up_runs):
    made_up_runs["effect"] = 20.0
    findings = played(made_up_plan(), Kept())
    page, text = as_html(findings, "kforsim claims C99"), as_markdown(findings, "kforsim claims C99")
    section = page[page.index('<section id="C99">') :]
    assert section.index("Opposite") < section.index("made up for a test")
    assert "http" not in page.replace("http-equiv", "")
    assert "not a probability" in " ".join(page.replace("<b>", "").replace("</b>", "").split())
    assert "**opposite; not settled**" in text
    assert json.loads(as_json(findings))["claims"][0]["word"] == "opposite"


# the shipped claims


def test_the_claims_are_those_of_the_specification():
    asked = ["C1", "C2", "C3a", "C3b", "C3c", "C4", "C5a", "C5ab", "C5b", "C6a", "C6ab", "C6b", "C7a", "C7ab", "C7b", "C8", "C9", "C10"]
    assert claim_names() == asked


def test_every_claim_on_may_and_banjska_can_be_run_as_it_is_written():
    lost = [(item.claim.id, item.why_not) for item in plan_of(read_claims(), 4).asked if item.why_not]
    assert [item for item in lost if "campaign" not in item[1]] == []


def test_the_three_answers_to_may_are_taken_apart_in_full():
    (claim,) = read_claims(("C2",))
    (experiment,) = claim.experiments
    assert len({arm_key(arm.settings) for arm in experiment.arms.values()}) == 8
    assert all("deployment.msu_platoon" in arm.settings for name, arm in experiment.arms.items() if "detain" in name), (
        "no other has the kit"
    )
    for contrast in experiment.contrasts[1:4]:
        assert (len(contrast.plus), len(contrast.minus)) == (4, 4)


def test_a_claim_file_that_names_no_arm_is_refused_with_its_place(tmp_path):
    text = json.dumps(
        {
            **CLAIM,
            "experiments": [
                {**CLAIM["experiments"][0], "contrasts": [{"name": "it", "words": "none", "plus": ["wiht"], "minus": ["without"]}]}
            ],
        }
    )
    (tmp_path / "C99.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'with'"):
        read_claim(tmp_path / "C99.yaml")
    with pytest.raises(InputError, match="no such claim"):
        read_claims(("C77",))
