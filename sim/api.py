"""The front door for studies and notebooks.

``from sim.api import load, run``, then ``run(load("may_2023_zvecan"), seed=7).outcomes["kfor_hurt"]``.
"""

from __future__ import annotations

from sim.engine.ensemble import Case, Result, run_many
from sim.engine.outcomes import OUTCOMES, outcomes_in_play
from sim.engine.run import automatic_seats, historical_seats, new_model
from sim.engine.run import play as run
from sim.engine.run_folder import RunFolder, model_digest, read_run, save
from sim.foundations.arithmetic import exp, log
from sim.foundations.chance import name_key, normal_quantile
from sim.foundations.documents import read_document, read_text, validated
from sim.foundations.errors import InputError, input_error, nearest
from sim.foundations.parameter import Choice, Parameter, ParameterSet
from sim.scenario.loader import Scenario, shipped_names
from sim.scenario.loader import load_scenario as load
from sim.scenario.settings import configured

__all__ = [
    "OUTCOMES",
    "Case",
    "Choice",
    "InputError",
    "Parameter",
    "ParameterSet",
    "Result",
    "RunFolder",
    "Scenario",
    "automatic_seats",
    "configured",
    "exp",
    "historical_seats",
    "input_error",
    "load",
    "log",
    "model_digest",
    "name_key",
    "nearest",
    "new_model",
    "normal_quantile",
    "outcomes_in_play",
    "read_document",
    "read_run",
    "read_text",
    "run",
    "run_many",
    "save",
    "shipped_names",
    "validated",
]
