"""Accounts: what follows from each account of a disputed fact, side by side, on the same seeds.

A disputed fact is a switch, never a constant. Each account is played by automatic seats at the declared values, first alone, then
where accounts belong together with the doctrine that plays them. What differs between accounts is no finding about policy: it
says how much of a result hangs on what nobody has settled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.paired import student_quantile
from sim.api import Case, Scenario, input_error, load_scenario, model_digest, run_many

PAGE = "accounts.md"

type Progress = Callable[[int], None]

SHOWN = (
    "fighters_committed",
    "contact_after_seen_h",
    "encircled_h",
    "hours_held",
    "control_h",
    "officers_killed",
    "attackers_killed",
    "attackers_escaped_share",
    "attackers_caught",
    "civilians_hurt",
    "serious_or_fatal",
    "hours_at_step_4",
)
"""Outcomes that are set side by side."""

GOES_WITH: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("exit_at_the_monastery", "negotiated"): {"seat.kfor_commander": "kfor_mediates_exit"},
}
"""Doctrines without which an account is told but not played."""


@dataclass(frozen=True)
class Account:
    """One account of one switch, or the scenario as it stands (no settings)."""

    name: str
    settings: Mapping[str, str]


def accounts_of(scenario: Scenario) -> list[Account]:
    """Return the scenario as it stands, then every other account of every switch that shapes a run, one switch at a time."""
    armed = next((day.armed for day in scenario.days if day.armed is not None), None)
    if armed is None:
        raise input_error(scenario.name, "has no disputed fact that shapes a run", "name a scenario with an armed group")
    group = armed.group
    found = [Account("as the scenario stands", {})]
    for name in (group.fighters, group.exit_negotiated, group.way_in, group.other_positions):
        switch = scenario.file.switches[name]
        for value in switch.accounts:
            if value != switch.value:
                settings = {f"switch.{name}": value, **GOES_WITH.get((name, value), {})}
                found.append(Account(f"{name.replace('_', ' ')}: {value.replace('_', ' ')}", settings))
    return found


def play(scenario: Scenario, accounts: Sequence[Account], seeds: int, progress: Progress | None = None) -> dict[str, np.ndarray]:
    """Return by account the outcomes of :data:`SHOWN`, shape ``(seeds, outcomes)``; InputError where a run failed."""
    folder = str(scenario.folder)
    cases = [Case(folder, seed, settings=account.settings) for account in accounts for seed in range(seeds)]
    results = run_many(cases, progress=progress)
    failed = next((result.failure for result in results if result.failure), "")
    if failed:
        raise input_error("accounts", f"a run failed: {failed}", "mend that first")
    rows = np.array([[result.outcomes[name] for name in SHOWN] for result in results])
    return {account.name: rows[place * seeds : (place + 1) * seeds] for place, account in enumerate(accounts)}


def write_page(name: str, seeds: int, progress: Progress | None = None) -> Path:
    """Write the page beside the scenario and return where; InputError for one whose folder cannot be written."""
    scenario = load_scenario(name)
    accounts = accounts_of(scenario)
    text = as_page(scenario, accounts, play(scenario, accounts, seeds, progress), seeds)
    path = scenario.folder / PAGE
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise input_error(path, f"cannot be written ({error})", "copy the scenario and name the copy") from None
    return path


def as_page(scenario: Scenario, accounts: Sequence[Account], found: Mapping[str, np.ndarray], seeds: int) -> str:
    """Return the accounts side by side as markdown."""
    base = found[accounts[0].name]
    sections = [_table(accounts, found, base)]
    for account in accounts:
        if account.settings:
            typed = " ".join(f"--set {key}={value}" for key, value in account.settings.items())
            sections.append(f"`kforsim run {scenario.name} {typed}`")
    return "\n\n".join([HEAD.format(title=scenario.file.title, seeds=seeds, model=model_digest()), *sections]) + "\n"


HEAD = """\
# Accounts side by side: {title}

Made by `kforsim accounts`: {seeds} seeds an account, model {model}; automatic seats, declared values of all parameters. A cell is the
median (5 % to 95 % of runs), and below it the mean difference from the scenario as it stands on the same seeds with its 95 %
interval where that does not hold 0. These are disputed facts, not policies: what differs here hangs on what nobody has settled."""


def _table(accounts: Sequence[Account], found: Mapping[str, np.ndarray], base: np.ndarray) -> str:
    head = "| outcome | " + " | ".join(account.name for account in accounts) + " |"
    lines = [head, "|---" * (len(accounts) + 1) + "|"]
    for place, name in enumerate(SHOWN):
        cells = [_cell(found[account.name][:, place], base[:, place], told=bool(account.settings)) for account in accounts]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(values: np.ndarray, base: np.ndarray, *, told: bool) -> str:
    low, median, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95)))
    text = f"{median:.3g} ({low:.3g} to {high:.3g})"
    pairs = values - base
    if not told or len(pairs) < 2 or not pairs.any():
        return text
    half = student_quantile(0.975, len(pairs) - 1) * float(pairs.std(ddof=1)) / math.sqrt(len(pairs))
    mean = float(pairs.mean())
    return f"{text}<br>{mean:+.3g} ({mean - half:+.3g} to {mean + half:+.3g})" if abs(mean) > half else text
