"""The night at Banjska with chosen numbers: played to its end, or stopped at a stage."""

from functools import cache

from sim.engine.operation import GroupStage
from sim.engine.run import new_model
from sim.scenario.loader import load_scenario
from sim.scenario.settings import configured


@cache
def _scenario():
    return load_scenario("banjska_2023")


def night(choices=None, **values):
    """Return the scenario with choices (``switch.fighters`` ...) and parameter values."""
    scenario = configured(_scenario(), choices or {})
    return scenario.with_parameters(scenario.parameters.with_values(values))


def played(seed, choices=None, **values):
    """Return the world after the whole night and day."""
    model = new_model(night(choices, **values), seed)
    while not model.over:
        model.step()
    return model.world


def stopped_at(stage, seed, choices=None, **values):
    """Return the model at the first tick of a stage; None where the group never comes so far."""
    model = new_model(night(choices, **values), seed)
    while not model.over and model.world.operation.stage is not stage:
        model.step()
    return None if model.over else model


def holding(seed, choices=None, **values):
    """Return the model as the compound has just been occupied."""
    return stopped_at(GroupStage.HOLDING, seed, choices, **values)


def entries(world, kind, **fields):
    """Return what the record tells of a kind, with these fields."""
    return [entry for entry in world.record.entries if entry["kind"] == kind and all(entry[key] == value for key, value in fields.items())]
