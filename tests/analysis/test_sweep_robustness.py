"""Robustness of a sweep's levers: rules and weights that disagree are told, flips are exact, knowing is never worth more than it is."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from sweep_folders import luck, sweep_folder

from analysis.robustness_command import command
from analysis.sensitivity_responses import Factor
from analysis.sweep_value import value_of_all, values_of_knowing
from sim.api import InputError

UNIT = (0.0, 1.0)
BOTH = {
    "harm": {"unit": "persons", "better": "less", "primary": True, "meaning": "harm"},
    "held": {"unit": "share", "better": "more", "primary": True, "meaning": "held"},
}


def phi(x: float) -> float:
    return math.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)


def chance_below(x: float) -> float:
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def knowing(levers: np.ndarray, columns: np.ndarray) -> dict[str, object]:
    factors = tuple(Factor(f"x{place}") for place in range(columns.shape[1]))
    return {item.name: item for item in values_of_knowing(levers, factors, columns, np.arange(len(columns)))}


@pytest.mark.parametrize(("mean", "slope"), [(0.0, 1.0), (0.4, 1.0), (-0.3, 2.0)])
def test_the_value_of_knowing_is_that_of_the_closed_form_for_normal_uncertainties(mean, slope):
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(4000, 3))
    levers = np.array([np.zeros(4000), mean + slope * columns[:, 0] + rng.normal(size=4000)])
    told = knowing(levers, columns)
    ratio = mean / slope
    wanted = slope * (phi(ratio) - abs(ratio) * (1.0 - chance_below(abs(ratio))))
    assert told["x0"].gain == pytest.approx(wanted, abs=0.05)
    assert told["x0"].worth
    assert not told["x1"].worth


def test_a_useless_number_is_not_worth_knowing_on_average_however_noisy_the_losses():
    gains, claimed = [], 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        columns, levers = rng.random((100, 4)), rng.normal(size=(5, 100))
        told = knowing(levers, columns)
        gains += [item.gain for item in told.values()]
        claimed += any(item.worth for item in told.values())
    assert np.mean(gains) < 0.02
    assert claimed <= 4


def test_the_value_of_knowing_everything_leaves_luck_out():
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(3, 400, 10))
    gain, half = value_of_all(noise)
    assert abs(gain) < 2.0 * half
    truth = rng.normal(size=(2, 4000, 1))
    gain, _ = value_of_all(truth + 0.1 * rng.normal(size=(2, 4000, 4)))
    assert gain == pytest.approx(1.0 / math.sqrt(math.pi), abs=0.04)


def trade(values, _forms, lever, seed):
    """1.2 trades harm for holding; it harms most where x is large."""
    more = lever == "1.2"
    harm = 10.0 + (8.0 * (values["x"] - 0.5) if more else 0.0) + luck(seed, int(1e9 * values["x"]))
    return {"harm": harm, "held": 0.3 + (0.2 if more else 0.0) + 0.1 * luck(seed, int(1e9 * values["y"]), 1)}


@pytest.fixture(scope="module")
def traded(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("trade") / "s"
    ends, design = {"x": UNIT, "y": UNIT}, {"kind": "latin_hypercube", "size": 150}
    return sweep_folder(folder, trade, ends, design, seeds=4, levers=("baseline", "1.2"), outcomes=BOTH)


def run(folder: Path, *arguments: str) -> int:
    code = command.main([str(folder), *arguments], standalone_mode=False)
    return code if isinstance(code, int) else 0


def told(folder: Path, capsys, *arguments: str) -> dict:
    assert run(folder, "--json", *arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_rules_stand_side_by_side_and_caution_turns_the_order(traded, capsys):
    found = told(traded, capsys)
    by_rule = {item["rule"]: item["order"][0] for item in found["rankings"] if item["weights"] == "equal"}
    assert set(by_rule) == {"expected value", "regret", "satisficing", "worst case", "worst tenth of runs"}
    assert by_rule["expected value"] == "1.2"


def test_the_number_on_which_the_order_hinges_is_named_with_its_side_and_is_worth_knowing(traded, capsys):
    found = told(traded, capsys)
    flip = found["deciding"][0]
    assert (flip["option"], flip["parameter"], flip["better_below"]) == ("baseline", "x", False)
    worth = {item["name"]: item["low"] > 0.0 for item in found["knowing"]}
    assert worth == {"x": True, "y": False}


def test_the_weight_at_which_the_first_place_changes_is_exact(tmp_path, capsys):
    def play(values, _forms, lever, _seed):
        more = 1.0 if lever == "1.2" else 0.0
        return {"harm": values["x"] + 0.5 * more, "held": values["x"] + 1.0 * more}

    ends, design = {"x": UNIT, "y": UNIT}, {"kind": "sobol", "size": 64}
    folder = sweep_folder(tmp_path / "s", play, ends, design, levers=("baseline", "1.2"), outcomes=BOTH)
    found = told(folder, capsys)
    harm, held = 0.5 / found["scales"]["harm"], 1.0 / found["scales"]["held"]
    flip = found["weight_flips"][0]
    assert (flip["outcome"], flip["before"], flip["after"]) == ("harm", "1.2", "baseline")
    assert flip["weight"] == pytest.approx(held / (harm + held))
    assert found["first_under"]["1.2"] == pytest.approx(held / (harm + held), abs=0.03)


def test_bounds_are_counted_by_points_and_by_runs(traded, capsys):
    found = told(traded, capsys, "--satisfice", "held >= 0.4", "--satisfice", "harm <= 100")
    assert found["satisfied"]["1.2"]["cases"] > 0.9 > 0.1 > found["satisfied"]["baseline"]["cases"]
    assert found["satisfied"]["1.2"]["each"]["harm <= 100"] == 1.0


def test_weights_come_from_a_file_and_order_by_it(traded, tmp_path, capsys):
    mine = tmp_path / "mine.yaml"
    mine.write_text("harm: 1\nheld: 0\n", "utf-8")
    found = told(traded, capsys, "--weights", str(mine))
    assert found["weights"] == {"harm": 1.0, "held": 0.0}
    assert found["weights_name"] == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--weights", "harm frist"], "no preset and no file"),
        (["--satisfice", "harn <= 3"], "harm"),
        (["--satisfice", "harm is low"], "no outcome with a bound"),
        (["--scenario", "may"], "--scenario may"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(traded, arguments, words):
    with pytest.raises(InputError, match=words):
        run(traded, *arguments)


def test_one_lever_and_trajectories_are_refused(tmp_path):
    alone = sweep_folder(tmp_path / "a", trade, {"x": UNIT, "y": UNIT}, {"kind": "sobol", "size": 8}, outcomes=BOTH)
    with pytest.raises(InputError, match="one lever only"):
        run(alone)
    design = {"kind": "morris", "size": 4}
    moved = sweep_folder(tmp_path / "b", trade, {"x": UNIT, "y": UNIT}, design, levers=("baseline", "1.2"), outcomes=BOTH)
    with pytest.raises(InputError, match="unfit for shares of points"):
        run(moved)


def test_the_page_is_one_file_that_asks_nothing_of_any_host(traded, tmp_path, capsys):
    assert run(traded, "--out", str(tmp_path / "page.html"), "--satisfice", "held >= 0.4") == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert not re.search(r"(src|href)=.?https?:|url\(.?https?:", page)
    assert "Where the order flips" in page
    assert "1.2" in capsys.readouterr().out
