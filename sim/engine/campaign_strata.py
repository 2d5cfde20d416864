"""Strata: what standing down must be worth to the armed leader for the baseline's chance of a launch to be a given one.

One occurrence cannot set that chance, so it is an input: for each stratum the worth is found by bisection, on the same seeds at
every trial, and kept in the campaign's ``strata.yaml``. Until the first launch nothing in a run depends on that worth but the
leader's own choice and the covert draw of sabotage, which nothing reads; so each seed is played once with a leader who never acts,
and its ledger tells what the same weeks' draws would have brought at any other worth. What is counted is launches: the few that
turn back before the road is blocked are no attempts, and are counted among them here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.deterrence.armed_choice import chosen
from sim.engine.campaign import play_campaign
from sim.engine.campaign_decisions import STAND_DOWN
from sim.scenario.campaign_files import PEACE_WORTH, Campaign

LEAST, MOST = -1.0, 2.0
"""Worths between which it is sought."""

NEVER_ACTS = 3.0
"""A worth of standing down at which the leader never acts: the highest that the parameter may have."""


@dataclass(frozen=True)
class Weighed:
    """One weighing: what standing down lost by intransigence, what the open options were worth, and the draw."""

    stand_down: float
    others: tuple[float, ...]
    draw: float


def ledgers(campaign: Campaign, seeds: Sequence[int]) -> list[list[Weighed]]:
    """Return what the leader weighed in each run while it never acted, standing down taken as worth nothing by itself."""
    idle = campaign.with_parameters(campaign.parameters.with_values({PEACE_WORTH: NEVER_ACTS}))
    return [_ledger(play_campaign(idle, seed).state.record.entries) for seed in seeds]


def _ledger(entries: list[dict[str, object]]) -> list[Weighed]:
    found = []
    for entry in entries:
        worths, share = entry.get("worths"), entry.get("draw")
        if entry.get("who") == "armed_leader" and isinstance(worths, dict) and isinstance(share, float):
            others = tuple(float(worth) for name, worth in worths.items() if name != STAND_DOWN)
            found.append(Weighed(float(worths[STAND_DOWN]) - NEVER_ACTS, others, share))
    return found


def chance_of_launch(runs: Sequence[Sequence[Weighed]], worth: float, precision: float) -> float:
    """Return the share of runs with a launch by the end, when standing down is worth so much to the leader."""

    def launches(week: Weighed) -> bool:
        return chosen((worth + week.stand_down, *week.others), precision, week.draw) > 0

    return sum(any(launches(week) for week in weeks) for weeks in runs) / len(runs)


def worth_for(campaign: Campaign, chance: float, seeds: Sequence[int], trials: int = 14) -> tuple[float, float]:
    """Return the worth of standing down that gives that chance of a launch, and the chance found there: one run a seed."""
    runs, precision = ledgers(campaign, seeds), campaign.parameters.number("choice_precision")
    low, high = LEAST, MOST
    for _ in range(trials):
        middle = 0.5 * (low + high)
        if chance_of_launch(runs, middle, precision) > chance:
            low = middle
        else:
            high = middle
    worth = round(0.5 * (low + high), 3)
    return worth, chance_of_launch(runs, worth, precision)
