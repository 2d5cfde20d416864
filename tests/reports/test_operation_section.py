"""The report of an armed operation: what the page says is what the record holds, and nothing about crowds stands in it."""

from __future__ import annotations

import html
import itertools
import re
import shutil
from collections import Counter

import numpy as np
import pytest
from damage import page_without_figures

from sim.cli.show import print_outcomes, print_site_days
from sim.engine.operation import GroupStage
from sim.engine.outcomes import NEED_A_CROWD, NOT_SHOWN, outcomes_in_play
from sim.engine.run import play
from sim.engine.run_folder import save
from sim.engine.setup import SIDES
from sim.engine.state import Incident
from sim.reports import aftermath, ink, operation_escape, operation_ledger, operation_map, operation_news, words
from sim.reports.contents import GROUPS, THEATRE_GROUPS, content, drawings, run_drawings
from sim.reports.evidence import RunEvidence
from sim.reports.ink import svg_of
from sim.reports.operation_evidence import PHASE_WORDS, STAGE_WORDS, OperationEvidence, operations_of
from sim.reports.operation_layout import operation_layout
from sim.reports.operation_levers import operation_levers
from sim.reports.operation_scene import moments_of, scene
from sim.reports.operation_story import operation_story
from sim.reports.operation_timeline import PHASE_STACK, STAGE_INK, dark_spans, operation_timeline, stage_spans
from sim.reports.page import render
from sim.reports.reading import read_evidence
from sim.reports.theatre_layout import HEIGHT, WIDTH
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured, parse_settings
from sim.scenario.shipped import SHIPPED
from sim.vocabulary import FighterPhase, Grade, OrderKind, Side

SCENARIO, SEED = "banjska_2023", 1
IN_ORDER = (
    "what",
    "key-figures",
    "over-time",
    "who-knew",
    "why-launched",
    "why-away",
    "lead",
    "escalation",
    "levers",
    "disputed",
    "numbers",
)
OF_CROWDS = ('id="chain"', 'id="concessions"', "data-site-map", 'id="map-section"', 'id="plots"', "Three theories", 'id="knowledge"')


def _played(name: str, path, seed: int = SEED, settings: tuple[str, ...] = ()) -> RunEvidence:
    save(play(configured(load_scenario(name), parse_settings(settings)), seed), path, "automatic")
    return read_evidence(path)


@pytest.fixture(scope="module")
def operation_run(tmp_path_factory) -> RunEvidence:
    return _played(SCENARIO, tmp_path_factory.mktemp("operation") / "run")


@pytest.fixture(scope="module")
def op(operation_run) -> OperationEvidence:
    (found,) = operations_of(operation_run)
    return found


@pytest.fixture(scope="module")
def page(operation_run) -> str:
    return page_without_figures(operation_run)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory) -> OperationEvidence:
    """A run whose leader weighs freely, and gives up: an attack costs him more than any success brings."""
    folder = tmp_path_factory.mktemp("quiet") / "copy"
    shutil.copytree(SHIPPED / SCENARIO, folder)
    file = folder / "armed_group.yaml"
    text = file.read_text("utf-8")
    assert "attack_given: true" in text
    file.write_text(text.replace("attack_given: true", "attack_given: false"), "utf-8")
    settings = ("armed_choice.launch_cost=1", "armed_choice.delay_worth=0", "armed_choice.choice_precision=1000")
    (found,) = operations_of(_played(str(folder), folder.parent / "run", settings=settings))
    return found


def _section(page: str, name: str) -> str:
    start = page.index(f'<section id="{name}"')
    return page[start : page.index("</section>", start)]


def test_sections_stand_in_the_order_in_which_an_officer_reads(page):
    places = [page.index(f'<section id="{name}"') for name in IN_ORDER]
    assert places == sorted(places)


def test_no_section_about_crowds_stands_in_the_page(page, operation_run):
    assert [text for text in OF_CROWDS if text in page] == []
    before_numbers = page[page.index('<main id="main">') : page.index('<section id="numbers"')]
    told = re.sub(r"<script.*?</script>", "", before_numbers, flags=re.DOTALL)
    assert [word for word in ("crowd", "protester", "thrower", "rioter", "theta_") if word in told.lower()] == []
    assert drawings(operation_run.site_days[0]) == {place: [] for place in GROUPS}


def test_a_page_of_crowds_has_no_operation(run):
    told = page_without_figures(run)
    assert "data-operation-map" not in told
    assert 'id="ledger"' not in told
    assert 'id="chain"' in told


def test_ids_are_used_once_links_lead_somewhere_and_headings_go_down_by_one(page):
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_outcome_in_play_is_told_once_and_is_the_runs_own(page, operation_run):
    shown = re.findall(r'data-outcome="([^"]+)" data-value="([^"]+)"', page)
    kept = operation_run.manifest["outcomes"]
    assert sorted(name for name, _ in shown) == sorted(outcome.name for outcome in outcomes_in_play(operation_run.run.scenario))
    assert all(float(value) == kept[name] for name, value in shown)
    assert {name for name, _ in shown} & NEED_A_CROWD == set()


def test_what_cannot_be_shown_is_said_of_this_scenario(page):
    assert "Not shown in this scenario" in page
    assert all(html.escape(text) not in page for text in NOT_SHOWN), "such a run does show hours at a step"


def test_the_story_is_dated_numbered_and_in_the_page(page, op):
    story = operation_story(op)
    assert [told.number for told in story] == list(range(1, len(story) + 1))
    assert [told.tick for told in story] == sorted(told.tick for told in story)
    assert 8 <= len(story) <= 20
    section = html.unescape(_section(page, "what"))
    for told in story:
        assert f'value="{told.number}"><span class="t">{op.when(told.tick)}</span> <span>{told.words}' in section


def test_the_storys_numbers_are_those_of_the_record(op):
    told = " ".join(told.words for told in operation_story(op))
    moved, last = op.at(op.happened["moved_off"]), op.rows[-1]
    assert f"{moved['fighters']['moving_in']} fighters set off" in told
    assert f"{last['fighters'].get('escaped', 0)} fighters got away" in told
    assert f"{last['fighters'].get('captured', 0)} were caught" in told
    assert last["fighters"].get("escaped", 0) == round(op.outcome("attackers_escaped_share") * op.outcome("fighters_committed"))


def test_times_that_come_between_two_rows_are_those_of_the_outcomes(op):
    contact = op.happened["contact"]
    for name, outcome in (("encircled", "encircled_h"), ("control", "control_h")):
        assert op.minutes(contact, op.happened[name]) == pytest.approx(60.0 * op.outcome(outcome))


def test_what_happened_took_effect_by_an_order(op):
    kinds = {"contact": OrderKind.AMBUSH, "occupation": OrderKind.OCCUPY, "breakout": OrderKind.BREAK_OUT, "block": OrderKind.LAUNCH}
    for name, kind in kinds.items():
        assert op.happened[name] in [deed.effect_tick for deed in op.orders(kind)], name


def test_people_hurt_are_counted_as_the_outcomes_count_them(op):
    hurt = op.hurt_between(0, op.item.end_tick + 1)
    officers = [hurt.get(side, {}) for side in (Side.KOSOVO_POLICE, Side.KFOR, Side.EULEX, Side.KSF)]
    assert sum(sum(grades.values()) for grades in officers) == op.outcome("officers_hurt")
    assert sum(grades.get(Grade.FATAL, 0) for grades in officers) == op.outcome("officers_killed")
    assert hurt.get(Side.ARMED_GROUP, {}).get(Grade.FATAL, 0) == op.outcome("attackers_killed")
    assert sum(hurt.get(Side.CIVILIANS, {}).values()) == op.outcome("civilians_hurt")
    assert len(op.item.incidents_of(Incident.HURT)) >= sum(sum(grades.values()) for grades in hurt.values())


def test_ledger_rows_are_the_ledger_entries(page, op):
    entries = op.entries_of("ledger")
    rows = operation_ledger.ledger_rows(op)
    assert len(rows) == len(entries) > 0
    blocks = re.findall(r'<tr data-entry="(\d+)" data-choice="(\w+)">(.*?)</tr>', _section(page, "why-launched"), re.DOTALL)
    assert [(int(number), choice) for number, choice, _ in blocks] == [(entry["number"], entry["choice"]) for entry in entries]
    for (_, _, text), entry, row in zip(blocks, entries, rows, strict=True):
        shown = re.findall(r'<div class="option( taken)?" data-option="(\w+)" data-worth="([^"]+)">', text)
        assert {name: float(worth) for _, name, worth in shown} == entry["options"]
        assert [name for taken, name, _ in shown if taken] == [entry["choice"]]
        assert text.count("left: ") == len(entry["not_taken"])
        assert ("given by the scenario" in text) == entry["given"]
        for option in row["options"]:
            assert option["reason"] == operation_ledger.reason_words(entry["not_taken"].get(option["name"], ""))
        beliefs = dict(re.findall(r'data-belief="(\w+)">[^<]*<b>([^<]+)</b>', text))
        assert all(float(value) == pytest.approx(entry["beliefs"][name], abs=0.51) for name, value in beliefs.items())


def test_bars_of_the_ledger_share_one_scale_and_stay_inside_it(op):
    options = [option for row in operation_ledger.ledger_rows(op) for option in row["options"]]
    assert len({option["zero"] for option in options}) == 1
    for option in options:
        assert 0.0 <= option["left"] <= option["left"] + option["width"] <= 100.9
        assert option["loss"] == (option["value"] < 0.0)


def test_every_choice_stage_phase_and_reason_has_words(op):
    open_to_it = {OrderKind.LAUNCH, OrderKind.SHRINK, OrderKind.DELAY, OrderKind.ABORT, OrderKind.AMBUSH, OrderKind.OCCUPY}
    assert open_to_it | {OrderKind.HOLD_OUT, OrderKind.BARGAIN, OrderKind.BREAK_OUT} == set(operation_ledger.CHOICE_WORDS)
    assert set(STAGE_WORDS) == set(STAGE_INK) == set(GroupStage)
    phases = {phase.name.lower() for phase in FighterPhase}
    assert set(PHASE_WORDS) == {name for name, _, _ in PHASE_STACK} == phases
    assert set(SIDES) <= set(words.FORCES)


def test_who_was_told_when_is_the_record(page, op):
    section = _section(page, "who-knew")
    told = {(entry["fact"], entry["to"]): entry["tick"] for entry in reversed(op.entries_of("told"))}
    for row in re.findall(r'<tr data-fact="(\w+)">(.*?)</tr>', section, re.DOTALL):
        cells = dict(re.findall(r'data-to="(\w+)" data-told="(-?\d+)"', row[1]))
        assert set(cells) == set(operation_news.HEARERS)
        assert {to: int(tick) for to, tick in cells.items()} == {to: told.get((row[0], to), -1) for to in cells}
    for news in operation_news.facts_of(op):
        for hearing in news.hearings:
            assert hearing.told < 0 or hearing.late_min == pytest.approx(op.minutes(news.truth, hearing.told))
            assert hearing.told < 0 or hearing.told >= news.truth
        assert len(news.detections) == sum(entry["of"] == news.fact for entry in op.entries_of("detection"))


def test_cells_end_as_the_record_says_and_their_fighters_add_up(page, op):
    entries, ends = op.entries_of("cell"), operation_escape.cell_ends(op)
    assert [(end.cell, end.tick, end.caught) for end in ends] == [(e["cell"], e["tick"], e["what"] == "caught") for e in entries]
    shown = re.findall(r'<tr data-cell="(\d+)" data-caught="(\w+)">', _section(page, "why-away"))
    assert [(int(cell), caught == "True") for cell, caught in shown] == [(end.cell, end.caught) for end in ends]
    if all(end.fighters >= 0 for end in ends):
        assert sum(end.fighters for end in ends if not end.caught) == op.rows[-1]["fighters"].get("escaped", 0)
    for row, entry in zip(operation_escape.cell_rows(op), entries, strict=True):
        chance = entry["odds"] if entry["what"] == "caught" else 1.0 - entry["odds"]
        assert row["odds"] == words.percent(chance)
        stood = op.from_on(entry["tick"])
        assert (row["roads"], row["paths"]) == (words.percent(stood["closed_roads"]), words.percent(stood["closed_paths"]))


def test_everybody_on_site_at_the_break_out_has_a_place(op):
    tick = op.happened["breakout"]
    listed = Counter(row["force"] for row in operation_escape.where_everybody_was(op, tick) if row["duty"] != "on the road")
    there = {words.FORCES[name] for name, many in op.at(tick)["on_site"].items() if many}
    assert there <= set(listed)


def test_every_switch_is_named_with_the_account_that_is_followed_and_its_rivals(page, operation_run):
    accounts = html.unescape(_section(page, "what"))
    disputed = html.unescape(_section(page, "disputed"))
    for name, switch in operation_run.run.scenario.file.switches.items():
        assert f"{words.spoken(name).lower()} <strong>{words.spoken(switch.value).lower()}</strong>" in accounts
        for account in switch.accounts:
            assert words.spoken(account) in disputed
        assert f"<strong>{words.spoken(switch.value)}</strong>" in disputed
        assert switch.source in disputed


def test_orders_stand_with_the_clause_that_decided_each(page, op):
    section = _section(page, "lead")
    for deed in op.item.deeds:
        if deed.clause:
            assert f"<code>{deed.clause}</code>" in section
    for entry in op.entries_of("hand_over"):
        assert op.when(entry["tick"]) in section


def test_beliefs_are_the_records_means_and_said_to_be_assumptions(page, op):
    section = _section(page, "escalation")
    shown = sorted(float(value) for value in re.findall(r'data-resolve="([^"]+)"', section))
    kept = sorted(entry["alpha"] / (entry["alpha"] + entry["beta"]) for entry in op.entries_of("belief"))
    assert shown == pytest.approx(kept)
    assert "prior-only" in section
    assert "no chance of war" in section


def test_the_map_shows_every_fighter_where_the_record_has_them(op):
    layout = operation_layout(op)
    for row in op.rows[::7]:
        signs = scene(op, layout, int(row["tick"]))
        told = [sign[3] for sign in signs if sign[0] == "words" and not any(mark in sign[3] for mark in ("reserve", "closed:"))]
        counted = [int(found[1]) for text in told if (found := re.match(r"(\d+) (?!in reserve)[a-z]", text))]
        assert sum(counted) == sum(row["fighters"].values()), op.when(row["tick"])
        for sign in signs:
            if sign[0] == "words":
                assert 0.0 <= sign[1] <= WIDTH
                assert 0.0 <= sign[2] <= HEIGHT


def test_the_sliders_data_hold_each_scene(op):
    layout = operation_layout(op)
    packed = operation_map.packed_operation(op, layout)
    assert len(packed["scenes"]) == len(packed["clocks"]) == len(packed["dark"]) == len(op.rows)
    for frame in (0, len(op.rows) // 3, len(op.rows) - 1):
        assert [tuple(packed["signs"][place]) for place in packed["scenes"][frame]] == scene(op, layout, int(op.ticks[frame]))
    assert packed["dark"] == [int(row["dark"]) for row in op.rows]
    assert len(packed["signs"]) < sum(len(each) for each in packed["scenes"]) / 3, "signs that repeat stand once"


def test_stages_and_nights_of_the_timeline_are_the_rows(op):
    spans = stage_spans(op)
    assert [stage for stage, _, _ in spans] == [GroupStage(stage) for stage, _ in itertools.groupby(row["stage"] for row in op.rows)]
    assert all(before[2] == after[1] for before, after in itertools.pairwise(spans))
    dark = sum(last - first for first, last in dark_spans(op))
    step = int(op.ticks[1] - op.ticks[0])
    assert dark == pytest.approx(step * sum(row["dark"] for row in op.rows), abs=step)


def test_each_figure_is_the_same_bytes_every_time(op, operation_run):
    after = aftermath.aftermaths(operation_run)
    figures = run_drawings(operation_run, after)
    assert [drawing.name for drawing in figures["operation_timeline"]] == ["operation"]
    assert len(figures["operation_stills"]) == len(moments_of(op))
    assert "Schematic" in figures["operation_stills"][0].caption
    for place in ("operation_timeline", "operation_news", "operation_escalation"):
        drawing = figures[place][0]
        first = svg_of(drawing.draw())
        assert first == svg_of(drawing.draw())
        assert drawing.caption


def test_commands_of_levers_can_be_typed(op, operation_run):
    levers = operation_levers(op)
    assert {"The answer may hang on disputed facts", "The answer may hang on the leader's weighing"} <= {lever.title for lever in levers}
    for lever in levers:
        pairs = tuple(re.findall(r"--set (\S+)", lever.command))
        configured(operation_run.run.scenario, parse_settings(pairs))
        assert lever.command.startswith("kforsim run") or not lever.command


def test_sides_have_words_colours_shapes_and_dashes_that_differ():
    for found in (words.SIDES, ink.SIDE_INK, ink.SIDE_DASH, ink.SIDE_MARK):
        assert set(found) == set(Side)
        assert len({str(value) for value in found.values()}) == len(Side)


def test_a_group_that_gives_up_is_told_as_one(quiet):
    page = page_without_figures(quiet.run)
    assert "Why the group did not attack" in page
    assert "How it ended" in page
    assert "gave up and went back" in _section(page, "what")
    assert 'data-cell="' not in page
    last = quiet.entries_of("ledger")[-1]
    assert last["choice"] == OrderKind.ABORT
    assert f'data-choice="{OrderKind.ABORT}"' in page
    assert not quiet.entries_of("belief")
    assert "No beliefs were learnt" in page
    assert len(operation_timeline(quiet, operation_story(quiet)).axes) == 3, "no panel stays empty"


def test_a_run_with_crowds_as_well_gets_one_more_section(operation_run):
    drawn = {item.key: {place: [] for place in GROUPS} for item in operation_run.site_days}
    told = content(operation_run, drawn, {place: [] for place in THEATRE_GROUPS}, aftermath.aftermaths(operation_run))
    page = render(told | {"operation_only": False})
    assert page.count('<section id="armed"') == 1
    assert 'id="ledger"' in page
    assert 'id="key-figures"' in page
    names = re.findall(r'\sid="([^"]+)"', page)
    twice = {name for name, many in Counter(names).items() if many > 1}
    assert twice == set()


def test_the_terminal_shows_columns_that_make_sense(operation_run, capsys):
    kept = operation_run.manifest["outcomes"]
    print_site_days(kept, [(item.kept.day, item.site) for item in operation_run.site_days])
    head, here, whole = capsys.readouterr().out.splitlines()
    assert "officers killed" in head
    assert "protesters" not in head
    assert f"{kept['hurt']:g}" in here
    assert f"{kept['attackers_escaped_share']:.0%}" in whole
    print_outcomes(kept)
    table = capsys.readouterr().out
    shown = {line.split()[0] for line in table.splitlines() if line}
    assert {outcome.name for outcome in outcomes_in_play(operation_run.run.scenario)} <= shown
    assert shown & NEED_A_CROWD == set()


def test_every_row_of_the_record_is_a_moment_of_the_day(op):
    assert np.all(np.diff(op.ticks) > 0)
    assert op.at(int(op.ticks[0]) - 5) is op.rows[0]
    assert op.from_on(int(op.ticks[-1]) + 5) is op.rows[-1]
    assert op.at(int(op.ticks[3]) + 1) is op.rows[3]


def test_the_story_tells_of_the_road_the_cordon_the_civilians_and_control_as_the_record_has_them(op):
    told = " ".join(told.words for told in operation_story(op))
    held = [entry for entry in op.entries_of("roadblock") if entry["what"] == "held"]
    passed, civilians = op.entries_of("cordon_passed"), op.entries_of("civilians")
    (control,) = op.entries_of("control")
    assert f"the road was open again; {len(held)} units had been held there" in told
    assert f"{len(passed)} cells of the group passed the cordon" in told
    assert f"{civilians[0]['persons']} civilians were inside" in told
    assert f"The {civilians[0]['persons']} civilians in {op.compound_place} could come out" in told
    assert op.happened["control"] == control["tick"]
    assert "control was declared" in told


def test_where_nothing_is_recorded_of_road_cordon_and_civilians_the_story_says_nothing_of_them(quiet):
    told = " ".join(told.words for told in operation_story(quiet))
    assert [words for words in ("open again", "passed the cordon", "could come out", "still inside") if words in told] == []
