"""Between days: what people remember, who stays away, and how many more come.

The same people come on another day (a wave of the same name); grievance, legitimacy and certainty of consequence that they
learnt stay with them. Violence that met no consequence by then lowers perceived certainty, arrests raise it, both by tie.
Who was handed over or seriously hurt stays away. Clashes and detentions mobilise, here and elsewhere, and fade.

Not modelled: anger that outlasts the night; beliefs and escalation between episodes (the campaign's matter).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.adjudication.prosecution import Fate
from sim.deterrence.licence import licensed_turnout
from sim.deterrence.mobilisation import faded, turnout_factor
from sim.doctrine.seat_orders import Organisation
from sim.engine.after_the_event import Cases, cases_of
from sim.engine.consequences import learn
from sim.engine.night_kernels import learn_from_consequences
from sim.engine.state import NEVER
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.foundations.columns import Column, table
from sim.scenario.episode_inputs import inputs_key
from sim.scenario.loader import Day
from sim.vocabulary import Conduct, Grade

LASTING = ("grievance", "certainty", "legitimacy_kfor", "legitimacy_kp", "legitimacy_eulex")
"""Traits that a day changes for good."""

REMEMBERED = (
    Column("id", "u8", "1", "stable identity"),
    *(Column(name, "f8", "share", "as it was when the last day ended") for name in LASTING),
    Column("away", "i1", "bool", "whether the person cannot come: handed over or seriously hurt"),
)


def end_day(world: World, following: Day | None) -> None:
    """Close a day: cases are told, people learn from what is known by the next day, and who was there is remembered."""
    learn(world)
    for site in world.sites.values():
        cases = cases_of(world, site)
        world.cases[(world.day.name, site.name)] = cases
        world.played[(world.day.name, site.name)] = site
        if following is not None:
            gap_days = (following.file.start.date() - world.day.file.start.date()).days
            known = np.full(len(site.state.people), -1, dtype=np.int8)
            free = site.state.people["conduct"][cases.rows] != Conduct.DETAINED
            known[cases.rows[free]] = cases.arrest_days[free] <= gap_days
            learn_from_consequences(site.state.people, known, world.parameters)
            _remember(world, site, cases, gap_days)


def _remember(world: World, site: SiteInPlay, cases: Cases, gap_days: int) -> None:
    """Keep what people took with them, and who cannot come again: handed over, arrested by then, or seriously hurt."""
    people = site.state.people
    came = np.flatnonzero(people["conduct"] != Conduct.ABSENT)
    fresh = table(REMEMBERED, len(people))
    for name in ("id", *LASTING):
        fresh[name] = people[name]
    fresh["away"] = people["grade"] >= Grade.SERIOUS
    held = (people["conduct"][cases.rows] == Conduct.DETAINED) & (cases.fates >= Fate.HANDED_OVER)
    fresh["away"][cases.rows[held | (cases.arrest_days <= gap_days)]] = 1
    known = world.remembered
    kept = known[~np.isin(known["id"], people["id"][came])] if len(known) else fresh[:0]
    merged = np.concatenate([kept, fresh[came]])
    world.remembered = merged[np.argsort(merged["id"], kind="stable")]


def recall(world: World) -> None:
    """Lay over the traits of everybody at the day's sites what the person remembers; who cannot come stays away."""
    known = world.remembered
    if not len(known):
        return
    for site in world.sites.values():
        people = site.state.people
        place = np.minimum(np.searchsorted(known["id"], people["id"]), len(known) - 1)
        met = np.flatnonzero(known["id"][place] == people["id"])
        for name in LASTING:
            people[name][met] = known[name][place[met]]
        people["legitimacy_before"][met] = people["legitimacy_kfor"][met]
        away = met[known["away"][place[met]] == 1]
        people["arrival_tick"][away] = NEVER
        site.stay_away = people["id"][away].copy()


def mobilisation(world: World, day: Day) -> Mapping[str, float]:
    """Return, by site, the factor on turnout from what happened on the days before, here and elsewhere."""
    numbers = world.numbers
    licences = [
        world.standing.licence[item.id] for item in world.scenario.framework.command.governments if Organisation.CROWD in item.licenses
    ]
    licensed = licensed_turnout(sum(licences) / len(licences), numbers["licence_mobilises"]) if licences else 1.0
    factors = {}
    for site in day.sites:
        hurt, detained = _evidence(world, day, site)
        by_events = turnout_factor(
            hurt,
            numbers["mobilised_by_hurt"],
            numbers["hurt_half_persons"],
            detained,
            numbers["mobilised_by_detentions"],
            numbers["detained_half_persons"],
        )
        factors[site] = by_events * licensed
    return factors


def _arrested_later(world: World, day: str, place: str, days: float) -> float:
    """Return how many later arrests, known by now, bring people out as detentions do: where more is done about prosecution."""
    turned = world.numbers["prosecution_effort"] * world.numbers["prosecution_mobilises"]
    return turned * float((world.cases[(day, place)].arrest_days <= days).sum()) if turned > 0.0 else 0.0


def _evidence(world: World, day: Day, site: str) -> tuple[float, float]:
    """Return people hurt and detained before a day, faded by time, those at other sites in part."""
    fading, spread = world.numbers["mobilisation_fading_days"], world.numbers["spread_between_places"]
    hurt, detained = 0.0, 0.0
    dates = {item.name: item.file.start.date() for item in world.scenario.days}
    for (name, place), played in world.played.items():
        days = float((day.file.start.date() - dates[name]).days)
        weight = 1.0 if place == site else spread
        hurt += weight * faded(float(played.dealings.hurt), days, fading)
        held = float((played.state.people["conduct"] == Conduct.DETAINED).sum())
        detained += weight * faded(held + _arrested_later(world, name, place, days), days, fading)
    before = day.file.before
    if not world.played and before is not None:
        share = draw(inputs_key(world.scenario, world.run_key), 0, name_key("before", day.name), Purpose.DAYS_BEFORE)
        hurt += faded(before.hurt.at(share), before.days, fading)
        detained += faded(before.detained.at(share), before.days, fading)
    return hurt, detained
