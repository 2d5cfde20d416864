"""The verdict of a comparison in plain words: where the order changes, who comes first where, and what each leading option makes worse.

Every sentence gives its scope as a share of cases; what an option makes worse stands beside what it makes better, always.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from analysis.comparison import ALL, PANELS, Comparison, Deciding, Flip, OutcomeTold, Ranking
from analysis.comparison_words import (
    Standing,
    baseline_of,
    counted,
    effect_of,
    effect_scale,
    effect_words,
    listed,
    option_label,
    option_short,
    outcome_label,
    panels_words,
    percent,
    primary_of,
    ran,
    standing,
)

FEW_CASES = 20
"""Below so many cases a first place means nothing, and no chance of a correct selection is put into words."""

LEADERS_TOLD = 5
FLIPS_TOLD = 10
"""How many stand open; the rest is folded, never left out."""


@dataclass(frozen=True)
class FirstPlaces:
    """Who comes first by one rule under one set of weights, by panel."""

    rule: str
    weights: str
    by_panel: dict[str, str]
    changes: bool
    correct: str


@dataclass(frozen=True)
class Leader:
    """An option that comes first somewhere, with all that speaks for and against it."""

    id: str
    label: str
    places: str
    better: list[str] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)
    also_worse: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)


def labels_of(found: Comparison) -> dict[str, str]:
    """Return the label of every option by its id."""
    return {item.id: option_label(item) for item in found.options}


def shorts_of(found: Comparison) -> dict[str, str]:
    """Return the shortest name of every option by its id."""
    return {item.id: option_short(item) for item in found.options}


def reference(found: Comparison) -> Ranking | None:
    """Return the ranking with which the others are compared: the first over all cases."""
    return next((item for item in found.rankings if item.panel == ALL), next(iter(found.rankings), None))


def ranking_of(found: Comparison, panel: str, rule: str, weights: str) -> Ranking | None:
    """Return one ranking; none where it was not made."""
    return next((item for item in found.rankings if (item.panel, item.rule, item.weights) == (panel, rule, weights)), None)


def rules_of(found: Comparison) -> list[str]:
    """Return the robustness rules, in order."""
    return list(dict.fromkeys(item.rule for item in found.rankings))


def weights_of(found: Comparison) -> list[str]:
    """Return the sets of weights that were ranked, in order."""
    return list(dict.fromkeys(item.weights for item in found.rankings))


def first_places(found: Comparison) -> list[FirstPlaces]:
    """Return who comes first in each panel, a row for each rule and set of weights."""
    rows = []
    for rule in rules_of(found):
        for weights in weights_of(found):
            told = {panel: ranking_of(found, panel, rule, weights) for panel in (ALL, *PANELS)}
            firsts = {panel: item.order[0] for panel, item in told.items() if item is not None and item.order}
            if firsts:
                overall = told[ALL]
                correct = percent(overall.correct_chance) if overall is not None else "–"
                rows.append(FirstPlaces(rule, weights, firsts, len({firsts[panel] for panel in PANELS if panel in firsts}) > 1, correct))
    return rows


def headline(found: Comparison) -> str:
    """Return in one or two sentences whether the first place changes between the panels."""
    rows, labels = first_places(found), labels_of(found)
    if not rows:
        return "No ranking was made: too few runs were finished."
    changing = sum(row.changes for row in rows)
    where: dict[str, list[str]] = {}
    for panel in PANELS:
        if panel in rows[0].by_panel:
            where.setdefault(rows[0].by_panel[panel], []).append(panel)
    if len(where) > 1:
        told = "; ".join(f"{labels.get(option, option)} in {panels_words(panels)}" for option, panels in where.items())
        first = f"The answer depends on which theory holds. First by {rows[0].rule} with {rows[0].weights} weights: {told}."
    elif not where:
        return f"{labels.get(rows[0].by_panel[ALL], rows[0].by_panel[ALL])} comes first over all cases; no panel was ranked by itself."
    else:
        option, panels = next(iter(where.items()))
        scope = "every panel" if len(panels) == len(PANELS) else f"each panel that has runs, {panels_words(panels)}"
        first = f"{labels.get(option, option)} comes first in {scope}, by {rows[0].rule} with {rows[0].weights} weights."
    overall = rows[0].by_panel.get(ALL, "")
    again = f" Over all cases {labels.get(overall, overall)} is first, and again in {rows[0].correct} of fresh draws of such cases."
    changes = f" The first place changes between the panels in {changing} of {counted(len(rows), 'rule-and-weights pair')}."
    return few_words(found) + first + changes + (again if overall and rows[0].correct != "–" and not few_words(found) else "")


def few_words(found: Comparison) -> str:
    """Return the warning that stands before everything else where too few cases were played; empty where there are enough."""
    return f"Only {counted(found.cases, 'case')} played so far: read nothing into the order yet. " if found.cases < FEW_CASES else ""


def in_a_word(found: Comparison) -> str:
    """Return on what the option that is first over all cases is better, worse, and not told apart from the baseline; its price with it."""
    base = reference(found)
    if base is None or not base.order or base.order[0] == baseline_of(found):
        return "" if base is None or not base.order else "No option comes before the baseline over all cases."
    seen: dict[tuple[Standing, bool], list[str]] = {}
    for item in found.outcomes:
        told = standing(effect_of(found, base.order[0], item.name), item.better)
        seen.setdefault((told, item.primary), []).append(outcome_label(item.name))
    better, worse, unclear = (listed(seen.get((told, True), [])) for told in (Standing.BETTER, Standing.WORSE, Standing.UNCLEAR))
    also = listed(seen.get((Standing.WORSE, False), []))
    name, none = labels_of(found).get(base.order[0], base.order[0]), "no primary outcome"
    others = f", {'and among the others' if worse else 'but'} on {also}" if also else ""
    ends = others + (f"; not told apart on {unclear}" if unclear else "")
    return f"{name} against the baseline, over all cases: better on {better or none}; worse on {worse or none}{ends}."


def sign_changes(found: Comparison) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return options that are told apart as better in one panel and as worse in another, with both panels by primary outcome."""
    told = []
    for option in ran(found):
        cells = [_turn(found, option.id, outcome) for outcome in primary_of(found)]
        if any(better and worse for better, worse in cells):
            told.append((option_label(option), [cell if all(cell) else ("", "") for cell in cells]))
    return told


def _turn(found: Comparison, option: str, outcome: OutcomeTold) -> tuple[str, str]:
    """Return in which panels an option is told apart as better, and in which as worse."""
    seen = {panel: standing(effect_of(found, option, outcome.name, panel), outcome.better) for panel in PANELS}
    better, worse = (" ".join(panel for panel in PANELS if seen[panel] is told) for told in (Standing.BETTER, Standing.WORSE))
    return better, worse


def flip_words(found: Comparison, flip: Flip) -> str:
    """Return one change of order as a sentence."""
    labels = labels_of(found)
    first, second = labels.get(flip.first, flip.first), labels.get(flip.second, flip.second)
    return f"{first} comes before {second} {_placed(flip.where)}, and after it {_placed(flip.elsewhere)}."


def _placed(where: str) -> str:
    """Return where an order holds with its preposition."""
    kind, _, rest = where.partition(" ")
    rest = rest.removeprefix(": ").strip()
    if kind.rstrip(":") == "panel":
        return f"in panel{'s' if ', ' in rest else ''} {listed(rest.split(', '))}"
    return {"rule": f"by {rest}", "weights": f"with {rest} weights"}.get(kind.rstrip(":"), f"over {where}")


def flips_told(found: Comparison) -> list[str]:
    """Return all changes of order as sentences, those of options that come first somewhere before the others."""
    leading = {option for row in first_places(found) for option in row.by_panel.values()}
    return [flip_words(found, flip) for flip in sorted(found.flips, key=lambda flip: -len(leading & {flip.first, flip.second}))]


def leaders(found: Comparison) -> list[Leader]:
    """Return the options that come first in any ranking, most often first, the baseline among them."""
    counts = Counter(item.order[0] for item in found.rankings if item.order)
    return [_leader(found, option, number) for option, number in counts.most_common()]


def _leader(found: Comparison, option: str, number: int) -> Leader:
    """Return what an option that comes first somewhere makes better, makes worse, and leaves open."""
    panels = [panel for panel in PANELS if any(item.panel == panel and item.order[:1] == (option,) for item in found.rankings)]
    scope = f", among them in {panels_words(panels)}" if panels else ""
    leader = Leader(option, labels_of(found).get(option, option), f"first in {number} of {len(found.rankings)} rankings{scope}")
    for outcome in found.outcomes:
        _enter(found, leader, outcome)
    leader.where.extend(deciding_words(item) for item in found.deciding if item.option == option)
    leader.turns.extend(_weak_panels(found, option))
    return leader


def _enter(found: Comparison, leader: Leader, outcome: OutcomeTold) -> None:
    effect = effect_of(found, leader.id, outcome.name)
    seen = standing(effect, outcome.better)
    if effect is None or seen in (Standing.UNSEEN, Standing.HIGHER, Standing.LOWER):
        return
    words = f"{outcome_label(outcome.name)}: {effect_words(effect, outcome, effect_scale(found, outcome))}"
    if seen is Standing.WORSE:
        (leader.worse if outcome.primary else leader.also_worse).append(words)
    elif outcome.primary and seen is Standing.BETTER:
        leader.better.append(words)
    elif outcome.primary:
        leader.unclear.append(words if seen is Standing.UNCLEAR else f"{outcome_label(outcome.name)}: no difference in any pair of runs")


def _weak_panels(found: Comparison, option: str) -> list[str]:
    """Return in which panels an option that leads somewhere is worse than the baseline, by primary outcome."""
    turns = [(outcome_label(item.name), _turn(found, option, item)[1].split()) for item in primary_of(found)]
    return [
        f"Worse than the baseline on {name} in {'every panel' if len(panels) == len(PANELS) else panels_words(panels)}."
        for name, panels in turns
        if panels
    ]


def deciding_words(item: Deciding) -> str:
    """Return where the option does better than the baseline, and where the baseline wins."""
    below, above = f"{item.parameter} is below {item.split:.3g}", f"{item.parameter} is {item.split:.3g} or more"
    good, bad = (below, above) if item.better_below else (above, below)
    good_share, bad_share = (item.share_below, item.share_above) if item.better_below else (item.share_above, item.share_below)
    end = "the baseline wins more often" if bad_share < 0.5 else "it still does better, less often"
    return (
        f"On {outcome_label(item.outcome)} it does better than the baseline in {percent(good_share)} of the cases where {good}; "
        f"where {bad}, in {percent(bad_share)}: {end}."
    )


@dataclass(frozen=True)
class InShort:
    """One option in a line: on which primary outcomes it differs from the baseline, and on how many others."""

    id: str
    label: str
    kind: str
    better: str
    worse: str
    unclear: str
    others: str


def in_short(found: Comparison) -> list[InShort]:
    """Return every option that was run but the baseline, each in a line."""
    return [_line(found, item.id, option_label(item), item.kind) for item in ran(found) if item.id != baseline_of(found)]


def _line(found: Comparison, option: str, label: str, kind: str) -> InShort:
    seen: dict[Standing, list[str]] = {}
    others: Counter[Standing] = Counter()
    for outcome in found.outcomes:
        told = standing(effect_of(found, option, outcome.name), outcome.better)
        if outcome.primary:
            seen.setdefault(told, []).append(outcome_label(outcome.name))
        else:
            others[told] += 1
    same = seen.get(Standing.SAME, [])
    nothing = ["no difference on any"] if same and len(same) == len(primary_of(found)) else [f"{name} (no difference)" for name in same]
    open_ = [*seen.get(Standing.UNCLEAR, []), *nothing]
    counts = (
        f"{others[told]} {'with ' if told is Standing.SAME else ''}{told}"
        for told in (Standing.BETTER, Standing.WORSE, Standing.UNCLEAR, Standing.SAME)
        if others[told]
    )
    return InShort(
        option,
        label,
        kind,
        ", ".join(seen.get(Standing.BETTER, [])),
        ", ".join(seen.get(Standing.WORSE, [])),
        ", ".join(open_),
        ", ".join(counts),
    )


def without_a_price(found: Comparison) -> str:
    """Return which options are better somewhere and worse nowhere among all outcomes; none is the honest answer most often."""
    free = []
    for option in ran(found):
        seen = {standing(effect_of(found, option.id, outcome.name), outcome.better) for outcome in found.outcomes}
        if Standing.BETTER in seen and Standing.WORSE not in seen:
            free.append(option_label(option))
    if not free:
        return "No option is better on some outcome without being told apart as worse on another."
    return (
        f"Better somewhere and told apart as worse nowhere, over all cases: {listed(free)}. "
        "That is not proof of no price: what is not told apart may still be worse, and some costs are not outcomes here."
    )
