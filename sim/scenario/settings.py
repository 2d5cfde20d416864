"""Settings: what a user changes in a scenario by name, be it a declared parameter or a dial of the framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import overload

from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.foundations.parameter import Choice, Declared, complaint
from sim.scenario.campaign_files import Campaign
from sim.scenario.campaign_settings import configured_campaign
from sim.scenario.choices import choice_complaint, choice_names, is_choice, with_choices
from sim.scenario.dials import SPOKEN, dial_complaint, with_dials
from sim.scenario.loader import Scenario
from sim.scenario.parameters import spoken_names


def parse_settings(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return ``name=value`` pairs as a mapping; InputError for one without '=' and for a name that stands twice."""
    settings: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not name or not value:
            raise input_error(f"--set {pair}", "is not of the form concept.parameter=value", "for example roe.explicitness=0.8")
        if name in settings:
            raise input_error(f"--set {name}", "is set twice", "keep one of the two")
        settings[name] = value
    return settings


@overload
def configured(scenario: Scenario, settings: Mapping[str, str]) -> Scenario: ...
@overload
def configured(scenario: Campaign, settings: Mapping[str, str]) -> Campaign: ...
def configured(scenario: Scenario | Campaign, settings: Mapping[str, str]) -> Scenario | Campaign:
    """Return the scenario, or campaign, with settings made as typed and kept in it; InputError when wrong."""
    if isinstance(scenario, Campaign):
        return configured_campaign(scenario, settings, _configured)
    return _configured(scenario, settings)


def _configured(scenario: Scenario, settings: Mapping[str, str]) -> Scenario:
    """Return the scenario with parameters and dials set as typed, and the settings kept in it; InputError when wrong.

    Names are ``concept.parameter`` (or the concept's short name), ``roe.explicitness`` and ``mandate.political_constraint``; choices
    are ``switch.NAME`` (an account of a disputed fact), ``seat.NAME`` and ``doctrine.ORGANISATION`` (a doctrine), ``deployment.UNIT``,
    and those of mandate and rules (``mandate.ksf_access``).
    """
    known, problems = spoken_names(), []
    parameters: dict[str, float | str] = {}
    dials: dict[str, float | str] = {}
    choices: dict[str, str] = {}
    for spoken, text in settings.items():
        where = f"--set {spoken}"
        if is_choice(spoken):
            what, remedy = choice_complaint(scenario, spoken, text)
            choices[spoken] = text
            problems += [Problem(where, what, remedy)] if what else []
            continue
        if spoken not in known and spoken not in SPOKEN:
            names = [*known, *SPOKEN, *choice_names(scenario)]
            problems.append(Problem(where, "there is no such parameter and no such dial", nearest(spoken, names)))
            continue
        kept, name = (dials, SPOKEN[spoken]) if spoken in SPOKEN else (parameters, known[spoken].name)
        value = _number(text) if spoken in SPOKEN else _parsed(known[spoken], text)
        what = dial_complaint(name, value) if spoken in SPOKEN else complaint(known[spoken], value)
        if name in kept:
            problems.append(Problem(where, f"sets {name}, which is set already", "keep one of the two"))
        elif what:
            problems.append(Problem(where, what))
        kept[name] = value
    if problems:
        raise InputError(problems)
    scenario = with_choices(scenario, choices)
    framework = with_dials(scenario.framework, {name: float(value) for name, value in dials.items()})
    changed = scenario.parameters.with_values(parameters)
    return replace(scenario, framework=framework, parameters=changed, settings={**scenario.settings, **settings})


def _parsed(item: Declared, text: str) -> float | str:
    return text.upper() if isinstance(item, Choice) else _number(text)


def _number(text: str) -> float | str:
    """Return the number that *text* spells, or the text itself for the complaint."""
    try:
        return float(text)
    except ValueError:
        return text
