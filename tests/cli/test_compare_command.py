"""``kforsim compare``: a real small comparison, its folder, going on with it, and bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from analysis.robustness import EXPECTED

SMALL = ("compare", "may_2023_zvecan", "--options", "R1,placebo", "--seeds", "4", "--workers", "1", "--budget", "none")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A comparison of three options on a case of each panel, as a user makes it: folder and what was printed."""
    folder = tmp_path_factory.mktemp("compared") / "small"
    done = subprocess.run(
        [sys.executable, "-m", "sim", *SMALL, "--out", str(folder)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return folder, done


def test_the_answer_says_first_where_it_flips_and_last_how_to_repeat_it(made):
    _, done = made
    lines = [line for line in done.stdout.splitlines() if line]
    assert "panel" in lines[0]
    assert lines[-1].endswith("kforsim compare may_2023_zvecan --options R1,placebo --seeds 4 --budget none")
    assert "1. " in done.stdout


def test_checks_that_must_be_nothing_are_exactly_nothing(made):
    folder, done = made
    assert json.loads((folder / "comparison.json").read_text("utf-8"))["placebo"] == {
        "the baseline played twice": 0.0,
        "placebo against the baseline": 0.0,
    }
    assert done.stdout.count("exactly 0") == 2


def test_the_folder_holds_plan_parts_data_and_page(made):
    folder, _ = made
    assert sorted(path.name for path in folder.iterdir()) == ["comparison.json", "index.html", "parts", "plan.json"]
    found = json.loads((folder / "comparison.json").read_text("utf-8"))
    assert found["rankings"][0]["rule"] == EXPECTED
    assert {item["id"] for item in found["options"]} == {"baseline", "R1", "placebo"}


def test_going_on_reads_what_is_kept_and_refines(made, kforsim, tmp_path):
    folder, _ = made
    before = json.loads((folder / "comparison.json").read_text("utf-8"))
    code, out, err = kforsim(*SMALL, "--out", folder, "--resume", "--json", "--no-page")
    assert code == 0, err
    after = json.loads(out)
    for key in ("effects", "rankings", "by_doctrine", "runs", "seeds"):
        assert after[key] == before[key]


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("may_2023_zvecan", "--options", "9.9"), ["--options 9.9", "there is no such option"]),
        (("may_2023_zvecan", "--options", "R2+body.assertive_selective"), ["R2", "body.assertive_selective"]),
        (("may_2023_zvecan", "--options", ","), ["names no option"]),
        (("nowhere",), ["nowhere"]),
        (("may_2023_zvecan", "--budget", "soon"), ["--budget soon", "5min"]),
        (("may_2023_zvecan", "--weights", "harm frist"), ["'harm frist'", "harm first"]),
        (("may_2023_zvecan", "--weights", "armed_attack=1"), ["armed_attack", "no primary outcome"]),
        (("may_2023_zvecan", "--weights", "riot=-1"), ["riot=-1"]),
        (("may_2023_zvecan", "--doctrine", "kfor_restraint"), ["kfor_restraint", "kfor_restrained"]),
    ],
)
def test_bad_input_is_refused_with_what_to_do(refused, tmp_path, arguments, parts):
    complaints = refused("compare", *arguments, "--out", tmp_path / "out")
    for part in parts:
        assert part in complaints
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_a_comparison_is_not_written_over(made, refused):
    folder, _ = made
    assert "--resume" in refused(*SMALL, "--out", folder)


def test_another_plan_is_refused_with_what_differs(made, refused):
    folder, _ = made
    complaints = refused("compare", "may_2023_zvecan", "--options", "R1", "--out", folder, "--resume")
    assert "options differ in placebo" in complaints


def _as_in_a_terminal() -> None:
    """Let Ctrl-C interrupt: a shell that starts tests in the background has them ignore it, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_an_interrupt_keeps_what_is_done(tmp_path):
    folder = tmp_path / "long"
    arguments = ["compare", "may_2023_zvecan", "--options", "placebo", "--seeds", "400", "--workers", "1", "--budget", "none", "--no-page"]
    with subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments, "--out", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_as_in_a_terminal,  # noqa: PLW1509  # no threads here
    ) as running:
        until = time.monotonic() + 900.0
        while time.monotonic() < until and len([*folder.glob("parts/*.json")]) < 2:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=600)
    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert "it was interrupted" in out
    assert json.loads((folder / "comparison.json").read_text("utf-8"))["stopped"] == "interrupted"
