"""The page of the claims: one section a claim, verdict first; one HTML file that needs nothing else, and the same in markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path

from analysis.claim_verdict import ENOUGH, SETS, Verdict
from analysis.claims import ClaimFound, ExperimentFound, Findings, Reading
from analysis.panels import PANELS, WORDS

INK = {"supports": "#0072B2", "within": "#D1D5DB", "wide": "url(#hatch)", "opposes": "#D55E00"}
SAYS = {"supports": "supports", "within": "within the margin", "wide": "cannot tell yet", "opposes": "opposes"}
DIRECTION = {"less": "less", "more": "more", "not_worse": "nowhere worse"}

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1f2937;max-width:58rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;margin-bottom:.2rem}h2{font-size:1.25rem;margin:0}section{border-top:1px solid #d1d5db;padding:1.2rem 0}
.verdict{font-size:1.1rem;font-weight:600;margin:.3rem 0}.faint{color:#4b5563}.small{font-size:.88rem}
.bars{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}figure{margin:.6rem 0}figcaption{font-size:.88rem;color:#4b5563}
table{border-collapse:collapse;font-size:.88rem;margin:.5rem 0;display:block;overflow-x:auto}
th,td{text-align:left;padding:.2rem .7rem .2rem 0;vertical-align:top;border-bottom:1px solid #e5e7eb}
td.n{text-align:right;white-space:nowrap}
code{background:#f3f4f6;padding:0 .25rem;overflow-wrap:anywhere}details{margin:.5rem 0}dt{font-weight:600}dd{margin:0 0 .4rem 0}
"""

HATCH = (
    '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs><pattern id="hatch" width="6" height="6" '
    'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
    '<line x1="0" y1="0" x2="0" y2="6" stroke="#9ca3af" stroke-width="3"/></pattern></defs></svg>'
)

READ = f"""Each claim of the paper was written down as an experiment before it was run: two arms that differ in what the
claim names, on the same parameter sets and the same luck. A set <b>supports</b> the claim when the 95 % interval of the
difference lies wholly beyond the margin, <b>opposes</b> it when wholly beyond it on the other side; else it lies <b>within the
margin</b>, or its interval is too wide and it <b>cannot tell yet</b>. A claim holds when at least {ENOUGH:.0%} of the sets of
<i>every</i> panel support it. Panels are stances on three rival theories. A share of sets is a share of a declared space,
<b>not a probability</b>, so it is told again with every range halved."""


def write(findings: Findings, folder: Path, line: str) -> None:
    """Write ``index.html`` and ``claims.md`` into a folder."""
    (folder / "index.html").write_text(as_html(findings, line), encoding="utf-8")
    (folder / "claims.md").write_text(as_markdown(findings, line), encoding="utf-8")


def as_html(findings: Findings, line: str) -> str:
    """Return the page."""
    body = "\n".join(
        [
            "<h1>The paper's claims, put to the model</h1>",
            f'<p class="faint">{escape(_reach(findings))}</p>',
            f"<p>{READ}</p>",
            _panels_told(),
            _overview(findings),
            *(_section(item) for item in findings.claims),
            f'<section><h2>Again</h2><p><code>{escape(line)}</code></p><p class="small faint">model {findings.model}</p></section>',
        ]
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    guard = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    title = "<title>Claims</title>"
    return f'<!doctype html>\n<html lang="en"><head>{head}{guard}{title}<style>{STYLE}</style></head><body>{HATCH}{body}</body></html>\n'


def _reach(findings: Findings) -> str:
    ran = sum(item.word != "not run" for item in findings.claims)
    runs = sum(tried.runs for item in findings.claims for tried in item.experiments)
    ends = {"done": "All that was asked for was run.", "budget": "Stopped when the budget ended.", "interrupted": "Stopped by a key."}
    counted = f"{runs} runs, arms shared between claims counted for each"
    return f"{ran} of {len(findings.claims)} claims were run ({counted}). {ends[findings.stopped]}"


def _panels_told() -> str:
    rows = "".join(f"<li><b>{name}</b> {escape(WORDS[name])}</li>" for name in PANELS)
    keys = "".join(
        f'<svg width="14" height="12" aria-hidden="true"><rect width="14" height="12" fill="{INK[says]}"/></svg> {SAYS[says]} &nbsp; '
        for says in INK
    )
    return f'<ul class="small">{rows}</ul><p class="small">{keys}</p>'


def _overview(findings: Findings) -> str:
    rows = "".join(
        f'<tr><td><a href="#{item.claim.id}">{item.claim.id}</a></td><td>{escape(item.claim.title)}</td><td>{escape(told(item))}</td></tr>'
        for item in findings.claims
    )
    return f"<table><thead><tr><th></th><th>claim</th><th>verdict</th></tr></thead><tbody>{rows}</tbody></table>"


def told(item: ClaimFound) -> str:
    """Return a claim's verdict in a few words."""
    if item.decided_by is None:
        return "not run"
    found = item.decided_by.declared
    if found.word == "too few":
        return "too few sets for a word"
    tail = "; not settled" if found.unsettled else ""
    return f"{found.word}{', prior-driven' if found.prior_driven else ''}{tail}"


def _section(item: ClaimFound) -> str:
    claim = item.claim
    parts = [
        f'<section id="{claim.id}"><h2>{claim.id} &middot; {escape(claim.title)}</h2>',
        f'<p class="verdict">{escape(told(item)[0].upper() + told(item)[1:])}</p>',
        *_why(item),
        f'<p>{escape(claim.restated)} <span class="faint">({escape(claim.source)})</span></p>',
        _bars_of(item.decided_by) if item.decided_by else "",
        f"<p><b>What speaks against it:</b> {escape(claim.counter_case)}</p>",
        "<details><summary>Numbers</summary>" + "".join(_experiment(tried) for tried in item.experiments) + "</details>",
        "<p class='small'><b>Cannot be told here:</b> " + escape("; ".join(claim.cannot_test)) + ".</p>",
        f'<p class="small"><code>kforsim claims {claim.id}</code></p></section>',
    ]
    return "\n".join(parts)


def _why(item: ClaimFound) -> Iterator[str]:
    if item.decided_by is None:
        yield f"<p>Not run: {escape(item.experiments[0].why_not)}</p>"
        return
    found = item.decided_by
    yield f"<p>{escape(contrast_told(item, found))}</p>"
    if found.declared.word == "depends":
        yield f"<p>{escape(region_told(found.declared))}</p>"
    for reason in found.declared.unsettled:
        yield f'<p class="faint">Not settled: {escape(reason)}.</p>'


def contrast_told(item: ClaimFound, found: Reading) -> str:
    """Return what was set against what, on which outcome, with which margin."""
    how = f"{DIRECTION[found.direction]} by {'at least ' if found.direction != 'not_worse' else ''}{found.margin}"
    return f"{item.experiments[0].words}. Decided by: {found.words}; {found.path} {how}"


def region_told(found: Verdict) -> str:
    """Return the region in which a claim is supported, and what decides."""
    region = found.region
    if region is None:
        return "It depends, and no single parameter decides: no one split of the sets beats what shuffled sets give."
    prior = " The patterns say nothing of it: the verdict hinges on its declared range." if region.prior_only else ""
    return (
        f"It depends on {region.parameter}: below {region.split:.3g} {region.supported_below:.0%} of sets support it and "
        f"{region.opposed_below:.0%} oppose it; above, {region.supported_above:.0%} and {region.opposed_above:.0%}.{prior}"
    )


def _bars_of(found: Reading) -> str:
    both = [("declared ranges", found.declared), ("every range halved", found.halved)]
    return '<div class="bars">' + "".join(_bars(words, verdict) for words, verdict in both) + "</div>"


def _bars(words: str, found: Verdict) -> str:
    """Return one bar a panel, as inline SVG."""
    width, height, left = 240, 18, 22
    rows = []
    for place, panel in enumerate(PANELS):
        top, at = place * (height + 6), float(left)
        rows.append(f'<text x="0" y="{top + 14}" font-size="13">{panel}</text>')
        for says, ink in INK.items():
            wide = found.shares[panel][says] * width
            if wide > 0.0:
                rows.append(f'<rect x="{at:.1f}" y="{top}" width="{wide:.1f}" height="{height}" fill="{ink}" stroke="#fff"/>')
            at += wide
        rows.append(f'<text x="{left + width + 6}" y="{top + 14}" font-size="12" fill="#4b5563">{found.sets[panel]} sets</text>')
    mark = left + ENOUGH * width
    deep = len(PANELS) * (height + 6)
    rows.append(f'<line x1="{mark}" y1="0" x2="{mark}" y2="{deep - 4}" stroke="#111827" stroke-dasharray="3 3"/>')
    label = escape(f"{words}: " + "; ".join(f"{panel} {_shares_told(found.shares[panel])}" for panel in PANELS))
    svg = f'<svg width="330" height="{deep}" role="img" aria-label="{label}">{"".join(rows)}</svg>'
    return f"<figure>{svg}<figcaption>{words}: {found.word}</figcaption></figure>"


def _shares_told(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{share:.0%} {SAYS[says]}" for says, share in shares.items())


def _experiment(tried: ExperimentFound) -> str:
    head = f"<h3>{escape(tried.words)}</h3><p class='small faint'>{escape(tried.scenario)}</p>"
    if tried.why_not:
        return f"{head}<p>Not run: {escape(tried.why_not)}</p>"
    arms = "".join(
        f"<dt>{escape(words)}</dt><dd class='small'>{_settings(tried.settings[name])}</dd>" for name, words in tried.arms.items()
    )
    heads = "".join(
        f"<th>{text}</th>" for text in ("contrast", "outcome", "without", "difference", "D", "S", "O", "M", "verdict", "halved")
    )
    rows = "".join(_rows(tried.readings))
    failed = (
        f"<p>{len(tried.failures)} runs failed, and are left out with their pairs: {escape(tried.failures[0])}</p>"
        if tried.failures
        else ""
    )
    note = "<p class='small faint'>Differences and their 95 % intervals are means over sets, with less without; below D to M by panel.</p>"
    return f"{head}<dl>{arms}</dl><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{note}{failed}"


def _settings(settings: Mapping[str, str]) -> str:
    return " ".join(f"<code>{escape(f'{name}={value}')}</code>" for name, value in settings.items()) or "nothing set"


def _rows(readings: tuple[Reading, ...]) -> Iterator[str]:
    """Give the rows of a table, each contrast under its own heading."""
    for words, found in groupby(readings, lambda reading: reading.words):
        yield f'<tr><th colspan="9">{escape(words)}</th></tr>'
        yield from map(_row, found)


def _row(found: Reading) -> str:
    panels = "".join(f'<td class="n">{_number(found.by_panel.get(panel, math.nan), sign=True)}</td>' for panel in PANELS)
    interval = f"{_number(found.mean, sign=True)} ({_number(found.low, sign=True)} to {_number(found.high, sign=True)})"
    unit = f" <span class='faint'>({escape(found.unit)})</span>" if found.unit else ""
    return (
        f"<tr><td>{escape(found.path)}{unit}</td><td class='n'>{_number(found.base)}</td>"
        f"<td class='n'>{interval}</td>{panels}<td>{escape(found.declared.word)}</td><td>{escape(found.halved.word)}</td></tr>"
    )


def _number(value: float, sign: bool = False) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:+.3g}" if sign else f"{value:.3g}"


def as_markdown(findings: Findings, line: str) -> str:
    """Return the same in markdown, without the figures."""
    rows = [f"| {item.claim.id} | {item.claim.title} | {told(item)} |" for item in findings.claims]
    head = ["# The paper's claims, put to the model", _reach(findings), "\n".join(["| | claim | verdict |", "|---|---|---|", *rows])]
    tail = [f"A share of sets is a share of a declared space, not a probability. {SETS} sets are asked for.", f"`{line}`"]
    return "\n\n".join([*head, *(_section_in_markdown(item) for item in findings.claims), *tail]) + "\n"


def _section_in_markdown(item: ClaimFound) -> str:
    claim, found = item.claim, item.decided_by
    parts = [f"## {claim.id}: {claim.title}", f"**{told(item)}**", f"{claim.restated} ({claim.source})"]
    if found is None:
        parts.append(f"Not run: {item.experiments[0].why_not}")
    else:
        parts.append(contrast_told(item, found) + ".")
        parts += [region_told(found.declared)] if found.declared.word == "depends" else []
        for words, verdict in (("declared ranges", found.declared), ("every range halved", found.halved)):
            shares = "; ".join(f"{panel} ({verdict.sets[panel]} sets) {_shares_told(verdict.shares[panel])}" for panel in PANELS)
            parts.append(f"{words}: {verdict.word}. {shares}.")
        parts += [f"Not settled: {reason}." for reason in found.declared.unsettled]
    parts += [f"What speaks against it: {claim.counter_case}", f"Cannot be told here: {'; '.join(claim.cannot_test)}."]
    return "\n\n".join(parts)
