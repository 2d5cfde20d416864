"""Sensitivity finds known indices, effects and shares, tells luck from parameters, and says what it cannot tell."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from sweep_folders import HARM, luck, sweep_folder

from analysis.sensitivity import Sensitivity, sensitivity_of
from analysis.sensitivity_command import command
from analysis.sensitivity_folder import open_folder
from analysis.sensitivity_noise import NOT_JUDGED, NOTHING, STANDS_OUT, WITHIN_NOISE, shares
from sim.api import InputError

ROUND = {"a": (-math.pi, math.pi), "b": (-math.pi, math.pi), "c": (-math.pi, math.pi)}
UNIT = (0.0, 1.0)


def ishigami(values: dict[str, float], *_: object) -> dict[str, float]:
    a, b, c = values["a"], values["b"], values["c"]
    return {"harm": math.sin(a) + 7.0 * math.sin(b) ** 2 + 0.1 * c**4 * math.sin(a)}


def found(folder: Path, **more: str) -> Sensitivity:
    opened = open_folder(folder, partial=False)
    return sensitivity_of(opened, opened.outcomes[0], opened.scenarios[0], more.get("lever", "baseline"), more.get("against", ""))


def straight(values: dict[str, float], _forms: dict[str, str], _lever: str, seed: int) -> dict[str, float]:
    """Two numbers matter, one only shakes the dice, one is never read."""
    shaken = luck(seed, int(1e9 * values["shakes"]))
    return {"harm": 4.0 * values["strong"] - 2.0 * values["weak"] + 0.5 * shaken}


LINE = {"strong": UNIT, "weak": UNIT, "shakes": UNIT, "unread": UNIT}


def test_the_indices_of_ishigamis_function_come_out_of_the_whole_pipeline(tmp_path):
    told = found(sweep_folder(tmp_path / "s", ishigami, ROUND, {"kind": "saltelli", "size": 4096, "seed": 1}))
    by_name = {item.name: item for item in told.indices}
    for name, first, total in (("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)):
        assert by_name[name].first == pytest.approx(first, abs=0.02)
        assert by_name[name].total == pytest.approx(total, abs=0.02)
        assert abs(by_name[name].first - first) < by_name[name].first_half
        assert abs(by_name[name].total - total) < by_name[name].total_half


def test_with_one_seed_indices_and_effects_are_those_of_salib(tmp_path):
    morris = pytest.importorskip("SALib.analyze.morris")
    sobol = pytest.importorskip("SALib.analyze.sobol")
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-math.pi, math.pi]] * 3, "groups": None}
    many = open_folder(sweep_folder(tmp_path / "s", ishigami, ROUND, {"kind": "saltelli", "size": 256}), partial=False)
    runs = many.responses(many.outcomes[0], "toy", "baseline").runs[:, 0, 0]
    wanted = sobol.analyze(problem, runs, calc_second_order=False, seed=1)
    told = {item.name: item for item in found(tmp_path / "s").indices}
    assert [told[name].first for name in "abc"] == pytest.approx([*wanted["S1"]], abs=1e-5)
    assert [told[name].total for name in "abc"] == pytest.approx([*wanted["ST"]], abs=1e-5)
    few = open_folder(sweep_folder(tmp_path / "m", ishigami, ROUND, {"kind": "morris", "size": 30}), partial=False)
    runs = few.responses(few.outcomes[0], "toy", "baseline").runs[:, 0, 0]
    wanted = morris.analyze(problem, few.drawn, runs, seed=1)
    effects = {item.name: item for item in found(tmp_path / "m").effects}
    assert [effects[name].mu_star for name in "abc"] == pytest.approx([*wanted["mu_star"]])
    assert [effects[name].sigma for name in "abc"] == pytest.approx([*wanted["sigma"]])


def test_morris_effects_of_a_straight_line_are_its_rises_and_a_number_that_only_shakes_the_dice_is_within_noise(tmp_path):
    told = found(sweep_folder(tmp_path / "s", straight, LINE, {"kind": "morris", "size": 24}, seeds=8))
    effects = {item.name: item for item in told.effects}
    assert [item.name for item in told.effects[:2]] == ["strong", "weak"]
    assert effects["strong"].mu == pytest.approx(4.0, abs=0.1)
    assert effects["weak"].mu == pytest.approx(-2.0, abs=0.1)
    verdicts = {name: item.verdict for name, item in effects.items()}
    assert verdicts == {"strong": STANDS_OUT, "weak": STANDS_OUT, "shakes": WITHIN_NOISE, "unread": NOTHING}
    assert effects["shakes"].mu_star == pytest.approx(effects["shakes"].by_noise, rel=0.5)


def test_luck_is_taken_out_of_indices_and_told_apart(tmp_path):
    told = found(sweep_folder(tmp_path / "s", straight, LINE, {"kind": "saltelli", "size": 256}, seeds=6))
    by_name = {item.name: item for item in told.indices}
    assert by_name["strong"].total == pytest.approx(0.8, abs=0.06)
    assert by_name["weak"].total == pytest.approx(0.2, abs=0.04)
    assert by_name["shakes"].total == pytest.approx(0.0, abs=0.02)
    assert by_name["shakes"].by_noise > 0.015
    assert by_name["shakes"].verdict == WITHIN_NOISE
    assert told.spread.chance_share == pytest.approx(0.25 / (0.25 + 20.0 / 12.0), abs=0.03)


def test_four_trajectories_on_two_seeds_find_what_always_goes_one_way_and_ten_useless_numbers_rarely_stand_out(tmp_path):
    def play(values, _forms, _lever, seed):
        return {"harm": 20.0 * values["strong"] + 3.0 * luck(seed, *(int(1e9 * value) for value in values.values()))}

    ends = {"strong": UNIT, **{f"z{place}": UNIT for place in range(10)}}
    told = [
        found(sweep_folder(tmp_path / f"{turn}", play, ends, {"kind": "morris", "size": 5, "seed": turn}, seeds=2)) for turn in range(8)
    ]
    assert sum("strong" in one.standing_out for one in told) >= 6
    assert sum(len({*one.standing_out} - {"strong"}) > 0 for one in told) <= 2


def test_with_one_seed_what_has_no_direction_is_not_judged(tmp_path):
    told = found(sweep_folder(tmp_path / "s", ishigami, ROUND, {"kind": "morris", "size": 20}))
    verdicts = {item.name: item.verdict for item in told.effects}
    assert verdicts["b"] == NOT_JUDGED
    assert math.isnan(told.spread.chance_share)


def test_other_designs_are_screened_and_a_useless_number_stays_within_what_shuffling_gives(tmp_path):
    told = found(sweep_folder(tmp_path / "s", straight, LINE, {"kind": "latin_hypercube", "size": 200}, seeds=4))
    assert told.screening is not None
    screened = {item.name: item for item in told.screening.factors}
    assert screened["strong"].share == pytest.approx(0.8, abs=0.12)
    assert screened["strong"].alone and screened["strong"].together and screened["weak"].stands_out
    assert screened["strong"].rank > 0.0 > screened["weak"].rank
    assert not screened["shakes"].alone and not screened["unread"].alone
    assert told.standing_out[0] == "strong"


def test_the_share_of_a_crossed_form_and_of_numbers_are_told_apart(tmp_path):
    def play(values, forms, _lever, seed):
        return {"harm": values["x"] + (1.0 if forms["f"] == "B" else 0.0) + 0.3 * luck(seed, int(1e9 * values["x"]))}

    crossed = {"f": ("A", "B"), "g": ("P", "Q", "R")}
    told = found(sweep_folder(tmp_path / "s", play, {"x": UNIT}, {"kind": "sobol", "size": 64}, seeds=3, crossed=crossed))
    shares_told = {item.name: item for item in told.forms}
    assert shares_told["f"].total == pytest.approx(0.25 / (0.25 + 1.0 / 12.0), abs=0.03)
    assert shares_told["f"].first == pytest.approx(shares_told["f"].total, abs=0.02)
    assert shares_told["f"].means["B"] - shares_told["f"].means["A"] == pytest.approx(1.0)
    assert (shares_told["f"].verdict, shares_told["g"].verdict) == (STANDS_OUT, NOTHING)


def test_a_drawn_form_of_several_kinds_is_a_factor_with_indices(tmp_path):
    def play(values, forms, *_):
        return {"harm": values["x"] + {"P": 0.0, "Q": 3.0, "R": 0.0}[forms["f"]]}

    told = found(sweep_folder(tmp_path / "s", play, {"x": UNIT}, {"kind": "saltelli", "size": 512}, drawn={"f": ("P", "Q", "R")}))
    by_name = {item.name: item for item in told.indices}
    assert by_name["f"].is_form
    assert by_name["f"].first == pytest.approx(2.0 / (2.0 + 1.0 / 12.0), abs=0.05)


def test_a_difference_between_levers_hinges_on_what_the_levers_do_not_share(tmp_path):
    def play(values, _forms, lever, _seed):
        return {"harm": 10.0 * values["shared"] + (values["own"] if lever == "1.2" else 0.0)}

    ends = {"shared": UNIT, "own": UNIT}
    folder = sweep_folder(tmp_path / "s", play, ends, {"kind": "saltelli", "size": 128}, levers=("baseline", "1.2"))
    told = {item.name: item for item in found(folder, lever="1.2", against="baseline").indices}
    assert told["own"].total == pytest.approx(1.0, abs=0.03)
    assert told["shared"].total == pytest.approx(0.0, abs=1e-9)


def test_an_outcome_that_never_varies_is_said_to_be_so(tmp_path):
    told = found(sweep_folder(tmp_path / "s", lambda *_: {"harm": 3.0}, {"x": UNIT}, {"kind": "latin_hypercube", "size": 50}, seeds=2))
    assert not told.varies
    assert told.standing_out == ()


def test_runs_that_failed_are_left_out_and_counted(tmp_path):
    def play(values, _forms, _lever, seed):
        return {"harm": math.nan if seed == 1 and values["y"] > 0.8 else values["x"] + 0.1 * luck(seed, int(1e9 * values["x"]))}

    told = found(sweep_folder(tmp_path / "s", play, {"x": UNIT, "y": UNIT}, {"kind": "saltelli", "size": 128}, seeds=3))
    by_name = {item.name: item for item in told.indices}
    assert told.dropped > 10
    assert by_name["x"].total == pytest.approx(1.0, abs=0.1)


def test_variance_between_seeds_of_a_lucky_day_does_not_count_as_parameters():
    rng = np.random.default_rng(3)
    runs = rng.normal(size=(1, 1, 40)) + rng.normal(size=(300, 1, 1))
    told = shares(runs)
    assert told.parameters == pytest.approx(1.0, abs=0.2)
    assert told.noise_in_means == pytest.approx(0.0, abs=1e-9)
    assert told.chance_share == pytest.approx(0.5, abs=0.15)


def run(folder: Path, *arguments: str) -> int:
    code = command.main([str(folder), *arguments], standalone_mode=False)
    return code if isinstance(code, int) else 0


def test_the_command_prints_data_and_writes_a_page_without_any_address_of_a_host(tmp_path, capsys):
    folder = sweep_folder(tmp_path / "s", straight, LINE, {"kind": "latin_hypercube", "size": 120}, seeds=3)
    assert run(folder, "--json", "--fails", "harm > 2", "--out", str(tmp_path / "page.html")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][0]["screening"]["factors"][0]["name"] == "strong"
    assert told["discoveries"][0]["boxes"][0]["restrictions"][0]["name"] == "strong"
    page = (tmp_path / "page.html").read_text("utf-8")
    assert not re.search(r"(src|href)=.?https?:|url\(.?https?:", page)
    assert "strong" in page and "within noise" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--outcome", "harn"], "harm"),
        (["--lever", "1.3"], "--lever 1.3"),
        (["--fails", "harm is bad"], "neither a bound"),
        (["--fails", "harm > much"], "no number"),
        (["--fails", "1.2 worse than baseline on harm"], "no lever"),
    ],
)
def test_what_the_sweep_does_not_have_is_refused_with_the_nearest(tmp_path, arguments, words):
    folder = sweep_folder(tmp_path / "s", straight, LINE, {"kind": "latin_hypercube", "size": 40}, seeds=2)
    with pytest.raises(InputError, match=words):
        run(folder, *arguments)


def test_an_unfinished_sweep_is_refused_with_what_is_missing_unless_that_is_allowed(tmp_path):
    design = {"kind": "latin_hypercube", "size": 80}
    half = sweep_folder(tmp_path / "s", straight, LINE, design, seeds=2, without=lambda number: number >= 120)
    with pytest.raises(InputError, match="40 of 160 runs are missing"):
        run(half)
    assert run(half, "--partial", "--json") == 0


def test_conditions_of_failure_are_not_looked_for_in_trajectories(tmp_path):
    folder = sweep_folder(tmp_path / "s", straight, LINE, {"kind": "morris", "size": 10}, seeds=2)
    with pytest.raises(InputError, match="morris design"):
        run(folder, "--fails", "harm > 2")


def test_a_folder_that_is_no_sweep_is_refused(tmp_path):
    with pytest.raises(InputError, match="plan"):
        run(tmp_path)


def test_few_points_of_another_design_are_too_few(tmp_path):
    folder = sweep_folder(tmp_path / "s", straight, LINE, {"kind": "latin_hypercube", "size": 12}, outcomes={"harm": HARM})
    with pytest.raises(InputError, match="screening needs 40"):
        run(folder)
