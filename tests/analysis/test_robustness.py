"""Rankings by several rules, flips between panels, the chance of a correct selection, and what decides."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.comparison import ALL, OutcomeTold
from analysis.deciding import deciding
from analysis.paired import Layout, all_at_once
from analysis.robustness import EQUAL, EXPECTED, RULES, Losses, dominating, flips, losses_of, presets, rankings, scales_of, settled

HARM = OutcomeTold("serious_or_fatal", "persons", "less", True, "m")
TRUST = OutcomeTold("majority_confidence_change", "share", "more", True, "m")
CROWD = OutcomeTold("crowd_peak", "persons", "neutral", False, "m")


def losses(*rows: list[float], seeds: int = 1, panels: int = 4) -> Losses:
    case = np.repeat(np.arange(len(rows[0]) // seeds), seeds)
    return Losses(("base", "one", "two")[: len(rows)], np.array(rows, float), Layout(case, case % panels))


def test_weights_of_every_preset_sum_to_one_and_leave_neutral_outcomes_out():
    found = presets([HARM, TRUST, CROWD])
    assert set(found) == {EQUAL, "harm first", "legitimacy first"}
    for weights in found.values():
        assert sum(weights.values()) == pytest.approx(1.0)
        assert set(weights) == {HARM.name, TRUST.name}
    assert found["harm first"][HARM.name] == pytest.approx(0.6)


def test_a_loss_is_in_spreads_and_more_is_worse_whatever_the_direction():
    plan = Layout(np.arange(2), np.array([0, 1]))
    values = {"base": {HARM.name: np.array([0.0, 2.0]), TRUST.name: np.array([0.0, 0.2])}}
    scales = scales_of(values, [HARM, TRUST])
    assert scales == pytest.approx({HARM.name: 1.0, TRUST.name: 0.1})
    found = losses_of(values, plan, [HARM, TRUST], {HARM.name: 0.5, TRUST.name: 0.5}, scales)
    assert found.runs[0] == pytest.approx([0.0, 0.0])


def test_a_run_that_failed_for_one_option_is_left_out_for_all():
    plan = Layout(np.arange(2), np.array([0, 1]))
    values = {"base": {HARM.name: np.array([0.0, 2.0])}, "one": {HARM.name: np.array([np.nan, 1.0])}}
    assert losses_of(values, plan, [HARM], {HARM.name: 1.0}, {HARM.name: 1.0}).runs.tolist() == [[2.0], [1.0]]


def test_rules_disagree_where_they_should():
    steady, gamble = [1.0] * 16, [0.0] * 13 + [6.0] * 3
    base = [0.5, 1.5] * 8
    found = {item.rule: item.order[0] for item in rankings(losses(base, steady, gamble), EQUAL, 0, panels=())}
    assert set(found) == set(RULES)
    assert found[EXPECTED] == "base"
    assert found["worst case"] == "one"
    assert found["worst tenth of runs"] == "one"
    assert found["satisficing"] in {"one", "two"}


def test_the_chance_of_a_correct_selection_tells_a_clear_first_from_a_toss_up():
    rng = np.random.default_rng(1)
    base = rng.normal(size=40)
    clear = rankings(losses(base, base - 1.0, base + 1.0), EQUAL, panels=())[0]
    assert (clear.order[0], clear.correct_chance) == ("one", 1.0)
    toss = rankings(losses(base, base + rng.normal(size=40), base + rng.normal(size=40)), EQUAL, panels=())[0]
    assert toss.correct_chance < 0.95


def test_few_cases_prove_nothing_about_the_selection():
    assert np.isnan(rankings(losses([1.0] * 7, [0.0] * 7), EQUAL, panels=())[0].correct_chance)


def test_a_panel_without_cases_dominates_nothing():
    good = np.full(5, -1.0)
    assert dominating({"x": {HARM.name: {"D": good, "S": np.zeros(0)}}}, [HARM]) == []


def test_options_of_the_same_score_keep_one_order_in_every_panel():
    base = [1.0, 1.0, 1.0, 1.0]
    found = rankings(losses(base, [0.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]), EQUAL, 0)
    assert {item.order for item in found if item.rule == EXPECTED} == {("one", "two", "base")}


def test_a_flip_between_panels_is_told_with_both_panels():
    rng = np.random.default_rng(2)
    base = np.zeros(80)
    panel = np.arange(80) % 4
    turning = np.where(panel == 0, -1.0, 1.0) + rng.normal(0, 0.1, 80)
    table = losses(base, turning)
    found = flips(table, rankings(table, EQUAL), all_at_once(4))
    pair = [item for item in found if {item.first, item.second} == {"base", "one"} and "," in item.where + item.elsewhere]
    assert [(item.where, item.elsewhere) for item in pair] == [("panel S, O, M", "panel D")]


def test_what_is_not_told_apart_does_not_flip():
    rng = np.random.default_rng(3)
    table = losses(np.zeros(16), rng.normal(0, 1, 16))
    assert flips(table, [], all_at_once(4)) == []


def test_a_ranking_is_settled_when_neighbours_are_told_apart_or_alike():
    base = np.random.default_rng(4).normal(size=80)
    assert settled(losses(base, base - 1.0, base - 1.01), 0.95, 0.1)[0]
    noisy = base + np.random.default_rng(5).normal(0.1, 1.0, 80)
    done, widest = settled(losses(base, noisy), 0.95, 0.1)
    assert not done
    assert widest > 0.1


def test_dominance_needs_every_outcome_in_every_panel():
    good, bad, nothing = np.full(20, -1.0), np.full(20, 1.0), np.zeros(20)
    effects = {
        "too good": {HARM.name: {"D": good, "S": good}, TRUST.name: {"D": nothing, "S": nothing}},
        "costly": {HARM.name: {"D": good, "S": good}, TRUST.name: {"D": good, "S": good}},
        "worse in one panel": {HARM.name: {"D": good, "S": bad}, TRUST.name: {"D": nothing, "S": nothing}},
        "nothing": {HARM.name: {"D": nothing, "S": nothing}, TRUST.name: {"D": nothing, "S": nothing}},
    }
    assert dominating(effects, [HARM, TRUST]) == ["too good"]


def test_the_deciding_parameter_is_found_among_many():
    rng = np.random.default_rng(6)
    values = rng.random((80, 150))
    worse_by = np.where(values[:, 7] < 0.4, -1.0, 1.0) + rng.normal(0, 0.3, 80)
    names = [f"p{place}" for place in range(150)]
    found = deciding("one", "harm", worse_by, names, values, {"p7": False})
    assert found is not None
    assert (found.parameter, found.better_below, found.prior_only) == ("p7", True, False)
    assert found.split == pytest.approx(0.4, abs=0.05)
    assert found.share_below > 0.9 > 0.1 > found.share_above


def test_no_parameter_decides_what_is_chance():
    rng = np.random.default_rng(7)
    told = [deciding("one", "harm", rng.normal(size=60), ["p"] * 100, rng.random((60, 100)), {}) for _ in range(20)]
    assert sum(item is not None for item in told) <= 2


def test_few_cases_decide_nothing():
    assert deciding("one", "harm", np.arange(10.0), ["p"], np.arange(10.0)[:, None], {}) is None


def test_every_ranking_stands_for_all_cases_and_each_panel():
    table = losses(np.arange(16.0), np.arange(16.0) + 1)
    assert {item.panel for item in rankings(table, EQUAL, 0)} == {ALL, "D", "S", "O", "M"}
