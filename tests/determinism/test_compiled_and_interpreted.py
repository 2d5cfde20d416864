"""The same small days, armed night and weeks compiled and as plain Python: same record, same tables, every rule and kernel called."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys

import pytest
import small_day
from rule_inputs import SIM

from sim.engine.run import new_model
from sim.engine.state import Incident

ROOT = SIM.parent
NOT_OF_A_RUN = "verification/"
LAWS_ONLY: set[str] = set()
"""Rules that state a law which tests hold play to, and that nothing in play calls; one that play calls must leave this list."""


def _played(*, interpreted: bool) -> dict[str, object]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "KFORSIM_INTERPRETED": "1" if interpreted else "0"}
    found = subprocess.run(
        [sys.executable, "-W", "error", small_day.__file__], env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    told: dict[str, object] = json.loads(found.stdout)
    return told


@pytest.fixture(scope="module")
def compiled() -> dict[str, object]:
    return _played(interpreted=False)


@pytest.fixture(scope="module")
def plain() -> dict[str, object]:
    return _played(interpreted=True)


def _marked_functions() -> set[str]:
    marked = set()
    for path in SIM.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and {"rule", "kernel"} & {ast.unparse(mark) for mark in function.decorator_list}:
                marked.add(f"{path.relative_to(SIM).as_posix()}:{function.name}")
    return {name for name in marked if not name.startswith(NOT_OF_A_RUN)}


def test_compiled_and_interpreted_leave_the_same_record(compiled, plain):
    assert (compiled["interpreted"], plain["interpreted"]) == (False, True)
    assert compiled["record"] == plain["record"]
    assert compiled["outcomes"] == plain["outcomes"]


@pytest.mark.parametrize("table", ["people", "sections"])
def test_compiled_and_interpreted_leave_the_same_bytes_in(table, compiled, plain):
    assert compiled[table] == plain[table]


def test_the_small_days_call_every_rule_and_kernel(plain):
    assert _marked_functions() - set(plain["called"]) == LAWS_ONLY


def test_the_weeks_of_campaigns_leave_the_same_compiled_and_interpreted(compiled, plain):
    assert compiled["weeks"] == plain["weeks"]
    assert len(set(compiled["weeks"])) == len(compiled["weeks"]) > 1


def test_the_armed_night_leaves_the_same_compiled_and_interpreted(compiled, plain):
    assert compiled["night"] == plain["night"]


def test_the_armed_night_comes_from_the_roadblock_to_control_with_people_hurt_caught_and_away(compiled):
    night = compiled["night"]
    assert {"block", "contact", "encircled", "occupation", "advance", "breakout", "sweep", "gone", "control"} <= set(night["happened"])
    assert set(night["phases"]) == {"KILLED", "CAPTURED", "ESCAPED"}
    assert {"detection", "told", "leak", "ledger", "cell", "search", "belief"} <= set(night["entries"])
    assert min(night["outcomes"][name] for name in ("officers_hurt", "attackers_killed", "civilians_hurt")) > 0


def test_the_small_days_are_two_at_two_sites_with_some_hundred_people(plain):
    assert set(plain["persons"]) == {f"{day}/{site}" for day, site in small_day.PERSONS}
    assert sum(plain["persons"].values()) >= 300


def test_everything_that_can_happen_happens_on_the_small_days(compiled):
    assert set(compiled["kinds"]) == set(Incident.__members__)


def test_a_rule_that_is_off_in_its_last_bit_moves_the_digest(monkeypatch):
    """Shown on a number that a rule reads: were one rule different compiled, the comparison above would say so."""
    kept = small_day.LIVELY
    digests = []
    for factor in (1.0, 1.0 + 2.0**-52):
        monkeypatch.setattr(small_day, "LIVELY", kept | {"threshold_spread": kept["threshold_spread"] * factor})
        digests.append(small_day.digests(small_day.play_small(new_model(small_day.small_scenario(), small_day.SEED))))
    assert digests[0]["people"] != digests[1]["people"]
