"""The front door for studies and notebooks.

``from sim.api import load, run``, then ``run(load("may_2023_zvecan"), seed=7).outcomes["kfor_hurt"]``.
"""

from __future__ import annotations

from sim.engine.campaign import play_campaign as run_campaign
from sim.engine.campaign_strata import worth_for
from sim.engine.ensemble import Case, Result, end_with_parent, run_case, run_many
from sim.engine.outcomes import OUTCOMES, outcomes_in_play
from sim.engine.run import automatic_seats, historical_seats, new_model
from sim.engine.run import play as run
from sim.engine.run_folder import RunFolder, model_digest, read_run, save
from sim.foundations.arithmetic import exp, log
from sim.foundations.chance import name_key, normal_quantile
from sim.foundations.documents import read_document, read_text, validated
from sim.foundations.errors import InputError, input_error, nearest
from sim.foundations.parameter import Choice, Parameter, ParameterSet
from sim.reports import ink, page
from sim.scenario.campaign_files import Campaign
from sim.scenario.campaign_files import load_playable as load
from sim.scenario.loader import Scenario, load_scenario, shipped_names
from sim.scenario.options import Option, has_path, load_options, options_named, settings_of, why_no_path
from sim.scenario.parameters import LEVER_CONCEPTS
from sim.scenario.settings import configured

__all__ = [
    "LEVER_CONCEPTS",
    "OUTCOMES",
    "Campaign",
    "Case",
    "Choice",
    "InputError",
    "Option",
    "Parameter",
    "ParameterSet",
    "Result",
    "RunFolder",
    "Scenario",
    "automatic_seats",
    "configured",
    "end_with_parent",
    "exp",
    "has_path",
    "historical_seats",
    "ink",
    "input_error",
    "load",
    "load_options",
    "load_scenario",
    "log",
    "model_digest",
    "name_key",
    "nearest",
    "new_model",
    "normal_quantile",
    "options_named",
    "outcomes_in_play",
    "page",
    "read_document",
    "read_run",
    "read_text",
    "run",
    "run_campaign",
    "run_case",
    "run_many",
    "save",
    "settings_of",
    "shipped_names",
    "validated",
    "why_no_path",
    "worth_for",
]
