"""What a comparison of options found: the data that `kforsim compare` writes and that its page, and other programs, read.

Words of exploratory modelling: a *lever* is what an option sets, an *uncertainty* is a declared parameter with a range, an
*outcome* is what a run is judged by, a *case* is one point of the uncertainties. Panels are stances on the three theories
(D deterrence, S spiral, O orchestration, M the rest). An *effect* is the paired difference option minus baseline on the same
case and seed.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
ALL = "all"
PANELS = ("D", "S", "O", "M")


@dataclass(frozen=True)
class OptionTold:
    """An option as it was compared.

    Attributes
    ----------
    settings
        What it sets in this scenario, as typed.
    no_path
        Why it has no path in this scenario; empty where it has one.
    cost
        In currencies that are not added: ``force_days`` a month, ``licence`` by government, ``lead_months``.
    """

    id: str
    name: str
    kind: str
    settings: Mapping[str, str]
    restates: str = ""
    no_path: str = ""
    cost: Mapping[str, Any] = field(default_factory=dict)
    accepted_by: tuple[str, ...] = ()
    not_testable: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutcomeTold:
    """An outcome by which options are compared."""

    name: str
    unit: str
    better: str
    primary: bool
    meaning: str


@dataclass(frozen=True)
class Effect:
    """Paired difference of one option from the baseline on one outcome in one panel (or ``all``).

    Attributes
    ----------
    low, high
        95 % interval of the mean difference, simultaneous over options and outcomes of the comparison.
    single_low, single_high
        The same for this difference alone.
    chance_better
        Share of paired runs in which the option is better, ties counted half; nan for a neutral outcome.
    cases_better, cases_worse
        Share of cases whose mean difference over seeds is better, worse (the rest does not differ).
    from_chance, from_uncertainty
        Standard deviation of the paired difference between seeds of one case, and between cases.
    unpaired_half
        Half width of the interval that independent seeds would have had: what pairing gains.
    """

    mean: float
    low: float
    high: float
    single_low: float
    single_high: float
    chance_better: float
    cases_better: float
    cases_worse: float
    from_chance: float
    from_uncertainty: float
    unpaired_half: float
    pairs: int


@dataclass(frozen=True)
class Distribution:
    """All values of one option's outcome over cases and seeds.

    Attributes
    ----------
    quantiles
        At 0, 5, 25, 50, 75, 95 and 100 %.
    tail
        Mean of the worst tenth of runs (expected shortfall); worst by the outcome's direction, nan for a neutral one.
    counts, edges
        A histogram.
    """

    mean: float
    quantiles: tuple[float, ...]
    tail: float
    counts: tuple[int, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True)
class Ranking:
    """Options in order, best first, by one rule under one set of weights in one panel.

    Attributes
    ----------
    scores
        What the rule gives each option; lower is better.
    correct_chance
        Chance that the first is the best (bootstrap over cases).
    """

    panel: str
    rule: str
    weights: str
    order: tuple[str, ...]
    scores: Mapping[str, float]
    correct_chance: float


@dataclass(frozen=True)
class Deciding:
    """A parameter that decides which of two is better: what would change the answer."""

    option: str
    outcome: str
    parameter: str
    better_below: bool
    split: float
    share_below: float
    share_above: float
    prior_only: bool


@dataclass(frozen=True)
class Flip:
    """Two options whose order differs between panels, rules or weights."""

    first: str
    second: str
    where: str
    elsewhere: str


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison found.

    Attributes
    ----------
    effects
        By option, then outcome, then panel (``all`` too).
    distributions
        By option, then outcome.
    weights
        By preset: weight of each primary outcome.
    placebo
        Checks by name: largest absolute difference of what must not differ.
    stopped
        ``settled``, ``seeds`` (all asked for were run), ``budget`` or ``interrupted``.
    failures
        Failed runs: option, case, seed and message; and the worst case they would make.
    beats
        Chance that one option beats another on the same run, ties counted half: by primary outcome (and by loss), then both options.
    """

    scenario: str
    title: str
    model: str
    line: str
    space: Mapping[str, Any]
    leaves_out: tuple[str, ...]
    doctrines: tuple[str, ...]
    options: tuple[OptionTold, ...]
    outcomes: tuple[OutcomeTold, ...]
    effects: Mapping[str, Mapping[str, Mapping[str, Effect]]]
    distributions: Mapping[str, Mapping[str, Distribution]]
    weights: Mapping[str, Mapping[str, float]]
    rankings: tuple[Ranking, ...]
    flips: tuple[Flip, ...]
    deciding: tuple[Deciding, ...]
    by_doctrine: Mapping[str, Mapping[str, Mapping[str, Effect]]]
    placebo: Mapping[str, float]
    convergence: tuple[Mapping[str, float], ...]
    stopped: str
    cases: int
    seeds: int
    runs: int
    seconds: float
    failures: tuple[Mapping[str, Any], ...]
    beats: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    format: int = FORMAT


def as_json(found: Comparison) -> str:
    """Return a comparison as JSON; what is not a number is null."""
    return json.dumps(_plain(dataclasses.asdict(found)), ensure_ascii=False, indent=1, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value
