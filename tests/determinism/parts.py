"""Parts of the replay of May that no shipped scenario holds: some of its days, at some of its sites."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.scenario.loader import Scenario, load_scenario


def part_of_may(folder: Path, days: Sequence[str], sites: Sequence[str]) -> Scenario:
    """Write a part of May into *folder* and return it, checked."""
    target = folder / "part"
    target.mkdir()
    (target / "scenario.yaml").write_text(
        "format: 2\nname: part\ntitle: a part of May\nsummary: for tests\npart_of: may_2023\n"
        f"days: [{', '.join(f'{day}.yaml' for day in days)}]\nsites: [{', '.join(sites)}]\n",
        "utf-8",
    )
    return load_scenario(target)
