"""The front door for studies and notebooks.

``from sim.api import load, run``, then ``run(load("may_2023_zvecan"), seed=7).outcomes["kfor_hurt"]``.
"""

from __future__ import annotations

from sim.engine.between_days import REMEMBERED
from sim.engine.campaign import CAMPAIGN_ORDER
from sim.engine.campaign import play_campaign as run_campaign
from sim.engine.campaign_outcomes import CAMPAIGN_OUTCOMES
from sim.engine.campaign_strata import worth_for
from sim.engine.ensemble import Case, Result, run_case, run_many
from sim.engine.operation import FIGHTERS
from sim.engine.outcomes import ARMED_OUTCOMES, OUTCOMES, outcomes_in_play
from sim.engine.run import automatic_seats, historical_seats, new_model
from sim.engine.run import play as run
from sim.engine.run_folder import RunFolder, check_free, model_digest, package_version, read_run, save
from sim.engine.state import INCIDENTS, PEOPLE, SECTIONS, SERIES, SITUATION
from sim.engine.turn import ORDER_OF_PLAY
from sim.engine.workers import WORKER_DIED, At, Workers, end_with_parent
from sim.foundations.arithmetic import exp, log
from sim.foundations.chance import Purpose, name_key, normal_quantile
from sim.foundations.columns import Column
from sim.foundations.documents import Document, read_document, read_text, validated
from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.foundations.parameter import Choice, Parameter, ParameterSet, complaint
from sim.reports import ink, page
from sim.scenario.campaign_files import Campaign
from sim.scenario.campaign_files import load_playable as load
from sim.scenario.digest import effective_digest
from sim.scenario.levers import LEVERS
from sim.scenario.loader import Scenario, load_scenario, shipped_names
from sim.scenario.options import Option, beside_options, has_path, load_options, options_named, settings_of, why_no_path
from sim.scenario.parameters import LEVER_CONCEPTS, shipped_parameters, spoken_names
from sim.scenario.settings import configured

__all__ = [
    "ARMED_OUTCOMES",
    "CAMPAIGN_ORDER",
    "CAMPAIGN_OUTCOMES",
    "FIGHTERS",
    "INCIDENTS",
    "LEVERS",
    "LEVER_CONCEPTS",
    "ORDER_OF_PLAY",
    "OUTCOMES",
    "PEOPLE",
    "REMEMBERED",
    "SECTIONS",
    "SERIES",
    "SITUATION",
    "WORKER_DIED",
    "At",
    "Campaign",
    "Case",
    "Choice",
    "Column",
    "Document",
    "InputError",
    "Option",
    "Parameter",
    "ParameterSet",
    "Problem",
    "Purpose",
    "Result",
    "RunFolder",
    "Scenario",
    "Workers",
    "automatic_seats",
    "beside_options",
    "check_free",
    "complaint",
    "configured",
    "effective_digest",
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
    "package_version",
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
    "shipped_parameters",
    "spoken_names",
    "validated",
    "why_no_path",
    "worth_for",
]
