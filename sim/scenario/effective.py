"""What holds in a scenario once everything is set: every clause, authority, dial, doctrine, deployment, asset and number.

Two scenarios told so can be set side by side; a policy is then read as what it changes, not as a list of settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.doctrine.framework import Framework
from sim.doctrine.mandate import TaskRow
from sim.foundations.figures import Span
from sim.scenario.dials import dials_of
from sim.scenario.loader import Scenario

ABSENT = "-"
"""What stands for something that one of two scenarios has not."""


@dataclass(frozen=True)
class Difference:
    """One thing that holds differently in two scenarios."""

    group: str
    item: str
    one: str
    other: str


def effective(scenario: Scenario | Any) -> dict[tuple[str, str], str]:
    """Return what holds in a scenario, by group and item; of a campaign what it was set to."""
    if not isinstance(scenario, Scenario):
        return dict(_of_a_campaign(scenario))
    return dict(_entries(scenario))


def differences(one: Scenario | Any, other: Scenario | Any) -> list[Difference]:
    """Return what holds differently in two scenarios, in the order in which things are told; groups of like items as one."""
    left, right = effective(one), effective(other)
    keys = dict.fromkeys([*left, *right])
    found = [Difference(*key, left.get(key, ABSENT), right.get(key, ABSENT)) for key in keys]
    return _gathered([item for item in found if item.one != item.other])


def _gathered(found: list[Difference]) -> list[Difference]:
    """Put items of one group that differ in the same way into one line."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for item in found:
        alike.setdefault((item.group, item.one, item.other), []).append(item.item)
    return [Difference(group, ", ".join(items), one, other) for (group, one, other), items in alike.items()]


def _entries(scenario: Scenario) -> Iterator[tuple[tuple[str, str], str]]:
    framework = scenario.framework
    for name, dial in dials_of(framework).items():
        yield ("dial", name), f"{dial.value:g}"
    yield from _mandate(framework)
    yield from _authorities(framework)
    for day in scenario.days:
        for seat, table in day.doctrines.items():
            yield ("doctrine", f"{seat} on {day.name}"), table.doctrine
    for day in scenario.days:
        for item in day.file.deployments:
            yield ("deployment", f"{item.unit} on {day.name}"), f"{item.site}, {item.post}, {item.arrives}"
    yield from _intelligence(scenario)
    for name, switch in scenario.file.switches.items():
        yield ("account", name), switch.value
    for name, valued in scenario.parameters.valued.items():
        yield ("number", name), _text(valued.value)


def _mandate(framework: Framework) -> Iterator[tuple[tuple[str, str], str]]:
    mandate = framework.mandate
    yield ("mandate", "order of responders"), str(mandate.responders.order)
    yield ("mandate", "KSF in the North"), str(mandate.ksf.access)
    yield ("mandate", "KSF's task"), str(mandate.ksf.task)
    for role, tasks in mandate.ksf.tasks_by_role.items():
        yield ("mandate", f"KSF's tasks as {role}"), ", ".join(tasks)
    for row in mandate.tasks:
        yield ("task", f"{row.force} {row.task}"), _task(row)


def _task(row: TaskRow) -> str:
    if not row.allowed:
        return "refused"
    if row.approval_holder is None or row.approval_min is None:
        return "allowed, nobody is asked"
    return f"allowed, {row.approval_holder} is asked, {_span(row.approval_min)} min"


def _authorities(framework: Framework) -> Iterator[tuple[tuple[str, str], str]]:
    """Give who releases each means, under the explicitness and the political constraint that hold."""
    rules = framework.rules
    explicit, constraint = rules.explicitness.value, framework.mandate.political_constraint.value
    for row in rules.authorities:
        status = row.effective_status(explicit, constraint)
        held = f", {row.holder} is asked, {_span(row.delay_min)} min" if status == "retained" else ""
        yield ("authority", f"{row.force} {row.authority} ({row.id})"), f"{status}{held}"
    for caveat in rules.caveats:
        yield ("caveat", f"{caveat.id} of {caveat.contingent}"), "in force" if caveat.active else "off"


def _intelligence(scenario: Scenario) -> Iterator[tuple[tuple[str, str], str]]:
    for day in scenario.days:
        if day.armed is not None:
            found = day.armed.intelligence
            yield ("intelligence", "sharing"), str(found.sharing)
            for asset in found.assets:
                yield ("intelligence", asset.id), "deployed" if asset.deployed else "not there"


def _of_a_campaign(campaign: Any) -> Iterator[tuple[tuple[str, str], str]]:
    """Give a campaign's settings with the day from which each is in force."""
    settings: Mapping[str, str] = campaign.settings
    for name, text in settings.items():
        if not name.startswith("from."):
            since = settings.get(f"from.{name}")
            yield ("setting", name), text + (f" from {since}" if since else "")


def _span(span: Span) -> str:
    return f"{span.central:g} ({span.low:g} to {span.high:g})"


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
