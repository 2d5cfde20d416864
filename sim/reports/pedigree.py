"""Pedigree: theories switched on, disputed facts, parameters with their sources, and what the model leaves out."""

from __future__ import annotations

import re
import shlex
import sys
from typing import Any

from sim.foundations.parameter import Choice, Parameter
from sim.geography.site_plan import SitePlan
from sim.reports.evidence import RunEvidence
from sim.reports.words import number_words, spoken
from sim.scenario import parameters as catalogue
from sim.scenario.dials import MEANING
from sim.scenario.parameters import CONCEPTS

GRADES = (
    ("A", "several independent sources agree"),
    ("B", "one good source"),
    ("C", "weak, contested or second-hand"),
    ("assumption", "ours; no measurement behind it"),
)

STRENGTHS = ((0.0, "off"), (0.75, "weak"), (1.25, "reference strength"), (2.5, "strong"))


def theories(run: RunEvidence) -> list[dict[str, str]]:
    """Return the three theories of why violence comes, and how strongly this run lets each act."""
    deterrence, spiral = run.number("theta_deterrence"), run.number("theta_spiral")
    return [
        {
            "name": "Deterrence",
            "claim": "violence that meets no consequence invites more",
            "state": f"{_strength(deterrence)} (theta_deterrence = {deterrence:g})",
        },
        {"name": "Spiral", "claim": "force creates the violence it meets", "state": f"{_strength(spiral)} (theta_spiral = {spiral:g})"},
        {"name": "Orchestration", "claim": "a prepared group acts on its leader's own time", "state": _orchestrated(run)},
    ]


def _strength(value: float) -> str:
    return next((words for most, words in STRENGTHS if value <= most), "strong")


def _orchestrated(run: RunEvidence) -> str:
    chance = f"chance of a prepared group {run.number('planned_chance'):g} at each site and day"
    told = []
    for item in run.site_days:
        tick = int(item.kept.facts["prepared_tick"])
        if tick >= 0:
            acted = any(deed.seat == "prepared_group" and deed.effect_tick >= 0 for deed in item.deeds)
            where = "" if run.alone is not None else f" at {item.place}"
            told.append(f"{'acted' if acted else 'was due to act'}{where}, {run.label(tick)}")
    if not told:
        return f"no prepared group was present ({chance})"
    return f"a prepared group was present: it {'; it '.join(told)} ({chance})"


def switches(run: RunEvidence) -> list[dict[str, Any]]:
    """Return each disputed fact with its rival accounts and the one this run follows."""
    return [
        {
            "name": spoken(name),
            "accounts": [{"words": spoken(account), "followed": account == switch.value} for account in switch.accounts],
            "note": switch.note,
            "source": switch.source,
            "grade": str(switch.grade),
        }
        for name, switch in run.run.scenario.file.switches.items()
    ]


def parameter_rows(run: RunEvidence) -> list[dict[str, Any]]:
    """Return every declared parameter with the value that this run used, its range, meaning, source and grade."""
    kept = run.manifest["parameters"]
    by_user = _set_by_user(run)
    by_scenario = set(run.run.scenario.file.parameters)
    rows = []
    for concept in CONCEPTS:
        for item in concept:
            if item.name in kept:
                origin = "user" if item.name in by_user else "scenario" if item.name in by_scenario else ""
                rows.append(_parameter_row(concept.name, item, kept[item.name], origin))
    return rows + [_dial_row(name, dial, by_user) for name, dial in run.manifest.get("dials", {}).items()]


def _dial_row(name: str, dial: dict[str, Any], by_user: set[str]) -> dict[str, Any]:
    concept, _, item = name.partition(".")
    declared = Parameter(item, "share", 0, 1, MEANING.get(name, ""))
    return _parameter_row(concept, declared, dial, "user" if item in by_user else "scenario")


def _set_by_user(run: RunEvidence) -> set[str]:
    return {spoken_name.rpartition(".")[2] for spoken_name in run.manifest["settings"]}


def _parameter_row(concept: str, item: Parameter | Choice, kept: dict[str, Any], origin: str) -> dict[str, Any]:
    ends = (kept["low"], kept["high"])
    return {
        "concept": concept,
        "name": item.name,
        "value": number_words(kept["value"]),
        "unit": item.unit if isinstance(item, Parameter) and item.unit != "1" else "",
        "range": "fixed" if None in ends else f"{number_words(ends[0])} to {number_words(ends[1])}",
        "meaning": item.meaning,
        "source": kept["source"],
        "grade": kept["grade"],
        "origin": origin,
    }


def grade_shares(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how many parameters carry each grade, with the share of all."""
    total = max(len(rows), 1)
    counts = [(grade, meaning, sum(1 for row in rows if row["grade"] == grade)) for grade, meaning in GRADES]
    return [
        {"grade": grade, "meaning": meaning, "count": count, "share": round(100 * count / total, 1)} for grade, meaning, count in counts
    ]


def left_out(run: RunEvidence) -> list[str]:
    """Return what the model's own pages, of the parts that this run reads, say they do not model, and what its plans are."""
    unread = () if any(item.crowded for item in run.site_days) else catalogue.CROWD_CONCEPTS
    unread += () if any(day.armed is not None for day, _ in run.days) else catalogue.ARMED_CONCEPTS
    known = [module for module in vars(catalogue).values() if isinstance(module, type(sys)) and hasattr(module, "CONCEPT")]
    modules = [module for module in known if module.CONCEPT not in unread]
    found = []
    for module in modules:
        match = re.search(r"Not modelled:\s*(.+?)(?:\n\n|\Z)", module.__doc__ or "", re.DOTALL)
        if match:
            text = " ".join(match[1].split()).replace("``", "")
            found.append(f"{spoken(module.CONCEPT.name)}: {text}")
    plans = dict.fromkeys(
        f"Site plan of {item.place if item.crowded else _plan_name(item.plan)}: {item.plan.source}" for item in run.site_days
    )
    for armed in (day.armed for day, _ in run.days if day.armed is not None):
        plans |= dict.fromkeys(f"Plan of {_plan_name(plan)}: {plan.source}" for plan in armed.plans.values())
    return [*found, *plans]


def _plan_name(plan: SitePlan) -> str:
    """Return a plan's name without what it has in brackets: the source says that it is schematic."""
    return plan.name.partition(" (")[0]


def commands(run: RunEvidence) -> list[str]:
    """Return the commands that give this run again."""
    manifest = run.manifest
    settings = "".join(" --set " + shlex.quote(f"{name}={value}") for name, value in manifest["settings"].items())
    seats = " --seats history" if manifest["seats"] == "history" else ""
    again = f"kforsim run {shlex.quote(manifest['scenario'])} --seed {manifest['seed']}{seats}{settings} --out runs/again"
    replay = f"kforsim replay {shlex.quote(run.run.path.absolute().name)}"
    return [replay] if manifest["seats"] not in ("automatic", "history") else [again, replay]
