"""Disputed facts are set side by side on the same seeds, and nothing else is said of them."""

import numpy as np
import pytest

from analysis import accounts
from analysis.accounts import SHOWN, Account, accounts_of, as_page
from sim.api import InputError, load


def test_each_account_of_each_switch_is_asked_once_and_alone():
    found = accounts_of(load("banjska_2023"))
    assert found[0].settings == {}
    switches = [tuple(key for key in item.settings if key.startswith("switch.")) for item in found[1:]]
    assert all(len(named) == 1 for named in switches)
    values = {item.settings[names[0]] for item, names in zip(found[1:], switches, strict=True)}
    assert values == {"30", "90", "negotiated", "by_vehicle", "37"}


def test_a_negotiated_exit_is_played_by_a_doctrine_that_negotiates():
    negotiated = next(item for item in accounts_of(load("banjska_2023")) if "negotiated" in item.settings.values())
    assert negotiated.settings["seat.kfor_commander"] == "kfor_mediates_exit"


def test_a_scenario_without_an_armed_group_is_refused():
    with pytest.raises(InputError, match="no disputed fact that shapes a run"):
        accounts_of(load("may_2023"))


def test_a_difference_is_told_only_where_its_interval_leaves_out_zero():
    scenario, seeds = load("banjska_2023"), 8
    base = np.tile(np.arange(seeds, dtype=float)[:, None], (1, len(SHOWN)))
    noise = np.where(np.arange(seeds) % 2 == 0, 1.0, -1.0)
    other = base + noise[:, None]
    other[:, 0] = base[:, 0] + 3.0 + noise / 10.0
    two = [Account("base", {}), Account("other", {"switch.fighters": "90"})]
    page = as_page(scenario, two, {"base": base, "other": other}, seeds)
    rows = {line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| `")}
    assert "<br>+3" in rows[f"`{SHOWN[0]}`"]
    assert not any("<br>" in rows[f"`{name}`"] for name in SHOWN[1:])


def test_a_failed_run_is_told_and_nothing_is_written(monkeypatch):
    class Failed:
        failure, outcomes = "ValueError: broken", {}

    monkeypatch.setattr(accounts, "run_many", lambda cases, **_: [Failed() for _ in cases])
    with pytest.raises(InputError, match="a run failed: ValueError: broken"):
        accounts.play(load("banjska_2023"), [Account("base", {})], 2)
