"""What scenarios declare: days, sites, seats with their doctrine tables, disputed facts, who comes, and which files say so.

Read from the files as they stand; that they hold is the business of ``kforsim check``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.api import Option, load_options, read_document, read_text

SCENARIOS = Path(__file__).parents[1] / "scenarios"
_SHARED = re.compile(r"^\| `(\w+)/` \| (.*) \|$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Seat:
    """A seat: whom it stands for, where, and its automatic doctrine."""

    name: str
    organisation: str
    site: str
    doctrine: str


@dataclass(frozen=True)
class Switch:
    """A disputed fact, the account that is followed, and its rivals."""

    name: str
    value: str
    accounts: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Day:
    """A day of a scenario: its hours, who comes, who is deployed, what happens by plan."""

    name: str
    start: str
    end: str
    waves: int
    persons: float
    units: int
    events: int
    armed: bool


@dataclass(frozen=True)
class Described:
    """A shipped scenario or campaign; a part of another has the whole's seats and switches.

    Attributes
    ----------
    sites
        Names of the places of the sites in play.
    overrides
        Parameters to which it gives values of its own, with value and source.
    """

    name: str
    title: str
    summary: str
    part_of: str
    base_tick_s: float
    days: tuple[Day, ...]
    sites: Mapping[str, str]
    seats: tuple[Seat, ...]
    switches: tuple[Switch, ...]
    overrides: tuple[tuple[str, str, str], ...] = ()
    weeks_from: str = ""
    weeks_until: str = ""
    exogenous: int = 0


@dataclass(frozen=True)
class Table:
    """A doctrine table: its seat, what it does, and its rows by grade."""

    name: str
    seat: str
    summary: str
    rows: tuple[tuple[str, str, str], ...]
    grades: Mapping[str, int]


@cache
def _read(path: Path) -> dict[str, Any]:
    value = read_document(path, SCENARIOS).value
    return value if isinstance(value, dict) else {}


def _line(value: object) -> str:
    return " ".join(str(value).split())


def scenarios() -> tuple[Described, ...]:
    """Return the shipped scenarios, then the campaigns."""
    found = [_scenario(path.parent) for path in sorted(SCENARIOS.glob("*/scenario.yaml"))]
    return (*found, *(_campaign(path.with_name("campaign.yaml")) for path in sorted(SCENARIOS.glob("*/strata.yaml"))))


def _scenario(folder: Path) -> Described:
    file = _read(folder / "scenario.yaml")
    part_of = str(file.get("part_of", ""))
    whole = _read(SCENARIOS / part_of / "scenario.yaml") if part_of else file
    sites = tuple(str(site) for site in file.get("sites", ()))
    places = {str(place["id"]): str(place["name"]) for place in _read(SCENARIOS / "geography" / "places.yaml")["places"]}
    seats = tuple(_seat(name, given) for name, given in whole.get("seats", {}).items())
    return Described(
        name=str(file["name"]),
        title=str(file["title"]),
        summary=_line(file["summary"]),
        part_of=part_of,
        base_tick_s=float(whole["base_tick_s"]),
        days=tuple(_day((folder.parent / part_of if part_of else folder) / day, sites) for day in file["days"]),
        sites={site: places.get(str(whole["sites"][site]["place"]), site) for site in sites},
        seats=tuple(seat for seat in seats if not part_of or seat.site in ("", *sites)),
        switches=_switches(whole),
        overrides=tuple((name, str(given["value"]), str(given["source"])) for name, given in whole.get("parameters", {}).items()),
    )


def _seat(name: str, given: Mapping[str, Any]) -> Seat:
    whose = str(given.get("government") or given.get("organisation", ""))
    return Seat(name, whose, str(given.get("site") or ""), str(given.get("doctrine", "")))


def _switches(file: Mapping[str, Any]) -> tuple[Switch, ...]:
    return tuple(
        Switch(name, str(given["value"]), tuple(str(item) for item in given["accounts"]), _line(given.get("note", "")))
        for name, given in file.get("switches", {}).items()
    )


def _day(path: Path, sites: tuple[str, ...]) -> Day:
    file = _read(path)
    waves = [wave for site, crowd in file.get("crowds", {}).items() if site in sites for wave in crowd["arrivals"]]
    units = {row["unit"] for row in file.get("deployments", ()) if row.get("site") in sites}
    return Day(
        name=path.stem,
        start=str(file["start"]),
        end=str(file["end"]),
        waves=len(waves),
        persons=sum(float(wave["persons"]["central"]) for wave in waves),
        units=len(units),
        events=sum(event.get("site") in sites for event in file.get("events", ())),
        armed="armed_group" in file,
    )


def _campaign(path: Path) -> Described:
    file = _read(path)
    return Described(
        name=str(file["name"]),
        title=str(file["title"]),
        summary=_line(file["summary"]),
        part_of="",
        base_tick_s=0.0,
        days=(),
        sites={},
        seats=(),
        switches=_switches(file),
        weeks_from=str(file["start"]),
        weeks_until=str(file["until"]),
        exogenous=len(file["exogenous"]),
    )


def doctrine_tables() -> tuple[Table, ...]:
    """Return the shipped doctrine tables, by kind of seat."""
    found = [_table(path) for path in sorted((SCENARIOS / "doctrine").glob("*.yaml"))]
    return tuple(sorted(found, key=lambda item: (item.seat, item.name)))


def _table(path: Path) -> Table:
    file = _read(path)
    rows = tuple((str(row["name"]), str(row["order"]), _line(row["because"])) for row in file["rows"])
    grades = Counter(str(row.get("grade", "assumption")) for row in file["rows"])
    return Table(path.stem, str(file["seat"]), _line(file.get("summary", "")), rows, dict(grades))


def played_in(table: str) -> tuple[str, ...]:
    """Return the scenarios in which a seat plays a table, as its own or on some day."""
    found = []
    for described in scenarios():
        own = {seat.doctrine for seat in described.seats}
        folder = SCENARIOS / (described.part_of or described.name)
        daily = {str(name) for day in described.days for name in _read(folder / f"{day.name}.yaml").get("doctrines", {}).values()}
        if table in own | daily and not described.part_of:
            found.append(described.name)
    return tuple(found)


def input_files() -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the folder of each scenario with its files, and of each file what its first comment says."""
    for described in scenarios():
        folder = SCENARIOS / described.name
        yield described.name, tuple((path.name, _first_comment(path)) for path in sorted(folder.glob("*.yaml")))


def shared_folders() -> Iterator[tuple[str, int, str]]:
    """Yield the folders of input that no single scenario owns: name, how many files, and what the guide to the scenarios says of it."""
    own = {described.name for described in scenarios()}
    for name, text in _SHARED.findall(read_text(SCENARIOS / "README.md")):
        if name not in own:
            yield name, len(list((SCENARIOS / name).rglob("*.yaml"))), _LINK.sub(r"\1", text)


def _first_comment(path: Path) -> str:
    """Return the first sentence of the comment at the head of a file; empty where it has none."""
    lines: list[str] = []
    for line in read_text(path).splitlines():
        if not line.startswith("#"):
            break
        if "yaml-language-server" not in line:
            lines.append(line.lstrip("# "))
    text = _line(" ".join(lines))
    end = text.find(". ")
    return text[: end + 1] if end > 0 else text


def policy_options() -> tuple[Option, ...]:
    """Return the shipped policy options."""
    return tuple(load_options().values())
