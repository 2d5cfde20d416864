"""Observations: which statistics of ``expected.yaml`` a posterior is inferred from, by event, and the scale of their distances.

An event is a day; a scenario whose statistics name no day is one event. A statistic is data where it is emergent, asked of
plain runs, and either has a documented value, or a band of grade A or B: then it was observed somewhere between the band's
ends, and counts as off only beyond them. A band of grade C is the specification's, not the day's, and shares of runs and rises
are of many runs: a day shows none of these.

Counts and times are taken as logarithms (plus a half), shares as they are. What sides report is the model's own
matter: outcomes of reports are undercounted there. What the model leaves out is a log-normal factor on counts and times, as in
``expected.yaml``.
"""

from __future__ import annotations

import numpy as np

from analysis.abc_smc import HALF, Observed
from analysis.expected import Expected, Statistic
from sim.api import Scenario, input_error

AS_DATA = ("A", "B")
"""Grades of a band that says when or how much, where no single value is documented."""


def scaled(statistic: Statistic, values: np.ndarray) -> np.ndarray:
    """Return values on the scale of distances."""
    found: np.ndarray = values if statistic.kind == "share" else np.log(np.maximum(values, 0.0) + HALF)
    return found


def unscaled(statistic: Statistic, value: float) -> float:
    """Return a value as people read it."""
    return value if statistic.kind == "share" else max(float(np.exp(value)) - HALF, 0.0)


def data_of(scenario: Scenario, expected: Expected) -> tuple[tuple[str, Statistic], ...]:
    """Return the statistics that are data, each with its event; InputError where there is none."""
    days = {day.name for day in scenario.days}
    found = []
    for _, item in expected.emergent:
        documented = item.observed is not None or item.grade in AS_DATA
        if item.kind in ("count", "time", "share") and not item.given and documented:
            event = item.outcome.split("/")[0]
            found.append((event if event in days else scenario.name, item))
    if not found:
        remedy = "give a statistic its 'observed' value, or a band of grade A or B"
        raise input_error(scenario.whole / "expected.yaml", "holds nothing that was observed on a day", remedy)
    return tuple(found)


def observed_of(data: tuple[tuple[str, Statistic], ...], log_sd: float) -> Observed:
    """Return what was observed, scaled, with the discrepancy of counts and times."""
    ends = [(item.observed, item.observed) if item.observed is not None else item.band for _, item in data]
    low, high = (
        np.array([float(scaled(item, np.array(pair[place]))) for (_, item), pair in zip(data, ends, strict=True)]) for place in (0, 1)
    )
    names = tuple(item.name if [other.name for _, other in data].count(item.name) == 1 else f"{event}: {item.name}" for event, item in data)
    discrepancy = np.array([0.0 if item.kind == "share" else log_sd for _, item in data])
    counts = np.array([item.kind != "share" for _, item in data])
    return Observed(names, low, high, discrepancy, tuple(event for event, _ in data), counts)
