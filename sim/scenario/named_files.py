"""What a scenario names without spelling it out: the doctrine that follows from a crowd's aim, the shipped template of a plan."""

from __future__ import annotations

from pathlib import Path

from sim.doctrine.seat_orders import Organisation
from sim.geography.site_plan import SitePlan, read_plan
from sim.scenario.episode_schema import AIM_DOCTRINES
from sim.scenario.schema import DayFile, ScenarioFile, Site
from sim.scenario.shipped import SHIPPED, scenario_folder, shipped_templates


def framework_folder(folder: Path, file: ScenarioFile) -> Path:
    """Return where a scenario's mandate, rules, command and concessions stand: its own folder, or a shipped scenario's."""
    named = file.episode.framework_of if file.episode is not None else None
    return folder if named is None else scenario_folder(named)


def doctrines_named(day: DayFile, file: ScenarioFile) -> dict[str, str]:
    """Return the name of each seat's doctrine on a day: the day's own, that of a crowd's aim, or the seat's."""
    wants = {site: AIM_DOCTRINES[crowd.aim] for site, crowd in day.crowds.items() if crowd.aim is not None}
    crowds = {name: wants[seat.site] for name, seat in file.seats.items() if seat.organisation is Organisation.CROWD and seat.site in wants}
    return {name: day.doctrines.get(name, crowds.get(name, seat.doctrine)) for name, seat in file.seats.items()}


def plan_path(folder: Path, name: str) -> Path:
    """Return the file of a site plan: the scenario's own, or the shipped template of that name."""
    template = shipped_templates().get(Path(name).stem)
    return folder / name if template is None or (folder / name).is_file() else template


def plan_of(folder: Path, site: Site, root: Path) -> SitePlan:
    """Return a site's plan, with what is kept from the crowd in it; InputError with every complaint."""
    path = plan_path(folder, site.plan)
    return read_plan(path, root if path.is_relative_to(root) else SHIPPED).keeping(site.door)
