"""What the documents say is there: parameters, sources, files, steps and commands."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sim.cli.main import COMMANDS
from sim.engine.turn import ORDER_OF_PLAY
from sim.scenario.exported_schema import FILES
from sim.scenario.parameters import shipped_parameters
from sim.scenario.schema import DayFile, PartFile, ScenarioFile
from sim.scenario.shipped import SHIPPED

ROOT = Path(__file__).parents[1]
KEY = re.compile(r"\b([A-Z])(\d{1,2})(?:-\1(\d{1,2}))?\b")
ELSEWHERE = re.compile(r"\bpeers(?: [A-Z]\d{1,2},?)+|^pattern: .*|^id: .*|\bpattern [A-Z]\d\b", re.MULTILINE)
FILE = re.compile(r"`([\w./<>*-]+\.(?:py|yaml|md|toml))`")
TABLE_KEY = re.compile(r"^\| ([A-Z]\d{1,2}) \|", re.MULTILINE)


def _text(*path: str) -> str:
    return ROOT.joinpath(*path).read_text("utf-8")


def _keys_in(text: str) -> set[str]:
    """Return the source keys in a text, ranges such as Z1-Z4 spelt out."""
    found = set()
    for letter, first, last in KEY.findall(ELSEWHERE.sub("", text)):
        found |= {f"{letter}{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def _without_a_file(document: str, *folders: Path) -> list[str]:
    named = [name for name in FILE.findall(_text(document)) if "<" not in name and "*" not in name]
    assert named
    return [name for name in named if not any((folder / name).is_file() for folder in folders)]


def test_every_assumed_parameter_stands_in_the_register_of_assumptions():
    register = set(re.findall(r"`(\w+)`", _text("scenarios", "ASSUMPTIONS.md")))
    assumed = {name for name, valued in shipped_parameters().valued.items() if valued.grade == "assumption"}
    assert sorted(assumed - register) == []


def test_every_parameter_named_in_the_register_exists():
    named = {
        name for row in re.findall(r"^\| A-\d\d \|.*", _text("scenarios", "ASSUMPTIONS.md"), re.M) for name in re.findall(r"`(\w+)`", row)
    }
    assert sorted(named - set(shipped_parameters().valued)) == []


def test_the_register_counts_parameters_by_grade_as_they_are():
    found = Counter(valued.grade for valued in shipped_parameters().valued.values())
    counted = ", ".join(f"{grade} {found[grade]}" for grade in ("A", "B", "C", "assumption"))
    assert f"Shipped parameters by grade: {counted}." in _text("scenarios", "ASSUMPTIONS.md")


def test_assumptions_are_numbered_without_a_gap():
    numbers = [int(number) for number in re.findall(r"^\| A-(\d+) \|", _text("scenarios", "ASSUMPTIONS.md"), re.M)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_source_key_in_a_scenario_file_is_explained():
    explained = set(TABLE_KEY.findall(_text("scenarios", "SOURCES.md")))
    lost = {
        path.relative_to(SHIPPED).as_posix(): sorted(missing)
        for path in sorted(SHIPPED.rglob("*.yaml"))
        if (missing := _keys_in(path.read_text("utf-8")) - explained)
    }
    assert lost == {}


def test_every_key_in_the_sources_of_a_scenario_is_explained():
    explained = set(TABLE_KEY.findall(_text("scenarios", "SOURCES.md")))
    for path in SHIPPED.glob("*/sources.md"):
        assert sorted(_keys_in(path.read_text("utf-8").replace("P2", "")) - explained) == []


def test_no_source_is_listed_that_nothing_cites():
    texts = [path.read_text("utf-8") for path in (*SHIPPED.rglob("*.yaml"), *SHIPPED.glob("*/sources.md"), *(ROOT / "sim").rglob("*.py"))]
    cited = set().union(*map(_keys_in, texts)) | _keys_in(_text("scenarios", "SOURCES.md").split("## Other words")[1])
    assert sorted(set(TABLE_KEY.findall(_text("scenarios", "SOURCES.md"))) - cited) == []


def test_every_file_named_in_the_guide_to_the_simulator_exists():
    assert _without_a_file("sim/README.md", ROOT, ROOT / "sim") == []


def test_every_file_named_in_the_other_documents_exists():
    made_by_commands = {"surviving_sets.json", "validated.json"}
    assert set(_without_a_file("analysis/README.md", ROOT, ROOT / "analysis", SHIPPED / "may_2023")) <= made_by_commands
    assert _without_a_file("scenarios/README.md", SHIPPED, SHIPPED / "may_2023") == []
    assert _without_a_file("sim/DECISIONS.md", ROOT, ROOT / "sim", SHIPPED / "may_2023") == []
    assert _without_a_file("scenarios/ASSUMPTIONS.md", ROOT, SHIPPED) == []
    assert _without_a_file("scenarios/SOURCES.md", ROOT, SHIPPED) == []
    assert _without_a_file("scenarios/may_2023/sources.md", SHIPPED / "may_2023") == []


def test_links_between_documents_lead_somewhere():
    for path in (*ROOT.glob("*.md"), *(ROOT / "sim").glob("*.md"), *SHIPPED.rglob("*.md"), *(ROOT / "analysis").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_step_of_the_order_of_play_stands_in_the_guide_in_its_order():
    guide = _text("sim", "README.md")
    places = [guide.find(f"| {step.numbers} | {step.name} | {step.period} tick") for step in ORDER_OF_PLAY]
    assert -1 not in places
    assert places == sorted(places)


def test_every_key_of_a_scenario_and_of_a_day_is_explained():
    words = set(re.findall(r"`([\w.]+)`", _text("scenarios", "README.md")))
    models = (ScenarioFile, DayFile, PartFile)
    assert {model.__name__: lost for model in models if (lost := [name for name in model.model_fields if name not in words])} == {}


def test_every_kind_of_schema_is_named_where_editors_are_explained():
    words = set(re.findall(r"`(\w+)`", _text("scenarios", "README.md")))
    assert [name for name in FILES if name not in words] == []


def test_every_command_stands_in_the_readme():
    readme = _text("README.md")
    assert [name for name in COMMANDS if f"`kforsim {name}`" not in readme] == []


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(number) for number in re.findall(r"^(\d+)\. \*\*", _text("sim", "DECISIONS.md"), re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
