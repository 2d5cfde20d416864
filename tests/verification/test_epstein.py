"""Epstein's Model I through the project's rules does what Mesa's shipped example does, and can be caught out if not."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chisquare, ks_2samp, mannwhitneyu

from sim.deterrence.grievance import agitation
from sim.foundations.errors import InputError
from sim.verification import epstein
from sim.verification.epstein import CivilViolence, Course, Town, counts_in_view, outbursts, run, view_of
from sim.verification.epstein_grid import Holds, chosen, draw_order, free_cell, turning_chance
from sim.vocabulary import RatioForm

ROOT = Path(__file__).parents[2]
MESA = json.loads((Path(__file__).parent / "mesa_epstein_fixture.json").read_text("utf-8"))
SEEDS = range(1, 31)
MEASURES = ("peak_active", "mean_active", "mean_jailed", "jailed_at_end")
RUN_2 = CivilViolence()
SMALL = CivilViolence(width=12, height=15, citizen_vision=3, police_vision=2, steps=25, police_density=0.05)
PROBE = """
from sim.foundations.rule import INTERPRETED
from sim.verification.epstein import CivilViolence, run
from sim.vocabulary import RatioForm
for form in RatioForm:
    setting = CivilViolence(width=12, height=15, citizen_vision=3, police_vision=2, steps=12, citizen_density=0.8,
                            legitimacy=0.7, ratio_form=form, legitimacy_at=((6, 0.5),), police_at=((4, 0.02), (8, 0.1)))
    print(INTERPRETED, run(setting, 5).digest())
"""


@cache
def courses(form: RatioForm, seeds: range = SEEDS) -> list[Course]:
    return [run(replace(RUN_2, ratio_form=form), seed) for seed in seeds]


def measured(course: Course) -> dict[str, float]:
    ends = {"jailed_at_end": int(course.history["jailed"][-1])}
    return ends | {name: getattr(course, name) for name in ("peak_active", "mean_active", "mean_jailed")}


def p_values(measure: str, found: list[Course]) -> tuple[float, float]:
    mesa, ours = [row[measure] for row in MESA["runs"]], [measured(course)[measure] for course in found]
    return ks_2samp(mesa, ours).pvalue, mannwhitneyu(mesa, ours).pvalue


def uprisings(form: RatioForm) -> int:
    return sum(bool(course.outbursts) for course in courses(form))


def test_the_fixture_was_made_with_the_settings_played_here():
    given = MESA["settings"]
    assert (MESA["size"], MESA["steps"], len(MESA["runs"])) == (RUN_2.width, RUN_2.steps, 30)
    assert (given["citizen_density"], given["cop_density"]) == (RUN_2.citizen_density, RUN_2.police_density)
    assert given["cop_vision"] == RUN_2.police_vision == RUN_2.citizen_vision
    assert (given["legitimacy"], given["active_threshold"]) == (RUN_2.legitimacy, RUN_2.threshold)
    assert (given["arrest_prob_constant"], given["max_jail_term"]) == (RUN_2.detention_steepness, RUN_2.max_jail_term)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("seeds", [SEEDS, range(1, 101)], ids=["30 seeds", "100 seeds"])
def test_rounded_to_the_nearest_the_rules_dock_to_mesas_example(measure, seeds):
    assert min(p_values(measure, courses(RatioForm.NEAREST, seeds))) > 0.01


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("form", [RatioForm.RAW, RatioForm.FLOOR])
def test_the_docking_fails_for_another_form_of_the_ratio(measure, form):
    assert max(p_values(measure, courses(form))) < 0.01


def test_the_docking_fails_for_police_that_see_less_far():
    near = [run(replace(RUN_2, police_vision=5), seed) for seed in SEEDS]
    assert max(p_values("mean_active", near)) < 0.01


def test_as_printed_there_is_no_uprising_at_vision_7_and_rounded_down_or_to_the_nearest_there_is():
    assert uprisings(RatioForm.RAW) == 0
    assert max(course.peak_active for course in courses(RatioForm.RAW)) < epstein.CALM_ACTIVES
    assert uprisings(RatioForm.FLOOR) == len(SEEDS)
    assert uprisings(RatioForm.NEAREST) >= 0.9 * len(SEEDS)


def test_citizen_by_citizen_the_rules_decide_as_mesas_example_does():
    mesa_agents = pytest.importorskip("mesa.examples.advanced.epstein_civil_violence.agents")
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence, EpsteinScenario

    model = EpsteinCivilViolence(width=24, height=24, scenario=EpsteinScenario(rng=3, **MESA["settings"] | {"legitimacy": 0.6}))
    terms = Town(RUN_2, 1).settings[0]
    compared = {True: 0, False: 0}
    for _ in range(3):
        model.step()
        for citizen in model.agents_by_type[mesa_agents.Citizen]:
            around = list(citizen.cell.get_neighborhood(radius=7).agents)
            police = sum(isinstance(other, mesa_agents.Cop) for other in around)
            actives = sum(getattr(other, "state", None) == mesa_agents.CitizenState.ACTIVE for other in around)
            citizen.update_neighbors()
            citizen.update_estimated_arrest_probability()
            theirs = citizen.grievance - citizen.risk_aversion * citizen.arrest_probability > model.scenario.active_threshold
            person = (citizen.hardship, citizen.risk_aversion, police, actives, model.scenario.legitimacy, terms)
            assert turning_chance(False, *person) == float(theirs)
            assert turning_chance(True, *person) == 1.0 - float(theirs)
            compared[bool(theirs)] += 1
    assert min(compared.values()) > 20


def test_without_police_exactly_those_rebel_whose_grievance_passes_the_threshold():
    course = run(replace(RUN_2, police_at=((1, 0.0),), steps=3), 1)
    citizens = course.people[course.people["id"] < RUN_2.cells]
    willing = [agitation(float(hardship), RUN_2.legitimacy, 0.0) > RUN_2.threshold for hardship in citizens["hardship"]]
    assert course.history["actives"].tolist() == [0, sum(willing), sum(willing), sum(willing)]


def test_compiled_and_interpreted_give_the_same_digest():
    found = []
    for switch in ("0", "1"):
        environment = os.environ | {"KFORSIM_INTERPRETED": switch, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        found.append([line.split() for line in done.stdout.splitlines()])
    assert [interpreted for interpreted, _ in found[0] + found[1]] == ["False"] * 3 + ["True"] * 3
    assert [digest for _, digest in found[0]] == [digest for _, digest in found[1]]
    assert len({digest for _, digest in found[0]}) == 3


def test_row_order_changes_nothing():
    setting = replace(SMALL, police_at=((5, 0.01), (9, 0.12)))
    expected = Town(setting, 4).play().digest()
    town = Town(setting, 4)
    town.people[:] = town.people[np.random.default_rng(1).permutation(town.people.size)]
    rows = np.flatnonzero(town.people["cell"] >= 0)
    town.cells["person"][town.people["cell"][rows]] = rows
    assert town.play().digest() == expected


def test_the_seed_and_nothing_else_decides():
    assert run(SMALL, 1).digest() == run(SMALL, 1).digest() != run(SMALL, 2).digest()


@pytest.mark.parametrize("movement", [True, False])
@pytest.mark.parametrize("citizen_density", [0.4, 0.7, 0.9])
def test_counts_kept_as_people_move_equal_counts_made_afresh(citizen_density, movement):
    town = Town(replace(SMALL, citizen_density=citizen_density, movement=movement, police_at=((7, 0.1), (15, 0.03))), 2)
    course = town.play()
    police, actives = counts_in_view(course.cells, town.citizen_view)
    assert course.history["actives"].max() > 0
    assert np.array_equal(course.cells["police_seen"], police)
    assert np.array_equal(course.cells["actives_seen"], actives)


@pytest.mark.parametrize("citizen_density", [0.7, 0.94])
def test_everybody_stands_on_one_cell_of_his_own(citizen_density):
    course = run(replace(SMALL, citizen_density=citizen_density), 3)
    rows = np.flatnonzero(course.people["cell"] >= 0)
    assert np.array_equal(course.cells["person"][course.people["cell"][rows]], rows)
    assert (course.cells["person"] >= 0).sum() == rows.size == (course.cells["holds"] != Holds.NOTHING).sum()
    jailed = course.cells["holds"][course.people["cell"]] == Holds.JAILED
    assert not course.people["jail_steps"][~jailed].any()
    assert course.people["jail_steps"].max() <= SMALL.max_jail_term


def test_without_movement_nobody_moves():
    town = Town(replace(SMALL, movement=False), 1)
    before = town.people["cell"].copy()
    assert np.array_equal(town.play().people["cell"], before)


def test_a_view_is_the_diamond_round_the_torus_without_its_centre():
    view = view_of(40, 40, 7)
    assert view.shape == (1600, 112)
    assert all(len(set(row)) == 112 and cell not in row for cell, row in enumerate(view.tolist()))
    assert sorted(view_of(5, 6, 1)[0].tolist()) == [1, 4, 5, 25]


def test_the_order_of_a_step_is_by_draw_and_changes_each_step():
    town = Town(RUN_2, 1)
    firsts = set()
    for moment in range(20):
        draw_order(moment, town.people, town.order)
        order = town.order["row"][:-1]
        assert np.array_equal(order, np.argsort(town.order["draw"][:-1], kind="stable"))
        firsts.add(int(order[0]))
    assert len(firsts) > 15


@pytest.mark.parametrize("empty", [1, 3, 60])
def test_each_empty_cell_in_view_is_equally_likely(empty):
    view = view_of(20, 20, 7)
    cells = np.zeros(400, dtype=Town(replace(RUN_2, width=20, height=20), 1).cells.dtype)
    cells["holds"] = Holds.QUIET
    chosen = view[210][:empty]
    cells["holds"][chosen] = Holds.NOTHING
    found = np.bincount([free_cell(own, 210, cells, view) for own in range(6000)], minlength=400)
    assert found[chosen].sum() == 6000
    assert empty == 1 or chisquare(found[chosen]).pvalue > 0.01
    cells["holds"] = Holds.QUIET
    assert free_cell(1, 210, cells, view) == 210


def test_the_largest_draw_chooses_the_last():
    largest = 1.0 - 2.0**-53
    assert all(chosen(largest, count) == count - 1 for count in range(1, 20_000))
    assert [chosen(share, 10) for share in (0.0, 0.0999, 0.1, 0.5)] == [0, 0, 1, 5]


def test_legitimacy_changes_at_its_step_and_not_before():
    plain, changed = run(RUN_2, 1), run(replace(RUN_2, legitimacy_at=((120, 0.3), (40, 0.9))), 1)
    assert changed.history[:40].tobytes() == plain.history[:40].tobytes()
    assert changed.history["actives"][40:120].max() == 0
    assert changed.history["actives"][120] > changed.history["actives"][119] + 50


def test_police_are_withdrawn_and_posted_at_their_step():
    plain, changed = run(RUN_2, 1), run(replace(RUN_2, police_at=((50, 0.02), (90, 0.06))), 1)
    assert changed.history[:50].tobytes() == plain.history[:50].tobytes()
    assert set(changed.history["police"][50:90].tolist()) == {32}
    assert set(changed.history["police"][90:].tolist()) == {96}
    assert changed.history["actives"][50:90].mean() > 2 * plain.history["actives"][50:90].mean()


def test_more_police_leave_every_citizen_as_he_was():
    few, many = (Town(replace(RUN_2, police_density=density), 1).people for density in (0.04, 0.08))
    citizens = few["id"] < RUN_2.cells
    assert np.array_equal(few[citizens], many[many["id"] < RUN_2.cells])
    police = few[~citizens]
    assert np.array_equal(police, many[np.isin(many["id"], police["id"])])


def test_everybody_is_counted_once_a_step():
    history = run(SMALL, 1).history
    people = sum(history[name].astype(int) for name in ("actives", "jailed", "quiet", "police"))
    assert set(people.tolist()) == {people[0]}


def test_an_outburst_is_a_spell_above_50_with_calm_between():
    found = outbursts(np.array([51, 60, 50, 3, 90, 91, 92, 50, 51]))
    assert [(each.start, each.steps, each.peak_active, each.total_active) for each in found] == [
        (0, 2, 60, 111),
        (4, 3, 92, 273),
        (8, 1, 51, 51),
    ]
    assert outbursts(np.array([50, 0, 12])) == []
    assert all(one.start + one.steps < two.start for one, two in pairwise(courses(RatioForm.FLOOR)[0].outbursts))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"legitimacy": 1.2}, "legitimacy"),
        ({"threshold": math.nan}, "threshold"),
        ({"police_density": 0.4}, "police_density"),
        ({"police_at": ((10, 0.5),)}, "police_density"),
        ({"detention_steepness": math.inf}, "detention_steepness"),
        ({"citizen_vision": 0}, "citizen_vision"),
        ({"police_vision": 20}, "size"),
        ({"width": 100_000, "height": 1000}, "size"),
        ({"steps": 0}, "steps"),
        ({"max_jail_term": -1}, "max_jail_term"),
        ({"legitimacy_at": ((0, 0.5),)}, "legitimacy_at"),
        ({"legitimacy_at": ((5, 0.5), (5, 0.6))}, "legitimacy_at"),
        ({"police_at": ((5, -0.1),)}, "police_at"),
    ],
)
def test_a_setting_that_cannot_be_played_is_refused(change, field):
    with pytest.raises(InputError) as caught:
        run(replace(RUN_2, **change), 1)
    assert {problem.where for problem in caught.value.problems} == {field}
    assert all(problem.remedy for problem in caught.value.problems)
