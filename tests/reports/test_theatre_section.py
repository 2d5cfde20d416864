"""The theatre: several sites and days in one report - map, lead, news, headquarters, consequences, and what stays short."""

from __future__ import annotations

import html
import itertools
import json
import math
import re

import numpy as np
import pytest
from damage import change_facts, change_manifest, page_without_figures

from sim.engine.outcomes import OUTCOMES
from sim.reports import aftermath, first_news, key_figures, lead, side_by_side, theatre_map, whereabouts
from sim.reports.contents import run_drawings
from sim.reports.ink import png_of, svg_of
from sim.reports.reading import read_evidence
from sim.reports.theatre_layout import HEIGHT, WIDTH, layout_of

MOST_BYTES = 12_000_000
IN_FRONT = ("what", "why", "levers", "theatre", "site-days", "disputed", "numbers", "limits", "reproduce")
THEATRE = ("theatre-section-map", "side-by-side", "lead", "first-news", "headquarters", "after-event")


@pytest.fixture(scope="module")
def page(whole) -> str:
    return page_without_figures(whole)


@pytest.fixture(scope="module")
def after(whole):
    return aftermath.aftermaths(whole)


def _place(page: str, name: str) -> int:
    found = [match.start() for match in re.finditer(rf'id="{re.escape(name)}"', page)]
    assert len(found) == 1, name
    return found[0]


def test_what_happened_why_and_what_could_have_changed_it_come_first(page):
    places = [_place(page, name) for name in IN_FRONT]
    assert places == sorted(places)
    inside = [_place(page, name) for name in THEATRE]
    assert inside == sorted(inside)
    assert places[IN_FRONT.index("theatre")] < inside[0]
    assert inside[-1] < places[IN_FRONT.index("site-days")]


def test_every_site_day_stands_in_the_page_and_only_the_worst_is_open(page, whole):
    folded = re.findall(r'<details class="site-day" id="([^"]+)_day"( open)?>', page)
    assert [name for name, _ in folded] == [item.key.replace("/", "_") for item in whole.site_days]
    assert [name for name, is_open in folded if is_open] == [whole.worst.key.replace("/", "_")]
    assert whole.worst.outcome("hurt") == max(item.outcome("hurt") for item in whole.site_days)


def test_every_link_inside_the_page_leads_somewhere(page):
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names))
    missing = set(re.findall(r'href="#([^"]+)"', page)) - set(names)
    assert missing == set()


def test_headings_go_down_one_level_at_a_time_in_the_theatre_too(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_outcomes_of_every_scope_are_the_runs_own(page, whole):
    shown = re.findall(r'data-outcome="([^"]+)" data-value="([^"]+)"', page)
    kept = whole.manifest["outcomes"]
    assert {path.count("/") for path, _ in shown} == {0, 1, 2}
    assert all(float(value) == kept[path] for path, value in shown)


def test_the_table_has_each_site_day_each_day_and_the_run(whole):
    table = key_figures.side_by_side(whole, {})
    several = sum(len(items) > 1 for _, items in whole.days)
    assert len(table["rows"]) == len(whole.site_days) + several + 1
    hurt = [row["cells"][[head for head, _ in table["heads"]].index("Hurt")]["value"] for row in table["rows"] if not row["total"]]
    assert sum(hurt) == whole.manifest["outcomes"]["hurt"]
    assert {outcome.name for outcome in OUTCOMES} >= set(key_figures.IN_TABLE)


def test_a_calm_site_day_has_a_summary_only(whole_copied):
    item = read_evidence(whole_copied).worst
    kept = json.loads((whole_copied / "manifest.json").read_text("utf-8"))["outcomes"]
    path = f"{item.key}/hurt"
    change_manifest(whole_copied, outcomes={**kept, path: 0.0})
    change_facts(whole_copied, item.key, push_tick=-1)
    record = (whole_copied / "record.jsonl").read_text("utf-8").splitlines()
    told = [line for line in record if '"verdict":"refused"' not in line]
    (whole_copied / "record.jsonl").write_text("\n".join(told) + "\n", "utf-8")
    calmed = read_evidence(whole_copied)
    found = next(day for day in calmed.site_days if day.key == item.key)
    assert found.calm
    page = page_without_figures(calmed)
    assert f'id="{item.prefix}site-data"' not in page
    assert f'id="{item.prefix}why"' not in page
    assert f'id="{item.prefix}orders"' in page
    assert f'id="{calmed.worst.prefix}why"' in page


def test_the_whole_report_stays_small_and_each_figure_has_its_own_name(whole_report, whole):
    assert len(whole_report.page.encode()) < MOST_BYTES
    figures = re.findall(r'<figure id="([^"]+)"', whole_report.page)
    assert len(figures) == len(set(figures))
    assert {f"figure-{name.removesuffix('.svg')}" for name in whole_report.files if name.endswith(".svg")} == set(figures)
    assert "https://" not in re.sub(r"https?://www\.w3\.org/[^\s\"'%]*", "", whole_report.page.partition("<main")[0])
    for item in whole.site_days:
        assert (f"{item.prefix}timeline.png" in whole_report.files) == (not item.calm)
        assert f"{item.prefix}conduct.svg" in whole_report.files


def test_calm_days_and_days_without_a_clash_have_fewer_figures(whole_report, whole):
    by_day = {item.key: sum(name.startswith(item.prefix) for name in whole_report.files) for item in whole.site_days}
    full = by_day[whole.worst.key]
    for item in whole.site_days:
        if item.calm or item.minor:
            assert by_day[item.key] < full


# Where units are, and the map


def test_no_unit_is_in_two_places_at_once(whole):
    for day, _ in whole.days:
        legs = whereabouts.legs_of(whole, day)
        assert legs
        for unit in {leg.unit.id for leg in legs}:
            own = [leg for leg in legs if leg.unit.id == unit]
            assert all(one.until <= other.since for one, other in itertools.pairwise(own)), unit


def test_deployed_units_stand_where_the_day_says(whole):
    for day, _ in whole.days:
        legs = whereabouts.legs_of(whole, day)
        for deployment in day.file.deployments:
            assert any(leg.doing == "at" and (leg.unit.id, leg.site) == (deployment.unit, deployment.site) for leg in legs)


def test_the_map_shows_the_series_and_the_lead_as_they_were(whole):
    layout, days = layout_of(whole), theatre_map.theatre_days(whole)
    packed = theatre_map.packed_theatre(whole, layout, days)
    assert [day["title"] for day in packed["days"]] == [day.file.title for day, _ in whole.days]
    for shown, day in zip(packed["days"], days, strict=True):
        assert set(shown["sites"]) == {item.site for item in day.items}
        for item in day.items:
            track = shown["sites"][item.site]
            rows = [item.row_at(tick) for tick in day.ticks]
            assert track["present"] == item.series["present"][rows].tolist()
            assert track["violent"] == item.series["violent"][rows].tolist()
            told = [len(track["leads"][place]) for place in track["lead"]]
            assert np.mean(np.array(told) == item.series["leads"][rows]) > 0.95
            assert len(track["forces"]["at"]) == len(shown["clocks"]) == len(day.ticks)
        assert 0 <= shown["start"] < len(shown["clocks"])


def test_places_are_pulled_apart_inside_the_drawing_and_in_their_directions(whole):
    layout, theatre = layout_of(whole), whole.run.scenario.theatre
    sites = list(layout.sites.values())
    for one, other in itertools.combinations(sites, 2):
        assert math.dist(layout.points[one], layout.points[other]) > 100
        apart = theatre.places[one].latitude - theatre.places[other].latitude
        if abs(apart) > 0.05:
            assert (layout.points[one][1] < layout.points[other][1]) == (apart > 0), "north is up"
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in layout.points.values())
    for (base, site), way in layout.journeys.items():
        assert (way[0], way[-1]) == (base, layout.sites[site])
        assert layout.along(base, site, 0.0) == layout.points[base]
        assert math.dist(layout.along(base, site, 1.0), layout.points[layout.sites[site]]) < 0.01


def test_a_circle_grows_with_the_crowd_and_its_fill_with_violence():
    assert theatre_map.radius_px(0, 1000) < theatre_map.radius_px(10, 1000) < theatre_map.radius_px(1000, 1000)
    assert len({theatre_map.crowd_ink(violent) for violent in (0, 2, 40)}) == 3
    assert len(set(theatre_map.FORCE_MARKS.values())) == len(theatre_map.FORCE_MARKS)


def test_each_day_has_a_still_and_every_still_says_schematic(whole):
    days = theatre_map.theatre_days(whole)
    moments = theatre_map.moments_of(days)
    assert {id(moment.day) for moment in moments} == {id(day) for day in days}
    for moment in moments:
        words = theatre_map.moment_caption(whole, moment)
        assert "Schematic" in words
        assert all(item.place in words for item in moment.day.items)


@pytest.mark.parametrize("group", ["theatre_stills", "side_by_side", "lead", "licence", "growth"])
def test_each_figure_of_the_run_draws_the_same_every_time(whole, after, group):
    drawing = run_drawings(whole, after)[group][0]
    assert svg_of(drawing.draw()) == svg_of(drawing.draw())
    assert png_of(drawing.draw())[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(drawing.caption) > 15


def test_small_multiples_have_one_cell_a_site_and_day_on_the_same_axes(whole):
    axes = side_by_side.small_multiples(whole).axes
    panels = len(side_by_side.PANELS)
    assert len(axes) == len(whole.run.scenario.file.sites) * len(whole.days) * panels
    for panel in range(panels):
        assert len({ax.get_ylim() for ax in axes[panel::panels]}) == 1
        assert len({ax.get_xlim() for ax in axes[panel::panels]}) == 1


# Lead


def test_the_lead_is_told_for_every_moment_and_agrees_with_its_minutes(whole):
    for item in whole.site_days:
        spans = lead.lead_spans(item)
        assert (spans[0].since, spans[-1].until) == (item.start_tick, item.end_tick)
        assert all(one.until == other.since for one, other in itertools.pairwise(spans))
        for state in ("two", "none"):
            minutes = sum((span.until - span.since) * item.clock.base_tick_min for span in spans if span.words == state)
            assert minutes == pytest.approx(item.kept.facts["lead_minutes"][state], abs=2.0)


def test_leads_are_told_apart_by_more_than_colour():
    signs = {(words, lead.LEAD_HATCH.get(words, "")) for words in lead.LEAD_INK}
    assert all(hatch for words, hatch in signs if words in ("two", "none", lead.UNNAMED))
    assert len({hatch for _, hatch in signs if hatch}) == 3


# Who knew what when


def test_news_is_first_told_by_the_first_picture_that_says_so(whole):
    for _, items in whole.days:
        for item in items:
            truth = first_news.truths(item, [other for other in items if other is not item])
            crowd = item.series["tick"][item.series["present"] >= 50]
            assert truth[first_news.CROWD] == (int(crowd[0]) if len(crowd) else -1)
            told = first_news.learnt(item, truth)
            assert set(told) == set(item.pictures)
            for seat, shown in item.pictures.items():
                first = next((entry["tick"] for entry in shown if entry["violent"]["value"] >= 5), -1)
                assert told[seat][first_news.VIOLENCE].told == first


def test_news_tables_name_every_force_headquarters_and_government(whole):
    for table in first_news.news_tables(whole):
        names = [name for name, _ in table["columns"]]
        assert {"KFOR at the site", "KP at the site", "KFOR commander", "Government of Kosovo"} <= set(names)
        assert all(len(row["cells"]) == len(names) for row in table["rows"])
        assert all("min old" in age for _, age in table["columns"])


# After the event


def test_reports_only_grow_and_end_below_the_truth(whole, after):
    days = [(items[0].date, [after[item.key] for item in items]) for _, items in whole.days]
    rows = aftermath.growth_rows(days)
    assert all(row["counts"] == sorted(row["counts"]) for row in rows)
    assert sum(row["counts"][-1] for row in rows) == whole.manifest["outcomes"]["hurt"]


def test_the_chain_of_consequences_is_that_of_the_outcomes(whole, after):
    links = {name: count for name, _, count in aftermath.chain(list(after.values()))}
    outcomes = whole.manifest["outcomes"]
    for link, outcome in (("detained", "detained"), ("handed over", "handed_over"), ("charged", "charged"), ("convicted", "convicted")):
        assert links[link] == outcomes[outcome]
    assert links["violent"] == outcomes["ever_violent"]
    assert links["convicted"] <= links["charged"] <= links["handed over"] + links["arrested later"]
    assert (links["violent"] - links["no consequence"]) / max(links["violent"], 1) == pytest.approx(
        outcomes["violent_facing_consequence"], abs=1e-9
    )


def test_text_of_the_whole_is_escaped(whole_copied):
    day = whole_copied / "scenario" / "may_29.yaml"
    text = day.read_text("utf-8")
    day.write_text(re.sub(r"^title: .*$", 'title: "<img src=x> & co"', text, count=1, flags=re.MULTILINE), "utf-8")
    page = page_without_figures(read_evidence(whole_copied))
    assert "<img src=x>" not in page
    assert html.escape("<img src=x> & co") in page
