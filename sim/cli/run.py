"""``kforsim run``: play a scenario and keep its record."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("run")
@click.argument("scenario")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the run.")
@click.option("--seats", type=click.Choice(["automatic", "history"]), default="automatic", show_default=True, help="Who decides.")
@click.option("--set", "settings", multiple=True, metavar="CONCEPT.PARAMETER=VALUE", help="Change a parameter or a dial; repeatable.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the record (must not hold anything yet).")
@click.option("--json", "as_json", is_flag=True, help="Print outcomes as JSON.")
def command(scenario: str, seed: int, seats: str, settings: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Play SCENARIO (a shipped name or a folder) once.

    \b
    kforsim run may_2023_zvecan --seed 7 --out runs/first
    kforsim run may_2023_zvecan --set roe.explicitness=0.8 --set mandate.political_constraint=0.2
    kforsim run may_2023_zvecan --set grievance.theta_spiral=0 --json
    """
    from sim.foundations.rule import compiled_before
    from sim.scenario.loader import load_scenario
    from sim.scenario.settings import configured, parse_settings

    typed = parse_settings(settings)
    loaded = configured(load_scenario(scenario), typed)
    from sim.engine.run import automatic_seats, historical_seats, play
    from sim.engine.run_folder import check_free, save

    if out is not None:
        check_free(out)
    deciding = historical_seats(loaded) if seats == "history" else automatic_seats(loaded)
    if not as_json:
        if not compiled_before():
            click.echo("first run of this version here: compiling the rules, once (up to a minute)", err=True)
        click.echo(f"{loaded.file.title}: seed {seed}, {seats} seats", err=True)
    finished = play(loaded, seed, deciding, frames_every=20 if out else 0)
    if out is not None:
        save(finished, out, seats)
    if as_json:
        click.echo(json.dumps({"scenario": loaded.name, "seed": seed, "digest": finished.digest, "outcomes": finished.outcomes}))
        return
    from sim.cli.show import print_outcomes

    print_outcomes(finished.outcomes)
    click.echo(f"digest {finished.digest}")
    if out is not None:
        click.echo(f"record in {out}; next: kforsim report {out}")
