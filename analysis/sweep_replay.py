"""One experiment of a sweep by itself: what it is, what it gave, the line that plays it again, and the run kept as a folder to be read.

So an outlier of a table opens as a run with its story, and a failed run can be looked at where it fails.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.sweep_folder import PLAN
from analysis.sweep_parts import KEYS, LAST, RUN_DIGEST, Numbered, Planned, part_path, read_part
from sim.api import Campaign, Case, check_free, configured, input_error, load, run, save, spoken_names


@dataclass(frozen=True)
class Replayed:
    """An experiment, its case, and what the sweep's table says of it: nothing where its part is not there."""

    experiment: Numbered
    case: Case
    row: Mapping[str, Any]

    @property
    def outcomes(self) -> dict[str, float]:
        """What it gave."""
        apart = {*KEYS, *LAST}
        return {name: value for name, value in self.row.items() if name not in apart}


def experiment_of(folder: Path, plan: Planned, number: int) -> Replayed:
    """Return an experiment of a sweep's folder; InputError where the plan has no such number."""
    if not 0 <= number < plan.total:
        raise input_error(f"--experiment {number}", f"is not in {folder / PLAN}", f"experiments go from 0 to {plan.total - 1}")
    part = number // plan.part_size
    table = read_part(part_path(folder, part), plan, part)
    row = {} if table is None else table.slice(number - part * plan.part_size, 1).to_pylist()[0]
    return Replayed(plan.experiment(number), plan.case(number), row)


def run_line(case: Case) -> str:
    """Return the ``kforsim run`` that plays a case: every value to its last digit."""
    words = ["kforsim", "run", case.scenario, "--seed", str(case.seed)]
    words += [word for name, text in settings_typed(case).items() for word in ("--set", f"{name}={text}")]
    return shlex.join(words)


def settings_typed(case: Case) -> dict[str, str]:
    """Return a case's values and settings as a user types them; a setting lies over the value of the same parameter."""
    spoken = spoken_names()
    full = {item.name: name for name, item in reversed(spoken.items())}
    over = {spoken[name].name for name in case.settings if name in spoken}
    kept = {full[name]: value for name, value in case.values.items() if name not in over}
    typed = {name: value if isinstance(value, str) else repr(float(value)) for name, value in kept.items()}
    return {**typed, **case.settings}


def play_again(replayed: Replayed, out: Path) -> bool:
    """Play an experiment, keep it as a run's folder, and tell whether its record is that of the sweep."""
    case = replayed.case
    check_free(out)
    scenario = load(case.scenario)
    if isinstance(scenario, Campaign):
        raise input_error(f"--out {out}", "a campaign keeps no folder", "play it by the line that is printed")
    finished = run(configured(scenario, settings_typed(case)), case.seed)
    save(finished, out, "automatic")
    return not replayed.row or finished.digest[:RUN_DIGEST] == replayed.row["digest"]
