"""A campaign on the terminal: the story of its weeks, then what it came to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from sim.cli.show import aligned

if TYPE_CHECKING:
    from sim.engine.campaign import FinishedCampaign

type Entry = Mapping[str, Any]

ORDINARY = ("stand_down", "defer", "hold")
"""Choices that make no line of the story by themselves."""

SAID: Mapping[str, str] = {
    "quint_criticises": "the Quint criticises the entry",
    "reserve_ordered": "NATO orders its reserve",
    "measures_in_force": "measures against Pristina come into force",
    "reinforcement_ordered": "NATO reinforces KFOR",
    "licence_withdrawn": "Belgrade withdraws its licence from the armed group",
    "army_readiness": "Belgrade raises its army's readiness (step 4)",
    "build_up": "a build-up at the boundary (step 5)",
    "third_party_warning": "a third party warns in public",
    "readiness_lowered": "readiness is lowered",
    "build_up_lowered": "the build-up is lowered",
    "police_cut": "Pristina cuts its police at the buildings",
    "arrival": "people under order arrive",
    "departure": "people who came in reserve leave",
}


def show_campaign(finished: FinishedCampaign, options: tuple[str, ...], as_json: bool) -> None:
    """Print a finished campaign for people, or as JSON with its whole record."""
    campaign = finished.state.campaign
    if as_json:
        told = {"scenario": campaign.name, "seed": finished.state.seed, "digest": finished.digest, "settings": campaign.settings}
        click.echo(json.dumps({**told, "options": [*options], "outcomes": finished.outcomes, "record": finished.state.record.entries}))
        return
    entries = finished.state.record.entries
    rows = [(f"{entry['date']}", line) for entry in entries if (line := _line(entry))]
    for line in aligned([("week of", "what happened"), *rows]):
        click.echo(line.rstrip())
    click.echo()
    _show_leader(entries)
    click.echo()
    _show_outcomes(finished)
    click.echo(f"digest {finished.digest}")
    click.echo(f"next: kforsim run {campaign.name} --seed {finished.state.seed} --json (the ledger of why not, week by week)")


def _line(entry: Entry) -> str:
    tell = TOLD.get(str(entry["kind"]))
    return tell(entry) if tell else ""


def _exogenous(entry: Entry) -> str:
    return f"({entry['text']})"


def _in_force(entry: Entry) -> str:
    return f"in force from now: {entry['setting']} = {entry['value']}"


def _decision(entry: Entry) -> str:
    who, choice = str(entry["who"]), str(entry["choice"])
    if who != "armed_leader" or choice in ORDINARY:
        return "a protest" if choice == "protest" else ""
    odds = entry["odds"][choice]
    return f"the armed leader decides: {choice.replace('_', ' of ' if 'seizure' in choice else ' ')} (odds {odds:.2f} this week)"


def _event(entry: Entry) -> str:
    event = str(entry["event"])
    if event == "blockade_ends":
        return f"the blockade ends after {entry['days']} days: {entry['how']}"
    hurt = f": {entry['hurt']:.0f} hurt (not played out)" if "hurt" in entry else ""
    named = {"forced_entry": "Pristina enters the buildings by force", "crowd_gathers": "", "arms_found": "a search finds arms"}
    told = named.get(event, event.replace("_", " "))
    return f"{told}{hurt}" if told else ""


def _episode(entry: Entry) -> str:
    told = entry["outcomes"]
    who = f", {entry['fighters']} fighters" if "fighters" in entry else ""
    also = f", attackers killed {told['attackers_killed']:.0f}" if "attackers_killed" in told else ""
    return f"{entry['scenario']} is played out{who}: {told['hurt']:.0f} hurt, {told['serious_or_fatal']:.0f} seriously or killed{also}"


def _response(entry: Entry) -> str:
    people = f" ({entry['people']} people)" if "people" in entry else ""
    return f"  in answer: {SAID[str(entry['response'])]}{people}"


TOLD: Mapping[str, Callable[[Entry], str]] = {
    "exogenous": _exogenous,
    "in_force": _in_force,
    "decision": _decision,
    "event": _event,
    "episode": _episode,
    "response": _response,
}
"""How each kind of entry is told; the others stand in the record only."""


def _show_leader(entries: list[dict[str, Any]]) -> None:
    """Print the weeks in which the armed leader came nearest to an attempt, and why it was not made."""
    weighed = [entry for entry in entries if entry["kind"] == "decision" and entry["who"] == "armed_leader"]
    if not weighed:
        return
    nearest = sorted(weighed, key=lambda entry: entry["odds"]["stand_down"])[:3]
    click.echo("Where the armed leader came nearest")
    rows = [("week of", "chance of an attempt", "best open choice", "taken", "against it")]
    for entry in sorted(nearest, key=lambda entry: entry["tick"]):
        rivals = {name: worth for name, worth in entry["worths"].items() if name != "stand_down"}
        best = max(rivals, key=lambda name: rivals[name]) if rivals else "none"
        rows.append((entry["date"], f"{1.0 - entry['odds']['stand_down']:.3f}", best, entry["choice"], entry["not_taken"].get(best, "")))
    for line in aligned(rows):
        click.echo(f"  {line.rstrip()}")


def _show_outcomes(finished: FinishedCampaign) -> None:
    from sim.engine.campaign_outcomes import CAMPAIGN_OUTCOMES

    played = finished.state.tally.gaps
    rows = []
    for outcome in CAMPAIGN_OUTCOMES:
        if outcome.name.startswith("response_gap_") and outcome.name.removeprefix("response_gap_") not in played:
            continue
        mark = "*" if outcome.primary else ""
        rows.append((outcome.name + mark, f"{finished.outcomes[outcome.name]:.3g}", outcome.unit, outcome.meaning))
    for line in aligned(rows):
        click.echo(line.rstrip())
    click.echo("* primary, fixed before any run")
