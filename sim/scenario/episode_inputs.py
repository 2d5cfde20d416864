"""Episode inputs put into a scenario: a value typed or drawn stands where the files state one.

    input.crowd_comes=12:00      one input fixed for a run
    episode.draw=3               all inputs, and every span of crowds and of the days before, as in the third draw

Inputs are drawn from the scenario's name and a number, by default the run's seed, and never from a policy or a parameter. So
the same episode can be played under many parameter sets, and many episodes under one set.

Not modelled: correlation between inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.foundations.chance import Purpose, draw, name_key, run_key
from sim.foundations.errors import InputError, nearest
from sim.foundations.figures import Span, minutes_on
from sim.scenario.checked_scenario import EPISODE_DRAW, Day, Scenario, doctrine_files_of
from sim.scenario.episode_schema import EpisodeInput, clock_text
from sim.scenario.named_files import doctrines_named, plan_of
from sim.seats.doctrine_table import load_doctrine

INPUT = "input."
KEYS = ("id", "unit", "name")
"""Fields by which a path names an entry of a list."""

LARGEST_DRAW = 2**63 - 1


def is_input(spoken: str) -> bool:
    """Tell whether a setting fixes an episode input, or says which draw of them is taken."""
    return spoken.startswith(INPUT) or spoken == EPISODE_DRAW


def inputs_key(scenario: Scenario, key: int) -> int:
    """Return the key of everything drawn about the episode: the run's own, or that of the draw that was asked for."""
    return key if scenario.input_draw is None else run_key(scenario.whole_name, scenario.input_draw)


def input_share(key: int, what: str) -> float:
    """Return where in its range an input lies, in 0 to 1."""
    return draw(key, 0, name_key("input", what), Purpose.EPISODE_INPUT)


def drawn_inputs(scenario: Scenario, seed: int) -> dict[str, str]:
    """Return the setting of each input that nobody has fixed, as this run draws it."""
    key = inputs_key(scenario, run_key(scenario.whole_name, seed))
    free = {name: item for name, item in scenario.inputs.items() if INPUT + name not in scenario.settings}
    return {INPUT + name: item.at(input_share(key, name)) for name, item in free.items()}


def input_complaint(scenario: Scenario, spoken: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a fixed input, and what to do; two empty strings where it is good."""
    if spoken == EPISODE_DRAW:
        good = text.isdigit() and int(text) <= LARGEST_DRAW
        return ("", "") if good else (f"'{text}' is no number of a draw", "give a whole number from 0 up")
    name = spoken.removeprefix(INPUT)
    if name not in scenario.inputs:
        return f"the scenario states no input '{name}'", nearest(name, scenario.inputs) if scenario.inputs else "see scenarios/README.md"
    try:
        with_input(scenario, name, text)
    except (ValueError, KeyError, InputError) as error:
        return _said(error), "give a value that the field can have"
    return "", ""


def choices_of(item: EpisodeInput) -> tuple[str, ...]:
    """Return the targets of an input that are choices by name (a seat's doctrine, a disputed account), and no fields."""
    return tuple(target for target in item.sets if "/" not in target)


def with_input(scenario: Scenario, name: str, text: str) -> Scenario:
    """Return the scenario with an input's value in each field that it moves; ValueError or KeyError where one cannot have it."""
    item = scenario.inputs[name]
    for target in item.sets:
        if "/" in target:
            scenario = _changed(scenario, target, lambda _old: text)
    for target in item.later:
        scenario = _changed(scenario, target, lambda old: _moved(old, float(text)))
    for target in item.earlier:
        scenario = _changed(scenario, target, lambda old: _moved(old, -float(text)))
    for target in item.times:
        scenario = _changed(scenario, target, lambda old: _times(old, float(text)))
    return scenario


def input_problems(scenario: Scenario, permitted: Any) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Give inputs that name no field, or whose value or range no field can have.

    Parameters
    ----------
    permitted
        Says of a choice (scenario, setting, value) what is wrong with it, and what to do.
    """
    for name, item in scenario.inputs.items():
        for text in item.ends:
            try:
                with_input(scenario, name, text)
            except (ValueError, KeyError, InputError) as error:
                yield ("episode", "inputs", name), f"cannot be {text}: {_said(error)}", "see scenarios/README.md for what an input can move"
                break
            wrong = [permitted(scenario, target, text) for target in choices_of(item)]
            for what, remedy in (found for found in wrong if found[0]):
                yield ("episode", "inputs", name, "sets"), what, remedy


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(str(item["msg"]).removeprefix("Value error, ") for item in error.errors()[:2])
    return str(error.args[0]) if error.args else str(error)


def _moved(old: object, minutes: float) -> str:
    if not isinstance(old, str):
        raise ValueError(f"{old} is no clock time")
    return clock_text(minutes_on(old) + minutes)


def _times(old: object, factor: float) -> object:
    if isinstance(old, Span):
        return {"low": old.low * factor, "central": old.central * factor, "high": old.high * factor}
    if isinstance(old, bool) or not isinstance(old, int | float):
        raise ValueError(f"{old} is no number")
    return old * factor


def _changed(scenario: Scenario, target: str, change: Any) -> Scenario:
    """Return the scenario with one field changed, and all that follows from it: a plan, the doctrine of an aim."""
    where, *path = target.split("/")
    if where == "sites":
        file = _at(scenario.file, ["sites", *path], change)
        plans = {name: plan_of(scenario.whole, site, scenario.whole.parent) for name, site in file.sites.items()}
        return replace(scenario, file=file, plans=plans)
    if where == "communities":
        return replace(scenario, file=_at(scenario.file, ["communities", *path], change))
    if where == "units":
        command = _at(scenario.framework.command, ["units", *path], change)
        return replace(scenario, framework=replace(scenario.framework, command=command))
    if where not in {day.name for day in scenario.days}:
        known = ["sites", "communities", "units", *(day.name for day in scenario.days)]
        raise ValueError(f"'{target}' begins with no day and none of sites, communities, units; {nearest(where, known)}")
    days = [
        _with_doctrines(scenario, replace(day, file=_at(day.file, path, change))) if day.name == where else day for day in scenario.days
    ]
    files = doctrine_files_of(scenario.whole)
    named = {table.doctrine for day in days for table in day.doctrines.values()} & files.keys()
    return replace(scenario, days=tuple(days), doctrine_files={**scenario.doctrine_files, **{name: files[name] for name in named}})


def _with_doctrines(scenario: Scenario, day: Day) -> Day:
    """Return the day with the doctrines that its crowds' aims ask for, where nobody has chosen one by name."""
    before = next(item for item in scenario.days if item.name == day.name)
    was, now = (doctrines_named(item.file, scenario.file) for item in (before, day))
    files = doctrine_files_of(scenario.whole)
    chosen = {name: load_doctrine(files[now[name]]) for name in now if now[name] != was[name] and f"seat.{name}" not in scenario.settings}
    return replace(day, doctrines={**day.doctrines, **chosen})


def _at(holder: Any, path: list[str], change: Any) -> Any:
    """Return a checked record, table or list with the field at *path* changed; ``*`` stands for every entry."""
    if not path:
        return change(holder)
    name, *rest = path
    if isinstance(holder, BaseModel):
        if name not in type(holder).model_fields:
            raise ValueError(f"there is no field '{name}'; {nearest(name, type(holder).model_fields)}")
        value = _at(getattr(holder, name), rest, change)
        given = {field: getattr(holder, field) for field in holder.model_fields_set} | {
            name: value if rest else _typed(holder, name, value)
        }
        return type(holder).model_validate(given)
    if isinstance(holder, Mapping):
        names = [key for key in holder if name in ("*", str(key))]
        if not names:
            raise ValueError(f"there is no '{name}'; {nearest(name, map(str, holder))}")
        return {key: _at(value, rest, change) if key in names else value for key, value in holder.items()}
    if isinstance(holder, tuple):
        return _entries(holder, name, rest, change)
    raise ValueError(f"'{name}' lies below a plain value")


def _entries(holder: tuple[Any, ...], name: str, rest: list[str], change: Any) -> tuple[Any, ...]:
    ids = [next((str(getattr(item, key)) for key in KEYS if hasattr(item, key)), str(place)) for place, item in enumerate(holder)]
    if name != "*" and name not in ids:
        raise ValueError(f"there is no '{name}' in the list; {nearest(name, ids)}")
    return tuple(_at(item, rest, change) if name in ("*", known) else item for known, item in zip(ids, holder, strict=True))


def _typed(holder: BaseModel, name: str, value: object) -> object:
    """Return a typed text as the number that the field holds, rounded where it holds whole ones."""
    kind: Any = type(holder).model_fields[name].annotation
    old = getattr(holder, name)
    if isinstance(old, Span) and isinstance(value, str):
        return float(value)
    if isinstance(old, int) and not isinstance(old, bool):
        return int(float(str(value)) + 0.5)
    return TypeAdapter(kind).validate_python(value) if isinstance(old, int | float) else value
