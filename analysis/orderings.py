"""Reported orderings: what the model says of findings about peacekeeping and policing at large; here on 29 May 2023.

The findings come from other places and other scales. They are effects of the very levers that the tool is there to test, so
they are printed and never used to tune the model or to reject a variant of it. Each is asked as a contrast of two ways in
which the day could have been, on the same seeds: the same people and the same luck.

Not asked here: orderings of crowd and line mechanics, which do reject variants (``tests/orderings``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.paired import student_quantile
from sim.api import Scenario, automatic_seats, configured, input_error, load_scenario, model_digest, run

DAY, SITE, LINE = "may_29", "zvecan", "outer_cordon"
PAGE = "orderings.md"
VIOLENT_PERSONS = 5
"""Violent people at once from which a site has violence, as in the outcomes of a run."""

type Progress = Callable[[int], None]
type Seats = Mapping[str, Any]
type Finished = Any
"""A finished run: outcomes, and the world as it ended."""


class LookingOn:
    """A seat that sees and orders nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def decide(self, _picture: object) -> list[Any]:
        """Return no order."""
        return []


@dataclass(frozen=True)
class Arm:
    """A way in which the day could have been.

    Attributes
    ----------
    change
        What differs in the scenario.
    orders
        Whether KFOR's seats order anything.
    """

    name: str
    change: Callable[[Scenario], Scenario]
    orders: bool = True

    def play(self, scenario: Scenario, seed: int) -> Finished:
        """Return the day, played by automatic seats, KFOR's looking on where they order nothing."""
        changed = self.change(scenario)
        seats: Seats = automatic_seats(changed)
        if not self.orders:
            kfor = [name for name, seat in changed.file.seats.items() if str(seat.organisation) == "kfor"]
            seats = {**seats, **{name: LookingOn(name) for name in kfor}}
        return run(changed, seed, seats)


def _redeployed(scenario: Scenario, forces: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Scenario:
    """Return the scenario with other deployments on each of its days."""
    days = [replace(day, file=day.file.model_copy(update={"deployments": forces(day.file.deployments)})) for day in scenario.days]
    return replace(scenario, days=tuple(days))


def _kfor_units(scenario: Scenario, *, reserve_only: bool = False) -> set[str]:
    units = scenario.framework.command.units
    return {unit.id for unit in units if str(unit.organisation) == "kfor" and (unit.reserve or not reserve_only)}


def _as_it_was(scenario: Scenario) -> Scenario:
    return scenario


def _without_kfor(scenario: Scenario) -> Scenario:
    kfor = _kfor_units(scenario)
    return _redeployed(scenario, lambda forces: tuple(item for item in forces if item.unit not in kfor))


def _with_reserve(scenario: Scenario) -> Scenario:
    """KFOR's reserve stands in the line from the morning, beside those who stood there."""
    reserve = sorted(_kfor_units(scenario, reserve_only=True))

    def forces(given: tuple[Any, ...]) -> tuple[Any, ...]:
        pattern = next(item for item in given if item.site == SITE and str(item.post) == LINE)
        return (*given, *(pattern.model_copy(update={"unit": unit}) for unit in reserve))

    return _redeployed(scenario, forces)


def _set(**dials: float) -> Callable[[Scenario], Scenario]:
    typed = {name.replace("__", "."): f"{value:g}" for name, value in dials.items()}
    return lambda scenario: configured(scenario, typed)


AS_IT_WAS = Arm("KFOR as it was", _as_it_was)
NO_KFOR = Arm("no KFOR", _without_kfor, orders=False)
LOOKS_ON = Arm("KFOR there, ordering nothing", _as_it_was, orders=False)
RESERVE = Arm("KFOR as it was, and its reserve in the line", _with_reserve)
WEAK = Arm("KFOR under a weak mandate (political constraint 1, explicitness 0)", _set(mandate__political_constraint=1, roe__explicitness=0))
STRONG = Arm(
    "KFOR under a strong mandate (political constraint 0, explicitness 1)", _set(mandate__political_constraint=0, roe__explicitness=1)
)
TOLD_AT_ONCE = Arm("KFOR as it was, told at once of what happens", _set(sensing__report_delay_min=0))


@dataclass(frozen=True)
class Measure:
    """What a day is asked for; ``nan`` where it has no answer."""

    name: str
    of: Callable[[Finished], float]


def _violent_minutes(day: Finished) -> list[float]:
    """Return for each site the minutes in which at least five people were violent."""
    world = day.world
    row_min = world.psychology_ticks * world.clock.base_tick_min
    return [float((site.record.series["violent"] >= VIOLENT_PERSONS).sum()) * row_min for site in world.played.values()]


def _sites_with_violence(day: Finished) -> float:
    return float(sum(minutes > 0.0 for minutes in _violent_minutes(day)))


def _minutes_at_a_site(day: Finished) -> float:
    lasted = [minutes for minutes in _violent_minutes(day) if minutes > 0.0]
    return sum(lasted) / len(lasted) if lasted else math.nan


SITES = Measure("sites with violence", _sites_with_violence)
LENGTH = Measure("minutes of violence at a site that has any", _minutes_at_a_site)
HURT = Measure("hurt on all sides", lambda day: day.outcomes["hurt"])
SERIOUS = Measure("seriously hurt or killed on all sides", lambda day: day.outcomes["serious_or_fatal"])
OTHERS_HURT = Measure("police and protesters hurt", lambda day: day.outcomes["police_hurt"] + day.outcomes["protesters_hurt"])


@dataclass(frozen=True)
class Contrast:
    """One arm against another, by some measures."""

    arm: Arm
    against: Arm
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Ordering:
    """A finding, and how it is asked here.

    Attributes
    ----------
    contrasts
        None where the replay has nothing that could show it.
    remark
        What has to be known to read the contrasts; or what is missing.
    """

    finding: str
    source: str
    contrasts: tuple[Contrast, ...]
    remark: str


ORDERINGS = (
    Ordering(
        "Presence shortens episodes more than it prevents them.",
        "Ruggeri, Dorussen & Gizelis 2017 (peers C2): peacekeepers in African civil wars",
        (Contrast(AS_IT_WAS, NO_KFOR, (SITES, LENGTH)), Contrast(RESERVE, AS_IT_WAS, (SITES, LENGTH))),
        "Prevented is what lowers the number of sites with violence, shortened what lowers its minutes.",
    ),
    Ordering(
        "Observation without authority does not protect.",
        "Hultman, Kathman & Shannon 2013 (peers C2): observers and troops in African civil wars; a later analysis disputes it",
        (Contrast(LOOKS_ON, NO_KFOR, (OTHERS_HURT,)), Contrast(AS_IT_WAS, NO_KFOR, (OTHERS_HURT,))),
        "KFOR's own hurt are left out, because without KFOR there are none.",
    ),
    Ordering(
        "Only strong mandates show an effect.",
        "Hegre, Hultman & Nygård 2019 (peers C2): mandates of United Nations missions, by country and year",
        (Contrast(WEAK, NO_KFOR, (OTHERS_HURT,)), Contrast(STRONG, NO_KFOR, (OTHERS_HURT,)), Contrast(STRONG, WEAK, (SERIOUS,))),
        "The doctrine is the same in all: a stronger mandate lets it act sooner, and gives it no new means.",
    ),
    Ordering(
        "A patrol's effect fades.",
        "Koper 1995 (peers C2): police stops at places with much crime",
        (),
        "No path here: the replay of May has no patrols.",
    ),
    Ordering(
        "A shorter delay does more than greater numbers.",
        "a model of burglary with delayed information, arXiv 2605.17709 (peers B11), known at second hand",
        (Contrast(TOLD_AT_ONCE, AS_IT_WAS, (HURT, LENGTH)), Contrast(RESERVE, AS_IT_WAS, (HURT, LENGTH))),
        "The delay is that of reports to the seats; how long a permission takes is another delay.",
    ),
)


@dataclass(frozen=True)
class Difference:
    """A contrast by one measure, over paired seeds.

    Attributes
    ----------
    n
        Pairs in which both days have an answer.
    base
        Mean of the arm that is held against.
    low, high
        Ends of the 95 % interval of the mean; ``nan`` for fewer than two pairs.
    """

    contrast: Contrast
    measure: Measure
    n: int
    base: float
    mean: float
    low: float
    high: float

    @property
    def said(self) -> str:
        """What the interval says."""
        if not self.low <= self.high:
            return "cannot be asked"
        if self.low == self.high == 0.0:
            return "no difference at all"
        return "lower" if self.high < 0.0 else "higher" if self.low > 0.0 else "not told apart"


def difference(contrast: Contrast, measure: Measure, found: Mapping[tuple[str, str], Sequence[float]]) -> Difference:
    """Return the paired difference of two arms from the values that were found for each arm and measure."""
    one, other = (np.array(found[arm.name, measure.name], dtype=float) for arm in (contrast.arm, contrast.against))
    answered = ~(np.isnan(one) | np.isnan(other))
    pairs = (one - other)[answered]
    n = len(pairs)
    if n < 2:
        return Difference(contrast, measure, n, math.nan, math.nan, math.nan, math.nan)
    mean = float(pairs.mean())
    half = student_quantile(0.975, n - 1) * float(pairs.std(ddof=1)) / math.sqrt(n)
    return Difference(contrast, measure, n, float(other[answered].mean()), mean, mean - half, mean + half)


@dataclass(frozen=True)
class Asked:
    """What is asked of a scenario.

    Attributes
    ----------
    days
        The days that are played; all where empty.
    played
        What is played, in the page's words.
    """

    days: tuple[str, ...]
    orderings: tuple[Ordering, ...]
    played: str


MAY = Asked((DAY,), ORDERINGS, "29 May 2023 at all sites")


def arms(asked: Asked = MAY) -> list[Arm]:
    """Return the arms that the orderings need, each once."""
    wanted = [arm for ordering in asked.orderings for contrast in ordering.contrasts for arm in (contrast.arm, contrast.against)]
    return list({arm.name: arm for arm in wanted}.values())


def play(
    scenario: Scenario, seeds: Sequence[int], progress: Progress | None = None, asked: Asked = MAY
) -> dict[tuple[str, str], list[float]]:
    """Return by arm and measure what each seed gives on the days that are asked; InputError for a scenario without them."""
    day = scenario.on_days(asked.days) if asked.days else scenario
    measures = {measure.name: measure for item in asked.orderings for contrast in item.contrasts for measure in contrast.measures}
    found: dict[tuple[str, str], list[float]] = {}
    for arm in arms(asked):
        for seed in seeds:
            finished = arm.play(day, seed)
            for measure in measures.values():
                found.setdefault((arm.name, measure.name), []).append(measure.of(finished))
            if progress:
                progress(1)
    return found


def as_page(found: Mapping[tuple[str, str], Sequence[float]], seeds: int, asked: Asked = MAY) -> str:
    """Return the orderings as a page."""
    sections = [_section(ordering, found) for ordering in asked.orderings]
    return "\n\n".join([HEAD.format(seeds=seeds, model=model_digest(), played=asked.played), *sections]) + "\n"


HEAD = """\
# Orderings that are reported only

Made by `kforsim orderings`: {seeds} seeds, model {model}. **These are effects of the levers under test. They were never used to
tune the model or to reject a variant of it, and none of them is a test.** The findings come from other places and scales; that
the model agrees with one of them is no evidence for it, and that it does not is none against it.

Played is {played}, by automatic seats, at the declared values of all parameters: one point of their ranges. A
difference is the mean of pairs with the same seed. Its 95 % interval (Student's t) holds luck, and not what is unknown about
parameters. "Not told apart" says that so many seeds do not show a difference, not that there is none."""


def _section(ordering: Ordering, found: Mapping[tuple[str, str], Sequence[float]]) -> str:
    parts = [f"## {ordering.finding}", f"{ordering.source}. {ordering.remark}"]
    if ordering.contrasts:
        lines = ["| contrast | measure | n | without | difference | 95 % interval | with it |", "|---|---|---|---|---|---|---|"]
        lines += [_row(difference(contrast, measure, found)) for contrast in ordering.contrasts for measure in contrast.measures]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _row(item: Difference) -> str:
    contrast = f"{item.contrast.arm.name}, against {item.contrast.against.name}"
    cells = [contrast, item.measure.name, f"{item.n}", _shown(item.base), _shown(item.mean, "+")]
    interval = f"{_shown(item.low, '+')} to {_shown(item.high, '+')}"
    return "| " + " | ".join([*cells, interval, item.said]) + " |"


def _shown(value: float, sign: str = "") -> str:
    return "-" if math.isnan(value) else f"{value:{sign}.2f}"


def write_page(name: str, seeds: int, progress: Progress | None = None, asked: Asked = MAY) -> Path:
    """Play the orderings and write their page into the scenario's folder; return where."""
    scenario = load_scenario(name)
    text = as_page(play(scenario, range(seeds), progress, asked), seeds, asked)
    path = scenario.folder / PAGE
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise input_error(path, f"cannot be written: {error.strerror}", "copy the scenario and name the copy") from None
    return path
