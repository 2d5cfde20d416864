"""The page of orderings that are reported only: what it computes, what it must say, and what it must not be used for."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import t as student

from analysis import orderings
from analysis.orderings import AS_IT_WAS, NO_KFOR, ORDERINGS, RESERVE, Arm, Contrast, Measure, as_page, difference
from analysis.orderings_command import command
from analysis.paired import student_quantile
from sim.api import InputError, load
from sim.scenario.shipped import SHIPPED

CONTRAST = Contrast(RESERVE, AS_IT_WAS, ())
HURT = Measure("hurt", lambda day: 0.0)


def found(one, other):
    return {(RESERVE.name, "hurt"): one, (AS_IT_WAS.name, "hurt"): other}


def test_a_difference_is_the_mean_of_pairs_with_students_interval():
    one, other = [3.0, 5.0, 4.0, 8.0], [5.0, 6.0, 9.0, 10.0]
    item = difference(CONTRAST, HURT, found(one, other))
    pairs = np.subtract(one, other)
    low, high = student.interval(0.95, 3, loc=pairs.mean(), scale=pairs.std(ddof=1) / 2.0)
    assert (item.n, item.base, item.mean) == (4, 7.5, pytest.approx(-2.5))
    assert (item.low, item.high) == pytest.approx((low, high), abs=0.01)
    assert item.said == ("lower" if high < 0.0 else "not told apart")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ([1.0, 2.0, 1.0], [11.0, 12.0, 12.0], "lower"),
        ([11.0, 12.0, 12.0], [1.0, 2.0, 1.0], "higher"),
        ([1.0, 9.0, 5.0], [5.0, 4.0, 6.0], "not told apart"),
        ([4.0, 4.0, 4.0], [4.0, 4.0, 4.0], "no difference at all"),
        ([4.0, math.nan, 4.0], [4.0, 4.0, math.nan], "cannot be asked"),
    ],
)
def test_what_an_interval_says_is_said(one, other, said):
    assert difference(CONTRAST, HURT, found(one, other)).said == said


def test_pairs_in_which_a_day_has_no_answer_are_left_out_and_not_counted():
    item = difference(CONTRAST, HURT, found([1.0, math.nan, 3.0], [2.0, 50.0, 2.0]))
    assert (item.n, item.base, item.mean) == (2, 2.0, 0.0)


@pytest.mark.parametrize("freedom", [3, 9, 19, 100])
def test_students_quantile_is_the_textbooks(freedom):
    assert student_quantile(0.975, freedom) == pytest.approx(student.ppf(0.975, freedom), rel=3e-3)


def test_the_arms_differ_in_who_is_there_and_in_nothing_else():
    day = load("may_2023").on_days(("may_29",))
    kfor = {unit.id for unit in day.framework.command.units if str(unit.organisation) == "kfor"}

    def there(arm):
        return {(item.unit, item.site) for item in arm.change(day).days[0].file.deployments}

    assert there(NO_KFOR) == {pair for pair in there(AS_IT_WAS) if pair[0] not in kfor}
    more = there(RESERVE) - there(AS_IT_WAS)
    assert there(AS_IT_WAS) < there(RESERVE)
    assert {site for _, site in more} == {"zvecan"}
    assert {unit for unit, _ in more} == {unit.id for unit in day.framework.command.units if unit.id in kfor and unit.reserve}
    assert all(arm.change(day).days[0].file.crowds == day.days[0].file.crowds for arm in orderings.arms())


@pytest.fixture
def toy(monkeypatch):
    """Days that take no time: the arm's name decides how many are hurt."""

    def play(self, scenario, seed):
        hurt = float(len(self.name) + seed % 3)
        row = np.zeros(4, dtype=[("violent", "i4")])
        row["violent"] = [0, 9, 9, 0]
        site = SimpleNamespace(record=SimpleNamespace(series=row))
        world = SimpleNamespace(psychology_ticks=4, clock=SimpleNamespace(base_tick_min=0.25), played={"zvecan": site})
        return SimpleNamespace(outcomes=dict.fromkeys(("hurt", "serious_or_fatal", "police_hurt", "protesters_hurt"), hurt), world=world)

    monkeypatch.setattr(Arm, "play", play)


def test_the_page_says_of_each_ordering_what_was_found_or_that_there_is_no_path(toy):
    values = orderings.play(load("may_2023"), range(3))
    page = as_page(values, 3)
    for ordering in ORDERINGS:
        section = page.partition(f"## {ordering.finding}")[2].partition("\n## ")[0]
        assert ordering.source in section
        rows = [line for line in section.splitlines() if line.startswith("| ") and " | 3 | " in line]
        assert len(rows) == sum(len(contrast.measures) for contrast in ordering.contrasts)
        assert ("No path here" in section) == (not ordering.contrasts)


def test_the_command_writes_the_page_beside_the_scenario_and_refuses_one_without_29_may(toy, tmp_path):
    part = tmp_path / "part"
    part.mkdir()
    text = "format: 2\nname: part\ntitle: t\nsummary: s\npart_of: may_2023\ndays: [{day}]\nsites: [zvecan]\n"
    (part / "scenario.yaml").write_text(text.format(day="may_29.yaml"), "utf-8")
    result = CliRunner().invoke(command, [str(part), "--seeds", "2"])
    assert result.exit_code == 0, result.output
    assert "never used to" in (part / "orderings.md").read_text("utf-8")
    (part / "scenario.yaml").write_text(text.format(day="may_31.yaml"), "utf-8")
    with pytest.raises(InputError, match="may_29"):
        orderings.write_page(str(part), 2)


def test_the_shipped_page_holds_every_ordering_and_says_that_it_was_never_used_to_tune():
    page = (SHIPPED / "may_2023" / "orderings.md").read_text("utf-8")
    assert "They were never used to\ntune the model or to reject a variant of it" in page
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == [ordering.finding for ordering in ORDERINGS]
