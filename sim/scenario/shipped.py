"""What is shipped, by name: scenarios, doctrine tables and templates of site plans. Light: reads no file and loads no rule."""

from __future__ import annotations

from pathlib import Path

from sim.foundations.errors import input_error, nearest

SHIPPED = Path(__file__).parents[2] / "scenarios"


def shipped_names() -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/scenario.yaml"))


def shipped_campaigns() -> list[str]:
    """Return the names of the shipped campaigns."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/strata.yaml") if _is_campaign(path.parent))


def campaign_folder(name: str) -> Path | None:
    """Return the folder of a campaign given by shipped name or by path; None where it is no campaign."""
    for folder in (Path(name), SHIPPED / name):
        if _is_campaign(folder):
            return folder
    return None


def _is_campaign(folder: Path) -> bool:
    """Tell whether a folder holds a campaign's two files; one of them alone may be something else, and so is an impossible name."""
    try:
        return all((folder / name).is_file() for name in ("campaign.yaml", "strata.yaml"))
    except (OSError, ValueError):
        return False


def shipped_doctrines() -> dict[str, Path]:
    """Return the shipped doctrine tables by name."""
    return {path.stem: path for path in sorted((SHIPPED / "doctrine").glob("*.yaml"))}


def shipped_templates() -> dict[str, Path]:
    """Return the shipped templates of site plans by name."""
    return {path.stem: path for path in sorted((SHIPPED / "geography" / "templates").glob("*.yaml"))}


def shipped_options() -> dict[str, Path]:
    """Return the files of the shipped policy options by id."""
    return {path.stem: path for path in sorted((SHIPPED / "options").glob("*.yaml"))}


def scenario_folder(name: str) -> Path:
    """Return the folder of a scenario given by shipped name or by path; InputError when there is none, or it is a campaign."""
    if campaign_folder(name) is not None:
        remedy = "name a scenario; 'kforsim run', 'check', 'compare' and 'options' take a campaign"
        raise input_error(name, "is a campaign, which has weeks and no days", remedy)
    try:
        folder = _folder(Path(name))
    except (OSError, ValueError) as error:
        raise input_error(name, f"cannot be read ({error})", "check the name and its permissions") from None
    if folder is None:
        raise input_error(name, "there is no such scenario, and no such folder", nearest(name, [*shipped_names(), *shipped_campaigns()]))
    return folder


def _folder(path: Path) -> Path | None:
    if (path / "scenario.yaml").is_file():
        return path
    if path.name == "scenario.yaml" and path.is_file():
        return path.parent
    if str(path) in shipped_names():
        return SHIPPED / path
    if path.is_dir():
        raise input_error(path, "holds no scenario.yaml", "name a scenario's folder")
    return None
