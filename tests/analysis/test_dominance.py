"""The audit of dominance: an option that costs nothing anywhere has a cost that is missing, and the decision record must name it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.compare import compare, table_of
from analysis.compare_design import design_of
from analysis.compare_found import case_differences
from analysis.compare_options import chosen
from analysis.compare_question import Question, outcomes_told
from analysis.compare_runs import Workers
from analysis.compare_store import Store
from analysis.robustness import dominating, presets
from sim.api import load

DECISIONS = Path(__file__).parents[2] / "sim" / "DECISIONS.md"
AUDITED = "1.1,1.2,2.1,R1,R3,known_harm"


@pytest.fixture(scope="module")
def better_on_all(tmp_path_factory):
    """Options of a small comparison at Zvečan (a case of two seeds in each panel) that are worse on nothing."""
    scenario = load("may_2023_zvecan")
    outcomes = outcomes_told(scenario)
    options = chosen(AUDITED, scenario)
    question = Question(scenario, "may_2023_zvecan", design_of(scenario), options, outcomes, {}, presets(outcomes), 8, None)
    store = Store(tmp_path_factory.mktemp("audit") / "small")
    store.begin(question.plan(), resume=False)
    played = compare(question, store, Workers(1))
    numbers, values = table_of(played.rows, [item.id for item in options], [item.name for item in outcomes])
    return dominating(case_differences(question, values, played.layout(numbers)), outcomes)


def test_an_option_that_is_worse_on_nothing_has_its_missing_cost_in_the_decision_record(better_on_all):
    record = DECISIONS.read_text("utf-8")
    unnamed = [option for option in better_on_all if not re.search(rf"option `?{re.escape(option)}\b", record)]
    assert unnamed == [], "name in sim/DECISIONS.md, as 'option ID', what cost the model leaves out"


def test_the_known_harm_is_worse_on_something(better_on_all):
    assert "known_harm" not in better_on_all
