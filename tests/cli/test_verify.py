"""What ``kforsim verify`` prints, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from sim.cli.main import main

SHORT = ("--size", "20x16", "--vision", "3", "--steps", "30")


@pytest.fixture
def kforsim(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["verify", *arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.mark.parametrize("arguments", [(), ("epstein",), ("granovetter",)])
def test_help_shows_an_example(kforsim, arguments):
    code, out, _ = kforsim(*arguments, "--help")
    assert code == 0
    assert "kforsim verify " + (arguments[0] if arguments else "epstein") in out


def test_help_needs_nothing_heavy():
    code = "import sys, sim.cli.verify; print([name for name in ('numba', 'numpy', 'scipy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_one_seed_shows_its_course(kforsim):
    code, out, _ = kforsim("epstein", "--seed", "3")
    assert code == 0
    assert "vision 7 (citizens 7), ratio nearest, seed 3" in out
    assert "  step  actives   jailed    quiet   police" in out
    assert "outbursts (more than 50 actives): 4" in out


def test_many_seeds_show_a_row_each_and_the_form_decides_the_uprising(kforsim):
    _, raw, _ = kforsim("epstein", "--seeds", "4", "--ratio-form", "raw")
    _, floor, _ = kforsim("epstein", "--seeds", "4", "--ratio-form", "floor")
    assert "in 0 of 4 runs" in raw
    assert "in 4 of 4 runs" in floor
    assert len(floor.splitlines()) == 10


def test_json_gives_setting_and_every_step(kforsim):
    given = (*SHORT, "--citizen-vision", "2", "--ratio-form", "FLOOR", "--jail-term", "5", "--seeds", "2", "--seed", "7")
    code, out, _ = kforsim("epstein", *given, "--police-at", "10=0.1", "--legitimacy-at", "20=0.2", "--json")
    told = json.loads(out)
    assert code == 0
    setting = told["setting"]
    assert (setting["width"], setting["height"], setting["ratio_form"]) == (20, 16, "floor")
    assert (setting["citizen_vision"], setting["police_vision"], setting["max_jail_term"]) == (2, 3, 5)
    assert [one["seed"] for one in told["runs"]] == [7, 8]
    for one in told["runs"]:
        assert {len(series) for series in one["history"].values()} == {31}
        assert set(one["history"]["police"][10:]) == {32}
        assert one["peak_active"] == max(one["history"]["actives"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--size", "40"), "--size: '40' cannot be read; write it as in --size 40x40"),
        (("--size", "axb"), "--size: 'a' cannot be read"),
        (("--size", "9x9"), "--size: on 9x9 a view of radius 7 would meet itself"),
        (("--legitimacy", "2"), "--legitimacy: 2.0 is not a share"),
        (("--police-density", "0.5"), "--police-density: citizens 0.7 and police 0.5 overfill"),
        (("--jail-term", "-1"), "--jail-term: -1 is out of range"),
        (("--citizen-vision", "0"), "--citizen-vision: 0 is out of range"),
        (("--ratio-form", "flor"), "did you mean 'floor'?"),
        (("--legitimacy-at", "10"), "--legitimacy-at: '10' is not STEP=VALUE"),
        (("--police-at", "ten=0.1"), "--police-at: 'ten' cannot be read"),
        (("--police-at", "999=0.1"), "--police-at: step 999 is not played"),
        (("--seeds", "0"), "--seeds: 0 is out of range"),
        (("--steps", "many"), "--steps"),
    ],
)
def test_bad_values_are_refused_with_a_remedy(kforsim, arguments, told):
    code, out, err = kforsim("epstein", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_granovetter_is_met(kforsim):
    code, out, _ = kforsim("granovetter")
    assert code == 0
    assert out.splitlines()[-1] == "met"


def test_granovetter_outside_its_limit_answers_no(kforsim):
    code, out, _ = kforsim("granovetter", "--contagion", "0.1", "--json")
    assert code == 1
    assert json.loads(out)["met"] is False


def test_granovetter_refuses_a_contagion_of_nothing(kforsim):
    code, _, err = kforsim("granovetter", "--contagion", "0")
    assert code == 2
    assert "--contagion: 0.0 is not positive" in err
