"""What a posterior is asked: which parameters are inferred, from which observations, with what beside them, at which sizes.

Only a handful of parameters can be inferred from a few days. All others are not held: each particle has them from a surviving
set, or drawn from their declared ranges. Events differ from one another beyond parameters: each day at each site has its own
factors on volatility and on injury, drawn in the run, with spreads that are parameters (``episode_volatility_spread``,
``episode_injury_spread``). Without them intervals are too narrow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from analysis.abc_smc import Observed, Prior, Sizes
from analysis.design import varied
from analysis.expected import Statistic, read_expected
from analysis.identifiability_page import DATA
from analysis.observations import data_of, observed_of
from analysis.surviving_sets import FILE as SETS_FILE
from sim.api import Scenario, input_error, model_digest, nearest, read_text

MOST_PARAMETERS = 8
"""Parameters that are inferred unless others are named: a few days inform no more."""

EVENT_SPREADS = ("episode_volatility_spread", "episode_injury_spread")
"""Parameters that say how far days differ beyond all others."""

type Others = Literal["surviving_sets", "prior"]


@dataclass(frozen=True)
class Question:
    """What is inferred from what.

    Attributes
    ----------
    others
        Where parameters that are not inferred come from.
    event_effects
        Whether days differ as the model has it; without, to see what leaving them out does.
    """

    scenario: Scenario
    parameters: tuple[str, ...]
    data: tuple[tuple[str, Statistic], ...]
    observed: Observed
    prior: Prior
    others: Others
    event_effects: bool
    sizes: Sizes
    seed: int

    def told(self) -> dict[str, Any]:
        """Return the question as data: what may not change when runs are taken up again."""
        read = set(varied(self.scenario))
        return {
            "scenario": self.scenario.name,
            "model": model_digest(),
            "parameters": list(self.parameters),
            "prior": [list(map(float, ends)) for ends in (self.prior.low, self.prior.centre, self.prior.high)],
            "statistics": [[event, item.outcome, item.kind] for event, item in self.data],
            "observed": [[float(low), float(high)] for low, high in zip(self.observed.low, self.observed.high, strict=True)],
            "discrepancy": list(map(float, self.observed.discrepancy)),
            "others": self.others,
            "event_effects": [name for name in EVENT_SPREADS if name in read] if self.event_effects else [],
            "sizes": asdict(self.sizes),
            "seed": self.seed,
        }


def chosen_parameters(scenario: Scenario, named: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters to be inferred: those named, or those that identifiability calls informed; InputError where wrong or none."""
    known = varied(scenario)
    for name in named:
        if name not in known:
            raise input_error("--parameters", f"'{name}' is no parameter with a range that this scenario reads", nearest(name, known))
    if len(set(named)) != len(named):
        raise input_error("--parameters", "names a parameter twice", "name each once")
    if named:
        return tuple(named)
    path = scenario.whole / DATA
    rows = json.loads(read_text(path))["parameters"] if path.is_file() else []
    order = ("informed", "weakly")
    found = [row for row in rows if row["verdict"] in order and row["parameter"] in known]
    found.sort(key=lambda row: (order.index(row["verdict"]), -(row["contraction"] or 0.0)))
    if not found:
        raise input_error(path, "names no informed parameter", "name a few: --parameters theta_spiral,threshold_mean")
    return tuple(row["parameter"] for row in found[:MOST_PARAMETERS])


def question_of(
    scenario: Scenario, named: Sequence[str], others: Others | None, sizes: Sizes, seed: int, event_effects: bool = True
) -> Question:
    """Return what is inferred from what; InputError where sizes, parameters or patterns do not serve."""
    if complaint := sizes.complaint():
        raise input_error("--first", complaint, "raise it, or lower the others")
    expected, parameters = read_expected(scenario), chosen_parameters(scenario, named)
    data, values, ranges = data_of(scenario, expected), scenario.parameters.valued, varied(scenario)
    low, high = (np.array([ranges[name][place] for name in parameters]) for place in (0, 1))
    prior = Prior(parameters, low, np.array([float(values[name].value) for name in parameters]), high)
    kept = (scenario.whole / SETS_FILE).is_file()
    if others == "surviving_sets" and not kept:
        raise input_error(
            scenario.whole / SETS_FILE, "there are no surviving sets", "find some with 'kforsim calibrate', or --others prior"
        )
    observed = observed_of(data, expected.discrepancy.log_sd)
    return Question(
        scenario, parameters, data, observed, prior, others or ("surviving_sets" if kept else "prior"), event_effects, sizes, seed
    )
