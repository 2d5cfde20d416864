"""Lever: one thing that could have been otherwise, and the command of a run that changes it and keeps seed and scenario."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from sim.reports.evidence import RunEvidence
from sim.scenario.parameters import CONCEPTS


@dataclass(frozen=True)
class Lever:
    """One thing that could have been otherwise.

    Attributes
    ----------
    found
        What the record shows.
    who
        Who could have decided otherwise, where that is known.
    trial
        What to change, in words.
    command
        A run that changes it; empty where a file has to be edited.
    """

    title: str
    found: str
    who: str
    trial: str
    command: str = ""


def command_with(run: RunEvidence, name: str, **settings: str) -> str:
    """Return the command that plays this run again with some settings changed."""
    changed = {spoken.rpartition(".")[2] for spoken in settings}
    kept = {spoken: value for spoken, value in run.manifest["settings"].items() if spoken.rpartition(".")[2] not in changed}
    typed = "".join(" --set " + shlex.quote(f"{spoken}={value}") for spoken, value in [*kept.items(), *settings.items()])
    seats = " --seats history" if run.manifest["seats"] == "history" else ""
    return f"kforsim run {shlex.quote(run.manifest['scenario'])} --seed {run.manifest['seed']}{seats}{typed} --out runs/{name}"


def typed_name(name: str) -> str:
    """Return a parameter's name as a user types it."""
    return next(f"{concept.name}.{item.name}" for concept in CONCEPTS for item in concept if item.name == name)


def lowest(run: RunEvidence, name: str) -> float:
    """Return the low end of a parameter's range; its value where it has none."""
    kept = run.manifest["parameters"][name]
    return float(kept["low"] if kept["low"] is not None else kept["value"])


def highest(run: RunEvidence, name: str) -> float:
    """Return the high end of a parameter's range; its value where it has none."""
    kept = run.manifest["parameters"][name]
    return float(kept["high"] if kept["high"] is not None else kept["value"])
