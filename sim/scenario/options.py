"""Options: the paper's recommendations, their rivals and packages of them, as named deltas that never edit the base.

An option becomes settings, as a user could type them after ``--set``; so whatever an option does can be done by hand, is kept
in the record of a run and replays. Options combine, in any order, unless two set one lever differently: then both are named.
Under another option the same seed has the same people and the same luck. Packages at equal budget move only the levers that
take force-days, each the same share of the way from rest, so that their force-days a month equal those of one named option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.foundations.documents import read_document
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.scenario.option import Cost, Lever, Option
from sim.scenario.option_files import OPTIONS, OptionRead, option_names, package_problems, read_option, read_options
from sim.scenario.option_schema import CAMPAIGN, WHOLES, OptionChange
from sim.scenario.shipped import scenario_folder

if TYPE_CHECKING:
    from sim.scenario.loader import Scenario

__all__ = ["Cost", "Lever", "Option", "has_path", "load_options", "options_in", "options_named", "settings_of", "why_no_path"]

type Chosen = str | Option | Iterable[str | Option]


@cache
def load_options() -> dict[str, Option]:
    """Return the shipped options by id; InputError with every complaint about their files."""
    return options_in(read_options(OPTIONS))


def options_in(read: Mapping[str, OptionRead]) -> dict[str, Option]:
    """Return options whose files have been read and checked, packages with their parts in them."""
    return {name: _option(name, read) for name in read}


def _option(name: str, read: Mapping[str, OptionRead]) -> Option:
    file = read[name].file
    leaves = tuple(dict.fromkeys(leaf for part in file.parts for leaf in _leaves(part, read)))
    whole = Option(name, file, tuple(_option(leaf, read) for leaf in leaves))
    if file.equal_budget is None:
        return whole
    taken = whole.cost.force_days_a_month.central
    budget = _option(file.equal_budget, read).cost.force_days_a_month.central
    if not 0.0 < budget <= taken:
        what = f"takes {taken:g} force-days a month, and '{file.equal_budget}' takes {budget:g}"
        remedy = "name an option that takes some, and no more than this one"
        raise InputError([read[name].document.problem(("equal_budget",), what, remedy)])
    return Option(name, file, whole.leaves, budget / taken)


def _leaves(name: str, read: Mapping[str, OptionRead]) -> Iterator[str]:
    """Give the options of which a part consists; a package with changes of its own is one of them."""
    file = read[name].file
    if file.changes or not file.parts:
        yield name
    for part in file.parts:
        yield from _leaves(part, read)


def options_named(chosen: Chosen) -> tuple[Option, ...]:
    """Return the options that are meant by ids, or by paths of files that end in .yaml; InputError with the nearest id."""
    wanted = (chosen,) if isinstance(chosen, str | Option) else tuple(chosen)
    unknown = [name for name in wanted if isinstance(name, str) and not name.endswith(".yaml") and name not in load_options()]
    if unknown:
        known = option_names()
        raise InputError(Problem(f"option {name}", "there is no such option", nearest(name, known)) for name in unknown)
    return tuple(item if isinstance(item, Option) else _named(item) for item in wanted)


def _named(name: str) -> Option:
    if name in load_options():
        return load_options()[name]
    path = Path(name)
    read = {**read_options(OPTIONS), path.stem: read_option(path)}
    if problems := package_problems(path.stem, read):
        raise InputError(problems)
    return _option(path.stem, read)


def whole_named(scenario: Scenario | str | Any) -> str:
    """Return the name of the whole to which a scenario belongs, given loaded, by name or by folder."""
    if not isinstance(scenario, str):
        return str(getattr(scenario, "whole_name", scenario.name))
    if scenario in WHOLES:
        return scenario
    value = read_document(scenario_folder(scenario) / "scenario.yaml").value
    return str(value.get("part_of") or value.get("name")) if isinstance(value, dict) else scenario


def has_path(option: Option | str, scenario: Scenario | str | Any) -> bool:
    """Tell whether an option changes anything in a scenario; the baseline counts as having a path everywhere."""
    (found,) = options_named(option)
    return found.kind == "baseline" or any(whole_named(scenario) in change.where for change in found.changes)


def why_no_path(option: Option | str, scenario: Scenario | str | Any) -> str:
    """Return why an option changes nothing in a scenario; empty where it has a path."""
    (found,) = options_named(option)
    if has_path(found, scenario):
        return ""
    name = whole_named(scenario)
    given = {part.id: str(text) for part in (found, *found.leaves) for whole, text in part.file.no_path.items() if whole == name}
    reasons = (f"{part}: {text}" for part, text in given.items() if part != found.id)
    return given.get(found.id, "") or "; ".join(reasons) or f"no change of '{found.id}' names {name}"


def settings_of(chosen: Chosen, scenario: Scenario | Any) -> dict[str, str]:
    """Return the settings that options come to in a loaded scenario, in the order of their names.

    What has no path there is left out. In a campaign each is dated (``from.NAME``): in force from its option's lead time on.
    InputError, with both options and both values, where two set one lever differently.
    """
    made: dict[str, tuple[str, date]] = {}
    held: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for owner, lever in _levers_in_play(chosen, scenario):
        setting, text = lever.change.setting, _value(lever, scenario)
        made[setting] = (text, min(lever.since, made.get(setting, ("", lever.since))[1]))
        for target in _targets(setting, scenario):
            before, value = held.setdefault(target, (owner, text))
            if value != text:
                what = f"set {target} differently: '{before}' to {value}, '{owner}' to {text}"
                problems.append(Problem(f"options {before} and {owner}", what, "drop one of the two"))
    if problems:
        raise InputError(dict.fromkeys(problems))
    settings = {name: text for name, (text, _) in made.items()}
    if whole_named(scenario) == CAMPAIGN:
        settings |= {f"from.{name}": since.isoformat() for name, (_, since) in made.items()}
    return dict(sorted(settings.items()))


def beside_options(chosen: Chosen, scenario: Scenario | Any, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what options come to with further settings laid beside; InputError where one of these sets otherwise what an option sets."""
    made = settings_of(chosen, scenario)
    targets = {target: (name, text) for name, text in made.items() for target in _targets(name, scenario)}
    problems = []
    for name, text in typed.items():
        for target in _targets(name, scenario):
            before, value = targets.get(target, (name, text))
            if value != text:
                what = f"is {text}, and an option that was named sets {before} to {value}"
                problems.append(Problem(f"--set {name}", what, "drop one of the two"))
    if problems:
        raise InputError(dict.fromkeys(problems))
    others = {name: text for name, text in typed.items() if not any(target in targets for target in _targets(name, scenario))}
    return {**made, **others}


def _levers_in_play(chosen: Chosen, scenario: Any) -> Iterator[tuple[str, Lever]]:
    """Give every lever that has a path in a scenario, and the option that moves it as it is told."""
    for option in options_named(chosen):
        for lever in option.levers:
            if _in_play(lever.change, scenario):
                yield (lever.option if lever.option == option.id else f"{lever.option} in {option.id}"), lever


def _in_play(change: OptionChange, scenario: Any) -> bool:
    on_site = change.site is None or change.site in getattr(scenario, "sites", (change.site,))
    return whole_named(scenario) in change.where and on_site


def _value(lever: Lever, scenario: Any) -> str:
    """Return the value that a lever takes, a share of the way from rest to its full value."""
    number = lever.change.number
    if lever.share == 1.0 or number is None:
        return lever.change.to
    valued = scenario.parameters.valued
    name = _target(lever.change.setting)
    if name not in valued:
        what = f"takes force-days and is no parameter of {scenario.name}, so a budget cannot scale it"
        raise input_error(f"option {lever.option}", f"{lever.change.setting} {what}", "let it take none")
    rest = float(valued[name].value)
    return f"{rest + lever.share * (number - rest):.6g}"


def _target(setting: str) -> str:
    """Return the one thing that a setting sets, by whichever of its names it is typed."""
    from sim.scenario.dials import SPOKEN
    from sim.scenario.parameters import spoken_names

    if setting in SPOKEN:
        return SPOKEN[setting]
    known = spoken_names()
    return known[setting].name if setting in known else setting


def _targets(setting: str, scenario: Any) -> list[str]:
    """Return what a setting sets: for a doctrine of a whole organisation every seat of it that has a site."""
    subject, _, organisation = setting.partition(".")
    known = getattr(getattr(scenario, "file", None), "seats", None)
    if subject != "doctrine" or known is None:
        return [_target(setting)]
    seats = (f"seat.{name}" for name, seat in known.items() if seat.organisation == organisation and seat.site is not None)
    return [*seats] or [setting]
