"""The parts: orders joined to permissions, the map's data, the moments, the causes, the words."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from damage import add_entries, at, change_facts, change_manifest, change_tables

from sim.engine.state import Incident
from sim.foundations.clock import Clock
from sim.reports import charts, pedigree, site_map, story, why, words
from sim.reports.deeds import joined
from sim.reports.ink import png_of, svg_of, turns
from sim.reports.page import island
from sim.reports.reading import read_evidence
from sim.reports.timeline import lanes_of, order_rows, timeline
from sim.vocabulary import Conduct, Ground, Level


def _unpacked(text: str, code: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=code)


def _order(tick, seat="kfor_zvecan", order="push", site="zvecan"):
    return {"tick": tick, "kind": "order", "site": site, "seat": seat, "order": order, "because": "table: row", "selectivity": 0.5}


def _permission(tick, verdict, delay=0.0, seat="kfor_zvecan", order="push", site="zvecan", queued=0.0):
    fields = {"verdict": verdict, "clause": "C-1", "delay_min": delay, "queued_min": queued, "reasons": ["kfor must ask"], "excluded": []}
    return {"tick": tick, "kind": "permission", "site": site, "seat": seat, "order": order, **fields}


def _effect(tick, seat="kfor_zvecan", order="push", site="zvecan"):
    return {"tick": tick, "kind": "effect", "site": site, "seat": seat, "order": order, "clause": "C-1"}


def _taken_back(tick, by, seat="kfor_zvecan", order="push", site="zvecan"):
    return {"tick": tick, "kind": "taken_back", "site": site, "seat": seat, "order": order, "by": by}


@pytest.fixture
def clock(evidence) -> Clock:
    return evidence.clock


def test_every_order_of_the_record_has_its_permission(evidence):
    orders = [entry for entry in evidence.run.entries if entry["kind"] == "order"]
    effects = [entry for entry in evidence.run.entries if entry["kind"] == "effect"]
    assert len(evidence.deeds) == len(orders) > 0
    assert sum(1 for deed in evidence.deeds if deed.effect_tick >= 0) == len(effects)
    assert all(deed.effect_tick < 0 for deed in evidence.deeds if deed.verdict == "refused")


def test_a_delayed_order_takes_the_effect_that_falls_due(clock):
    entries = [_order(10), _permission(10, "delayed", 5.0), _order(12), _permission(12, "refused"), _effect(30)]
    first, second = joined(entries, clock)
    assert (first.verdict, first.effect_tick) == ("delayed", 30)
    assert (second.verdict, second.effect_tick) == ("refused", -1)


def test_an_effect_before_the_approval_belongs_to_another_order(clock):
    entries = [_order(10), _permission(10, "delayed", 60.0), _order(20), _permission(20, "granted"), _effect(20), _effect(250)]
    assert [deed.effect_tick for deed in joined(entries, clock)] == [250, 20]


def test_an_order_that_needs_no_permission_keeps_its_clause(clock):
    (deed,) = joined([_order(5, "prepared_group", "prepared_group_acts"), _effect(5, "prepared_group", "prepared_group_acts")], clock)
    assert (deed.verdict, deed.clause, deed.effect_tick) == ("", "C-1", 5)


def test_orders_of_a_seat_at_two_sites_are_kept_apart(clock):
    entries = [
        _order(10, "pristina", "press_for_action", "zvecan"),
        _permission(10, "granted", 0.0, "pristina", "press_for_action", "zvecan"),
        _order(10, "pristina", "press_for_action", "leposavic"),
        _permission(10, "refused", 0.0, "pristina", "press_for_action", "leposavic"),
        _effect(10, "pristina", "press_for_action", "zvecan"),
    ]
    found = {deed.site: (deed.verdict, deed.effect_tick) for deed in joined(entries, clock)}
    assert found == {"zvecan": ("granted", 10), "leposavic": ("refused", -1)}


def test_an_order_taken_back_while_it_waits_never_takes_effect(clock):
    entries = [_order(10), _permission(10, "delayed", 60.0, queued=12.0), _taken_back(20, "halt_push"), _effect(400)]
    (deed,) = joined(entries, clock)
    assert (deed.effect_tick, deed.taken_back, deed.queued_min) == (-1, "halt_push", 12.0)


def test_repeated_orders_stay_in_one_row_and_none_is_lost(evidence):
    every, once = order_rows(evidence), order_rows(evidence, repeated_once=True)
    told = sum(int(row["order"].rpartition("(")[2].split()[0]) if row["order"].endswith(" times)") else 1 for row in once)
    assert told == len(every) == len(evidence.deeds)
    assert len(once) < len(every)


def test_the_table_of_orders_tells_clause_delay_and_effect(evidence):
    rows = order_rows(evidence)
    assert len(rows) == len(evidence.deeds)
    for row, deed in zip(rows, evidence.deeds, strict=True):
        assert row["clause"] == deed.clause
        assert row["time"] == evidence.clock.label(deed.tick)
        assert bool(row["delay"]) == (deed.delay_min > 0)


def test_every_order_and_event_has_a_lane(evidence):
    lanes = lanes_of(evidence)
    assert sum(len(lane.deeds) for lane in lanes) == len(evidence.deeds)
    assert sum(len(lane.events) for lane in lanes) == len(evidence.events)
    assert len({lane.words for lane in lanes}) == len(lanes)


def test_the_maps_data_round_trips(evidence):
    frames = evidence.frames
    data = site_map.packed_site(evidence, frames)
    cells = _unpacked(data["cells"], "<u2").reshape(frames.cells.shape)
    assert np.array_equal(np.where(cells == site_map.OFF_SITE, -1, cells.astype(np.int64)), frames.cells)
    assert np.array_equal(_unpacked(data["conducts"], "u1").reshape(frames.conducts.shape), frames.conducts)
    seen = evidence.sections_seen
    kept = frames.section_cells[:, seen]
    assert (np.delete(frames.section_cells, seen, axis=1) < 0).all(), "a section that is left out was never here"
    sections = _unpacked(data["sectionCells"], "<u2").reshape(kept.shape)
    assert np.array_equal(np.where(sections == site_map.OFF_SITE, -1, sections.astype(np.int64)), kept)
    assert np.array_equal(_unpacked(data["sectionLevels"], "u1").reshape(kept.shape), frames.section_levels[:, seen])
    assert np.array_equal(_unpacked(data["ground"], "u1").reshape(data["rows"], data["columns"]), evidence.plan.ground)
    clouds = _unpacked(data["clouds"], "<u2").reshape(-1, 3)
    again = np.zeros_like(frames.agents)
    again[clouds[:, 0], clouds[:, 1]] = clouds[:, 2] / site_map.AGENT_STEPS
    assert np.allclose(again, np.minimum(frames.agents, 1.0), atol=1.0 / site_map.AGENT_STEPS)
    assert len(data["clocks"]) == len(frames.ticks)


def test_a_person_keeps_one_place_in_the_cell_whatever_the_row():
    ids = np.array([7, 2**63 + 5, 12345678901234567890], dtype=np.uint64)
    across, down = site_map.jitter(ids)
    turned_across, turned_down = site_map.jitter(ids[::-1])
    assert np.array_equal(across, turned_across[::-1])
    assert np.array_equal(down, turned_down[::-1])


def test_the_counts_of_a_frame_are_those_of_the_people(evidence):
    frames = evidence.frames
    for moment in site_map.moments(evidence, frames):
        counts = site_map.counts_at(frames, moment.frame)
        for kind, count in counts.items():
            assert count == int((frames.conducts[moment.frame] == kind).sum())


def test_every_conduct_on_site_has_a_mark_a_colour_and_a_word():
    drawn = set(site_map.MARKS)
    assert drawn == set(Conduct) - {Conduct.ABSENT, Conduct.GONE}
    assert drawn == set(words.CONDUCTS)
    shapes = {(shape, filled) for shape, filled, _ in site_map.MARKS.values()}
    assert len(shapes) == len(site_map.MARKS), "a reader who sees no colour tells the marks apart by shape"
    assert set(site_map.GROUND_INK) == set(Ground)
    assert set(words.LEVELS) == set(Level)


def test_moments_are_chosen_by_rule_in_order_of_time(evidence):
    moments = site_map.moments(evidence, evidence.frames)
    assert 2 <= len(moments) <= 6
    assert [moment.frame for moment in moments] == sorted({moment.frame for moment in moments})
    titles = [title for moment in moments for title in moment.titles]
    assert "end of the day" in titles
    assert ("before the first push" in titles) == (evidence.push_tick >= 0)


def test_blocks_cover_each_ground_once(evidence):
    plan = evidence.plan.ground
    drawn = np.full(plan.shape, -1)
    for kind in Ground:
        for left, top, width, height in site_map.blocks(plan, kind):
            assert (drawn[top : top + height, left : left + width] == -1).all()
            drawn[top : top + height, left : left + width] = kind
    assert np.array_equal(drawn, plan)


@pytest.mark.parametrize("name", [name for name, *_ in charts.CHARTS])
def test_each_chart_draws_and_has_a_title_and_a_unit(evidence, name):
    draw, caption = next((draw, caption) for known, draw, caption in charts.CHARTS if known == name)
    (ax,) = draw(evidence).axes
    assert ax.get_title(loc="left")
    assert ax.get_lines() or ax.collections
    assert len(caption(evidence)) > 15


def test_a_figure_is_the_same_bytes_every_time_and_carries_no_date(evidence):
    first, second = svg_of(timeline(evidence)), svg_of(timeline(evidence))
    assert first == second
    assert b"dc:date" not in first
    assert png_of(charts.mood(evidence)) == png_of(charts.mood(evidence))


def test_a_step_line_keeps_its_turns():
    hours, values = turns(np.arange(8.0), np.array([0, 0, 2, 2, 2, 1, 1, 1]))
    assert hours.tolist() == [0, 2, 5, 7]
    assert values.tolist() == [0, 2, 1, 1]


def test_nobody_leaves_the_script_element():
    assert "</script" not in island({"x": "</script><script>alert(1)</script>&"})


def test_turning_points_name_recorded_people_odds_and_clauses(evidence):
    causes = why.causes(evidence)
    told = " ".join([cause.lead + " ".join(cause.points) for cause in causes])
    turned = evidence.incidents_of(Incident.TURNED_VIOLENT)
    if len(turned):
        assert words.short(int(turned[0]["entity"])) in told
        assert "threshold" in told or "prepared group" in told
    if evidence.push_tick >= 0:
        assert any(cause.title == "The push" for cause in causes)
    clauses = {deed.clause for deed in evidence.deeds}
    assert any(f"clause {clause}" in told for clause in clauses)


def test_a_refused_order_is_told_with_its_clause(copied, evidence):
    tick = at(evidence, "09:45")
    fields = {"seat": "kfor_zvecan", "order": "send_detention_teams"}
    add_entries(
        copied,
        [
            {**_order(tick), **fields},
            {**_permission(tick, "refused"), **fields, "clause": "ROE-DETENTION", "reasons": ["kfor has no leave to detain"]},
        ],
    )
    refused = [cause for cause in why.causes(read_evidence(copied).site_days[0]) if cause.title == "Refused: send detention teams"]
    told = " ".join(point for cause in refused for point in cause.points)
    assert "ROE-DETENTION" in told
    assert "KFOR has no leave to detain." in told


def test_a_prepared_group_that_acts_is_a_turning_point(copied, evidence):
    tick = at(evidence, "06:20")
    fields = {"seat": "prepared_group", "order": "prepared_group_acts"}
    add_entries(copied, [{**_order(tick), **fields}, {**_effect(tick), **fields}])
    causes = why.causes(read_evidence(copied).site_days[0])
    assert any(cause.title == "A prepared group acted" and cause.time == "06:20" for cause in causes)


def test_a_day_on_which_nothing_happens_is_told_as_one(copied):
    def empty(tables):
        tables["incidents"] = tables["incidents"][:0]
        tables["frame_conducts"][:] = Conduct.ABSENT
        tables["frame_cells"][:] = -1
        for name in tables["series"].dtype.names:
            if name not in ("tick", "level"):
                tables["series"][name] = 0

    change_tables(copied, empty)
    change_manifest(copied, outcomes=dict.fromkeys(read_evidence(copied).manifest["outcomes"], 0.0))
    change_facts(copied, push_tick=-1)
    (copied / "record.jsonl").write_text("", "utf-8")
    quiet = read_evidence(copied).site_days[0]
    assert quiet.calm
    assert story.story(quiet).startswith("Nobody came to the site. No push was ordered. Nobody turned violent. Nobody was hurt.")
    assert why.causes(quiet) == []
    assert [moment.titles for moment in site_map.moments(quiet, quiet.frames)] == [("end of the day",)]
    for _, draw, caption in charts.CHARTS:
        draw(quiet)
        assert caption(quiet)
    timeline(quiet)


def test_the_story_is_the_records_own(evidence):
    text = story.story(evidence)
    hurt = evidence.outcome("kfor_hurt")
    assert (words.persons(hurt, "KFOR soldier", "KFOR soldiers") in text) == (hurt > 0)
    if evidence.push_tick >= 0:
        assert f"The first push began at {evidence.clock.label(evidence.push_tick)}" in text


def test_user_settings_are_marked(copied):
    change_manifest(copied, settings={"grievance.theta_spiral": "0"})
    rows = pedigree.parameter_rows(read_evidence(copied))
    assert [row["name"] for row in rows if row["origin"] == "user"] == ["theta_spiral"]
    assert "--set grievance.theta_spiral=0" in pedigree.commands(read_evidence(copied))[0]


def test_every_parameter_is_listed_with_source_and_grade(run):
    rows = pedigree.parameter_rows(run)
    dials = {name.rpartition(".")[2] for name in run.manifest["dials"]}
    assert {row["name"] for row in rows} == set(run.manifest["parameters"]) | dials
    assert all(row["source"] and row["grade"] and row["meaning"] for row in rows)
    assert sum(item["count"] for item in pedigree.grade_shares(rows)) == len(rows)


def test_the_three_theories_say_how_strong_and_whether_a_group_acted(copied, evidence):
    change_facts(copied, prepared_tick=-1)
    names = {theory["name"]: theory["state"] for theory in pedigree.theories(read_evidence(copied))}
    assert names["Orchestration"].startswith("no prepared group was present")
    change_facts(copied, prepared_tick=at(evidence, "11:00"))
    names = {theory["name"]: theory["state"] for theory in pedigree.theories(read_evidence(copied))}
    assert "11:00" in names["Orchestration"]


def test_the_model_says_itself_what_it_leaves_out(run):
    told = pedigree.left_out(run)
    assert len(told) > 8
    assert any(text.startswith("Grievance: ") for text in told)


@pytest.mark.parametrize(
    ("minutes", "said"), [(0.2, "less than a minute"), (1.0, "1 minute"), (89.0, "89 minutes"), (150.0, "2 h 30 min"), (120.0, "2 hours")]
)
def test_lengths_of_time_in_words(minutes, said):
    assert words.minutes_words(minutes) == said


def test_seats_are_named_as_people_name_them(evidence):
    assert evidence.seat("kfor_zvecan") == "KFOR at Zvečan"
    assert evidence.seat("kfor_commander") == "KFOR commander"
    assert evidence.seat("belgrade") == "Government of Serbia"
    assert evidence.seat("prepared_group") == "Prepared group"


def test_numbers_in_words():
    assert words.signed(-0.0841) == "−0.08"
    assert words.signed(-0.001) == "0.00"
    assert words.percent(0.0) == "0 %"
    assert words.percent(0.043) == "4.3 %"
    assert words.percent(1e-7) == "less than 0.01 %"
    assert words.spoken("kfor_on_scene") == "KFOR on scene"
    assert words.order_words("tell_kfor_beforehand") == "tell KFOR beforehand"
    assert words.spoken("kosovo_police") == "Kosovo Police"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
