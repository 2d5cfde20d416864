"""The page of a comparison, made from invented numbers: what it says first, what it never hides, and what it does with gaps."""

from __future__ import annotations

import dataclasses
import json
import math
import re

import pytest
from synthetic_comparison import OUTCOMES, synthetic, without

from analysis import comparison_tables as tables
from analysis import comparison_verdict as verdict
from analysis.comparison import ALL, PANELS, Comparison, Deciding, Effect, Flip, Ranking
from analysis.comparison_page import rendered, write_page
from analysis.comparison_weighing import spread, weighing
from analysis.comparison_words import Standing, cost_words, effect_of, group_of, outcome_label, percent, scale_of, standing

WHOLE = Effect(-2.0, -3.0, -1.0, -2.6, -1.4, 0.8, 0.83, 0.1, 1.0, 1.0, 3.0, 100)
ZERO = Effect(0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 100)


@pytest.fixture(scope="module")
def found() -> Comparison:
    return synthetic()


@pytest.fixture(scope="module")
def text(found: Comparison) -> str:
    return rendered(found)


def _words(html: str) -> str:
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_difference_whose_interval_holds_zero_is_not_told_apart_whatever_its_mean():
    assert standing(dataclasses.replace(WHOLE, high=0.1), "less") is Standing.UNCLEAR
    assert standing(WHOLE, "less") is Standing.BETTER
    assert standing(WHOLE, "more") is Standing.WORSE
    assert standing(WHOLE, "neutral") is Standing.LOWER


def test_an_interval_that_could_not_be_made_tells_nothing_apart():
    assert standing(dataclasses.replace(WHOLE, low=math.nan, high=math.nan), "less") is Standing.UNCLEAR


def test_no_difference_is_said_only_where_no_pair_of_runs_differed():
    assert standing(ZERO, "less") is Standing.SAME
    assert standing(dataclasses.replace(ZERO, low=-0.02, high=0.02), "less") is Standing.SAME
    assert standing(dataclasses.replace(ZERO, from_chance=0.3), "less") is Standing.UNCLEAR
    assert standing(None, "less") is Standing.UNSEEN


def test_every_outcome_has_a_group_and_every_outcome_stands_in_a_scorecard(found):
    cards = tables.cards(found)
    shown = [column.name for card in (cards["main"], *cards["apart"]) for column in card["columns"]]
    assert sorted(shown) == sorted(item.name for item in OUTCOMES)
    assert group_of("a_name_that_nobody_thought_of") == "Other"


def test_a_scorecard_says_of_every_option_and_outcome_what_the_effects_say(found):
    card = tables.cards(found)["main"]
    rows = [row for told in card["kinds"].values() for row in told]
    assert {row["id"] for row in rows} == set(found.effects)
    better = {item.name: item.better for item in OUTCOMES}
    for row in rows:
        for column, cell in zip(card["columns"], row["cells"], strict=True):
            assert cell.standing == standing(effect_of(found, row["id"], column.name), better[column.name])


def test_the_first_words_say_where_the_first_place_changes_between_the_panels(found, text):
    firsts = {item.panel: item.order[0] for item in found.rankings if (item.rule, item.weights) == ("expected value", "equal")}
    assert len({firsts[panel] for panel in PANELS}) > 1
    words = _words(text)
    place = words.index("The answer depends on which theory holds.")
    assert place < words.index("1. Where the order changes") < words.index("2. Verdict")
    for panel in PANELS:
        assert verdict.labels_of(found)[firsts[panel]] in words[place : place + 600]


def test_where_one_option_leads_in_every_panel_the_headline_says_that_instead(found):
    order = ("R1", *(option for option in found.rankings[0].order if option != "R1"))
    same = without(found, rankings=tuple(dataclasses.replace(item, order=order) for item in found.rankings))
    assert verdict.headline(same).startswith("R1 No forced entry (synthetic) comes first in every panel")
    assert "changes between the panels in 0 of 20" in verdict.headline(same)


def test_with_few_cases_the_first_words_warn_and_no_chance_of_a_correct_selection_is_told(found):
    told = verdict.headline(without(found, cases=4))
    assert told.startswith("Only 4 cases played so far: read nothing into the order yet.")
    assert "fresh draws" not in told
    assert "fresh draws" in verdict.headline(found)


def test_panels_without_runs_are_not_counted_among_those_that_agree(found):
    some = tuple(item for item in found.rankings if item.panel in (ALL, "D"))
    assert "comes first in each panel that has runs, D (deterrence)" in verdict.headline(without(found, rankings=some))


def test_an_option_that_leads_is_told_with_everything_that_it_makes_worse(found):
    for leader in verdict.leaders(found):
        worse = [item for item in OUTCOMES if standing(effect_of(found, leader.id, item.name), item.better) is Standing.WORSE]
        told = [*leader.worse, *leader.also_worse]
        assert len(told) == len(worse)
        assert all(any(line.startswith(outcome_label(item.name)) for line in told) for item in worse)


def test_the_price_of_the_first_option_stands_in_its_first_sentence(found):
    harmed = {
        item.name: {ALL: WHOLE if item.better == "more" else dataclasses.replace(WHOLE, mean=2, low=1, high=3)} for item in OUTCOMES[:-4]
    }
    lead = found.rankings[0].order[0]
    told = verdict.in_a_word(without(found, effects={**found.effects, lead: harmed}))
    assert "better on no primary outcome" in told
    assert "worse on seriously hurt or killed" in told
    assert "KFOR hurt" in told


def test_when_the_baseline_is_first_the_page_says_that_no_option_comes_before_it(found):
    first = (Ranking(ALL, "expected value", "equal", ("baseline", "R1"), {"baseline": 0.0, "R1": 1.0}, 0.6),)
    assert verdict.in_a_word(without(found, rankings=first)) == "No option comes before the baseline over all cases."


def test_a_sign_that_turns_between_panels_names_both_sides(found):
    turned = dict.fromkeys((ALL, "D", "M"), WHOLE) | {panel: dataclasses.replace(WHOLE, mean=2, low=1, high=3) for panel in ("S", "O")}
    other = without(found, effects={"R1": {"riot": turned}})
    ((label, cells),) = verdict.sign_changes(other)
    assert label.startswith("R1")
    assert cells[1] == ("D M", "S O")


def test_changes_of_order_read_as_sentences_whatever_kind_they_are(found):
    flips = (
        Flip("R1", "R2", "panel D, S", "panel M"),
        Flip("R1", "R2", "rule regret", "all cases"),
        Flip("R1", "R2", "weights equal", "all cases"),
    )
    first, second, third = verdict.flips_told(without(found, flips=flips, rankings=()))
    assert first.endswith("in panels D and S, and after it in panel M.")
    assert second.endswith("by regret, and after it over all cases.")
    assert "with equal weights" in third


def test_what_decides_says_where_the_baseline_wins_and_where_it_does_not():
    loses = verdict.deciding_words(Deciding("x", "riot", "p.q", True, 0.5, 0.9, 0.3, True))
    assert "90\N{NO-BREAK SPACE}% of the cases where p.q is below 0.5" in loses
    assert loses.endswith("30\N{NO-BREAK SPACE}%: the baseline wins more often.")
    still = verdict.deciding_words(Deciding("x", "riot", "p.q", False, 0.5, 0.6, 0.9, True))
    assert "where p.q is 0.5 or more" in still
    assert still.endswith("it still does better, less often.")


def test_leading_options_are_held_against_one_another_and_the_baseline_and_both_shares_make_one(found):
    told = tables.head_to_head(found, [item.id for item in verdict.leaders(found)])
    assert [table["title"] for table in told] == [outcome_label(item.name) for item in OUTCOMES if item.primary]
    assert told[0]["heads"][-1] == "Baseline"
    turned = {"wins": "loses", "loses": "wins", "even": "even"}
    for table in told:
        seen = [[cell[1] if cell else None for cell in cells] for _, cells in table["rows"]]
        assert all(seen[i][j] == turned[seen[j][i]] for i in range(len(seen)) for j in range(i))


def test_an_option_too_good_to_be_true_is_called_that(found):
    words = _words(rendered(without(found, space={"better_or_equal_on_all": ["R1"]})))
    assert "Too good to be believed as it stands: R1 No forced entry" in words


def test_reversals_are_counted_in_pairs():
    assert tables.swapped_pairs(("a", "b", "c"), ("a", "b", "c")) == 0
    assert tables.swapped_pairs(("a", "b", "c"), ("c", "b", "a")) == 3
    assert tables.swapped_pairs(("a", "b", "c"), ("b", "a")) == 1


def test_ranks_stand_under_every_rule_in_every_panel_with_the_chance_of_a_correct_selection(found, text):
    table = tables.side_by_side(tables.ranks_by_rule(found))
    assert [title for title, _ in table["heads"]] == ["expected value", "regret", "satisficing", "worst case", "worst tenth of runs"]
    assert all(heads == [ALL, *PANELS] for _, heads in table["heads"])
    for place, (rule, _) in enumerate(table["heads"]):
        ranked = [row["cells"][place][0]["rank"] for row in table["rows"]]
        assert sorted(ranked) == list(range(1, len(ranked) + 1)), rule
    assert "First again when cases are redrawn" in text


def test_an_option_without_a_path_is_told_with_its_reason_and_is_not_ranked(found, text):
    words = _words(text)
    assert "No path here: it acts between episodes, and this scenario plays two days." in words
    assert all("4.1" not in item.order for item in found.rankings)


def test_failed_runs_placebo_convergence_and_the_line_that_reproduces_it_are_shown(found, text):
    words = _words(text)
    assert "ValueError: invented" in words
    assert "serious_or_fatal 31 instead of 6" in words
    assert "✓ is 0" in words
    assert "before the ranking was settled" in words
    assert found.line in words


def test_a_placebo_that_is_not_zero_is_called_by_its_name(found):
    assert "do not trust this comparison" in _words(rendered(without(found, placebo={"placebo": 0.1})))


def test_a_share_of_cases_is_never_called_a_probability(text):
    words = _words(text)
    assert "A share of cases is not a probability" in words
    assert words.count("probability") <= 2
    assert "only assumed" in words


def test_the_page_asks_nothing_of_any_host(text):
    assert "default-src 'none'" in text
    assert not re.search(r'(?:src|href)="(?!data:|#)', text)


def test_text_from_a_file_cannot_become_part_of_the_page(found):
    bad = dataclasses.replace(found.options[1], name="<script>alert(1)</script>", restates="</style><b>x")
    html = rendered(without(found, options=(found.options[0], bad, *found.options[2:]), title="<i>title</i>"))
    assert "<script>alert" not in html
    assert "<i>title" not in html
    assert "&lt;i&gt;title" in html


def test_the_script_weighs_harms_in_spreads_turned_so_that_less_is_better(found):
    data = weighing(found)
    assert len(data["outcomes"]) == len([item for item in OUTCOMES if item.primary])
    effect, item = effect_of(found, "R1", "majority_confidence_change"), OUTCOMES[3]
    row = next(option for option in data["options"] if option["id"] == "R1")
    assert row["harm"][ALL][3] == pytest.approx(-effect.mean / spread(found, item), abs=1e-5)
    base = next(option for option in data["options"] if option["id"] == "baseline")
    assert set(base["harm"][ALL]) == {0.0}
    assert json.dumps(data, allow_nan=False)


def test_the_same_comparison_gives_the_same_bytes(found, text):
    assert rendered(found) == text


def test_a_comparison_with_nothing_in_it_yet_is_still_a_page(found):
    bare = without(
        found,
        effects={},
        distributions={},
        rankings=(),
        flips=(),
        deciding=(),
        by_doctrine={},
        placebo={},
        convergence=(),
        failures=(),
        weights={},
    )
    words = _words(rendered(bare))
    assert "No ranking was made" in words
    assert "What another would give is not known" in words
    assert "No run failed" in words


def test_numbers_that_are_not_numbers_are_dashes(found):
    nothing = Effect(*[math.nan] * 11, pairs=0)
    html = rendered(
        without(found, effects={**found.effects, "R1": {item.name: dict.fromkeys((ALL, *PANELS), nothing) for item in OUTCOMES}})
    )
    assert not re.search(r"\bnan\b", _words(html))


def test_numbers_keep_three_figures_and_a_true_minus():
    scale = scale_of(OUTCOMES[0], [2.0])
    assert scale.signed(-1.234) == "−1.23"
    assert scale.signed(0.0) == "0"
    assert scale.signed(0.0001) == "0.00"
    assert scale_of(OUTCOMES[1], [0.2]).signed(0.125) == "+12.5"
    assert percent(0.001) == "under 1\N{NO-BREAK SPACE}%"


def test_costs_are_rounded_as_far_as_they_are_known_and_never_added_up():
    assert cost_words({"quint_nato": 62.5, "belgrade": 0.0333}) == "Quint NATO 62; Belgrade under 0.1"
    assert cost_words(0.2333) == "0.2"
    assert cost_words(1200) == "1,200"
    assert cost_words(0) == "0"
    assert cost_words(None) == "–"


def test_the_file_appears_whole_and_replaces_an_older_one(found, tmp_path):
    path = tmp_path / "new" / "index.html"
    write_page(found, path)
    write_page(found, path)
    assert [item.name for item in path.parent.iterdir()] == ["index.html"]
    assert path.read_text("utf-8").rstrip().endswith("</html>")
