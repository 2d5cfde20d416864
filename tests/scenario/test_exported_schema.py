"""The committed JSON Schemas are those that the models give; they take what is shipped and refuse what the models refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from sim.foundations.documents import read_document
from sim.foundations.figures import minutes_of_day, minutes_on
from sim.scenario.armed_schema import IntelligenceFile
from sim.scenario.exported_schema import FILES, schema_of, schema_text
from sim.scenario.loader import FRAMEWORK_FILES, load_scenario, shipped_names
from sim.scenario.schema import MOST_PERSONS
from sim.scenario.shipped import SHIPPED, shipped_campaigns, shipped_doctrines, shipped_templates

KINDS = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "boolean": bool, "null": type(None)}
COMMITTED = ("scenario", "day", "armed_group", "intelligence", "campaign")


def refusals(schema: dict, value: object, whole: dict) -> Iterator[str]:
    """Give why *value* does not satisfy *schema*: the part of JSON Schema that the exports use."""
    if "$ref" in schema:
        yield from refusals(whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, whole)
    if "if" in schema:
        branch = "else" if [*refusals(schema["if"], value, whole)] else "then"
        yield from refusals(schema[branch], value, whole)
    if "anyOf" in schema and all([*refusals(option, value, whole)] for option in schema["anyOf"]):
        yield f"{value!r} fits none of {len(schema['anyOf'])}"
    if "const" in schema and value != schema["const"]:
        yield f"{value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{value!r} is none of {schema['enum']}"
    kind = schema.get("type")
    if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{value!r} is no {kind}"
    elif isinstance(value, dict):
        yield from _of_object(schema, value, whole)
    elif isinstance(value, list):
        yield from (why for item in value for why in refusals(schema.get("items", {}), item, whole))
        if len(value) < schema.get("minItems", 0):
            yield "too few"
    elif isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{value!r} does not look like {schema['pattern']}"
    elif isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{value!r} is out of bounds"


def _of_object(schema: dict, value: dict, whole: dict) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{name}: {why}" for name in value for why in refusals(schema.get("propertyNames", {}), name, whole))
    yield from (f"{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, item in value.items():
        if name in known:
            yield from (f"{name}: {why}" for why in refusals(known[name], item, whole))
        elif others is False:
            yield f"{name} is unknown"
        elif isinstance(others, dict):
            yield from (f"{name}: {why}" for why in refusals(others, item, whole))


def shipped_files() -> Iterator[tuple[str, object]]:
    for name in shipped_names():
        scenario = load_scenario(name)
        yield "scenario", scenario.folder / "scenario.yaml"
        yield from (("day", scenario.whole / day) for day in scenario.file.days)
        yield from ((file.removesuffix(".yaml"), scenario.whole / file) for file in (*FRAMEWORK_FILES, "concessions.yaml"))
        yield from (("site_plan", scenario.whole / site.plan) for site in scenario.file.sites.values())
        for day in scenario.days:
            named = (("armed_group", day.file.armed_group), ("intelligence", day.file.intelligence))
            yield from ((kind, scenario.whole / file) for kind, file in named if file is not None)
    for name in shipped_campaigns():
        yield from ((kind, SHIPPED / name / f"{kind}.yaml") for kind in ("campaign", "strata"))
    yield from (("doctrine", path) for path in shipped_doctrines().values())
    yield from (("site_plan", path) for path in shipped_templates().values())
    yield from (("parameters", path) for path in sorted((SHIPPED / "parameters").glob("*.yaml")))


@pytest.mark.parametrize("name", COMMITTED)
def test_the_committed_schema_is_the_export(name):
    committed = (SHIPPED / "schema" / f"{name}.schema.json").read_text("utf-8")
    assert committed == schema_text(name), f"run: kforsim schema {name} --out scenarios/schema"


def test_every_shipped_file_satisfies_the_schema_of_its_kind():
    schemas = {name: schema_of(name) for name in FILES}
    checked = {path: [*refusals(schemas[kind], read_document(path).value, schemas[kind])] for kind, path in shipped_files()}
    assert len(checked) > 40
    assert {path.name: why for path, why in checked.items() if why} == {}


@pytest.mark.parametrize(
    ("kind", "file", "change", "why"),
    [
        ("scenario", "may_2023", {"titel": "x"}, "titel is unknown"),
        ("scenario", "may_2023", {"part_of": "may_2023"}, "seats is unknown"),
        ("scenario", "may_2023", {"base_tick_s": 0}, "base_tick_s: 0 is out of bounds"),
        ("scenario", "may_2023", {"days": ["../may_29.yaml"]}, "days: '../may_29.yaml' does not look like"),
        ("scenario", "may_2023_zvecan", {"seats": {}}, "seats is unknown"),
        ("scenario", "may_2023_zvecan", {"sites": []}, "sites: too few"),
    ],
)
def test_the_schema_of_a_scenario_refuses_what_is_wrong_in_a_whole_or_in_a_part(kind, file, change, why):
    value = read_document(SHIPPED / file / "scenario.yaml").value
    assert any(told.startswith(why) for told in refusals(schema_of(kind), value | change, schema_of(kind)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"start": "29 May"}, "start: '29 May' does not look like"),
        ({"dusk": {"at": "20:00"}}, "dusk: source is missing"),
        ({"before": {"days": 3, "hurt": {"low": 1}, "detained": 0, "source": "ours", "grade": "C"}}, "before: {"),
    ],
)
def test_the_schema_of_a_day_refuses_what_is_wrong(change, why):
    value = read_document(SHIPPED / "may_2023" / "may_29.yaml").value
    assert any(told.startswith(why) for told in refusals(schema_of("day"), value | change, schema_of("day")))


ARMED, LOOKOUT, CAMPAIGN = ("banjska_2023", "armed_group"), ("banjska_2023", "intelligence"), ("campaign_2023", "campaign")


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        (ARMED, {"figters": "fighters"}, "figters is unknown"),
        (
            ARMED,
            {"leaves": {"earliest": "six", "latest": "20:00", "source": "ours", "grade": "C"}},
            "leaves: earliest: 'six' does not look",
        ),
        (ARMED, {"light": {"dusk": "18:45", "dawn": "72:00", "source": "ours", "grade": "B"}}, "light: dawn: '72:00' does not look like"),
        (ARMED, {"blocks": []}, "blocks: too few"),
        (ARMED, {"positions": {"bridge": {}}}, "positions: bridge: 'bridge' is none of"),
        (ARMED, {"muster": {"boat": "x"}}, "muster: boat: 'boat' is none of"),
        (LOOKOUT, {"sharing": "with_everybody"}, "sharing: 'with_everybody' is none of"),
        (LOOKOUT, {"assets": [{"id": "drone"}]}, "assets: organisation is missing"),
        (CAMPAIGN, {"start": "April"}, "start: 'April' does not look like"),
        (CAMPAIGN, {"exogenous": [{"date": "2023-10-01"}]}, "exogenous: event is missing"),
    ],
)
def test_the_schema_of_an_armed_group_of_intelligence_and_of_a_campaign_refuses_what_is_wrong(file, change, why):
    folder, kind = file
    value = read_document(SHIPPED / folder / f"{kind}.yaml").value
    assert [*refusals(schema_of(kind), value, schema_of(kind))] == []
    assert any(told.startswith(why) for told in refusals(schema_of(kind), value | change, schema_of(kind)))


def test_an_asset_that_sees_less_than_nothing_is_refused_by_schema_and_check_alike():
    value = read_document(SHIPPED / "banjska_2023" / "intelligence.yaml").value
    wrong = value | {"assets": [value["assets"][0] | {"per_hour": {"roadblock": -1.0}}]}
    assert any("roadblock: -1.0 is out of bounds" in told for told in refusals(schema_of("intelligence"), wrong, schema_of("intelligence")))
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        IntelligenceFile.model_validate(wrong)


@pytest.mark.parametrize(("field", "reads", "longest"), [("ClockTime", minutes_of_day, "23:59"), ("LongClock", minutes_on, "71:59")])
def test_a_clock_time_is_described_as_it_is_read(field, reads, longest):
    schema = schema_of("doctrine" if field == "ClockTime" else "armed_group")["$defs"][field]
    for good in ("00:00", "09:30", longest):
        assert [*refusals(schema, good, schema)] == []
        assert reads(good) >= 0.0
    for wrong in ("9:30", "24:60", "72:00", "09:30 "):
        assert [*refusals(schema, wrong, schema)]
        with pytest.raises(ValueError, match="is not a time of day"):
            reads(wrong)


def test_a_span_may_be_a_bare_number_or_lack_its_middle():
    schema = schema_of("day")
    for given in (0, 3.5, {"low": 1, "high": 2}, {"low": 1, "central": 1, "high": 2}):
        assert [*refusals(schema["$defs"]["Span"], given, schema)] == []
    for wrong in (-1, "3", {"low": 1}, {"low": 1, "hi": 2}):
        assert [*refusals(schema["$defs"]["Span"], wrong, schema)]


def test_a_moment_is_described_as_it_is_written():
    moment = schema_of("day")["$defs"]["Moment"]
    assert re.fullmatch(moment["pattern"], "2023-05-29 06:00")
    assert "format" not in moment


def test_a_day_and_a_plan_are_yaml_files_of_the_folder():
    pattern = schema_of("scenario")["$defs"]["FileName"]["pattern"]
    assert re.fullmatch(pattern, "zvecan_town_hall.yaml")
    for wrong in ("../x.yaml", "a/b.yaml", ".hidden.yaml", "plan.txt", "a\\b.yaml"):
        assert not re.fullmatch(pattern, wrong)


def test_every_schema_is_plain_json():
    for name in FILES:
        assert json.loads(schema_text(name)) == schema_of(name)


def test_the_bound_on_people_is_no_smaller_than_any_crowd_of_the_paper():
    assert MOST_PERSONS >= 5_000
