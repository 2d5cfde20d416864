"""The model card and the ODD+D description are made of declarations: nothing declared is left out, nothing without a place gets in."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import describe_code, describe_evidence
from analysis.claims_page import told as verdict_told
from analysis.describe_code import SIM, first_sentence, submodels
from analysis.describe_command import command
from analysis.describe_declarations import as_data, gathered
from analysis.describe_limits import FILE as LIMITS
from analysis.describe_limits import read_limits
from analysis.describe_markdown import anchor, cell, table, words
from analysis.describe_parameters import NAMED, pedigree, register
from analysis.describe_state import TABLES, undrawn
from analysis.model_card import model_card
from analysis.odd import odd_page
from sim.api import InputError, Parameter, ParameterSet, shipped_parameters
from sim.foundations.parameter import Concept, Valued

ROOT = Path(__file__).parents[2]

CARD_HEADINGS = (
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
)
"""Sections of a model card in the order of Mitchell et al. (2019)."""

ODD_HEADINGS = (
    "1. Purpose and patterns",
    "2. Entities, state variables and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialisation",
    "6. Input data",
    "7. Submodels",
)
"""Elements of ODD in the order of Grimm et al. (2020)."""

CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Individual decision-making",
    "Adaptation",
    "Learning",
    "Individual prediction",
    "Individual sensing",
    "Interaction",
    "Collectives",
    "Heterogeneity",
    "Stochasticity",
    "Observation",
)
"""Design concepts of ODD, with those that Müller et al. (2013) add for human decisions."""


@pytest.fixture(scope="module")
def told():
    return gathered()


@pytest.fixture(scope="module")
def odd(told):
    return odd_page(told)


@pytest.fixture(scope="module")
def card(told):
    return model_card(told)


def _with(name: str, concept: str, grade: str) -> ParameterSet:
    """Return the shipped parameters and one more."""
    shipped = shipped_parameters()
    new = Parameter(name, "share", 0, 1, "a new thing")
    homes = [item.name for item in shipped.concepts]
    concepts = tuple(replace(item, declared=(*item.declared, new)) if item.name == concept else item for item in shipped.concepts)
    if concept not in homes:
        concepts = (*concepts, Concept(concept, (new,)))
    return ParameterSet(concepts, {**shipped.valued, name: Valued(0.5, 0.0, 1.0, "ours", grade)})


def test_a_new_assumption_that_the_register_does_not_name_is_refused():
    with pytest.raises(InputError, match="parameter brand_new: is an assumption"):
        pedigree(submodels(), _with("brand_new", "fear", "assumption"))


def test_a_new_concept_that_no_submodel_declares_is_refused():
    with pytest.raises(InputError, match="concept astrology: no submodel declares it"):
        pedigree(submodels(), _with("brand_new", "astrology", "C"))


def test_a_new_parameter_with_a_source_gets_into_its_submodel():
    found = pedigree(submodels(), _with("brand_new", "fear", "B"))
    assert found.of("fear")[-1].name == "brand_new"
    assert found.by_grade["B"] == pedigree(submodels()).by_grade["B"] + 1


def test_every_parameter_stands_once_in_the_description(odd):
    lost = [name for name in shipped_parameters().valued if odd.count(f"\n| `{name}` | ") < 1]
    assert lost == []


def test_every_submodel_that_declares_parameters_stands_in_the_card(told, card):
    assert [item.concept for item in told.submodels if item.concept and f"| `{item.concept}` |" not in card] == []


def test_shares_by_grade_in_the_card_are_counted_from_the_parameters(told, card):
    whole = len(shipped_parameters().valued)
    ours = sum(item.grade == "assumption" for item in shipped_parameters().valued.values())
    assert f"| parameters | {whole}, of which {ours} ({100 * ours / whole:.0f} %) are assumptions |" in card


def test_a_register_names_a_parameter_by_its_first_row_or_as_told_elsewhere():
    text = "The lever `effort` rests.\n\n| A-1 | fades [`other`] | `fading` |\n| A-2 | fades again | `fading`, `second` |\n"
    assert register(text) == {"effort": NAMED, "other": NAMED, "fading": "A-1", "second": "A-2"}


def test_every_compiled_rule_of_the_described_rungs_is_told(odd):
    rules = [
        node.name
        for rung in describe_code.RUNGS
        for path in (SIM / rung).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and any(isinstance(mark, ast.Name) and mark.id == "rule" for mark in node.decorator_list)
    ]
    assert len(rules) > 50
    assert [name for name in rules if f"\n| `{name}` | " not in odd] == []


def test_every_rule_says_what_it_does(told):
    assert [rule.name for item in told.submodels for rule in item.rules if rule.compiled and len(rule.text) < 15] == []


def test_every_rung_with_rules_is_described_but_machinery_and_published_models():
    with_rules = {path.parent.name for path in SIM.rglob("*.py") if "\n@rule\n" in path.read_text("utf-8")}
    assert with_rules - set(describe_code.RUNGS) == {"foundations", "verification"}


def test_every_table_of_rows_that_the_engine_declares_is_described():
    declared = {
        target.id
        for path in (SIM / "engine").glob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and "Column(" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert declared == set(TABLES)


def test_every_purpose_of_chance_is_drawn_somewhere_and_told():
    verification_only = {name for name in undrawn() if not name.startswith("EPSTEIN")}
    assert verification_only == set()


def test_a_docstring_is_parted_into_account_sources_and_what_is_left_out(tmp_path, monkeypatch):
    page = tmp_path / "sim" / "actors" / "ghosts.py"
    page.parent.mkdir(parents=True)
    page.write_text(
        '"""Ghosts: who is not there.\n\nThey ``fade``. Sources: facts 2.1\n(one). Not modelled: sheets, chains.\n"""\n', "utf-8"
    )
    monkeypatch.setattr(describe_code, "ROOT", tmp_path)
    found = describe_code._submodel("actors", page)
    assert (found.lead, found.account) == ("Ghosts: who is not there.", ("They `fade`.",))
    assert (found.sources, found.not_modelled) == ("facts 2.1 (one).", "sheets, chains.")


def test_a_template_that_names_a_submodel_which_is_gone_is_an_error(told):
    with pytest.raises(InputError, match="submodel phlogiston"):
        told.submodel("phlogiston")


def test_the_headings_are_those_of_the_published_forms(odd, card):
    assert [line[3:] for line in card.splitlines() if line.startswith("## ")][:-1] == list(CARD_HEADINGS)
    told_in_odd = [line[3:] for line in odd.splitlines() if line.startswith("## ")]
    assert [line for line in told_in_odd if line in ODD_HEADINGS] == list(ODD_HEADINGS)
    design = odd.split("## 4. Design concepts")[1].split("\n## 5.")[0]
    places = [design.find(f"\n### {name}") for name in CONCEPTS]
    assert -1 not in places
    assert places == sorted(places)


def test_every_miss_of_a_kept_validation_stands_in_the_card(card):
    kept = list((ROOT / "scenarios").glob("*/validated.json"))
    assert kept
    for path in kept:
        for name in json.loads(path.read_text("utf-8"))["misses"]:
            assert f"| {name} | " in card, f"{path.parent.name}: {name}"


def test_a_part_of_a_scenario_is_not_counted_twice(told):
    assert "may_2023_zvecan" not in [item.scenario for item in told.wholes]


def test_every_claim_stands_in_the_card_with_its_verdict_or_as_not_kept(told, card):
    assert [claim.id for claim, _ in told.claims if f"| [{claim.id}](" not in card] == []


def test_a_kept_verdict_is_told_as_the_page_of_the_claims_tells_it():
    region = {"prior_only": True}
    item = {"decided_by": {"declared": {"word": "depends", "region": region, "unsettled": ["wide"]}}}
    assert describe_evidence._verdict(item) == "depends, prior-driven; not settled"
    assert describe_evidence._verdict({"decided_by": None}) == "not run"
    assert verdict_told.__doc__


def test_limits_of_use_are_sourced_and_told(card):
    limits = read_limits()
    assert all(item.source for item in limits.not_for)
    assert [item.id for item in limits.not_for if cell(item.what) not in card] == []


def test_a_limit_without_a_reason_is_refused_with_its_line(tmp_path):
    spoilt = tmp_path / "limits.yaml"
    spoilt.write_text(LIMITS.read_text("utf-8").replace("    because: ", "    why: ", 1), "utf-8")
    with pytest.raises(InputError, match=r"limits\.yaml:\d+"):
        read_limits(spoilt)


def test_seats_and_their_doctrine_tables_are_those_of_the_scenarios(told, odd):
    seats = [(item.name, seat) for item in told.scenarios for seat in item.seats]
    assert seats
    assert [seat.name for _, seat in seats if f"| `{seat.name}` | " not in odd] == []
    shipped = {path.stem for path in (ROOT / "scenarios" / "doctrine").glob("*.yaml")}
    assert {item.name for item in told.tables} == shipped


def test_the_data_behind_the_pages_can_be_read_by_programs(told):
    data = json.loads(json.dumps(as_data(told)))
    assert len(data["parameters"]) == sum(data["parameters_by_grade"].values())
    assert {row["step"] for row in data["order_of_play"]} >= {"contact", "movement"}


def test_the_command_prints_a_page_or_writes_it(tmp_path, card):
    out = tmp_path / "new" / "card.md"
    assert CliRunner().invoke(command, ["card", "--out", str(out)]).exit_code == 0
    assert out.read_text("utf-8") == card
    assert list(out.parent.iterdir()) == [out]


def test_a_page_that_cannot_be_written_is_told_without_a_traceback(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    found = CliRunner().invoke(command, ["odd", "--out", str(tmp_path / "file" / "odd.md")])
    assert isinstance(found.exception, InputError)
    assert "cannot be written" in str(found.exception)


def test_cells_and_anchors_are_such_as_markdown_bears():
    assert table(("a", "b >"), [("x | y", "1\n2")]) == "| a | b |\n| --- | ---: |\n| x \\| y | 1 2 |"
    assert anchor("7.6 Hand-over: `who` leads") == "76-hand-over-who-leads"
    assert [words(name) for name in ("isr", "quint_nato", "hand_over")] == ["ISR", "Quint NATO", "Hand over"]
    assert first_sentence("One at 2.1 km. Two.") == "One at 2.1 km."
