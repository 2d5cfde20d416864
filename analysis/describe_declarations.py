"""Everything that the model declares, gathered once for card and description, and as plain data for programs."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analysis import describe_evidence as evidence
from analysis import describe_state as state
from analysis.claim_files import Claim
from analysis.describe_code import ROOT, Declared, Submodel, agents, published_cases, submodels, verification_tests
from analysis.describe_limits import Limits, read_limits
from analysis.describe_parameters import Pedigree, pedigree
from analysis.describe_scenarios import Described, Table, doctrine_tables, policy_options, scenarios
from sim.api import ARMED_OUTCOMES, CAMPAIGN_OUTCOMES, LEVERS, OUTCOMES, Option, input_error


@dataclass(frozen=True)
class Outcome:
    """What a run is judged by; *where* says in which runs it is told."""

    where: str
    name: str
    unit: str
    better: str
    primary: bool
    meaning: str


@dataclass(frozen=True)
class Declarations:
    """All of it."""

    version: str
    submodels: tuple[Submodel, ...]
    pedigree: Pedigree
    limits: Limits
    scenarios: tuple[Described, ...]
    tables: tuple[Table, ...]
    options: tuple[Option, ...]
    outcomes: tuple[Outcome, ...]
    claims: tuple[tuple[Claim, str], ...]
    patterns: dict[str, tuple[tuple[str, str], tuple[evidence.Statistic, ...]]]
    unsearched: tuple[str, ...]
    validations: tuple[evidence.Validated, ...]
    identified: tuple[evidence.Informed, ...]
    cases: tuple[Declared, ...]
    tests: tuple[Declared, ...]

    @property
    def wholes(self) -> tuple[evidence.Validated, ...]:
        """The kept validations of scenarios that are no part of another, so that nothing is counted twice."""
        parts = {item.name for item in self.scenarios if item.part_of}
        return tuple(item for item in self.validations if item.scenario not in parts)

    def submodel(self, name: str) -> Submodel:
        """Return a submodel by the name of its module; InputError where there is none: a template names one that is gone."""
        found = [item for item in self.submodels if item.name == name]
        if len(found) != 1:
            raise input_error(f"submodel {name}", "is named by a page's template, and is not there", "mend analysis/templates")
        return found[0]

    @property
    def rules(self) -> int:
        """How many compiled rules there are."""
        return sum(rule.compiled for item in self.submodels for rule in item.rules)


def gathered() -> Declarations:
    """Return everything that the model declares; InputError where something has no place, or a file does not hold."""
    found = submodels()
    return Declarations(
        version=_version(),
        submodels=found,
        pedigree=pedigree(found),
        limits=read_limits(),
        scenarios=scenarios(),
        tables=doctrine_tables(),
        options=policy_options(),
        outcomes=_outcomes(),
        claims=evidence.claims(),
        patterns=evidence.patterns(),
        unsearched=evidence.unsearched(),
        validations=evidence.validations(),
        identified=evidence.identified(),
        cases=published_cases(),
        tests=verification_tests(),
    )


def _outcomes() -> tuple[Outcome, ...]:
    told = {"any run": OUTCOMES, "runs with an armed group": ARMED_OUTCOMES, "campaigns": CAMPAIGN_OUTCOMES}
    return tuple(
        Outcome(where, item.name, item.unit, item.better, item.primary, item.meaning) for where, items in told.items() for item in items
    )


def _version() -> str:
    """Return the version that the project's file states, or that of the installed package."""
    project = ROOT / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
    try:
        return version("kfor-wargame")
    except PackageNotFoundError:
        return "unknown"


def as_data(told: Declarations) -> dict[str, Any]:
    """Return the declarations as plain data."""
    return {
        "version": told.version,
        "parameters": [dataclasses.asdict(item) for item in told.pedigree.parameters],
        "parameters_by_grade": dict(told.pedigree.by_grade),
        "submodels": [dataclasses.asdict(item) for item in told.submodels],
        "agents": [dataclasses.asdict(item) for item in agents()],
        "state_tables": [dataclasses.asdict(item) for item in state.state_tables()],
        "order_of_play": [dict(zip(("phases", "step", "every_ticks", "why"), row, strict=True)) for row in state.order_of_play()],
        "order_of_a_week": [dict(zip(("step", "why"), row, strict=True)) for row in state.order_of_a_week()],
        "draws": [dataclasses.asdict(item) for item in state.draws()],
        "scenarios": [dataclasses.asdict(item) for item in told.scenarios],
        "doctrine_tables": [dataclasses.asdict(item) for item in told.tables],
        "options": [{"id": item.id, "name": item.name, "kind": item.kind, "restates": item.restates} for item in told.options],
        "levers": [{"name": item.name, "anchors": item.anchors, "moves": item.moves, "counter": item.counter} for item in LEVERS],
        "outcomes": [dataclasses.asdict(item) for item in told.outcomes],
        "patterns": [
            {"scenario": where, "title": title, "statistics": [dataclasses.asdict(item) for item in rows]}
            for (where, title), rows in told.patterns.values()
        ],
        "validations": [dataclasses.asdict(item) for item in told.validations],
        "identified": [dataclasses.asdict(item) for item in told.identified],
        "claims": [{"id": claim.id, "title": claim.title, "restated": claim.restated, "verdict": word} for claim, word in told.claims],
        "verification": [dataclasses.asdict(item) for item in (*told.cases, *told.tests)],
        "limits": told.limits.model_dump(),
    }
