"""Problems of a day: what a day's file gets wrong about sites, units, seats and people. Any of them refuses the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.doctrine.framework import Framework
from sim.doctrine.seat_orders import NAMES, RESPONDERS, Organisation
from sim.foundations.documents import Document, Path_
from sim.foundations.errors import Problem, nearest
from sim.foundations.figures import minutes_of_day, twice_problems, unknown_problem
from sim.geography.theatre import Theatre
from sim.scenario.problems import ON_SITE, doctrine_problems
from sim.scenario.schema import DayFile, ScenarioFile
from sim.seats.doctrine_table import DoctrineTable


def day_problems(
    document: Document,
    day: DayFile,
    file: ScenarioFile,
    framework: Framework,
    theatre: Theatre,
    tables: Mapping[str, DoctrineTable | None],
    known: Mapping[str, Path],
) -> Iterator[Problem]:
    """Give what is wrong with one day: its times, sites, crowds, deployments, leads, doctrines and history."""
    yield from _time_problems(document, day)
    yield from _site_problems(document, day, file)
    yield from _crowd_problems(document, day, [*file.sites, *theatre.municipalities])
    yield from _deployment_problems(document, day, framework)
    yield from _lead_problems(document, day)
    for name, doctrine in day.doctrines.items():
        at = ("doctrines", name)
        if name not in file.seats:
            yield document.problem(at, f"there is no seat '{name}'", nearest(name, file.seats))
        else:
            yield from doctrine_problems(document, at, file.seats[name], doctrine, framework, tables, known)
    yield from _history_problems(document, day, file)


def _time_problems(document: Document, day: DayFile) -> Iterator[Problem]:
    """Give planned events and waves that lie before the run, all of which would happen in its first minute, and rain upside down."""
    start = day.start.strftime("%H:%M")
    times: list[tuple[Path_, str]] = [(("events", place, "at"), event.at) for place, event in enumerate(day.events)]
    for site, crowd in day.crowds.items():
        waves = enumerate(crowd.arrivals)
        times += [(("crowds", site, "arrivals", place, "begins"), wave.begins) for place, wave in waves if wave.begins is not None]
    for at, time in times:
        if minutes_of_day(time) < minutes_of_day(start):
            yield document.problem(at, f"{time} lies before the day's run, which begins at {start}", "move it, or begin earlier")
    for place, spell in enumerate(day.rain):
        if minutes_of_day(spell.ends) <= minutes_of_day(spell.begins):
            yield document.problem(("rain", place, "ends"), f"{spell.ends} is not after begins, {spell.begins}", "exchange the two")


def _site_problems(document: Document, day: DayFile, file: ScenarioFile) -> Iterator[Problem]:
    """Give sites that the scenario has not, crowds without a lead, and what is said of a site that has no crowd."""
    for site in day.crowds:
        yield from unknown_problem(document, ("crowds", site), "site", site, file.sites)
        if site in file.sites and site not in day.lead:
            yield document.problem(("lead",), f"does not say who leads at {site}, where there is a crowd", f"add '{site}:'")
    named: list[tuple[Path_, str]] = [(("lead", site), site) for site in day.lead]
    named += [(("deployments", place, "site"), item.site) for place, item in enumerate(day.deployments)]
    named += [(("events", place, "site"), item.site) for place, item in enumerate(day.events)]
    for at, site in named:
        if site not in file.sites:
            yield document.problem(at, f"there is no site '{site}'", nearest(site, file.sites))
        elif day.armed_group is None and site not in day.crowds and day.crowds.keys() <= file.sites.keys():  # a misspelt crowd is told once
            what = f"{site} has no crowd on this day, so it is not in play"
            yield document.problem(at, what, "give it a crowd under crowds, or remove this")


def _crowd_problems(document: Document, day: DayFile, homes: list[str]) -> Iterator[Problem]:
    """Give waves and events that share an id, homes that there are not, and prepared groups whose time runs backwards."""
    yield from twice_problems(document, "events", [event.id for event in day.events])
    seen: set[str] = set()
    for site, crowd in day.crowds.items():
        for place, wave in enumerate(crowd.arrivals):
            at = ("crowds", site, "arrivals", place)
            if wave.id in seen:
                yield document.problem((*at, "id"), f"'{wave.id}' stands twice", "give each wave of the day its own id")
            seen.add(wave.id)
            if wave.home is not None:
                yield from unknown_problem(document, (*at, "home"), "municipality", wave.home, dict.fromkeys(homes))
        group = crowd.prepared_group
        if minutes_of_day(group.acts_until) < minutes_of_day(group.acts_from):
            until = ("crowds", site, "prepared_group", "acts_until")
            yield document.problem(until, f"{group.acts_until} is before acts_from, {group.acts_from}", "exchange the two")


def _deployment_problems(document: Document, day: DayFile, framework: Framework) -> Iterator[Problem]:
    """Give units that there are not, that stand twice, or that cannot stand at a site."""
    units = {unit.id: unit for unit in framework.command.units}
    seen: dict[str, str] = {}
    for place, item in enumerate(day.deployments):
        at = ("deployments", place, "unit")
        yield from unknown_problem(document, at, "unit", item.unit, units)
        if item.unit in seen:
            what = f"'{item.unit}' is deployed twice on this day, at {seen[item.unit]} already"
            yield document.problem(at, what, "keep one: a unit stands at one site")
        seen.setdefault(item.unit, item.site)
        if item.leaves is not None and minutes_of_day(item.leaves) <= minutes_of_day(item.arrives):
            what = f"{item.leaves} is not after arrives, {item.arrives}"
            yield document.problem(("deployments", place, "leaves"), what, "exchange the two, or leave it out")
        if item.unit in units and units[item.unit].organisation not in ON_SITE:
            yield document.problem(at, f"units of {NAMES[units[item.unit].organisation]} cannot stand at a site", "leave it at its base")


def _lead_problems(document: Document, day: DayFile) -> Iterator[Problem]:
    """Give who cannot lead or support at a site, and who would do both."""
    for site, lead in day.lead.items():
        given: list[tuple[Path_, Organisation]] = [(("lead", site, "lead"), lead.lead)]
        given += [(("lead", site, "supporting", place), item) for place, item in enumerate(lead.supporting)]
        for at, organisation in given:
            if organisation not in RESPONDERS:
                known = ", ".join(RESPONDERS)
                yield document.problem(at, f"{NAMES[organisation]} is no responder and has no lead to take", f"known: {known}")
        if lead.lead in lead.supporting:
            at = ("lead", site, "supporting")
            yield document.problem(at, f"{NAMES[lead.lead]} leads here and cannot support itself", "remove it from supporting")


def _history_problems(document: Document, day: DayFile, file: ScenarioFile) -> Iterator[Problem]:
    """Give history of seats that there are not, and lines at a site where their seat does not command."""
    for name, lines in day.history.items():
        if name not in file.seats:
            yield document.problem(("history", name), f"there is no seat '{name}'", nearest(name, file.seats))
            continue
        own = file.seats[name].site
        for place, line in enumerate(lines):
            at = ("history", name, place, "site")
            if line.site is not None and line.site not in file.sites:
                yield document.problem(at, f"there is no site '{line.site}'", nearest(line.site, file.sites))
            elif line.site is not None and own is not None and line.site != own:
                what = f"the seat commands at {own} only, not at {line.site}"
                yield document.problem(at, what, "remove the line's site, or give the line to another seat")
