"""Levers as settings: mandate, rules, doctrines of whole organisations and deployments are set by name, checked, kept and replayed."""

from __future__ import annotations

import pytest

from sim.doctrine.lever_effects import LEVER_OF
from sim.doctrine.lever_effects import LEVERS as NUMBERS
from sim.doctrine.mandate import KsfAccess, KsfTask, ResponderOrder
from sim.doctrine.rules_of_engagement import Status
from sim.doctrine.seat_orders import Organisation
from sim.engine.replay import replay
from sim.engine.run import play
from sim.engine.run_folder import read_run, save
from sim.foundations.errors import InputError
from sim.scenario.choices import choice_names
from sim.scenario.digest import effective_digest
from sim.scenario.levers import LEVERS
from sim.scenario.loader import load_scenario
from sim.scenario.parameters import LEVER_CONCEPTS, spoken_names
from sim.scenario.settings import configured
from sim.vocabulary import Authority, Task


@pytest.fixture(scope="module")
def may():
    return load_scenario("may_2023")


@pytest.fixture(scope="module")
def zvecan():
    return load_scenario("may_2023_zvecan")


def complaint(scenario, name, text):
    with pytest.raises(InputError) as caught:
        configured(scenario, {name: text})
    return str(caught.value)


def row_of(framework, force, task):
    return next(row for row in framework.mandate.tasks if (row.force, row.task) == (force, task))


def test_order_of_responders_and_ksf_are_set_by_name(may):
    changed = configured(
        may, {"mandate.responder_order": "concurrent", "mandate.ksf_access": "autonomous", "mandate.ksf_task": "protection_of_minority"}
    ).framework
    assert changed.mandate.responders.order is ResponderOrder.CONCURRENT
    assert (changed.mandate.ksf.access, changed.mandate.ksf.task) == (KsfAccess.AUTONOMOUS, KsfTask.PROTECTION_OF_MINORITY)
    assert changed.as_given.mandate == may.framework.mandate


def test_a_task_is_given_taken_or_added(may):
    settings = {"mandate.task.kfor.search_premises": "refused", "mandate.task.eulex.search_vehicles": "allowed"}
    changed = configured(may, settings | {"mandate.task.ksf.disperse": "allowed"}).framework
    assert not row_of(changed, Organisation.KFOR, Task.SEARCH_PREMISES).allowed
    assert row_of(changed, Organisation.EULEX, Task.SEARCH_VEHICLES).allowed
    assert all(Task.DISPERSE in tasks for tasks in changed.mandate.ksf.tasks_by_role.values())


def test_an_approval_is_waived_moved_and_given_back(may):
    name = "mandate.approval.kfor.search_premises"
    given = row_of(may.framework, Organisation.KFOR, Task.SEARCH_PREMISES)
    assert row_of(configured(may, {name: "none"}).framework, given.force, given.task).approval_holder is None
    moved = row_of(configured(may, {name: "kfor_commander"}).framework, given.force, given.task)
    assert (moved.approval_holder, moved.approval_min) == ("kfor_commander", given.approval_min)
    back = configured(configured(may, {name: "none"}), {name: str(given.approval_holder)})
    assert row_of(back.framework, given.force, given.task) == given


def test_a_means_is_delegated_or_retained_however_explicit_the_rules_are(may):
    def status(settings):
        framework = configured(may, settings).framework
        row = next(row for row in framework.rules.authorities if row.authority is Authority.DETENTION and row.force is Organisation.KFOR)
        return row.effective_status(framework.rules.explicitness.value, 0.5)

    name = "rules.delegation.kfor.detention"
    assert status({}) is Status.RETAINED
    assert status({name: "delegated"}) is Status.DELEGATED
    assert status({"roe.explicitness": "1"}) is Status.DELEGATED
    assert status({"roe.explicitness": "1", name: "retained"}) is Status.RETAINED


def test_a_doctrine_of_an_organisation_is_that_of_its_seats_at_sites_but_for_those_chosen_by_name(may):
    for settings in (
        {"doctrine.kfor": "kfor_restrained", "seat.kfor_zvecan": "kfor_assertive_selective"},
        {"seat.kfor_zvecan": "kfor_assertive_selective", "doctrine.kfor": "kfor_restrained"},
    ):
        at_once = configured(may, settings)
        one_by_one = may
        for pair in settings.items():
            one_by_one = configured(one_by_one, dict([pair]))
        for scenario in (at_once, one_by_one):
            tables = scenario.days[1].doctrines
            assert tables["kfor_zvecan"].doctrine == "kfor_assertive_selective"
            assert tables["kfor_leposavic"].doctrine == "kfor_restrained"
            assert tables["kfor_commander"] == may.days[1].doctrines["kfor_commander"]


def test_a_unit_is_deployed_where_it_is_not_deployed_otherwise_or_nowhere(may):
    def stands(scenario, unit):
        return {day.name: [item.site for item in day.file.deployments if item.unit == unit] for day in scenario.days}

    before = stands(may, "us_company")
    after = stands(configured(may, {"deployment.us_company": "zvecan@05:00"}), "us_company")
    assert after == {day: sites or ["zvecan"] for day, sites in before.items()}
    assert not any(stands(configured(may, {"deployment.us_company": "none"}), "us_company").values())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("mandate.ksf_acess", "none", "did you mean 'mandate.ksf_access'?"),
        ("mandate.ksf_access", "autonomus", "did you mean 'autonomous'?"),
        ("mandate.responder_order", "together", "is none of: on_request, concurrent, kfor_first"),
        ("mandate.task.kfor.serch_vehicles", "allowed", "did you mean 'mandate.task.kfor.search_vehicles'?"),
        ("mandate.approval.kfor.search_vehicles", "kfor_comander", "did you mean 'kfor_commander'?"),
        ("rules.delegation.kfor.detntion", "delegated", "did you mean 'rules.delegation.kfor.detention'?"),
        ("doctrine.kfor", "kfor_restraind", "did you mean 'kfor_restrained'?"),
        ("doctrine.kfor", "eulex_monitors", "is for a seat of eulex"),
        ("deployment.us_compny", "none", "did you mean 'deployment.us_company'?"),
        ("deployment.us_company", "zvecn@05:00", "did you mean 'zvecan'?"),
        ("deployment.us_company", "zvecan@5", "is not a time of day"),
        ("deployment.us_company", "zvecan", "is not of the form SITE@HH:MM"),
    ],
)
def test_a_wrong_setting_says_what_and_what_to_do(may, name, text, said):
    found = complaint(may, name, text)
    assert name in found
    assert said in found


def test_what_is_set_is_kept_and_changes_the_digest_of_what_shapes_a_run(may):
    settings = {"mandate.ksf_access": "autonomous", "deployment.us_company": "none", "rules.delegation.kfor.detention": "delegated"}
    assert configured(may, settings).settings == settings
    digests = {effective_digest(configured(may, {name: text})) for name, text in settings.items()}
    assert len(digests | {effective_digest(may)}) == 4


def test_a_run_with_every_kind_of_lever_is_kept_and_replayed(zvecan, tmp_path):
    settings = {
        "roe.explicitness": "1",
        "mandate.political_constraint": "0.1",
        "mandate.responder_order": "concurrent",
        "mandate.task.kfor.search_premises": "refused",
        "mandate.approval.kfor.protect_property": "none",
        "rules.delegation.kfor.detention": "delegated",
        "doctrine.kfor": "kfor_assertive_selective",
        "deployment.us_company": "zvecan@08:00",
        "lever_effects.joint_patrol_intensity": "1",
        "lever_effects.training_effort": "1",
        "lever_effects.mandatory_trigger": "1",
    }
    finished = play(configured(zvecan.on_days(("may_29",)), settings), 4)
    save(finished, tmp_path / "run", "automatic")
    kept = read_run(tmp_path / "run")
    assert kept.scenario.settings == settings
    assert effective_digest(kept.scenario) == effective_digest(finished.world.scenario)
    assert replay(kept).identical


def test_every_lever_of_the_registry_can_be_typed_and_its_cut_too(may):
    patterns = ("FORCE", "UNIT", "ORGANISATION")
    banjska = load_scenario("banjska_2023")
    known = {*spoken_names(), "roe.explicitness", "mandate.political_constraint", *choice_names(may), *choice_names(banjska)}
    for lever in LEVERS:
        first = lever.name.split(next((word for word in patterns if word in lever.name), "\0"))[0]
        assert any(name.startswith(first) for name in known), lever.name
        assert not set(lever.cut) - known, lever.name


def test_calibration_draws_no_lever_and_no_effect_of_one_that_rests(zvecan):
    names = [item.name for concept in LEVER_CONCEPTS for item in concept]
    assert not any(zvecan.reads(name) for name in names)
    raised = configured(zvecan, {"roe.explicitness": "0.9", "lever_effects.training_effort": "0.5"})
    reads = {name for name in names if raised.reads(name)}
    assert reads == {name for name, lever in LEVER_OF.items() if lever in ("rules_of_engagement.explicitness", "training_effort")}
    assert not reads & set(NUMBERS)
