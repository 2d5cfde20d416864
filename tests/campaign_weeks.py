"""Campaigns whose episodes are given instead of played out: weeks in milliseconds, for tests of what links them."""

from __future__ import annotations

from functools import cache

import pytest

from sim.engine import campaign_events
from sim.engine.campaign import FinishedCampaign, play_campaign
from sim.engine.campaign_episodes import Episode
from sim.scenario.campaign_files import Campaign, load_campaign
from sim.scenario.settings import configured

MAY = {
    "hurt": 120.0,
    "serious_or_fatal": 12.0,
    "killed": 0.0,
    "kfor_hurt": 70.0,
    "police_hurt": 5.0,
    "protesters_hurt": 45.0,
    "licence_spent": 0.05,
    "violent_facing_consequence": 0.08,
    "protester_legitimacy_change": -0.05,
    "majority_confidence_change": -0.05,
    "riot": 1.0,
    "line_held": 1.0,
    "vehicles_out": 1.0,
}
"""Outcomes of a forced entry, about as in May 2023."""

QUIET = {**MAY, "hurt": 0.0, "serious_or_fatal": 0.0, "kfor_hurt": 0.0, "police_hurt": 0.0, "protesters_hurt": 0.0, "riot": 0.0}
"""A forced entry in which nobody is hurt."""

SEPTEMBER = {
    **MAY,
    "hurt": 6.0,
    "serious_or_fatal": 5.0,
    "killed": 4.0,
    "attackers_killed": 3.0,
    "officers_hurt": 3.0,
    "civilians_hurt": 0.0,
    "local_grievance_change": 0.02,
}
"""Outcomes of an armed seizure, about as in September 2023."""


@cache
def campaign() -> Campaign:
    return load_campaign("campaign_2023")


def with_settings(**settings: str) -> Campaign:
    """Return the campaign with settings, their dots written as double underscores."""
    return configured(campaign(), {name.replace("__", "."): value for name, value in settings.items()})


def given_episodes(
    patch: pytest.MonkeyPatch, may: dict[str, float] = MAY, september: dict[str, float] = SEPTEMBER, turned_back: bool = False
):
    """Let episodes come out as given, and return the list of what each was asked for."""
    asked: list[tuple[str, dict[str, object], dict[str, str]]] = []

    def instead(state, scenario, values, switches, licence, earlier):
        asked.append((scenario.name, dict(values), dict(switches)))
        armed = scenario.name == state.campaign.seizure.name
        happened = frozenset() if turned_back or not armed else frozenset({"block", "contact"})
        return Episode(september if armed else may, {}, happened, "given")

    patch.setattr(campaign_events, "played", instead)
    return asked


def played_weeks(which: Campaign, seeds: range = range(1, 9)) -> list[FinishedCampaign]:
    return [play_campaign(which, seed) for seed in seeds]


def entries(finished: FinishedCampaign, kind: str) -> list[dict[str, object]]:
    return [entry for entry in finished.state.record.entries if entry["kind"] == kind]
