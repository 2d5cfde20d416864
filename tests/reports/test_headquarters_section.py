"""Hand-overs, reserves, red cards, licence, concessions and levers, from records written for the purpose."""

from __future__ import annotations

import shlex

import pytest
from damage import add_entries, at, change_manifest, only_entries, words_of

from sim.doctrine.hand_over import Failure, Stage
from sim.reports import arrivals, headquarters, lead, levers, whereabouts
from sim.reports.first_news import ELSEWHERE, News
from sim.reports.reading import read_evidence
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured, parse_settings


def _step(tick, stage, owner="kfor", failure="", note="", leads=("kosovo_police",), unit="msu_platoon", number=7):
    return {
        **{"tick": tick, "kind": "hand_over", "hand_over": number, "asking": "kosovo_police", "asked": "kfor", "with_lead": True},
        **{"stage": str(stage), "owner": owner, "note": note, "failure": failure, "unit": unit, "leads": list(leads)},
    }


def _whole_way(evidence):
    def clock(text):
        return at(evidence, text)

    both = ("kfor", "kosovo_police")
    return [
        _step(clock("10:00"), Stage.REQUESTED, "kosovo_police", note="support at the site", unit=""),
        _step(clock("10:10"), Stage.REQUESTED, "kosovo_police", failure=str(Failure.WRONG_DESK), note="wrong desk", unit=""),
        _step(clock("10:20"), Stage.RECEIVED, unit=""),
        _step(clock("10:25"), Stage.DECIDED, unit=""),
        _step(clock("10:25"), Stage.NOTICE_TO_MOVE),
        _step(clock("10:50"), Stage.EN_ROUTE),
        {
            "tick": clock("11:30"),
            "kind": "event",
            "event": "msu_platoon",
            "what": "support_arrives",
            "note": "a platoon",
            "source": "model",
        },
        _step(clock("11:30"), Stage.ON_SITE_CO_ORDINATION),
        _step(clock("11:45"), Stage.RELIEF_IN_PLACE, "kosovo_police", leads=both),
        _step(clock("12:00"), Stage.LEAD_TRANSFERRED, leads=("kfor",)),
        _step(clock("12:00"), Stage.REGENERATING, "kosovo_police", leads=("kfor",)),
        _step(clock("13:00"), Stage.HOLDING, leads=("kfor",)),
    ]


def test_a_hand_over_is_told_step_by_step_with_what_went_wrong(copied, evidence):
    found = only_entries(copied, _whole_way(evidence))
    (story,) = lead.hand_over_stories(found)
    assert story["title"] == "KP asked KFOR: support at the site"
    order = [
        "10:10",
        "wrong desk",
        "10:20",
        "10:25 accepted",
        "notice",
        "10:50",
        "set off",
        "11:30",
        "11:45 relief",
        "12:00 the lead passed to KFOR",
    ]
    places = [story["words"].index(text) for text in order]
    assert places == sorted(places)
    assert "2 hours after the beginning" in story["words"]
    assert story["failures"] == [lead.FAILURES[Failure.WRONG_DESK]]
    assert not story["over"]


def test_every_stage_and_failure_has_words():
    assert set(lead.STAGES) == set(Stage)
    assert set(lead.FAILURES) == set(Failure)


def test_a_unit_of_a_hand_over_waits_marches_and_arrives(copied, evidence):
    found = only_entries(copied, _whole_way(evidence))
    legs = [leg for leg in whereabouts.legs_of(read_evidence(copied), found.day) if leg.unit.id == "msu_platoon"]
    assert [(leg.doing, found.label(leg.since), found.label(leg.until)) for leg in legs] == [
        ("notice", "10:25", "10:50"),
        ("out", "10:50", "11:30"),
        ("at", "11:30", "22:00"),
    ]


def test_the_force_that_withdraws_leads_no_more_and_its_units_are_gone(copied, evidence):
    noon, later = at(evidence, "12:00"), at(evidence, "14:00")
    arrival = {"tick": noon, "kind": "event", "event": "msu_platoon", "what": "support_arrives", "note": "a platoon", "source": "model"}
    withdrawal = {"tick": later, "kind": "effect", "seat": "kfor_zvecan", "order": "withdraw", "clause": "C"}
    only_entries(copied, [_step(noon, Stage.LEAD_TRANSFERRED, leads=("kfor",)), arrival, withdrawal])
    run = read_evidence(copied)
    (leg,) = whereabouts.legs_of(run, run.site_days[0].day)
    assert (leg.since, leg.until) == (noon, later)
    assert whereabouts.forces_at([leg], "zvecan", noon) == {"kfor": leg.persons}
    assert whereabouts.forces_at([leg], "zvecan", later) == {}


def test_a_reserve_on_the_road_is_neither_at_its_base_nor_at_the_site(copied, evidence):
    sent = {"tick": at(evidence, "09:00"), "kind": "movement", "unit": "msu_platoon", "what": "sent", "minutes": 90.0, "base": "film_city"}
    empty = {"tick": at(evidence, "09:30"), "kind": "movement", "unit": "", "what": "no_reserve_left"}
    only_entries(copied, [sent, empty])
    run = read_evidence(copied)
    legs = whereabouts.legs_of(run, run.site_days[0].day)
    tick = at(evidence, "09:45")
    ((leg, share),) = whereabouts.on_the_road(legs, tick)
    assert (leg.unit.id, leg.doing, share) == ("msu_platoon", "out", pytest.approx(0.5))
    before, during = (whereabouts.reserves_at(run, legs, "film_city", when) for when in (at(evidence, "08:00"), tick))
    assert before.get("kfor", 0) - during.get("kfor", 0) == leg.persons
    rows = headquarters.reserve_rows(run)
    assert rows[0]["arrived"] == "not by 10:30"
    assert rows[1]["arrived"] == "no reserve left"
    assert "no reserve left" in words_of(copied)


def test_a_red_card_names_contingent_and_caveat(copied, evidence):
    contingent = evidence.run.scenario.framework.command.contingents[0]
    only_entries(copied, [{"tick": at(evidence, "11:00"), "kind": "red_card", "contingent": contingent.id, "caveat": "CAVEAT-X"}])
    (row,) = headquarters.red_card_rows(read_evidence(copied))
    assert (row["time"], row["contingent"], row["caveat"]) == ("11:00", contingent.name, "CAVEAT-X")


def _concession(evidence):
    fields = {"seat": "quint_nato", "order": "mediate"}
    order = {"tick": at(evidence, "10:00"), "kind": "order", **fields, "because": "t: r", "selectivity": 0.0}
    leave = {"delay_min": 0.0, "queued_min": 0.0, "reasons": [], "excluded": []}
    permission = {"tick": at(evidence, "10:00"), "kind": "permission", **fields, "verdict": "granted", "clause": "C", **leave}
    paid = {"confidence_cost": 0.04, "grievance_relief": 0.1, "precedent_cost": 0.05, "movement_hours": 1.5}
    done = {"tick": at(evidence, "12:00"), "kind": "concession", **fields, **paid, "licence": {"pristina": -0.2, "quint_nato": 0.3}}
    return [order, permission, done]


def test_a_concession_is_told_with_its_price_for_both_communities(copied, evidence):
    entries = _concession(evidence)
    only_entries(copied, entries)
    (row,) = headquarters.concession_rows(read_evidence(copied))
    assert row["done"] == "12:00"
    assert "−0.04" in row["majority"]
    assert "−0.10" in row["crowd"]
    assert "1.5 h" in row["other"]
    only_entries(copied, entries[:2])
    (row,) = headquarters.concession_rows(read_evidence(copied))
    assert row["done"] == "not by the end of the day"


def test_licence_follows_gifts_concessions_and_acting_unasked(copied, evidence):
    governments = {item.id: item for item in evidence.run.scenario.framework.command.governments}
    given = {"tick": at(evidence, "13:00"), "kind": "licence", "government": "belgrade", "licence": 0.9}
    cost = {"tick": at(evidence, "14:00"), "kind": "cost", "seat": "kfor_zvecan", "ground": "self_defence", "trust": 0.1, "licence": 0.05}
    only_entries(copied, [*_concession(evidence), given, cost])
    lines = headquarters.licence_lines(read_evidence(copied))
    start = {name: item.licence.value for name, item in governments.items()}
    assert lines["belgrade"][-1][1] == 0.9
    assert lines["pristina"][-1][1] == pytest.approx(start["pristina"] - 0.2)
    assert lines["quint_nato"][-1][1] == pytest.approx(min(start["quint_nato"] + 0.3, 1.0) - 0.05)


def test_orders_that_waited_are_told_with_their_queues(copied, evidence):
    fields = {"seat": "kfor_zvecan", "order": "push"}
    order = {"tick": at(evidence, "10:00"), "kind": "order", **fields, "because": "t: r", "selectivity": 0.0}
    leave = {"verdict": "delayed", "clause": "ROE-PUSH", "delay_min": 60.0, "queued_min": 25.0, "reasons": [], "excluded": []}
    effect = {"tick": at(evidence, "11:00"), "kind": "effect", **fields, "clause": "ROE-PUSH"}
    only_entries(copied, [order, {"tick": at(evidence, "10:00"), "kind": "permission", **fields, **leave}, effect])
    (row,) = headquarters.request_rows(read_evidence(copied))
    assert (row["minutes"], row["queued"], row["after"]) == ("60 minutes", "25 minutes", "in effect 11:00")


def test_support_that_came_is_set_against_the_violence(copied, evidence):
    found = only_entries(copied, _whole_way(evidence))
    ((tick, cause),) = arrivals.support_came(found)
    assert found.label(tick) == "11:30"
    assert "90 h" not in cause.lead
    assert "1 h 30 min after it was sent or asked for" in cause.lead


def test_news_before_the_fact_and_false_news_are_told_apart(evidence):
    ten = at(evidence, "10:00")
    ticks = evidence.clock.ticks_in(20.0)
    assert News(ten, ten + ticks, 5.0).words(evidence) == ("10:20", "+20")
    assert News(ten + ticks, ten, 5.0).words(evidence) == ("10:00", "−20")
    assert News(-1, ten, 5.0).words(evidence) == ("10:00", "wrongly")
    assert News(ten, -1, 5.0).words(evidence) == ("never", "")
    assert News(-1, -1, 5.0).words(evidence) == ("–", "")
    assert "elsewhere" in ELSEWHERE


def test_every_command_of_a_lever_can_be_typed(whole, run):
    for told in (whole, run):
        found = levers.levers(told)
        assert found
        commands = [shlex.split(lever.command) for lever in found if lever.command]
        assert commands
        for words in commands:
            assert words[:3] == ["kforsim", "run", told.manifest["scenario"]]
            settings = tuple(words[place + 1] for place, word in enumerate(words) if word == "--set")
            assert settings
            configured(load_scenario(words[2]), parse_settings(settings))
            assert words[words.index("--seed") + 1] == str(told.manifest["seed"])


def test_a_lever_replaces_what_the_user_had_set_and_keeps_the_rest(copied):
    change_manifest(copied, settings={"grievance.theta_spiral": "1.5", "crowd.planned_chance": "0.4"})
    commands = [lever.command for lever in levers.levers(read_evidence(copied)) if "theta_spiral=0 " in lever.command]
    assert len(commands) == 1
    assert "theta_spiral=1.5" not in commands[0]
    assert "--set crowd.planned_chance=0.4" in commands[0]


def test_a_refused_order_is_a_lever_with_who_can_change_the_clause(copied, evidence):
    fields = {"tick": at(evidence, "09:40"), "seat": "kfor_zvecan", "order": "use_agents"}
    leave = {"verdict": "refused", "clause": "ROE-AGENTS", "delay_min": 0.0, "queued_min": 0.0, "reasons": [], "excluded": []}
    add_entries(copied, [{"kind": "order", **fields, "because": "t: r", "selectivity": 0.0}, {"kind": "permission", **fields, **leave}])
    lever = next(item for item in levers.levers(read_evidence(copied)) if item.title == "Orders were refused")
    assert "ROE-AGENTS" in lever.found
    assert "NATO council" in lever.who
