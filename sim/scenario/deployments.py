"""Deployments set by name: where a unit of the command file stands, beside what the scenario's days say.

    deployment.us_company=zvecan@05:00        on that site from that clock time, on every day on which it is not deployed otherwise
    deployment.hungarian_company=none         not deployed on any day (a reserve then waits at its base)

A unit stands where its kind stands: police units behind the line, all others in it. Days on which the site is not in play, or
the unit stands elsewhere already, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sim.doctrine.command import PostName, Unit, UnitKind
from sim.doctrine.seat_orders import RESPONDERS
from sim.foundations.errors import nearest
from sim.foundations.figures import minutes_of_day
from sim.scenario.checked_scenario import Day, Scenario
from sim.scenario.schema import Deployment

DEPLOYMENT = "deployment."
NOWHERE = "none"
POSTS = {UnitKind.POLICE_UNIT: PostName.SECOND_LINE}
"""Where a unit that a setting deploys stands; in the outer cordon where its kind is not named."""

OWN = "deployed by an option or a user"


def deployment_names(scenario: Scenario) -> Iterator[str]:
    """Give the setting of every unit that can stand at a site."""
    yield from (DEPLOYMENT + unit.id for unit in _units(scenario))


def _units(scenario: Scenario) -> list[Unit]:
    return [unit for unit in scenario.framework.command.units if unit.organisation in RESPONDERS]


def deployment_complaint(scenario: Scenario, spoken: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a deployment, and what to do; two empty strings where it is good."""
    known = list(deployment_names(scenario))
    if spoken not in known:
        return "there is no such unit in this scenario", nearest(spoken, known)
    if text == NOWHERE:
        return "", ""
    site, at, clock = text.partition("@")
    if not at:
        return f"'{text}' is not of the form SITE@HH:MM", "for example zvecan@05:00, or none"
    if site not in scenario.file.sites:
        return f"there is no site '{site}'", nearest(site, scenario.file.sites)
    try:
        minutes_of_day(clock)
    except ValueError as error:
        return str(error), "a time of the day, for example 05:00"
    return "", ""


def with_deployment(scenario: Scenario, spoken: str, text: str) -> Scenario:
    """Return the scenario with a unit deployed, or not deployed at all (checked before by :func:`deployment_complaint`)."""
    unit = next(unit for unit in _units(scenario) if unit.id == spoken.removeprefix(DEPLOYMENT))
    site, _, clock = text.partition("@")

    def changed(day: Day) -> Day:
        stands = [item for item in day.file.deployments if item.unit == unit.id]
        if text == NOWHERE:
            kept = tuple(item for item in day.file.deployments if item.unit != unit.id)
        elif site not in day.sites or any(item.source != OWN for item in stands):
            return day
        else:
            others = tuple(item for item in day.file.deployments if item.unit != unit.id)
            kept = (*others, _deployed(unit, site, clock))
        return replace(day, file=day.file.model_copy(update={"deployments": kept}))

    return replace(scenario, days=tuple(changed(day) for day in scenario.days))


def _deployed(unit: Unit, site: str, clock: str) -> Deployment:
    post = POSTS.get(UnitKind(unit.kind), PostName.OUTER_CORDON)
    return Deployment(unit=unit.id, site=site, post=post, arrives=clock, source=OWN, grade="assumption")
