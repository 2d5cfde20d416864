"""After the event: who faces which consequence, and what reports count when."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import quiet_model, with_values, zvecan

from sim.adjudication.prosecution import Fate
from sim.engine.after_the_event import cases_of
from sim.engine.outcomes import outcomes_of
from sim.engine.run import play
from sim.scenario.loader import load_scenario
from sim.vocabulary import Conduct

LIVELY = {
    "threshold_mean": 0.5,
    "onset_per_min": 0.5,
    "handed_over_chance": 0.6,
    "later_identified_chance": 0.5,
    "later_arrested_chance": 0.5,
    "charged_chance": 0.6,
    "convicted_chance": 0.5,
}
PEOPLE = 200


@pytest.fixture(scope="module")
def outcomes():
    """Outcomes of two lively days, with enough cases that each link of the chain is reached."""
    return play(with_values(load_scenario("may_2023").on_days(("may_26", "may_29")), **LIVELY), 7).outcomes


def scopes(outcomes):
    """Return the paths of the whole run, of each day and of each site on each day."""
    return sorted({name.removesuffix("kfor_hurt") for name in outcomes if name.endswith("kfor_hurt")})


def test_there_are_outcomes_of_the_run_of_each_day_and_of_each_site(outcomes):
    found = scopes(outcomes)
    assert len(found) == 1 + 2 + 7
    assert {"", "may_26/", "may_29/", "may_29/north_mitrovica/"} <= set(found)


def test_links_of_the_chain_nest_at_every_site_on_every_day(outcomes):
    for path in scopes(outcomes):
        convicted, charged, handed_over, detained = (outcomes[path + name] for name in ("convicted", "charged", "handed_over", "detained"))
        assert convicted <= charged
        assert handed_over <= detained
        assert charged <= outcomes[path + "ever_violent"] + detained
    assert 0 < outcomes["convicted"] < outcomes["charged"]


def test_reports_grow_from_the_first_to_the_next_day_to_the_final_one_and_never_pass_the_truth(outcomes):
    names = ("kfor_hurt_first_report", "kfor_hurt_next_day_report", "kfor_hurt_final_report", "kfor_hurt")
    for path in scopes(outcomes):
        counts = [outcomes[path + name] for name in names]
        assert counts == sorted(counts)
    first, next_day, final, truth = (outcomes[name] for name in names)
    assert 0 < first < next_day < final <= truth


@pytest.mark.parametrize("name", ["kfor_hurt", "protesters_hurt", "detained", "ever_violent", "charged", "support_arrived", "force_days"])
def test_counts_of_days_add_up_to_the_runs_and_counts_of_sites_to_the_days(outcomes, name):
    days = ("may_26", "may_29")
    assert outcomes[name] == pytest.approx(sum(outcomes[f"{day}/{name}"] for day in days))
    for day in days:
        sites = [path for path in scopes(outcomes) if path.startswith(f"{day}/") and path != f"{day}/"]
        assert outcomes[f"{day}/{name}"] == pytest.approx(sum(outcomes[path + name] for path in sites))


def told(violent=(), detained=(), **values):
    """Return the site and the cases that a day leaves on which these people were violent or detained."""
    model = quiet_model(zvecan(), **values)
    site = model.world.sites["zvecan"]
    site.state.people["was_violent"][list(violent)] = 1
    site.state.people["conduct"][list(detained)] = Conduct.DETAINED
    return site, cases_of(model.world, site)


def test_everybody_who_was_violent_or_detained_is_a_case_and_nobody_else():
    _, cases = told(violent=range(0, 20), detained=range(10, 30))
    assert cases.rows.tolist() == [*range(30)]


def test_of_everybody_charged_each_was_handed_over_or_arrested_later():
    sure = {"charged_chance": 1.0, "charged_wrongly_factor": 1.0}
    _, cases = told(range(PEOPLE), range(0, PEOPLE, 2), **LIVELY | sure)
    detained = np.arange(PEOPLE) % 2 == 0
    arrested = np.isfinite(cases.arrest_days)
    assert (cases.fates >= Fate.CHARGED).sum() > 50
    assert not (cases.fates[~detained & ~arrested] > Fate.NONE).any()
    assert (cases.fates[arrested] >= Fate.CHARGED).all()
    assert set(cases.fates[detained & ~arrested].tolist()) == {Fate.DETAINED, Fate.CHARGED, Fate.CONVICTED}


def test_who_is_handed_over_with_evidence_is_not_arrested_later_as_well():
    _, cases = told(range(PEOPLE), range(PEOPLE), handed_over_chance=1.0, later_identified_chance=1.0, later_arrested_chance=1.0)
    assert not np.isfinite(cases.arrest_days).any()


def test_nobody_is_convicted_who_was_not_violent_and_one_is_charged_the_rarer():
    _, violent = told(range(PEOPLE), range(PEOPLE), handed_over_chance=1.0, charged_chance=0.8, charged_wrongly_factor=0.5)
    _, mistaken = told((), range(PEOPLE), handed_over_chance=1.0, charged_chance=0.8, charged_wrongly_factor=0.5)
    assert violent.count(Fate.CONVICTED) > 0 == mistaken.count(Fate.CONVICTED)
    assert violent.count(Fate.CHARGED) > mistaken.count(Fate.CHARGED) > 0


@pytest.mark.parametrize(
    ("link", "reached"),
    [
        ("handed_over_chance", Fate.DETAINED),
        ("charged_chance", Fate.HANDED_OVER),
        ("convicted_chance", Fate.CHARGED),
    ],
)
def test_where_a_link_breaks_nobody_gets_further(link, reached):
    sure = dict.fromkeys(("handed_over_chance", "charged_chance", "convicted_chance"), 1.0) | {"later_identified_chance": 0.0}
    _, cases = told(range(PEOPLE), range(PEOPLE), **sure | {link: 0.0})
    assert set(cases.fates.tolist()) == {reached}
    _, whole = told(range(PEOPLE), range(PEOPLE), **sure)
    assert set(whole.fates.tolist()) == {Fate.CONVICTED}


def test_arrests_fall_within_their_window_and_only_on_people_who_were_violent_and_identified():
    sure = {"later_identified_chance": 1.0, "later_arrested_chance": 1.0, "handed_over_chance": 0.0}
    _, cases = told(range(0, 100), range(100, PEOPLE), **sure, arrest_window_days=10.0)
    days = cases.arrest_days
    assert ((days[:100] >= 0.0) & (days[:100] < 10.0)).all()
    assert days[:100].max() > 5.0
    assert np.isinf(days[100:]).all()
    _, none = told(range(PEOPLE), **sure | {"later_identified_chance": 0.0})
    assert set(none.fates.tolist()) == {Fate.NONE}


def test_one_persons_case_does_not_hang_on_who_else_was_violent():
    _, few = told(range(0, 50), **LIVELY)
    _, many = told(range(PEOPLE), **LIVELY)
    assert few.fates.tolist() == many.fates[:50].tolist()
    assert few.arrest_days.tolist() == many.arrest_days[:50].tolist()


def test_a_policy_that_hurts_nobody_reports_nobody():
    model = quiet_model(zvecan(), onset_per_min=0.0, planned_chance=0.0)
    while not model.over:
        model.step()
    found = outcomes_of(model.world)
    assert {found[name] for name in ("hurt", "hurt_final_report", "ever_violent", "detained", "convicted", "riot", "clash_3")} == {0.0}
    assert found["crowd_peak"] > 0
