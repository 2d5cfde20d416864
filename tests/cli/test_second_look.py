"""What ``kforsim check`` finds worth a second look: what can be played but is hardly meant, each at its place in a file."""

from __future__ import annotations

import pytest
from copies import PART, WHOLE

from sim.scenario.shipped import SHIPPED

pytestmark = pytest.mark.usefixtures("parsed_once")


def test_expected_patterns_are_left_alone(new_warnings, scenario_copy):
    scenario_copy.write("expected.yaml", "nonsense: [")
    assert new_warnings() == []


def test_warnings_of_a_part_are_those_of_the_whole_that_it_plays(warnings):
    whole, part = (set(warnings(name)) for name in (WHOLE, PART))
    assert not any("may_26" in line or "may_31.yaml" in line for line in part)
    assert {line for line in part if "waits in reserve" not in line} <= whole


SIRENS = 'kind: sirens, site: leposavic, at: "10:40"'


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("may_29.yaml", 'at: "09:00"', 'at: "23:00"', ["events.1.at: 23:00 lies outside the day's run, 06:00 to 22:00, and never comes"]),
        ("may_29.yaml", 'begins: "10:00"', 'begins: "22:00"', ["crowds.zvecan.arrivals.1.begins: 22:00 lies outside"]),
        (
            "may_29.yaml",
            'post: second_line, arrives: "06:30"',
            'post: second_line, arrives: "22:30"',
            [":deployments.3.arrives: 22:30 lies"],
        ),
        ("may_29.yaml", '{at: "20:00", order: go_home', '{at: "05:00", order: go_home', [":history.crowd_zvecan.4.at: 05:00 lies outside"]),
        (
            "may_31.yaml",
            'acts_from: "10:00"\n      acts_until: "18:00"',
            'acts_from: "20:30"\n      acts_until: "21:00"',
            ["prepared_group.acts_from"],
        ),
        ("may_29.yaml", "order: warn_by_loudspeaker", "order: wait", ["the rules would refuse 'push'", "only after a warning"]),
        ("may_29.yaml", "order: hold_door_with_agents", "order: gather", ["a seat of Kosovo Police cannot order 'gather'"]),
        ("may_29.yaml", "order: sit_down", "order: push", ["a seat of the crowd cannot order 'push'"]),
        ("may_26.yaml", "order: urge_restraint", "order: order_entry", ["Quint and NATO capitals cannot order 'order entry'"]),
        ("may_29.yaml", "kp_zvecan:\n    - {at", "eulex:\n    - {at", ["the rules would refuse 'hold door with agents'"]),
        ("mandate.yaml", "clause: M-PLAN\n    allowed: true", "clause: M-PLAN\n    allowed: false", ["no task 'disperse'"]),
        ("rules_of_engagement.yaml", "status: retained", "status: withheld", ["would refuse"]),
        ("zvecan_town_hall.yaml", "kp_vehicle", "police_car", ["events.1: the plan of zvecan marks no vehicle"]),
        (
            "may_26.yaml",
            SIRENS,
            SIRENS.replace("sirens", "rumour"),
            ["waits for 'sirens', and no sirens are planned at leposavic on this day"],
        ),
        ("may_26.yaml", "kp_leposavic: kosovo_police_forced_entry", "kp_leposavic: kosovo_police_hold_building", []),
        (
            "may_31.yaml",
            "id: leposavic_travellers",
            "id: zubin_potok_late_morning",
            ["are people of zubin_potok on may_26 and of leposavic here"],
        ),
        (
            "may_31.yaml",
            "  kfor_zvecan: kfor_behind_barriers",
            "  kfor_north_mitrovica: kfor_restrained",
            ["doctrines.kfor_north_mitrovica: north_mitrovica"],
        ),
        (
            "may_31.yaml",
            "  crowd_leposavic:",
            "  crowd_north_mitrovica:",
            ["history.crowd_north_mitrovica: north_mitrovica, where this seat commands, is not"],
        ),
        (
            "may_31.yaml",
            "order: urge_restraint,",
            "order: urge_restraint, site: north_mitrovica,",
            ["history.quint_nato.0.site", "the order is never given"],
        ),
        (
            "scenario.yaml",
            "  crowd_zvecan:\n    organisation: crowd\n    site: zvecan",
            "  crowd_zvecan:\n    organisation: crowd\n    site: leposavic",
            ["sites.zvecan: no seat leads the crowd here"],
        ),
        (
            "scenario.yaml",
            "days: [may_26.yaml, may_29.yaml, may_31.yaml]",
            "days: [may_26.yaml, may_31.yaml]",
            ["sites.north_mitrovica: north_mitrovica is in play on none of the days"],
        ),
    ],
)
def test_a_second_look(new_warnings, scenario_copy, file, old, new, parts):
    times = 99 if old in ("kp_vehicle", "status: retained", "order: warn_by_loudspeaker") else 1
    scenario_copy.edit(file, old, new, times)
    found = "\n".join(new_warnings())
    for part in parts:
        assert part in found, found


def test_agents_and_detentions_of_history_count_as_used_under_attack(new_warnings, scenario_copy):
    scenario_copy.edit("may_29.yaml", "order: halt_push", "order: send_detention_teams")
    assert new_warnings() == []


def test_a_line_of_eulex_is_good_once_the_police_have_asked(new_warnings, scenario_copy):
    line = '    - {at: "18:00", order: take_cordon, source: ours, grade: assumption}\n'
    scenario_copy.edit("may_29.yaml", "history:\n", f"history:\n  eulex:\n{line}")
    assert any("the rules would refuse 'take cordon': EULEX acts in this only when Kosovo Police asks" in told for told in new_warnings())
    asked = '    - {at: "17:30", order: request_support, source: ours, grade: assumption}\n'
    scenario_copy.edit("may_29.yaml", "  kp_zvecan:\n", f"  kp_zvecan:\n{asked}").edit(
        "may_29.yaml", "order: take_cordon,", "order: take_cordon, site: zvecan,"
    )
    assert new_warnings() == []


def test_caveats_of_all_contingents_at_a_site_refuse_a_line_of_history(new_warnings, scenario_copy):
    nations = {"hungary": "budapest", "italy": "rome", "poland": "warsaw", "moldova": "chisinau"}
    rows = "".join(
        f"  - {{id: ALL-{nation}, contingent: {nation}, order: push, held_by: {capital}, red_card_holder: an office, active: true,"
        " source: ours, grade: assumption}\n"
        for nation, capital in nations.items()
    )
    scenario_copy.edit("rules_of_engagement.yaml", "caveats:\n", "caveats:\n" + rows)
    assert any("caveats keep every contingent at zvecan out of it" in line for line in new_warnings())


def test_a_red_card_that_may_be_played_later_refuses_no_line(new_warnings, scenario_copy):
    rows = "".join(
        f"  - {{id: ALL-{nation}, contingent: {nation}, order: push, held_by: {capital}, red_card_holder: an office, active: false,"
        " active_after_hurt: 1, source: ours, grade: assumption}\n"
        for nation, capital in {"hungary": "budapest", "italy": "rome", "poland": "warsaw", "moldova": "chisinau"}.items()
    )
    scenario_copy.edit("rules_of_engagement.yaml", "caveats:\n", "caveats:\n" + rows)
    assert new_warnings() == []


def test_a_wave_that_nobody_calls(new_warnings, scenario_copy):
    table = (SHIPPED / "doctrine" / "crowd_bargaining.yaml").read_text("utf-8")
    scenario_copy.write("doctrine/crowd_bargaining.yaml", table.replace("order: call_for_more", "order: wait"))

    def at_zvecan() -> list[str]:
        return [line for line in new_warnings() if ":crowds.zvecan.arrivals.2.on_order" in line and "may_29" in line]

    assert at_zvecan() == []  # the history line still calls
    assert any(":crowds.leposavic.arrivals.2.on_order" in line for line in new_warnings())
    scenario_copy.edit("may_29.yaml", 'at: "14:05", order: call_for_more', 'at: "14:05", order: wait')
    (line,) = at_zvecan()
    assert "waits for call_for_more, which no doctrine and no history orders at zvecan on this day" in line


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        ("clash_elsewhere", "and no other site is in play on this day"),
        ("sirens", "and no sirens are planned at zvecan on this day"),
        ("entry", "and no doctrine and no history orders enter_building at zvecan on this day"),
    ],
)
def test_a_wave_that_waits_for_what_does_not_come_in_a_part(warnings, scenario_copy, part_copy, tmp_path, cause, why):
    scenario_copy.edit("may_29.yaml", 'begins: "10:00"', f"on_event: {cause}").folder.rename(tmp_path / WHOLE)
    found = [line for line in warnings(part_copy.folder) if "on_event" in line]
    assert len(found) == 1
    assert f"crowds.zvecan.arrivals.1.on_event: waits for '{cause.replace('_', ' ')}', {why}; without it the wave never comes" in found[0]


@pytest.mark.parametrize("cause", ["push", "detentions"])
def test_a_wave_that_waits_for_what_doctrine_and_history_order_is_no_matter(new_warnings, scenario_copy, cause):
    scenario_copy.edit("may_29.yaml", 'begins: "10:00"', f"on_event: {cause}")
    assert new_warnings() == []


def test_word_of_a_clash_comes_where_other_sites_are_in_play(new_warnings, scenario_copy):
    assert "on_event: clash_elsewhere" in scenario_copy.text("may_29.yaml")
    scenario_copy.edit("may_31.yaml", 'begins: "10:00"', "on_event: clash_elsewhere")
    assert new_warnings() == []


def test_a_reserve_that_nobody_sends(new_warnings, scenario_copy):
    seat = "  eulex:\n    organisation: eulex\n    headquarters: eulex_head\n    doctrine: eulex_on_request\n"
    scenario_copy.edit("scenario.yaml", seat, "")
    (line,) = new_warnings()
    assert "'eulex_police_unit' waits in reserve on may_26, may_29, may_31, and is sent by no seat there is: none is of EULEX" in line


def test_a_delegated_means_that_the_doctrine_uses_is_no_matter(warnings, scenario_copy):
    look = "'kosovo_police_hold_building' never orders 'extract vehicles', which ROE-KP-VEHICLES delegates to Kosovo Police"
    assert sum(look in line for line in warnings(scenario_copy.folder)) == 1  # once, although four seats play it
    table = (SHIPPED / "doctrine" / "kosovo_police_hold_building.yaml").read_text("utf-8")
    when = "when: {vehicles_stuck: true}, order: extract_vehicles"
    row = f"  - {{name: out with the cars, {when}, because: ours, source: ours, grade: assumption}}\n"
    scenario_copy.write("doctrine/kosovo_police_hold_building.yaml", table + row)
    assert not any(look in line for line in warnings(scenario_copy.folder))
