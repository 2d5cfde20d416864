"""What is known of how far to trust the model: patterns, kept validations, what they inform, claims and their kept verdicts.

Kept results only: nothing is played. A result that was not kept is told as not kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.claim_files import CLAIMS, Claim, read_claims
from analysis.identifiability_page import DATA as IDENTIFIABILITY
from analysis.surviving_sets import FILE as SETS
from analysis.validate import KEPT
from sim.api import read_document, read_text

SCENARIOS = CLAIMS.parent
VERDICTS = CLAIMS / "claims.json"
"""Where findings of ``kforsim claims`` are kept beside the claims, if anybody has."""


@dataclass(frozen=True)
class Statistic:
    """A statistic of a pattern as the file states it."""

    pattern: str
    name: str
    kind: str
    band: str
    observed: str
    nature: str
    grade: str


@dataclass(frozen=True)
class Scored:
    """A statistic of a kept validation."""

    pattern: str
    name: str
    nature: str
    band: str
    observed: str
    low: float
    median: float
    high: float
    hit: bool
    needed: str


@dataclass(frozen=True)
class Validated:
    """A kept validation of a scenario."""

    scenario: str
    sets: int
    seeds: int
    same_model: bool
    failed_runs: int
    hits: int
    scores: tuple[Scored, ...]

    @property
    def misses(self) -> tuple[Scored, ...]:
        """The emergent statistics that were missed."""
        return tuple(item for item in self.scores if not item.hit and item.nature == "emergent")


@dataclass(frozen=True)
class Informed:
    """What a search told of its parameters: how many sets were drawn and survived, and how many parameters have each verdict."""

    scenario: str
    patterns: tuple[str, ...]
    survivors: int
    unselected: int
    verdicts: Mapping[str, int]
    informed: tuple[str, ...]


def patterns() -> dict[str, tuple[tuple[str, str], tuple[Statistic, ...]]]:
    """Return the statistics of each pattern, with its scenario and title, by scenario and id."""
    found = {}
    for path in sorted(SCENARIOS.glob("*/expected.yaml")):
        for pattern in read_document(path, SCENARIOS).value["patterns"]:
            statistics = tuple(_statistic(str(pattern["id"]), item) for item in pattern["statistics"])
            found[f"{path.parent.name} {pattern['id']}"] = ((path.parent.name, str(pattern["title"])), statistics)
    return found


def _statistic(pattern: str, item: Mapping[str, Any]) -> Statistic:
    band = item.get("band")
    asked = _span(band) if band else f"share at least {item['at_least']:g}"
    observed = item.get("observed")
    return Statistic(
        pattern, str(item["name"]), str(item["kind"]), asked, _told(observed), str(item["nature"]), str(item.get("grade", "assumption"))
    )


def _span(band: list[float]) -> str:
    return f"{band[0]:g} to {band[1]:g}"


def _told(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def unsearched() -> tuple[str, ...]:
    """Return the scenarios whose patterns no search for parameter sets has used: what is told of them was not tuned to them."""
    return tuple(path.parent.name for path in sorted(SCENARIOS.glob("*/expected.yaml")) if not path.with_name(SETS).is_file())


def validations() -> tuple[Validated, ...]:
    """Return the kept validations, by scenario."""
    return tuple(_validated(path) for path in sorted(SCENARIOS.glob(f"*/{KEPT}")))


def _validated(path: Path) -> Validated:
    kept = json.loads(read_text(path))
    scores = tuple(
        Scored(
            pattern=str(pattern["id"]),
            name=str(item["name"]),
            nature=str(item["nature"]),
            band=_span(item["band"]),
            observed=_told(item["observed"]),
            low=float(item["q05"]),
            median=float(item["median"]),
            high=float(item["q95"]),
            hit=bool(item["hit"]),
            needed=str(item["needed"]),
        )
        for pattern in kept["patterns"]
        for item in pattern["statistics"]
    )
    same, failed = bool(kept["sets_found_with_this_model"]), int(kept["failed_runs"])
    return Validated(str(kept["scenario"]), int(kept["sets"]), int(kept["seeds"]), same, failed, len(kept["hits"]), scores)


def identified() -> tuple[Informed, ...]:
    """Return what kept searches told of the parameters, by scenario."""
    found = []
    for path in sorted(SCENARIOS.glob(f"*/{IDENTIFIABILITY}")):
        kept, sets = json.loads(read_text(path)), json.loads(read_text(path.with_name(SETS)))
        verdicts = Counter(str(row["verdict"]) for row in kept["parameters"])
        named = tuple(str(row["parameter"]) for row in kept["parameters"] if row["verdict"] in ("informed", "weakly"))
        searched = tuple(str(name) for name in sets["provenance"]["patterns"])
        found.append(Informed(path.parent.name, searched, int(kept["survivors"]), int(kept["unselected_sets"]), dict(verdicts), named))
    return tuple(found)


def claims() -> tuple[tuple[Claim, str], ...]:
    """Return the claims with their kept verdicts in a few words; ``not kept`` where there is none."""
    words = _kept_verdicts()
    return tuple((claim, words.get(claim.id, "not kept")) for claim in read_claims())


def _kept_verdicts() -> dict[str, str]:
    if not VERDICTS.is_file():
        return {}
    return {str(item["claim"]["id"]): _verdict(item) for item in json.loads(read_text(VERDICTS))["claims"]}


def _verdict(item: Mapping[str, Any]) -> str:
    """Return a claim's verdict from the findings of ``kforsim claims``; see ``analysis.claims_page.told``."""
    if not item["decided_by"]:
        return "not run"
    found = item["decided_by"]["declared"]
    prior = ", prior-driven" if (found["region"] or {}).get("prior_only") else ""
    return f"{found['word']}{prior}{'; not settled' if found['unsettled'] else ''}"
