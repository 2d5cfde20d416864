"""The committed JSON Schema is the one that the models give, and it says what the models refuse."""

from __future__ import annotations

import json
import re

from sim.scenario.exported_schema import FILES, schema_of, schema_text
from sim.scenario.schema import MOST_PERSONS
from sim.scenario.shipped import SHIPPED


def test_the_committed_schema_is_the_export():
    committed = (SHIPPED / "schema" / "scenario.schema.json").read_text("utf-8")
    assert committed == schema_text("scenario"), "run: kforsim schema > scenarios/schema/scenario.schema.json"


def test_a_moment_is_described_as_it_is_written():
    moment = schema_of("scenario")["$defs"]["Moment"]
    assert re.fullmatch(moment["pattern"], "2023-05-29 06:00")
    assert "format" not in moment


def test_a_plan_is_a_yaml_file_of_the_folder():
    pattern = schema_of("scenario")["$defs"]["FileName"]["pattern"]
    assert re.fullmatch(pattern, "zvecan_town_hall.yaml")
    for wrong in ("../x.yaml", "a/b.yaml", ".hidden.yaml", "plan.txt", "a\\b.yaml"):
        assert not re.fullmatch(pattern, wrong)


def test_every_schema_is_plain_json():
    for name in FILES:
        assert json.loads(schema_text(name)) == schema_of(name)


def test_the_bound_on_people_is_no_smaller_than_any_crowd_of_the_paper():
    assert MOST_PERSONS >= 5_000
