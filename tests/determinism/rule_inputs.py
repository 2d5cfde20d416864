"""Every scalar rule of the simulator, found by reading its sources, and random inputs for it by name of parameter.

A rule whose parameters all have a range below is called as it stands. A rule that walks through tables of rows (people,
sections, cells) is covered by the small day instead; which those are follows from their parameters, not from a list.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.engine.state import BINS, PEOPLE, SITUATION, Aim
from sim.foundations.chance import Purpose
from sim.foundations.columns import Column
from sim.foundations.parameter import Choice
from sim.scenario.parameters import CONCEPTS
from sim.verification.epstein_grid import LIMIT, TERMS
from sim.vocabulary import CertaintyForm, Conduct, Grade, Means, RatioForm, Role

SIM = Path(sim.__file__).parent
EDGE_SHARE = 0.05
"""Share of inputs that lie exactly on an end of their range, where rules change their branch."""

TABLES = frozenset({"people", "sections", "incidents", "counts", "neighbours", "rings", "line_rank"})
"""Parameters that are tables of rows where they are no plain number: a rule that takes one is covered by the small day."""

SHARE = (0.0, 1.0)
ALL_SHARES = """
share serious_share fatal_share incendiary_share device_share draw light_chance serious_chance base_chance protection
selectivity kept fear fatigue loss certainty rate tie outcome legitimacy confidence grievance anger risk_aversion
detention seated_share violent_share quality kit_quality training trained saving thrown incendiary device gunfire baton
agent lost_to_force lost_per_hour mean whim hardship prepared restraint departing_odds follow_odds rise_odds draw_a draw_b
per_hour aside bearing off lost chance wrongly_factor constraint licence spent tiring_kept resting_kept
hits_per_min fire_share cover spared wary_saving break_share dies_waiting care stops reached met met_chance stopped
backing_down cost level given lowers channel_lowers compound of_casualty of_civilian missed_by_one detected_by_other
dark_factor rain_factor mobility resolve closed turned own partner value trigger
"""
"""Parameters that lie in 0 to 1 wherever they stand."""

FLOATS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(ALL_SHARES.split(), SHARE),
    "agitated": (0.0, 2.0),
    "agitation": (0.0, 2.0),
    "ahead_of_left": (-9.0, 9.0),
    "ahead_of_right": (-9.0, 9.0),
    "alpha": (0.01, 500.0),
    "ambush_factor": (1.0, 100.0),
    "balance": (0.1, 20.0),
    "base": (0.0, 50.0),
    "best": (0.0, 2.0),
    "beta": (0.01, 500.0),
    "care_slows": (0.0, 20.0),
    "cell_m": (1.0, 10.0),
    "change": (-1.0, 1.0),
    "closing_min": (1.0, 600.0),
    "comfort": (1.0, 100.0),
    "consequence_weight": (0.0, 2.0),
    "contagion_per_min": (0.0, 1.0),
    "coverage": (0.0, 20.0),
    "crowding_weight": (0.0, 10.0),
    "days": (0.0, 60.0),
    "departing": (0.0, 2.0),
    "depth_support": (0.0, 2.0),
    "detained": (0.0, 20.0),
    "detained_half": (1.0, 200.0),
    "detained_most": (0.0, 5.0),
    "detention_severity": (0.0, 2.0),
    "disorder_hours": (0.0, 24.0),
    "distance_m": (0.0, 200.0),
    "effort": (0.0, 10.0),
    "episode_factor": (0.2, 5.0),
    "error": SHARE,
    "evacuation_min": (0.0, 1000.0),
    "evidence": (0.0, 500.0),
    "excess": (1.0, 3.0),
    "exponent": (-8.0, 8.0),
    "factor": (1.0, 10.0),
    "fading_days": (0.5, 60.0),
    "fighters": (-1.0, 90.0),
    "fit": (0.0, 20.0),
    "flank_steps": (1.0, 10.0),
    "force": SHARE,
    "forced": (0.0, 5.0),
    "forces": (0.0, 2000.0),
    "force_severity": (0.0, 2.0),
    "formation_factor": (0.1, 1.0),
    "freedom": (0.0, 2.0),
    "gain": (0.0, 2.0),
    "gap": (0.0, 40.0),
    "getting_up_per_min": (0.0, 20.0),
    "half_life_days": (1.0, 10_000.0),
    "half_life_months": (0.5, 120.0),
    "half_persons": (0.5, 500.0),
    "hours": (-1.0, 40.0),
    "hurt": (0.0, 20.0),
    "hurt_half": (1.0, 500.0),
    "hurt_most": (0.0, 5.0),
    "hysteresis": SHARE,
    "identification_min": (0.0, 600.0),
    "liked": (0.0, 40.0),
    "margin": (-2.0, 2.0),
    "minutes": (0.0, 10.0),
    "months": (0.0, 60.0),
    "needed": (0.5, 1000.0),
    "needed_for_roads": (0.5, 40.0),
    "nerve": SHARE,
    "net_risk": (0.0, 4.0),
    "normal": (-6.0, 6.0),
    "others": (0.0, 200.0),
    "pace_m_per_min": (0.0, 60.0),
    "patience_h": (0.1, 100.0),
    "people_ahead": (0.0, 200.0),
    "precision": (0.0, 1000.0),
    "press_weight": (0.0, 5.0),
    "pressed": (-1.0, 1.0),
    "pressing_weight": SHARE,
    "prior": (0.1, 100.0),
    "provocation": (0.0, 5.0),
    "pushed": (0.0, 5.0),
    "rate_per_min": (0.0, 10.0),
    "ratio": (-1.0, 20.0),
    "reach": (0.0, 5.0),
    "reach_m": (2.0, 200.0),
    "rear_fit": (0.0, 20.0),
    "risk": (0.0, 4.0),
    "seated_factor": (1.0, 5.0),
    "section_hours": (0.0, 1000.0),
    "sections": (0.0, 40.0),
    "seen": (-0.1, 5.0),
    "sharpness": (1.0, 100.0),
    "shooters": (0.0, 100.0),
    "size": (0.0, 2.0),
    "slowing_persons": (1.0, 100.0),
    "spread": (0.0, 0.5),
    "spreading_weight": (0.0, 20.0),
    "steepness": (0.0, 10.0),
    "strength": (0.0, 2.0),
    "surprise_factor": (1.0, 100.0),
    "surprise_min": (0.0, 60.0),
    "theta": (0.0, 4.0),
    "threat": (0.0, 50.0),
    "threshold": (-1.0, 3.0),
    "together_min": (0.0, 600.0),
    "training_factor": SHARE,
    "truth": (0.0, 3000.0),
    "turning_per_min": SHARE,
    "turning_point": (0.0, 0.5),
    "untrained_excess": (0.0, 5.0),
    "untrained_min": (0.0, 60.0),
    "violent_in_reach": (0.0, 50.0),
    "violent_weight": (0.0, 5.0),
    "weight": (0.0, 2.0),
    "whim_weight": (0.0, 2.0),
    "width": SHARE,
    "worth": (0.0, 2.0),
    "x": (-750.0, 715.0),
}
"""Ranges of numbers, wide enough to reach every branch."""

INTEGERS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("active", "arrested", "charged", "convicted", "prepared_acting", "pushed_up", "resisting"), (0, 1)),
    **dict.fromkeys(("channel", "dark", "rain", "warned"), (0, 1)),
    **dict.fromkeys(("civilians", "killed"), (0, 30)),
    **dict.fromkeys(("actives", "eulex", "kfor", "kp", "police", "pressing", "present", "responders", "violent"), (0, 60)),
    **dict.fromkeys(("entity", "id_a", "id_b"), (0, 2**62)),
    **dict.fromkeys(("one", "other"), (0, 2015)),
    "aim": (0, len(Aim) - 1),
    "bearing_bin": (0, BINS - 1),
    "choice": (0, 8),
    "columns": (1, 60),
    "conduct": (0, len(Conduct) - 1),
    "count": (1, 100_000),
    "form": (0, max(len(RatioForm), len(CertaintyForm)) - 1),
    "grade": (0, len(Grade) - 1),
    "means": (0, len(Means) - 1),
    "partners": (0, 5),
    "purpose": (1, max(Purpose)),
    "role": (0, len(Role) - 1),
    "run": (0, 2**62),
    "step": (0, 10_000),
    "teams": (0, 10),
    "tick": (0, 1_000_000),
}
"""Ranges of whole numbers, both ends included."""

WORDS = frozenset({"key", "moment", "run_key"})
"""Parameters that are unsigned 64-bit words."""

DIFFERENTLY: dict[tuple[str, str], tuple[float, float] | tuple[int, int]] = {
    ("giving_way_chance", "width"): (0.02, 1.0),
    ("charge_chance", "violent"): (0, 1),
    ("fate_of", "detained"): (0, 1),
    ("fate_of", "evidence"): (0, 1),
    ("sqrt", "x"): (0.0, 1e9),
    ("log", "x"): (-1.0, 1e9),
    ("normal_quantile", "share"): (1e-12, 1.0 - 1e-12),
    ("share_about", "number"): (-6.0, 6.0),
    ("threshold_of", "number"): (-6.0, 6.0),
    ("mix", "number"): (-(2**62), 2**62),
    ("broken", "lost"): (0, 60),
    ("broken", "strength"): (0, 60),
    ("surprise_factor", "minutes"): (0.0, 60.0),
    ("grade_of_hit", "draw"): (0.0, 1.0 - 2.0**-53),
    ("death_chance", "per_hour"): (0.0, 2.0),
    ("closed_after", "minutes"): (0.0, 600.0),
    ("stop_chance", "closed"): (-0.5, 1.5),
    ("launch_worth", "loss"): (0.0, 10.0),
    ("holding_out_worth", "loss"): (0.0, 10.0),
    ("getting_away_worth", "loss"): (0.0, 10.0),
    ("choice_weight", "worth"): (-10.0, 0.0),
    ("evidence_after", "count"): (0.0, 500.0),
    ("pays", "loss"): (-10.0, 0.0),
    ("pretext", "others"): SHARE,
    ("coverage_in", "minutes"): (0.0, 600.0),
    ("mistaken_chance", "minutes"): (0.0, 60.0),
    ("raised_above", "given"): (0.0, 0.99),
    ("lowered_below", "given"): (0.01, 1.0),
    ("unpunished_share", "violent"): (0.0, 40.0),
    ("unpunished_share", "trigger"): (0.0, 40.0),
}
"""Where one name means different things to different rules."""


def rules() -> dict[str, Callable[..., Any]]:
    """Return every function marked as a rule, by module and name, found in the sources."""
    found = {}
    for path in sorted(SIM.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and "rule" in {ast.unparse(mark) for mark in function.decorator_list}:
                module = "sim." + ".".join(path.relative_to(SIM).with_suffix("").parts)
                found[f"{module}.{function.name}"] = getattr(importlib.import_module(module), function.name)
    return found


def names_of(rule: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a rule's parameters."""
    return rule.__code__.co_varnames[: rule.__code__.co_argcount]


def walks_through_tables(rule: Callable[..., Any]) -> bool:
    """Tell whether a rule takes tables of rows and so belongs to the small day; a number may go by a table's name."""
    return any(rule.__annotations__[name] not in ("float", "int") for name in TABLES & set(names_of(rule)))


def unknown(rule: Callable[..., Any]) -> list[str]:
    """Return the parameters of a scalar rule for which no input is declared."""
    known = FLOATS.keys() | INTEGERS.keys() | WORDS | RECORDS.keys() | {"number"}
    return [name for name in names_of(rule) if name not in known]


def inputs(rule: Callable[..., Any], rows: int, random: np.random.Generator) -> list[tuple[Any, ...]]:
    """Return random arguments for a scalar rule, *rows* of them."""
    return list(zip(*(_column(rule.__name__, name, rows, random) for name in names_of(rule)), strict=True))


def _column(rule: str, name: str, rows: int, random: np.random.Generator) -> list[Any]:
    if name in WORDS:
        return list(random.integers(0, 2**64, rows, dtype=np.uint64))
    if name in RECORDS:
        return list(RECORDS[name](rows, random))
    low, high = DIFFERENTLY.get((rule, name)) or FLOATS.get(name) or INTEGERS[name]
    if isinstance(low, int):
        return [int(number) for number in random.integers(low, high, rows, endpoint=True)]
    return [float(number) for number in _spread(low, high, rows, random)]


def _spread(low: float, high: float, rows: int, random: np.random.Generator) -> np.ndarray:
    numbers = random.uniform(low, high, rows)
    edge = random.random(rows)
    numbers[edge < EDGE_SHARE] = low
    numbers[edge > 1.0 - EDGE_SHARE] = high
    return numbers


def _parameters(rows: int, random: np.random.Generator) -> np.ndarray:
    """Return rows of parameters, each number anywhere within what its rule can bear."""
    declared = [item for concept in CONCEPTS for item in concept]
    table = np.zeros(rows, dtype=[(item.name, "i8" if isinstance(item, Choice) else "f8") for item in declared])
    for item in declared:
        if isinstance(item, Choice):
            table[item.name] = random.integers(0, len(item.forms), rows)
        else:
            table[item.name] = _spread(item.low, item.high, rows, random)
    return table


def _table(columns: tuple[Column, ...]) -> Callable[[int, np.random.Generator], np.ndarray]:
    def rows_of(rows: int, random: np.random.Generator) -> np.ndarray:
        table = np.zeros(rows, dtype=[(column.name, column.code) for column in columns])
        for column in columns:
            if column.code == "f8":
                table[column.name] = random.random(rows)
            else:
                table[column.name] = random.integers(0, 2, rows)
        return table

    return rows_of


def _situations(rows: int, random: np.random.Generator) -> np.ndarray:
    return _table(SITUATION)(rows, random).reshape(rows, 1)


def _terms(rows: int, random: np.random.Generator) -> np.ndarray:
    table = np.zeros(rows, dtype=TERMS)
    for name, value in LIMIT.items():
        table[name] = value
    table["ratio_form"] = random.integers(0, len(RatioForm), rows)
    table["certainty_form"] = random.integers(0, len(CertaintyForm), rows)
    table["threshold"] = random.uniform(0.0, 0.5, rows)
    table["steepness"] = random.uniform(0.0, 5.0, rows)
    return table


RECORDS: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    "q": _parameters,
    "person": _table(PEOPLE),
    "situation": _situations,
    "terms": _terms,
}
"""Parameters that are one row of a table, with what makes random rows."""
