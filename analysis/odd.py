"""The ODD+D description of the model, generated from its declarations.

Headings after Grimm et al. (2020), the second update of ODD, with the headings that Müller et al. (2013) add for human
decisions (ODD+D). What no declaration says stands in ``templates/odd.md.j2``; all else is read from code and scenario files, so
that the page cannot drift from them.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis import describe_scenarios as scenarios
from analysis import describe_state as state
from analysis.describe_code import RUNGS, Declared, Submodel, agents, rung_lead
from analysis.describe_declarations import Declarations
from analysis.describe_markdown import anchor, code, folded, rendered, table, words
from analysis.describe_parameters import Described, counted
from analysis.panels import PANELS, STRENGTHS, WORDS

TEMPLATE = "odd.md.j2"
FROM_DOCS = ".."
"""The project's folder as seen from the page."""


def odd_page(told: Declarations) -> str:
    """Return the description as markdown."""
    numbered = {item.name: place for place, item in enumerate(told.submodels, 1)}

    def lead(name: str) -> str:
        item = told.submodel(name)
        return f"{item.lead} ([{words(name)}](#{anchor(_heading(item, numbered[name]))}))"

    return rendered(
        TEMPLATE,
        {
            "told": told,
            "lead": lead,
            "theories": _theories(told),
            "agents": table(("kind of agent", "what it is"), ((code(item.name), item.text) for item in agents())),
            "state": _state(),
            "scales": _scales(told),
            "order_of_play": table(
                ("phase", "step", "every, ticks >", "why it stands here"),
                state.order_of_play(),
            ),
            "order_of_a_week": table(("step of a week", "why it stands here"), state.order_of_a_week()),
            "seats": _seats(told),
            "tables": _tables(told),
            "spreads": _spreads(told),
            "draws": _draws(),
            "outcomes": outcome_tables(told),
            "initial": _initial(told),
            "inputs": _inputs(),
            "overrides": _overrides(told),
            "rungs": [(rung, rung_lead(rung), _submodels(told, rung, numbered)) for rung in RUNGS],
            "left_out": table(
                ("submodel", "what it leaves out"),
                ((words(item.name), item.not_modelled) for item in told.submodels if item.not_modelled),
            ),
        },
    )


def heading_of(told: Declarations, name: str) -> str:
    """Return the anchor of a submodel's section, for links from other pages."""
    place = next(place for place, item in enumerate(told.submodels, 1) if item.name == name)
    return anchor(_heading(told.submodels[place - 1], place))


def _heading(item: Submodel, place: int) -> str:
    return f"7.{place} {words(item.name)}"


def _theories(told: Declarations) -> str:
    strengths = {item.name: item for item in told.pedigree.parameters if item.name in STRENGTHS}
    rows = ((code(name), item.meaning, item.span, item.grade) for name, item in strengths.items())
    panels = table(("stance", "in which"), ((name, WORDS[name]) for name in PANELS))
    return f"{table(('strength', 'what it is', 'range', 'grade'), rows)}\n\n{panels}"


def _state() -> str:
    parts = [
        folded(
            f"<b>{item.row}</b>: {len(item.columns)} state variables",
            table(("variable", "unit", "meaning"), ((code(name), unit, meaning) for name, unit, meaning in item.columns)),
        )
        for item in state.state_tables()
    ]
    rows = ((code(name), text, ", ".join(words(field).lower() for field in fields)) for name, _, text, fields in state.plain_state())
    other = folded(
        "<b>all else that changes</b>: plain state of sites, seats, dealings, operation and campaign",
        table(("state", "what it is", "holds"), rows),
    )
    return "\n\n".join([*parts, other])


def _scales(told: Declarations) -> str:
    rows = [
        (
            code(item.name),
            f"{item.base_tick_s:g} s" if item.base_tick_s else "a week",
            "; ".join(f"{day.start} to {day.end}" for day in item.days) or f"{item.weeks_from} to {item.weeks_until}",
            ", ".join(item.sites.values()) or "the North as a whole",
        )
        for item in told.scenarios
    ]
    return table(("scenario", "base tick", "time", "places in play"), rows)


def _seats(told: Declarations) -> str:
    parts = []
    for item in told.scenarios:
        if item.seats and not item.part_of:
            rows = (
                (code(seat.name), words(seat.organisation), item.sites.get(seat.site, "every site"), code(seat.doctrine))
                for seat in item.seats
            )
            body = table(("seat", "of", "commands at", "doctrine table"), rows)
            parts.append(folded(f"<b>{item.title}</b> (<code>{item.name}</code>): {len(item.seats)} seats", body))
    return "\n\n".join(parts)


def _tables(told: Declarations) -> str:
    rows = []
    for item in told.tables:
        assumed = item.grades.get("assumption", 0)
        played = ", ".join(code(name) for name in scenarios.played_in(item.name))
        rows.append(
            (f"[{item.name}]({FROM_DOCS}/scenarios/doctrine/{item.name}.yaml)", item.summary, f"{len(item.rows)} ({assumed})", played)
        )
    return _by_seat(told, rows)


def _by_seat(told: Declarations, rows: Sequence[tuple[str, str, str, str]]) -> str:
    parts = []
    for seat in dict.fromkeys(item.seat for item in told.tables):
        own = [row for item, row in zip(told.tables, rows, strict=True) if item.seat == seat]
        body = table(("doctrine table", "what it does", "rows (assumed) >", "played in"), own)
        parts.append(folded(f"<b>{words(seat)}</b>: {len(own)} tables", body))
    return "\n\n".join(parts)


def _spreads(told: Declarations) -> str:
    spreads = [item for item in told.pedigree.parameters if item.name.endswith("_spread") and item.meaning.startswith("standard deviation")]
    return table(("spread", "of what", "value (range)"), ((code(item.name), item.meaning, _valued(item)) for item in spreads))


def _draws() -> str:
    drawn = state.draws()
    rows = [
        (", ".join(item.questions), f"`{item.function}` in [{item.file.removeprefix('sim/')}]({FROM_DOCS}/{item.file})") for item in drawn
    ]
    return folded(f"{sum(len(item.questions) for item in drawn)} questions", table(("what a draw decides", "asked in"), rows))


def outcome_tables(told: Declarations) -> str:
    """Return the primary outcomes, and the secondary ones folded, by the runs in which they are told."""
    head = ("outcome", "what it is", "unit", "better")
    parts = []
    for where in dict.fromkeys(item.where for item in told.outcomes):
        own = [item for item in told.outcomes if item.where == where]
        rows = {
            primary: [(code(item.name), item.meaning, item.unit, item.better) for item in own if item.primary is primary]
            for primary in (True, False)
        }
        if rows[True]:
            parts.append(f"Primary, in {where}:\n\n{table(head, rows[True])}")
        if rows[False]:
            parts.append(folded(f"{len(rows[False])} secondary outcomes in {where}", table(head, rows[False])))
    return "\n\n".join(parts)


def _initial(told: Declarations) -> str:
    rows = [
        (
            code(item.name),
            day.name.replace("_", " "),
            f"{day.persons:g}" if day.waves else "none",
            str(day.waves),
            str(day.units),
            str(day.events),
            "yes" if day.armed else "no",
        )
        for item in told.scenarios
        for day in item.days
    ]
    head = ("scenario", "day", "people who come, central >", "in waves >", "units deployed >", "planned events >", "armed group")
    return table(head, rows)


def _inputs() -> str:
    parts = []
    for folder, files in scenarios.input_files():
        body = table(("file", "what its head says"), ((code(name), text) for name, text in files))
        parts.append(folded(f"<code>scenarios/{folder}/</code>: {len(files)} files", body))
    rows = ((f"[{name}/]({FROM_DOCS}/scenarios/{name})", count, text) for name, count, text in scenarios.shared_folders())
    return "\n\n".join([table(("folder, for all scenarios", "files >", "what it holds"), rows), *parts])


def _overrides(told: Declarations) -> str:
    rows = [
        (code(item.name), code(name), value, source)
        for item in told.scenarios
        if not item.part_of
        for name, value, source in item.overrides
    ]
    return table(("scenario", "parameter", "value", "source"), rows) if rows else "No scenario overrides a parameter."


def _submodels(told: Declarations, rung: str, numbered: dict[str, int]) -> str:
    return "\n\n".join(_submodel(told, item, numbered[item.name]) for item in told.submodels if item.rung == rung)


def _submodel(told: Declarations, item: Submodel, place: int) -> str:
    """Return a submodel's section: what it says of itself, its rules, its parameters."""
    parts = [f"### {_heading(item, place)}", f"*[{item.file}]({FROM_DOCS}/{item.file})* &nbsp; **{item.lead}**", *item.account]
    if item.sources:
        parts.append(f"*Sources:* {item.sources}")
    if item.not_modelled:
        parts.append(f"*Not modelled:* {item.not_modelled}")
    if item.rules:
        parts.append(folded(_counted_rules(item), table(("rule", "what it says"), ((code(rule.name), rule.text) for rule in item.rules))))
    if item.concept:
        parameters = told.pedigree.of(item.concept)
        parts.append(folded(_counted_parameters(parameters), parameter_table(parameters)))
    return "\n\n".join(parts)


def _counted_rules(item: Submodel) -> str:
    compiled = sum(rule.compiled for rule in item.rules)
    if compiled == len(item.rules):
        return f"{compiled} {'rule' if compiled == 1 else 'rules'}"
    return f"{len(item.rules)} functions, {compiled} of them compiled rules" if compiled else f"{len(item.rules)} functions"


def _counted_parameters(parameters: Sequence[Described]) -> str:
    counts = ", ".join(f"{count} {grade}" for grade, count in counted(parameters).items() if count)
    return f"{len(parameters)} {'parameter' if len(parameters) == 1 else 'parameters'}: {counts}"


def parameter_table(parameters: Sequence[Described]) -> str:
    """Return parameters with value, range, grade, meaning and source, two columns of text at the most."""
    rows = []
    for item in parameters:
        forms = f" Forms: {', '.join(item.forms)}." if item.forms else ""
        rows.append((code(item.name), _valued(item), item.grade, f"{item.meaning}.{forms} *{item.source}*"))
    return table(("parameter", "value (range)", "grade", "meaning; *source*"), rows)


def _valued(item: Described) -> str:
    unit = "" if item.unit in ("1", "form") else f" {item.unit}"
    return f"{item.value} ({item.span}){unit}" if item.span else f"{item.value}{unit}"


def verification_files(items: Sequence[Declared]) -> str:
    """Return the files of tests with their sentences, folded."""
    parts = []
    for item in items:
        body = "\n".join(f"- {sentence}" for sentence in item.fields)
        parts.append(folded(f"<code>{item.file}</code>: {item.text} ({len(item.fields)} tests)", body))
    return "\n\n".join(parts)
