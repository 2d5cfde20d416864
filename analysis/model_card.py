"""The model card, generated from the model's declarations.

Headings after Mitchell et al. (2019), who ask of every model what it is, for whom and not for whom, by which measures, on what it
was tuned and tested, and what is owed to those whom it is about. What no declaration says stands in
``templates/model_card.md.j2``.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.describe_declarations import Declarations
from analysis.describe_evidence import Scored, Validated
from analysis.describe_markdown import code, folded, rendered, table, words
from analysis.describe_parameters import GRADES, MEANING, counted
from analysis.odd import FROM_DOCS, heading_of, outcome_tables, parameter_table, verification_files
from sim.api import LEVERS

TEMPLATE = "model_card.md.j2"
ODD = "odd.md"


def model_card(told: Declarations) -> str:
    """Return the card as markdown."""
    return rendered(
        TEMPLATE,
        {
            "told": told,
            "at_a_glance": _at_a_glance(told),
            "not_for": table(("not for", "because", "source"), ((item.what, item.because, item.source) for item in told.limits.not_for)),
            "scenarios": _scenarios(told),
            "disputed": _disputed(told),
            "levers": _levers(),
            "options": _options(told),
            "rule_forms": table(
                ("rule form", "what it decides", "as shipped", "all forms"),
                ((code(item.name), item.meaning, item.value, ", ".join(item.forms)) for item in told.pedigree.rule_forms),
            ),
            "outcomes": outcome_tables(told),
            "patterns": _patterns(told),
            "natures": _natures(told),
            "grades": _grades(told),
            "concepts": _concepts(told),
            "sourced": parameter_table(told.pedigree.sourced),
            "set_in_view": ", ".join(code(item.name) for item in told.pedigree.set_in_view),
            "identified": _identified(told),
            "validations": "\n\n".join(_validation(item) for item in told.validations),
            "overview": _overview(told.validations),
            "verdicts": _verdicts(told),
            "unsearched": ", ".join(code(name) for name in told.unsearched),
            "verification": verification_files(told.tests),
            "care": table(("what is owed", "how it is kept", "source"), ((item.what, item.how, item.source) for item in told.limits.care)),
        },
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if part else "0 %"


def _at_a_glance(told: Declarations) -> str:
    grades, whole = told.pedigree.by_grade, len(told.pedigree.parameters)
    misses = sum(len(item.misses) for item in told.wholes)
    hits = sum(item.hits for item in told.wholes)
    rows = [
        ("parameters", f"{whole}, of which {grades['assumption']} ({_share(grades['assumption'], whole)}) are assumptions"),
        ("submodels", f"{len(told.submodels)}"),
        ("compiled rules", f"{told.rules}"),
        ("doctrine tables", f"{len(told.tables)}"),
        ("scenarios and campaigns", f"{len(told.scenarios)}"),
        ("policy options", f"{len(told.options)}"),
        ("claims of the paper, as experiments", f"{len(told.claims)}"),
        ("emergent statistics, kept validations", f"{hits} hit, {misses} missed"),
    ]
    return table(("", ""), rows)


def _scenarios(told: Declarations) -> str:
    rows = []
    for item in told.scenarios:
        part = f" A part of `{item.part_of}`." if item.part_of else ""
        rows.append((code(item.name), f"{item.title}.{part} {item.summary}"))
    return table(("scenario", "what it is"), rows)


def _disputed(told: Declarations) -> str:
    rows = [
        (code(item.name), f"{words(switch.name)}: {switch.note}", f"**{switch.value}** of {', '.join(switch.accounts)}")
        for item in told.scenarios
        if not item.part_of
        for switch in item.switches
    ]
    return table(("scenario", "disputed", "followed, of all accounts"), rows)


def _levers() -> str:
    rows = ((code(item.name), item.moves, item.counter) for item in LEVERS)
    return folded(f"{len(LEVERS)} levers, each with its counter-effect", table(("lever", "what it moves", "counter-effect"), rows))


def _options(told: Declarations) -> str:
    rows = ((code(item.id), item.kind, f"**{item.name}.** {item.restates}") for item in told.options)
    return folded(f"{len(told.options)} policy options", table(("option", "kind", "what it asks for"), rows))


def _patterns(told: Declarations) -> str:
    parts = []
    for (where, title), statistics in told.patterns.values():
        rows = ((item.name, item.band, item.observed, item.nature, item.grade) for item in statistics)
        body = table(("statistic", "band", "observed", "nature", "grade"), rows)
        parts.append(folded(f"<b>{title}</b> (<code>{where}</code>): {len(statistics)} statistics", body))
    return "\n\n".join(parts)


def _natures(told: Declarations) -> str:
    natures = [item.nature for _, statistics in told.patterns.values() for item in statistics]
    counts = [f"{natures.count(nature)} {nature}" for nature in dict.fromkeys(natures)]
    return f"{len(natures)} statistics: {', '.join(counts)}"


def _grades(told: Declarations) -> str:
    counts, whole = told.pedigree.by_grade, len(told.pedigree.parameters)
    rows = ((grade, MEANING[grade], counts[grade], _share(counts[grade], whole)) for grade in GRADES)
    return table(("grade", "meaning", "parameters >", "share >"), rows)


def _concepts(told: Declarations) -> str:
    rows = []
    for item in told.submodels:
        if item.concept:
            parameters = told.pedigree.of(item.concept)
            found = counted(parameters)
            numbers = sorted({row.assumption for row in parameters if row.assumption.startswith("A-")}, key=lambda name: int(name[2:]))
            shown = f"[{words(item.name)}]({ODD}#{heading_of(told, item.name)})"
            rows.append((shown, f"`{item.concept}`", len(parameters), *(found[grade] or "" for grade in GRADES), _runs(numbers)))
    return table(("submodel", "concept", "all >", "A >", "B >", "C >", "ours >", "assumptions"), rows)


def _runs(numbers: Iterable[str]) -> str:
    """Return numbers of assumptions with neighbours joined: A-4 to A-9."""
    runs: list[list[int]] = []
    for number in (int(name[2:]) for name in numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"A-{run[0]} to A-{run[-1]}" if len(run) > 1 else f"A-{run[0]}" for run in runs)


def _identified(told: Declarations) -> str:
    rows = []
    for item in told.identified:
        counts = [item.verdicts.get(word, 0) for word in ("informed", "weakly", "prior-only", "not judged")]
        named = ", ".join(code(name) for name in item.informed) or "none"
        page = f"[{item.scenario}]({FROM_DOCS}/scenarios/{item.scenario}/identifiability.md)"
        rows.append((page, ", ".join(item.patterns), item.unselected, item.survivors, *counts, named))
    head = ("search", "patterns", "unselected sets >", "survived >", "informed >", "weakly >", "prior-only >", "not judged >", "which")
    return table(head, rows)


def _overview(validations: Iterable[Validated]) -> str:
    rows = []
    for item in validations:
        same = "this model" if item.same_model else "**an earlier model**"
        rows.append((code(item.scenario), f"{item.sets} x {item.seeds}", item.failed_runs, same, item.hits, len(item.misses)))
    return table(("scenario", "sets x seeds", "failed runs >", "sets found with", "hits >", "misses >"), rows)


def _validation(item: Validated) -> str:
    missed = table(
        ("missed", "band", "observed", "simulated 5, 50, 95 %", "what would be needed"),
        ((f"{row.pattern} {row.name}", row.band, row.observed, _interval(row), row.needed) for row in item.misses),
    )
    hits = table(
        ("statistic", "band", "observed", "simulated 5, 50, 95 %", "nature"),
        (
            (f"{row.pattern} {row.name}", row.band, row.observed, _interval(row), row.nature)
            for row in item.scores
            if row not in item.misses
        ),
    )
    told = missed if item.misses else "No emergent statistic was missed."
    return (
        f"**`{item.scenario}`: {len(item.misses)} missed, {item.hits} hit.**\n\n{told}\n\n{folded('what was hit, or is only shown', hits)}"
    )


def _interval(row: Scored) -> str:
    return f"{row.low:.3g}, {row.median:.3g}, {row.high:.3g}"


def _verdicts(told: Declarations) -> str:
    rows = (
        (f"[{claim.id}]({FROM_DOCS}/scenarios/claims/{claim.id}.yaml)", claim.title, claim.counter_case, word)
        for claim, word in told.claims
    )
    return table(("claim", "in our words", "what speaks against it", "verdict"), rows)
