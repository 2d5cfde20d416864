"""Ruling out: when a pattern speaks against a parameter set, and how far off a set is.

A *misfit* is how far a statistic over a set's runs lies outside its band: in logarithms for counts and times, in widths of
the band otherwise. A set is ruled out when a misfit is more than two standard deviations of what may be off: discrepancy
and the sampling error of a median for counts, times and shares, chance for shares of runs and rises. (History matching
commonly cuts at three; bands have a width of their own.)
"""

from __future__ import annotations

import numpy as np

from analysis.expected import Expected, Statistic
from analysis.played import Played
from analysis.scores import share_of_runs

RULE = (
    "over the confirming seeds no emergent statistic lies outside its band by more than two standard deviations "
    "of discrepancy and sampling (counts, times, shares) or of chance (shares of runs)"
)
"""What it takes to survive."""

CUT = 2.0
"""Standard deviations of what may be off beyond which a misfit rules a set out."""

MEDIAN_ERROR = 1.2533
"""Standard error of a median over that of a mean, for a normal sample: the square root of pi / 2."""


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
        return float((log_sd**2 + _sampling(statistic, runs) ** 2) ** 0.5)
    edge = least if middle(statistic, runs) < least else most
    return float((edge * (1.0 - edge) / len(runs)) ** 0.5) / (most - least)


def _sampling(statistic: Statistic, runs: np.ndarray) -> float:
    """Return the standard error of the median of runs, in the units of the misfit."""
    least, most = statistic.band
    scaled = np.log(runs + 0.5) if statistic.kind in ("count", "time") and least > 0 else runs / (most - least)
    return MEDIAN_ERROR * float(scaled.std(ddof=1)) / len(runs) ** 0.5 if len(runs) > 1 else 0.0


def ruled_out(expected: Expected, played: Played, leeway: float = CUT) -> bool:
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
