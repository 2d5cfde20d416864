"""Options as a comparison takes them: by id, several joined by ``+``, each with its settings here or why it has no path here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.compare_design import Playable
from analysis.comparison import OptionTold
from sim.api import Option, input_error, load_options, nearest, settings_of, why_no_path

BASELINE = OptionTold(id="baseline", name="Baseline", kind="baseline", settings={}, restates="The scenario as it stands.")
EVERY = "all"
TOGETHER = "+"


def chosen(asked: str, scenario: Playable) -> tuple[OptionTold, ...]:
    """Return the options of ``all`` or ``1.1,1.2+3.1``, the baseline first; InputError for an unknown one, or for two that clash."""
    known = load_options()
    names = [*known] if asked.strip() == EVERY else [part.strip() for part in asked.split(",") if part.strip()]
    if not names:
        raise input_error(f"--options {asked}", "names no option", "give ids such as 1.1,R1, or all")
    for name in names:
        for part in name.split(TOGETHER):
            if part not in known:
                raise input_error(f"--options {part}", "there is no such option", nearest(part, [EVERY, *known]))
    told = [_told([known[part] for part in name.split(TOGETHER)], scenario) for name in dict.fromkeys(names)]
    base = next((item for item in told if item.kind == "baseline"), None) or _shipped_baseline(known, scenario)
    return (base, *(item for item in told if item.kind != "baseline"))


def _shipped_baseline(known: Any, scenario: Playable) -> OptionTold:
    return next((_told([item], scenario) for item in known.values() if item.kind == "baseline"), BASELINE)


def _told(parts: Sequence[Option], scenario: Playable) -> OptionTold:
    settings = settings_of(tuple(parts), scenario)
    reasons = [why_no_path(part, scenario) for part in parts]
    no_path = "" if settings or parts[0].kind == "baseline" else "; ".join(filter(None, reasons)) or "its sites are not in play here"
    return OptionTold(
        id=TOGETHER.join(part.id for part in parts),
        name=" and ".join(part.name for part in parts),
        kind=parts[0].kind if len(parts) == 1 else "package",
        settings=settings,
        restates=" ".join(part.restates for part in parts),
        no_path=no_path,
        cost=_cost(parts),
        accepted_by=tuple(dict.fromkeys(line for part in parts for line in part.accepted_by)),
        not_testable=tuple(dict.fromkeys(line for part in parts for line in part.not_testable)),
    )


def _cost(parts: Sequence[Option]) -> dict[str, Any]:
    """Return what options take in three currencies that are never added to one another; of several the sum, and the longest lead."""
    licence: dict[str, float] = {}
    for part in parts:
        for government, points in part.cost.licence_points.items():
            licence[government] = licence.get(government, 0.0) + points.central
    return {
        "force_days": sum(part.cost.force_days_a_month.central for part in parts),
        "licence": licence,
        "lead_months": max(part.cost.lead_months.central for part in parts),
    }
