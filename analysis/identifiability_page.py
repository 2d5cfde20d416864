"""The table of identifiability as files: compact data, and a page that people read."""

from __future__ import annotations

import json

from analysis.identifiability import LEAST_CONTRACTION, LEAST_SCREENED, LEAST_SURVIVORS, Identifiability, Link, Row
from analysis.surviving_sets import SurvivingSets

DATA, PAGE = "identifiability.json", "identifiability.md"

ORDER = ("informed", "weakly", "prior-only", "not judged")

HOW_TO_READ = f"""\
Made by `kforsim calibrate`; a hand's correction is lost at the next search. A pattern *informs* a parameter when their rank
correlation over unselected sets (in bold) is larger than the largest of all pairs in 95 % of shufflings. *Contraction* is
1 - variance among survivors / variance of the declared range; it counts from {LEAST_CONTRACTION:g} on, and beyond what the search does
to numbers that no rule reads (dummies). *Informed*: both hold; *weakly*: one of them; *prior-only*: neither, so a result that
hinges on the parameter hinges on its declared range. Nothing here says that a parameter does not matter, and correlation
sees only what rises or falls. "-": not judged, or the pattern itself sets the parameter."""


def as_data(table: Identifiability, sets: SurvivingSets) -> str:
    """Return the table as JSON, one parameter a line; links as [rho, statistic, whether it informs]."""

    def link(found: Link | None) -> list[object] | None:
        return None if found is None else [round(found.rho, 3), found.statistic, found.informs]

    def line(row: Row) -> str:
        links = {pattern: link(found) for pattern, found in row.links.items()}
        told = {"parameter": row.parameter, "links": links, "contraction": _rounded(row.contraction), "verdict": row.verdict}
        return json.dumps(told, ensure_ascii=False)

    head = {
        "model": sets.provenance.get("model"),
        "unselected_sets": table.screened,
        "survivors": table.survivors,
        "dummies_from_the_start": sets.provenance.get("dummies_from_the_start"),
        "link_bar": _rounded(table.link_bar),
        "contraction_bar": _rounded(table.contraction_bar),
        "ridge_bar": _rounded(table.ridge_bar),
        "statistics": list(table.statistics),
        "ridges": [[*item.pair, round(item.rho, 3), item.is_ridge] for item in table.ridges],
    }
    fields = [f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in head.items()]
    rows = ",\n  ".join(line(row) for row in table.rows)
    return "{\n " + ",\n ".join([*fields, f'"parameters": [\n  {rows}\n ]']) + "\n}\n"


def as_page(table: Identifiability, sets: SurvivingSets, title: str) -> str:
    """Return the table as markdown."""
    parts = [f"# What informs which parameter: {title}", HOW_TO_READ, _sizes(table, sets), *_parameters(table), *_trade_offs(table)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sizes(table: Identifiability, sets: SurvivingSets) -> str:
    """Return how many sets stand behind the table, and what they are too few for."""
    told = [f"{table.screened} unselected sets; {table.survivors} survivors."]
    if table.link_bar is None:
        told.append(f"Fewer than {LEAST_SCREENED} unselected sets: correlations are not judged.")
    else:
        told.append(f"A correlation informs from {table.link_bar:.2f} on; smaller ones this many sets cannot tell from chance.")
    if table.contraction_bar is None:
        told.append(f"Fewer than {LEAST_SURVIVORS} survivors: contraction and ridges are not judged.")
    else:
        error = (2.0 / (table.survivors - 1)) ** 0.5
        told.append(f"Contraction counts beyond {table.contraction_bar:.2f}; its variance ratio is known to {error:.0%}.")
    if not sets.provenance.get("dummies_from_the_start"):
        told.append("The search began from older sets without dummies: contraction owed to the search is understated here.")
    return "\n".join(told)


def _parameters(table: Identifiability) -> list[str]:
    counts = [f"{sum(row.verdict == verdict for row in table.rows)} {verdict}" for verdict in ORDER]
    patterns = list(table.rows[0].links) if table.rows else []
    lines = ["| parameter | " + " | ".join(patterns) + " | contraction | verdict |", "|---" * (len(patterns) + 3) + "|"]
    for row in sorted(table.rows, key=lambda row: (ORDER.index(row.verdict), -(row.contraction or 0.0))):
        cells = [_cell(row.links[pattern]) for pattern in patterns]
        lines.append(f"| `{row.parameter}` | " + " | ".join(cells) + f" | {_shown(row.contraction)} | {row.verdict} |")
    strongest = [_strongest(row) for row in table.rows]
    named = "\n".join(f"- {line}" for line in strongest if line)
    return [f"## Parameters: {', '.join(counts)}", "\n".join(lines), f"The statistics behind the bold numbers:\n\n{named}" if named else ""]


def _strongest(row: Row) -> str:
    """Return which statistics inform a parameter, in words; empty where none does."""
    told = [f"{pattern} {link.statistic} ({link.rho:+.2f})" for pattern, link in row.links.items() if link and link.informs]
    return f"`{row.parameter}`: {'; '.join(told)}" if told else ""


def _trade_offs(table: Identifiability) -> list[str]:
    if table.ridge_bar is None:
        return ["## Trade-offs", "Not judged."]
    lines = ["| pair | rank correlation among survivors | ridge | expected |", "|---|---|---|---|"]
    for item in table.ridges:
        pair = " x ".join(f"`{name}`" for name in item.pair)
        lines.append(f"| {pair} | {item.rho:+.2f} | {'yes' if item.is_ridge else 'not seen'} | {item.asked or '-'} |")
    told = (
        f"n = {table.survivors}. A pair is on a ridge from {table.ridge_bar:.2f} on: beyond what pairs with a dummy show, over all pairs "
        "together.\nRows with an expectation are shown whatever was found; 'not seen' does not mean that the two are told apart."
    )
    return ["## Trade-offs", told, "\n".join(lines)]


def _cell(link: Link | None) -> str:
    if link is None:
        return "-"
    return f"**{link.rho:+.2f}**" if link.informs else f"{link.rho:+.2f}"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
