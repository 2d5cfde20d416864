"""Words for what was found: sentences that the page and the command line share, and the tables of the command line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from analysis.comparison_words import capital, counted, listed, outcome_label, percent, scale_of
from analysis.discovery import Discovery, Rule
from analysis.sensitivity import EFFECTS, FORMS_ONLY, INDICES, METHOD, Found, Sensitivity
from analysis.sensitivity_noise import NOT_JUDGED, NOTHING, WITHIN_NOISE

NAMED = 5
NOTHING_LEFT = 1e-12
"""What is smaller is what rounding leaves of 0."""


def number(value: float) -> str:
    """Return three figures with a true minus; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < NOTHING_LEFT:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"
    return text.replace("-", "−")


def share(value: float) -> str:
    """Return a share with three decimals and a true minus."""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", "−")


def mean_words(item: Sensitivity) -> str:
    """Return the mean with its unit; 0 or 1 as runs in 100."""
    scale = scale_of(item.outcome, [item.mean])
    return f"{scale.plain(item.mean)} {scale.unit}"


def subject(item: Sensitivity) -> str:
    """Return what is looked at: an outcome under a lever, or the difference between two."""
    name = capital(outcome_label(item.outcome.name))
    return f"{name}: {item.lever} minus {item.against}" if item.against else f"{name} under {item.lever}"


def headline(item: Sensitivity) -> str:
    """Return the answer in a sentence: what stands out, how much is luck."""
    if not item.varies:
        return "No run differs from any other: nothing here depends on anything that was varied, or on luck."
    names = item.standing_out
    if not names and {verdict for _, verdict in item.verdicts()} == {NOTHING} and item.screening is None:
        return (
            f"Nothing that was varied changed it in any run: where runs differ, it is by luck alone. {counted(item.seeds, 'seed')} a point."
        )
    told = f"It hinges on {listed(names[:NAMED])}" if names else "No factor stands out from luck"
    more = f", and {len(names) - NAMED} more stand out" if len(names) > NAMED else ""
    return f"{told}{more}. {luck_words(item)}"


def luck_words(item: Sensitivity) -> str:
    """Return how much of the variance of single runs is luck."""
    if item.seeds == 1:
        return "One seed a point was played, so that luck cannot be told from parameters."
    still = f"; of the variance of points' means {percent(item.spread.noise_in_means)} is luck that {item.seeds} seeds leave"
    return f"Luck makes {percent(item.spread.chance_share)} of the variance of single runs, what was varied the rest{still}."


def quiet(item: Sensitivity) -> dict[str, list[str]]:
    """Return the factors that do not stand out, by why not."""
    told: dict[str, list[str]] = {WITHIN_NOISE: [], NOTHING: [], NOT_JUDGED: []}
    for name, verdict in item.verdicts():
        if verdict in told:
            told[verdict].append(name)
    if item.screening:
        told[WITHIN_NOISE] += [row.name for row in item.screening.factors if not row.stands_out]
    return {verdict: names for verdict, names in told.items() if names}


QUIET_WORDS = {
    WITHIN_NOISE: "within noise: not told from luck by these runs, which is not to say without effect",
    NOTHING: "changed nothing in any run",
    NOT_JUDGED: "not judged: with one seed a point an effect that has no one direction cannot be told from luck",
}


def rule_words(rule: Rule) -> str:
    """Return how well a rule does, in the other half first, for that is what counts."""
    here = f"{percent(rule.held_density)} of {counted(rule.held_points, 'such point')} fail ({percent(rule.left)} of those looked at)"
    before = f"where it was found {percent(rule.density)} and {percent(rule.coverage)}"
    return f"{here}, {percent(rule.held_coverage)} of all failures are there; {before}"


def standing_of(rule: Rule) -> str:
    """Return whether the other half bears a rule out."""
    return "confirmed" if rule.confirmed else "not confirmed in the other half"


def discovery_lead(item: Discovery) -> str:
    """Return the answer of a search for conditions in a sentence."""
    if item.why_not:
        return f"Not looked for: {item.why_not}."
    confirmed = [rule for rule in item.boxes if rule.confirmed]
    if not confirmed:
        return f"It fails at {percent(item.share)} of the points, and no condition was found that the other half of the points bears out."
    first = confirmed[0]
    return f"It fails above all where {first.words}: there {percent(first.held_density)} of the points fail, of all {percent(item.share)}."


def told(found: Found, shown: int) -> str:
    """Return everything in plain lines."""
    lines = [f"{found.title}: {counted(found.factors, 'factor')}, design {found.design}"]
    if found.missing or found.failures:
        lines.append(f"{counted(found.missing, 'run')} missing, {counted(found.failures, 'run')} failed")
    methods = list(dict.fromkeys(item.method for item in found.findings))
    lines += [METHOD[method] for method in methods]
    for item in found.findings:
        lines += ["", *_finding(item, shown, len({row.scenario for row in found.findings}) > 1)]
    for one in found.discoveries:
        lines += ["", *_discovery(one)]
    return "\n".join(lines)


def _finding(item: Sensitivity, shown: int, named: bool) -> Iterator[str]:
    yield subject(item) + (f" in {item.scenario}" if named else "") + f" (mean {mean_words(item)})"
    yield f"  {headline(item)}"
    if not item.varies:
        return
    yield from (f"  {line}" for line in _table([row for row in rows_of(item) if row[-1] != NOTHING], shown))
    if item.forms:
        yield "  Forms of rules, played at every point:"
        yield from (f"  {line}" for line in _table(form_rows(item), shown))
    for verdict, names in quiet(item).items():
        yield f"  {counted(len(names), 'factor')} {QUIET_WORDS[verdict]}"


def rows_of(item: Sensitivity) -> list[list[str]]:
    """Return the table of factors by the design's method, its heads first."""
    if item.method == EFFECTS:
        head = ["factor", "mu*", "±", "by noise", "mu", "sigma", "luck in sigma", ""]
        effects = [(row, (row.mu_star, row.half, row.by_noise, row.mu, row.sigma, row.noise)) for row in item.effects]
        return [head] + [[row.name, *map(number, told), row.verdict] for row, told in effects]
    if item.method == INDICES:
        head = ["factor", "first", "±", "total", "±", "luck taken out", ""]
        shares = [(row, (row.first, row.first_half, row.total, row.total_half)) for row in item.indices]
        return [head] + [[row.name, *map(share, told), number(row.by_noise), row.verdict] for row, told in shares]
    if item.method == FORMS_ONLY or item.screening is None:
        return []
    head = ["factor", "alone", "±", "by shuffling", "rank corr.", "together", "by shuffling", ""]
    return [head] + [
        [
            row.name,
            *map(share, (row.share, row.half, row.by_chance)),
            "–" if math.isnan(row.rank) else f"{row.rank:+.2f}".replace("-", "−"),
            *map(share, (row.importance, row.bar)),
            " and ".join(word for word, seen in (("alone", row.alone), ("together", row.together)) if seen) or WITHIN_NOISE,
        ]
        for row in item.screening.factors
    ]


def form_rows(item: Sensitivity) -> list[list[str]]:
    """Return the table of crossed forms, its heads first."""
    head = ["rule", "first", "±", "total", "±", "means by form", ""]
    return [head] + [
        [
            row.name,
            *map(share, (row.first, row.first_half, row.total, row.total_half)),
            ", ".join(f"{form} {number(mean)}" for form, mean in row.means.items()),
            row.verdict,
        ]
        for row in item.forms
    ]


def _table(rows: Sequence[Sequence[str]], shown: int) -> Iterator[str]:
    kept = rows[: shown + 1]
    if len(kept) < 2:
        return
    widths = [max(len(row[column]) for row in kept) for column in range(len(kept[0]))]
    for row in kept:
        middle = (cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True))
        yield "  ".join([row[0].ljust(widths[0]), *middle, row[-1]]).rstrip()
    if len(rows) > shown + 1:
        yield f"({len(rows) - shown - 1} more)"


def _discovery(item: Discovery) -> Iterator[str]:
    yield f"Fails when {item.fails_when}" + ("" if " than " in item.fails_when else f" under {item.lever}") + f" ({item.scenario})"
    yield f"  {discovery_lead(item)}"
    for place, rule in enumerate(item.boxes, 1):
        yield f"  box {place}, {standing_of(rule)}: {rule.words}"
        yield f"    {rule_words(rule)}"
    if item.tree:
        yield f"  a small tree (right in {percent(item.tree_accuracy)} of the other half, both kinds weighing alike):"
        yield from (f"    {rule.words}: {rule_words(rule)}" for rule in item.tree)
    if item.single:
        side = "below" if item.single.better_below else "above"
        yield f"  one number alone: better {side} {item.single.split:.3g} of {item.single.parameter}"
