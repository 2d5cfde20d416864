"""What ``kforsim list`` shows, and that it needs nothing heavy for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from copies import DAYS, PART, WHOLE

from sim.scenario.loader import load_scenario
from sim.scenario.shipped import shipped_names


def test_it_shows_scenarios_with_their_days_doctrines_and_plans(kforsim):
    code, out, _ = kforsim("list")
    assert code == 0
    for part in (
        "may_2023: Northern Kosovo, 26 to 31 May 2023\n",
        "may_26: 2023-05-26 09:00 to 20:00, at zvecan, leposavic, zubin_potok\n",
        "may_2023_zvecan: Zvečan, 29 May 2023, a part of may_2023\n    may_29: 2023-05-29 06:00 to 22:00, at zvecan\n",
        "kfor_counterbalancing",
        "north_mitrovica_square.yaml",
        "barricade",
    ):
        assert part in out
    assert out.count("first_to_use_force_in_the_evening") == 2


def test_json_holds_the_same(kforsim):
    code, out, _ = kforsim("list", "--json")
    told = json.loads(out)
    assert code == 0
    scenarios = {scenario["name"]: scenario for scenario in told["scenarios"]}
    assert (scenarios[WHOLE]["part_of"], scenarios[PART]["part_of"]) == ("", WHOLE)
    assert [day["name"] for day in scenarios[WHOLE]["days"]] == [*DAYS]
    assert scenarios[PART]["title"] == "Zvečan, 29 May 2023"
    assert "who_shot_the_protester" in scenarios[PART]["switches"]
    assert {"crowd_bargaining", "kfor_counterbalancing"} <= {row["name"] for row in told["doctrines"]}
    plans = [row["name"] for row in told["plans"]]
    assert {"gate", "zvecan_town_hall.yaml"} <= set(plans)
    assert len(plans) == len(set(plans))  # a part's plan is its whole's


@pytest.mark.parametrize("name", shipped_names())
def test_the_list_tells_what_is_loaded(kforsim, name):
    (told,) = (item for item in json.loads(kforsim("list", "--json")[1])["scenarios"] if item["name"] == name)
    scenario = load_scenario(name)
    assert told["sites"] == [*scenario.sites]
    assert told["seats"] == [*scenario.file.seats]
    assert told["title"] == scenario.file.title
    moments = [(day.name, f"{day.file.start:%Y-%m-%d %H:%M}", f"{day.file.end:%Y-%m-%d %H:%M}", [*day.sites]) for day in scenario.days]
    assert [(day["name"], day["start"], day["end"], day["sites"]) for day in told["days"]] == moments


def test_nothing_heavy_is_loaded():
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        "try:\n    main(['list'])\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "print([name for name in ('numba', 'numpy', 'mesa', 'matplotlib', 'pandas', 'networkx', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"
