"""Expected patterns as a file: what is read, what is refused, and what of it a scenario's runs can show."""

from __future__ import annotations

import pytest

from analysis.expected import read_expected
from sim.api import InputError, load

BANDS = {
    "P1": {"police hurt": (2, 10), "protesters hurt": (5, 20), "first clash after the entry (h)": (0, 4)},
    "P2": {
        "KFOR hurt before the push": (0, 10),
        "violent share before the push": (0, 0.02),
        "span of violence (min)": (45, 150),
        "KFOR hurt, final count": (60, 120),
        "KFOR hurt, first report": (20, 35),
        "protesters hurt": (35, 80),
        "detained on the day": (2, 12),
        "soldiers shot": (0, 6),
        "no death": (0.8, 1),
        "vehicles out": (0.5, 1),
        "line held": (0.5, 1),
    },
    "P3": {
        "Leposavić: three or more hurt": (0, 0.15),
        "Zubin Potok: three or more hurt": (0, 0.15),
        "Leposavić: rises with the chance of a prepared group": (0, 1),
        "Zubin Potok: rises with the chance of a prepared group": (0, 1),
    },
    "P4": {"crowd at its largest": (1500, 5000), "hurt on all sides": (0, 10)},
}
"""The specification's, written out a second time on purpose: a band that is widened to pass fails here."""


def _complaint(toy) -> str:
    with pytest.raises(InputError) as caught:
        read_expected(toy.scenario)
    return str(caught.value)


def test_the_shipped_bands_are_the_specifications():
    expected = read_expected(load("may_2023"))
    assert {pattern.id: {item.name: item.band for item in pattern.statistics} for pattern in expected.patterns} == BANDS
    assert {item.nature for pattern in expected.patterns for item in pattern.statistics} == {"emergent"}


def test_shipped_counts_whose_band_excludes_zero_may_not_spread_more_than_sixfold():
    counts = [item for _, item in read_expected(load("may_2023")).emergent if item.kind == "count"]
    assert {item.spread_ratio_at_most for item in counts if item.band[0] > 0} == {6}
    assert {item.spread_ratio_at_most for item in counts if item.band[0] == 0} == {None}


def test_zvecan_on_29_may_alone_is_held_against_the_second_pattern_only():
    assert [pattern.id for pattern in read_expected(load("may_2023_zvecan")).patterns] == ["P2"]


def test_what_a_pattern_is_given_holds_for_its_statistics(toy):
    expected = read_expected(toy.scenario)
    assert [item.given for item in expected.patterns[1].statistics] == [{"planned": 0}, {"planned": 0}]
    assert expected.patterns[0].statistics[0].given == {}


def test_what_a_statistic_is_given_itself_comes_before_what_its_pattern_is(toy):
    toy.write("{name: quiet,", "{name: quiet, given: {planned: 0.3, alpha: 1},")
    assert read_expected(toy.scenario).patterns[1].statistics[0].given == {"planned": 0.3, "alpha": 1}


def test_settings_are_the_plain_one_and_then_what_statistics_ask_for(toy):
    assert read_expected(toy.scenario).settings() == ((), (("planned", 0.0),), (("planned", 0.5),))


def test_one_pattern_alone_asks_for_its_own_settings(toy):
    only = read_expected(toy.scenario).only("P2")
    assert [pattern.id for pattern in only.patterns] == ["P2"]
    assert () not in only.settings()


def test_an_unknown_pattern_is_refused(toy):
    with pytest.raises(InputError, match=r"no pattern 'P9'.*known: P1, P2, P3"):
        read_expected(toy.scenario).only("P9")


def test_a_part_is_held_against_what_its_own_runs_can_show(toy_part):
    expected = read_expected(toy_part.scenario)
    assert {pattern.id: [item.name for item in pattern.statistics] for pattern in expected.patterns} == {"P1": ["hurt", "hours"]}


def test_a_part_that_shows_nothing_is_refused(toy_part):
    toy_part.scenario.days = ()
    assert "no statistic can be seen" in _complaint(toy_part)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("outcome: may_1/hurt", "outcome: may_1/hort", r"did you mean 'hurt'"),
        ("outcome: may_1/hurt", "outcome: may_9/hurt", r"there is no day 'may_9'"),
        ("outcome: may_2/north/share", "outcome: may_2/south/share", r"nothing is played at 'south' on may_2"),
        ("outcome: may_1/hurt", "outcome: may_1/licence", r"'licence' is told for the whole run only"),
        ("outcome: may_1/hurt", "outcome: a/b/c/hurt", r"is no path of an outcome"),
        ("given: {planned: 0}", "given: {planed: 0}", r"did you mean 'planned'"),
        ("given: {planned: 0}", "given: {form: 0}", r"no parameter 'form' with a number"),
        ("raised: {planned: 0.5}", "raised: {alpha: 0.5}", r"'alpha' is raised from nowhere"),
        ("name: hours", "name: hurt", r"'hurt' stands twice"),
        ("id: P3", "id: P1", r"'P1' stands twice"),
        ("band: [12, 18]", "band: [18, 12]", r"low below high"),
        ("kind: count", "kind: rises_with", r"'raised' belongs to the kind rises_with"),
        ("kind: count", "kind: number", r"patterns.0.statistics.0.kind"),
        ("format: 2", "format: 1", r"format"),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_its_line(toy, old, new, told):
    text = _complaint(toy.write(old, new))
    assert told in text
    assert "expected.yaml:" in text


def test_every_mistake_is_told_at_once(toy):
    text = (toy.write("may_1/hurt", "may_1/hort").folder / "expected.yaml").read_text("utf-8")
    (toy.folder / "expected.yaml").write_text(text.replace("may_2/north", "may_7/north"), "utf-8")
    assert len(_complaint(toy).splitlines()) == 2


def test_a_scenario_without_patterns_says_so(toy):
    (toy.folder / "expected.yaml").unlink()
    assert "no expected patterns" in _complaint(toy)
