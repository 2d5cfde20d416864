"""``kforsim run``: play a scenario and keep its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.foundations.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    from sim.engine.run import Finished
    from sim.scenario.campaign_files import Campaign
    from sim.scenario.loader import Scenario

POSTERIORS = "analysis.posterior"
"""Module that reads posteriors. A string, so that sim never imports analysis."""

FRAME_TICKS = 20
"""Base ticks between two frames of a kept run, for the report's map."""


@click.command("run")
@click.argument("scenario")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the run.")
@click.option("--day", "days", multiple=True, metavar="DAY", help="Play this day only, such as may_29; repeatable.")
@click.option("--seats", type=click.Choice(["automatic", "history"]), default="automatic", show_default=True, help="Who decides.")
@click.option("--set", "settings", multiple=True, metavar="CONCEPT.PARAMETER=VALUE", help="Change a parameter or a dial; repeatable.")
@click.option("--option", "options", multiple=True, metavar="ID", help="Play under a policy option, such as 1.2; repeatable.")
@click.option("--posterior", type=click.Path(path_type=Path), help="Take parameter values from a posterior that 'kforsim calibrate' made.")
@click.option("--particle", type=click.IntRange(0), help="Which of its particles, from 0.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the record (must not hold anything yet).")
@click.option("--json", "as_json", is_flag=True, help="Print outcomes as JSON.")
def command(
    scenario: str,
    seed: int,
    days: tuple[str, ...],
    seats: str,
    settings: tuple[str, ...],
    options: tuple[str, ...],
    posterior: Path | None,
    particle: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Play SCENARIO (a shipped name or a folder) once, all its days or those named.

    What is printed is a line for each site on each day, then the whole run; --json gives every outcome of the run, of each
    day (day/outcome) and of each site on each day (day/site/outcome).

    \b
    kforsim run may_2023 --seed 7 --out runs/first
    kforsim run may_2023 --day may_29 --day may_31
    kforsim run may_2023_zvecan --set roe.explicitness=0.8 --set mandate.political_constraint=0.2
    kforsim run may_2023_zvecan --option 1.2 --option 2.1
    kforsim run may_2023_zvecan --set grievance.theta_spiral=0 --json
    kforsim run campaign_2023 --seed 3 --set switch.stratum=high
    kforsim run may_2023 --posterior posteriors/may/posterior.json --particle 0
    """
    from sim.foundations.rule import compiled_before
    from sim.scenario.loader import load_scenario
    from sim.scenario.settings import configured, parse_settings
    from sim.scenario.shipped import campaign_folder

    typed = parse_settings(settings)
    if campaign_folder(scenario) is not None:
        kept = (*(("--posterior",) if posterior else ()), *((str(out),) if out else ()))
        unfit = (*days, *kept, *((seats,) if seats != "automatic" else ()))
        _run_campaign(scenario, seed, typed, options, unfit, as_json)
        return
    base = _with_particle(_on_days(load_scenario(scenario), days), posterior, particle)
    loaded = configured(base, _with_options(base, options, typed))
    from sim.engine.run import automatic_seats, historical_seats, play
    from sim.engine.run_folder import check_free, save

    if out is not None:
        check_free(out)
    deciding = historical_seats(loaded) if seats == "history" else automatic_seats(loaded)
    if not as_json:
        if not compiled_before():
            click.echo("first run of this version here: compiling the rules, once (up to a minute)", err=True)
        only = f", {', '.join(day.name for day in loaded.days)} only" if days else ""
        click.echo(f"{loaded.file.title}: seed {seed}, {seats} seats{only}", err=True)
    finished = play(loaded, seed, deciding, frames_every=FRAME_TICKS if out else 0)
    if out is not None:
        save(finished, out, seats, options)
    if as_json:
        told = {"scenario": loaded.name, "days": [day.name for day in loaded.days], "seed": seed, "digest": finished.digest}
        click.echo(json.dumps({**told, "options": [*options], "outcomes": finished.outcomes}))
    else:
        _show(finished, out)


def _run_campaign(name: str, seed: int, typed: dict[str, str], options: tuple[str, ...], unfit: tuple[str, ...], as_json: bool) -> None:
    """Play a campaign, which has no days to choose from, and keeps no folder: campaign, settings and seed make it again."""
    from sim.cli.show_campaign import show_campaign

    if unfit:
        what = "a campaign is played in weeks by automatic seats, and kept by its settings and seed"
        raise InputError(
            Problem(f"{name} {' '.join(unfit)}", what, "leave --day, --seats, --posterior and --out away; --json gives the whole record")
        )
    from sim.engine.campaign import play_campaign
    from sim.scenario.campaign_files import load_campaign
    from sim.scenario.settings import configured

    base = load_campaign(name)
    campaign = configured(base, _with_options(base, options, typed))
    if not as_json:
        click.echo(f"{campaign.file.title}: seed {seed}, {campaign.weeks} weeks", err=True)
    show_campaign(play_campaign(campaign, seed), options, as_json)


def _with_particle(scenario: Scenario, posterior: Path | None, particle: int | None) -> Scenario:
    """Return the scenario with a particle's parameter values, where one is named; say whose they are and whether a person accepted them."""
    from importlib import import_module

    if (posterior is None) != (particle is None):
        raise click.UsageError("--posterior and --particle belong together")
    if posterior is None:
        return scenario
    values, said = import_module(POSTERIORS).particle_for_run(posterior, particle)
    unknown = [name for name in values if name not in scenario.parameters.valued]
    if unknown:
        raise InputError(Problem(str(posterior), f"has a parameter '{unknown[0]}' that this version does not know", "calibrate again"))
    click.echo(said, err=True)
    return scenario.with_parameters(scenario.parameters.with_values(values))


def _with_options(scenario: Scenario | Campaign, options: tuple[str, ...], typed: dict[str, str]) -> dict[str, str]:
    """Return what was typed and what options come to, and say of each option that has no path here that it changes nothing."""
    if not options:
        return typed
    from sim.scenario.options import beside_options, options_named, why_no_path

    for option in options_named(options):
        if why := why_no_path(option, scenario):
            click.echo(f"{option.id}: no path here, it changes nothing ({why})", err=True)
    return beside_options(options, scenario, typed)


def _on_days(scenario: Scenario, days: tuple[str, ...]) -> Scenario:
    """Return the scenario with only the days named on the command line, or with all where none is."""
    known = [day.name for day in scenario.days]
    wrong = [day for day in days if day not in known]
    if wrong:
        raise InputError(Problem(f"--day {day}", f"{scenario.name} has no such day", nearest(day, known)) for day in wrong)
    return scenario.on_days(days) if days else scenario


def _show(finished: Finished, out: Path | None) -> None:
    from sim.cli.show import print_outcomes, print_site_days

    print_site_days(finished.outcomes, finished.world.played)
    click.echo()
    print_outcomes(finished.outcomes)
    click.echo(f"digest {finished.digest}")
    if out is not None:
        click.echo(f"record in {out}; next: kforsim report {out}")
