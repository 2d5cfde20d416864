"""Exported schema: JSON Schema of the files that a user writes, for editors that complete and check while one types.

The schema says which fields there are, of which kind and within which bounds. What files must agree on among themselves
(a headquarters that a seat names, a place, a doctrine, a unit that a day deploys) only ``kforsim check`` can see.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sim.doctrine.command import CommandStructure
from sim.doctrine.concessions import Concessions
from sim.doctrine.mandate import Mandate
from sim.doctrine.rules_of_engagement import RulesOfEngagement
from sim.geography.site_plan import _PlanFile as PlanFile
from sim.scenario.armed_schema import ArmedGroupFile, IntelligenceFile
from sim.scenario.campaign_schema import CampaignFile, StrataFile
from sim.scenario.option_schema import OptionFile
from sim.scenario.parameters import ConceptFile
from sim.scenario.schema import DayFile, PartFile, ScenarioFile
from sim.seats.doctrine_table import DoctrineTable

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILES: dict[str, tuple[type[BaseModel], str]] = {
    "scenario": (ScenarioFile, "scenario.yaml"),
    "day": (DayFile, "<day>.yaml"),
    "concessions": (Concessions, "concessions.yaml"),
    "mandate": (Mandate, "mandate.yaml"),
    "rules_of_engagement": (RulesOfEngagement, "rules_of_engagement.yaml"),
    "command": (CommandStructure, "command.yaml"),
    "doctrine": (DoctrineTable, "doctrine/<name>.yaml"),
    "site_plan": (PlanFile, "a site plan"),
    "parameters": (ConceptFile, "parameters/<concept>.yaml"),
    "option": (OptionFile, "options/<id>.yaml"),
    "armed_group": (ArmedGroupFile, "<armed_group>.yaml"),
    "intelligence": (IntelligenceFile, "<intelligence>.yaml"),
    "campaign": (CampaignFile, "campaign.yaml"),
    "strata": (StrataFile, "strata.yaml"),
}
"""Name -> (checked model, the file that it describes). A ``scenario.yaml`` with ``part_of`` is checked as a part instead."""


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file; KeyError for an unknown name."""
    model, described = FILES[name]
    schema = _whole_or_part() if model is ScenarioFile else model.model_json_schema()
    if span := schema.get("$defs", {}).get("Span"):
        schema["$defs"]["Span"] = _as_written(span)
    if span := schema.get("$defs", {}).get("SourcedSpan"):
        span["required"].remove("central")  # the middle is taken where it is left out
    return {"$schema": DIALECT, **schema, "title": f"kforsim: {described}"}


def _as_written(span: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a span as a file may write it: a bare number, or with the central value left out."""
    fields = {**span, "required": ["low", "high"]}
    return {"description": fields.pop("description"), "anyOf": [{"type": "number", "minimum": 0}, fields]}


def _whole_or_part() -> dict[str, Any]:
    """Return the schema of a scenario, which is that of a part where ``part_of`` stands in it."""
    references, definitions = models_json_schema([(ScenarioFile, "validation"), (PartFile, "validation")])
    whole, part = (references[(model, "validation")] for model in (ScenarioFile, PartFile))
    return {**definitions, "type": "object", "if": {"required": ["part_of"]}, "then": part, "else": whole}


def schema_text(name: str) -> str:
    """Return the schema as it is written to a file."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
