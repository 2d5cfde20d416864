"""What ``kforsim list`` shows, and that it needs nothing heavy for it."""

from __future__ import annotations

import json
import subprocess
import sys


def test_it_shows_scenarios_doctrines_and_plans(kforsim):
    code, out, _ = kforsim("list")
    assert code == 0
    for part in ("may_2023_zvecan: Zvečan, 29 May 2023", "2023-05-29 06:00 to 22:00, at zvecan", "kfor_counterbalancing", "barricade"):
        assert part in out
    assert "first_to_use_force_in_the_evening" in out


def test_json_holds_the_same(kforsim):
    code, out, _ = kforsim("list", "--json")
    told = json.loads(out)
    assert code == 0
    (zvecan,) = (scenario for scenario in told["scenarios"] if scenario["name"] == "may_2023_zvecan")
    assert zvecan["title"] == "Zvečan, 29 May 2023"
    assert (zvecan["sites"], zvecan["days"]) == (["zvecan"], ["2023-05-29"])
    assert "who_shot_the_protester" in zvecan["switches"]
    assert {"crowd_bargaining", "kfor_counterbalancing"} <= {row["name"] for row in told["doctrines"]}
    assert {"gate", "zvecan_town_hall.yaml"} <= {row["name"] for row in told["plans"]}


def test_nothing_heavy_is_loaded():
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        "try:\n    main(['list'])\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "print([name for name in ('numba', 'numpy', 'mesa', 'matplotlib', 'pandas', 'networkx', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"
