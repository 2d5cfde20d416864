"""Pattern P2 on automatic seats over the surviving parameter sets: what hit before must not miss now."""

from __future__ import annotations

import json

import pytest

from analysis.surviving_sets import read_surviving, varied
from analysis.validate import as_data, kept_hits, validate
from sim.api import InputError, load


@pytest.fixture(scope="module")
def validation():
    return validate("may_2023_zvecan")


def test_fifty_sets_survive_and_every_run_finishes(validation):
    assert validation.used_sets >= 50, "the specification asks for fifty surviving parameter sets"
    assert validation.seeds >= 20
    assert not validation.failures


def test_what_hit_before_still_hits(validation):
    kept = kept_hits(validation.scenario.folder)
    assert kept, "no validation has been kept: kforsim validate --keep"
    lost = set(kept) - set(validation.hits)
    told = {item.statistic.name: item.needed for item in validation.misses}
    assert not lost, f"statistics that hit before now miss: { {name: told[name] for name in lost} }"


def test_the_kept_table_is_what_this_model_gives(validation):
    kept = json.loads((validation.scenario.folder / "validated.json").read_text(encoding="utf-8"))
    assert kept["statistics"] == as_data(validation)["statistics"], "results changed: kforsim validate --keep, and say so in the changelog"


def test_a_worse_model_loses_a_hit():
    """The tests above can fail: a crowd that is roused by next to nothing is violent long before the push."""
    scenario = load("may_2023_zvecan")
    kept = kept_hits(scenario.folder)
    broken = validate("may_2023_zvecan", sets=2, seeds=3, history_seeds=0, workers=1, changed={"threshold_mean": 0.4})
    assert set(kept) - set(broken.hits)


def test_surviving_sets_lie_inside_the_declared_ranges():
    scenario = load("may_2023_zvecan")
    ranges = {name: (low, high) for name, low, high in varied(scenario.parameters)}
    sets = read_surviving(scenario.folder)
    for place in range(len(sets.sets)):
        for name, value in sets.values(place).items():
            low, high = ranges[name]
            assert low - 1e-5 * abs(low) <= value <= high + 1e-5 * abs(high), (place, name, value)


def test_all_three_theories_stay_live_among_the_survivors():
    sets = read_surviving(load("may_2023_zvecan").folder)
    values = [sets.values(place) for place in range(len(sets.sets))]
    for strength in ("theta_deterrence", "theta_spiral"):
        assert min(value[strength] for value in values) < 0.9 < 1.1 < max(value[strength] for value in values), strength
    assert max(value["planned_chance"] for value in values) > 0.15


def test_a_broken_table_of_sets_is_refused(tmp_path):
    (tmp_path / "surviving_sets.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no table of parameter sets"):
        read_surviving(tmp_path)
