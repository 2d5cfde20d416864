"""Scenario discovery: under which conditions does it fail? Boxes and a small tree, found on one half of the points, tested on the other.

*Coverage* is the share of all failing points that a rule holds, *density* the share of its points that fail. A rule found in a search
over many numbers looks better than it is; what counts is the other half, and the chance of such a density there if the rule said
nothing. Shares are of a declared space: no probability of anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.comparison import Deciding
from analysis.deciding import deciding
from analysis.discovery_box import Box, Step, chosen, peeled, quasi_p, whole
from analysis.discovery_fails import Fails, Worse
from analysis.sensitivity_responses import Factor, Responses, mean_of, worse_by

MOST_BOXES = 3
LEAVES = 5
LEAF_SHARE = 0.05
LEAST_FAILING = 20
"""With fewer failing (or not failing) points nothing is looked for."""

MOST_P = 0.05


@dataclass(frozen=True)
class Restriction:
    """What a rule says of one factor, with the chance that the other half shows as much without it."""

    name: str
    low: float
    high: float
    forms: tuple[str, ...]
    quasi_p: float

    @property
    def words(self) -> str:
        """The restriction as a person says it."""
        if self.forms:
            return f"{self.name} is {' or '.join(self.forms)}"
        if np.isfinite(self.low) and np.isfinite(self.high):
            return f"{self.name} lies between {self.low:.3g} and {self.high:.3g}"
        return f"{self.name} is above {self.low:.3g}" if np.isfinite(self.low) else f"{self.name} is below {self.high:.3g}"


@dataclass(frozen=True)
class Rule:
    """A condition under which it fails, and how well it does in the half that it was found in and in the other.

    Attributes
    ----------
    coverage, density
        In the half in which it was found.
    held_coverage, held_density, held_points
        In the other half.
    held_p
        Chance of such a density there if the rule said nothing.
    left
        Share failing there of the points that no box before holds: what the density is held against.
    """

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    held_coverage: float
    held_density: float
    held_points: int
    held_p: float
    left: float

    @property
    def confirmed(self) -> bool:
        """Whether the other half bears it out."""
        return bool(self.restrictions) and self.held_p <= MOST_P

    @property
    def words(self) -> str:
        """The rule as a person says it."""
        return " and ".join(item.words for item in self.restrictions) or "anywhere"


@dataclass(frozen=True)
class Discovery:
    """What was found.

    Attributes
    ----------
    share
        Share of all points (and forms) that fail.
    found, why_not
        Whether anything was looked for; why not.
    boxes
        The first that the whole space gives, then what the points outside give; one that is not confirmed is the last.
    path
        Coverage, density, mass and number of restrictions of each box of the first path.
    tree
        Leaves of a small tree, the densest first, and its balanced accuracy in the other half.
    single
        The one split that best separates cases in which one lever is better; of comparisons of levers only.
    factors, values, fails
        What it was found in, for drawing.
    """

    fails_when: str
    scenario: str
    lever: str
    points: int
    share: float
    why_not: str = ""
    boxes: tuple[Rule, ...] = ()
    path: tuple[tuple[float, float, float, int], ...] = ()
    tree: tuple[Rule, ...] = ()
    tree_accuracy: float = float("nan")
    single: Deciding | None = None
    factors: tuple[Factor, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    fails: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    @property
    def found(self) -> bool:
        """Whether there was enough to look."""
        return not self.why_not


def discover(responses: Responses, fails: Fails, block: int = 1) -> Discovery:
    """Return the conditions under which it fails.

    Parameters
    ----------
    responses
        Of the outcome, or of the difference between the two levers.
    block
        Points that belong together in the design, and stay in one half.
    """
    factors, values, runs = responses.by_row()
    means = mean_of(runs, 1)
    kept = np.isfinite(means)
    told = _turned(responses, fails, means)
    place = np.repeat(np.arange(len(responses.points)) // block, len(responses.crossed))[kept]
    values, failing = values[kept], fails.holds(told)[kept]
    share = float(failing.mean()) if len(failing) else float("nan")
    single = _single(responses, fails)
    if why_not := _too_few(failing):
        return Discovery(str(fails), responses.scenario, responses.lever, len(failing), share, why_not, single=single)
    held = _held(place)
    boxes, path = _boxes(factors, values, failing, held)
    tree, accuracy = _tree(factors, values, failing, held)
    return Discovery(
        str(fails),
        responses.scenario,
        responses.lever,
        len(failing),
        share,
        boxes=boxes,
        path=tuple((step.coverage, step.density, step.mass, step.restricted) for step in path),
        tree=tree,
        tree_accuracy=accuracy,
        single=single,
        factors=factors,
        values=values,
        fails=failing,
    )


def _turned(responses: Responses, fails: Fails, means: np.ndarray) -> np.ndarray:
    return worse_by(means, np.zeros(len(means)), responses.better) if isinstance(fails, Worse) else means


def _too_few(failing: np.ndarray) -> str:
    least = min(int(failing.sum()), int((~failing).sum()))
    if least >= LEAST_FAILING:
        return ""
    side = "fail" if failing.sum() == least else "do not fail"
    return f"{least} of {len(failing)} points {side}; at least {LEAST_FAILING} of each kind are needed to look for conditions"


def _single(responses: Responses, fails: Fails) -> Deciding | None:
    """Return the one number whose split says most of whether one lever is worse."""
    if not isinstance(fails, Worse):
        return None
    by_point = mean_of(worse_by(responses.over_forms(), np.zeros(1), responses.better), 1)
    kept = np.isfinite(by_point)
    return deciding(fails.lever, fails.outcome, by_point[kept], responses.names, responses.points[kept], {})


def _held(place: np.ndarray) -> np.ndarray:
    """Return which rows are kept for the test: half of the blocks, drawn once and for all."""
    blocks = np.unique(place)
    drawn = np.random.default_rng(len(blocks)).permutation(blocks)[: len(blocks) // 2]
    return np.asarray(np.isin(place, drawn))


def _boxes(factors: Sequence[Factor], values: np.ndarray, fails: np.ndarray, held: np.ndarray) -> tuple[tuple[Rule, ...], list[Step]]:
    """Return boxes, each among the points that those before it do not hold, and the path of the first."""
    left, found, first = np.full(len(fails), True), [], None
    for _ in range(MOST_BOXES):
        seen, kept = left & ~held, left & held
        if min(int(fails[seen].sum()), int(fails[kept].sum())) < LEAST_FAILING // 4:
            break
        path = peeled(values[seen], fails[seen], factors)
        first = first or path
        box = chosen(path, values[seen], fails[seen], factors)
        if not box.restricted():
            break
        found.append(_rule(box, factors, values, fails, seen, kept, held))
        if not found[-1].confirmed:
            break
        left &= ~box.holds(values)
    return tuple(found), first or []


def _rule(
    box: Box, factors: Sequence[Factor], values: np.ndarray, fails: np.ndarray, seen: np.ndarray, kept: np.ndarray, held: np.ndarray
) -> Rule:
    """Return a box as a rule; coverage is of all failures in its half, density of the points that no box before holds."""
    inside = box.holds(values)

    def share(of: np.ndarray, among: np.ndarray) -> float:
        return float(of.sum() / among.sum()) if among.sum() else 0.0

    return Rule(
        tuple(_restriction(box, column, factors[column], values[kept], fails[kept]) for column in box.restricted()),
        share(fails & inside & seen, fails & ~held),
        share(fails & inside & seen, inside & seen),
        share(fails & inside & kept, fails & held),
        share(fails & inside & kept, inside & kept),
        int((inside & kept).sum()),
        quasi_p(box, whole(values.shape[1]), values[kept], fails[kept]),
        share(fails & kept, kept),
    )


def _restriction(box: Box, column: int, item: Factor, values: np.ndarray, fails: np.ndarray) -> Restriction:
    codes = box.forms[column]
    forms = tuple(item.levels[code] for code in sorted(codes)) if codes is not None else ()
    return Restriction(item.name, box.low[column], box.high[column], forms, quasi_p(box, box.without(column), values, fails))


def _tree(factors: Sequence[Factor], values: np.ndarray, fails: np.ndarray, held: np.ndarray) -> tuple[tuple[Rule, ...], float]:
    """Return the leaves of a small tree in which failures are denser than over all, and how often it is right in the other half."""
    from analysis.extras import needed

    columns, codes = _open_forms(factors, values)
    least = max(10, int(LEAF_SHARE * int((~held).sum())))
    tree: Any = needed("sklearn.tree", "analysis").DecisionTreeClassifier(max_leaf_nodes=LEAVES, min_samples_leaf=least, random_state=0)
    tree.fit(columns[~held], fails[~held])
    leaves = _leaves(tree.tree_, codes, factors)
    rules = [_rule(box, factors, values, fails, ~held, held, held) for box in leaves]
    dense = float(fails[~held].mean())
    said = np.zeros(len(fails), bool)
    for box, rule in zip(leaves, rules, strict=True):
        said |= box.holds(values) & (rule.density > dense)
    right = [float((said == fails)[held & side].mean()) for side in (fails, ~fails) if (held & side).any()]
    shown = [rule for rule in rules if rule.density > dense and rule.restrictions]
    return tuple(sorted(shown, key=lambda rule: -rule.density)), float(np.mean(right))


def _open_forms(factors: Sequence[Factor], values: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int | None]]]:
    """Return the columns a tree splits on, forms as one column a level; and what each column is: factor, code of its level."""
    columns, codes = [], []
    for place, item in enumerate(factors):
        levels: list[int | None] = [*range(len(item.levels))] if item.is_form else [None]
        for code in levels:
            columns.append(values[:, place] if code is None else (values[:, place] == code).astype(float))
            codes.append((place, code))
    return np.array(columns).T.astype(np.float32), codes


def _leaves(tree: Any, codes: Sequence[tuple[int, int | None]], factors: Sequence[Factor]) -> list[Box]:
    """Return the boxes of a tree's leaves."""
    found, open_nodes = [], [(0, whole(len(factors)))]
    while open_nodes:
        node, box = open_nodes.pop()
        if tree.children_left[node] == tree.children_right[node]:
            found.append(box)
            continue
        place, code = codes[tree.feature[node]]
        bound = float(tree.threshold[node])
        if code is None:
            below = box.limited(place, box.low[place], min(box.high[place], bound), None)
            above = box.limited(place, max(box.low[place], bound), box.high[place], None)
        else:
            before = box.forms[place] or frozenset(range(len(factors[place].levels)))
            below = box.limited(place, -np.inf, np.inf, before - {code})
            above = box.limited(place, -np.inf, np.inf, before & {code})
        open_nodes += [(int(tree.children_left[node]), below), (int(tree.children_right[node]), above)]
    return found
