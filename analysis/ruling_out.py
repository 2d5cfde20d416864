"""Ruling out: when a pattern speaks against a parameter set, and how far off a set is.

A *misfit* is how far a statistic over a set's runs lies outside its band: in logarithms for counts and times, in widths of
the band otherwise. A set is ruled out when a misfit is more than one standard deviation of what may be off: the
discrepancy for counts, times and shares, chance for shares of runs and rises.
"""

from __future__ import annotations

import numpy as np

from analysis.expected import Expected, Statistic
from analysis.played import Played
from analysis.scores import share_of_runs

RULE = (
    "over the confirming seeds no emergent statistic lies outside its band by more than one standard deviation "
    "of discrepancy (counts, times, shares) or of chance (shares of runs, rises)"
)
"""What it takes to survive."""


def middle(statistic: Statistic, runs: np.ndarray) -> float:
    """Return what a band is held against: share of runs, mean rise, or median."""
    if statistic.kind.startswith("share_of_runs"):
        return share_of_runs(statistic, runs)
    return float(runs.mean() if statistic.kind == "rises_with" else np.median(runs))


def misfit(statistic: Statistic, runs: np.ndarray) -> float:
    """Return how far a statistic over some runs lies outside its band: 0 inside, else in widths or logarithms."""
    found, (least, most) = middle(statistic, runs), statistic.band
    if least <= found <= most:
        return 0.0
    if statistic.kind in ("count", "time") and least > 0:
        edge = least if found < least else most
        return abs(float(np.log((found + 0.5) / (edge + 0.5))))
    return (least - found if found < least else found - most) / (most - least)


def allowance(statistic: Statistic, runs: np.ndarray, log_sd: float) -> float:
    """Return one standard deviation of what may be off, in the units of the misfit."""
    least, most = statistic.band
    if statistic.kind == "rises_with":
        return float(runs.std() / len(runs) ** 0.5) / (most - least)
    if not statistic.kind.startswith("share_of_runs"):
        return log_sd
    edge = least if middle(statistic, runs) < least else most
    return float((edge * (1.0 - edge) / len(runs)) ** 0.5) / (most - least)


def ruled_out(expected: Expected, played: Played, leeway: float = 1.0) -> bool:
    """Tell whether a statistic that was played speaks against a set by more than *leeway* allowances, or a run failed."""
    if any(played.failures()):
        return True
    for _, statistic in expected.emergent:
        if played.shows(statistic):
            runs = played.values(statistic)
            if misfit(statistic, runs) > leeway * allowance(statistic, runs, expected.discrepancy.log_sd):
                return True
    return False


def distance(expected: Expected, played: Played) -> float:
    """Return the summed misfit of a set over the statistics that were played; infinite where a run failed."""
    if any(played.failures()):
        return float("inf")
    return sum(misfit(statistic, played.values(statistic)) for _, statistic in expected.emergent if played.shows(statistic))
