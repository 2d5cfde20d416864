"""Episodes: the weeks that are played out in full, by the scenarios that replay May and September 2023.

The campaign's state goes in as the values that a scenario reads (grievance, perceived certainty, trust in KFOR, resolve, licence,
scale, how many responders the leader expects), and what came of it goes back: who was hurt, what was answered, what people faced.
A played episode is kept within the process by scenario, settings, values and seed, so that options which do not touch it share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sim.doctrine.seat_orders import Organisation
from sim.engine.campaign_state import CampaignState
from sim.engine.run import play
from sim.foundations.chance import name_key
from sim.foundations.errors import InputError
from sim.scenario.campaign_files import Campaign
from sim.scenario.campaign_schema import day_of
from sim.scenario.campaign_settings import SINCE
from sim.scenario.loader import Scenario
from sim.scenario.parameters import spoken_names
from sim.scenario.settings import configured

KEPT_EPISODES = 20_000
"""Episodes kept in a process at most; the oldest go first."""

DIGITS = 4
"""Decimals of the state that an episode is given: finer differences are none to it."""

_kept: dict[tuple[object, ...], Episode] = {}


@dataclass(frozen=True)
class Episode:
    """What an episode leaves to the campaign.

    Attributes
    ----------
    outcomes
        Those of the whole run.
    learnt
        By audience and force: evidence for and against its resolve that was added.
    digest
        Of the episode's own record: it can be replayed by its scenario, settings, values and seed.
    """

    outcomes: Mapping[str, float]
    learnt: Mapping[tuple[str, Organisation], tuple[float, float]]
    happened: frozenset[str]
    digest: str


def settings_known(campaign: Campaign, scenario: Scenario, day: date) -> dict[str, str]:
    """Return the settings in force on a day that a scenario takes."""
    handed, known = campaign.handed_on_by(day), {}
    for name, text in handed.items():
        try:
            configured(scenario, {name: text})
        except InputError:
            continue
        known[name] = text
    return known


def typed_parameters(campaign: Campaign, day: date, values: Mapping[str, float | str]) -> dict[str, str]:
    """Return the parameters that somebody has set by name and that are in force on a day, with their value in the episode.

    They are handed on as settings, not only as numbers: to an episode a policy is what has been set, and never what has been drawn.
    """
    known, since = spoken_names(), campaign.settings
    named = {spoken: known[spoken].name for spoken in campaign.settings if spoken in known}
    in_force = {spoken: name for spoken, name in named.items() if day_of(since.get(SINCE + spoken, campaign.file.start)) <= day}
    return {spoken: str(values[name]) for spoken, name in in_force.items() if name in values}


def entry_values(state: CampaignState) -> dict[str, float | str]:
    """Return what a forced entry is given of the state."""
    serbs = state.communities["local_serbs"]
    given = {
        "grievance_mean": serbs.grievance,
        "certainty_mean": serbs.certainty,
        "kfor_legitimacy_mean": serbs.trust,
        "majority_confidence": state.communities["local_albanians"].trust,
    }
    return _changed(state, given)


def seizure_values(state: CampaignState, forces: float) -> dict[str, float | str]:
    """Return what an armed seizure is given of the state: resolve as the armed group sees it, and whom it expects to face."""
    banks = [state.beliefs[("armed_group", force)] for force in (Organisation.KFOR, Organisation.KOSOVO_POLICE)]
    alpha, beta = (sum(getattr(bank, part) for bank in banks) / len(banks) for part in ("alpha", "beta"))
    given = {
        "resolve_prior_mean": alpha / (alpha + beta),
        "resolve_prior_stock": alpha + beta,
        "expected_responders": forces,
        "kfor_legitimacy_mean": state.communities["local_serbs"].trust,
        "majority_confidence": state.communities["local_albanians"].trust,
    }
    return _changed(state, given)


def _changed(state: CampaignState, given: Mapping[str, float]) -> dict[str, float | str]:
    """Return the parameters in force, and of the state what differs from them, within what each parameter can bear."""
    declared = state.campaign.parameters.index()
    values = state.campaign.changed_values(state.day)
    for name, value in given.items():
        if round(value, DIGITS) != round(state.numbers[name], DIGITS):
            item = declared[name]
            values[name] = min(max(round(value, DIGITS), getattr(item, "low", value)), getattr(item, "high", value))
    return values


def played(
    state: CampaignState,
    scenario: Scenario,
    values: Mapping[str, float | str],
    switches: Mapping[str, str],
    licence: Mapping[str, float],
    earlier: int,
) -> Episode:
    """Play an episode, or return it as it was played before in this process.

    Parameters
    ----------
    switches
        Settings that the campaign makes itself (the scale of a seizure).
    licence
        Governments' licence, where it differs from the scenario's.
    earlier
        How many episodes of this kind came before in this run: a second one has its own luck.
    """
    typed = typed_parameters(state.campaign, state.day, values)
    settings = {**settings_known(state.campaign, scenario, state.day), **typed, **switches}
    licence = {name: round(value, DIGITS) for name, value in licence.items()}
    seed = state.seed if earlier == 0 else name_key("episode", state.seed, earlier)
    key = (scenario.whole, scenario.name, seed, *(tuple(sorted(part.items())) for part in (settings, values, licence)))
    if key not in _kept:
        while len(_kept) >= KEPT_EPISODES:
            del _kept[next(iter(_kept))]
        _kept[key] = _play(scenario, settings, values, licence, seed)
    return _kept[key]


def _play(
    scenario: Scenario, settings: Mapping[str, str], values: Mapping[str, float | str], licence: Mapping[str, float], seed: int
) -> Episode:
    ready = configured(scenario.with_parameters(scenario.parameters.with_values(values)), settings)
    command = ready.framework.command
    governments = tuple(
        item.model_copy(update={"licence": item.licence.model_copy(update={"value": licence[item.id]})}) if item.id in licence else item
        for item in command.governments
    )
    framework = replace(ready.framework, command=command.model_copy(update={"governments": governments}))
    finished = play(replace(ready, framework=framework), seed)
    operation = finished.world.operation
    mean, stock = finished.world.numbers["resolve_prior_mean"], finished.world.numbers["resolve_prior_stock"]
    banks = operation.evidence if operation is not None else {}
    return Episode(
        outcomes={name: value for name, value in finished.outcomes.items() if "/" not in name},
        learnt={
            (who, Organisation(of)): (bank.alpha - mean * stock, bank.beta - (1.0 - mean) * stock) for (who, of), bank in banks.items()
        },
        happened=frozenset(operation.happened) if operation is not None else frozenset(),
        digest=finished.digest,
    )
