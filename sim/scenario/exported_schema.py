"""Exported schema: JSON Schema of the files that a user writes, for editors that complete and check while one types.

The schema says which fields there are, of which kind and within which bounds. What files must agree on among themselves
(a headquarters that a seat names, a place, a doctrine) only ``kforsim check`` can see.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from sim.doctrine.command import CommandStructure
from sim.doctrine.mandate import Mandate
from sim.doctrine.rules_of_engagement import RulesOfEngagement
from sim.geography.site_plan import _PlanFile as PlanFile
from sim.scenario.parameters import ConceptFile
from sim.scenario.schema import ScenarioFile
from sim.seats.doctrine_table import DoctrineTable

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILES: dict[str, tuple[type[BaseModel], str]] = {
    "scenario": (ScenarioFile, "scenario.yaml"),
    "mandate": (Mandate, "mandate.yaml"),
    "rules_of_engagement": (RulesOfEngagement, "rules_of_engagement.yaml"),
    "command": (CommandStructure, "command.yaml"),
    "doctrine": (DoctrineTable, "doctrine/<name>.yaml"),
    "site_plan": (PlanFile, "a site plan"),
    "parameters": (ConceptFile, "parameters/<concept>.yaml"),
}
"""Name -> (checked model, the file that it describes)."""


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file; KeyError for an unknown name."""
    model, described = FILES[name]
    schema = model.model_json_schema()
    return {"$schema": DIALECT, **schema, "title": f"kforsim: {described}"}


def schema_text(name: str) -> str:
    """Return the schema as it is written to a file."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
